"""Links: which addresses published resources point to, which are due, and keeping what was found.

Nobody is asked anything here, and nothing is ever deleted or withdrawn because a link is dead.

What a newcomer would get wrong:

- ``Link.next_check_at`` is the queue. None means that no published resource points there any more;
  what was found before is kept. A link that is new is due from the moment it was met.
- A claim moves ``next_check_at`` ahead by :data:`CLAIM_FOR`. A process that dies leaves its claims
  behind, and they run out by themselves.
- What a check means for a link is decided in ``link_standing``; a link is dead only after several
  failures over several days.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar, cast
from urllib.parse import urldefrag, urlsplit

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    case,
    delete,
    func,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from oer.database import Sessions
from oer.errors import DatabaseError, UsageError
from oer.metadata.identifiers import normalise_url
from oer.metadata.resource_metadata import ResourceMetadata, from_json
from oer.models import Link, Resource, ResourceLink, Source
from oer.models.resource import PUBLISHED
from oer.services.link_standing import STANDING, Outcome, Standing, judged

CLAIM_FOR = timedelta(hours=2)
"""How long claimed links are left to the process that claimed them."""

MOST_LINKS = 1000
"""Of one resource. A record with more is a mistake, or wants us to bother somebody else."""

REFRESH_BATCH = 200
_PARAMETERS = 5000
"""In one statement: databases end at some 32 000."""

LANDING_PAGE = "landing_page"
MATERIAL = "material"

_T = TypeVar("_T")

_LINKS = cast(Table, Link.__table__)
_RESOURCE_LINKS = cast(Table, ResourceLink.__table__)


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


class DeadLink(NamedTuple):
    """A link of a resource that is dead."""

    url: str
    role: str
    """``landing_page`` or ``material``."""
    status: int | None
    detail: str | None
    first_failed_at: datetime | None
    checked_at: datetime | None


# -- which links there are -------------------------------------------------------------------------


def link_url(raw: str) -> str | None:
    """The address that is kept and asked; None where it is none for the web.

    Without the fragment: a server is never told it, so ``page#one`` and ``page#two`` are one link.
    """
    url = normalise_url(raw)
    return urldefrag(url).url if url else None


def urls_of(metadata: ResourceMetadata) -> dict[str, str]:
    """The links of a description, each with its role. An address with two is a landing page."""
    raw = [(material.url, MATERIAL) for material in metadata.materials]
    found: dict[str, str] = {}
    for given, role in [(metadata.landing_page, LANDING_PAGE), *raw]:
        url = link_url(given) if given else None
        if url and len(found) < MOST_LINKS:
            found.setdefault(url, role)
    return found


def refresh(
    sessions: Sessions,
    *,
    now: datetime,
    batch: int = REFRESH_BATCH,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Bring the links up to the resources that changed. Returns how many resources those were.

    Each batch is a transaction, with a number of statements that grows with the links only by the
    thousand. Links that no published resource names any more are kept and are no longer due.
    """
    last = done = 0
    while True:
        with sessions.begin() as session:
            last, count = _refresh_batch(session, last, now, batch)
        if not count:
            return done
        done += count
        if progress:
            progress(done)


def _refresh_batch(session: Session, last: int, now: datetime, size: int) -> tuple[int, int]:
    # Written as a partial index would have it, or SQLite would not use that.
    stale = Resource.linked_revision != Resource.revision
    rows = session.execute(
        select(Resource.id, Resource.revision, Resource.status, Resource.metadata_json)
        .where(stale, Resource.id > last)
        .order_by(Resource.id)
        .limit(size)
        .with_for_update(skip_locked=True)  # another refresh has those; SQLite has no such thing
    ).all()
    if not rows:
        return last, 0
    _relink(session, {row.id: _urls_of_row(row) for row in rows}, now)
    marks = [{"id": row.id, "linked_revision": row.revision} for row in rows]
    session.execute(update(Resource), marks)
    return rows[-1].id, len(rows)


def _urls_of_row(row: Any) -> dict[str, str]:
    return urls_of(description(row.id, row.metadata_json)) if row.status == PUBLISHED else {}


def description(resource_id: int, metadata_json: str) -> ResourceMetadata:
    """A stored description.

    Raises:
        DatabaseError: It cannot be read; the message names the resource.
    """
    try:
        return from_json(metadata_json)
    except ValueError as error:
        raise DatabaseError(f"Resource {resource_id} cannot be read. {error}") from error


def _relink(session: Session, wanted: Mapping[int, Mapping[str, str]], now: datetime) -> None:
    ids = _link_ids(session, {url for urls in wanted.values() for url in urls}, now)
    of_these = _RESOURCE_LINKS.c.resource_id.in_(wanted)
    before = set(session.scalars(select(_RESOURCE_LINKS.c.link_id).where(of_these)))
    session.execute(delete(_RESOURCE_LINKS).where(of_these))
    rows = [
        {"resource_id": resource_id, "link_id": ids[url], "role": role}
        for resource_id, urls in wanted.items()
        for url, role in urls.items()
    ]
    _insert_missing(session, _RESOURCE_LINKS, rows)
    named = select(ResourceLink.link_id).where(ResourceLink.link_id == Link.id).exists()
    _set_next_check(session, before - set(ids.values()), None, ~named)
    _set_next_check(session, ids.values(), now, Link.next_check_at.is_(None))


def _link_ids(session: Session, urls: Iterable[str], now: datetime) -> dict[str, int]:
    """The id of every address, made where there was none."""
    digests = {_digest(url): url for url in sorted(urls)}
    ids: dict[str, int] = {}
    for part in _parts(list(digests)):
        rows = [_new_link(digest, digests[digest], now) for digest in part]
        _insert_missing(session, _LINKS, rows)
        query = select(Link.url_sha256, Link.id).where(Link.url_sha256.in_(part))
        ids |= {digests[digest]: id_ for digest, id_ in session.execute(query)}
    return ids


def _new_link(digest: str, url: str, now: datetime) -> dict[str, Any]:
    return {
        "url": url,
        "url_sha256": digest,
        "host": urlsplit(url).hostname or "",
        "state": "unchecked",
        "moved_permanently": False,
        "failures": 0,
        "next_check_at": now,
    }


def _insert_missing(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert in bulk what is not there: two processes may meet the same address at once."""
    postgres = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if postgres else sqlite.insert
    if rows:
        session.execute(insert(table).on_conflict_do_nothing(), rows)


def _set_next_check(
    session: Session, ids: Iterable[int], value: datetime | None, only: ColumnElement[bool]
) -> None:
    for part in _parts(sorted(ids)):
        session.execute(update(_LINKS).where(Link.id.in_(part), only).values(next_check_at=value))


def _digest(url: str) -> str:
    return sha256(url.encode()).hexdigest()


def _parts(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), _PARAMETERS):
        yield values[start : start + _PARAMETERS]


# -- which are due ---------------------------------------------------------------------------------


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
    _set_next_check(session, ids, now, Link.next_check_at.is_not(None))


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


def is_address(url: str) -> ColumnElement[bool]:
    """The link of that address, as :func:`link_url` writes it."""
    return Link.url_sha256 == _digest(url)


def is_of_source(source_id: int) -> ColumnElement[bool]:
    """Links that resources of the source point to."""
    return (
        select(ResourceLink.link_id)
        .join(Resource, Resource.id == ResourceLink.resource_id)
        .where(ResourceLink.link_id == Link.id, Resource.source_id == source_id)
        .exists()
    )


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


# -- what was found --------------------------------------------------------------------------------


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


def dead_links(session: Session, resource_ids: Iterable[int]) -> dict[int, list[DeadLink]]:
    """The dead links of these resources, by resource id; those that have none are left out."""
    found: dict[int, list[DeadLink]] = defaultdict(list)
    for part in _parts(list(resource_ids)):
        query = (
            select(
                ResourceLink.resource_id,
                Link.url,
                ResourceLink.role,
                Link.status,
                Link.detail,
                Link.first_failed_at,
                Link.checked_at,
            )
            .join(Link, Link.id == ResourceLink.link_id)
            .where(ResourceLink.resource_id.in_(part), Link.state == "dead")
            .order_by(ResourceLink.resource_id, Link.id)
        )
        for row in session.execute(query):
            found[row.resource_id].append(DeadLink(*row[1:]))
    return dict(found)
