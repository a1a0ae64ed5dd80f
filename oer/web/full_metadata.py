"""The complete description of a resource, for those who look after it: nothing left out.

Element names stay those of the standards, because this part is for cataloguers. One row for each
value: what we made of it, what the record said, and how the one became the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from oer.metadata.resource_metadata import ResourceMetadata

BASES: dict[str, LazyString] = {
    "stated": _("as the record states it"),
    "mapped": _("by our tables"),
    "source_default": _("from the source’s own terms, not stated in the record"),
    "curated": _("by a curator"),
}
"""How a canonical value was reached, in words."""

_CANONICAL = ("text", "id", "uri", "family", "value", "bytes", "name", "url")
_RAW = ("raw", "raw_id")


@dataclass(frozen=True)
class Row:
    """One value of one element."""

    element: str
    canonical: str
    raw: str
    basis: LazyString | None
    more: list[tuple[str, str]]
    lang: str
    """The language of the text, or of the raw label; empty where unknown."""


@dataclass(frozen=True)
class AuditRow:
    """One change normalisation made, and by which rule."""

    field: str
    raw: str
    canonical: str
    rule: str
    basis: LazyString | str


def rows(metadata: ResourceMetadata) -> list[Row]:
    """Every value of every element that is not empty."""
    return [
        row
        for name, value in _filled(metadata)
        for row in (_row(_camel(name), each) for each in _each(value))
    ]


def audit_rows(audit_json: str | None) -> list[AuditRow]:
    """What normalisation changed; nothing where it was not written down."""
    try:
        changes = msgspec.json.decode(audit_json or "[]", type=list[dict[str, Any]])
    except msgspec.MsgspecError:
        return []
    return [_audit_row(change) for change in changes]


def _audit_row(change: dict[str, Any]) -> AuditRow:
    field, raw, canonical, rule, basis = (
        _flat(change.get(key)) for key in ("field", "raw", "canonical", "rule", "basis")
    )
    return AuditRow(field, raw, canonical, rule, BASES.get(basis, basis))


def _row(element: str, value: Any) -> Row:
    if not isinstance(value, msgspec.Struct):
        return Row(element, _flat(value), "", None, [], "")
    told = dict(_filled(value))
    basis = told.get("basis")
    main = next((key for key in _CANONICAL if key in told), None)
    raw = next((key for key in _RAW if key in told), None)
    rest = [(_camel(k), _flat(v)) for k, v in told.items() if k not in (main, raw, "basis")]
    return Row(
        element,
        _flat(told[main]) if main else "",
        _flat(told[raw]) if raw else "",
        BASES.get(basis) if basis else None,
        rest,
        told.get("language", "") if isinstance(told.get("language"), str) else "",
    )


def _filled(value: msgspec.Struct) -> Iterator[tuple[str, Any]]:
    for name in value.__struct_fields__:
        content = getattr(value, name)
        if content is not None and content != () and content != "":
            yield name, content


def _each(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _flat(value: Any) -> str:
    """A value as one line of text, structures written out as ``name: value``."""
    if isinstance(value, msgspec.Struct):
        return "; ".join(f"{_camel(name)}: {_flat(each)}" for name, each in _filled(value))
    if isinstance(value, (tuple, list)):
        return " | ".join(_flat(each) for each in value)
    return "" if value is None else str(value)


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
