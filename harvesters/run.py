"""The story of one harvest, from the lease to the last page.

A run may be cut off anywhere. What a page brought and where to go on are written in the same
transaction, so the next run goes on from the last page that was kept, and the result is the same.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from harvesters import harvester_for, learned
from harvesters.budget import heed_budget
from harvesters.compression import as_known
from harvesters.ending import finish, reconcile, verdict
from harvesters.harvester import Harvester, HarvestRequest, Page, RepositoryInfo
from harvesters.http import HttpClient, HttpStatus, Parked
from harvesters.lease import INTERRUPTED, LEASE, RUNNING, begin, wanted_from, why_everything
from harvesters.ourselves import refuse_ourselves, without_ours
from harvesters.telling import Progress, with_notes
from oer.database import Sessions
from oer.errors import EndlessList, HarvestBusy, HarvestError, ProtocolError
from oer.models import Harvest, Source
from oer.services import ingest, sources
from oer.services.renormalise import reading_version, renormalise
from oer.services.tables import load_tables
from oer.services.tally import Tally

__all__ = ["Progress", "dry_run", "run"]


def _utc_now() -> datetime:
    return datetime.now(UTC)


def run(
    sessions: Sessions,
    slug: str,
    open_http: Callable[[Source], HttpClient],
    *,
    full: bool = False,
    now: Callable[[], datetime] = _utc_now,
    report: Callable[[Progress], None] = lambda progress: None,
    after_commit: Callable[[], None] = lambda: None,
    own_address: str = "",
) -> Progress:
    """Harvest one source, to the end of its list or to the first thing that stops it.

    Creates a Harvest; creates and updates Resources page by page. When, and only when, the list was
    complete: judges deletions and moves the source's ``harvest_from`` on.

    Args:
        open_http: Makes the HTTP client for a source.
        full: Ask for everything, also where an incremental harvest would do.
        now: The clock.
        report: Called after every page.
        after_commit: Called after every page's commit, for the search index.
        own_address: Where this catalogue stands on the web, so that it does not harvest itself.

    Raises:
        UnknownSource: No such source.
        HarvestBusy: Another run holds it.
    """
    source, harvest = begin(sessions, slug, full=full, now=now)
    progress = Progress(slug, harvest.id, holes=harvest.holes or 0)
    started = monotonic()
    try:
        retry_problems(sessions, source, now)
        known = learned.known(source)
        with open_http(source) as http, as_known(known, http, progress.learned, now()):
            harvester = harvester_for(source.protocol)
            info = _identified(harvester, source, harvest, http, own_address)
            _remember_repository(sessions, source.id, info)
            more = (*info.notes, *why_everything(source, harvest, full, now()))
            progress.notes = with_notes(progress.notes, more)
            request = _request(source, harvest, info)
            for page in harvester.pages(request, http):
                progress.seconds = monotonic() - started
                theirs = without_ours(page, own_address, progress.notes)
                _take(sessions, harvest.id, theirs, progress, now())
                report(progress)
                after_commit()
                heed_budget(source.error_budget, progress, page)
            if not progress.holes:
                reconcile(sessions, source, harvest, harvester, request, http, now)
    except Parked as error:
        progress.error = str(error)
        _park(sessions, source.id, error.until)
    except HarvestError as error:
        progress.error = str(error)
        # A list that leads nowhere, or that could not even be begun again: from the beginning next
        # time. Where nobody answered the checkpoint is as good as it was.
        stuck = progress.pages == 0 and (isinstance(error, ProtocolError) or _is_refusal(error))
        progress.checkpoint_is_useless = isinstance(error, EndlessList) or stuck
    except BaseException:
        progress.state = INTERRUPTED
        raise
    finally:
        progress.seconds = monotonic() - started
        if progress.state == RUNNING:
            progress.state = verdict(progress)
        finish(sessions, harvest.id, progress, now())
        after_commit()
    return progress


def dry_run(
    sessions: Sessions,
    slug: str,
    open_http: Callable[[Source], HttpClient],
    *,
    full: bool = False,
    now: Callable[[], datetime] = _utc_now,
    report: Callable[[Progress], None] = lambda progress: None,
    own_address: str = "",
) -> Progress:
    """Ask what a harvest would ask, and say what it would change. Writes nothing at all."""
    with sessions() as session:
        source = sources.get(session, slug)
        tables = load_tables(session, source.id)
    progress = Progress(slug, harvest_id=0)
    started = monotonic()
    try:
        with open_http(source) as http, as_known(learned.known(source), http, {}, now()):
            harvester = harvester_for(source.protocol)
            wanted = Harvest(from_=wanted_from(source, full, now()))
            info = _identified(harvester, source, wanted, http, own_address)
            for page in harvester.pages(_request(source, wanted, info), http):
                theirs = without_ours(page, own_address, progress.notes)
                for records in ingest.portions(theirs.records):
                    with sessions() as session:
                        tally = ingest.accept(
                            session, source, None, records, now=now(), tables=tables, dry_run=True
                        )
                    progress.tally.add(tally)
                progress.count(theirs)
                progress.seconds = monotonic() - started
                report(progress)
                heed_budget(source.error_budget, progress, page)
    except HarvestError as error:
        progress.error = str(error)
    progress.seconds = monotonic() - started
    progress.state = verdict(progress)
    return progress


def _is_refusal(error: HarvestError) -> bool:
    """Whether the place to go on from was refused, as some do with a token that expired.

    Who wants credentials, or asks later, may well take it then.
    """
    return isinstance(error, HttpStatus) and error.status in (400, 404, 405, 410, 414, 422)


# Who is there -------------------------------------------------------------------------------------


def retry_problems(sessions: Sessions, source: Source, now: Callable[[], datetime]) -> None:
    """Try quarantined records again, from their payloads, when what reads them has changed."""
    with sessions() as session:
        version = reading_version(session)
    if source.read_with == version:
        return
    renormalise(sessions, source_slug=source.slug, only_problems=True, now=now)
    with sessions.begin() as session:
        session.get_one(Source, source.id).read_with = version


def _identified(
    harvester: Harvester, source: Source, harvest: Harvest, http: HttpClient, own_address: str
) -> RepositoryInfo:
    """What the provider says of itself.

    Raises:
        HarvestError: It does not answer, or it is this catalogue.
    """
    refuse_ourselves(own_address, source.base_url)
    if harvester.revisit is None:
        info = harvester.identify(source.base_url, http)
    else:
        info = harvester.revisit(source.base_url, http, _facts(source, harvest))
    refuse_ourselves(own_address, source.base_url, info)
    return info


def _facts(source: Source, harvest: Harvest) -> dict[str, Any]:
    """What is known of the provider. Asked for everything, it is not asked what has changed."""
    facts = learned.known(source)
    if harvest.from_ is None:
        facts.pop(learned.VALIDATORS, None)
    return facts


def _remember_repository(sessions: Sessions, source_id: int, info: RepositoryInfo) -> None:
    with sessions.begin() as session:
        source = session.get_one(Source, source_id)
        source.granularity = info.granularity
        source.deleted_record = info.deleted_record
        if info.name and source.name == source.slug:
            source.name = info.name[:500]


def _request(source: Source, harvest: Harvest, info: RepositoryInfo) -> HarvestRequest:
    return HarvestRequest(
        base_url=source.base_url,
        metadata_prefix=source.metadata_prefix,
        set_specs=tuple(source.set_specs),
        from_=harvest.from_,
        granularity=info.granularity,
        checkpoint=harvest.checkpoint,
        options=source.options or {},
        earliest_datestamp=info.earliest_datestamp,
        repository_clock=info.response_date,
        learned=_facts(source, harvest),
    )


# Page by page -------------------------------------------------------------------------------------


def _take(
    sessions: Sessions, harvest_id: int, page: Page, progress: Progress, now: datetime
) -> None:
    """Keep a page: its records, what became of them, and where to go on, in one transaction."""
    with sessions.begin() as session:
        harvest = session.get_one(Harvest, harvest_id)
        source = session.get_one(Source, harvest.source_id)
        if harvest.state != RUNNING:
            raise HarvestBusy(
                f"Another run has taken over '{source.slug}', because this one was silent for so "
                "long that it was taken for dead."
            )
        if source.removed_at is not None:
            raise HarvestError(f"The source '{source.slug}' was removed while it was harvested.")
        tables = load_tables(session, source.id)
        tally = Tally()
        for records in ingest.portions(page.records):
            tally.add(ingest.accept(session, source, harvest, records, now=now, tables=tables))
        if page.records:
            # Until the run is complete, the catalogue holds neither the old list nor the new one.
            learned.learn(source, {learned.VALIDATORS: None})
        total = Tally(**progress.tally.as_dict())
        total.add(tally)
        harvest.checkpoint = page.checkpoint
        harvest.response_date = harvest.response_date or page.response_date
        harvest.complete_list_size = page.complete_list_size or harvest.complete_list_size
        harvest.lease_until = now + LEASE
        harvest.holes = progress.holes + page.holes
        harvest.pages = progress.pages + 1
        harvest.notes = with_notes(progress.notes, page.notes)
        harvest.seconds = progress.seconds
        for name, count in total.as_dict().items():
            setattr(harvest, name, count)
    # Only now is it kept: a failed commit must not be counted.
    progress.tally = total
    progress.count(page)


def _park(sessions: Sessions, source_id: int, until: datetime) -> None:
    with sessions.begin() as session:
        session.get_one(Source, source_id).parked_until = until
