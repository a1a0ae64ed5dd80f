"""From a record to what the catalogue says of it. Pure: no database, no network, no clock.

Read (crosswalk), normalise (tables), lay the source's defaults under it and the curators' overrides
over it, check. The same steps serve a harvest, a replay of stored payloads and a curator's edit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import msgspec

from oer.errors import UnreadableRecord
from oer.formats import read_payload
from oer.formats.provenance import metadata_records, origins
from oer.metadata.checks import Finding, check, completeness
from oer.metadata.defaults import NONE, Defaults, with_defaults
from oer.metadata.normalise import Change, normalise
from oer.metadata.resource_metadata import ResourceMetadata, to_json
from oer.metadata.vocabularies import Tables
from oer.models import Override
from oer.models.resource import IN_REVIEW, MERGED, PUBLISHED, WITHDRAWN
from oer.services import overrides as overriding
from oer.services.source_record import SourceRecord


@dataclass(frozen=True)
class Problem:
    """Why a record is in quarantine: a code for machines, a sentence for people."""

    code: str
    detail: str


@dataclass(frozen=True)
class Reading:
    """What a record states, as we understand it, and what was changed on the way.

    Neither defaults nor overrides are in it: it is what its provider says.
    """

    metadata: ResourceMetadata
    changes: tuple[Change, ...]
    repaired: int | None = None
    """How many characters of the provider's answer were replaced to read it; None: none."""


def read(record: SourceRecord, tables: Tables) -> Reading | Problem:
    """Read and normalise one record."""
    if record.problem:
        return Problem(record.problem, record.problem_detail or "")
    if not record.identifier:
        return Problem("no_identifier", "The record has no identifier in its header.")
    if record.payload is None:
        return Problem("no_metadata", "The record is not deleted, but has no metadata.")
    try:
        stated = read_payload(record.payload)
    except UnreadableRecord as error:
        return Problem("unreadable", str(error))
    if history := metadata_records(origins(record.about)):
        own = tuple(each for each in history if each not in stated.records)
        stated = msgspec.structs.replace(stated, records=stated.records + own)
    return Reading(*normalise(stated, tables), repaired=record.repaired)


_encode_changes = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class Description:
    """A resource's columns that come from its record, and its findings."""

    metadata_json: str
    audit_json: str | None
    completeness: float
    findings: tuple[Finding, ...]
    provider_changed: Sequence[int] = ()
    """Ids of overrides whose provider value is seen to differ for the first time."""

    def columns(self) -> dict[str, Any]:
        """The columns, by name."""
        return {
            "metadata_json": self.metadata_json,
            "audit_json": self.audit_json,
            "completeness": self.completeness,
        }


def describe(
    reading: Reading,
    overrides: Sequence[Override],
    now: datetime,
    *,
    defaults: Defaults = NONE,
    internal: bool = False,
) -> Description:
    """What the catalogue says of a resource: its source's defaults and curators' overrides too.

    Args:
        defaults: What its source declares for elements that the record leaves wholly unsaid.
        internal: Whether its source is in our own network, where private addresses are as they
            should be.
    """
    metadata, filled = with_defaults(reading.metadata, defaults)
    changes = reading.changes + filled
    metadata = overriding.apply(metadata, overrides) if overrides else metadata
    return Description(
        metadata_json=to_json(metadata),
        audit_json=_encode_changes(changes).decode() if changes else None,
        completeness=completeness(metadata).score,
        findings=tuple(
            each
            for each in (*check(metadata, now), *_of_the_answer(reading))
            if not (internal and each.code == "private-address")
        ),
        provider_changed=(
            overriding.provider_changed(reading.metadata, overrides) if overrides else ()
        ),
    )


REPAIRED = "repaired-characters"
"""The code of the finding that a record could be read only after its characters were repaired. No
description tells it; its evidence is how many."""


def _of_the_answer(reading: Reading) -> Iterator[Finding]:
    if reading.repaired:
        yield Finding(REPAIRED, "warning", "record", str(reading.repaired))


class Standing(Protocol):
    """The part of a resource's row that decides what a fresh record does to its status."""

    status: str
    withdrawn_by: str | None
    withdrawn_reason: str | None
    merged_into_id: int | None


PUBLISH, REVIEW, CHECKED = "publish", "review", "checked"
TRUST = (PUBLISH, REVIEW, CHECKED)
"""What becomes of a source's new resources; see ``Source.trust``."""


def first_status(trust: str, findings: Sequence[Finding]) -> str:
    """The status of a resource that was not in the catalogue before."""
    if trust == PUBLISH:
        return PUBLISHED
    if trust == CHECKED and not any(finding.severity == "error" for finding in findings):
        return PUBLISHED
    return IN_REVIEW


def next_status(before: Standing, trust: str, findings: Sequence[Finding]) -> str:
    """The status after its provider sent it (again). What a curator decided stands."""
    if before.status != WITHDRAWN or before.withdrawn_by is not None:
        return before.status
    if before.merged_into_id is not None:
        return MERGED
    return first_status(trust, findings)
