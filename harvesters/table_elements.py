"""From the row of a table to JSON-LD: the elements a column may hold, and how each is written.

The payload is what ``oer.formats.jsonld`` reads: terms of schema.org alone. Columns that no element
was declared for go along as ``additionalProperty`` under their own names: nothing of the row is
lost, and nothing is said of the resource that nobody declared.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

CONTEXT = "https://schema.org/"

Shape = Callable[[str, str | None], Any]
"""A cell's text and its declared language, as JSON-LD."""


def _text(text: str, language: str | None) -> Any:
    return {"@value": text, "@language": language} if language else text


def _keyword(text: str, language: str | None) -> Any:
    # As a node: commas in a plain text would part it.
    return {"@type": "DefinedTerm", "name": _text(text, language)}


def _plain(text: str, language: str | None) -> Any:
    return text


def _file(text: str, language: str | None) -> Any:
    return {"@type": "MediaObject", "contentUrl": text}


def _doi(text: str, language: str | None) -> Any:
    return {"@type": "PropertyValue", "propertyID": "doi", "value": text}


ELEMENTS: dict[str, tuple[str, Shape]] = {
    "identifier": ("identifier", _plain),
    "title": ("name", _text),
    "alternative": ("alternateName", _text),
    "description": ("description", _text),
    "language": ("inLanguage", _plain),
    "learning_resource_type": ("learningResourceType", _text),
    "about": ("about", _text),
    "keywords": ("keywords", _keyword),
    "coverage": ("spatialCoverage", _text),
    "version": ("version", _plain),
    "bibliographic_citation": ("creditText", _plain),
    "creator": ("creator", _plain),
    "contributor": ("contributor", _plain),
    "publisher": ("publisher", _plain),
    "funder": ("funder", _plain),
    "rights_holder": ("copyrightHolder", _plain),
    "created": ("dateCreated", _plain),
    "issued": ("datePublished", _plain),
    "modified": ("dateModified", _plain),
    "valid_until": ("expires", _plain),
    "educational_level": ("educationalLevel", _text),
    "educational_use": ("educationalUse", _text),
    "audience": ("audience", _text),
    "teaches": ("teaches", _text),
    "typical_age_range": ("typicalAgeRange", _plain),
    "time_required": ("timeRequired", _plain),
    "interactivity_type": ("interactivityType", _text),
    "license": ("license", _plain),
    "is_accessible_for_free": ("isAccessibleForFree", _plain),
    "conditions_of_access": ("conditionsOfAccess", _plain),
    "access_mode": ("accessMode", _plain),
    "accessibility_feature": ("accessibilityFeature", _plain),
    "accessibility_hazard": ("accessibilityHazard", _plain),
    "accessibility_summary": ("accessibilitySummary", _text),
    "url": ("url", _plain),
    "isbn": ("isbn", _plain),
    "issn": ("issn", _plain),
    "doi": ("identifier", _doi),
    "thumbnail": ("thumbnailUrl", _plain),
    "material": ("encoding", _file),
    "duration": ("duration", _plain),
    "is_part_of": ("isPartOf", _plain),
    "is_based_on": ("isBasedOn", _plain),
    "translation_of": ("translationOfWork", _plain),
}
"""What a column may hold: our name of it, the property of schema.org, and how its values look."""


def write_row(values: Mapping[str, list[Any]], unmapped: Mapping[str, str]) -> bytes:
    """The payload of a row.

    Args:
        values: Property of schema.org to its values.
        unmapped: The cells of the columns that no element was declared for, by column.
    """
    node: dict[str, Any] = {"@context": CONTEXT, "@type": "LearningResource"}
    for name, given in values.items():
        node[name] = given[0] if len(given) == 1 else given
    if unmapped:
        node["additionalProperty"] = [
            {"@type": "PropertyValue", "propertyID": column, "value": cell}
            for column, cell in unmapped.items()
        ]
    # Workbooks can hold halves of surrogate pairs, which UTF-8 cannot.
    return json.dumps(node, ensure_ascii=False).encode("utf-8", "replace")
