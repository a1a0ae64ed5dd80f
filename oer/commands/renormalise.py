"""``oer renormalise``: replaying what is stored."""

import click

from oer.commands.context import Oer
from oer.commands.output import echo_json
from oer.commands.progress import in_all, progress_bar


@click.command()
@click.argument("source", required=False)
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def renormalise(oer: Oer, source: str | None, as_json: bool) -> None:
    """Read the stored records of SOURCE, or of all, again; asks nobody on the network.

    For when a mapping table or a crosswalk has changed. Corrections and decisions stay.

    \b
    Example:  oer renormalise aoe
    """
    from oer.search.sync import drain
    from oer.services.renormalise import renormalise as replay

    with progress_bar("Reading records again", _length(oer, source)) as report:
        progress = in_all(report)
        try:
            tally = replay(
                oer.sessions, source_slug=source, progress=lambda tally: progress(tally.seen)
            )
        finally:
            # Also after Ctrl-C: what was kept should be found.
            drain(oer.sessions, oer.index)
    if as_json:
        echo_json(tally.as_dict())
    else:
        changed = f"{tally.updated} changed, {tally.created} came out of quarantine"
        click.echo(
            f"{tally.seen} records read again: {changed}, {tally.unchanged} as before, "
            f"{tally.quarantined} cannot be read."
        )


def _length(oer: Oer, slug: str | None) -> int:
    from sqlalchemy import func, select

    from oer.models import HarvestedRecord
    from oer.services import sources

    with oer.sessions() as session:
        chosen = [sources.get(session, slug)] if slug else sources.every(session)
        query = select(func.count()).where(
            HarvestedRecord.source_id.in_([each.id for each in chosen]),
            HarvestedRecord.deleted.is_(False),
            HarvestedRecord.blocked.is_(False),
        )
        return session.scalar(query) or 0
