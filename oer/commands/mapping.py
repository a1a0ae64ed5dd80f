"""``oer mapping``: what raw values mean: which have no concept yet, and curators' rows."""

import csv
import sys
from collections.abc import Collection
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

import click

from oer.commands.actor import actor
from oer.commands.context import Oer
from oer.commands.output import echo_json, echo_table, printable
from oer.commands.progress import progress_bar

if TYPE_CHECKING:
    from oer.services.tally import Tally

_SOURCE = click.option("--source", "source_slug", metavar="SOURCE", help="Of this source only.")
_VOCABULARY = click.option(
    "--vocabulary", metavar="NAME", help="Of this vocabulary, such as level."
)
_BY = click.option("--by", metavar="NAME", help="Who does it; your login name where absent.")
_REASON = click.option("--reason", metavar="TEXT", help="Why; kept in the log of events.")


@click.group()
def mapping() -> None:
    """See which raw values have no concept yet, and say what they mean."""


@mapping.command()
@_SOURCE
@_VOCABULARY
@click.option("--limit", default=50, show_default=True, type=click.IntRange(min=1))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def unmapped(
    oer: Oer, source_slug: str | None, vocabulary: str | None, limit: int, as_json: bool
) -> None:
    """Count the raw values without a concept, by source and vocabulary, commonest first.

    \b
    Example:  oer mapping unmapped --vocabulary level
    """
    from oer.services import raw_values

    _check_vocabulary(vocabulary)
    with oer.sessions() as session:
        length = raw_values.size(session, source_slug)
    with progress_bar("Looking through", length) as report:
        counted = raw_values.unmapped(
            oer.sessions, source_slug=source_slug, vocabulary=vocabulary, report=report
        )
    shown = counted.values[:limit]
    if as_json:
        for each in shown:
            echo_json(each.as_dict())
    elif shown:
        echo_table(
            ("COUNT", "SOURCE", "VOCABULARY", "RAW VALUE", "EXAMPLE"),
            (
                (each.count, each.source, each.vocabulary, printable(each.raw), each.example)
                for each in shown
            ),
        )
    else:
        click.echo("Every value has a concept.")
    left = len(counted.values) - len(shown)
    if left or counted.others:
        rare = f", and {counted.others} occurrences of rarer ones" if counted.others else ""
        click.echo(f"… {left} more values{rare}; see more with --limit.", err=True)


@mapping.command(name="set")
@click.argument("raw")
@click.argument("targets", nargs=-1, required=True, metavar="TARGET…")
@_SOURCE
@_VOCABULARY
@_BY
@_REASON
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def set_(
    oer: Oer,
    raw: str,
    targets: tuple[str, ...],
    source_slug: str | None,
    vocabulary: str | None,
    by: str | None,
    reason: str | None,
    as_json: bool,
) -> None:
    """Say what a raw value means, everywhere or in one source; renormalise what carries it.

    TARGET is a concept, such as level:upper-secondary; several where the value means several. An
    older row for the same value is replaced. The value is compared whole, never by a part of it.

    \b
    Example:  oer mapping set "Gymnasium" level:lower-secondary level:upper-secondary
    """
    from oer.services import mappings

    meant = mappings.meaning(targets, vocabulary)
    with oer.sessions.begin() as session:
        row = mappings.store(
            session,
            raw,
            meant,
            now=datetime.now(UTC),
            by=actor(by),
            source_slug=source_slug,
            reason=reason,
        )
        stored = {"vocabulary": row.vocabulary, "raw": row.raw, "target": row.target}
        wanted = {(row.vocabulary, row.folded)}
    tally = _renormalise(oer, wanted, source_slug)
    _answer(stored | {"source": source_slug}, tally, f"'{row.raw}' means {row.target}", as_json)


@mapping.command()
@click.argument("raw")
@click.option("--vocabulary", required=True, metavar="NAME", help="Such as level.")
@_SOURCE
@_BY
@_REASON
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def unset(
    oer: Oer,
    raw: str,
    vocabulary: str,
    source_slug: str | None,
    by: str | None,
    reason: str | None,
    as_json: bool,
) -> None:
    """Take a curator's row away; what is shipped stands. Renormalises what carries the value.

    \b
    Example:  oer mapping unset "Gymnasium" --vocabulary level
    """
    from oer.metadata.vocabularies import fold
    from oer.services import mappings

    _check_vocabulary(vocabulary)
    with oer.sessions.begin() as session:
        mappings.remove(
            session,
            raw,
            vocabulary,
            now=datetime.now(UTC),
            by=actor(by),
            source_slug=source_slug,
            reason=reason,
        )
    tally = _renormalise(oer, {(vocabulary, fold(raw))}, source_slug)
    removed = {"vocabulary": vocabulary, "raw": raw, "target": None, "source": source_slug}
    _answer(removed, tally, f"'{raw}' has no row of a curator any more", as_json)


@mapping.command(name="list")
@_SOURCE
@_VOCABULARY
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_(oer: Oer, source_slug: str | None, vocabulary: str | None, as_json: bool) -> None:
    """List the curators' rows.

    \b
    Example:  oer mapping list
    """
    from oer.services import mappings

    _check_vocabulary(vocabulary)
    with oer.sessions() as session:
        rows = mappings.every(session, vocabulary=vocabulary, source_slug=source_slug)
    if as_json:
        for row in rows:
            echo_json(row.as_dict() | {"created_at": row.created_at.isoformat()})
    elif not rows:
        click.echo('No rows yet. Add one with: oer mapping set "RAW VALUE" CONCEPT')
    else:
        echo_table(
            ("RAW VALUE", "MEANS", "SOURCE", "BY", "SINCE"),
            (
                (
                    printable(row.raw),
                    row.target if row.known else f"{row.target} (gone; passed over)",
                    row.source or "all",
                    printable(row.created_by),
                    f"{row.created_at:%Y-%m-%d}",
                )
                for row in rows
            ),
        )


@mapping.command()
@_SOURCE
@_VOCABULARY
@click.pass_obj
def export(oer: Oer, source_slug: str | None, vocabulary: str | None) -> None:
    """Write rows to standard output as CSV, in the form of the shipped tables.

    Without --source, the rows for all sources: a meaning in one source need not hold elsewhere.

    \b
    Example:  oer mapping export --vocabulary level > level.csv
    """
    from oer.services import mappings

    _check_vocabulary(vocabulary)
    with oer.sessions() as session:
        rows = mappings.every(session, vocabulary=vocabulary, source_slug=source_slug)
    chosen = rows if source_slug else [row for row in rows if row.source is None]
    csv.writer(sys.stdout, lineterminator="\n").writerows(mappings.shipped_form(chosen))
    if left := len(rows) - len(chosen):
        click.echo(f"Left out {left} rows of single sources; name one with --source.", err=True)


@mapping.command(name="import")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@click.option("--source", "source_slug", metavar="SOURCE", help="For this source only.")
@_BY
@_REASON
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def import_(
    oer: Oer,
    file: TextIO,
    source_slug: str | None,
    by: str | None,
    reason: str | None,
    as_json: bool,
) -> None:
    """Store the rows of a CSV table ("-" reads standard input): all of them, or none.

    The columns are those of the shipped tables: raw, scheme (empty), target, note.

    \b
    Example:  oer mapping import level.csv
    """
    from oer.services import mappings

    try:
        table = mappings.from_table(file)
    except UnicodeDecodeError as error:
        raise click.UsageError(f"'{file.name}' is not in UTF-8.") from error
    now, by = datetime.now(UTC), actor(by)
    wanted = set()
    with oer.sessions.begin() as session:
        for given, meant in table:
            row = mappings.store(
                session,
                given.raw,
                meant,
                now=now,
                by=by,
                source_slug=source_slug,
                reason=reason or given.note or None,
            )
            wanted.add((row.vocabulary, row.folded))
    tally = _renormalise(oer, wanted, source_slug)
    answer = {"rows": len(table), "source": source_slug}
    _answer(answer, tally, f"Stored {len(table)} rows", as_json)


def _check_vocabulary(name: str | None) -> None:
    from oer.metadata.vocabularies import VOCABULARIES

    if name is not None and name not in VOCABULARIES:
        raise click.UsageError(f"No vocabulary '{name}'. Known: {', '.join(VOCABULARIES)}.")


def _renormalise(oer: Oer, wanted: Collection[tuple[str, str]], source_slug: str | None) -> "Tally":
    """Renormalise the resources that carry one of the raw values, and let the index know."""
    from oer.search.sync import drain
    from oer.services import raw_values
    from oer.services.renormalise import renormalise

    with oer.sessions() as session:
        length = raw_values.size(session, source_slug)
    with progress_bar("Looking through", length) as report:
        ids = raw_values.carriers(oer.sessions, wanted, source_slug=source_slug, report=report)
    with progress_bar("Renormalising", len(ids)) as report:
        seen = 0

        def count(tally: "Tally") -> None:
            nonlocal seen
            report(tally.seen - seen)
            seen = tally.seen

        tally = renormalise(oer.sessions, source_slug=source_slug, resource_ids=ids, progress=count)
    drain(oer.sessions, oer.index)
    return tally


def _answer(stored: dict[str, Any], tally: "Tally", said: str, as_json: bool) -> None:
    if as_json:
        echo_json(stored | {"carried_by": tally.seen, "updated": tally.updated})
    else:
        click.echo(
            f"{printable(said)}. {tally.seen} records carry it; {tally.updated} resources changed."
        )
