"""``oer search``: the catalogue from the command line."""

from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from oer.commands.context import Oer
from oer.commands.output import echo_json, printable
from oer.commands.search_filters import filters

if TYPE_CHECKING:
    from oer.models import Resource
    from oer.search.index import SearchResults


FACETS = {
    "source": "Only from this source (repeatable, as are all of these).",
    "permission": "Only what you may: adapt, share, commercial, no-attribution. Several: all hold.",
    "level": "Only this level, such as upper-secondary.",
    "subject": "Only this subject, such as mathematics.",
    "type": "Only this type, such as video.",
    "language": "Only in this language, such as fi.",
    "use": "Only for this use, such as assessment.",
    "audience": "Only for this audience, such as teacher.",
    "duration": "Only what takes up to 15, 45 or 90 minutes, or more.",
    "age": "Only for this age: 0-6, 7-9, 10-12, 13-15, 16-18, 19-.",
    "accessibility": "Only with this feature, such as captions.",
    "media": "Only made of this, such as video, document, web-page.",
    "access": "Only with this access, such as free, not-free, open.",
    "license": "Only this licence family, such as cc-by; unclear and not-stated are two more.",
    "year": "Only of this year.",
    "author": "Only by this author, as the name is written.",
    "organisation": "Only of this organisation, as the name is written.",
}
"""What each facet's option says; the values of an option are alternatives. Concepts may be named by
their codes or labels; ``not-stated`` finds what says nothing."""

SORTS = ("relevance", "newest", "updated", "title")


def _facet_options(command: Callable[..., None]) -> Callable[..., None]:
    for name, text in reversed(FACETS.items()):
        command = click.option(f"--{name}", name, multiple=True, help=text)(command)
    return command


class QueryCommand(click.Command):
    """A command whose words may begin with a hyphen; options begin with two."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the words apart, in their order, where Click takes none for an option."""
        given = iter(args)
        with_value = {
            name
            for option in self.params
            if isinstance(option, click.Option) and not option.is_flag
            for name in option.opts
        }
        options: list[str] = []
        words: list[str] = []
        for each in given:
            if each == "--":
                words += given
            elif each.startswith("--") or each in ctx.help_option_names:
                options += (each, *islice(given, each in with_value))
            else:
                words.append(each)
        return super().parse_args(ctx, [*options, "--", *words])


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1)
@_facet_options
@click.option("--sort", default="relevance", show_default=True, type=click.Choice(SORTS))
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True, help="One JSON object for the whole answer.")
@click.pass_context
def search(
    ctx: click.Context,
    /,
    query: tuple[str, ...],
    sort: str,
    limit: int,
    as_json: bool,
    **chosen: tuple[str, ...],
) -> None:
    """Search the catalogue.

    \b
    QUERY:  vesi ilma      both words, in any form;  vesi OR ilma: either
            vesi -koe      without a word;  '"kuu ja maa"': side by side
            title:vesi     in titles; also author: and subject:

    Filters take codes or labels in any of our languages, and not-stated for what is not said. Ends
    with code 1 where the index lacks resources.

    \b
    Example:  oer search fotosynteesi -koe --language fi --permission adapt
    """
    from oer.search import sync
    from oer.search.index import SearchQuery
    from oer.services import catalogue

    oer: Oer = ctx.obj
    if problem := sync.status(oer.sessions, oer.index).problem:
        click.echo(f"oer: {problem}", err=True)
    asked = SearchQuery(" ".join(query), filters(oer, chosen), limit=limit, sort=sort)
    answer = oer.index.search(asked)
    with oer.sessions() as session:
        found = catalogue.by_ids(session, [hit.id for hit in answer.hits])
        hits = [_described(resource) for resource in found]
    if as_json:
        facets = {name: dict(counts) for name, counts in answer.facets.items()}
        told = {name: getattr(answer, name) for name in ("total", "dropped", "kept", "suggestion")}
        echo_json({**told, "hits": hits, "facets": facets})
    else:
        _tell(answer, hits)
    ctx.exit(1 if problem else 0)


def _tell(answer: "SearchResults", hits: list[dict[str, Any]]) -> None:
    if answer.dropped and answer.total:
        without = printable(", ".join(answer.dropped))
        click.echo(f"No material has all the words; found without: {without}")
    click.echo(f"{answer.total} found." if answer.total else "Nothing found.")
    if answer.suggestion:
        click.echo(f"Did you mean: {printable(answer.suggestion)}?")
    for hit in hits:
        click.echo(f"{hit['address']}  {printable(hit['title'])}")
        meta = [hit["license"] or "licence not known", *hit["language"], *hit["type"]]
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
