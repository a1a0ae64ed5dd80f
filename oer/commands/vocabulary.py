"""``oer vocabulary``: the shipped vocabularies, and loading others such as YSO."""

import io
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from oer.commands.actor import actor
from oer.commands.context import Oer
from oer.commands.output import echo_json, echo_table, printable
from oer.commands.progress import progress_bar

if TYPE_CHECKING:
    from oer.metadata.skos import SkosConcept
    from oer.services.vocabularies import Described
    from oer.services.vocabulary_files import Given


@click.group()
def vocabulary() -> None:
    """Look at vocabularies, and load others such as YSO."""


@vocabulary.command()
@click.argument("name")
@click.argument("places", nargs=-1, required=True, metavar="FILE|FOLDER|URL…")
@click.option(
    "--format", type=click.Choice(["ttl", "rdf", "tsv"]), help="Where no name of a file tells it."
)
@click.option("--language", help="Of labels that name none, such as fi; else from the file's name.")
@click.option("--by", help="Who does it; your login name where absent.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def load(
    oer: Oer,
    name: str,
    places: tuple[str, ...],
    format: str | None,
    language: str | None,
    by: str | None,
    as_json: bool,
) -> None:
    """Load a SKOS vocabulary, in place of an older one of that name.

    Takes Turtle, N-Triples, RDF/XML and tab-separated labels ("<URI> TAB label", a file for each
    language, as yso-fi.tsv, yso-sv.tsv). Several files or a folder make one vocabulary. Keywords
    get concepts from the next harvest on; at once with: oer renormalise. Searches find new and
    changed labels of concepts that were there before after: oer index rebuild.

    \b
    Example:  oer vocabulary load yso yso-fi.tsv yso-sv.tsv yso-en.tsv
              oer vocabulary load yso yso-skos.ttl
    """
    from oer.services import vocabularies, vocabulary_files

    given = [each for place in places for each in _given(oer, place, format, language)]
    length = sum(_length(each) for each in given)
    with progress_bar("Reading", length) as report:
        concepts = vocabulary_files.read(_metered(given, report))
    with oer.sessions.begin() as session, progress_bar("Storing", len(concepts)) as report:
        loaded = vocabularies.load(
            session,
            name,
            concepts,
            origin=" ".join(places),
            now=datetime.now(UTC),
            by=actor(by),
            report=report,
        )
    labels = _count_labels(concepts)
    if as_json:
        deprecated = sum(concept.deprecated for concept in concepts)
        echo_json(
            {
                "vocabulary": loaded.name,
                "concepts": loaded.concepts,
                "deprecated": deprecated,
                "labels": labels,
            }
        )
        return
    languages = ", ".join(f"{count} {tag}" for tag, count in labels.items())
    click.echo(f"Loaded '{loaded.name}': {loaded.concepts} concepts with labels: {languages}.")
    click.echo("Give stored resources their concepts with: oer renormalise")
    click.echo("Then let searches find all labels with: oer index rebuild")


@vocabulary.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_(oer: Oer, as_json: bool) -> None:
    """List the shipped and the loaded vocabularies.

    A keyword is looked for in the loaded ones in the order of this list.

    \b
    Example:  oer vocabulary list
    """
    from oer.services import vocabularies

    with oer.sessions() as session:
        found = vocabularies.every(session)
    if as_json:
        for each in found:
            echo_json(
                {
                    "vocabulary": each.name,
                    "concepts": each.concepts,
                    "languages": each.languages,
                    "origin": each.origin,
                    "loaded_at": each.loaded_at and each.loaded_at.isoformat(),
                }
            )
        return
    echo_table(
        ("VOCABULARY", "CONCEPTS", "LANGUAGES", "LOADED", "FROM"),
        (
            (
                each.name,
                each.concepts,
                " ".join(each.languages),
                each.loaded_at and f"{each.loaded_at:%Y-%m-%d}",
                printable(each.origin),
            )
            for each in found
        ),
    )


@vocabulary.command()
@click.argument("name")
@click.argument("concept", required=False)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(min=1))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def show(oer: Oer, name: str, concept: str | None, limit: int, as_json: bool) -> None:
    """Show a vocabulary, or the concepts that a URI, a code or a label names in it.

    \b
    Example:  oer vocabulary show level
              oer vocabulary show yso yhteyttäminen
    """
    from itertools import islice

    from oer.services import vocabularies

    with oer.sessions() as session:
        if concept is not None:
            found = vocabularies.find(session, name, concept)
            rest = False
        else:
            exported = vocabularies.export(session, name)
            found = list(islice(exported, limit))
            rest = next(exported, None) is not None
    if as_json:
        for each in found:
            echo_json(each.as_dict())
    elif concept is not None:
        for each in found:
            _show(each)
    else:
        _show_table(found)
    if rest:
        click.echo(f"… the first {limit}; more with --limit, all with export.", err=True)


@vocabulary.command()
@click.argument("name")
@click.option("--format", type=click.Choice(["tsv", "json"]), default="tsv", show_default=True)
@click.pass_obj
def export(oer: Oer, name: str, format: str) -> None:
    """Write a whole vocabulary to standard output: a table, or one JSON object a line.

    The table can be loaded again; only the JSON has the labels a concept is also found by.

    \b
    Example:  oer vocabulary export yso --format tsv > yso.tsv
    """
    from oer.services import vocabularies

    with oer.sessions() as session:
        concepts = vocabularies.export(session, name)
        if format == "json":
            for each in concepts:
                echo_json(each.as_dict())
            return
        languages = next(
            each.languages for each in vocabularies.every(session) if each.name == name
        )
        for line in _table(concepts, languages):
            click.echo(line)


def _given(oer: Oer, place: str, format: str | None, language: str | None) -> "Iterable[Given]":
    from oer.services import vocabulary_files

    if not place.startswith(("http://", "https://")):
        return vocabulary_files.files(Path(place), format, language)
    fetch = getattr(oer, "fetch", None)
    if fetch is None:
        raise click.UsageError(f"Download {place} first, then load the file.")
    return [vocabulary_files.fetched(place, fetch(place), format, language)]


def _length(given: "Given") -> int:
    with given.open() as stream:
        return stream.seek(0, io.SEEK_END)


def _metered(given: "Iterable[Given]", report: Callable[[int], None]) -> "Iterator[Given]":
    """The files, telling how many bytes are read of them."""
    for each in given:
        yield each._replace(open=partial(_opened, each.open, report))


def _opened(open_: Callable[[], BinaryIO], report: Callable[[int], None]) -> BinaryIO:
    return cast(BinaryIO, _Metered(open_(), report))


class _Metered(io.BufferedIOBase):
    def __init__(self, stream: BinaryIO, report: Callable[[int], None]) -> None:
        self._stream = stream
        self._report = report

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        piece = self._stream.read(-1 if size is None else size)
        self._report(len(piece))
        return piece

    read1 = read

    def close(self) -> None:
        self._stream.close()
        super().close()


def _count_labels(concepts: "Iterable[SkosConcept]") -> dict[str, int]:
    counts: dict[str, int] = {}
    for concept in concepts:
        for tag in concept.labels:
            counts[tag] = counts.get(tag, 0) + 1
    return dict(sorted(counts.items(), key=lambda each: -each[1]))


def _show(concept: "Described") -> None:
    click.echo(printable(concept.id))
    for tag, text in concept.labels.items():
        click.echo(f"    {tag:<8} {printable(text)}")
    for name in ("broader", "also"):
        for text in getattr(concept, name):
            click.echo(f"    {name:<8} {printable(text)}")
    if concept.uri and concept.uri != concept.id:
        click.echo(f"    uri      {printable(concept.uri)}")


def _show_table(concepts: "list[Described]") -> None:
    languages = list(dict.fromkeys(tag for each in concepts for tag in each.labels))[:5]
    echo_table(
        ("CONCEPT", *(tag.upper() for tag in languages)),
        (
            (printable(each.id), *(printable(each.labels.get(tag, "")) for tag in languages))
            for each in concepts
        ),
    )


def _table(concepts: "Iterable[Described]", languages: Iterable[str]) -> Iterator[str]:
    languages = [tag for tag in languages if tag != "und"]
    yield "\t".join(("uri", *(f"label_{tag}" for tag in languages), "broader"))
    for each in concepts:
        texts = [each.labels.get(tag, "") for tag in languages]
        yield "\t".join((each.id, *texts, " ".join(each.broader)))
