"""Sample records as IEEE LOM (1484.12.3, namespace http://ltsc.ieee.org/xsd/LOM)."""

from typing import Any

from lxml import etree

from harvesters.samples.oai_dc import with_update
from harvesters.samples.records import Elements, label, texts
from oer.formats.namespaces import IEEE_LOM, XSI

SCHEMA_LOCATION = f"{IEEE_LOM} http://ltsc.ieee.org/xsd/lomv1.0/lom.xsd"

LEVELS = "https://skargard.example.org/utbildningsniva"
FIELDS = "tieteenala"


def render(elements: Elements) -> etree._Element:
    """The record as a ``lom:lom`` element, its nine categories in the order of the standard."""
    root = etree.Element(
        _name("lom"),
        {f"{{{XSI}}}schemaLocation": SCHEMA_LOCATION},
        nsmap={"lom": IEEE_LOM, "xsi": XSI},
    )
    for category in (_general, _life_cycle, _meta_metadata, _technical, _educational, _rights):
        category(root, elements)
    for relation in elements.get("relation", ()):
        _relation(root, relation)
    for level in elements.get("level", ()):
        entry, language = label(level, elements["lang"])
        source = level.get("source", LEVELS)
        _classification(root, "educational level", source, level["id"], entry, language)
    for code, entry in elements.get("field", ()):
        _classification(root, "discipline", FIELDS, code, entry, elements["lang"])
    return root


def _general(root: etree._Element, elements: Elements) -> None:
    general = _add(root, "general")
    for catalog, entry in elements["identifier"]:
        _identifier(general, catalog, entry)
    _strings(general, "title", elements["title"], elements)
    for tag, _ in texts(elements["language"], None):
        _add(general, "language", tag)
    _strings(general, "description", with_update(elements), elements)
    for text, language in texts(elements.get("keyword"), elements["lang"] or None):
        _string(_add(general, "keyword"), text, language)
    _strings(general, "coverage", elements.get("coverage"), elements)
    _vocabulary(general, "structure", elements.get("structure"))
    _vocabulary(general, "aggregationLevel", elements.get("aggregation_level"))


def _life_cycle(root: etree._Element, elements: Elements) -> None:
    life_cycle = _add(root, "lifeCycle")
    _strings(life_cycle, "version", elements.get("version"), elements)
    _vocabulary(life_cycle, "status", elements.get("status"))
    for agent in elements["contribute"]:
        contribute = _add(life_cycle, "contribute")
        _vocabulary(contribute, "role", agent["role"])
        if "name" in agent or "vcard" in agent:
            _add(contribute, "entity", agent.get("vcard") or _vcard(agent))
        if "date" in agent:
            _add(_add(contribute, "date"), "dateTime", agent["date"])


def _meta_metadata(root: etree._Element, elements: Elements) -> None:
    meta_metadata = _add(root, "metaMetadata")
    _identifier(meta_metadata, "Skärgård", elements["id"])
    _add(meta_metadata, "metadataSchema", "LOMv1.0")


def _technical(root: etree._Element, elements: Elements) -> None:
    technical = _add(root, "technical")
    for text, _ in texts(elements.get("format"), None):
        _add(technical, "format", text)
    if "size" in elements:
        _add(technical, "size", elements["size"])
    for text, _ in texts(elements["location"], None):
        _add(technical, "location", text)
    _duration(technical, "duration", elements.get("duration"))


def _educational(root: etree._Element, elements: Elements) -> None:
    educational = _add(root, "educational")
    _vocabulary(educational, "interactivityType", elements.get("interactivity"))
    for name, key in (
        ("learningResourceType", "type"),
        ("intendedEndUserRole", "role"),
        ("context", "context"),
    ):
        for value in elements.get(key, ()):
            _vocabulary(educational, name, value)
    for age, _ in texts(elements.get("age"), None):
        _string(_add(educational, "typicalAgeRange"), age, None)
    _vocabulary(educational, "difficulty", elements.get("difficulty"))
    _duration(educational, "typicalLearningTime", elements.get("learning_time"))
    _strings(educational, "description", elements.get("use"), elements)


def _rights(root: etree._Element, elements: Elements) -> None:
    rights = _add(root, "rights")
    _vocabulary(rights, "cost", elements.get("cost"))
    _vocabulary(rights, "copyrightAndOtherRestrictions", elements.get("copyright"))
    strings = texts(elements.get("rights"), None)
    if strings:
        description = _add(rights, "description")
        for text, language in strings:
            _string(description, text, language)


def _relation(root: etree._Element, relation: dict[str, str]) -> None:
    element = _add(root, "relation")
    _vocabulary(element, "kind", relation["kind"])
    resource = _add(element, "resource")
    _identifier(resource, relation.get("catalog", "URI"), relation["target"])
    if "title" in relation:
        _string(_add(resource, "description"), relation["title"], None)


def _classification(
    root: etree._Element, purpose: str, source: str, code: str, entry: str, language: str
) -> None:
    classification = _add(root, "classification")
    _vocabulary(classification, "purpose", purpose)
    path = _add(classification, "taxonPath")
    _string(_add(path, "source"), source, None)
    taxon = _add(path, "taxon")
    _add(taxon, "id", code)
    _string(_add(taxon, "entry"), entry, language)


def _vcard(agent: dict[str, str]) -> str:
    name = agent["name"]
    family, _, given = name.partition(", ")
    lines = ["BEGIN:VCARD", "VERSION:3.0"]
    lines += [f"N:{family};{given};;;", "FN:" + f"{given} {family}".strip()]
    if "org" in agent or not given:
        lines.append(f"ORG:{agent.get('org', name)}")
    if "orcid" in agent:
        lines.append(f"X-ORCID:{agent['orcid']}")
    return "\n".join([*lines, "END:VCARD", ""])


def _identifier(parent: etree._Element, catalog: str, entry: str) -> None:
    identifier = _add(parent, "identifier")
    if catalog:
        _add(identifier, "catalog", catalog)
    _add(identifier, "entry", entry)


def _vocabulary(parent: etree._Element, name: str, value: str | dict[str, str] | None) -> None:
    """A vocabulary value; a table may name another source than LOMv1.0, or none at all."""
    if value is None:
        return
    table = {"source": "LOMv1.0", "value": value} if isinstance(value, str) else value
    element = _add(parent, name)
    for part in ("source", "value"):
        if part in table:
            _add(element, part, table[part])


def _duration(parent: etree._Element, name: str, value: str | None) -> None:
    if value is not None:
        _add(_add(parent, name), "duration", value)


def _strings(parent: etree._Element, name: str, value: Any, elements: Elements) -> None:
    """One element with a string for each language it is given in."""
    pairs = texts(value, elements["lang"] or None)
    if pairs:
        element = _add(parent, name)
        for text, language in pairs:
            _string(element, text, language)


def _string(parent: etree._Element, text: str, language: str | None) -> None:
    string = _add(parent, "string", text)
    if language is not None:
        string.set("language", language)


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, _name(name))
    element.text = text
    return element


def _name(name: str) -> str:
    return f"{{{IEEE_LOM}}}{name}"
