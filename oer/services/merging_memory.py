"""What was decided on pairs of copies, and what had been decided before: for taking it back.

What counts now is in ``duplicate_decision``, one row a pair; what stood there before a merge is in
the event of that merge.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from oer.models import DuplicateDecision, Event, Resource
from oer.services.duplicates import DISTINCT

MERGE = "merge"
"""What the event of a merge is called."""


def remember(
    session: Session,
    one: Resource,
    other: Resource,
    decision: str,
    actor: str,
    reason: str | None,
    now: datetime,
) -> dict[str, Any] | None:
    """Note what was decided on a pair; returns what stood there before, where that differs."""
    first, second = sorted((one.id, other.id))
    pair = session.scalar(
        select(DuplicateDecision).where(
            DuplicateDecision.first_id == first, DuplicateDecision.second_id == second
        )
    )
    before = None
    if pair is None:
        pair = DuplicateDecision(first_id=first, second_id=second)
        session.add(pair)
    elif pair.decision != decision:
        before = {
            "reason": pair.reason,
            "decided_by": pair.decided_by,
            "decided_at": pair.decided_at.isoformat(),
        }
    pair.decision, pair.reason, pair.decided_by, pair.decided_at = decision, reason, actor, now
    return before


def undecide(session: Session, pair: DuplicateDecision) -> None:
    """Put back what had been decided on the pair before it was merged: "distinct", or nothing."""
    first = session.get_one(Resource, pair.first_id)
    second = session.get_one(Resource, pair.second_id)
    merged = last_merge(session, first, second) or last_merge(session, second, first)
    before = merged.get("before")
    if before is None:
        session.delete(pair)
        return
    pair.decision, pair.reason, pair.decided_by = DISTINCT, before["reason"], before["decided_by"]
    pair.decided_at = datetime.fromisoformat(before["decided_at"])


def last_merge(session: Session, copy: Resource, into: Resource | None = None) -> dict[str, Any]:
    """What was noted when the resource was last merged into that one, or any; empty if never."""
    details = session.scalars(
        select(Event.detail)
        .where(Event.resource_id == copy.id, Event.action == MERGE)
        .order_by(Event.id.desc())
    )
    merges = (detail for detail in details if detail and "into" in detail)
    return next((each for each in merges if not into or each["into"] == into.address), {})
