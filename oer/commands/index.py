"""``oer index``: the search index."""

import click

from oer.commands.context import Oer
from oer.commands.output import echo_json


@click.group()
def index() -> None:
    """Look after the search index."""


@index.command()
@click.pass_obj
def rebuild(oer: Oer) -> None:
    """Write a new index from the database and switch to it; searches go on meanwhile.

    \b
    Example:  oer index rebuild
    """
    from oer.search import sync

    count = sync.rebuild(oer.sessions, oer.index)
    click.echo(f"The index holds {count} resources.")


@index.command()
@click.pass_obj
def update(oer: Oer) -> None:
    """Give the index what has changed since it was last written.

    Harvests and curators' commands do so by themselves; this is for when one could not, because
    another process was writing.

    \b
    Example:  oer index update
    """
    from oer.search import sync

    count = sync.drain(oer.sessions, oer.index)
    click.echo(f"The index took in {count} changes.")


@index.command()
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def status(oer: Oer, as_json: bool) -> None:
    """Say how many resources the index holds and how many wait for it.

    \b
    Example:  oer index status
    """
    from oer.search import sync

    found = sync.status(oer.sessions, oer.index)
    described = {"indexed": found.indexed, "published": found.published, "waiting": found.waiting}
    if as_json:
        echo_json(described)
    else:
        click.echo("  ".join(f"{name}: {count}" for name, count in described.items()))
