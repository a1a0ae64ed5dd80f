"""``oer duplicates``: likely copies, and what a curator decides on them."""

import heapq
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from oer.commands.actor import actor
from oer.commands.context import Oer
from oer.commands.output import echo_json, printable

if TYPE_CHECKING:
    from oer.services.duplicates import Candidate, Copy, Crowded

_by = click.option("--by", metavar="NAME", help="Who decides; your user name where absent.")
_reason = click.option("--reason", metavar="TEXT", help="Why, for those who come after you.")
_json = click.option("--json", "as_json", is_flag=True, help="As one JSON object.")


@click.group()
def duplicates() -> None:
    """Find copies of the same resource, merge them, take merges back."""


@duplicates.command(name="list")
@click.option("--source", metavar="SLUG", help="Only pairs with a resource of this source.")
@click.option(
    "--min-score", default=0.8, show_default=True, type=click.FloatRange(0, 1), help="From 0 to 1."
)
@click.option(
    "--reason",
    "kind",
    type=click.Choice(("identifier", "title")),
    help="Only pairs with a common identifier, or with close titles.",
)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_(
    oer: Oer, source: str | None, min_score: float, kind: Any, limit: int, as_json: bool
) -> None:
    """List pairs that are likely the same resource and not decided on, likeliest first.

    The first of a pair is the one that it seems better to keep.

    \b
    Example:  oer duplicates list --reason identifier --limit 20
    """
    from oer.services import duplicates

    with _bar("Looking at what changed") as progress:
        duplicates.refresh(oer.sessions, progress=progress)
    with _bar("Comparing") as progress:
        found = duplicates.candidates(
            oer.sessions, min_score=min_score, kind=kind, source=source, progress=progress
        )
        total, best = _best(found, limit)
    if as_json:
        for candidate in best:
            echo_json(_described(candidate))
        return
    for candidate in best:
        _say(candidate)
    with oer.sessions() as session:
        _sum_up(total, len(best), duplicates.crowded(session), duplicates.MOST_SHARING)


@duplicates.command()
@click.argument("keep")
@click.argument("others", nargs=-1, required=True, metavar="OTHER…")
@click.option("--reason", metavar="TEXT", required=True, help="Why they are the same.")
@_by
@_json
@click.pass_obj
def merge(
    oer: Oer, keep: str, others: tuple[str, ...], reason: str, by: str | None, as_json: bool
) -> None:
    """Merge OTHER… into KEEP, which alone is shown from now on.

    The addresses of the others lead to it, every provider's record stands beside it, and later
    harvests do not undo it.

    \b
    Example:  oer duplicates merge 7k3m9x2p q4w8e1r5 --reason "Same book, two libraries"
    """
    from oer.search.sync import drain
    from oer.services import merging

    with oer.sessions.begin() as session:
        into, *copies = merging.find(session, (keep, *others))
        merged = merging.merge(
            session, into, copies, actor=actor(by), reason=reason, now=datetime.now(UTC)
        )
        answer = {"kept": into.address, "merged": [copy.address for copy in merged]}
    drain(oer.sessions, oer.index)
    if as_json:
        echo_json(answer)
    elif merged:
        click.echo(f"Merged into {answer['kept']}: {' '.join(answer['merged'])}")
    else:
        click.echo(f"Nothing to do: all are merged into {answer['kept']} already.")


@duplicates.command()
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS…")
@_reason
@_by
@_json
@click.pass_obj
def split(
    oer: Oer, addresses: tuple[str, ...], reason: str | None, by: str | None, as_json: bool
) -> None:
    """Take a merge back: ADDRESS stands for itself again, as it did before.

    \b
    Example:  oer duplicates split q4w8e1r5
    """
    from oer.search.sync import drain
    from oer.services import merging

    with oer.sessions.begin() as session:
        copies = merging.find(session, addresses)
        merging.split(session, copies, actor=actor(by), reason=reason, now=datetime.now(UTC))
        statuses = {copy.address: copy.status for copy in copies}
    drain(oer.sessions, oer.index)
    if as_json:
        echo_json({"split": statuses})
    else:
        for address, status in statuses.items():
            click.echo(f"{address} stands for itself again: {status.replace('_', ' ')}.")


@duplicates.command(name="not-duplicates")
@click.argument("addresses", nargs=-1, required=True, metavar="A B…")
@_reason
@_by
@_json
@click.pass_obj
def not_duplicates(
    oer: Oer, addresses: tuple[str, ...], reason: str | None, by: str | None, as_json: bool
) -> None:
    """Say that resources are different, so that they are never proposed again.

    \b
    Example:  oer duplicates not-duplicates 7k3m9x2p q4w8e1r5 --reason "Two editions"
    """
    from oer.services import merging

    with oer.sessions.begin() as session:
        found = merging.find(session, addresses)
        merging.distinct(session, found, actor=actor(by), reason=reason, now=datetime.now(UTC))
        known = [resource.address for resource in found]
    if as_json:
        echo_json({"distinct": known})
    else:
        click.echo(f"Remembered as different: {' '.join(known)}")


def _best(found: "Iterator[Candidate]", limit: int) -> "tuple[int, list[Candidate]]":
    """How many there are, and the likeliest; no more than these are held at a time."""
    total = 0

    def counted() -> "Iterator[Candidate]":
        nonlocal total
        for total, candidate in enumerate(found, 1):  # noqa: B007 - the last one is the total
            yield candidate

    best = heapq.nsmallest(limit, counted(), key=lambda c: (-c.score, c.keep.id, c.other.id))
    return total, best


def _described(candidate: "Candidate") -> dict[str, Any]:
    return {
        "score": candidate.score,
        "found_by": sorted(candidate.kinds),
        "reasons": [{"code": each.code, "value": each.value} for each in candidate.reasons],
        "same_source": candidate.same_source,
        "keep": _described_copy(candidate.keep),
        "other": _described_copy(candidate.other),
    }


def _described_copy(copy: "Copy") -> dict[str, Any]:
    return {
        "address": copy.address,
        "title": copy.title,
        "source": copy.source,
        "status": copy.status,
        "landing_page": copy.landing_page,
    }


def _say(candidate: "Candidate") -> None:
    reasons = [printable(str(each)) for each in candidate.reasons]
    if candidate.same_source:
        reasons.append("both from one source")
    for mark, copy in ((f"{candidate.score:.2f}", candidate.keep), ("    ", candidate.other)):
        title = printable(copy.title) or "(no title)"
        click.echo(f"{mark}  {copy.address}  {title}  [{copy.source or 'written here'}]")
    click.echo(f"      {'; '.join(reasons)}")


def _sum_up(total: int, shown: int, crowded: "Crowded", most: int) -> None:
    if not total:
        click.echo("No likely copies.")
    else:
        click.echo(f"Likely pairs: {total}, shown: {shown}. Decide with one of:")
        click.echo('  oer duplicates merge KEEP OTHER --reason "…"')
        click.echo("  oer duplicates not-duplicates A B")
    if crowded.identifiers or crowded.titles:
        click.echo(
            f"Not looked at, because more than {most} resources share them: "
            f"{crowded.identifiers} identifiers, {crowded.titles} parts of titles."
        )


@contextmanager
def _bar(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on a terminal; nothing elsewhere."""
    if not _on_terminal():
        yield None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def progress(done: int, whole: int) -> None:
            bar.length = whole
            bar.update(done - bar.pos)

        yield progress


def _on_terminal() -> bool:
    return sys.stderr.isatty()
