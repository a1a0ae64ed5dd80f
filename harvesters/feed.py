"""RSS and Atom, read by feedparser from bytes that our own client fetched.

A feed is a window: it shows the latest entries, so what is missing from it proves nothing, and its
sources have the deletion policy ``headers`` or ``none``.

A feed that has not changed since it was last taken in is not sent again: it is asked for with the
validators of that answer, and 304 is a complete harvest in which nothing came.

What a newcomer would get wrong: a licence of the whole feed speaks of the feed's own text
(https://www.rssboard.org/creative-commons), so it is not given to the entries; and the language of
a feed is that its texts are written in, not that of the material behind a link.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from time import struct_time
from typing import Any

import feedparser

from harvesters.batches import batches
from harvesters.conditional import NOT_MODIFIED, fetched, validators
from harvesters.harvester import Harvester, HarvestRequest, Page, RepositoryInfo
from harvesters.http import HttpClient
from harvesters.learned import VALIDATORS
from oer.errors import ProtocolError
from oer.metadata.languages import read_language
from oer.services.source_record import SourceRecord

ENTRIES_OF_A_PAGE = 200
MAX_BYTES = 16 * 1024 * 1024
MAX_ENTRIES = 20_000
LONGEST_TEXT = 200_000
ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.1"

_LOST = "The feed is not well-formed; it was read as far as that goes ({})"


_UNCHANGED = "The feed has not changed since the last harvest, so it was not sent again"


def harvester() -> Harvester:
    """The harvester of feeds. What ``identify`` fetched serves ``pages`` too: one visit will do."""
    visits: list[_Visit] = []

    def identify(base_url: str, http: HttpClient) -> RepositoryInfo:
        return revisit(base_url, http, {})

    def revisit(base_url: str, http: HttpClient, known: Mapping[str, Any]) -> RepositoryInfo:
        visits[:] = [_fetch(base_url, http, known)]
        feed = visits[0].feed
        return RepositoryInfo(name=_plain(feed.feed.get("title")) or None if feed else None)

    def pages(request: HarvestRequest, http: HttpClient) -> Iterator[Page]:
        visit = visits.pop() if visits else _fetch(request.base_url, http, {})
        if visit.feed is None:
            yield Page((), notes=(_UNCHANGED,))
            return
        for page in _pages(visit.feed, request):
            yield replace(page, learned={VALIDATORS: visit.validators})

    return Harvester(identify=identify, pages=pages, revisit=revisit)


@dataclass(frozen=True)
class _Visit:
    """What came of asking for a feed: the feed, or None where it has not changed."""

    feed: Any
    validators: dict[str, str] | None = None


def _fetch(address: str, http: HttpClient, known: Mapping[str, Any]) -> _Visit:
    """The feed at an address.

    Raises:
        TransportError: It cannot be had.
        ProtocolError: It is no feed.
    """
    reply = fetched(http, address, known, accept=ACCEPT)
    if reply.status == NOT_MODIFIED:
        return _Visit(None)
    feed = read_feed(reply.body, address, reply.headers.get("content-type", ""))
    return _Visit(feed, validators(reply))


def read_feed(body: bytes, address: str, content_type: str = "") -> Any:
    """What feedparser makes of a feed.

    Raises:
        ProtocolError: It is no feed, or too long.
    """
    if len(body) > MAX_BYTES:
        raise ProtocolError(f"The feed is {len(body)} bytes long; {MAX_BYTES} are allowed.")
    headers = {"content-location": address}
    if content_type:
        headers["content-type"] = content_type
    # As a stream: bytes and texts it would take for a file's name or an address to fetch.
    feed = feedparser.parse(BytesIO(body), response_headers=headers)
    if not feed.get("version") and not feed.entries:
        raise ProtocolError("The answer is no RSS or Atom feed. Check the address of the source.")
    return feed


def _pages(feed: Any, request: HarvestRequest) -> Iterator[Page]:
    """The entries. Where a run stopped is not kept: entries move while a feed grows."""
    broken = _is_broken(feed)
    cut = len(feed.entries) > MAX_ENTRIES
    notes: tuple[str, ...] = (_LOST.format(1),) if broken else ()
    if cut:
        notes += (f"The feed has {len(feed.entries)} entries; the first {MAX_ENTRIES} were read",)
    written_in = _plain(feed.feed.get("language"))
    records = (_record(entry, written_in) for entry in feed.entries[:MAX_ENTRIES])
    for batch, is_last in batches(records, ENTRIES_OF_A_PAGE):
        yield Page(
            records=tuple(batch),
            checkpoint=None if is_last else "again",
            notes=notes,
            holes=int(is_last and (broken or cut)),
            ignores_from=request.from_ is not None,
        )
        notes = ()


def _is_broken(feed: Any) -> bool:
    """Whether entries may have been lost: a wrong label or encoding alone loses none."""
    harmless = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
    return bool(feed.get("bozo")) and not isinstance(feed.get("bozo_exception"), harmless)


# An entry -----------------------------------------------------------------------------------------


def _record(entry: Mapping[str, Any], written_in: str) -> SourceRecord:
    """The record of an entry, named by its id or else its address."""
    entry = dict(entry)  # feedparser's own dictionary says "published" where "updated" is missing
    link = _plain(entry.get("link"))
    return SourceRecord(
        _plain(entry.get("id")) or link or None, payload=_payload(entry, link, written_in)
    )


def _payload(entry: Mapping[str, Any], link: str, written_in: str) -> bytes:
    values: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "CreativeWork",
        "identifier": _plain(entry.get("id")),
        "url": link,
        "name": _text(entry, "title", written_in),
        "description": _text(entry, "summary", written_in) or _content(entry, written_in),
        "inLanguage": _plain(entry.get("language")),
        "creator": _authors(entry),
        "publisher": _plain(entry.get("publisher")),
        "datePublished": _date(entry, "published"),
        "dateModified": _date(entry, "updated"),
        "keywords": [_keyword(tag) for tag in _listed(entry, "tags") if _plain(tag.get("term"))],
        "license": _licenses(entry),
        "copyrightNotice": _plain(entry.get("rights")),
        "encoding": [_file(each) for each in _linked(entry, "enclosure")],
        "thumbnailUrl": [
            _plain(each.get("url")) for each in _listed(entry, "media_thumbnail") if each.get("url")
        ],
        "duration": _plain(entry.get("itunes_duration")),
    }
    stated = {name: value for name, value in values.items() if value not in ("", [], None)}
    return json.dumps(stated, ensure_ascii=False).encode("utf-8", "replace")


def _plain(value: Any) -> str:
    return value.strip()[:LONGEST_TEXT] if isinstance(value, str) else ""


def _listed(entry: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = entry.get(name)
    values = found if isinstance(found, list) else []
    return [each for each in values if isinstance(each, Mapping)]


def _linked(entry: Mapping[str, Any], relation: str) -> list[Mapping[str, Any]]:
    links = _listed(entry, "links")
    return [each for each in links if each.get("rel") == relation and each.get("href")]


def _text(entry: Mapping[str, Any], name: str, written_in: str) -> Any:
    """A text, with the language it is written in where the entry or the feed says so."""
    return _tagged(entry.get(name), entry.get(f"{name}_detail"), written_in)


def _tagged(value: Any, detail: Any, written_in: str) -> Any:
    text = _plain(value)
    own = _plain(detail.get("language")) if isinstance(detail, Mapping) else ""
    raw = own or written_in
    language = read_language(raw) if raw else None
    return {"@value": text, "@language": language} if text and language else text


def _content(entry: Mapping[str, Any], written_in: str) -> Any:
    found = (_tagged(each.get("value"), each, written_in) for each in _listed(entry, "content"))
    return next(found, "")


def _authors(entry: Mapping[str, Any]) -> list[str]:
    named = [_plain(each.get("name")) for each in _listed(entry, "authors")]
    return [name for name in named if name] or list(filter(None, [_plain(entry.get("author"))]))


def _date(entry: Mapping[str, Any], name: str) -> str:
    """UTC, where feedparser could read it; feeds write dates in a dozen ways."""
    parsed = entry.get(f"{name}_parsed")
    if not isinstance(parsed, struct_time):
        return _plain(entry.get(name))
    try:
        moment = datetime(*parsed[:6], tzinfo=UTC)
    except ValueError:
        return _plain(entry.get(name))
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _keyword(tag: Mapping[str, Any]) -> dict[str, str]:
    values = {
        "@type": "DefinedTerm",
        "name": _plain(tag.get("label")) or _plain(tag.get("term")),
        "termCode": _plain(tag.get("term")) if tag.get("label") else "",
        "inDefinedTermSet": _plain(tag.get("scheme")),
    }
    return {name: value for name, value in values.items() if value}


def _licenses(entry: Mapping[str, Any]) -> list[str]:
    """Of the entry itself: ``rel="license"``, ``cc:license`` and what Media RSS has."""
    found = [_plain(each.get("href")) for each in _linked(entry, "license")]
    media = entry.get("media_license")
    if isinstance(media, Mapping):
        found.append(_plain(media.get("href")) or _plain(media.get("content")))
    return list(dict.fromkeys(filter(None, found)))


def _file(enclosure: Mapping[str, Any]) -> dict[str, str]:
    values = {
        "@type": "MediaObject",
        "contentUrl": _plain(enclosure.get("href")),
        "encodingFormat": _plain(enclosure.get("type")),
        "contentSize": _plain(enclosure.get("length")),
    }
    return {name: value for name, value in values.items() if value}
