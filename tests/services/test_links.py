"""Links: which there are, which are due, who may check them, and what a check means for them."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain, count

import pytest
from sqlalchemy import event, select

from oer.errors import DatabaseError, UsageError
from oer.metadata.resource_metadata import LangString, Material, ResourceMetadata, to_json
from oer.models import Link, Resource, ResourceLink, Source
from oer.models.resource import IN_REVIEW, PUBLISHED, WITHDRAWN
from oer.services import link_queue, link_report, links
from oer.services.link_queue import CLAIM_FOR, Wanted
from oer.services.link_standing import (
    ALIVE_AGAIN,
    DOUBTFUL_AGAIN,
    FAILING_AGAIN,
    LONGEST_DETAIL,
    LONGEST_REST,
    LONGEST_URL,
    STATES,
    Outcome,
    Standing,
    judged,
)
from oer.services.links import MOST_LINKS

ALIVE = Outcome("alive", 200)
FAILING = Outcome("failing", 404, "Not Found")
DOUBTFUL = Outcome("doubtful", 403)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


# -- which links there are -------------------------------------------------------------------------


def test_landing_page_and_materials_of_published_resources_become_links(shelf):
    shelf.add(landing_page="https://A.example/x", materials=["https://b.example/1.pdf"])
    assert shelf.refresh() == 1
    assert shelf.links() == {
        ("r1", "https://a.example/x", "landing_page"),
        ("r1", "https://b.example/1.pdf", "material"),
    }


def test_a_link_that_is_both_is_a_landing_page(shelf):
    shelf.add(landing_page="https://a.example/x", materials=["https://a.example/x#top"])
    shelf.refresh()
    assert shelf.links() == {("r1", "https://a.example/x", "landing_page")}


@pytest.mark.parametrize(
    "raw",
    ["ftp://a.example/x", "javascript:alert(1)", "urn:nbn:fi-1", "https://u:p@a.example/", "x", ""],
)
def test_what_is_no_web_address_is_no_link(shelf, raw):
    shelf.add(landing_page=raw, materials=[raw])
    shelf.refresh()
    assert shelf.links() == set()


def test_two_resources_share_a_link(shelf):
    shelf.add(landing_page="https://a.example/x")
    shelf.add(landing_page="https://a.example/x#chapter")
    shelf.refresh()
    assert len(shelf.links()) == 2
    assert len(shelf.rows()) == 1


def test_a_resource_that_changed_loses_its_old_links_and_nobody_checks_those(shelf, now):
    shelf.add(landing_page="https://a.example/old")
    shelf.refresh()
    shelf.change("r1", landing_page="https://a.example/new")
    assert shelf.refresh() == 1
    assert shelf.links() == {("r1", "https://a.example/new", "landing_page")}
    assert {row.url: row.next_check_at for row in shelf.rows()} == {
        "https://a.example/old": None,
        "https://a.example/new": now,
    }


@pytest.mark.parametrize("status", [WITHDRAWN, IN_REVIEW])
def test_links_of_resources_nobody_sees_are_not_due(shelf, status):
    shelf.add(landing_page="https://a.example/x")
    shelf.refresh()
    shelf.change("r1", status=status)
    shelf.refresh()
    assert shelf.links() == set()
    assert shelf.due() == {}


def test_a_link_that_another_resource_names_stays_due(shelf):
    shelf.add(landing_page="https://a.example/x")
    shelf.add(landing_page="https://a.example/x")
    shelf.refresh()
    shelf.change("r1", status=WITHDRAWN)
    shelf.refresh()
    assert shelf.due() == {"a.example": 1}


def test_what_was_found_is_kept_while_a_resource_is_away(shelf, now):
    shelf.add(landing_page="https://a.example/x")
    shelf.refresh()
    shelf.check(FAILING)
    shelf.change("r1", status=WITHDRAWN)
    shelf.refresh()
    shelf.change("r1", status=PUBLISHED)
    shelf.refresh(now=now + DAY)
    (row,) = shelf.rows()
    assert (row.state, row.failures, row.next_check_at) == ("failing", 1, now + DAY)


def test_a_link_withdrawn_while_it_is_checked_does_not_come_back(shelf, now):
    shelf.add(landing_page="https://a.example/x")
    shelf.refresh()
    (claim,) = shelf.claim()
    shelf.change("r1", status=WITHDRAWN)
    shelf.refresh()
    shelf.record({claim.id: ALIVE})
    assert shelf.rows()[0].next_check_at is None


def test_resources_that_did_not_change_are_not_read_again(shelf):
    for _ in range(5):
        shelf.add(landing_page="https://a.example/x")
    assert [shelf.refresh(batch=2), shelf.refresh()] == [5, 0]


def test_progress_is_told_batch_by_batch(shelf):
    for _ in range(5):
        shelf.add()
    told = []
    shelf.refresh(batch=2, progress=told.append)
    assert told == [2, 4, 5]


def test_a_resource_with_thousands_of_links_counts_with_the_first(shelf):
    shelf.add(materials=[f"https://a.example/{number}" for number in range(MOST_LINKS + 5)])
    shelf.refresh()
    assert len(shelf.rows()) == MOST_LINKS


def test_a_batch_costs_the_same_statements_whatever_is_in_it(shelf):
    def cost():
        with shelf.counting() as sent:
            shelf.refresh()
        return len(sent)

    shelf.add(landing_page="https://a.example/x", materials=["https://b.example/x"])
    shelf.refresh()
    shelf.change("r1", landing_page="https://a.example/y")
    small = cost()
    for number in range(40):
        page = f"https://h{number}.example/x"
        shelf.add(landing_page=page, materials=[f"{page}/{part}" for part in range(9)])
    shelf.change("r1", landing_page="https://a.example/z")
    assert cost() == small < 12


def test_a_description_that_cannot_be_read_is_named(shelf):
    shelf.add()
    with shelf.sessions.begin() as session:
        session.get(Resource, 1).metadata_json = "{"
    with pytest.raises(DatabaseError, match="Resource 1 cannot be read"):
        shelf.refresh()


# -- which are due ---------------------------------------------------------------------------------


def test_new_links_are_due_and_checked_ones_when_their_time_has_come(shelf, now):
    shelf.add(landing_page="https://a.example/x", materials=["https://b.example/x"])
    shelf.refresh()
    assert shelf.due() == {"a.example": 1, "b.example": 1}
    shelf.check(ALIVE)
    assert shelf.due() == {}
    assert shelf.due(now=now + ALIVE_AGAIN - HOUR) == {}
    assert shelf.due(now=now + ALIVE_AGAIN) == {"a.example": 1, "b.example": 1}


def test_the_host_that_waits_longest_comes_first(shelf, now):
    shelf.add(landing_page="https://late.example/x")
    shelf.refresh(now=now + HOUR)
    shelf.add(landing_page="https://early.example/x")
    shelf.refresh(now=now)
    assert list(shelf.due(now=now + DAY)) == ["early.example", "late.example"]


def test_a_claim_takes_some_of_each_host_and_the_longest_waiting_first(shelf, now):
    for number in (1, 2, 3):
        shelf.add(landing_page=f"https://a.example/{number}")
        shelf.refresh(now=now - number * HOUR)
    shelf.add(landing_page="https://b.example/1")
    shelf.refresh()
    claimed = shelf.claim(per_host=2)
    assert sorted(claim.url for claim in claimed) == [
        "https://a.example/2",
        "https://a.example/3",
        "https://b.example/1",
    ]


def test_what_is_claimed_is_nobody_elses_until_the_claim_runs_out(shelf, now):
    shelf.add(landing_page="https://a.example/x")
    shelf.refresh()
    assert len(shelf.claim()) == 1
    assert shelf.claim() == shelf.claim(again=True) == []
    assert shelf.due() == {}
    assert len(shelf.claim(now=now + CLAIM_FOR)) == 1


def test_two_at_a_time_never_get_the_same_link(shelf):
    shelf.add(materials=[f"https://a.example/{number}" for number in range(60)])
    shelf.refresh()

    def all_it_gets(_):
        return [
            claim.id for claims in iter(lambda: shelf.claim(per_host=3), []) for claim in claims
        ]

    with ThreadPoolExecutor(2) as pool:
        taken = sorted(chain(*pool.map(all_it_gets, range(2))))
    assert taken == [row.id for row in shelf.rows()]


def test_a_claim_given_back_is_due_at_once(shelf, now):
    shelf.add(landing_page="https://a.example/x")
    shelf.refresh()
    (claim,) = shelf.claim()
    with shelf.sessions.begin() as session:
        link_queue.release(session, [claim.id], now=now)
    assert shelf.due() == {"a.example": 1}


def test_again_takes_links_that_are_not_due_once(shelf, now):
    shelf.add(landing_page="https://a.example/x")
    shelf.refresh()
    shelf.check(ALIVE)
    later = now + DAY
    assert shelf.claim(now=later) == []
    (claim,) = shelf.claim(now=later, again=True, started=later)
    shelf.record({claim.id: ALIVE}, now=later)
    assert shelf.claim(now=later, again=True, started=later) == []


def test_only_the_links_of_a_source_can_be_asked_for(shelf):
    shelf.add(landing_page="https://a.example/x", source="one")
    shelf.add(landing_page="https://a.example/y", source="two")
    shelf.refresh()
    (claim,) = shelf.claim(source_id=shelf.source_id("two"))
    assert claim.url == "https://a.example/y"


def test_one_link_can_be_asked_for_due_or_not(shelf):
    shelf.add(landing_page="https://a.example/x", materials=["https://a.example/y"])
    shelf.refresh()
    shelf.check(ALIVE)
    with shelf.sessions() as session:
        url = link_queue.find(session, " HTTPS://A.example/y#top ")
    assert [claim.url for claim in shelf.claim(url=url)] == ["https://a.example/y"]


@pytest.mark.parametrize(
    ("url", "why"),
    [("https://a.example/other", "No published resource points to"), ("ftp://x", "no web address")],
)
def test_a_link_nobody_has_is_refused_with_a_reason(shelf, url, why):
    with shelf.sessions() as session, pytest.raises(UsageError, match=why):
        link_queue.find(session, url)


@pytest.mark.parametrize(
    ("named_by", "may"),
    [
        (["inside"], True),
        (["inside", "inside"], True),
        (["inside", "outside"], False),
        (["outside"], False),
        ([None], False),
        (["inside", None], False),
    ],
)
def test_private_addresses_may_be_visited_where_every_source_is_internal(shelf, named_by, may):
    for source in named_by:
        shelf.add(landing_page="http://10.0.0.1/x", source=source)
    shelf.refresh()
    assert [claim.internal for claim in shelf.claim()] == [may]


def test_a_public_resource_that_was_withdrawn_has_no_say(shelf):
    shelf.add(landing_page="http://10.0.0.1/x", source="inside")
    shelf.add(landing_page="http://10.0.0.1/x", source="outside", status=WITHDRAWN)
    shelf.refresh()
    assert [claim.internal for claim in shelf.claim()] == [True]


def test_a_host_that_wants_peace_gets_it_for_all_its_links(shelf, now):
    shelf.add(materials=[f"https://a.example/{number}" for number in range(3)])
    shelf.add(landing_page="https://b.example/x")
    shelf.refresh()
    with shelf.sessions.begin() as session:
        link_queue.postpone(session, "a.example", until=now + DAY)
    assert shelf.due() == {"b.example": 1}
    assert shelf.due(now=now + DAY) == {"a.example": 3, "b.example": 1}


def test_claiming_and_recording_cost_the_same_statements_however_many(shelf):
    shelf.add(materials=[f"https://h{number}.example/x" for number in range(50)])
    shelf.refresh()
    with shelf.counting() as sent:
        shelf.record({claim.id: ALIVE for claim in shelf.claim(per_host=1)})
    assert len(sent) - 1 == 4  # the hosts, then claim (2) and record (2)
    assert {row.state for row in shelf.rows()} == {"alive"}


# -- what a check means ----------------------------------------------------------------------------


def test_two_failures_in_an_hour_are_not_dead(now):
    assert states(now, (0, FAILING), (HOUR, FAILING)) == ["failing", "failing"]


def test_two_failures_over_three_days_are_dead(now):
    assert states(now, (0, FAILING), (3 * DAY, FAILING)) == ["failing", "dead"]


def test_one_failure_is_not_dead_however_long_ago(now):
    assert states(now, (0, ALIVE), (90 * DAY, FAILING)) == ["alive", "failing"]


def test_nightly_failures_are_dead_after_three_days(now):
    nightly = [(night * DAY, FAILING) for night in range(5)]
    assert states(now, *nightly) == ["failing", "failing", "failing", "dead", "dead"]


@pytest.mark.parametrize("answer", [ALIVE, DOUBTFUL, Outcome("refused")])
def test_any_other_answer_ends_a_row_of_failures(now, answer):
    found = states(now, (0, FAILING), (DAY, answer), (4 * DAY, FAILING), (5 * DAY, FAILING))
    assert found == ["failing", answer.kind, "failing", "failing"]


def test_a_dead_link_recovers(now):
    standing = history(now, (0, FAILING), (3 * DAY, FAILING), (10 * DAY, ALIVE))
    assert (standing.state, standing.failures, standing.first_failed_at) == ("alive", 0, None)


def test_the_first_failure_of_the_row_is_remembered(now):
    standing = history(now, (0, FAILING), (DAY, FAILING), (4 * DAY, FAILING))
    assert (standing.failures, standing.first_failed_at) == (3, now)


@pytest.mark.parametrize(
    ("outcome", "again"),
    [(ALIVE, ALIVE_AGAIN), (DOUBTFUL, DOUBTFUL_AGAIN), (FAILING, FAILING_AGAIN)],
)
def test_the_next_check_comes_sooner_where_something_is_wrong(now, outcome, again):
    assert judged(Standing(next_check_at=now), outcome, now=now).next_check_at == now + again


def test_the_next_night_finds_what_failed_a_little_later_the_night_before(now):
    failed = judged(Standing(next_check_at=now), FAILING, now=now + timedelta(minutes=40))
    assert failed.next_check_at < now + DAY


def test_a_host_that_wants_peace_says_nothing_about_the_link(now):
    before = Standing("failing", 500, failures=1, first_failed_at=now - DAY, next_check_at=now)
    after = judged(before, Outcome("postponed", 503, rest_until=now + 2 * HOUR), now=now)
    assert after.next_check_at == now + 2 * HOUR
    assert (after.state, after.status, after.failures) == ("failing", 500, 1)


def test_nobody_gets_peace_for_ever(now):
    before = Standing(next_check_at=now)
    after = judged(before, Outcome("postponed", 503, rest_until=now + 300 * DAY), now=now)
    assert after.next_check_at == now + LONGEST_REST


def test_endless_details_are_cut_and_endless_addresses_left_out(now):
    outcome = Outcome("alive", 200, "x" * 9999, "https://a.example/" + "x" * LONGEST_URL)
    after = judged(Standing(), outcome, now=now)
    assert (len(after.detail), after.final_url) == (LONGEST_DETAIL, None)


def test_what_was_found_is_kept_in_the_database(shelf, now):
    shelf.add(landing_page="https://a.example/x")
    shelf.refresh()
    moved = Outcome("alive", 200, None, "https://b.example/x", moved_permanently=True)
    shelf.check(moved)
    (row,) = shelf.rows()
    assert (row.state, row.status, row.final_url) == ("alive", 200, "https://b.example/x")
    assert (row.moved_permanently, row.checked_at) == (True, now)


# -- telling ---------------------------------------------------------------------------------------


def test_what_was_found_is_told_by_the_address_as_it_was_given(shelf, now):
    shelf.add(landing_page="https://a.example/x", materials=["https://b.example/x"])
    shelf.add(landing_page="https://c.example/x", materials=["https://d.example/x"])
    shelf.refresh()
    shelf.check(FAILING, only="a.example")
    shelf.check(FAILING, only="a.example", now=now + 3 * DAY)
    shelf.check(FAILING, only="c.example")
    moved = Outcome("alive", 200, None, "https://b.example/y", moved_permanently=True)
    shelf.check(moved, only="b.example")
    asked = ["https://A.example/x#part", "https://b.example/x", "https://c.example/x"]
    with shelf.sessions() as session:
        found = links.known(session, [*asked, "https://d.example/x", "no address"])
    assert {url: each.state for url, each in found.items()} == dict(
        zip(asked, ("dead", "moved", "failing"), strict=True)
    )
    dead = found["https://A.example/x#part"]
    assert (dead.first_failed_at, dead.checked_at) == (now, now + 3 * DAY)


def test_nothing_happens_to_the_resource_of_a_dead_link(shelf, now):
    shelf.add(landing_page="https://a.example/x")
    shelf.refresh()
    before = shelf.resource("r1")
    shelf.check(FAILING)
    shelf.check(FAILING, now=now + 3 * DAY)
    assert shelf.rows()[0].state == "dead"
    after = shelf.resource("r1")
    assert (after.status, after.revision, after.datestamp) == (
        before.status,
        before.revision,
        before.datestamp,
    )


def test_a_report_names_links_with_the_addresses_and_titles_of_resources(shelf):
    shelf.add(landing_page="https://a.example/x", title="Ensimmäinen")
    shelf.add(landing_page="https://a.example/x", title="")
    shelf.refresh()
    (known,) = shelf.report()
    assert known.url == "https://a.example/x"
    assert known.standing.name == "unchecked"
    assert known.resources == (("r1", "Ensimmäinen"), ("r2", ""))


def test_a_report_can_be_asked_for_one_state_source_or_link(shelf):
    shelf.add(landing_page="https://a.example/x", source="one")
    shelf.add(landing_page="https://b.example/x", source="two")
    shelf.add(landing_page="https://c.example/x", source="two")
    shelf.refresh()
    shelf.check(FAILING, only="a.example")
    shelf.check(Outcome("alive", 200, moved_permanently=True), only="b.example")
    shelf.check(ALIVE, only="c.example")

    def hosts(**asked):
        return [known.url[8] for known in shelf.report(**asked)]

    assert hosts(state="failing") == ["a"]
    assert hosts(state="moved") == ["b"]
    assert hosts(state="alive") == ["c"]
    assert hosts(source_id=shelf.source_id("two")) == ["b", "c"]
    assert hosts(url="https://a.example/x") == ["a"]
    with shelf.sessions() as session:
        counts = link_report.counts(session)
    assert counts == dict.fromkeys(STATES, 0) | {"failing": 1, "moved": 1, "alive": 1}


def test_a_long_report_comes_whole(shelf, monkeypatch):
    monkeypatch.setattr(link_report, "BATCH", 3)
    shelf.add(materials=[f"https://a.example/{number}" for number in range(8)])
    shelf.refresh()
    assert len({known.url for known in shelf.report()}) == 8


def test_links_nobody_names_any_more_are_not_reported(shelf):
    shelf.add(landing_page="https://a.example/x")
    shelf.refresh()
    shelf.change("r1", status=WITHDRAWN)
    shelf.refresh()
    assert shelf.report() == []


# -- helpers ---------------------------------------------------------------------------------------


def history(now, *checks):
    """How a link stands after checks, each so long after ``now``."""
    standing = Standing(next_check_at=now)
    for after, outcome in checks:
        standing = judged(standing, outcome, now=now + (after or timedelta(0)))
    return standing


def states(now, *checks):
    return [history(now, *checks[: place + 1]).state for place in range(len(checks))]


class Shelf:
    """A catalogue with links: what these tests do with it, in few words."""

    def __init__(self, sessions, now):
        self.sessions, self.now, self._numbers = sessions, now, count(1)
        with sessions.begin() as session:
            for slug in ("one", "two", "inside", "outside"):
                session.add(
                    Source(
                        slug=slug,
                        name=slug,
                        base_url=f"https://{slug}.example/",
                        internal=slug == "inside",
                        created_at=now,
                    )
                )

    def add(self, *, source=None, status=PUBLISHED, **described):
        with self.sessions.begin() as session:
            session.add(
                Resource(
                    address=f"r{next(self._numbers)}",
                    status=status,
                    source_id=self.source_id(source) if source else None,
                    metadata_json=to_json(_described(**described)),
                    created_at=self.now,
                    datestamp=self.now,
                )
            )

    def change(self, address, *, status=None, **described):
        with self.sessions.begin() as session:
            resource = _resource(session, address)
            resource.revision += 1
            if status:
                resource.status = status
            else:
                resource.metadata_json = to_json(_described(**described))

    def resource(self, address):
        with self.sessions() as session:
            return _resource(session, address)

    def source_id(self, slug):
        with self.sessions() as session:
            return session.scalar(select(Source.id).where(Source.slug == slug))

    def refresh(self, *, now=None, **options):
        return links.refresh(self.sessions, now=now or self.now, **options)

    def rows(self):
        with self.sessions() as session:
            return session.scalars(select(Link).order_by(Link.id)).all()

    def links(self):
        query = (
            select(Resource.address, Link.url, ResourceLink.role)
            .join(ResourceLink, ResourceLink.resource_id == Resource.id)
            .join(Link, Link.id == ResourceLink.link_id)
        )
        with self.sessions() as session:
            return {tuple(row) for row in session.execute(query)}

    def due(self, *, now=None):
        now = now or self.now
        with self.sessions() as session:
            return link_queue.due_hosts(session, Wanted(now), now=now)

    def claim(self, *, session=None, per_host=10, now=None, started=None, **asked):
        now = now or self.now
        if session is None:
            with self.sessions.begin() as session:
                return self.claim(
                    session=session, per_host=per_host, now=now, started=started, **asked
                )
        hosts = {*session.scalars(select(Link.host))}
        wanted = Wanted(started or now + CLAIM_FOR, **asked)
        return link_queue.claim(session, wanted, hosts, per_host=per_host, now=now)

    def record(self, outcomes, *, now=None):
        with self.sessions.begin() as session:
            return link_queue.record(session, outcomes, now=now or self.now)

    def check(self, outcome, *, only=None, now=None):
        chosen = [row.id for row in self.rows() if only in (None, row.host)]
        self.record(dict.fromkeys(chosen, outcome), now=now)

    def report(self, **asked):
        with self.sessions() as session:
            return list(link_report.known(session, **asked))

    @contextmanager
    def counting(self):
        sent = []
        engine = self.sessions.kw["bind"]

        def note(*about):
            sent.append(about[2])

        event.listen(engine, "before_cursor_execute", note)
        yield sent
        event.remove(engine, "before_cursor_execute", note)


def _resource(session, address):
    return session.scalar(select(Resource).where(Resource.address == address))


def _described(*, landing_page=None, materials=(), title="Aineisto"):
    return ResourceMetadata(
        title=(LangString(title, "fi"),) if title else (),
        landing_page=landing_page,
        materials=tuple(Material(url=url) for url in materials),
    )


@pytest.fixture
def shelf(sessions, now):
    return Shelf(sessions, now)
