"""What a curator types becomes a value of the pivot, or a refusal with a way out."""

import pytest

from oer.errors import UsageError
from oer.metadata.field_values import ELEMENTS, example, field_name, parse, parse_json
from oer.metadata.licenses import verdict
from oer.metadata.normalise import normalise
from oer.metadata.resource_metadata import Agent, LangString, ResourceMetadata, Term

CC_BY = "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize("typed", [CC_BY, "CC BY 4.0", "cc-by 4.0"])
def test_a_licence_is_typed_as_its_address_or_its_name(typed):
    (statement,) = parse("license", typed)
    assert (statement.uri, statement.family, statement.basis) == (CC_BY, "cc-by", "curated")
    assert verdict((statement,)).uri == CC_BY


def test_a_licence_without_version_gets_none():
    (statement,) = parse("license", "CC BY")
    assert (statement.uri, statement.family) == (None, "cc-by")


@pytest.mark.parametrize("typed", ["free to use", "open access", "CC BY 4.0. No derivatives.", "?"])
def test_words_that_name_no_one_licence_are_refused(typed):
    refused(lambda: parse("license", typed), "licence", CC_BY)


@pytest.mark.parametrize(
    ("field", "typed", "ids"),
    [
        ("learning_resource_type", "type:video", ["type:video"]),
        ("learning_resource_type", "Video", ["type:video"]),
        ("educational_level", "level:upper-secondary", ["level:upper-secondary"]),
        ("educational_level", "lukio; level:primary", None),
        ("language", "fi; sv; suomi", ["fi", "sv"]),
        ("about", "subject:biology", ["subject:biology"]),
        ("about", "https://vocabulary.example/c1", ["https://vocabulary.example/c1"]),
    ],
)
def test_concepts_are_typed_as_id_or_label_several_with_semicolons(field, typed, ids):
    terms = parse(field, typed)
    assert ids is None or [term.id for term in terms] == ids
    assert {term.basis for term in terms} == {"curated"}


def test_an_unknown_concept_is_refused_with_the_nearest_ones():
    refused(lambda: parse("learning_resource_type", "vidoe"), "'vidoe'", "type:video")
    refused(lambda: parse("educational_level", "level:upper-secondry"), "level:upper-secondary")
    refused(lambda: parse("learning_resource_type", "video; vidoe"), "'vidoe'")


@pytest.mark.parametrize(
    ("field", "typed", "attribute", "canonical"),
    [
        ("issued", "31.5.2024", "value", "2024-05-31"),
        ("issued", "2024", "value", "2024"),
        ("time_required", "45 min", "value", "PT45M"),
        ("typical_age_range", "7-9", "maximum", 9),
        ("is_accessible_for_free", "yes", "value", True),
    ],
)
def test_dates_durations_ages_and_flags_are_read(field, typed, attribute, canonical):
    (value,) = parse(field, typed)
    assert (getattr(value, attribute), value.basis, value.raw) == (canonical, "curated", typed)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("issued", "soon"),
        ("time_required", "long"),
        ("typical_age_range", "old"),
        ("is_accessible_for_free", "perhaps"),
        ("language", "klingonish"),
        ("landing_page", "javascript:alert(1)"),
        ("thumbnail", "not an address"),
        ("creator", "someone@example.org"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_its_name(field, typed):
    refused(lambda: parse(field, typed), typed)


def test_a_text_in_one_language_leaves_the_others_standing():
    present = (LangString("Vatten", "sv"), LangString("Vesl", "fi"), LangString("Water", "en"))
    assert parse("title", "Vesi", language="fi", present=present) == (
        LangString("Vatten", "sv"),
        LangString("Vesi", "fi"),
        LangString("Water", "en"),
    )
    assert parse("title", "Vesi", present=present) == (LangString("Vesi"),)
    assert parse("title", "", language="fi", present=present) == (present[0], present[2])


def test_a_text_in_one_language_takes_the_place_of_one_in_an_unknown_language():
    present = (LangString("Vesl"), LangString("Water", "en"))
    assert parse("title", "Vesi", language="fi", present=present) == (
        LangString("Vesi", "fi"),
        LangString("Water", "en"),
    )


def test_a_semicolon_in_a_text_is_part_of_it():
    assert parse("title", "Vesi; ja jää") == (LangString("Vesi; ja jää"),)


def test_keywords_are_free_and_carry_their_language():
    assert parse("keywords", "vesi; kiertokulku;", language="fi") == (
        Term("vesi", language="fi"),
        Term("kiertokulku", language="fi"),
    )


def test_people_are_typed_as_names():
    assert parse("creator", "Aino Esimerkki; Esimerkin koulu") == (
        Agent("Aino Esimerkki"),
        Agent("Esimerkin koulu"),
    )


@pytest.mark.parametrize(("field", "empty"), [("title", ()), ("landing_page", None)])
def test_nothing_empties_an_element(field, empty):
    assert parse(field, "  ") == empty


def test_language_is_refused_where_values_have_none():
    refused(lambda: parse("license", CC_BY, language="fi"), "--language")
    refused(lambda: parse("title", "Vesi", language="Klingonish"), "'Klingonish'")


def test_elements_with_parts_ask_for_json():
    refused(lambda: parse("materials", "https://x.example/a.pdf"), "--json-value")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("educationalLevel", "educational_level"),
        ("educational-level", "educational_level"),
        ("Title", "title"),
    ],
)
def test_a_field_is_known_in_every_spelling_of_its_name(field, typed):
    assert field_name(field) == typed


def test_an_unknown_field_is_refused_with_the_nearest():
    refused(lambda: field_name("licence"), "'licence'", "license")
    refused(lambda: field_name("records"), "No field 'records'")


def test_json_gives_what_cannot_be_typed():
    (material,) = parse_json("materials", '[{"url": "https://x.example/a.pdf"}]')
    assert material.url == "https://x.example/a.pdf"
    (statement,) = parse_json("license", f'[{{"uri": "{CC_BY}"}}]')
    assert (statement.family, statement.basis) == ("cc-by", "curated")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("materials", "{"),
        ("materials", '{"url": "https://x.example/"}'),
        ("materials", '[{"url": "javascript:alert(1)"}]'),
        ("landing_page", '"javascript:alert(1)"'),
        ("license", '[{"uri": "javascript:alert(1)", "basis": "curated"}]'),
        ("license", f'[{{"raw": "free", "uri": "{CC_BY}"}}]'),
        ("about", '[{"id": "javascript:alert(1)", "basis": "curated"}]'),
        ("educational_level", '[{"id": "level:none-such"}]'),
        ("access_mode_sufficient", '[[{"id": "mode:smell"}]]'),
        ("issued", '[{"raw": "x", "value": "yesterday", "basis": "curated"}]'),
    ],
)
def test_json_that_is_wrong_or_could_do_harm_is_refused(field, typed):
    with pytest.raises(UsageError, match=r"[Ss]uch as|Near"):
        parse_json(field, typed)


@pytest.mark.parametrize("field", sorted(ELEMENTS))
def test_every_field_has_an_example_that_can_be_pasted(field):
    shown = example(field).partition("  (")[0].removesuffix(" --language fi").strip("\"'")
    if "…" in shown:
        return
    if shown.startswith("--json-value"):
        assert parse_json(field, shown.removeprefix("--json-value").strip(" '"))
    else:
        assert parse(field, shown)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("license", "CC BY"),
        ("title", "Vesi"),
        ("educational_level", "lukio"),
        ("issued", "31.5.2024"),
        ("creator", "Aino Esimerkki"),
    ],
)
def test_a_curated_value_goes_through_normalisation_unchanged(field, typed):
    metadata = ResourceMetadata(**{field: parse(field, typed)})
    assert normalise(metadata) == (metadata, ())


def refused(call, *said):
    with pytest.raises(UsageError) as refusal:
        call()
    for each in said:
        assert each in str(refusal.value)
