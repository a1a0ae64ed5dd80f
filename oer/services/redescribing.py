"""Describing one resource again from what is stored, without the network.

What a newcomer would get wrong: overrides are laid over what the *provider* says, so that has to be
known first. It comes from the stored payload; where there is none that can be read (an authored
resource, a record in quarantine), it is the present description with the overrides taken off it.
"""

import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Session

from oer.metadata.defaults import of_options, without_defaults
from oer.metadata.normalise import Change
from oer.models import HarvestedRecord, Override, Resource, Source
from oer.services import findings
from oer.services.describing import Reading, describe, read
from oer.services.overrides import field_value
from oer.services.source_record import SourceRecord
from oer.services.tables import load_tables


def record_of(session: Session, resource: Resource) -> HarvestedRecord | None:
    """The record a resource was made from; None for one that was authored here."""
    query = select(HarvestedRecord).where(HarvestedRecord.resource_id == resource.id)
    return session.scalars(query.order_by(HarvestedRecord.id).limit(1)).first()


def overrides_of(session: Session, resource: Resource) -> list[Override]:
    """The curators' values for a resource, in the order they were set."""
    query = select(Override).where(Override.resource_id == resource.id).order_by(Override.id)
    return list(session.scalars(query))


def provider_reading(
    session: Session, resource: Resource, overrides: Sequence[Override]
) -> Reading:
    """The description as its provider, or author, gives it, normalised and without any override.

    Args:
        overrides: All that are laid over it now.
    """
    record = record_of(session, resource)
    if record is not None and record.payload is not None and not record.problem:
        reading = read(_source_record(record), load_tables(session, record.source_id))
        if isinstance(reading, Reading):
            return reading
    given: dict[str, Any] = {
        each.field: field_value(each.field, each.provider_json) for each in overrides
    }
    stated, changes = without_defaults(resource.description, _audit(resource))
    return Reading(replace(stated, **given), changes)


def redescribe(session: Session, resource: Resource, reading: Reading, *, now: datetime) -> bool:
    """Lay the overrides there are now over the provider's description; check it again.

    May change the description, and renews findings and completeness.

    Returns:
        Whether the description came out differently.
    """
    session.flush()
    overrides = overrides_of(session, resource)
    source = session.get(Source, resource.source_id) if resource.source_id else None
    described = describe(
        reading,
        overrides,
        now,
        defaults=of_options(source.options if source else None),
        internal=source is not None and source.internal,
    )
    findings.replace(session, {resource.id: described.findings}, now=now)
    for override in overrides:
        if override.id in described.provider_changed:
            override.provider_changed_at = now
    resource.audit_json = described.audit_json
    resource.completeness = described.completeness
    if described.metadata_json == resource.metadata_json:
        return False
    resource.metadata_json = described.metadata_json
    touch(resource, now)
    return True


def touch(resource: Resource, now: datetime) -> None:
    """Note that something visible changed: the index and the links have to follow."""
    resource.datestamp = now
    # Counted by the database: a harvest may be counting at the same moment.
    resource.revision = Resource.revision + 1


def _source_record(record: HarvestedRecord) -> SourceRecord:
    return SourceRecord(
        identifier=record.identifier,
        payload=zlib.decompress(record.payload or b""),
        about=zlib.decompress(record.about) if record.about else None,
        metadata_prefix=record.metadata_prefix,
        repaired=record.repaired,
    )


def _audit(resource: Resource) -> tuple[Change, ...]:
    return msgspec.json.decode(resource.audit_json or "[]", type=tuple[Change, ...])
