"""Bringing the search index up to the database.

A row waits for the index while its ``revision`` and ``indexed_revision`` differ. What is marked
as done afterwards is the revision that was read, so a change made meanwhile goes on waiting. The
index is written only from committed rows: whoever changes resources commits first and drains
after.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select, update

from oer.database import Sessions
from oer.errors import IndexBusy, SearchIndexError
from oer.metadata.resource_metadata import ResourceMetadata, from_json
from oer.models.resource import PUBLISHED, Resource, published_among_few
from oer.models.source import Source
from oer.models.vocabulary import VocabularyConcept
from oer.search.documents import concepts_of, document
from oer.search.generations import WAY_OUT
from oer.search.index import SearchDocument, SearchIndex
from oer.search.lexicon import prepare

BATCH = 500

Progress = Callable[[int], None]
"""Told how many resources are done."""


@dataclass(frozen=True)
class Status:
    """How the index stands beside the database."""

    published: int
    """Resources that belong in the index."""
    indexed: int
    """Documents the index holds."""
    waiting: int
    """Resources whose last change is not in the index yet."""
    lacking: int = 0
    """Published resources that the index was given and has no more; at least so many."""
    notes: tuple[str, ...] = ()
    """Sentences for the operator about what could be better."""

    @property
    def problem(self) -> str:
        """What is wrong, in a sentence with a way out; empty where nothing is."""
        if not self.lacking:
            return ""
        what = "1 resource" if self.lacking == 1 else f"{self.lacking} resources"
        return f"The index lacks {what}. {WAY_OUT}"


class _Row(NamedTuple):
    """What of a resource the index needs."""

    id: int
    revision: int
    status: str
    source_id: int | None
    created_at: datetime
    datestamp: datetime
    metadata_json: str
    completeness: float | None


_COLUMNS = (
    Resource.id,
    Resource.revision,
    Resource.status,
    Resource.source_id,
    Resource.created_at,
    Resource.datestamp,
    Resource.metadata_json,
    Resource.completeness,
)
# Written as the partial index ix_resource_stale has it, or SQLite would not use that.
_WAITING = Resource.indexed_revision != Resource.revision


def drain(
    sessions: Sessions,
    index: SearchIndex,
    *,
    batch: int = BATCH,
    progress: Progress | None = None,
) -> int:
    """Take what waits into the index: published resources in, all others out.

    Returns:
        How many resources were taken in or out. Where another writer holds the index, what is
        left goes on waiting; that is not an error.
    """
    slugs, done = _slugs(sessions), 0
    for rows in _batches(sessions, _WAITING, batch):
        published = [row for row in rows if row.status == PUBLISHED]
        gone = [row.id for row in rows if row.status != PUBLISHED]
        if len(rows) == batch:
            # There is much to do: the few seconds this may take are soon won back.
            prepare()
        try:
            index.replace(_documents(sessions, published, slugs), gone)
        except IndexBusy:
            break
        _mark(sessions, [(row.id, row.revision) for row in rows])
        done += len(rows)
        if progress:
            progress(done)
    return done


def rebuild(
    sessions: Sessions,
    index: SearchIndex,
    *,
    batch: int = BATCH,
    progress: Progress | None = None,
) -> int:
    """Write the whole index anew, then take in what changed meanwhile.

    Returns:
        How many documents were written.

    Raises:
        IndexBusy: Another writer holds the index.
    """
    prepare()
    slugs = _slugs(sessions)
    ids, revisions = array("q"), array("q")

    def documents() -> Iterator[SearchDocument]:
        for rows in _batches(sessions, published_among_few(), batch):
            ids.extend(row.id for row in rows)
            revisions.extend(row.revision for row in rows)
            yield from _documents(sessions, rows, slugs)
            if progress:
                progress(len(ids))

    count = index.rebuild(documents())
    for start in range(0, len(ids), batch):
        end = start + batch
        _mark(sessions, zip(ids[start:end], revisions[start:end], strict=True))
    drain(sessions, index, batch=batch)
    return count


def published(sessions: Sessions) -> int:
    """How many resources belong in the index."""
    with sessions() as session:
        return session.scalar(select(func.count()).where(Resource.status == PUBLISHED)) or 0


def status(sessions: Sessions, index: SearchIndex) -> Status:
    """How the index stands beside the database."""
    is_published = case((Resource.status == PUBLISHED, 1))
    with sessions() as session:
        query = select(func.count(), func.count(is_published)).where(_WAITING)
        waiting, to_come = session.execute(query.select_from(Resource)).one()
    belonging, indexed = published(sessions), index.count()
    return Status(
        published=belonging,
        indexed=indexed,
        waiting=waiting,
        lacking=max(0, belonging - to_come - indexed),
        notes=index.notes(),
    )


@dataclass(frozen=True)
class Differences:
    """Where index and database disagree; what waits for the index is not counted among them."""

    missing: tuple[int, ...]
    """Published resources that the index lacks."""
    extra: tuple[int, ...]
    """Documents of what is not published, or not there at all."""
    outdated: tuple[int, ...]
    """Documents of another day than the resource, though nothing waits."""

    def __bool__(self) -> bool:
        return bool(self.missing or self.extra or self.outdated)


def verify(sessions: Sessions, index: SearchIndex, *, batch: int = 20 * BATCH) -> Differences:
    """Compare every document of the index with its resource.

    Both are read in the order of their ids, side by side, so memory does not grow with them.
    """
    missing: list[int] = []
    extra: list[int] = []
    outdated: list[int] = []
    held = iter(index.held())
    document = next(held, None)
    for id_, published, waiting, updated in _standing(sessions, batch):
        while document and document[0] < id_:
            extra.append(document[0])
            document = next(held, None)
        here = document if document and document[0] == id_ else None
        if here:
            document = next(held, None)
        if waiting:
            continue
        if published and not here:
            missing.append(id_)
        elif here and not published:
            extra.append(id_)
        elif here and here[1] != updated:
            outdated.append(id_)
    extra.extend(id_ for id_, _ in (*([document] if document else []), *held))
    return Differences(tuple(missing), tuple(extra), tuple(outdated))


def repair(sessions: Sessions, index: SearchIndex, found: Differences) -> None:
    """Let the index take in anew what differs.

    Raises:
        IndexBusy: Another writer holds the index.
    """
    index.replace((), found.extra)
    _mark(sessions, ((id_, 0) for id_ in (*found.missing, *found.outdated)))
    drain(sessions, index)


def _standing(sessions: Sessions, batch: int) -> Iterator[tuple[int, bool, bool, float]]:
    """Id, whether published, whether waiting, and time of change of every resource, by id."""
    last = 0
    query = (
        select(Resource.id, Resource.status, _WAITING.label("waiting"), Resource.datestamp)
        .order_by(Resource.id)
        .limit(batch)
    )
    while True:
        with sessions() as session:
            rows = session.execute(query.where(Resource.id > last)).all()
        if not rows:
            return
        for row in rows:
            yield row.id, row.status == PUBLISHED, bool(row.waiting), row.datestamp.timestamp()
        last = rows[-1].id


def _batches(
    sessions: Sessions, condition: ColumnElement[bool], size: int
) -> Iterator[Sequence[_Row]]:
    """Rows in the order of their ids. No transaction stays open between batches."""
    last = 0
    query = select(*_COLUMNS).where(condition).order_by(Resource.id).limit(size)
    while True:
        with sessions() as session:
            rows = [_Row(*row) for row in session.execute(query.where(Resource.id > last))]
        if not rows:
            return
        yield rows
        last = rows[-1].id


def _slugs(sessions: Sessions) -> dict[int, str]:
    with sessions() as session:
        return {row.id: row.slug for row in session.execute(select(Source.id, Source.slug))}


def _documents(
    sessions: Sessions, rows: Sequence[_Row], slugs: dict[int, str]
) -> list[SearchDocument]:
    described = [(row, _metadata(row)) for row in rows]
    labels = _labels(sessions, {uri for _, each in described for uri in concepts_of(each)})
    return [
        document(
            row.id,
            metadata,
            slugs.get(row.source_id) if row.source_id else None,
            row.datestamp,
            row.completeness,
            labels,
            row.created_at,
        )
        for row, metadata in described
    ]


def _metadata(row: _Row) -> ResourceMetadata:
    try:
        return from_json(row.metadata_json)
    except ValueError as error:
        raise SearchIndexError(f"Resource {row.id} cannot be indexed. {error}") from error


def _labels(sessions: Sessions, uris: set[str]) -> dict[str, dict[str, str]]:
    """Names of concepts of loaded vocabularies, in one query for a batch."""
    if not uris:
        return {}
    query = select(VocabularyConcept.uri, VocabularyConcept.labels).where(
        VocabularyConcept.uri.in_(uris)
    )
    with sessions() as session:
        return {row.uri: row.labels for row in session.execute(query)}


def _mark(sessions: Sessions, done: Iterable[tuple[int, int]]) -> None:
    """Note the revisions the index now holds."""
    values = [{"id": id_, "indexed_revision": revision} for id_, revision in done]
    with sessions.begin() as session:
        session.execute(update(Resource), values)
