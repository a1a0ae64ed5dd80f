"""What we found in one source, to send to whoever keeps it.

The records are named as the provider names them. Descriptions are read in batches and only counted,
so a report costs the same memory for ten records as for a hundred thousand. Values without a
concept are counted as ``profile`` counts them: whatever their case, cut, without e-mail addresses.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oer.metadata import licenses
from oer.metadata.field_values import VOCABULARY_OF
from oer.metadata.resource_metadata import ResourceMetadata, Term, from_json
from oer.models import Finding, Harvest, HarvestedRecord, Resource, Source
from oer.models.resource import IN_REVIEW, PUBLISHED
from oer.services import explanations
from oer.services.findings import REPORTED
from oer.services.profile import profile
from oer.services.queue import SEVERITIES, title_of

BATCH = 500
EXAMPLES = 5
"""Of each finding, in the summary; the list of all of them is :func:`rows`."""
QUARANTINED = 50
"""Records in quarantine that the summary names."""

TERM_FIELDS = ("language", *VOCABULARY_OF)
"""Elements whose values should be concepts."""

_COUNTED = (PUBLISHED, IN_REVIEW)


@dataclass(frozen=True)
class Example:
    """A record that shows a finding."""

    identifier: str | None
    address: str
    title: str
    evidence: str | None


@dataclass(frozen=True)
class Group:
    """All findings of one kind."""

    code: str
    severity: str
    meaning: str
    count: int
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class PartShare:
    """One part of completeness: what it asks for, and the share of resources that have it."""

    name: str
    weight: int
    asks_for: str
    share: float


@dataclass(frozen=True)
class Unmapped:
    """A value that we could make no concept of."""

    field: str
    raw: str
    count: int


@dataclass(frozen=True)
class LicenseShare:
    """How many resources have a licence; the code is empty where none is known."""

    code: str
    name: str
    count: int


@dataclass(frozen=True)
class Quarantined:
    """A record that became no resource."""

    identifier: str
    problem: str
    meaning: str
    detail: str | None


@dataclass(frozen=True)
class SourceReport:
    """The summary. Shares and completeness are of 0 to 1, None where there is nothing to count."""

    source: str
    name: str
    base_url: str
    made_at: datetime
    last_harvest: datetime | None
    last_state: str | None
    statuses: dict[str, int]
    resources: int
    """Published or in review: what all the rest speaks of."""
    completeness: float | None
    parts: tuple[PartShare, ...]
    findings: tuple[Group, ...]
    unmapped_count: int
    unmapped: tuple[Unmapped, ...]
    licenses: tuple[LicenseShare, ...]
    quarantined_count: int
    quarantined: tuple[Quarantined, ...]

    def as_dict(self) -> dict[str, Any]:
        """The report for JSON."""
        return asdict(self)


def source_report(session: Session, source: Source, *, now: datetime) -> SourceReport:
    """Collect the report on a source."""
    harvest = session.scalars(
        select(Harvest).where(Harvest.source_id == source.id).order_by(Harvest.id.desc()).limit(1)
    ).first()
    counted = profile(((each, ()) for each in _descriptions(session, source)), _by_element)
    quarantined_count = _count_quarantined(session, source)
    return SourceReport(
        source=source.slug,
        name=source.name,
        base_url=source.base_url,
        made_at=now,
        last_harvest=harvest.started_at if harvest else None,
        last_state=harvest.state if harvest else None,
        statuses=_statuses(session, source),
        resources=counted.records,
        completeness=counted.completeness,
        parts=tuple(
            PartShare(
                part.name, part.weight, explanations.PARTS[part.name], counted.share(part.count)
            )
            for part in counted.parts
        ),
        findings=_groups(session, source),
        unmapped_count=counted.unmapped_count,
        unmapped=tuple(
            Unmapped(each.vocabulary, each.raw, each.count) for each in counted.unmapped
        ),
        licenses=tuple(
            LicenseShare(each.value, licenses.name(each.value, "en"), each.count)
            for each in counted.licenses
        ),
        quarantined_count=quarantined_count,
        quarantined=tuple(_quarantined(session, source, limit=QUARANTINED)),
    )


@dataclass(frozen=True)
class Row:
    """One line of the full list: a finding of a record, or a record in quarantine."""

    identifier: str | None
    address: str | None
    title: str | None
    severity: str
    code: str
    field: str | None
    evidence: str | None
    meaning: str


def rows(session: Session, source: Source) -> Iterator[Row]:
    """Every finding of every record of a source, then its records in quarantine."""
    query = (
        select(Resource.id, Resource.address, Resource.metadata_json, HarvestedRecord.identifier)
        .outerjoin(HarvestedRecord, HarvestedRecord.resource_id == Resource.id)
        .where(Resource.source_id == source.id, Resource.status.in_(_COUNTED))
        .order_by(Resource.id)
        .limit(BATCH)
    )
    last = 0
    while found := session.execute(query.where(Resource.id > last)).all():
        yield from _finding_rows(session, {row.id: row for row in found})
        last = found[-1].id
    for each in _quarantined(session, source):
        yield Row(
            each.identifier, None, None, "error", each.problem, None, each.detail, each.meaning
        )


def _finding_rows(session: Session, resources: Mapping[int, Any]) -> Iterator[Row]:
    query = (
        select(Finding.resource_id, Finding.severity, Finding.code, Finding.field, Finding.evidence)
        .where(Finding.resource_id.in_(resources), Finding.code != REPORTED)
        .order_by(Finding.resource_id, Finding.id)
    )
    for finding in session.execute(query):
        resource = resources[finding.resource_id]
        yield Row(
            identifier=resource.identifier,
            address=resource.address,
            title=title_of(resource.metadata_json),
            severity=finding.severity,
            code=finding.code,
            field=finding.field,
            evidence=finding.evidence,
            meaning=explanations.finding(finding.code),
        )


# -- reading descriptions --------------------------------------------------------------------------


def _by_element(metadata: ResourceMetadata) -> Iterator[tuple[str, Term]]:
    """Terms under the name of their element: what a provider looks for in its own records."""
    for field in TERM_FIELDS:
        for term in getattr(metadata, field):
            yield field, term


def _descriptions(session: Session, source: Source) -> Iterator[ResourceMetadata]:
    query = (
        select(Resource.id, Resource.metadata_json)
        .where(Resource.source_id == source.id, Resource.status.in_(_COUNTED))
        .order_by(Resource.id)
        .limit(BATCH)
    )
    last = 0
    while batch := session.execute(query.where(Resource.id > last)).all():
        for row in batch:
            yield from_json(row.metadata_json)
        last = batch[-1].id


# -- counting in the database ----------------------------------------------------------------------


def _statuses(session: Session, source: Source) -> dict[str, int]:
    query = (
        select(Resource.status, func.count())
        .where(Resource.source_id == source.id)
        .group_by(Resource.status)
        .order_by(Resource.status)
    )
    return {row.status: row[1] for row in session.execute(query)}


def _groups(session: Session, source: Source) -> tuple[Group, ...]:
    """The findings by kind, counted, each with its first examples: one query, however many."""
    kind = (Finding.code, Finding.severity)
    numbered = (
        select(
            Finding.id,
            Finding.resource_id,
            Finding.code,
            Finding.severity,
            Finding.evidence,
            func.row_number().over(partition_by=kind, order_by=Finding.id).label("place"),
            func.count().over(partition_by=kind).label("total"),
        )
        .join(Resource, Resource.id == Finding.resource_id)
        .where(
            Resource.source_id == source.id,
            Resource.status.in_(_COUNTED),
            Finding.code != REPORTED,
        )
        .subquery()
    )
    query = (
        select(numbered, Resource.address, Resource.metadata_json, HarvestedRecord.identifier)
        .join(Resource, Resource.id == numbered.c.resource_id)
        .outerjoin(HarvestedRecord, HarvestedRecord.resource_id == Resource.id)
        .where(numbered.c.place <= EXAMPLES)
        .order_by(numbered.c.id)
    )
    examples: dict[tuple[str, str, int], list[Example]] = defaultdict(list)
    for row in session.execute(query):
        title = title_of(row.metadata_json)
        examples[row.code, row.severity, row.total].append(
            Example(row.identifier, row.address, title, row.evidence)
        )
    groups = (
        Group(code, severity, explanations.finding(code), count, tuple(shown))
        for (code, severity, count), shown in examples.items()
    )
    return tuple(
        sorted(groups, key=lambda each: (SEVERITIES.index(each.severity), -each.count, each.code))
    )


def _count_quarantined(session: Session, source: Source) -> int:
    query = select(func.count()).where(
        HarvestedRecord.source_id == source.id, HarvestedRecord.problem.is_not(None)
    )
    return session.scalar(query) or 0


def _quarantined(
    session: Session, source: Source, *, limit: int | None = None
) -> Iterator[Quarantined]:
    query = (
        select(HarvestedRecord.identifier, HarvestedRecord.problem, HarvestedRecord.problem_detail)
        .where(HarvestedRecord.source_id == source.id, HarvestedRecord.problem.is_not(None))
        .order_by(HarvestedRecord.id)
        .limit(limit)
    )
    for identifier, problem, detail in session.execute(query):
        yield Quarantined(identifier, problem or "", explanations.problem(problem or ""), detail)
