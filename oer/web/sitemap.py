"""For crawlers: robots.txt, the sitemap index and its sitemaps; and OpenSearch for browsers.

Searches and lists are endless and tell a crawler nothing that the sitemap does not; so robots.txt
sends it there.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from flask import Blueprint, Response, abort, render_template, stream_with_context, url_for

from oer.services import sitemap
from oer.web import languages
from oer.web.context import context
from oer.web.template_tools import permanent_url, whole_url

blueprint = Blueprint("sitemap", __name__)

XML = "application/xml; charset=utf-8"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

CLOSED = ("search", "list", "r/*/report")
"""Below each language, what crawlers are asked to leave alone."""

PAGES = (
    "catalogue.home",
    "catalogue.about",
    "guides.help_page",
    "guides.licences",
    "guides.accessibility",
    "sources.every",
)
"""Endpoints of pages that are worth finding by themselves."""

MOST_FILES = 1_000
"""Sitemaps of an index; fifty million materials."""

AN_HOUR = "public, max-age=3600"


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What crawlers may visit."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: /{ui}/{path}" for ui in languages.LANGUAGES for path in CLOSED]
    lines += ["Disallow: /*list=", f"Sitemap: {whole_url(url_for('sitemap.index'))}", ""]
    return _kept(Response("\n".join(lines), content_type="text/plain; charset=utf-8"))


@blueprint.get("/sitemap.xml")
def index() -> Response:
    """The sitemaps there are."""
    with context().sessions() as session:
        files = sitemap.files(session)[:MOST_FILES]
    places = [
        (whole_url(url_for("sitemap.pages")), None),
        *((whole_url(url_for("sitemap.file", number=f.number)), f.changed_at) for f in files),
    ]
    return _kept(Response("".join(_document("sitemapindex", "sitemap", places)), content_type=XML))


@blueprint.get("/sitemap-pages.xml")
def pages() -> Response:
    """The written pages, in every language."""
    places = (
        (whole_url(url_for(endpoint, ui=ui, list=None)), None)
        for endpoint in PAGES
        for ui in languages.LANGUAGES
    )
    return _kept(Response("".join(_document("urlset", "url", places)), content_type=XML))


@blueprint.get("/sitemap-<int(min=1, max=1000):number>.xml")
def file(number: int) -> Response:
    """One sitemap, sent while it is read: fifty thousand rows never lie in memory together."""
    with context().sessions() as session:
        if number not in (each.number for each in sitemap.files(session)):
            abort(404)

    def lines() -> Iterator[str]:
        start = permanent_url("-")[:-1]
        with context().sessions() as session:
            rows = ((start + address, at) for address, at in sitemap.entries(session, number))
            yield from _document("urlset", "url", rows)

    return _kept(Response(stream_with_context(lines()), content_type=XML))


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """How browsers and other programs search here."""
    text = render_template("opensearch.xml", short_name=context().settings.site_name[:16])
    return _kept(Response(text, content_type="application/opensearchdescription+xml"))


def _document(
    root: str, entry: str, places: Iterable[tuple[str, datetime | None]]
) -> Iterator[str]:
    # By hand, for the streaming; an address and a time are all there is, and both are escaped.
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<{root} xmlns="{NAMESPACE}">\n'
    for url, at in places:
        lastmod = f"<lastmod>{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if at else ""
        yield f"<{entry}><loc>{escape(url)}</loc>{lastmod}</{entry}>\n"
    yield f"</{root}>\n"


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = AN_HOUR
    return response
