"""``oer demo``: two sample providers over HTTP, a harvest of both, and the catalogue on top."""

import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from oer.commands.context import Oer

if TYPE_CHECKING:
    from harvesters.samples import Provider


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--once", is_flag=True, help="Harvest, then end without serving.")
@click.pass_obj
def demo(oer: Oer, host: str, port: int, once: bool) -> None:
    """Try it out: start two sample providers, harvest them, serve the catalogue.

    Run it again and it harvests only what changed. The state lies under OER_DATA_DIR.

    \b
    Example:  OER_DATA_DIR=.demo oer demo
    """
    from harvesters.run_commands import harvest_all
    from harvesters.samples import PROVIDERS
    from oer.commands.serve import serve_catalogue
    from oer.search import lexicon

    with ExitStack() as stack:
        for provider in PROVIDERS.values():
            address = _serve(provider, stack)
            click.echo(f"{provider.title}: {address}", err=True)
            _name_source(oer, provider, address)
        lexicon.prepare(lambda said: click.echo(said, err=True))
        state = harvest_all(oer, list(PROVIDERS))
        if once or state == 130:
            sys.exit(state)
        serve_catalogue(oer, host=host, port=port, workers=1, threads=4)


def _serve(provider: "Provider", stack: ExitStack) -> str:
    """Start a sample provider, at its usual port where that is free. Returns its address."""
    from harvesters.samples import SampleProvider
    from oer.errors import UsageError

    sample = SampleProvider(provider.slug, port=provider.default_port)
    stack.callback(sample.stop)
    try:
        return sample.start()
    except UsageError:
        sample = SampleProvider(provider.slug)
        stack.callback(sample.stop)
        return sample.start()


def _name_source(oer: Oer, provider: "Provider", address: str) -> None:
    """Add the source of a sample provider, or tell it a new address."""
    from oer.errors import UnknownSource
    from oer.services import sources

    with oer.sessions.begin() as session:
        try:
            source = sources.get(session, provider.slug)
        except UnknownSource:
            sources.add(
                session,
                provider.slug,
                address,
                now=datetime.now(UTC),
                name=provider.title,
                metadata_prefix=provider.metadata_prefix,
                internal=True,
            )
        else:
            if source.base_url != address:
                sources.edit(session, provider.slug, base_url=address)
