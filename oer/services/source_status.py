"""How a source is doing: its runs, what they brought, what could not be taken in.

Everything here is read for a page that anybody may ask for, so nothing costs more with the size of
the source than counting in an index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oer.models import Harvest, HarvestedRecord, Source
from oer.services import sources

RUNS = 12
"""Runs that are shown one by one."""

MOST_RUNS = 1000
"""Runs that the growth is drawn from; what came before them is one number."""

MOST_DAYS = 31
"""More days than this are drawn by the month."""

MOST_MONTHS = 36

LATE_AFTER = 3
"""A source that was not visited for so many of its intervals is late."""

WELL, RUNNING, NEVER, LATE, PARKED = "well", "running", "never", "late", "parked"
HELD, PARTIAL, FAILED, INTERRUPTED = "held", "partial", "failed", "interrupted"
HEALTH = (WELL, RUNNING, NEVER, LATE, PARKED, HELD, PARTIAL, FAILED, INTERRUPTED)
"""How a source is doing, as codes."""


@dataclass(frozen=True)
class Line:
    """A source in the list of sources."""

    source: Source
    resources: int
    last_run: Harvest | None
    health: str


def lines(session: Session, *, now: datetime) -> list[Line]:
    """All sources that are not removed, by name: three queries, however many there are."""
    counts = sources.counts(session)
    newest = select(func.max(Harvest.id)).group_by(Harvest.source_id)
    last = {
        run.source_id: run for run in session.scalars(select(Harvest).where(Harvest.id.in_(newest)))
    }
    found = sorted(sources.every(session), key=lambda source: source.name.casefold())
    return [
        Line(each, counts.get(each.id, 0), run := last.get(each.id), health(each, run, now))
        for each in found
    ]


def health(source: Source, last_run: Harvest | None, now: datetime) -> str:
    """How a source is doing, as one of :data:`HEALTH`. Pure."""
    if last_run is None:
        return NEVER
    if last_run.state == RUNNING:
        return RUNNING
    if source.parked_until is not None and now < source.parked_until:
        return PARKED
    if last_run.state != "complete":
        return last_run.state if last_run.state in HEALTH else FAILED
    if source.interval_hours is not None:
        patience = timedelta(days=1) + LATE_AFTER * timedelta(hours=source.interval_hours)
        if last_run.started_at + patience < now:
            return LATE
    return WELL


def find(session: Session, slug: str) -> Source | None:
    """The source of that slug; None where there is none, or it was removed."""
    return session.scalar(select(Source).where(Source.slug == slug, Source.removed_at.is_(None)))


def last_runs(session: Session, source: Source, *, limit: int = RUNS) -> list[Harvest]:
    """The latest runs, newest first."""
    query = select(Harvest).where(Harvest.source_id == source.id)
    return list(session.scalars(query.order_by(Harvest.id.desc()).limit(limit)))


# -- growth ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """What the runs of a day or a month brought.

    Args:
        period: ``2026-03-01`` or ``2026-03``.
        total: Materials that were added until then, by all runs together. It does not go down:
            what was withdrawn since stands beside it.
    """

    period: str
    created: int
    updated: int
    withdrawn: int
    quarantined: int
    total: int


def growth(session: Session, source: Source) -> tuple[Step, ...]:
    """What came in over time, oldest first; by the day, or by the month where that is too long."""
    query = select(
        Harvest.id,
        Harvest.started_at,
        Harvest.created,
        Harvest.updated,
        Harvest.withdrawn,
        Harvest.quarantined,
    ).where(Harvest.source_id == source.id)
    rows = session.execute(query.order_by(Harvest.id.desc()).limit(MOST_RUNS)).all()
    if not rows:
        return ()
    earlier = session.scalar(
        select(func.sum(Harvest.created)).where(
            Harvest.source_id == source.id, Harvest.id < rows[-1].id
        )
    )
    brought = [
        (row.started_at, (row.created, row.updated, row.withdrawn, row.quarantined))
        for row in reversed(rows)
    ]
    return steps(brought, before=earlier or 0)


def steps(
    brought: Sequence[tuple[datetime, tuple[int, int, int, int]]], *, before: int = 0
) -> tuple[Step, ...]:
    """Counts of runs, oldest first, as steps. Pure."""
    by_day = len({at.date() for at, _ in brought}) <= MOST_DAYS
    sums: dict[str, tuple[int, ...]] = {}
    for at, counts in brought:
        period = f"{at:%Y-%m-%d}" if by_day else f"{at:%Y-%m}"
        so_far = sums.get(period, (0, 0, 0, 0))
        sums[period] = tuple(map(sum, zip(so_far, counts, strict=True)))
    found, total = [], before
    for period, (created, updated, withdrawn, quarantined) in sums.items():
        total += created
        found.append(Step(period, created, updated, withdrawn, quarantined, total))
    return tuple(found[-max(MOST_DAYS, MOST_MONTHS) :])


# -- what could not be taken in --------------------------------------------------------------------


@dataclass(frozen=True)
class Rejected:
    """A record that could not be taken in."""

    identifier: str
    problem: str
    detail: str | None
    datestamp: str | None


@dataclass(frozen=True)
class RejectedPage:
    """Some of them; ``next`` is the place after the last, None at the end."""

    records: tuple[Rejected, ...]
    next: int | None


def rejected_counts(session: Session, source: Source) -> dict[str, int]:
    """How many records could not be taken in, by the code of the reason; the commonest first."""
    query = (
        select(HarvestedRecord.problem, func.count())
        .where(HarvestedRecord.source_id == source.id, HarvestedRecord.problem.is_not(None))
        .group_by(HarvestedRecord.problem)
        .order_by(func.count().desc(), HarvestedRecord.problem)
    )
    return {str(problem): count for problem, count in session.execute(query)}


def rejected(session: Session, source: Source, *, after: int = 0, limit: int = 50) -> RejectedPage:
    """The records that could not be taken in, from a place on."""
    query = (
        select(
            HarvestedRecord.id,
            HarvestedRecord.identifier,
            HarvestedRecord.problem,
            HarvestedRecord.problem_detail,
            HarvestedRecord.datestamp,
        )
        .where(
            HarvestedRecord.source_id == source.id,
            HarvestedRecord.problem.is_not(None),
            HarvestedRecord.id > after,
        )
        .order_by(HarvestedRecord.id)
        .limit(limit + 1)
    )
    rows = session.execute(query).all()
    shown = rows[:limit]
    return RejectedPage(
        tuple(
            Rejected(row.identifier, str(row.problem), row.problem_detail, row.datestamp)
            for row in shown
        ),
        shown[-1].id if len(rows) > limit else None,
    )


# -- deletions that wait ---------------------------------------------------------------------------


def held_count(session: Session, source: Source) -> int:
    """How many deletions wait for a curator.

    The records themselves are asked only where the last finished run held some: that look goes
    over all records of the source.
    """
    last = session.scalar(
        select(Harvest.held)
        .where(Harvest.source_id == source.id, Harvest.state.in_(("complete", HELD)))
        .order_by(Harvest.id.desc())
        .limit(1)
    )
    if not last:
        return 0
    query = select(func.count()).where(
        HarvestedRecord.source_id == source.id, HarvestedRecord.pending_deletion.is_not(None)
    )
    return session.scalar(query) or 0
