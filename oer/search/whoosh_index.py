"""The search index in a folder, kept by Whoosh: pure Python, nothing to install."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.index import EmptyIndexError, FileIndex
from whoosh.reading import SegmentReader

from oer.search.generations import FolderIndex
from oer.search.index import SearchDocument
from oer.search.whoosh_segments import FORMAT, SCHEMA, Segment, Writer, tiered
from oer.search.whoosh_snapshot import SegmentData, Snapshot

MANY = 100_000
"""Documents from which on another engine is the better one. Up to here 95 of 100 pages of results
for words that most documents have take less than 60 ms, and the time grows with the documents."""


class WhooshIndex(FolderIndex[Snapshot]):
    """A search index in a folder. Any number of threads and processes may share the folder."""

    format = f"v{FORMAT}"
    vanished = (FileNotFoundError, EmptyIndexError)

    @property
    def memory(self) -> int:
        """Bytes that stay in memory, without the words kept from earlier searches."""
        with self._telling():
            return self._current().memory

    def notes(self) -> tuple[str, ...]:
        """Also: whether the catalogue has outgrown this engine."""
        if (count := self.count()) <= MANY:
            return super().notes()
        return (
            f"The search index holds {count:,} documents, and the engine whoosh: grows slow beyond "
            f"{MANY:,}. Run: pip install 'oer[tantivy]', set OER_SEARCH_URL=tantivy: "
            "and run: oer index rebuild",
            *super().notes(),
        )

    def _empty(self) -> Snapshot:
        return Snapshot([])

    def _state(self, folder: Path) -> int:
        return int(_index(folder).latest_generation())

    def _open(self, folder: Path) -> Snapshot:
        index = _index(folder)
        known = {
            data.reader.segment().segment_id(): data
            for data in (self._snapshot.segment_data if self._snapshot else ())
        }
        return Snapshot(
            (segment, known.get(segment.segment_id()) or self._load(index, segment))
            for segment in index._read_toc().segments
        )

    @staticmethod
    def _load(index: FileIndex, segment: Segment) -> SegmentData:
        return SegmentData(SegmentReader(index.storage, SCHEMA, segment))

    def _make(self, folder: Path) -> None:
        FileIndex.create(FileStorage(str(folder)), SCHEMA)

    def _put(self, folder: Path, documents: Mapping[int, SearchDocument], gone: set[int]) -> None:
        writer = Writer(_index(folder))
        try:
            _delete(writer, gone)
            for document in documents.values():
                writer.add(document)
        except BaseException:
            writer.cancel()
            raise
        writer.commit(mergetype=tiered)

    def _fill(self, folder: Path, documents: Iterable[SearchDocument]) -> int:
        index, count = _index(folder), 0
        writer = Writer(index)
        try:
            for document in documents:
                if writer.is_full:
                    writer.commit(merge=False)
                    writer = Writer(index)
                writer.add(document)
                count += 1
        except BaseException:
            writer.cancel()
            raise
        writer.commit(merge=False)
        return count


def _index(folder: Path) -> FileIndex:
    return FileIndex(FileStorage(str(folder)), schema=SCHEMA)


def _delete(writer: Writer, ids: set[int]) -> None:
    """Mark every document of these ids as deleted."""
    for segment in writer.segments:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        held = reader._terms.ids()
        for number in [number for number, id_ in enumerate(held) if id_ in ids]:
            segment.delete_document(number)
        reader.close()
