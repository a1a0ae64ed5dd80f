"""``oer harvest``: running harvests and looking at them."""

import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from oer.commands.context import Oer
from oer.commands.output import echo_json, echo_table, printable

EXIT_CODES = {"complete": 0, "failed": 1, "partial": 3, "interrupted": 130}

COLUMNS = (
    "harvest", "source", "state", "started", "seen", "created", "updated", "unchanged", "withdrawn",
    "quarantined", "seconds",
)  # fmt: skip
"""What a listing of runs shows."""

DRAIN_EVERY = 5000
"""The search index takes in changes this many records at a time: its commits are dear."""


@click.group()
def harvest() -> None:
    """Run harvests and see how they went."""


@harvest.command()
@click.argument("slugs", nargs=-1, metavar="SLUG…")
@click.option("--all", "every", is_flag=True, help="Harvest every source.")
@click.option("--full", is_flag=True, help="Ask for everything, not only for what changed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each run.")
@click.pass_obj
def run(oer: Oer, slugs: tuple[str, ...], every: bool, full: bool, as_json: bool) -> None:
    """Harvest sources into the catalogue.

    Goes on where an unfinished run stopped. Ends with 0 when every list was complete, 1 when a run
    failed, 2 on wrong usage, 3 when a list came in part only, 130 when stopped by Ctrl-C.

    \b
    Example:  oer harvest run --all
    """
    if bool(slugs) == every:
        raise click.UsageError("Name the sources to harvest, or give --all.")
    from oer.services import sources

    with oer.sessions() as session:
        chosen = [each.slug for each in sources.every(session)] if every else list(slugs)
        for slug in chosen:
            sources.get(session, slug)
    if not chosen:
        click.echo("No sources yet. Add one with: oer source add SLUG URL", err=True)
    sys.exit(harvest_all(oer, chosen, full=full, as_json=as_json))


def harvest_all(
    oer: Oer, slugs: Sequence[str], *, full: bool = False, as_json: bool = False
) -> int:
    """Harvest sources one after another, each failing alone; the exit code of the worst."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        states = [_run_one(oer, slug, full=full, as_json=as_json) for slug in slugs]
    except KeyboardInterrupt:
        click.echo("Stopped. The next run goes on from the last page that was kept.", err=True)
        return EXIT_CODES["interrupted"]
    return next((EXIT_CODES[state] for state in ("failed", "partial") if state in states), 0)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _run_one(oer: Oer, slug: str, *, full: bool, as_json: bool) -> str:
    from harvesters import progress as show
    from harvesters.http import HttpClient
    from harvesters.run import run as run_harvest
    from oer.errors import HarvestBusy

    live = sys.stderr.isatty()
    view: Any = show.ProgressBar() if live else None if as_json else show.ProgressLines()
    drain = _drainer(oer)
    try:
        ended = run_harvest(
            oer.sessions,
            slug,
            lambda source: HttpClient(contact=oer.settings.contact, internal=source.internal),
            full=full,
            report=view or (lambda progress: None),
            after_commit=drain,
        )
    except HarvestBusy as error:
        click.echo(f"oer: {error}", err=True)
        return "failed"
    finally:
        if view:
            view.done()
        # Also after Ctrl-C: what was kept should be found.
        drain(last=True)
    if as_json:
        echo_json(ended.as_dict())
    else:
        _say(ended)
    return ended.state


def _say(ended: Any) -> None:
    from harvesters.progress import counts

    click.echo(f"{ended.source}: {ended.state} in {ended.seconds:.1f} s. {counts(ended)}.")
    if ended.error:
        click.echo(f"  {printable(ended.error)}", err=True)
    for note in ended.notes:
        click.echo(f"  Note: {printable(note)}", err=True)


def _drainer(oer: Oer) -> Callable[..., None]:
    from sqlalchemy import func, select

    from oer.models import Resource
    from oer.search.sync import drain

    def waiting() -> int:
        stale = select(func.count()).where(Resource.indexed_revision != Resource.revision)
        with oer.sessions() as session:
            return session.scalar(stale) or 0

    pages = 0

    def after_page(*, last: bool = False) -> None:
        nonlocal pages
        pages += 1
        if last or (pages % 20 == 0 and waiting() >= DRAIN_EVERY):
            drain(oer.sessions, oer.index)

    return after_page


@harvest.command(name="list")
@click.option("--source", "slug", help="Only the runs of this source.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_(oer: Oer, slug: str | None, limit: int, as_json: bool) -> None:
    """List the latest runs, newest first.

    \b
    Example:  oer harvest list --source aoe
    """
    from sqlalchemy import select

    from oer.models import Harvest, Source
    from oer.services import sources

    query = select(Harvest, Source.slug).join(Source, Source.id == Harvest.source_id)
    with oer.sessions() as session:
        if slug:
            query = query.where(Harvest.source_id == sources.get(session, slug).id)
        query = query.order_by(Harvest.id.desc()).limit(limit)
        found = [_described(each, name) for each, name in session.execute(query)]
    if as_json:
        for each in found:
            echo_json(each)
    elif not found:
        click.echo("No harvests yet. Run one with: oer harvest run SLUG")
    else:
        echo_table(
            [column.upper() for column in COLUMNS],
            ([each[column] for column in COLUMNS] for each in found),
        )


@harvest.command()
@click.argument("harvest_id", type=int)
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def show(oer: Oer, harvest_id: int, as_json: bool) -> None:
    """Show one run: its counts, notes and what went wrong.

    \b
    Example:  oer harvest show 12
    """
    from oer.errors import UsageError
    from oer.models import Harvest, Source

    with oer.sessions() as session:
        found = session.get(Harvest, harvest_id)
        if found is None:
            raise UsageError(f"No harvest {harvest_id}. See: oer harvest list")
        described = _described(found, session.get_one(Source, found.source_id).slug)
    if as_json:
        echo_json(described)
        return
    for key, value in described.items():
        if isinstance(value, list):
            value = "".join(f"\n  – {printable(note)}" for note in value)
        click.echo(f"{key.replace('_', ' '):<14} {value if value not in (None, '') else '–'}")


def _described(harvest: Any, slug: str) -> dict[str, Any]:
    return {
        "harvest": harvest.id,
        "source": slug,
        "state": harvest.state,
        "started": f"{harvest.started_at:%Y-%m-%dT%H:%M:%SZ}",
        "finished": harvest.finished_at and f"{harvest.finished_at:%Y-%m-%dT%H:%M:%SZ}",
        "from": harvest.from_,
        "pages": harvest.pages,
        "seen": harvest.seen,
        "created": harvest.created,
        "updated": harvest.updated,
        "unchanged": harvest.unchanged,
        "withdrawn": harvest.withdrawn,
        "quarantined": harvest.quarantined,
        "complete_list_size": harvest.complete_list_size,
        "seconds": round(harvest.seconds, 3),
        "error": harvest.error,
        "notes": harvest.notes,
    }
