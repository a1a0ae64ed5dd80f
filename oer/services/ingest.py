"""Taking in what harvesters bring: records to resources, one page at a time.

The number of statements does not depend on the number of records in the page; a page of unchanged
records costs one SELECT and one UPDATE.
"""

import hashlib
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, cast

import msgspec
from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from oer.errors import UnreadableRecord
from oer.formats import read_payload
from oer.metadata.normalise import Change, normalise
from oer.metadata.resource_metadata import ResourceMetadata, to_json
from oer.models import Harvest, HarvestedRecord, Resource, Source
from oer.models.resource import PUBLISHED, WITHDRAWN
from oer.services.addresses import new_addresses
from oer.services.source_record import SourceRecord

MAX_IDENTIFIER_LENGTH = 1024
"""Longer identifiers are kept by their digest: indexes of every database stay usable."""

DELETED_BY_PROVIDER = "deleted_by_provider"

_RECORDS = cast(Table, HarvestedRecord.__table__)
_RESOURCES = cast(Table, Resource.__table__)


@dataclass
class Tally:
    """What became of the records of a page or a run."""

    seen: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    quarantined: int = 0

    def add(self, other: "Tally") -> None:
        """Count ``other`` in."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    def ties_out(self) -> bool:
        """Whether every record seen became exactly one thing."""
        parts = self.created + self.updated + self.unchanged + self.withdrawn + self.quarantined
        return self.seen == parts

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)


@dataclass
class _Plan:
    """What a page asks of the database, gathered first and written in bulk."""

    new_resources: list[dict[str, Any]] = field(default_factory=list)
    new_records: list[dict[str, Any]] = field(default_factory=list)
    changed_resources: list[dict[str, Any]] = field(default_factory=list)
    changed_records: list[dict[str, Any]] = field(default_factory=list)
    changed_headers: list[dict[str, Any]] = field(default_factory=list)
    seen_again: list[int] = field(default_factory=list)
    withdrawn_resources: list[int] = field(default_factory=list)


def accept(
    session: Session,
    source: Source,
    harvest: Harvest,
    records: Collection[SourceRecord],
    *,
    now: datetime,
) -> Tally:
    """Take in one page of records.

    May create, update, revive or withdraw Resources; keeps every payload; puts records that cannot
    be read into quarantine with the reason. Idempotent: the same page again changes nothing.

    Returns:
        What became of the records; it ties out.
    """
    tally = Tally(seen=len(records))
    latest = _latest(records, tally)
    known = _known(session, source.id, latest)
    described = _described(session, latest, known)
    plan = _Plan()
    for identifier, record in latest.items():
        _decide(identifier, record, known.get(identifier), described, plan, tally, now)
    _write(session, source, harvest, plan, now)
    return tally


def checksum(record: SourceRecord) -> str | None:
    """SHA-256 of what was said, whatever the header says: datestamps change for no reason."""
    if record.payload is None:
        return None
    digest = hashlib.sha256(record.payload)
    if record.about:
        digest.update(record.about)
    return digest.hexdigest()


def storage_identifier(record: SourceRecord) -> str:
    """The name a record is kept under: its identifier, byte-exact, or else a digest."""
    if not record.identifier:
        content = record.payload or repr(record).encode()
        return f"no-identifier:sha256:{hashlib.sha256(content).hexdigest()}"
    # PostgreSQL text cannot hold NUL; XML cannot either, but other protocols can.
    if len(record.identifier) > MAX_IDENTIFIER_LENGTH or "\0" in record.identifier:
        digest = hashlib.sha256(record.identifier.encode("utf-8", "surrogatepass")).hexdigest()
        return f"long-identifier:sha256:{digest}"
    return record.identifier


def _latest(records: Iterable[SourceRecord], tally: Tally) -> dict[str, SourceRecord]:
    """The last record of each identifier; earlier ones on the same page count as seen again."""
    latest: dict[str, SourceRecord] = {}
    for record in records:
        identifier = storage_identifier(record)
        if identifier in latest:
            tally.unchanged += 1
        latest[identifier] = record
    return latest


def _known(session: Session, source_id: int, latest: Mapping[str, SourceRecord]) -> dict[str, Any]:
    query = select(
        HarvestedRecord.identifier,
        HarvestedRecord.id,
        HarvestedRecord.checksum,
        HarvestedRecord.datestamp,
        HarvestedRecord.set_specs,
        HarvestedRecord.deleted,
        HarvestedRecord.problem,
        HarvestedRecord.resource_id,
    ).where(HarvestedRecord.source_id == source_id, HarvestedRecord.identifier.in_(latest))
    return {row.identifier: row for row in session.execute(query)}


def _described(
    session: Session, latest: Mapping[str, SourceRecord], known: Mapping[str, Any]
) -> dict[int, Any]:
    """The descriptions of resources that this page may change."""
    wanted = [
        row.resource_id
        for identifier, row in known.items()
        if row.resource_id is not None
        and not latest[identifier].deleted
        and (row.deleted or row.problem or row.checksum != checksum(latest[identifier]))
    ]
    if not wanted:
        return {}
    query = select(Resource.id, Resource.status, Resource.metadata_json).where(
        Resource.id.in_(wanted)
    )
    return {row.id: row for row in session.execute(query)}


def _decide(
    identifier: str,
    record: SourceRecord,
    known: Any | None,
    described: Mapping[int, Any],
    plan: _Plan,
    tally: Tally,
    now: datetime,
) -> None:
    if record.deleted:
        _decide_deleted(identifier, record, known, plan, tally)
        return
    digest = checksum(record)
    settled = known is not None and not known.deleted and not known.problem
    if known is not None and settled and known.checksum == digest and not record.problem:
        tally.unchanged += 1
        if (known.datestamp, tuple(known.set_specs)) == (record.datestamp, record.set_specs):
            plan.seen_again.append(known.id)
        else:
            plan.changed_headers.append({"row_id": known.id} | _header(record))
        return
    row = _header(record) | {
        "metadata_prefix": record.metadata_prefix,
        "payload": zlib.compress(record.payload, 1) if record.payload is not None else None,
        "about": zlib.compress(record.about, 1) if record.about else None,
        "checksum": digest,
        "resource_id": known.resource_id if known is not None else None,
    }
    reading = read(record)
    if isinstance(reading, Problem):
        tally.quarantined += 1
        row |= {"problem": reading.code, "problem_detail": reading.detail}
    else:
        _decide_resource(row, _resource_row(reading, now), described, plan, tally)
    if known is None:
        plan.new_records.append(row | {"identifier": identifier})
    else:
        plan.changed_records.append(row | {"row_id": known.id})


def _decide_resource(
    row: dict[str, Any],
    resource: dict[str, Any],
    described: Mapping[int, Any],
    plan: _Plan,
    tally: Tally,
) -> None:
    if row["resource_id"] is None:
        tally.created += 1
        plan.new_resources.append(resource)
        # The row has no number yet: the resource stands in for it until both are written.
        row["resource_id"] = resource
        return
    before = described[row["resource_id"]]
    if before.status == PUBLISHED and before.metadata_json == resource["metadata_json"]:
        tally.unchanged += 1
        return
    tally.updated += 1
    plan.changed_resources.append({"row_id": row["resource_id"]} | resource)


def _decide_deleted(
    identifier: str, record: SourceRecord, known: Any | None, plan: _Plan, tally: Tally
) -> None:
    if known is not None and known.deleted:
        tally.unchanged += 1
        plan.seen_again.append(known.id)
        return
    tally.withdrawn += 1
    tombstone = _header(record) | {"deleted": True}
    if known is None:
        nothing = dict.fromkeys(("payload", "about", "checksum", "resource_id"))
        prefix = {"metadata_prefix": record.metadata_prefix}
        plan.new_records.append(tombstone | nothing | prefix | {"identifier": identifier})
        return
    # The payload we hold stays: it is all that is left of the record.
    plan.changed_headers.append({"row_id": known.id} | tombstone)
    if known.resource_id is not None:
        plan.withdrawn_resources.append(known.resource_id)


def _header(record: SourceRecord) -> dict[str, Any]:
    """The columns every written record names: bulk statements want the same keys in every row."""
    return {
        "datestamp": record.datestamp,
        "set_specs": list(record.set_specs),
        "deleted": False,
        "problem": None,
        "problem_detail": None,
    }


@dataclass(frozen=True)
class Problem:
    """Why a record is in quarantine: a code for machines, a sentence for people."""

    code: str
    detail: str


@dataclass(frozen=True)
class Reading:
    """A record as we understand it, and what was changed on the way."""

    metadata: ResourceMetadata
    changes: tuple[Change, ...]


def read(record: SourceRecord) -> Reading | Problem:
    """Read and normalise one record. Pure: no database, no network, no clock."""
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
    metadata, changes = normalise(stated)
    return Reading(metadata, changes)


_encode_changes = msgspec.json.Encoder().encode


def _resource_row(reading: Reading, now: datetime) -> dict[str, Any]:
    return {
        "status": PUBLISHED,
        "withdrawn_reason": None,
        "metadata_json": to_json(reading.metadata),
        "audit_json": _encode_changes(reading.changes).decode() if reading.changes else None,
        "datestamp": now,
    }


def _write(session: Session, source: Source, harvest: Harvest, plan: _Plan, now: datetime) -> None:
    """Write the plan: at most one statement for each kind of change."""
    _insert_resources(session, source, plan.new_resources, now)
    for row in plan.new_records + plan.changed_records:
        if isinstance(row["resource_id"], dict):
            row["resource_id"] = row["resource_id"]["id"]
    if plan.new_records:
        run = {
            "source_id": source.id,
            "first_harvest_id": harvest.id,
            "last_harvest_id": harvest.id,
        }
        session.execute(insert(_RECORDS), [row | run for row in plan.new_records])
    for rows in (plan.changed_records, plan.changed_headers):
        _update_rows(session, _RECORDS, rows, last_harvest_id=harvest.id)
    if plan.seen_again:
        session.execute(
            update(_RECORDS)
            .where(HarvestedRecord.id.in_(plan.seen_again))
            .values(last_harvest_id=harvest.id)
        )
    _update_rows(session, _RESOURCES, plan.changed_resources, revision=Resource.revision + 1)
    withdraw(session, plan.withdrawn_resources, reason=DELETED_BY_PROVIDER, now=now)


def _insert_resources(
    session: Session, source: Source, resources: list[dict[str, Any]], now: datetime
) -> None:
    if not resources:
        return
    same = {"source_id": source.id, "created_at": now, "revision": 1, "indexed_revision": 0}
    addresses = new_addresses(session, len(resources))
    rows = [
        row | same | {"address": address} for row, address in zip(resources, addresses, strict=True)
    ]
    # Rows come back in any order; the address tells which is which.
    statement = insert(Resource).returning(Resource.address, Resource.id)
    ids = {row.address: row.id for row in session.execute(statement, rows)}
    for row, address in zip(resources, addresses, strict=True):
        row["id"] = ids[address]


def _update_rows(
    session: Session,
    table: Table,
    rows: list[dict[str, Any]],
    **same: Any,
) -> None:
    """One UPDATE, executed for many rows: each row names its primary key as ``row_id``."""
    if not rows:
        return
    columns: dict[str, Any] = {key: bindparam(key) for key in rows[0] if key != "row_id"}
    session.connection().execute(
        update(table).where(table.c.id == bindparam("row_id")).values(columns | same), rows
    )


def withdraw(
    session: Session, resource_ids: Collection[int], *, reason: str, now: datetime
) -> None:
    """Turn resources into tombstones. Their addresses answer "gone" from now on."""
    if not resource_ids:
        return
    session.execute(
        update(_RESOURCES)
        .where(Resource.id.in_(resource_ids), Resource.status != WITHDRAWN)
        .values(
            status=WITHDRAWN,
            withdrawn_reason=reason,
            datestamp=now,
            revision=Resource.revision + 1,
        )
    )
