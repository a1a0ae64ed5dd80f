"""Source defaults on both databases: harvested under them, replayed, merged into nothing else."""

from oer.models import Finding, Resource, Source
from oer.services import catalogue, sources
from oer.services.renormalise import renormalise
from tests.services.providers import Provider

CC_BY = "https://creativecommons.org/licenses/by/4.0/"
DEFAULTS = {"language": "fi", "license": CC_BY, "publisher": "Esimerkin kustannus"}


def declare(sessions, slug, defaults):
    with sessions.begin() as session:
        sources.edit(session, slug, options={"defaults": defaults} if defaults else {})


def description(sessions, address):
    with sessions() as session:
        return catalogue.by_address(session, address).description


def test_new_records_are_described_with_the_defaults_of_their_own_source(sessions, now):
    bare, full = Provider(sessions, now, "bare"), Provider(sessions, now, "full")
    declare(sessions, "bare", DEFAULTS)
    silent = bare.sends(rights=(), language=())
    stated = bare.sends("2", rights=("CC BY-NC 4.0",), language=("sv",))
    other = full.sends(rights=(), language=())
    assert description(sessions, silent).license[0].uri == CC_BY
    assert description(sessions, silent).language[0].basis == "source_default"
    assert [each.family for each in description(sessions, stated).license] == ["cc-by-nc"]
    assert description(sessions, stated).language[0].id == "sv"
    assert (description(sessions, other).license, description(sessions, other).language) == ((), ())


def test_a_replay_lays_them_on_and_takes_them_off_and_then_changes_nothing(sessions, now):
    provider = Provider(sessions, now, "bare")
    address = provider.sends(rights=(), language=())
    before = description(sessions, address)
    for defaults, expected in ((DEFAULTS, 1), (DEFAULTS, 0), ({}, 1), ({}, 0)):
        declare(sessions, "bare", defaults)
        assert renormalise(sessions, source_slug="bare", now=lambda: now).updated == expected
    assert description(sessions, address) == before
    with sessions() as session:
        (resource,) = session.query(Resource)
        assert "source_default" not in (resource.audit_json or "")


def test_a_finding_goes_when_a_default_fills_the_gap(sessions, now):
    provider = Provider(sessions, now, "bare")
    address = provider.sends(rights=())

    def codes():
        with sessions() as session:
            resource = catalogue.by_address(session, address)
            found = session.query(Finding).filter_by(resource_id=resource.id)
            return {each.code for each in found}

    assert "no-license" in codes()
    declare(sessions, "bare", {"license": CC_BY})
    renormalise(sessions, source_slug="bare", now=lambda: now)
    assert "no-license" not in codes()


def test_only_what_is_asked_decides_where_the_next_harvest_begins(sessions, now):
    Provider(sessions, now, "bare")
    with sessions.begin() as session:
        session.query(Source).one().harvest_from = "2026-01-01T00:00:00Z"
    declare(sessions, "bare", DEFAULTS)
    with sessions.begin() as session:
        assert sources.get(session, "bare").harvest_from == "2026-01-01T00:00:00Z"
        sources.edit(session, "bare", options={"defaults": DEFAULTS, "sitemap": {"types": []}})
        assert sources.get(session, "bare").harvest_from is None
