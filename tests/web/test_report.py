"""Reporting a problem: for anyone, without a script, and nothing kept about who it was."""

import pytest
from lxml import html
from sqlalchemy import select

from oer.models import Event, Finding
from oer.models.resource import WITHDRAWN
from oer.services import events, queue
from oer.web import report
from oer.web.rate_limit import MOST_READERS, RateLimit
from tests.web.conftest import RICH


@pytest.fixture(autouse=True)
def limit(monkeypatch):
    """A fresh limit for each test, and its clock, which stands still."""
    clock = Clock()
    monkeypatch.setattr(report, "LIMIT", RateLimit(5, 600, clock))
    return clock


def test_a_report_reaches_the_curators_log(client, catalogue, reported):
    address = catalogue.add(RICH)
    answer = client.post(
        f"/r/{address}/report", data={"kind": "broken-link", "words": "Sivu on poissa"}
    )
    assert (answer.status_code, answer.location) == (303, f"/en/r/{address}/reported")
    assert [(e.action, e.address, e.actor, e.reason) for e in reported()] == [
        ("problem_reported", address, "reader", "broken-link: Sivu on poissa")
    ]


def test_a_report_waits_in_the_curators_queue(client, catalogue):
    address = catalogue.add(RICH)
    client.post(f"/r/{address}/report", data={"kind": "infringement", "words": "Kuva on minun"})
    with catalogue.sessions() as session:
        (waiting,) = queue.page(session, queue.Wanted()).waiting
    (found,) = waiting.findings
    assert (waiting.address, waiting.severity) == (address, "error")
    assert (found.code, found.evidence) == ("reported", "infringement: Kuva on minun")


def test_nothing_about_the_reader_is_kept(client, catalogue):
    address = catalogue.add(RICH)
    client.post(
        f"/fi/r/{address}/report",
        data={"kind": "unsuitable"},
        headers={"User-Agent": "telling/1.0"},
        environ_base={"REMOTE_ADDR": "198.51.100.7"},
    )
    with catalogue.sessions() as session:
        event = session.scalars(select(Event)).one()
        finding = session.scalars(select(Finding)).one()
    kept = " ".join(str(value) for value in (*vars(event).values(), *vars(finding).values()))
    assert "198.51.100.7" not in kept
    assert "telling" not in kept
    assert event.detail == {"kind": "unsuitable"}


def test_the_form_can_be_filled_in_and_sent_as_it_stands(client, page, catalogue, reported):
    address = catalogue.add(RICH)
    form = page(f"/sv/r/{address}/report").find(".//form[@method='post']")
    form.fields["kind"] = "wrong-license"
    answer = client.post(form.get("action"), data=dict(form.form_values()))
    assert answer.status_code == 303
    assert page(answer.location).findtext(".//h1") == "Tack"
    assert [entry.reason for entry in reported()] == ["wrong-license"]


def test_every_field_of_the_form_has_a_label(page, catalogue):
    found = page(f"/en/r/{catalogue.add(RICH)}/report")
    labelled = {each.get("for") for each in found.iter("label")}
    assert {each.get("id") for each in found.iter("input", "textarea")} <= labelled


@pytest.mark.parametrize(
    ("filled", "says"),
    [
        ({}, "Choose what is wrong"),
        ({"kind": "nonsense"}, "Choose what is wrong"),
        ({"kind": "other", "words": "  \n "}, "Say in a few words"),
        ({"kind": "other", "words": "x" * 1001}, "at most 1000 characters"),
    ],
)
def test_what_cannot_be_used_is_said_and_what_was_written_stays(
    client, catalogue, reported, filled, says
):
    answer = client.post(f"/en/r/{catalogue.add(RICH)}/report", data=filled)
    assert answer.status_code == 422
    found = html.document_fromstring(answer.data.decode())
    assert says in found.xpath("string(//*[@role='alert'])")
    assert found.find(".//textarea").value == filled.get("words", "").strip()
    assert reported() == []


def test_a_program_that_fills_in_every_field_is_thanked_and_ignored(client, catalogue, reported):
    filled = {"kind": "other", "words": "Buy now", "website": "https://spam.example"}
    answer = client.post(f"/r/{catalogue.add(RICH)}/report", data=filled)
    assert answer.status_code == 303
    assert reported() == []


def test_a_form_on_another_site_cannot_report(client, catalogue, reported):
    answer = client.post(
        f"/r/{catalogue.add(RICH)}/report",
        data={"kind": "unsuitable"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 400
    assert reported() == []


def test_control_characters_do_not_reach_the_log(client, catalogue, reported):
    words = "yksi\x1b[31m\x00\r\nkaksi\u202e"
    client.post(f"/r/{catalogue.add(RICH)}/report", data={"kind": "other", "words": words})
    assert [entry.reason for entry in reported()] == ["other: yksi [31m / kaksi"]


def test_after_five_reports_one_waits_ten_minutes_and_others_do_not(
    client, catalogue, reported, limit
):
    path = f"/r/{catalogue.add(RICH)}/report"

    def send(reader):
        return client.post(
            path, data={"kind": "unsuitable"}, environ_base={"REMOTE_ADDR": reader}
        ).status_code

    assert [send("198.51.100.7") for _ in range(6)] == [303] * 5 + [429]
    assert send("198.51.100.8") == 303
    limit.now += 601
    assert send("198.51.100.7") == 303
    assert len(reported()) == 7


def test_behind_a_proxy_readers_are_told_apart_by_what_the_proxy_adds(client, catalogue):
    path = f"/r/{catalogue.add(RICH)}/report"

    def send(forwarded):
        headers = {"X-Forwarded-For": forwarded}
        return client.post(path, data={"kind": "unsuitable"}, headers=headers).status_code

    assert [send(f"10.0.0.{n}, 198.51.100.7") for n in range(6)][-1] == 429
    assert send("198.51.100.8") == 303


def test_the_limit_remembers_hashes_for_minutes_only_and_a_bounded_number():
    clock = Clock()
    limit = RateLimit(1, 60, clock)
    assert limit.allows("198.51.100.7")
    assert "198.51.100.7" not in repr(vars(limit))
    clock.now += 60
    assert limit.remembered() == 0
    assert all(limit.allows(str(number)) for number in range(MOST_READERS))
    assert not limit.allows("one more")


def test_only_what_is_published_can_be_reported(client, catalogue):
    gone = catalogue.add(RICH, status=WITHDRAWN)
    for address in (gone, "nothing"):
        path = f"/r/{address}/report"
        assert client.post(path, data={"kind": "other", "words": "x"}).status_code == 404


def test_a_huge_form_is_refused_before_it_is_read(client, catalogue, reported):
    data = {"kind": "other", "words": "x" * 100_000}
    assert client.post(f"/r/{catalogue.add(RICH)}/report", data=data).status_code == 413
    assert reported() == []


@pytest.fixture
def reported(catalogue):
    def entries():
        with catalogue.sessions() as session:
            return events.log(session)

    return entries


class Clock:
    now = 0.0

    def __call__(self):
        return self.now
