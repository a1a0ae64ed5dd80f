"""What commands that change a source's defaults have in common."""

from collections.abc import Mapping
from typing import Any

import click

from oer.commands.context import Oer


def spelled(defaults: Mapping[str, Any]) -> list[str]:
    """Defaults as they are typed: ``language=fi``, one for each value."""
    return [
        f"{name}={str(value).lower() if isinstance(value, bool) else value}"
        for name, given in defaults.items()
        for value in (given if isinstance(given, list) else [given])
    ]


def read_again(oer: Oer, slug: str, *, quiet: bool = False) -> None:
    """Describe the stored records of a source anew, with its defaults as they are now.

    Asks nobody on the network. Says how many changed, unless there are none or ``quiet``.
    """
    from oer.search.sync import drain
    from oer.services.renormalise import renormalise

    try:
        tally = renormalise(oer.sessions, source_slug=slug)
    finally:
        # Also after Ctrl-C: what was kept should be found.
        drain(oer.sessions, oer.index)
    if tally.seen and not quiet:
        click.echo(f"{slug}: {tally.seen} records read again, {tally.updated} changed.")
