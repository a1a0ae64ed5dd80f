"""Everything we hold about one resource, for the curator who has to decide about it."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from oer.errors import UnreadableRecord
from oer.formats import read_payload
from oer.metadata.checks import Completeness, completeness
from oer.metadata.resource_metadata import ResourceMetadata
from oer.models import Finding, HarvestedRecord, Override, Resource, Source
from oer.services import events
from oer.services.overrides import FIELDS, field_json
from oer.services.queue import Found
from oer.services.redescribing import overrides_of, provider_reading, record_of

LATEST_EVENTS = 50


@dataclass(frozen=True)
class Shown:
    """One value as the catalogue has it: what it is, and how that was reached."""

    value: str
    basis: str | None


@dataclass(frozen=True)
class Element:
    """One element of the description, as it was sent and as it is shown."""

    field: str
    stated: tuple[str, ...]
    shown: tuple[Shown, ...]
    overridden: bool


@dataclass(frozen=True)
class Correction:
    """An override, beside what the provider said then and says now."""

    field: str
    value_json: str
    provider_json: str
    provider_json_now: str
    provider_changed_at: datetime | None
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Record:
    """The harvested record behind a resource."""

    identifier: str
    datestamp: str | None
    metadata_prefix: str | None
    deleted: bool
    blocked: bool
    problem: str | None
    problem_detail: str | None
    payload: str
    """The metadata document as it was sent."""


@dataclass(frozen=True)
class Dossier:
    """All of it."""

    address: str
    status: str
    source: str | None
    created_at: datetime
    datestamp: datetime
    withdrawn_by: str | None
    withdrawn_reason: str | None
    successor: str | None
    url: str | None
    elements: tuple[Element, ...]
    audit: tuple[dict[str, Any], ...]
    corrections: tuple[Correction, ...]
    findings: tuple[Found, ...]
    completeness: Completeness
    record: Record | None
    events: tuple[events.Entry, ...]


def dossier(session: Session, resource: Resource) -> Dossier:
    """Collect everything about a resource. Reads its stored record again; changes nothing."""
    metadata = resource.description
    record = record_of(session, resource)
    overrides = overrides_of(session, resource)
    return Dossier(
        address=resource.address,
        status=resource.status,
        source=_slug(session, resource),
        created_at=resource.created_at,
        datestamp=resource.datestamp,
        withdrawn_by=resource.withdrawn_by,
        withdrawn_reason=resource.withdrawn_reason,
        successor=resource.successor,
        url=metadata.landing_page,
        elements=_elements(_stated(record), metadata, {each.field for each in overrides}),
        audit=tuple(msgspec.json.decode(resource.audit_json or "[]")),
        corrections=_corrections(session, resource, overrides),
        findings=_findings(session, resource),
        completeness=completeness(metadata),
        record=_record(record) if record else None,
        events=tuple(events.log(session, resource_id=resource.id, limit=LATEST_EVENTS)),
    )


def _slug(session: Session, resource: Resource) -> str | None:
    source = session.get(Source, resource.source_id) if resource.source_id else None
    return source.slug if source else None


# -- side by side ----------------------------------------------------------------------------------


def _stated(record: HarvestedRecord | None) -> ResourceMetadata:
    """The description before anything was made of it; empty where the record cannot be read."""
    if record is None or record.payload is None:
        return ResourceMetadata()
    try:
        return read_payload(zlib.decompress(record.payload))
    except UnreadableRecord:
        return ResourceMetadata()


def _elements(
    stated: ResourceMetadata, shown: ResourceMetadata, overridden: set[str]
) -> tuple[Element, ...]:
    both = (
        Element(
            field,
            tuple(map(spelled, _values(getattr(stated, field)))),
            tuple(_shown(value, field in overridden) for value in _values(getattr(shown, field))),
            field in overridden,
        )
        for field in FIELDS
    )
    return tuple(each for each in both if each.stated or each.shown or each.overridden)


def _values(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


_RAW = ("text", "raw", "raw_id", "name", "url", "value", "uri", "family", "id")
_CANONICAL = ("text", "id", "uri", "family", "value", "name", "url", "raw", "raw_id")


def spelled(value: Any) -> str:
    """A value as the record wrote it, on one line."""
    return _first(value, _RAW)


def _shown(value: Any, overridden: bool) -> Shown:
    basis = "curated" if overridden else getattr(value, "basis", None)
    return Shown(_first(value, _CANONICAL), basis if isinstance(basis, str) else None)


def _first(value: Any, names: tuple[str, ...]) -> str:
    """The attribute that says most, with its language; several are joined."""
    if isinstance(value, tuple):
        return " + ".join(_first(each, names) for each in value)
    if not isinstance(value, msgspec.Struct):
        return str(value)
    for name in names:
        found = getattr(value, name, None)
        if found not in (None, "", ()):
            language = getattr(value, "language", None)
            tagged = name in ("text", "raw") and isinstance(language, str)
            return f"{found} [{language}]" if tagged else _first(found, names)
    return "; ".join(_parts(value, names))


def _parts(value: msgspec.Struct, names: tuple[str, ...]) -> Iterator[str]:
    """What there is to say of a value that has none of the usual attributes."""
    for name in value.__struct_fields__:
        found = getattr(value, name)
        if found not in (None, ()):
            yield f"{name}: {_first(found, names)}"


# -- what stands beside the description ------------------------------------------------------------


def _corrections(
    session: Session, resource: Resource, overrides: list[Override]
) -> tuple[Correction, ...]:
    if not overrides:
        return ()
    now = provider_reading(session, resource, overrides).metadata
    return tuple(
        Correction(
            field=each.field,
            value_json=each.value_json,
            provider_json=each.provider_json,
            provider_json_now=field_json(now, each.field),
            provider_changed_at=each.provider_changed_at,
            reason=each.reason,
            by=each.created_by,
            at=each.created_at,
        )
        for each in overrides
    )


def _findings(session: Session, resource: Resource) -> tuple[Found, ...]:
    query = select(
        Finding.code, Finding.severity, Finding.field, Finding.evidence, Finding.found_at
    ).where(Finding.resource_id == resource.id)
    return tuple(Found(*row) for row in session.execute(query.order_by(Finding.id)))


def _record(record: HarvestedRecord) -> Record:
    payload = zlib.decompress(record.payload) if record.payload is not None else b""
    return Record(
        identifier=record.identifier,
        datestamp=record.datestamp,
        metadata_prefix=record.metadata_prefix,
        deleted=record.deleted,
        blocked=record.blocked,
        problem=record.problem,
        problem_detail=record.problem_detail,
        payload=payload.decode("utf-8", "replace"),
    )
