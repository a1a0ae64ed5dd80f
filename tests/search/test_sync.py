from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, select, text, update

from oer.database import Sessions
from oer.errors import IndexBusy, SearchIndexError
from oer.metadata.resource_metadata import LangString, ResourceMetadata, to_json
from oer.models import Resource, Source
from oer.search import sync
from oer.search.index import SearchDocument, SearchQuery
from oer.search.memory_index import MemoryIndex
from oer.search.sync import drain, rebuild, status

WHEN = datetime(2024, 5, 1, tzinfo=UTC)


def test_published_resources_go_in_and_all_others_out(sessions: Sessions) -> None:
    add(sessions, 3)
    add(sessions, 1, status="withdrawn")
    add(sessions, 1, status="draft")
    index = MemoryIndex()
    assert drain(sessions, index) == 5
    assert found(index) == [1, 2, 3]
    change(sessions, 2, status="withdrawn")
    assert drain(sessions, index) == 1
    assert found(index) == [1, 3]


def test_nothing_waits_after_a_drain(sessions: Sessions) -> None:
    add(sessions, 3)
    index = MemoryIndex()
    assert status(sessions, index).waiting == 3
    drain(sessions, index)
    stands = status(sessions, index)
    assert (stands.published, stands.indexed, stands.waiting) == (3, 3, 0)
    assert drain(sessions, index) == 0


def test_what_the_index_was_given_and_has_no_more_is_lacking(sessions: Sessions) -> None:
    add(sessions, 5)
    add(sessions, 2, status="withdrawn")
    assert status(sessions, MemoryIndex()).lacking == 0, "it waits"
    index = MemoryIndex()
    drain(sessions, index)
    assert status(sessions, index).problem == ""
    index.replace((), [2, 3])
    stands = status(sessions, index)
    assert stands.lacking == 2
    assert stands.problem == "The index lacks 2 resources. Run: oer index rebuild"
    change(sessions, 2, title="uusi")
    assert status(sessions, index).lacking == 1, "the other comes with the next update"
    change(sessions, 3, status="withdrawn")
    assert status(sessions, index).lacking == 0


def test_a_change_made_meanwhile_goes_on_waiting(sessions: Sessions) -> None:
    add(sessions, 2)

    class Slow(MemoryIndex):
        def replace(self, documents, deleted=()):
            super().replace(documents, deleted)
            change(sessions, 1)

    drain(sessions, Slow())
    with sessions() as session:
        waiting = session.scalars(
            select(Resource.id).where(Resource.indexed_revision != Resource.revision)
        )
        assert list(waiting) == [1]


def test_a_busy_index_leaves_the_rest_waiting(sessions: Sessions) -> None:
    add(sessions, 5)

    class Busy(MemoryIndex):
        calls = 0

        def replace(self, documents, deleted=()):
            self.calls += 1
            if self.calls > 1:
                raise IndexBusy("held")
            super().replace(documents, deleted)

    index = Busy()
    assert drain(sessions, index, batch=2) == 2
    assert status(sessions, index).waiting == 3
    assert drain(sessions, MemoryIndex()) == 3


def test_a_drain_asks_a_fixed_number_of_times_per_batch(sessions: Sessions) -> None:
    add(sessions, 60)
    statements: list[str] = []
    event.listen(
        sessions.kw["bind"],
        "before_cursor_execute",
        lambda _c, _k, statement, *_: statements.append(statement),
    )
    done: list[int] = []
    drain(sessions, MemoryIndex(), batch=20, progress=done.append)
    assert done == [20, 40, 60]
    assert len(statements) <= 2 + 2 * 3


def test_a_drain_reads_only_the_rows_that_wait(sqlite_sessions: Sessions) -> None:
    with sqlite_sessions() as session:
        query = select(Resource.id).where(Resource.indexed_revision != Resource.revision)
        compiled = query.order_by(Resource.id).compile(session.get_bind())
        plan = session.execute(text(f"EXPLAIN QUERY PLAN {compiled}")).all()
    assert "ix_resource_stale" in str(plan)


def test_verify_finds_what_differs_and_repair_mends_it(sessions: Sessions) -> None:
    add(sessions, 6)
    index = MemoryIndex()
    drain(sessions, index)
    assert not sync.verify(sessions, index, batch=2)
    kept = {id_: document for id_, document in documents(index).items() if id_ != 2}
    stray = replace(kept[1], id=99)
    outdated = replace(kept[4], updated=1.0)
    index.rebuild([*(kept | {4: outdated}).values(), stray])
    unpublish_unseen(sessions, 5)
    found_out = sync.verify(sessions, index, batch=2)
    assert found_out == sync.Differences(missing=(2,), extra=(5, 99), outdated=(4,))
    sync.repair(sessions, index, found_out)
    assert not sync.verify(sessions, index, batch=2)
    assert found(index) == [1, 2, 3, 4, 6]


def test_what_waits_is_no_difference(sessions: Sessions) -> None:
    add(sessions, 2)
    index = MemoryIndex()
    assert not sync.verify(sessions, index)
    drain(sessions, index)
    change(sessions, 1, status="withdrawn")
    assert not sync.verify(sessions, index)


def documents(index: MemoryIndex) -> dict[int, SearchDocument]:
    return {id_: entry.document for id_, entry in index._entries.items()}


def unpublish_unseen(sessions: Sessions, id_: int) -> None:
    """A change past the revision, as only a hand on the database makes it."""
    with sessions.begin() as session:
        session.execute(update(Resource).where(Resource.id == id_).values(status="withdrawn"))


def test_a_rebuild_holds_what_is_published_and_takes_in_what_changed_meanwhile(
    sessions: Sessions,
) -> None:
    add(sessions, 5)
    index = MemoryIndex()
    drain(sessions, index)
    change(sessions, 4, status="withdrawn")

    class Slow(MemoryIndex):
        def rebuild(self, documents):
            count = super().rebuild(documents)
            change(sessions, 1, status="withdrawn")
            change(sessions, 2, title="muuttui")
            return count

    slow = Slow()
    assert rebuild(sessions, slow, batch=2) == 4
    assert found(slow) == [2, 3, 5]
    assert found(slow, "muuttui") == [2]
    assert status(sessions, slow).waiting == 0


def test_a_rebuild_while_another_writer_is_at_work_is_refused(sessions: Sessions) -> None:
    class Busy(MemoryIndex):
        def rebuild(self, documents):
            raise IndexBusy("held")

    with pytest.raises(IndexBusy):
        rebuild(sessions, Busy())


def test_the_dictionaries_are_prepared_where_there_is_much_to_do(
    sessions: Sessions, monkeypatch
) -> None:
    prepared: list[bool] = []
    monkeypatch.setattr(sync, "prepare", lambda: prepared.append(True))
    add(sessions, 3)
    drain(sessions, MemoryIndex(), batch=4)
    assert not prepared
    rebuild(sessions, MemoryIndex(), batch=4)
    assert len(prepared) == 1
    add(sessions, 5)
    drain(sessions, MemoryIndex(), batch=4)
    assert len(prepared) == 2


def test_the_completeness_of_a_resource_is_its_quality(sessions: Sessions) -> None:
    title = to_json(ResourceMetadata(title=(LangString("kuu"),)))
    add(sessions, 1, metadata_json=title)
    add(sessions, 1, metadata_json=title, completeness=0.8)
    add(sessions, 1, metadata_json=title, completeness=0.2)
    index = MemoryIndex()
    drain(sessions, index)
    assert [hit.id for hit in index.search(SearchQuery("kuu")).hits] == [2, 3, 1]


def test_the_status_brings_the_notes_of_the_index(sessions: Sessions) -> None:
    class Noted(MemoryIndex):
        def notes(self):
            return ("Run: oer index rebuild",)

    assert status(sessions, Noted()).notes == ("Run: oer index rebuild",)


def test_the_source_is_a_facet(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.add(Source(id=4, slug="koski", name="Koski", base_url="https://x", created_at=WHEN))
    add(sessions, 1, source_id=4)
    add(sessions, 1)
    index = MemoryIndex()
    drain(sessions, index)
    assert index.search(SearchQuery()).facets["source"] == (("", 1), ("koski", 1))


def test_a_row_that_cannot_be_read_is_named(sessions: Sessions) -> None:
    add(sessions, 1, metadata_json="{}")
    with pytest.raises(SearchIndexError, match=r"Resource 1 cannot be indexed"):
        drain(sessions, MemoryIndex())


def add(sessions: Sessions, count: int, **columns) -> None:
    with sessions.begin() as session:
        start = len(session.scalars(select(Resource.id)).all())
        for number in range(start + 1, start + count + 1):
            session.add(Resource(**row(number) | columns))


def row(number: int) -> dict:
    title = (LangString(f"Otsikko {number}", "fi"),)
    return {
        "id": number,
        "address": f"a{number}",
        "metadata_json": to_json(ResourceMetadata(title=title)),
        "created_at": WHEN,
        "datestamp": WHEN,
    }


def change(sessions: Sessions, id_: int, title: str = "", **columns) -> None:
    if title:
        columns["metadata_json"] = to_json(ResourceMetadata(title=(LangString(title),)))
    with sessions.begin() as session:
        session.execute(
            update(Resource)
            .where(Resource.id == id_)
            .values(revision=Resource.revision + 1, **columns)
        )


def found(index: MemoryIndex, query: str = "") -> list[int]:
    return sorted(hit.id for hit in index.search(SearchQuery(query, limit=100)).hits)
