"""What readers report: it waits until a curator settles it, and is told to curators alone."""

from functools import partial

import pytest
from sqlalchemy import select

from oer.errors import UsageError
from oer.models import Finding, Resource, Source
from oer.services import curation, events, merging, problems, queue, source_profile, source_report
from oer.services import findings as kept
from oer.services.renormalise import renormalise
from tests.services.providers import Provider


def test_a_report_stays_through_harvests_and_replays_until_it_is_settled(sessions, provider, now):
    metsala = provider()
    address = metsala.sends("1")
    report(sessions, address, now, "wrong-description", "It is about water")
    metsala.sends("1", title="Another title")
    renormalise(sessions, now=lambda: now)
    with sessions.begin() as session:
        kept.renew_dead_links(session, now=now)
    assert waiting(sessions) == [(address, ["wrong-description: It is about water"])]
    assert settle(sessions, address, now)
    assert waiting(sessions) == []
    assert not settle(sessions, address, now)
    with sessions() as session:
        first, second = events.log(session, limit=2)
    assert (first.action, first.reason, first.detail) == ("settle", "mended", {"reports": 1})
    assert second.action == "problem_reported"


@pytest.mark.parametrize(
    ("kind", "severity"),
    [("infringement", "error"), ("unsuitable", "error"), ("broken-link", "warning")],
)
def test_how_grave_a_report_is(sessions, provider, now, kind, severity):
    address = provider().sends()
    report(sessions, address, now, kind)
    with sessions() as session:
        (found,) = queue.page(session, queue.Wanted()).waiting
    assert found.severity == severity


def test_the_same_report_waits_once_and_a_flood_ends(sessions, provider, now):
    address = provider().sends()
    for _ in range(3):
        report(sessions, address, now, "broken-link")
    for number in range(problems.MOST_OPEN + 5):
        report(sessions, address, now, "other", f"Nr {number}")
    with sessions() as session:
        waits = select(Finding).where(Finding.code == "reported")
        assert len(session.scalars(waits).all()) == problems.MOST_OPEN
        assert len(events.log(session)) == problems.MOST_OPEN + 8


def test_whoever_settles_says_what_came_of_it(sessions, provider, now):
    address = provider().sends()
    report(sessions, address, now, "broken-link")
    with pytest.raises(UsageError, match="what came of it"):
        settle(sessions, address, now, " ")


def test_what_is_reported_of_a_copy_waits_at_the_one_that_is_kept(sessions, provider, now):
    one, other = provider().sends("1"), provider(slug="lampi").sends("1")
    report(sessions, other, now, "broken-link")
    with sessions.begin() as session:
        into, copy = merging.find(session, [one, other])
        merging.merge(session, into, [copy], actor="Aino", reason="the same", now=now)
    assert waiting(sessions) == [(one, ["broken-link"])]
    with sessions.begin() as session:
        gone = session.scalar(select(Resource).where(Resource.address == one))
        gone.status, gone.withdrawn_reason = "withdrawn", "deleted_by_provider"
        session.flush()
        assert merging.release_orphans(session, now=now) == 1
    assert waiting(sessions) == [(other, ["broken-link"])]


def test_readers_words_are_in_no_report_on_a_source_nor_on_its_page(sessions, provider, now):
    metsala = provider()
    address = metsala.sends()
    report(sessions, address, now, "infringement", "My neighbour stole it")
    with sessions() as session:
        source = session.get_one(Source, metsala.source_id)
        made = source_report.source_report(session, source, now=now)
        rows = list(source_report.rows(session, source))
    assert "neighbour" not in str(made) + str(rows)
    assert "reported" not in {group.code for group in made.findings}
    found = source_profile.source_profile(sessions, metsala.source_id)
    assert "reported" not in {each.code for each in found.profile.findings}


@pytest.fixture
def provider(sessions, now):
    return partial(Provider, sessions, now)


def report(sessions, address, now, kind, words=""):
    with sessions.begin() as session:
        resource = session.scalar(select(Resource).where(Resource.address == address))
        problems.report(session, resource, kind=kind, words=words, now=now)


def settle(sessions, address, now, reason="mended"):
    with sessions.begin() as session:
        resource = curation.get(session, address)
        return problems.settle(session, resource, actor="Aino", now=now, reason=reason)


def waiting(sessions):
    with sessions() as session:
        found = queue.page(session, queue.Wanted(code="reported")).waiting
    return [(each.address, [finding.evidence for finding in each.findings]) for each in found]
