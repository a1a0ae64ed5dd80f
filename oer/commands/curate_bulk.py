"""``oer curate bulk``: one decision over many resources."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TextIO

import click

from oer.commands.context import Oer
from oer.commands.curate_decide import (
    by_option,
    decision,
    json_option,
    json_value_option,
    language_option,
    successor_option,
)
from oer.commands.output import echo_json, echo_table, printable
from oer.commands.progress import in_all, progress_bar

if TYPE_CHECKING:
    from oer.services.bulk import Outcome, Preview

ARGUMENTS = {"set": ("FIELD", "VALUE"), "unset": ("FIELD",)}
"""What an action wants beside itself."""
ACTIONS = (
    "approve",
    "reject",
    "withdraw",
    "restore",
    "settle",
    "block",
    "unblock",
    "set",
    "unset",
)
WANT_A_REASON = frozenset({"reject", "withdraw", "settle", "block", "set"})
SHOWN_FAILURES = 20


@click.command()
@click.argument("action", type=click.Choice(ACTIONS))
@click.argument("arguments", nargs=-1, metavar="[FIELD [VALUE]]")
@click.option("--search", metavar="QUERY", help="Everything that this search finds.")
@click.option(
    "--file", type=click.File(encoding="utf-8"), help="Addresses, one a line; - for stdin."
)
@click.option("--finding", metavar="CODE", help="Everything with this finding.")
@click.option(
    "--status", type=click.Choice(("in_review", "rejected")), help="Everything of this status."
)
@click.option("--source", metavar="SLUG", help="Only of this source; not with --file.")
@click.option(
    "--reason",
    metavar="TEXT",
    help="Why; kept in the log. Of withdraw and block it is shown to everyone.",
)
@successor_option
@language_option
@json_value_option
@by_option
@click.option("--yes", is_flag=True, help="Do it; without this, only show what would be done.")
@json_option
@click.pass_obj
def bulk(
    oer: Oer,
    /,
    action: str,
    arguments: tuple[str, ...],
    yes: bool,
    as_json: bool,
    by: str | None,
    reason: str | None,
    **given: Any,
) -> None:
    """Do ACTION to everything found by a search, a file of addresses, a finding or a status.

    Shows what it would be done to; with --yes it is done, a hundred in a transaction. Each resource
    fails alone. Ends with 1 when any failed.

    \b
    Example:  oer curate bulk approve --status in_review --source aoe --yes
              oer curate bulk set license "CC BY 4.0" --finding unknown-license --source aoe \\
                --reason "By agreement of 1 March" --yes
    """
    from oer.search.sync import drain
    from oer.services import bulk as many

    _check(action, arguments, reason, given)
    options: dict[str, Any] = {key: given[key] for key in ("successor", "language", "json_value")}
    options |= dict(zip(("field", "value"), arguments, strict=False))
    decide = decision(action, by, reason, **options)
    ids, unknown = _chosen(oer, given)
    if not yes:
        with oer.sessions() as session:
            _preview(action, len(ids), many.preview(session, ids), unknown, as_json)
        return
    with progress_bar(action.capitalize(), len(ids)) as report:
        try:
            outcome = many.apply(oer.sessions, ids, decide, progress=in_all(report))
        finally:
            # Also after Ctrl-C: what was kept should be found.
            drain(oer.sessions, oer.index)
    outcome.failed += [(address, "There is no such resource.") for address in unknown]
    _say(action, outcome, as_json)
    sys.exit(1 if outcome.failed else 0)


def _check(action: str, arguments: tuple[str, ...], reason: str | None, given: Any) -> None:
    wanted = ARGUMENTS.get(action, ())
    if len(arguments) != len(wanted):
        raise click.UsageError(f"Give: oer curate bulk {' '.join((action, *wanted))} …")
    if action in WANT_A_REASON and not (reason or "").strip():
        raise click.UsageError(f"'{action}' wants a --reason.")
    ways = [given["search"] is not None, given["file"] is not None,
            bool(given["finding"] or given["status"])]  # fmt: skip
    if sum(ways) != 1:
        raise click.UsageError("Choose by --search, by --file, or by --finding and --status.")
    if given["file"] is not None and given["source"]:
        raise click.UsageError("A file names its resources: leave out --source.")


def _chosen(oer: Oer, given: dict[str, Any]) -> tuple[list[int], list[str]]:
    """Ids of what was chosen, and what was named and does not exist."""
    from oer.services import bulk as many
    from oer.services import queue, sources

    with oer.sessions() as session:
        source_id = sources.get(session, given["source"]).id if given["source"] else None
        if given["file"] is not None:
            file: TextIO = given["file"]
            return many.named_in(session, file)
        if given["search"] is not None:
            return many.found_by_search(oer.index, given["search"], given["source"]), []
        wanted = queue.Wanted(source_id=source_id, code=given["finding"], status=given["status"])
        return list(queue.ids(session, wanted)), []


def _preview(
    action: str, count: int, first: list[Preview], unknown: list[str], as_json: bool
) -> None:
    if as_json:
        listed = [
            {"address": each.address, "status": each.status, "title": each.title} for each in first
        ]
        echo_json({"action": action, "count": count, "first": listed, "unknown": unknown})
        return
    if first:
        echo_table(
            ("ADDRESS", "STATUS", "TITLE"),
            ((each.address, each.status, printable(each.title)) for each in first),
        )
    if count > len(first):
        click.echo(f"… and {count - len(first)} more.")
    for address in unknown[:SHOWN_FAILURES]:
        click.echo(f"No such resource: {printable(address)}", err=True)
    click.echo(f"Would {action} {count} resources. Nothing was done; add --yes to do it.")


def _say(action: str, outcome: Outcome, as_json: bool) -> None:
    if as_json:
        failed = [{"address": address, "reason": why} for address, why in outcome.failed]
        counts = {"changed": outcome.changed, "unchanged": outcome.unchanged}
        echo_json({"action": action, **counts, "failed": failed})
        return
    for address, why in outcome.failed[:SHOWN_FAILURES]:
        click.echo(f"{printable(address)}: {printable(why)}", err=True)
    if len(outcome.failed) > SHOWN_FAILURES:
        click.echo(f"… and {len(outcome.failed) - SHOWN_FAILURES} more failed.", err=True)
    click.echo(
        f"{action}: {outcome.changed} changed, {outcome.unchanged} were so already, "
        f"{len(outcome.failed)} failed."
    )
