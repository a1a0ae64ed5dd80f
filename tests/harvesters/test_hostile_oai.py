"""Every misbehaviour of the table, over real HTTP: what arrives, what does not, what is said."""

import importlib

import pytest

import harvesters
from harvesters.oai_pmh import harvester
from tests.harvesters.hostile_cases import CASES, ELSEWHERE
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
    patient = harvester(sleep=made.naps.append)
    monkeypatch.setitem(harvesters.HARVESTERS, "oai_pmh", lambda: patient)
    return made
