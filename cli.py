"""The ``oer`` command: puts the rooms together and turns errors into sentences and exit codes."""

import importlib
import keyword
import sys

import click

from oer.commands.context import Oer
from oer.errors import OerError
from oer.settings import Settings

COMMANDS = {
    "check": ("harvesters.check_commands", "Find out what has gone wrong since."),
    "curate": (
        "oer.commands.curate",
        "Review, correct, withdraw and block what was harvested.",
    ),
    "database": ("oer.commands.database", "Look after the database."),
    "demo": ("harvesters.demo", "Try it out: sample providers, a harvest, the catalogue."),
    "duplicates": (
        "oer.commands.duplicates",
        "Find copies of the same resource and merge them.",
    ),
    "harvest": ("harvesters.commands", "Run harvests and see how they went."),
    "import": ("harvesters.import_command", "Take the rows of a table into the catalogue."),
    "index": ("oer.commands.index", "Look after the search index."),
    "license": ("oer.commands.license", "Read licence statements and see what they permit."),
    "mapping": ("oer.commands.mapping", "Say what raw values mean."),
    "record": ("oer.commands.record", "Look at harvested records, try unreadable ones again."),
    "renormalise": (
        "oer.commands.renormalise",
        "Read stored records again, without the network.",
    ),
    "search": ("oer.commands.search", "Search the catalogue."),
    "serve": ("oer.commands.serve", "Serve the catalogue to browsers."),
    "source": ("oer.commands.source", "Name the repositories to harvest."),
    "vocabulary": (
        "oer.commands.vocabulary",
        "Look at vocabularies, and load others such as YSO.",
    ),
}
"""Command to its module and its line in ``oer --help``, which therefore loads none of them."""


MAX_FILE_BYTES = 256 * 1024 * 1024
"""Vocabularies are large, and larger ones come as files."""


class LazyGroup(click.Group):
    """A group that imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name][0]), name)
        if cmd_name == "source" and isinstance(command, click.Group):
            _add_harvester_commands(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])


def _add_harvester_commands(source: click.Group) -> None:
    """Commands about sources that need the harvesters, which the package does not know."""
    from harvesters import definition_commands, probe_commands

    for command in (definition_commands.apply, definition_commands.export, probe_commands.probe):
        source.add_command(command)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="oer")
@click.pass_context
def oer(context: click.Context) -> None:
    """An open educational resource repository: harvest, normalise, search and reuse.

    \b
    A first catalogue:
      oer source add aoe https://aoe.fi/meta/oaipmh
      oer harvest run aoe
      oer serve
    """
    context.obj = Oer(_create_app, _fetch)


def _create_app(settings: Settings) -> object:
    from oer.app import create_app

    return create_app(settings)


def _fetch(url: str) -> bytes:
    """A file from the web, through the client that trusts nobody."""
    from harvesters.http import HttpClient, Limits

    with HttpClient(limits=Limits(max_bytes=MAX_FILE_BYTES)) as http:
        return http.get(url, accept="*/*").body


def main() -> None:
    """Run the command; say what went wrong in one sentence, without a traceback."""
    try:
        oer(prog_name="oer")
    except OerError as error:
        _fail(str(error), error.exit_code)
    except Exception as error:
        # The driver's errors are known by name only when the database was opened.
        sqlalchemy_errors = sys.modules.get("sqlalchemy.exc")
        if sqlalchemy_errors is None or not isinstance(error, sqlalchemy_errors.DBAPIError):
            raise
        reason = str(error.orig).strip().partition("\n")[0]
        _fail(f"The database refused: {reason}. Nothing of this step was kept.", 1)


def _fail(message: str, code: int) -> None:
    click.echo(f"oer: {message}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
