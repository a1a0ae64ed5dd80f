"""The search index in a folder, kept by Whoosh.

::

    CURRENT          names the folder of the generation that is searched
    LOCK             held by whoever writes
    v2-5f0c93aa/     a Whoosh index; the number before the hyphen is the format
      LEMMAS         what lemmas came from when it was written

A rebuild writes the next folder and renames ``CURRENT`` into place, so that searches change over
from one moment to the next. Writers of all processes share one lock, rebuilds included: what was
put into the old folder during a rebuild would be lost.
"""

import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from whoosh.filedb.filestore import FileStorage
from whoosh.index import EmptyIndexError, FileIndex
from whoosh.reading import SegmentReader
from whoosh.util.filelock import try_for

from oer.errors import IndexBusy, SearchIndexError
from oer.search import lemmas
from oer.search.index import Hit, SearchDocument, SearchQuery, SearchResults, Suggestion
from oer.search.whoosh_segments import FORMAT, SCHEMA, Segment, Writer, tiered
from oer.search.whoosh_snapshot import SegmentData, Snapshot

CHECK_SECONDS = 1.0
"""How long a process may go on answering from a generation another process has replaced."""

LOCK_SECONDS = 5.0
"""How long a writer waits for another one."""

_OPEN_ATTEMPTS = 5
_WAY_OUT = "Run: oer index rebuild"


class _FromOutsideError(Exception):
    """Carries an error of whoever makes the documents past our own guard."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


class WhooshIndex:
    """A search index in a folder. Any number of threads and processes may share the folder."""

    def __init__(
        self,
        folder: Path,
        *,
        check_seconds: float = CHECK_SECONDS,
        lock_seconds: float = LOCK_SECONDS,
    ) -> None:
        self._folder = folder
        self._check_seconds = check_seconds
        self._lock_seconds = lock_seconds
        self._opening = Lock()
        self._snapshot: Snapshot | None = None
        self._generation: tuple[str, int] | None = None
        self._checked = 0.0

    # --- what everyone sees -----------------------------------------------------------------

    def search(self, query: SearchQuery) -> SearchResults:
        """Answer a question."""
        with self._telling():
            return self._current().search(query)

    def suggest(self, prefix: str, language: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """What may be meant by the beginning of a query."""
        with self._telling():
            return self._current().suggest(prefix, language, limit)

    def more_like(self, id_: int, limit: int = 6) -> tuple[Hit, ...]:
        """Documents that share the most telling words with this one."""
        with self._telling():
            return self._current().more_like(id_, limit)

    def notes(self) -> tuple[str, ...]:
        """Whether the index was written with other lemmas than it is asked with."""
        with self._telling():
            name = self._name()
        written = self._folder / (name or "") / "LEMMAS"
        source = written.read_text("utf-8", "replace").strip() if written.is_file() else ""
        if source in ("", lemmas.source()):
            return lemmas.notes()
        return (
            f"The search index took its Finnish lemmas from the {source}, and they come from the "
            f"{lemmas.source()} now. {_WAY_OUT}",
            *lemmas.notes(),
        )

    def count(self) -> int:
        """How many documents the index holds."""
        with self._telling():
            return self._current().count

    def replace(self, documents: Iterable[SearchDocument], deleted: Iterable[int] = ()) -> None:
        """Put documents in and take ids out, in one commit."""
        latest = {document.id: document for document in documents}
        gone = {*latest, *deleted}
        if not gone:
            return
        with self._telling(), self._locked():
            writer = Writer(self._index(self._name() or self._create()))
            try:
                _delete(writer, gone)
                for document in latest.values():
                    writer.add(document)
            except BaseException:
                writer.cancel()
                raise
            writer.commit(mergetype=tiered)
        self._checked = 0.0

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        """Write a new index beside the old one and switch to it."""
        with self._telling(), self._locked():
            old = self._name(any_format=True)
            self._remove_all_but(old)
            name = self._new_name()
            count = self._fill(name, documents)
            self._switch(name)
            self._checked = 0.0
            self._remove_all_but(name)
        return count

    def close(self) -> None:
        """Let go of files. Searches still running keep theirs until they are done."""
        with self._opening:
            self._snapshot = self._generation = None
            self._checked = 0.0

    @property
    def memory(self) -> int:
        """Bytes that stay in memory, without the words kept from earlier searches."""
        with self._telling():
            return self._current().memory

    # --- reading ----------------------------------------------------------------------------

    def _current(self) -> Snapshot:
        snapshot, now = self._snapshot, time.monotonic()
        if snapshot is not None and self._checked and now - self._checked < self._check_seconds:
            return snapshot
        with self._opening:
            for attempt in range(_OPEN_ATTEMPTS):
                try:
                    return self._refresh(now)
                except (FileNotFoundError, EmptyIndexError):
                    # A writer took away what we were about to open; there is something newer now.
                    if attempt == _OPEN_ATTEMPTS - 1:
                        raise
                    time.sleep(0.02 * (attempt + 1))
        raise AssertionError("the loop returns or raises")

    def _refresh(self, now: float) -> Snapshot:
        name = self._name()
        if name is None:
            self._snapshot, self._generation = Snapshot([]), None
        else:
            index = self._index(name)
            generation = (name, index.latest_generation())
            if self._snapshot is None or self._generation != generation:
                self._snapshot = self._open(index)
                self._generation = generation
        self._checked = now
        return self._snapshot

    def _open(self, index: FileIndex) -> Snapshot:
        contents = index._read_toc()
        known = {
            data.reader.segment().segment_id(): data
            for data in (self._snapshot.segment_data if self._snapshot else ())
        }
        return Snapshot(
            (segment, known.get(segment.segment_id()) or self._load(index, segment))
            for segment in contents.segments
        )

    @staticmethod
    def _load(index: FileIndex, segment: Segment) -> SegmentData:
        return SegmentData(SegmentReader(index.storage, SCHEMA, segment))

    # --- folders ----------------------------------------------------------------------------

    def _name(self, *, any_format: bool = False) -> str | None:
        """The name of the current folder; None where there is no index yet."""
        try:
            name = (self._folder / "CURRENT").read_text("utf-8", "replace").strip()
        except FileNotFoundError:
            return None
        if any_format or name.startswith(f"v{FORMAT}-"):
            return name
        raise SearchIndexError(
            f"The search index in {self._folder} was written by another version of oer. {_WAY_OUT}"
        )

    @staticmethod
    def _new_name() -> str:
        # Never used before, so that no process takes a new folder for the one it has open.
        return f"v{FORMAT}-{secrets.token_hex(4)}"

    def _index(self, name: str) -> FileIndex:
        return FileIndex(FileStorage(str(self._folder / name)), schema=SCHEMA)

    def _create(self) -> str:
        name = self._new_name()
        self._make(name)
        self._switch(name)
        return name

    def _make(self, name: str) -> FileIndex:
        folder = self._folder / name
        folder.mkdir(parents=True)
        (folder / "LEMMAS").write_text(f"{lemmas.source()}\n", encoding="utf-8")
        return FileIndex.create(FileStorage(str(folder)), SCHEMA)

    def _fill(self, name: str, documents: Iterable[SearchDocument]) -> int:
        index, count = self._make(name), 0
        writer = Writer(index)
        try:
            for document in _from_outside(documents):
                if writer.is_full:
                    writer.commit(merge=False)
                    writer = Writer(index)
                writer.add(document)
                count += 1
        except BaseException:
            writer.cancel()
            shutil.rmtree(self._folder / name, ignore_errors=True)
            raise
        writer.commit(merge=False)
        return count

    def _switch(self, name: str) -> None:
        temporary = self._folder / "CURRENT.new"
        temporary.write_text(f"{name}\n", encoding="utf-8")
        temporary.replace(self._folder / "CURRENT")

    def _remove_all_but(self, name: str | None) -> None:
        """Remove other folders. Searches that have their files open may finish."""
        for folder in self._folder.glob("v*-*"):
            if folder.name != name:
                shutil.rmtree(folder, ignore_errors=True)

    # --- guards -----------------------------------------------------------------------------

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileStorage(str(self._folder)).lock("LOCK")
        if not try_for(lock.acquire, timeout=self._lock_seconds, delay=0.05):
            raise IndexBusy(
                f"The search index in {self._folder} is being written by another process. "
                "Nothing is lost: run oer index update later."
            )
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn whatever damaged files can raise into one sentence with a way out."""
        try:
            yield
        except SearchIndexError:
            raise
        except _FromOutsideError as outside:
            raise outside.error from None
        except Exception as error:
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise SearchIndexError(
                f"The search index in {self._folder} cannot be used ({reason}). {_WAY_OUT}"
            ) from error


def _from_outside(documents: Iterable[SearchDocument]) -> Iterator[SearchDocument]:
    try:
        yield from documents
    except Exception as error:
        raise _FromOutsideError(error) from error


def _delete(writer: Writer, ids: set[int]) -> None:
    """Mark every document of these ids as deleted."""
    for segment in writer.segments:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        held = reader._terms.ids()
        for number in [number for number, id_ in enumerate(held) if id_ in ids]:
            segment.delete_document(number)
        reader.close()
