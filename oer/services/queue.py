"""The curator's queue: what waits for review, what the checks found, and what readers report.

A resource stands in it once, under the gravest of its findings that were asked for, and waits
since the oldest of them (without findings: since it came). Gravest first, then longest waiting.
Pages go on from a *place*, not from a number: what is settled meanwhile shifts nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from oer.database import UtcDateTime
from oer.errors import UsageError
from oer.metadata.resource_metadata import LangString
from oer.models import Finding, Resource, Source
from oer.models.resource import IN_REVIEW, PUBLISHED, REJECTED

SEVERITIES = ("error", "warning", "info")
"""Gravest first."""

STATUSES = (IN_REVIEW, PUBLISHED, REJECTED)
"""What may stand in the queue; rejected resources only when they are asked for."""

_NOTHING_FOUND = len(SEVERITIES)

NO_TITLE = "(no title)"


@dataclass(frozen=True)
class Wanted:
    """Which part of the queue to see.

    Args:
        severity: The least grave to show: ``warning`` shows errors too. None, without a code
            either: warnings and errors, and whatever is in review.
        status: Only resources of this status; None: in review, and published with findings.
        before: Only what has waited since before this moment.
    """

    source_id: int | None = None
    code: str | None = None
    severity: str | None = None
    status: str | None = None
    before: datetime | None = None


@dataclass(frozen=True)
class Found:
    """One finding of a resource in the queue."""

    code: str
    severity: str
    field: str | None
    evidence: str | None
    found_at: datetime


@dataclass(frozen=True)
class Waiting:
    """One resource in the queue."""

    id: int
    address: str
    title: str
    source: str | None
    status: str
    severity: str | None
    since: datetime
    findings: tuple[Found, ...]


@dataclass(frozen=True)
class Page:
    """A part of the queue; ``next`` is the place after it, None at the end."""

    waiting: tuple[Waiting, ...]
    next: str | None


def page(session: Session, wanted: Wanted, *, after: str | None = None, limit: int = 20) -> Page:
    """Read a page of the queue in two queries, however long it is.

    Args:
        after: ``Page.next`` of the page before.

    Raises:
        UsageError: ``after`` is no place in the queue.
    """
    query, place = _query(wanted)
    if after is not None:
        query = query.where(_behind(place, _parsed(after)))
    rows = session.execute(query.order_by(*place).limit(limit + 1)).all()
    shown = rows[:limit]
    findings = _findings(session, [row.id for row in shown], wanted)
    waiting = tuple(_waiting(row, findings[row.id]) for row in shown)
    return Page(waiting, _place(shown[-1]) if len(rows) > limit else None)


def count(session: Session, wanted: Wanted) -> int:
    """How long the queue is."""
    query, _ = _query(wanted)
    counted = select(func.count()).select_from(query.order_by(None).subquery())
    return session.scalar(counted) or 0


def ids(session: Session, wanted: Wanted) -> Iterator[int]:
    """Ids of all that is in the queue, in its order."""
    query, place = _query(wanted)
    numbers = query.with_only_columns(Resource.id, maintain_column_froms=True)
    yield from session.scalars(numbers.order_by(*place))


# -- the query -------------------------------------------------------------------------------------

_Place = tuple[Any, Any, Any]
"""Rank, moment and id: the expressions that a page is ordered by."""


def _query(wanted: Wanted) -> tuple[Select[Any], _Place]:
    gravest = _gravest(wanted)
    rank = func.coalesce(gravest.c.rank, _NOTHING_FOUND)
    since = func.coalesce(gravest.c.since, Resource.created_at, type_=UtcDateTime)
    query = (
        select(
            Resource.id,
            Resource.address,
            Resource.status,
            Resource.metadata_json,
            Source.slug,
            rank.label("rank"),
            since.label("since"),
        )
        .outerjoin(gravest, gravest.c.resource_id == Resource.id)
        .outerjoin(Source, Source.id == Resource.source_id)
        .where(Source.removed_at.is_(None), _stands_in_it(wanted, gravest.c.rank))
    )
    if wanted.source_id is not None:
        query = query.where(Resource.source_id == wanted.source_id)
    if wanted.before is not None:
        query = query.where(since <= wanted.before)
    return query, (rank, since, Resource.id)


def _gravest(wanted: Wanted) -> Any:
    """By resource: the gravest of the findings asked for, and the day of the oldest."""
    rank = case({name: place for place, name in enumerate(SEVERITIES)}, value=Finding.severity)
    query = select(
        Finding.resource_id,
        func.min(rank).label("rank"),
        func.min(Finding.found_at, type_=UtcDateTime).label("since"),
    ).group_by(Finding.resource_id)
    return query.where(_asked_for(wanted)).subquery()


def _asked_for(wanted: Wanted) -> ColumnElement[bool]:
    least = wanted.severity or (SEVERITIES[-1] if wanted.code else "warning")
    condition = Finding.severity.in_(_as_grave_as(least))
    return and_(condition, Finding.code == wanted.code) if wanted.code else condition


def _as_grave_as(severity: str) -> Sequence[str]:
    if severity not in SEVERITIES:
        raise UsageError(f"No severity '{severity}'. Known: {', '.join(SEVERITIES)}.")
    return SEVERITIES[: SEVERITIES.index(severity) + 1]


def _stands_in_it(wanted: Wanted, rank: ColumnElement[Any]) -> ColumnElement[bool]:
    found = rank.is_not(None)
    narrowed = wanted.code is not None or wanted.severity is not None
    waits = Resource.status == IN_REVIEW
    if wanted.status == PUBLISHED:
        return and_(Resource.status == PUBLISHED, found)
    if wanted.status is not None:
        of_status = Resource.status == wanted.status
        return and_(of_status, found) if narrowed else of_status
    return or_(and_(waits, found) if narrowed else waits, and_(Resource.status == PUBLISHED, found))


# -- places ----------------------------------------------------------------------------------------


def _behind(place: _Place, at: tuple[int, datetime, int]) -> ColumnElement[bool]:
    rank, since, id_ = place
    return or_(
        rank > at[0],
        and_(rank == at[0], since > at[1]),
        and_(rank == at[0], since == at[1], id_ > at[2]),
    )


def _place(row: Any) -> str:
    return f"{row.rank}_{row.since:%Y%m%dT%H%M%S.%f}_{row.id}"


def _parsed(place: str) -> tuple[int, datetime, int]:
    try:
        rank, since, id_ = place.split("_")
        moment = datetime.strptime(f"{since}+0000", "%Y%m%dT%H%M%S.%f%z")
        return int(rank), moment, int(id_)
    except ValueError as error:
        raise UsageError(
            f"'{place[:80]}' is no place in the queue. Give the one that the page before named."
        ) from error


# -- what is shown ---------------------------------------------------------------------------------


def _findings(
    session: Session, resource_ids: Sequence[int], wanted: Wanted
) -> dict[int, list[Found]]:
    found: dict[int, list[Found]] = defaultdict(list)
    query = select(
        Finding.resource_id,
        Finding.code,
        Finding.severity,
        Finding.field,
        Finding.evidence,
        Finding.found_at,
    ).where(Finding.resource_id.in_(resource_ids), _asked_for(wanted))
    for row in session.execute(query.order_by(Finding.id)):
        found[row.resource_id].append(Found(*row[1:]))
    return found


def _waiting(row: Any, findings: Sequence[Found]) -> Waiting:
    return Waiting(
        id=row.id,
        address=row.address,
        title=title_of(row.metadata_json),
        source=row.slug,
        status=row.status,
        severity=SEVERITIES[row.rank] if row.rank < _NOTHING_FOUND else None,
        since=row.since,
        findings=tuple(sorted(findings, key=lambda each: SEVERITIES.index(each.severity))),
    )


class _Titled(msgspec.Struct, gc=False):
    title: tuple[LangString, ...] = ()


class _Envelope(msgspec.Struct, gc=False):
    metadata: _Titled


_decode = msgspec.json.Decoder(_Envelope).decode


def title_of(metadata_json: str) -> str:
    """The first title of a description, without reading all the rest of it."""
    titles = _decode(metadata_json).metadata.title
    return titles[0].text if titles else NO_TITLE
