"""What a curator types for one element of a description, turned into values of the pivot.

Typed values go through the same :func:`~oer.metadata.normalise.normalise` as a harvested record;
what comes out canonical gets the basis ``curated``, which nothing later touches. What a newcomer
would get wrong: a record may hold values that nobody understands, a curator may not. Whatever names
no concept, licence, date or address is refused, with the nearest ones there are.
"""

import difflib
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from oer.errors import UsageError
from oer.metadata import term_fields, vocabularies
from oer.metadata.identifiers import normalise_url
from oer.metadata.languages import read_language
from oer.metadata.licenses import read
from oer.metadata.names import without_e_mail
from oer.metadata.normalise import normalise
from oer.metadata.resource_metadata import (
    Agent,
    AgeRange,
    Duration,
    Flag,
    Identifier,
    LangString,
    LicenseStatement,
    PartialDate,
    ResourceMetadata,
    Term,
)
from oer.metadata.vocabularies import SHIPPED, VOCABULARIES, Tables, fold

SEPARATOR = ";"
"""Between the values of an element that repeats."""

ELEMENTS: Mapping[str, Any] = {
    field.name: field.type
    for field in msgspec.structs.fields(ResourceMetadata)
    if field.name != "records"
}
"""The elements a curator can set, and their types."""

VOCABULARY_OF: Mapping[str, tuple[str, ...]] = term_fields.ELEMENTS
"""Elements whose values are concepts, and the vocabularies they come from."""

_KINDS_OF_LICENSE = frozenset(
    {
        "license", "license-family", "public-domain-tool", "public-domain", "rights-statement",
        "in-copyright", "other-license",
    }
)  # fmt: skip
"""Kinds of statement that say something definite."""

_EXAMPLES = {
    LangString: '"Veden kiertokulku" --language fi',
    PartialDate: "2024-05-31  (or 2024-05, or 2024)",
    Duration: "PT45M  (or 45 min)",
    AgeRange: "7-9",
    Flag: "yes",
    Agent: '"Aino Esimerkki; Esimerkin koulu"',
    Identifier: "https://doi.org/10.5281/zenodo.1234",
    LicenseStatement: "https://creativecommons.org/licenses/by/4.0/  (or 'CC BY 4.0', 'CC0')",
}
_EXAMPLES_OF = {
    "language": "fi  (or 'fi; sv')",
    "keywords": '"vesi; kiertokulku" --language fi',
    "learning_resource_type": "type:video",
    "educational_level": "level:upper-secondary",
    "about": "subject:… or the address of a concept",
    "version": "2.1",
    "bibliographic_citation": '"Esimerkki, A. (2024). Vesi."',
    "landing_page": "https://repository.example/materials/17",
    "thumbnail": "https://repository.example/materials/17.png",
    "materials": """--json-value '[{"url": "https://repository.example/17.pdf"}]'""",
    "relations": (
        """--json-value '[{"kind": "is_part_of", "url": "https://repository.example/3"}]'"""
    ),
    "alignment": """--json-value '[{"type": "teaches", "target": {"raw": "…"}}]'""",
    "access_mode_sufficient": """--json-value '[[{"id": "mode:textual"}]]'""",
}


def field_name(typed: str) -> str:
    """The element a curator means: ``educationalLevel`` and ``educational-level`` are one.

    Raises:
        UsageError: There is no such element; the message names the nearest.
    """
    wanted = _squeezed(typed)
    names = {_squeezed(name): name for name in ELEMENTS}
    if wanted in names:
        return names[wanted]
    near = difflib.get_close_matches(wanted, names, 3, 0.6)
    known = ", ".join([names[each] for each in near] or sorted(ELEMENTS))
    raise UsageError(f"No field '{typed}'. {'Near' if near else 'Known'}: {known}.")


def example(field: str) -> str:
    """A value as one may type it for a field."""
    if field in _EXAMPLES_OF:
        return _EXAMPLES_OF[field]
    if field in VOCABULARY_OF:
        concepts = vocabularies.concepts(VOCABULARY_OF[field][0])
        return concepts[0].id
    return _EXAMPLES[_kind(field)]


def parse(
    field: str,
    text: str,
    *,
    language: str | None = None,
    present: Any = (),
    tables: Tables = SHIPPED,
) -> Any:
    """The value of an element from what a curator typed. Empty text empties the element.

    Args:
        field: Name of the element (:func:`field_name`).
        text: Elements that repeat take several values, separated by semicolons; texts and
            licences take one.
        language: Language of a text or of keywords. A text given with its language takes the place
            of the texts in that language and of those whose language is unknown; others stay.
        present: What stands in the element now.
        tables: Mapping tables that labels are looked up in.

    Raises:
        UsageError: The text is no value for the element.
    """
    kind = _kind(field)
    tag = _language(field, kind, language)
    if kind is not str and kind not in _RAW:
        raise UsageError(f"'{field}' has parts; give it as JSON, such as {example(field)}")
    if kind is str:
        return _single(field, text) if text.strip() else None
    understood = [
        value
        for part in _parts(kind, text)
        for value in _understood(field, _RAW[kind](part, tag), part, tables)
    ]
    # "fi; suomi" names one language twice.
    unique: dict[Any, Any] = {}
    for each in understood:
        unique.setdefault(getattr(each, "id", None) or each, each)
    values = tuple(unique.values())
    return _beside(values, present, tag) if kind is LangString and tag else values


def parse_json(field: str, text: str) -> Any:
    """The value of an element from its JSON form in the pivot.

    Raises:
        UsageError: It is not JSON of the element's type, or holds a value that cannot stand.
    """
    try:
        given = msgspec.json.decode(text, type=ELEMENTS[field])
    except msgspec.MsgspecError as error:
        raise UsageError(
            f"'{text[:80]}' is no value for '{field}': {error}. Such as: {example(field)}"
        ) from error
    _check_canonical(field, given)
    if not isinstance(given, tuple):
        return given if given is None else _single(field, given)
    stated = tuple(_without_basis(value) for value in given)
    values = _normalised(field, stated, SHIPPED)
    if len(values) < len(stated) or _canonical_count(values) < _canonical_count(stated):
        raise UsageError(
            f"'{text[:80]}' holds a value that cannot stand in '{field}': empty, doubled, or no "
            f"web address. Such as: {example(field)}"
        )
    return tuple(_curated(value) for value in values)


# -- what stands for what --------------------------------------------------------------------------

_RAW: Mapping[Any, Callable[[str, str | None], Any]] = {
    LangString: lambda text, language: LangString(text, language),
    Term: lambda text, language: Term(text, language=language),
    PartialDate: lambda text, language: PartialDate(text),
    Duration: lambda text, language: Duration(text),
    AgeRange: lambda text, language: AgeRange(text),
    Flag: lambda text, language: Flag(text),
    Agent: lambda text, language: Agent(text),
    Identifier: lambda text, language: Identifier(text),
    LicenseStatement: lambda text, language: LicenseStatement(text),
}
"""How a typed piece looks before it is normalised, by the type of the element's values."""


def _kind(field: str) -> Any:
    """The type of an element's values; ``str`` for those that do not repeat."""
    arguments = typing.get_args(ELEMENTS[field])
    return str if str in arguments else arguments[0]


def _language(field: str, kind: Any, language: str | None) -> str | None:
    if language is None:
        return None
    if kind is not LangString and field != "keywords":
        raise UsageError(f"The values of '{field}' have no language. Leave --language out.")
    tag = read_language(language)
    if tag is None:
        raise UsageError(f"'{language}' is no language. Give a BCP 47 tag such as fi, sv or en.")
    return tag


def _parts(kind: Any, text: str) -> list[str]:
    if kind in (LangString, LicenseStatement):
        return [text] if text.strip() else []
    return [part.strip() for part in text.split(SEPARATOR) if part.strip()]


def _single(field: str, text: str) -> str:
    value = _normalised(field, text, SHIPPED)
    if not value:
        raise UsageError(f"'{text[:80]}' is no value for '{field}'. Such as: {example(field)}")
    return str(value)


def _beside(values: tuple[Any, ...], present: Any, tag: str) -> tuple[Any, ...]:
    """The texts in one language put where those in that language, or in none, stood."""
    places = [place for place, each in enumerate(present) if each.language in (tag, None)]
    place = places[0] if places else len(present)
    others = [each for each in present if each.language not in (tag, None)]
    return (*others[:place], *values, *others[place:])


def _understood(field: str, value: Any, text: str, tables: Tables) -> tuple[Any, ...]:
    if isinstance(value, Agent) and without_e_mail(text) != text.strip():
        raise UsageError(f"'{text}' holds an e-mail address. Give the name alone.")
    found = _normalised(field, (value,), tables)
    if field == "about" and not any(each.id for each in found) and (url := normalise_url(text)):
        return (Term(id=url, basis="curated"),)
    wanted = field != "keywords"
    if not found or (wanted and not all(map(_is_definite, found))):
        raise UsageError(_refusal(field, text))
    return tuple(_curated(each) for each in found)


def _normalised(field: str, value: Any, tables: Tables) -> Any:
    element: dict[str, Any] = {field: value}
    return getattr(normalise(ResourceMetadata(**element), tables)[0], field)


def _is_definite(value: Any) -> bool:
    match value:
        case LicenseStatement():
            return value.kind in _KINDS_OF_LICENSE
        case AgeRange():
            return value.minimum is not None or value.maximum is not None
        case Term():
            return value.id is not None
        case PartialDate() | Duration() | Flag():
            return value.value is not None
    return True


def _curated(value: Any) -> Any:
    """The value with the basis of a curator's word, where it has a canonical form."""
    if not hasattr(value, "basis") or not _is_definite(value):
        return value
    if isinstance(value, Term) and value.id is None:
        return value
    if isinstance(value, Term) and value.raw == value.id:
        return replace(value, raw="", basis="curated")
    return replace(value, basis="curated")


# -- JSON from a curator is no more to be trusted than a record ------------------------------------


def _without_basis(value: Any) -> Any:
    """As if a record had stated it: what a curator decided is not looked at again otherwise."""
    return replace(value, basis=None) if hasattr(value, "basis") else value


def _canonical_count(values: tuple[Any, ...]) -> int:
    return sum(
        bool(getattr(value, name, None)) for value in values for name in ("id", "uri", "value")
    )


def _check_canonical(field: str, value: Any) -> None:
    """Refuse canonical values that name nothing: no rule checks them again."""
    for each in _structs(value):
        if isinstance(each, Term) and each.id and not _names_a_concept(each.id):
            raise UsageError(_refusal(field, each.id))
        if isinstance(each, LicenseStatement):
            for name in filter(None, (each.uri, each.family)):
                if read(name).kind not in _KINDS_OF_LICENSE:
                    raise UsageError(_refusal("license", name))


def _names_a_concept(id_: str) -> bool:
    if id_.partition(":")[0] in VOCABULARIES:
        return vocabularies.get(id_) is not None
    return read_language(id_) == id_ or normalise_url(id_) is not None


def _structs(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        for each in value:
            yield from _structs(each)
    elif isinstance(value, msgspec.Struct):
        yield value
        for name in value.__struct_fields__:
            yield from _structs(getattr(value, name))


# -- saying no -------------------------------------------------------------------------------------


def _refusal(field: str, text: str) -> str:
    shown = text if len(text) <= 80 else f"{text[:79]}…"
    if field in VOCABULARY_OF:
        names = " or ".join(VOCABULARY_OF[field])
        near = ", ".join(_near(VOCABULARY_OF[field], text))
        return f"'{shown}' is no concept of the vocabulary {names}. " + (
            f"Near: {near}." if near else f"Such as: {example(field)}."
        )
    if field in ("license", "metadata_license"):
        return (
            f"'{shown}' names no licence that we know, or several. Such as: "
            f"{_EXAMPLES[LicenseStatement]}; or give 'in copyright'."
        )
    return f"'{shown}' is no value for '{field}'. Such as: {example(field)}"


def _near(names: tuple[str, ...], text: str) -> list[str]:
    """Concepts of which a code, label or known spelling looks like the text, the likest first."""
    wanted = fold(text.partition(":")[2] or text)
    spellings: dict[str, str] = {}
    for name in names:
        for concept in vocabularies.concepts(name):
            for spelling in (concept.code, *concept.labels.values()):
                spellings.setdefault(fold(spelling), concept.id)
        for row in VOCABULARIES[name].rows:
            spellings.setdefault(fold(row.raw), row.target.partition(" ")[0])
    close = difflib.get_close_matches(wanted, spellings, 6, 0.6)
    within = [each for each in spellings if len(wanted) > 3 and wanted in each]
    return list(dict.fromkeys(spellings[each] for each in (*close, *within)))[:6]


def _squeezed(name: str) -> str:
    return name.replace("_", "").replace("-", "").casefold()
