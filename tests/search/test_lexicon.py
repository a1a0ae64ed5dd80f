from collections.abc import Iterator
from pathlib import Path

import pytest

from oer.search import lexicon

WORDS = "children universities better mice Sunday running xyzzy"


@pytest.mark.usefixtures("only_english")
def test_prepared_and_packed_dictionaries_answer_the_same(cache: Path) -> None:
    packed = [lexicon.dictionary("en").get(word) for word in WORDS.split()]
    assert lexicon.prepare(tell=lambda sentence: None)
    prepared = lexicon.dictionary("en")
    assert isinstance(prepared, lexicon.Tries)
    assert [prepared.get(word) for word in WORDS.split()] == packed
    assert packed[0] == "child"
    assert packed[-1] is None
    assert prepared.get("") is None
    assert prepared.get("語") is None
    assert list(cache.rglob("*.trie"))


@pytest.mark.usefixtures("only_english", "cache")
def test_preparing_is_announced_once_and_done_once() -> None:
    told: list[str] = []
    assert lexicon.prepare(told.append)
    assert lexicon.prepare(told.append)
    assert len(told) == 1
    assert str(lexicon.folder()) in told[0]


@pytest.mark.usefixtures("only_english")
def test_a_folder_that_cannot_be_written_costs_speed_and_nothing_else(
    tmp_path: Path, monkeypatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert not lexicon.prepare(tell=lambda sentence: None)
    assert lexicon.dictionary("en").get("children") == "child"


@pytest.mark.usefixtures("only_english", "cache")
def test_without_the_trie_package_the_dictionaries_stay_packed(monkeypatch) -> None:
    monkeypatch.setattr(lexicon, "find_spec", lambda name: None)
    assert not lexicon.prepare(tell=lambda sentence: None)
    assert lexicon.dictionary("en").get("children") == "child"


@pytest.mark.usefixtures("only_english")
def test_a_preparation_that_fails_leaves_nothing_behind(cache: Path, monkeypatch) -> None:
    def broken(language: str) -> Iterator[tuple[str, bytes]]:
        yield "child", b"child"
        raise OSError("disk full")

    monkeypatch.setattr(lexicon, "_entries", broken)
    assert not lexicon.prepare(tell=lambda sentence: None)
    assert not list(cache.rglob("*.trie"))


def test_without_a_home_there_is_no_folder(monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setattr(Path, "home", _homeless)
    assert lexicon.folder() is None


def _homeless() -> Path:
    raise RuntimeError("Could not determine home directory.")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch) -> Path:
    """An empty folder of prepared dictionaries."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def only_english(monkeypatch) -> Iterator[None]:
    """The smallest dictionary, opened anew for the test and again after it."""
    monkeypatch.setattr(lexicon, "LANGUAGES", ("en",))
    lexicon.dictionary.cache_clear()
    yield
    lexicon.dictionary.cache_clear()
