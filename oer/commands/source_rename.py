"""``oer source rename-identifiers``: following a provider that renamed its records."""

from datetime import UTC, datetime

import click

from oer.commands.context import Oer
from oer.commands.output import echo_json, printable

SHOWN = 10


@click.command("rename-identifiers")
@click.argument("slug")
@click.option("--from", "from_", required=True, help="The old names; * stands for what stays.")
@click.option("--to", required=True, help="The new names; * stands for the same.")
@click.option("--dry-run", is_flag=True, help="Say what would be renamed, and change nothing.")
@click.option("--by", help="Who does it; your login name where absent.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def rename_identifiers(
    oer: Oer, slug: str, from_: str, to: str, dry_run: bool, by: str | None, as_json: bool
) -> None:
    """Give the records of a source the new names that their provider gave them.

    Resources keep their addresses and what curators set. The old names stay known, so that a
    deletion under one is understood. Where a harvest has brought a record under its new name
    already, both become one again, unless a curator has worked on the newer one.

    \b
    Example:  oer source rename-identifiers aoe --from 'oai:old.fi:*' --to 'oai:new.fi:*' --dry-run
    """
    from oer.commands.actor import actor
    from oer.search.sync import drain
    from oer.services import renaming

    plan = renaming.rename_identifiers(
        oer.sessions,
        slug,
        from_,
        to,
        actor=actor(by),
        now=lambda: datetime.now(UTC),
        dry_run=dry_run,
    )
    if not dry_run:
        drain(oer.sessions, oer.index)
    if as_json:
        echo_json(
            {
                "source": slug,
                "renamed": len(plan.renamings),
                "joined": plan.joined,
                "conflicts": [each._asdict() for each in plan.conflicts],
                "dry_run": dry_run,
            }
        )
        return
    would = "Would rename" if dry_run else "Renamed"
    if not plan.renamings and not plan.conflicts:
        click.echo(f"Nothing to rename: no name in '{slug}' fits, or it was done before.")
        return
    click.echo(
        f"{would}: {len(plan.renamings)} of '{slug}'. "
        f"Came under the new name already: {plan.joined}."
    )
    for each in plan.renamings[:SHOWN] if dry_run else ():
        click.echo(f"  {printable(each.old)} -> {printable(each.new)}")
    if plan.conflicts:
        click.echo(f"Left as they are, because something is in the way: {len(plan.conflicts)}")
    for conflict in plan.conflicts[:SHOWN]:
        click.echo(f"  {printable(conflict.old)}: {conflict.why}")
