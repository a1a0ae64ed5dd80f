"""Every misbehaviour of the table, over real HTTP: what arrives, what does not, what is said."""

import importlib
import time
from datetime import datetime, timedelta

import pytest

import harvesters
from harvesters.harvester import HarvestRequest
from harvesters.http import HttpClient
from harvesters.oai_ask import Asker
from harvesters.oai_pace import Pace
from harvesters.oai_pmh import _Lister, harvester
from harvesters.oai_position import Position, Window
from harvesters.run import run
from oer.services import sources
from tests.harvesters.hostile_cases import CASES, ELSEWHERE, holding, status, twisted
from tests.harvesters.hostile_oai import SECONDS, Hostile, Record, Repository
from tests.harvesters.hostile_world import World


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case, world):
    with world.of(case):
        ended = world.ended = case.play(world)
        assert ended.tally.ties_out()
        assert world.became() == {
            **dict.fromkeys(case.arrives, "published"),
            **dict.fromkeys(case.deleted, "deleted"),
            **case.quarantined,
        }
        assert ended.state == case.state, ended.error
        assert case.error in (ended.error or "")
        assert bool(case.error) == bool(ended.error)
        for expected in case.notes:
            assert any(expected in note for note in ended.notes), (expected, ended.notes)
        for note in ended.notes:
            assert any(expected in note for expected in case.notes), f"unexpected: {note}"
        for name, title in case.titles.items():
            assert world.title(name) == title
        assert case.check(world)


def test_every_case_of_the_catalogue_has_a_row():
    assert {case.number for case in CASES} | set(ELSEWHERE) == set(range(1, 90))


@pytest.mark.parametrize("place", ELSEWHERE.values())
def test_what_is_shown_elsewhere_is_there(place):
    module, _, name = place.partition(":")
    assert callable(getattr(importlib.import_module(module), name))


@pytest.fixture
def world(sqlite_sessions, now, monkeypatch):
    made = World(sqlite_sessions, now)
    patient = harvester(sleep=made.naps.append, clock=lambda: made.hostile.seconds)
    monkeypatch.setitem(harvesters.HARVESTERS, "oai_pmh", lambda: patient)
    return made


# How long it takes --------------------------------------------------------------------------------


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.at = 0.0

    def __call__(self):
        return self.at

    def sleep(self, seconds):
        self.at += max(0.0, seconds)


@pytest.mark.parametrize(("bad", "minutes", "requests"), [(1, 2, 100), (3, 5, 180)])
def test_the_search_for_a_record_does_not_wait_at_every_step(
    sqlite_sessions, now, monkeypatch, bad, minutes, requests
):
    """One full set of tries to see that a page cannot be had, and one before a record is given up.

    With a full set at every step one record takes 11 minutes and 124 requests, and three take 30
    minutes and 250 requests.
    """
    took, asked, ended = search(sqlite_sessions, now, monkeypatch, bad)
    assert (ended.state, ended.tally.created, ended.tally.quarantined) == (
        "complete",
        1000 - bad,
        bad,
    )
    assert took < minutes * 60
    assert asked < requests


def search(sessions, now, monkeypatch, bad):
    """Seconds of waiting and requests, for a list of 1000 with records that break their pages."""
    clock = Clock()
    patient = harvester(sleep=clock.sleep)
    monkeypatch.setitem(harvesters.HARVESTERS, "oai_pmh", lambda: patient)
    start = datetime(2026, 1, 1)
    records = [
        Record(f"n{number:04}", f"{start + timedelta(hours=number):%Y-%m-%dT%H:%M:%SZ}")
        for number in range(1000)
    ]
    names = [f"n{(number + 1) * 1000 // (bad + 1) + 13:04}" for number in range(bad)]
    hostile = Hostile(Repository(records, page=50), twisted(holding(*names), status(500)))

    def http(source):
        return HttpClient(
            internal=True, sleep=clock.sleep, clock=clock, jitter=lambda low, high: high
        )

    with hostile.serving():
        with sessions.begin() as session:
            sources.add(session, "s", hostile.url, now=now, internal=True)
        ended = run(sessions, "s", http, now=lambda: now)
    return clock.at, len(hostile.asked), ended


@pytest.mark.parametrize(
    ("windows", "is_divided"),
    [
        ((Window(),), True),
        # What the second part brings beyond its share could hide what the first one lacks.
        ((Window(until="2026-01-01T00:00:00Z"), Window("2026-01-01T00:00:01Z")), False),
    ],
)
def test_only_a_list_that_is_asked_for_whole_is_divided_for_being_slow(windows, is_divided):
    request = HarvestRequest("https://s.example/oai", granularity=SECONDS)
    lister = _Lister(request, Asker(request, None, time.sleep), Pace(time.monotonic, 10))
    position = Position(windows=windows, size=60, seen=2, longest=2)
    assert (lister._divided(position, is_first=True) is not None) == is_divided
