"""Sources in a file: checked whole, applied once, written out and read back the same."""

import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from harvesters import definitions
from harvesters.definition_commands import apply, export
from harvesters.toml_text import toml_key, toml_value
from oer.commands.context import Oer
from oer.errors import UsageError
from oer.models import Resource, Source
from oer.services import ingest, sources
from oer.services.source_record import SourceRecord
from oer.settings import Settings
from tests.services.harvested import dublin_core

DOCS = Path(__file__).parents[2] / "docs" / "sources.md"

TWO = """
[sources.aoe]
url = "https://aoe.example.org/oai"
sets = ["a", "b"]
every_hours = 24
[sources.books]
protocol = "tabular"
url = "books.csv"
[sources.books.table]
delimiter = ";"
[sources.books.mapping]
identifier = "ID"
title = {column = "Title", language = "en"}
"""


# Reading ------------------------------------------------------------------------------------------


def test_a_file_describes_many_sources():
    aoe, books = read(TWO)
    assert (aoe.slug, aoe.columns["set_specs"]) == ("aoe", ["a", "b"])
    assert books.columns["base_url"] == "file:///srv/lists/books.csv"
    assert books.columns["deletion_policy"] == "full"
    assert books.columns["options"]["table"] == {"delimiter": ";"}


def test_everything_wrong_is_said_at_once_with_near_names():
    with pytest.raises(UsageError) as caught:
        read("""
        sorces = 1
        [sources.Bad_Slug]
        url = "https://x.example.org/"
        [sources.a]
        ulr = "https://x.example.org/"
        protocol = "oai-pmh"
        guard = 2
        internal = "yes"
        every_hours = 0
        sets = "all"
        trust = "blind"
        visiting_hours = "at night"
        ca_file = "missing.pem"
        [sources.b]
        url = "https://user:secret@x.example.org/"
        [sources.c]
        protocol = "feed"
        url = "/etc/passwd"
        deletions = "full"
        [sources.c.mapping]
        title = "T"
        [sources.d]
        protocol = "sitemap"
        url = "https://x.example.org/sitemap.xml"
        sitemap.typs = ["Course"]
        """)
    said = str(caught.value)
    for part in (
        "nobody knows 'sorces'. Did you mean sources?",
        "'Bad_Slug' cannot name a source",
        "sources.a.ulr: nobody knows 'ulr'. Did you mean url?",
        "sources.a.url is missing",
        "sources.a.protocol must be one of feed, oai_pmh",
        "sources.a.guard must be a number from 0 to 1",
        "sources.a.internal must be true or false",
        'sources.a.every_hours must be a number from 0.1 to 8784, or "never"',
        "sources.a.sets must be a list of texts",
        "sources.a.trust must be one of publish, review, checked",
        "sources.a.visiting_hours cannot be read",
        "sources.a.ca_file: there is no file",
        "holds a user name or password",
        "sources.c.mapping is understood by the protocol 'tabular' only",
        "'/etc/passwd' is no web address",
        "a feed shows its latest only",
        "sources.d.sitemap.typs: nobody knows 'typs'. Did you mean types?",
    ):
        assert part in said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[sources", "is not TOML"),
        ("sources = 3", "sources must be a table"),
        ("sources.a = 3", "sources.a must be a table"),
        ('[sources.a]\nurl = 3\nprotocol = ["feed"]', "url must be a text"),
        ("", "sources is missing"),
        ('[sources.a]\nurl="a.csv"\nprotocol="tabular"', "mapping is missing"),
    ],
)
def test_what_is_no_description_is_refused(text, why):
    with pytest.raises(UsageError, match=why):
        read(text)


def test_the_example_in_the_documentation_is_valid(tmp_path):
    (example,) = re.findall(r"```toml\n(# sources\.toml.*?)```", DOCS.read_text(), re.DOTALL)
    found = definitions.read(example, folder=tmp_path)
    assert {each.columns["protocol"] for each in found} == set(definitions.HARVESTERS)


def test_every_key_is_documented():
    text = DOCS.read_text()
    assert [key for key in definitions._COLUMNS if f"`{key}`" not in text] == []


# Applying -----------------------------------------------------------------------------------------


def test_the_first_time_adds_and_the_second_changes_nothing(sqlite_sessions, now):
    assert [step.what for step in applied(sqlite_sessions, TWO, now)] == ["added", "added"]
    assert [step.what for step in applied(sqlite_sessions, TWO, now)] == ["unchanged", "unchanged"]


def test_what_changes_is_named_in_the_words_of_the_file(sqlite_sessions, now):
    applied(sqlite_sessions, TWO, now)
    changed = TWO.replace('"a", "b"', '"a"').replace("every_hours = 24", "")
    changed = changed.replace('language = "en"', 'language = "fi"')
    steps = applied(sqlite_sessions, changed, now)
    assert [(step.what, step.keys) for step in steps] == [
        ("changed", ("sets", "every_hours")),
        ("changed", ("mapping",)),
    ]


def test_another_mapping_makes_the_next_harvest_ask_for_everything(sqlite_sessions, now):
    applied(sqlite_sessions, TWO, now)
    with sqlite_sessions.begin() as session:
        for source in sources.every(session):
            source.harvest_from = "2026-01-01T00:00:00Z"
    applied(sqlite_sessions, TWO.replace('language = "en"', 'language = "fi"'), now)
    assert one(sqlite_sessions, "books").harvest_from is None
    assert one(sqlite_sessions, "aoe").harvest_from == "2026-01-01T00:00:00Z"


def test_the_name_a_repository_gave_itself_stays(sqlite_sessions, now):
    applied(sqlite_sessions, TWO, now)
    with sqlite_sessions.begin() as session:
        sources.edit(session, "aoe", name="Library of materials")
    assert applied(sqlite_sessions, TWO, now)[0].what == "unchanged"
    assert one(sqlite_sessions, "aoe").name == "Library of materials"


def test_nothing_is_removed_unless_asked_for(sqlite_sessions, now):
    applied(sqlite_sessions, TWO, now)
    rest = TWO[: TWO.index("[sources.books]")]
    assert len(applied(sqlite_sessions, rest, now)) == 1
    assert one(sqlite_sessions, "books").removed_at is None
    steps = applied(sqlite_sessions, rest, now, remove_missing=True)
    assert (steps[1].slug, steps[1].what) == ("books", "removed")
    assert one(sqlite_sessions, "books").removed_at == now


def test_a_removed_source_comes_back_when_it_is_described_again(sqlite_sessions, now):
    applied(sqlite_sessions, TWO, now)
    with sqlite_sessions.begin() as session:
        sources.remove(session, "books", now=now)
    assert [step.what for step in applied(sqlite_sessions, TWO, now)] == ["unchanged", "added"]
    assert one(sqlite_sessions, "books").removed_at is None


def test_what_is_written_out_reads_back_the_same(sqlite_sessions, now):
    applied(sqlite_sessions, TWO, now)
    with sqlite_sessions.begin() as session:
        sources.add(session, "late", "https://x.example.org/oai", now=now, internal=True)
        sources.edit(session, "late", name='A "name"\n\x7f\\', visiting_hours="22:00-06:00")
        sources.edit(session, "books", reconcile_days=None, trust="review")
    with sqlite_sessions() as session:
        text = definitions.export(session)
    assert 'reconcile_days = "never"' in text
    assert {step.what for step in applied(sqlite_sessions, text, now)} == {"unchanged"}


@pytest.mark.parametrize("text", ['"', "\\", "\n\t\x00\x1f\x7f", "ä€\U0001f600", "'''", ""])
def test_every_text_survives_toml(text):
    value = [text, {text: [1, 2.5, True]}]
    assert tomllib.loads(f"{toml_key(text)} = {toml_value(value)}") == {text: value}


# Defaults -----------------------------------------------------------------------------------------

WITH_DEFAULTS = (
    TWO
    + """
[sources.aoe.defaults]
language = "Finnish"
license = "CC BY 4.0"
is_accessible_for_free = true
[sources.books.defaults]
publisher = ["A", "B"]
"""
)


def test_defaults_are_kept_canonically_and_read_back_the_same(sqlite_sessions, now):
    aoe, books = read(WITH_DEFAULTS)
    assert aoe.columns["options"]["defaults"] == {
        "language": "fi",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "is_accessible_for_free": True,
    }
    assert books.columns["options"]["defaults"] == {"publisher": ["A", "B"]}
    applied(sqlite_sessions, WITH_DEFAULTS, now)
    with sqlite_sessions() as session:
        text = definitions.export(session)
    assert {step.what for step in applied(sqlite_sessions, text, now)} == {"unchanged"}
    steps = applied(sqlite_sessions, TWO, now)
    assert [step.keys for step in steps] == [("defaults",), ("defaults",)]
    assert one(sqlite_sessions, "aoe").options == {}


def test_another_default_asks_the_provider_for_nothing(sqlite_sessions, now):
    applied(sqlite_sessions, TWO, now)
    with sqlite_sessions.begin() as session:
        sources.get(session, "aoe").harvest_from = "2026-01-01T00:00:00Z"
    applied(sqlite_sessions, WITH_DEFAULTS, now)
    assert one(sqlite_sessions, "aoe").harvest_from == "2026-01-01T00:00:00Z"


def test_defaults_that_cannot_stand_are_told_with_all_else():
    with pytest.raises(UsageError) as caught:
        read("""
        [sources.a]
        url = "https://x.example.org/oai"
        guard = 2
        [sources.a.defaults]
        title = "A"
        license = "open access"
        language = 3
        [sources.b]
        url = "https://x.example.org/oai"
        defaults = "fi"
        """)
    said = str(caught.value)
    for part in (
        "sources.a.guard must be",
        "sources.a.defaults: 'title' can have no default",
        "sources.a.defaults: 'open access' names no licence",
        "sources.a.defaults: language: '3' is no value",
        "sources.b.defaults must be a table",
    ):
        assert part in said


# Commands -----------------------------------------------------------------------------------------


def test_stored_records_follow_defaults_that_were_applied(oer, file, now):
    CliRunner().invoke(apply, [str(file)], obj=oer)
    with oer.sessions.begin() as session:
        payload = dublin_core(("description", "x"))
        source = sources.get(session, "aoe")
        ingest.accept(session, source, None, [SourceRecord("a", payload=payload)], now=now)
    file.write_text(WITH_DEFAULTS)
    dry = CliRunner().invoke(apply, [str(file), "--dry-run"], obj=oer).output
    assert "aoe: changed (defaults)" in dry
    assert "read again" not in dry
    said = CliRunner().invoke(apply, [str(file)], obj=oer).output
    assert "aoe: 1 records read again, 1 changed." in said
    assert "read again" not in CliRunner().invoke(apply, [str(file)], obj=oer).output
    with oer.sessions() as session:
        assert session.scalars(select(Resource)).one().description.language[0].id == "fi"


def test_a_dry_run_says_and_changes_nothing(oer, file):
    result = CliRunner().invoke(apply, [str(file), "--dry-run"], obj=oer)
    assert "aoe: added" in result.output
    assert "Nothing was changed." in result.output
    with oer.sessions() as session:
        assert sources.every(session) == []


def test_apply_then_export(oer, file):
    result = CliRunner().invoke(apply, [str(file)], obj=oer)
    assert (result.exit_code, "2 added." in result.output) == (0, True)
    exported = CliRunner().invoke(export, [], obj=oer)
    assert tomllib.loads(exported.output)["sources"]["aoe"]["every_hours"] == 24.0
    assert "2 unchanged." in CliRunner().invoke(apply, [str(file)], obj=oer).output


def test_a_file_with_one_mistake_changes_nothing_at_all(oer, file):
    file.write_text(TWO + '[sources.x]\nurl = "nowhere"\n')
    result = CliRunner().invoke(apply, [str(file)], obj=oer)
    assert "nothing was changed" in str(result.exception)
    with oer.sessions() as session:
        assert sources.every(session) == []


def test_removing_asks_first(oer, file):
    CliRunner().invoke(apply, [str(file)], obj=oer)
    file.write_text(TWO[: TWO.index("[sources.books]")])
    arguments = [str(file), "--remove-missing"]
    result = CliRunner().invoke(apply, arguments, obj=oer, input="n\n")
    assert "Remove books, and withdraw 0 resources?" in result.output
    assert one(oer.sessions, "books").removed_at is None
    CliRunner().invoke(apply, arguments, obj=oer, input="y\n")
    assert one(oer.sessions, "books").removed_at is not None


# Addresses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("protocol", "given", "kept"),
    [
        ("tabular", "/srv/my list.csv", "file:///srv/my%20list.csv"),
        ("tabular", "file:///srv/my%20list.csv", "file:///srv/my%20list.csv"),
        ("saved", "file://localhost/srv/answers", "file:///srv/answers"),
        ("saved", "https://x.example.org/static.xml", "https://x.example.org/static.xml"),
        ("oai_pmh", " https://x.example.org/oai ", "https://x.example.org/oai"),
    ],
)
def test_an_address_is_kept_in_one_form(protocol, given, kept):
    assert sources.checked_address(protocol, given) == kept


@pytest.mark.parametrize(
    ("protocol", "given"),
    [
        ("oai_pmh", "file:///etc/passwd"),
        ("oai_pmh", "/etc/passwd"),
        ("feed", "file:///etc/passwd"),
        ("sitemap", "/etc/passwd"),
        ("tabular", "list.csv"),
        ("tabular", "file://server.example.org/list.csv"),
        ("tabular", "ftp://server.example.org/list.csv"),
        ("saved", "/srv/a\0b"),
        ("saved", ""),
        ("saved", "https://user:secret@x.example.org/"),
    ],
)
def test_an_address_of_another_kind_is_refused(protocol, given):
    with pytest.raises(UsageError):
        sources.checked_address(protocol, given)


def test_a_protocol_is_not_changed_under_an_address_it_cannot_have(sqlite_sessions, now):
    applied(sqlite_sessions, TWO, now)
    with sqlite_sessions() as session, pytest.raises(UsageError, match="no web address"):
        sources.edit(session, "books", protocol="oai_pmh")


def test_a_new_table_is_compared_every_time(sqlite_sessions, now):
    with sqlite_sessions.begin() as session:
        made = sources.add(session, "t", "/srv/t.csv", now=now, protocol="tabular")
        assert (made.deletion_policy, made.reconcile_days) == ("full", 0.0)


# Helpers ------------------------------------------------------------------------------------------


def read(text):
    return definitions.read(text, folder=Path("/srv/lists"))


def applied(sessions, text, now, **options):
    with sessions.begin() as session:
        return definitions.apply(session, read(text), now=now, **options)


def one(sessions, slug):
    with sessions() as session:
        return session.scalars(select(Source).where(Source.slug == slug)).one()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "sources.toml"
    path.write_text(TWO)
    return path


@pytest.fixture
def oer(tmp_path, sqlite_sessions):
    made = Oer()
    made.settings = Settings.from_environ(
        {"OER_DATA_DIR": str(tmp_path), "OER_SEARCH_URL": "memory:"}
    )
    made.sessions = sqlite_sessions
    return made
