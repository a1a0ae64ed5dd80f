"""``oer record``: harvested records as they came."""

import sys

import click

from oer.commands.context import Oer
from oer.commands.output import echo_json, printable


@click.group()
def record() -> None:
    """Look at harvested records as they came, and try unreadable ones again."""


@record.command()
@click.argument("source")
@click.argument("identifier")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.option("--received", is_flag=True, help="Only the bytes that came, before any repair.")
@click.pass_obj
def show(oer: Oer, source: str, identifier: str, as_json: bool, received: bool) -> None:
    """Show a record with its payload and what became of it.

    "repaired" is how many characters of the provider's answer had to be replaced to read the
    record; --received gives the record as it came then, byte for byte.

    \b
    Example:  oer record show aoe oai:aoe.fi:2097
              oer record show aoe oai:aoe.fi:2097 --received > record.xml
    """
    from oer.services import quarantine, sources

    if received and as_json:
        raise click.UsageError("JSON cannot hold bytes. Give --received or --json.")
    with oer.sessions() as session:
        found = quarantine.get(session, sources.get(session, source), identifier)
        if received:
            _echo_bytes(quarantine.received(found))
            return
        described = quarantine.described(session, found)
    if as_json:
        echo_json(described)
        return
    payload = described.pop("payload")
    for key, value in described.items():
        shown = ", ".join(value) if isinstance(value, list) else value
        click.echo(f"{key.replace('_', ' '):<17} {printable(str(shown or '–'))}")
    click.echo()
    for line in payload.splitlines():
        click.echo(printable(line))


def _echo_bytes(received: bytes) -> None:
    """The bytes as they are; on a terminal, which they must not steer, as text."""
    if not sys.stdout.isatty():
        click.echo(received, nl=False)
        return
    for line in received.decode("utf-8", "backslashreplace").splitlines():
        click.echo(printable(line))


@record.command()
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def retry(oer: Oer, source: str, as_json: bool) -> None:
    """Try the records of a source that are in quarantine again, without the network.

    Ends with 1 when some are still unreadable.

    \b
    Example:  oer record retry aoe
    """
    from oer.search.sync import drain
    from oer.services.renormalise import renormalise

    tally = renormalise(oer.sessions, source_slug=source, only_problems=True)
    drain(oer.sessions, oer.index)
    if as_json:
        echo_json(tally.as_dict())
    else:
        read = tally.seen - tally.quarantined
        click.echo(f"{tally.seen} tried: {read} read, {tally.quarantined} still unreadable.")
    sys.exit(1 if tally.quarantined else 0)
