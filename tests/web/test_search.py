"""The search page: all of its state is in the address, and no address is an error."""

from dataclasses import replace
from types import SimpleNamespace
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from flask import render_template
from sqlalchemy import event

from oer.metadata.resource_metadata import Agent, LangString, Term
from tests.web.conftest import RICH, licensed, metadata


def level(code):
    return (Term(code, f"level:{code}", "stated"),)


def titles(found):
    return [a.text_content() for a in found.findall(".//ol[@class='results']//h2/a")]


def heading(found):
    return found.findtext(".//h1").strip()


def boxes(found, facet):
    """Label and count by value, of a facet's check boxes."""
    rows = {}
    for box in found.findall(f".//input[@name='{facet}']"):
        label = found.find(f".//label[@for='{box.get('id')}']")
        name, count = (span.text for span in label.findall("span"))
        rows[box.get("value")] = (name, int(count))
    return rows


def test_words_and_filters_come_from_the_address(page, catalogue):
    catalogue.add(RICH)
    catalogue.add(metadata("Fotosynteesi videona"))
    catalogue.add(metadata("Murtoluvut"))
    assert heading(page("/en/search?q=fotosynteesi")) == "2 materials for “fotosynteesi”"
    found = page("/en/search?q=fotosynteesi&type=type:drill-and-practice")
    assert titles(found) == ["Fotosynteesi"]
    assert found.find(".//input[@value='type:drill-and-practice']").get("checked") is not None
    assert found.find(".//input[@type='search']").get("value") == "fotosynteesi"


def test_a_tab_is_called_what_was_asked_how_much_was_found_and_the_page(page, catalogue):
    for number in range(21):
        catalogue.add(metadata(f"Vesi {number}", language=(Term("fi", "fi", "stated"),)))

    def title(address):
        return page(address).findtext(".//title").removesuffix(" – Koe")

    assert title("/en/search?q=vesi") == "vesi – 21 materials"
    assert title("/en/search?q=vesi&language=fi&page=2") == (
        "vesi; Language: Finnish – 21 materials – Page 2"
    )
    assert title("/en/search?q=ei") == "ei – 0 materials"
    assert title("/en/search") == "21 materials"


def test_values_of_a_facet_are_alternatives(page, catalogue):
    for code in ("primary", "vocational", "doctoral"):
        catalogue.add(metadata(code, educational_level=level(code)))
    found = page("/en/search?level=level:primary&level=level:doctoral&sort=title")
    assert titles(found) == ["doctoral", "primary"]


def test_not_stated_is_a_value_of_its_own(page, catalogue):
    catalogue.add(metadata("Lisensoitu", license=licensed()))
    catalogue.add(metadata("Lisensoimaton"))
    catalogue.add(metadata("Epäselvä", license=licensed("https://example.org/our-licence")))
    found = boxes(page("/en/search"), "license")
    assert found["not-stated"] == ("Licence not stated", 1)
    assert found["unclear"] == ("Licence unclear", 1)
    assert titles(page("/en/search?license=unclear")) == ["Epäselvä"]
    assert titles(page("/en/search?license=not-stated")) == ["Lisensoimaton"]


def test_levels_stand_in_school_order_under_the_wider_ones(page, catalogue):
    catalogue.add(metadata("a", educational_level=level("doctoral")))
    catalogue.add(metadata("b", educational_level=level("primary")))
    catalogue.add(metadata("c", educational_level=level("early-childhood")))
    found = page("/en/search")
    values = list(boxes(found, "level"))
    assert values.index("level:early-childhood") < values.index("level:primary")
    assert values.index("level:primary") < values.index("level:doctoral")
    primary = found.find(".//input[@value='level:primary']")
    assert len(list(primary.iterancestors("ul"))) == 3


def test_labels_come_in_the_language_of_the_page(page, catalogue):
    catalogue.add(RICH)
    catalogue.add(metadata())
    assert boxes(page("/fi/search"), "language")["fi"] == ("Suomi", 1)
    assert boxes(page("/sv/search"), "language")["fi"] == ("Finska", 1)
    assert boxes(page("/sv/search"), "license")["cc-by"] == ("CC BY", 1)


def test_a_source_goes_by_its_name(page, catalogue):
    catalogue.add(RICH)
    found = page("/en/search?source=metsala")
    assert boxes(found, "source")["metsala"] == ("Metsälä", 1)
    (link,) = found.xpath("//p[@class='source']/a")
    assert (link.text, link.get("href")) == ("Metsälä", "/en/source/metsala")


def test_a_long_facet_folds_its_rest_and_opens_where_something_is_chosen(page, catalogue):
    from oer.metadata import vocabularies

    types = [each.id for each in vocabularies.concepts("type") if not each.broader][:12]
    for type_ in types:
        catalogue.add(metadata(learning_resource_type=(Term(type_, type_, "stated"),)))
    found = page("/en/search")
    fold = found.find(".//details[@id='more-type']")
    assert len(fold.findall(".//input")) == 4
    assert fold.get("open") is None
    folded = fold.find(".//input").get("value")
    assert (
        page(f"/en/search?type={folded}").find(".//details[@id='more-type']").get("open")
        is not None
    )


def test_a_chip_takes_away_one_value_and_keeps_the_rest(page, catalogue):
    catalogue.add(RICH)
    found = page(
        "/en/search?q=fotosynteesi&language=fi&language=sv&type=type:drill-and-practice&page=1"
    )
    chips = found.findall(".//ul[@class='chips']//a")
    without_sv = [a.get("href") for a in chips if "Swedish" in a.text_content()]
    assert parse_qsl(urlsplit(without_sv[0]).query) == [
        ("q", "fotosynteesi"),
        ("type", "type:drill-and-practice"),
        ("language", "fi"),
    ]
    assert chips[-1].get("href") == "/en/search?q=fotosynteesi"


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=-1", "page=abc", "page=1e9", "page=٣", "page=", "sort=bogus", "type=",
        "type=nope&level=nope&language=nope&license=nope&source=nope", "license=%00%ff",
        "q=%00%0a%0d", "q=" + "x" * 5000, "q=%22%28%2a%3a",
        "&".join(f"type=x{n}" for n in range(300)),
        "utm_source=x",
        "level=%F0%9F%92%A9", "q=" + "%F0%9F%92%A9", "type=<script>", "page=999999999999999999999",
    ],
)  # fmt: skip
def test_odd_values_are_never_an_error(page, catalogue, query):
    catalogue.add(RICH)
    assert page(f"/en/search?{query}").find(".//h1") is not None


@pytest.mark.parametrize("query", ["%F0%9F%98%80", "???", "title:"])
def test_a_query_without_a_word_shows_everything_and_says_so(page, catalogue, query):
    catalogue.add(metadata("Fotosynteesi"))
    catalogue.add(metadata("Murtoluvut"))
    found = page(f"/en/search?q={query}")
    assert heading(found) == "2 materials"
    assert found.find(".//p[@class='notice']").text == (
        f"There is no word to search for in “{unquote(query)}”, so here is everything."
    )
    assert found.find(".//input[@type='search']").get("value") == unquote(query)


@pytest.mark.parametrize("query", ["-kuu", "language:fi", "fotosynteesi"])
def test_a_query_that_only_narrows_is_a_query(page, catalogue, query):
    catalogue.add(metadata("Fotosynteesi", language=(Term("fi", "fi", "stated"),)))
    found = page(f"/en/search?q={query}")
    assert heading(found) == f"One material for “{query}”"
    assert found.find(".//p[@class='notice']") is None


@pytest.fixture
def fifty(catalogue):
    for number in range(50):
        catalogue.add(metadata(f"Aineisto {number:02}"))


def test_results_are_paged_with_links(page, fifty):
    found = page("/en/search?sort=title&page=2")
    assert titles(found) == [f"Aineisto {number:02}" for number in range(20, 40)]
    assert found.find(".//ol").get("start") == "21"
    assert found.find(".//a[@rel='prev']").get("href") == "/en/search?sort=title"
    assert found.find(".//a[@rel='next']").get("href") == "/en/search?sort=title&page=3"
    current = found.findall(".//nav[@class='paging']//a[@aria-current='page']")
    assert [a.text_content() for a in current] == ["Page 2"]


@pytest.mark.parametrize("number", ["4", "501", "99999"])
def test_a_page_beyond_the_last_says_where_the_results_end(page, fifty, number):
    found = page(f"/en/search?page={number}")
    assert "The results end on page 3." in found.text_content()
    assert found.find(".//section[@class='notice']//a").get("href") == "/en/search?page=3"


def test_nothing_found_shows_what_dropping_each_condition_would_give(page, catalogue):
    catalogue.add(RICH)
    catalogue.add(metadata("Murtoluvut"))
    found = page("/en/search?q=murtoluvut&type=type:drill-and-practice")
    ways = [li.text_content().split() for li in found.findall(".//section[@class='notice']//li")]
    assert [" ".join(way) for way in ways] == [
        "Without the filter “Type”: one material",
        "Without the words “murtoluvut”: one material",
    ]


def test_nothing_found_without_filters_still_leads_on(page, catalogue):
    catalogue.add(RICH)
    found = page("/en/search?q=zzz")
    assert "Try fewer words" in found.text_content()
    assert found.find(".//section[@class='notice']//a").get("href") == "/en/"


def marks(found):
    return [mark.text for mark in found.iter("mark")]


def test_found_words_are_marked_in_title_and_excerpt(page, catalogue):
    address = catalogue.add(
        metadata("Vesi", description=(LangString("Kaikki vesi kiertää.", "fi"),))
    )
    found = page("/en/search?q=vesi")
    assert marks(found.find(".//p[@class='excerpt']")) == ["vesi"]
    (link,) = found.findall(".//h2/a")
    assert (link.get("href"), link.get("lang"), marks(link)) == (f"/en/r/{address}", "fi", ["Vesi"])
    assert found.find(".//p[@class='excerpt']").get("lang") == "fi"
    assert marks(page("/en/search")) == []


def test_the_excerpt_is_of_the_description_with_the_words_else_of_the_reader_s(page, catalogue):
    texts = (LangString("Vatten är allt.", "sv"), LangString("Vesi on kaikki.", "fi"))
    catalogue.add(metadata("x", description=texts))

    def shown(address):
        excerpt = page(address).find(".//p[@class='excerpt']")
        return excerpt.get("lang"), excerpt.text_content()

    assert shown("/sv/search?q=vesi") == ("fi", "Vesi on kaikki.")
    assert shown("/sv/search?q=x") == ("sv", "Vatten är allt.")
    assert shown("/fi/search") == ("fi", "Vesi on kaikki.")


@pytest.mark.parametrize(
    ("query", "line", "written_in", "marked"),
    [
        ("kasvi", "Asiasana: vihreät kasvit", "fi", ["kasvit"]),
        ("geography", "Asiasana: Geography", "en", ["Geography"]),
        ("maantiede", "Asiasana: Maantiede", None, ["Maantiede"]),
        ("Esimerkki", "Tekijä: Aino Esimerkki", "", ["Esimerkki"]),
    ],
)
def test_a_word_that_only_a_keyword_or_a_name_has_is_shown_with_it(
    page, catalogue, query, line, written_in, marked
):
    catalogue.add(
        metadata(
            "Ruoho",
            keywords=(Term("maa"), Term("vihreät kasvit", language="fi")),
            about=(Term("maantieto", "subject:geography", "mapped", language="fi"),),
            creator=(Agent("Aino Esimerkki"),),
        )
    )
    shown = page(f"/fi/search?q={query}").find(".//p[@class='elsewhere soft']")
    assert shown.text_content() == line
    assert shown.find("span").get("lang") == written_in
    assert marks(shown) == marked
    assert page("/fi/search?q=ruoho").find(".//p[@class='elsewhere soft']") is None


def test_a_hostile_title_is_only_text(client, page, catalogue):
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    catalogue.add(
        metadata(hostile, description=(LangString(f"kuvaus {hostile}", "fi"),)), address="bad"
    )
    for path in ("/en/", "/en/search", "/en/search?q=kuvaus", "/en/r/bad"):
        assert "<script>alert" not in client.get(path).text
        assert "<img src=x" not in client.get(path).text
    assert titles(page("/en/search")) == [hostile]


def test_a_hostile_query_is_only_text(client):
    text = client.get('/en/search?q="><script>alert(1)</script>&type="><script>').text
    assert "<script>alert" not in text
    assert '"><script>' not in text


def test_a_result_shows_its_meta_line_and_reuse_strip(page, catalogue):
    catalogue.add(RICH)
    found = page("/en/search").find(".//article")
    meta = [li.text_content().strip() for li in found.findall("ul[@class='meta']/li")]
    signs = [li.text_content().strip() for li in found.findall("ul[@class='strip']/li")]
    assert meta == ["Exercise", "General upper secondary education", "Finnish"]
    assert signs == ["You may adapt it", "Credit the author"]


@pytest.mark.parametrize("count", [1, 20])
def test_a_page_of_results_costs_the_same_queries_whatever_it_holds(client, catalogue, count):
    for number in range(count):
        catalogue.add(metadata(f"Aineisto {number}"))
    statements = []
    engine = catalogue.sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    client.get("/en/search?q=aineisto")
    assert len(statements) == 2


def test_a_resource_the_index_still_knows_but_the_catalogue_does_not_show_is_left_out(
    page, catalogue
):
    catalogue.add(metadata("Poistettu"), status="withdrawn")
    assert titles(page("/en/search")) == []


def test_every_facet_group_can_be_applied_without_scripts(page, catalogue):
    catalogue.add(RICH)
    catalogue.add(metadata(creator=(Agent("Toinen"),)))
    found = page("/en/search?author=Aino+Esimerkki&author=Toinen")
    groups = [each for each in found.findall(".//fieldset") if each.find(".//input") is not None]
    assert len(groups) > 5
    for group in groups:
        assert group.find("button[@type='submit']").get("form") == "q-form"
        assert {box.get("form") for box in group.findall(".//input")} == {"q-form"}
    assert found.find(".//form[@id='q-form']").get("method") == "get"


@pytest.mark.parametrize("query", ["q=zzz&sort=title", "page=9&sort=title"])
def test_the_chosen_order_is_kept_where_there_is_nothing_to_order(page, catalogue, query):
    catalogue.add(RICH)
    kept = page(f"/en/search?{query}").find(".//input[@name='sort']")
    assert (kept.get("value"), kept.get("form")) == ("title", "q-form")


@pytest.mark.parametrize(
    ("sort", "first"), [("newest", "Uusi"), ("updated", "Muutettu"), ("title", "Muutettu")]
)
def test_what_came_last_and_what_changed_last_are_two_orders(page, catalogue, sort, first):
    """Sorting is the engine's; this is about the parameter reaching it."""
    for id_, title, created, updated in ((1, "Muutettu", 1, 9), (2, "Uusi", 5, 5)):
        catalogue.add(metadata(title))
        (added,) = (e.document for e in catalogue.index._entries.values() if e.document.id == id_)
        catalogue.index.replace([replace(added, created=float(created), updated=float(updated))])
    found = page(f"/en/search?sort={sort}")
    assert titles(found)[0] == first
    chosen = found.find(".//select[@name='sort']/option[@selected]")
    assert chosen.get("value") == sort


def test_the_source_of_a_result_leads_to_its_page(app):
    """Where the presenter names it; embedded cards, for one, do not."""
    each = SimpleNamespace(
        address="a", title=SimpleNamespace(text="T", lang=None, dir=None), meta=[], excerpt=None,
        signs=(), source="Metsälä", source_slug="metsala",
    )  # fmt: skip
    template = '{% from "parts.html" import result with context %}{{ result(each, "h2") }}'
    with app.test_request_context("/en/"):
        linked = app.jinja_env.from_string(template)
        text = render_template(linked, each=each)
        del each.source_slug
        plain = render_template(linked, each=each)
    assert '<a href="/en/source/metsala">Metsälä</a>' in text
    assert "Metsälä" in plain
    assert "/source/" not in plain
