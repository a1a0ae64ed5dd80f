"""Links: which addresses published resources point to, and which of them are dead.

What is due to be checked is decided in ``link_queue``. Nobody is asked anything here, and nothing
is ever deleted or withdrawn because a link is dead.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar, cast
from urllib.parse import urldefrag, urlsplit

from sqlalchemy import ColumnElement, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from oer.database import Sessions
from oer.errors import DatabaseError
from oer.metadata.identifiers import normalise_url
from oer.metadata.resource_metadata import ResourceMetadata, from_json
from oer.models import Link, Resource, ResourceLink
from oer.models.resource import PUBLISHED
from oer.services.link_standing import name_of

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


class Known(NamedTuple):
    """What was found at an address."""

    state: str
    """One of ``link_standing.STATES``."""
    first_failed_at: datetime | None
    checked_at: datetime | None


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
    set_next_check(session, before - set(ids.values()), None, ~named)
    set_next_check(session, ids.values(), now, Link.next_check_at.is_(None))


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


def set_next_check(
    session: Session, ids: Iterable[int], value: datetime | None, only: ColumnElement[bool]
) -> None:
    """Say when these links are due, where ``only`` holds of them; None: not any more."""
    for part in _parts(sorted(ids)):
        session.execute(update(_LINKS).where(Link.id.in_(part), only).values(next_check_at=value))


def _digest(url: str) -> str:
    return sha256(url.encode()).hexdigest()


def _parts(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), _PARAMETERS):
        yield values[start : start + _PARAMETERS]


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


def known(session: Session, urls: Iterable[str]) -> dict[str, Known]:
    """What was found at these addresses, by address; those nobody has asked yet are left out.

    One query for a thousand addresses.
    """
    given = {url: link for url in urls if (link := link_url(url))}
    digests = sorted({_digest(link) for link in given.values()})
    found: dict[str, Known] = {}
    for part in _parts(digests):
        query = select(
            Link.url,
            Link.state,
            Link.moved_permanently,
            Link.first_failed_at,
            Link.checked_at,
        ).where(Link.url_sha256.in_(part), Link.state != "unchecked")
        for url, state, moved, *rest in session.execute(query):
            found[url] = Known(name_of(state, moved), *rest)
    return {url: found[link] for url, link in given.items() if link in found}
