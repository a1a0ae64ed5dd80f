"""Rules of every page: reachable, safe, readable by machines that read aloud."""

import gzip
import random
import re
from itertools import pairwise

import pytest
from flask import Response
from sqlalchemy import select

from oer.errors import DatabaseError, SearchIndexError
from oer.metadata.resource_metadata import LangString
from oer.models.resource import WITHDRAWN, Resource
from oer.web import catalogue as pages
from tests.web.conftest import RICH, metadata

PAGES = [
    "/{ui}/",
    "/{ui}/search",
    "/{ui}/search?q=fotosynteesi",
    "/{ui}/search/values?facet=author",
    "/{ui}/r/known",
    "/{ui}/about",
    "/{ui}/help",
    "/{ui}/licences",
    "/{ui}/accessibility",
]
EVERY_PAGE = [page.format(ui=ui) for page in PAGES for ui in ("en", "fi", "sv")]


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_every_page_says_its_language_and_leads_with_one_heading(page, catalogue, path):
    catalogue.add(RICH, address="known")
    found = page(path)
    assert found.get("lang") == path[1:3]
    assert len(found.findall(".//h1")) == 1
    assert [len(found.findall(f".//{name}")) for name in ("main", "header[@class='top']")] == [1, 1]
    assert found.find(".//a[@class='skip']").get("href") == "#main"


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_headings_skip_no_level(page, catalogue, path):
    catalogue.add(RICH, address="known")
    levels = [int(each.tag[1]) for each in page(path).iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_every_field_has_a_label_and_every_id_is_unique(page, catalogue, path):
    catalogue.add(RICH, address="known")
    found = page(path)
    ids = [each.get("id") for each in found.iter() if each.get("id")]
    labelled = {each.get("for") for each in found.iter("label")}
    assert len(ids) == len(set(ids))
    fields = [f for f in found.iter("input", "select", "textarea") if f.get("type") != "hidden"]
    unnamed = [f for f in fields if f.get("id") not in labelled and not f.get("aria-labelledby")]
    assert not [f.get("id") or f.get("name") for f in unnamed]


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(page, catalogue, path):
    catalogue.add(RICH, address="known")
    found = page(path)
    assert not found.findall(".//style")
    # Data blocks, such as JSON-LD, are never run.
    scripts = [s for s in found.iter("script") if s.get("type") != "application/ld+json"]
    assert all(script.get("src") and not script.text for script in scripts)
    attributes = [name for each in found.iter() for name in each.attrib]
    assert not [name for name in attributes if name == "style" or name.startswith("on")]
    loading = [*scripts, *found.iter("link", "img", "use")]
    loaded = [each.get("src") or each.get("href") for each in loading]
    assert all(url.startswith(("/", "http://localhost/")) for url in loaded)


@pytest.mark.parametrize("path", [*EVERY_PAGE, "/", "/r/known", "/en/nothing", "/static/x/oer.css"])
def test_every_response_has_its_security_headers_and_no_cookie(client, catalogue, path):
    catalogue.add(RICH, address="known")
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Referrer-Policy" in headers
    assert "Permissions-Policy" in headers
    assert "Set-Cookie" not in headers


def test_the_first_view_is_light(client, catalogue):
    for number in range(40):
        catalogue.add(
            metadata(f"Aineisto {number}", learning_resource_type=RICH.learning_resource_type)
        )
    assets = [f"/static/x/{name}" for name in ("oer.css", "oer.js", "icons.svg")]
    sent = [client.get(path, headers={"Accept-Encoding": "gzip"}) for path in ("/en/", *assets)]
    assert all(each.headers["Content-Encoding"] == "gzip" for each in sent)
    assert sum(len(each.data) for each in sent) < 20_000


# Language of the interface


def test_an_address_without_a_language_goes_to_the_readers(client):
    response = client.get(
        "/search?q=vesi&type=a&type=b", headers={"Accept-Language": "sv-FI,sv;q=0.9"}
    )
    assert response.status_code == 302
    assert response.location == "/sv/search?q=vesi&type=a&type=b"
    assert "Accept-Language" in response.vary


@pytest.mark.parametrize(("wanted", "given"), [("fi", "/fi/"), ("de, fr", "/en/"), ("", "/en/")])
def test_an_unknown_language_gets_english(client, wanted, given):
    assert client.get("/", headers={"Accept-Language": wanted}).location == given


def test_the_language_switch_keeps_the_page(page):
    found = page("/en/search?q=vesi+%26+maa&level=level%3Aprimary&page=1")
    links = {
        a.get("hreflang"): a.get("href") for a in found.findall(".//nav[@class='languages']//a")
    }
    assert links["fi"] == "/fi/search?q=vesi+%26+maa&level=level%3Aprimary&page=1"
    assert page(links["fi"]).get("lang") == "fi"


def test_the_permanent_address_answers_without_redirecting(client, catalogue):
    catalogue.add(RICH, address="known")
    response = client.get("/r/known", headers={"Accept-Language": "fi"})
    assert response.status_code == 200
    assert '<html lang="fi">' in response.text
    assert response.headers["Content-Location"] == "/fi/r/known"
    assert "Accept-Language" in response.vary


def test_a_page_with_its_language_in_the_path_does_not_vary_by_language(client):
    assert "Accept-Language" not in client.get("/fi/").vary


def test_counts_take_the_right_plural(page, catalogue):
    catalogue.add(metadata())
    assert page("/fi/search").findtext(".//h1").strip() == "Yksi oppimateriaali"
    catalogue.add(metadata())
    assert page("/fi/search").findtext(".//h1").strip() == "2 oppimateriaalia"
    assert page("/en/search?q=nothing").findtext(".//h1").strip() == "0 materials for “nothing”"


# Errors


@pytest.mark.parametrize("path", ["/en/nothing", "/fi/r/nobody", "/r/nobody", "/xx/", "/en/r/a/b"])
def test_an_unknown_address_gets_a_friendly_404(page, path):
    found = page(path, status=404)
    assert found.get("lang") == ("fi" if path.startswith("/fi") else "en")
    assert found.find(".//main//a[@class='button']").get("href").endswith("/")


def test_a_wrong_method_gets_a_page_and_names_the_right_ones(client):
    response = client.post("/en/search")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert "<h1>" in response.text


def test_what_was_never_public_is_not_there(client, catalogue):
    catalogue.add(metadata(), address="waits", status="in_review")
    catalogue.add(metadata(), address="refused", status="rejected")
    assert [client.get(f"/r/{address}").status_code for address in ("waits", "refused")] == [
        404,
        404,
    ]


def test_a_merged_copy_leads_to_the_one_that_is_kept_with_every_record(client, page, catalogue):
    catalogue.add(metadata("Vesi"), address="kept")
    with catalogue.sessions() as session:
        kept_id = session.scalars(select(Resource.id)).one()
    catalogue.add(metadata("Vesi"), address="copy", status="merged", merged_into_id=kept_id)
    moved = client.get("/en/r/copy")
    assert (moved.status_code, moved.location) == (302, "/r/kept")
    text = page("/en/r/kept").text_content()
    assert "oai:m.example:1" in text
    assert "oai:m.example:2" in text


def test_a_withdrawn_resource_leaves_a_tombstone(page, catalogue):
    catalogue.add(
        metadata("Vanha aineisto"),
        address="gone",
        status=WITHDRAWN,
        withdrawn_reason="deleted_by_provider",
    )
    for path in ("/en/r/gone", "/r/gone"):
        found = page(path, status=410)
        assert found.findtext(".//h1") == "Vanha aineisto"
        assert found.find(".//h1").get("lang") == "fi"
        assert "Its provider has removed it." in found.text_content()
        assert "q=Vanha+aineisto" in found.find(".//main//a[@class='button']").get("href")


def test_a_curators_own_reason_is_shown_as_it_is(page, catalogue):
    catalogue.add(metadata(), address="gone", status=WITHDRAWN, withdrawn_reason="<i>Kopio</i>")
    (told,) = page("/en/r/gone", status=410).xpath("//p[contains(., 'Reason:')]/span")
    assert (told.text, told.get("lang"), told.get("dir")) == ("<i>Kopio</i>", "", "auto")


def test_a_bug_gets_a_page_of_its_own_that_tells_nothing_of_our_insides(app, page):
    app.add_url_rule("/en/bug", "bug", lambda: 1 / 0)
    found = page("/en/bug", status=500)
    assert "Something went wrong on our side" in found.text_content()
    assert "division" not in found.text_content()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SearchIndexError("/a/path is broken"), "The search cannot answer"),
        (DatabaseError("/a/path is broken"), "The catalogue cannot answer"),
    ],
)
def test_what_cannot_be_reached_gets_a_503_in_plain_words(app, page, client, error, words):
    def fail():
        raise error

    app.add_url_rule("/en/fail", "fail", fail)
    found = page("/en/fail", status=503)
    assert words in found.text_content()
    assert "/a/path" not in found.text_content()
    assert client.get("/en/fail").headers["Retry-After"]


def test_an_empty_index_beside_published_materials_is_logged_once(client, catalogue, caplog):
    pages._warn_that_nothing_is_found.cache_clear()
    client.get("/en/")
    assert not caplog.records, "an empty catalogue is all right"
    catalogue.add(RICH)
    client.get("/en/")
    assert not caplog.records
    catalogue.index.rebuild([])
    for _ in range(3):
        assert client.get("/en/").status_code == 200
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "oer index rebuild" in caplog.text


# Delivery


def test_pages_are_compressed_for_those_who_ask(client):
    plain = client.get("/en/")
    packed = client.get("/en/", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    assert "Accept-Encoding" in plain.vary


@pytest.mark.parametrize(
    "path",
    [
        "/en/search.atom", "/en/search.csv", "/en/search.json", "/en/search.bib", "/en/search.ris",
        "/sitemap-pages.xml", "/sitemap-1.xml", "/opensearch.xml",
        "/source/metsala.json", "/source/metsala.atom",
    ],
)  # fmt: skip
def test_whatever_is_text_is_compressed(client, catalogue, path):
    for _ in range(4):
        catalogue.add(RICH)
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in plain.vary


def test_what_is_streamed_is_compressed_on_its_way(app, client):
    made = []

    def lines():
        for number in range(1000):
            made.append(number)
            yield f"{random.Random(number).random()}\n" * 50

    app.add_url_rule("/lines", view_func=lambda: Response(lines(), mimetype="text/csv"))
    answer = client.get("/lines", headers={"Accept-Encoding": "gzip"}, buffered=False)
    parts = answer.iter_encoded()
    first = next(parts)
    assert len(made) < 1000
    text = gzip.decompress(first + b"".join(parts))
    assert text.count(b"\n") == 50_000


def test_refusing_gzip_is_respected(client):
    response = client.get("/en/", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize(
    "path", ["/opensearch.xml", "/oembed?url=x", "/embed/search", "/source/metsala.atom", "/search"]
)
def test_whatever_was_said_in_the_readers_language_tells_caches_so(client, catalogue, path):
    assert "Accept-Language" in client.get(path).vary


@pytest.mark.parametrize(
    "path", ["/robots.txt", "/sitemap.xml", "/sitemap-pages.xml", "/en/search.atom", "/r/a/qr.svg"]
)
def test_what_is_the_same_in_every_language_does_not(client, catalogue, path):
    catalogue.add(RICH, address="a")
    assert "Accept-Language" not in client.get(path).vary


@pytest.mark.parametrize("path", ["/sitemap.xml", "/opensearch.xml", "/source/metsala.json"])
def test_other_unchanged_answers_cost_a_304_too(client, catalogue, path):
    etag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_an_unchanged_page_costs_a_304(client):
    etag = client.get("/en/about").headers["ETag"]
    again = client.get("/en/about", headers={"If-None-Match": etag, "Accept-Encoding": "gzip"})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["Content-Security-Policy"]


def test_static_files_are_kept_for_ever_under_an_address_of_their_content(client, page):
    url = page("/en/").find(".//link[@rel='stylesheet']").get("href")
    assert re.fullmatch(r"/static/[0-9a-f]{12}/oer\.css", url)
    response = client.get(url)
    assert response.mimetype == "text/css"
    assert "immutable" in response.headers["Cache-Control"]


def test_an_outdated_static_address_gets_the_file_but_is_not_kept(client):
    response = client.get("/static/0123456789ab/oer.css")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["missing.css", "..%2fapp.py", "%2e%2e/app.py"])
def test_only_static_files_are_served(client, name):
    assert client.get(f"/static/x/{name}").status_code == 404


def test_every_icon_used_is_in_the_sprite(client, page, catalogue):
    catalogue.add(RICH, address="known")
    sprite = client.get("/static/x/icons.svg").text
    for path in EVERY_PAGE:
        for use in page(path).iter("use"):
            assert f'id="{use.get("href").partition("#")[2]}"' in sprite


def test_home_greets_an_empty_catalogue(page):
    assert "There are no materials here yet." in page("/en/").text_content()


def test_home_shows_the_newest_first_and_ways_to_browse(page, catalogue):
    for number in range(8):
        catalogue.add(metadata(f"Aineisto {number}"))
    catalogue.add(RICH)
    found = page("/en/")
    titles = [a.text for a in found.findall(".//ul[@class='cards']//h3/a")]
    assert titles == ["Fotosynteesi", *(f"Aineisto {number}" for number in (7, 6, 5, 4, 3))]
    links = {a.get("href") for a in found.iter("a")}
    assert "/en/search?level=level:general-upper-secondary" in links
    assert "/en/search?type=type:drill-and-practice" in links


def test_home_leads_to_what_one_may_do_with_how_much_of_it_there_is(page, catalogue):
    catalogue.add(RICH)
    catalogue.add(metadata("Ilman lisenssiä"))
    offered = {
        a.get("href"): a.text_content() for a in page("/en/").findall(".//ul[@class='may']//a")
    }
    assert offered["/en/search?permission=adapt"].split() == ["I", "may", "adapt", "it", "1"]
    assert "/en/search?permission=commercial" in offered
    assert "/en/search?permission=no-attribution" not in offered


def test_a_title_without_a_known_language_says_so(page, catalogue):
    catalogue.add(metadata("מבוא לאקולוגיה", None))
    catalogue.add(metadata("مقدمة", "ar"))
    arabic, hebrew = page("/en/").findall(".//ul[@class='cards']//h3/a")
    assert (hebrew.get("lang"), hebrew.get("dir")) == ("", "auto")
    assert (arabic.get("lang"), arabic.get("dir")) == ("ar", "rtl")


def test_the_readers_language_is_preferred_among_titles(page, catalogue):
    both = metadata().__class__(title=(LangString("Vatten", "sv"), LangString("Vesi", "fi")))
    catalogue.add(both, address="both")
    assert page("/fi/r/both").findtext(".//h1") == "Vesi"
    assert page("/sv/r/both").findtext(".//h1") == "Vatten"


@pytest.mark.parametrize("copied", ["SE8VMOGI", "se8vm0g1/", "se8vm0g1.", "se8v-m0gl"])
@pytest.mark.parametrize("before", ["", "/fi"])
def test_an_address_copied_by_hand_leads_to_its_page(client, catalogue, before, copied):
    catalogue.add(RICH, address="se8vm0g1")
    answer = client.get(f"{before}/r/{copied}?list=r0002")
    assert answer.status_code == 301
    assert answer.location == f"{before}/r/se8vm0g1?list=r0002"
    assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize("address", ["SE8VM0G2", "se8vm0g1/else", "SE8VM0G1/qr.svg", "R0001"])
def test_what_leads_nowhere_is_not_there(client, catalogue, address):
    catalogue.add(RICH, address="se8vm0g1")
    assert client.get(f"/r/{address}").status_code == 404
