"""Facet values of descriptions: each row an element in, codes out, and nothing more."""

import pytest

from oer.metadata.media import MEDIA_KINDS, kind_of
from oer.metadata.resource_metadata import (
    Agent,
    AgeRange,
    Alignment,
    Caption,
    Duration,
    Flag,
    LicenseStatement,
    Material,
    PartialDate,
    ResourceMetadata,
    Term,
)
from oer.metadata.vocabularies import get
from oer.search.facet_values import _READERS, facet_values, minutes
from oer.search.index import FACETS

CC = "https://creativecommons.org/"


def values(facet: str, **elements) -> tuple[str, ...]:
    return facet_values(ResourceMetadata(**elements), None).get(facet, ())


def test_every_facet_has_a_reader_and_no_reader_lacks_a_facet() -> None:
    assert {*_READERS, "source"} == set(FACETS)


def test_what_says_nothing_has_no_values() -> None:
    assert facet_values(ResourceMetadata(), None) == {}
    assert facet_values(ResourceMetadata(), "koski") == {"source": ("koski",)}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("licenses/by/4.0/", ("share", "adapt", "commercial")),
        ("licenses/by-nc-sa/4.0/", ("share", "adapt")),
        ("licenses/by-nd/4.0/", ("share", "commercial")),
        ("publicdomain/zero/1.0/", ("share", "adapt", "commercial", "no-attribution")),
        ("licenses/by-xx/9.9/", ()),
    ],
)
def test_permissions_are_what_the_licence_grants(statement: str, expected) -> None:
    stated = (LicenseStatement(raw=CC + statement),)
    assert values("permission", license=stated) == expected


@pytest.mark.parametrize("raw", ["", "All rights reserved", "open access", "public domain", "free"])
def test_no_permission_is_made_of_words_that_grant_none(raw: str) -> None:
    assert values("permission", license=(LicenseStatement(raw=raw),)) == ()


@pytest.mark.parametrize(
    ("ages", "expected"),
    [
        (AgeRange("7-9", 7, 9), ("7-9",)),
        (AgeRange("7-12", 7, 12), ("7-9", "10-12")),
        (AgeRange("9-10", 9, 10), ("7-9", "10-12")),
        (AgeRange("16-", 16), ("16-18", "19-")),
        (AgeRange("-6", None, 6), ("0-6",)),
        (AgeRange("18-99", 18, 99), ("16-18", "19-")),
        (AgeRange("kaikki"), ()),
    ],
)
def test_an_age_range_is_in_every_group_it_touches(ages: AgeRange, expected) -> None:
    assert values("age", typical_age_range=(ages,)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("PT5M", ("15",)),
        ("PT15M", ("15",)),
        ("PT16M", ("45",)),
        ("PT45M", ("45",)),
        ("PT1H", ("90",)),
        ("PT1H30M", ("90",)),
        ("PT1H31M", ("more",)),
        ("P2D", ("more",)),
        ("PT30S", ("15",)),
        ("P1M", ()),
        ("P1Y", ()),
        (None, ()),
    ],
)
def test_time_needed_is_in_one_group(value: str | None, expected) -> None:
    assert values("duration", time_required=(Duration("raw", value),)) == expected


def test_weeks_and_fractions_are_minutes() -> None:
    assert minutes("P1W") == 7 * 24 * 60
    assert minutes("PT0.5H") == 30


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"issued": (PartialDate("2019", "2019"),)}, ("2019",)),
        ({"issued": (PartialDate("2019-05", "2019-05"), PartialDate("x"))}, ("2019",)),
        ({"date": (PartialDate("2018", "2018"),)}, ("2018",)),
        ({"date": (PartialDate("2018", "2018"), PartialDate("2018-02", "2018-02"))}, ("2018",)),
        ({"date": (PartialDate("2018", "2018"), PartialDate("2020", "2020"))}, ()),
        ({"created": (PartialDate("2001", "2001"),)}, ()),
    ],
)
def test_the_year_is_that_of_publication_or_of_the_only_date(elements, expected) -> None:
    assert values("year", **elements) == expected


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"is_accessible_for_free": (Flag("yes", True),)}, ("free",)),
        ({"is_accessible_for_free": (Flag("no", False), Flag("yes", True))}, ("not-free",)),
        ({"is_accessible_for_free": (Flag("ehkä"),)}, ()),
        ({"conditions_of_access": (Term("x", "access:login", "mapped"),)}, ("access:login",)),
        ({"access_rights": (Term("open", "access:open", "mapped"),)}, ("access:open",)),
    ],
)
def test_access_is_what_is_stated(elements, expected) -> None:
    assert values("access", **elements) == expected


def test_subjects_come_from_every_place_that_names_them_with_their_wider_ones() -> None:
    child = "subject:isced-f-011"
    wider = get(child).broader
    assert values("subject", about=(Term(id=child, basis="stated"),)) == (child, wider)
    aligned = (Alignment("educational_subject", Term(id=child, basis="mapped")),)
    assert values("subject", alignment=aligned) == (child, wider)
    assert values("subject", alignment=(Alignment("teaches", Term(id=child)),)) == ()
    assert values("subject", keywords=(Term("http", "http://www.yso.fi/onto/yso/p1"),)) == ()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("captions", ("feature:captions",)), ("subtitles", ("feature:captions",)), ("chapters", ())],
)
def test_a_caption_file_states_captions(kind: str, expected) -> None:
    film = Material(
        "https://v.example/1", captions=(Caption("https://v.example/1.vtt", kind=kind),)
    )
    assert values("accessibility", materials=(film,)) == expected


def test_media_kinds_are_of_all_materials_once() -> None:
    types = ("application/pdf", "application/msword", "video/mp4", "application/octet-stream", None)
    assert values("media", materials=tuple(Material(media_type=each) for each in types)) == (
        "document",
        "video",
    )


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [("text/html", "web-page"), ("image/x-new", "image"), ("text/x-new", None), ("font/ttf", None)],
)
def test_a_kind_is_told_where_the_type_tells_it(media_type: str, kind: str | None) -> None:
    assert kind_of(media_type) == kind
    assert kind is None or kind in MEDIA_KINDS


def test_organisations_are_named_as_such_or_publish() -> None:
    elements = {
        "creator": (
            Agent("Aino Esimerkki", "person", affiliation=("Koski  koulu",)),
            Agent("Metsälä", "organization"),
            Agent("Kuka lie"),
        ),
        "publisher": (Agent("Kustantamo"), Agent("Onni Keksitty", "person")),
    }
    assert values("organisation", **elements) == ("Kustantamo", "Koski koulu", "Metsälä")
    assert values("author", **elements) == ("Aino Esimerkki", "Metsälä", "Kuka lie")
