"""Sample records as simple Dublin Core (oai_dc), with aoe.fi's element for the level.

Written apart from ``oer.formats`` on purpose: what our crosswalk reads must not come from our
crosswalk.
"""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from harvesters.samples.records import Elements, label, texts
from oer.formats.namespaces import DC, LRMI, OAI_DC, XML, XSI

ELEMENTS = (
    "identifier", "title", "creator", "contributor", "publisher", "date", "language", "subject",
    "description", "coverage", "type", "format", "source", "relation", "rights",
)  # fmt: skip

IN_A_LANGUAGE = frozenset({"title", "subject", "description", "coverage"})
"""Elements whose plain values are marked with the record's language."""

UPDATED = {"fi": "Päivitetty {}.", "sv": "Uppdaterad {}.", "en": "Updated {}."}

SCHEMA_LOCATION = f"{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd"


def render(elements: Elements) -> etree._Element:
    """The record as an ``oai_dc:dc`` element. A record of LOM elements is reduced first."""
    root = etree.Element(
        f"{{{OAI_DC}}}dc",
        {f"{{{XSI}}}schemaLocation": SCHEMA_LOCATION},
        nsmap={"oai_dc": OAI_DC, "dc": DC, "xsi": XSI},
    )
    simple = reduced(elements) if "contribute" in elements else elements
    for name in ELEMENTS:
        for text, language in _statements(name, simple):
            element = etree.SubElement(root, f"{{{DC}}}{name}")
            element.text = text
            if language is not None:
                element.set(f"{{{XML}}}lang", language)
    _levels(root, simple)
    return root


def _levels(root: etree._Element, elements: Elements) -> None:
    """The educational levels, as aoe.fi writes them: Dublin Core has no element for them."""
    levels = elements.get("level", ())
    if levels:
        resource = etree.SubElement(root, f"{{{LRMI}}}learningResource", nsmap={"lrmi_fi": LRMI})
        for level in levels:
            stated, _ = label(level, elements["lang"])
            etree.SubElement(resource, f"{{{LRMI}}}educationalLevel").text = stated


def with_update(elements: Elements) -> Any:
    """The descriptions, with a line that tells of a fresh update where there was one."""
    described = elements.get("description", [])
    if "updated" not in elements:
        return described
    text, language = label(UPDATED, elements["lang"])
    return [described, {language: text.format(elements["updated"])}]


def reduced(elements: Elements) -> dict[str, Any]:
    """LOM elements as Dublin Core ones, by the mapping of IEEE 1484.12.1, annex B."""
    agents = elements["contribute"]
    return {
        **elements,
        "identifier": [entry for _, entry in elements["identifier"]],
        "creator": _named(agents, "author", "creator"),
        "contributor": _named(agents, "editor", "illustrator", "educational validator"),
        "publisher": _named(agents, "publisher"),
        "date": [agent["date"] for agent in agents if "date" in agent],
        "subject": elements.get("keyword", []),
        "type": [
            value["value"] if isinstance(value, dict) else value
            for value in elements.get("type", ())
        ],
        "relation": [relation["target"] for relation in elements.get("relation", ())],
    }


def _named(agents: list[dict[str, str]], *roles: str) -> list[str]:
    return [agent["name"] for agent in agents if agent["role"] in roles and "name" in agent]


def _statements(name: str, elements: Elements) -> Iterator[tuple[str, str | None]]:
    value = with_update(elements) if name == "description" else elements.get(name)
    yield from texts(value, elements["lang"] or None if name in IN_A_LANGUAGE else None)
