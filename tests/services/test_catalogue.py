"""Reading the catalogue: the right resources, in the right order, in one query."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from oer.metadata.resource_metadata import LangString, ResourceMetadata, to_json
from oer.models import Harvest, HarvestedRecord, Resource, Source
from oer.models.resource import WITHDRAWN
from oer.search import sync
from oer.search.memory_index import MemoryIndex
from oer.services import catalogue, related, sitemap


def test_resources_come_in_the_order_of_their_ids(sessions, add):
    first, second, third = add(), add(), add()
    with sessions() as session:
        found = catalogue.by_ids(session, [third, first, second])
        assert [resource.id for resource in found] == [third, first, second]


def test_unknown_and_withdrawn_ids_are_left_out(sessions, add):
    shown, gone = add(), add(status=WITHDRAWN)
    with sessions() as session:
        assert [r.id for r in catalogue.by_ids(session, [gone, 9999, shown])] == [shown]


def test_ids_cost_one_query_and_bring_their_description(sessions, add, statements):
    ids = [add() for _ in range(5)]
    statements.clear()
    with sessions() as session:
        found = catalogue.by_ids(session, iter(ids))
    assert [resource.description.title[0].text for resource in found] == ["Aineisto"] * 5
    assert len(statements) == 1


def test_an_address_finds_withdrawn_resources_too(sessions, add):
    add(address="gone", status=WITHDRAWN)
    with sessions() as session:
        assert catalogue.by_address(session, "gone").status == WITHDRAWN
        assert catalogue.by_address(session, "never") is None


def test_the_newest_are_those_that_changed_last(sessions, add, now):
    old = add(datestamp=now - timedelta(days=2))
    new = add(datestamp=now)
    add(datestamp=now + timedelta(days=1), status=WITHDRAWN)
    middle = add(datestamp=now - timedelta(days=1))
    with sessions() as session:
        assert [r.id for r in catalogue.newest(session, 2)] == [new, middle]
        assert [r.id for r in catalogue.newest(session, 9)] == [new, middle, old]


def test_sources_come_by_name(sessions, source):
    with sessions.begin() as session:
        session.add(
            Source(slug="a", name="Aarre", base_url="https://a.example/", created_at=source[1])
        )
    with sessions() as session:
        assert [each.name for each in catalogue.sources(session)] == ["Aarre", "Metsälä"]


def test_origins_name_the_record_its_source_and_the_harvest_that_saw_it(sessions, add, source, now):
    resource_id = add()
    with sessions.begin() as session:
        harvest = Harvest(source_id=source[0], started_at=now)
        session.add(harvest)
        session.flush()
        for identifier, harvest_id in (("oai:m:1", harvest.id), ("oai:m:2", None)):
            session.add(
                HarvestedRecord(
                    source_id=source[0],
                    identifier=identifier,
                    datestamp="2026-01-01",
                    resource_id=resource_id,
                    last_harvest_id=harvest_id,
                )
            )
    with sessions() as session:
        origins = catalogue.origins(session, session.get(Resource, resource_id))
    assert [(o.source.slug, o.identifier, o.harvested_at) for o in origins] == [
        ("metsala", "oai:m:1", now),
        ("metsala", "oai:m:2", None),
    ]


@pytest.fixture
def source(sessions, now):
    """The id of a source, and when it was made."""
    with sessions.begin() as session:
        made = Source(slug="metsala", name="Metsälä", base_url="https://m.example/", created_at=now)
        session.add(made)
        session.flush()
        return made.id, now


@pytest.fixture
def add(sessions, source, now):
    """Add a resource; its id."""
    made = []

    def added(**columns):
        made.append(None)
        columns = {"address": f"r{len(made)}", "datestamp": now, **columns}
        description = ResourceMetadata(title=(LangString("Aineisto", "fi"),))
        with sessions.begin() as session:
            resource = Resource(
                source_id=source[0], metadata_json=to_json(description), created_at=now, **columns
            )
            session.add(resource)
            session.flush()
            return resource.id

    return added


@pytest.fixture
def statements(sessions):
    """Every statement sent to the database."""
    sent = []
    event.listen(sessions.kw["bind"], "before_cursor_execute", lambda *args: sent.append(args[2]))
    return sent


def _by_ids(sessions):
    with sessions() as session:
        catalogue.by_ids(session, range(1, 21))


def _sitemap(sessions):
    with sessions() as session:
        list(sitemap.entries(session, 1))


def _mentions(sessions):
    with sessions() as session:
        related.mentions(session, session.scalars(select(Resource)).first(), frozenset({"key"}))


def _rebuild(sessions):
    sync.rebuild(sessions, MemoryIndex())


@pytest.mark.parametrize("read", [_by_ids, _sitemap, _mentions, _rebuild])
def test_a_few_resources_are_never_looked_for_among_all_that_are_published(
    sqlite_sessions, now, read
):
    with sqlite_sessions.begin() as session:
        times = {"created_at": now, "datestamp": now}
        session.add(Resource(address="a", metadata_json=to_json(ResourceMetadata()), **times))
    asked = []
    engine = sqlite_sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
    read(sqlite_sessions)
    few = [each for each in asked if "ORDER BY resource.id" in each[0] or " IN (" in each[0]]
    with engine.connect() as connection:
        plans = [
            str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all())
            for statement, parameters in few
        ]
    assert plans
    assert not [plan for plan in plans if "ix_resource_status" in plan]
