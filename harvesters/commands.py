"""``oer harvest``: running harvests and looking at them."""

from typing import Any

import click

from harvesters.held_commands import discard, held, release
from harvesters.run_commands import run
from oer.commands.context import Oer
from oer.commands.output import echo_json, echo_table, printable

COLUMNS = (
    "harvest", "source", "state", "started", "seen", "created", "updated", "unchanged", "withdrawn",
    "quarantined", "seconds",
)  # fmt: skip
"""What a listing of runs shows."""


@click.group()
def harvest() -> None:
    """Run harvests and see how they went."""


for command in (run, held, release, discard):
    harvest.add_command(command)


@harvest.command(name="list")
@click.option("--source", "slug", help="Only the runs of this source.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_(oer: Oer, slug: str | None, limit: int, as_json: bool) -> None:
    """List the latest runs, newest first.

    \b
    Example:  oer harvest list --source aoe
    """
    from sqlalchemy import select

    from oer.models import Harvest, Source
    from oer.services import sources

    query = select(Harvest, Source.slug).join(Source, Source.id == Harvest.source_id)
    with oer.sessions() as session:
        if slug:
            query = query.where(Harvest.source_id == sources.get(session, slug).id)
        query = query.order_by(Harvest.id.desc()).limit(limit)
        found = [_described(each, name) for each, name in session.execute(query)]
    if as_json:
        for each in found:
            echo_json(each)
    elif not found:
        click.echo("No harvests yet. Run one with: oer harvest run SLUG")
    else:
        echo_table(
            [column.upper() for column in COLUMNS],
            ([each[column] for column in COLUMNS] for each in found),
        )


@harvest.command()
@click.argument("harvest_id", type=int)
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def show(oer: Oer, harvest_id: int, as_json: bool) -> None:
    """Show one run: its counts, notes and what went wrong.

    \b
    Example:  oer harvest show 12
    """
    from oer.errors import UsageError
    from oer.models import Harvest, Source

    with oer.sessions() as session:
        found = session.get(Harvest, harvest_id)
        if found is None:
            raise UsageError(f"No harvest {harvest_id}. See: oer harvest list")
        described = _described(found, session.get_one(Source, found.source_id).slug)
    if as_json:
        echo_json(described)
        return
    for key, value in described.items():
        if isinstance(value, list):
            value = "".join(f"\n  – {printable(note)}" for note in value)
        click.echo(f"{key.replace('_', ' '):<14} {value if value not in (None, '') else '–'}")


def _described(harvest: Any, slug: str) -> dict[str, Any]:
    return {
        "harvest": harvest.id,
        "source": slug,
        "state": harvest.state,
        "started": f"{harvest.started_at:%Y-%m-%dT%H:%M:%SZ}",
        "finished": harvest.finished_at and f"{harvest.finished_at:%Y-%m-%dT%H:%M:%SZ}",
        "from": harvest.from_,
        "pages": harvest.pages,
        "seen": harvest.seen,
        "created": harvest.created,
        "updated": harvest.updated,
        "unchanged": harvest.unchanged,
        "withdrawn": harvest.withdrawn,
        "quarantined": harvest.quarantined,
        "held": harvest.held,
        "complete_list_size": harvest.complete_list_size,
        "seconds": round(harvest.seconds, 3),
        "error": harvest.error,
        "notes": harvest.notes,
    }


@harvest.command()
@click.argument("slug")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100000))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def problems(oer: Oer, slug: str, limit: int, as_json: bool) -> None:
    """List the records of a source that are in quarantine, with the reason.

    \b
    Example:  oer harvest problems aoe
    """
    from oer.services import quarantine, sources

    with oer.sessions() as session:
        found = quarantine.problems(session, sources.get(session, slug), limit=limit)
    if as_json:
        for each in found:
            echo_json(each)
    elif not found:
        click.echo(f"No problems in '{slug}'.")
    else:
        rows = (
            (printable(each["identifier"]), each["problem"], printable(each["detail"] or ""))
            for each in found
        )
        echo_table(("IDENTIFIER", "PROBLEM", "REASON"), rows)
