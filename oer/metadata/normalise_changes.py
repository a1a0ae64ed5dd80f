"""The account of a normalisation: every change is noted, and values that need none are kept.

Each ``normalise_*`` module has functions of type :data:`One`, each for one value of a field. What a
newcomer would get wrong: they return the very value they were given where nothing changes, so that
nothing is rebuilt; ``is`` tells, not ``==``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from msgspec.structs import replace

from oer.metadata.names import hide_e_mail
from oer.metadata.resource_metadata import Basis, Identifier
from oer.metadata.vocabularies import Tables

LONGEST_EVIDENCE = 300
"""Longer texts are cut in the account; the harvested record has them whole."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value that normalisation changed, made canonical or took away.

    Args:
        field: The element, with dots for what lies inside it (``materials.url``).
        raw: What stood there. An e-mail address in it is hidden.
        canonical: What stands there now; None where it was taken away.
        rule: What led there: a vocabulary's rule, or one of this module's.
        basis: How the canonical value was reached; None where there is none.
    """

    field: str
    raw: str
    canonical: str | None
    rule: str
    basis: Basis | None = None


Changes = list[Change]
V = TypeVar("V")
One = Callable[[str, V, Tables, Changes], "V | tuple[V, ...] | None"]
"""Normalises one value of a field: itself where nothing changes, None where nothing is left."""


def each_value(
    field: str, values: tuple[V, ...], one: One[V], tables: Tables, changes: Changes
) -> tuple[V, ...]:
    """All values of a field, without what is empty and what is there already."""
    found: list[V] = []
    same = True
    for value in values:
        new = one(field, value, tables, changes)
        if new is value:
            found.append(value)
            continue
        same = False
        if type(new) is tuple:
            found.extend(new)
        elif new is not None:
            found.append(new)  # type: ignore[arg-type]
    if len(found) > 1:
        unique = _unique(field, found, changes)
        same = same and len(unique) == len(values)
        found = unique
    return values if same else tuple(found)


def _unique(field: str, values: list[V], changes: Changes) -> list[V]:
    """Without exact duplicates; identifiers are duplicates whatever their spelling was."""
    if isinstance(values[0], Identifier):
        keyed = {(v.scheme, v.value): v for v in reversed(values)}  # type: ignore[attr-defined]
        kept = [v for v in values if keyed[(v.scheme, v.value)] is v]  # type: ignore[attr-defined]
    else:
        kept = list(dict.fromkeys(values))
    if len(kept) < len(values):
        left = {id(value) for value in kept}
        changes.extend(
            Change(field, evidence(_spelling(value)), None, "duplicate")
            for value in values
            if id(value) not in left
        )
    return kept


def _spelling(value: object) -> str:
    """What to show of a value in the account."""
    for name in ("text", "raw", "raw_id", "name", "value", "url", "id"):
        found = getattr(value, name, None)
        if isinstance(found, str) and found:
            return found
    return ""


def evidence(text: str) -> str:
    """What to show of a text in the account: cut, and without e-mail addresses."""
    text = hide_e_mail(text)
    return text if len(text) <= LONGEST_EVIDENCE else f"{text[: LONGEST_EVIDENCE - 1]}…"


def note(
    changes: Changes, field: str, raw: str, canonical: str | None, rule: str, basis: Basis | None
) -> None:
    """Account for a change; mere white space is none."""
    if canonical != raw and (canonical is None or canonical.split() != raw.split()):
        new = None if canonical is None else evidence(canonical)
        changes.append(Change(field, evidence(raw), new, rule, basis))


def with_fields(value: V, /, **fields: Any) -> V:
    """The value with these fields, or itself where they are as they were."""
    for name, new in fields.items():
        if getattr(value, name) != new:
            return replace(value, **fields)  # type: ignore[type-var]
    return value
