from datetime import UTC, datetime

from oer.metadata.resource_metadata import (
    Agent,
    LangString,
    LicenseStatement,
    ResourceMetadata,
    Term,
)
from oer.metadata.vocabularies import broader, concepts
from oer.search.analysis import ORGANISATION, PERSON
from oer.search.documents import document
from oer.search.index import SearchDocument

WHEN = datetime(2024, 5, 1, 12, tzinfo=UTC)


def test_every_text_goes_to_its_class_with_its_language() -> None:
    metadata = ResourceMetadata(
        title=(LangString("Otsikko", "fi"), LangString("Rubrik", "sv")),
        alternative=(LangString("Toinen nimi"),),
        description=(LangString("Kuvaus", "fi"),),
        educational_description=(LangString("Ohje"),),
        table_of_contents=(LangString("1. Luku"),),
        keywords=(Term("avain", language="fi"),),
        about=(Term("aihe"),),
        creator=(Agent("Aino Esimerkki"),),
        contributor=(Agent("Onni Keksitty"), Agent("Aino Esimerkki")),
        publisher=(Agent("Talo"),),
        coverage=(LangString("Espoo"),),
    )
    assert make(metadata).texts == {
        "title": (("Otsikko", "fi"), ("Rubrik", "sv"), ("Toinen nimi", None)),
        "keyword": (("avain", "fi"), ("aihe", None)),
        "author": (("Aino Esimerkki", PERSON), ("Onni Keksitty", PERSON)),
        "description": (("Kuvaus", "fi"), ("Ohje", None), ("1. Luku", None)),
        "other": (("Talo", ORGANISATION), ("Espoo", None)),
    }


def test_a_level_brings_all_broader_levels() -> None:
    metadata = ResourceMetadata(educational_level=(Term(id=CHILD, basis="mapped"),))
    assert make(metadata).facets["level"] == (CHILD, *broader(CHILD))


def test_levels_and_types_are_found_by_their_names() -> None:
    metadata = ResourceMetadata(
        educational_level=(Term(id="level:general-upper-secondary", basis="mapped"),),
        learning_resource_type=(Term(id="type:textbook", basis="mapped"),),
    )
    texts = make(metadata).texts["other"]
    assert {("Lukiokoulutus", "fi"), ("Toinen aste", "fi"), ("Textbook", "en")} <= set(texts)
    assert not [text for text, _ in texts if text.startswith("School (basic or")]


def test_a_known_subject_is_found_under_its_labels_in_all_languages() -> None:
    texts = make(ResourceMetadata(about=(Term(id=SUBJECT, basis="mapped"),))).texts["keyword"]
    assert {language for _, language in texts} >= {"fi", "sv", "en"}


def test_the_language_facet_is_the_primary_language() -> None:
    languages = (Term("fin", id="fi"), Term(id="en-GB"), Term(id="en"), Term("klingon?"))
    assert make(ResourceMetadata(language=languages)).facets["language"] == ("fi", "en")


def test_the_license_facet_is_the_verdict() -> None:
    uri = "https://creativecommons.org/licenses/by/4.0/"
    statement = LicenseStatement(raw=uri, uri=uri, family="cc-by", basis="stated")
    assert make(ResourceMetadata(license=(statement,))).facets["license"] == ("cc-by",)


def test_what_is_not_stated_has_no_facet_value() -> None:
    made = make(ResourceMetadata(), source=None)
    assert made.facets == {}
    assert set(made.titles.values()) == {""}


def test_the_rest() -> None:
    made = make(ResourceMetadata(title=(LangString("A"), LangString("B"))))
    assert (made.id, made.updated) == (7, WHEN.timestamp())
    assert set(made.titles.values()) == {"A"}
    assert made.facets["source"] == ("koski",)
    assert document(7, ResourceMetadata(), None, WHEN, 0.75).quality == 0.75
    assert document(7, ResourceMetadata(), None, WHEN, None).quality == 0.0


def test_a_title_is_sorted_as_it_is_shown() -> None:
    titles = (LangString("Vesi", "fi"), LangString("Vatten", "sv-FI"), LangString("Water", "en"))
    assert make(ResourceMetadata(title=titles)).titles == {
        "fi": "Vesi",
        "sv": "Vatten",
        "en": "Water",
    }
    only_finnish = make(ResourceMetadata(title=titles[:1])).titles
    assert set(only_finnish.values()) == {"Vesi"}


def make(metadata: ResourceMetadata, source: str | None = "koski") -> SearchDocument:
    return document(7, metadata, source, WHEN)


CHILD = next(concept.id for concept in concepts("level") if broader(concept.id))
SUBJECT = next(concept.id for concept in concepts("subject"))
