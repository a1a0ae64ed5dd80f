"""Deletions: judged at the end of a run, held for a curator when too much would vanish.

A provider's word (``status="deleted"``) and absence from a complete list only *mark* a record. The
marks are judged when the list is complete, together. What a newcomer would get wrong: an
incomplete list proves the absence of nothing.

Policies of a source:

* ``headers``: the provider's word alone. For repositories that keep deleted records.
* ``sweep``: also what is missing from a complete ListIdentifiers, when a reconciliation is due.
* ``full``: also what is missing from a complete full harvest.
* ``none``: nothing is ever deleted by a harvest.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Table, and_, func, or_, select, update
from sqlalchemy.orm import Session

from oer.models import HarvestedRecord, Resource, Source
from oer.services import aliases, tombstones

HEADERS, SWEEP, FULL, NONE = "headers", "sweep", "full", "none"
POLICIES = (HEADERS, SWEEP, FULL, NONE)

HEADER, ABSENT = "header", "absent"

GUARDED_FROM = 50
"""The share is judged for sources of so many records: of three records, one is a third."""

AT_ONCE = 10_000
"""Names that stand in one statement: databases limit its values, and each stands in it twice."""

_RECORDS = cast(Table, HarvestedRecord.__table__)


@dataclass(frozen=True)
class Judgement:
    """What became of the marked deletions of a source."""

    deleted: int = 0
    held: int = 0
    of: int = 0
    """How many records the source had."""


def mark_seen(
    session: Session, source: Source, identifiers: Collection[str], harvest_id: int
) -> int:
    """Note that these records are still in the provider's list, under whatever name.

    Returns:
        How many we know.
    """
    names, known = list(identifiers), 0
    for start in range(0, len(names), AT_ONCE):
        part = names[start : start + AT_ONCE]
        aliases.came_again(session, source.id, part, harvest_id)
        result = cast(
            "CursorResult[Any]",
            session.execute(
                update(_RECORDS)
                .where(HarvestedRecord.source_id == source.id, aliases.are_named(source.id, part))
                .values(last_harvest_id=harvest_id)
                .execution_options(synchronize_session=False)
            ),
        )
        known += result.rowcount
    return known


def mark_absent(session: Session, source: Source, *, window_id: int) -> int:
    """Mark the records that a complete list, begun by the run ``window_id``, did not hold."""
    result = cast(
        "CursorResult[Any]",
        session.execute(
            update(_RECORDS)
            .where(
                *_live(source.id),
                HarvestedRecord.pending_deletion.is_(None),
                or_(
                    HarvestedRecord.last_harvest_id < window_id,
                    HarvestedRecord.last_harvest_id.is_(None),
                ),
            )
            .values(pending_deletion=ABSENT)
        ),
    )
    return result.rowcount


def judge(session: Session, source: Source, *, now: datetime) -> Judgement:
    """Delete what is marked, or hold all of it when more would vanish than the source's share.

    Held: more than ``guard_share`` of a source of :data:`GUARDED_FROM` records or more, or all of
    a source by absence alone. Resources of deleted records are withdrawn.
    """
    pending, absent, live = _counts(session, source.id)
    if not pending:
        return Judgement(of=live)
    too_many = live >= GUARDED_FROM and pending > source.guard_share * live
    everything = pending == live and absent > 0
    if too_many or everything:
        return Judgement(held=pending, of=live)
    return Judgement(deleted=release(session, source, now=now), of=live)


def release(session: Session, source: Source, *, now: datetime) -> int:
    """Delete what is marked, whatever the guard says. Returns how many records."""
    doomed = select(HarvestedRecord.resource_id).where(
        HarvestedRecord.source_id == source.id,
        HarvestedRecord.pending_deletion.is_not(None),
        HarvestedRecord.resource_id.is_not(None),
    )
    tombstones.withdraw(
        session, Resource.id.in_(doomed), reason=tombstones.DELETED_BY_PROVIDER, now=now
    )
    return _settle(session, source.id, deleted=True)


def discard(session: Session, source: Source) -> int:
    """Forget the marks: the records stay. Returns how many. A later list may mark them again."""
    return _settle(session, source.id, deleted=False)


def held(session: Session) -> list[tuple[Source, int, int]]:
    """The sources with deletions that wait: the source, how many, of how many."""
    waiting = session.execute(
        select(HarvestedRecord.source_id, func.count())
        .where(HarvestedRecord.pending_deletion.is_not(None))
        .group_by(HarvestedRecord.source_id)
    ).all()
    return [
        (session.get_one(Source, source_id), count, _counts(session, source_id)[2])
        for source_id, count in waiting
    ]


def held_records(session: Session, source: Source, *, limit: int) -> list[tuple[str, str]]:
    """Some of the records that wait: identifier, and why (``header`` or ``absent``)."""
    query = (
        select(HarvestedRecord.identifier, HarvestedRecord.pending_deletion)
        .where(
            HarvestedRecord.source_id == source.id, HarvestedRecord.pending_deletion.is_not(None)
        )
        .order_by(HarvestedRecord.identifier)
        .limit(limit)
    )
    return [(identifier, str(why)) for identifier, why in session.execute(query)]


def _live(source_id: int) -> tuple[Any, ...]:
    return (
        HarvestedRecord.source_id == source_id,
        HarvestedRecord.deleted.is_(False),
        HarvestedRecord.blocked.is_(False),
    )


def _counts(session: Session, source_id: int) -> tuple[int, int, int]:
    """Marked records, those of them marked by absence, and all that are live."""
    marked = HarvestedRecord.pending_deletion
    row = session.execute(
        select(
            func.count(marked),
            func.count().filter(and_(marked == ABSENT)),
            func.count(),
        ).where(*_live(source_id))
    ).one()
    return row[0], row[1], row[2]


def _settle(session: Session, source_id: int, *, deleted: bool) -> int:
    values: dict[str, Any] = {"pending_deletion": None}
    if deleted:
        values |= {"deleted": True, "problem": None, "problem_detail": None}
    result = cast(
        "CursorResult[Any]",
        session.execute(
            update(_RECORDS)
            .where(
                HarvestedRecord.source_id == source_id,
                HarvestedRecord.pending_deletion.is_not(None),
            )
            .values(**values)
        ),
    )
    return result.rowcount
