"""``oer mapping`` as a curator meets it."""

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from oer.commands.mapping import mapping
from oer.errors import UnknownSource, UsageError
from oer.models import Resource
from oer.search.memory_index import MemoryIndex
from tests.services.harvested import harvest


@pytest.fixture
def run(sqlite_sessions, now):
    """Run ``oer mapping`` on a catalogue of two sources."""
    with sqlite_sessions.begin() as session:
        harvest(session, "a", [("type", "Flugblatt")], [("type", "Image")], now=now)
        harvest(session, "b", [("type", "FLUGBLATT")], now=now)
    oer = SimpleNamespace(sessions=sqlite_sessions, index=MemoryIndex())

    def run(*arguments, **options):
        return CliRunner().invoke(mapping, arguments, obj=oer, **options)

    return run


@pytest.fixture
def types(sqlite_sessions):
    """The types of all resources, as the catalogue has them now."""

    def types():
        with sqlite_sessions() as session:
            resources = session.scalars(select(Resource).order_by(Resource.id))
            return [each.description.learning_resource_type[0].id for each in resources]

    return types


def test_from_an_unmapped_value_to_a_row_and_back(run, types):
    assert "Flugblatt" in run("unmapped").output
    assert types() == [None, "type:image", None]
    done = run("set", "Flugblatt", "type:text")
    assert done.exit_code == 0, done.output
    assert "2 records carry it; 2 resources changed" in done.output
    assert types() == ["type:text", "type:image", "type:text"]
    assert "Every value has a concept" in run("unmapped").output
    assert "Flugblatt" in run("list").output
    assert run("unset", "flugblatt", "--vocabulary", "type").exit_code == 0
    assert types() == [None, "type:image", None]
    assert "No rows yet" in run("list").output


def test_a_row_of_one_source_touches_that_source_only(run, types):
    done = run("set", "Flugblatt", "text", "--vocabulary", "type", "--source", "b", "--json")
    assert json.loads(done.output) == {
        "vocabulary": "type", "raw": "Flugblatt", "target": "type:text", "source": "b",
        "carried_by": 1, "updated": 1,
    }  # fmt: skip
    assert types() == [None, "type:image", "type:text"]
    assert run("unset", "Flugblatt", "--vocabulary", "type", "--source", "b").exit_code == 0
    assert types() == [None, "type:image", None]


def test_setting_a_row_again_changes_nothing(run):
    run("set", "Flugblatt", "type:text")
    assert json.loads(run("set", "Flugblatt", "type:text", "--json").output)["updated"] == 0
    assert len(run("list", "--json").output.splitlines()) == 1


def test_unmapped_values_as_json(run, sqlite_sessions):
    lines = run("unmapped", "--json", "--source", "b").output.splitlines()
    (found,) = map(json.loads, lines)
    assert (found["source"], found["vocabulary"], found["raw"], found["count"]) == (
        "b", "type", "FLUGBLATT", 1,
    )  # fmt: skip
    with sqlite_sessions() as session:
        assert session.scalar(select(Resource.id).where(Resource.address == found["example"])) == 3


def test_a_cut_list_says_what_is_left(run):
    assert "1 more values" in run("unmapped", "--limit", "1").stderr


def test_an_exported_table_can_be_imported(run, types, tmp_path):
    run("set", "Flugblatt", "type:text")
    run("set", "Image", "type:video", "--source", "a")
    exported = run("export")
    assert exported.stdout == "raw,scheme,target,note\nFlugblatt,,type:text,\n"
    assert "Left out 1 rows" in exported.stderr
    assert run("export", "--source", "a").stdout.endswith("Image,,type:video,in a\n")
    run("unset", "Flugblatt", "--vocabulary", "type")
    done = run("import", "-", "--json", input=exported.stdout)
    assert json.loads(done.output) == {"rows": 1, "source": None, "carried_by": 2, "updated": 2}
    assert types() == ["type:text", "type:video", "type:text"]


def test_a_table_with_one_bad_row_stores_nothing(run):
    table = "raw,scheme,target,note\nFlugblatt,,type:text,\nPlakat,,type:nothing,\n"
    assert "line 3" in str(run("import", "-", input=table).exception)
    assert "No rows yet" in run("list").output


def test_a_file_in_another_encoding_is_refused(run, tmp_path):
    (tmp_path / "rows.csv").write_bytes("raw,scheme,target,note\nä,,type:text,".encode("latin-1"))
    done = run("import", str(tmp_path / "rows.csv"))
    assert (done.exit_code, "UTF-8" in done.output) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("set", "x", "type:vidoe"), UsageError),
        (("set", "x", "type:video", "--source", "nowhere"), UnknownSource),
        (("unset", "x", "--vocabulary", "type"), UsageError),
        (("unmapped", "--source", "nowhere"), UnknownSource),
    ],
)
def test_what_makes_no_sense_is_refused(run, arguments, error):
    assert isinstance(run(*arguments).exception, error)


def test_an_unknown_vocabulary_is_refused(run):
    for command in (("unmapped",), ("list",), ("export",), ("unset", "x")):
        assert run(*command, "--vocabulary", "colour").exit_code == 2


@pytest.mark.parametrize("command", sorted(mapping.commands))
def test_help_has_an_example(run, command):
    assert f"oer mapping {command}" in run(command, "--help").output
