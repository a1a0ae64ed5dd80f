from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oer.search.analysis import LAYERS, analyse, forms, sort_key, spans, stemming, words


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("Kestävä kehitys", ["kestävä", "kehitys"]),
        ("DNA:n DNA:sta EU:s 1990:n", ["dna", "dna", "eu", "1990"]),
        ("foo:bar kello 12:30", ["foo", "bar", "kello", "12", "30"]),
        ("C++, C# ja Notepad++", ["c++", "c#", "ja", "notepad"]),
        ("H5P oai_dc e-kirja", ["h5p", "oai", "dc", "e", "kirja"]),
        ("teacher's teacher’s", ["teacher", "teacher"]),
        ("L'école à Orléans", ["l", "ecole", "a", "orleans"]),
        ("a\u0308iti ÄITI äiti", ["äiti", "äiti", "äiti"]),
        ("Straße ﬁlmi １２", ["strasse", "filmi", "12"]),
        ("tavu\u00adviiva", ["tavuviiva"]),
        ("Привет ёлка", ["привет", "елка"]),
        ("العَرَبِيَّة", ["العربية"]),
        ("机器学习 abc", ["机", "器", "学", "习", "abc"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("🎉 – … \ud800 \x00", []),
        ("", []),
    ],
)
def test_words_survive_as_exact_tokens(text: str, exact: list[str]) -> None:
    assert analyse(text, None)["exact"] == exact


@pytest.mark.parametrize(
    ("language", "text", "lemmas"),
    [
        ("fi", "vettä veden", ["vesi", "vesi"]),
        ("fi", "kestävän kehityksen", ["kestävä", "kehitys"]),
        ("fi", "toisen maailmansodan", ["toinen", "maailmansota"]),
        ("fi", "lapset lasten", ["lapsi", "lapsi"]),
        ("sv-FI", "skolorna läroböckerna", ["skol", "lärobok"]),
        ("EN", "children teaching", ["child", "teach"]),
        ("de", "Häuser", ["haus"]),
        ("ru", "привета", ["привет"]),
    ],
)
def test_words_are_led_back_to_their_lemma(language: str, text: str, lemmas: list[str]) -> None:
    assert analyse(text, language)["lemma"] == lemmas


def test_a_form_of_two_words_has_both_as_lemmas() -> None:
    assert {"kirja", "kirjo"} <= set(analyse("kirjojen", "fi")["lemma"])


@pytest.mark.parametrize(
    ("language", "word", "lemma", "parts"),
    [
        ("fi", "fotosynteesitehtävien", "fotosynteesitehtävä", {"fotosynteesi", "tehtävä"}),
        ("fi", "sairaanhoitajakoulutusta", "sairaanhoitajakoulutus", {"koulutus"}),
        ("sv", "matematikuppgifterna", "matematikuppgift", {"matematik", "uppgift"}),
    ],
)
def test_compounds_have_a_lemma_and_parts(
    language: str, word: str, lemma: str, parts: set[str]
) -> None:
    tokens = analyse(word, language)
    assert lemma in tokens["lemma"]
    assert parts <= set(tokens["part"])


def test_a_short_word_the_dictionary_has_is_not_taken_apart() -> None:
    assert analyse("kattila", "fi")["part"] == []
    assert analyse("karjalainen", "fi")["part"] == []


def test_a_word_no_dictionary_has_keeps_its_stem() -> None:
    assert analyse("zorblikissa", "fi")["lemma"] == ["zorblik"]


def test_a_text_of_unknown_language_gets_finnish_swedish_and_english_lemmas() -> None:
    text = "lasten skolorna children"
    each = {token for tag in ("fi", "sv", "en") for token in analyse(text, tag)["lemma"]}
    for unknown in (None, "", "und", "mul"):
        assert set(analyse(text, unknown)["lemma"]) == each
    assert {"lapsi", "skol", "child"} <= each


def test_a_language_without_a_stemmer_keeps_its_exact_and_folded_words() -> None:
    assert stemming("so") == ()
    assert analyse("väylä", "so") == {
        "exact": ["väylä"],
        "lemma": [],
        "folded": ["vayla"],
        "part": [],
    }


def test_only_words_with_letters_to_fold_have_a_folded_form() -> None:
    assert "kestava" in analyse("kestävän talon", "fi")["folded"]
    assert analyse("talon", "fi")["folded"] == []
    assert analyse("smørrebrød Æsop", "so")["folded"] == ["smorrebrod", "aesop"]


def test_a_very_long_word_is_cut() -> None:
    assert len(forms("x" * 100_000, ("fi",)).exact) == 64


def test_titles_sort_by_their_words() -> None:
    titles = ["Öljy", "Ääni", "Åbo", "zebra", "»Aasi«", "(éclair)"]
    assert sorted(titles, key=sort_key) == ["»Aasi«", "(éclair)", "zebra", "Åbo", "Ääni", "Öljy"]


def test_threads_get_the_same_tokens() -> None:
    texts = [f"opettajien kirjoja {number} skolornas teaching" for number in range(400)]
    alone = [analyse(text, None) for text in texts]
    forms.cache_clear()
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda text: analyse(text, None), texts)) == alone


@given(st.text(), st.sampled_from([None, "fi", "ru", "ar", "xx"]))
def test_any_text_can_be_analysed(text: str, language: str | None) -> None:
    tokens = analyse(text, language)
    assert set(tokens) == set(LAYERS)
    for token in chain.from_iterable(tokens.values()):
        assert token.encode()
        assert not set(" \n\0") & set(token)


@given(st.text())
def test_spans_are_the_words_where_they_stand(text: str) -> None:
    found = list(spans(text))
    assert [span.word for span in found] == words(text)
    assert all(text[span.start : span.end] == span.word for span in found)
