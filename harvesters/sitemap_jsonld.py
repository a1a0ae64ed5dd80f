"""Sites without a protocol: their sitemap lists the pages, each page describes its resource.

The description is the schema.org that the page embeds (``embedded``). robots.txt is obeyed, its
pauses kept. Asked for what is new, pages whose ``lastmod`` is older are left alone; pages without
one are visited every time. The place where a run stopped is an address in the sorted list.

What a newcomer would get wrong: a page without a description is no problem of the site, so it is
counted in a note; a page whose description is broken is one, and is kept with its text.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import partial
from itertools import islice
from urllib.parse import urlsplit

from harvesters.batches import batches
from harvesters.embedded import MAX_PAGE, described
from harvesters.harvester import Harvester, HarvestRequest, Page, RepositoryInfo
from harvesters.http import HttpClient, HttpStatus, Parked, Reply, redacted
from harvesters.robots import Robots
from harvesters.sitemap_options import SitemapOptions, read_options
from harvesters.sitemaps import Entry, UrlList, last_moment, read_sitemap
from oer.errors import HarvestError, ProtocolError, TransportError, UsageError
from oer.services.source_record import SourceRecord

PAGES_OF_A_PAGE = 20
"""So many web pages are kept together; fewer where a site asks for long pauses."""
LONGEST_PAUSES = 600.0
"""Seconds of pauses between two checkpoints."""

SAMPLE_PAUSES = 120.0
"""Seconds of pauses that a look around may take."""
SAMPLED_FROM = 20
"""A look around chooses its pages from so many times as many."""

MAX_SITEMAPS = 5_000
MAX_URLS = 5_000_000
MAX_FAILURES = 5
"""After so many failures in a row it is seen whether the site answers at all."""

UNREACHABLE = "unreachable"
_HTML = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


def identify(base_url: str, http: HttpClient) -> RepositoryInfo:
    """A sitemap says nothing of the site that would be worth a visit of its own."""
    return RepositoryInfo()


def sampler(most: int) -> Harvester:
    """A harvester that visits ``most`` pages at most, from all over the list: to look around."""
    return Harvester(identify=identify, pages=partial(pages, most=most))


def pages(request: HarvestRequest, http: HttpClient, *, most: int | None = None) -> Iterator[Page]:
    """What the pages of the sitemap describe, from the checkpoint on.

    Args:
        most: Visit so many only, taken evenly from the first sitemaps; None: all.

    Raises:
        HarvestError: There is no sitemap, robots.txt cannot be had, or the site does not answer.
    """
    try:
        options = read_options(request.options)
    except UsageError as error:
        raise HarvestError(str(error)) from None
    robots = Robots(http)
    with closing(_List(request, http, robots, options)) as listed:
        robots.allows(request.base_url)  # sets the pace, before anything else is asked for
        listed.fill(enough=most * SAMPLED_FROM if most else None)
        position = json.loads(request.checkpoint)["after"] if request.checkpoint else None
        visits = _Visits(http, robots, options, request.base_url)
        size = max(1, min(PAGES_OF_A_PAGE, int(LONGEST_PAUSES / max(http.delay_seconds, 0.001))))
        for urls, is_last in batches(_chosen(listed.urls, position, most, http), size):
            if request.headers_only:
                records = [SourceRecord(url) for url in urls]
            else:
                records = [record for url in urls if (record := visits.record(url))]
            yield Page(
                records=tuple(records),
                checkpoint=_place(urls) if most or not is_last else None,
                response_date=listed.clock,
                complete_list_size=len(listed.urls) if most else None,
                notes=(*listed.taken_notes(), *visits.taken_notes()),
                holes=len(listed.unread) if is_last else 0,
            )


def _chosen(
    urls: UrlList, position: str | None, most: int | None, http: HttpClient
) -> Iterator[str]:
    """The addresses to visit; of a look around so many that its pauses are bearable."""
    if not most:
        return urls.after(position)
    bearable = max(1, min(most, int(SAMPLE_PAUSES / max(http.delay_seconds, 0.001))))
    return islice(urls.after(position), 0, None, max(1, -(-len(urls) // bearable)))


def _place(urls: list[str]) -> str:
    return json.dumps({"after": urls[-1] if urls else None})


# The list -----------------------------------------------------------------------------------------


@dataclass
class _List:
    """The addresses to visit, from all sitemaps that the source's leads to."""

    request: HarvestRequest
    http: HttpClient
    robots: Robots
    options: SitemapOptions
    urls: UrlList = field(default_factory=UrlList)
    clock: str | None = None
    """The site's clock at the first answer."""
    unread: list[str] = field(default_factory=list)
    foreign: int = 0

    def close(self) -> None:
        """Forget the list."""
        self.urls.close()

    def fill(self, *, enough: int | None = None) -> None:
        """Read all sitemaps; or so many that there are ``enough`` addresses.

        Raises:
            HarvestError: None can be had, the first is none, or there is no end of them.
        """
        todo = self._first()
        seen = set(todo)
        while todo:
            address = todo.pop()
            entries = self._entries(address, is_first=len(seen) == 1)
            children: list[str] = []
            self.urls.add(self._pages(entries, children))
            if enough and len(self.urls) >= enough:
                break
            fresh = [url for url in dict.fromkeys(children) if url not in seen]
            seen.update(fresh)
            todo += fresh
            if len(seen) > MAX_SITEMAPS or len(self.urls) > MAX_URLS:
                raise ProtocolError(
                    f"The sitemap leads to more than {MAX_SITEMAPS} sitemaps or {MAX_URLS} pages."
                )
        if self.unread and not len(self.urls):
            raise ProtocolError(f"No sitemap could be read. {self.unread[0]}")

    def taken_notes(self) -> list[str]:
        """What is to be told of the list, once."""
        notes = [f"A part of the sitemap could not be read: {why}" for why in self.unread]
        if self.foreign:
            notes.append(f"Addresses of other sites were left out ({self.foreign})")
            self.foreign = 0
        return notes

    def _first(self) -> list[str]:
        """The source's sitemap; or those that its robots.txt names, where that is the address."""
        address = self.request.base_url
        if urlsplit(address).path != "/robots.txt":
            return [address]
        named = self.robots.sitemaps(address)
        if not named:
            raise ProtocolError(f"{redacted(address)} names no sitemap. Give the sitemap's own.")
        return list(dict.fromkeys(named))[:MAX_SITEMAPS]

    def _entries(self, address: str, *, is_first: bool) -> Iterator[Entry]:
        try:
            reply = self.http.get(address, accept_errors=False)
            self.clock = self.clock or _clock(reply)
            yield from read_sitemap(reply.body)
        except Parked:
            raise
        except (TransportError, ProtocolError) as error:
            if is_first:
                raise
            self.unread.append(str(error)[:300])

    def _pages(self, entries: Iterator[Entry], children: list[str]) -> Iterator[str]:
        """The pages among entries that are to be visited; sitemaps go to ``children``."""
        for entry in entries:
            if not _is_ours(entry.url, self.request.base_url, self.options):
                self.foreign += 1
            elif entry.is_sitemap:
                children.append(entry.url)
            elif self.options.wants(entry.url) and self._is_new(entry.lastmod):
                yield entry.url

    def _is_new(self, lastmod: str | None) -> bool:
        moment = last_moment(lastmod)
        if moment is None or not self.request.from_ or self.request.headers_only:
            return True
        return moment >= datetime.fromisoformat(self.request.from_)


def _is_ours(url: str, home: str, options: SitemapOptions) -> bool:
    """Whether a page is one of the sitemap's own site, or of a site that the source allows."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    own = (urlsplit(home).hostname or "").lower()
    return parts.scheme in ("http", "https") and (host == own or host in options.hosts)


def _clock(reply: Reply) -> str | None:
    try:
        moment = parsedate_to_datetime(reply.headers["date"])
    except (KeyError, ValueError, TypeError):
        return None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# The pages ----------------------------------------------------------------------------------------

_SILENT = "Pages without a description of a resource were passed over ({})"
_FORBIDDEN = "Pages that robots.txt forbids were passed over ({})"
_REPAIRED = "Embedded JSON-LD was repaired where no letter was lost ({})"


@dataclass
class _Visits:
    """Visits pages and makes records of them; counts what is not worth one."""

    http: HttpClient
    robots: Robots
    options: SitemapOptions
    home: str
    counts: dict[str, int] = field(default_factory=dict)
    failures: int = 0

    def record(self, url: str) -> SourceRecord | None:
        """The record of a page; None where it describes nothing, or may not be visited.

        Raises:
            HarvestError: Page after page fails and the site does not answer, or it asks to be left
            alone.
        """
        if not self.robots.allows(url):
            self._count(_FORBIDDEN)
            return None
        try:
            reply = self.http.get(url, accept=_HTML, accept_errors=False)
        except Parked:
            raise
        except TransportError as error:
            return self._failed(url, error)
        self.failures = 0
        if not _is_ours(reply.url, self.home, self.options):
            shown = redacted(reply.url)
            return _problem(url, f"The page leads to another site: {shown}", UNREACHABLE)
        if len(reply.body) > MAX_PAGE:
            return _problem(url, f"The page is {len(reply.body)} bytes long.", "too_large")
        found = described(reply.body, url, charset=_charset(reply), types=self.options.types)
        if found is None:
            self._count(_SILENT)
            return None
        if found.repaired:
            self._count(_REPAIRED)
        return SourceRecord(
            url, payload=found.payload, problem=found.problem, problem_detail=found.detail
        )

    def taken_notes(self) -> list[str]:
        """What was counted since this was last asked."""
        notes = [note.format(count) for note, count in self.counts.items()]
        self.counts = {}
        return notes

    def _count(self, note: str) -> None:
        self.counts[note] = self.counts.get(note, 0) + 1

    def _failed(self, url: str, error: TransportError) -> SourceRecord:
        if isinstance(error, HttpStatus) and error.status == 410:
            self.failures = 0
            return SourceRecord(url, deleted=True)
        if not (isinstance(error, HttpStatus) and error.status in (401, 403, 404)):
            self.failures += 1
        if self.failures >= MAX_FAILURES:
            self._see_that_site_answers()
        return _problem(url, str(error), UNREACHABLE)

    def _see_that_site_answers(self) -> None:
        """Tell a run of bad pages from a site that is down: its robots.txt says which."""
        Robots(self.http).allows(self.home)
        self.failures = 0


def _problem(url: str, detail: str, problem: str) -> SourceRecord:
    return SourceRecord(url, problem=problem, problem_detail=detail)


def _charset(reply: Reply) -> str | None:
    message = Message()
    message["content-type"] = reply.headers.get("content-type", "")
    return message.get_content_charset()


HARVESTER = Harvester(identify=identify, pages=pages)
