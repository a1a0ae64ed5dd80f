"""Languages in records, and the tags they become."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oer.metadata.languages import DATA, display_name, read_language, read_languages


@pytest.mark.parametrize(
    ("raw", "tag"),
    [
        ("en", "en"), (" EN ", "en"), ("eng", "en"), ("English", "en"), ("Engels", "en"),
        ("englanti", "en"), ("English|Englisch", "en"), ("en-US", "en-US"), ("en_US", "en-US"),
        ("en_UK", "en-GB"), ("ger", "de"), ("deu", "de"), ("saksa", "de"), ("tyska", "de"),
        ("Duits", "de"), ("de_DE", "de-DE"), ("fre", "fr"), ("französisch", "fr"),
        ("fra-CA", "fr-CA"), ("suomi", "fi"), ("finska", "fi"), ("Finnish", "fi"), ("swe", "sv"),
        ("ruotsi", "sv"), ("svenska", "sv"), ("la", "la"), ("LAT", "la"), ("chi", "zh"),
        ("cmn", "zh"), ("chi-trad", "zh-Hant"), ("chi-simp", "zh-Hans"), ("中文", "zh"),
        ("sr-latn-rs", "sr-Latn-RS"), ("fa_IL", "fa-IL"), ("es-419", "es-419"), ("iw", "he"),
        ("se", "se"), ("davvisámegiella", "se"), ("smn", "smn"), ("sms", "sms"), ("ssf", "ssf"),
        ("Occitan (post 1500)", "oc"), ("ca-valencia", "ca-valencia"), ("kieli_fi", "fi"),
        ("http://id.loc.gov/vocabulary/iso639-1/de", "de"),
        ("http://id.loc.gov/vocabulary/iso639-2/ger", "de"),
        ("http://lexvo.org/id/iso639-3/fin", "fi"),
        ("http://publications.europa.eu/resource/authority/language/SWE", "sv"),
    ],
)  # fmt: skip
def test_a_language_is_recognised_in_many_spellings(raw: str, tag: str) -> None:
    assert read_language(raw) == tag


@pytest.mark.parametrize(
    "raw",
    ["", " ", "x-none", "none", "und", "mis", "unk", "unknown", "other", "xx", "N/A", "0", "GE",
     "Finish", "en-foo", "x-mt-de", "is this a language?", "http://example.org/en", "e" * 200],
)  # fmt: skip
def test_what_names_no_language_gives_none(raw: str) -> None:
    assert read_language(raw) is None
    assert read_languages(raw) == ()


def test_norwegian_is_not_narrowed_to_bokmal() -> None:
    assert read_language("no") == "no"
    assert read_language("no_NO") == "no-NO"
    assert read_language("nob") == "nb"


def test_several_languages_and_no_language_are_statements() -> None:
    assert read_language("mul") == read_language("Mehrsprachig") == "mul"
    assert read_language("zxx") == "zxx"


def test_one_field_may_name_several_languages() -> None:
    assert read_languages("fi; sv") == ("fi", "sv")
    assert read_languages("en fr") == ("en", "fr")
    assert read_languages("suomi ja ruotsi") == ("fi", "sv")
    assert read_language("fi; sv") is None


def test_a_list_with_something_unknown_in_it_is_not_believed() -> None:
    assert read_languages("fi; klingonese") == ()


def test_languages_are_named_in_the_language_of_the_reader() -> None:
    assert display_name("fi", "sv") == "finska"
    assert display_name("sv", "fi") == "ruotsi"
    assert display_name("en-NL", "fi") == "englanti (Alankomaat)"
    assert display_name("ssf", "fi") == "Thao"
    assert display_name("qq", "fi") == "qq"


def test_languages_of_finland_are_named_though_cldr_has_no_name_for_them() -> None:
    assert display_name("fse", "fi") == "suomalainen viittomakieli"
    assert display_name("fss", "sv") == "finlandssvenskt teckenspråk"
    assert display_name("fse", "en") == "Finnish Sign Language"
    assert read_language("suomalainen viittomakieli") == "fse"
    assert read_language("finskt teckenspråk") == "fse"


def test_a_name_in_an_unknown_interface_language_falls_back_to_english() -> None:
    assert display_name("fi", "xx-klingon") == "Finnish"


def test_no_code_and_no_name_in_the_table_means_two_languages() -> None:
    seen: dict[str, str] = {}
    for row in _rows():
        for key in (row["tag"], *row["codes"].split(), *filter(None, row["names"].split("|"))):
            assert seen.setdefault(f"{key.casefold()}", row["tag"]) == row["tag"] or len(key) < 4


def test_every_tag_reads_as_itself_but_for_codes_that_records_use_for_unknown() -> None:
    unread = {row["tag"] for row in _rows() if read_language(row["tag"]) != row["tag"]}
    assert unread == {"all", "any", "muu", "na", "nil", "not", "unk"}


@given(st.text(max_size=30))
def test_reading_a_tag_again_changes_nothing(raw: str) -> None:
    for tag in read_languages(raw):
        assert read_language(tag) == tag


def _rows() -> list[dict[str, str]]:
    with DATA.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))
