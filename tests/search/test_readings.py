import pytest

from oer.search.lemmas import lemmas
from oer.search.readings import others


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("luonnosta", "luonto"),
        ("säästä", "sää"),
        ("sivuista", "sivu"),
        ("oireista", "oire"),
        ("palvelusta", "palvelu"),
        ("maksullista", "maksullinen"),
        ("museoiden", "museo"),
        ("numeroiden", "numero"),
        ("vaiheita", "vaihe"),
        ("kartat", "kartta"),
        ("kartan", "kartta"),
        ("vaalit", "vaali"),
        ("tanssin", "tanssi"),
        ("kosken", "koski"),
        ("kirjojen", "kirja"),
        ("sivulla", "sivu"),
        ("alussa", "alku"),
        ("pyörällä", "pyörä"),
        ("näkökulmasta", "näkökulma"),
    ],
)
def test_a_form_has_the_reading_that_everybody_means(word: str, meant: str) -> None:
    assert meant in lemmas(word, "fi").lemmas


@pytest.mark.parametrize("word", ["kirjoita", "suomalaista", "kuulla", "palvella", "vettä", "teen"])
def test_other_forms_have_no_further_reading(word: str) -> None:
    assert len(lemmas(word, "fi").lemmas) == 1


@pytest.mark.parametrize(
    ("language", "word"),
    [("fi", "tuli"), ("fi", "tee"), ("sv", "text"), ("sv", "spel"), ("sv", "vetenskap")],
)
def test_a_form_that_is_a_word_itself_keeps_itself(language: str, word: str) -> None:
    assert word in lemmas(word, language).lemmas


def test_a_rule_needs_the_inessive_in_the_dictionary() -> None:
    known = {"luonnosta": "luonnostaa"}
    assert others("luonnosta", "luonnostaa", known.get) == ()
    known["luonnossa"] = "luonto"
    assert others("luonnosta", "luonnostaa", known.get) == ("luonto",)
