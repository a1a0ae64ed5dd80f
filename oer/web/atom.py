"""Atom feeds (RFC 4287), with the counts of OpenSearch 1.1 where a feed is a search.

What goes in comes from outside in part, so lxml writes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from oer.formats.namespaces import XML
from oer.formats.xml import legal
from oer.web.text import Text

ATOM = "http://www.w3.org/2005/Atom"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
MEDIA_TYPE = "application/atom+xml"

_NAMES: Any = {None: ATOM}
_SEARCH_NAMES: Any = _NAMES | {"opensearch": OPENSEARCH}
_XML_LANG = f"{{{XML}}}lang"
_UNKNOWN = "und"
"""The language tag of a text whose language nobody said (RFC 5646 §4.1)."""

_BEGINNING = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class Entry:
    """One thing in a feed. What is empty is left out."""

    url: str
    """Its page for people."""
    title: Text
    updated: datetime
    id: str = ""
    """What it is told apart by, for good (``atom:id``); empty: its ``url``."""
    published: datetime | None = None
    authors: tuple[str, ...] = ()
    summary: Text | None = None
    content: str = ""
    categories: tuple[str, ...] = ()
    rights: str = ""


@dataclass(frozen=True)
class Feed:
    """A feed. ``total`` and ``per_page`` are for searches: how much was found, and is on a page."""

    title: str
    lang: str
    page_url: str
    """Its page for people; also what the feed is told apart by."""
    self_url: str
    site_name: str
    """RFC 4287 §4.2.1: whoever has no author of their own takes this one."""
    entries: tuple[Entry, ...]
    next_url: str | None = None
    total: int | None = None
    per_page: int | None = None
    updated: datetime = _BEGINNING
    """When it last changed; counts only where there are no entries."""


def write(feed: Feed) -> bytes:
    """The feed as a document."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=_NAMES if feed.total is None else _SEARCH_NAMES)
    root.set(_XML_LANG, feed.lang)
    _say(root, "id", feed.page_url)
    _say(root, "title", feed.title)
    _say(root, "updated", _time(max((e.updated for e in feed.entries), default=feed.updated)))
    _link(root, "self", feed.self_url, MEDIA_TYPE)
    _link(root, "alternate", feed.page_url, "text/html")
    if feed.next_url:
        _link(root, "next", feed.next_url, MEDIA_TYPE)
    _person(root, feed.site_name)
    for name, count in (("totalResults", feed.total), ("itemsPerPage", feed.per_page)):
        if count is not None:
            etree.SubElement(root, f"{{{OPENSEARCH}}}{name}").text = str(count)
    for entry in feed.entries:
        _add(root, entry)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _add(root: etree._Element, entry: Entry) -> None:
    element = etree.SubElement(root, f"{{{ATOM}}}entry")
    _say(element, "id", entry.id or entry.url)
    _say(element, "title", entry.title)
    _say(element, "updated", _time(entry.updated))
    if entry.published:
        _say(element, "published", _time(entry.published))
    _link(element, "alternate", entry.url, "text/html")
    for author in entry.authors:
        _person(element, author)
    for category in entry.categories:
        etree.SubElement(element, f"{{{ATOM}}}category", term=legal(category))
    for name, text in (
        ("summary", entry.summary),
        ("content", Text(entry.content)),
        ("rights", Text(entry.rights)),
    ):
        if text and text.text:
            _say(element, name, text)


def _say(parent: etree._Element, name: str, said: str | Text) -> None:
    """Plain text: what an Atom text construct is without a ``type`` (RFC 4287 §3.1.1)."""
    text = said if isinstance(said, Text) else Text(said)
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = legal(text.text)
    if text.lang is not None:
        element.set(_XML_LANG, text.lang or _UNKNOWN)


def _link(parent: etree._Element, rel: str, url: str, media_type: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=legal(url), type=media_type)


def _person(parent: etree._Element, name: str) -> None:
    author = etree.SubElement(parent, f"{{{ATOM}}}author")
    _say(author, "name", name)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def texts(values: Iterable[str]) -> tuple[str, ...]:
    """Those that say something."""
    return tuple(value for value in values if value.strip())
