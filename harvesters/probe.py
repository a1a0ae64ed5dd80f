"""Looking at a repository before it is added: what it says, what its records hold, what is odd.

Everything is asked through the harvester that would harvest it, so a probe sees what a harvest
would see. Nothing is written anywhere. What a newcomer would get wrong: a repository that fails at
one thing may do well at another, so only the first question, who is there, may end a probe.
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from harvesters import oai_pmh
from harvesters.harvester import Harvester, HarvestRequest, RepositoryInfo
from harvesters.http import HttpClient
from harvesters.notes import merged
from harvesters.oai_dates import moment
from harvesters.probe_advice import Advice, Warned, advice, warnings
from oer.errors import HarvestError, UnknownFormat
from oer.formats import format_by_namespace
from oer.metadata.checks import Finding, check
from oer.metadata.vocabularies import SHIPPED, Tables
from oer.services.describing import Problem, read
from oer.services.profile import Census, Profile
from oer.services.source_record import SourceRecord

RECORDS = 50
MOST_PAGES = 20
"""Pages of a sample, however small they are."""
LEAST_PAGES = 2
"""So many are asked for where there are so many: the second shows whether the token works."""
MOST_SETS = 1000
MOST_NOTES = 50
EXAMPLES = 5

RICHNESS = ("lrmi_fi", "lom", "imsmd", "jsonld", "mods", "qdc", "oai_datacite", "marcxml", "didl")
"""Formats we read, by how much they say of learning; those not named come next, oai_dc last."""

_PREFIX = re.compile(r"[A-Za-z0-9_.!~*'()][A-Za-z0-9_.!~*'()-]*")
"""OAI-PMH §3.4, without those that a command would take for an option."""


@dataclass(frozen=True)
class Offered:
    """A format that the repository offers, and the format of ours that reads it, if any."""

    prefix: str
    namespace: str
    read_as: str | None


@dataclass
class Sample:
    """The records that were looked at."""

    seen: int = 0
    deleted: int = 0
    read: int = 0
    pages: int = 0
    seconds: list[float] = field(default_factory=list)
    """How long each page took."""
    list_size: int | None = None
    is_whole: bool = False
    """Whether the list ended within the sample."""
    problems: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[str, str, str]] = field(default_factory=list)
    """Some records that could not be read: identifier, problem, detail."""
    notes: list[str] = field(default_factory=list)
    error: str | None = None
    """What stopped it, where something did."""


@dataclass(frozen=True)
class Report:
    """What a probe found."""

    url: str
    info: RepositoryInfo
    formats: tuple[Offered, ...]
    prefix: str
    """The format that the sample was asked for in."""
    sets: tuple[tuple[str, str], ...]
    more_sets: bool
    sample: Sample
    profile: Profile
    sweeps: bool | None
    """Whether the list of identifiers can be had alone; None: not asked."""
    warnings: tuple[Warned, ...]
    advice: Advice

    @property
    def is_usable(self) -> bool:
        """Whether there is anything to harvest that we can read."""
        return self.sample.read > 0 or (self.sample.seen > 0 and not self.sample.problems)

    def as_dict(self) -> dict[str, Any]:
        """The report for JSON."""
        values = asdict(self)
        values["profile"] = self.profile.as_dict()
        values["sample"]["problems"] = dict(self.sample.problems)
        values["advice"]["command"] = self.advice.command
        return values | {"usable": self.is_usable}


def probe(
    url: str,
    http: HttpClient,
    *,
    now: datetime,
    prefix: str | None = None,
    sets: tuple[str, ...] = (),
    records: int = RECORDS,
    internal: bool = False,
    tables: Tables = SHIPPED,
    harvester: Harvester = oai_pmh.HARVESTER,
    clock: Callable[[], float] = time.monotonic,
) -> Report:
    """Look at a repository.

    Args:
        prefix: The format to look at; None: the richest of those we can read.
        sets: Look at these sets only.
        records: How many records to read.

    Raises:
        TransportError: Nobody answers.
        ProtocolError: Whoever answers speaks no OAI-PMH.
    """
    info = harvester.identify(url, http)
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
    sample = _sample(harvester, request, http, records, census, tables, now, clock)
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
        advice=advice(url, info, chosen, sets, sweeps, _mean(sample.seconds), internal),
    )
    return replace(found, warnings=tuple(_warnings(found, now)))


# -- what it offers --------------------------------------------------------------------------------


def _formats(url: str, http: HttpClient, notes: list[str]) -> tuple[Offered, ...]:
    try:
        offered = oai_pmh.metadata_formats(url, http)
    except HarvestError as error:
        notes.append(f"Its formats cannot be listed: {error}")
        return ()
    return tuple(
        Offered(prefix, namespace, _read_as(namespace)) for prefix, namespace in offered.items()
    )


def _read_as(namespace: str) -> str | None:
    try:
        return format_by_namespace(namespace).prefix
    except UnknownFormat:
        return None


def best(formats: Iterable[Offered]) -> str:
    """The prefix of the richest format that we can read; ``oai_dc`` where there is none."""
    readable = [each for each in formats if each.read_as and _PREFIX.fullmatch(each.prefix)]
    return min(readable, key=_rank).prefix if readable else "oai_dc"


def _rank(offered: Offered) -> int:
    if offered.read_as == "oai_dc":
        return len(RICHNESS) + 1
    return RICHNESS.index(offered.read_as) if offered.read_as in RICHNESS else len(RICHNESS)


def _sets(url: str, http: HttpClient, notes: list[str]) -> list[tuple[str, str]]:
    """The sets: one more than are shown where there are more. Lists of them may be endless."""
    found: list[tuple[str, str]] = []
    try:
        found.extend(islice(oai_pmh.sets(url, http), MOST_SETS + 1))
    except HarvestError as error:
        notes.append(f"Its sets cannot be listed: {error}")
    return found


# -- the sample ------------------------------------------------------------------------------------


def _sample(
    harvester: Harvester,
    request: HarvestRequest,
    http: HttpClient,
    records: int,
    census: Census,
    tables: Tables,
    now: datetime,
    clock: Callable[[], float],
) -> Sample:
    sample = Sample()
    started = clock()
    try:
        for page in harvester.pages(request, http):
            sample.seconds.append(clock() - started)
            sample.pages += 1
            sample.list_size = page.complete_list_size or sample.list_size
            sample.notes = merged(sample.notes, page.notes, most=MOST_NOTES)
            for record in islice(page.records, max(0, records - sample.seen)):
                _look(record, sample, census, tables, now)
            if page.checkpoint is None:
                sample.is_whole = True
            enough = sample.seen >= records and sample.pages >= LEAST_PAGES
            if enough or sample.pages >= MOST_PAGES:
                break
            started = clock()
    except HarvestError as error:
        sample.error = str(error)
    return sample


def _look(
    record: SourceRecord, sample: Sample, census: Census, tables: Tables, now: datetime
) -> None:
    sample.seen += 1
    if record.deleted:
        sample.deleted += 1
        return
    reading = read(record, tables)
    if isinstance(reading, Problem):
        sample.problems[reading.code] += 1
        if len(sample.examples) < EXAMPLES:
            sample.examples.append((record.identifier or "", reading.code, reading.detail))
        return
    sample.read += 1
    findings: tuple[Finding, ...] = check(reading.metadata, now)
    census.add(reading.metadata, findings)


def _sweeps(harvester: Harvester, request: HarvestRequest, http: HttpClient) -> bool:
    """Whether the first page of identifiers comes."""
    try:
        page = next(iter(harvester.pages(request, http)), None)
    except HarvestError:
        return False
    return page is not None and bool(page.records)


def _mean(seconds: list[float]) -> float:
    return sum(seconds) / len(seconds) if seconds else 0.0


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
        seconds=_mean(report.sample.seconds),
        profile=report.profile,
    )
