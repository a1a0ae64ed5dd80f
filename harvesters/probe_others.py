"""Looking at what speaks no OAI-PMH: a feed, a site with a sitemap, a table, a static repository.

The address is fetched once to see what stands there; then the harvester that fits reads a sample,
as it would in a harvest. A web page may lead to its site's sitemap or to a feed that it names; no
address is ever guessed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from harvesters import harvester_for, tabular
from harvesters.embedded import described
from harvesters.harvester import Harvester, HarvestRequest, RepositoryInfo
from harvesters.http import HttpClient, redacted
from harvesters.probe_advice import Access, advice_for, other_warnings
from harvesters.probe_content import PAGE, Content, feeds_of, recognise
from harvesters.probe_report import Offered, Report, best, offered_as
from harvesters.probe_sample import take
from harvesters.probe_table import definition, proposed
from harvesters.robots import Robots
from harvesters.sitemap_jsonld import sampler
from oer.errors import HarvestError, ProtocolError, UnreadableRecord
from oer.formats.namespaces import OAI
from oer.formats.xml import parse
from oer.metadata.vocabularies import Tables
from oer.services.profile import Census

ANYTHING = "*/*"

_SILENCE = {
    "sitemap": "No page of the sample describes a learning resource in schema.org (JSON-LD, "
    "microdata or RDFa).",
}
_NONE = (
    "A source is an OAI-PMH repository, an RSS or Atom feed, a sitemap whose pages describe "
    "themselves, a table (CSV, XLSX) or an OAI-PMH static repository. Ask its keepers for such an "
    "address; that of OAI-PMH often ends in /oai or /oai/request."
)


@dataclass(frozen=True)
class _Way:
    """A way in that is to be tried."""

    protocol: str
    url: str
    what: str
    why: tuple[str, ...] = ()
    body: bytes = b""
    """What stands at the address, where it was fetched."""


def look(
    url: str,
    http: HttpClient,
    *,
    now: datetime,
    prefix: str | None,
    records: int,
    access: Access,
    tables: Tables,
    clock: Callable[[], float],
) -> Report:
    """Look at an address that speaks no OAI-PMH.

    Raises:
        TransportError: It cannot be had.
        ProtocolError: It is nothing that we can harvest; the message says what it is instead.
    """
    reply = http.get(url, accept=ANYTHING, accept_errors=False)
    content = recognise(reply.body, reply.headers.get("content-type", ""), reply.url)
    if content.protocol is None:
        raise ProtocolError(f"{redacted(url)} is no source: it is {content.what}. {_NONE}")
    ways = iter([_Way(content.protocol, url, content.what, body=reply.body)])
    if content.protocol == PAGE:
        ways = _of_page(reply.body, reply.url, http)
    first: Report | None = None
    for way in ways:
        report = _report(way, http, now, prefix, records, access, tables, clock)
        first = first or report
        if report.is_usable:
            return report
    if first is None:
        raise ProtocolError(_plain_page(url, reply.body, content))
    return first


def _of_page(body: bytes, url: str, http: HttpClient) -> Iterator[_Way]:
    """The ways in that a web page and the robots.txt of its site name."""
    parts = urlsplit(url)
    robots = f"{parts.scheme}://{parts.netloc}/robots.txt"
    try:
        named = Robots(http).sitemaps(robots)
    except HarvestError:
        named = []
    if named:
        why = "The address is a web page; the robots.txt of its site names a sitemap."
        yield _Way("sitemap", robots, "a web site with a sitemap", (why,))
    for feed in feeds_of(body, url):
        why = "The address is a web page, which names this feed."
        yield _Way("feed", feed, "an RSS or Atom feed", (why,))


def _plain_page(url: str, body: bytes, content: Content) -> str:
    said = f"{redacted(url)} is {content.what} like any other: it speaks no OAI-PMH, it names no "
    said += "feed, and the robots.txt of its site names no sitemap."
    if described(body, url):
        said += " It does describe a learning resource itself, but a list of such pages is needed."
    return f"{said} {_NONE}"


# -- one way in ------------------------------------------------------------------------------------


def _report(
    way: _Way,
    http: HttpClient,
    now: datetime,
    prefix: str | None,
    records: int,
    access: Access,
    tables: Tables,
    clock: Callable[[], float],
) -> Report:
    formats = _formats(way) if way.protocol == "saved" else ()
    chosen = (prefix or best(formats)) if way.protocol == "saved" else ""
    options = _options(way)
    harvester = sampler(records) if way.protocol == "sitemap" else harvester_for(way.protocol)
    info, error = _identified(harvester, way.url, http)
    request = HarvestRequest(way.url, chosen or "oai_dc", options=options)
    census = Census()
    sample = take(harvester, request, http, records, census, tables, now, clock)
    sample.error = sample.error or error
    advised = advice_for(way.protocol, way.url, access, prefix=chosen, why=way.why)
    found = Report(
        url=way.url,
        info=info,
        formats=formats,
        prefix=chosen,
        sets=(),
        more_sets=False,
        sample=sample,
        profile=census.profile(),
        sweeps=None,
        warnings=(),
        advice=advised,
        protocol=way.protocol,
        what=way.what,
    )
    if way.protocol == "tabular":
        keys = {"protocol": "tabular", "url": way.url, **access.keys}
        found = replace(found, definition=definition(advised.slug, keys, options))
    silence = _SILENCE.get(way.protocol, f"It is {way.what}, and there is nothing in it.")
    problems = sample.problems.total()
    odd = other_warnings(
        way.url, sample.seen - sample.deleted, problems, sample.error, silence, found.profile
    )
    return replace(found, warnings=tuple(odd))


def _identified(
    harvester: Harvester, url: str, http: HttpClient
) -> tuple[RepositoryInfo, str | None]:
    try:
        return harvester.identify(url, http), None
    except HarvestError as error:
        return RepositoryInfo(), str(error)


def _options(way: _Way) -> dict[str, Any]:
    """The options that the harvester needs; for a table a mapping by what its columns are called.

    Raises:
        ProtocolError: No column has a name that we know.
    """
    if way.protocol != "tabular":
        return {}
    columns = tabular.columns(way.body)
    options = proposed(columns)
    if options is None:
        named = ", ".join(columns[:40])[:1000]
        raise ProtocolError(
            f"{redacted(way.url)} is {way.what} with the columns {named}. None of them is called "
            "after a title or an address, so say yourself what they mean: in [mapping] of a file "
            "for 'oer source apply' (docs/sources.md)."
        )
    return options


def _formats(way: _Way) -> tuple[Offered, ...]:
    """The formats that a static repository lists."""
    try:
        root = parse(way.body)
    except UnreadableRecord:
        return ()
    found = {}
    for each in root.iter(f"{{{OAI}}}metadataFormat"):
        texts = {child.tag: (child.text or "").strip() for child in each}
        if prefix := texts.get(f"{{{OAI}}}metadataPrefix"):
            found[prefix] = texts.get(f"{{{OAI}}}metadataNamespace", "")
    return tuple(offered_as(prefix, namespace) for prefix, namespace in found.items())
