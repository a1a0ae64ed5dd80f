"""The elements of Dublin Core, whatever document they stand in: what each of them says.

Elements go by their local name, because providers lose and confuse namespaces: Dublin Core 1.1,
DCMI Metadata Terms, bibo, EDM's addresses, and aoe.fi's LRMI (``lrmi_fi.py``). What has no place in
ResourceMetadata ends in the description as ``element: text``, so that nothing a record says is
lost; only the elements of ``_ADMINISTRATIVE`` are left out.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from oer.formats import lrmi_fi
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
from oer.formats.xml import (
    LONGEST_CACHED,
    XML_LANG,
    Element,
    language_tag,
    local_name,
    text_of,
)
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


def describe(draft: Draft, root: Element) -> None:
    """Add what the children of an element say, each by its local name."""
    if language := root.get(XML_LANG):
        _inherit(root, language)
    for element in root:
        add_element(draft, element)
    if "materials" in draft:
        draft["materials"] = joined(draft["materials"])


def add_element(draft: Draft, element: Element) -> None:
    """Add what one element says."""
    text = text_of(element)
    if text or element.attrib:
        _handler(element.tag)(draft, element, text)


def _inherit(root: Element, language: str) -> None:
    """Spell out what XML 1.0 §2.12 says: ``xml:lang`` holds for all that stands within."""
    for element in root:
        if XML_LANG not in element.attrib:
            element.set(XML_LANG, language)


def _handler(tag: str) -> Handler:
    return _cached_handler(tag) if len(tag) <= LONGEST_CACHED else _other(local_name(tag))


@lru_cache(maxsize=1024)
def _cached_handler(tag: str) -> Handler:
    name = local_name(tag)
    return _HANDLERS.get(name) or _other(name)


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


def _texts(field: str) -> Handler:
    def add(draft: Draft, element: Element, text: str) -> None:
        if text:
            draft[field].append(_lang_string(element, text))

    return add


def _strings(field: str) -> Handler:
    def add(draft: Draft, element: Element, text: str) -> None:
        if text:
            draft[field].append(text)

    return add


def _terms(field: str) -> Handler:
    def add(draft: Draft, element: Element, text: str) -> None:
        resource = element.get(_RDF_RESOURCE)
        if text:
            stated = term(text, scheme=_scheme(element), language=_lang(element)[0])
            draft[field].append(stated)
        if resource:
            draft[field].append(Term(raw_id=resource))

    return add


def _dates(field: str) -> Handler:
    def add(draft: Draft, element: Element, text: str) -> None:
        if text:
            draft[field].append(PartialDate(text))

    return add


def _durations(field: str) -> Handler:
    def add(draft: Draft, element: Element, text: str) -> None:
        if text:
            draft[field].append(Duration(text))

    return add


def _agents(field: str) -> Handler:
    def add(draft: Draft, element: Element, text: str) -> None:
        if name := agent_name(text):
            draft[field].append(Agent(name))

    return add


def _licenses(name: str) -> Handler:
    def add(draft: Draft, element: Element, text: str) -> None:
        resource = element.get(_RDF_RESOURCE)
        if text or resource:
            language = _lang(element)[0]
            statement = LicenseStatement(text, resource, element=name, language=language)
            draft["license"].append(statement)

    return add


def _relations(kind: str, raw_kind: str | None = None) -> Handler:
    def add(draft: Draft, element: Element, text: str) -> None:
        type_ = element.get("type")
        for stated in (text, element.get(_RDF_RESOURCE)):
            if stated:
                draft["relations"].append(_relation(kind, raw_kind or type_, stated))

    return add


# The Achievement Standards Network: what dcterms:conformsTo names there is no file format, but
# something to be learnt.
_ASN = ("http://purl.org/ASN/", "http://asn.jesandco.org/", "http://asn.desire2learn.com/")


def _conforms_to(draft: Draft, element: Element, text: str) -> None:
    """An established standard: of learning, where it stands in the network of such standards."""
    if text.startswith(_ASN):
        target = Term(raw_id=text)
        alignment = Alignment("other", target, target_url=text, raw_type="dcterms:conformsTo")
        draft["alignment"].append(alignment)
    else:
        _standard(draft, element, text)


def _preview(draft: Draft, element: Element, text: str) -> None:
    """``edm:preview``: the address of a small picture."""
    if is_web_address(text):
        draft["thumbnail"].append(text)
    else:
        _other("preview")(draft, element, text)


def _relation(kind: str, raw_kind: str | None, text: str) -> Relation:
    if is_web_address(text):
        return Relation(kind, url=text, raw=text, raw_kind=raw_kind)  # type: ignore[arg-type]
    return Relation(kind, raw=text, raw_kind=raw_kind)  # type: ignore[arg-type]


_standard = _relations("relation", "dcterms:conformsTo")


def _subject(draft: Draft, element: Element, text: str) -> None:
    if not text:
        return
    scheme, language = _scheme(element), _lang(element)[0]
    for part in list_parts(text):
        draft["keywords"].append(term(part, scheme=scheme, language=language))


def _description(draft: Draft, element: Element, text: str) -> None:
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


def _identifier(draft: Draft, element: Element, text: str) -> None:
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


def _format(draft: Draft, element: Element, text: str) -> None:
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


def _issn(name: str) -> Handler:
    """An ISSN numbers the serial that the resource appeared in, not the resource."""

    def add(draft: Draft, element: Element, text: str) -> None:
        if text:
            issn = (Identifier(text, "issn"),)
            relation = Relation("is_part_of", identifiers=issn, raw=text, raw_kind=name)
            draft["relations"].append(relation)

    return add


def _labelled(field: str, name: str) -> Handler:
    """Text that needs the name of its element to be understood."""

    def add(draft: Draft, element: Element, text: str) -> None:
        if text:
            draft[field].append(f"{name} {text}")

    return add


def _other(name: str) -> Handler:
    """An element that neither Dublin Core nor LRMI knows."""

    def add(draft: Draft, element: Element, text: str) -> None:
        if not text or name in _ADMINISTRATIVE:
            return
        if is_uri(text):
            draft["identifiers"].append(identifier(text))
        else:
            draft["description"].append(LangString(f"{name}: {text}", *_lang(element)))

    return add


_HANDLERS: dict[str, Handler] = {
    # Dublin Core 1.1
    "title": _texts("title"),
    "creator": _agents("creator"),
    "subject": _subject,
    "description": _description,
    "publisher": _agents("publisher"),
    "contributor": _agents("contributor"),
    "date": _dates("date"),  # which date it is, Dublin Core does not say
    "type": _terms("learning_resource_type"),
    "format": _format,
    "identifier": _identifier,
    # By definition what the resource was made from; in records mostly the journal or the series.
    "source": _relations("relation", "dc:source"),
    "language": _terms("language"),
    "relation": _relations("relation"),
    "coverage": _texts("coverage"),
    "rights": _licenses("dc:rights"),
    # DCMI Metadata Terms
    "alternative": _texts("alternative"),
    "abstract": _texts("description"),
    "tableOfContents": _texts("table_of_contents"),
    "created": _dates("created"),
    "issued": _dates("issued"),
    "modified": _dates("modified"),
    "valid": _dates("valid_until"),
    "available": _dates("date"),
    "dateAccepted": _dates("date"),
    "dateCopyrighted": _dates("date"),
    "dateSubmitted": _dates("date"),
    "extent": _format,
    "medium": _format,
    "bibliographicCitation": _strings("bibliographic_citation"),
    "isVersionOf": _relations("is_version_of"),
    "hasVersion": _relations("has_version"),
    "isReplacedBy": _relations("is_replaced_by"),
    "replaces": _relations("replaces"),
    "isRequiredBy": _relations("is_required_by"),
    "requires": _relations("requires"),
    "isPartOf": _relations("is_part_of"),
    "hasPart": _relations("has_part"),
    "isReferencedBy": _relations("is_referenced_by"),
    "references": _relations("references"),
    "isFormatOf": _relations("is_format_of"),
    "hasFormat": _relations("has_format"),
    "conformsTo": _conforms_to,
    "spatial": _texts("coverage"),
    "temporal": _texts("coverage"),
    "license": _licenses("dcterms:license"),
    "rightsHolder": _agents("rights_holder"),
    "accessRights": _terms("access_rights"),
    "audience": _terms("audience"),
    "mediator": _terms("audience"),
    "educationLevel": _terms("educational_level"),
    "instructionalMethod": _terms("educational_use"),
    # The Bibliographic Ontology
    "uri": _identifier,
    "id": _identifier,
    "issn": _issn("bibo:issn"),
    "eissn": _issn("bibo:eissn"),
    "volume": _labelled("bibliographic_citation", "volume"),
    "issue": _labelled("bibliographic_citation", "issue"),
    "pages": _labelled("bibliographic_citation", "pages"),
    # The Europeana Data Model, in aggregators' records
    "preview": _preview,
    # LRMI, flat as in LRMI 1.1; aoe.fi's nested elements come after
    "inLanguage": _terms("language"),
    "keywords": _terms("keywords"),
    "dateCreated": _dates("created"),
    "dateModified": _dates("modified"),
    "datePublished": _dates("issued"),
    "timeRequired": _durations("time_required"),
    "duration": _durations("duration"),
    "accessibilityFeature": _terms("accessibility_feature"),
    "accessibilityHazard": _terms("accessibility_hazard"),
    "accessibilitySummary": _texts("accessibility_summary"),
    "accessMode": _terms("access_mode"),
    "educationalLevel": _terms("educational_level"),
    "educationalUse": _terms("educational_use"),
    "educationalRole": _terms("audience"),
    "interactivityType": _terms("interactivity_type"),
    "learningResourceType": _terms("learning_resource_type"),
    "useRightsUrl": _licenses("lrmi:useRightsUrl"),
    **lrmi_fi.HANDLERS,
}
