"""``oer import``: a table on this machine, as a source that can be imported again."""

import re
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from oer.commands.context import Oer
from oer.commands.output import echo_json, printable

_NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")


@click.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping",
    "mapping_file",
    required=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML file that says which column is what.",
)
@click.option("--source", "slug", metavar="SLUG", help="Name of the source; else the file's.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def import_(
    oer: Oer, file: Path, mapping_file: Path, slug: str | None, dry_run: bool, as_json: bool
) -> None:
    """Take the rows of a table (CSV, XLSX) into the catalogue.

    The table becomes a source: importing it again updates what changed, and rows that are no longer
    in it are withdrawn as the source's deletion policy says. Ends as 'oer harvest run' does.

    \b
    Example:  oer import books.csv --mapping books.toml --source library --dry-run
    """
    from harvesters import table_import
    from harvesters.http import HttpClient
    from harvesters.progress import counts
    from harvesters.run_commands import EXIT_CODES
    from oer.search.sync import drain

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    slug = slug or _NOT_IN_SLUGS.sub("-", file.stem.lower()).strip("-")[:64].rstrip("-")
    options = table_import.read_options(mapping_file)
    now = datetime.now(UTC)

    def open_http(_source: Any) -> HttpClient:
        return HttpClient(contact=oer.settings.contact)

    if dry_run:
        ended = table_import.dry_run(oer.sessions, slug, file, options, open_http, now=now)
    else:
        try:
            ended = table_import.run(oer.sessions, slug, file, options, open_http, now=now)
        except KeyboardInterrupt:
            click.echo("Stopped. The next import goes on from the last rows kept.", err=True)
            sys.exit(EXIT_CODES["interrupted"])
        finally:
            drain(oer.sessions, oer.index)
    if as_json:
        echo_json(ended.as_dict() | ({"dry_run": True} if dry_run else {}))
    else:
        would = " (nothing was changed)" if dry_run else ""
        click.echo(f"{slug}: {ended.state} in {ended.seconds:.1f} s. {counts(ended)}.{would}")
        for line in filter(None, (ended.error, *ended.notes)):
            click.echo(f"  {printable(line)}", err=True)
        if ended.held:
            click.echo(
                f"  {ended.held} deletions wait for you. See: oer harvest held {slug}", err=True
            )
    sys.exit(EXIT_CODES[ended.state])
