"""The schema: migrations and models say the same, up and down, on every database."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select, text

from oer import database
from oer.errors import DatabaseError
from oer.models import Base, Harvest, HarvestedRecord, Resource, Source
from oer.services import ingest, sources
from oer.services.source_record import SourceRecord
from tests.services.providers import oai_dc


def test_migrations_and_models_describe_the_same_tables(sessions):
    with sessions.kw["bind"].connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_schema_can_be_taken_down_and_brought_up_again(sessions):
    engine = sessions.kw["bind"]
    database.downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    database.upgrade(engine)
    assert database.current_revision(engine) == database.head_revision()


def test_sources_that_were_there_before_have_learned_nothing(sessions, now):
    engine = sessions.kw["bind"]
    with sessions.begin() as session:
        sources.add(session, "s", "https://s.example.org/oai", now=now)
        session.scalars(select(Source)).one().learned = {"a": 1}
    database.downgrade(engine, "0001")
    assert "learned" not in {each["name"] for each in inspect(engine).get_columns("source")}
    database.upgrade(engine)
    with sessions() as session:
        source = session.scalars(select(Source)).one()
        assert (source.slug, source.learned) == ("s", {})


def test_rows_of_the_first_schema_survive_every_migration_there_and_back(sessions, now):
    """Sources, runs, records and resources as they were before anything was added to them."""
    engine = sessions.kw["bind"]
    with sessions.begin() as session:
        source = sources.add(session, "s", "https://s.example.org/oai", now=now)
        harvest = Harvest(source_id=source.id, state="complete", started_at=now)
        session.add(harvest)
        session.flush()
        arrived = SourceRecord("r", payload=oai_dc(title=("Vesi",)))
        ingest.accept(session, source, harvest, [arrived], now=now)
    before = _counts(sessions)
    assert before["harvested_record"] == before["resource"] == before["harvest"] == 1
    database.downgrade(engine, "0001")
    database.upgrade(engine)
    assert _counts(sessions) == before
    with sessions() as session:
        source = session.scalars(select(Source)).one()
        record = session.scalars(select(HarvestedRecord)).one()
        assert (source.learned, source.error_budget) == ({}, None)
        assert (record.repaired, record.received, record.identifier) == (None, None, "r")
        assert record.last_harvest_id is not None
        assert session.scalars(select(Resource)).one().keyed_revision == 0
    with sessions.begin() as session:
        source = session.scalars(select(Source)).one()
        assert ingest.accept(session, source, None, [arrived], now=now).unchanged == 1


def test_the_head_file_names_the_only_head():
    config = database._alembic_config(None)
    assert ScriptDirectory.from_config(config).get_heads() == [database.head_revision()]


def test_an_empty_database_gets_its_tables_on_the_first_connection(tmp_path):
    engine = database.connect(f"sqlite:///{tmp_path}/new/folder/oer.sqlite").kw["bind"]
    assert inspect(engine).has_table("resource")
    engine.dispose()


def test_a_database_newer_than_the_code_is_refused(sessions, database_url):
    _stamp(sessions, "9999")
    try:
        with pytest.raises(DatabaseError, match=r"schema 9999.*newer than this version"):
            database.connect(database_url)
    finally:
        _stamp(sessions, database.head_revision())


def test_sqlite_runs_in_wal_mode_with_foreign_keys_and_a_busy_timeout(sqlite_sessions):
    with sqlite_sessions.kw["bind"].connect() as connection:
        pragmas = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        ]
    assert pragmas == ["wal", 1, 30000]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://nobody@127.0.0.1:1/none", "127.0.0.1:1"),
        ("sqlite:////proc/nowhere/oer.sqlite", "/proc/nowhere"),
        ("postgresql://u:secret@127.0.0.1:1/none", r"u:\*\*\*@"),
    ],
)
def test_a_database_that_cannot_be_reached_is_one_sentence_without_a_password(url, said):
    with pytest.raises(DatabaseError, match=said) as error:
        database.connect(url)
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)


def _stamp(sessions, revision):
    with sessions.begin() as session:
        session.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))


def _counts(sessions):
    with sessions() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }
