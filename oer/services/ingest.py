"""Taking in what harvesters bring: records to resources, one page at a time.

The number of statements does not depend on the number of records in the page; a page of unchanged
records costs one SELECT and one UPDATE.
"""

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from msgspec.structs import replace
from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from oer.metadata import checks
from oer.metadata.defaults import Defaults, of_options
from oer.metadata.vocabularies import SHIPPED, Tables
from oer.models import Harvest, HarvestedRecord, Override, Resource, Source
from oer.models.resource import WITHDRAWN
from oer.services import aliases, findings
from oer.services.addresses import new_addresses
from oer.services.describing import Description, Problem, describe, first_status, next_status, read
from oer.services.known_records import (
    by_former_names,
    by_name,
    checksum,
    is_same,
    is_settled,
    overrides_of,
    resources_of,
)
from oer.services.source_record import SourceRecord
from oer.services.tally import Tally

AT_ONCE = 10_000
"""Records of a page that are taken in together: some providers send all they have on one, and
databases limit the values of a statement (PostgreSQL to 65535)."""

MAX_IDENTIFIER_LENGTH = 1024
"""Longer identifiers are kept by their digest: indexes of every database stay usable."""

UNREACHABLE = "unreachable"
"""The problem of a record that is in the list and cannot be had."""

_RECORDS = cast(Table, HarvestedRecord.__table__)
_RESOURCES = cast(Table, Resource.__table__)


def accept(
    session: Session,
    source: Source,
    harvest: Harvest | None,
    records: Collection[SourceRecord],
    *,
    now: datetime,
    tables: Tables = SHIPPED,
    replay: bool = False,
    dry_run: bool = False,
) -> Tally:
    """Take in one page of records.

    May create, update and revive Resources; keeps every payload; marks records that the provider
    deleted; puts records that cannot be read into quarantine with the reason; keeps what curators
    have set. Idempotent: the same page again changes nothing.

    Args:
        harvest: The run that brought them; None when stored payloads are replayed.
        tables: Mapping tables to normalise with.
        replay: Describe every record afresh, also those that did not change.
        dry_run: Only say what would become of them.

    Returns:
        What became of the records; it ties out.
    """
    deletes = source.deletion_policy != "none"
    intake = _Intake(source.trust, deletes, source.internal, now, tables, replay)
    latest = _latest(records, intake.tally)
    intake.defaults = of_options(source.options)
    intake.known = by_name(session, source.id, latest)
    found, idle = by_former_names(session, source.id, latest, intake.known)
    for name in idle:
        intake.tally.unchanged += 1
        del latest[name]
    intake.known |= found
    intake.former_names = [name for name in found if not latest[name].deleted]
    intake.before = resources_of(session, latest, intake.known, replay)
    intake.overrides = overrides_of(session, intake.before)
    for identifier, record in latest.items():
        intake.take(identifier, record)
    if not dry_run:
        _write(session, source, harvest, intake)
    return intake.tally


def portions(records: Sequence[SourceRecord]) -> Iterator[Sequence[SourceRecord]]:
    """A page in parts that :func:`accept` can take; an empty page is none."""
    for start in range(0, len(records), AT_ONCE):
        yield records[start : start + AT_ONCE]


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
        tally.seen += 1
        tally.unchanged += identifier in latest
        latest[identifier] = record
    return latest


# What becomes of each record ----------------------------------------------------------------------


@dataclass
class _Intake:
    """A page on its way in: what is known of its records, and what is to be written for them."""

    trust: str
    deletes: bool
    """Whether the provider's word deletes anything (``Source.deletion_policy``)."""
    internal: bool
    """Whether the source is in our own network."""
    now: datetime
    tables: Tables
    replay: bool
    tally: Tally = field(default_factory=Tally)
    defaults: Defaults = field(default_factory=dict)
    """What the source declares for what its records leave unsaid."""
    known: dict[str, Any] = field(default_factory=dict)
    former_names: list[str] = field(default_factory=list)
    """The names on this page that records had before, and still come under."""
    before: Mapping[int, Any] = field(default_factory=dict)
    overrides: Mapping[int, list[Override]] = field(default_factory=dict)

    new_resources: list[dict[str, Any]] = field(default_factory=list)
    new_records: list[dict[str, Any]] = field(default_factory=list)
    changed_resources: list[dict[str, Any]] = field(default_factory=list)
    changed_records: list[dict[str, Any]] = field(default_factory=list)
    changed_headers: list[dict[str, Any]] = field(default_factory=list)
    seen_again: list[int] = field(default_factory=list)
    found: list[tuple[dict[str, Any], tuple[checks.Finding, ...]]] = field(default_factory=list)
    provider_changed: list[int] = field(default_factory=list)

    def take(self, identifier: str, record: SourceRecord) -> None:
        """Decide what becomes of one record, and note what is to be written."""
        known = self.known.get(identifier)
        if known is not None and known.blocked:
            self._seen_again(known)
        elif record.deleted:
            self._deleted(identifier, record, known)
        elif known is not None and self._is_unchanged(record, known):
            self._unchanged(record, known)
        else:
            self._described(identifier, record, known)

    def _is_unchanged(self, record: SourceRecord, known: Any) -> bool:
        if self.replay or not is_settled(known) or record.problem:
            return False
        return is_same(known, record)

    def _seen_again(self, known: Any) -> None:
        self.tally.unchanged += 1
        self.seen_again.append(known.id)

    def _unchanged(self, record: SourceRecord, known: Any) -> None:
        same = (known.datestamp, tuple(known.set_specs)) == (record.datestamp, record.set_specs)
        if same and known.pending_deletion is None:
            self._seen_again(known)
        else:
            self.tally.unchanged += 1
            self.changed_headers.append({"row_id": known.id} | _header(record))

    def _deleted(self, identifier: str, record: SourceRecord, known: Any | None) -> None:
        settled = known is not None and (known.deleted or known.pending_deletion)
        if known is not None and (settled or not self.deletes):
            self._seen_again(known)
            return
        self.tally.withdrawn += 1
        if known is None:
            tombstone = _header(record) | {"deleted": True}
            nothing = dict.fromkeys((*_CONTENT, "resource_id"))
            named = {"metadata_prefix": record.metadata_prefix, "identifier": identifier}
            self.new_records.append(tombstone | nothing | named)
            return
        # Marked only; judged when the list is complete (oer.services.deletions). The payload we
        # hold stays in any case: it may be all that is left of the record.
        marked = _header(record) | {"pending_deletion": "header"}
        kept = {"problem": known.problem, "problem_detail": known.problem_detail}
        self.changed_headers.append({"row_id": known.id} | marked | kept)

    def _described(self, identifier: str, record: SourceRecord, known: Any | None) -> None:
        row: dict[str, Any] = _header(record)
        row["resource_id"] = known.resource_id if known is not None else None
        if self.replay and known is not None:
            # What was repaired when it came is not to be seen in the payload.
            record = replace(record, repaired=known.repaired)
        reading = read(record, self.tables)
        if isinstance(reading, Problem):
            self.tally.quarantined += 1
            row |= {"problem": reading.code, "problem_detail": reading.detail}
        else:
            resource_id = row["resource_id"]
            overrides = self.overrides.get(resource_id, []) if resource_id else []
            described = describe(
                reading, overrides, self.now, defaults=self.defaults, internal=self.internal
            )
            self._resource(row, described)
        if known is None:
            self.new_records.append(row | _content(record) | {"identifier": identifier})
        elif row["problem"] == UNREACHABLE:
            # Nothing came this time. What came before is kept, and the reading of it stands.
            self.changed_headers.append(row | {"row_id": known.id})
        elif not self.replay:
            self.changed_records.append(row | _content(record) | {"row_id": known.id})
        elif (known.problem, known.problem_detail) != (row["problem"], row["problem_detail"]):
            names = ("problem", "problem_detail", "resource_id")
            self.changed_headers.append({"row_id": known.id} | {name: row[name] for name in names})

    def _resource(self, row: dict[str, Any], description: Description) -> None:
        if row["resource_id"] is None:
            self.tally.created += 1
            status = first_status(self.trust, description.findings)
            resource = description.columns() | {"status": status, "datestamp": self.now}
            self.new_resources.append(resource)
            self.found.append((resource, description.findings))
            # The row has no number yet: the resource stands in for it until both are written.
            row["resource_id"] = resource
            return
        before = self.before[row["resource_id"]]
        self.provider_changed += description.provider_changed
        status = next_status(before, self.trust, description.findings)
        resource = description.columns() | {"row_id": before.id}
        if before.status == status and before.metadata_json == description.metadata_json:
            self.tally.unchanged += 1
            self.found.append((resource | {"id": before.id}, description.findings))
            return
        self.tally.updated += 1
        revived = before.status == WITHDRAWN and status != WITHDRAWN
        resource |= {
            "status": status,
            "datestamp": self.now,
            "withdrawn_reason": None if revived else before.withdrawn_reason,
        }
        self.changed_resources.append(resource)
        self.found.append((resource | {"id": before.id}, description.findings))


def _header(record: SourceRecord) -> dict[str, Any]:
    """The columns every written record names: bulk statements want the same keys in every row."""
    return {
        "datestamp": record.datestamp,
        "set_specs": list(record.set_specs),
        "deleted": False,
        "pending_deletion": None,
        "problem": None,
        "problem_detail": None,
    }


def _content(record: SourceRecord) -> dict[str, Any]:
    return {
        "metadata_prefix": record.metadata_prefix,
        "payload": zlib.compress(record.payload, 1) if record.payload is not None else None,
        "about": zlib.compress(record.about, 1) if record.about else None,
        "checksum": checksum(record),
        "repaired": record.repaired,
        "received": zlib.compress(record.received, 1) if record.received else None,
    }


_CONTENT = ("metadata_prefix", "payload", "about", "checksum", "repaired", "received")
"""The columns of :func:`_content`."""


# Writing ------------------------------------------------------------------------------------------


def _write(session: Session, source: Source, harvest: Harvest | None, intake: _Intake) -> None:
    """Write what was decided: at most a few statements for each kind of change."""
    run = {"last_harvest_id": harvest.id} if harvest is not None else {}
    _insert_resources(session, source, intake)
    for row in intake.new_records + intake.changed_records + intake.changed_headers:
        if isinstance(row.get("resource_id"), dict):
            row["resource_id"] = row["resource_id"]["id"]
    if intake.new_records:
        same = run | {"source_id": source.id, "first_harvest_id": run.get("last_harvest_id")}
        session.execute(insert(_RECORDS), [row | same for row in intake.new_records])
    for rows in (intake.changed_records, *_by_columns(intake.changed_headers)):
        _update_rows(session, _RECORDS, rows, **run)
    if intake.seen_again and run:
        session.execute(
            update(_RECORDS).where(HarvestedRecord.id.in_(intake.seen_again)).values(**run)
        )
    _update_rows(session, _RESOURCES, intake.changed_resources, revision=Resource.revision + 1)
    if intake.provider_changed:
        session.execute(
            update(Override)
            .where(Override.id.in_(intake.provider_changed))
            .values(provider_changed_at=intake.now)
            .execution_options(synchronize_session=False)
        )
    if harvest is not None:
        aliases.came_again(session, source.id, intake.former_names, harvest.id)
    findings.replace(session, {row["id"]: found for row, found in intake.found}, now=intake.now)


def _insert_resources(session: Session, source: Source, intake: _Intake) -> None:
    if not intake.new_resources:
        return
    same = {
        "source_id": source.id,
        "created_at": intake.now,
        "revision": 1,
        "indexed_revision": 0,
        "linked_revision": 0,
        "keyed_revision": 0,
    }
    addresses = new_addresses(session, len(intake.new_resources))
    rows = [
        row | same | {"address": address}
        for row, address in zip(intake.new_resources, addresses, strict=True)
    ]
    # Rows come back in any order; the address tells which is which.
    statement = insert(Resource).returning(Resource.address, Resource.id)
    ids = {row.address: row.id for row in session.execute(statement, rows)}
    for row, address in zip(intake.new_resources, addresses, strict=True):
        row["id"] = ids[address]


def _by_columns(rows: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Rows in groups of the same columns: one statement can write each group."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[tuple(sorted(row))].append(row)
    return list(groups.values())


def _update_rows(session: Session, table: Table, rows: list[dict[str, Any]], **same: Any) -> None:
    """One UPDATE, executed for many rows: each row names its primary key as ``row_id``."""
    if not rows:
        return
    columns: dict[str, Any] = {key: bindparam(key) for key in rows[0] if key != "row_id"}
    session.connection().execute(
        update(table).where(table.c.id == bindparam("row_id")).values(columns | same), rows
    )
