"""Every kind of page there is, and how a reader comes to see it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser.reader import Reader
from tests.browser.site import ELSEWHERE, Site

RECORD = """<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
  <dc:title xml:lang="fi">Fotosynteesi</dc:title><dc:language>fi</dc:language>
  <dc:type>harjoitus</dc:type><dc:rights>CC BY</dc:rights><dc:date>eilen</dc:date>
</oai_dc:dc>"""


PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><circle r="15"/></svg>'


@dataclass(frozen=True)
class PageType:
    """A kind of page.

    Args:
        endpoint: What answers it; empty where nothing does.
        path: Its address after the language; names of ``Site`` in braces.
        status: What it is answered with.
        then: What a reader does there before the page is as it is meant.
        asks: The one thing elsewhere that it shows; empty for nearly all.
    """

    name: str
    endpoint: str
    path: str
    status: int = 200
    then: Callable[[Reader], None] | None = None
    asks: str = ""

    def shown_to(self, reader: Reader) -> None:
        """Bring the page before a reader's eyes."""
        if self.asks:
            reader.lets_in(self.asks, PICTURE, "image/svg+xml")
        reader.goes_to(_filled(self.path, reader.site), self.status)
        if self.then:
            self.then(reader)
        assert reader.watch.asked == ([self.asks] if self.asks else [])


def _filled(path: str, site: Site) -> str:
    return path.format(**vars(site))


def _open_everything(reader: Reader) -> None:
    reader.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


def _report_nothing(reader: Reader) -> None:
    reader.field("Something else").check()
    reader.button("Send the report").click()
    reader.page.get_by_role("alert").wait_for()


def _check(record: str) -> Callable[[Reader], None]:
    def check(reader: Reader) -> None:
        reader.field("The record").fill(record)
        reader.button("Check").click()
        reader.button("Check again").wait_for()
        _open_everything(reader)

    return check


def _meet_another_list(reader: Reader) -> None:
    reader.goes_to("/list/edit?list=zzzzzzzz")
    reader.page.locator("#other-list").wait_for()


def take_handout(reader: Reader) -> Path:
    """Download the handout and open the file that came."""
    with reader.page.expect_download() as download:
        reader.link("Handout with all credit lines (HTML)").click()
    kept = Path(download.value.path()).with_suffix(".html")
    download.value.save_as(kept)
    reader.page.goto(kept.as_uri())
    return kept


PAGE_TYPES = (
    PageType("home", "catalogue.home", "/", then=_open_everything),
    PageType("search", "catalogue.search", "/search?q=kasvit"),
    PageType(
        "search, all unfolded",
        "catalogue.search",
        "/search?level=level:school&language=fi&page=2",
        then=_open_everything,
    ),
    PageType("search, nothing", "catalogue.search", "/search?q=fotosynteesi&language=en"),
    PageType("search, a spelling", "catalogue.search", "/search?q=fotosyntesei"),
    PageType("search, beyond the end", "catalogue.search", "/search?page=400"),
    PageType("resource", "catalogue.resource", "/r/{exercise}"),
    PageType("resource, all of it", "catalogue.resource", "/r/{rich}", then=_open_everything),
    PageType("code for the classroom", "catalogue.poster", "/r/{exercise}/qr"),
    PageType("resource, withdrawn", "catalogue.resource", "/r/{withdrawn}", 410),
    PageType("no such page", "", "/nothing-here", 404),
    PageType(
        "preview", "preview.show", "/r/{rich}/preview/{picture}", asks=f"{ELSEWHERE}/leaf.png"
    ),
    PageType("all values", "catalogue.all_values", "/search/values?facet=author"),
    PageType(
        "all values, chosen",
        "catalogue.all_values",
        "/search/values?facet=subject&find=bio&q=kasvit",
    ),
    PageType("help", "guides.help_page", "/help", then=_open_everything),
    PageType("licences", "guides.licences", "/licences?a=cc-by&b=cc-by-nc", then=_open_everything),
    PageType("accessibility statement", "guides.accessibility", "/accessibility"),
    PageType("about", "catalogue.about", "/about"),
    PageType("list, empty", "collections.edit", "/list/edit"),
    PageType("list, edited", "collections.edit", "/list/edit?list={exercise}.{rich}"),
    PageType(
        "list, another's",
        "collections.edit",
        "/list/edit?list={exercise}.{rich}",
        then=_meet_another_list,
    ),
    PageType("list", "collections.show", "/list?list={exercise}.{rich}.{withdrawn}"),
    PageType("list, cut off", "collections.show", "/list"),
    PageType(
        "handout",
        "collection_files.handout",
        "/list?list={exercise}.{rich}",
        then=lambda reader: (take_handout(reader), None)[1],
    ),
    PageType("report", "report.form", "/r/{exercise}/report"),
    PageType("report, refused", "report.form", "/r/{exercise}/report", then=_report_nothing),
    PageType("report, taken", "report.thanks", "/r/{exercise}/reported"),
    PageType("validate", "validate.form", "/validate"),
    PageType("validate, answered", "validate.form", "/validate", then=_check(RECORD)),
    PageType("validate, refused", "validate.form", "/validate", then=_check("no record")),
    PageType("sources", "sources.every", "/sources"),
    PageType("source", "sources.one", "/source/metsola", then=_open_everything),
    PageType("card", "embed.card", "/embed/{exercise}"),
    PageType("search box", "embed.search_box", "/embed/search"),
)

EVERY_PAGE = pytest.mark.parametrize("page_type", PAGE_TYPES, ids=lambda each: each.name)

NO_PAGES: Mapping[str, str] = {
    "assets.asset": "stylesheet, script and icons",
    "catalogue.suggested": "JSON for search fields of browsers",
    "collection_files.cartridge": "a package for learning platforms",
    "collection_files.references": "BibTeX",
    "collection_files.table": "CSV",
    "collections_unprefixed.edit": "leads on",
    "collections_unprefixed.show": "leads on",
    "embed_unprefixed.card": "the card, in the language of the browser",
    "embed_unprefixed.oembed": "JSON and XML",
    "embed_unprefixed.search_box": "the search box, in the language of the browser",
    "exports.search": "feeds and files",
    "guides_unprefixed.choose_language": "leads on",
    "sitemap.file": "XML",
    "sitemap.index": "XML",
    "sitemap.opensearch": "XML",
    "sitemap.pages": "XML",
    "sitemap.robots": "plain text",
    "sources_unprefixed.as_atom": "a feed",
    "sources_unprefixed.as_json": "JSON",
    "sources_unprefixed.choose_language": "leads on",
    "unprefixed.choose_language": "leads on",
    "unprefixed.permanent": "the page of the resource, in the language of the browser",
    "unprefixed.qr": "a picture",
    "validate_unprefixed.choose_language": "leads on",
}
"""What answers a GET and is no page of its own, and what it is instead."""
