"""A description in the making: a crosswalk adds statements one by one, in the record's order.

Exact repetitions are the only thing a draft leaves out.
"""

import re
from collections import defaultdict
from typing import Any

from oer.metadata.identifiers import SCHEME_NAMES
from oer.metadata.names import without_e_mail
from oer.metadata.resource_metadata import Identifier, ResourceMetadata, Term

Draft = defaultdict[str, list[Any]]
"""Element of ResourceMetadata to its values so far."""

# Elements that hold one text: what to put between several statements of it.
_JOINED = {"version": "; ", "bibliographic_citation": "; "}
# Elements that hold one address: the first is taken.
_FIRST = ("thumbnail", "landing_page")


def new_draft() -> Draft:
    """A draft that says nothing yet."""
    return defaultdict(list)


def finish(draft: Draft) -> ResourceMetadata:
    """The description that was drafted."""
    values: dict[str, Any] = {}
    for name, statements in draft.items():
        if len(statements) > 1:
            statements = list(dict.fromkeys(statements))
        if name in _JOINED:
            values[name] = _JOINED[name].join(statements)
        elif name in _FIRST:
            values[name] = statements[0]
        else:
            values[name] = tuple(statements)
    return ResourceMetadata(**values)


def is_web_address(text: str) -> bool:
    """Whether the text is one http(s) address and nothing else."""
    return text.startswith(("http://", "https://")) and not any(map(str.isspace, text))


def is_uri(text: str) -> bool:
    """Whether the text is an identifier of the web or a URN, rather than a label."""
    return is_web_address(text) or (text[:4].lower() == "urn:" and " " not in text)


def term(text: str, *, scheme: str | None = None, language: str | None = None) -> Term:
    """The term a text states: by identifier where it is a URI, by label otherwise."""
    if is_uri(text):
        return Term(raw_id=text, raw_scheme=scheme)
    return Term(text, raw_scheme=scheme, language=language)


def identifier(text: str) -> Identifier:
    """An identifier as given; which scheme it belongs to is for ``normalise`` to see."""
    return Identifier(text, "url" if is_web_address(text) else "other")


# Schemes whose values do not show of themselves what they are: a bare "1874/3054" is a handle only
# where the record says so.
_BARE_NUMBERS = frozenset({"isbn", "issn", "handle", "orcid", "isni", "ror", "wikidata"})


def named_identifier(text: str, name: str) -> Identifier:
    """An identifier that the record calls by the name of a scheme, ours or a local one."""
    name = name.strip()
    if is_uri(text):
        return identifier(text)
    scheme = SCHEME_NAMES.get(name.lower())
    if scheme in _BARE_NUMBERS:
        return Identifier(text, scheme)
    if scheme or not name or name.lower() in _PLAIN_NAMES:
        return identifier(text)
    return Identifier(text, raw=f"{name} {text}")


_PLAIN_NAMES = frozenset({"uuid", "other", "none"})
"""Names that add nothing to the identifier beside them."""


# A list typed into one element: at least three short parts. Two parts are as often one heading
# ("610 Medical sciences; Medicine"), and "&amp;" that was escaped twice ends in a semicolon too.
_LIST_PARTS = 3
_LONGEST_PART = 60


def list_parts(text: str) -> list[str]:
    """The keywords of one element: several where they clearly are a list with semicolons."""
    if text.count(";") < _LIST_PARTS - 1 or "&" in text or is_uri(text):
        return [text]
    parts = [part.strip() for part in text.split(";")]
    parts = [part for part in parts if part]
    is_list = len(parts) >= _LIST_PARTS and all(len(part) <= _LONGEST_PART for part in parts)
    return parts if is_list else [text]


# DigitalCommons@Example is the name of a repository; someone@example.org is an address.
_E_MAIL = re.compile(r"\S@[^\s@]+\.\w")


def agent_name(text: str) -> str:
    """A name as given but for any e-mail address; empty where it was nothing else."""
    return without_e_mail(text) if "@" in text and _E_MAIL.search(text) else text
