"""Beginning a run: who may harvest a source now, from where, and what is asked for."""

import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from harvesters import learned
from oer.database import Sessions
from oer.errors import HarvestBusy
from oer.models import Harvest, Source
from oer.services import deletions, sources

LEASE = timedelta(hours=2)
"""A run that has not finished a page for so long is taken for dead."""

COMPLETE, HELD, PARTIAL, FAILED = "complete", "held", "partial", "failed"
RUNNING, INTERRUPTED = "running", "interrupted"


def begin(
    sessions: Sessions, slug: str, *, full: bool, now: Callable[[], datetime]
) -> tuple[Source, Harvest]:
    """Take the lease of the source; go on from where an unfinished run stopped.

    Raises:
        UnknownSource: No such source.
        HarvestBusy: Another run holds it.
    """
    try:
        with sessions.begin() as session:
            source = sources.get(session, slug)
            last = _last_harvest(session, source.id)
            if last is not None and last.state == RUNNING:
                _take_over(last, source, now())
                session.flush()
            full = full or (source.deletion_policy == deletions.FULL and is_due(source, now()))
            from_ = wanted_from(source, full, now())
            harvest = Harvest(
                source_id=source.id,
                state=RUNNING,
                started_at=now(),
                lease_owner=_me(),
                lease_until=now() + LEASE,
                question=source.question,
                from_=from_,
            )
            goes_on = last is not None and _can_go_on(last, source, from_)
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


def wanted_from(source: Source, full: bool, now: datetime) -> str | None:
    """Where to begin. A provider that ignores ``from`` is asked for everything outright.

    It costs the same, and only a list that was asked for whole proves what is absent from it: one
    that ignored ``from`` on some of its pages would look whole and miss the rest.
    """
    everything = full or learned.is_known_to_ignore_from(source, now)
    return None if everything else source.harvest_from


def why_everything(source: Source, harvest: Harvest, full: bool, now: datetime) -> tuple[str, ...]:
    """A note where everything is asked for though nobody wanted that."""
    incremental = not full and source.harvest_from is not None and harvest.from_ is None
    if incremental and learned.is_known_to_ignore_from(source, now):
        return ("The provider ignores 'from', as an earlier harvest saw; everything was asked for",)
    return ()


def is_due(source: Source, now: datetime) -> bool:
    """Whether the source's reconciliation, the comparison with its whole list, is due."""
    if source.reconcile_days is None:
        return False
    if source.reconciled_at is None:
        return True
    return source.reconciled_at + timedelta(days=source.reconcile_days) <= now


def _last_harvest(session: Session, source_id: int) -> Harvest | None:
    query = select(Harvest).where(Harvest.source_id == source_id).order_by(Harvest.id.desc())
    return session.scalar(query.limit(1))


def _can_go_on(last: Harvest, source: Source, from_: str | None) -> bool:
    unfinished = last.state not in (COMPLETE, HELD) and last.checkpoint is not None
    # A source that was edited asks another question, and an old token would answer the old one.
    same = last.question == source.question
    return unfinished and same and (last.from_ is None or last.from_ == from_)


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
