"""Atom feeds (RFC 4287), written by lxml. What goes in comes from outside in part."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from oer.formats.namespaces import XML
from oer.formats.xml import legal

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"


@dataclass(frozen=True)
class Entry:
    """One thing that happened. ``id`` never changes, whatever becomes of the entry."""

    id: str
    title: str
    updated: datetime
    link: str
    content: str
    category: str


@dataclass(frozen=True)
class Feed:
    """A feed; ``updated`` is for the case that there are no entries."""

    id: str
    title: str
    language: str
    author: str
    page: str
    address: str
    updated: datetime
    entries: tuple[Entry, ...]


def atom(feed: Feed) -> bytes:
    """The feed as a document."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]
    root.set(f"{{{XML}}}lang", feed.language)
    updated = max((entry.updated for entry in feed.entries), default=feed.updated)
    _texts(root, (("id", feed.id), ("title", feed.title), ("updated", _instant(updated))))
    _texts(_child(root, "author"), [("name", feed.author)])
    _child(root, "link", rel="alternate", type="text/html", href=feed.page)
    _child(root, "link", rel="self", type=MEDIA_TYPE, href=feed.address)
    for entry in feed.entries:
        _entry(root, entry)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _entry(root: etree._Element, entry: Entry) -> None:
    element = _child(root, "entry")
    updated = _instant(entry.updated)
    _texts(element, (("id", entry.id), ("title", entry.title), ("updated", updated)))
    _child(element, "link", rel="alternate", type="text/html", href=entry.link)
    _child(element, "category", term=entry.category)
    _child(element, "content", type="text").text = legal(entry.content)


def _child(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)


def _texts(parent: etree._Element, texts: Iterable[tuple[str, str]]) -> None:
    for name, text in texts:
        _child(parent, name).text = legal(text)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
