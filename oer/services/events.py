"""The log: what was done, by whom, when and why. It can be added to and read, nothing else."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from oer.models import Event, Resource, Source


@dataclass(frozen=True)
class Entry:
    """An event as a reader of the log wants it: with addresses and names instead of numbers."""

    id: int
    at: datetime
    actor: str
    action: str
    address: str | None
    source: str | None
    reason: str | None
    detail: dict[str, Any] | None

    def as_dict(self) -> dict[str, Any]:
        """The entry for JSON."""
        return asdict(self) | {"at": f"{self.at:%Y-%m-%dT%H:%M:%SZ}"}


def record(
    session: Session,
    action: str,
    *,
    actor: str,
    now: datetime,
    resource: Resource | None = None,
    source_id: int | None = None,
    reason: str | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write one line of the log, in the transaction of what it tells of."""
    session.add(
        Event(
            at=now,
            actor=actor,
            action=action,
            resource_id=resource.id if resource else None,
            source_id=resource.source_id if resource else source_id,
            reason=reason or None,
            detail=detail,
        )
    )


def log(
    session: Session,
    *,
    resource_id: int | None = None,
    source_id: int | None = None,
    actor: str | None = None,
    action: str | None = None,
    since: datetime | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Entry]:
    """The latest entries, newest first; ``before`` is the id of the last one seen."""
    query = (
        select(
            Event.id,
            Event.at,
            Event.actor,
            Event.action,
            Resource.address,
            Source.slug,
            Event.reason,
            Event.detail,
        )
        .outerjoin(Resource, Resource.id == Event.resource_id)
        .outerjoin(Source, Source.id == Event.source_id)
        .order_by(Event.id.desc())
        .limit(limit)
    )
    asked = (
        (Event.resource_id, resource_id),
        (Event.source_id, source_id),
        (Event.actor, actor),
        (Event.action, action),
    )
    for column, value in asked:
        if value is not None:
            query = query.where(column == value)
    if since is not None:
        query = query.where(Event.at >= since)
    if before is not None:
        query = query.where(Event.id < before)
    return [Entry(*row) for row in session.execute(query)]
