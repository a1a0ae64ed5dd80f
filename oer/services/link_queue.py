"""The queue of links to check: which are due, who has taken them, and keeping what was found.

What a newcomer would get wrong:

- ``Link.next_check_at`` is the queue. None means that no published resource points there any more;
  what was found before is kept. A link that is new is due from the moment it was met.
- A claim moves ``next_check_at`` ahead by :data:`CLAIM_FOR`. A process that dies leaves its claims
  behind, and they run out by themselves.
- What a check means for a link is decided in ``link_standing``; a link is dead only after several
  failures over several days.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, Table, and_, case, func, or_, select, union_all, update
from sqlalchemy.orm import Session

from oer.errors import UsageError
from oer.models import Link, Resource, ResourceLink, Source
from oer.models.resource import PUBLISHED
from oer.services.link_standing import STANDING, Outcome, Standing, judged
from oer.services.links import is_address, is_of_source, link_url, set_next_check

CLAIM_FOR = timedelta(hours=2)
"""How long claimed links are left to the process that claimed them."""

_LINKS = cast(Table, Link.__table__)


@dataclass(frozen=True)
class Wanted:
    """Which links to check.

    Args:
        started: When the run began.
        source_id: Only links of resources from this source.
        url: Only this link, due or not.
        again: Also links that are not due, unless they were checked since ``started``.
    """

    started: datetime
    source_id: int | None = None
    url: str | None = None
    again: bool = False


@dataclass(frozen=True)
class Claim:
    """A link that is ours to check now."""

    id: int
    url: str
    host: str
    internal: bool
    """Whether private addresses may be visited: every published resource that names the link comes
    from a source marked as internal. One public source, or an author, and they may not."""


def find(session: Session, url: str) -> str:
    """The address as it is kept, when a published resource points there.

    Raises:
        UsageError: None does, or it is no web address.
    """
    kept = link_url(url)
    if kept is None:
        raise UsageError(f"'{url}' is no web address. Give one like https://school.example/page")
    known = select(Link.id).where(is_address(kept), Link.next_check_at.is_not(None))
    if session.scalar(known) is None:
        raise UsageError(
            f"No published resource points to {kept}. See the links there are with: "
            "oer check links --report"
        )
    return kept


def due_hosts(session: Session, wanted: Wanted, *, now: datetime) -> dict[str, int]:
    """How many links are due at each host, the host that waits longest first."""
    query = (
        select(Link.host, func.count().label("due"))
        .where(_due(wanted, now))
        .group_by(Link.host)
        .order_by(func.min(Link.next_check_at), Link.host)
    )
    return {row.host: row.due for row in session.execute(query)}


def claim(
    session: Session, wanted: Wanted, hosts: Collection[str], *, per_host: int, now: datetime
) -> list[Claim]:
    """Take due links of these hosts, the longest waiting first, at most ``per_host`` of each.

    Moves their next check ahead in the statement that chooses them, so no other process gets them.
    ``hosts`` may be some hundred: databases limit the parts of a statement.
    """
    if not hosts:
        return []
    due = _due(wanted, now)
    # A short query for each host, in one statement: ranking them all in one query would sort all
    # links of a host that has a hundred thousand.
    each = (
        select(Link.id)
        .where(Link.host == host, due)
        .order_by(Link.next_check_at, Link.id)
        .limit(per_host)
        .subquery()
        for host in hosts
    )
    first = union_all(*(select(turn.c.id) for turn in each)).subquery()
    # "due" once more: where another process was quicker, PostgreSQL looks at the row again.
    chosen = (
        select(Link.id)
        .where(Link.id.in_(select(first.c.id)), due)
        .with_for_update(skip_locked=True)
        .cte("chosen")
    )
    taken = session.execute(
        update(_LINKS)
        .where(_LINKS.c.id.in_(select(chosen.c.id)))
        .values(next_check_at=now + CLAIM_FOR)
        .returning(_LINKS.c.id, _LINKS.c.url, _LINKS.c.host)
    ).all()
    internal = _internal(session, [row.id for row in taken])
    return [Claim(row.id, row.url, row.host, row.id in internal) for row in sorted(taken)]


def release(session: Session, ids: Collection[int], *, now: datetime) -> None:
    """Give back claims that came to nothing: they are due at once."""
    set_next_check(session, ids, now, Link.next_check_at.is_not(None))


def postpone(session: Session, host: str, *, until: datetime) -> None:
    """Leave all links of a host alone until then."""
    session.execute(
        update(_LINKS)
        .where(Link.host == host, Link.next_check_at < until)
        .values(next_check_at=until)
    )


def _due(wanted: Wanted, now: datetime) -> ColumnElement[bool]:
    if wanted.url is not None:
        return and_(is_address(wanted.url), Link.next_check_at.is_not(None))
    due: ColumnElement[bool] = Link.next_check_at <= now
    if wanted.again:
        # What lies within CLAIM_FOR from now is claimed, or will be due in a moment.
        not_yet = or_(Link.checked_at.is_(None), Link.checked_at < wanted.started)
        due = and_(or_(due, Link.next_check_at > now + CLAIM_FOR), not_yet)
    return due if wanted.source_id is None else and_(due, is_of_source(wanted.source_id))


def _internal(session: Session, ids: Collection[int]) -> set[int]:
    """Those of the links that internal sources alone point to."""
    # The status is no condition: SQLite would rather go through all published resources.
    hidden = Resource.status != PUBLISHED
    all_internal = func.min(case((hidden, None), (Source.internal, 1), else_=0))
    query = (
        select(ResourceLink.link_id)
        .join(Resource, Resource.id == ResourceLink.resource_id)
        .outerjoin(Source, Source.id == Resource.source_id)
        .where(ResourceLink.link_id.in_(ids))
        .group_by(ResourceLink.link_id)
        .having(all_internal == 1)
    )
    return set(session.scalars(query)) if ids else set()


def record(
    session: Session, outcomes: Mapping[int, Outcome], *, now: datetime
) -> dict[int, Standing]:
    """Keep what the checks found, by link id. Two statements, however many there are.

    Returns:
        How each link stands now.
    """
    columns = (Link.id, *(getattr(Link, name) for name in STANDING))
    rows = session.execute(select(*columns).where(Link.id.in_(outcomes)))
    after = {id_: judged(Standing(*standing), outcomes[id_], now=now) for id_, *standing in rows}
    if after:
        session.execute(
            update(Link), [{"id": id_, **asdict(standing)} for id_, standing in after.items()]
        )
    return after
