"""``oer search``: the catalogue from the command line."""

from typing import TYPE_CHECKING, Any

import click

from oer.commands.context import Oer
from oer.commands.output import echo_json, printable

if TYPE_CHECKING:
    from oer.models import Resource


@click.command()
@click.argument("query", nargs=-1)
@click.option("--source", "sources", multiple=True, help="Only from this source (repeatable).")
@click.option("--type", "types", multiple=True, help="Only this type, such as type:video.")
@click.option(
    "--level", "levels", multiple=True, help="Only this level, such as level:upper-secondary."
)
@click.option("--language", "languages", multiple=True, help="Only in this language, such as fi.")
@click.option(
    "--license", "licenses", multiple=True, help="Only this licence family, such as cc-by."
)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True, help="One JSON object for the whole answer.")
@click.pass_obj
def search(
    oer: Oer,
    query: tuple[str, ...],
    sources: tuple[str, ...],
    types: tuple[str, ...],
    levels: tuple[str, ...],
    languages: tuple[str, ...],
    licenses: tuple[str, ...],
    limit: int,
    as_json: bool,
) -> None:
    """Search the catalogue.

    \b
    Example:  oer search fotosynteesi --language fi
    """
    from oer.search.index import SearchQuery
    from oer.services import catalogue

    filters = {
        "source": sources,
        "type": types,
        "level": levels,
        "language": languages,
        "license": licenses,
    }
    asked = SearchQuery(
        text=" ".join(query),
        filters={name: values for name, values in filters.items() if values},
        limit=limit,
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
