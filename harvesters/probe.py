"""Looking at a repository before it is added: what it says, what its records hold, what is odd.

Everything is asked through the harvester that would harvest it, so a probe sees what a harvest
would see. Nothing is written anywhere. An address that speaks no OAI-PMH is looked at for what it
is (``probe_others``). What a newcomer would get wrong: a repository that fails at one thing may do
well at another, so only the first question, who is there, may end a probe.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from harvesters import oai_pmh, probe_others
from harvesters.harvester import Harvester, HarvestRequest
from harvesters.http import HttpClient, HttpStatus
from harvesters.notes import merged
from harvesters.oai_dates import moment
from harvesters.probe_advice import Access, Warned, advice, warnings
from harvesters.probe_report import Offered, Report, best, offered_as
from harvesters.probe_sample import MOST_NOTES, RECORDS, take
from oer.errors import HarvestError, ProtocolError
from oer.metadata.vocabularies import SHIPPED, Tables
from oer.services.profile import Census

MOST_SETS = 1000


def probe(
    url: str,
    http: HttpClient,
    *,
    now: datetime,
    prefix: str | None = None,
    sets: tuple[str, ...] = (),
    records: int = RECORDS,
    access: Access = Access(),  # noqa: B008 - frozen
    tables: Tables = SHIPPED,
    harvester: Harvester = oai_pmh.HARVESTER,
    clock: Callable[[], float] = time.monotonic,
) -> Report:
    """Look at a repository, or at whatever else stands at an address.

    Args:
        prefix: The format to look at; None: the richest of those we can read.
        sets: Look at these sets only.
        records: How many records to read.
        access: How the client was let in, for the command that is recommended.

    Raises:
        TransportError: Nobody answers.
        ProtocolError: What stands there is nothing that we can harvest.
    """
    try:
        info = harvester.identify(url, http)
    except HarvestError as error:
        if not _may_be_another_thing(error):
            raise
        return probe_others.look(
            url,
            http,
            now=now,
            prefix=prefix,
            records=records,
            access=access,
            tables=tables,
            clock=clock,
        )
    notes = list(info.notes)
    formats = _formats(url, http, notes)
    chosen = prefix or best(formats)
    listed = _sets(url, http, notes)
    request = HarvestRequest(
        base_url=url,
        metadata_prefix=chosen,
        set_specs=sets,
        granularity=info.granularity,
        earliest_datestamp=info.earliest_datestamp,
        repository_clock=info.response_date,
    )
    census = Census()
    sample = take(harvester, request, http, records, census, tables, now, clock)
    sample.notes = merged(notes, sample.notes, most=MOST_NOTES)
    sweeps = None
    if info.deleted_record != "persistent" and sample.seen:
        sweeps = _sweeps(harvester, replace(request, headers_only=True), http)
    found = Report(
        url=url,
        info=info,
        formats=formats,
        prefix=chosen,
        sets=tuple(listed[:MOST_SETS]),
        more_sets=len(listed) > MOST_SETS,
        sample=sample,
        profile=census.profile(),
        sweeps=sweeps,
        warnings=(),
        advice=advice(url, info, chosen, sets, sweeps, sample.mean_seconds, access),
    )
    return replace(found, warnings=tuple(_warnings(found, now)))


def _may_be_another_thing(error: HarvestError) -> bool:
    """Whether somebody is there, who only does not understand the question."""
    if isinstance(error, HttpStatus):
        return error.status in (400, 404, 405, 406, 422, 501)
    return isinstance(error, ProtocolError)


# -- what it offers --------------------------------------------------------------------------------


def _formats(url: str, http: HttpClient, notes: list[str]) -> tuple[Offered, ...]:
    try:
        offered = oai_pmh.metadata_formats(url, http)
    except HarvestError as error:
        notes.append(f"Its formats cannot be listed: {error}")
        return ()
    return tuple(offered_as(prefix, namespace) for prefix, namespace in offered.items())


def _sets(url: str, http: HttpClient, notes: list[str]) -> list[tuple[str, str]]:
    """The sets: one more than are shown where there are more. Lists of them may be endless."""
    found: list[tuple[str, str]] = []
    try:
        found.extend(islice(oai_pmh.sets(url, http), MOST_SETS + 1))
    except HarvestError as error:
        notes.append(f"Its sets cannot be listed: {error}")
    return found


def _sweeps(harvester: Harvester, request: HarvestRequest, http: HttpClient) -> bool:
    """Whether the first page of identifiers comes."""
    try:
        page = next(iter(harvester.pages(request, http)), None)
    except HarvestError:
        return False
    return page is not None and bool(page.records)


# -- what is odd -----------------------------------------------------------------------------------


def _warnings(report: Report, now: datetime) -> Iterator[Warned]:
    clock = moment(report.info.response_date)
    skew = abs(clock - now) if clock else timedelta()
    unknown = [each.prefix for each in report.formats if each.read_as is None]
    chosen = next((each for each in report.formats if each.prefix == report.prefix), None)
    return warnings(
        url=report.url,
        info=report.info,
        skew=skew,
        now=now,
        prefix=report.prefix,
        is_offered=chosen is not None or not report.formats,
        is_readable=chosen is None or chosen.read_as is not None,
        unknown_formats=unknown,
        seen=report.sample.seen,
        deleted=report.sample.deleted,
        problems=report.sample.problems.total(),
        error=report.sample.error,
        seconds=report.sample.mean_seconds,
        profile=report.profile,
    )
