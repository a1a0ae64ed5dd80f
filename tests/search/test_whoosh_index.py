import subprocess
import sys
import threading
import tracemalloc
from pathlib import Path

import pytest

from oer.errors import IndexBusy, SearchIndexError, UnknownSearchEngine
from oer.search.index import SearchQuery, open_index
from oer.search.whoosh_index import WhooshIndex
from tests.search.corpus import CORPUS, small


def test_many_small_commits_leave_few_segments_and_all_documents(tmp_path: Path) -> None:
    index = fresh(tmp_path)
    for number in range(120):
        index.replace([small(number, f"kuu sana{number}")], [number - 50])
    assert len(list(tmp_path.glob("v*/*.seg"))) < 12
    assert index.count() == 50
    assert [hit.id for hit in index.search(SearchQuery("sana100")).hits] == [100]
    assert index.search(SearchQuery('"kuu sana70"')).total == 1
    assert index.search(SearchQuery("sana69")).total == 0


def test_merging_changes_no_answer(tmp_path: Path) -> None:
    one, many = fresh(tmp_path / "one"), fresh(tmp_path / "many")
    one.rebuild(CORPUS)
    for _ in range(4):
        for document in CORPUS:
            many.replace([document])
    for text in ("", "kestävä kehitys", "koulu", "-biology", '"kestävä kehitys"', "title:koulu"):
        for sort in ("relevance", "newest", "title"):
            question = SearchQuery(text, sort=sort)
            assert many.search(question) == one.search(question)


def test_a_segment_mostly_deleted_is_written_anew(tmp_path: Path) -> None:
    index = fresh(tmp_path)
    index.replace([small(number, "kuu " * 50) for number in range(200)])
    before = disk(tmp_path)
    index.replace([small(999, "maa")], range(190))
    assert disk(tmp_path) < before / 4


def test_a_full_writer_begins_a_new_segment(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("oer.search.whoosh_segments.FULL", 10_000)
    index = fresh(tmp_path)
    assert index.rebuild(small(number, f"kuu sana{number}") for number in range(200)) == 200
    assert len(list(tmp_path.glob("v*/*.seg"))) > 2
    assert index.search(SearchQuery("kuu")).total == 200


def test_another_writer_makes_it_busy(tmp_path: Path) -> None:
    writing, asking = fresh(tmp_path), WhooshIndex(tmp_path, lock_seconds=0.1)
    writing.replace([small(1, "kuu")])

    def documents():
        with pytest.raises(IndexBusy, match="oer index update"):
            asking.replace([small(2, "maa")])
        with pytest.raises(IndexBusy):
            asking.rebuild([])
        assert asking.search(SearchQuery("kuu")).total == 1, "searches go on"
        yield small(3, "uusi")

    writing.rebuild(documents())
    asking.replace([small(4, "vapaa")])
    assert asking.count() == 2


def test_an_error_of_the_documents_is_not_an_error_of_the_index(tmp_path: Path) -> None:
    index = fresh(tmp_path)
    index.replace(CORPUS)

    def broken():
        yield small(1, "kuu")
        raise LookupError("from outside")

    with pytest.raises(LookupError, match="from outside"):
        index.rebuild(broken())
    assert index.count() == len(CORPUS)
    assert len(list(tmp_path.glob("v*"))) == 1
    index.replace([small(50, "lukko on auki")])


def test_other_processes_see_what_was_written(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path, check_seconds=0)
    assert index.count() == 0
    in_process(tmp_path, "index.replace([small(1, 'kuu')])")
    assert index.search(SearchQuery("kuu")).total == 1
    in_process(tmp_path, "index.replace([small(2, 'kuu')])")
    assert index.search(SearchQuery("kuu")).total == 2
    in_process(tmp_path, "index.rebuild([small(3, 'kuu')])")
    assert [hit.id for hit in index.search(SearchQuery("kuu")).hits] == [3]
    assert len(list(tmp_path.glob("v*"))) == 1


def test_the_generation_is_checked_at_most_once_in_a_while(tmp_path: Path) -> None:
    reading, writing = WhooshIndex(tmp_path, check_seconds=3600), fresh(tmp_path)
    writing.replace([small(1, "kuu")])
    assert reading.count() == 1
    writing.replace([small(2, "kuu")])
    assert reading.count() == 1
    reading.replace([small(3, "kuu")])
    assert reading.count() == 3, "one's own writes show at once"


def test_threads_may_search_while_others_write(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path, check_seconds=0, lock_seconds=30)
    index.replace(CORPUS)
    problems: list[BaseException] = []
    done = threading.Event()

    def searching() -> None:
        while not done.is_set():
            try:
                assert index.search(SearchQuery("koulu OR kuu", sort="title")).total >= 3
                assert index.search(SearchQuery('"kestävä kehitys"')).total == 1
            except BaseException as problem:  # noqa: BLE001 - handed to the test
                problems.append(problem)
                return

    threads = [threading.Thread(target=searching) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(100, 140):
        index.replace([small(number, "kuu maa")])
    index.rebuild([*CORPUS, small(100, "kuu")])
    done.set()
    for thread in threads:
        thread.join()
    assert not problems


# Whoosh leaves a damaged file to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("damage", ["current", "toc", "segment", "half", "missing"])
def test_a_damaged_index_says_how_to_get_out(tmp_path: Path, damage: str) -> None:
    fresh(tmp_path).replace(CORPUS)
    folder = next(tmp_path.glob("v*"))
    toc, segment = next(folder.glob("*.toc")), next(folder.glob("*.seg"))
    if damage == "current":
        (tmp_path / "CURRENT").write_bytes(b"\xff\0")
    elif damage == "toc":
        toc.write_bytes(b"rubbish")
    elif damage == "segment":
        segment.write_bytes(bytes(segment.stat().st_size))
    elif damage == "half":
        segment.write_bytes(segment.read_bytes()[: segment.stat().st_size // 2])
    else:
        segment.unlink()
    index = fresh(tmp_path)
    with pytest.raises(SearchIndexError, match="oer index rebuild"):
        index.search(SearchQuery("kuu"))
    assert index.rebuild(CORPUS) == len(CORPUS)
    assert index.count() == len(CORPUS)


@pytest.mark.parametrize("older", ["v0-0007", "v1-0007"])
def test_an_index_of_another_format_asks_for_a_rebuild(tmp_path: Path, older: str) -> None:
    (tmp_path / older).mkdir()
    (tmp_path / "CURRENT").write_text(f"{older}\n")
    index = fresh(tmp_path)
    for use in (index.count, lambda: index.replace(CORPUS)):
        with pytest.raises(SearchIndexError, match="oer index rebuild"):
            use()
    index.rebuild(CORPUS)
    assert index.count() == len(CORPUS)
    assert not (tmp_path / older).exists()


def test_an_index_written_with_other_lemmas_says_so(tmp_path: Path) -> None:
    index = fresh(tmp_path)
    index.replace(CORPUS)
    assert not [note for note in index.notes() if "took its Finnish lemmas" in note]
    next(tmp_path.glob("v*/LEMMAS")).write_text("crystal ball\n")
    (note,) = [note for note in index.notes() if "took its Finnish lemmas" in note]
    assert "crystal ball" in note
    assert "oer index rebuild" in note


def test_a_catalogue_that_has_outgrown_the_engine_is_told_so(tmp_path: Path, monkeypatch) -> None:
    index = fresh(tmp_path)
    index.replace(CORPUS)
    assert not [note for note in index.notes() if "tantivy" in note]
    monkeypatch.setattr("oer.search.whoosh_index.MANY", len(CORPUS) - 1)
    (note,) = [note for note in index.notes() if "tantivy" in note]
    for part in ("10 documents", "pip install 'oer[tantivy]'", "OER_SEARCH_URL=tantivy: "):
        assert part in note
    assert note.endswith("oer index rebuild")


def test_a_rebuild_that_died_leaves_the_old_index(tmp_path: Path) -> None:
    index = fresh(tmp_path)
    index.replace(CORPUS)
    (tmp_path / "v2-beside").mkdir()
    (tmp_path / "v2-beside" / "half").write_text("x")
    assert fresh(tmp_path).count() == len(CORPUS)
    index.rebuild(CORPUS[:2])
    assert fresh(tmp_path).count() == 2
    assert not (tmp_path / "v2-beside").exists()


def test_memory_stays_small_per_document(tmp_path: Path) -> None:
    index = fresh(tmp_path)
    index.rebuild(small(number, f"kuu {number % 7}", type=("a",)) for number in range(3000))
    tracemalloc.start()
    try:
        index.search(SearchQuery("kuu"))
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert index.memory < 100 * 3000
    assert held < 250 * 3000


def test_a_closed_index_opens_again(tmp_path: Path) -> None:
    index = fresh(tmp_path)
    index.replace(CORPUS)
    index.close()
    index.close()
    assert index.count() == len(CORPUS)


def test_opening_an_index_writes_nothing(tmp_path: Path) -> None:
    index = open_index(f"whoosh:{tmp_path}/not/yet")
    assert index.search(SearchQuery("kuu")).total == 0
    assert not (tmp_path / "not").exists()


@pytest.mark.parametrize("url", ["solr:http://x", "whoosh:", "", "tantivy:", "memory:x"])
def test_an_unknown_engine_is_told_which_are_known(url: str) -> None:
    with pytest.raises(UnknownSearchEngine, match=r"whoosh:.*tantivy:.*memory:"):
        open_index(url)


def fresh(folder: Path) -> WhooshIndex:
    return WhooshIndex(folder)


def disk(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def in_process(folder: Path, statement: str) -> None:
    lines = (
        "import sys; from pathlib import Path",
        "from oer.search.whoosh_index import WhooshIndex; from tests.search.corpus import small",
        "index = WhooshIndex(Path(sys.argv[1]))",
        statement,
    )
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", "\n".join(lines), str(folder)], check=True, cwd=root)
