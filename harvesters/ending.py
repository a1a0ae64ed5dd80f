"""Ending a run: what a complete list proves, how it went, what the next one should know."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from harvesters import harvester_for, learned
from harvesters.harvester import Harvester, HarvestRequest
from harvesters.http import HttpClient
from harvesters.lease import COMPLETE, FAILED, HELD, PARTIAL, is_due
from harvesters.telling import Progress, with_notes
from oer.database import Sessions
from oer.models import Harvest, HarvestedRecord, Source
from oer.services import deletions, ingest, merging, rename_hint

OVERLAP = timedelta(days=1)
"""The next harvest asks again for so much: repositories index late and their clocks differ."""

FAILED_SHARE = 0.5
"""A run that could not read this share of what it saw has failed, whatever else it did."""

PARTIAL_SHARE = 0.1
PARTIAL_MINIMUM = 5

OF_THE_WHOLE = frozenset({learned.VALIDATORS})
"""Facts that are true only of a list that was taken in to its end."""


def reconcile(
    sessions: Sessions,
    source: Source,
    harvest: Harvest,
    harvester: Harvester,
    request: HarvestRequest,
    http: HttpClient,
    now: Callable[[], datetime],
) -> None:
    """After a complete list: mark what a comparison with the whole list shows to be gone."""
    window = harvest.window_id or harvest.id
    if source.deletion_policy == deletions.FULL and harvest.kind == "full":
        with sessions.begin() as session:
            deletions.mark_absent(session, source, window_id=window)
    elif source.deletion_policy == deletions.SWEEP and is_due(source, now()):
        sweep = replace(request, from_=None, checkpoint=None, headers_only=True)
        for page in harvester.pages(sweep, http):
            if page.holes:
                return
            present = {
                ingest.storage_identifier(record) for record in page.records if not record.deleted
            }
            with sessions.begin() as session:
                deletions.mark_seen(session, source, present, harvest.id)
        with sessions.begin() as session:
            deletions.mark_absent(session, source, window_id=harvest.id)
    elif harvest.kind != "full":
        return
    with sessions.begin() as session:
        session.get_one(Source, source.id).reconciled_at = now()


def verdict(progress: Progress) -> str:
    """The state of a run that came to an end."""
    tally = progress.tally
    if not tally.ties_out():
        progress.error = f"The counts do not tie out ({tally}); please report this."
        return FAILED
    if progress.error:
        return PARTIAL if tally.seen > tally.quarantined else FAILED
    if progress.holes:
        return PARTIAL if tally.seen > tally.quarantined else FAILED
    if not tally.seen:
        return COMPLETE
    share = tally.quarantined / tally.seen
    if share >= FAILED_SHARE:
        return FAILED
    if share >= PARTIAL_SHARE and tally.quarantined >= PARTIAL_MINIMUM:
        return PARTIAL
    return COMPLETE


def finish(sessions: Sessions, harvest_id: int, progress: Progress, now: datetime) -> None:
    """Close the run. After a complete list, judge deletions and move the window on."""
    with sessions.begin() as session:
        harvest = session.get_one(Harvest, harvest_id)
        source = session.get_one(Source, harvest.source_id)
        list_is_complete = not progress.error and harvest.checkpoint is None and not progress.holes
        if progress.state in (COMPLETE, PARTIAL) and list_is_complete:
            source.harvest_from = next_from(harvest.response_date, harvest.started_at)
            _learn_of_the_whole(session, source, harvest, progress, now)
            source.parked_until = None
            if progress.tally.created >= rename_hint.FEWEST:
                window = harvest.window_id or harvest.id
                hint = rename_hint.renaming_hint(session, source, window_id=window)
                progress.notes = with_notes(progress.notes, (hint,) if hint else ())
            judgement = deletions.judge(session, source, now=now)
            progress.deleted, progress.held = judgement.deleted, judgement.held
            if judgement.deleted:
                # A copy comes to light again when the resource it was merged into is gone.
                merging.release_orphans(session, now=now)
            if judgement.held and progress.state == COMPLETE:
                progress.state = HELD
        facts = {name: each for name, each in progress.learned.items() if name not in OF_THE_WHOLE}
        learned.learn(source, facts)
        harvest.state = progress.state
        harvest.held = progress.held
        harvest.notes = list(progress.notes)
        harvest.finished_at = now
        harvest.lease_until = None
        harvest.error = progress.error
        harvest.seconds = progress.seconds
        if progress.checkpoint_is_useless:
            harvest.checkpoint = None


def _learn_of_the_whole(
    session: Session, source: Source, harvest: Harvest, progress: Progress, now: datetime
) -> None:
    """Keep what only a complete list can tell."""
    facts = {name: each for name, each in progress.learned.items() if name in OF_THE_WHOLE}
    if harvest.from_ is not None and not progress.ignores_from:
        facts[learned.IGNORES_FROM] = None
    elif harvest.from_ is not None and harvester_for(source.protocol).takes_from:
        # A few records with odd dates are not everything.
        has = select(func.count()).where(HarvestedRecord.source_id == source.id)
        if 2 * progress.tally.seen >= (session.scalar(has) or 0):
            facts[learned.IGNORES_FROM] = now.isoformat()
    learned.learn(source, facts)


def next_from(response_date: str | None, started_at: datetime) -> str:
    """Where the next harvest begins: the provider's clock at the first page, less the overlap.

    Our own clock stands in only where the provider gave none that can be read.
    """
    begin = started_at
    with suppress(ValueError, TypeError):
        begin = datetime.strptime(response_date or "", "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return (min(begin, started_at + timedelta(days=1)) - OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")
