"""Profiles: what descriptions have and lack, counted honestly and in bounded memory."""

import threading

import pytest
from sqlalchemy import event, select

from oer.metadata.checks import Finding
from oer.metadata.normalise import normalise
from oer.metadata.resource_metadata import (
    LangString,
    LicenseStatement,
    Material,
    ResourceMetadata,
    Term,
)
from oer.models import Resource, Source
from oer.models.resource import IN_REVIEW, WITHDRAWN
from oer.services import profile as profiles
from oer.services import source_profile
from oer.services.profile import MOST_DISTINCT, SHOWN, profile
from tests.services.harvested import harvest

BY = "https://creativecommons.org/licenses/by/4.0/"


def test_nothing_has_no_mean():
    empty = profile([])
    assert (empty.records, empty.completeness, empty.share(0)) == (0, None, 0.0)


def test_fill_counts_descriptions_and_not_values():
    counted = profiled(described(title=2), described())
    fills = {each.name: each.count for each in counted.fields}
    assert (fills["title"], fills["description"]) == (2, 2)
    assert "publisher" not in fills
    assert counted.count_of("title") == 2
    assert counted.count_of("license") == 0


def test_the_mean_is_the_weighted_share_of_the_parts():
    counted = profiled(described(rights=(BY,)), described())
    weighted = sum(counted.share(each.count) * each.weight for each in counted.parts) / 100
    assert counted.completeness == pytest.approx(weighted)


def test_an_unknown_licence_is_not_open():
    counted = profiled(described(rights=(BY,)), described(rights=("free to use",)), described())
    assert {each.value: each.count for each in counted.licenses} == {"cc-by": 1, "": 2}
    assert counted.open_count == 1


def test_statements_stand_beside_what_we_make_of_them():
    counted = profiled(*[described(rights=("CC BY 4.0", "free to use"))] * 2)
    read = {each.raw: (each.code, each.uri, each.count) for each in counted.statements}
    assert read == {"CC BY 4.0": ("cc-by", BY, 2), "free to use": ("", None, 2)}


def test_no_e_mail_address_is_kept():
    counted = profiled(described(rights=("Ask maija@metsola.example.org",)))
    assert "maija@" not in repr(counted)


def test_values_without_a_concept_are_counted_whatever_their_letter_case():
    counted = profiled(described(type="Kummallinen"), described(type="KUMMALLINEN"))
    (value,) = counted.unmapped
    assert (value.vocabulary, value.raw, value.count) == ("type", "Kummallinen", 2)
    assert counted.unmapped_count == 2


def test_languages_and_types_are_counted_by_concept():
    counted = profiled(described(type="video", language="fin"), described(type="Video"))
    assert [(each.value, each.count) for each in counted.languages] == [("fi", 1)]
    assert [(each.value, each.count) for each in counted.types] == [("type:video", 2)]


def test_a_finding_counts_once_for_a_description():
    twice = [Finding("private-address", "error", "landing_page", each) for each in ("a", "b")]
    (found,) = profile([(described(), twice)]).findings
    assert (found.code, found.severity, found.count) == ("private-address", "error", 1)


def test_values_without_end_take_no_memory_without_end(monkeypatch):
    monkeypatch.setattr(profiles, "MOST_DISTINCT", 100)
    census = profiles.Census()
    for number in range(300):
        census.add(described(type=f"odd {number} " + "x" * 5000, rights=(f"own terms {number}",)))
    counted = census.profile()
    assert (len(counted.unmapped), counted.unmapped_count) == (SHOWN, 300)
    assert all(len(each.raw) <= profiles.LONGEST for each in counted.unmapped)
    assert counted.statements_others == 300 - SHOWN
    assert len(census.unmapped._spelling) == 100
    assert MOST_DISTINCT > SHOWN


# -- of a source in the catalogue ------------------------------------------------------------------


def test_only_what_is_published_counts(sessions, now):
    source_id = filled(sessions, now, 4)
    with sessions.begin() as session:
        first, second, *_ = session.scalars(select(Resource).order_by(Resource.id))
        first.status, second.status = WITHDRAWN, IN_REVIEW
    found = source_profile.source_profile(sessions, source_id)
    assert (found.profile.records, found.of, found.is_sample) == (2, 2, False)


def test_a_large_source_is_read_in_part_and_says_so(sqlite_sessions, now, monkeypatch):
    monkeypatch.setattr(source_profile, "NEWEST", 4)
    monkeypatch.setattr(source_profile, "BATCH", 2)
    source_id = filled(sqlite_sessions, now, 7)
    found = source_profile.source_profile(sqlite_sessions, source_id)
    assert (found.profile.records, found.of, found.is_sample) == (4, 7, True)


def test_the_findings_of_the_database_are_counted(sqlite_sessions, now):
    source_id = filled(sqlite_sessions, now, 3)
    found = source_profile.source_profile(sqlite_sessions, source_id).profile
    assert {each.code: each.count for each in found.findings}["no-license"] == 3


def test_a_profile_is_not_counted_again_for_every_reader(sqlite_sessions, now):
    source_id = filled(sqlite_sessions, now, 3)
    read = descriptions_read(sqlite_sessions)
    for seconds in (0, 30, 400):
        source_profile.source_profile(sqlite_sessions, source_id, clock=lambda at=seconds: at)
    assert len(read) == 1


def test_a_harvest_shows_soon_and_an_edit_in_a_while(sqlite_sessions, now):
    source_id = filled(sqlite_sessions, now, 3)
    at = [0.0]

    def look():
        found = source_profile.source_profile(sqlite_sessions, source_id, clock=lambda: at[0])
        return found.profile.records

    assert look() == 3
    withdraw_one(sqlite_sessions)
    assert look() == 3, "for a minute it stays, whatever happens"
    at[0] = source_profile.FRESH + 1
    assert look() == 2
    read = descriptions_read(sqlite_sessions)
    at[0] += source_profile.STALE + 1
    assert (look(), len(read)) == (2, 1)


def test_the_shelf_keeps_so_many_profiles(monkeypatch):
    monkeypatch.setattr(source_profile, "KEPT", 2)
    shelf = source_profile._Shelf()
    for number in range(5):
        shelf.get(number, (1,), 0.0, lambda: source_profile.SourceProfile(profile([]), 0))
    assert list(shelf.kept) == [3, 4]


def test_readers_do_not_wait_for_a_new_profile_where_there_is_an_old_one():
    shelf = source_profile._Shelf()
    old = shelf.get(1, ("old",), 0.0, lambda: source_profile.SourceProfile(profile([]), 1))
    begun, go_on = threading.Event(), threading.Event()

    def slowly():
        begun.set()
        assert go_on.wait(10)
        return source_profile.SourceProfile(profile([]), 2)

    late = source_profile.FRESH + 1
    counting = threading.Thread(target=shelf.get, args=(1, ("new",), late, slowly))
    counting.start()
    assert begun.wait(10)
    assert shelf.get(1, ("new",), late, pytest.fail) is old
    go_on.set()
    counting.join()
    assert shelf.get(1, ("new",), late, pytest.fail).of == 2


def described(title=1, rights=(), type=None, language=None):
    stated = ResourceMetadata(
        title=tuple(LangString(f"Metsä {number}") for number in range(title)),
        description=(LangString("Lyhyt kuvaus."),),
        license=tuple(LicenseStatement(raw=each, element="dc:rights") for each in rights),
        learning_resource_type=(Term(type),) if type else (),
        language=(Term(language),) if language else (),
        materials=(Material("https://metsola.example.org/1"),),
    )
    return normalise(stated)[0]


def profiled(*descriptions):
    return profile((each, ()) for each in descriptions)


def filled(sessions, now, count):
    with sessions.begin() as session:
        harvest(session, "metsola", *[[("subject", str(n))] for n in range(count)], now=now)
        return session.scalars(select(Source.id)).one()


def withdraw_one(sessions):
    with sessions.begin() as session:
        session.scalars(select(Resource).order_by(Resource.id)).first().status = WITHDRAWN


def descriptions_read(sessions):
    """The statements that read descriptions from now on."""
    read = []

    @event.listens_for(sessions.kw["bind"], "before_cursor_execute")
    def _note(connection, cursor, statement, parameters, context, executemany):
        if "metadata_json" in statement:
            read.append(statement)

    return read
