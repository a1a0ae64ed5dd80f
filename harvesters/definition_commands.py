"""``oer source apply`` and ``oer source export``: sources described in a file."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oer.commands.context import Oer
from oer.commands.defaults import read_again
from oer.commands.output import echo_json

if TYPE_CHECKING:
    from harvesters.definitions import Step

MAX_BYTES = 16 * 1024 * 1024


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option(
    "--remove-missing", is_flag=True, help="Remove the sources that the file does not describe."
)
@click.option("--yes", is_flag=True, help="Do not ask before sources are removed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each source.")
@click.pass_obj
def apply(
    oer: Oer, file: Path, dry_run: bool, remove_missing: bool, yes: bool, as_json: bool
) -> None:
    """Make the sources what FILE describes.

    The file is checked whole before anything changes; applying it again changes nothing. Sources
    that it does not describe stay, unless --remove-missing is given. Where the defaults of a source
    changed, its stored records are read again.

    \b
    Example:  oer source apply sources.toml --dry-run
    """
    from harvesters import definitions
    from oer.errors import UsageError
    from oer.search.sync import drain

    if file.stat().st_size > MAX_BYTES:
        raise UsageError(f"{file} is too long to describe sources.")
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeError:
        raise UsageError(f"{file} is not UTF-8, as TOML has to be.") from None
    described = definitions.read(text, folder=file.absolute().parent, what=str(file))
    with oer.sessions() as session:
        steps = definitions.plan(session, described, remove_missing=remove_missing)
    doomed = [step for step in steps if step.what == definitions.REMOVED]
    if doomed and not (dry_run or yes):
        named = ", ".join(step.slug for step in doomed)
        count = sum(step.resources for step in doomed)
        click.confirm(f"Remove {named}, and withdraw {count} resources?", abort=True)
    if not dry_run:
        with oer.sessions.begin() as session:
            steps = definitions.apply(
                session, described, now=datetime.now(UTC), remove_missing=remove_missing
            )
        if doomed:
            drain(oer.sessions, oer.index)
        for step in steps:
            if step.what == definitions.CHANGED and definitions.DEFAULTS in step.keys:
                read_again(oer, step.slug, quiet=as_json)
    for step in steps:
        if as_json:
            echo_json({**vars(step), "dry_run": dry_run})
        else:
            click.echo(f"{step.slug}: {step.what}{_keys(step.keys)}")
    if not as_json:
        would = " Nothing was changed." if dry_run else ""
        click.echo(f"{_counted(steps)}.{would}")


def _keys(keys: tuple[str, ...]) -> str:
    return f" ({', '.join(keys)})" if keys else ""


def _counted(steps: Sequence["Step"]) -> str:
    counts = Counter(step.what for step in steps)
    return ", ".join(f"{count} {what}" for what, count in counts.items()) or "No sources"


@click.command()
@click.pass_obj
def export(oer: Oer) -> None:
    """Write all sources as a file that ``oer source apply`` reads.

    \b
    Example:  oer source export > sources.toml
    """
    from harvesters import definitions

    with oer.sessions() as session:
        click.echo(definitions.export(session), nl=False)
