"""The one safe XML parser, and what every crosswalk needs to get text out of elements.

A payload is hostile until checked: no DOCTYPE, hence no entities; nothing is fetched; depth and
size have ends. What a newcomer would get wrong: ``recover=True`` drops text silently, and
``huge_tree=True`` lifts libxml2's guard against entity bombs together with the text limit, so it
serves only big payloads that are plain UTF-8 and hold no DOCTYPE at all.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from oer.errors import UnreadableRecord
from oer.formats.namespaces import XML

if TYPE_CHECKING:
    Element = etree._Element
else:
    Element = object

MAX_BYTES = 32 * 1024 * 1024
"""No payload is bigger: a record of 32 MB is not a description."""

MAX_DEPTH = 256
"""Where libxml2 itself stops, unless it is parsing a big payload. Records need some twenty."""

LONGEST_CACHED = 200
"""Longer names of elements and languages are no names, and must not fill the caches."""

# libxml2 cuts off a text node at ten million bytes unless it is told not to.
_BIG = 9_000_000


def _parser(*, huge_tree: bool, encoding: str | None = None) -> etree.XMLParser:
    return etree.XMLParser(
        encoding=encoding,
        huge_tree=huge_tree,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
    )


_PARSER = _parser(huge_tree=False)
_BIG_PARSER = _parser(huge_tree=True, encoding="utf-8")

XML_LANG = f"{{{XML}}}lang"

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Language, script and region: the tags that catalogues use. Three letters are left to
# oer.metadata.languages, because most three-letter codes in records are not BCP 47 (eng, fin, swe).
_PLAIN_TAG = re.compile(r"([a-z]{2})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?", re.IGNORECASE)
_NO_LANGUAGE = frozenset({"", "none", "x-none", "und"})


def parse(payload: bytes) -> Element:
    """The root element of a payload.

    Raises:
        UnreadableRecord: It is not well-formed, has a DOCTYPE, or is too big or too deep.
    """
    if len(payload) > _BIG:
        return _parse_big(payload)
    root = _parse(payload, _PARSER)
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableRecord("The XML has a DOCTYPE, which no metadata record needs.")
    return root


def _parse(payload: bytes, parser: etree.XMLParser) -> Element:
    try:
        return etree.fromstring(payload, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableRecord(
            f"Not well-formed XML: {error.msg or 'no element at all'}."
        ) from None


def _parse_big(payload: bytes) -> Element:
    if len(payload) > MAX_BYTES:
        raise UnreadableRecord(f"The XML is {len(payload)} bytes long; {MAX_BYTES} are allowed.")
    if b"<!DOCTYPE" in payload:
        raise UnreadableRecord("The XML has a DOCTYPE, which no metadata record needs.")
    root = _parse(payload, _BIG_PARSER)
    _check_depth(root)
    return root


def _check_depth(root: Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise UnreadableRecord(f"The XML is nested deeper than {MAX_DEPTH} elements.")


def local_name(tag: str) -> str:
    """The name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def shown(tag: str) -> str:
    """An element name for a message, however long a provider made it."""
    return tag if len(tag) <= LONGEST_CACHED else f"{tag[:LONGEST_CACHED]}…"


def namespace(tag: str) -> str:
    """The namespace of an element or attribute; empty where it has none."""
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def text_of(element: Element) -> str:
    """All text within an element, children included, stripped; empty where there is none."""
    text = "".join(map(str, element.itertext())) if len(element) else element.text
    return text.strip() if text else ""


def legal(text: str) -> str:
    """The text without the characters that XML 1.0 §2.2 cannot carry."""
    return _ILLEGAL.sub("", text)


def language_tag(stated: str | None) -> tuple[str | None, str | None]:
    """What ``xml:lang`` says, as ``(BCP 47 tag or None, spelling of the record where it differs)``.

    Only what plainly is a tag becomes one; ``x-none`` and its like state no language.
    """
    if not stated:
        return None, None
    return _language_tag(stated) if len(stated) <= LONGEST_CACHED else (None, stated)


@lru_cache(maxsize=1024)
def _language_tag(stated: str) -> tuple[str | None, str | None]:
    stated = stated.strip()
    if stated.lower() in _NO_LANGUAGE:
        return None, None
    match = _PLAIN_TAG.fullmatch(stated)
    if not match:
        return None, stated
    language, script, region = match.groups()
    parts = [language.lower(), script and script.title(), region and region.upper()]
    tag = "-".join(part for part in parts if part)
    return tag, None if tag == stated else stated
