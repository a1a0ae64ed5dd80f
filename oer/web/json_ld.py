"""schema.org JSON-LD of a resource, as search engines and other catalogues read it.

``@id`` is our permanent address, ``url`` the place of the material itself. Only what the record
states is written: an agent that may be a person or an organisation gets no type, a text of unknown
language no tag, and rights that were not understood stay in ``copyrightNotice`` in their own words,
or in ``license`` where they are an address. Names are those of schema.org's LearningResource;
accessibility terms are the tokens of the W3C vocabulary that schema.org points to.
"""

import json
from collections.abc import Iterable
from typing import Any

from oer.metadata import licenses, vocabularies
from oer.metadata.identifiers import identifier_url
from oer.metadata.resource_metadata import (
    Agent,
    AgeRange,
    Alignment,
    Identifier,
    LangString,
    LicenseStatement,
    Material,
    PartialDate,
    Relation,
    ResourceMetadata,
    Term,
)
from oer.web.links import safe_url

CONTEXT = "https://schema.org/"

Node = dict[str, Any]

_AGENT_TYPES = {"person": "Person", "organization": "Organization"}

_OBJECTIVES = {"teaches": "teaches", "assesses": "assesses", "requires": "competencyRequired"}
_ALIGNMENTS = {
    "educational_subject": "educationalSubject",
    "educational_level": "educationalLevel",
    "text_complexity": "textComplexity",
    "reading_level": "readingLevel",
}

_RELATIONS = {
    "is_part_of": "isPartOf",
    "has_part": "hasPart",
    "is_based_on": "isBasedOn",
    "is_version_of": "exampleOfWork",
    "has_version": "workExample",
    "is_format_of": "exampleOfWork",
    "has_format": "workExample",
    "references": "citation",
    "translation_of": "translationOfWork",
}
"""schema.org has no word for the other kinds; those stay on the page for people."""

_ESCAPES = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}
"""Inside a string these mean the same to JSON and nothing to HTML: no text can end the script."""


def document(metadata: ResourceMetadata, permanent_url: str, ui: str) -> str:
    """The JSON-LD document of a resource, safe inside a ``script`` element."""
    node = {"@context": CONTEXT, **learning_resource(metadata, permanent_url, ui)}
    return json.dumps(node, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def learning_resource(metadata: ResourceMetadata, permanent_url: str, ui: str) -> Node:
    """The node of a resource, without ``@context``; empty properties are left out.

    Args:
        metadata: The description.
        permanent_url: Our permanent address of it.
        ui: The language labels of vocabularies are given in.
    """
    given: Node = {
        "@type": "LearningResource",
        "@id": permanent_url,
        "url": safe_url(metadata.landing_page) or permanent_url,
        "mainEntityOfPage": permanent_url,
        **_what_it_is(metadata, ui),
        **_who_and_when(metadata),
        **_for_whom(metadata, ui),
        **_rights(metadata, ui),
        **_accessibility(metadata),
        **_where(metadata),
        **_relations(metadata.relations),
    }
    return _filled(given)


def _what_it_is(metadata: ResourceMetadata, ui: str) -> Node:
    about = [_concept(term, ui) for term in metadata.about]
    return {
        "name": _texts(metadata.title),
        "alternateName": _texts(metadata.alternative),
        "description": _texts(metadata.description),
        "inLanguage": _once(term.id or term.raw for term in metadata.language),
        "learningResourceType": _terms(metadata.learning_resource_type, ui),
        "about": about,
        "keywords": _terms(metadata.keywords, ui),
        "version": metadata.version,
        "creditText": metadata.bibliographic_citation,
    }


def _who_and_when(metadata: ResourceMetadata) -> Node:
    return {
        "creator": _agents(metadata.creator),
        "contributor": _agents(metadata.contributor),
        "publisher": _agents(metadata.publisher),
        "funder": _agents(metadata.funder),
        "copyrightHolder": _agents(metadata.rights_holder),
        "dateCreated": _dates(metadata.created),
        "datePublished": _dates(metadata.issued),
        "dateModified": _dates(metadata.modified),
        "expires": _dates(metadata.valid_until),
    }


def _for_whom(metadata: ResourceMetadata, ui: str) -> Node:
    objectives: Node = {}
    for alignment in metadata.alignment:
        name = _OBJECTIVES.get(alignment.type, "educationalAlignment")
        objectives.setdefault(name, []).append(_alignment(alignment, ui))
    return {
        "educationalLevel": _terms(metadata.educational_level, ui),
        "educationalUse": _terms(metadata.educational_use, ui),
        "audience": [
            {"@type": "EducationalAudience", "educationalRole": _label(term, ui)}
            for term in metadata.audience
        ],
        "typicalAgeRange": _once(map(_age_range, metadata.typical_age_range)),
        "timeRequired": _once(value.value for value in metadata.time_required),
        "interactivityType": _terms(metadata.interactivity_type, ui),
        **objectives,
    }


def _rights(metadata: ResourceMetadata, ui: str) -> Node:
    statements = [each for each in metadata.license if each.scope == "resource"]
    # To be allowed to read is no licence, and LOM's "yes" is no notice.
    of_access = [each for each in statements if each.kind == "access-right"]
    of_rights = [s for s in statements if s not in of_access and not licenses.answers_lom(s)]
    free = {flag.value for flag in metadata.is_accessible_for_free}
    access = (*metadata.conditions_of_access, *metadata.access_rights)
    return {
        "license": _once(map(_license_url, of_rights)),
        "copyrightNotice": _once(each.raw for each in of_rights if not _license_url(each)),
        "isAccessibleForFree": free.pop() if len(free) == 1 else None,
        "conditionsOfAccess": _once(
            [*(_label(term, ui) for term in access), *(each.raw for each in of_access)]
        ),
    }


def _license_url(statement: LicenseStatement) -> str | None:
    """The address of the licence: ours of a known one, else the one the record gives."""
    given = (statement.uri, statement.raw_id, statement.raw)
    return next((url for url in map(safe_url, given) if url), None)


def _accessibility(metadata: ResourceMetadata) -> Node:
    return {
        "accessMode": _tokens(metadata.access_mode),
        "accessModeSufficient": [
            {"@type": "ItemList", "itemListElement": _tokens(modes)}
            for modes in metadata.access_mode_sufficient
        ],
        "accessibilityFeature": _tokens(metadata.accessibility_feature),
        "accessibilityHazard": _tokens(metadata.accessibility_hazard),
        "accessibilitySummary": _texts(metadata.accessibility_summary),
    }


def _where(metadata: ResourceMetadata) -> Node:
    # The landing page stands in ``url`` already.
    identifiers = (i for i in metadata.identifiers if i.value != metadata.landing_page)
    return {
        "identifier": [_identifier(each) for each in identifiers],
        "encoding": [_material(m) for m in metadata.materials if _is_somewhere(m)],
        "encodingFormat": _once(
            m.media_type or m.raw_media_type for m in metadata.materials if not _is_somewhere(m)
        ),
        "thumbnailUrl": safe_url(metadata.thumbnail),
    }


def _relations(relations: Iterable[Relation]) -> Node:
    found: Node = {}
    for relation in relations:
        name = _RELATIONS.get(relation.kind)
        node = _filled(
            {
                "@type": "CreativeWork",
                "url": safe_url(relation.url)
                or next((u for u in map(_resolved, relation.identifiers) if u), None),
                "name": _texts(relation.title) or (None if relation.url else relation.raw),
                "creator": _agents(relation.creator),
                "license": _once(safe_url(each.uri) for each in relation.license),
            }
        )
        if name and len(node) > 1:
            found.setdefault(name, []).append(node)
    return found


# -- values ----------------------------------------------------------------------------------------


def _text(value: LangString) -> str | Node:
    return {"@language": value.language, "@value": value.text} if value.language else value.text


def _texts(values: Iterable[LangString]) -> list[str | Node]:
    return [_text(value) for value in values if value.text]


def _label(term: Term, ui: str) -> str | Node:
    """The label in the reader's language, or the record's own words in theirs."""
    if term.id:
        label = vocabularies.label(term.id, ui)
        if label != term.id or not term.raw:
            return label
    return _text(LangString(term.raw or term.raw_id or "", term.language))


def _terms(terms: Iterable[Term], ui: str) -> list[str | Node]:
    """A defined term where the concept has an address, else the words."""
    written = ((term, _label(term, ui)) for term in terms)
    return _once(_concept(term, ui) if _uri(term) else label for term, label in written if label)


def _concept(term: Term, ui: str) -> Node:
    return _filled({"@type": "DefinedTerm", "@id": _uri(term), "name": _label(term, ui)})


def _uri(term: Term) -> str | None:
    concept = vocabularies.get(term.id) if term.id else None
    return safe_url(concept.uri if concept else term.id) or safe_url(term.raw_id)


def _tokens(terms: Iterable[Term]) -> list[str]:
    """Terms of the accessibility vocabulary as their tokens: ``chartOnVisual``."""
    concepts = ((term, vocabularies.get(term.id) if term.id else None) for term in terms)
    return _once(
        concept.uri.rpartition("#")[2] if concept and concept.uri else term.raw
        for term, concept in concepts
    )


def _agents(agents: Iterable[Agent]) -> list[Node]:
    return [
        _filled(
            {
                "@type": _AGENT_TYPES.get(agent.type or ""),
                "@id": next((url for url in map(_resolved, agent.identifiers) if url), None),
                "name": agent.name,
                "givenName": agent.given_name,
                "familyName": agent.family_name,
                "affiliation": [
                    {"@type": "Organization", "name": name} for name in agent.affiliation
                ],
            }
        )
        for agent in agents
    ]


def _dates(dates: Iterable[PartialDate]) -> list[str]:
    return _once(date.value for date in dates)


def _age_range(value: AgeRange) -> str:
    if value.minimum is None and value.maximum is None:
        return value.raw
    ends = (value.minimum, value.maximum)
    return "-".join("" if end is None else str(end) for end in ends)


def _alignment(alignment: Alignment, ui: str) -> str | Node:
    url = safe_url(alignment.target_url) or _uri(alignment.target)
    name = _label(alignment.target, ui)
    if alignment.type in _OBJECTIVES:
        framework = alignment.framework
        node = {"@type": "DefinedTerm", "@id": url, "name": name, "inDefinedTermSet": framework}
        return _filled(node) if url or framework else name
    return _filled(
        {
            "@type": "AlignmentObject",
            "alignmentType": _ALIGNMENTS.get(alignment.type) or alignment.raw_type,
            "targetName": name,
            "targetUrl": url,
            "educationalFramework": alignment.framework,
            "targetDescription": alignment.description,
        }
    )


def _resolved(identifier: Identifier) -> str | None:
    return safe_url(identifier_url(identifier))


def _identifier(identifier: Identifier) -> str | Node:
    return _resolved(identifier) or {
        "@type": "PropertyValue",
        **({} if identifier.scheme == "other" else {"propertyID": identifier.scheme}),
        "value": identifier.value,
    }


def _is_somewhere(material: Material) -> bool:
    """Whether it is a file; some records only tell of a format."""
    return bool(safe_url(material.url) or safe_url(material.embed_url))


def _material(material: Material) -> Node:
    size, duration = material.size, material.duration
    return _filled(
        {
            "@type": "MediaObject",
            "contentUrl": safe_url(material.url),
            "embedUrl": safe_url(material.embed_url),
            "name": _texts(material.name),
            "encodingFormat": material.media_type or material.raw_media_type,
            "contentSize": (str(size.bytes) if size.bytes is not None else size.raw)
            if size
            else None,
            "duration": duration.value if duration else None,
            "inLanguage": _once(term.id or term.raw for term in material.language),
            "sha256": material.checksum.value
            if material.checksum and material.checksum.algorithm.lower() == "sha256"
            else None,
        }
    )


def _filled(node: Node) -> Node:
    written = ((name, _unwrapped(value)) for name, value in node.items())
    return {name: value for name, value in written if value not in (None, "", [], {})}


def _unwrapped(value: Any) -> Any:
    """A list of one is that one."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _once(values: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value and value not in found:
            found.append(value)
    return found
