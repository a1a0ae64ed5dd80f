"""What is known of the records on a page before it is taken in, and of their resources."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from oer.models import HarvestedRecord, Override, Resource
from oer.services import aliases
from oer.services.source_record import SourceRecord


def checksum(record: SourceRecord) -> str | None:
    """SHA-256 of what was said, whatever the header says: datestamps change for no reason."""
    if record.payload is None:
        return None
    digest = hashlib.sha256(record.payload)
    if record.about:
        digest.update(record.about)
    return digest.hexdigest()


def is_same(known: Any, record: SourceRecord) -> bool:
    """Whether the record says what it said before, and had to be repaired as before."""
    return (known.checksum, known.repaired) == (checksum(record), record.repaired)


def is_settled(known: Any) -> bool:
    """Whether nothing is amiss with a record as it is."""
    return not known.deleted and not known.problem


def by_former_names(
    session: Session,
    source_id: int,
    latest: Mapping[str, SourceRecord],
    known: Collection[str],
) -> tuple[dict[str, Any], set[str]]:
    """The records that came under a name which they no longer have.

    Args:
        latest: The page.
        known: The names on it that are present ones.

    Returns:
        The records, by their former names; and the former names that tell nothing, because the
        record came under its present name too.
    """
    unknown = [identifier for identifier in latest if identifier not in known]
    named = aliases.former(session, source_id, unknown)
    if not named:
        return {}, set()
    rows = by_name(session, source_id, {each.identifier for each in named.values()})
    found: dict[str, Any] = {}
    idle: set[str] = set()
    taken: set[str] = set()
    for name, each in named.items():
        beside = each.identifier in latest or each.identifier in taken
        if beside or (each.superseded and latest[name].deleted):
            idle.add(name)
        else:
            taken.add(each.identifier)
            found[name] = rows[each.identifier]
    return found, idle


def by_name(session: Session, source_id: int, identifiers: Iterable[str]) -> dict[str, Any]:
    """The records of these present names, by name."""
    query = select(
        HarvestedRecord.identifier,
        HarvestedRecord.id,
        HarvestedRecord.checksum,
        HarvestedRecord.datestamp,
        HarvestedRecord.set_specs,
        HarvestedRecord.deleted,
        HarvestedRecord.blocked,
        HarvestedRecord.pending_deletion,
        HarvestedRecord.problem,
        HarvestedRecord.problem_detail,
        HarvestedRecord.repaired,
        HarvestedRecord.resource_id,
    ).where(HarvestedRecord.source_id == source_id, HarvestedRecord.identifier.in_(identifiers))
    return {row.identifier: row for row in session.execute(query)}


def resources_of(
    session: Session,
    latest: Mapping[str, SourceRecord],
    known: Mapping[str, Any],
    replay: bool,
) -> dict[int, Any]:
    """The resources that this page may change, as they are."""
    wanted = [
        row.resource_id
        for identifier, row in known.items()
        if row.resource_id is not None
        and not latest[identifier].deleted
        and (replay or not is_settled(row) or not is_same(row, latest[identifier]))
    ]
    if not wanted:
        return {}
    query = select(
        Resource.id,
        Resource.status,
        Resource.withdrawn_by,
        Resource.withdrawn_reason,
        Resource.merged_into_id,
        Resource.metadata_json,
        Resource.audit_json,
        Resource.completeness,
    ).where(Resource.id.in_(wanted))
    return {row.id: row for row in session.execute(query)}


def overrides_of(session: Session, before: Collection[int]) -> dict[int, list[Override]]:
    """What curators set for these resources, in order."""
    found: dict[int, list[Override]] = defaultdict(list)
    if before:
        query = select(Override).where(Override.resource_id.in_(before)).order_by(Override.id)
        for override in session.scalars(query):
            found[override.resource_id].append(override)
    return found
