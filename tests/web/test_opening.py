"""What there is to press first: a living address of the material, in the reader's language."""

from datetime import timedelta
from hashlib import sha256

import pytest

from oer.metadata.resource_metadata import Identifier, LangString, Material, Relation, Term
from oer.models import Link, Source
from tests.web.conftest import RICH, licensed, metadata

PAGE, EN, FI = "https://m.example/7", "https://m.example/7/en.pdf", "https://m.example/7/fi.pdf"


def file(url, *languages, **elements):
    return Material(url, language=tuple(Term(tag, tag, "stated") for tag in languages), **elements)


@pytest.mark.parametrize(
    ("described", "opened"),
    [
        ({"landing_page": PAGE, "materials": (file(EN),)}, PAGE),
        ({"materials": (file(EN), file(FI))}, EN),
        # One of the files stands for the page, and the page is named as an identifier.
        (
            {
                "landing_page": EN,
                "materials": (file(EN), file(FI)),
                "identifiers": (Identifier(PAGE, "url"),),
            },
            PAGE,
        ),
        ({"landing_page": EN, "materials": (file(EN), file(FI))}, EN),
        ({"landing_page": EN, "materials": (file(EN, "en"), file(FI, "fi"))}, FI),
        ({"landing_page": PAGE, "materials": (file(EN, "en"), file(FI, "fi", "se"))}, FI),
        # Several files in Finnish are parts, not versions.
        (
            {
                "landing_page": PAGE,
                "materials": (file(EN, "fi"), file(FI, "fi"), file(f"{PAGE}/x", "sv")),
            },
            PAGE,
        ),
        ({"landing_page": PAGE, "materials": (file(FI, "fi"), file(EN))}, PAGE),
    ],
)
def test_what_a_finnish_reader_opens(page, catalogue, described, opened):
    found = page(f"/fi/r/{catalogue.add(metadata(**described))}")
    assert found.xpath("//aside//a[@class='button']/@href") == [opened]


# In somebody's own network ------------------------------------------------------------------------

PRIVATE = "http://localhost:8080/admin"


@pytest.mark.parametrize(
    "url", [PRIVATE, "http://192.168.1.1/", "https://intranet/x", "http://files.local/a.pdf"]
)
def test_what_lies_in_a_private_network_is_neither_opened_nor_offered(page, catalogue, url):
    described = metadata(
        landing_page=url,
        materials=(file(url, captions=()), Material(url, (LangString("Tehtävät", "fi"),))),
        relations=(Relation("is_part_of", url, title=(LangString("Kurssi", "fi"),)),),
        identifiers=(Identifier(url, "url"),),
        license=licensed(),
        thumbnail=url,
    )
    found = page(f"/en/r/{catalogue.add(described)}")
    assert not found.xpath("//aside//a[@class='button']")
    assert url not in found.xpath("//@href") + found.xpath("//meta/@content")
    assert url not in found.xpath("string(//script[@type='application/ld+json'])")
    assert "works only inside its own network" in found.text_content()
    assert all(url not in code.text_content() for code in found.findall(".//code[@data-copy]"))
    assert url in found.xpath("string(//section[@class='full-metadata'])")


def test_a_public_address_is_opened_before_a_private_one(page, catalogue):
    described = metadata(landing_page=PRIVATE, materials=(file(EN),))
    found = page(f"/en/r/{catalogue.add(described)}")
    assert found.xpath("//aside//a[@class='button']/@href") == [EN]


def test_a_source_in_our_own_network_may_lead_there(page, catalogue):
    with catalogue.sessions.begin() as session:
        session.get_one(Source, catalogue.source_id).internal = True
    found = page(f"/en/r/{catalogue.add(metadata(landing_page=PRIVATE))}")
    assert found.xpath("//aside//a[@class='button']/@href") == [PRIVATE]


# What the link checker found ----------------------------------------------------------------------


@pytest.fixture
def visited(catalogue, now):
    """Let the link checker have been at an address."""

    def visited(url, state, **columns):
        with catalogue.sessions.begin() as session:
            digest = sha256(url.encode()).hexdigest()
            known = {"checked_at": now - timedelta(days=1)} | columns
            session.add(Link(url=url, url_sha256=digest, host="m.example", state=state, **known))

    return visited


@pytest.mark.parametrize(
    ("state", "moved", "said"),
    [
        ("alive", False, "The link worked on 28 February 2026"),
        ("alive", True, "It has moved, and the link leads on (28 February 2026)"),
        ("failing", False, "No answer when we last tried (28 February 2026)"),
        ("doubtful", False, "We could not check this link (28 February 2026)"),
        ("refused", False, "We could not check this link (28 February 2026)"),
        ("unchecked", False, ""),
    ],
)
def test_what_was_found_is_said_modestly(page, catalogue, visited, state, moved, said):
    visited(RICH.landing_page, state, moved_permanently=moved)
    found = page(f"/en/r/{catalogue.add(RICH)}")
    assert found.xpath("string(//aside/p[@class='found'])").strip() == said
    assert found.xpath("//aside//a[@class='button']/@href") == [RICH.landing_page]


def test_a_dead_page_gives_way_to_a_file_that_is_not(page, catalogue, visited, now):
    visited(PAGE, "dead", first_failed_at=now - timedelta(days=9))
    described = metadata(landing_page=PAGE, materials=(file(EN), file(FI)))
    visited(EN, "dead")
    found = page(f"/en/r/{catalogue.add(described)}")
    assert found.xpath("//aside//a[@class='button']/@href") == [FI]
    notice = found.find(".//div[@class='gone']")
    assert "This link has not worked since 20 February 2026" in notice.text_content()
    assert notice.xpath(".//a/@href") == [PAGE]


def test_where_all_is_dead_nothing_is_the_loudest_thing(page, catalogue, visited):
    visited(PAGE, "dead")
    found = page(f"/en/r/{catalogue.add(metadata(landing_page=PAGE))}")
    assert not found.xpath("//aside//a[@class='button']")
    assert found.xpath("//div[@class='gone']//a/@href") == [PAGE]
    assert "gives no web address" not in found.text_content()


@pytest.mark.parametrize(
    ("copy_page", "state", "offered"),
    [
        ("https://other.example/9", None, True),
        ("https://other.example/9", "alive", True),
        ("https://other.example/9", "dead", False),
        ("http://10.0.0.7/9", None, False),
        (None, None, False),
    ],
)
def test_a_living_copy_stands_beside_the_notice_of_a_dead_page(
    page, catalogue, visited, copy_page, state, offered
):
    visited(PAGE, "dead")
    if state:
        visited(copy_page, state)
    kept = catalogue.add(metadata(landing_page=PAGE))
    catalogue.add_copy(metadata(landing_page=copy_page), kept)
    found = page(f"/en/r/{kept}")
    buttons = found.xpath("//aside//a[@class='button']")
    assert [each.get("href") for each in buttons] == ([copy_page] if offered else [])
    assert all("Open the copy at Toinen" in each.text_content() for each in buttons)


def test_a_dead_file_is_said_where_it_would_be_pressed(page, catalogue, visited):
    visited(EN, "dead")
    visited(FI, "alive")
    described = metadata(landing_page=PAGE, materials=(file(EN), file(FI)))
    first, second = page(f"/en/r/{catalogue.add(described)}").xpath("//ul[@class='files']/li")
    assert "has not worked since" in first.text_content()
    assert not second.xpath(".//p[@class='found']")
