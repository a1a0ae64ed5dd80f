"""What stands at an address that speaks no OAI-PMH: a feed, a sitemap, a table, a page.

Pure: bytes in, a verdict out. It is told from the content; what a server calls it and how the
address ends count only for plain text, which looks like anything. Nothing is parsed here that the
reader it is for would not parse again under its own limits.
"""

import csv
import re
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urljoin, urlsplit
from zipfile import BadZipFile, ZipFile

from lxml import etree, html

from harvesters.saved import STATIC

PAGE = "page"
"""A web page: what its site offers has to be seen."""

_LOOKED_AT = 64 * 1024
_MOST_OF_A_PAGE = 2 * 1024 * 1024
_TABLE_TYPES = ("csv", "tab-separated-values", "ms-excel")
_TABLE_ENDINGS = (".csv", ".tsv", ".tab")

_BEFORE_ROOT = re.compile(
    r"\s*(?:<\?[^>]{0,2000}>|<!--.{0,4000}?-->|<!doctype[^>\[]{0,1000}>)", re.S
)
_ROOT = re.compile(r"\s*<(?:[\w.-]{1,60}:)?([A-Za-z][\w.-]{0,60})([^>]{0,8000})")
_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:", re.IGNORECASE | re.MULTILINE)

_BINARY: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "an old Office file (.xls or .doc). Save a table as .xlsx or CSV"),
    (b"%PDF", "a PDF document, which no list of materials can be read from"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
)


@dataclass(frozen=True)
class Content:
    """What stands there: a protocol of ours, :data:`PAGE`, or nothing that we read."""

    protocol: str | None
    what: str
    """In words that go on from "It is"."""


def recognise(body: bytes, content_type: str = "", url: str = "") -> Content:
    """What a body is."""
    if body.startswith(b"PK\x03\x04"):
        return _packed(body)
    for beginning, what in _BINARY:
        if body.startswith(beginning):
            return Content(None, what)
    text = _text(body[:_LOOKED_AT])
    if not text.strip():
        return Content(None, "empty")
    if text.lstrip().startswith("<"):
        return _marked_up(text)
    if text.lstrip()[0] in "{[":
        return Content(None, "JSON, which is not read as a source of its own")
    return _plain(text, content_type.lower(), urlsplit(url).path.lower())


def _packed(body: bytes) -> Content:
    try:
        with ZipFile(BytesIO(body)) as archive:
            names = set(archive.namelist())
    except (BadZipFile, ValueError, NotImplementedError, OverflowError):
        names = set()
    if "xl/workbook.xml" in names:
        return Content("tabular", "a workbook (XLSX)")
    return Content(None, "a packed file, but no workbook (XLSX)")


def _text(beginning: bytes) -> str:
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return beginning.decode("utf-16", "replace")
    return beginning.decode("utf-8", "replace").removeprefix("\ufeff").replace("\0", "")


def _marked_up(text: str) -> Content:
    at = 0
    while found := _BEFORE_ROOT.match(text, at):
        at = found.end()
    if re.match(r"\s*<!doctype\s+html", text, re.IGNORECASE):
        return Content(PAGE, "a web page")
    root = _ROOT.match(text, at)
    name = root[1] if root else ""
    attributes = root[2] if root else ""
    match name:
        case "rss" | "feed":
            return Content("feed", "an RSS or Atom feed")
        case "RDF" if "purl.org/rss" in attributes:
            return Content("feed", "an RSS feed")
        case "urlset" | "sitemapindex":
            return Content("sitemap", "a sitemap")
        case "Repository" if STATIC in attributes:
            return Content("saved", "an OAI-PMH static repository")
        case "OAI-PMH":
            return Content("saved", "a saved answer of OAI-PMH")
    if name.lower() in ("html", "head", "body", "div", "p", "script", "meta", "title"):
        return Content(PAGE, "a web page")
    return Content(None, f"XML with the root element <{name}>, which no reader of ours knows")


def _plain(text: str, content_type: str, path: str) -> Content:
    if path == "/robots.txt":
        if _SITEMAP_LINE.search(text):
            return Content("sitemap", "a robots.txt that names a sitemap")
        return Content(None, "a robots.txt that names no sitemap")
    called_table = path.endswith(_TABLE_ENDINGS) or any(t in content_type for t in _TABLE_TYPES)
    if called_table or _has_columns(text):
        return Content("tabular", "a table (CSV)")
    return Content(None, "plain text without columns")


def _has_columns(text: str) -> bool:
    """Whether the first lines fall into the same number of columns, two at least."""
    lines = [line for line in text.splitlines()[:-1] if line.strip()][:5]
    for delimiter in ",;\t|":
        try:
            widths = {len(row) for row in csv.reader(lines, delimiter=delimiter)}
        except csv.Error:
            continue
        if len(lines) > 1 and len(widths) == 1 and widths.pop() > 1:
            return True
    return False


def feeds_of(body: bytes, url: str) -> list[str]:
    """The feeds that a web page names (``rel="alternate"``)."""
    try:
        root = html.document_fromstring(
            body[:_MOST_OF_A_PAGE], parser=html.HTMLParser(no_network=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError):
        return []
    found: list[str] = []
    for link in root.iter("link"):
        kind = link.get("type", "").partition(";")[0].strip().lower()
        relations = link.get("rel", "").lower().split()
        is_feed = kind in ("application/rss+xml", "application/atom+xml")
        if is_feed and "alternate" in relations and link.get("href"):
            try:
                found.append(urljoin(url, link.get("href", "").strip()))
            except ValueError:
                continue
    return list(dict.fromkeys(found))[:5]
