"""A search index in a folder: what every engine that keeps files has in common.

::

    CURRENT          names the folder of the generation that is searched
    LOCK             held by whoever writes
    v3-5f0c93aa/     the files of an engine; before the hyphen is the engine and its format
      LEMMAS         what lemmas came from when it was written

A rebuild writes the next folder and renames ``CURRENT`` into place, so that searches change over
from one moment to the next. Writers of all processes share one lock, rebuilds included: what was
put into the old folder during a rebuild would be lost.
"""

import errno
import os
import re
import secrets
import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Generic, Protocol, TypeVar

from whoosh.util.filelock import FileLock, try_for

from oer.errors import IndexBusy, SearchIndexError
from oer.search import lemmas
from oer.search.answers import Answers
from oer.search.index import Hit, SearchDocument, SearchQuery, SearchResults, Suggestion

CHECK_SECONDS = 1.0
"""How long a process may go on answering from a generation another process has replaced."""

LOCK_SECONDS = 5.0
"""How long a writer waits for another one."""

WAY_OUT = "Run: oer index rebuild"

CHECK_FOLDER = "Check OER_SEARCH_URL and who owns the folder."
MAKE_ROOM = "Make room there and try again."

_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)

_TROUBLE_WITH_FOLDER = {
    **dict.fromkeys(_FORBIDDEN, CHECK_FOLDER),
    errno.ENOTDIR: CHECK_FOLDER,
    errno.ELOOP: CHECK_FOLDER,
    errno.ENAMETOOLONG: CHECK_FOLDER,
    errno.ENOSPC: MAKE_ROOM,
    errno.EDQUOT: MAKE_ROOM,
}
"""The way out where the folder is at fault and no rebuild would help."""

_RUST_ERRNO = re.compile(r"\(os error (\d+)\)|\bOs \{ code: (\d+)")
"""Where an engine written in Rust says which error of the system it met."""

_OPEN_ATTEMPTS = 5
_ANY_GENERATION = "[tv][0-9]*-*"


class Answering(Protocol):
    """One state of an index, opened for reading."""

    @property
    def count(self) -> int:
        """How many documents it holds."""

    @property
    def held(self) -> list[tuple[int, float]]:
        """Id and time of change of every document, by id."""

    def search(self, query: SearchQuery) -> SearchResults:
        """Answer a question."""

    def suggest(self, prefix: str, language: str, limit: int) -> tuple[Suggestion, ...]:
        """What may be meant by the beginning of a query."""

    def more_like(self, id_: int, limit: int) -> tuple[Hit, ...]:
        """Documents that share the most telling words with this one."""


Snapshot = TypeVar("Snapshot", bound=Answering)


class _FromOutsideError(Exception):
    """Carries an error of whoever makes the documents past our own guard."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


class FolderIndex(ABC, Generic[Snapshot]):
    """A search index in a folder. Any number of threads and processes may share the folder.

    Engines say how files are written and opened; generations, the lock and errors are here.
    """

    format: str
    """The engine's letter and the version of its files, as ``v3``."""

    vanished: tuple[type[Exception], ...] = (FileNotFoundError,)
    """What opening raises when a writer takes files away meanwhile."""

    writes_to_read = False
    """Whether even searching needs a folder that can be written to."""

    side_by_side = False

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
        self._generation: Hashable = None
        self._checked = 0.0
        self._answers = Answers()

    # --- what engines do --------------------------------------------------------------------

    @abstractmethod
    def _empty(self) -> Snapshot:
        """What answers while there is no index yet."""

    @abstractmethod
    def _state(self, folder: Path) -> Hashable:
        """What differs after every commit."""

    @abstractmethod
    def _open(self, folder: Path) -> Snapshot:
        """Open the last commit."""

    @abstractmethod
    def _make(self, folder: Path) -> None:
        """Make an index without documents in an empty folder."""

    @abstractmethod
    def _put(self, folder: Path, documents: Mapping[int, SearchDocument], gone: set[int]) -> None:
        """Take ids out and put documents in, in one commit."""

    @abstractmethod
    def _fill(self, folder: Path, documents: Iterable[SearchDocument]) -> int:
        """Put documents into a new index; returns how many. Memory must not grow with them."""

    def _is_damage(self, error: BaseException) -> bool:
        """Whether an error says that files cannot be used."""
        return isinstance(error, Exception)

    # --- what everyone sees -----------------------------------------------------------------

    def search(self, query: SearchQuery) -> SearchResults:
        """Answer a question."""
        with self._telling():
            snapshot = self._current()
            return self._answers.get(snapshot, query, snapshot.search)

    def suggest(self, prefix: str, language: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """What may be meant by the beginning of a query."""
        with self._telling():
            return self._current().suggest(prefix, language, limit)

    def more_like(self, id_: int, limit: int = 6) -> tuple[Hit, ...]:
        """Documents that share the most telling words with this one."""
        with self._telling():
            return self._current().more_like(id_, limit)

    def count(self) -> int:
        """How many documents the index holds."""
        with self._telling():
            return self._current().count

    def held(self) -> list[tuple[int, float]]:
        """Id and time of change of every document, by id."""
        with self._telling():
            return self._current().held

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
            f"{lemmas.source()} now. {WAY_OUT}",
            *lemmas.notes(),
        )

    def replace(self, documents: Iterable[SearchDocument], deleted: Iterable[int] = ()) -> None:
        """Put documents in and take ids out, in one commit."""
        latest = {document.id: document for document in documents}
        gone = {*latest, *deleted}
        if not gone:
            return
        with self._telling(), self._locked():
            self._put(self._folder / (self._name() or self._create()), latest, gone)
        self._checked = 0.0

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        """Write a new index beside the old one and switch to it."""
        with self._telling(), self._locked():
            self._remove_all_but(self._name(any_format=True))
            name = self._new()
            try:
                count = self._fill(self._folder / name, _from_outside(documents))
            except BaseException:
                shutil.rmtree(self._folder / name, ignore_errors=True)
                raise
            self._switch(name)
            self._checked = 0.0
            self._remove_all_but(name)
        return count

    def close(self) -> None:
        """Let go of files. Searches still running keep theirs until they are done."""
        with self._opening:
            self._snapshot = self._generation = None
            self._checked = 0.0
        self._answers.forget()

    # --- reading ----------------------------------------------------------------------------

    def _current(self) -> Snapshot:
        snapshot, now = self._snapshot, time.monotonic()
        if snapshot is not None and self._checked and now - self._checked < self._check_seconds:
            return snapshot
        with self._opening:
            for attempt in range(_OPEN_ATTEMPTS):
                try:
                    return self._refresh(now)
                except self.vanished:
                    # A writer took away what we were about to open; there is something newer now.
                    if attempt == _OPEN_ATTEMPTS - 1:
                        raise
                    time.sleep(0.02 * (attempt + 1))
        raise AssertionError("the loop returns or raises")

    def _refresh(self, now: float) -> Snapshot:
        name = self._name()
        generation = name and (name, self._state(self._folder / name))
        if self._snapshot is None or self._generation != generation:
            self._snapshot = self._open(self._folder / name) if name else self._empty()
            self._generation = generation
        self._checked = now
        return self._snapshot

    # --- folders ----------------------------------------------------------------------------

    def _name(self, *, any_format: bool = False) -> str | None:
        """The name of the current folder; None where there is no index yet."""
        try:
            name = (self._folder / "CURRENT").read_text("utf-8", "replace").strip()
        except FileNotFoundError:
            return None
        if any_format or name.startswith(f"{self.format}-"):
            return name
        raise SearchIndexError(
            f"The search index in {self._folder} was written by another version of oer or for "
            f"another search engine. {WAY_OUT}"
        )

    def _create(self) -> str:
        name = self._new()
        self._switch(name)
        return name

    def _new(self) -> str:
        # Never used before, so that no process takes a new folder for the one it has open.
        name = f"{self.format}-{secrets.token_hex(4)}"
        folder = self._folder / name
        folder.mkdir(parents=True)
        (folder / "LEMMAS").write_text(f"{lemmas.source()}\n", encoding="utf-8")
        self._make(folder)
        return name

    def _switch(self, name: str) -> None:
        temporary = self._folder / "CURRENT.new"
        temporary.write_text(f"{name}\n", encoding="utf-8")
        temporary.replace(self._folder / "CURRENT")

    def _remove_all_but(self, name: str | None) -> None:
        """Remove other folders. Searches that have their files open may finish."""
        for folder in self._folder.glob(_ANY_GENERATION):
            if folder.name != name:
                shutil.rmtree(folder, ignore_errors=True)

    # --- guards -----------------------------------------------------------------------------

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(self._folder / "LOCK"))
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
        except BaseException as error:
            if not self._is_damage(error):
                raise
            raise SearchIndexError(self._sentence(error)) from error

    def _sentence(self, error: BaseException) -> str:
        place, number = f"The search index in {self._folder}", _errno(error)
        if number == errno.EEXIST or (number == errno.ENOENT and not self._folder.is_dir()):
            # What one step says of the folder, or of what should be one.
            number = errno.ENOTDIR
        way_out = _TROUBLE_WITH_FOLDER.get(number)
        if way_out is None:
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            return f"{place} cannot be used ({reason}). {WAY_OUT}"
        if self.writes_to_read and number in _FORBIDDEN:
            way_out = f"This engine writes there even to search. {way_out}"
        return f"{place} cannot be used: {os.strerror(number)}. {way_out}"


def _errno(error: BaseException) -> int:
    """The number of the system's error; 0 where it is none."""
    if isinstance(error, OSError) and error.errno:
        return error.errno
    found = _RUST_ERRNO.search(str(error))
    return int(found[1] or found[2]) if found else 0


def _from_outside(documents: Iterable[SearchDocument]) -> Iterator[SearchDocument]:
    try:
        yield from documents
    except Exception as error:
        raise _FromOutsideError(error) from error
