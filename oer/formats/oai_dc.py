"""Dublin Core as OAI-PMH carries it (oai_dc): reading and writing.

Reading is tolerant, because providers put anything into ``oai_dc:dc`` (see ``dublin_core.py``).
Writing is strict: the fifteen elements and ``xml:lang``, as oai_dc.xsd allows.
"""

import re
from collections.abc import Iterable

from lxml import etree

from oer.errors import UnreadableRecord
from oer.formats import dublin_core
from oer.formats.draft import finish, is_web_address, new_draft
from oer.formats.namespaces import DC, OAI_DC, XSI
from oer.formats.xml import XML_LANG, Element, legal, local_name, parse, shown
from oer.metadata import vocabularies
from oer.metadata.resource_metadata import Relation, ResourceMetadata, Term

ROOTS = frozenset({"dc"})
"""Local names of the root, in lower case."""


def read(payload: bytes) -> ResourceMetadata:
    """Read an oai_dc document, or any flat Dublin Core whose root is called ``dc``.

    Raises:
        UnreadableRecord: It is not XML, or not Dublin Core.
    """
    return read_element(parse(payload))


def read_element(root: Element) -> ResourceMetadata:
    """Read a parsed ``oai_dc:dc`` element."""
    if local_name(root.tag).lower() not in ROOTS:
        raise UnreadableRecord(f"Not Dublin Core: the root element is {shown(root.tag)}.")
    draft = new_draft()
    dublin_core.describe(draft, root)
    return finish(draft)


def write(metadata: ResourceMetadata) -> bytes:
    """Write an oai_dc document that is valid against oai_dc.xsd.

    Licences come as their URI first, then in words. Concepts of our own vocabularies, whose codes
    nobody else knows, go out as the record worded them, or else by their English label.
    """
    root = etree.Element(f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC})
    root.set(f"{{{XSI}}}schemaLocation", f"{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd")
    for name, text, language in dict.fromkeys(_statements(metadata)):
        if text := legal(text).strip():
            element = etree.SubElement(root, f"{{{DC}}}{name}")
            element.text = text
            if language and _LANGUAGE.fullmatch(language):
                element.set(XML_LANG, language)
    return etree.tostring(root, encoding="utf-8", xml_declaration=False)


_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
"""xs:language, which is what ``xml:lang`` may hold."""

Statement = tuple[str, str, str | None]
"""Element name, text, language."""


def _statements(metadata: ResourceMetadata) -> Iterable[Statement]:
    for name, strings in (
        ("title", metadata.title),
        ("title", metadata.alternative),
        ("description", metadata.description),
        ("description", metadata.table_of_contents),
        ("coverage", metadata.coverage),
    ):
        for string in strings:
            yield name, string.text, string.language or string.raw_language
    for name, agents in (
        ("creator", metadata.creator),
        ("contributor", metadata.contributor),
        ("publisher", metadata.publisher),
    ):
        for agent in agents:
            yield name, agent.name, None
    for name, terms in (
        ("subject", metadata.about),
        ("subject", metadata.keywords),
        ("type", metadata.learning_resource_type),
    ):
        for stated in terms:
            yield name, *_term_text(stated)
    for language in metadata.language:
        yield "language", language.id or language.raw, None
    yield from _dates_written(metadata)
    yield from _identifiers_written(metadata)
    for material in metadata.materials:
        yield "format", material.media_type or material.raw_media_type or "", None
    for relation in metadata.relations:
        name = "source" if relation.raw_kind == "dc:source" else "relation"
        yield name, _relation_text(relation), None
    yield from _rights_written(metadata)


def _dates_written(metadata: ResourceMetadata) -> Iterable[Statement]:
    """One date, where there is one that says what it is: several dc:date cannot be told apart."""
    for dates in (metadata.issued, metadata.created, metadata.date, metadata.modified):
        if dates:
            for date in dates:
                yield "date", date.value or date.raw, None
            return


def _identifiers_written(metadata: ResourceMetadata) -> Iterable[Statement]:
    if metadata.landing_page:
        yield "identifier", metadata.landing_page, None
    for stated in metadata.identifiers:
        is_doi = stated.scheme == "doi" and not is_web_address(stated.value)
        yield "identifier", f"https://doi.org/{stated.value}" if is_doi else stated.value, None


def _relation_text(relation: Relation) -> str:
    titles = (title.text for title in relation.title)
    numbers = (stated.value for stated in relation.identifiers)
    return relation.url or relation.raw or next(numbers, "") or next(titles, "")


def _rights_written(metadata: ResourceMetadata) -> Iterable[Statement]:
    statements = [stated for stated in metadata.license if stated.scope == "resource"]
    for stated in statements:
        yield "rights", stated.uri or stated.raw_id or "", None
    for stated in statements:
        yield "rights", stated.raw, stated.language
    for right in metadata.access_rights:
        yield "rights", *_term_text(right)


def _term_text(stated: Term) -> tuple[str, str | None]:
    if stated.raw:
        return stated.raw, stated.language
    if stated.raw_id or not stated.id:
        return stated.raw_id or "", None
    label = vocabularies.label(stated.id, "en")
    return label, None if label == stated.id else "en"
