"""Which words tell what a document is about."""

from oer.search.analysis import forms
from oer.search.function_words import FUNCTION_WORDS
from oer.search.likeness import ways, words_of
from oer.search.ranking import weigh


def words(**texts: str) -> dict[str, tuple[str, ...]]:
    found = words_of(weigh({name: ((text, None),) for name, text in texts.items()}).sequence)
    return {word.typed: classes for word, classes in found.items()}


def test_little_words_and_words_of_every_material_tell_nothing() -> None:
    assert words(title="Harjoituksia ja tehtäviä vedestä", description="Opettajan 7 ohjetta") == {
        "vedestä": ("title",)
    }
    assert words(title="Steg för steg med naturen") == {"naturen": ("title",)}
    assert words(title="How to use the data") == {"data": ("title",)}


def test_the_forms_of_a_word_are_one_word_wherever_they_stand() -> None:
    assert words(title="Kasvin solu", keyword="kasvit", description="Kasveja") == {
        "kasvin": ("title", "keyword", "description"),
        "solu": ("title",),
    }


def test_a_keyword_of_either_weighs_more_than_a_word_of_both_titles() -> None:
    texts = {"title": (("Solu", None),), "keyword": (("kasvi", None),), "description": ()}
    written = words_of(weigh(texts).sequence)
    found = [
        (way.shared, [(word.typed, where) for word, where in way.places])
        for way in ways(written, written)
    ]
    assert found == [
        (2, [("solu", "keyword"), ("kasvi", "title"), ("kasvi", "keyword")]),
        (3, [("solu", "title")]),
    ]


def test_function_words_are_tokens() -> None:
    assert [word for word in FUNCTION_WORDS if forms(word, ()).exact != word] == []
