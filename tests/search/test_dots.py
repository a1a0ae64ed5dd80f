import pytest

from oer.search.dots import meant_with_dots
from oer.search.index import SearchQuery
from oer.search.memory_index import MemoryIndex
from tests.search.corpus import small


@pytest.mark.parametrize(
    ("word", "lemma"),
    [
        ("kestava", "kestävä"),
        ("tyottomyyden", "työttömyys"),
        ("aidinkieli", "äidinkieli"),
        ("sahkopostin", "sähköposti"),
        ("ymparistokasvatuksen", "ympäristökasvatus"),
        ("avoimuuskaytanto", "avoimuuskäytäntö"),
    ],
)
def test_a_word_without_its_dots_is_understood(word: str, lemma: str) -> None:
    assert lemma in meant_with_dots(word)


@pytest.mark.parametrize("word", ["children", "kissa", "äidinkieli", "xyz", "zorbla", "", "talot"])
def test_other_words_mean_themselves(word: str) -> None:
    assert meant_with_dots(word) == ()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kestava", {1}),
        ("kestavan", {1}),
        ("aidinkielta", {2, 3}),
        ("sahkoposteja", {4}),
        ("tyottomyys", {5, 6}),
        ("tyot", {7}),
        ("työt", {7}),
    ],
)
def test_words_and_parts_of_compounds_are_found_without_dots(query: str, found: set[int]) -> None:
    titles = (
        "Kestävä kehitys",
        "Äidinkieltä lapsille",
        "Äidinkielentunti",
        "Sähköpostin säännöt",
        "Työttömyys",
        "Nuorisotyöttömyyttä vastaan",
        "Koulutyöhön kotona",
    )
    index = MemoryIndex()
    index.replace(small(number, title) for number, title in enumerate(titles, 1))
    assert {hit.id for hit in index.search(SearchQuery(query)).hits} == found
