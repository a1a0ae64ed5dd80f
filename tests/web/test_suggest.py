"""Suggestions while typing: what the script of the search field and browsers get."""

import pytest
from lxml import etree

from oer.metadata.resource_metadata import Term
from oer.web import suggest
from tests.web.conftest import RICH, metadata


def suggestions(client, query, ui="en"):
    response = client.get(f"/{ui}/suggest?{query}")
    assert response.status_code == 200
    return response.json


def test_a_title_leads_to_its_material(client, catalogue):
    address = catalogue.add(metadata("Fotosynteesi"))
    assert suggestions(client, "q=foto") == {
        "said": "1 suggestion",
        "items": [{"text": "Fotosynteesi", "kind": "Material", "url": f"/en/r/{address}"}],
    }


def test_a_keyword_is_text_to_search_for(client, catalogue):
    catalogue.add(RICH)
    assert suggestions(client, "q=kas")["items"] == [
        {"text": "kasvit", "kind": "Keyword", "count": "1"}
    ]


@pytest.mark.parametrize(
    ("ui", "typed", "text", "url"),
    [
        ("en", "general+up", "General upper secondary education", "level=level"),
        ("fi", "luki", "Lukiokoulutus", "level=level"),
        ("en", "exerc", "Exercise", "type=type"),
    ],
)
def test_a_concept_is_a_filter_in_the_words_of_the_page(client, catalogue, ui, typed, text, url):
    catalogue.add(RICH)
    (item,) = suggestions(client, f"q={typed}", ui)["items"]
    assert item["text"] == text
    assert item["url"].startswith(f"/{ui}/search?{url}")
    assert client.get(item["url"]).status_code == 200


@pytest.mark.parametrize(
    ("ui", "kinds"),
    [
        ("en", ["School subject", "Field of science", "Field of education"]),
        ("fi", ["Oppiaine", "Tieteenala", "Koulutusala"]),
    ],
)
def test_a_subject_says_what_kind_of_subject_it_is(client, catalogue, ui, kinds):
    ids = ("subject:mathematics", "subject:field-111", "subject:isced-f-054")
    catalogue.add(metadata(about=tuple(Term(id_, id_, "stated") for id_ in ids)))
    items = suggestions(client, "q=matem", ui)["items"]
    assert [item["kind"] for item in items[:3]] == kinds
    assert items[0]["url"] == f"/{ui}/search?subject=subject%3Amathematics"


def test_a_material_that_is_no_longer_shown_is_not_suggested(client, catalogue):
    catalogue.add(metadata("Poistettu"), status="withdrawn")
    assert suggestions(client, "q=poist") == {"said": "", "items": []}


@pytest.mark.parametrize("query", ["", "q=", "q=f", "q=%20f%20", "q=%00%ff", "q=" + "foto" * 999])
def test_little_or_far_too_much_suggests_nothing(client, catalogue, query):
    catalogue.add(metadata("Fotosynteesi"))
    assert suggestions(client, query) == {"said": "", "items": []}


def test_there_are_never_more_than_eight(client, catalogue):
    for number in range(20):
        catalogue.add(metadata(f"Vesi {number}"))
    assert len(suggestions(client, "q=vesi")["items"]) == suggest.MOST == 8


def test_answers_may_be_kept_for_a_while_and_are_not_for_crawlers(client):
    response = client.get("/sv/suggest?q=vatten")
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")


def test_browsers_get_opensearch_suggestions(client, catalogue):
    address = catalogue.add(RICH)
    response = client.get("/en/suggest?form=opensearch&q=fotos")
    assert response.mimetype == "application/x-suggestions+json"
    assert response.json == [
        "fotos", ["Fotosynteesi"], ["Material"], [f"http://localhost/en/r/{address}"],
    ]  # fmt: skip
    _, texts, _, urls = client.get("/en/suggest?form=opensearch&q=kasv").json
    assert (texts, urls) == (["kasvit"], ["http://localhost/en/search?q=kasvit"])


def test_the_description_for_browsers_names_the_suggestions(client, page, catalogue):
    catalogue.add(RICH)
    (link,) = page("/fi/").xpath("//link[@rel='search']/@href")
    document = etree.fromstring(client.get(link).data)
    templates = {e.get("type"): e.get("template") for e in document.iter("{*}Url")}
    template = templates["application/x-suggestions+json"]
    assert template.startswith("http://localhost/en/suggest?")
    asked = template.removeprefix("http://localhost").replace("{searchTerms}", "fotos")
    assert client.get(asked).json[1] == ["Fotosynteesi"]


@pytest.mark.parametrize("path", ["/fi/", "/fi/search", "/fi/about"])
def test_every_search_field_knows_where_to_ask(page, catalogue, path):
    catalogue.add(RICH)
    (field,) = page(path).xpath("//input[@name='q']")
    assert field.get("data-suggest") == "/fi/suggest"
    assert field.get("role") is None, "without the script it is a plain search field"


def test_the_words_of_the_copy_buttons_come_with_the_page(page):
    body = page("/en/").find("body")
    assert (body.get("data-copy-words"), body.get("data-copied-words")) == ("Copy", "Copied")
