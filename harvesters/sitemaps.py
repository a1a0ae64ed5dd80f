"""Sitemaps (https://www.sitemaps.org/protocol.html): reading one, and keeping the list of all.

A list may hold millions of addresses. It is kept in a temporary database on disk, which sorts it
and knows an address that two sitemaps name; memory stays flat.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import NamedTuple

from lxml import etree

from oer.errors import ProtocolError

LONGEST_URL = 2048
"""As the protocol has it."""


class Entry(NamedTuple):
    """A page, or another sitemap (``is_sitemap``)."""

    url: str
    lastmod: str | None = None
    is_sitemap: bool = False


def read_sitemap(body: bytes) -> Iterator[Entry]:
    """The entries of a sitemap or a sitemap index, one after another.

    Raises:
        ProtocolError: It is none, or is broken; what came before has been given by then.
    """
    if b"<!DOCTYPE" in body[:4096] or b"<!ENTITY" in body[:4096]:
        raise ProtocolError("The sitemap has a DOCTYPE, which no sitemap needs.")
    # libxml2 itself stops at texts of ten million bytes, at deep nesting and at entity bombs.
    events = etree.iterparse(
        BytesIO(body),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    root = None
    try:
        for event, element in events:
            if root is None:
                root = element
                _check_root(root)
            elif event == "end" and element.getparent() is root:
                if entry := _entry(element):
                    yield entry
                # Not what comes after it: the parser is ahead of its events.
                while element.getprevious() is not None:
                    del root[0]
    except etree.XMLSyntaxError as error:
        raise ProtocolError(f"The sitemap is not well-formed XML: {error.msg}.") from None


def _check_root(root: etree._Element) -> None:
    name = _name(root)
    if name not in ("urlset", "sitemapindex"):
        raise ProtocolError(
            f"The answer is no sitemap: its root element is <{name[:60]}>. "
            "Check the address of the source."
        )


def _entry(element: etree._Element) -> Entry | None:
    # Extensions have elements of these names too, one level deeper.
    texts = {_name(child): (child.text or "").strip() for child in element}
    url = texts.get("loc", "")
    if not url or len(url) > LONGEST_URL:
        return None
    return Entry(url, texts.get("lastmod") or None, _name(element) == "sitemap")


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


# Times --------------------------------------------------------------------------------------------

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def last_moment(lastmod: str | None) -> datetime | None:
    """The latest moment that ``lastmod`` may mean (W3C date-time), UTC; None where it says none.

    A day may mean its last minute, and a day without a zone may end twelve hours later than ours.
    """
    text = (lastmod or "").strip()
    try:
        if found := _DATE.fullmatch(text):
            year, month, day = int(found[1]), found[2], found[3]
            begin = datetime(year, int(month or 12), int(day or 1), tzinfo=UTC)
            return begin + timedelta(days=1 if day else 32, hours=12)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC) + timedelta(hours=12)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


# The list -----------------------------------------------------------------------------------------


class UrlList:
    """Addresses of pages, each once, in order; on disk."""

    def __init__(self) -> None:
        # An empty name: a temporary file that vanishes with the connection.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA cache_size = -8192")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("CREATE TABLE page (url TEXT PRIMARY KEY) WITHOUT ROWID")

    def add(self, urls: Iterator[str]) -> None:
        """Add addresses; those that are there already are passed over."""
        self._database.execute("BEGIN")
        self._database.executemany(
            "INSERT OR IGNORE INTO page VALUES (?)", ((url,) for url in urls)
        )
        self._database.execute("COMMIT")

    def __len__(self) -> int:
        return int(self._database.execute("SELECT count(*) FROM page").fetchone()[0])

    def after(self, url: str | None) -> Iterator[str]:
        """The addresses that come after ``url``, in the order of their characters."""
        with closing(self._database.cursor()) as cursor:
            cursor.execute("SELECT url FROM page WHERE url > ? ORDER BY url", (url or "",))
            for (each,) in cursor:
                yield each

    def close(self) -> None:
        """Forget the list."""
        self._database.close()
