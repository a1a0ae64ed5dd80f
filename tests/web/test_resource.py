"""The page of a resource: what it is, what one may do with it, where it comes from."""

import json

import pytest
from sqlalchemy import select

from oer.errors import SearchIndexError
from oer.metadata.licenses import LOM_COPYRIGHT
from oer.metadata.likeness import identifier_keys
from oer.metadata.resource_metadata import (
    Agent,
    AgeRange,
    Alignment,
    Duration,
    Flag,
    Identifier,
    LangString,
    LicenseStatement,
    Material,
    PartialDate,
    Relation,
    Size,
    Term,
)
from oer.models import Resource, ResourceKey, ResourceRelation, Source
from oer.services import related
from oer.web import present
from tests.web.conftest import CC_BY, RICH, licensed, metadata


@pytest.fixture
def show(page, catalogue):
    """The page of a resource with this description."""

    def shown(description, ui="en", **columns):
        return page(f"/{ui}/r/{catalogue.add(description, **columns)}")

    return shown


def facts(found):
    """What stands under each heading of the page's lists."""
    return {
        div.findtext("dt"): [
            " ".join(value.text_content().split())
            for value in (div.findall("dd/ul[@class='inline']/li") or div.findall("dd"))
        ]
        for div in found.findall(".//dl/div")
    }


def strip(found):
    return [
        " ".join(s.text_content().split())
        for s in found.findall(".//ul[@class='strip full']//summary")
    ]


def hrefs(found):
    return [a.get("href") for a in found.iter("a")]


def test_the_material_opens_from_its_landing_page(show):
    found = show(RICH)
    button = found.find(".//aside//a[@class='button']")
    assert button.get("href") == "https://materials.example/1"
    assert "noopener" in button.get("rel")
    assert "on materials.example" in found.xpath("string(.//aside)")


def test_without_a_landing_page_the_first_file_opens(show):
    found = show(metadata(materials=(Material("https://files.example/a.pdf"),)))
    assert found.find(".//aside//a[@class='button']").get("href") == "https://files.example/a.pdf"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html,x",
        "vbscript:x", "file:///etc/passwd", "//evil.example/", "http://", "https:evil", "http://[bad",
        "java\nscript:alert(1)", "https://a.example/\n<script>",
    ],
)  # fmt: skip
def test_only_web_addresses_are_linked(show, url):
    found = show(
        metadata(
            landing_page=url,
            materials=(Material(url, (LangString("Tehtävät", "fi"),)),),
            relations=(Relation("relation", url),),
            alignment=(Alignment("teaches", Term("Tavoite"), target_url=url),),
            identifiers=(Identifier(url, "url"),),
            license=licensed(url),
            creator=(Agent("Aino", identifiers=(Identifier(url, "url"),)),),
        )
    )
    assert url not in hrefs(found)
    assert all(href.startswith(("/", "#", "http://localhost/")) for href in hrefs(found))
    assert "The provider gives no web address" in found.text_content()


def test_the_reuse_strip_explains_each_word_and_names_the_licence_last(show):
    found = show(RICH)
    assert strip(found) == [
        "You may adapt it", "You may share it", "Credit the author", "Commercial use too",
    ]  # fmt: skip
    licence = found.find(".//aside//a[@href]/..[@class='licence']/a")
    assert (licence.text, licence.get("href")) == ("CC BY 4.0", CC_BY)
    assert "license" in licence.get("rel").split()
    panel = found.find(".//aside").text_content()
    assert panel.index("Credit the author") < panel.index("CC BY 4.0")


def test_no_derivatives_and_no_commerce_are_said(show):
    found = show(metadata(license=licensed("https://creativecommons.org/licenses/by-nc-nd/4.0/")))
    assert strip(found) == [
        "You may not adapt it", "You may share it", "Credit the author", "Not for commercial use",
    ]  # fmt: skip


def test_share_alike_is_a_condition(show):
    found = show(metadata(license=licensed("https://creativecommons.org/licenses/by-sa/4.0/")))
    assert "Share adaptations alike" in strip(found)


def test_an_unstated_licence_sends_to_the_author(show):
    assert strip(show(metadata())) == ["Licence not stated: ask the author before reuse"]


@pytest.mark.parametrize("raw", ["open access", "https://example.org/our-licence", "see below"])
def test_what_is_stated_is_never_called_not_stated(show, raw):
    found = show(metadata(license=licensed(raw)))
    assert strip(found) == ["Licence unclear: read the terms first"]
    assert raw in found.xpath("string(//aside//blockquote)")


def test_a_licence_of_an_address_we_do_not_know_can_be_read_there(show):
    found = show(metadata(license=licensed("https://example.org/our-licence")))
    assert found.xpath("//aside//blockquote/a/@href") == ["https://example.org/our-licence"]


@pytest.mark.parametrize("raw", ["not specified", "–"])
def test_a_word_that_says_nothing_is_no_statement(show, raw):
    found = show(metadata(license=licensed(raw)))
    assert strip(found) == ["Licence not stated: ask the author before reuse"]


def test_the_licence_of_the_metadata_is_not_shown_as_that_of_the_material(show):
    about_metadata = LicenseStatement("Metadata: CC0", scope="metadata")
    found = show(metadata(license=(about_metadata,)))
    assert strip(found) == ["Licence not stated: ask the author before reuse"]
    assert found.find(".//aside//blockquote") is None


def test_loms_no_is_told_as_the_answer_to_its_question(show):
    found = show(metadata(license=(LicenseStatement("no", element=LOM_COPYRIGHT),)))
    told = found.findtext(".//aside//blockquote")
    assert told == "Copyright or other restrictions: no"


def test_all_rights_reserved_is_not_an_unknown_licence(show):
    assert strip(show(metadata(license=licensed("All rights reserved")))) == [
        "All rights reserved: ask before reuse"
    ]


def test_an_unclear_licence_is_shown_in_the_providers_own_words(show):
    found = show(metadata(license=licensed("Creative Commons <4.0>, see the leaflet")))
    assert found.findtext(".//aside//blockquote") == "Creative Commons <4.0>, see the leaflet"
    assert "Licence as the provider states it" in found.text_content()


def test_a_licence_without_version_gets_none(show):
    found = show(metadata(license=licensed("CC BY")))
    assert "CC BY" in found.find(".//p[@class='licence']").text_content()
    assert "4.0" not in found.text_content()


def test_a_credit_line_is_ready_to_copy_where_sharing_is_allowed(show):
    line, *folded = show(RICH, "sv").findall(".//aside//code[@lang]")
    assert line.getparent().get("class") == "credit-line"
    assert [each.get("lang") for each in folded[:2]] == ["sv", "sv"]
    assert {each.get("lang") for each in folded[2:]} == {"en", "fi"}
    for text in (line.text_content(), folded[0].text, folded[1].text):
        assert "Aino Esimerkki" in text
        assert CC_BY in text
        assert "https://materials.example/1" in text
    assert [line.text_content()[0], folded[0].text[0], folded[1].text[0]] == ["”", "<", "["]


def test_credit_lines_are_written_in_each_language(show):
    texts = {}
    for code in show(RICH).findall(".//aside//code[@lang]"):
        texts.setdefault(code.get("lang"), code.text_content())
    assert "is licensed under" in texts["en"]
    assert "lisenssi:" in texts["fi"]
    assert "licens:" in texts["sv"]


def test_names_stand_apart_in_the_credit_line_so_that_none_turns_it_around(show):
    described = metadata(
        "عنوان", "ar", creator=(Agent("ליאת"), Agent("A. (1) Aho")), license=licensed()
    )
    line = show(described).find(".//div[@class='credit-line']/code")
    assert [bdi.text for bdi in line.findall("bdi")] == ["عنوان", "ליאת", "A. (1) Aho"]
    assert "عنوان" in line.text_content()


@pytest.mark.parametrize(
    ("license", "ui", "deed"),
    [
        (CC_BY, "fi", f"{CC_BY}deed.fi"),
        (CC_BY, "sv", f"{CC_BY}deed.sv"),
        (
            "https://creativecommons.org/licenses/by-sa/3.0/de/",
            "en",
            "https://creativecommons.org/licenses/by-sa/3.0/de/deed.en",
        ),
        (
            "https://creativecommons.org/publicdomain/zero/1.0/",
            "fi",
            "https://creativecommons.org/publicdomain/zero/1.0/deed.fi",
        ),
        ("MIT", "en", None),
        ("CC BY", "en", None),
    ],
)
def test_the_short_words_of_a_licence_are_linked_in_the_readers_language(show, license, ui, deed):
    links = show(metadata(license=licensed(license)), ui).findall(".//p[@class='licence']/a")
    assert [a.get("href") for a in links if "deed" in a.get("href")] == ([deed] if deed else [])
    assert all("license" not in a.get("rel") for a in links if "deed" in a.get("href"))


@pytest.mark.parametrize(
    ("license", "unknown"),
    [
        ("http://rightsstatements.org/vocab/InC-NC/1.0/", ["share", "change", "named"]),
        ("http://rightsstatements.org/vocab/NoC-NC/1.0/", ["named", "under which licence"]),
        ("https://creativecommons.org/licenses/by-nc-nd/4.0/", []),
        (CC_BY, []),
        ("All rights reserved", []),
        ("open access", []),
    ],
)
def test_what_is_not_known_of_a_licence_is_said_beside_what_is(show, license, unknown):
    told = not_told(show(metadata(license=licensed(license))))
    assert len(told) == len(unknown)
    assert all(word in text for word, text in zip(unknown, told, strict=True))


def not_told(found):
    return [li.text for li in found.xpath("//ul[contains(@class, 'not-told')]/li")]


def test_there_is_no_credit_line_for_what_may_not_be_shared(show):
    for raw in ("All rights reserved", "open access"):
        assert show(metadata(license=licensed(raw))).find(".//div[@class='credit-line']") is None


def test_a_credit_line_never_leads_to_an_address_that_is_no_web_address(show):
    found = show(metadata(license=licensed(), landing_page="javascript:alert(1)"))
    lines = [code.text_content() for code in found.findall(".//aside//code[@lang]")]
    assert len(lines) == 9
    assert all("http://localhost/r/r0001" in line and "javascript" not in line for line in lines)


def test_dates_keep_their_precision(show):
    found = show(
        metadata(
            created=(PartialDate("2001", "2001", "stated"),),
            issued=(PartialDate("2019-05", "2019-05", "stated"),),
            modified=(PartialDate("2024-03-05", "2024-03-05", "stated"),),
            valid_until=(PartialDate("toistaiseksi"),),
        ),
        ui="fi",
    )
    told = facts(found)
    assert told["Tehty"] == ["2001"]
    assert told["Julkaistu"] == ["toukokuu 2019"]
    assert told["Päivitetty"] == ["5. maaliskuuta 2024"]
    assert told["Voimassa asti"] == ["toistaiseksi"]


def test_times_ages_and_sizes_are_written_out(show):
    found = show(
        metadata(
            time_required=(Duration("PT1H30M", "PT1H30M", "stated"),),
            typical_age_range=(
                AgeRange("13-16", 13, 16),
                AgeRange("18-", 18),
                AgeRange("-6", None, 6),
            ),
            materials=(Material("https://f.example/x", size=Size("2400000", 2_400_000)),),
        ),
        ui="fi",
    )
    assert facts(found)["Tarvittava aika"] == ["1 tunti 30 minuuttia"]
    assert facts(found)["Ikä"] == ["13–16 vuotta", "18 vuotta täyttäneet", "enintään 6 vuotta"]
    assert "2,4 Mt" in found.find(".//ul[@class='files']").text_content()


def test_a_person_is_linked_by_orcid(show):
    assert "https://orcid.org/0000-0002-1825-0097" in hrefs(show(RICH))


def test_each_description_keeps_its_language(show):
    found = show(
        metadata(description=(LangString("Kuvaus", "fi"), LangString("?"), LangString("وصف", "ar")))
    )
    described = found.xpath("//div[@class='description']")
    assert [(d.get("lang"), d.get("dir")) for d in described] == [
        ("fi", None), ("ar", "rtl"), ("", "auto"),
    ]  # fmt: skip


MULTILINGUAL = metadata().__class__(
    title=(LangString("Water", "en"), LangString("Vatten", "sv"), LangString("Vesi", "fi")),
    alternative=(LangString("Kiertokulku", "fi"),),
    description=(LangString("About water.", "en"), LangString("Vedestä.", "fi")),
)


def test_the_readers_language_comes_first_and_the_others_are_folded_under_their_names(show):
    found = show(MULTILINGUAL, "fi")
    assert found.findtext(".//h1") == "Vesi"
    assert [p.text for p in found.findall(".//header/p[@class='other-title']")] == ["Kiertokulku"]
    shown = found.xpath("//div[@class='resource-words']/div[@class='description']")
    assert [" ".join(each.text_content().split()) for each in shown] == ["Vedestä."]
    english, swedish = found.xpath("//*[contains(@class, 'rendition')]")
    assert " ".join(english.find("summary").text_content().split()) == "Englanti: Water"
    assert english.get("open") is None
    assert "About water." in english.text_content()
    # A title alone is nothing to fold.
    assert " ".join(swedish.text_content().split()) == "Ruotsi: Vatten"
    assert swedish.find("span").get("lang") == "sv"


def test_what_the_record_has_in_one_language_is_not_folded(show):
    assert not show(RICH).xpath("//details[contains(@class, 'rendition')]")


def test_a_term_nobody_understood_is_shown_as_it_was_given(show):
    found = show(metadata(learning_resource_type=(Term("tehtäväpankki", language="fi"),)))
    assert facts(found)["Type"] == ["tehtäväpankki"]
    assert found.find(".//dl/div/dd/span").get("lang") == "fi"


def test_keywords_lead_to_a_search(show):
    assert "/en/search?q=kasvit" in hrefs(show(RICH))


def test_the_origin_is_told(show):
    told = facts(show(RICH))
    assert told["Source"] == ["Metsälä"]
    assert told["Its identifier there"] == ["oai:m.example:1"]
    assert told["Described at the source"] == ["3 February 2026"]
    assert told["Fetched from the source"] == ["1 March 2026"]
    assert told["Permanent address"] == ["http://localhost/r/r0001"]


def test_the_full_metadata_holds_every_value_with_its_raw_form_and_basis(show):
    rows = [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in show(RICH).findall(".//table//tbody/tr")
    ]
    assert ["educationalLevel", "level:general-upper-secondary", "lukio", "by our tables"] in rows
    assert ["issued", "2019", "2019", "as the record states it"] in rows
    assert ["landingPage", "https://materials.example/1", "", ""] in rows
    assert any(row[0] == "creator" and "orcid" in row[1] for row in rows)


def test_what_normalisation_changed_is_listed(show):
    change = {
        "field": "language",
        "raw": "<Finnish>",
        "canonical": "fi",
        "rule": "label",
        "basis": "mapped",
    }
    found = show(RICH, audit=json.dumps([change]))
    rows = [[cell.text_content() for cell in row] for row in found.findall(".//tbody/tr")]
    assert ["language", "<Finnish>", "fi", "label", "by our tables"] in rows
    assert "1 value was put in order" in found.text_content()


@pytest.mark.parametrize("audit", ["", "not json", "{}", "[1]", None])
def test_an_unreadable_audit_hides_nothing_else(show, audit):
    assert show(RICH, audit=audit).findtext(".//h1") == "Fotosynteesi"


def test_free_of_charge_is_said_only_where_it_is_stated(show):
    assert (
        "Free of charge"
        in show(metadata(is_accessible_for_free=(Flag("yes", True),))).text_content()
    )
    assert "Free of charge" not in show(metadata()).text_content()


def test_an_almost_empty_description_still_makes_a_page(show):
    bare = metadata().__class__()
    found = show(bare)
    assert found.findtext(".//h1") == "Untitled material"
    assert "The provider has not described this material." in found.text_content()


def test_materials_alike_are_named_with_what_decides_about_them(show, catalogue):
    about = {
        "description": (LangString("Klorofylli sitoo hiilidioksidia.", "fi"),),
        "keywords": (Term("fotosynteesi"),),
    }
    for title in ("Ensimmäinen", "Toinen"):
        catalogue.add(metadata(title, license=licensed(), **about))
    unlike(catalogue)
    found = show(metadata("Kolmas", **about))
    section = found.find(".//section[@aria-labelledby='alike']")
    assert {a.text for a in section.findall(".//h3/a")} == {"Ensimmäinen", "Toinen"}
    assert "You may adapt it" in section.text_content()


def unlike(catalogue):
    """Others, since a word that half the catalogue has tells nothing."""
    for number in range(16):
        catalogue.add(metadata(f"Muuta {number}", description=()))


def test_what_is_among_the_relations_is_not_shown_as_alike_too(page, catalogue):
    about = {"keywords": (Term("fotosynteesi"), Term("klorofylli")), "description": ()}
    part = Relation("has_part", identifiers=(Identifier("oai:m.example:1", "oai"),))
    first = catalogue.add(metadata("Osa", **about))
    catalogue.add(metadata("Muu", **about))
    unlike(catalogue)
    whole = catalogue.add(metadata("Kokonaisuus", relations=(part,), **about))
    found = page(f"/en/r/{whole}")
    alike = found.find(".//section[@aria-labelledby='alike']")
    assert [a.text for a in alike.findall(".//h3/a")] == ["Muu"]
    assert f"/en/r/{first}" in hrefs(found.find(".//section[@aria-labelledby='relations']"))


def test_an_index_out_of_order_leaves_only_that_section_out(show, catalogue, monkeypatch, caplog):
    def broken(id_, limit=6):
        raise SearchIndexError("The index is gone.")

    catalogue.add(RICH)
    monkeypatch.setattr(catalogue.index, "more_like", broken)
    found = show(RICH)
    assert found.findtext(".//h1") == "Fotosynteesi"
    assert found.find(".//section[@aria-labelledby='alike']") is None
    assert "The index is gone." in caplog.text


def test_a_thumbnail_is_named_for_others_and_never_loaded_by_our_page(show):
    shown = show(metadata(thumbnail="https://files.example/small.png"))
    assert shown.xpath("//meta[@property='og:image']/@content") == [
        "https://files.example/small.png"
    ]
    assert all(src.startswith("/") for src in shown.xpath("//img/@src"))
    for unsafe in ("http://files.example/small.png", "https://10.0.0.1/a.png", "javascript:x"):
        assert not show(metadata(thumbnail=unsafe)).xpath("//meta[@property='og:image']")


def test_the_card_to_copy_holds_a_title_of_any_characters(show):
    from lxml import html

    title = 'x" onload="alert(1)"><script>&amp;</script>'
    code = show(metadata(title)).xpath("//code[contains(., '<iframe')]")[0].text
    frame = html.fragment_fromstring(code)
    assert frame.get("title") == title
    assert set(frame.keys()) == {"src", "title", "width", "height", "loading", "style"}
    assert len(frame) == 0


def test_the_panel_begins_with_what_one_came_for(show):
    panel = show(RICH).find(".//aside")
    parts = [
        panel.find(".//a[@class='button']"),
        panel.find(".//ul[@class='strip full']"),
        panel.find(".//a[@data-add]"),
        panel.find(".//div[@class='credit-line']"),
        panel.find(".//ul[@class='files']"),
        panel.xpath(".//details[summary[contains(., 'QR code')]]")[0],
        panel.xpath(".//a[contains(., 'Report a problem')]")[0],
    ]
    everything = list(panel.iter())
    places = [everything.index(part) for part in parts]
    assert places == sorted(places)
    assert not panel.xpath("./preceding::*[@class='resource-words']")


@pytest.mark.parametrize(
    ("count", "seen", "folded"), [(6, 6, None), (7, 6, "1 more"), (60, 6, "54 more")]
)
def test_many_files_are_folded(show, count, seen, folded):
    files = tuple(Material(f"https://f.example/{number}.pdf") for number in range(count))
    panel = show(metadata(materials=files)).find(".//aside")
    assert len(panel.xpath("./ul[@class='files']/li")) == seen
    assert len(panel.xpath(".//ul[@class='files']/li")) == count
    assert panel.xpath("string(./details[contains(@class, 'more')]/summary)") == (folded or "")


def test_a_format_that_a_record_tells_of_is_a_fact_and_no_file(show):
    formats = (
        Material(media_type="application/pdf", size=Size("2400000", 2_400_000)),
        Material(raw_media_type="vihko"),
    )
    found = show(metadata(materials=(*formats, Material("https://f.example/a.odt"))))
    assert facts(found)["Format"] == ["PDF", "vihko"]
    assert facts(found)["Size of the files"] == ["2.4 MB"]
    assert [li.findtext("a") for li in found.xpath("//ul[@class='files']/li")] == ["a.odt"]


def test_the_page_of_a_material_is_not_listed_among_its_files_once_more(show):
    page = "https://f.example/kurs/02"
    only = Material(page, media_type="text/html", size=Size("", 2_400_000))
    found = show(metadata(landing_page=page, materials=(only,)))
    assert found.find(".//ul[@class='files']") is None
    assert facts(found)["Format"] == ["Web page"]
    assert facts(found)["Size of the files"] == ["2.4 MB"]
    named = Material(page, (LangString("Tehtävät", "fi"),))
    for several in ((only, Material("https://f.example/b.pdf")), (named,)):
        listed = show(metadata(landing_page=page, materials=several))
        assert len(listed.xpath("//ul[@class='files']/li")) == len(several)


@pytest.mark.parametrize(
    ("url", "told", "said"),
    [
        ("https://f.example/kasikirja-fi.pdf", None, "PDF"),
        ("https://f.example/KUVA.JPG?x=1", "application/octet-stream", "Image"),
        ("https://f.example/a.pdf", "text/html", "Web page"),
        ("https://f.example/a.docx", None, "Word"),
        ("https://f.example/a", None, None),
    ],
)
def test_a_file_whose_type_is_not_told_has_that_of_its_ending(show, url, told, said):
    found = show(metadata(materials=(Material(url, media_type=told),)))
    details = found.xpath("//ul[@class='files']/li/ul[@class='meta']/li/text()")
    assert details == [each for each in (said, "f.example") if each]


def test_many_authors_are_named_in_full_once(show):
    people = tuple(Agent(f"Tekijä {number}") for number in range(45))
    found = show(metadata(creator=people))
    by = found.xpath("string(//p[@class='by'])")
    assert " ".join(by.split()) == "Tekijä 0, Tekijä 1, Tekijä 2 and 42 others"
    assert found.xpath("//p[@class='by']/a/@href") == ["#people"]
    named = found.find(".//section[@aria-labelledby='people']//dl/div")
    assert len(named.findall("dd")) == 11
    assert named.findtext("dd/details/summary") == "35 more"
    assert len(named.findall("dd/details//li")) == 35


def test_four_authors_are_all_named(show):
    found = show(metadata(creator=tuple(map(Agent, "ABCD"))))
    assert " ".join(found.xpath("string(//p[@class='by'])").split()) == "A, B, C, D"


def test_the_code_for_the_classroom_has_a_page_of_its_own(page, catalogue, client):
    address = catalogue.add(metadata("عنوان", "ar"))
    (link,) = set(page(f"/sv/r/{address}").xpath("//aside//a[contains(@href, '/qr')]/@href"))
    found = page(link)
    assert (found.findtext(".//h1"), found.find(".//h1").get("dir")) == ("عنوان", "rtl")
    assert found.xpath("//img/@src") == [f"/r/{address}/qr.svg"]
    assert found.xpath("string(//p[@class='address'])") == f"localhost/r/{address}"
    assert "Set-Cookie" not in client.get(link).headers
    gone = catalogue.add(RICH, status="withdrawn")
    assert client.get(f"/sv/r/{gone}/qr").status_code == 404


# Related works -----------------------------------------------------------------------------------


@pytest.fixture
def speaks(catalogue):
    """Add a resource whose relations can be found from the other side."""

    def added(title, *relations, **elements):
        description = metadata(title, relations=relations, **elements)
        address = catalogue.add(description)
        with catalogue.sessions.begin() as session:
            resource = session.scalar(select(Resource).where(Resource.address == address))
            rows = related.rows(resource.id, resource.source_id, description)
            session.add_all(ResourceRelation(**row) for row in rows)
            keys = identifier_keys(description)
            session.add_all(ResourceKey(resource_id=resource.id, key=key) for key in keys)
        return address

    return added


HERE = "https://m.example/course/1"


def linked(found, section):
    return {
        div.findtext("dt"): [dd.text_content().strip() for dd in div.findall("dd")]
        for div in found.findall(f".//section[@aria-labelledby='{section}']//dl/div")
    }


def test_works_that_say_they_come_from_this_one_are_named(show, speaks):
    speaks("Muokkaus", Relation("is_based_on", HERE))
    speaks("Översättning", Relation("translation_of", HERE))
    speaks("Osa", Relation("is_part_of", HERE))
    told = linked(show(metadata(landing_page=HERE)), "relations")
    assert told == {
        "Contains": ["Osa"],
        "Adapted from it": ["Muokkaus"],
        "Translations": ["Översättning"],
    }


def test_what_both_sides_say_is_said_once(show, speaks):
    part = speaks("Osa", Relation("is_part_of", HERE))
    own = Relation("has_part", raw="oai:m.example:1", title=(LangString("Part", "en"),))
    found = show(metadata(landing_page=HERE, relations=(own, Relation("has_part", raw="Muu"))))
    assert linked(found, "relations") == {"Contains": ["Osa", "Muu"]}
    assert f"/en/r/{part}" in hrefs(found)


def test_versions_stand_in_their_order_and_the_newer_one_at_the_top(show, speaks):
    newer = speaks("Uusi", Relation("replaces", HERE))
    for year in ("2015", "2018"):
        speaks(
            f"Vuonna {year}",
            Relation("is_version_of", HERE),
            issued=(PartialDate(year, year, "stated"),),
        )
    older = Relation("replaces", title=(LangString("Vanha", "fi"),))
    found = show(metadata(landing_page=HERE, version="2.1", relations=(older,)))
    assert list(linked(found, "versions").items()) == [
        ("Newer version", ["Uusi"]),
        ("This version", ["2.1"]),
        ("Earlier version", ["Vanha"]),
        ("Other versions", ["Vuonna 2018", "Vuonna 2015"]),
    ]
    notice = found.find(".//header[@class='resource-head']/p[@class='notice newer']")
    assert notice.find(".//a").get("href") == f"/en/r/{newer}"


@pytest.fixture
def version(speaks):
    """Add a version that says what it replaces."""

    def added(number, *replaced):
        stated = (Relation("replaces", f"https://m.example/v/{each}") for each in replaced)
        return speaks(f"V{number}", *stated, landing_page=f"https://m.example/v/{number}")

    return added


def test_the_notice_leads_to_the_newest_of_all_versions(page, version):
    first, second, third = version(1), version(2, 1), version(3, 2)
    found = page(f"/en/r/{first}")
    assert found.xpath("//p[@class='notice newer']//a/@href") == [f"/en/r/{third}"]
    assert linked(found, "versions") == {"Newer version": ["V3", "V2"]}
    assert page(f"/en/r/{third}").find(".//p[@class='notice newer']") is None
    assert page(f"/en/r/{second}").xpath("//p[@class='notice newer']//a/@href") == [
        f"/en/r/{third}"
    ]


def test_versions_that_replace_each_other_are_other_versions_of_each_other(page, version):
    one, two = version(1, 2), version(2, 1)
    for address, other in ((one, "V2"), (two, "V1")):
        found = page(f"/en/r/{address}")
        assert found.find(".//p[@class='notice newer']") is None
        assert linked(found, "versions") == {"Other versions": [other]}


def test_what_leads_back_to_itself_is_not_shown(show):
    itself = (Relation("is_replaced_by", HERE), Relation("relation", raw="oai:m.example:1"))
    found = show(metadata(landing_page=HERE, relations=itself))
    assert found.find(".//section[@aria-labelledby='versions']") is None
    assert found.find(".//section[@aria-labelledby='relations']") is None


def test_nobody_else_puts_a_newer_version_at_the_top(show, speaks, catalogue):
    address = speaks("Väite", Relation("replaces", HERE))
    with catalogue.sessions.begin() as session:
        other = Source(
            slug="muu", name="Muu", base_url="https://o.example/", created_at=catalogue.now
        )
        session.add(other)
        session.flush()
        session.scalar(select(Resource).where(Resource.address == address)).source_id = other.id
    found = show(metadata(landing_page=HERE))
    assert linked(found, "versions") == {"Other versions": ["Väite"]}
    assert found.find(".//p[@class='notice newer']") is None


def test_a_newer_version_that_is_not_ours_is_no_reason_to_send_readers_away(show):
    newer = Relation("is_replaced_by", "https://m.example/2")
    found = show(metadata(relations=(newer,)))
    assert linked(found, "versions") == {"Newer version": ["https://m.example/2"]}
    assert found.find(".//p[@class='notice newer']") is None


def test_a_version_number_alone_makes_no_section_of_versions(show):
    found = show(metadata(version="2.1"))
    assert linked(found, "versions") == {}
    assert facts(found)["Version"] == ["2.1"]


@pytest.mark.parametrize("removed", [False, True])
def test_a_result_knows_the_page_of_its_source(app, catalogue, now, removed):
    address = catalogue.add(RICH)
    with app.test_request_context("/en/"), catalogue.sessions.begin() as session:
        resource = session.scalar(select(Resource).where(Resource.address == address))
        source = session.get(Source, resource.source_id)
        source.removed_at = now if removed else None
        found = present.result(resource, "en", {source.id: source})
    assert (found.source, found.source_slug) == ("Metsälä", None if removed else "metsala")
