"""``oer check licenses``: counts, lists, and an exit code for rules that broke."""

import csv
import io
import json

import pytest

from oer.commands.check_licenses import licenses


@pytest.fixture
def catalogue(console):
    """Three open resources of one source, one unknown of another."""
    metsala = console.provider()
    for name in range(3):
        metsala.sends(f"{name}")
    console.unknown = console.provider("lampi").sends(title="=1+1", rights=("free to use",))
    return console


def test_a_table_in_all_and_by_source(catalogue):
    said = catalogue.run(licenses)
    assert "4 published resources." in said
    assert "25.0%" in said
    assert "lampi" in said


def test_json_has_totals_and_sources(catalogue):
    said = catalogue.json(licenses)
    assert (said["total"]["resources"], said["total"]["open"], said["total"]["unknown"]) == (
        4,
        3,
        1,
    )
    assert said["sources"]["lampi"]["open"] == 0


def test_csv_has_a_line_for_each_source_and_code(catalogue):
    lines = list(csv.DictReader(io.StringIO(catalogue.run(licenses, "--csv"))))
    shares = {(line["source"], line["code"]): line["share"] for line in lines}
    assert shares["*", "unknown"] == "0.2500"
    assert shares["lampi", "unknown"] == "1.0000"


def test_the_list_names_the_resources(catalogue):
    assert catalogue.unknown in catalogue.run(licenses, "--list", "unknown")
    listed = json.loads(catalogue.run(licenses, "--list", "unknown", "--json"))
    assert (listed["address"], listed["statements"]) == (catalogue.unknown, "free to use")
    (line,) = csv.DictReader(io.StringIO(catalogue.run(licenses, "--list", "unknown", "--csv")))
    assert line["title"] == "'=1+1"


def test_a_broken_rule_ends_with_1_and_is_named(catalogue):
    assert "Broken: unknown: 1 of 4" in catalogue.run(licenses, "--fail-on", "unknown", code=1)
    catalogue.run(licenses, "--fail-on", "unknown>25%", "--fail-on", "conflict")
    catalogue.run(licenses, "--source", "metsala", "--fail-on", "unknown")
    said = catalogue.run(licenses, "--json", "--fail-on", "unknown>20%", code=1)
    assert json.loads(said.splitlines()[0])["rules"] == [
        {"rule": "unknown>20%", "count": 1, "broken": True}
    ]


@pytest.mark.parametrize(
    "arguments", [("--fail-on", "closed"), ("--list", "closed"), ("--csv", "--json")]
)
def test_wrong_usage_ends_with_2(catalogue, arguments):
    catalogue.run(licenses, *arguments, code=2)


def test_an_empty_catalogue_breaks_nothing(console):
    assert "0 published resources." in console.run(licenses, "--fail-on", "unknown>0%")
