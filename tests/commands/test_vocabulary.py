"""``oer vocabulary`` as an operator meets it."""

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from oer.commands.vocabulary import vocabulary
from oer.errors import UsageError

X = "http://vocabulary.example/"


@pytest.fixture
def run(sqlite_sessions, tmp_path, monkeypatch):
    """Run ``oer vocabulary`` in a folder with two files of one vocabulary."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nature-fi.tsv").write_text(f"<{X}w>\tvesi\n<{X}a>\tilma\n", encoding="utf-8")
    (tmp_path / "nature-sv.tsv").write_text(f"<{X}w>\tvatten\n", encoding="utf-8")

    def run(*arguments, **attributes):
        oer = SimpleNamespace(sessions=sqlite_sessions, **attributes)
        return CliRunner().invoke(vocabulary, arguments, obj=oer)

    return run


def test_a_vocabulary_is_loaded_listed_shown_and_exported(run):
    loaded = run("load", "nature", "nature-fi.tsv", "nature-sv.tsv")
    assert loaded.exit_code == 0, loaded.output
    assert "2 concepts with labels: 2 fi, 1 sv" in loaded.output
    assert loaded.output.index("oer renormalise") < loaded.output.index("oer index rebuild")
    assert "nature" in run("list").output
    assert "vatten" in run("show", "nature", "vesi").output
    assert run("export", "nature").output.splitlines() == [
        "uri\tlabel_fi\tlabel_sv\tbroader", f"{X}w\tvesi\tvatten\t", f"{X}a\tilma\t\t",
    ]  # fmt: skip


def test_a_folder_is_loaded_too(run):
    done = run("load", "nature", ".", "--by", "c", "--json")
    assert json.loads(done.output) == {
        "vocabulary": "nature", "concepts": 2, "deprecated": 0, "labels": {"fi": 2, "sv": 1},
    }  # fmt: skip


def test_an_exported_table_can_be_loaded_again(run, tmp_path):
    run("load", "nature", ".")
    (tmp_path / "again.tsv").write_text(run("export", "nature").output, encoding="utf-8")
    run("load", "again", "again.tsv")
    assert run("export", "again").output == run("export", "nature").output


def test_json_is_one_object_a_line(run):
    run("load", "nature", ".")
    listed = [json.loads(line) for line in run("list", "--json").output.splitlines()]
    assert [(each["vocabulary"], each["concepts"]) for each in listed][-1] == ("nature", 2)
    (shown,) = run("show", "nature", "vesi", "--json").output.splitlines()
    assert json.loads(shown)["labels"] == {"fi": "vesi", "sv": "vatten"}
    exported = run("export", "nature", "--format", "json").output.splitlines()
    assert [json.loads(line)["id"] for line in exported] == [f"{X}w", f"{X}a"]


def test_shipped_vocabularies_are_shown_and_exported(run):
    assert "level:master" in run("show", "level").output
    assert run("export", "level").output.startswith("uri\tlabel_fi\tlabel_sv\tlabel_en\tbroader\n")


def test_a_long_vocabulary_is_cut_and_says_so(run):
    shown = run("show", "subject", "--limit", "2")
    assert len(shown.stdout.splitlines()) == 3
    assert "the first 2" in shown.stderr


def test_an_address_is_fetched_by_what_the_command_line_was_given(run):
    content = f'<{X}a> <http://www.w3.org/2004/02/skos/core#prefLabel> "a" .'.encode()
    done = run("load", "far", f"{X}far.ttl", fetch={f"{X}far.ttl": content}.__getitem__)
    assert "1 concepts" in done.output


def test_without_it_an_address_is_refused(run):
    done = run("load", "far", f"{X}far.ttl")
    assert done.exit_code == 2
    assert "Download" in done.output


@pytest.mark.parametrize(
    "arguments",
    [("load", "level", "."), ("load", "x", "nothing.ttl"), ("show", "x"), ("export", "x"),
     ("show", "level", "nothing")],
)  # fmt: skip
def test_what_makes_no_sense_is_a_usage_error(run, arguments):
    assert isinstance(run(*arguments).exception, UsageError)


def test_control_characters_do_not_reach_the_terminal(run, tmp_path):
    (tmp_path / "bad.ttl").write_text(
        f'<{X}a> <http://www.w3.org/2004/02/skos/core#prefLabel> "\\u001b[31mred"@en .',
        encoding="utf-8",
    )
    run("load", "bad", "bad.ttl")
    assert "\x1b" not in run("show", "bad").output + run("export", "bad").output


@pytest.mark.parametrize("command", sorted(vocabulary.commands))
def test_help_has_an_example(run, command):
    assert f"oer vocabulary {command}" in run(command, "--help").output
