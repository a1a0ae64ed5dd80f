"""The profile of a source in the catalogue: of its newest materials, kept for a while.

A page that anybody may ask for must not read a hundred thousand descriptions. So at most
:data:`NEWEST` are read (about half a second), and the result says of how many. It is kept in the
process: for :data:`FRESH` seconds whatever happens, and then until the source was harvested or its
number of materials changed, but never longer than :data:`STALE` seconds, because curators' edits
and new tables show in neither.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from oer.database import Sessions
from oer.metadata.resource_metadata import ResourceMetadata, from_json
from oer.models import Finding, Harvest, Resource
from oer.models.resource import PUBLISHED
from oer.services.findings import REPORTED
from oer.services.profile import CountedFinding, Profile, profile

NEWEST = 5000
BATCH = 500
FRESH = 60.0
STALE = 600.0
KEPT = 200
"""Profiles that a process keeps; the one that was counted longest ago goes first."""


@dataclass(frozen=True)
class SourceProfile:
    """A profile, and of how many published materials it could be."""

    profile: Profile
    of: int

    @property
    def is_sample(self) -> bool:
        """Whether it speaks of the newest materials only."""
        return self.profile.records < self.of


def source_profile(
    sessions: Sessions, source_id: int, *, clock: Callable[[], float] = monotonic
) -> SourceProfile:
    """The profile of the source's newest published materials, from memory where that will do."""
    with sessions() as session:
        engine = session.get_bind().engine
        version = _version(session, source_id)
    with _LOCK:
        shelf = _SHELVES.setdefault(engine, _Shelf())
    return shelf.get(source_id, version, clock(), lambda: _counted(sessions, source_id, version))


@dataclass(frozen=True)
class _Kept:
    version: tuple[Any, ...]
    since: float
    profile: SourceProfile

    def will_do(self, version: tuple[Any, ...], now: float) -> bool:
        age = now - self.since
        return age < FRESH or (age < STALE and version == self.version)


@dataclass
class _Shelf:
    """The profiles that this process keeps of one database."""

    kept: OrderedDict[int, _Kept] = field(default_factory=OrderedDict)
    counting: Lock = field(default_factory=Lock)

    def get(
        self,
        source_id: int,
        version: tuple[Any, ...],
        now: float,
        count: Callable[[], SourceProfile],
    ) -> SourceProfile:
        old = self.kept.get(source_id)
        if old is not None and old.will_do(version, now):
            return old.profile
        # One thread counts; the others are given what there is, and wait only where it is nothing.
        if not self.counting.acquire(blocking=old is None):
            assert old is not None
            return old.profile
        try:
            meanwhile = self.kept.get(source_id)
            if meanwhile is not None and meanwhile is not old:
                return meanwhile.profile
            counted = count()
            self.kept[source_id] = _Kept(version, now, counted)
            self.kept.move_to_end(source_id)
            while len(self.kept) > KEPT:
                self.kept.popitem(last=False)
            return counted
        finally:
            self.counting.release()


_SHELVES: WeakKeyDictionary[Engine, _Shelf] = WeakKeyDictionary()
_LOCK = Lock()


def _version(session: Session, source_id: int) -> tuple[Any, ...]:
    """What changes when the source is harvested or something of it is published or withdrawn."""
    last = select(func.max(Harvest.id)).where(Harvest.source_id == source_id).scalar_subquery()
    count = (
        select(func.count())
        .select_from(Resource)
        .where(Resource.source_id == source_id, Resource.status == PUBLISHED)
        .scalar_subquery()
    )
    run = session.execute(select(Harvest.state, Harvest.seen).where(Harvest.id == last)).first()
    return session.scalar(select(count)) or 0, *(run or ()), session.scalar(select(last))


def _counted(sessions: Sessions, source_id: int, version: tuple[Any, ...]) -> SourceProfile:
    counted = profile(_newest(sessions, source_id))
    return SourceProfile(counted, max(version[0], counted.records))


def _newest(
    sessions: Sessions, source_id: int
) -> Iterator[tuple[ResourceMetadata, list[CountedFinding]]]:
    """The newest descriptions with their findings, a batch in a short session of its own each."""
    query = (
        select(Resource.id, Resource.metadata_json)
        .where(Resource.source_id == source_id, Resource.status == PUBLISHED)
        .order_by(Resource.id.desc())
        .limit(BATCH)
    )
    last: int | None = None
    for _ in range(NEWEST // BATCH):
        with sessions() as session:
            batch = session.execute(
                query if last is None else query.where(Resource.id < last)
            ).all()
            found = _findings(session, [row.id for row in batch])
        for row in batch:
            yield from_json(row.metadata_json), found[row.id]
        if len(batch) < BATCH:
            return
        last = batch[-1].id


def _findings(session: Session, ids: list[int]) -> dict[int, list[CountedFinding]]:
    found: dict[int, list[CountedFinding]] = defaultdict(list)
    query = select(Finding.resource_id, Finding.code, Finding.severity)
    of_records = query.where(Finding.resource_id.in_(ids), Finding.code != REPORTED)
    for row in session.execute(of_records):
        found[row.resource_id].append(CountedFinding(row.code, row.severity, 1))
    return found
