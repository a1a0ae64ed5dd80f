"""A keyword that is nothing but the name of a subject means that subject, and no other one does."""

import csv

import pytest

from oer.metadata.normalise import normalise
from oer.metadata.resource_metadata import Alignment, ResourceMetadata, Term
from oer.metadata.subject_names import named
from oer.metadata.vocabularies import DATA, SHIPPED, VOCABULARIES, Match, Tables, concepts, fold

SCHOOL = ("level:grades-7-9",)
HIGHER = ("level:bachelor",)


@pytest.mark.parametrize(
    ("raw", "language", "subject"),
    [
        ("historia", "fi", "history"),
        ("  HISTORIA ", None, "history"),
        ("S2", "fi", "finnish-as-second-language"),
        ("englannin kieli", "fi", "english"),
        ("modersmål och litteratur", "sv-FI", "mother-tongue"),
        ("Sociology", "en", "field-5141"),
        ("Mathematik", "de", "mathematics"),
        ("Biologi", None, "biology"),
        ("Biologi", "sv", "biology"),
        ("Biologi", "fi", None),
        ("historian opetus", "fi", None),
        ("Espanja", "fi", None),
        ("maa", "fi", None),
        ("Religion", "en", None),
        ("Education", "en", None),
        ("", None, None),
        ("historia " * 99, "fi", None),
    ],
)
def test_a_name_counts_whole_and_in_its_own_language(raw, language, subject):
    found = [match.id for match in named(raw, language, (), SHIPPED)]
    assert found == ([f"subject:{subject}"] if subject else [])


@pytest.mark.parametrize(
    ("levels", "subject"),
    [
        (SCHOOL, "mathematics"),
        (("level:pre-primary",), "mathematics"),
        (("level:vocational", "level:professional-development"), "mathematics"),
        (HIGHER, "field-111"),
        ((), None),
        (("level:adult-education",), None),
        ((*SCHOOL, *HIGHER), None),
    ],
)
def test_the_level_tells_a_school_subject_from_a_science_of_the_same_name(levels, subject):
    found = [match.id for match in named("matematiikka", "fi", levels, SHIPPED)]
    assert found == ([f"subject:{subject}"] if subject else [])


def test_a_row_laid_over_decides_alone():
    tables = Tables([("maa", "", "subject:geography"), ("matikka", "", "subject:mathematics")])
    assert named("Maa", "fi", HIGHER, tables) == (
        Match("subject:geography", "mapped", "added row 'maa'"),
    )
    assert [match.id for match in named("matikka", "fi", (), tables)] == ["subject:mathematics"]


def test_every_homonym_is_a_name_that_would_count_without_it_and_says_why():
    labels = (each.labels.values() for each in concepts("subject"))
    names = {fold(text) for texts in labels for text in texts}
    names |= {fold(row.raw) for row in VOCABULARIES["subject"].rows if not row.scheme}
    with (DATA / "subject_homonyms.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert [row for row in rows if fold(row["raw"]) not in names or not row["note"]] == []
    assert len({fold(row["raw"]) for row in rows}) == len(rows)


def test_a_keyword_keeps_its_words_and_gets_the_subject_they_name():
    stated = ResourceMetadata(
        keywords=(Term("fotosynteesi"), Term("matematiikka", language="fi")),
        educational_level=(Term("perusopetus"),),
    )
    after, changes = normalise(stated)
    assert after.keywords == (
        Term("fotosynteesi"),
        Term("matematiikka", "subject:mathematics", "mapped", language="fi"),
    )
    (change,) = (each for each in changes if each.field == "keywords")
    assert (change.raw, change.canonical) == ("matematiikka", "subject:mathematics")
    assert (change.rule, change.basis) == ("name 'matematiikka'", "mapped")
    assert normalise(after) == (after, ())


def test_what_is_stated_to_be_a_subject_is_read_by_its_name_too():
    target = Alignment("educational_subject", Term("kasvatustieteet"))
    after, _ = normalise(ResourceMetadata(about=(Term("Tilastotiede"),), alignment=(target,)))
    assert after.about == (Term("Tilastotiede", "subject:field-112", "mapped"),)
    assert after.alignment[0].target.id == "subject:field-516"


def test_a_subject_of_ours_goes_before_a_loaded_concept():
    tables = Tables(loaded=lambda raw, *_: Match(f"https://x.example/{raw}", "mapped", "label"))
    after, _ = normalise(ResourceMetadata(keywords=(Term("historia"), Term("kuu"))), tables)
    assert [term.id for term in after.keywords] == ["subject:history", "https://x.example/kuu"]
