"""MARC fields of languages, numbers and subjects."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from oer.formats.draft import Draft, list_parts, named_identifier
from oer.formats.marc_values import heading_of, joined, subfields, term_of
from oer.metadata.resource_metadata import Alignment, Identifier, LangString, Term

if TYPE_CHECKING:
    from pymarc import Field, Record

Handler = Callable[[Draft, "Field"], None]


_CODED_LANGUAGE = slice(35, 38)
_NO_LANGUAGE = frozenset({"", "und", "zxx", "mul", "|||"})


def language(draft: Draft, field: "Field") -> None:
    """041 $a and $d; older records run the codes together (``engfre``)."""
    for text in subfields(field, "ad"):
        step = 3 if len(text) % 3 == 0 and text.isalpha() else len(text)
        codes = (text[start : start + step] for start in range(0, len(text), step))
        scheme = field.get("2") or "marc"
        draft["language"].extend(Term(code, raw_scheme=scheme) for code in codes)


def coded_language(record: "Record") -> Iterator[Term]:
    for field in record.get_fields("008"):
        code = (field.data or "")[_CODED_LANGUAGE].strip()
        if code not in _NO_LANGUAGE and code.isalpha():
            yield Term(code, raw_scheme="marc")


def isbn(draft: Draft, field: "Field") -> None:
    for text in subfields(field, "a"):
        number = text.split(" ")[0].split("(")[0]
        raw = text if number != text else None
        draft["identifiers"].append(Identifier(number, "isbn", raw))


def issn(draft: Draft, field: "Field") -> None:
    draft["identifiers"].extend(Identifier(text, "issn") for text in subfields(field, "a"))


_STANDARD_NUMBERS = {"0": "isrc", "1": "upc", "2": "ismn", "3": "ean", "4": "sici"}


def standard_number(draft: Draft, field: "Field") -> None:
    name = _STANDARD_NUMBERS.get(field.indicators.first if field.indicators else "", "")
    for text in subfields(field, "a"):
        draft["identifiers"].append(named_identifier(text, field.get("2") or name))


def class_number(scheme: str | None) -> Handler:
    """The number of a class. $2 names the scheme in 084 only; elsewhere it is the edition."""

    def add(draft: Draft, field: "Field") -> None:
        for text in subfields(field, "a"):
            draft["about"].append(Term(text, raw_scheme=scheme or field.get("2")))

    return add


def subject(draft: Draft, field: "Field") -> None:
    if heading := heading_of(field):
        draft["keywords"].append(term_of(field, heading))


def place(draft: Draft, field: "Field") -> None:
    """A place or a time is coverage; with subdivisions it is a heading like others."""
    if subfields(field, "vx"):
        subject(draft, field)
    elif heading := heading_of(field):
        draft["coverage"].append(LangString(heading))


def free_keywords(draft: Draft, field: "Field") -> None:
    for text in subfields(field, "a"):
        draft["keywords"].extend(Term(part) for part in list_parts(text))


def genre(draft: Draft, field: "Field") -> None:
    if heading := heading_of(field):
        draft["learning_resource_type"].append(term_of(field, heading))


def content_type(draft: Draft, field: "Field") -> None:
    draft["learning_resource_type"].extend(term_of(field, text) for text in subfields(field, "a"))


def objective(draft: Draft, field: "Field") -> None:
    """658: an objective of a curriculum."""
    if target := joined(field, "ab", " -- "):
        draft["alignment"].append(
            Alignment("teaches", Term(target, raw_id=field.get("c")), framework=field.get("2"))
        )
