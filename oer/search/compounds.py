"""Taking compounds apart: *fotosynteesitehtävän* is *fotosynteesi* and a form of *tehtävä*.

Finnish and Swedish write compounds as one word and make new ones all the time. What is known of a
compound's last part holds for the whole: its lemma is the rest of the word and the lemma of that
part. A word is taken apart only where all parts are in the dictionary, the last one in any form
and the others in those that such words begin with.

Compared with Voikko on the 57 000 words of a Finnish collection that it knows: of the words that
no dictionary has, 79 per cent are taken apart, and 95 of 100 of these get the right lemma. Words
the dictionary does have must be longer and made of longer parts, or *kattila* (kettle) would be
found by *tila* (space). Of :data:`LONG_WORD` letters they are taken apart like others; Finnish ones
from :data:`SHORT_WORD` letters on into two words as they are, none of which often is an ending.
"""

from collections.abc import Callable
from typing import NamedTuple

from oer.search.exceptions import (
    NEVER_FIRST,
    NEVER_LAST,
    NEVER_LAST_IN_SHORT,
    SHORT_PARTS,
    WHOLE,
)

Lemma = Callable[[str], str | None]
"""From a form to its lemma, in lower case."""


class Compound(NamedTuple):
    """A compound: its lemma, and the lemmas of its parts."""

    lemma: str
    parts: tuple[str, ...]


class Rules(NamedTuple):
    """How a language makes compounds.

    Args:
        first: The lemma of a form that may stand before another part; None: it may not.
        least_first: Letters that such a part has at least.
        least_last: Letters of the last part at least, as it stands.
        least_lemma: And of its lemma.
    never_last: Lemmas that look like words and are endings.
    never_first: Forms that look like words and are prefixes.
    """

    first: Callable[[str, Lemma], str | None]
    least_first: int
    least_last: int
    least_lemma: int
    never_last: frozenset[str] = frozenset()
    never_first: frozenset[str] = frozenset()

    @property
    def for_known_words(self) -> "Rules":
        """The rules for words that the dictionary has."""
        return self._replace(least_first=4)

    def first_of(self, form: str, lemma: Lemma) -> str | None:
        """The lemma of the first part of a word."""
        return None if form in self.never_first else self.first(form, lemma)


LONG_WORD = 10
"""Letters of a word from which on it is taken apart although the dictionary has it."""

SHORT_WORD = 6
"""And those of a Finnish one that is taken apart into two words as they are."""

_SHORT_PART = 3


def take_apart(word: str, lemma: Lemma, rules: Rules) -> Compound | None:
    """Take a word apart: into as few parts as can be, with the longest last part."""
    longer: Compound | None = None
    for place in range(rules.least_first, len(word) - rules.least_last + 1):
        last = lemma(word[place:])
        if last is None or len(last) < rules.least_lemma or last in rules.never_last:
            continue
        first = rules.first_of(word[:place], lemma)
        if first:
            return Compound(word[:place] + last, (first, last))
        if longer is None:
            pair = _pair(word[:place], lemma, rules)
            longer = Compound(word[:place] + last, (*pair, last)) if pair else None
    return longer


def take_short_apart(word: str, lemma: Lemma) -> Compound | None:
    """Take a Finnish lemma of few letters apart into two words, with the longer last part."""
    if word in WHOLE:
        return None
    for place in range(_SHORT_PART, len(word) - _SHORT_PART + 1):
        form, last = word[:place], word[place:]
        if not _is_part(form) or not _is_part(last) or last in NEVER_LAST_IN_SHORT:
            continue
        first = FINNISH.first_of(form, lemma) if lemma(last) == last else None
        if first and last not in FINNISH.never_last:
            return Compound(word, (first, last))
    return None


def _is_part(form: str) -> bool:
    return len(form) > _SHORT_PART or form in SHORT_PARTS


def _pair(form: str, lemma: Lemma, rules: Rules) -> tuple[str, str] | None:
    least = rules.least_first
    for place in range(least, len(form) - least + 1):
        one = rules.first_of(form[:place], lemma)
        other = one and rules.first_of(form[place:], lemma)
        if one and other:
            return one, other
    return None


def _finnish_first(form: str, lemma: Lemma) -> str | None:
    """A nominative, a genitive, or the short form of an adjective (*nais*, *ihmis*)."""
    found = lemma(form)
    if found is not None and (found == form or form.endswith("n")):
        return found
    if form.endswith("s") and lemma(f"{form[:-1]}nen") == f"{form[:-1]}nen":
        return f"{form[:-1]}nen"
    return None


def _swedish_first(form: str, lemma: Lemma) -> str | None:
    """A word as it is, with -s, or without its final -a, which may have become another vowel."""
    if lemma(form) == form:
        return form
    candidates = [f"{form}a"]
    if len(form) > 3 and form[-1] == "s":
        candidates.insert(0, form[:-1])
    if len(form) > 4 and form[-1] in "oue":
        candidates.append(f"{form[:-1]}a")
    return next((each for each in candidates if len(each) > 3 and lemma(each) == each), None)


FINNISH = Rules(
    _finnish_first,
    least_first=3,
    least_last=4,
    least_lemma=3,
    never_last=NEVER_LAST["fi"],
    never_first=NEVER_FIRST["fi"],
)
SWEDISH = Rules(
    _swedish_first,
    least_first=3,
    least_last=4,
    least_lemma=4,
    never_last=NEVER_LAST["sv"],
    never_first=NEVER_FIRST["sv"],
)
