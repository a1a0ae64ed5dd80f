import pytest

from oer.search.analysis import UNKNOWN, analyse
from oer.search.index import SearchQuery
from oer.search.memory_index import MemoryIndex
from oer.search.scripts import SCRIPTS, languages_of
from tests.search.corpus import small


@pytest.mark.parametrize(
    ("word", "languages", "found"),
    [
        ("школы", UNKNOWN, ("ru",)),
        ("школы", ("ru",), ("ru",)),
        ("школе", ("sr",), ("sr",)),
        ("мови", (), ("ru",)),
        ("школы", ("fi", "sv", "en", "sr"), ("sr",)),
        ("γλώσσας", UNKNOWN, ("el",)),
        ("العلوم", UNKNOWN, ("ar",)),
        ("زبان", ("fa",), ("fa",)),
        ("भाषा", UNKNOWN, ("hi",)),
        ("հայերեն", UNKNOWN, ("hy",)),
        ("ספר", UNKNOWN, UNKNOWN),
        ("ภาษา", UNKNOWN, UNKNOWN),
        ("väylä", UNKNOWN, UNKNOWN),
        ("école", ("fr",), ("fr",)),
        ("", UNKNOWN, UNKNOWN),
    ],
)
def test_a_script_tells_the_likeliest_language(
    word: str, languages: tuple[str, ...], found: tuple[str, ...]
) -> None:
    stemmed = {"fi", "sv", "en", "fr", *(tag for script in SCRIPTS for tag in script.languages)}
    assert languages_of(word, languages, stemmed) == found


def test_a_language_that_has_no_stemmer_here_is_not_chosen() -> None:
    assert languages_of("հայերեն", UNKNOWN, {"fi", "sv", "en"}) == UNKNOWN


def test_the_scripts_do_not_overlap() -> None:
    borders = [letter for script in SCRIPTS for letter in (script.first, script.last)]
    assert borders == sorted(borders)


@pytest.mark.parametrize("language", [None, "fi", "uk", "ru"])
def test_inflected_words_of_another_script_meet(language: str | None) -> None:
    one, other = (analyse(text, language)["lemma"] for text in ("школа книга", "школы книги"))
    assert one == other


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("Финский язык и школа", "финского языка"),
        ("Финский язык и школа", "школы"),
        ("Οι γλώσσες", "γλώσσα"),
        ("الكتاب باللغتين", "كتاب"),
    ],
)
def test_a_query_in_another_script_finds_inflected_words(title: str, query: str) -> None:
    index = MemoryIndex()
    index.replace([small(1, title, None)])
    assert [hit.id for hit in index.search(SearchQuery(query)).hits] == [1]
