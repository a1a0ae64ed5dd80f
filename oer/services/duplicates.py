"""Finding likely copies of the same resource. Deciding on them is ``oer.services.merging``.

Every resource in the catalogue has its keys in a table of their own (:func:`refresh`). The
database pairs resources that share a key; only those pairs are compared. A key that more than
:data:`MOST_SHARING` resources share is left out and counted (:func:`crowded`): whatever half the
catalogue has in common tells nothing, and pairs grow with the square of a block. So the work per
resource has a bound, however large the catalogue grows.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Executable, Select, case, func, or_, select, text, update
from sqlalchemy.orm import Session, aliased

from oer.database import Sessions
from oer.errors import DatabaseError
from oer.metadata.likeness import (
    TITLE_KEY,
    WEAK_KEY,
    Kind,
    Likeness,
    Reason,
    Sketch,
    keys,
    likeness,
)
from oer.metadata.resource_metadata import ResourceMetadata, from_json
from oer.models import DuplicateDecision, Resource, ResourceKey, Source
from oer.models.resource import IN_REVIEW, PUBLISHED
from oer.services import related, sources

MOST_SHARING = 20
"""A key that more resources share is no sign of a copy."""

MIN_SCORE = 0.8
"""Pairs less alike are rather parts of one whole, or editions."""

BATCH = 5000
"""Resources whose keys are written in one transaction. Keys are spread over their whole index, so
small transactions would write all of it again and again."""
MANY = 1000
"""So many new keys at a time change how the table is best read."""
READ_AT_ONCE = 500
PAIRS_AT_ONCE = 1000
SKETCHES_KEPT = 10_000

DISTINCT, MERGED_PAIR = "distinct", "merged"
"""What may be decided on a pair."""

LIVE = (PUBLISHED, IN_REVIEW)
"""Only these have keys: a merged copy is found already, and nobody sees a withdrawn one."""

Progress = Callable[[int, int], None]
"""Told how much is done, and of how much."""

_IS_TITLE = or_(ResourceKey.key.startswith(TITLE_KEY), ResourceKey.key.startswith(WEAK_KEY))

_STALE = Resource.keyed_revision != Resource.revision
_DELETE_KEYS = text("DELETE FROM resource_key WHERE resource_id = :resource_id")
_INSERT_KEYS = text(
    "INSERT INTO resource_key (resource_id, key) VALUES (:resource_id, :key) ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class Copy:
    """One of two likely copies, as a curator is shown it."""

    id: int
    address: str
    status: str
    title: str
    source: str | None
    """Slug of its source; None where it was written here."""
    landing_page: str | None
    completeness: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two resources that are likely the same, how likely, and why."""

    keep: Copy
    """The published one, or the one described better, or else the one that was here first."""
    other: Copy
    score: float
    reasons: tuple[Reason, ...]
    kinds: frozenset[Kind]

    @property
    def same_source(self) -> bool:
        """Whether one source has it twice, which may well be on purpose."""
        return self.keep.source is not None and self.keep.source == self.other.source


@dataclass(frozen=True, slots=True)
class Crowded:
    """Keys that were left out because too many resources share them."""

    identifiers: int
    titles: int


class _Fresh(NamedTuple):
    """What was read of resources that changed."""

    revisions: dict[int, int]
    """By resource id."""
    keys: list[dict[str, Any]]
    relations: list[dict[str, Any]]


class _Compared(NamedTuple):
    copy: Copy
    sketch: Sketch


def refresh(sessions: Sessions, *, batch: int = BATCH, progress: Progress | None = None) -> int:
    """Bring the keys up to the resources that changed, and the names they give to related ones.

    One transaction a batch.

    Returns:
        How many resources were looked at.
    """
    with sessions() as session:
        waiting = session.scalar(select(func.count()).select_from(Resource).where(_STALE)) or 0
    done = last = 0
    while waiting:
        fresh = _fresh(sessions, last, batch)
        if not fresh.revisions:
            break
        _write(sessions, fresh)
        last, done = max(fresh.revisions), done + len(fresh.revisions)
        if progress:
            progress(done, max(done, waiting))
    if done >= MANY:
        _let_the_database_count(sessions)
    return done


def candidates(
    sessions: Sessions,
    *,
    min_score: float = MIN_SCORE,
    kind: Kind | None = None,
    source: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Candidate]:
    """Pairs that are likely the same resource and not decided on yet, in no useful order.

    Finds what :func:`refresh` has seen. ``kind`` keeps those found by a shared identifier or by a
    close title, ``source`` those with a resource of that source.

    Raises:
        UnknownSource: No source of that slug.
    """
    with sessions() as session:
        if source is not None:
            sources.get(session, source)
        found = _compared(session, _pairs(), _crowded_identifiers(session), progress)
        for candidate in found:
            if candidate.score < min_score or (kind and kind not in candidate.kinds):
                continue
            if source is None or source in (candidate.keep.source, candidate.other.source):
                yield candidate


def copies_of(
    session: Session, resource_id: int, *, min_score: float = MIN_SCORE
) -> list[Candidate]:
    """The likely copies of one resource, likeliest first. Costs the same in a large catalogue."""
    found = _compared(session, _pairs(resource_id), _crowded_identifiers(session, resource_id))
    return sorted(
        (candidate for candidate in found if candidate.score >= min_score),
        key=lambda candidate: -candidate.score,
    )


def crowded(session: Session) -> Crowded:
    """How many keys are left out."""
    by_title = select(ResourceKey.key).where(_IS_TITLE)
    by_title = by_title.group_by(ResourceKey.key).having(func.count() > MOST_SHARING)
    titles = session.scalar(select(func.count()).select_from(by_title.subquery())) or 0
    return Crowded(identifiers=len(_crowded_identifiers(session)), titles=titles)


# Keys ---------------------------------------------------------------------------------------------


def _fresh(sessions: Sessions, last: int, batch: int) -> _Fresh:
    """The next resources that changed, with the revision that was read, and their keys."""
    query = (
        select(
            Resource.id,
            Resource.revision,
            Resource.status,
            Resource.source_id,
            Resource.metadata_json,
        )
        .where(_STALE, Resource.id > last)
        .order_by(Resource.id)
        .limit(batch)
        .execution_options(yield_per=READ_AT_ONCE)
    )
    fresh = _Fresh({}, [], [])
    with sessions() as session:
        for row in session.execute(query):
            fresh.revisions[row.id] = row.revision
            if row.status in LIVE:
                metadata = _description(row.id, row.metadata_json)
                fresh.keys.extend({"resource_id": row.id, "key": key} for key in keys(metadata))
                fresh.relations.extend(related.rows(row.id, row.source_id, metadata))
    return fresh


def _write(sessions: Sessions, fresh: _Fresh) -> None:
    # Keys lie all over the index; in their order, each of its pages is written once a batch.
    fresh.keys.sort(key=itemgetter("key"))
    # What is noted is the revision that was read: a change made meanwhile goes on waiting.
    done = [{"id": id_, "keyed_revision": each} for id_, each in fresh.revisions.items()]
    with sessions.begin() as session:
        session.execute(_DELETE_KEYS, [{"resource_id": id_} for id_ in fresh.revisions])
        if fresh.keys:
            session.execute(_INSERT_KEYS, fresh.keys)
        related.keep(session, fresh.revisions, fresh.relations)
        session.execute(update(Resource), done)


def _let_the_database_count(sessions: Sessions) -> None:
    """Have PostgreSQL look at the table now: taking it for empty, it pairs in quadratic time."""
    with sessions.begin() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("ANALYZE resource_key"))


def _description(resource_id: int, metadata_json: str) -> ResourceMetadata:
    try:
        return from_json(metadata_json)
    except ValueError as error:
        raise DatabaseError(f"Resource {resource_id} cannot be read. {error}") from error


def _crowded_identifiers(session: Session, resource_id: int | None = None) -> frozenset[str]:
    """Identifiers that too many resources share: all of them, or those of one resource."""
    query = (
        select(ResourceKey.key)
        .where(~_IS_TITLE)
        .group_by(ResourceKey.key)
        .having(func.count() > MOST_SHARING)
    )
    if resource_id is not None:
        query = query.where(ResourceKey.key.in_(_keys_of(resource_id)))
    return frozenset(session.scalars(query))


def _keys_of(resource_id: int) -> Select[Any]:
    own = aliased(ResourceKey)
    return select(own.key).where(own.resource_id == resource_id)


# Pairs --------------------------------------------------------------------------------------------


def _pairs(resource_id: int | None = None) -> Executable:
    """Pairs that share keys enough, each once, and whether one of these is an identifier.

    They come in the order of the first one's id. The database sorts them, on disk where there are
    many; this process holds a few at a time.
    """
    one, other = aliased(ResourceKey), aliased(ResourceKey)
    telling = select(ResourceKey.key).group_by(ResourceKey.key)
    telling = telling.having(func.count().between(2, MOST_SHARING))
    if resource_id is not None:
        telling = telling.where(ResourceKey.key.in_(_keys_of(resource_id)))
    block = telling.subquery()
    is_weak = block.c.key.startswith(WEAK_KEY)
    is_title = or_(is_weak, block.c.key.startswith(TITLE_KEY))
    query = (
        select(one.resource_id, other.resource_id, func.max(case((is_title, 0), else_=1)))
        .select_from(block)
        .join(one, one.key == block.c.key)
        .join(other, other.key == block.c.key)
        .group_by(one.resource_id, other.resource_id)
        .having(func.sum(case((is_weak, 1), else_=2)) >= 2)
        .order_by(one.resource_id, other.resource_id)
    )
    if resource_id is not None:
        return query.where(one.resource_id == resource_id, other.resource_id != resource_id)
    return query.where(one.resource_id < other.resource_id)


def _compared(
    session: Session,
    pairs: Executable,
    ignored: Collection[str],
    progress: Progress | None = None,
) -> Iterator[Candidate]:
    decided = _distinct(session)
    end = session.scalar(select(func.max(Resource.id))) or 0
    shelf = _Shelf(session)
    found = session.execute(pairs.execution_options(yield_per=PAIRS_AT_ONCE))
    for part in found.partitions():
        open_pairs = [pair for pair in part if _ordered(pair[0], pair[1]) not in decided]
        sketches = shelf.fetch({id_ for one, other, _ in open_pairs for id_ in (one, other)})
        for one, other, by_identifier in open_pairs:
            if one in sketches and other in sketches:
                left, right = sketches[one], sketches[other]
                alike = likeness(
                    left.sketch, right.sketch, ignored, by_identifier=bool(by_identifier)
                )
                if alike:
                    yield _candidate(left.copy, right.copy, alike)
        if progress:
            progress(part[-1][0], end)


def _candidate(one: Copy, other: Copy, alike: Likeness) -> Candidate:
    keep, copy = sorted((one, other), key=_rank)
    return Candidate(keep, copy, alike.score, alike.reasons, alike.kinds)


def _rank(copy: Copy) -> tuple[bool, float, int]:
    return copy.status != PUBLISHED, -copy.completeness, copy.id


def _distinct(session: Session) -> frozenset[tuple[int, int]]:
    """Pairs said to be different. What was said of a merged copy holds for what it is part of."""
    one, other = aliased(Resource), aliased(Resource)
    rows = session.execute(
        select(
            func.coalesce(one.merged_into_id, one.id),
            func.coalesce(other.merged_into_id, other.id),
        )
        .select_from(DuplicateDecision)
        .join(one, one.id == DuplicateDecision.first_id)
        .join(other, other.id == DuplicateDecision.second_id)
        .where(DuplicateDecision.decision == DISTINCT)
    )
    return frozenset(_ordered(*row) for row in rows)


def _ordered(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


class _Shelf:
    """Sketches of resources, the last ones asked for kept at hand."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._kept: OrderedDict[int, _Compared] = OrderedDict()

    def fetch(self, ids: Iterable[int]) -> dict[int, _Compared]:
        """The sketches of these resources; those no longer in the catalogue are left out."""
        found = {id_: self._kept[id_] for id_ in ids if id_ in self._kept}
        missing = sorted(set(ids) - found.keys())
        for start in range(0, len(missing), READ_AT_ONCE):
            found |= self._read(missing[start : start + READ_AT_ONCE])
        for id_, compared in found.items():
            self._kept[id_] = compared
            self._kept.move_to_end(id_)
        while len(self._kept) > SKETCHES_KEPT:
            self._kept.popitem(last=False)
        return found

    def _read(self, ids: list[int]) -> dict[int, _Compared]:
        rows = self._session.execute(
            select(
                Resource.id,
                Resource.address,
                Resource.status,
                Resource.completeness,
                Resource.metadata_json,
                Source.slug,
            )
            .outerjoin(Source, Source.id == Resource.source_id)
            .where(Resource.id.in_(ids), Resource.status.in_(LIVE))
        )
        return {row.id: _read_row(row) for row in rows}


def _read_row(row: Any) -> _Compared:
    metadata = _description(row.id, row.metadata_json)
    copy = Copy(
        id=row.id,
        address=row.address,
        status=row.status,
        title=metadata.title[0].text if metadata.title else "",
        source=row.slug,
        landing_page=metadata.landing_page,
        completeness=row.completeness or 0.0,
    )
    return _Compared(copy, Sketch(metadata))
