"""``mods:relatedItem`` and ``mods:part``: what a resource stands beside, and where in it."""

from typing import Any

from oer.formats.draft import Draft, is_web_address, named_identifier
from oer.formats.mods_names import read_name
from oer.formats.mods_values import children, language_of, link, name_of, title_of
from oer.formats.xml import Element, text_of
from oer.metadata.resource_metadata import Agent, Identifier, LangString, Relation

_KINDS = {
    "host": "is_part_of",
    "series": "is_part_of",
    "constituent": "has_part",
    "otherVersion": "has_version",
    "otherFormat": "has_format",
    "isReferencedBy": "is_referenced_by",
    "references": "references",
}
"""``original``, ``preceding``, ``succeeding`` and ``reviewOf`` say more than Dublin Core can."""

_LEFT_OUT = frozenset({"recordInfo", "extension", "originInfo"})


def related_item(draft: Draft, element: Element) -> None:
    """Add a relation, and those that stand within it."""
    type_ = element.get("type") or ""
    kind: Any = _KINDS.get(type_, "relation")
    titles: list[LangString] = []
    identifiers: list[Identifier] = []
    creators: list[Agent] = []
    rest: list[str] = []
    urls = [address] if (address := link(element)) else []
    for child in element:
        name = name_of(child)
        if name == "titleInfo":
            if title := title_of(child):
                titles.append(LangString(title, *language_of(child)))
        elif name == "identifier":
            if text := text_of(child):
                identifiers.append(named_identifier(text, child.get("type") or ""))
        elif name == "location":
            urls += [text for _, text in children(child, "url")]
        elif name == "name":
            creators += filter(None, [read_name(child)])
        elif name == "relatedItem":
            related_item(draft, child)
        elif name == "part":
            rest += part_texts(child)
        elif name not in _LEFT_OUT and (text := text_of(child)):
            rest.append(text)
    url = next(filter(is_web_address, urls), None)
    url = url or next((each.value for each in identifiers if is_web_address(each.value)), None)
    rest += [address for address in urls if address != url]
    identifiers = [each for each in identifiers if each.value != url]
    if url or titles or identifiers or creators or rest:
        raw_kind = type_ or element.get("otherType") or element.get("displayLabel") or None
        draft["relations"].append(
            Relation(
                kind,
                url,
                tuple(identifiers),
                tuple(titles),
                tuple(creators),
                raw="; ".join(rest) or None,
                raw_kind=raw_kind,
            )
        )


def part(draft: Draft, element: Element) -> None:
    """Which part of its host the resource is: volume, issue, pages."""
    draft["bibliographic_citation"].extend(part_texts(element))


def part_texts(element: Element) -> list[str]:
    texts = []
    for child, text in children(element):
        name = name_of(child)
        if name == "detail":
            numbers = [text for _, text in children(child)]
            texts.append(f"{child.get('type') or ''} {' '.join(numbers)}".strip())
        elif name == "extent":
            ends = [text for end in ("start", "end") for _, text in children(child, end)]
            words = "–".join(ends) or " ".join(text.split())
            texts.append(f"{child.get('unit') or ''} {words}".strip())
        else:
            texts.append(text)
    return texts
