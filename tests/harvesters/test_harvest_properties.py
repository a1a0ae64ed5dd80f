"""However a list is cut into pages and wherever a run is killed, the end is that of a clean run."""

import itertools
import shutil
import socket
from contextlib import contextmanager
from datetime import UTC, datetime
from html import escape
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

import harvesters
from harvesters.harvester import HarvestRequest
from harvesters.http import HttpStatus, Reply
from harvesters.oai_pmh import harvester, pages
from harvesters.oai_position import Position, Window, halves
from harvesters.oai_watch import Recently
from harvesters.run import run
from oer import database
from oer.models import Harvest
from oer.services import sources
from tests.harvesters.hostile_cases import PAGE_2, lists, resumed, says, status, twisted
from tests.harvesters.hostile_oai import Hostile, Record, Repository
from tests.harvesters.test_run import state

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

titles = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20
)
records = st.lists(
    st.builds(
        Record,
        identifier=st.text("abcdefgh:/ä", min_size=1, max_size=4),
        datestamp=st.dates().map(lambda day: f"{day.isoformat()}T00:00:00Z"),
        title=titles.map(escape),
        deleted=st.booleans(),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda record: record.identifier,
)
in_any_cut = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@in_any_cut
@given(records, st.data())
def test_page_boundaries_duplicates_and_order_make_no_difference(fresh, list_, data):
    clean = harvested(fresh, script([list_]))
    again = data.draw(st.lists(st.sampled_from(list_), max_size=5))
    shuffled = data.draw(st.permutations(list_ + again))
    assert harvested(fresh, script(cut(shuffled, data))) == clean


@in_any_cut
@given(records, st.data())
def test_killed_at_any_request_the_next_run_ends_the_same(fresh, list_, data):
    hostile = script(cut(list_, data))
    clean = harvested(fresh, hostile)
    requests = len(hostile.asked)
    with fresh() as sessions:
        killed_after(sessions, script(hostile.pages), data.draw(st.integers(0, requests - 1)))
        harvest(sessions, script(hostile.pages))
        assert state(sessions) == clean


def test_killed_at_any_statement_the_next_run_ends_the_same(fresh):
    clean = harvested(fresh, Hostile())
    for statement in itertools.count():
        with fresh() as sessions:
            finished = killed_at_statement(sessions, statement)
            if finished:
                break
            bury(sessions)
            harvest(sessions, Hostile())
            assert state(sessions) == clean, statement
    assert statement > 30


SPOILED = {
    "one record": (PAGE_2, status(500)),
    "one record of a crowd": (PAGE_2, status(500)),
    "dead tokens": (resumed, says("badResumptionToken")),
    "no lists of records": (lists, status(500)),
}


@pytest.mark.parametrize("name", SPOILED)
def test_killed_at_any_request_of_a_search_the_next_run_ends_the_same(fresh, name):
    def hostile():
        twist = twisted(*SPOILED[name])
        if name == "one record of a crowd":
            return Hostile(Repository(crowd(), page=50), twist)
        return Hostile(twist=twist)

    whole = hostile()
    clean = harvested(fresh, whole)
    requests = len(whole.asked)
    assert requests > 15
    for killed in range(1, requests, max(1, requests // 12)):
        with fresh() as sessions:
            killed_after(sessions, hostile(), killed)
            assert harvest(sessions, hostile()).state == "complete"
            assert state(sessions) == clean, killed


def test_a_run_killed_again_and_again_comes_to_an_end(fresh):
    """Every run takes one page at least, so a search goes on however often it is cut off."""
    clean = harvested(fresh, Hostile(twist=twisted(PAGE_2, status(500))))
    with fresh() as sessions:
        for _ in range(60):
            hostile = Hostile(twist=twisted(PAGE_2, status(500)))
            if killed_after(sessions, hostile, 12):
                break
        assert state(sessions) == clean


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)), st.sampled_from((10, 20)), st.data()
)
def test_halves_leave_no_second_out(moment, length, data):
    granularity = "YYYY-MM-DD" if length == 10 else "YYYY-MM-DDThh:mm:ssZ"
    stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}"[:length]
    window, steps = Window(), 0
    while True:
        parts = halves(
            window, granularity=granularity, earliest=None, latest="2030-01-01T00:00:00Z"
        )
        if parts is None:
            break
        holding = [
            part
            for part in parts
            if (part.from_ or "")[:length] <= stamp <= (part.until or "9")[:length]
        ]
        assert len(holding) == 1
        (window,), steps = holding, steps + 1
    assert steps <= 32


def test_what_is_remembered_of_a_list_takes_the_same_memory_however_long_it_is():
    seen = Recently()
    assert not any(seen.add(f"oai:x:{n}") for n in range(2000))
    assert all(seen.add(f"oai:x:{n}") for n in range(2000))
    for n in range(3 * Recently.FULL):
        seen.add(f"oai:y:{n}")
    wrong = sum(seen.add(f"oai:z:{n}") for n in range(10_000))
    assert wrong < 1000
    held = [value for value in vars(seen).values() if isinstance(value, bytearray)]
    assert sum(map(len, held)) == 512 * 1024


def test_checkpoints_of_the_first_version_are_understood():
    assert Position.read('{"set": 1, "token": "t"}') == Position(1, token="t")
    assert Position.read("nonsense") == Position()


@pytest.mark.parametrize(
    "position",
    [
        Position(),
        Position(windows=(Window("2026", "2027", suspect=True),)),
        Position(1, "t", (Window(None, "2026"), Window("2026", None, True)), seen=3, works=True),
    ],
)
def test_checkpoints_say_all(position):
    assert Position.read(position.write()) == position


def test_a_list_of_headers_is_a_list_too():
    hostile = Hostile()
    request = HarvestRequest(base_url="http://x/", headers_only=True)
    found = [record for page in pages(request, Direct(hostile)) for record in page.records]
    assert [(each.identifier, each.payload) for each in found] == [
        (name, None) for name in "abcdef"
    ]
    assert {each.verb for each in hostile.asked} == {"ListIdentifiers"}


def crowd():
    """So many records of one day that they are asked for in several goes."""
    names = ["c", *(f"n{number}" for number in range(45))]
    return [Record(name, "2026-01-01T00:00:00Z") for name in names]


# Helpers ------------------------------------------------------------------------------------------


class Killed(BaseException):
    pass


class Direct:
    """The transport without a network and without a second try."""

    plain_hosts = frozenset()

    def ask_plainly(self, hosts):
        pass

    def __init__(self, hostile, most=None):
        self.hostile, self.left = hostile, most

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def get(self, url, params=(), **options):
        if self.left is not None:
            if self.left == 0:
                raise Killed
            self.left -= 1
        answer = self.hostile.respond(f"/oai?{urlencode(list(params))}", {})
        reply = Reply(url, answer.status, {}, answer.body)
        if answer.status >= 400:
            raise HttpStatus(url, reply)
        return reply


def script(pages_):
    """A repository that sends these pages of records, whatever is asked."""
    repository = Repository()

    def twist(asked, honest):
        if not asked.lists:
            return honest()
        number = int(asked.token or 0)
        token = str(number + 1) if number + 1 < len(pages_) else ""
        return repository.listing(pages_[number], token)

    hostile = Hostile(repository, twist)
    hostile.pages = pages_
    return hostile


def cut(list_, data):
    """The list in pages, some of them perhaps empty, never many in a row."""
    places = sorted(data.draw(st.lists(st.integers(0, len(list_)), max_size=6)))
    return [list_[begin:end] for begin, end in itertools.pairwise([0, *places, len(list_)])]


def harvest(sessions, hostile, most=None):
    http = Direct(hostile, most)
    ended = run(sessions, "s", lambda source: http, now=lambda: NOW)
    assert ended.tally.ties_out()
    return ended


def harvested(fresh, hostile):
    """What a clean run leaves."""
    with fresh() as sessions:
        assert harvest(sessions, hostile).state == "complete"
        return state(sessions)


def killed_after(sessions, hostile, requests):
    """A run that is killed at that request. Whether it came to its end before."""
    try:
        return harvest(sessions, hostile, requests).state == "complete"
    except Killed:
        return False


def killed_at_statement(sessions, number):
    """A run whose connection dies at that statement. Whether it came to its end before."""
    left = [number]

    def listener(*arguments):
        left[0] -= 1
        if left[0] < 0:
            raise Killed

    engine = sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", listener)
    try:
        harvest(sessions, Hostile())
    except Killed:
        return False
    finally:
        event.remove(engine, "before_cursor_execute", listener)
    return True


def bury(sessions):
    """The process that was killed is gone: nobody answers to the number of its lease."""
    with sessions.begin() as session:
        for left in session.scalars(select(Harvest).where(Harvest.state == "running")):
            left.lease_owner = f"{socket.gethostname()}:999999999"


@pytest.fixture
def fresh(migrated_sqlite, tmp_path, monkeypatch):
    """Makes empty databases with one source in them."""
    impatient = harvester(sleep=lambda seconds: None)
    monkeypatch.setitem(harvesters.HARVESTERS, "oai_pmh", lambda: impatient)
    numbers = itertools.count()

    @contextmanager
    def make():
        path = tmp_path / f"{next(numbers)}.sqlite"
        shutil.copy(migrated_sqlite, path)
        sessions = database.connect(f"sqlite:///{path}")
        with sessions.begin() as session:
            sources.add(session, "s", "https://s.example.org/oai", now=NOW)
        try:
            yield sessions
        finally:
            sessions.kw["bind"].dispose()
            path.unlink()

    return make
