"""``oer harvest run``: the runs, several hosts side by side, and what is said of them."""

import signal
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import Event, Lock
from typing import Any

import click

from oer.commands.context import Oer
from oer.commands.output import echo_json, printable

EXIT_CODES = {"complete": 0, "failed": 1, "partial": 3, "held": 3, "interrupted": 130}

DRAIN_EVERY = 5000
"""The search index takes in changes this many records at a time: its commits are dear."""


@click.command()
@click.argument("slugs", nargs=-1, metavar="SLUG…")
@click.option("--all", "every", is_flag=True, help="Harvest every source.")
@click.option("--due", "due", is_flag=True, help="Harvest the sources whose turn has come.")
@click.option("--full", is_flag=True, help="Ask for everything, not only for what changed.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option(
    "--parallel",
    default=4,
    show_default=True,
    type=click.IntRange(1, 64),
    help="How many hosts to visit at once; a host is visited by one run at a time.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each run.")
@click.pass_obj
def run(
    oer: Oer,
    slugs: tuple[str, ...],
    every: bool,
    due: bool,
    full: bool,
    dry_run: bool,
    parallel: int,
    as_json: bool,
) -> None:
    """Harvest sources into the catalogue.

    Goes on where an unfinished run stopped. Ends with 0 when every list was complete, 1 when a run
    failed, 2 on wrong usage, 3 when a list came in part only or deletions wait for a curator, 130
    when stopped by Ctrl-C.

    \b
    Example:  oer harvest run --all
    """
    if sum((bool(slugs), every, due)) != 1:
        raise click.UsageError("Name the sources to harvest, or give --all or --due.")
    chosen = _chosen(oer, slugs, due=due)
    if not chosen and not due:
        click.echo("No sources yet. Add one with: oer source add SLUG URL", err=True)
    sys.exit(
        harvest_all(oer, chosen, full=full, dry_run=dry_run, parallel=parallel, as_json=as_json)
    )


def _chosen(oer: Oer, slugs: Sequence[str], *, due: bool) -> list[str]:
    from harvesters import many
    from oer.services import sources

    if due:
        return many.due(oer.sessions, datetime.now(UTC))
    with oer.sessions() as session:
        if not slugs:
            return [each.slug for each in sources.every(session)]
        return [sources.get(session, slug).slug for slug in dict.fromkeys(slugs)]


def harvest_all(
    oer: Oer,
    slugs: Sequence[str],
    *,
    full: bool = False,
    dry_run: bool = False,
    parallel: int = 1,
    as_json: bool = False,
) -> int:
    """Harvest sources, each failing alone; the exit code of the worst."""
    from harvesters import many

    # In the main thread: a Ctrl-C is heard here, and told to the runs in other threads.
    signal.signal(signal.SIGTERM, _interrupt)
    stop = Event()
    lanes = many.lanes(oer.sessions, slugs)
    several = len(lanes) > 1 and parallel > 1

    def one(slug: str) -> str:
        return _run_one(oer, slug, full, dry_run, as_json, live=not several, stop=stop)

    try:
        if several:
            states = many.in_lanes(lanes, one, parallel=parallel, stop=stop)
        else:
            states = [one(slug) for lane in lanes for slug in lane]
    except KeyboardInterrupt:
        click.echo("Stopped. The next run goes on from the last page that was kept.", err=True)
        return EXIT_CODES["interrupted"]
    worst = (state for state in ("failed", "partial", "held") if state in states)
    return EXIT_CODES[next(worst, "complete")]


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _run_one(
    oer: Oer, slug: str, full: bool, dry_run: bool, as_json: bool, *, live: bool, stop: Event
) -> str:
    from harvesters import run as runs
    from harvesters.source_http import client_for
    from oer.errors import OerError

    view = _view(as_json, live)

    def report(progress: Any) -> None:
        if view:
            view(progress)
        if stop.is_set():
            raise KeyboardInterrupt

    def open_http(source: Any) -> Any:
        return client_for(source, contact=oer.settings.contact)

    own = oer.settings.base_url
    try:
        if dry_run:
            ended = runs.dry_run(
                oer.sessions, slug, open_http, full=full, report=report, own_address=own
            )
        else:
            drain = _drainer(oer)
            try:
                ended = runs.run(
                    oer.sessions,
                    slug,
                    open_http,
                    full=full,
                    report=report,
                    after_commit=drain,
                    own_address=own,
                )
            finally:
                # Also after Ctrl-C: what was kept should be found.
                drain(last=True)
    except OerError as error:
        click.echo(f"oer: {error}", err=True)
        return "failed"
    finally:
        if view:
            view.done()
    if as_json:
        echo_json(ended.as_dict() | ({"dry_run": True} if dry_run else {}))
    else:
        _say(ended, dry_run)
    return ended.state


def _view(as_json: bool, live: bool) -> Any:
    from harvesters import progress

    if live and sys.stderr.isatty():
        return progress.ProgressBar()
    return None if as_json else progress.ProgressLines()


def _say(ended: Any, dry_run: bool) -> None:
    from harvesters.progress import counts

    would = " (nothing was changed)" if dry_run else ""
    click.echo(f"{ended.source}: {ended.state} in {ended.seconds:.1f} s. {counts(ended)}.{would}")
    if ended.error:
        click.echo(f"  {printable(ended.error)}", err=True)
    if ended.held:
        click.echo(
            f"  {ended.held} deletions wait for you. See: oer harvest held {ended.source}", err=True
        )
    for note in ended.notes:
        click.echo(f"  Note: {printable(note)}", err=True)


_DRAINING = Lock()


def _drainer(oer: Oer) -> Callable[..., None]:
    from sqlalchemy import func, select

    from oer.models import Resource
    from oer.search.sync import drain
    from oer.services import duplicates

    def waiting() -> int:
        stale = select(func.count()).where(Resource.indexed_revision != Resource.revision)
        with oer.sessions() as session:
            return session.scalar(stale) or 0

    pages = 0

    def after_page(*, last: bool = False) -> None:
        nonlocal pages
        pages += 1
        if last or (pages % 20 == 0 and waiting() >= DRAIN_EVERY):
            with _DRAINING:
                drain(oer.sessions, oer.index)
                if last:
                    # What resources say of one another is found by these.
                    duplicates.refresh(oer.sessions)

    return after_page
