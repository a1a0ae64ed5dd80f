"""``--default`` of ``oer source``: declared, laid under stored records, shown, taken away."""

from oer.commands.curate import curate
from oer.commands.renormalise import renormalise
from oer.commands.source import source
from oer.models import Source
from oer.search.index import SearchQuery
from oer.services import catalogue

CC_BY = "https://creativecommons.org/licenses/by/4.0/"
BARE = {"rights": (), "language": (), "publisher": ()}


def edit(console, *arguments, code=0):
    return console.run(source, "edit", "metsala", *arguments, code=code)


def description(console, address):
    with console.oer.sessions() as session:
        return catalogue.by_address(session, address).description


def options(console, slug="metsala"):
    with console.oer.sessions() as session:
        return session.query(Source).filter_by(slug=slug).one().options or {}


def test_a_source_is_added_with_its_defaults_and_shows_them(console):
    console.run(
        source, "add", "s", "https://s.example/oai",
        "--default", "language=Finnish", "--default", "license=CC BY 4.0",
        "--default", "audience=audience:teacher", "--default", "audience=audience:student",
    )  # fmt: skip
    said = console.run(source, "show", "s")
    assert f"language=fi, license={CC_BY}, audience=audience:teacher" in said
    assert console.json(source, "show", "s")["defaults"] == {
        "language": "fi",
        "license": CC_BY,
        "audience": ["audience:teacher", "audience:student"],
    }


def test_a_source_that_was_removed_comes_back_without_its_old_defaults(console):
    add = ("add", "s", "https://s.example/oai")
    console.run(source, *add, "--default", "language=fi")
    console.run(source, "remove", "s", "--yes")
    console.run(source, *add)
    assert "defaults" not in options(console, "s")


def test_a_default_that_cannot_be_declared_changes_nothing(console):
    console.provider()
    said = edit(console, "--default", "license=open access", "--name", "Other", code=2)
    assert "'open access' names no licence" in said
    assert options(console) == {}
    assert "Other" not in console.run(source, "show", "metsala")
    assert "No source 's'" in console.run(source, "edit", "s", "--no-defaults", code=2)


def test_stored_records_follow_a_default_there_and_back(console):
    provider = console.provider()
    address = provider.sends(**BARE)
    before = description(console, address)
    assert "1 records read again, 1 changed" in edit(
        console, "--default", "language=fi", "--default", f"license={CC_BY}",
        "--default", "publisher=Esimerkin kustannus",
    )  # fmt: skip
    found = description(console, address)
    assert [each.basis for each in (*found.language, *found.license)] == ["source_default"] * 2
    assert found.publisher[0].name == "Esimerkin kustannus"
    assert console.oer.index.search(SearchQuery(text="kustannus")).total == 1
    console.run(renormalise)
    assert description(console, address) == found, "it survives a replay"
    provider.sends(title="Vesi ja jää", **BARE)
    assert description(console, address).license == found.license, "and another harvest"
    provider.sends(**BARE)
    edit(console, "--no-defaults")
    assert description(console, address) == before


def test_one_default_is_taken_away_and_the_others_stay(console):
    address = console.provider().sends(**BARE)
    edit(console, "--default", "language=fi", "--default", f"license={CC_BY}")
    edit(console, "--default", "license=")
    assert options(console) == {"defaults": {"language": "fi"}}
    assert description(console, address).license == ()


def test_a_default_does_not_make_the_provider_send_everything_again(console):
    console.provider()
    with console.oer.sessions.begin() as session:
        session.query(Source).one().harvest_from = "2026-01-01T00:00:00Z"
    edit(console, "--default", "language=fi")
    assert console.json(source, "show", "metsala")["harvest_from"] == "2026-01-01T00:00:00Z"
    edit(console, "--url", "https://elsewhere.example/oai")
    assert console.json(source, "show", "metsala")["harvest_from"] is None


def test_curate_show_says_where_a_default_came_from(console):
    address = console.provider().sends(**BARE)
    edit(console, "--default", "language=fi")
    said = console.run(curate, "show", address)
    assert "from the source's own terms, not stated in the record" in said
    (shown,) = [
        each for each in console.json(curate, "show", address)["elements"]
        if each["field"] == "language"
    ]  # fmt: skip
    assert (shown["stated"], shown["shown"]) == ([], [{"value": "fi", "basis": "source_default"}])


def test_a_correction_goes_over_a_default_and_the_provider_did_not_change(console):
    address = console.provider().sends(**BARE)
    edit(console, "--default", f"license={CC_BY}")
    console.run(curate, "set", address, "license", "CC0", "--reason", "asked them")
    edit(console, "--no-defaults")
    assert description(console, address).license[0].family == "cc0"
    (correction,) = console.json(curate, "show", address)["corrections"]
    assert correction["provider_changed_at"] is None
    assert correction["provider_json"] == "[]"
    edit(console, "--default", f"license={CC_BY}")
    console.run(curate, "unset", address, "license", "--reason", "never mind")
    assert description(console, address).license[0].basis == "source_default"


def test_an_unreadable_record_loses_a_default_when_a_curator_edits_it(console):
    provider = console.provider()
    address = provider.sends(**BARE)
    edit(console, "--default", "language=fi", "--default", "publisher=Koulu")
    provider.sends_bytes(b"<broken")
    edit(console, "--no-defaults")
    console.run(curate, "set", address, "title", "Virta", "--language", "fi", "--reason", "r")
    found = description(console, address)
    assert (found.language, found.publisher) == ((), ())
