"""``oer license``: what rights statements say, and which licences go together."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from oer.commands.context import Oer
from oer.commands.output import echo_json, printable

if TYPE_CHECKING:
    from oer.metadata.reuse import Compatibility


@click.group()
def license() -> None:
    """Read licence statements and see what they permit."""


@license.command()
@click.argument("texts", nargs=-1, required=True, metavar="TEXT…")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def parse(texts: tuple[str, ...], as_json: bool) -> None:
    """Read rights statements: which licence each one names. A lone "-" reads lines from stdin.

    \b
    Example:  oer license parse "CC BY-SA 4.0" https://creativecommons.org/licenses/by/3.0/de/
              oer license parse --json - < statements.txt
    """
    from oer.metadata.license_record import record

    for text in _given(texts):
        if as_json:
            echo_json(record(text))
        else:
            _show(text)


@license.command()
@click.argument("licenses", nargs=-1, required=True, metavar="LICENSE…")
@click.option("--collection", is_flag=True, help="Side by side, unchanged, not one new work.")
@click.option("--language", default="en", show_default=True, help="Of the reasons: fi, sv or en.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def compatible(licenses: tuple[str, ...], collection: bool, language: str, as_json: bool) -> None:
    """Say under which licences an adaptation of all of these may be published.

    \b
    Example:  oer license compatible "CC BY 4.0" "CC BY-NC-SA 3.0"
    """
    from oer.metadata import reuse

    answer = reuse.compatible(licenses, collection=collection)
    if as_json:
        echo_json(_as_json(answer, language))
    else:
        _show_compatibility(answer, collection, language)


@license.command()
@click.argument("address")
@click.option("--language", default="en", show_default=True, help="Of the line: fi, sv or en.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "html", "markdown", "slides")),
    default="text",
    show_default=True,
    help="slides: short enough to stand under a picture.",
)
@click.option("--changes", metavar="TEXT", default="", help="What you changed, in your own words.")
@click.option("--adapted", is_flag=True, help="For your own version: what it was adapted from.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def attribution(
    oer: Oer, address: str, language: str, form: Any, changes: str, adapted: bool, as_json: bool
) -> None:
    """Write the credit line for a resource: title, author, source, licence and changes.

    \b
    Example:  oer license attribution 7k3m9x2p --language fi --format html
    """
    from oer.errors import UsageError
    from oer.metadata import reuse
    from oer.services import catalogue

    with oer.sessions() as session:
        resource = catalogue.by_address(session, address)
        # Others were never public, and may not speak for themselves here either.
        if resource is None or resource.status not in ("published", "withdrawn", "merged"):
            raise UsageError(f"No resource '{address}' in the catalogue. Find it with: oer search")
        work = reuse.work_of(resource.description, language, changes=changes)
    write = reuse.adaptation if adapted else reuse.attribution
    line = write(work, language, "slide" if form == "slides" else form)
    if not line:
        raise UsageError(f"'{address}' is not known to be free to adapt. Leave out --adapted.")
    if as_json:
        echo_json({"address": address, "license": work.license, "attribution": line})
    else:
        click.echo(line)


def _given(texts: tuple[str, ...]) -> Iterator[str]:
    if texts != ("-",):
        yield from texts
        return
    for line in sys.stdin.buffer:  # bytes: other people's files are not always UTF-8
        yield line.decode("utf-8", "replace").rstrip("\r\n")


def _show(text: str) -> None:
    from oer.metadata import licenses

    reading = licenses.read(text)
    named = licenses.name(reading.uri or reading.family or "", "en")
    click.echo(f"{printable(text)}")
    click.echo(f"    {reading.kind}: {named if reading.family else reading.uri or '–'}")
    if reading.family and reading.uri:
        click.echo(f"    {reading.uri}")
    if reading.note:
        click.echo(f"    note: {reading.note}")


def _as_json(answer: "Compatibility", language: str) -> dict[str, Any]:
    from oer.metadata import reuse

    return {
        "possible": answer.possible,
        "commercial": answer.commercial,
        "options": [
            {
                "family": option.family,
                "uri": option.uri,
                "advice": option.advice,
                "versions": list(option.versions),
            }
            for option in answer.options
        ],
        "reasons": [
            {
                "code": reason.code,
                "obstacle": reason.obstacle,
                "licenses": list(reason.licenses),
                "text": reuse.reason_text(reason.code, reason.licenses, language),
            }
            for reason in answer.reasons
        ],
    }


def _show_compatibility(answer: "Compatibility", collection: bool, language: str) -> None:
    from oer.metadata import licenses, reuse

    what = "A collection" if collection else "An adaptation"
    can = {True: "is possible", False: "is not possible", None: "cannot be judged"}
    click.echo(f"{what} of these {can[answer.possible]}.")
    for option in answer.options:
        versions = f" (versions {', '.join(option.versions)})" if len(option.versions) > 1 else ""
        click.echo(
            f"  {licenses.name(option.uri or option.family, 'en')}: {option.advice}{versions}"
        )
    for reason in answer.reasons:
        text = reuse.reason_text(reason.code, reason.licenses, language)
        click.echo(f"  - {printable(text)}")
    click.echo(reuse.disclaimer(language))
