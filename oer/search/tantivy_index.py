"""The search index in a folder, kept by Tantivy: for catalogues that have outgrown Whoosh.

It answers what the other engines answer, in the same order. Two things differ: of a facet's values
(or combinations of values) the 65 000 most frequent ones are counted, and words of replaced
documents may be offered as corrections until Tantivy merges their segment (``oer index rebuild``
does so at once).

Versions before 0.27 lose documents where a union of unions meets a condition.

While an index is open Tantivy keeps one thread that watches the folder; it ends after ``close``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from tantivy import Index

from oer.search.generations import FolderIndex
from oer.search.index import SearchDocument
from oer.search.tantivy_documents import FORMAT, SCHEMA, Writer, make
from oer.search.tantivy_snapshot import Snapshot


class TantivyIndex(FolderIndex[Snapshot]):
    """A search index in a folder. Any number of threads and processes may share the folder."""

    format = f"t{FORMAT}"
    # Tantivy tells about missing and damaged files with the same errors.
    vanished = (OSError, ValueError)
    # It takes a lock in the folder while it opens the files.
    writes_to_read = True
    # It leaves Python to the others while it works.
    side_by_side = True

    def _is_damage(self, error: BaseException) -> bool:
        # Rust's panics are no Exception, and their class cannot be imported.
        return super()._is_damage(error) or type(error).__name__ == "PanicException"

    def _empty(self) -> Snapshot:
        return Snapshot(Index(SCHEMA).searcher())

    def _state(self, folder: Path) -> tuple[int, int, int]:
        # Tantivy renames a new file into place.
        state = (folder / "meta.json").stat()
        return state.st_mtime_ns, state.st_ino, state.st_size

    def _open(self, folder: Path) -> Snapshot:
        index = Index.open(str(folder))
        index.config_reader("manual")
        return Snapshot(index.searcher())

    def _make(self, folder: Path) -> None:
        make(folder)

    def _put(self, folder: Path, documents: Mapping[int, SearchDocument], gone: set[int]) -> None:
        writer = Writer(folder)
        try:
            for id_ in gone:
                writer.delete(id_)
            for document in documents.values():
                writer.add(document)
        except BaseException:
            writer.cancel()
            raise
        writer.commit()

    def _fill(self, folder: Path, documents: Iterable[SearchDocument]) -> int:
        writer, count = Writer(folder), 0
        try:
            for document in documents:
                writer.add(document)
                count += 1
        except BaseException:
            writer.cancel()
            raise
        writer.commit()
        return count
