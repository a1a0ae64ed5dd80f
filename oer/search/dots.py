"""Finnish that was typed without its dots, as on a foreign keyboard: *tyottomyys*, *sahkoposti*.

A Finnish word has either a and o or ä and ö, so it is enough to put dots on all of them or on none.
A compound of two words may have them in one and not in the other.
"""

from collections.abc import Iterator
from functools import lru_cache

from oer.search.lemmas import is_known, lemmas

_DOTS = str.maketrans("ao", "äö")
_SHORTEST_PART = 3


@lru_cache(maxsize=1 << 10)
def meant_with_dots(word: str) -> tuple[str, ...]:
    """The lemmas of what an undotted word may be; none where it is as it should be.

    Args:
        word: In lower case.
    """
    if not word.isascii():
        return ()
    whole = word.translate(_DOTS)
    if whole == word:
        return ()
    found = lemmas(whole, "fi").lemmas
    if found or is_known(word):
        return found
    return next((found for each in _halves(word) if (found := lemmas(each, "fi").lemmas)), ())


def _halves(word: str) -> Iterator[str]:
    """The word with dots on one half, where the other half ends or begins like a word."""
    for place in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        one, other = word[:place], word[place:]
        for first, last in ((one.translate(_DOTS), other), (one, other.translate(_DOTS))):
            if first + last != word and lemmas(last, "fi").known:
                yield first + last
