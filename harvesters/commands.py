"""``oer harvest``: running harvests and looking at them."""

import signal
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import Event, Lock
from typing import Any

import click

from oer.commands.context import Oer
from oer.commands.output import echo_json, echo_table, printable

EXIT_CODES = {"complete": 0, "failed": 1, "partial": 3, "held": 3, "interrupted": 130}

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

    try:
        if dry_run:
            ended = runs.dry_run(oer.sessions, slug, open_http, full=full, report=report)
        else:
            drain = _drainer(oer)
            try:
                ended = runs.run(
                    oer.sessions, slug, open_http, full=full, report=report, after_commit=drain
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
        "held": harvest.held,
        "complete_list_size": harvest.complete_list_size,
        "seconds": round(harvest.seconds, 3),
        "error": harvest.error,
        "notes": harvest.notes,
    }


@harvest.command()
@click.argument("slug", required=False)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10000))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def held(oer: Oer, slug: str | None, limit: int, as_json: bool) -> None:
    """Show the deletions that wait for a curator: of all sources, or the records of one.

    \b
    Example:  oer harvest held aoe
    """
    from oer.services import deletions, sources

    with oer.sessions() as session:
        if slug:
            records = deletions.held_records(session, sources.get(session, slug), limit=limit)
            found: list[dict[str, Any]] = [
                {"identifier": identifier, "why": why} for identifier, why in records
            ]
        else:
            found = [
                {"source": source.slug, "held": count, "of": live}
                for source, count, live in deletions.held(session)
            ]
    if as_json:
        for each in found:
            echo_json(each)
    elif not found:
        click.echo("No deletions wait.")
    else:
        echo_table([key.upper() for key in found[0]], [list(each.values()) for each in found])


@harvest.command()
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def release(oer: Oer, slug: str, yes: bool) -> None:
    """Let the held deletions of a source happen: its resources are withdrawn.

    \b
    Example:  oer harvest release aoe
    """
    count = _settle(oer, slug, yes, "Delete the {count} records of '{slug}' that wait?", "release")
    click.echo(f"Deleted {count} records of '{slug}'.")


@harvest.command()
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def discard(oer: Oer, slug: str, yes: bool) -> None:
    """Forget the held deletions of a source: its records stay.

    \b
    Example:  oer harvest discard aoe
    """
    count = _settle(oer, slug, yes, "Keep the {count} records of '{slug}' that wait?", "discard")
    click.echo(f"Kept {count} records of '{slug}'.")


def _settle(oer: Oer, slug: str, yes: bool, question: str, action: str) -> int:
    from oer.commands.actor import actor
    from oer.search.sync import drain
    from oer.services import deletions, events, merging, sources

    with oer.sessions() as session:
        source = sources.get(session, slug)
        waiting = {each.id: count for each, count, _ in deletions.held(session)}.get(source.id, 0)
    if not waiting:
        click.echo("No deletions wait.")
        return 0
    if not yes:
        click.confirm(question.format(count=waiting, slug=slug), abort=True)
    now = datetime.now(UTC)
    with oer.sessions.begin() as session:
        source = sources.get(session, slug)
        if action == "release":
            count = deletions.release(session, source, now=now)
            merging.release_orphans(session, now=now)
        else:
            count = deletions.discard(session, source)
        events.record(
            session,
            f"deletions_{action}",
            actor=actor(None),
            now=now,
            source_id=source.id,
            detail={"records": count},
        )
    drain(oer.sessions, oer.index)
    return count


@harvest.command()
@click.argument("slug")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100000))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def problems(oer: Oer, slug: str, limit: int, as_json: bool) -> None:
    """List the records of a source that are in quarantine, with the reason.

    \b
    Example:  oer harvest problems aoe
    """
    from oer.services import quarantine, sources

    with oer.sessions() as session:
        found = quarantine.problems(session, sources.get(session, slug), limit=limit)
    if as_json:
        for each in found:
            echo_json(each)
    elif not found:
        click.echo(f"No problems in '{slug}'.")
    else:
        rows = (
            (printable(each["identifier"]), each["problem"], printable(each["detail"] or ""))
            for each in found
        )
        echo_table(("IDENTIFIER", "PROBLEM", "REASON"), rows)
