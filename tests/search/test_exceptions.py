import pytest

from oer.search.exceptions import LEMMAS
from oer.search.lemmas import lemmas

WRONG = [(language, form) for language, table in LEMMAS.items() for form in table]


@pytest.mark.parametrize(("language", "form"), WRONG)
def test_an_exception_is_what_a_form_is_read_as(language: str, form: str) -> None:
    found = lemmas(form, language).lemmas
    assert found == LEMMAS[language][form]
    assert all(lemma and lemma == lemma.strip().lower() for lemma in found)


@pytest.mark.parametrize(
    ("language", "word"),
    [
        *(("fi", word) for word in ("kattila", "ravintola", "toimisto", "aineisto", "kokoelma")),
        *(("fi", word) for word in ("esimerkki", "maailma", "mielipide", "kuunnella", "painotus")),
        *(("fi", word) for word in ("sanallisesti", "karjalainen", "rokotus", "kitaristi")),
        *(("sv", word) for word in ("beskrivning", "undervisning", "föreläsning", "tillsammans")),
        *(("sv", word) for word in ("lärare", "studenter", "läromedel", "högskola", "förhållande")),
    ],
)
def test_what_looks_like_a_compound_is_left_whole(language: str, word: str) -> None:
    assert lemmas(word, language).parts == ()


@pytest.mark.parametrize(
    ("language", "word", "parts"),
    [
        ("fi", "koulutyö", ("koulu", "työ")),
        ("fi", "lukutaidon", ("luku", "taito")),
        ("fi", "metsäretki", ("metsä", "retki")),
        ("fi", "vesivoima", ("vesi", "voima")),
        ("fi", "kieliopas", ("kieli", "opas")),
        ("fi", "äidinkieltä", ("äiti", "kieli")),
        ("fi", "matikkapelit", ("matikka", "peli")),
        ("fi", "kuvasarja", ("kuva", "sarja")),
        ("fi", "työpaja", ("työ", "paja")),
        ("sv", "grundskola", ("grund", "skola")),
        ("sv", "fotosyntes", ("foto", "syntes")),
        ("sv", "hälsokunskap", ("hälsa", "kunskap")),
        ("sv", "lektionsplan", ("lektion", "plan")),
        ("sv", "miljövetenskap", ("miljö", "vetenskap")),
        ("sv", "kursmaterial", ("kurs", "material")),
    ],
)
def test_everyday_compounds_have_their_parts(language: str, word: str, parts: tuple) -> None:
    assert lemmas(word, language).parts == parts
