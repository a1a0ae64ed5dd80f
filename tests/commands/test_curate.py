"""``oer curate`` as a curator types it."""

import csv
import io
import json

import pytest
from lxml import html
from sqlalchemy import select

from oer.commands.curate import curate
from oer.models import Resource
from oer.services import problems


def test_the_way_of_a_resource_from_review_to_the_search(console):
    address = console.provider(trust="review").sends(title="Vesi")
    assert address in console.run(curate, "queue")
    console.drain()
    assert hits(console, "vesi") == 0
    assert "Published" in console.run(curate, "approve", address)
    assert hits(console, "vesi") == 1
    assert "so already" in console.run(curate, "approve", address)
    assert "Nothing waits." in console.run(curate, "queue")


def test_a_decision_in_json(console):
    address = console.provider(trust="review").sends()
    said = console.json(curate, "reject", address, "--reason", "spam", "--by", "Aino")
    assert said == {"address": address, "action": "reject", "changed": True, "status": "rejected"}
    entry = console.json(curate, "log")
    assert (entry["actor"], entry["action"], entry["reason"], entry["address"]) == (
        "Aino",
        "reject",
        "spam",
        address,
    )
    assert entry["at"].endswith("Z")


def test_the_queue_names_the_next_page(console):
    metsala = console.provider()
    addresses = {metsala.sends(f"{name}", rights=()) for name in range(3)}
    first = console.json(curate, "queue", "--limit", "2")
    second = console.json(curate, "queue", "--limit", "2", "--after", first["next"])
    assert (first["total"], second["next"]) == (3, None)
    assert {each["address"] for page in (first, second) for each in page["waiting"]} == addresses
    assert first["waiting"][0]["findings"][0]["code"] == "no-license"
    assert f"--after {first['next']}" in console.run(curate, "queue", "--limit", "2")


def test_the_queue_is_narrowed_by_its_options(console):
    metsala = console.provider()
    warned = metsala.sends("1", rights=())
    metsala.sends("2", identifier=())
    options = ("--source", "metsala", "--finding", "no-license", "--older-than", "0")
    assert [each["address"] for each in console.json(curate, "queue", *options)["waiting"]] == [
        warned
    ]
    assert console.json(curate, "queue", "--severity", "error")["total"] == 1
    assert console.json(curate, "queue", "--older-than", "100000")["total"] == 0
    assert "No source 'lampi'" in console.run(curate, "queue", "--source", "lampi", code=2)


def test_a_correction_is_typed_shown_and_taken_back(console):
    metsala = console.provider()
    address = metsala.sends(title="Vesl")
    console.run(curate, "set", address, "title", "Vesi", "--language", "fi", "--reason", "a slip")
    console.run(curate, "set", address, "license", "CC0", "--reason", "stands on the page")
    assert hits(console, "vesi") == 1
    metsala.sends(title="Wesi")
    shown = console.json(curate, "show", address)
    assert shown["corrections"][0]["provider_changed_at"]
    assert shown["corrections"][1]["provider_changed_at"] is None
    assert "Wesi" in shown["corrections"][0]["provider_json_now"]
    text = console.run(curate, "show", address)
    for each in ("Vesi [fi]", "Wesi", "a slip", "cc0", "curated", "Completeness"):
        assert each.lower() in text.lower()
    console.run(curate, "unset", address, "title")
    assert "Vesi" not in json.dumps(console.json(curate, "show", address)["elements"])


def test_json_values_are_for_what_cannot_be_typed(console):
    address = console.provider().sends()
    value = '[{"url": "https://files.example/1.pdf"}]'
    console.run(
        curate, "set", address, "materials", value, "--json-value", "--reason", "found the file"
    )
    shown = console.run(curate, "show", address)
    assert "https://files.example/1.pdf" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("set", "{0}", "titel", "x", "--reason", "r"), "title"),
        (("set", "{0}", "learning_resource_type", "vidoe", "--reason", "r"), "type:video"),
        (("set", "{0}", "license", "free", "--reason", "r"), "CC BY 4.0"),
        (("set", "{0}", "title", "x"), "--reason"),
        (("approve", "nowhere"), "oer curate queue"),
        (("withdraw", "{0}", "--reason", "r", "--successor", "nowhere"), "'nowhere'"),
        (("reject", "{0}", "--reason", "r"), "oer curate withdraw"),
        (("show", "nowhere"), "oer search"),
        (("queue", "--after", "x"), "no place"),
        (("block", "--reason", "r"), "--identifier"),
        (("block", "{0}", "--source", "s", "--identifier", "i", "--reason", "r"), "not both"),
        (("bulk", "approve", "--yes"), "--search"),
        (("bulk", "set", "title", "--status", "in_review", "--reason", "r"), "FIELD VALUE"),
        (("bulk", "reject", "--status", "in_review"), "--reason"),
        (("report", "nowhere"), "No source"),
    ],
)
def test_wrong_usage_ends_with_2_and_a_way_out(console, arguments, said):
    address = console.provider().sends()
    arguments = [each.format(address) if "{0}" in each else each for each in arguments]
    assert said in console.run(curate, *arguments, code=2)


def test_a_record_in_quarantine_is_blocked_by_its_identifier(console):
    metsala = console.provider()
    metsala.sends_bytes(b"<broken", "7")
    record = ("--source", "metsala", "--identifier", "oai:metsala.example:7")
    assert console.json(curate, "block", *record, "--reason", "spam")["changed"]
    assert metsala.sends("7") == ""
    assert console.json(curate, "unblock", *record)["changed"]


def test_blocking_by_identifier_takes_the_resource_away_too(console):
    address = console.provider().sends("7")
    record = ("--source", "metsala", "--identifier", "oai:metsala.example:7")
    assert console.json(curate, "block", *record, "--reason", "spam") == {
        "address": address, "action": "block", "changed": True, "status": "withdrawn",
    }  # fmt: skip
    assert "yes, it is not harvested again" in console.run(curate, "show", address)


def test_the_payload_is_shown_as_it_was_sent_but_steers_no_terminal(console):
    metsala = console.provider()
    metsala.sends()
    metsala.sends_bytes("<broken>\x1b[31m ä".encode())
    with console.oer.sessions() as session:
        address = session.query(Resource.address).scalar()
    said = console.run(curate, "show", address, "--payload")
    assert "<broken>" in said
    assert "ä" in said
    assert "\x1b" not in said


# -- bulk ------------------------------------------------------------------------------------------


def test_a_bulk_action_shows_first_and_does_nothing(console):
    metsala = console.provider(trust="review")
    addresses = [metsala.sends(f"{name}") for name in range(12)]
    said = console.run(curate, "bulk", "approve", "--status", "in_review", "--source", "metsala")
    assert "Would approve 12 resources. Nothing was done" in said
    assert "… and 2 more." in said
    assert sum(address in said for address in addresses) == 10
    assert console.json(curate, "queue", "--status", "in_review")["total"] == 12
    assert console.run(curate, "log") == "Nothing was done yet.\n"


def test_a_bulk_action_is_done_with_yes(console):
    metsala = console.provider(trust="review")
    for name in range(3):
        metsala.sends(f"{name}")
    said = console.json(curate, "bulk", "approve", "--status", "in_review", "--yes")
    assert said == {"action": "approve", "changed": 3, "unchanged": 0, "failed": []}
    assert hits(console, "vesi") == 3


def test_one_failure_ends_a_bulk_action_with_1_and_the_others_are_done(console, tmp_path):
    waiting = console.provider(trust="review").sends()
    public = console.provider("lampi").sends()
    file = tmp_path / "addresses"
    file.write_text(f"{waiting}\n{public}\nnowhere\n")
    arguments = ("bulk", "reject", "--file", str(file), "--reason", "spam", "--yes")
    said = console.json(curate, *arguments, code=1)
    assert said["changed"] == 1
    assert {each["address"] for each in said["failed"]} == {public, "nowhere"}
    again = console.run(curate, *arguments, code=1)
    assert "1 were so already, 2 failed" in again


def test_a_bulk_correction_over_a_finding_of_one_source(console):
    metsala, lampi = console.provider(), console.provider("lampi")
    mended = metsala.sends(rights=("free to use",))
    left = lampi.sends(rights=("free to use",))
    console.run(
        curate, "bulk", "set", "license", "CC BY 4.0", "--finding", "unknown-license",
        "--source", "metsala", "--reason", "by agreement", "--yes",
    )  # fmt: skip
    waiting = console.json(curate, "queue", "--finding", "unknown-license")["waiting"]
    assert [each["address"] for each in waiting] == [left]
    assert console.json(curate, "show", mended)["corrections"][0]["field"] == "license"


def test_a_bulk_action_over_a_search(console):
    metsala = console.provider()
    water = metsala.sends("1", title="Vesi")
    metsala.sends("2", title="Ilma", description=("Muuta.",))
    console.drain()
    console.run(curate, "bulk", "withdraw", "--search", "vesi", "--reason", "old", "--yes")
    assert console.json(curate, "show", water)["status"] == "withdrawn"
    assert hits(console, "ilma") == 1


# -- reports and the log ---------------------------------------------------------------------------


def test_the_report_as_text_json_csv_and_html(console, tmp_path):
    console.provider().sends(title="=1+1 <b", rights=())
    assert "no-license" in console.run(curate, "report", "metsala")
    as_json = console.json(curate, "report", "metsala")
    assert as_json["findings"][0]["examples"][0]["identifier"] == "oai:metsala.example:1"
    assert as_json["made_at"].endswith("Z")
    lines = list(
        csv.DictReader(io.StringIO(console.run(curate, "report", "metsala", "--format", "csv")))
    )
    assert lines[0]["title"].startswith("'=1+1")
    page = tmp_path / "report.html"
    console.run(curate, "report", "metsala", "--format", "html", "--output", str(page))
    assert "=1+1 <b" in html.document_fromstring(page.read_text("utf-8")).text_content()


def test_the_log_is_narrowed_and_newest_first(console):
    metsala = console.provider(trust="review")
    first, second = metsala.sends("1"), metsala.sends("2")
    console.run(curate, "approve", first, "--by", "Aino")
    console.run(curate, "reject", second, "--reason", "spam", "--by", "Eero")
    said = console.run(curate, "log")
    assert said.index("reject") < said.index("approve")
    for options in ((second,), ("--by", "Eero"), ("--action", "reject")):
        assert console.json(curate, "log", *options)["address"] == second
    assert console.run(curate, "log", "--since", "2999-01-01") == "Nothing was done yet.\n"
    assert console.json(curate, "log", "--before", "2")["address"] == first


def hits(console, text):
    from oer.search.index import SearchQuery

    return console.oer.index.search(SearchQuery(text=text)).total


def test_what_waits_for_review_can_be_looked_at_before_it_is_decided_on(console):
    address = console.provider(trust="review").sends(title="Vesi")
    assert "in review" in console.run(curate, "show", address)


def test_what_readers_report_is_read_in_full_and_settled(console):
    address = console.provider().sends(title="Vesi")
    words = "The link leads to an advertisement, and that for quite some time already, sadly."
    with console.oer.sessions.begin() as session:
        resource = session.scalar(select(Resource).where(Resource.address == address))
        problems.report(session, resource, kind="broken-link", words=words, now=console.now)
    assert "reported broken-link: The link leads to" in console.run(curate, "queue")
    assert words in console.run(curate, "show", address)
    assert "settle" in console.run(curate, "settle", address, code=2)
    said = console.run(curate, "settle", address, "--reason", "The provider mended it")
    assert "Settled" in said
    assert "Nothing waits." in console.run(curate, "queue")
    assert "so already" in console.run(curate, "settle", address, "--reason", "again")
    assert console.json(curate, "log", "--action", "settle")["reason"] == "The provider mended it"


def test_many_reports_are_settled_at_once(console):
    metsala = console.provider()
    for name in ("1", "2"):
        address = metsala.sends(name)
        with console.oer.sessions.begin() as session:
            resource = session.scalar(select(Resource).where(Resource.address == address))
            problems.report(session, resource, kind="other", words="spam", now=console.now)
    options = ("--finding", "reported", "--reason", "spam")
    assert "2" in console.run(curate, "bulk", "settle", *options)
    console.run(curate, "bulk", "settle", *options, "--yes")
    assert "Nothing waits." in console.run(curate, "queue")


@pytest.mark.parametrize("command", ["withdraw", "block"])
def test_it_is_said_which_reasons_everybody_can_read(console, command):
    assert "shown to everyone" in " ".join(console.run(curate, command, "--help").split())
    assert "everyone" not in console.run(curate, "reject", "--help")
