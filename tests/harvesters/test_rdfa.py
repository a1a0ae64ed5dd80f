"""RDFa Lite: schema.org from attributes, in the form of JSON-LD; hostile pages come to an end."""

import json

import pytest
from lxml import html

from harvesters import microdata, rdfa
from harvesters.embedded import described
from harvesters.rdfa import MAX_DEPTH, MAX_NODES, MAX_VALUES, items
from oer.formats import read_payload
from oer.metadata.normalise import normalise
from tests.shared_data import shared_data

HOME = "https://s.example.org/m/1"


def found(text, url=HOME):
    nodes = items(html.document_fromstring(f"<html><body>{text}</body></html>"), url)
    return [{name: value for name, value in node.items() if name != "@context"} for node in nodes]


VOCAB = 'vocab="https://schema.org/"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f'<div {VOCAB} typeof="Book"><h1 property="name"> Veden <b>kierto</b> </h1></div>',
            {"@type": "Book", "name": "Veden kierto"},
            id="text of an element",
        ),
        pytest.param(
            f'<div {VOCAB} typeof="Book"><meta property="inLanguage" content="fi">'
            '<span property="name" content="A">B</span></div>',
            {"@type": "Book", "inLanguage": "fi", "name": "A"},
            id="content before text",
        ),
        pytest.param(
            f'<div {VOCAB} typeof="Book"><a property="license" href="/terms">Terms</a>'
            '<img property="image" src="a.png"><b property="url" resource="#x">y</b></div>',
            {
                "@type": "Book",
                "license": "https://s.example.org/terms",
                "image": "https://s.example.org/m/a.png",
                "url": f"{HOME}#x",
            },
            id="addresses",
        ),
        pytest.param(
            f'<div {VOCAB} typeof="Book"><time property="datePublished" datetime="2024-05">May'
            "</time></div>",
            {"@type": "Book", "datePublished": "2024-05"},
            id="datetime",
        ),
        pytest.param(
            f'<div {VOCAB} typeof="Book"><p property="author" typeof="Person" resource="#a">'
            '<i property="name">Aino</i></p></div>',
            {
                "@type": "Book",
                "author": {"@type": "Person", "@id": f"{HOME}#a", "name": "Aino"},
            },
            id="a thing inside another",
        ),
        pytest.param(
            f'<div {VOCAB} typeof="Book"><i property="keywords">a</i><p><i property="keywords">b'
            "</i></p></div>",
            {"@type": "Book", "keywords": ["a", "b"]},
            id="several values, however deep",
        ),
        pytest.param(
            f'<div {VOCAB} typeof="Book" resource=""><p property="name alternateName">A</p></div>',
            {"@type": "Book", "@id": HOME, "name": "A", "alternateName": "A"},
            id="several properties at once, and the page itself",
        ),
        pytest.param(
            '<div prefix="s: http://schema.org/ dc: http://purl.org/dc/terms/" typeof="s:Book '
            's:LearningResource"><p property="dc:title s:name">A</p><p property="dc:date">1</p>'
            "</div>",
            {"@type": ["Book", "LearningResource"], "name": "A"},
            id="prefixes; other vocabularies are left out",
        ),
        pytest.param(
            '<div typeof="schema:Book"><p property="http://schema.org/name">A</p></div>',
            {"@type": "Book", "name": "A"},
            id="the prefix that need not be declared, and whole addresses",
        ),
        pytest.param(
            '<div vocab="http://schema.org" typeof="Book"><p property="name">A</p></div>',
            {"@type": "Book", "name": "A"},
            id="the vocabulary without its slash",
        ),
        pytest.param(
            f'<div {VOCAB} typeof="Book"><p rel="audience" typeof="EducationalAudience"><i '
            'property="educationalRole">teacher</i></p><a rel="nofollow" href="/n">x</a>'
            '<a rel="license" href="/terms">T</a><i rel="isBasedOn" resource="/o"></i></div>',
            {
                "@type": "Book",
                "audience": {"@type": "EducationalAudience", "educationalRole": "teacher"},
                "license": "https://s.example.org/terms",
                "isBasedOn": "https://s.example.org/o",
            },
            id="rel, where it cannot be a link type of HTML",
        ),
        pytest.param(
            f'<div {VOCAB}><div about="#b" typeof="Book"></div><p><i property="name">lost</i></p>'
            '<p resource="#b"><i property="name">A</i></p></div>',
            {"@type": "Book", "@id": f"{HOME}#b", "name": "A"},
            id="a thing that is gone on with elsewhere",
        ),
        pytest.param(
            f'<div {VOCAB} typeof="Book"><p property="name">A</p><p property="@context">evil</p>'
            '<p property="@id" content="x"></p></div>',
            {"@type": "Book", "name": "A"},
            id="what is no property",
        ),
        pytest.param(
            f'<div {VOCAB} typeof="Book"><a property="url" href="//[broken">A</a></div>',
            {"@type": "Book", "url": "//[broken"},
            id="an address that is none",
        ),
    ],
)
def test_what_attributes_say(text, expected):
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        '<div typeof="Book"><p property="name">no vocabulary</p></div>',
        '<div vocab="http://xmlns.com/foaf/0.1/" typeof="Person"><p property="name">A</p></div>',
        f'<div {VOCAB}><p property="name">nothing has this name</p></div>',
        '<meta property="og:title" content="A"><meta property="article:author" content="B">',
    ],
)
def test_what_is_nothing_of_schema_org(text):
    assert found(text) == []


def test_a_thing_elsewhere_on_the_page_is_referred_to_and_drawn_in():
    text = f"""<html><body {VOCAB}>
        <div typeof="LearningResource" resource="">
          <h1 property="name">Vesi</h1><a property="author" href="#aino">Aino</a>
          <link property="license" href="https://creativecommons.org/licenses/by/4.0/">
        </div>
        <p typeof="Person" resource="#aino"><i property="name">Aino Esimerkki</i></p>
        </body></html>"""
    payload = described(text.encode(), HOME).payload
    assert json.loads(payload)["author"]["name"] == "Aino Esimerkki"
    metadata = read_payload(payload)
    assert (metadata.title[0].text, metadata.creator[0].name) == ("Vesi", "Aino Esimerkki")
    assert metadata.identifiers[0].value == HOME


def test_it_is_read_after_json_ld_and_microdata():
    as_rdfa = f'<div {VOCAB} typeof="Book"><i property="name">RDFa</i></div>'
    as_microdata = (
        '<div itemscope itemtype="https://schema.org/Book"><i itemprop="name">microdata</i></div>'
    )
    as_json = '<script type="application/ld+json">{"@type": "Book", "name": "JSON-LD"}</script>'

    def name(*parts):
        body = f"<html><body>{''.join(parts)}</body></html>".encode()
        return json.loads(described(body, HOME).payload)["name"]

    assert name(as_rdfa) == "RDFa"
    assert name(as_rdfa, as_microdata) == "microdata"
    assert name(as_rdfa, as_microdata, as_json) == "JSON-LD"


def test_the_examples_of_lrmi_are_read():
    example = shared_data("vocab", "lrmi", "lrmi_examples_type+audience+level_rdfa.html")
    body = example.read_bytes()
    metadata, _ = normalise(read_payload(described(body, HOME).payload))
    assert metadata.title[0].text == "Designing a treasure map"
    assert [each.raw for each in metadata.learning_resource_type] == [
        "lesson plan",
        "learning activity",
    ]
    assert [each.id for each in metadata.audience] == ["audience:teacher"]
    assert [each.raw for each in metadata.educational_level] == ["2"]


# Hostile pages ------------------------------------------------------------------------------------


def test_things_that_hold_each_other_come_to_an_end():
    text = (
        f'<div {VOCAB} typeof="Book" resource="#a"><p property="hasPart" typeof="Book" '
        'resource="#b"><i property="hasPart" typeof="Book" resource="#a"></i></p></div>'
    )
    (node,) = found(text)
    assert node["hasPart"]["hasPart"] == {"@id": f"{HOME}#a"}


def test_a_thing_that_is_named_many_times_is_written_once():
    inner = ""
    for level in range(10, 0, -1):  # written out each time it is named: 2 to the power of 10
        thing = f'<span property="hasPart" typeof="Book" resource="#{level}">'
        inner = f"{thing}{inner}</span>{thing}</span>"
    (node,) = found(f'<div {VOCAB} typeof="Book">{inner}</div>')
    assert json.dumps(node).count('"@type"') == 11
    assert node["hasPart"][1] == {"@id": f"{HOME}#1"}


def test_depth_number_and_length_are_limited(monkeypatch):
    deep = '<span property="hasPart" typeof="Book"><i property="name">x</i>' * (MAX_DEPTH + 5)
    (node,) = found(f'<div {VOCAB} typeof="Book">{deep}</div>')
    assert json.dumps(node).count('"name"') == MAX_DEPTH - 1
    many = '<p typeof="Book"></p>' * (MAX_NODES + 5)
    assert len(found(f"<div {VOCAB}>{many}</div>")) == MAX_NODES
    values = '<i property="keywords">x</i>' * (MAX_VALUES + 5)
    (node,) = found(f'<div {VOCAB} typeof="Book">{values}</div>')
    assert len(node["keywords"]) == MAX_VALUES
    monkeypatch.setattr(microdata, "MAX_TEXT", 100)
    (node,) = found(f'<div {VOCAB} typeof="Book">{"<span property=name>" * 50}{"x" * 60}</div>')
    assert len("".join(node["name"])) <= 120
    monkeypatch.setattr(rdfa, "MAX_ELEMENTS", 6)
    assert len(found(f"<div {VOCAB}>{many}</div>")) == 3
    monkeypatch.undo()
    monkeypatch.setattr(rdfa, "MAX_DECLARATIONS", 3)
    assert len(found(f'<p typeof="Book" {VOCAB}></p>' * 5)) == 3


def test_a_page_that_nests_without_end_is_walked_without_recursion():
    text = f'<div {VOCAB} typeof="Book">' + "<span>" * 50_000
    assert found(text) == [{"@type": "Book"}]
