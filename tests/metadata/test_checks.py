"""Checks: what is missing, odd or contradictory, as codes."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings

from oer.metadata.checks import CHECKS, WEIGHTS, Finding, check, completeness
from oer.metadata.normalise import normalise
from oer.metadata.resource_metadata import (
    Agent,
    Identifier,
    LangString,
    LicenseStatement,
    Material,
    PartialDate,
    ResourceMetadata,
    Term,
)
from tests.metadata_strategies import descriptions

GOOD_TITLE = (LangString("Fractions: an introduction", "en"),)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_complete_description_has_no_findings() -> None:
    assert check(GOOD, NOW) == ()


@pytest.mark.parametrize(
    ("changed", "code", "severity"),
    [
        ({"title": ()}, "no-title", "error"),
        ({"landing_page": None, "identifiers": ()}, "no-link", "error"),
        ({"description": ()}, "no-description", "warning"),
        ({"license": ()}, "no-license", "warning"),
        ({"license": (LicenseStatement("Some rights apply"),)}, "unknown-license", "warning"),
        ({"license": (LicenseStatement("All rights reserved"),)}, "not-open", "warning"),
        ({"license": (LicenseStatement("CC BY-ND 4.0"),)}, "not-open", "warning"),
        ({"learning_resource_type": ()}, "no-type", "info"),
        ({"learning_resource_type": (Term("stable"),)}, "unknown-type", "info"),
        ({"educational_level": ()}, "no-level", "info"),
        ({"language": ()}, "no-language", "info"),
        ({"language": (Term("GE"),)}, "unknown-language", "info"),
        ({"description": GOOD_TITLE}, "description-is-title", "info"),
        ({"landing_page": "http://localhost/1"}, "private-address", "error"),
        ({"materials": (Material("http://10.0.0.1/a"),)}, "private-address", "error"),
        ({"created": (PartialDate("2027"),)}, "date-in-the-future", "warning"),
        ({"valid_until": (PartialDate("2025"),)}, "expired", "warning"),
        ({"title": (LangString("https://a.example 040 123 4567"),)}, "looks-like-spam", "warning"),
        ({"title": (LangString("Buy now $$$"),)}, "looks-like-spam", "warning"),
        ({"description": (LangString("go http://a.example " * 6),)}, "looks-like-spam", "warning"),
    ],
)  # fmt: skip
def test_a_fault_is_found_and_nothing_else(changed: dict, code: str, severity: str) -> None:  # type: ignore[type-arg]
    found = check(_good(**changed), NOW)
    assert [(f.code, f.severity) for f in found] == [(code, severity)]


def test_an_address_that_is_none_of_the_web_is_found() -> None:
    metadata = msgspec.structs.replace(GOOD, landing_page="ftp://example.org/1")
    assert [f.code for f in check(metadata, NOW)] == ["not-a-web-address"]


def test_licences_that_contradict_each_other_are_found() -> None:
    both = (LicenseStatement("CC BY 4.0"), LicenseStatement("All rights reserved"))
    assert "contradictory-license" in _codes(license=both)


def test_an_unknown_licence_is_not_called_closed() -> None:
    assert "not-open" not in _codes(license=(LicenseStatement("Some rights apply"),))


def test_a_material_without_landing_page_is_a_link() -> None:
    found = _codes(landing_page=None, materials=(Material("https://files.example/a.pdf"),))
    assert "no-link" not in found


def test_one_text_under_several_languages_is_found() -> None:
    text = "A text that is long enough to differ"
    copied = (LangString(text, "fi"), LangString(text, "sv"))
    assert "same-text-in-several-languages" in _codes(description=copied)


def test_a_short_name_may_be_the_same_in_all_languages() -> None:
    assert "same-text-in-several-languages" not in _codes(
        title=(LangString("Python", "fi"), LangString("Python", "sv"))
    )
    text = "A text that is long enough to differ"
    variants = (LangString(text, "en-GB"), LangString(text, "en-US"))
    assert "same-text-in-several-languages" not in _codes(description=variants)


@pytest.mark.parametrize(
    ("created", "modified", "found"),
    [
        ("2020", "2019", True),
        ("2020-05-01", "2020-04-01", True),
        ("2020-05-01", "2020", False),
        ("2020-05", "2020-05-01", False),
        ("2020-05-01T00:00:00Z", "2020-04-30", False),
    ],
)
def test_changed_before_it_was_made_counts_beyond_the_precision_of_the_dates(
    created: str, modified: str, found: bool
) -> None:
    codes = _codes(created=(PartialDate(created),), modified=(PartialDate(modified),))
    assert ("modified-before-created" in codes) is found


@pytest.mark.parametrize(
    "raw", ["2026", "2026-03-01", "2026-03-02", "2026-03-01T12:00:00Z", "someday"]
)
def test_a_date_that_may_be_today_is_not_in_the_future(raw: str) -> None:
    assert "date-in-the-future" not in _codes(issued=(PartialDate(raw),))


def test_what_never_expires_has_not_expired() -> None:
    assert "expired" not in _codes(valid_until=(PartialDate("9999-01-01"),))
    assert "expired" not in _codes(valid_until=(PartialDate("2026"),))


@pytest.mark.parametrize(
    ("hazards", "evidence"),
    [
        (("none", "flashing"), "flashing"),
        (("flashing", "noFlashingHazard"), "flashing"),
        (("none", "noFlashingHazard"), None),
        (("unknown",), None),
        (("flashing", "sound"), None),
    ],
)
def test_hazards_that_cannot_both_hold_are_found(
    hazards: tuple[str, ...], evidence: str | None
) -> None:
    metadata = _good(accessibility_hazard=tuple(Term(h) for h in hazards))
    found = [f.evidence for f in check(metadata, NOW) if f.code == "contradictory-hazards"]
    assert found == ([evidence] if evidence else [])


@pytest.mark.parametrize("title", ["haplos.info", "7. luokka", "3.14159", "Web 2.0 and you", "C++"])
def test_odd_but_honest_titles_are_no_spam(title: str) -> None:
    assert "looks-like-spam" not in _codes(title=(LangString(title),))


def test_completeness_is_one_for_all_and_nought_for_nothing() -> None:
    assert completeness(ResourceMetadata()).score == 0
    full = completeness(GOOD)
    assert full.score == 1
    assert all(part.present for part in full.parts)


def test_completeness_names_what_is_missing_by_its_weight() -> None:
    found = completeness(_good(license=()))
    missing = [part for part in found.parts if not part.present]
    assert [part.name for part in missing] == ["license"]
    assert found.score == pytest.approx(1 - missing[0].weight / 100)


def test_the_weights_add_up_to_a_hundred() -> None:
    assert sum(weight for _, weight, _ in WEIGHTS) == 100


def test_every_check_says_what_it_looks_for() -> None:
    assert all(one.__doc__ for one in CHECKS)


@settings(max_examples=40, deadline=None)
@given(descriptions)
def test_no_description_is_too_odd_to_be_checked(metadata: ResourceMetadata) -> None:
    for version in (metadata, normalise(metadata)[0]):
        assert all(isinstance(found, Finding) for found in check(version, NOW))
        assert 0 <= completeness(version).score <= 1


GOOD = normalise(
    ResourceMetadata(
        title=GOOD_TITLE,
        description=(LangString("What halves and thirds are, with exercises.", "en"),),
        language=(Term("en"),),
        learning_resource_type=(Term("text"),),
        educational_level=(Term("", "level:basic-education", "stated"),),
        keywords=(Term("fractions"),),
        audience=(Term("teacher"),),
        creator=(Agent("Aino Esimerkki"),),
        issued=(PartialDate("2024-05"),),
        license=(LicenseStatement("https://creativecommons.org/licenses/by/4.0/"),),
        access_mode=(Term("textual"),),
        identifiers=(Identifier("https://repository.example/1"),),
    )
)[0]


def _good(**changed: object) -> ResourceMetadata:
    """The good description with these elements in place of its own."""
    return normalise(msgspec.structs.replace(GOOD, **changed))[0]


def _codes(**changed: object) -> list[str]:
    return [found.code for found in check(_good(**changed), NOW)]


def test_a_title_without_end_is_judged_by_its_beginning_in_no_time() -> None:
    import time

    began = time.perf_counter()
    for text in ("a-" * 500_000, "a" * 1_000_000, "www." * 200_000):
        check(ResourceMetadata(title=(LangString(text),)), NOW)
    # Quadratic patterns took minutes; a busy machine may take a second or two.
    assert time.perf_counter() - began < 10
