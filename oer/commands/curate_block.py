"""``oer curate block`` and ``unblock``: by address, or by the provider's identifier."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from oer.commands.actor import actor
from oer.commands.context import Oer
from oer.commands.curate_decide import (
    DONE,
    by_option,
    decide_on,
    decision,
    json_option,
    public_why_option,
    reason_option,
)
from oer.commands.output import echo_json


@click.command()
@click.argument("address", required=False)
@click.option("--source", metavar="SLUG", help="With --identifier: the source of the record.")
@click.option("--identifier", help="A record by the provider's identifier, also in quarantine.")
@public_why_option
@by_option
@json_option
@click.pass_obj
def block(
    oer: Oer,
    address: str | None,
    source: str | None,
    identifier: str | None,
    reason: str,
    by: str | None,
    as_json: bool,
) -> None:
    """Never harvest a record again; what was made of it is withdrawn.

    \b
    Example:  oer curate block 7k3m9x2p --reason "Spam"
              oer curate block --source aoe --identifier oai:aoe.fi:17 --reason "Spam"
    """
    if address is None:
        _decide_on_record(oer, source, identifier, "block", by, reason, as_json)
    else:
        _refuse_both(source, identifier)
        decide_on(oer, address, "block", decision("block", by, reason), as_json)


@click.command()
@click.argument("address", required=False)
@click.option("--source", metavar="SLUG", help="With --identifier: the source of the record.")
@click.option("--identifier", help="A record by the provider's identifier.")
@reason_option
@by_option
@json_option
@click.pass_obj
def unblock(
    oer: Oer,
    address: str | None,
    source: str | None,
    identifier: str | None,
    reason: str | None,
    by: str | None,
    as_json: bool,
) -> None:
    """Let harvests see a blocked record again.

    What was withdrawn stays so until it is restored; "oer harvest run SOURCE --full" fetches what
    changed meanwhile.

    \b
    Example:  oer curate unblock 7k3m9x2p
    """
    if address is None:
        _decide_on_record(oer, source, identifier, "unblock", by, reason, as_json)
    else:
        _refuse_both(source, identifier)
        decide_on(oer, address, "unblock", decision("unblock", by, reason), as_json)


def _refuse_both(source: str | None, identifier: str | None) -> None:
    if source or identifier:
        raise click.UsageError("Give an ADDRESS, or --source and --identifier, not both.")


def _decide_on_record(
    oer: Oer,
    source: str | None,
    identifier: str | None,
    action: str,
    by: str | None,
    reason: str | None,
    as_json: bool,
) -> None:
    """A record by the provider's identifier: it may have become no resource."""
    from oer.models import Resource
    from oer.services import curation

    if not source or not identifier:
        raise click.UsageError("Give an ADDRESS, or --source and --identifier.")
    who: dict[str, Any] = {"actor": actor(by), "now": datetime.now(UTC), "reason": reason or ""}
    with oer.sessions.begin() as session:
        record = curation.find_record(session, source, identifier)
        resource = session.get(Resource, record.resource_id) if record.resource_id else None
        address = resource.address if resource else None
        if resource is None:
            act = curation.block_record if action == "block" else curation.unblock_record
            changed = act(session, record, **who)
    if address is not None:
        decide_on(oer, address, action, decision(action, by, reason), as_json)
    elif as_json:
        answer = {"source": source, "identifier": identifier, "action": action}
        echo_json(answer | {"changed": changed})
    else:
        click.echo(f"{identifier}: {DONE[action] if changed else 'nothing to do, it is so'}.")
