"""When a source's turn has come, and how its client is made."""

from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from harvesters import many
from harvesters.schedule import is_due
from harvesters.source_http import client_for
from oer.errors import UsageError
from oer.models import Harvest, Source
from oer.services import sources
from oer.services.hours import visiting_hours

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def source(**fields):
    return Source(slug="s", base_url="https://s.example.org/oai", delay_seconds=0.0, **fields)


def test_a_source_without_an_interval_is_never_due():
    assert not is_due(source(), None, NOON)


def test_a_source_is_due_when_its_interval_has_passed():
    daily = source(interval_hours=24)
    assert is_due(daily, None, NOON)
    assert is_due(daily, NOON - timedelta(hours=24), NOON)
    assert not is_due(daily, NOON - timedelta(hours=23), NOON)


def test_a_parked_source_is_left_alone_until_then():
    parked = source(interval_hours=1, parked_until=NOON + timedelta(minutes=1))
    assert not is_due(parked, None, NOON)
    assert is_due(parked, None, NOON + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("hours", "permitted"),
    [
        ("10:00-14:00", True),
        ("12:00-13:00", True),
        ("11:00-12:00", False),
        ("22:00-06:00", False),
        ("22:00-12:30", True),
        # Noon UTC is 15 o'clock in Helsinki in June.
        ("14:00-16:00 Europe/Helsinki", True),
        ("11:00-13:00 Europe/Helsinki", False),
    ],
)
def test_visiting_hours_are_kept_in_their_time_zone(hours, permitted):
    assert is_due(source(interval_hours=1, visiting_hours=hours), None, NOON) == permitted


@pytest.mark.parametrize("text", ["", "night", "25:00-26:00", "22:00-06:00 Mars/Olympus", "1-2"])
def test_what_are_no_visiting_hours_is_named(text):
    with pytest.raises(UsageError, match="no visiting hours"):
        visiting_hours(text)


def test_credentials_come_from_the_environment_and_stay_out_of_messages():
    secret = source(headers_variable="OER_TEST_HEADERS")
    client_for(secret, contact="", environ={"OER_TEST_HEADERS": "Authorization: Bearer x"}).close()
    for value in ({}, {"OER_TEST_HEADERS": "very-secret"}):
        with pytest.raises(UsageError, match="OER_TEST_HEADERS") as error:
            client_for(secret, contact="", environ=value)
        assert "very-secret" not in str(error.value)


def test_the_longest_waiting_source_comes_first(sqlite_sessions, now):
    with sqlite_sessions.begin() as session:
        for slug in ("early", "late", "never", "by-hand"):
            sources.add(session, slug, f"https://{slug}.example.org/oai", now=now)
            if slug != "by-hand":
                sources.edit(session, slug, interval_hours=1.0)
        session.flush()
        for slug, hours in (("early", 5), ("late", 9), ("by-hand", 99)):
            started = now - timedelta(hours=hours)
            owner = sources.get(session, slug)
            session.add(Harvest(source_id=owner.id, state="complete", started_at=started))
    assert many.due(sqlite_sessions, now) == ["never", "late", "early"]


def test_sources_of_one_host_share_a_lane(sqlite_sessions, now):
    with sqlite_sessions.begin() as session:
        for slug, host in (("a", "one"), ("b", "two"), ("c", "one")):
            sources.add(session, slug, f"https://{host}.example.org/{slug}", now=now)
    assert many.lanes(sqlite_sessions, ["a", "b", "c"]) == [["a", "c"], ["b"]]


def test_lanes_run_side_by_side_and_each_in_its_order():
    met, done = [Event(), Event()], []

    def harvest(slug):
        if slug in "ab":
            mine, other = met if slug == "a" else reversed(met)
            mine.set()
            assert other.wait(10), "the other lane never began"
        done.append(slug)
        return slug

    found = many.in_lanes([["a", "c"], ["b"]], harvest, parallel=2, stop=Event())
    assert found == ["a", "c", "b"]
    assert done.index("a") < done.index("c")


def test_ctrl_c_in_one_lane_stops_the_others():
    stop = Event()

    def harvest(slug):
        if slug == "a":
            raise KeyboardInterrupt
        assert stop.wait(10), "nobody said stop"
        return slug

    with pytest.raises(KeyboardInterrupt):
        many.in_lanes([["a"], ["b"]], harvest, parallel=2, stop=stop)
