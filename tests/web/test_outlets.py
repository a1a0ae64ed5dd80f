"""What other programs take: sitemaps, feeds, tables, references, cards."""

import csv
import io
import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from lxml import etree, html
from sqlalchemy import update

from oer.metadata.resource_metadata import Agent, Identifier, LangString, PartialDate, Term
from oer.models.resource import PUBLISHED, WITHDRAWN, Resource
from oer.services import sitemap
from oer.web import exports
from oer.web.citations import bibtex, ris
from tests.web.conftest import CC_BY, RICH, licensed, metadata

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read_csv(response):
    return list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))


# -- for crawlers ----------------------------------------------------------------------------------


def test_robots_are_sent_to_the_sitemap_and_kept_from_endless_pages(client):
    lines = client.get("/robots.txt").text.splitlines()
    assert "Sitemap: http://localhost/sitemap.xml" in lines
    assert {"Disallow: /fi/search", "Disallow: /en/list", "Disallow: /*list="} <= set(lines)
    assert not any(line in ("Disallow: /", "Disallow: /en/") for line in lines)


def test_the_sitemap_lists_what_is_published_with_its_last_change(client, catalogue):
    shown = catalogue.add(RICH)
    catalogue.add(RICH, status=WITHDRAWN)
    index = etree.fromstring(client.get("/sitemap.xml").data)
    assert [each.text for each in index.iter(f"{SITEMAP}loc")] == [
        "http://localhost/sitemap-pages.xml",
        "http://localhost/sitemap-1.xml",
    ]
    assert index.tag == f"{SITEMAP}sitemapindex"
    urls = etree.fromstring(client.get("/sitemap-1.xml").data)
    assert [each.text for each in urls.iter(f"{SITEMAP}loc")] == [f"http://localhost/r/{shown}"]
    assert [e.text for e in urls.iter(f"{SITEMAP}lastmod")] == ["2026-03-01T12:01:00Z"]


def test_the_sitemap_lists_the_written_pages_in_every_language(client):
    found = etree.fromstring(client.get("/sitemap-pages.xml").data)
    urls = [each.text.removeprefix("http://localhost") for each in found.iter(f"{SITEMAP}loc")]
    assert {"/en/", "/fi/help", "/sv/licences", "/en/accessibility"} <= set(urls)
    assert [client.get(url).status_code for url in urls] == [200] * len(urls)


def test_a_resource_stays_in_its_sitemap_and_each_holds_no_more_than_it_may(
    client, catalogue, monkeypatch
):
    monkeypatch.setattr(sitemap, "PER_FILE", 3)
    monkeypatch.setattr(sitemap, "READ_AT_ONCE", 2)
    statuses = (PUBLISHED, WITHDRAWN, *5 * [PUBLISHED])
    addresses = [catalogue.add(RICH, status=status) for status in statuses]
    found = [
        re.findall(r"/r/(\w+)<", client.get(f"/sitemap-{number}.xml").text) for number in (1, 2, 3)
    ]
    assert found == [[addresses[0], addresses[2]], addresses[3:6], addresses[6:]]
    assert client.get("/sitemap.xml").text.count("<sitemap>") == 1 + 3
    assert client.get("/sitemap-4.xml").status_code == 404


def test_every_database_counts_the_same_sitemaps(sessions, now, monkeypatch):
    monkeypatch.setattr(sitemap, "PER_FILE", 2)
    with sessions.begin() as session:
        for number in range(3):
            when = now + timedelta(hours=number)
            session.add(
                Resource(address=f"r{number}", metadata_json="", created_at=now, datestamp=when)
            )
            session.flush()
    with sessions() as session:
        files = sitemap.files(session)
        listed = [address for f in files for address, _at in sitemap.entries(session, f.number)]
    assert [(each.number, each.changed_at) for each in files] == [
        (1, now + timedelta(hours=1)), (2, now + timedelta(hours=2)),
    ]  # fmt: skip
    assert listed == ["r0", "r1", "r2"]


def test_the_sitemap_of_an_empty_catalogue_has_written_pages_only(client):
    assert len(etree.fromstring(client.get("/sitemap.xml").data)) == 1
    assert client.get("/sitemap-1.xml").status_code == 404


def test_browsers_can_add_the_search(client, page):
    (link,) = page("/fi/").xpath("//link[@rel='search']/@href")
    document = etree.fromstring(client.get(link).data)
    templates = {e.get("type"): e.get("template") for e in document.iter("{*}Url")}
    assert "?q={searchTerms}" in templates["text/html"]
    assert templates["application/atom+xml"].startswith("http://localhost/en/search.atom?q=")
    assert 0 < len(document.findtext("{*}ShortName")) <= 16


# -- a search in other forms -----------------------------------------------------------------------


def test_a_search_is_a_feed_newest_first(client, catalogue):
    for title in ("Vesi", "Vesilintu", "Kallio"):
        catalogue.add(metadata(title, creator=(Agent("Aino"),), license=licensed()))
    feed = etree.fromstring(client.get("/en/search.atom?q=vesi*&sort=title").data)
    everything = etree.fromstring(client.get("/en/search.atom").data)
    titles = [e.findtext(f"{ATOM}title") for e in everything.iter(f"{ATOM}entry")]
    assert titles == ["Kallio", "Vesilintu", "Vesi"]
    for document in (feed, everything):
        assert_valid_atom(document)
    first = everything.find(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}id") == "http://localhost/r/r0003"
    assert first.findtext(f"{ATOM}author/{ATOM}name") == "Aino"
    assert first.findtext(f"{ATOM}rights") == "CC BY 4.0"


def test_a_feed_leads_to_the_page_and_to_its_older_entries(client, page, catalogue):
    for number in range(25):
        catalogue.add(metadata(f"Vesi {number}"))
    (link,) = page("/en/search?q=vesi&page=2").xpath("//link[@type='application/atom+xml']/@href")
    assert link == "/en/search.atom?q=vesi"
    links = links_of(client.get(link))
    assert links["alternate"] == "http://localhost/en/search?q=vesi&sort=newest"
    older = etree.fromstring(client.get(links["next"].removeprefix("http://localhost")).data)
    assert len(older.findall(f"{ATOM}entry")) == 5
    assert older.findtext("{http://a9.com/-/spec/opensearch/1.1/}totalResults") == "25"


def test_an_empty_feed_is_valid(client):
    assert_valid_atom(etree.fromstring(client.get("/sv/search.atom?q=nothing").data))


def test_what_xml_cannot_carry_spoils_no_feed(client, catalogue):
    catalogue.add(metadata("Ve\x0bsi\x00\ufffe", creator=(Agent("A\x01"),)))
    feed = etree.fromstring(client.get("/en/search.atom").data)
    assert feed.findtext(f"{ATOM}entry/{ATOM}title") == "Vesi"


def test_an_unchanged_feed_costs_a_304(client, catalogue):
    catalogue.add(RICH)
    etag = client.get("/en/search.atom").headers["ETag"]
    assert client.get("/en/search.atom", headers={"If-None-Match": etag}).status_code == 304


def test_a_table_has_a_row_for_each_result_and_labels_of_the_page(client, catalogue):
    catalogue.add(RICH)
    response = client.get("/fi/search.csv?q=fotosynteesi")
    assert "attachment" in response.headers["Content-Disposition"]
    (row,) = read_csv(response)
    assert row["title"] == "Fotosynteesi"
    assert row["creator"] == "Aino Esimerkki"
    assert row["language"] == "Suomi"
    assert (row["license"], row["licenseUrl"]) == ("CC BY 4.0", CC_BY)
    assert row["permanentUrl"] == "http://localhost/r/r0001"
    assert row["source"] == "Metsälä"


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C x'!A0"])
def test_no_cell_is_a_formula(client, catalogue, formula):
    catalogue.add(metadata(formula, creator=(Agent(formula),)))
    (row,) = read_csv(client.get("/en/search.csv"))
    assert all(cell[:1] not in "=+-@\t" for cell in row.values() if cell)


@pytest.mark.parametrize("form", ["csv", "json", "bib", "ris"])
def test_an_export_ends_at_its_cap_and_keeps_filters_and_order(
    client, catalogue, monkeypatch, form
):
    monkeypatch.setattr(exports, "MOST_ROWS", 3)
    monkeypatch.setattr(exports, "READ_AT_ONCE", 2)
    for title in "DBEAC":
        catalogue.add(metadata(title, language=(Term("fi", "fi", "stated"),)))
    catalogue.add(metadata("AA", language=(Term("sv", "sv", "stated"),)))
    text = client.get(f"/en/search.{form}?sort=title&language=fi").text
    found = [title for title in "ABCDE" if re.search(rf'[",{{ \n]{title}["}},\r]', text)]
    assert found == ["A", "B", "C"]
    assert "AA" not in text


@pytest.mark.parametrize("form", ["csv", "json", "bib", "ris"])
def test_a_file_that_does_not_hold_everything_says_so(client, page, catalogue, monkeypatch, form):
    for number in range(3):
        catalogue.add(metadata(f"Vesi {number}"))
    whole = client.get(f"/en/search.{form}")
    assert f'filename="materials.{form}"' in whole.headers["Content-Disposition"]
    assert "first" not in whole.text
    assert "first" not in page("/en/search").find_class("take-along")[0].text_content()
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    cut = client.get(f"/en/search.{form}")
    assert f'filename="materials-first-2.{form}"' in cut.headers["Content-Disposition"]
    if form in ("json", "bib"):
        assert "The first 2 of 3 materials" in cut.text
    said = page("/en/search").find_class("take-along")[0].text_content()
    assert "The files hold the first 2." in said


def test_numbers_of_items_are_of_the_whole_list(client, catalogue, monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    for number in range(3):
        catalogue.add(metadata(f"Vesi {number}"))
    found = json.loads(client.get("/en/search.json").data)
    assert (found["numberOfItems"], len(found["itemListElement"])) == (3, 2)
    bib = client.get("/en/search.bib").text
    assert len(entries_of(bib)) == 2


@pytest.mark.parametrize("form", ["csv", "json", "bib", "ris"])
def test_an_unchanged_export_costs_a_304_and_reads_no_description(
    client, catalogue, monkeypatch, form
):
    catalogue.add(RICH)
    path = f"/en/search.{form}"
    asked = {"If-None-Match": client.get(path).headers["ETag"]}
    with monkeypatch.context() as patch:
        patch.setattr(exports.catalogue, "by_ids", lambda *_: pytest.fail("read"))
        assert client.get(path, headers=asked).status_code == 304
        assert client.head(path, headers={"Accept-Encoding": "gzip"}).status_code == 200
    assert client.get(f"/fi/search.{form}", headers=asked).status_code == 200
    with catalogue.sessions.begin() as session:
        session.execute(update(Resource).values(revision=Resource.revision + 1))
    changed = client.get(path, headers=asked)
    assert changed.status_code == 200
    catalogue.add(metadata("Vesi"))
    assert client.get(path, headers={"If-None-Match": changed.headers["ETag"]}).status_code == 200


def test_json_is_one_list_of_learning_resources(client, catalogue):
    catalogue.add(RICH)
    catalogue.add(metadata("Vesi"))
    found = json.loads(client.get("/en/search.json").data)
    assert (found["@type"], found["numberOfItems"]) == ("ItemList", 2)
    assert {each["@type"] for each in found["itemListElement"]} == {"LearningResource"}
    assert json.loads(client.get("/en/search.json?q=nothing").data)["itemListElement"] == []


@pytest.mark.parametrize("form", ["atom", "csv", "json", "bib", "ris"])
@pytest.mark.parametrize(
    "query", ["?page=x&sort=%00", "?q=%FF%FE", "?level=" + "x" * 3000, "?q=()["]
)
def test_odd_queries_are_never_an_error(client, catalogue, form, query):
    catalogue.add(RICH)
    assert client.get(f"/en/search.{form}{query}").status_code == 200


def test_the_search_page_offers_every_form(page, catalogue):
    catalogue.add(RICH)
    hrefs = page("/en/search?q=fotosynteesi").xpath("//p[contains(@class, 'take-along')]/a/@href")
    assert hrefs == [
        f"/en/search.{form}?q=fotosynteesi" for form in ("atom", "csv", "bib", "ris", "json")
    ]


# -- references ------------------------------------------------------------------------------------

SPECIAL = metadata(
    r"50 % & {C#} \input{x}_~^$",
    creator=(
        Agent("Aino Esimerkki", "person", given_name="Aino", family_name="Esimerkki"),
        Agent("Sand and Sea", "organization"),
    ),
    issued=(PartialDate("2019-05", "2019-05"),),
    identifiers=(Identifier("10.1234/a_b{", "doi"),),
    landing_page="https://m.example/a_b?c=1&d=%20#~{e}",
    license=licensed(),
)


def test_bibtex_escapes_what_tex_would_take_for_its_own():
    fields = fields_of(bibtex(SPECIAL, "abcd", "https://oer.example/r/abcd", "en"))
    assert fields["title"] == (
        r"{50 \% \& \textbraceleft{}C\#\textbraceright{} \textbackslash{}input"
        r"\textbraceleft{}x\textbraceright{}\_\textasciitilde{}\textasciicircum{}\$}"
    )
    assert fields["author"] == "Esimerkki, Aino and {Sand and Sea}"
    assert fields["year"] == "2019"
    assert fields["note"] == "CC BY 4.0"


def test_links_in_bibtex_stand_as_they_are():
    fields = fields_of(bibtex(SPECIAL, "abcd", "https://oer.example/r/abcd", "en"))
    assert fields["url"] == "https://m.example/a_b?c=1&d=%20#~%7Be%7D"
    assert fields["doi"] == "10.1234/a_b%7B"


@pytest.mark.parametrize(
    ("agent", "written"),
    [
        (Agent("Aino"), "Aino"),
        (Agent("Esimerkki, Aino"), "Esimerkki, Aino"),
        (Agent("Aino, Bo, Cea, Dan"), "{Aino, Bo, Cea, Dan}"),
        (Agent("Aino AND Bo"), "{Aino AND Bo}"),
        (Agent("Others"), "{Others}"),
        (Agent("x", given_name="A, B", family_name="Sand and Sea"), "{Sand and Sea}, {A, B}"),
        (Agent("a{b"), r"a\textbraceleft{}b"),
    ],
)  # fmt: skip
def test_bibtex_takes_each_author_for_one(agent, written):
    entry = bibtex(metadata(creator=(agent,)), "a", "https://o.example/r/a", "en")
    assert fields_of(entry)["author"] == written


@pytest.mark.parametrize("hostile", ["a { b", "a } b", "}}}\n@misc{x,", r"\{", "{{}", "\\", '"'])
def test_no_title_or_name_spoils_the_entries_after_it(client, catalogue, hostile):
    catalogue.add(metadata("A"))
    catalogue.add(
        metadata(
            hostile,
            creator=(Agent(hostile), Agent("x", given_name=hostile, family_name=hostile)),
            publisher=(Agent(hostile),),
            language=(Term(hostile),),
            identifiers=(Identifier(hostile, "isbn"), Identifier(f"10.1/{hostile}", "doi")),
            landing_page=f"https://m.example/{hostile}",
            license=licensed(hostile),
        )
    )
    catalogue.add(metadata("B"))
    entries = entries_of(client.get("/en/search.bib").text)
    assert [fields_of(entry)["title"] for entry in entries][::2] in (["{A}", "{B}"], ["{B}", "{A}"])


def entries_of(text):
    """The entries of a BibTeX file, found as BibTeX finds them: it counts every brace."""
    found, depth, begin = [], 0, 0
    for place, letter in enumerate(text):
        if depth == 0 and letter == "@":
            begin = place
        depth += (letter == "{") - (letter == "}")
        assert depth >= 0, text
        if letter == "}" and depth == 0:
            found.append(text[begin : place + 1])
    assert depth == 0, text
    return found


def fields_of(entry):
    """The fields of a BibTeX entry."""
    (whole,) = entries_of(entry)
    lines = whole.split("\n")[1:-1]
    fields = dict(line.strip().removesuffix(",").split(" = ", 1) for line in lines)
    for value in fields.values():
        entries_of(value)
    return {name: value[1:-1] for name, value in fields.items()}


def test_no_text_in_ris_holds_a_line_break():
    breaks = "a\r\nb\vc\fd\x1ce\x85f\u2028g\u2029h\0i"
    hostile = metadata(
        breaks,
        description=(LangString(breaks),),
        creator=(Agent("x", given_name=breaks, family_name=breaks),),
        publisher=(Agent(breaks),),
        keywords=(Term(breaks),),
        language=(Term(breaks),),
        identifiers=(Identifier(breaks, "isbn"), Identifier(breaks, "doi")),
        landing_page="https://m.example/\x85\u2028",
    )
    lines = ris(hostile, "https://oer.example/r/a", "en").splitlines()
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines if line)


def test_ris_has_a_line_for_each_tag_and_nothing_can_add_one():
    hostile = metadata("Yksi\r\nER  - \r\nTY  - JOUR", creator=(Agent("Aino\nAU  - X"),))
    lines = ris(hostile, "https://oer.example/r/abcd", "en").split("\r\n")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines if line)
    assert [line[:2] for line in lines if line[:2] in ("TY", "AU", "ER")] == ["TY", "AU", "ER"]
    assert lines[1] == "TI  - Yksi ER - TY - JOUR"


def test_references_never_lead_to_what_is_no_web_address():
    bad = metadata(landing_page="javascript:alert(1)")
    for written in (
        bibtex(bad, "a", "https://o.example/r/a", "en"),
        ris(bad, "https://o.example/r/a", "en"),
    ):
        assert "javascript" not in written
        assert "https://o.example/r/a" in written


# -- in other people's pages -----------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/embed/{}", "/fi/embed/{}", "/embed/search", "/sv/embed/search"])
def test_cards_and_the_search_box_may_be_framed_and_set_no_cookie(client, catalogue, path):
    response = client.get(path.format(catalogue.add(RICH)))
    policy = response.headers["Content-Security-Policy"]
    assert response.status_code == 200
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "Set-Cookie" not in response.headers
    assert "<script" not in response.text


@pytest.mark.parametrize("path", ["/en/", "/en/r/{}", "/r/{}", "/en/search", "/oembed", "/en/list"])
def test_nothing_else_may_be_framed(client, catalogue, path):
    response = client.get(path.format(catalogue.add(RICH)))
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


def test_a_card_opens_the_material_in_a_tab_of_its_own(page, catalogue):
    found = page(f"/fi/embed/{catalogue.add(RICH)}")
    link = found.find(".//h1/a")
    assert (link.get("href"), link.get("target")) == ("/fi/r/r0001", "_blank")
    assert "Saat muokata" in found.text_content()


@pytest.mark.parametrize("status", [WITHDRAWN, "in_review"])
def test_there_is_no_card_for_what_is_not_published(client, catalogue, status):
    address = catalogue.add(RICH, status=status)
    assert client.get(f"/embed/{address}").status_code == 404
    assert client.get(f"/oembed?url=http://localhost/r/{address}").status_code == 404


def test_oembed_is_found_from_the_page_and_gives_the_card(client, page, catalogue):
    hostile = 'Vesi" onload="x'
    found = page(f"/sv/r/{catalogue.add(metadata(hostile))}")
    as_json, as_xml = found.xpath("//link[contains(@type, 'oembed')]/@href")
    answer = client.get(as_json.removeprefix("http://localhost"))
    told = answer.get_json()
    frame = html.fragment_fromstring(told["html"])
    assert (told["version"], told["type"], told["title"]) == ("1.0", "rich", hostile)
    assert frame.get("src") == "http://localhost/sv/embed/r0001"
    assert frame.get("title") == hostile
    assert "onload" not in frame.attrib
    assert (frame.get("width"), frame.get("height")) == (str(told["width"]), str(told["height"]))
    xml = ElementTree.fromstring(client.get(as_xml.removeprefix("http://localhost")).data)
    assert {e.tag: e.text for e in xml} == {name: str(value) for name, value in told.items()}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_oembed_keeps_to_the_size_asked_for(client, catalogue):
    path = f"/oembed?url=http://localhost/r/{catalogue.add(RICH)}"
    for asked, width in (
        ("300", 300),
        ("240", 240),
        ("9999", 480),
        ("x", 480),
        ("-5", 480),
        ("²", 480),
    ):
        assert client.get(f"{path}&maxwidth={asked}").get_json()["width"] == width


@pytest.mark.parametrize("asked", ["maxwidth=239", "maxheight=100", "maxwidth=0", "maxwidth=1"])
def test_where_no_card_fits_oembed_gives_a_link(client, catalogue, asked):
    told = client.get(f"/oembed?url=http://localhost/r/{catalogue.add(RICH)}&{asked}").get_json()
    assert (told["type"], told["title"]) == ("link", "Fotosynteesi")
    assert not {"html", "width", "height"} & told.keys()


def test_the_code_on_the_page_is_the_one_that_oembed_gives(client, page, catalogue):
    address = catalogue.add(RICH)
    (code,) = page(f"/en/r/{address}").xpath("//code[contains(., '<iframe')]/text()")
    told = client.get(f"/oembed?url=http://localhost/en/r/{address}").get_json()
    assert code == told["html"]


def test_the_code_of_the_search_box_stands_on_the_about_page(page):
    (code,) = page("/sv/about").xpath("//code[contains(., '<iframe')]/text()")
    frame = html.fragment_fromstring(code)
    assert (frame.get("src"), frame.get("title")) == (
        "http://localhost/sv/embed/search",
        "Sök – Koe",
    )


@pytest.mark.parametrize(
    "url",
    ["", "x", "http://other.example/r/r0001", "http://localhost/en/", "http://localhost/r/none",
     "http://[", "javascript:alert(1)", "http://localhost/r/r0001/qr.svg", "//localhost"],
)  # fmt: skip
def test_oembed_knows_only_our_own_pages(client, catalogue, url):
    catalogue.add(RICH)
    assert client.get("/oembed", query_string={"url": url}).status_code == 404


def test_an_unknown_oembed_format_is_not_implemented(client):
    response = client.get("/oembed?url=x&format=yaml")
    assert response.status_code == 501
    assert "do not know the form" in response.text
    assert "our log" not in response.text


def assert_valid_atom(feed):
    """What RFC 4287 §4.1 demands of feeds and entries."""
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
        assert re.match(r"https?://", element.findtext(f"{ATOM}id"))
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", element.findtext(f"{ATOM}updated"))
    has_author = feed.find(f"{ATOM}author") is not None
    assert has_author
    assert {link.get("rel") for link in feed.findall(f"{ATOM}link")} >= {"self", "alternate"}
    ids = [each.findtext(f"{ATOM}id") for each in feed.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))


def links_of(response):
    feed = etree.fromstring(response.data)
    return {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}


def test_a_summary_is_the_readers_language(client, catalogue):
    both = (LangString("Vatten", "sv"), LangString("Vesi", "fi"))
    catalogue.add(metadata(description=both))
    feed = etree.fromstring(client.get("/fi/search.atom").data)
    assert feed.findtext(f"{ATOM}entry/{ATOM}summary") == "Vesi"


@pytest.mark.parametrize(("said", "told"), [("sv", "sv"), ("fi", "fi"), (None, "und")])
def test_titles_and_summaries_say_their_language(client, catalogue, said, told):
    catalogue.add(metadata("Vatten", said, description=(LangString("Om vatten", said),)))
    entry = etree.fromstring(client.get("/fi/search.atom").data).find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}title").get(LANG) == told
    assert entry.find(f"{ATOM}summary").get(LANG) == told


def test_what_we_say_ourselves_is_in_the_language_of_the_feed(client, catalogue):
    catalogue.add(metadata("", description=(), license=licensed()))
    feed = etree.fromstring(client.get("/sv/search.atom").data)
    assert feed.get(LANG) == "sv"
    assert [e.tag for e in feed.iter() if e.get(LANG) and e is not feed] == []


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "Newest first"),
        ("q=vesi", "vesi"),
        ("type=type:video&type=type:audio", "Type: Video, Audio"),
        ("permission=adapt&permission=share", "I may adapt it, I may share it"),
        ("q=vesi&language=fi&license=not-stated",
         "vesi; Language: Finnish; Licence: Licence not stated"),
        ("source=metsala&permission=adapt", "I may adapt it; Source: Metsälä"),
    ],
)  # fmt: skip
def test_a_feed_is_called_by_its_words_and_filters(client, page, query, title):
    feed = etree.fromstring(client.get(f"/en/search.atom?{query}").data)
    assert feed.findtext(f"{ATOM}title") == f"{title} – Koe"
    (link,) = page(f"/en/search?{query}").xpath("//link[@type='application/atom+xml']")
    assert link.get("title") == feed.findtext(f"{ATOM}title")
