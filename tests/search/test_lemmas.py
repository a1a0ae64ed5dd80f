import pytest

from oer.search import lemmas as module
from oer.search.compounds import FINNISH, SWEDISH, take_apart
from oer.search.lemmas import Lemmas, is_known, lemmas
from oer.search.voikko import Reading, Voikko, read


@pytest.mark.parametrize(
    ("analysis", "reading"),
    [
        (("vesi", "+vesi(vesi)"), Reading("vesi")),
        (("opettaja", "+opetta(opettaa)+ja(+ja)"), Reading("opettaja")),
        (
            ("biologiankirja", "+biologian(biologia)+kirja(kirja)"),
            Reading("biologiankirja", ("biologia", "kirja")),
        ),
        (
            ("äidinkielenopettaja", "+äidin(äiti)+kielen(kieli)+opetta(opettaa)+ja(+ja)"),
            Reading("äidinkielenopettaja", ("äiti", "kieli", "opettaja")),
        ),
        (
            ("riskienhallinta", "+riskien(riski)+hallin(hallita)+ta(+ta)"),
            Reading("riskienhallinta", ("riski", "hallinta")),
        ),
        (
            ("matkailuala", "+matkail(matkailla)+u(+u)+ala(ala)"),
            Reading("matkailuala", ("ala",), ("matkailu",)),
        ),
        (("yhteistyö", "+yhteis+työ(työ)"), Reading("yhteistyö", ("työ",), ("yhteis",))),
        (("DNA", "+DNA(DNA)"), Reading("dna")),
        (("kuu", ""), Reading("kuu")),
    ],
)
def test_an_analysis_of_voikko_is_read(analysis: tuple[str, str], reading: Reading) -> None:
    baseform, bases = analysis
    assert read({"BASEFORM": baseform, "WORDBASES": bases}) == reading


def test_all_readings_of_voikko_count_and_names_are_known_with_a_capital(monkeypatch) -> None:
    class Library:
        def analyze(self, word):
            known = {
                "alusta": [{"BASEFORM": "alku"}, {"BASEFORM": "alusta"}, {"BASEFORM": "alku"}],
                "Keksitty": [{"BASEFORM": "Keksitty"}],
            }
            return known.get(word, [])

    monkeypatch.setattr(module, "voikko", lambda: Voikko(Library()))
    assert lemmas("alusta", "fi").lemmas == ("alku", "alusta")
    assert lemmas("keksitty", "fi").lemmas == ("keksitty",)
    assert lemmas("vettä", "fi").lemmas == ("vesi",), "the dictionary has what Voikko has not"


@pytest.mark.parametrize("word", ["", "a", "h5p", "c++", "12", "dna2", "привет", "العلوم"])
def test_what_is_no_word_of_ours_has_no_lemma(word: str) -> None:
    for language in ("fi", "sv", "en"):
        assert lemmas(word, language) == Lemmas(known=False)


def test_a_guessed_compound_is_not_a_known_word() -> None:
    assert not lemmas("fotosynteesitehtävä", "sv").known
    assert is_known("children")
    assert not is_known("fotosyntesi")


KNOWN = {
    "kissa": "kissa",
    "kissan": "kissa",
    "ruoka": "ruoka",
    "ruoat": "ruoka",
    "nainen": "nainen",
    "kulhon": "kulho",
    "lainen": "lainen",
    "skola": "skola",
    "elever": "elev",
    "elev": "elev",
    "forskning": "forskning",
    "resan": "resa",
}


@pytest.mark.parametrize(
    ("rules", "word", "lemma", "parts"),
    [
        (FINNISH, "kissanruoat", "kissanruoka", ("kissa", "ruoka")),
        (FINNISH, "kissaruoat", "kissaruoka", ("kissa", "ruoka")),
        (FINNISH, "naisruoat", "naisruoka", ("nainen", "ruoka")),
        (FINNISH, "kissaruokakulhon", "kissaruokakulho", ("kissa", "ruoka", "kulho")),
        (SWEDISH, "skolelever", "skolelev", ("skola", "elev")),
        (SWEDISH, "forskningsresan", "forskningsresa", ("forskning", "resa")),
    ],
)
def test_compounds_are_taken_apart(rules, word: str, lemma: str, parts: tuple[str, ...]) -> None:
    assert take_apart(word, KNOWN.get, rules) == (lemma, parts)


@pytest.mark.parametrize("word", ["kissa", "kissalainen", "ruoatkissa", "xyzruoka", "kissaruo"])
def test_other_words_are_left_alone(word: str) -> None:
    assert take_apart(word, KNOWN.get, FINNISH) is None
