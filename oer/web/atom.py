"""A search as an Atom feed (RFC 4287), with the counts of OpenSearch 1.1."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from oer.formats.xml import legal

ATOM = "http://www.w3.org/2005/Atom"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
_NAMES: Any = {None: ATOM, "opensearch": OPENSEARCH}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Entry:
    """A material as a feed shows it."""

    url: str
    """Its permanent address: also what it is told apart by (``atom:id``)."""
    title: str
    lang: str
    updated: datetime
    published: datetime
    authors: tuple[str, ...]
    summary: str
    categories: tuple[str, ...]
    rights: str


@dataclass(frozen=True)
class Feed:
    """A search and what it found."""

    title: str
    lang: str
    page_url: str
    """The search as a page for people; also what the feed is told apart by."""
    self_url: str
    next_url: str | None
    site_name: str
    total: int
    per_page: int
    entries: tuple[Entry, ...]


def write(feed: Feed) -> bytes:
    """The feed as a document. An empty one was last changed at the beginning of time."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=_NAMES)
    root.set(XML_LANG, feed.lang)
    updated = max((each.updated for each in feed.entries), default=datetime.fromtimestamp(0, UTC))
    _say(root, "id", feed.page_url)
    _say(root, "title", feed.title)
    _say(root, "updated", _time(updated))
    _link(root, "self", feed.self_url, "application/atom+xml")
    _link(root, "alternate", feed.page_url, "text/html")
    if feed.next_url:
        _link(root, "next", feed.next_url, "application/atom+xml")
    # RFC 4287 §4.2.1: whoever has no author of their own takes the feed's.
    _person(root, feed.site_name)
    etree.SubElement(root, f"{{{OPENSEARCH}}}totalResults").text = str(feed.total)
    etree.SubElement(root, f"{{{OPENSEARCH}}}itemsPerPage").text = str(feed.per_page)
    for entry in feed.entries:
        _add(root, entry)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _add(root: etree._Element, entry: Entry) -> None:
    element = etree.SubElement(root, f"{{{ATOM}}}entry")
    _say(element, "id", entry.url)
    title = _say(element, "title", entry.title)
    if entry.lang:
        title.set(XML_LANG, entry.lang)
    _say(element, "updated", _time(entry.updated))
    _say(element, "published", _time(entry.published))
    _link(element, "alternate", entry.url, "text/html")
    for author in entry.authors:
        _person(element, author)
    for category in entry.categories:
        etree.SubElement(element, f"{{{ATOM}}}category", term=legal(category))
    if entry.summary:
        _say(element, "summary", entry.summary)
    if entry.rights:
        _say(element, "rights", entry.rights)


def _say(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = legal(text)
    return element


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
