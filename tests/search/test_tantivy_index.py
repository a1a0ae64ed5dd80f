import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from oer.errors import IndexBusy, SearchIndexError, UnknownSearchEngine
from oer.search.index import CONJUNCTIVE, COUNTED, SearchQuery, open_index
from oer.search.memory_index import MemoryIndex
from tests.search.corpus import CORPUS, small

pytest.importorskip("tantivy", reason="the extra 'tantivy' is not installed")

from oer.search import tantivy_hits, tantivy_snapshot
from oer.search.tantivy_documents import Writer
from oer.search.tantivy_index import TantivyIndex
from oer.search.tantivy_questions import both, either, filtered

ROOT = Path(__file__).resolve().parents[2]


def test_without_the_package_the_reader_is_told_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "tantivy", None)
    for name in [name for name in sys.modules if name.startswith("oer.search.tantivy_")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(UnknownSearchEngine, match=r"pip install 'oer\[tantivy\]'"):
        open_index("tantivy:/somewhere")


def test_only_the_engine_needs_the_package() -> None:
    statement = (
        "import sys, oer.search.index, oer.search.sync, oer.search.whoosh_index;"
        "assert 'tantivy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", statement], check=True, cwd=ROOT)


@pytest.mark.parametrize(("fewest", "enough"), [(1, 1), (7, 10), (7, 60), (1000, 2000)])
def test_however_few_candidates_are_fetched_the_order_is_the_same(
    tmp_path: Path, monkeypatch, fewest: int, enough: int
) -> None:
    monkeypatch.setattr(tantivy_hits, "FEWEST", fewest)
    monkeypatch.setattr(tantivy_hits, "ENOUGH", enough)
    engines = [MemoryIndex(), fresh(tmp_path)]
    for engine in engines:
        engine.rebuild(many(300))
    for text in ("kuu", "kuu maa", "kuu OR talo", "title:kuu", "vesi -kuu", "kuun talot"):
        for offset in (0, 5, 40):
            question = SearchQuery(text, offset=offset, limit=5)
            expected, answer = [engine.search(question) for engine in engines]
            assert answer == expected


def test_words_that_everything_has_leave_the_order_to_quality(tmp_path: Path) -> None:
    engines = [MemoryIndex(), fresh(tmp_path)]
    for engine in engines:
        engine.rebuild(
            small(
                n, f"kuu {'maa' if n % 50 == 0 else ''}", quality=n % 7 / 7, updated=float(n % 11)
            )
            for n in range(600)
        )
    for text in ("kuu", "kuu maa", "kuu -maa", "kuu OR maa"):
        for offset in (0, 13):
            question = SearchQuery(text, offset=offset, limit=9)
            expected, answer = [engine.search(question) for engine in engines]
            assert answer == expected
            assert answer.total


def test_counts_of_what_finds_most_are_those_of_the_rest_taken_away(tmp_path: Path) -> None:
    engines = [MemoryIndex(), fresh(tmp_path)]
    for engine in engines:
        engine.rebuild(
            small(n, "kuu" if n % 9 else "maa", type=(f"t{n % 4}",), language=("fi", "sv")[: n % 3])
            for n in range(200)
        )
        engine.replace([small(3, "maa")], [4, 5])
    for question in (
        SearchQuery("kuu"),
        SearchQuery("-maa", {"language": ("fi", "")}),
        SearchQuery("", facets=("type", "organisation")),
    ):
        expected, answer = [engine.search(question) for engine in engines]
        assert answer == expected


@pytest.mark.parametrize("sort", ["newest", "updated", "title"])
def test_equal_keys_are_ordered_by_the_next_one(tmp_path: Path, sort: str) -> None:
    engines = [MemoryIndex(), fresh(tmp_path)]
    for engine in engines:
        engine.rebuild(many(200))
    for offset in (0, 1, 17, 190, 300):
        question = SearchQuery("", offset=offset, limit=20, sort=sort)
        expected, answer = [engine.search(question).hits for engine in engines]
        assert answer == expected


def test_many_small_commits_leave_few_segments_and_all_documents(tmp_path: Path) -> None:
    index = fresh(tmp_path)
    for number in range(40):
        index.replace([small(number, f"kuu sana{number}")], [number - 20])
    assert len(list(tmp_path.glob("t*/*.store"))) < 20
    assert index.count() == 20
    assert [hit.id for hit in index.search(SearchQuery("sana30")).hits] == [30]
    assert index.search(SearchQuery("sana19")).total == 0


def test_more_values_than_are_counted_keep_the_most_frequent(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(tantivy_snapshot, "MOST_VALUES", 2)
    index = fresh(tmp_path)
    index.rebuild(
        small(number, "kuu", organisation=("yksi", f"o{number // 5}")) for number in range(20)
    )
    counted = index.search(SearchQuery(facets=("organisation",))).facets["organisation"]
    assert len(counted) == 2
    assert counted[0] == ("yksi", 20)


def test_another_writer_makes_it_busy(tmp_path: Path) -> None:
    writing, asking = fresh(tmp_path), TantivyIndex(tmp_path, lock_seconds=0.1)
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
    assert len(list(tmp_path.glob("t*"))) == 1
    index.replace([small(50, "lukko on auki")])


def test_other_processes_see_what_was_written(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path, check_seconds=0)
    assert index.count() == 0
    in_process(tmp_path, "index.replace([small(1, 'kuu')])")
    assert index.search(SearchQuery("kuu")).total == 1
    in_process(tmp_path, "index.replace([small(2, 'kuu')])")
    assert index.search(SearchQuery("kuu")).total == 2
    in_process(tmp_path, "index.rebuild([small(3, 'kuu')])")
    assert [hit.id for hit in index.search(SearchQuery("kuu")).hits] == [3]
    assert len(list(tmp_path.glob("t*"))) == 1


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_fields_have_the_same_place_in_every_process(
    tmp_path: Path, monkeypatch, seed: str
) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", seed)
    in_process(
        tmp_path,
        "def facets(n): return {name: ('x', f'{name}{n}') for name in COUNTED}",
        "index.rebuild(small(n, 'kuu', **facets(n)) for n in range(9))",
    )
    for name in COUNTED:
        asked = SearchQuery("kuu", {name: (f"{name}3",)}, facets=(name,))
        results = fresh(tmp_path).search(asked)
        assert [hit.id for hit in results.hits] == [3]
        assert results.facets[name][0] == (("x", 9) if name not in CONJUNCTIVE else (f"{name}3", 1))


def test_a_union_of_unions_loses_nothing_in_an_intersection(tmp_path: Path) -> None:
    # Versions of Tantivy before 0.27 do, beyond some thousands of documents.
    chance = random.Random(2)
    held = {n: chance.choices("abcdef", k=chance.choice((1, 2, 3))) for n in range(12_000)}
    writer = _writer(tmp_path)
    for n, values in held.items():
        writer.add(small(n, "kuu", type=tuple(values), level=(f"l{n % 3}",)))
    writer.commit()
    index = fresh(tmp_path)
    for one, other in (("ab", "cd"), ("ac", "ef"), ("a", "bf")):
        pairs = [either(filtered("type", (each,)) for each in some) for some in (one, other)]
        query = both((either(pairs), filtered("level", ("l1",))))
        expected = sum(1 for n, values in held.items() if n % 3 == 1 and {*one, *other} & {*values})
        assert index._current()._number(query) == expected


def test_a_writer_that_is_killed_leaves_the_last_commit(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path, check_seconds=0)
    index.replace(CORPUS)
    lines = (
        "import os, signal; from oer.search import tantivy_index",
        "add = tantivy_index.Writer.add",
        "def dying(self, document):",
        "    add(self, document)",
        "    os.kill(os.getpid(), signal.SIGKILL)",
        "tantivy_index.Writer.add = dying",
        "index.replace([small(1, 'korvattu'), small(99, 'uusi')], [2])",
    )
    with pytest.raises(subprocess.CalledProcessError) as killed:
        in_process(tmp_path, *lines)
    assert killed.value.returncode == -signal.SIGKILL
    assert index.count() == len(CORPUS)
    assert index.search(SearchQuery("fotosynteesi")).total == 1
    index.replace([small(99, "uusi")])
    assert index.count() == len(CORPUS) + 1


def test_threads_may_search_while_others_write(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path, check_seconds=0, lock_seconds=30)
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

    threads = [threading.Thread(target=searching) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(100, 112):
        index.replace([small(number, "kuu maa")])
    index.rebuild([*CORPUS, small(100, "kuu")])
    done.set()
    for thread in threads:
        thread.join()
    assert not problems


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="counts threads as Linux does")
def test_closing_leaves_no_thread(tmp_path: Path) -> None:
    before = running()
    index = fresh(tmp_path)
    index.replace(CORPUS)
    assert index.count() == len(CORPUS)
    index.close()
    deadline = time.monotonic() + 10
    while running() > before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert running() <= before


@pytest.mark.parametrize("damage", ["current", "meta", "empty", "half", "missing", "other engine"])
def test_a_damaged_index_says_how_to_get_out(tmp_path: Path, damage: str) -> None:
    fresh(tmp_path).replace(CORPUS)
    folder = next(tmp_path.glob("t*"))
    words = next(folder.glob("*.term"))
    if damage == "current":
        (tmp_path / "CURRENT").write_bytes(b"\xff\0")
    elif damage == "meta":
        (folder / "meta.json").write_bytes(b"rubbish")
    elif damage == "empty":
        words.write_bytes(bytes(words.stat().st_size))
    elif damage == "half":
        words.write_bytes(words.read_bytes()[: words.stat().st_size // 2])
    elif damage == "missing":
        words.unlink()
    else:
        (tmp_path / "CURRENT").write_text("v3-00000000\n")
    index = fresh(tmp_path)
    with pytest.raises(SearchIndexError, match="oer index rebuild"):
        index.search(SearchQuery("kuu"))
    assert index.rebuild(CORPUS) == len(CORPUS)
    assert index.count() == len(CORPUS)


def test_a_panic_of_the_engine_is_told_as_damage(tmp_path: Path) -> None:
    index = fresh(tmp_path)
    index.replace(CORPUS)
    searcher = index._current()._searcher
    with pytest.raises(SearchIndexError, match="oer index rebuild"), index._telling():
        searcher.search(tantivy_snapshot.EVERYTHING, 0)
    with pytest.raises(KeyboardInterrupt), index._telling():
        raise KeyboardInterrupt


@pytest.mark.parametrize("older", ["t0-0007", "v3-0007"])
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
    next(tmp_path.glob("t*/LEMMAS")).write_text("crystal ball\n")
    (note,) = [note for note in index.notes() if "took its Finnish lemmas" in note]
    assert "crystal ball" in note
    assert "oer index rebuild" in note


def test_a_closed_index_opens_again(tmp_path: Path) -> None:
    index = fresh(tmp_path)
    index.replace(CORPUS)
    index.close()
    index.close()
    assert index.count() == len(CORPUS)


def test_opening_an_index_writes_nothing(tmp_path: Path) -> None:
    index = open_index(f"tantivy:{tmp_path}/not/yet")
    assert index.search(SearchQuery("kuu")).total == 0
    assert not (tmp_path / "not").exists()


def many(count: int) -> list:
    """Documents with few different words, times and titles, so that much is equal."""
    chance = random.Random(4)
    words = ("kuu", "kuun", "maa", "talo", "talot", "vesi")
    return [
        small(
            number,
            " ".join(chance.choices(words, k=chance.choice((1, 2, 2, 6)))),
            description=" ".join(chance.choices(words, k=8)),
            updated=chance.choice((1.0e9, 1.6e9, 1.61e9, 1.62e9 + number)),
            quality=chance.choice((0.0, 0.5, 0.9)),
        )
        for number in range(1, count + 1)
    ]


def _writer(folder: Path) -> Writer:
    index = fresh(folder)
    return Writer(folder / index._create())


def running() -> int:
    """How many threads this process has, those of Rust included."""
    return sum(1 for _ in Path("/proc/self/task").iterdir())


def fresh(folder: Path) -> TantivyIndex:
    return TantivyIndex(folder)


def in_process(folder: Path, *statements: str) -> None:
    lines = (
        "import sys; from pathlib import Path",
        "from oer.search.tantivy_index import TantivyIndex; from tests.search.corpus import small",
        "from oer.search.index import COUNTED; index = TantivyIndex(Path(sys.argv[1]))",
        *statements,
    )
    subprocess.run([sys.executable, "-c", "\n".join(lines), str(folder)], check=True, cwd=ROOT)
