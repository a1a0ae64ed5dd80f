"""What each kind of Dublin Core element adds to a draft: texts, terms, agents, relations and so on.

Which element is of which kind is a table in ``dublin_core``.
"""

import re
from collections.abc import Callable

from oer.formats.draft import (
    Draft,
    agent_name,
    identifier,
    is_uri,
    is_web_address,
    list_parts,
    term,
)
from oer.formats.namespaces import RDF, XSI
from oer.formats.xml import XML_LANG, Element, language_tag
from oer.metadata.resource_metadata import (
    Agent,
    Alignment,
    Duration,
    Identifier,
    LangString,
    LicenseStatement,
    Material,
    PartialDate,
    Relation,
    Size,
    Term,
)

Handler = Callable[[Draft, Element, str], None]
"""Adds what an element says to the draft; the text is the element's, stripped."""

# An aggregator's own number for the record: not of the resource, and not of its provider either.
_ADMINISTRATIVE = frozenset({"recordID"})

_RDF_RESOURCE = f"{{{RDF}}}resource"
_XSI_TYPE = f"{{{XSI}}}type"


def _lang(element: Element) -> tuple[str | None, str | None]:
    """The language stated for the element, ``lang`` standing in for a lost ``xml:lang``."""
    attributes = element.attrib
    if not attributes:
        return None, None
    stated = attributes.get(XML_LANG) or attributes.get("lang")
    return language_tag(stated)


def _lang_string(element: Element, text: str) -> LangString:
    return LangString(text, *_lang(element))


def _scheme(element: Element) -> str | None:
    """The vocabulary or encoding scheme an element names."""
    attributes = element.attrib
    if not attributes:
        return None
    return (
        attributes.get(_XSI_TYPE)
        or attributes.get("scheme")
        or attributes.get("type")
        or attributes.get("authority")
        or None
    )


def texts(field: str) -> Handler:
    """Text with its language."""

    def add(draft: Draft, element: Element, text: str) -> None:
        if text:
            draft[field].append(_lang_string(element, text))

    return add


def strings(field: str) -> Handler:
    """Text of which nobody says the language."""

    def add(draft: Draft, element: Element, text: str) -> None:
        if text:
            draft[field].append(text)

    return add


def terms(field: str) -> Handler:
    """A term of a vocabulary, by its words, by the address in ``rdf:resource``, or both."""

    def add(draft: Draft, element: Element, text: str) -> None:
        resource = element.get(_RDF_RESOURCE)
        if text:
            stated = term(text, scheme=_scheme(element), language=_lang(element)[0])
            draft[field].append(stated)
        if resource:
            draft[field].append(Term(raw_id=resource))

    return add


def dates(field: str) -> Handler:
    """A date."""

    def add(draft: Draft, element: Element, text: str) -> None:
        if text:
            draft[field].append(PartialDate(text))

    return add


def durations(field: str) -> Handler:
    """A duration."""

    def add(draft: Draft, element: Element, text: str) -> None:
        if text:
            draft[field].append(Duration(text))

    return add


def agents(field: str) -> Handler:
    """A person or organisation, by name."""

    def add(draft: Draft, element: Element, text: str) -> None:
        if name := agent_name(text):
            draft[field].append(Agent(name))

    return add


def licenses(name: str) -> Handler:
    """A statement about rights; ``name`` says which element made it."""

    def add(draft: Draft, element: Element, text: str) -> None:
        resource = element.get(_RDF_RESOURCE)
        if text or resource:
            language = _lang(element)[0]
            statement = LicenseStatement(text, resource, element=name, language=language)
            draft["license"].append(statement)

    return add


def relations(kind: str, raw_kind: str | None = None) -> Handler:
    """A related resource, by its address or in words."""

    def add(draft: Draft, element: Element, text: str) -> None:
        type_ = element.get("type")
        for stated in (text, element.get(_RDF_RESOURCE)):
            if stated:
                draft["relations"].append(_relation(kind, raw_kind or type_, stated))

    return add


# The Achievement Standards Network: what dcterms:conformsTo names there is no file format, but
# something to be learnt.
_ASN = ("http://purl.org/ASN/", "http://asn.jesandco.org/", "http://asn.desire2learn.com/")


def add_conforms_to(draft: Draft, element: Element, text: str) -> None:
    """An established standard: of learning, where it stands in the network of such standards."""
    if text.startswith(_ASN):
        target = Term(raw_id=text)
        alignment = Alignment("other", target, target_url=text, raw_type="dcterms:conformsTo")
        draft["alignment"].append(alignment)
    else:
        _standard(draft, element, text)


def add_preview(draft: Draft, element: Element, text: str) -> None:
    """``edm:preview``: the address of a small picture."""
    if is_web_address(text):
        draft["thumbnail"].append(text)
    else:
        other("preview")(draft, element, text)


def _relation(kind: str, raw_kind: str | None, text: str) -> Relation:
    if is_web_address(text):
        return Relation(kind, url=text, raw=text, raw_kind=raw_kind)  # type: ignore[arg-type]
    return Relation(kind, raw=text, raw_kind=raw_kind)  # type: ignore[arg-type]


_standard = relations("relation", "dcterms:conformsTo")


def add_subject(draft: Draft, element: Element, text: str) -> None:
    """``dc:subject``: keywords, also several in one element."""
    if not text:
        return
    scheme, language = _scheme(element), _lang(element)[0]
    for part in list_parts(text):
        draft["keywords"].append(term(part, scheme=scheme, language=language))


def add_description(draft: Draft, element: Element, text: str) -> None:
    """A description, or aoe.fi's preview image: ``<dc:description format="image/png">URL``."""
    media_type = element.get("format") or ""
    if not (media_type.startswith("image/") and is_web_address(text)):
        if text:
            draft["description"].append(_lang_string(element, text))
    elif "thumbnail" in draft:
        draft["materials"].append(Material(text, raw_media_type=media_type))
    else:
        draft["thumbnail"].append(text)


# Types of ``dc:identifier`` without which a bare number would not show what it is. Other types are
# words of the software ("uri", "other"), which nobody needs beside the identifier.
_BARE_NUMBERS = frozenset({"isbn", "issn"})


def add_identifier(draft: Draft, element: Element, text: str) -> None:
    """``dc:identifier``, which some software uses for citations too."""
    if not text:
        return
    type_ = (element.get("type") or "").lower()
    if type_ == "citation":
        draft["bibliographic_citation"].append(text)
    elif type_ in _BARE_NUMBERS and not is_uri(text):
        draft["identifiers"].append(Identifier(text, type_))
    else:
        draft["identifiers"].append(identifier(text))


_SIZE = re.compile(r"\d[\d.,\s]*(?:bytes?|octets?|[kmg]i?b|[kmg]?o)?", re.IGNORECASE)
_DURATION = re.compile(
    r"P[\dTYMWDHS.,]+|\d{1,3}:\d{2}(?::\d{2})?"
    r"|\d+(?:[.,]\d+)?\s*(?:h|min|minutes?|hours?|seconds?|sec|s)\.?",
    re.IGNORECASE,
)


def add_format(draft: Draft, text: str) -> None:
    """A media type, a size, a duration, or words about them, of which nobody says which it is."""
    if _DURATION.fullmatch(text):
        draft["duration"].append(Duration(text))
    elif _SIZE.fullmatch(text):
        draft["materials"].append(Material(size=Size(text)))
    else:
        draft["materials"].append(Material(raw_media_type=text))


def add_format_element(draft: Draft, element: Element, text: str) -> None:
    """``dc:format``, ``dcterms:extent`` and their like."""
    if text:
        add_format(draft, text)


def joined(materials: list[Material]) -> list[Material]:
    """The one media type and the one size of a record describe the same file."""
    if len(materials) == 2:
        first, second = materials
        if first.size and second.raw_media_type and not (first.raw_media_type or second.size):
            first, second = second, first
        both = first.raw_media_type and second.size
        if both and not (first.size or second.raw_media_type or first.url or second.url):
            return [Material(raw_media_type=first.raw_media_type, size=second.size)]
    return materials


def issn(name: str) -> Handler:
    """An ISSN numbers the serial that the resource appeared in, not the resource."""

    def add(draft: Draft, element: Element, text: str) -> None:
        if text:
            issn = (Identifier(text, "issn"),)
            relation = Relation("is_part_of", identifiers=issn, raw=text, raw_kind=name)
            draft["relations"].append(relation)

    return add


def labelled(field: str, name: str) -> Handler:
    """Text that needs the name of its element to be understood."""

    def add(draft: Draft, element: Element, text: str) -> None:
        if text:
            draft[field].append(f"{name} {text}")

    return add


def other(name: str) -> Handler:
    """An element that neither Dublin Core nor LRMI knows."""

    def add(draft: Draft, element: Element, text: str) -> None:
        if not text or name in _ADMINISTRATIVE:
            return
        if is_uri(text):
            draft["identifiers"].append(identifier(text))
        else:
            draft["description"].append(LangString(f"{name}: {text}", *_lang(element)))

    return add
