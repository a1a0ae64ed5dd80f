"""The queue: what waits, the gravest first, then what has waited longest."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event

from oer.errors import UsageError
from oer.services import curation, queue, sources
from oer.services.queue import Wanted
from tests.services.providers import Provider

NO_LICENCE = {"rights": ()}
"""A warning."""
NO_LINK = {"identifier": ()}
"""An error."""


def test_the_gravest_come_first_then_those_that_have_waited_longest(provider, read):
    metsala = provider()
    late = metsala.sends("late warning", **NO_LICENCE)
    metsala.now -= timedelta(days=2)
    early = metsala.sends("early warning", **NO_LICENCE)
    metsala.sends("nothing wrong")
    metsala.now += timedelta(days=5)
    error = metsala.sends("error", **NO_LINK)
    assert addresses(read()) == [error, early, late]
    assert [each.severity for each in read()] == ["error", "warning", "warning"]


def test_what_is_in_review_waits_even_without_findings(provider, read):
    reviewed = provider(trust="review")
    address = reviewed.sends()
    (waiting,) = read()
    assert (waiting.address, waiting.status, waiting.severity) == (address, "in_review", None)
    assert waiting.since == reviewed.now
    assert read(severity="warning") == ()


def test_hints_stay_out_until_they_are_asked_for(provider, read):
    address = provider().sends(language=())
    assert read() == ()
    assert addresses(read(severity="info")) == [address]
    assert addresses(read(code="no-language")) == [address]


def test_the_queue_is_narrowed_by_source_finding_severity_status_and_age(provider, read, now):
    metsala, lampi = provider(), provider(slug="lampi", trust="review")
    warned = metsala.sends("1", **NO_LICENCE)
    metsala.now += timedelta(days=10)
    broken = metsala.sends("2", **NO_LINK)
    waiting = lampi.sends()
    assert addresses(read(source_id=lampi.source_id)) == [waiting]
    assert addresses(read(code="no-license")) == [warned]
    assert addresses(read(severity="error")) == [broken]
    assert addresses(read(status="in_review")) == [waiting]
    assert addresses(read(before=now + timedelta(days=5), status="published")) == [warned]


def test_findings_that_were_not_asked_for_are_not_shown(provider, read):
    provider().sends(rights=(), identifier=())
    (waiting,) = read(code="no-license")
    assert [each.code for each in waiting.findings] == ["no-license"]


def test_what_was_rejected_or_withdrawn_waits_no_more(provider, sessions, read, now):
    address = provider(trust="review").sends(**NO_LICENCE)
    other = provider(slug="lampi").sends(**NO_LICENCE)
    with sessions.begin() as session:
        decide = {"actor": "aino", "now": now, "reason": "r"}
        curation.reject(session, curation.get(session, address), **decide)
        curation.withdraw(session, curation.get(session, other), **decide)
    assert read() == ()
    assert addresses(read(status="rejected")) == [address]


def test_a_removed_source_leaves_nothing_in_the_queue(provider, sessions, read, now):
    provider(trust="review").sends()
    with sessions.begin() as session:
        sources.remove(session, "metsala", now=now)
    assert read() == ()


def test_pages_go_on_from_a_place_though_the_queue_changes_meanwhile(provider, sessions, now):
    metsala = provider()
    for name in range(5):
        metsala.sends(f"{name}", **(NO_LINK if name % 2 else NO_LICENCE))
    with sessions() as session:
        everything = queue.page(session, Wanted()).waiting
        first = queue.page(session, Wanted(), limit=2)
        assert queue.count(session, Wanted()) == 5
    with sessions.begin() as session:
        settled = curation.get(session, first.waiting[0].address)
        curation.withdraw(session, settled, actor="a", now=now, reason="r")
    with sessions() as session:
        second = queue.page(session, Wanted(), after=first.next, limit=2)
        third = queue.page(session, Wanted(), after=second.next, limit=2)
    assert third.next is None
    assert (*first.waiting, *second.waiting, *third.waiting) == everything


@pytest.mark.parametrize("place", ["", "x", "1_2_3", "0_20260101T000000.000000_x"])
def test_a_place_that_is_none_is_refused(sessions, place):
    with sessions() as session, pytest.raises(UsageError, match="no place"):
        queue.page(session, Wanted(), after=place)


def test_an_unknown_severity_is_refused(sessions):
    with sessions() as session, pytest.raises(UsageError, match="error, warning, info"):
        queue.page(session, Wanted(severity="grave"))


def test_a_page_costs_two_queries(provider, sessions):
    metsala = provider()
    for name in range(8):
        metsala.sends(f"{name}", **NO_LICENCE)
    sent = []
    event.listen(sessions.kw["bind"], "before_cursor_execute", lambda *args: sent.append(args[2]))
    with sessions() as session:
        assert len(queue.page(session, Wanted(), limit=5).waiting) == 5
    assert len(sent) == 2


def test_all_ids_come_in_the_order_of_the_queue(provider, sessions, read):
    metsala = provider()
    metsala.sends("1", **NO_LICENCE)
    metsala.sends("2", **NO_LINK)
    with sessions() as session:
        assert list(queue.ids(session, Wanted())) == [each.id for each in read()]


def addresses(waiting):
    return [each.address for each in waiting]


@pytest.fixture
def provider(sessions, now):
    return partial(Provider, sessions, now)


@pytest.fixture
def read(sessions):
    """The first page of the queue."""

    def read(**wanted):
        with sessions() as session:
            return queue.page(session, Wanted(**wanted)).waiting

    return read
