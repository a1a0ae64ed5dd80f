"""Quarantine: records that could not be read, kept with their payload and the reason."""

import zlib
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from oer.errors import UsageError
from oer.models import HarvestedRecord, Resource, Source
from oer.services import aliases


def problems(session: Session, source: Source, *, limit: int) -> list[dict[str, Any]]:
    """The source's records in quarantine: identifier, problem, detail, datestamp."""
    query = (
        select(
            HarvestedRecord.identifier,
            HarvestedRecord.problem,
            HarvestedRecord.problem_detail,
            HarvestedRecord.datestamp,
        )
        .where(HarvestedRecord.source_id == source.id, HarvestedRecord.problem.is_not(None))
        .order_by(HarvestedRecord.problem, HarvestedRecord.id)
        .limit(limit)
    )
    return [
        {"identifier": identifier, "problem": problem, "detail": detail, "datestamp": datestamp}
        for identifier, problem, detail, datestamp in session.execute(query)
    ]


def get(session: Session, source: Source, identifier: str) -> HarvestedRecord:
    """A record by its identifier.

    Raises:
        UsageError: The source has none of that identifier; the message says where it had one.
    """
    found = session.scalar(
        select(HarvestedRecord).where(
            HarvestedRecord.source_id == source.id, HarvestedRecord.identifier == identifier
        )
    )
    former = aliases.former(session, source.id, [identifier]) if found is None else {}
    if identifier in former:
        raise UsageError(
            f"The record '{identifier}' was renamed; its name is '{former[identifier].identifier}'."
        )
    if found is None:
        raise UsageError(
            f"The source '{source.slug}' has no record '{identifier}'. "
            f"See those with problems: oer harvest problems {source.slug}"
        )
    return found


def received(record: HarvestedRecord) -> bytes:
    """A record as it came, before it was repaired.

    Raises:
        UsageError: It was not repaired, or its own bytes were not kept.
    """
    if record.received is not None:
        return zlib.decompress(record.received)
    if record.repaired is None:
        raise UsageError(
            f"The record '{record.identifier}' was not repaired: it came as it is shown without "
            "--received."
        )
    raise UsageError(
        f"The bytes of the record '{record.identifier}' were not kept: it is too big, or could not "
        "be cut out of its page. Ask its provider for it."
    )


def described(session: Session, record: HarvestedRecord) -> dict[str, Any]:
    """A record with its payload as text, and where it went."""
    resource = session.get(Resource, record.resource_id) if record.resource_id else None
    payload = zlib.decompress(record.payload) if record.payload is not None else b""
    return {
        "identifier": record.identifier,
        "datestamp": record.datestamp,
        "sets": list(record.set_specs),
        "deleted": record.deleted,
        "pending_deletion": record.pending_deletion,
        "blocked": record.blocked,
        "problem": record.problem,
        "detail": record.problem_detail,
        "repaired": record.repaired,
        "address": resource.address if resource else None,
        "status": resource.status if resource else None,
        "payload": payload.decode("utf-8", "replace"),
    }
