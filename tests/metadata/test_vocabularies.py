"""The vocabularies: complete, consistent, and in the order a school knows."""

import csv
import re
from collections import Counter

import pytest

from oer.metadata import vocabularies
from oer.metadata.vocabularies import (
    DATA,
    IDENTIFIED_ONLY,
    LANGUAGES,
    VOCABULARIES,
    Concept,
    Vocabulary,
    broader,
    concepts,
    fold,
    get,
    label,
    narrower,
)
from tests.shared_data import shared_data

NAMES = sorted(VOCABULARIES)
COLUMNS = ["code", "broader", "fi", "sv", "en", "uri", "exact_matches", "notes"]
EVERY = [concept for name in NAMES for concept in concepts(name)]


def test_the_vocabularies_of_the_metadata_profile_are_there():
    assert set(NAMES) >= {
        "access", "audience", "difficulty", "feature", "hazard", "interactivity",
        "level", "mode", "sdg", "subject", "type", "use",
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_file_has_eight_columns_and_each_code_once(name):
    header, *rows = read(name)
    assert header == COLUMNS
    assert [row for row in rows if len(row) != len(COLUMNS)] == []
    assert repeated(row[0] for row in rows) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_holds_stray_whitespace_or_invisible_characters(name):
    assert [cell for row in read(name) for cell in row if is_untidy(cell)] == []


def test_codes_are_short_lower_case_ascii_words():
    code = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
    assert [c.id for c in EVERY if not code.fullmatch(c.code) or len(c.code) > 32] == []


def test_every_concept_has_a_label_in_all_three_languages():
    assert [c.id for c in EVERY if not all(c.labels[language] for language in LANGUAGES)] == []


@pytest.mark.parametrize("name", sorted(set(NAMES) - IDENTIFIED_ONLY))
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_concepts_of_a_vocabulary_look_the_same(name, language):
    assert repeated(fold(concept.labels[language]) for concept in concepts(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_an_identifier_belongs_to_one_concept(name):
    assert repeated(key for c in concepts(name) for key in identifiers(c)) == []


@pytest.mark.parametrize("name", sorted(set(NAMES) - IDENTIFIED_ONLY))
def test_a_code_or_identifier_is_no_other_concepts_label(name):
    known = VOCABULARIES[name].by_identifier
    labels = [(fold(text), c.id) for c in concepts(name) for text in c.labels.values()]
    assert [row for row in labels if row[0] in known and known[row[0]].id != row[1]] == []


def test_uris_are_web_addresses_without_spaces():
    uris = [c.uri for c in EVERY if c.uri]
    assert [uri for uri in uris if not re.fullmatch(r"https?://[^\s/]+/\S+", uri)] == []


def test_every_broader_concept_exists_and_none_is_its_own_ancestor():
    assert [c.id for c in EVERY if c.broader and get(c.broader) is None] == []
    assert [c.id for c in EVERY if c.id in broader(c.id)] == []


def test_a_circle_is_refused_instead_of_followed_for_ever():
    looped = Vocabulary("looped")
    looped.__dict__["by_id"] = {
        "looped:a": Concept("looped:a", {}, broader="looped:b"),
        "looped:b": Concept("looped:b", {}, broader="looped:a"),
    }
    with pytest.raises(ValueError, match="circle"):
        looped.broader("looped:a")


def test_a_vocabulary_is_read_when_first_asked_and_not_before():
    vocabulary = Vocabulary("level")
    assert "by_id" not in vocabulary.__dict__
    assert "level:school" in vocabulary.by_id
    assert "by_id" in vocabulary.__dict__


def test_levels_come_in_school_order():
    ids = [concept.code for concept in concepts("level")]
    steps = [
        "early-childhood", "pre-primary", "grades-1-2", "grades-3-4", "grades-5-6", "grades-7-9",
        "general-upper-secondary", "vocational", "bachelor", "master", "doctoral",
    ]  # fmt: skip
    assert [code for code in ids if code in steps] == steps


def test_ancestors_come_nearest_first():
    assert broader("level:grades-7-9") == (
        "level:lower-secondary",
        "level:basic-education",
        "level:school",
    )


def test_a_parent_finds_its_children_and_their_children():
    assert set(narrower("level:upper-secondary")) == {
        "level:general-upper-secondary",
        "level:luva",
        "level:vocational",
        "level:valma",
        "level:telma",
    }


def test_a_foreign_lower_secondary_stands_over_the_finnish_grades_7_to_9():
    assert narrower("level:lower-secondary") == ("level:grades-7-9",)


def test_a_module_belongs_to_its_syllabus_subject_and_field():
    assert broader("subject:lops21-maa5") == (
        "subject:mathematics-advanced",
        "subject:mathematics",
        "subject:isced-f-054",
        "subject:isced-f-05",
    )


def test_a_label_is_given_in_the_language_asked_for():
    assert label("level:general-upper-secondary", "fi") == "Lukiokoulutus"
    assert label("level:general-upper-secondary", "sv") == "Gymnasieutbildning"
    assert label("level:general-upper-secondary", "en") == "General upper secondary education"


def test_a_regional_tag_finds_the_label_of_its_language():
    assert label("type:video", "sv-FI") == label("type:video", "sv")


def test_a_language_without_labels_falls_back_to_english():
    assert label("type:image", "de") == "Image"
    assert label("type:image", "x-none") == "Image"


def test_an_unknown_code_shows_as_its_code():
    assert label("type:hologram", "fi") == "hologram"


def test_an_id_of_an_unknown_vocabulary_comes_back_as_it_is():
    assert label("http://www.yso.fi/onto/yso/p1", "fi") == "http://www.yso.fi/onto/yso/p1"
    assert label("plain", "fi") == "plain"


@pytest.mark.parametrize("concept_id", ["", "level", "level:", "level:nothing", "nothing:level"])
def test_what_is_no_concept_has_no_relatives(concept_id):
    assert get(concept_id) is None
    assert broader(concept_id) == ()
    assert narrower(concept_id) == ()


def test_concepts_of_an_unknown_vocabulary_are_an_error():
    with pytest.raises(KeyError):
        concepts("nothing")


def test_a_concept_can_be_kept_in_a_set():
    assert len({get("level:school"), get("level:school")}) == 1


def test_the_learning_resource_types_of_hcrt_have_one_concept_each():
    ttl = shared_data("vocab", "kim", "hcrt.ttl").read_text(encoding="utf-8")
    codes = set(re.findall(r"^<(\w+)> a skos:Concept\b", ttl, re.MULTILINE))
    ours = {c.uri for c in concepts("type")}
    assert codes
    assert {f"https://w3id.org/kim/hcrt/{code}" for code in codes} <= ours


def test_the_levels_of_kim_have_one_concept_each():
    ttl = shared_data("vocab", "kim", "educationalLevel.ttl").read_text(encoding="utf-8")
    codes = set(re.findall(r"^<(level_\w)> a skos:Concept\b", ttl, re.MULTILINE))
    ours = {c.uri for c in concepts("level")}
    assert codes
    assert {f"https://w3id.org/kim/educationalLevel/{code}" for code in codes} <= ours


def test_every_upper_secondary_module_is_known_by_its_code_in_its_code_set():
    path = shared_data("vocab", "fi_koodisto_labels.csv")
    with path.open(encoding="utf-8", newline="") as file:
        modules = [r for r in csv.DictReader(file) if r["koodisto"] == "moduulikoodistolops2021"]
    found = [
        vocabularies.match("subject", row["code"], row["koodisto"], row["uri"]) for row in modules
    ]
    assert len(modules) > 400
    assert all(found)
    assert len({match.id for match in found if match}) == len(modules)


def read(name):
    path = DATA / "vocabularies" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


def is_untidy(cell):
    return cell != " ".join(cell.split()) or re.search(r"[\u00ad\u200b\ufeff\ufffd\x00-\x1f]", cell)


def identifiers(concept):
    own = [concept.id, concept.uri, *concept.exact_matches]
    if concept.id.partition(":")[0] not in IDENTIFIED_ONLY:
        own.append(concept.code)
    return {fold(text) for text in own if text}


def repeated(values):
    return [value for value, times in Counter(values).items() if times > 1]
