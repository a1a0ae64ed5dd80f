"""Properties of schema.org, LRMI and AMB, and what each of them says of a learning resource."""

import re
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from oer.formats.draft import (
    Draft,
    is_uri,
    is_web_address,
    list_parts,
    named_identifier,
    term,
)
from oer.formats.jsonld_agents import agents
from oer.formats.jsonld_alignments import alignment, objective
from oer.formats.jsonld_relations import relation
from oer.formats.jsonld_rights import statements
from oer.formats.jsonld_values import (
    Document,
    Node,
    address_of,
    each,
    fold,
    identifier_of,
    plain,
    resolved,
    strings,
    terms,
    text_of,
    types_of,
)
from oer.metadata.resource_metadata import (
    AgeRange,
    Duration,
    Flag,
    Identifier,
    LangString,
    MetadataRecord,
    PartialDate,
    Term,
)

Property = Callable[[Draft, Any, Document], None]
"""Adds what one value of a property says."""


def _texts(field: str) -> Property:
    def add(draft: Draft, value: Any, document: Document) -> None:
        draft[field].extend(strings(value, document))

    return add


def _terms(field: str) -> Property:
    def add(draft: Draft, value: Any, document: Document) -> None:
        draft[field].extend(terms(value, document))

    return add


def _scalars(field: str, kind: Callable[[str], Any]) -> Property:
    def add(draft: Draft, value: Any, document: Document) -> None:
        draft[field].extend(kind(string.text) for string in strings(value, document))

    return add


def _plain(field: str, prefix: str = "") -> Property:
    return _scalars(field, lambda text: f"{prefix}{text}")


def _agents(field: str, role: str | None = None) -> Property:
    stated = Term(role, raw_scheme="https://schema.org/") if role else None

    def add(draft: Draft, value: Any, document: Document) -> None:
        draft[field].extend(agents(value, document, stated))

    return add


# ---------------------------------------------------------------- what it is


def keyword_list(value: Any) -> Any:
    """The keywords of one text, between commas (schema.org); in an array each is one already."""
    if not isinstance(value, str) or is_uri(value) or len(list_parts(value)) > 1:
        return value
    return [part.strip() for part in value.split(",")]


def _keywords(draft: Draft, value: Any, document: Document) -> None:
    for stated in terms(value, document):
        for part in list_parts(stated.raw) if stated.raw and not stated.raw_id else [stated.raw]:
            draft["keywords"].append(replace(stated, raw=part))


def _language(draft: Draft, value: Any, document: Document) -> None:
    """A tag, or a ``Language`` whose ``alternateName`` is the tag (schema.org)."""
    if isinstance(value, dict) and "@value" not in value:
        node = resolved(value, document)
        code = text_of(node.get("alternateName"), document) or text_of(node.get("name"), document)
        if code or node.get("id"):
            draft["language"].append(Term(code, raw_id=plain(node.get("id")) or None))
    elif text := plain(value):
        draft["language"].append(term(text))


def _age_range(draft: Draft, value: Any, document: Document) -> None:
    """``"10-12"``; some give the ends as a ``QuantitativeValue``."""
    if isinstance(value, dict):
        node = fold(value)
        ends = [plain(node.get(key)) for key in ("minValue", "maxValue")]
        if any(ends):
            draft["typical_age_range"].append(AgeRange("-".join(ends)))
            return
    draft["typical_age_range"].extend(AgeRange(text.text) for text in strings(value, document))


def _audience(draft: Draft, value: Any, document: Document) -> None:
    """An audience: a concept of AMB, or schema.org's node with roles and ages."""
    if not isinstance(value, dict):
        draft["audience"].extend(terms(value, document))
        return
    node = resolved(value, document)
    roles = [node.get(key) for key in ("educationalRole", "audienceType")]
    stated = terms(roles, document)
    draft["audience"].extend(stated or terms(value, document))
    ends = [plain(node.get(key)) for key in ("suggestedMinAge", "suggestedMaxAge")]
    if any(ends):
        draft["typical_age_range"].append(AgeRange("-".join(ends)))


# ---------------------------------------------------------------- rights and access


def _license(name: str) -> Property:
    def add(draft: Draft, value: Any, document: Document) -> None:
        draft["license"].extend(statements(value, document, name))

    return add


def _sufficient(draft: Draft, value: Any, document: Document) -> None:
    """One set of modes that together are enough: ``"textual,visual"``, or an ItemList."""
    if isinstance(value, dict):
        items = fold(value).get("itemListElement", value)
        modes = [part for item in each(items) for part in terms(item, document)]
    else:
        modes = [Term(part.strip()) for part in plain(value).split(",") if part.strip()]
    if modes:
        draft["access_mode_sufficient"].append(tuple(modes))


# ---------------------------------------------------------------- where it is


def _identifier(draft: Draft, value: Any, document: Document) -> None:
    """A text or a PropertyValue, which names the scheme of its value."""
    if isinstance(value, dict) and "@value" not in value:
        node = resolved(value, document)
        text = plain(next(each(node.get("value")), "")) or identifier_of(node) or ""
        name = plain(next(each(node.get("propertyID")), "")) or plain(node.get("name"))
        name = name.rpartition("/")[2]
    else:
        text, name = plain(value), ""
    if text:
        draft["identifiers"].append(named_identifier(text, name))


def _numbered(scheme: str) -> Property:
    return _scalars("identifiers", lambda text: Identifier(text, scheme))


def _own_id(draft: Draft, value: Any, document: Document) -> None:
    """The ``id`` of the resource; a mere place in the document (``#it``, ``_:b0``) is none."""
    text = plain(value)
    if text and not text.startswith(("_:", "#")):
        draft["identifiers"].append(named_identifier(text, ""))


def _url(draft: Draft, value: Any, document: Document) -> None:
    if url := address_of(value, "id", "url"):
        draft["landing_page"].append(url)
        draft["identifiers"].append(Identifier(url, "url"))


def _image(draft: Draft, value: Any, document: Document) -> None:
    node = resolved(value, document) if isinstance(value, dict) else value
    if url := address_of(node, "thumbnailUrl", "contentUrl", "url", "id"):
        draft["thumbnail"].append(url)


def _main_entity_of(draft: Draft, value: Any, document: Document) -> None:
    """AMB: the metadata records and who provided them. schema.org: the page of the resource."""
    if not isinstance(value, dict):
        _page(draft, value)
        return
    node = resolved(value, document)
    provider = next(each(node.get("provider")), None)
    url = address_of(node, "id", "url")
    if provider is None:
        _page(draft, url)
        return
    named = fold(provider) if isinstance(provider, dict) else {}
    name = text_of(provider, document)
    draft["records"].append(
        MetadataRecord(
            source=identifier_of(named) or name,
            identifier=plain(node.get("id")),
            provider=name or None,
            datestamp=plain(node.get("dateModified")) or plain(node.get("dateCreated")) or None,
            url=url,
        )
    )


def _page(draft: Draft, value: Any) -> None:
    if is_web_address(text := plain(value)):
        draft["identifiers"].append(Identifier(text, "url"))


# ---------------------------------------------------------------- what has no place


def other(draft: Draft, key: str, value: Any, document: Document) -> None:
    """A property that we do not know: its text or name is kept, if it is one in words."""
    if isinstance(value, bool) or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        return
    for string in strings(value, document):
        if not is_uri(string.text):
            text = f"{key}: {string.text}"
            draft["description"].append(LangString(text, string.language, string.raw_language))


_NUMBER = re.compile(r"-?[\d.]+(?:[eE][+-]?\d+)?|NaN|-?Infinity")

_PLAIN_TYPES = frozenset(
    {"LearningResource", "CreativeWork", "Thing", "MediaObject", "WebContent", "WebPage"}
)


def add_types(draft: Draft, node: Node) -> None:
    """The classes of schema.org that a resource is of, where nobody stated its type otherwise."""
    if "learning_resource_type" not in draft:
        draft["learning_resource_type"].extend(
            Term(name, raw_id=f"https://schema.org/{name}")
            for name in types_of(node)
            if name.isalnum() and name not in _PLAIN_TYPES
        )


PROPERTIES: dict[str, Property] = {
    "id": _own_id,
    # What it is
    "name": _texts("title"),
    "title": _texts("title"),
    "headline": _texts("title"),
    "alternateName": _texts("alternative"),
    "alternativeHeadline": _texts("alternative"),
    "description": _texts("description"),
    "abstract": _texts("description"),
    "disambiguatingDescription": _texts("description"),
    "inLanguage": _language,
    "language": _language,
    "learningResourceType": _terms("learning_resource_type"),
    "additionalType": _terms("learning_resource_type"),
    "genre": _terms("learning_resource_type"),
    "about": _terms("about"),
    "subject": _terms("about"),
    "keywords": _keywords,
    "spatialCoverage": _texts("coverage"),
    "temporalCoverage": _texts("coverage"),
    "contentLocation": _texts("coverage"),
    "version": _plain("version"),
    "softwareVersion": _plain("version"),
    "creditText": _plain("bibliographic_citation"),
    # Who made it, and when
    "creator": _agents("creator"),
    "author": _agents("creator"),
    "contributor": _agents("contributor"),
    "editor": _agents("contributor", "editor"),
    "translator": _agents("contributor", "translator"),
    "illustrator": _agents("contributor", "illustrator"),
    "producer": _agents("contributor", "producer"),
    "director": _agents("contributor", "director"),
    "actor": _agents("contributor", "actor"),
    "instructor": _agents("contributor", "instructor"),
    "maintainer": _agents("contributor", "maintainer"),
    "accountablePerson": _agents("contributor", "accountablePerson"),
    "sourceOrganization": _agents("contributor", "sourceOrganization"),
    "provider": _agents("contributor", "provider"),
    "publisher": _agents("publisher"),
    "funder": _agents("funder"),
    "sponsor": _agents("funder"),
    "copyrightHolder": _agents("rights_holder"),
    "dateCreated": _scalars("created", PartialDate),
    "datePublished": _scalars("issued", PartialDate),
    "dateModified": _scalars("modified", PartialDate),
    "expires": _scalars("valid_until", PartialDate),
    "uploadDate": _scalars("date", PartialDate),
    "copyrightYear": _scalars("date", PartialDate),
    # Whom and what it is for
    "educationalLevel": _terms("educational_level"),
    "educationalUse": _terms("educational_use"),
    "audience": _audience,
    "educationalRole": _terms("audience"),
    "typicalAgeRange": _age_range,
    "timeRequired": _scalars("time_required", Duration),
    "interactivityType": _terms("interactivity_type"),
    "educationalAlignment": alignment,
    "AlignmentObject": alignment,  # the class in place of the property
    "teaches": objective("teaches"),
    "assesses": objective("assesses"),
    "competencyRequired": objective("requires"),
    "coursePrerequisites": objective("requires", "coursePrerequisites"),
    # What one may do with it
    "license": _license("schema:license"),
    "useRightsUrl": _license("lrmi:useRightsUrl"),
    "usageInfo": _license("schema:usageInfo"),
    "copyrightNotice": _license("schema:copyrightNotice"),
    "acquireLicensePage": _license("schema:acquireLicensePage"),
    "rights": _license("dc:rights"),
    "isAccessibleForFree": _scalars("is_accessible_for_free", Flag),
    "conditionsOfAccess": _terms("conditions_of_access"),
    # Who can use it
    "accessMode": _terms("access_mode"),
    "accessModeSufficient": _sufficient,
    "accessibilityFeature": _terms("accessibility_feature"),
    "accessibilityHazard": _terms("accessibility_hazard"),
    "accessibilitySummary": _texts("accessibility_summary"),
    # Where it is
    "url": _url,
    "identifier": _identifier,
    "sameAs": _identifier,
    "isbn": _numbered("isbn"),
    "issn": _numbered("issn"),
    "doi": _identifier,
    "courseCode": _identifier,
    "image": _image,
    "thumbnailUrl": _image,
    "thumbnail": _image,
    "duration": _scalars("duration", Duration),
    "mainEntityOfPage": _main_entity_of,
    # What it stands beside
    "isPartOf": relation("is_part_of"),
    "hasPart": relation("has_part"),
    "isBasedOn": relation("is_based_on"),
    "isBasedOnUrl": relation("is_based_on"),
    "citation": relation("references"),
    "exampleOfWork": relation("is_version_of"),
    "workExample": relation("has_version"),
    "translationOfWork": relation("translation_of"),
    "workTranslation": relation("relation", "workTranslation"),
    "isRelatedTo": relation("relation"),
    "hasVersion": relation("has_version"),
    "isVersionOf": relation("is_version_of"),
    "softwareRequirements": relation("requires"),
    "mentions": relation("references", "mentions"),
    "subjectOf": relation("is_referenced_by", "subjectOf"),
    "predecessorOf": relation("is_replaced_by"),
    "successorOf": relation("replaces"),
}
