"""Overrides: a curator's value for a field, laid over whatever the provider sends."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from oer.errors import UsageError
from oer.metadata.resource_metadata import ResourceMetadata
from oer.models import Override

FIELDS: Mapping[str, Any] = {
    field.name: field.type
    for field in msgspec.structs.fields(ResourceMetadata)
    if field.name != "records"
}
"""The elements that can be overridden, and their types."""

_encode = msgspec.json.Encoder().encode


def field_json(metadata: ResourceMetadata, field: str) -> str:
    """One element in the JSON form of the pivot."""
    return _encode(getattr(metadata, field)).decode()


def field_value(field: str, value_json: str) -> Any:
    """An element's value from its JSON form.

    Raises:
        UsageError: No such element, or the JSON is not of its type.
    """
    if field not in FIELDS:
        raise UsageError(f"No field '{field}'. Known: {', '.join(sorted(FIELDS))}.")
    try:
        return msgspec.json.decode(value_json, type=FIELDS[field])
    except msgspec.MsgspecError as error:
        raise UsageError(f"'{value_json[:80]}' is no value for '{field}': {error}") from error


def apply(metadata: ResourceMetadata, overrides: Iterable[Override]) -> ResourceMetadata:
    """The description as the curators want it."""
    values = {each.field: field_value(each.field, each.value_json) for each in overrides}
    return replace(metadata, **values) if values else metadata


def provider_changed(metadata: ResourceMetadata, overrides: Iterable[Override]) -> list[int]:
    """Ids of overrides whose provider has changed its mind since, seen for the first time now."""
    return [
        each.id
        for each in overrides
        if each.provider_changed_at is None
        and field_json(metadata, each.field) != each.provider_json
    ]
