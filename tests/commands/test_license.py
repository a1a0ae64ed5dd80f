"""``oer license`` as someone types it."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from benchmarks import license_accuracy
from oer.commands.license import license as command

COLUMNS = [
    "kind", "canonical_uri", "family", "version", "port", "adaptation_allowed",
    "oer_by_unesco_2019", "open_definition", "basis",
]  # fmt: skip


def test_parse_says_kind_name_and_uri():
    answer = run("parse", "CC BY-SA 3.0 DE")

    assert "license: CC BY-SA 3.0 DE" in answer.output
    assert "https://creativecommons.org/licenses/by-sa/3.0/de/" in answer.output


def test_parse_json_reads_a_statement_a_line_and_writes_an_object_a_line():
    answer = run("parse", "--json", "-", input="CCBYNCSA4.0\nhello\n\nNimeä 4.0\n")

    objects = [json.loads(line) for line in answer.output.splitlines()]
    assert [list(one) for one in objects] == [COLUMNS] * 4
    assert [one["kind"] for one in objects] == ["license", "none", "none", "license"]
    assert objects[0] == {
        "kind": "license",
        "canonical_uri": "https://creativecommons.org/licenses/by-nc-sa/4.0/",
        "family": "cc-by-nc-sa",
        "version": "4.0",
        "port": "",
        "adaptation_allowed": "yes",
        "oer_by_unesco_2019": "yes",
        "open_definition": "no",
        "basis": "mapped",
    }


def test_a_conflict_names_no_family_and_answers_by_the_stricter_reading():
    (answer,) = objects("CC BY 4.0. No derivatives.")

    assert (answer["kind"], answer["family"], answer["adaptation_allowed"]) == (
        "conflict",
        "",
        "no",
    )


@pytest.mark.parametrize(
    "text", ["MIT License", "All rights reserved", "Public domain", "open access"]
)
def test_what_is_not_creative_commons_leaves_family_and_answers_empty(text):
    (answer,) = objects(text)

    empty = ("family", "version", "adaptation_allowed", "oer_by_unesco_2019", "open_definition")
    assert [answer[column] for column in empty] == [""] * 5


def test_parse_reads_bytes_that_are_no_utf_8():
    answer = run("parse", "--json", "-", input=b"CC BY 4.0 \xff\n")

    assert json.loads(answer.output)["family"] == "cc-by"


def test_compatible_lists_the_licences_an_adaptation_may_have():
    answer = run("compatible", "CC BY 4.0", "CC BY-NC-SA 3.0")

    assert "An adaptation of these is possible." in answer.output
    assert "CC BY-NC-SA 4.0: recommended" in answer.output
    assert "not legal advice" in answer.output


def test_compatible_says_why_not_in_the_language_asked_for():
    answer = run("compatible", "CC BY-NC 4.0", "CC BY-SA 4.0", "--language", "fi")

    assert "not possible" in answer.output
    assert "ehtoja ei voi täyttää" in answer.output


def test_compatible_json_of_a_collection():
    answer = run("compatible", "cc-by-sa", "cc-by-nc-nd", "--collection", "--json")

    found = json.loads(answer.output)
    assert (found["possible"], found["commercial"], found["options"]) == (True, False, [])
    assert {reason["code"] for reason in found["reasons"]} == {
        "noncommercial",
        "parts-keep-licenses",
    }


def test_attribution_names_title_creator_source_and_licence(console):
    address = console.provider().sends(title="Vesi <b", creator=("Aino Esimerkki",))

    said = console.run(command, "attribution", address, "--changes", "Shortened")

    for each in ("Vesi <b", "Aino Esimerkki", "https://material.example/1", "CC BY 4.0"):
        assert each in said
    assert "Shortened" in said


def test_attribution_in_html_and_finnish_escapes_what_comes_from_outside(console):
    address = console.provider().sends(title="Vesi <b")

    options = ("--format", "html", "--language", "fi")
    said = console.json(command, "attribution", address, *options)

    assert "Vesi &lt;b" in said["attribution"]
    assert said["license"] == "https://creativecommons.org/licenses/by/4.0/"


def test_attribution_for_slides_is_one_line(console):
    address = console.provider().sends()

    said = console.run(command, "attribution", address, "--format", "slides")

    assert said.count("\n") == 1
    assert " · " in said


def test_attribution_for_an_adapted_version_names_what_it_was_made_from(console):
    address = console.provider().sends(title="Vesi")

    said = console.run(command, "attribution", address, "--adapted", "--changes", "Shortened")

    assert said.startswith("Adapted from “Vesi”")
    assert said.endswith("Changes: Shortened.\n")


def test_what_may_not_be_adapted_has_no_line_for_adapted_versions(console):
    address = console.provider().sends(rights=("CC BY-ND 4.0",))

    assert "--adapted" in console.run(command, "attribution", address, "--adapted", code=2)


def test_what_waits_for_review_has_no_credit_line(console):
    address = console.provider(trust="review").sends()

    assert "oer search" in console.run(command, "attribution", address, code=2)


def test_every_command_has_a_pasteable_example():
    for name in ("parse", "compatible", "attribution"):
        assert f"oer license {name} " in run(name, "--help").output


def test_the_command_loads_none_of_the_licence_tables_before_it_runs():
    loaded = "import oer.commands.license, sys; print('oer.metadata.licenses' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )

    assert answer.stdout.strip() == "False"


def test_the_accuracy_benchmark_fails_when_a_family_is_wrong(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("OER_SHARED_DATA", str(tmp_path))
    assert license_accuracy.main() == 0
    assert "nothing measured" in capsys.readouterr().out

    (tmp_path / "gold").mkdir()
    write_gold(tmp_path, "cc-by-sa")
    assert license_accuracy.main() == 0

    write_gold(tmp_path, "cc-by")
    assert license_accuracy.main() == 1
    assert "family: cc-by-sa, labelled cc-by" in capsys.readouterr().out


def run(*arguments: str, input: str | bytes | None = None):
    answer = CliRunner().invoke(command, arguments, input=input)
    assert answer.exit_code == 0, answer.output
    return answer


def objects(*texts: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in run("parse", "--json", *texts).output.splitlines()]


def write_gold(folder, family: str) -> None:
    columns = ["string", *COLUMNS[:-1]]
    row = ["CC BY-SA 4.0", "license", "", family, "4.0", "", "yes", "yes", "yes"]
    text = ",".join(columns) + "\n" + ",".join(row) + "\n"
    (folder / "gold" / "rights_examples.csv").write_text(text, encoding="utf-8")
