"""What else a word may be a form of, besides the one lemma that the dictionary has for it.

The dictionary knows *luonnosta* as a form of *luonnostaa* (to sketch) and *museoiden* as one of
*museoida*; everybody means *luonto* and *museo*. Which other reading there may be shows in another
case of the same word: the inessive (*luonnossa*, *museoissa*) is hardly ever a form of anything
else. So each rule here takes a pair of forms that fall together and asks for the inessive. The
dictionary's reading stays beside the new one: it may be the right one.
"""

from collections.abc import Callable, Iterator

from oer.search.compounds import Lemma

_LOCAL = frozenset(["lla", "llä", "lta", "ltä", "lle", "ssa", "ssä", "sta", "stä"])

_LEAST = 3
"""Letters of the stem at least that a case ending is put to."""

_OWN = {"fi": (6, ("n", "a", "ä", "ta", "tä")), "sv": (10, ("en", "et", "n", "t")), "en": (0, ())}
"""By language: letters of a word at most that is looked at, and the endings that show it to be one.
Longer forms are seldom words besides, and looking takes time."""


def is_own_lemma(form: str, language: str, lemma: Lemma) -> bool:
    """Whether a form is a word itself, though the dictionary takes it for a form of another.

    *Tuli* (fire) is a form of *tulla* to the dictionary. But *tulta* it knows as a form of *tuli*.
    """
    longest, endings = _OWN[language]
    return len(form) <= longest and any(lemma(f"{form}{ending}") == form for ending in endings)


def others(word: str, found: str, lemma: Lemma) -> tuple[str, ...]:
    """Further Finnish lemmas of a word.

    Args:
        word: As it stands.
        found: Its lemma according to the dictionary.
        lemma: The dictionary.
    """
    rules = _RULES.get(word[-1], ())
    readings = dict.fromkeys(other for rule in rules for other in rule(word, found, lemma))
    readings.pop(found, None)
    return tuple(readings)


def _plural(word: str, found: str, lemma: Lemma) -> Iterator[str]:
    """*Kirjojen* is a form of *kirjo*, says the dictionary, and of *kirja*, says everybody."""
    ending = word[len(found) : len(found) + 1]
    if found[-1] in "oö" and ending in ("i", "j") and word.startswith(found):
        yield from _existing(found[:-1] + {"o": "a", "ö": "ä"}[found[-1]], lemma)


def _elative(word: str, found: str, lemma: Lemma) -> Iterator[str]:
    """*Luonnosta* is no sketching, *sivuista* not a number of pages, *palvelusta* no *palvelus*."""
    stem, ending = word[:-3], word[-3:]
    if ending not in ("sta", "stä"):
        return
    is_verb = found == word + word[-1]
    if is_verb or found in (f"{stem}s", f"{stem}nen"):
        yield from _by_inessive(stem, word[-1], lemma)
    if is_verb and stem[-1:] == "i":
        yield from _existing(f"{stem}nen", lemma)


def _plural_genitive(word: str, found: str, lemma: Lemma) -> Iterator[str]:
    """*Museoiden* is hardly ever about putting something into a museum."""
    if word.endswith("iden") and found[:-1] == word[:-2]:
        yield from _by_inessive(word[:-3], found[-1], lemma)


def _plural_partitive(word: str, found: str, lemma: Lemma) -> Iterator[str]:
    """*Vaiheita* is a form of *vaihe*. But *kirjoita* (write!) is none of *kirja*."""
    if word.endswith(("ita", "itä")) and found == f"{word[:-1]}t{2 * word[-1]}":
        inessive = _by_inessive(word[:-2], word[-1], lemma)
        yield from (other for other in inessive if other[-1] not in "aä")


def _noun_of_verb(word: str, found: str, lemma: Lemma) -> Iterator[str]:
    """*Tanssin* is *tanssia* or *tanssi*, *kartat* is *karttaa* or *kartta*."""
    if word[-1] in "nt" and found[-1] in "aä":
        nouns = (found[:-1], f"{found[:-2]}i")
        inessive = _by_inessive(word[:-1], found[-1], lemma)
        yield from (other for other in inessive if other in nouns)


def _local_case(word: str, found: str, lemma: Lemma) -> Iterator[str]:
    """*Sivulla* is an adverb to the dictionary, but a form of *sivu* too. *Kuulla* is a verb."""
    stem, ending = word[:-3], word[-3:]
    is_adverb = ending in _LOCAL and found[:-3] == stem and found[-3:] in _LOCAL
    if not is_adverb or lemma(f"{word[:-2]}en") == word:
        return
    vowels = ending[-1] if ending != "lle" else "aä"
    sibling = _by_adessive if ending.startswith("ss") else _by_inessive
    yield from (other for vowel in vowels for other in sibling(stem, vowel, lemma))


def _by_inessive(stem: str, vowel: str, lemma: Lemma) -> Iterator[str]:
    return _by_case(stem, f"ss{vowel}", lemma)


def _by_adessive(stem: str, vowel: str, lemma: Lemma) -> Iterator[str]:
    return _by_case(stem, f"ll{vowel}", lemma)


def _by_case(stem: str, ending: str, lemma: Lemma) -> Iterator[str]:
    form = f"{stem}{ending}"
    found = lemma(form) if len(stem) >= _LEAST else None
    if found is not None and found != form:
        yield found


def _existing(word: str, lemma: Lemma) -> Iterator[str]:
    if lemma(word) == word:
        yield word


Rule = Callable[[str, str, Lemma], Iterator[str]]

_RULES: dict[str, tuple[Rule, ...]] = {
    "a": (_plural, _elative, _plural_partitive, _local_case),
    "e": (_plural, _local_case),
    "n": (_plural, _plural_genitive, _noun_of_verb),
    "t": (_noun_of_verb,),
    "ä": (_plural, _elative, _plural_partitive, _local_case),
}
"""By the last letter of the word."""
