"""Identifiers in DataCite, and the relations that hang on them."""

from typing import Any

from oer.formats.datacite_agents import read_agent
from oer.formats.datacite_values import (
    children_named,
    lang_string,
    stated_text,
)
from oer.formats.draft import Draft, is_web_address, named_identifier
from oer.formats.xml import Element, local_name
from oer.metadata.resource_metadata import Agent, Identifier, LangString, Relation


def identifier(draft: Draft, element: Element) -> None:
    text = stated_text(element)
    kind = element.get("identifierType") or element.get("alternateIdentifierType") or ""
    if not text:
        return
    if kind.lower() == "citation":
        draft["bibliographic_citation"].append(text)
    else:
        draft["identifiers"].append(named_identifier(text, kind))


_KINDS = {
    "IsPartOf": "is_part_of",
    "HasPart": "has_part",
    "IsPublishedIn": "is_part_of",
    "IsDerivedFrom": "is_based_on",
    "IsSourceOf": "is_basis_for",
    "IsVersionOf": "is_version_of",
    "HasVersion": "has_version",
    "IsNewVersionOf": "replaces",
    "IsPreviousVersionOf": "is_replaced_by",
    "Obsoletes": "replaces",
    "IsObsoletedBy": "is_replaced_by",
    "IsVariantFormOf": "is_format_of",
    "IsOriginalFormOf": "has_format",
    "References": "references",
    "Cites": "references",
    "IsReferencedBy": "is_referenced_by",
    "IsCitedBy": "is_referenced_by",
    "Requires": "requires",
    "IsRequiredBy": "is_required_by",
    "IsTranslationOf": "translation_of",
}
"""Relation types that Dublin Core knows; the others keep their names in ``raw_kind``."""


def related_identifier(draft: Draft, element: Element) -> None:
    if text := stated_text(element):
        raw_kind = element.get("relationType") or None
        number = named_identifier(text, element.get("relatedIdentifierType") or "")
        draft["relations"].append(_relation(raw_kind, [number], [], [], ""))


def related_item(draft: Draft, element: Element) -> None:
    numbers = [
        named_identifier(text, child.get("relatedItemIdentifierType") or "")
        for child, text in children_named(element, "relatedItemIdentifier")
    ]
    titles: list[LangString] = []
    creators: list[Agent] = []
    rest: list[str] = []
    for child in element:
        name = local_name(child.tag)
        if name == "titles":
            titles += [lang_string(title, text) for title, text in children_named(child, "title")]
        elif name == "creators":
            creators += filter(None, (read_agent(each, "creatorName") for each in child))
        elif name not in ("relatedItemIdentifier", "contributors") and (text := stated_text(child)):
            rest.append(f"{name} {text}")
    if numbers or titles or creators or rest:
        raw_kind = element.get("relationType") or None
        relation = _relation(raw_kind, numbers, titles, creators, "; ".join(rest))
        draft["relations"].append(relation)


def _relation(
    raw_kind: str | None,
    numbers: list[Identifier],
    titles: list[LangString],
    creators: list[Agent],
    raw: str,
) -> Relation:
    kind: Any = _KINDS.get(raw_kind or "", "relation")
    url = next((each.value for each in numbers if is_web_address(each.value)), None)
    return Relation(
        kind,
        url,
        tuple(each for each in numbers if each.value != url),
        tuple(titles),
        tuple(creators),
        raw=raw or None,
        raw_kind=raw_kind,
    )
