"""What curators decide: publish, reject, correct, withdraw, block. Every decision is logged.

What a newcomer would get wrong: nothing here is undone by a harvest. A status a curator chose
stands (``describing.next_status``), an override is laid over whatever the provider sends, and a
blocked record is seen and passed over. And everything is checked before anything is written, so
that in bulk work one refusal leaves the others of its transaction whole.

Each function says whether it changed anything; what is so already is no error.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from oer.errors import UsageError
from oer.metadata.identifiers import normalise_url
from oer.models import HarvestedRecord, Override, Resource
from oer.models.resource import IN_REVIEW, MERGED, PUBLISHED, REJECTED, WITHDRAWN
from oer.services import sources
from oer.services.describing import TRUST
from oer.services.events import record as log
from oer.services.overrides import field_json, field_value
from oer.services.redescribing import (
    overrides_of,
    provider_reading,
    record_of,
    redescribe,
    touch,
)

_ADVICE: Mapping[tuple[str, str], str] = {
    ("approve", WITHDRAWN): "is withdrawn. Bring it back with: oer curate restore {0}",
    ("approve", MERGED): "is merged into another one, which is shown instead.",
    ("reject", PUBLISHED): "is public already. Take it away with: oer curate withdraw {0}",
    ("reject", WITHDRAWN): "is withdrawn already.",
    ("reject", MERGED): "is merged into another one, which is shown instead.",
    ("withdraw", IN_REVIEW): "was never public. Keep it out with: oer curate reject {0}",
    ("withdraw", REJECTED): "was never public, and is rejected already.",
    ("restore", IN_REVIEW): "is not withdrawn. Publish it with: oer curate approve {0}",
    ("restore", REJECTED): "is not withdrawn. Publish it with: oer curate approve {0}",
}
"""What cannot be done to a resource in that state, and what can instead."""


def get(session: Session, address: str) -> Resource:
    """The resource of an address, held until the transaction ends.

    Raises:
        UsageError: There never was one.
    """
    query = select(Resource).where(Resource.address == address).with_for_update()
    resource = session.scalar(query)
    if resource is None:
        raise UsageError(f"No resource '{address}'. Find it with: oer search, oer curate queue")
    return resource


# -- in or out -------------------------------------------------------------------------------------


def approve(
    session: Session, resource: Resource, *, actor: str, now: datetime, reason: str | None = None
) -> bool:
    """Publish a resource that waits for review or was rejected."""
    if resource.status == PUBLISHED:
        return False
    _refuse_in(resource, "approve")
    _move(session, resource, PUBLISHED, "approve", actor, now, reason)
    return True


def reject(session: Session, resource: Resource, *, actor: str, now: datetime, reason: str) -> bool:
    """Keep a resource that waits for review out, whatever its provider sends later."""
    if resource.status == REJECTED:
        return False
    _refuse_in(resource, "reject")
    _needs(reason)
    _move(session, resource, REJECTED, "reject", actor, now, reason)
    return True


def withdraw(
    session: Session,
    resource: Resource,
    *,
    actor: str,
    now: datetime,
    reason: str,
    successor: str | None = None,
) -> bool:
    """Turn a public resource into a tombstone that no harvest brings back.

    Args:
        successor: Where to go instead: an address of ours or a URL.
    """
    _refuse_in(resource, "withdraw")
    _needs(reason)
    instead = _successor(session, resource, successor) if successor else resource.successor
    as_it_is = (resource.withdrawn_by is not None, resource.withdrawn_reason, resource.successor)
    if resource.status == WITHDRAWN and as_it_is == (True, reason, instead):
        return False
    resource.withdrawn_by, resource.withdrawn_reason = actor, reason
    resource.successor = instead
    detail = {"successor": instead} if instead else {}
    _move(session, resource, WITHDRAWN, "withdraw", actor, now, reason, **detail)
    return True


def restore(
    session: Session, resource: Resource, *, actor: str, now: datetime, reason: str | None = None
) -> bool:
    """Bring a withdrawn resource back, as long as its provider has not deleted it."""
    if resource.status in (PUBLISHED, MERGED):
        return False
    _refuse_in(resource, "restore")
    record = record_of(session, resource)
    if record is not None and record.blocked:
        raise UsageError(
            f"The record of '{resource.address}' is blocked. "
            f"First: oer curate unblock {resource.address}"
        )
    if record is not None and record.deleted:
        raise UsageError(
            f"The provider of '{resource.address}' has deleted it, or its source was removed. "
            "It comes back when the provider sends it again."
        )
    resource.withdrawn_by = resource.withdrawn_reason = resource.successor = None
    status = MERGED if resource.merged_into_id is not None else PUBLISHED
    _move(session, resource, status, "restore", actor, now, reason)
    return True


# -- never again -----------------------------------------------------------------------------------


def block(session: Session, resource: Resource, *, actor: str, now: datetime, reason: str) -> bool:
    """Refuse a resource's record for good: withdrawn, or rejected, and never harvested again."""
    record = record_of(session, resource)
    if record is None:
        raise UsageError(
            f"'{resource.address}' was not harvested, so there is nothing to block. "
            f"Take it away with: oer curate withdraw {resource.address}"
        )
    _needs(reason)
    changed = block_record(session, record, actor=actor, now=now, reason=reason)
    if resource.status == IN_REVIEW:
        reject(session, resource, actor=actor, now=now, reason=reason)
    elif resource.status == PUBLISHED or (
        resource.status == WITHDRAWN and resource.withdrawn_by is None
    ):
        withdraw(session, resource, actor=actor, now=now, reason=reason)
    return changed


def block_record(
    session: Session, record: HarvestedRecord, *, actor: str, now: datetime, reason: str
) -> bool:
    """Refuse one record for good. Its resource, where it has one, is left to :func:`block`."""
    return _set_blocked(session, record, True, actor, now, reason)


def unblock(
    session: Session, resource: Resource, *, actor: str, now: datetime, reason: str | None = None
) -> bool:
    """Let harvests see the record again. The resource stays as it is; see :func:`restore`."""
    record = record_of(session, resource)
    return record is not None and unblock_record(
        session, record, actor=actor, now=now, reason=reason
    )


def unblock_record(
    session: Session,
    record: HarvestedRecord,
    *,
    actor: str,
    now: datetime,
    reason: str | None = None,
) -> bool:
    """Let harvests see one record again."""
    return _set_blocked(session, record, False, actor, now, reason)


def find_record(session: Session, slug: str, identifier: str) -> HarvestedRecord:
    """The record of a source by the provider's own identifier.

    Raises:
        UnknownSource: No source of that slug.
        UsageError: The source has sent no such record.
    """
    source = sources.get(session, slug)
    query = select(HarvestedRecord).where(
        HarvestedRecord.source_id == source.id, HarvestedRecord.identifier == identifier
    )
    record = session.scalar(query)
    if record is None:
        raise UsageError(f"The source '{slug}' has sent no record '{identifier}'.")
    return record


def _set_blocked(
    session: Session,
    record: HarvestedRecord,
    blocked: bool,
    actor: str,
    now: datetime,
    reason: str | None,
) -> bool:
    if record.blocked == blocked:
        return False
    record.blocked = blocked
    resource = session.get(Resource, record.resource_id) if record.resource_id else None
    log(
        session,
        "block" if blocked else "unblock",
        actor=actor,
        now=now,
        resource=resource,
        source_id=record.source_id,
        reason=reason,
        detail={"identifier": record.identifier},
    )
    return True


# -- corrections -----------------------------------------------------------------------------------


def set_field(
    session: Session,
    resource: Resource,
    field: str,
    value: Any,
    *,
    actor: str,
    now: datetime,
    reason: str,
) -> bool:
    """Set an element to a curator's value, over whatever the provider sends now and later.

    Args:
        value: As ``oer.metadata.field_values.parse`` gives it.
    """
    _needs(reason)
    overrides = overrides_of(session, resource)
    override = next((each for each in overrides if each.field == field), None)
    reading = provider_reading(session, resource, overrides)
    value_json = checked_json(field, value)
    provider = field_json(reading.metadata, field)
    if override is None:
        override = Override(resource_id=resource.id, field=field)
        session.add(override)
    elif (override.value_json, override.provider_json) == (value_json, provider):
        return False
    before = field_json(resource.description, field)
    override.value_json, override.provider_json = value_json, provider
    override.provider_changed_at = None
    override.reason, override.created_by, override.created_at = reason, actor, now
    redescribe(session, resource, reading, now=now)
    detail = {"field": field, "before": before, "after": value_json}
    log(session, "set", actor=actor, now=now, resource=resource, reason=reason, detail=detail)
    return True


def unset_field(
    session: Session,
    resource: Resource,
    field: str,
    *,
    actor: str,
    now: datetime,
    reason: str | None = None,
) -> bool:
    """Give an element back to the provider."""
    overrides = overrides_of(session, resource)
    override = next((each for each in overrides if each.field == field), None)
    if override is None:
        return False
    before = field_json(resource.description, field)
    reading = provider_reading(session, resource, overrides)
    session.delete(override)
    redescribe(session, resource, reading, now=now)
    detail = {"field": field, "before": before, "after": field_json(resource.description, field)}
    log(session, "unset", actor=actor, now=now, resource=resource, reason=reason, detail=detail)
    return True


def checked_json(field: str, value: Any) -> str:
    """The JSON form of a value, which must be of the element's type: every harvest reads it again.

    Raises:
        UsageError: No such element, or the value is not of its type.
    """
    value_json = msgspec.json.encode(value).decode()
    field_value(field, value_json)
    return value_json


# -- trust -----------------------------------------------------------------------------------------


def set_trust(
    session: Session,
    slug: str,
    trust: str,
    *,
    actor: str,
    now: datetime,
    reason: str | None = None,
) -> bool:
    """Say what becomes of a source's new resources; those there are stay as they are.

    Args:
        trust: ``publish`` at once, ``review`` all, or publish when no check found an error
            (``checked``).

    Raises:
        UnknownSource: No source of that slug.
        UsageError: No such kind of trust.
    """
    source = sources.get(session, slug)
    if trust not in TRUST:
        raise UsageError(f"No trust '{trust}'. Known: {', '.join(TRUST)}.")
    if source.trust == trust:
        return False
    detail = {"before": source.trust, "after": trust}
    source.trust = trust
    log(
        session,
        "trust",
        actor=actor,
        now=now,
        source_id=source.id,
        reason=reason,
        detail=detail,
    )
    return True


# -- parts of the above ----------------------------------------------------------------------------


def _refuse_in(resource: Resource, action: str) -> None:
    advice = _ADVICE.get((action, resource.status))
    if advice:
        raise UsageError(f"'{resource.address}' {advice.format(resource.address)}")


def _needs(reason: str) -> None:
    if not reason.strip():
        raise UsageError("Give a reason: others will want to know why.")


def _move(
    session: Session,
    resource: Resource,
    status: str,
    action: str,
    actor: str,
    now: datetime,
    reason: str | None,
    **detail: Any,
) -> None:
    detail = {"before": resource.status, "after": status} | detail
    resource.status = status
    touch(resource, now)
    log(session, action, actor=actor, now=now, resource=resource, reason=reason, detail=detail)


def _successor(session: Session, resource: Resource, given: str) -> str:
    """An address of ours or a URL, checked.

    Raises:
        UsageError: It is neither, or the resource itself.
    """
    if url := normalise_url(given):
        return url
    known = session.scalar(select(Resource.id).where(Resource.address == given))
    if known is None or known == resource.id:
        raise UsageError(
            f"'{given}' cannot stand in for '{resource.address}'. "
            "Give the address of another resource, or a URL."
        )
    return given
