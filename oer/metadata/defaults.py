"""Source defaults: what records leave unsaid because their provider said it elsewhere.

A curator declares them, for a closed list of elements (:data:`ELEMENTS`). They are laid under a
description when it is made and are never part of what the record states: basis ``source_default``,
no raw form, a line of their own in the account of changes.

What a newcomer would get wrong: a value that was stated and not understood is no gap. It stays
unknown, and so does a licence wherever the record says anything at all about rights.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from msgspec.structs import replace

from oer.errors import UsageError
from oer.metadata import field_values
from oer.metadata.license_words import analyse
from oer.metadata.licenses import LOM_COPYRIGHT, read_statement
from oer.metadata.normalise import Change
from oer.metadata.resource_metadata import (
    Agent,
    Basis,
    Flag,
    LicenseStatement,
    ResourceMetadata,
    Term,
)

OPTION = "defaults"
"""Where they are kept in ``Source.options``."""

BASIS: Basis = "source_default"

RULE = "from the source's own terms, not stated in the record"
"""The rule that stands in the account of changes."""

MOST_VALUES = 20
LONGEST = 500

Defaults = Mapping[str, tuple[Any, ...]]
"""Element to the values it has where the record is silent, ready for a description."""

NONE: Defaults = {}


# What may be declared -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Element:
    """An element that a source may have a default for.

    Args:
        example: A value, as it may be declared.
        several: Whether more than one value may hold for every record.
        elsewhere: What else in a description says the same, so that nothing is left unsaid.
    """

    example: str
    several: bool = False
    elsewhere: Callable[[ResourceMetadata], bool] = lambda metadata: False


def _languages_of_materials(metadata: ResourceMetadata) -> bool:
    return any(material.language for material in metadata.materials)


def _aligned_levels(metadata: ResourceMetadata) -> bool:
    return any(each.type == "educational_level" for each in metadata.alignment)


def _access_of_any_kind(metadata: ResourceMetadata) -> bool:
    return bool(
        metadata.conditions_of_access
        or metadata.access_rights
        or any(material.access_rights for material in metadata.materials)
    )


ELEMENTS: Mapping[str, Element] = {
    "language": Element("fi", several=True, elsewhere=_languages_of_materials),
    "license": Element("https://creativecommons.org/licenses/by/4.0/"),
    "educational_level": Element("level:upper-secondary", several=True, elsewhere=_aligned_levels),
    "audience": Element("audience:teacher", several=True),
    "publisher": Element("Esimerkin kustannus", several=True),
    "is_accessible_for_free": Element("true"),
    "conditions_of_access": Element("access:no-login", elsewhere=_access_of_any_kind),
    "access_rights": Element("access:open", elsewhere=_access_of_any_kind),
}
"""The elements that can hold for everything a provider has. Titles, subjects, authors and dates are
said of one material, so they are not among them."""

# Declaring ----------------------------------------------------------------------------------------


def checked(given: Mapping[str, Any], what: str = "The defaults") -> dict[str, Any]:
    """Declared defaults in the form they are kept in: JSON, every value canonical.

    A text, true or false where an element has one value; a list of texts where it has several.

    Raises:
        UsageError: Something cannot be declared; the message names all that is wrong.
    """
    if found := list(mistakes(given)):
        raise UsageError(f"{what} cannot be used: {' '.join(found)}")
    return {name: _kept(_values(name, given[name])) for name in ELEMENTS if name in given}


def mistakes(given: Any, where: str = "") -> Iterator[str]:
    """What is wrong with declared defaults, a sentence each."""
    if not isinstance(given, Mapping):
        yield f"{where.removesuffix('.') or 'defaults'} must be a table."
        return
    for name, value in given.items():
        try:
            _values(str(name), value)
        except UsageError as error:
            yield f"{where.removesuffix('.') or name}: {error}"


def read_pairs(pairs: Iterable[str], present: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Defaults from ``element=value`` texts, laid over those there are.

    An element that is named is declared anew, with all values it is named with; ``element=`` alone
    takes its default away.

    Raises:
        UsageError: A text is no such pair, or a value cannot be declared.
    """
    named: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(
                f"'{pair}' declares no default. Write ELEMENT=VALUE, such as language=fi. "
                f"{_known()}"
            )
        element = _named(name)
        named.setdefault(element, [])
        if value.strip():
            named[element].append(value.strip())
    laid = {**(present or {}), **named}
    return checked({name: value for name, value in laid.items() if value != []})


def _values(name: str, given: Any) -> tuple[Any, ...]:
    """The values of one element, ready for a description.

    Raises:
        UsageError: There is no such element, or a value cannot stand.
    """
    element = ELEMENTS[_named(name, exactly=True)]
    texts = [_text(name, each) for each in (given if isinstance(given, list) else [given])]
    found = [value for text in texts for value in field_values.parse(name, text)]
    values = tuple(dict.fromkeys(_default(name, value) for value in found))
    if not values or len(values) > (MOST_VALUES if element.several else 1):
        most = f"up to {MOST_VALUES} values" if element.several else "one value"
        raise UsageError(
            f"{name}: {len(values)} values are declared; it takes {most}, such as "
            f"{element.example}."
        )
    return values


def _named(typed: str, *, exactly: bool = False) -> str:
    name = typed if exactly else typed.strip().replace("-", "_").lower()
    if name in ELEMENTS:
        return name
    near = get_close_matches(name, ELEMENTS, 2)
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    raise UsageError(f"'{typed[:80]}' can have no default. {meant}{_known()}")


def _known() -> str:
    return f"These can: {', '.join(ELEMENTS)}."


def _text(name: str, given: Any) -> str:
    if isinstance(given, bool) and name == "is_accessible_for_free":
        return "true" if given else "false"
    if not isinstance(given, str) or not given.strip() or len(given) > LONGEST:
        raise UsageError(
            f"{name}: '{str(given)[:80]}' is no value. It must be a text of 1 to {LONGEST} "
            f"characters, such as {ELEMENTS[name].example}."
        )
    return given.strip()


def _default(name: str, value: Any) -> Any:
    """A value as a curator would set it, without raw form, and by the source's own terms."""
    if isinstance(value, Agent):
        return value
    if isinstance(value, LicenseStatement):
        if not (value.uri or value.family):
            raise UsageError(
                f"license: '{value.raw[:80]}' names no licence with an address or a name that we "
                f"know. Give its address, such as {ELEMENTS['license'].example}"
            )
        return LicenseStatement(kind=value.kind, uri=value.uri, family=value.family, basis=BASIS)
    if isinstance(value, Term):
        return Term(id=value.id, basis=BASIS)
    return replace(value, raw="", basis=BASIS)


def _kept(values: tuple[Any, ...]) -> Any:
    kept = [_spelled(value) for value in values]
    return kept[0] if len(kept) == 1 else kept


def _spelled(value: Any) -> Any:
    if isinstance(value, LicenseStatement):
        return value.uri or value.family
    if isinstance(value, Flag):
        return value.value
    return value.name if isinstance(value, Agent) else value.id


# Applying -----------------------------------------------------------------------------------------


def of_options(options: Mapping[str, Any] | None) -> Defaults:
    """The defaults among the options of a source, ready for its descriptions.

    A value that means nothing any more, since a vocabulary lost it, is left out.
    """
    kept = (options or {}).get(OPTION)
    found: dict[str, tuple[Any, ...]] = {}
    for name, value in kept.items() if isinstance(kept, Mapping) else ():
        try:
            found[name] = _values(name, value)
        except UsageError:
            continue
    return found


def with_defaults(
    metadata: ResourceMetadata, defaults: Defaults
) -> tuple[ResourceMetadata, tuple[Change, ...]]:
    """A normalised description with its gaps filled, and an account of what was filled in."""
    filled: dict[str, Any] = {}
    changes: list[Change] = []
    for name, values in defaults.items():
        if not is_unsaid(metadata, name):
            continue
        # Statements about rights that say nothing of the licence stay beside it.
        filled[name] = (*getattr(metadata, name), *values)
        changes += [Change(name, "", _shown(value), RULE, BASIS) for value in values]
    return (replace(metadata, **filled) if filled else metadata), tuple(changes)


def is_unsaid(metadata: ResourceMetadata, name: str) -> bool:
    """Whether a record leaves an element wholly unsaid: no value, understood or not."""
    if name == "license":
        return not any(map(_speaks_of_rights, _statements(metadata)))
    return not getattr(metadata, name) and not ELEMENTS[name].elsewhere(metadata)


def without_defaults(
    metadata: ResourceMetadata, changes: Iterable[Change]
) -> tuple[ResourceMetadata, tuple[Change, ...]]:
    """Take back what :func:`with_defaults` did, by the account it gave."""
    changes = tuple(changes)
    laid = {(each.field, each.canonical) for each in changes if each.rule == RULE}
    fields = {
        field: tuple(
            value
            for value in getattr(metadata, field)
            if not ((field, _shown(value)) in laid and _may_be_default(value))
        )
        for field in {field for field, _ in laid}
    }
    return replace(metadata, **fields), tuple(each for each in changes if each.rule != RULE)


def _statements(metadata: ResourceMetadata) -> Iterator[LicenseStatement]:
    yield from metadata.license
    for material in metadata.materials:
        yield from material.license


def _speaks_of_rights(statement: LicenseStatement) -> bool:
    """Whether a statement says anything of what may be done with the resource.

    Those of the metadata, of mere access, and "n/a" say nothing. Words that nobody understands may
    forbid everything, so they count: "Vain koulukäyttöön", "Ask the author".
    """
    reading = read_statement(statement)
    if reading.scope == "metadata" or (reading.kind == "access-right" and reading.uri):
        return False
    if reading.kind != "none" or statement.raw_id:
        return True
    return statement.element != LOM_COPYRIGHT and not _says_nothing(statement.raw)


def _says_nothing(text: str) -> bool:
    words = analyse(text)
    start, end = words.signals.get("none", (0, 0))
    return end - start >= words.length or not any(map(str.isalnum, text))


def _may_be_default(value: Any) -> bool:
    """Agents carry no basis; of all others it tells."""
    return isinstance(value, Agent) or getattr(value, "basis", None) == BASIS


def _shown(value: Any) -> str:
    spelled = _spelled(value)
    return str(spelled).lower() if isinstance(spelled, bool) else str(spelled or "")
