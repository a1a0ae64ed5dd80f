"""A sample of the records of a source, taken as a harvest would take them and written nowhere."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from harvesters.harvester import Harvester, HarvestRequest
from harvesters.http import HttpClient
from harvesters.notes import merged
from oer.errors import HarvestError
from oer.metadata.checks import Finding, check
from oer.metadata.vocabularies import Tables
from oer.services.describing import Problem, read
from oer.services.profile import Census
from oer.services.source_record import SourceRecord

RECORDS = 50
MOST_PAGES = 20
"""Pages of a sample, however small they are."""
LEAST_PAGES = 2
"""So many are asked for where there are so many: the second shows whether the token works."""
MOST_NOTES = 50
EXAMPLES = 5


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

    @property
    def mean_seconds(self) -> float:
        """How long a page takes."""
        return sum(self.seconds) / len(self.seconds) if self.seconds else 0.0


def take(
    harvester: Harvester,
    request: HarvestRequest,
    http: HttpClient,
    records: int,
    census: Census,
    tables: Tables,
    now: datetime,
    clock: Callable[[], float],
) -> Sample:
    """Read a sample of records, and count what they hold in ``census``."""
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
