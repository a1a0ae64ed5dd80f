"""JSON-LD, links for machines, relations, QR codes and tombstones of the resource page."""

import json
from hashlib import sha256

import pytest
from lxml import etree, html
from sqlalchemy import event, select

from oer.formats import jsonld
from oer.metadata import licenses
from oer.metadata.resource_metadata import (
    Agent,
    AgeRange,
    Alignment,
    Checksum,
    Identifier,
    LangString,
    LicenseStatement,
    Material,
    PartialDate,
    Relation,
    Size,
    Term,
    to_json,
)
from oer.models import HarvestedRecord, Link, ResourceKey, ResourceLink
from oer.models.resource import WITHDRAWN, Resource
from oer.services import related
from oer.web import json_ld
from tests.web.conftest import CC_BY, RICH, licensed, metadata

URL = "https://oer.example/r/abcd"


def node(description, ui="en"):
    return json_ld.learning_resource(description, URL, ui)


def test_our_own_reader_understands_what_we_write():
    found = jsonld.read(json_ld.document(RICH, URL, "en").encode())
    assert found.title == RICH.title
    assert found.description == RICH.description
    assert found.landing_page == RICH.landing_page
    assert [term.raw for term in found.language] == ["fi"]
    assert found.creator[0].name == "Aino Esimerkki"
    assert found.creator[0].type == "person"
    assert found.license[0].raw or found.license[0].raw_id
    assert found.materials[0].url == "https://files.example/tasks.pdf"
    assert [date.raw for date in found.issued] == ["2019"]


def test_the_id_is_our_permanent_address_and_the_url_the_providers():
    found = node(RICH)
    assert (found["@type"], found["@id"]) == ("LearningResource", URL)
    assert found["url"] == "https://materials.example/1"
    assert node(metadata())["url"] == URL


def test_a_text_has_the_language_that_is_known_and_no_other():
    assert node(metadata("Vesi", "fi"))["name"] == {"@language": "fi", "@value": "Vesi"}
    assert node(metadata("Vesi", None))["name"] == "Vesi"


def test_an_agent_of_unknown_kind_gets_no_type():
    creator = (Agent("Metsola"), Agent("Aino", "person"))
    assert node(metadata(creator=creator))["creator"] == [
        {"name": "Metsola"},
        {"@type": "Person", "name": "Aino"},
    ]


def test_a_term_is_a_defined_term_in_the_readers_language_or_the_records_own_words():
    level = (Term("päiväkoti", "level:early-childhood", "mapped"), Term("iltaopetus"))
    known, unknown = node(metadata(educational_level=level), "fi")["educationalLevel"]
    assert known["@type"] == "DefinedTerm"
    assert known["@id"].startswith("http")
    assert known["name"] == "Varhaiskasvatus"
    assert unknown == "iltaopetus"


def test_only_a_licence_that_was_understood_is_a_license():
    read = licensed(CC_BY)[0].__class__(raw="CC BY 4.0", kind="license", uri=CC_BY, basis="mapped")
    assert node(metadata(license=(read,)))["license"] == CC_BY
    unread = node(metadata(license=licensed("ask first")))
    assert "license" not in unread
    assert unread["copyrightNotice"] == "ask first"


def test_the_address_of_a_licence_we_do_not_know_is_a_license_all_the_same():
    found = node(metadata(license=licensed("https://example.org/our-licence")))
    assert found["license"] == "https://example.org/our-licence"
    assert "copyrightNotice" not in found


@pytest.mark.parametrize("answer", ["yes", "No", "unknown"])
def test_loms_yes_or_no_is_no_copyright_notice(answer):
    stated = licenses.read_statement(LicenseStatement(answer, element=licenses.LOM_COPYRIGHT))
    found = node(metadata(license=(stated,)))
    assert not {"copyrightNotice", "license"} & found.keys()


def test_to_be_allowed_to_read_is_a_condition_of_access_and_no_licence():
    stated = licenses.read_statement(licensed("open access")[0])
    found = node(metadata(license=(stated,)))
    assert "license" not in found
    assert found["conditionsOfAccess"] == "open access"


def test_a_format_without_a_file_is_a_format_and_no_file():
    found = node(metadata(materials=(Material(media_type="application/pdf", size=Size("1", 1)),)))
    assert "encoding" not in found
    assert found["encodingFormat"] == "application/pdf"


def test_accessibility_uses_the_tokens_of_its_vocabulary():
    features = (Term("", "feature:alternative-text", "stated"), Term("iso teksti"))
    found = node(metadata(accessibility_feature=features, accessibility_hazard=(Term("x"),)))
    assert found["accessibilityFeature"] == ["alternativeText", "iso teksti"]


def test_aims_ages_dates_and_files_have_their_properties():
    found = node(
        metadata(
            alignment=(
                Alignment("teaches", Term("Pythagoras")),
                Alignment("reading_level", Term("A2"), framework="CEFR"),
            ),
            typical_age_range=(AgeRange("13-16", 13, 16), AgeRange("18-", 18)),
            created=(PartialDate("joskus"), PartialDate("2001", "2001")),
            materials=(
                Material(
                    "https://f.example/v.mp4",
                    media_type="video/mp4",
                    size=Size("2 MB", 2_000_000),
                    checksum=Checksum("SHA256", "ab"),
                    embed_url="https://play.example/e/1",
                ),
                Material("javascript:alert(1)"),
            ),
        )
    )
    assert found["teaches"] == "Pythagoras"
    assert found["educationalAlignment"]["alignmentType"] == "readingLevel"
    assert found["typicalAgeRange"] == ["13-16", "18-"]
    assert found["dateCreated"] == "2001"
    assert found["encoding"] == {
        "@type": "MediaObject",
        "contentUrl": "https://f.example/v.mp4",
        "embedUrl": "https://play.example/e/1",
        "encodingFormat": "video/mp4",
        "contentSize": "2000000",
        "sha256": "ab",
    }


def test_relations_become_works_where_schema_org_has_a_word():
    found = node(
        metadata(
            relations=(
                Relation("is_based_on", "https://a.example/1", title=(LangString("Alku", "fi"),)),
                Relation("requires", "https://a.example/2"),
                Relation("has_part", raw="Osa 1"),
                Relation("is_part_of", "javascript:x"),
            )
        )
    )
    assert found["isBasedOn"]["url"] == "https://a.example/1"
    assert found["hasPart"] == {"@type": "CreativeWork", "name": "Osa 1"}
    assert "isPartOf" not in found


# -- on the page -----------------------------------------------------------------------------------


def test_the_page_carries_it_and_no_text_can_end_the_script(client, catalogue):
    hostile = "</script><script>alert(1)</script><!-- \u2028 & ]]>"
    text = client.get(f"/en/r/{catalogue.add(metadata(hostile))}").text
    assert "<script>alert" not in text
    block = text.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert json.loads(block)["name"]["@value"] == hostile


def test_the_page_names_itself_and_its_other_languages(page, catalogue):
    found = page(f"/fi/r/{catalogue.add(RICH)}?list=r0002")
    links = {
        (each.get("rel"), each.get("hreflang")): each.get("href") for each in found.iter("link")
    }
    assert links["canonical", None] == "http://localhost/fi/r/r0001"
    assert links["alternate", "sv"] == "http://localhost/sv/r/r0001"
    assert links["alternate", "x-default"] == "http://localhost/r/r0001"
    shared = {each.get("property"): each.get("content") for each in found.iter("meta")}
    assert shared["og:title"] == "Fotosynteesi"
    assert shared["og:url"] == "http://localhost/r/r0001"
    assert shared["og:locale"] == "fi_FI"
    others = found.xpath("//meta[@property='og:locale:alternate']/@content")
    assert others == ["en_GB", "sv_FI"]
    assert found.xpath("//meta[@name='twitter:card']/@content") == ["summary"]


def test_the_permanent_address_is_its_own_canonical(page, catalogue):
    found = page(f"/r/{catalogue.add(RICH)}")
    assert found.xpath("//link[@rel='canonical']/@href") == ["http://localhost/r/r0001"]


def test_the_qr_code_is_an_svg_of_our_own(client, catalogue):
    address = catalogue.add(RICH)
    response = client.get(f"/r/{address}/qr.svg")
    assert response.mimetype == "image/svg+xml"
    assert etree.fromstring(response.data).tag == "{http://www.w3.org/2000/svg}svg"
    assert client.get("/r/nothing/qr.svg").status_code == 404
    other = client.get(f"/r/{catalogue.add(RICH)}/qr.svg")
    assert other.data != response.data


def test_a_player_elsewhere_is_a_link_and_never_a_frame(page, catalogue):
    video = Material("https://v.example/1", embed_url="https://play.example/e/1")
    found = page(f"/en/r/{catalogue.add(metadata(materials=(video,)))}")
    assert [a.get("href") for a in found.xpath("//p[@class='play']/a")] == [
        "https://play.example/e/1"
    ]
    assert not found.xpath("//iframe|//video|//embed|//object")


@pytest.mark.parametrize("how", ["key", "record", "link"])
def test_a_relation_leads_to_the_resource_of_ours_that_it_means(page, catalogue, how):
    related = metadata("Osa kaksi")
    target = catalogue.add(related)
    with catalogue.sessions.begin() as session:
        id_ = session.scalar(select(Resource.id).where(Resource.address == target))
        if how == "key":
            session.add(ResourceKey(resource_id=id_, key="url:m.example/two"))
        elif how == "record":
            session.scalars(select(HarvestedRecord)).one().identifier = "oai:m.example:two"
        else:
            url = "https://m.example/two"
            digest = sha256(url.encode()).hexdigest()
            link = Link(url=url, url_sha256=digest, host="m.example")
            session.add(link)
            session.flush()
            session.add(ResourceLink(resource_id=id_, link_id=link.id, role="landing_page"))
    stated = Relation(
        "has_part",
        "https://m.example/two",
        (Identifier("oai:m.example:two", "oai"),),
        (LangString("Part two", "en"),),
    )
    found = page(f"/en/r/{catalogue.add(metadata('Osa yksi', relations=(stated,)))}")
    assert found.xpath("//dt[.='Contains']/../dd/a/@href") == [f"/en/r/{target}"]
    assert found.xpath("//dt[.='Contains']/../dd/a/text()") == ["Osa kaksi"]


def test_a_relation_we_do_not_hold_keeps_its_own_address(page, catalogue):
    stated = Relation("has_part", "https://m.example/two")
    found = page(f"/en/r/{catalogue.add(metadata(relations=(stated,)))}")
    assert found.xpath("//dt[.='Contains']/../dd/a/@href") == ["https://m.example/two"]


def test_many_relations_cost_one_query(client, catalogue):
    few = catalogue.add(metadata(relations=relations(1)))
    many = catalogue.add(metadata(relations=relations(90)))
    assert queries(client, catalogue, many) == queries(client, catalogue, few)


def test_every_database_finds_the_related_resource(sessions, now):
    stated = Relation("has_part", "https://m.example/two")
    with sessions.begin() as session:
        one, two = (
            Resource(
                address=address,
                metadata_json=to_json(metadata(relations=(stated,))),
                created_at=now,
                datestamp=now,
            )
            for address in ("one", "two")
        )
        session.add_all((one, two))
        session.flush()
        session.add(ResourceKey(resource_id=two.id, key="url:m.example/two"))
        session.flush()
        known = related.held(session, one, [stated])
    assert related.target_of(stated, known).address == "two"


def test_copies_at_other_providers_are_named_with_their_own_page(page, catalogue):
    kept = catalogue.add(RICH)
    catalogue.add_copy(metadata(landing_page="https://other.example/9"), kept)
    found = page(f"/en/r/{kept}")
    assert found.xpath("//section[@aria-labelledby='copies']//a/@href") == [
        "https://other.example/9"
    ]
    assert "Toinen" in found.xpath("string(//section[@aria-labelledby='copies'])")


@pytest.mark.parametrize(
    ("successor", "href"),
    [
        ("r0001", "/r/r0001"),
        ("https://new.example/1", "https://new.example/1"),
        ("javascript:alert(1)", None),
        (None, None),
    ],
)
def test_a_tombstone_says_where_to_go_instead(client, catalogue, successor, href):
    catalogue.add(RICH)
    gone = catalogue.add(metadata("Vanha"), status=WITHDRAWN, successor=successor)
    response = client.get(f"/en/r/{gone}")
    assert response.status_code == 410
    found = html.document_fromstring(response.data)
    assert found.xpath("//p[contains(., 'See instead')]//a/@href") == ([href] if href else [])


def relations(count):
    return tuple(Relation("has_part", f"https://m.example/{number}") for number in range(count))


def queries(client, catalogue, address):
    seen = []
    engine = catalogue.sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    client.get(f"/en/r/{address}")
    return len(seen)
