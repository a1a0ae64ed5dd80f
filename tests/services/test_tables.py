"""The tables of a source: whose rows win, and that changes are seen."""

from datetime import timedelta

from sqlalchemy import event

from oer.metadata.skos import SkosConcept
from oer.metadata.vocabularies import SHIPPED
from oer.models import MappingRow
from oer.services import mappings, vocabularies
from oer.services.tables import load_tables
from tests.services.harvested import harvest

WATER = "http://vocabulary.example/water"


def test_without_rows_and_vocabularies_they_are_the_shipped_ones(sqlite_sessions):
    with sqlite_sessions() as session:
        assert load_tables(session, 1) is SHIPPED


def test_a_row_wins_over_what_is_shipped_and_a_sources_own_over_all(sessions, now):
    with sessions.begin() as session:
        own, other = harvest(session, "own", now=now), harvest(session, "other", now=now)
        put(session, "Image", "type:video", now, source_slug="own")
        put(session, "Image", "type:audio", now)
        assert meaning(session, own.id) == "type:video"
        assert meaning(session, other.id) == "type:audio"
        assert meaning(session, None) == "type:audio"


def test_a_change_is_seen_by_the_next_page(sessions, now):
    with sessions.begin() as session:
        put(session, "Image", "type:video", now)
    with sessions() as session:
        assert meaning(session, None) == "type:video"
    with sessions.begin() as session:
        put(session, "Image", "type:audio", now + timedelta(microseconds=1))
    with sessions() as session:
        assert meaning(session, None) == "type:audio"
    with sessions.begin() as session:
        mappings.remove(session, "Image", "type", now=now, by="c")
    with sessions() as session:
        assert meaning(session, None) == "type:image"


def test_a_change_that_was_taken_back_is_forgotten(sessions, now):
    with sessions() as session:
        put(session, "Image", "type:video", now)
        assert meaning(session, None) == "type:video"
        session.rollback()
        assert meaning(session, None) == "type:image"


def test_nothing_is_read_again_while_nothing_changes(sqlite_sessions, now):
    with sqlite_sessions.begin() as session:
        load(session, now)
        put(session, "Image", "type:video", now)
    with sqlite_sessions() as session:
        first = load_tables(session, 1)
        statements = []
        event.listen(
            session.get_bind(), "after_cursor_execute", lambda *args: statements.append(args[2])
        )
        assert load_tables(session, 1) is first
        assert load_tables(session, 2).loaded is not None
        assert len(statements) == 2


def test_a_row_whose_concept_is_gone_is_passed_over(sqlite_sessions, now):
    with sqlite_sessions.begin() as session:
        row = {"raw": "Image", "folded": "image", "created_by": "c", "created_at": now}
        session.add(MappingRow(vocabulary="type", target="type:of-yesterday", **row))
        session.flush()
        assert meaning(session, None) == "type:image"


def test_loaded_vocabularies_are_found(sessions, now):
    with sessions.begin() as session:
        load(session, now)
        loaded = load_tables(session).loaded
    assert loaded("Vesi", None, None, "fi").id == WATER
    assert loaded("h2o", None, None, None).id == WATER
    assert loaded("", None, WATER.replace("http:", "https:"), None).basis == "stated"


def test_a_vocabulary_that_is_loaded_again_is_read_again(sessions, now):
    with sessions.begin() as session:
        load(session, now)
        assert load_tables(session).loaded("vesi", None, None, "fi")
        load(session, now + timedelta(seconds=1), label="ilma")
        loaded = load_tables(session).loaded
    assert loaded("vesi", None, None, "fi") is None
    assert loaded("ilma", None, None, "fi").id == WATER


def put(session, raw, target, now, **options):
    mappings.store(session, raw, mappings.meaning([target]), now=now, by="c", **options)


def load(session, now, label="vesi"):
    concept = SkosConcept(WATER, {"fi": label}, (("H2O", None),))
    vocabularies.load(session, "nature", [concept], origin="a file", now=now, by="c")


def meaning(session, source_id):
    return load_tables(session, source_id).match("type", "Image").id
