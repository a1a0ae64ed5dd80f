"""``oer curate approve`` and its like: one decision about one resource."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from oer.commands.actor import actor
from oer.commands.context import Oer
from oer.commands.output import echo_json

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from oer.models import Resource
    from oer.services.bulk import Decision

DONE = {
    "approve": "Published",
    "reject": "Rejected; it stays out whatever its provider sends",
    "withdraw": "Withdrawn; no harvest brings it back",
    "restore": "Published again",
    "settle": "Settled; what readers reported waits no longer",
    "block": "Blocked; it is not harvested again",
    "unblock": "Unblocked; harvests see it again",
    "set": "Set; it stays so over later harvests",
    "unset": "Given back to the provider",
}
"""What to say when it is done."""

by_option = click.option("--by", metavar="NAME", help="Who decides; your user name where absent.")
json_option = click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
reason_option = click.option("--reason", metavar="TEXT", help="Why; kept in the log.")
why_option = click.option("--reason", metavar="TEXT", required=True, help="Why; kept in the log.")
public_why_option = click.option(
    "--reason",
    metavar="TEXT",
    required=True,
    help="Why; kept in the log, and shown to everyone at its address.",
)
language_option = click.option("--language", metavar="TAG", help="Language of a text, such as fi.")
json_value_option = click.option(
    "--json-value", is_flag=True, help="VALUE is JSON, as in the catalogue's own form."
)
successor_option = click.option(
    "--successor", metavar="WHERE", help="Where to go instead: an address of ours or a URL."
)


@click.command()
@click.argument("address")
@reason_option
@by_option
@json_option
@click.pass_obj
def approve(oer: Oer, address: str, reason: str | None, by: str | None, as_json: bool) -> None:
    """Publish a resource that waits for review, or was rejected.

    \b
    Example:  oer curate approve 7k3m9x2p
    """
    decide_on(oer, address, "approve", decision("approve", by, reason), as_json)


@click.command()
@click.argument("address")
@why_option
@by_option
@json_option
@click.pass_obj
def reject(oer: Oer, address: str, reason: str, by: str | None, as_json: bool) -> None:
    """Keep a resource that waits for review out, also after later harvests.

    \b
    Example:  oer curate reject 7k3m9x2p --reason "An advertisement"
    """
    decide_on(oer, address, "reject", decision("reject", by, reason), as_json)


@click.command()
@click.argument("address")
@public_why_option
@successor_option
@by_option
@json_option
@click.pass_obj
def withdraw(
    oer: Oer, address: str, reason: str, successor: str | None, by: str | None, as_json: bool
) -> None:
    """Withdraw a public resource; its address stays and says why.

    \b
    Example:  oer curate withdraw 7k3m9x2p --reason "The author asked" --successor q4w8e1r5
    """
    decide = decision("withdraw", by, reason, successor=successor)
    decide_on(oer, address, "withdraw", decide, as_json)


@click.command()
@click.argument("address")
@reason_option
@by_option
@json_option
@click.pass_obj
def restore(oer: Oer, address: str, reason: str | None, by: str | None, as_json: bool) -> None:
    """Bring a withdrawn resource back.

    \b
    Example:  oer curate restore 7k3m9x2p --reason "Withdrawn by mistake"
    """
    decide_on(oer, address, "restore", decision("restore", by, reason), as_json)


@click.command()
@click.argument("address")
@why_option
@by_option
@json_option
@click.pass_obj
def settle(oer: Oer, address: str, reason: str, by: str | None, as_json: bool) -> None:
    """Close what readers reported of a resource.

    \b
    Example:  oer curate settle 7k3m9x2p --reason "The author mended the link"
    """
    decide_on(oer, address, "settle", decision("settle", by, reason), as_json)


@click.command(name="set")
@click.argument("address")
@click.argument("field")
@click.argument("value")
@why_option
@language_option
@json_value_option
@by_option
@json_option
@click.pass_obj
def set_(
    oer: Oer,
    address: str,
    field: str,
    value: str,
    reason: str,
    language: str | None,
    json_value: bool,
    by: str | None,
    as_json: bool,
) -> None:
    """Correct FIELD, over whatever the provider sends now and later.

    Several values are separated by semicolons. A text given with its language takes the place of
    those in that language or in none; others stay. An empty VALUE empties the field. "oer curate
    show" tells when the provider changes its value later.

    \b
    Example:  oer curate set 7k3m9x2p title "Vesi" --language fi --reason "A slip of the pen"
              oer curate set 7k3m9x2p license "CC BY 4.0" --reason "Stands on the page"
              oer curate set 7k3m9x2p educational_level level:upper-secondary --reason "Checked"
    """
    decide = decision(
        "set", by, reason, field=field, value=value, language=language, json_value=json_value
    )
    decide_on(oer, address, "set", decide, as_json)


@click.command()
@click.argument("address")
@click.argument("field")
@reason_option
@by_option
@json_option
@click.pass_obj
def unset(
    oer: Oer, address: str, field: str, reason: str | None, by: str | None, as_json: bool
) -> None:
    """Take a correction back: FIELD is again as the provider has it.

    \b
    Example:  oer curate unset 7k3m9x2p title
    """
    decide_on(oer, address, "unset", decision("unset", by, reason, field=field), as_json)


DECISIONS = (approve, reject, withdraw, restore, settle, set_, unset)


def decision(
    action: str,
    by: str | None,
    reason: str | None,
    *,
    successor: str | None = None,
    field: str | None = None,
    value: str = "",
    language: str | None = None,
    json_value: bool = False,
) -> Decision:
    """What to do to a resource, as a function of session and resource.

    Raises:
        UsageError: The field or its value is none.
    """
    from oer.metadata.field_values import field_name
    from oer.services import curation, problems

    common: dict[str, Any] = {"actor": actor(by), "now": datetime.now(UTC), "reason": reason or ""}
    if action == "set":
        read = _reader(field_name(field or ""), value, language, json_value)
        return partial(_set, field=field_name(field or ""), read=read, common=common)
    if action == "unset":
        return partial(curation.unset_field, field=field_name(field or ""), **common)
    if action == "withdraw":
        return partial(curation.withdraw, successor=successor, **common)
    simple: dict[str, Callable[..., bool]] = {
        "approve": curation.approve,
        "reject": curation.reject,
        "restore": curation.restore,
        "settle": problems.settle,
        "block": curation.block,
        "unblock": curation.unblock,
    }
    return partial(simple[action], **common)


def _reader(
    field: str, value: str, language: str | None, json_value: bool
) -> Callable[[Session, Resource], Any]:
    """Reads what was typed, for a resource; what is JSON is the same for all of them."""
    from oer.metadata.field_values import parse, parse_json

    if json_value:
        given = parse_json(field, value)
        return lambda session, resource: given
    from oer.services.tables import load_tables

    return lambda session, resource: parse(
        field,
        value,
        language=language,
        present=getattr(resource.description, field),
        tables=load_tables(session, resource.source_id),
    )


def _set(
    session: Session,
    resource: Resource,
    *,
    field: str,
    read: Callable[[Session, Resource], Any],
    common: dict[str, Any],
) -> bool:
    from oer.services import curation

    return curation.set_field(session, resource, field, read(session, resource), **common)


def decide_on(oer: Oer, address: str, action: str, decide: Decision, as_json: bool) -> None:
    from oer.search.sync import drain
    from oer.services import curation

    with oer.sessions.begin() as session:
        resource = curation.get(session, address)
        changed = decide(session, resource)
        status = resource.status
    drain(oer.sessions, oer.index)
    answer = {"address": address, "action": action, "changed": changed, "status": status}
    if as_json:
        echo_json(answer)
    elif changed:
        click.echo(f"{address}: {DONE[action]}.")
    else:
        click.echo(f"{address}: nothing to do, it is so already ({status.replace('_', ' ')}).")
