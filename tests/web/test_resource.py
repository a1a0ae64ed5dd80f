"""The page of a resource: what it is, what one may do with it, where it comes from."""

import json

import pytest

from oer.metadata.resource_metadata import (
    Agent,
    AgeRange,
    Alignment,
    Duration,
    Flag,
    Identifier,
    LangString,
    Material,
    PartialDate,
    Relation,
    Size,
    Term,
)
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
        div.findtext("dt"): [" ".join(dd.text_content().split()) for dd in div.findall("dd")]
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
    button = show(RICH).find(".//aside//a[@class='button']")
    assert button.get("href") == "https://materials.example/1"
    assert "noopener" in button.get("rel")
    assert "materials.example" in button.getparent().text_content()


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


def test_open_access_alone_permits_no_reuse(show):
    found = show(metadata(license=licensed("open access")))
    assert strip(found) == ["Licence not stated: ask the author before reuse"]


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
    lines = [code.text for code in show(RICH).findall(".//details[@class='credits']//code")]
    assert len(lines) == 3
    assert all("Aino Esimerkki" in line and CC_BY in line for line in lines)
    assert all("https://materials.example/1" in line for line in lines)


def test_there_is_no_credit_line_for_what_may_not_be_shared(show):
    for raw in ("All rights reserved", "open access"):
        assert show(metadata(license=licensed(raw))).find(".//details[@class='credits']") is None


def test_a_credit_line_never_leads_to_an_address_that_is_no_web_address(show):
    found = show(metadata(license=licensed(), landing_page="javascript:alert(1)"))
    lines = [code.text for code in found.findall(".//details[@class='credits']//code")]
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
    described = found.findall(".//div[@class='description']")
    assert [(d.get("lang"), d.get("dir")) for d in described] == [
        ("fi", None), ("", "auto"), ("ar", "rtl"),
    ]  # fmt: skip


def test_a_term_nobody_understood_is_shown_as_it_was_given(show):
    found = show(metadata(learning_resource_type=(Term("tehtäväpankki", language="fi"),)))
    assert facts(found)["Type"] == ["tehtäväpankki"]
    assert found.find(".//dl/div/dd/span").get("lang") == "fi"


def test_keywords_lead_to_a_search(show):
    assert "/en/search?q=kasvit" in hrefs(show(RICH))


def test_the_origin_is_told(show):
    told = facts(show(RICH))
    assert told["Source"] == ["Metsälä"]
    assert told["Its name there"] == ["oai:m.example:1"]
    assert told["Described there"] == ["February 3, 2026"]
    assert told["Fetched from there"] == ["March 1, 2026"]
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
