"""The story of one harvest, from the lease to the last page.

A run may be cut off anywhere. What a page brought and where to go on are written in the same
transaction, so the next run goes on from the last page that was kept, and the result is the same.
"""

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from harvesters import harvester_for
from harvesters.harvester import HarvestRequest, Page, RepositoryInfo
from harvesters.http import HttpClient
from oer.database import Sessions
from oer.errors import EndlessList, HarvestBusy, HarvestError
from oer.models import Harvest, Source
from oer.services import ingest, sources
from oer.services.tables import load_tables
from oer.services.tally import Tally

LEASE = timedelta(hours=1)
"""A run that has not finished a page for so long is taken for dead."""

OVERLAP = timedelta(days=1)
"""The next harvest asks again for so much: repositories index late and their clocks differ."""

MAX_NOTES = 100

FAILED_SHARE = 0.5
"""A run that could not read this share of what it saw has failed, whatever else it did."""

PARTIAL_SHARE = 0.1
PARTIAL_MINIMUM = 5

COMPLETE, PARTIAL, FAILED = "complete", "partial", "failed"
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

    def as_dict(self) -> dict[str, Any]:
        """The run for machines: one JSON object."""
        return {
            "source": self.source,
            "state": self.state,
            **self.tally.as_dict(),
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

    Creates a Harvest; creates, updates and withdraws Resources page by page; moves the source's
    ``harvest_from`` on when, and only when, the list was complete.

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
    progress = Progress(slug, harvest.id)
    started = monotonic()
    try:
        with open_http(source) as http:
            harvester = harvester_for(source.protocol)
            info = harvester.identify(source.base_url, http)
            _remember_repository(sessions, source.id, info)
            request = _request(source, harvest, info)
            for page in harvester.pages(request, http):
                progress.seconds = monotonic() - started
                _take(sessions, harvest.id, page, progress, now())
                report(progress)
                after_commit()
    except HarvestError as error:
        progress.error = str(error)
        progress.checkpoint_is_useless = isinstance(error, EndlessList) or progress.pages == 0
    except BaseException:
        progress.state = INTERRUPTED
        raise
    finally:
        progress.seconds = monotonic() - started
        if progress.state == RUNNING:
            progress.state = _verdict(progress)
        _finish(sessions, harvest.id, progress, now())
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
            harvest = Harvest(
                source_id=source.id,
                state=RUNNING,
                started_at=now(),
                lease_owner=_me(),
                lease_until=now() + LEASE,
                question=source.question,
                from_=None if full else source.harvest_from,
            )
            if last is not None and not full and _can_go_on(last, source):
                harvest.from_ = last.from_
                harvest.checkpoint = last.checkpoint
                harvest.response_date = last.response_date
            session.add(harvest)
            session.flush()
            return source, harvest
    except IntegrityError as error:
        # Two runs began at the same moment; the database let one of them in.
        raise HarvestBusy(f"The source '{slug}' is being harvested by another run.") from error


def _last_harvest(session: Session, source_id: int) -> Harvest | None:
    query = select(Harvest).where(Harvest.source_id == source_id).order_by(Harvest.id.desc())
    return session.scalar(query.limit(1))


def _can_go_on(last: Harvest, source: Source) -> bool:
    unfinished = last.state != COMPLETE and last.checkpoint is not None
    # A source that was edited asks another question: its harvest_from was cleared, and an old
    # token would answer the old one.
    return unfinished and last.from_ == source.harvest_from and last.question == source.question


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
        harvest.pages = progress.pages + 1
        harvest.notes = _with_notes(progress.notes, page.notes)
        harvest.seconds = progress.seconds
        for name, count in total.as_dict().items():
            setattr(harvest, name, count)
    # Only now is it kept: a failed commit must not be counted.
    progress.tally = total
    progress.pages += 1
    progress.notes = _with_notes(progress.notes, page.notes)
    progress.list_size = page.complete_list_size or progress.list_size


def _with_notes(notes: list[str], more: tuple[str, ...]) -> list[str]:
    fresh = [note for note in dict.fromkeys(more) if note not in notes]
    return (notes + fresh)[:MAX_NOTES]


# Ending -------------------------------------------------------------------------------------------


def _verdict(progress: Progress) -> str:
    tally = progress.tally
    if progress.error:
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
    with sessions.begin() as session:
        harvest = session.get_one(Harvest, harvest_id)
        harvest.state = progress.state
        harvest.finished_at = now
        harvest.lease_until = None
        harvest.error = progress.error
        harvest.seconds = progress.seconds
        if progress.checkpoint_is_useless:
            harvest.checkpoint = None
        list_is_complete = not progress.error and harvest.checkpoint is None
        if progress.state in (COMPLETE, PARTIAL) and list_is_complete:
            source = session.get_one(Source, harvest.source_id)
            source.harvest_from = next_from(harvest.response_date, harvest.started_at)


def next_from(response_date: str | None, started_at: datetime) -> str:
    """Where the next harvest begins: the provider's clock at the first page, less the overlap.

    Our own clock stands in only where the provider gave none that can be read.
    """
    begin = started_at
    with suppress(ValueError, TypeError):
        begin = datetime.strptime(response_date or "", "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return (min(begin, started_at + timedelta(days=1)) - OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")
