"""What every index in a folder says when the folder is at fault: no rebuild would help then."""

import errno
import os
from importlib.util import find_spec
from pathlib import Path

import pytest

from oer.errors import SearchIndexError
from oer.search.generations import FolderIndex
from oer.search.index import SearchQuery, open_index
from tests.search.corpus import CORPUS

ENGINES = ("whoosh", "tantivy") if find_spec("tantivy") else ("whoosh",)


@pytest.fixture(params=ENGINES)
def engine(request) -> str:
    return request.param


@pytest.mark.parametrize("use", ["search", "replace", "rebuild"])
def test_a_file_is_no_folder(engine: str, tmp_path: Path, use: str) -> None:
    (tmp_path / "file").write_text("")
    for place in ("file", "file/below"):
        said = complaint(open_at(engine, tmp_path / place), use)
        assert "Not a directory" in said
        assert str(tmp_path / place) in said
        assert "Check OER_SEARCH_URL and who owns the folder." in said
        assert "rebuild" not in said


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder nobody can make")
@pytest.mark.parametrize("use", ["replace", "rebuild"])
def test_a_folder_that_cannot_be_made(engine: str, use: str) -> None:
    said = complaint(open_at(engine, Path("/proc/nowhere/index")), use)
    assert "who owns the folder" in said
    assert "rebuild" not in said


@pytest.mark.parametrize(
    ("number", "way_out"),
    [
        (errno.EACCES, "who owns the folder"),
        (errno.EROFS, "who owns the folder"),
        (errno.EPERM, "who owns the folder"),
        (errno.ENOSPC, "Make room"),
        (errno.EDQUOT, "Make room"),
    ],
)
def test_what_the_system_refuses_is_told_in_its_words(
    engine: str, tmp_path: Path, monkeypatch, number: int, way_out: str
) -> None:
    index = open_at(engine, tmp_path)
    for error in (
        OSError(number, os.strerror(number)),
        ValueError(f"An IO error occurred: '{os.strerror(number)} (os error {number})'"),
        ValueError(f"Failed to acquire Lockfile: IoError(Os {{ code: {number}, kind: Other }})"),
    ):
        monkeypatch.setattr(index, "_fill", raising(error))
        said = complaint(index, "rebuild")
        assert f"cannot be used: {os.strerror(number)}." in said
        assert way_out in said
        assert "rebuild" not in said


def test_files_that_are_gone_from_a_good_folder_ask_for_a_rebuild(
    engine: str, tmp_path: Path, monkeypatch
) -> None:
    index = open_at(engine, tmp_path)
    index.rebuild(CORPUS)
    index.close()
    missing = FileNotFoundError(errno.ENOENT, "No such file or directory", "x.seg")
    monkeypatch.setattr(index, "_open", raising(missing))
    assert "Run: oer index rebuild" in complaint(index, "search")


@pytest.mark.skipif("tantivy" not in ENGINES, reason="the extra 'tantivy' is not installed")
def test_tantivy_says_that_it_writes_to_search(tmp_path: Path, monkeypatch) -> None:
    index = open_at("tantivy", tmp_path)
    index.rebuild(CORPUS)
    index.close()
    locked = ValueError("Failed to acquire Lockfile: IoError(Os { code: 13, kind: X })")
    monkeypatch.setattr(index, "_open", raising(locked))
    assert "This engine writes there even to search." in complaint(index, "search")


def open_at(engine: str, folder: Path) -> FolderIndex:
    index = open_index(f"{engine}:{folder}")
    assert isinstance(index, FolderIndex)
    return index


def complaint(index: FolderIndex, use: str) -> str:
    uses = {
        "search": lambda: index.search(SearchQuery("kuu")),
        "replace": lambda: index.replace(CORPUS),
        "rebuild": lambda: index.rebuild(CORPUS),
    }
    with pytest.raises(SearchIndexError) as raised:
        uses[use]()
    return str(raised.value)


def raising(error: Exception):
    def raise_(*_: object) -> None:
        raise error

    return raise_
