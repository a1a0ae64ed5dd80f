"""What the fields of MARC are made of: subfields, and the punctuation (ISBD) after them."""

import re
from typing import TYPE_CHECKING

from oer.formats.draft import is_uri
from oer.metadata.resource_metadata import Term

if TYPE_CHECKING:
    from pymarc import Field


def subfields(field: "Field", codes: str) -> list[str]:
    return [text for text in field.get_subfields(*codes) if text]


_LONG_WORD = re.compile(r"\w{5,}\.$")


def plain(text: str) -> str:
    """The text without the marks before the next element, and without a sentence's full stop.

    A full stop after a short word may belong to an abbreviation or an initial, and stays.
    """
    text = text.strip().rstrip(" /:;,=")
    return text[:-1] if _LONG_WORD.search(text) else text


def joined(field: "Field", codes: str, separator: str = " ") -> str:
    return plain(separator.join(subfields(field, codes)))


_SCHEMES = {"0": "lcsh", "1": "lcshac", "2": "mesh", "3": "nal", "5": "cash", "6": "rvm"}
"""Vocabularies by the second indicator of 6XX; 7 refers to $2."""


def term_of(field: "Field", label: str) -> Term:
    scheme = field.get("2") or _SCHEMES.get(field.indicators.second if field.indicators else "")
    uri = next(filter(is_uri, subfields(field, "01")), None)
    return Term(label, raw_id=uri, raw_scheme=scheme)


def heading_of(field: "Field") -> str:
    """A heading and its subdivisions."""
    main = plain(" ".join(subfields(field, "abcnpqt")))
    parts = [plain(text) for text in subfields(field, "vxyz")]
    return " -- ".join(filter(None, [main, *parts]))
