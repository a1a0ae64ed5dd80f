"""What readers report about a material: a finding in the curators' queue, and a line of the log.

Nothing about the reader is kept: no name, no address on the network, no way to answer. A report
stays through harvests and replays, whatever the checks say, until a curator settles it.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import Session

from oer.errors import UsageError
from oer.metadata.checks import Severity
from oer.models import Finding, Resource
from oer.services import events
from oer.services.findings import REPORTED

EVENT = "problem_reported"
"""What the event is called."""

READER = "reader"
"""Who acts, as far as anybody knows."""

KINDS: Mapping[str, tuple[Severity, str | None]] = {
    "broken-link": ("warning", "link"),
    "wrong-description": ("warning", "description"),
    "wrong-license": ("warning", "license"),
    "infringement": ("error", None),
    "unsuitable": ("error", None),
    "other": ("warning", None),
}
"""What may be wrong with a material: how grave that is, and the element it concerns."""

LONGEST_WORDS = 1000

MOST_OPEN = 20
"""Reports of one resource that wait side by side. Whatever comes on top is in the log."""


def report(session: Session, resource: Resource, *, kind: str, words: str, now: datetime) -> None:
    """Take in what a reader says is wrong. Writes an event, and a finding where none waits yet."""
    words = words.strip()[:LONGEST_WORDS]
    said = f"{kind}: {words}" if words else kind
    events.record(
        session,
        EVENT,
        actor=READER,
        now=now,
        resource=resource,
        reason=said,
        detail={"kind": kind},
    )
    waiting = session.scalars(select(Finding.evidence).where(_is_report_on(resource))).all()
    if said in waiting or len(waiting) >= MOST_OPEN:
        return
    severity, field = KINDS[kind]
    session.add(
        Finding(
            resource_id=resource.id,
            code=REPORTED,
            severity=severity,
            field=field,
            evidence=said,
            found_at=now,
        )
    )


def settle(session: Session, resource: Resource, *, actor: str, now: datetime, reason: str) -> bool:
    """Close what readers reported of a resource. Removes the findings, writes an event."""
    if not reason.strip():
        raise UsageError("Say what came of it: others will want to know.")
    of_it = _is_report_on(resource)
    settled = session.scalar(select(func.count()).where(of_it)) or 0
    if not settled:
        return False
    session.execute(delete(Finding).where(of_it))
    detail = {"reports": settled}
    events.record(
        session, "settle", actor=actor, now=now, resource=resource, reason=reason, detail=detail
    )
    return True


def _is_report_on(resource: Resource) -> ColumnElement[bool]:
    return and_(Finding.resource_id == resource.id, Finding.code == REPORTED)
