"""``oer index``: how it stands beside the database is said, and mended when asked for."""

from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import update

from oer.commands.index import index
from oer.errors import IndexBusy
from oer.models import Resource
from oer.search.index import SearchQuery, open_index
from oer.search.memory_index import MemoryIndex
from tests.commands.catalogue import Console

ENGINES = ("whoosh", "tantivy") if find_spec("tantivy") else ("whoosh",)

LACKS_TWO = "The index lacks 2 resources. Run: oer index rebuild"


class Busy(MemoryIndex):
    """Held by another writer."""

    def replace(self, documents, deleted=()):
        raise IndexBusy("held")


@pytest.fixture(params=ENGINES)
def console(request, sqlite_sessions, now, tmp_path, monkeypatch):
    """A command line on a catalogue of two resources, indexed by either engine."""
    return made(request.param, sqlite_sessions, now, tmp_path / "index", monkeypatch)


@pytest.fixture
def whoosh(sqlite_sessions, now, tmp_path, monkeypatch):
    """The same where engines make no difference."""
    return made("whoosh", sqlite_sessions, now, tmp_path / "index", monkeypatch)


def made(engine, sessions, now, folder, monkeypatch):
    url = f"{engine}:{folder}"
    monkeypatch.setenv("OER_SEARCH_URL", url)
    console = Console(sessions, open_index(url), now)
    provider = console.provider()
    provider.sends("1", title="Vesi")
    provider.sends("2", title="Ilma")
    console.drain()
    return console


def lose(console):
    """As if somebody had removed the folder, or chosen another one."""
    console.oer.index.close()
    (folder(console) / "CURRENT").unlink()


def folder(console) -> Path:
    return Path(console.oer.settings.search_url.partition(":")[2])


# -- status ----------------------------------------------------------------------------------------


def test_the_status_of_an_index_that_holds_everything(console):
    said = console.run(index, "status")
    assert said.splitlines()[:2] == [
        console.oer.settings.search_url.replace(":", ": ", 1),
        "indexed: 2  published: 2  waiting: 0",
    ]
    assert "lacks" not in said
    told = console.json(index, "status")
    assert told["folder"] == str(folder(console))
    assert (told["indexed"], told["published"], told["waiting"], told["lacking"]) == (2, 2, 0, 0)


def test_the_status_of_a_lost_index_is_no_success(console):
    lose(console)
    said = console.run(index, "status", code=1)
    assert "indexed: 0  published: 2  waiting: 0" in said
    assert LACKS_TWO in said
    told = console.json(index, "status", code=1)
    assert (told["indexed"], told["lacking"]) == (0, 2)


def test_what_only_waits_is_not_lacking(whoosh):
    whoosh.provider("lampi").sends("1")
    told = whoosh.json(index, "status")
    assert (told["indexed"], told["published"], told["waiting"], told["lacking"]) == (2, 3, 1, 0)
    lose(whoosh)
    told = whoosh.json(index, "status", code=1)
    assert (told["waiting"], told["lacking"]) == (1, 2)


def test_what_is_not_published_is_not_lacking(whoosh):
    with whoosh.oer.sessions.begin() as session:
        values = {"status": "withdrawn", "revision": Resource.revision + 1}
        session.execute(update(Resource).where(Resource.id == 1).values(values))
    assert whoosh.json(index, "status")["lacking"] == 0
    whoosh.drain()
    told = whoosh.json(index, "status")
    assert (told["indexed"], told["published"], told["lacking"]) == (1, 1, 0)


def test_a_single_one_that_lacks_is_one_resource(whoosh):
    whoosh.oer.index.replace((), [1])
    assert "The index lacks 1 resource. Run:" in whoosh.run(index, "status", code=1)


def test_notes_of_the_engine_are_told(console):
    next(folder(console).glob("*/LEMMAS")).write_text("crystal ball\n")
    assert "crystal ball" in console.run(index, "status")


def test_an_empty_catalogue_lacks_nothing(sqlite_sessions, now, monkeypatch):
    monkeypatch.setenv("OER_SEARCH_URL", "memory:")
    console = Console(sqlite_sessions, MemoryIndex(), now)
    assert "memory:" in console.run(index, "status")


@pytest.mark.parametrize("command", ["status", "verify", "update"])
def test_a_damaged_index_asks_for_a_rebuild(console, command):
    console.oer.index.close()
    (folder(console) / "CURRENT").write_text("z0-nothing\n")
    assert "Run: oer index rebuild" in console.run(index, command, code=1)
    assert console.json(index, "rebuild") == {"indexed": 2}
    assert "lacks" not in console.run(index, "status")


# -- rebuild ---------------------------------------------------------------------------------------


def test_a_rebuild_brings_back_what_was_lost(console):
    lose(console)
    assert console.run(index, "rebuild") == "The index holds 2 resources.\n"
    assert console.oer.index.search(SearchQuery("title:vesi")).total == 1
    assert "lacks" not in console.run(index, "status")
    assert console.json(index, "rebuild") == {"indexed": 2}


def test_a_rebuild_shows_how_far_it_is(whoosh, monkeypatch):
    bars, told = [], []

    @contextmanager
    def bar(label, length, *, quiet):
        bars.append((length, quiet))
        yield told.append

    monkeypatch.setattr("oer.commands.index.progress_bar", bar)
    whoosh.run(index, "rebuild")
    assert sum(told) == 2
    whoosh.run(index, "rebuild", "--json")
    assert bars == [(2, False), (2, True)]


@pytest.mark.parametrize("command", ["rebuild", "status", "verify"])
def test_a_folder_that_cannot_be_used_is_told(console, command):
    console.oer.index.close()
    place = folder(console)
    place.rename(place.with_name("elsewhere"))
    place.write_text("a file")
    said = console.run(index, command, code=1)
    assert "Not a directory" in said
    assert "Check OER_SEARCH_URL" in said
    assert "oer index rebuild" not in said


# -- update ----------------------------------------------------------------------------------------


def test_an_update_takes_in_what_waits(console):
    console.provider("lampi").sends("1", title="Kivi")
    assert console.run(index, "update") == "The index took in 1 changes.\n"
    assert console.oer.index.search(SearchQuery("title:kivi")).total == 1
    assert console.json(index, "update") == {"taken_in": 0, "waiting": 0, "lacking": 0}


def test_an_update_does_not_hide_that_the_index_was_lost(console):
    lose(console)
    console.provider("lampi").sends("1")
    said = console.run(index, "update", code=1)
    assert said.splitlines() == ["The index took in 1 changes.", LACKS_TWO]
    assert console.json(index, "update", code=1)["lacking"] == 2


def test_an_update_says_what_waits_still(sqlite_sessions, now):
    console = Console(sqlite_sessions, Busy(), now)
    console.provider().sends()
    said = console.run(index, "update", code=1)
    assert "1 wait still" in said
    assert "another process" in said


# -- verify ----------------------------------------------------------------------------------------


def test_an_index_that_agrees(console):
    assert "agree" in console.run(index, "verify")


def test_an_index_that_lost_something(console):
    console.oer.index.rebuild([])
    said = console.run(index, "verify", code=1)
    assert "missing: 2 (1, 2)" in said
    assert "oer index verify --repair" in said
    assert "Repaired." in console.run(index, "verify", "--repair")
    assert console.oer.index.count() == 2
    answer = console.json(index, "verify")
    assert answer == {"missing": [], "extra": [], "outdated": [], "repaired": False}
