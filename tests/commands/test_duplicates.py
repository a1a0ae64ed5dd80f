"""``oer duplicates`` as a curator types it."""

import getpass
import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from oer.commands import duplicates as module
from oer.commands.duplicates import duplicates
from oer.metadata.resource_metadata import (
    Agent,
    Identifier,
    LangString,
    ResourceMetadata,
    Term,
    to_json,
)
from oer.models import Event, Resource, Source


def test_the_list_says_who_has_it_why_and_what_to_do_next(console, two):
    said = console.run(duplicates, "list")
    assert "1.00  r1  Kasvien rakenne  [metsa]" in said
    assert "      r2  KASVIEN RAKENNE!  [jarvi]" in said
    assert "same DOI 10.5555/abc; same title" in said
    assert "Likely pairs: 1, shown: 1." in said
    assert "oer duplicates merge KEEP OTHER" in said


def test_the_list_as_json_is_an_object_a_line(console, two, add):
    add("r3", "jarvi", "Kasvien rakenne (1)")
    lines = console.run(duplicates, "list", "--json").splitlines()
    found = [json.loads(line) for line in lines]
    assert [each["score"] for each in found] == sorted((e["score"] for e in found), reverse=True)
    assert found[0]["keep"] == {
        "address": "r1",
        "title": "Kasvien rakenne",
        "source": "metsa",
        "status": "published",
        "landing_page": None,
    }
    assert found[0]["reasons"][0] == {"code": "same_doi", "value": "10.5555/abc"}
    assert found[0]["found_by"] == ["identifier", "title"]
    assert {(e["keep"]["address"], e["other"]["address"], e["same_source"]) for e in found} == {
        ("r1", "r2", False), ("r1", "r3", False), ("r2", "r3", True),
    }  # fmt: skip


def test_the_list_can_be_narrowed(console, two, add):
    add("r3", "metsa", "Veden kiertokulku")
    add("r4", "metsa", "Veden kiertokulku: opas")
    first = console.run(duplicates, "list", "--limit", "1")
    assert "Likely pairs: 2, shown: 1." in first
    assert "r3" not in first
    assert "r3" not in console.run(duplicates, "list", "--source", "jarvi")
    assert "r3" not in console.run(duplicates, "list", "--reason", "identifier")
    assert "r3" not in console.run(duplicates, "list", "--min-score", "0.95")
    assert "both from one source" in console.run(duplicates, "list", "--reason", "title")
    assert "No source" in console.run(duplicates, "list", "--source", "nobody", code=2)


def test_nothing_to_list(console):
    assert console.run(duplicates, "list") == "No likely copies.\n"
    assert console.run(duplicates, "list", "--json") == ""


def test_a_title_cannot_steer_the_terminal(console, add):
    add("r1", "metsa", "Kasvien rakenne\x1b[2J")
    add("r2", "metsa", "Kasvien rakenne\x1b[2J")
    assert "\x1b" not in console.run(duplicates, "list")


def test_merged_copies_leave_the_search_and_come_back_when_split(console, two):
    console.drain()
    assert console.oer.index.count() == 2
    said = console.run(duplicates, "merge", "r1", "r2", "--reason", "Sama kirja")
    assert said == "Merged into r1: r2\n"
    assert console.oer.index.count() == 1
    assert console.run(duplicates, "list") == "No likely copies.\n"
    again = console.run(duplicates, "merge", "r1", "r2", "--reason", "Sama kirja")
    assert again == "Nothing to do: all are merged into r1 already.\n"
    assert console.run(duplicates, "split", "r2") == "r2 stands for itself again: published.\n"
    assert console.oer.index.count() == 2


def test_addresses_are_taken_as_the_browser_shows_them(console, two):
    kept = "https://oer.example/fi/r/r1"
    said = console.json(duplicates, "merge", kept, "/r/r2", "--reason", "Sama kirja")
    assert said == {"kept": "r1", "merged": ["r2"]}
    assert console.json(duplicates, "split", "http://127.0.0.1:8000/r/r2?q=1") == {
        "split": {"r2": "published"}
    }


def test_a_pair_said_to_be_different_is_not_listed_again(console, two):
    said = console.run(duplicates, "not-duplicates", "r1", "r2", "--reason", "Eri painos")
    assert said == "Remembered as different: r1 r2\n"
    assert console.run(duplicates, "list") == "No likely copies.\n"
    assert console.json(duplicates, "not-duplicates", "r1", "r2") == {"distinct": ["r1", "r2"]}


def test_who_decided_is_who_says_so_or_who_is_logged_in(console, two, monkeypatch):
    monkeypatch.setattr(getpass, "getuser", lambda: "pirkko")
    console.run(duplicates, "merge", "r1", "r2", "--reason", "Sama kirja")
    console.run(duplicates, "split", "r2", "--by", "Aino", "--reason", "Eri")
    with console.oer.sessions() as session:
        rows = session.execute(select(Event.action, Event.actor, Event.reason).distinct())
        assert {tuple(row) for row in rows} == {
            ("merge", "pirkko", "Sama kirja"),
            ("split", "Aino", "Eri"),
        }


@pytest.mark.parametrize(
    "arguments",
    [
        ("merge", "r1", "zz", "--reason", "x"),
        ("merge", "r1", "r1", "--reason", "x"),
        ("merge", "r1", "r2"),
        ("merge", "r1", "--reason", "x"),
        ("split", "r1"),
        ("not-duplicates", "r1"),
        ("list", "--min-score", "2"),
        ("list", "--reason", "colour"),
    ],
)
def test_what_makes_no_sense_ends_with_2_and_changes_nothing(console, two, arguments):
    console.run(duplicates, *arguments, code=2)
    with console.oer.sessions() as session:
        assert not session.scalars(select(Event)).all()
        assert set(session.scalars(select(Resource.revision))) == {1}


def test_long_work_shows_a_bar_on_a_terminal_only(console, two, monkeypatch):
    monkeypatch.setattr(module, "_on_terminal", lambda: True)
    done = CliRunner().invoke(duplicates, ["list", "--json"], obj=console.oer)
    assert "Comparing" in done.stderr
    assert "Looking at what changed" in done.stderr
    assert all(json.loads(line) for line in done.stdout.splitlines())
    monkeypatch.undo()
    assert not CliRunner().invoke(duplicates, ["list"], obj=console.oer).stderr


@pytest.mark.parametrize("name", sorted(duplicates.commands))
def test_help_has_an_example_to_paste(name):
    said = CliRunner().invoke(duplicates, [name, "--help"]).output
    assert f"Example:  oer duplicates {name}" in said


@pytest.fixture
def add(console, now):
    """Add a resource of a source under an address."""

    def added(address, slug, title, identifiers=()):
        description = ResourceMetadata(
            title=(LangString(title),),
            creator=(Agent("Koivu, Aino"),),
            language=(Term(id="fi"),),
            identifiers=identifiers,
        )
        with console.oer.sessions.begin() as session:
            source = session.scalar(select(Source).where(Source.slug == slug)) or Source(
                slug=slug, name=slug, base_url=f"https://{slug}.example/", created_at=now
            )
            session.add(source)
            session.flush()
            session.add(
                Resource(
                    address=address,
                    source_id=source.id,
                    metadata_json=to_json(description),
                    created_at=now,
                    datestamp=now,
                )
            )

    return added


@pytest.fixture
def two(add):
    """The same resource from two sources."""
    doi = (Identifier("10.5555/abc", "doi"),)
    add("r1", "metsa", "Kasvien rakenne", doi)
    add("r2", "jarvi", "KASVIEN RAKENNE!", doi)
