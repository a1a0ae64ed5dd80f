"""``oer harvest held``, ``release`` and ``discard``: deletions that wait for a curator."""

from datetime import UTC, datetime
from typing import Any

import click

from oer.commands.context import Oer
from oer.commands.output import echo_json, echo_table


@click.command()
@click.argument("slug", required=False)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10000))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def held(oer: Oer, slug: str | None, limit: int, as_json: bool) -> None:
    """Show the deletions that wait for a curator: of all sources, or the records of one.

    \b
    Example:  oer harvest held aoe
    """
    from oer.services import deletions, sources

    with oer.sessions() as session:
        if slug:
            records = deletions.held_records(session, sources.get(session, slug), limit=limit)
            found: list[dict[str, Any]] = [
                {"identifier": identifier, "why": why} for identifier, why in records
            ]
        else:
            found = [
                {"source": source.slug, "held": count, "of": live}
                for source, count, live in deletions.held(session)
            ]
    if as_json:
        for each in found:
            echo_json(each)
    elif not found:
        click.echo("No deletions wait.")
    else:
        echo_table([key.upper() for key in found[0]], [list(each.values()) for each in found])


@click.command()
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def release(oer: Oer, slug: str, yes: bool) -> None:
    """Let the held deletions of a source happen: its resources are withdrawn.

    \b
    Example:  oer harvest release aoe
    """
    count = _settle(oer, slug, yes, "Delete the {count} records of '{slug}' that wait?", "release")
    click.echo(f"Deleted {count} records of '{slug}'.")


@click.command()
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def discard(oer: Oer, slug: str, yes: bool) -> None:
    """Forget the held deletions of a source: its records stay.

    \b
    Example:  oer harvest discard aoe
    """
    count = _settle(oer, slug, yes, "Keep the {count} records of '{slug}' that wait?", "discard")
    click.echo(f"Kept {count} records of '{slug}'.")


def _settle(oer: Oer, slug: str, yes: bool, question: str, action: str) -> int:
    from oer.commands.actor import actor
    from oer.search.sync import drain
    from oer.services import deletions, events, merging, sources

    with oer.sessions() as session:
        source = sources.get(session, slug)
        waiting = {each.id: count for each, count, _ in deletions.held(session)}.get(source.id, 0)
    if not waiting:
        click.echo("No deletions wait.")
        return 0
    if not yes:
        click.confirm(question.format(count=waiting, slug=slug), abort=True)
    now = datetime.now(UTC)
    with oer.sessions.begin() as session:
        source = sources.get(session, slug)
        if action == "release":
            count = deletions.release(session, source, now=now)
            merging.release_orphans(session, now=now)
        else:
            count = deletions.discard(session, source)
        events.record(
            session,
            f"deletions_{action}",
            actor=actor(None),
            now=now,
            source_id=source.id,
            detail={"records": count},
        )
    drain(oer.sessions, oer.index)
    return count
