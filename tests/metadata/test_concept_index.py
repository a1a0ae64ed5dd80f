"""Concepts of loaded vocabularies: what names one, and what is left alone."""

import pytest

from oer.metadata.concept_index import ConceptIndex, Entry, find
from oer.metadata.normalise import normalise
from oer.metadata.resource_metadata import ResourceMetadata, Term
from oer.metadata.vocabularies import Match, Tables, fold

YSO = "http://www.yso.fi/onto/yso/"
WATER, SPRUCE, WINE = f"{YSO}p1", f"{YSO}p2", f"{YSO}p3"


def test_a_known_uri_is_stated():
    assert keyword(Term(raw_id=WATER)) == Term(raw_id=WATER, id=WATER, basis="stated")


@pytest.mark.parametrize(
    "spelling", ["https://www.yso.fi/onto/yso/p1", "http://yso.fi/onto/yso/p1", f" <{WATER}> "]
)
def test_spellings_of_a_uri_are_repaired(spelling):
    found = keyword(Term("vatten", raw_id=spelling, language="fi"))
    assert (found.id, found.basis) == (WATER, "stated")


def test_a_uri_in_the_place_of_a_label_counts():
    assert keyword(Term("https://www.yso.fi/onto/yso/p1")).id == WATER


def test_a_uri_is_compared_exactly():
    assert keyword(Term(raw_id=WATER.upper())).id is None
    assert keyword(Term(raw_id=f"{WATER}1")).id is None


def test_a_label_in_the_language_of_the_keyword_is_mapped():
    found = keyword(Term("Vesi", language="fi"))
    assert found == Term("Vesi", id=WATER, basis="mapped", language="fi")


def test_a_region_makes_no_difference():
    assert keyword(Term("vatten", language="sv-FI")).id == WATER


def test_a_label_of_another_language_is_not():
    assert keyword(Term("vatten", language="fi")).id is None


def test_a_keyword_without_a_language_may_be_in_any():
    assert keyword(Term("vatten")).id == WATER


def test_a_label_that_means_two_things_is_left_alone():
    assert keyword(Term("gran")) == Term("gran")
    assert keyword(Term("gran", language="sv")).id == SPRUCE


def test_a_label_that_two_concepts_of_a_language_share_is_left_alone():
    assert keyword(Term("kuusi", language="fi")).id is None
    assert keyword(Term("kuusi")).id is None


def test_a_label_is_compared_whole():
    assert keyword(Term("vesi ja ilma", language="fi")).id is None


def test_an_unknown_identifier_is_not_replaced_by_what_the_label_means_elsewhere():
    term = Term("vesi", raw_id="http://id.loc.example/authorities/sh1", language="fi")
    assert keyword(term) == term


def test_the_first_vocabulary_that_knows_a_label_decides():
    other = ConceptIndex("other", ["urn:x:1"], [Entry("vesi", "fi", "urn:x:1")])
    kuusi = ConceptIndex("trees", ["urn:x:2"], [Entry("kuusi", "fi", "urn:x:2")])
    assert find([INDEX, other], "vesi", language="fi").id == WATER
    assert find([INDEX, kuusi], "kuusi", language="fi") is None
    assert find([other, INDEX], "vesi", language="fi").rule == "label in other"


def test_a_scheme_that_is_loaded_is_asked_alone():
    other = ConceptIndex("other", ["urn:x:1"], [Entry("vesi", "fi", "urn:x:1")])
    assert find([INDEX, other], "vesi", "Other", language="fi").id == "urn:x:1"
    assert find([INDEX, other], "vatten", "other") is None
    assert find([INDEX, other], "vatten", "LCSH").id == WATER


def test_subjects_get_concepts_too_and_shipped_ones_come_first():
    metadata, _ = normalise(
        ResourceMetadata(about=(Term("vesi", language="fi"), Term("subject:0511"))), TABLES
    )
    assert metadata.about[0].id == WATER
    shipped, _ = normalise(ResourceMetadata(about=(Term("äidinkieli"),)), ALL_IS_WATER)
    assert shipped.about[0].id == "subject:mother-tongue"


def test_the_account_says_what_led_to_the_concept():
    _, changes = normalise(ResourceMetadata(keywords=(Term("vesi", language="fi"),)), TABLES)
    assert [(each.canonical, each.rule, each.basis) for each in changes] == [
        (WATER, "label in yso", "mapped")
    ]


def test_what_came_out_goes_through_unchanged():
    terms = (Term("vesi", language="fi"), Term(raw_id="https://www.yso.fi/onto/yso/p2"))
    once, _ = normalise(ResourceMetadata(keywords=terms, about=terms), TABLES)
    assert normalise(once, TABLES) == (once, ())


def test_what_a_curator_set_stays():
    term = Term("vesi", id=WINE, basis="curated", language="fi")
    assert keyword(term) == term


def test_without_loaded_vocabularies_a_keyword_stays_as_it_is():
    term = Term("vesi", language="fi")
    metadata, _ = normalise(ResourceMetadata(keywords=(term,)))
    assert metadata.keywords == (term,)


def test_rows_laid_over_keep_the_loaded_vocabularies():
    over = TABLES.with_rows([("Flugblatt", "", "type:text")])
    metadata, _ = normalise(ResourceMetadata(keywords=(Term("vesi", language="fi"),)), over)
    assert metadata.keywords[0].id == WATER


INDEX = ConceptIndex(
    "yso",
    [WATER, SPRUCE, WINE],
    [
        Entry(fold(text), language, uri)
        for text, language, uri in (
            ("vesi", "fi", WATER), ("vatten", "sv", WATER), ("kuusi", "fi", SPRUCE),
            ("kuusi", "fi", WINE), ("gran", "sv", SPRUCE), ("Gran", "en", WINE),
        )
    ],
)  # fmt: skip

TABLES = Tables(loaded=lambda *term: find([INDEX], *term))
ALL_IS_WATER = Tables(loaded=lambda *term: Match(WATER, "mapped", "all"))


def keyword(term):
    metadata, _ = normalise(ResourceMetadata(keywords=(term,)), TABLES)
    return metadata.keywords[0]
