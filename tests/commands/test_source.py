"""``oer source``: how a source is visited, what is shown of it, records that got new names."""

import pytest
from click.testing import CliRunner

from oer.commands.record import record
from oer.commands.source import source
from oer.models import Source
from oer.services import catalogue, curation, ingest
from oer.services.source_record import SourceRecord
from tests.services.providers import oai_dc

ADD = ("add", "s", "https://s.example/oai")


def shown(console, slug="s"):
    return console.json(source, "show", slug)


def kept(console, slug="s"):
    with console.oer.sessions() as session:
        return session.query(Source).filter_by(slug=slug).one()


# How it is visited --------------------------------------------------------------------------------


def test_a_new_source_shows_all_that_is_known_of_it(console):
    console.run(source, *ADD, "--set", "math", "--set", "art", "--name", "S")
    assert shown(console) == {
        "source": "s", "name": "S", "protocol": "oai_pmh", "base_url": "https://s.example/oai",
        "metadata_prefix": "oai_dc", "sets": ["math", "art"], "internal": False, "resources": 0,
        "harvest_from": None, "granularity": None, "granularity_set": None,
        "deleted_record": None, "deletions": "headers", "guard": 0.05, "trust": "publish",
        "every_hours": None, "reconcile_days": None, "visiting_hours": None,
        "delay_seconds": 0.0, "headers_from": None, "ca_file": None, "defaults": {},
        "error_budget": None, "parked_until": None,
    }  # fmt: skip
    said = console.run(source, "show", "s")
    assert "sets             math, art" in said
    assert "error budget     –" in said


def test_granularity_is_set_and_taken_away_again(console):
    console.run(source, *ADD, "--granularity", "days", "--default", "language=fi")
    assert shown(console)["granularity_set"] == "days"
    console.run(source, "edit", "s", "--granularity", "seconds")
    assert kept(console).options == {
        "oai": {"granularity": "seconds"},
        "defaults": {"language": "fi"},
    }
    console.run(source, "edit", "s", "--granularity", "stated")
    assert (shown(console)["granularity_set"], shown(console)["defaults"]) == (
        None,
        {"language": "fi"},
    )


def test_another_granularity_is_another_question(console):
    console.provider()
    with console.oer.sessions.begin() as session:
        session.query(Source).one().harvest_from = "2026-01-01T00:00:00Z"
    console.run(source, "edit", "metsala", "--granularity", "stated")
    assert shown(console, "metsala")["harvest_from"] == "2026-01-01T00:00:00Z", "nothing changed"
    console.run(source, "edit", "metsala", "--granularity", "days")
    assert shown(console, "metsala")["harvest_from"] is None


def test_granularity_is_for_repositories_alone(console):
    feed = ("add", "s", "https://s.example/feed", "--protocol", "feed")
    said = console.run(source, *feed, "--granularity", "days", code=2)
    assert "asked by OAI-PMH" in said
    assert console.run(source, "list") == "No sources yet. Add one with: oer source add SLUG URL\n"


@pytest.mark.parametrize("budget", [25, 0.2, 0])
def test_an_error_budget_is_kept(console, budget):
    console.run(source, *ADD, "--error-budget", str(budget))
    assert shown(console)["error_budget"] == budget
    console.run(source, "edit", "s", "--error-budget", "7")
    assert shown(console)["error_budget"] == 7


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--error-budget", "-1"),
        ("--error-budget", "nan"),
        ("--error-budget", "inf"),
        ("--guard", "nan"),
        ("--every", "99999"),
        ("--reconcile", "inf"),
        ("--delay", "9999"),
        ("--granularity", "hours"),
    ],
)
def test_numbers_that_nothing_can_be_done_with_are_refused(console, option, value):
    console.run(source, *ADD)
    before = shown(console)
    said = console.run(source, "edit", "s", option, value, code=2)
    assert option in said
    assert value in said
    assert shown(console) == before


@pytest.mark.parametrize("policy", ["full", "sweep"])
def test_what_is_missing_from_a_feed_is_never_a_deletion(console, policy):
    feed = ("add", "s", "https://s.example/feed", "--protocol", "feed")
    assert "latest entries" in console.run(source, *feed, "--deletions", policy, code=2)
    console.run(source, *feed)
    assert "latest entries" in console.run(source, "edit", "s", "--deletions", policy, code=2)
    assert shown(console)["deletions"] == "headers"


def test_a_removed_repository_that_comes_back_as_a_feed_has_a_policy_of_feeds(console):
    console.run(source, *ADD, "--deletions", "full")
    console.run(source, "remove", "s", "--yes")
    console.run(source, "add", "s", "https://s.example/feed", "--protocol", "feed")
    assert shown(console)["deletions"] == "headers"


def test_defaults_are_changed_with_other_things_in_one_command(console):
    console.run(source, *ADD, "--default", "language=fi", "--default", "audience=audience:teacher")
    said = console.run(
        source, "edit", "s", "--no-defaults", "--default", "language=sv", "--granularity", "days",
        "--error-budget", "3", "--name", "Other",
    )  # fmt: skip
    assert "Changed 's': defaults, error_budget, granularity, name." in said
    assert shown(console)["defaults"] == {"language": "sv"}
    console.run(
        source, "edit", "s", "--default", "audience=audience:student", "--default", "language="
    )
    assert shown(console)["defaults"] == {"audience": "audience:student"}


def test_one_wrong_default_changes_nothing_else(console):
    console.run(source, *ADD)
    console.run(
        source, "edit", "s", "--granularity", "days", "--default", "colour=blue", "--name", "O",
        code=2,
    )  # fmt: skip
    assert (shown(console)["granularity_set"], shown(console)["name"]) == (None, "s")


def test_an_edit_that_names_nothing_says_so(console):
    console.run(source, *ADD)
    assert "Nothing to change" in console.run(source, "edit", "s", code=2)


# Records that got new names -----------------------------------------------------------------------

PATTERN = ("--from", "oai:metsala.example:*", "--to", "oai:puro.example:*")
RENAME = ("rename-identifiers", "metsala", *PATTERN)


def sends(console, identifier, title="Vesi"):
    """A record comes under a name of our own choice."""
    with console.oer.sessions.begin() as session:
        payload = oai_dc(title=(title,), identifier=(f"https://m.example/{identifier}",))
        arrived = [SourceRecord(identifier, payload=payload)]
        ingest.accept(session, session.query(Source).one(), None, arrived, now=console.now)


def addresses(console, *identifiers):
    return [console.json(record, "show", "metsala", each)["address"] for each in identifiers]


@pytest.fixture
def renamed(console):
    """Two records; the second came under its new name as well."""
    console.provider()
    for name in ("oai:metsala.example:1", "oai:metsala.example:2", "oai:puro.example:2"):
        sends(console, name)
    return addresses(console, "oai:metsala.example:1", "oai:metsala.example:2")


def test_a_dry_run_names_the_pairs_and_changes_nothing(console, renamed):
    said = console.run(source, *RENAME, "--dry-run", "--by", "anna")
    assert "Would rename: 2 of 'metsala'. Came under the new name already: 1." in said
    assert "oai:metsala.example:1 -> oai:puro.example:1" in said
    assert addresses(console, "oai:metsala.example:1", "oai:metsala.example:2") == renamed


def test_renaming_keeps_the_addresses_and_a_second_time_does_nothing(console, renamed):
    said = console.run(source, *RENAME, "--by", "anna")
    assert "Renamed: 2 of 'metsala'. Came under the new name already: 1." in said
    assert "->" not in said
    assert addresses(console, "oai:puro.example:1", "oai:puro.example:2") == renamed
    said = console.run(record, "show", "metsala", "oai:metsala.example:1", code=2)
    assert "its name is 'oai:puro.example:1'" in said
    assert "Nothing to rename" in console.run(source, *RENAME, "--by", "anna")


def test_the_search_no_longer_finds_what_became_one(console, renamed):
    console.drain()
    console.run(source, *RENAME, "--by", "anna")
    assert console.oer.index.count() == 2


def test_a_conflict_is_named_with_its_reason_and_left(console, renamed):
    with console.oer.sessions.begin() as session:
        second = console.json(record, "show", "metsala", "oai:puro.example:2")["address"]
        curation.set_field(
            session, catalogue.by_address(session, second), "title", [{"text": "Mine"}],
            actor="anna", now=console.now, reason="clearer",
        )  # fmt: skip
    said = console.run(source, *RENAME, "--by", "anna")
    assert "Renamed: 1 of 'metsala'" in said
    assert f"oai:metsala.example:2: a curator has changed the resource {second}" in said
    found = console.json(source, *RENAME, "--by", "anna", "--dry-run")
    assert (found["renamed"], found["joined"], found["dry_run"]) == (0, 0, True)
    assert [each["new"] for each in found["conflicts"]] == ["oai:puro.example:2"]


def test_patterns_that_cannot_be_used_are_refused(console):
    console.provider()
    said = console.run(
        source, "rename-identifiers", "metsala", "--from", "a*", "--to", "b", "--by", "x", code=2
    )
    assert "one * in each" in said


# As it came ---------------------------------------------------------------------------------------


def test_the_bytes_of_a_repaired_record_are_shown_as_they_came(console):
    console.provider()
    payload, came = oai_dc(title=("Ve\ufffdi",)), b"<record>Ve\xe4i\x1b[2J</record>"
    arrived = SourceRecord("r", payload=payload, repaired=1, received=came)
    with console.oer.sessions.begin() as session:
        origin = session.query(Source).one()
        ingest.accept(session, origin, None, [arrived], now=console.now)
        others = [
            SourceRecord("plain", payload=payload),
            SourceRecord("big", payload=payload, repaired=2),
        ]
        ingest.accept(session, origin, None, others, now=console.now)
    assert console.json(record, "show", "metsala", "r")["repaired"] == 1
    assert "repaired          1" in console.run(record, "show", "metsala", "r")
    done = CliRunner().invoke(record, ["show", "metsala", "r", "--received"], obj=console.oer)
    assert (done.exit_code, done.stdout_bytes) == (0, came)
    said = console.run(record, "show", "metsala", "plain", "--received", code=2)
    assert "was not repaired" in said
    assert "were not kept" in console.run(record, "show", "metsala", "big", "--received", code=2)
    said = console.run(record, "show", "metsala", "r", "--received", "--json", code=2)
    assert "Give --received or --json" in said
