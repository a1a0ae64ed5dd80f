import pytest

from oer.metadata.vocabularies import VOCABULARIES, concepts
from oer.search import index
from oer.search.facet_names import CODES, VOCABULARY, codes, near


def test_every_facet_and_vocabulary_named_here_exists() -> None:
    assert {*CODES, *VOCABULARY} <= set(index.FACETS)
    assert {*VOCABULARY.values()} <= VOCABULARIES.keys()


@pytest.mark.parametrize("facet", VOCABULARY)
def test_every_concept_goes_by_its_id_and_its_code(facet: str) -> None:
    for concept in concepts(VOCABULARY[facet]):
        assert codes(facet, concept.id) == (concept.id,)
        assert codes(facet, concept.code) == (concept.id,) or facet in CODES
        for label in concept.labels.values():
            assert codes(facet, label), label


@pytest.mark.parametrize("facet", CODES)
def test_codes_of_our_own_go_by_themselves(facet: str) -> None:
    for code in CODES[facet]:
        assert codes(facet, code) == codes(facet, code.upper()) == (code,)


@pytest.mark.parametrize(
    ("facet", "name", "expected"),
    [
        ("level", "gymnasiet", ("level:general-upper-secondary",)),
        ("level", "", ()),
        ("level", "level:nowhere", ()),
        ("accessibility", "tekstitys", ("feature:captions",)),
        ("access", "open", ("access:open",)),
        ("language", "fi-FI", ("fi",)),
        ("language", "ruotsi", ("sv",)),
        ("language", "fi; sv", ()),
        ("license", "CC-BY-SA", ("cc-by-sa",)),
        ("license", "cc-by-4.0", ("cc-by",)),
        ("license", "https://creativecommons.org/licenses/by/4.0/deed.fi", ("cc-by",)),
        ("license", "in copyright", ("in-copyright",)),
        ("license", "cc-by-nv", ()),
        ("license", "", ()),
        ("year", "2019", ("2019",)),
        ("year", "19", ()),
        ("author", "Aino", ()),
        ("source", "metsala", ()),
        ("age", "7", ()),
    ],
)
def test_names_stand_for_values(facet: str, name: str, expected: tuple[str, ...]) -> None:
    assert codes(facet, name) == expected


def test_a_label_of_several_concepts_stands_for_all_of_them() -> None:
    assert len(codes("subject", "matematiikka")) > 1


@pytest.mark.parametrize(
    ("facet", "name", "first"),
    [
        ("level", "upper-secondry", "level:upper-secondary"),
        ("level", "lukioo", "level:general-upper-secondary"),
        ("type", "vidoe", "type:video"),
        ("license", "cc-by-nv", "cc-by"),
        ("permission", "adopt", "adapt"),
        ("author", "Aina Esimerki", "Aino Esimerkki"),
    ],
)
def test_what_is_near_a_name_is_a_value(facet: str, name: str, first: str) -> None:
    found = near(facet, name, held=("Aino Esimerkki", "Bo Exempel"))
    assert found[0] == first
    assert len(found) == len(set(found)) <= 5


def test_nothing_is_near_what_is_like_nothing() -> None:
    assert near("permission", "zzzzzz") == []
