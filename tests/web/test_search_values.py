"""The page with all values of a filter: found by name, added one by one or several at once."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import html

from oer.metadata.resource_metadata import Agent, PartialDate, Term
from oer.web import values
from tests.web.conftest import RICH, metadata
from tests.web.test_search import titles

NAMES = (
    "Åsa Öhman",
    "Väinö Åberg",
    "Ville Esimerkki",
    "Olga Нечуй",
    "Łukasz Dvořák",
    "Maija Avain",
)


@pytest.fixture
def names(catalogue):
    for name in NAMES:
        catalogue.add(metadata(name, creator=(Agent(name, "person"),)))
    catalogue.add(metadata("Toinen", creator=(Agent("Maija Avain", "person"),)))


def listed(found):
    return [a.text for a in found.findall(".//p[@class='value']/a")]


def test_the_most_frequent_come_first_with_their_counts(page, names):
    found = page("/en/search/values?facet=author")
    assert listed(found)[0] == "Maija Avain"
    assert found.findtext(".//p[@class='value']/span") == "2"
    assert sorted(listed(found)) == sorted(NAMES)
    assert found.findtext(".//h1") == "Author"
    assert found.find(".//meta[@name='robots']").get("content") == "noindex"


@pytest.mark.parametrize(
    ("facet", "name"), [("license", "Licence not stated"), ("author", "Not stated")]
)
def test_what_is_not_stated_stands_last_and_can_be_chosen(
    page, catalogue, monkeypatch, facet, name
):
    catalogue.add(RICH)
    catalogue.add(metadata("Ei mitään"))
    path = f"/en/search/values?facet={facet}"
    assert listed(page(path))[-1] == name
    assert page(path).findtext(".//h2") == "All 1"
    monkeypatch.setattr(values, "MOST", 0)
    assert listed(page(path)) == [name], "also where there are more than show"
    assert listed(page(f"{path}&find=stated")) == [name]
    assert listed(page(f"{path}&find=nobody")) == []
    (link,) = page(path).xpath(f"//a[text()='{name}']/@href")
    assert link == f"/en/search?{facet}=not-stated"
    assert titles(page(link)) == ["Ei mitään"]
    chosen = page(f"{path}&{facet}=not-stated")
    assert chosen.xpath("//input[@checked]/@value") == ["not-stated"]


def test_nobody_looks_for_what_they_may_not_do(page, catalogue):
    catalogue.add(RICH)
    catalogue.add(metadata("Ei mitään"))
    assert "Not stated" not in listed(page("/en/search/values?facet=permission"))


@pytest.mark.parametrize(
    ("find", "expected"),
    [
        ("ohman", ["Åsa Öhman"]),
        ("ASA", ["Åsa Öhman"]),
        ("öhman åsa", ["Åsa Öhman"]),
        ("нечуй", ["Olga Нечуй"]),
        ("lukasz dvorak", ["Łukasz Dvořák"]),
        ("va", ["Väinö Åberg", "Maija Avain"]),
        ("  ", None),
        ("nobody", []),
        ("%00", None),
        ("-", None),
    ],
)
def test_names_are_found_by_any_part_beginnings_first(page, names, find, expected):
    found = listed(page(f"/en/search/values?facet=author&find={find}"))
    assert sorted(found) == sorted(NAMES) if expected is None else found == expected


def test_a_link_adds_its_value_to_the_search(page, names):
    found = page("/en/search/values?facet=author&q=kuvaus&sort=title&author=Ville+Esimerkki")
    link = found.xpath("//a[text()='Åsa Öhman']/@href")[0]
    assert parse_qsl(urlsplit(link).query) == [
        ("q", "kuvaus"),
        ("author", "Ville Esimerkki"),
        ("author", "Åsa Öhman"),
        ("sort", "title"),
    ]
    assert titles(page(link)) == ["Ville Esimerkki", "Åsa Öhman"]


def submitted(form, button=None, **typed):
    """The parameters that a browser without scripts would send."""
    pairs = [
        (field.get("name"), typed.get(field.get("name"), field.get("value")))
        for field in form.findall(".//input")
        if field.get("type") != "checkbox" or field.get("checked") is not None
    ]
    return [*pairs, *([(button.get("name"), button.get("value"))] if button is not None else [])]


def test_several_are_ticked_and_kept_while_others_are_looked_for(client, page, names):
    form = page("/en/search/values?facet=author&q=kuvaus&author=Åsa+Öhman&page=3").find(
        ".//form[@class='values']"
    )
    assert form.get("action") == "/en/search/values"
    find, show = form.findall(".//button")
    assert find.get("name") is None
    sent = [*submitted(form, find, find="vill"), ("author", "Maija Avain")]
    assert "page" not in dict(sent)
    again = client.get("/en/search/values", query_string=sent).text
    form = html.document_fromstring(again).find(".//form[@class='values']")
    assert listed(form) == ["Ville Esimerkki"]
    ticked = [box.get("value") for box in form.findall(".//input[@checked]")]
    assert sorted(ticked) == ["Maija Avain", "Åsa Öhman"]
    shown = client.get("/en/search/values", query_string=submitted(form, show))
    assert shown.status_code == 302
    assert sorted(parse_qsl(urlsplit(shown.location).query)) == [
        ("author", "Maija Avain"),
        ("author", "Åsa Öhman"),
        ("q", "kuvaus"),
    ]


def test_what_is_chosen_shows_whatever_is_looked_for_and_can_be_taken_away(page, names):
    found = page("/en/search/values?facet=author&find=zzz&author=Nobody+Known")
    (box,) = found.findall(".//input[@type='checkbox']")
    assert (box.get("value"), box.get("checked") is not None) == ("Nobody Known", True)
    assert "No name here contains “zzz”." in found.text_content()


def test_other_filters_hold_and_the_way_back_keeps_everything(page, catalogue, names):
    catalogue.add(RICH)
    found = page("/en/search/values?facet=author&language=fi&sort=title")
    assert listed(found) == ["Aino Esimerkki"]
    back = found.xpath("//a[text()='Back to the results']/@href")
    assert back == ["/en/search?language=fi&sort=title"]


def test_long_lists_show_their_beginning(page, catalogue):
    for number in range(values.MOST + 5):
        catalogue.add(metadata(creator=(Agent(f"Nimi {number:03}"),)))
    found = page("/en/search/values?facet=author")
    assert len(listed(found)) == values.MOST
    assert "The first 100 of 105" in found.text_content()
    assert listed(page("/en/search/values?facet=author&find=104")) == ["Nimi 104"]


def test_any_facet_has_its_list_in_its_own_order_and_words(page, catalogue):
    for year in ("1999", "2021", "1999"):
        catalogue.add(metadata(issued=(PartialDate(year, year, "stated"),)))
    catalogue.add(metadata(language=(Term("se", "se", "stated"),)))
    assert listed(page("/en/search/values?facet=year")) == ["2021", "1999", "Not stated"]
    assert listed(page("/fi/search/values?facet=language")) == ["Pohjoissaame", "Ei ilmoitettu"]
    assert listed(page("/en/search/values?facet=source")) == ["Metsälä"]


@pytest.mark.parametrize("query", ["", "facet=", "facet=nope", "facet=<script>&q=vesi", "find=x"])
def test_no_facet_leads_to_the_search(client, query):
    response = client.get(f"/en/search/values?{query}")
    assert response.status_code == 302
    assert response.location.startswith("/en/search")
    assert "values" not in response.location


@pytest.mark.parametrize(
    "query",
    [
        "facet=author&facet=level", "facet=author&find=" + "x" * 5000, "facet=author&page=abc",
        "facet=author&find=%ff%fe", "facet=level&level=nope", "facet=author&author=%00",
        "facet=author&find=<script>alert(1)</script>", "facet=permission&permission=x&sort=x",
    ],
)  # fmt: skip
def test_odd_values_are_never_an_error(client, names, query):
    response = client.get(f"/en/search/values?{query}")
    assert response.status_code == 200
    assert "<script>alert" not in response.text


def test_an_empty_catalogue_has_nothing_to_choose_from(page):
    assert (
        "There is nothing to choose from." in page("/en/search/values?facet=author").text_content()
    )


def test_a_list_in_the_address_travels_along(client, page, catalogue):
    address = catalogue.add(RICH, address="2jzd0esx")
    found = page(f"/en/search?list={address}")
    link = found.xpath("//a[text()='Choose an author…']/@href")[0]
    assert f"list={address}" in link
    form = page(link).find(".//form[@class='values']")
    assert form.find("input[@name='list']").get("value") == address
    shown = client.get("/en/search/values", query_string=[*submitted(form), ("show", "1")])
    assert shown.location == f"/en/search?list={address}"


@pytest.mark.parametrize("query", ["", "&find=a", "&author=Maija+Avain"])
def test_every_box_and_field_has_a_name_and_every_id_is_unique(page, names, query):
    found = page(f"/en/search/values?facet=author{query}")
    ids = [each.get("id") for each in found.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    fors = {each.get("for") for each in found.iter("label")}
    fields = [each for each in found.iter("input") if each.get("type") != "hidden"]
    assert len(fields) > 2
    for field in fields:
        assert field.get("id") in fors or field.get("aria-labelledby") in ids
