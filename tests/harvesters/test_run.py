"""A harvest: every record accounted for, nothing lost when it is cut off, no two at once."""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from harvesters import lease
from oer.errors import HarvestBusy, UnknownSource
from oer.models import Harvest, HarvestedRecord, Resource, Source
from oer.services import deletions, ingest, sources
from tests.harvesters.replay import Replay, deleted, error, page, record

THREE_PAGES = [
    page(record("a"), record("b"), token="1", size=5),
    page(record("c"), deleted("d"), token="2"),
    page(record("e")),
]


def state(sessions):
    """All that a harvest decides, without the numbers and addresses that chance decides."""
    with sessions() as session:
        rows = session.execute(
            select(
                HarvestedRecord.identifier,
                HarvestedRecord.datestamp,
                HarvestedRecord.deleted,
                HarvestedRecord.problem,
                HarvestedRecord.checksum,
                Resource.status,
                Resource.metadata_json,
            )
            .outerjoin(Resource, Resource.id == HarvestedRecord.resource_id)
            .order_by(HarvestedRecord.identifier)
        ).all()
        source = session.scalars(select(Source)).one()
        return rows, source.harvest_from


def test_every_record_becomes_exactly_one_thing(harvest, sessions):
    ended = harvest(THREE_PAGES)
    assert (ended.state, ended.pages) == ("complete", 3)
    assert ended.tally.as_dict() == {
        "seen": 5, "created": 4, "updated": 0, "unchanged": 0, "withdrawn": 1, "quarantined": 0,
    }  # fmt: skip
    with sessions() as session:
        assert session.scalar(select(func.count(Resource.id))) == 4
        kept = session.scalars(select(Harvest)).one()
        assert (kept.state, kept.seen, kept.complete_list_size) == ("complete", 5, 5)


def test_a_second_harvest_changes_nothing_and_asks_only_for_what_is_new(harvest, sessions):
    harvest(THREE_PAGES)
    before = state(sessions)
    replay = Replay(THREE_PAGES)
    ended = harvest(replay)
    assert ended.tally.unchanged == 5
    assert state(sessions) == before
    # The provider's clock at the first page, less a day of overlap.
    assert replay.asked[1]["from"] == "2026-02-28T10:00:00Z"


def test_days_are_asked_for_where_the_repository_knows_only_days(harvest):
    from tests.harvesters.replay import IDENTIFY

    identify = IDENTIFY.replace("YYYY-MM-DDThh:mm:ssZ", "YYYY-MM-DD")
    harvest(Replay(THREE_PAGES, identify))
    replay = Replay(THREE_PAGES, identify)
    harvest(replay)
    assert replay.asked[1]["from"] == "2026-02-28"


@pytest.mark.parametrize("token", ["1", "2"])
def test_a_run_that_breaks_off_anywhere_is_continued_to_the_same_end(
    harvest, sessions, token, tmp_path
):
    broken = harvest(THREE_PAGES, breaks_at={token})
    assert broken.state == "partial"
    assert "no answer" in broken.error
    replay = Replay(THREE_PAGES)
    assert harvest(replay).state == "complete"
    assert replay.asked[1] == {"verb": "ListRecords", "resumptionToken": token}
    interrupted = state(sessions)
    with sessions.begin() as session:
        for model in (HarvestedRecord, Resource, Harvest):
            session.query(model).delete()
        session.scalars(select(Source)).one().harvest_from = None
    harvest(THREE_PAGES)
    assert state(sessions) == interrupted


def test_ctrl_c_leaves_a_run_that_the_next_one_continues(harvest, sessions):
    with pytest.raises(KeyboardInterrupt):
        harvest(THREE_PAGES, breaks_at={"1"}, breaks_with=KeyboardInterrupt())
    with sessions() as session:
        assert session.scalars(select(Harvest.state)).all() == ["interrupted"]
    ended = harvest(THREE_PAGES)
    assert (ended.state, ended.tally.seen) == ("complete", 3)


def test_a_killed_run_is_taken_over_when_its_process_is_gone(harvest, sessions, now, monkeypatch):
    _leave_running(sessions, now, owner=f"{lease.socket.gethostname()}:999999999")
    assert harvest(THREE_PAGES).state == "complete"


def test_a_run_that_is_alive_elsewhere_keeps_its_source(harvest, sessions, now):
    _leave_running(sessions, now, owner="elsewhere:17")
    with pytest.raises(HarvestBusy, match="elsewhere:17"):
        harvest(THREE_PAGES)


def test_a_lease_that_ran_out_keeps_nobody_off(harvest, sessions, now):
    _leave_running(sessions, now - timedelta(hours=2), owner="elsewhere:17")
    assert harvest(THREE_PAGES).state == "complete"


def test_a_failure_on_the_first_page_is_a_failed_run(harvest):
    replay = Replay([page(record("a"))])
    replay.by_token[None] = b"<html>Please log in</html>"
    ended = harvest(replay)
    assert ended.state == "failed"
    assert "not OAI-PMH" in ended.error


def test_a_window_closes_only_when_the_list_was_complete(harvest, sessions):
    harvest(THREE_PAGES, breaks_at={"2"})
    assert state(sessions)[1] is None
    harvest(THREE_PAGES)
    assert state(sessions)[1] == "2026-02-28T10:00:00Z"


def test_no_records_match_is_a_complete_empty_harvest(harvest):
    replay = Replay([page(record("a"))])
    replay.by_token[None] = error("noRecordsMatch")
    ended = harvest(replay)
    assert (ended.state, ended.tally.seen) == ("complete", 0)


def test_an_expired_token_starts_the_list_again(harvest):
    replay = Replay(THREE_PAGES)
    fresh, answers = replay.by_token["1"], iter([error("badResumptionToken")])
    replay.answer_once = lambda: next(answers, fresh)
    original = replay.answer
    replay.answer = lambda asked: (
        replay.answer_once() if asked.get("resumptionToken") == "1" else original(asked)
    )
    ended = harvest(replay)
    assert ended.state == "complete"
    assert ended.tally.as_dict() | {"seen": 0} == {
        "seen": 0, "created": 4, "updated": 0, "unchanged": 2, "withdrawn": 1, "quarantined": 0,
    }  # fmt: skip
    assert any("expired" in note for note in ended.notes)


def test_a_list_that_repeats_its_token_ends_with_what_it_gave(harvest):
    replay = Replay([page(record("a"), token="1"), page(record("b"), token="1")])
    replay.by_token["1"] = page(record("b"), token="1")
    ended = harvest(replay)
    assert (ended.state, ended.tally.created) == ("partial", 2)
    assert "repeats the resumption token '1'" in ended.error


def test_after_an_endless_list_the_next_run_begins_at_the_beginning(harvest):
    replay = Replay([page(record("a"), token="1"), page(record("b"), token="1")])
    replay.by_token["1"] = page(record("b"), token="1")
    harvest(replay)
    second = Replay(THREE_PAGES)
    harvest(second)
    assert "metadataPrefix" in second.asked[1]


def test_an_unsupported_format_names_those_that_are_offered(harvest):
    replay = Replay([page(record("a"))])
    replay.by_token[None] = error("cannotDisseminateFormat")
    original = replay.answer
    replay.answer = lambda asked: (
        FORMATS if asked["verb"] == "ListMetadataFormats" else original(asked)
    )
    ended = harvest(replay)
    assert ended.state == "failed"
    assert "It offers: oai_dc, lom." in ended.error


def test_sets_are_harvested_one_after_another(harvest, sessions):
    with sessions.begin() as session:
        sources.edit(session, "s", set_specs=["one", "two"])
    replay = Replay([page(record("a"))])
    harvest(replay)
    assert [asked.get("set") for asked in replay.asked] == [None, "one", "two"]


def test_records_that_cannot_be_read_are_kept_with_the_reason(harvest, sessions):
    odd = record("x").replace("<metadata>", "<metadata><odd xmlns='urn:odd'/>")
    bare = "<record><header><identifier>y</identifier></header></record>"
    nameless = "<record><header/><metadata><t xmlns='urn:t'/></metadata></record>"
    ended = harvest([page(*map(record, "abcdefgh"), odd, bare, nameless)])
    assert (ended.tally.created, ended.tally.quarantined) == (8, 3)
    with sessions() as session:
        found = session.execute(
            select(HarvestedRecord.identifier, HarvestedRecord.problem)
            .where(HarvestedRecord.problem.is_not(None))
            .order_by(HarvestedRecord.problem)
        ).all()
    assert [problem for _, problem in found] == ["no_identifier", "no_metadata", "unreadable"]
    assert found[0].identifier.startswith("no-identifier:sha256:")


def test_five_harvested_and_995_failed_is_a_failure(harvest, sessions):
    ended = harvest([page(*[record(f"g{n}") for n in range(5)], *[bad(n) for n in range(995)])])
    assert ended.state == "failed"
    assert (ended.tally.created, ended.tally.quarantined) == (5, 995)
    assert state(sessions)[1] is None


def test_a_mended_record_leaves_quarantine(harvest, sessions):
    good = [record(f"g{n}") for n in range(9)]
    harvest([page(*good, bad(1))])
    ended = harvest([page(*good, record("bad1"))])
    assert (ended.tally.created, ended.tally.quarantined) == (1, 0)


def test_a_deleted_record_that_reappears_comes_back_to_its_address(harvest, sessions):
    harvest([page(record("a"))])
    address = addresses(sessions)
    assert harvest([page(deleted("a"))]).tally.withdrawn == 1
    assert statuses(sessions) == ["withdrawn"]
    assert harvest([page(deleted("a"))]).tally.unchanged == 1
    assert harvest([page(record("a"))]).tally.updated == 1
    assert (statuses(sessions), addresses(sessions)) == (["published"], address)


def test_a_changed_record_changes_its_resource_and_keeps_its_address(harvest, sessions):
    harvest([page(record("a", "Old"))])
    address = addresses(sessions)
    ended = harvest([page(record("a", "New"))])
    assert ended.tally.updated == 1
    assert addresses(sessions) == address
    with sessions() as session:
        assert session.scalars(select(Resource)).one().description.title[0].text == "New"


def test_a_new_datestamp_alone_changes_nothing_that_can_be_seen(harvest, sessions):
    harvest([page(record("a"))])
    before = statement_of_resources(sessions)
    ended = harvest([page(record("a", datestamp="2026-02-02T00:00:00Z"))])
    assert ended.tally.unchanged == 1
    assert statement_of_resources(sessions) == before
    with sessions() as session:
        assert session.scalars(select(HarvestedRecord.datestamp)).one() == "2026-02-02T00:00:00Z"


def test_the_same_record_twice_on_a_page_is_one_resource(harvest, sessions):
    ended = harvest([page(record("a", "First"), record("a", "Last"))])
    assert (ended.tally.created, ended.tally.unchanged) == (1, 1)
    with sessions() as session:
        assert session.scalars(select(Resource)).one().description.title[0].text == "Last"


def test_the_number_of_statements_does_not_grow_with_the_page(harvest, sessions):
    harvest(THREE_PAGES)
    harvest(THREE_PAGES)  # sees that this provider ignores 'from', and keeps that
    counts = []
    for size in (5, 50):
        pages = [page(*[record(f"{size}-{n}") for n in range(size)], deleted(f"{size}-d"))]
        changed = [page(*[record(f"{size}-{n}", "New") for n in range(size)])]
        counts.append([statements(sessions, harvest, each) for each in (pages, pages, changed)])
    assert counts[0] == counts[1]


def test_removing_a_source_withdraws_and_adding_it_again_brings_back(harvest, sessions, now):
    harvest(THREE_PAGES)
    before = addresses(sessions)
    with sessions.begin() as session:
        assert sources.remove(session, "s", now=now) == 4
    with sessions() as session, pytest.raises(UnknownSource):
        sources.get(session, "s")
    with sessions.begin() as session:
        sources.add(session, "s", "https://new.example.org/oai", now=now)
    assert harvest(THREE_PAGES).tally.updated == 4
    assert addresses(sessions) == before
    assert set(statuses(sessions)) == {"published"}


def test_an_unfinished_list_is_begun_anew_when_its_source_comes_back(harvest, sessions, now):
    harvest(THREE_PAGES, breaks_at={"2"})
    with sessions.begin() as session:
        sources.remove(session, "s", now=now)
    with sessions.begin() as session:
        sources.add(session, "s", "https://s.example.org/oai", now=now)
    harvest(THREE_PAGES)
    assert set(statuses(sessions)) == {"published"}


def test_a_source_that_is_removed_meanwhile_publishes_nothing_more(harvest, sessions, now):
    def removed(progress):
        with sessions.begin() as session:
            sources.remove(session, "s", now=now)

    ended = harvest(THREE_PAGES, report=removed)
    assert (ended.state, ended.pages) == ("partial", 1)
    assert "was removed" in ended.error
    assert set(statuses(sessions)) == {"withdrawn"}


def test_a_run_that_was_taken_for_dead_leaves_the_source_to_the_other(harvest, sessions):
    def taken_over(progress):
        with sessions.begin() as session:
            session.scalars(select(Harvest)).one().state = "interrupted"

    ended = harvest(THREE_PAGES, report=taken_over)
    assert (ended.state, ended.pages, ended.tally.created) == ("partial", 1, 2)
    assert "taken over" in ended.error
    assert harvest(THREE_PAGES).state == "complete"
    assert set(statuses(sessions)) == {"published"}


def test_a_page_of_any_length_is_taken_in_whole_and_compared_whole(harvest, sessions, monkeypatch):
    monkeypatch.setattr(ingest, "AT_ONCE", 2)
    monkeypatch.setattr(deletions, "AT_ONCE", 2)
    with sessions.begin() as session:
        sources.edit(session, "s", deletion_policy="sweep", reconcile_days=0.0)
    everything = [page(*[record(each) for each in "abcde"])]
    assert harvest(everything).tally.created == 5
    ended = harvest(everything)
    assert (ended.tally.unchanged, ended.deleted, ended.pages) == (5, 0, 1)


def test_a_page_longer_than_a_statement_of_any_database(harvest, sessions):
    """PostgreSQL takes 65535 values in a statement; some providers send all they have at once."""
    gone = [page(*[deleted(f"d{number}") for number in range(70_000)])]
    assert harvest(gone).tally.withdrawn == 70_000
    with sessions.begin() as session:
        names = [f"d{number}" for number in range(70_000)]
        assert deletions.mark_seen(session, sources.get(session, "s"), names, 1) == 70_000


def test_editing_what_is_asked_starts_from_the_beginning(harvest, sessions):
    harvest(THREE_PAGES, breaks_at={"1"})
    with sessions.begin() as session:
        sources.edit(session, "s", metadata_prefix="lom")
    replay = Replay(THREE_PAGES)
    harvest(replay)
    assert replay.asked[1] == {"verb": "ListRecords", "metadataPrefix": "lom"}


def test_a_source_at_our_own_address_is_not_even_asked(harvest):
    replay = Replay(THREE_PAGES)
    ended = harvest(replay, own_address="https://s.example.org")
    assert (ended.state, replay.asked) == ("failed", [])
    assert "this catalogue itself" in ended.error
    assert harvest(replay, own_address="https://other.example.org").state == "complete"


FORMATS = b"""<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListMetadataFormats>
<metadataFormat><metadataPrefix>oai_dc</metadataPrefix></metadataFormat>
<metadataFormat><metadataPrefix>lom</metadataPrefix></metadataFormat>
</ListMetadataFormats></OAI-PMH>"""


def bad(number):
    return record(f"bad{number}").replace("oai_dc:dc", "odd").replace("<odd", "<odd xmlns='urn:x'")


def addresses(sessions):
    with sessions() as session:
        return sorted(session.scalars(select(Resource.address)))


def statuses(sessions):
    with sessions() as session:
        return list(session.scalars(select(Resource.status)))


def statement_of_resources(sessions):
    with sessions() as session:
        return session.execute(
            select(Resource.id, Resource.datestamp, Resource.revision, Resource.metadata_json)
        ).all()


def statements(sessions, harvest, pages):
    """How many statements a harvest of ``pages`` takes."""
    seen = []

    def listener(connection, cursor, statement, *rest):
        seen.append(statement)

    engine = sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", listener)
    try:
        harvest(pages)
    finally:
        event.remove(engine, "before_cursor_execute", listener)
    return len(seen)


def _leave_running(sessions, started, owner):
    with sessions.begin() as session:
        source = session.scalars(select(Source)).one()
        session.add(
            Harvest(
                source_id=source.id,
                state="running",
                started_at=started,
                lease_owner=owner,
                lease_until=started + timedelta(hours=1),
            )
        )
