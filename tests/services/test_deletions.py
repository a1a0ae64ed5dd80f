"""Deletions: only on proof, only after a complete list, and never too many without a curator."""

from sqlalchemy import select, update

from oer.models import Resource, Source
from oer.services import deletions, sources
from tests.harvesters.replay import Replay, deleted, page, record


def many(count, *more):
    return [page(*[record(f"r{n}") for n in range(count)], *more)]


def policy(sessions, **fields):
    with sessions.begin() as session:
        sources.edit(session, "s", **fields)


def live(sessions):
    with sessions() as session:
        return len(session.scalars(select(Resource.id).where(Resource.status == "published")).all())


def test_the_providers_word_deletes_when_the_list_is_complete(harvest, sessions):
    harvest(many(10))
    ended = harvest([page(deleted("r1"), deleted("r2"))])
    assert (ended.state, ended.deleted, ended.held) == ("complete", 2, 0)
    assert live(sessions) == 8


def test_nothing_is_deleted_when_the_list_broke_off(harvest, sessions):
    harvest(many(10))
    pages = [page(deleted("r1"), token="1"), page(record("r2"))]
    assert harvest(pages, breaks_at={"1"}).state == "partial"
    assert live(sessions) == 10
    assert harvest(pages).deleted == 1
    assert live(sessions) == 9


def test_too_many_deletions_wait_for_a_curator(harvest, sessions, now):
    harvest(many(60))
    ended = harvest([page(*[deleted(f"r{n}") for n in range(4)])])
    assert (ended.state, ended.deleted, ended.held) == ("held", 0, 4)
    assert live(sessions) == 60
    with sessions() as session:
        assert [(s.slug, held, of) for s, held, of in deletions.held(session)] == [("s", 4, 60)]
    with sessions.begin() as session:
        assert deletions.release(session, sources.get(session, "s"), now=now) == 4
    assert live(sessions) == 56


def test_as_many_as_the_share_allows_are_deleted_at_once(harvest, sessions):
    harvest(many(60))
    assert harvest([page(*[deleted(f"r{n}") for n in range(3)])]).deleted == 3


def test_discarded_deletions_leave_the_records_and_can_come_again(harvest, sessions):
    harvest(many(60))
    gone = [page(*[deleted(f"r{n}") for n in range(10)])]
    harvest(gone)
    with sessions.begin() as session:
        assert deletions.discard(session, sources.get(session, "s")) == 10
    assert live(sessions) == 60
    assert harvest(gone).held == 10


def test_a_record_that_comes_back_alive_is_no_longer_held(harvest, sessions):
    harvest(many(60))
    harvest([page(*[deleted(f"r{n}") for n in range(10)])])
    ended = harvest(many(60))
    assert (ended.state, ended.held, live(sessions)) == ("complete", 0, 60)


def test_a_full_harvest_deletes_what_it_no_longer_holds(harvest, sessions, now):
    policy(sessions, deletion_policy="full")
    harvest(many(10))
    ended = harvest(many(9), full=True)
    assert ended.deleted == 1
    assert live(sessions) == 9


def test_an_incremental_harvest_proves_no_absence(harvest, sessions):
    policy(sessions, deletion_policy="full")
    harvest(many(10))
    assert harvest([page(record("r1"))]).deleted == 0
    assert live(sessions) == 10


def test_an_incomplete_full_harvest_proves_no_absence(harvest, sessions):
    policy(sessions, deletion_policy="full")
    harvest(many(10))
    pages = [page(*[record(f"r{n}") for n in range(5)], token="1"), *many(9)]
    assert harvest(pages, breaks_at={"1"}, full=True).state == "partial"
    assert live(sessions) == 10


def test_a_full_harvest_continued_after_a_break_counts_both_halves(harvest, sessions):
    policy(sessions, deletion_policy="full")
    harvest(many(10))
    halves = [
        page(*[record(f"r{n}") for n in range(5)], token="1"),
        page(*[record(f"r{n}") for n in range(5, 9)]),
    ]
    harvest(halves, breaks_at={"1"}, full=True)
    assert harvest(halves, full=True).deleted == 1
    assert live(sessions) == 9


def test_an_empty_full_list_never_empties_the_catalogue(harvest, sessions):
    policy(sessions, deletion_policy="full")
    harvest(many(3))
    ended = harvest([page()], full=True)
    assert (ended.state, ended.held) == ("held", 3)
    assert live(sessions) == 3


def test_the_policy_none_deletes_nothing(harvest, sessions):
    policy(sessions, deletion_policy="none")
    harvest(many(10))
    assert harvest([page(deleted("r1"))]).tally.unchanged == 1
    assert live(sessions) == 10


def test_a_sweep_compares_identifiers_when_it_is_due(harvest, sessions):
    policy(sessions, deletion_policy="sweep", reconcile_days=7)
    harvest(many(10))
    with sessions.begin() as session:
        session.scalars(select(Source)).one().reconciled_at = None
    replay = Replay([page(record("r1"))])
    headers = [
        f"<header><identifier>r{n}</identifier><datestamp>2026-01-01T00:00:00Z</datestamp></header>"
        for n in range(9)
    ]
    identifiers = page(*headers).replace(b"ListRecords>", b"ListIdentifiers>")
    original = replay.answer
    replay.answer = lambda asked: (
        identifiers if asked["verb"] == "ListIdentifiers" else original(asked)
    )
    ended = harvest(replay)
    assert (ended.state, ended.deleted) == ("complete", 1)
    assert live(sessions) == 9
    again = Replay([page(record("r1"))])
    harvest(again)
    assert "ListIdentifiers" not in [asked["verb"] for asked in again.asked]


def test_a_rejected_resource_stays_out_when_its_record_goes_and_comes_back(harvest, sessions):
    policy(sessions, trust="review")
    harvest(many(10))
    with sessions.begin() as session:
        session.execute(update(Resource).values(status="rejected"))
    harvest([page(*[deleted(f"r{n}") for n in range(5)])])
    harvest(many(10))
    with sessions() as session:
        assert set(session.scalars(select(Resource.status))) == {"rejected"}
