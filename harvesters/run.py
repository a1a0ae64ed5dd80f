"""The story of one harvest, from the lease to the last page.

A run may be cut off anywhere. What a page brought and where to go on are written in the same
transaction, so the next run goes on from the last page that was kept, and the result is the same.
"""

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from harvesters import harvester_for
from harvesters.harvester import Harvester, HarvestRequest, Page, RepositoryInfo
from harvesters.http import HttpClient, Parked
from harvesters.notes import merged
from oer.database import Sessions
from oer.errors import EndlessList, HarvestBusy, HarvestError, ProtocolError
from oer.models import Harvest, Source
from oer.services import deletions, ingest, merging, sources
from oer.services.renormalise import reading_version, renormalise
from oer.services.tables import load_tables
from oer.services.tally import Tally

LEASE = timedelta(hours=2)
"""A run that has not finished a page for so long is taken for dead."""

OVERLAP = timedelta(days=1)
"""The next harvest asks again for so much: repositories index late and their clocks differ."""

MAX_NOTES = 100

FAILED_SHARE = 0.5
"""A run that could not read this share of what it saw has failed, whatever else it did."""

PARTIAL_SHARE = 0.1
PARTIAL_MINIMUM = 5

COMPLETE, HELD, PARTIAL, FAILED = "complete", "held", "partial", "failed"
RUNNING, INTERRUPTED = "running", "interrupted"


@dataclass
class Progress:
    """How far a run has come; handed to ``report`` after every page."""

    source: str
    harvest_id: int
    state: str = RUNNING
    pages: int = 0
    tally: Tally = field(default_factory=Tally)
    list_size: int | None = None
    """How many records this run will have seen at the end, by what the provider says."""
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    error: str | None = None
    checkpoint_is_useless: bool = False
    """Whether going on from the checkpoint would lead to the same failure again."""
    holes: int = 0
    """Parts of the list that could not be had."""
    deleted: int = 0
    """Records deleted at the end of the run."""
    held: int = 0
    """Deletions that wait for a curator."""

    def count(self, page: Page) -> None:
        """Count a page that was taken in."""
        self.pages += 1
        self.notes = with_notes(self.notes, page.notes)
        self.list_size = page.complete_list_size or self.list_size
        self.holes += page.holes

    def as_dict(self) -> dict[str, Any]:
        """The run for machines: one JSON object."""
        return {
            "source": self.source,
            "state": self.state,
            **self.tally.as_dict(),
            "deleted": self.deleted,
            "held": self.held,
            "pages": self.pages,
            "seconds": round(self.seconds, 3),
            "error": self.error,
            "notes": self.notes,
        }


def _utc_now() -> datetime:
    return datetime.now(UTC)


def run(
    sessions: Sessions,
    slug: str,
    open_http: Callable[[Source], HttpClient],
    *,
    full: bool = False,
    now: Callable[[], datetime] = _utc_now,
    report: Callable[[Progress], None] = lambda progress: None,
    after_commit: Callable[[], None] = lambda: None,
) -> Progress:
    """Harvest one source, to the end of its list or to the first thing that stops it.

    Creates a Harvest; creates and updates Resources page by page. When, and only when, the list was
    complete: judges deletions and moves the source's ``harvest_from`` on.

    Args:
        open_http: Makes the HTTP client for a source.
        full: Ask for everything, also where an incremental harvest would do.
        now: The clock.
        report: Called after every page.
        after_commit: Called after every page's commit, for the search index.

    Raises:
        UnknownSource: No such source.
        HarvestBusy: Another run holds it.
    """
    source, harvest = _begin(sessions, slug, full=full, now=now)
    progress = Progress(slug, harvest.id, holes=harvest.holes or 0)
    started = monotonic()
    try:
        retry_problems(sessions, source, now)
        with open_http(source) as http:
            harvester = harvester_for(source.protocol)
            info = harvester.identify(source.base_url, http)
            _remember_repository(sessions, source.id, info)
            progress.notes = with_notes(progress.notes, info.notes)
            request = _request(source, harvest, info)
            for page in harvester.pages(request, http):
                progress.seconds = monotonic() - started
                _take(sessions, harvest.id, page, progress, now())
                report(progress)
                after_commit()
            if not progress.holes:
                _reconcile(sessions, source, harvest, harvester, request, http, now)
    except Parked as error:
        progress.error = str(error)
        _park(sessions, source.id, error.until)
    except HarvestError as error:
        progress.error = str(error)
        # A list that leads nowhere, or that could not even be begun again: from the beginning next
        # time. Where nobody answered the checkpoint is as good as it was.
        stuck = isinstance(error, ProtocolError) and progress.pages == 0
        progress.checkpoint_is_useless = isinstance(error, EndlessList) or stuck
    except BaseException:
        progress.state = INTERRUPTED
        raise
    finally:
        progress.seconds = monotonic() - started
        if progress.state == RUNNING:
            progress.state = _verdict(progress)
        _finish(sessions, harvest.id, progress, now())
        after_commit()
    return progress


def dry_run(
    sessions: Sessions,
    slug: str,
    open_http: Callable[[Source], HttpClient],
    *,
    full: bool = False,
    now: Callable[[], datetime] = _utc_now,
    report: Callable[[Progress], None] = lambda progress: None,
) -> Progress:
    """Ask what a harvest would ask, and say what it would change. Writes nothing at all."""
    with sessions() as session:
        source = sources.get(session, slug)
        tables = load_tables(session, source.id)
    progress = Progress(slug, harvest_id=0)
    started = monotonic()
    try:
        with open_http(source) as http:
            harvester = harvester_for(source.protocol)
            info = harvester.identify(source.base_url, http)
            wanted = Harvest(from_=None if full else source.harvest_from)
            for page in harvester.pages(_request(source, wanted, info), http):
                with sessions() as session:
                    tally = ingest.accept(
                        session,
                        source,
                        None,
                        page.records,
                        now=now(),
                        tables=tables,
                        dry_run=True,
                    )
                progress.tally.add(tally)
                progress.count(page)
                progress.seconds = monotonic() - started
                report(progress)
    except HarvestError as error:
        progress.error = str(error)
    progress.seconds = monotonic() - started
    progress.state = _verdict(progress)
    return progress


# Beginning ----------------------------------------------------------------------------------------


def _begin(
    sessions: Sessions, slug: str, *, full: bool, now: Callable[[], datetime]
) -> tuple[Source, Harvest]:
    """Take the lease of the source; go on from where an unfinished run stopped."""
    try:
        with sessions.begin() as session:
            source = sources.get(session, slug)
            last = _last_harvest(session, source.id)
            if last is not None and last.state == RUNNING:
                _take_over(last, source, now())
                session.flush()
            full = full or (source.deletion_policy == deletions.FULL and is_due(source, now()))
            harvest = Harvest(
                source_id=source.id,
                state=RUNNING,
                started_at=now(),
                lease_owner=_me(),
                lease_until=now() + LEASE,
                question=source.question,
                from_=None if full else source.harvest_from,
            )
            goes_on = last is not None and _can_go_on(last, source, full)
            if last is not None and goes_on:
                harvest.from_ = last.from_
                harvest.checkpoint = last.checkpoint
                harvest.response_date = last.response_date
                harvest.window_id = last.window_id
                harvest.holes = last.holes
            harvest.kind = "incremental" if harvest.from_ else "full"
            session.add(harvest)
            session.flush()
            harvest.window_id = harvest.window_id or harvest.id
            return source, harvest
    except IntegrityError as error:
        # Two runs began at the same moment; the database let one of them in.
        raise HarvestBusy(f"The source '{slug}' is being harvested by another run.") from error


def is_due(source: Source, now: datetime) -> bool:
    """Whether the source's reconciliation, the comparison with its whole list, is due."""
    if source.reconcile_days is None:
        return False
    if source.reconciled_at is None:
        return True
    return source.reconciled_at + timedelta(days=source.reconcile_days) <= now


def retry_problems(sessions: Sessions, source: Source, now: Callable[[], datetime]) -> None:
    """Try quarantined records again, from their payloads, when what reads them has changed."""
    with sessions() as session:
        version = reading_version(session)
    if source.read_with == version:
        return
    renormalise(sessions, source_slug=source.slug, only_problems=True, now=now)
    with sessions.begin() as session:
        session.get_one(Source, source.id).read_with = version


def _last_harvest(session: Session, source_id: int) -> Harvest | None:
    query = select(Harvest).where(Harvest.source_id == source_id).order_by(Harvest.id.desc())
    return session.scalar(query.limit(1))


def _can_go_on(last: Harvest, source: Source, full: bool) -> bool:
    unfinished = last.state not in (COMPLETE, HELD) and last.checkpoint is not None
    # A source that was edited asks another question, and an old token would answer the old one.
    same = last.question == source.question
    wanted = None if full else source.harvest_from
    return unfinished and same and (last.from_ is None or last.from_ == wanted)


def _take_over(last: Harvest, source: Source, now: datetime) -> None:
    """End a run that died without saying so.

    Raises:
        HarvestBusy: It is alive.
    """
    if not _is_dead(last, now):
        raise HarvestBusy(
            f"The source '{source.slug}' is being harvested by {last.lease_owner} "
            f"since {last.started_at:%Y-%m-%d %H:%M} UTC. Wait for it, or stop that process."
        )
    last.state = INTERRUPTED
    last.finished_at = now


def _me() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _is_dead(harvest: Harvest, now: datetime) -> bool:
    if harvest.lease_until is None or harvest.lease_until < now:
        return True
    host, _, pid = (harvest.lease_owner or "").rpartition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _remember_repository(sessions: Sessions, source_id: int, info: RepositoryInfo) -> None:
    with sessions.begin() as session:
        source = session.get_one(Source, source_id)
        source.granularity = info.granularity
        source.deleted_record = info.deleted_record
        if info.name and source.name == source.slug:
            source.name = info.name[:500]


def _request(source: Source, harvest: Harvest, info: RepositoryInfo) -> HarvestRequest:
    return HarvestRequest(
        base_url=source.base_url,
        metadata_prefix=source.metadata_prefix,
        set_specs=tuple(source.set_specs),
        from_=harvest.from_,
        granularity=info.granularity,
        checkpoint=harvest.checkpoint,
        options=source.options or {},
        earliest_datestamp=info.earliest_datestamp,
        repository_clock=info.response_date,
    )


# Page by page -------------------------------------------------------------------------------------


def _take(
    sessions: Sessions, harvest_id: int, page: Page, progress: Progress, now: datetime
) -> None:
    """Keep a page: its records, what became of them, and where to go on, in one transaction."""
    with sessions.begin() as session:
        harvest = session.get_one(Harvest, harvest_id)
        source = session.get_one(Source, harvest.source_id)
        tables = load_tables(session, source.id)
        tally = ingest.accept(session, source, harvest, page.records, now=now, tables=tables)
        total = Tally(**progress.tally.as_dict())
        total.add(tally)
        harvest.checkpoint = page.checkpoint
        harvest.response_date = harvest.response_date or page.response_date
        harvest.complete_list_size = page.complete_list_size or harvest.complete_list_size
        harvest.lease_until = now + LEASE
        harvest.holes = progress.holes + page.holes
        harvest.pages = progress.pages + 1
        harvest.notes = with_notes(progress.notes, page.notes)
        harvest.seconds = progress.seconds
        for name, count in total.as_dict().items():
            setattr(harvest, name, count)
    # Only now is it kept: a failed commit must not be counted.
    progress.tally = total
    progress.count(page)


def with_notes(notes: list[str], more: tuple[str, ...]) -> list[str]:
    """The notes of a run and of one more page; counts in them go on being added."""
    return merged(notes, more, most=MAX_NOTES)


# Ending -------------------------------------------------------------------------------------------


def _reconcile(
    sessions: Sessions,
    source: Source,
    harvest: Harvest,
    harvester: Harvester,
    request: HarvestRequest,
    http: HttpClient,
    now: Callable[[], datetime],
) -> None:
    """After a complete list: mark what a comparison with the whole list shows to be gone."""
    window = harvest.window_id or harvest.id
    if source.deletion_policy == deletions.FULL and harvest.kind == "full":
        with sessions.begin() as session:
            deletions.mark_absent(session, source, window_id=window)
    elif source.deletion_policy == deletions.SWEEP and is_due(source, now()):
        sweep = replace(request, from_=None, checkpoint=None, headers_only=True)
        for page in harvester.pages(sweep, http):
            if page.holes:
                return
            present = {
                ingest.storage_identifier(record) for record in page.records if not record.deleted
            }
            with sessions.begin() as session:
                deletions.mark_seen(session, source, present, harvest.id)
        with sessions.begin() as session:
            deletions.mark_absent(session, source, window_id=harvest.id)
    elif harvest.kind != "full":
        return
    with sessions.begin() as session:
        session.get_one(Source, source.id).reconciled_at = now()


def _park(sessions: Sessions, source_id: int, until: datetime) -> None:
    with sessions.begin() as session:
        session.get_one(Source, source_id).parked_until = until


def _verdict(progress: Progress) -> str:
    tally = progress.tally
    if not tally.ties_out():
        progress.error = f"The counts do not tie out ({tally}); please report this."
        return FAILED
    if progress.error:
        return PARTIAL if tally.seen > tally.quarantined else FAILED
    if progress.holes:
        return PARTIAL if tally.seen > tally.quarantined else FAILED
    if not tally.seen:
        return COMPLETE
    share = tally.quarantined / tally.seen
    if share >= FAILED_SHARE:
        return FAILED
    if share >= PARTIAL_SHARE and tally.quarantined >= PARTIAL_MINIMUM:
        return PARTIAL
    return COMPLETE


def _finish(sessions: Sessions, harvest_id: int, progress: Progress, now: datetime) -> None:
    """Close the run. After a complete list, judge deletions and move the window on."""
    with sessions.begin() as session:
        harvest = session.get_one(Harvest, harvest_id)
        source = session.get_one(Source, harvest.source_id)
        list_is_complete = not progress.error and harvest.checkpoint is None and not progress.holes
        if progress.state in (COMPLETE, PARTIAL) and list_is_complete:
            source.harvest_from = next_from(harvest.response_date, harvest.started_at)
            source.parked_until = None
            judgement = deletions.judge(session, source, now=now)
            progress.deleted, progress.held = judgement.deleted, judgement.held
            if judgement.deleted:
                # A copy comes to light again when the resource it was merged into is gone.
                merging.release_orphans(session, now=now)
            if judgement.held and progress.state == COMPLETE:
                progress.state = HELD
        harvest.state = progress.state
        harvest.held = progress.held
        harvest.finished_at = now
        harvest.lease_until = None
        harvest.error = progress.error
        harvest.seconds = progress.seconds
        if progress.checkpoint_is_useless:
            harvest.checkpoint = None


def next_from(response_date: str | None, started_at: datetime) -> str:
    """Where the next harvest begins: the provider's clock at the first page, less the overlap.

    Our own clock stands in only where the provider gave none that can be read.
    """
    begin = started_at
    with suppress(ValueError, TypeError):
        begin = datetime.strptime(response_date or "", "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return (min(begin, started_at + timedelta(days=1)) - OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")
