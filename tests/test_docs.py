"""The documentation says what is there: commands, settings, make targets."""

import re
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]


def test_the_command_reference_is_what_the_commands_say():
    from docs.reference import PAGE, reference

    assert PAGE.read_text() == reference(), "Run: make docs"


def test_every_command_has_a_sentence_and_an_example_that_names_it():
    from cli import oer
    from docs.reference import commands

    found = list(commands(oer, ("oer",)))
    assert len(found) > 20
    for path, command in found:
        assert isinstance(command, click.Command)
        assert command.help, path
        assert "Example:" in command.help, path
        assert " ".join(path) in command.help, path


def test_every_setting_is_in_the_operators_guide():
    source = (ROOT / "oer" / "settings.py").read_text()
    guide = (ROOT / "docs" / "operating.md").read_text()
    for variable in sorted(set(re.findall(r"OER_[A-Z_]+", source))):
        assert f"`{variable}`" in guide, variable


def test_every_make_target_says_what_it_does():
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()
    for target in phony:
        assert re.search(rf"^{target}:.*## ", makefile, re.MULTILINE), target


def test_every_make_target_the_readme_names_exists():
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"(?m)(?:`|^)make ([a-z-]+)", (ROOT / "README.md").read_text()):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_links_between_documents_lead_somewhere():
    for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
