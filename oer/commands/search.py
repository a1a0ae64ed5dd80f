"""``oer search``: the catalogue from the command line."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from oer.commands.context import Oer
from oer.commands.output import echo_json, printable

if TYPE_CHECKING:
    from oer.models import Resource


FACETS = {
    "source": "Only from this source (repeatable, as are all of these).",
    "permission": "Only what you may: adapt, share, commercial, no-attribution. Several: all hold.",
    "level": "Only this level, such as level:upper-secondary.",
    "subject": "Only this subject, such as subject:mathematics.",
    "type": "Only this type, such as type:video.",
    "language": "Only in this language, such as fi.",
    "use": "Only for this use, such as use:assessment.",
    "audience": "Only for this audience, such as audience:teacher.",
    "duration": "Only what takes up to 15, 45 or 90 minutes, or more.",
    "age": "Only for this age: 0-6, 7-9, 10-12, 13-15, 16-18, 19-.",
    "accessibility": "Only with this feature, such as feature:captions.",
    "media": "Only made of this, such as video, document, web-page.",
    "access": "Only with this access: free, not-free, or such as access:open.",
    "license": "Only this licence family, such as cc-by.",
    "year": "Only of this year.",
    "author": "Only by this author, as the name is written.",
    "organisation": "Only of this organisation, as the name is written.",
}
"""What each facet's option says; the values of an option are alternatives."""

SORTS = ("relevance", "newest", "updated", "title")


def _facet_options(command: Callable[..., None]) -> Callable[..., None]:
    for name, text in reversed(FACETS.items()):
        command = click.option(f"--{name}", name, multiple=True, help=text)(command)
    return command


@click.command()
@click.argument("query", nargs=-1)
@_facet_options
@click.option("--sort", default="relevance", show_default=True, type=click.Choice(SORTS))
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True, help="One JSON object for the whole answer.")
@click.pass_obj
def search(
    oer: Oer,
    /,
    query: tuple[str, ...],
    sort: str,
    limit: int,
    as_json: bool,
    **chosen: tuple[str, ...],
) -> None:
    """Search the catalogue.

    \b
    Example:  oer search fotosynteesi --language fi --permission adapt
    """
    from oer.search.index import SearchQuery
    from oer.services import catalogue

    asked = SearchQuery(
        text=" ".join(query),
        filters={name: values for name, values in chosen.items() if values},
        limit=limit,
        sort=sort,
    )
    answer = oer.index.search(asked)
    with oer.sessions() as session:
        found = catalogue.by_ids(session, [hit.id for hit in answer.hits])
        hits = [_described(resource) for resource in found]
    if as_json:
        facets = {name: dict(counts) for name, counts in answer.facets.items()}
        echo_json({"total": answer.total, "hits": hits, "facets": facets})
        return
    click.echo(f"{answer.total} found." if answer.total else "Nothing found.")
    for hit in hits:
        click.echo(f"{hit['address']}  {printable(hit['title'])}")
        meta = [hit["license"] or "licence not stated", *hit["language"], *hit["type"]]
        click.echo(f"          {' · '.join(printable(part) for part in meta)}")


def _described(resource: "Resource") -> dict[str, Any]:
    from oer.metadata import licenses

    metadata = resource.description
    verdict = licenses.verdict(metadata.license)
    return {
        "address": resource.address,
        "title": metadata.title[0].text if metadata.title else "(no title)",
        "language": [term.id for term in metadata.language if term.id],
        "type": [term.id for term in metadata.learning_resource_type if term.id],
        "license": verdict.uri or verdict.family,
        "url": metadata.landing_page,
    }
