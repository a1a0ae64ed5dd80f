"""Raw values without a concept: counted, and found again."""

import pytest

from oer.errors import UnknownSource
from oer.services import raw_values
from tests.services.harvested import harvest


def test_values_without_a_concept_are_counted_by_source(sessions, now):
    with sessions.begin() as session:
        harvest(session, "a", [("type", "Flugblatt")], [("type", "flugblatt")], now=now)
        harvest(session, "b", [("type", "Flugblatt"), ("type", "Image")], now=now)
    counted = raw_values.unmapped(sessions)
    assert [(each.source, each.vocabulary, each.count) for each in counted.values] == [
        ("a", "type", 2), ("b", "type", 1),
    ]  # fmt: skip
    assert counted.values[0].raw == "Flugblatt"
    assert counted.others == 0


def test_only_the_source_and_the_vocabulary_asked_for(sqlite_sessions, now):
    with sqlite_sessions.begin() as session:
        harvest(session, "a", [("type", "Flugblatt")], now=now)
        harvest(session, "b", [("type", "Plakat")], now=now)
    counted = raw_values.unmapped(sqlite_sessions, source_slug="b", vocabulary="type")
    assert [each.raw for each in counted.values] == ["Plakat"]
    assert raw_values.unmapped(sqlite_sessions, vocabulary="level").values == []
    with pytest.raises(UnknownSource):
        raw_values.unmapped(sqlite_sessions, source_slug="nowhere")


def test_what_is_past_the_limit_is_counted_together(sqlite_sessions, now, monkeypatch):
    monkeypatch.setattr(raw_values, "MOST_VALUES", 1)
    with sqlite_sessions.begin() as session:
        harvest(session, "a", *([("type", f"Kind {n}")] for n in (1, 2, 3, 1)), now=now)
    counted = raw_values.unmapped(sqlite_sessions)
    assert ([each.count for each in counted.values], counted.others) == ([2], 2)


def test_carriers_are_found_in_every_batch(sqlite_sessions, now, monkeypatch):
    monkeypatch.setattr(raw_values, "BATCH", 2)
    reported = []
    with sqlite_sessions.begin() as session:
        harvest(
            session, "a", *([("type", kind)] for kind in ("Plakat", "Image", "PLAKAT")), now=now
        )
        harvest(session, "b", [("type", "Plakat")], now=now)
        size = raw_values.size(session)
    wanted = {("type", "plakat")}
    assert len(raw_values.carriers(sqlite_sessions, wanted, report=reported.append)) == 3
    assert sum(reported) == size == 4
    assert len(raw_values.carriers(sqlite_sessions, wanted, source_slug="b")) == 1
    assert raw_values.carriers(sqlite_sessions, {("level", "plakat")}) == []
