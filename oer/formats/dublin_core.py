"""The elements of Dublin Core, whatever document they stand in: what each of them says.

Elements go by their local name, because providers lose and confuse namespaces: Dublin Core 1.1,
DCMI Metadata Terms, bibo, EDM's addresses, and aoe.fi's LRMI (``lrmi_fi.py``). What has no place in
ResourceMetadata ends in the description as ``element: text``, so that nothing a record says is
lost; only the elements of ``_ADMINISTRATIVE`` (``dublin_core_values``) are left out.
"""

from functools import lru_cache

from oer.formats import lrmi_fi
from oer.formats.draft import Draft
from oer.formats.dublin_core_values import (
    Handler,
    add_conforms_to,
    add_description,
    add_format_element,
    add_identifier,
    add_preview,
    add_subject,
    agents,
    dates,
    durations,
    issn,
    joined,
    labelled,
    licenses,
    other,
    relations,
    strings,
    terms,
    texts,
)
from oer.formats.xml import LONGEST_CACHED, XML_LANG, Element, local_name, text_of


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
    return _cached_handler(tag) if len(tag) <= LONGEST_CACHED else other(local_name(tag))


@lru_cache(maxsize=1024)
def _cached_handler(tag: str) -> Handler:
    name = local_name(tag)
    return _HANDLERS.get(name) or other(name)


_HANDLERS: dict[str, Handler] = {
    # Dublin Core 1.1
    "title": texts("title"),
    "creator": agents("creator"),
    "subject": add_subject,
    "description": add_description,
    "publisher": agents("publisher"),
    "contributor": agents("contributor"),
    "date": dates("date"),  # which date it is, Dublin Core does not say
    "type": terms("learning_resource_type"),
    "format": add_format_element,
    "identifier": add_identifier,
    # By definition what the resource was made from; in records mostly the journal or the series.
    "source": relations("relation", "dc:source"),
    "language": terms("language"),
    "relation": relations("relation"),
    "coverage": texts("coverage"),
    "rights": licenses("dc:rights"),
    # DCMI Metadata Terms
    "alternative": texts("alternative"),
    "abstract": texts("description"),
    "tableOfContents": texts("table_of_contents"),
    "created": dates("created"),
    "issued": dates("issued"),
    "modified": dates("modified"),
    "valid": dates("valid_until"),
    "available": dates("date"),
    "dateAccepted": dates("date"),
    "dateCopyrighted": dates("date"),
    "dateSubmitted": dates("date"),
    "extent": add_format_element,
    "medium": add_format_element,
    "bibliographicCitation": strings("bibliographic_citation"),
    "isVersionOf": relations("is_version_of"),
    "hasVersion": relations("has_version"),
    "isReplacedBy": relations("is_replaced_by"),
    "replaces": relations("replaces"),
    "isRequiredBy": relations("is_required_by"),
    "requires": relations("requires"),
    "isPartOf": relations("is_part_of"),
    "hasPart": relations("has_part"),
    "isReferencedBy": relations("is_referenced_by"),
    "references": relations("references"),
    "isFormatOf": relations("is_format_of"),
    "hasFormat": relations("has_format"),
    "conformsTo": add_conforms_to,
    "spatial": texts("coverage"),
    "temporal": texts("coverage"),
    "license": licenses("dcterms:license"),
    "rightsHolder": agents("rights_holder"),
    "accessRights": terms("access_rights"),
    "audience": terms("audience"),
    "mediator": terms("audience"),
    "educationLevel": terms("educational_level"),
    "instructionalMethod": terms("educational_use"),
    # The Bibliographic Ontology
    "uri": add_identifier,
    "id": add_identifier,
    "issn": issn("bibo:issn"),
    "eissn": issn("bibo:eissn"),
    "volume": labelled("bibliographic_citation", "volume"),
    "issue": labelled("bibliographic_citation", "issue"),
    "pages": labelled("bibliographic_citation", "pages"),
    # The Europeana Data Model, in aggregators' records
    "preview": add_preview,
    # LRMI, flat as in LRMI 1.1; aoe.fi's nested elements come after
    "inLanguage": terms("language"),
    "keywords": terms("keywords"),
    "dateCreated": dates("created"),
    "dateModified": dates("modified"),
    "datePublished": dates("issued"),
    "timeRequired": durations("time_required"),
    "duration": durations("duration"),
    "accessibilityFeature": terms("accessibility_feature"),
    "accessibilityHazard": terms("accessibility_hazard"),
    "accessibilitySummary": texts("accessibility_summary"),
    "accessMode": terms("access_mode"),
    "educationalLevel": terms("educational_level"),
    "educationalUse": terms("educational_use"),
    "educationalRole": terms("audience"),
    "interactivityType": terms("interactivity_type"),
    "learningResourceType": terms("learning_resource_type"),
    "useRightsUrl": licenses("lrmi:useRightsUrl"),
    **lrmi_fi.HANDLERS,
}
