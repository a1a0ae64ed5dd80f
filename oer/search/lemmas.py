"""From a word to what it is a form of, in the languages we have dictionaries for.

*Vettä* is *vesi* and *kehityksen* is *kehitys*: Finnish changes the middle of its words, which no
rule that only cuts off endings can undo. So words are looked up. In the order of trust:

1. Voikko, for Finnish, where it is installed: all readings of a word.
2. The dictionary (:mod:`oer.search.lexicon`), but for its mistakes (:mod:`oer.search.exceptions`),
   with what else a form may be (:mod:`oer.search.readings`).
3. For what it does not have, the dictionary by parts (:mod:`oer.search.compounds`).

A word that is in none of them has no lemma; whoever asks falls back to a stemmer.
"""

from functools import lru_cache
from typing import NamedTuple

from oer.search.compounds import (
    FINNISH,
    LONG_WORD,
    SHORT_WORD,
    SWEDISH,
    Compound,
    Lemma,
    take_apart,
    take_short_apart,
)
from oer.search.exceptions import LEMMAS
from oer.search.lexicon import LANGUAGES, dictionary, is_prepared
from oer.search.readings import is_own_lemma, others
from oer.search.voikko import voikko

_RULES = {"fi": FINNISH, "sv": SWEDISH}


class Lemmas(NamedTuple):
    """The words a word may be a form of, and the parts these are made of.

    ``known`` is False where only its parts are in a dictionary: 5 of 100 such lemmas are wrong.
    """

    lemmas: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    known: bool = True


_NONE = Lemmas(known=False)


def lemmas(word: str, language: str) -> Lemmas:
    """Look a word up.

    Args:
        word: In lower case, with its accents.
        language: One of :data:`LANGUAGES`.
    """
    if len(word) < 2 or not word.isalpha():
        return _NONE
    if language == "fi":
        found = _by_voikko(word)
        if found.lemmas:
            return found
    return _by_dictionary(word, language)


def is_right(word: str) -> bool:
    """Whether a word is in a dictionary of any of our languages, or made of words that are."""
    return any(lemmas(word, language).lemmas for language in LANGUAGES)


def is_known(word: str) -> bool:
    """Whether a word is in a dictionary of any of our languages."""
    return any(lemmas(word, language).known for language in LANGUAGES)


def source() -> str:
    """What lemmas come from on this machine. An index wants to be asked with what wrote it."""
    return "voikko" if voikko() else "dictionary"


def notes() -> tuple[str, ...]:
    """Sentences for the operator about what could be better."""
    if is_prepared():
        return ()
    return (
        "The dictionaries of the search are not prepared on this machine, so that the first "
        "search of a process takes seconds. Run: oer index rebuild",
    )


def _by_voikko(word: str) -> Lemmas:
    finnish = voikko()
    readings = finnish.readings(word) if finnish else ()
    lemma = _lemma("fi")
    parts: dict[str, None] = {}
    for reading in readings:
        inflected = (lemma(form) for form in reading.inflected)
        parts.update(dict.fromkeys((*reading.parts, *filter(None, inflected))))
        # Voikko takes apart all the way; foto and synteesi are a word together.
        compound = take_apart(reading.lemma, lemma, FINNISH.for_known_words)
        if reading.parts and compound:
            parts.update(dict.fromkeys(compound.parts))
    found = tuple(dict.fromkeys(reading.lemma for reading in readings))
    return Lemmas(found, tuple(parts), known=bool(found))


def _by_dictionary(word: str, language: str) -> Lemmas:
    lemma, rules = _lemma(language), _RULES.get(language)
    found = lemma(word)
    if found is None:
        compound = take_apart(word, lemma, rules) if rules else None
        return Lemmas((compound.lemma,), compound.parts, known=False) if compound else _NONE
    readings, further = _readings(word, found, language)
    # Where there is another reading, the dictionary's is mostly a chance: *luonnostaa*.
    compounds = (_known_compound(each, language) for each in further or readings)
    parts = (part for compound in compounds if compound for part in compound.parts)
    return Lemmas((*readings, *further), tuple(dict.fromkeys(parts)))


def _readings(word: str, found: str, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lemmas of a word, ``found`` first, and what else it may be a form of."""
    if word in LEMMAS[language]:
        return LEMMAS[language][word], ()
    said = _plain_lemma(language)(word) or found
    further = others(word, said, _lemma(language)) if language == "fi" else ()
    readings = dict.fromkeys((found, said))
    return tuple(readings), tuple(other for other in further if other not in readings)


@lru_cache(maxsize=1 << 14)
def _known_compound(word: str, language: str) -> Compound | None:
    """The parts of a lemma."""
    rules = _RULES.get(language)
    if rules and len(word) >= LONG_WORD:
        return take_apart(word, _lemma(language), rules.for_known_words)
    if language == "fi" and len(word) >= SHORT_WORD:
        return take_short_apart(word, _lemma(language))
    return None


@lru_cache(maxsize=len(LANGUAGES))
def _lemma(language: str) -> Lemma:
    """The likeliest lemma of a form."""
    plain, exceptions = _plain_lemma(language), LEMMAS[language]

    # The same parts are looked for in many compounds.
    @lru_cache(maxsize=1 << 15)
    def lemma(form: str) -> str | None:
        if form in exceptions:
            return exceptions[form][0]
        found = plain(form)
        if found is None or found == form:
            return found
        return form if is_own_lemma(form, language, plain) else found

    return lemma


@lru_cache(maxsize=len(LANGUAGES))
def _plain_lemma(language: str) -> Lemma:
    """The dictionary of a language, without what its spelling adds."""

    def lemma(form: str) -> str | None:
        known = dictionary(language)
        found = known.get(form) or known.get(form.capitalize())
        if found is None:
            return None
        plain = "".join(filter(str.isalpha, found.lower()))
        # Some words are there as plurals, beside the same word as it should be.
        if plain.endswith("t") and language == "fi" and known.get(plain[:-1]) == plain[:-1]:
            return plain[:-1]
        return plain or None

    return lemma
