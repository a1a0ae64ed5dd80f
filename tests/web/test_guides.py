"""The written pages: they hold what they promise, and say what the rest of the code does."""

import re
from itertools import pairwise
from urllib.parse import quote

import pytest
from lxml import html

from oer.app import create_app
from oer.metadata import licenses, reuse
from oer.metadata.vocabularies import concepts
from oer.search.query import FIELDS, facet_value_is, parse
from oer.settings import Settings
from oer.web import guides, reuse_strip
from tests.web.conftest import RICH

GUIDES = ("help", "licences", "accessibility", "about")
EVERY_GUIDE = [f"/{ui}/{name}" for name in GUIDES for ui in ("en", "fi", "sv")]
WITH_CONTENTS = [path for path in EVERY_GUIDE if not path.endswith("accessibility")]
ASKED = "/en/licences?a=cc-by-nc&b=cc-by-sa"


# What holds for every one of them


@pytest.mark.parametrize("path", [*EVERY_GUIDE, ASKED])
def test_a_guide_is_one_page_in_one_language_with_ordered_headings(page, path):
    found = page(path)
    assert found.get("lang") == path[1:3]
    levels = [int(each.tag[1]) for each in found.iter("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [each.get("id") for each in found.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    fields = {each.get("id") for each in found.iter("input", "select")}
    assert fields <= {each.get("for") for each in found.iter("label")}


@pytest.mark.parametrize("path", WITH_CONTENTS)
def test_the_contents_lead_to_every_part_in_order(page, path):
    found = page(path)
    contents = [a.get("href")[1:] for a in found.findall(".//nav[@class='contents']//a")]
    parts = [
        each.get("id") for each in found.findall(".//main//h2") if each.get("id") != "contents"
    ]
    assert contents == parts
    assert len(contents) > 3


@pytest.mark.parametrize("path", [*EVERY_GUIDE, ASKED])
def test_links_within_a_page_end_somewhere(page, path):
    found = page(path)
    ids = {each.get("id") for each in found.iter()}
    here = [a.get("href")[1:] for a in found.iter("a") if a.get("href").startswith("#")]
    assert set(here) <= ids
    # A field's error or a heading that names its part.
    named = {each.get("aria-labelledby") for each in found.iter() if each.get("aria-labelledby")}
    assert named <= ids


@pytest.mark.parametrize("path", EVERY_GUIDE)
def test_links_to_our_own_pages_are_answered(client, page, path):
    own = {a.get("href").partition("#")[0] for a in page(path).findall(".//main//a")}
    for url in sorted(url for url in own if url.startswith("/")):
        assert client.get(url).status_code == 200, url


@pytest.mark.parametrize("path", [*EVERY_GUIDE, ASKED])
def test_a_guide_names_its_own_address_and_those_in_the_other_languages(page, path):
    found = page(path)
    name = path[4:].partition("?")[0]
    links = {
        link.get("hreflang") or link.get("rel"): link.get("href")
        for link in found.findall(".//head/link")
        if link.get("rel") in ("canonical", "alternate") and not link.get("type")
    }
    assert links == {
        "canonical": f"http://localhost{path[:4]}{name}",
        "x-default": f"http://localhost/{name}",
        **{ui: f"http://localhost/{ui}/{name}" for ui in ("en", "fi", "sv")},
    }


@pytest.mark.parametrize("name", ["help", "licences", "accessibility"])
def test_an_address_without_a_language_goes_to_the_readers(client, name):
    response = client.get(f"/{name}?a=cc-by&b=cc0", headers={"Accept-Language": "sv"})
    assert (response.status_code, response.location) == (302, f"/sv/{name}?a=cc-by&b=cc0")
    assert "Accept-Language" in response.vary


@pytest.mark.parametrize("path", ["/en/", "/fi/search", "/sv/help", "/en/r/known", "/en/nothing"])
def test_every_page_leads_to_the_guides(client, catalogue, path):
    catalogue.add(RICH, address="known")
    found = html.document_fromstring(client.get(path).text)
    links = [a.get("href").split("/")[-1] for a in found.findall(".//footer//a")]
    assert links == list(GUIDES)
    current = [a.get("href") for a in found.findall(".//footer//a[@aria-current='page']")]
    assert current == ([path] if path.endswith("help") else [])


# Help


def test_help_explains_every_sign_of_the_reuse_strip(page):
    text = page("/en/help").text_content()
    for sign in guides.SIGNS:
        assert str(sign.words) in text
        assert str(sign.explanation) in text


def test_no_sign_of_the_strip_is_forgotten():
    known = {value for value in vars(reuse_strip).values() if isinstance(value, reuse_strip.Sign)}
    assert set(guides.SIGNS) == known


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("title:fotosynteesi", True),
        ("author:Esimerkki", True),
        ("subject:kasvit", True),
        ('"kuvaus lyhyt"', False),
        ('"lyhyt kuvaus"', True),
        ("fotosynteesi -kasvit", False),
        ("dinosaurus OR kasvit", True),
    ],
)
def test_the_search_does_what_help_says_of_it(page, catalogue, query, found):
    catalogue.add(RICH)
    answer = page(f"/en/search?q={quote(query)}")
    titles = answer.findall(".//ol//*[@class='result-title']")
    # A page that had to leave something out says so.
    as_asked = titles and not answer.findall(".//p[@class='notice']")
    assert bool(as_asked) is found


@pytest.mark.parametrize("ui", ["fi", "sv", "en"])
def test_the_fields_that_help_names_are_fields(page, ui):
    (grammar,) = page(f"/{ui}/help").xpath("//dl[contains(@class, 'grammar')]")
    examples = [code.text for code in grammar.iter("code") if ":" in code.text]
    clauses = [clause for text in examples for group in parse(text).groups for clause in group]
    *texts, level = clauses
    assert [clause.text_class for clause in texts] == ["title", "author", "keyword"]
    assert level.facet[0] == "level"
    assert any(facet_value_is(each.id, level.facet) for each in concepts("level"))
    others = re.findall(r"(\w+):", grammar.getnext().text_content())
    assert {FIELDS[name] for name in others} == {"type", "language", "license", "year", "source"}


# The licence guide


@pytest.mark.parametrize("ui", ["en", "fi", "sv"])
def test_the_guide_says_of_every_licence_what_the_reuse_help_says(page, ui):
    found = page(f"/{ui}/licences")
    for family in guides.FAMILIES:
        entry = found.find(f".//section[@aria-labelledby='{family}']")
        points = [each.text for each in entry.findall("./ul")[-1]]
        assert points == [each.text for each in reuse.explain(family, ui)]
        assert entry.findtext("./h3") == licenses.name(guides.URIS[family], ui)
    assert reuse.disclaimer(ui) in found.text_content()


CHART = {
    # Creative Commons' own compatibility chart, from their FAQ.
    "CC0 1.0": {"CC0 1.0", "PDM", "CC BY", "CC BY-SA", "CC BY-NC", "CC BY-NC-SA"},
    "PDM": {"CC0 1.0", "PDM", "CC BY", "CC BY-SA", "CC BY-NC", "CC BY-NC-SA"},
    "CC BY": {"CC0 1.0", "PDM", "CC BY", "CC BY-SA", "CC BY-NC", "CC BY-NC-SA"},
    "CC BY-SA": {"CC0 1.0", "PDM", "CC BY", "CC BY-SA"},
    "CC BY-NC": {"CC0 1.0", "PDM", "CC BY", "CC BY-NC", "CC BY-NC-SA"},
    "CC BY-NC-SA": {"CC0 1.0", "PDM", "CC BY", "CC BY-NC", "CC BY-NC-SA"},
    "CC BY-ND": set(),
    "CC BY-NC-ND": set(),
}


def test_the_table_is_creative_commons_chart(page):
    rows = page("/en/licences").findall(".//table//tbody/tr")
    shown = {}
    for row in rows:
        name = short(row.findtext("th"))
        together, apart, _ = ([short(n.text) for n in cell] for cell in row.findall("td"))
        assert {*together, *apart} == set(CHART)
        assert not {*together} & {*apart}
        shown[name] = set(together)
    assert shown == CHART


def test_the_table_says_what_a_changed_version_may_have(page):
    rows = page("/en/licences").findall(".//table//tbody/tr")
    becomes = {short(r.findtext("th")): [short(n.text) for n in r.findall("td")[2]] for r in rows}
    assert becomes["CC BY-SA"] == ["CC BY-SA"]
    assert becomes["CC BY-NC-SA"] == ["CC BY-NC-SA"]
    assert becomes["CC BY-NC"] == ["CC BY-NC", "CC BY-NC-SA", "CC BY-NC-ND"]
    assert "CC0 1.0" not in becomes["CC BY"]
    assert becomes["CC BY-ND"] == []


def test_the_table_can_become_cards(page):
    table = page("/en/licences").find(".//table")
    headings = [each.text for each in table.findall("./thead//th")][1:]
    assert "cards-when-narrow" in table.get("class")
    for row in table.findall("./tbody/tr"):
        assert [cell.get("data-heading") for cell in row.findall("td")] == headings


@pytest.mark.parametrize(
    ("one", "other", "mixed", "beside"),
    [
        ("cc-by", "cc-by-sa", "Yes", "Yes"),
        ("cc-by-sa", "cc-by-sa", "Yes", "Yes"),
        ("cc-by-nc", "cc-by-sa", "No, not all of them", "Yes"),
        ("cc-by-nd", "cc0", "No, not all of them", "Yes"),
        ("in-copyright", "cc-by", "No, not all of them", "No, not all of them"),
        ("not-stated", "cc-by", "That cannot be told", "That cannot be told"),
    ],
)
def test_two_licences_can_be_asked_about_without_a_script(page, one, other, mixed, beside):
    found = page(f"/en/licences?a={one}&b={other}")
    signs = found.findall(".//div[@id='answer']//span[@class]")
    assert [sign.text_content() for sign in signs] == [mixed, beside]
    chosen = [o.get("value") for o in found.findall(".//select/option[@selected]")]
    assert chosen == [one, other]


def test_the_answer_names_the_licences_the_result_may_have(page):
    answer = page("/en/licences?a=cc-by&b=cc-by-nc-sa").find(".//div[@id='answer']").text_content()
    assert "CC BY-NC-SA 4.0" in answer
    assert "the result may not be used commercially" in answer
    assert reuse.disclaimer("en") in answer


@pytest.mark.parametrize(
    "query", ["", "?a=cc-by", "?a=&b=", "?a=cc-by&b=mit", "?a=%3Cscript%3E&b=cc0", "?b=cc0&a=%00"]
)
def test_what_is_no_question_gets_no_answer(client, page, query):
    assert page(f"/en/licences{query}").find(".//div[@id='answer']") is None
    assert "<script>" not in client.get(f"/en/licences{query}").text


def test_the_worked_example_is_made_by_the_same_code_as_real_credit_lines(page):
    lines = [code.text for code in page("/en/licences").findall(".//dl[@class='credits']//code")]
    assert len(lines) == len(reuse.FORMS)
    assert lines[0] == (
        "“Photosynthesis in pictures” (https://example.org/photosynthesis) by Aino Esimerkki and "
        "Otto Exempel is licensed under CC BY-SA 4.0 "
        "(https://creativecommons.org/licenses/by-sa/4.0/). "
        "Changes: shortened, and a task added at the end."
    )
    assert '<a rel="license" href=' in lines[1]


# The accessibility statement


def test_the_statement_has_the_parts_that_the_european_model_asks_for(page):
    found = page("/en/accessibility")
    parts = [each.get("id") for each in found.findall(".//main//h2")]
    assert parts == ["status", "gaps", "evaluation", "feedback", "enforcement"]
    text = found.text_content()
    for words in ("partially conformant", "2016/2102", "306/2019", "EN 301 549", "Traficom"):
        assert words in text
    assert "No outside expert has audited" in text
    assert "22 November 2026" in text


def test_the_statement_admits_that_nobody_can_be_written_to(page):
    assert "has not yet given an address" in page("/en/accessibility").text_content()


@pytest.mark.parametrize(
    ("contact", "href"),
    [
        ("help@library.example", "mailto:help@library.example"),
        ("mailto:help@library.example", "mailto:help@library.example"),
        ("https://library.example/feedback", "https://library.example/feedback"),
        ("the <library>", None),
        ("javascript:alert(1)", None),
    ],
)
def test_the_contact_is_a_link_where_it_can_be_one(tmp_path, catalogue, contact, href):
    settings = Settings.from_environ({"OER_DATA_DIR": str(tmp_path), "OER_CONTACT": contact})
    app = create_app(settings, sessions=catalogue.sessions, index=catalogue.index)
    for name in ("help", "accessibility", "about"):
        found = html.document_fromstring(app.test_client().get(f"/en/{name}").text).find(".//main")
        assert contact.removeprefix("mailto:") in found.text_content()
        links = [a.get("href") for a in found.iter("a")]
        assert (href in links) is (href is not None)
        assert not [link for link in links if link.startswith("javascript:")]


def test_an_operator_replaces_the_part_that_only_they_can_write(settings, catalogue):
    own = settings.data_dir / "templates" / "guides" / "operator.html"
    own.parent.mkdir(parents=True)
    own.write_text("<p>{{ {'fi': 'Kirjasto vastaa.'}.get(ui, 'The library answers.') }}</p>")
    client = create_app(settings, sessions=catalogue.sessions, index=catalogue.index).test_client()
    assert "The library answers." in client.get("/en/accessibility").text
    assert "Kirjasto vastaa." in client.get("/fi/accessibility").text
    assert "makers of the catalogue software wrote" not in client.get("/en/accessibility").text


# The front page


def test_an_empty_catalogue_says_so_and_leads_on(page):
    found = page("/en/")
    notice = found.find(".//section[@class='notice']")
    assert notice.findtext("h2") == "There are no materials here yet."
    assert notice.find(".//a").get("href") == "/en/about"
    assert found.find(".//input[@type='search']") is None


def test_the_front_page_searches_and_leads_to_every_guide(page, catalogue):
    catalogue.add(RICH)
    found = page("/en/")
    assert found.find(".//input[@id='q']") is not None
    assert found.find(".//section[@class='notice']") is None
    links = [a.get("href") for a in found.findall(".//section[@class='doors']//a")]
    assert links == ["/en/help", "/en/licences", "/en/about#authors", "/en/about#providers"]


def test_the_front_page_browses_by_what_the_catalogue_holds(page, catalogue):
    catalogue.add(RICH)
    found = page("/en/")
    shown = [each.get("aria-labelledby") for each in found.findall(".//section[@class='browse']")]
    assert shown == ["by-level", "by-type"]


def short(name):
    return name.rstrip(",").replace("Public Domain Mark 1.0", "PDM")
