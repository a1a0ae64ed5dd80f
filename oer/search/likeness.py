"""More like this: the words that tell most of a document, and what else has them.

Words of the title and keywords count more than those of the description, rare words more than
common ones. A document is like another when it shares at least two of them.
"""

from collections.abc import Callable, Mapping
from heapq import nlargest

from oer.search.analysis import UNKNOWN, forms
from oer.search.query import Word
from oer.search.ranking import CLASSES, END_OF_CLASS, rarity

MOST_WORDS = 12
"""Words by which likeness is judged."""

SHARED = 2
"""Of these, how many a document has at least to be like another."""

TELLS_LITTLE = 1000
"""A word that more documents have tells little of any. It also bounds the work: what a large
catalogue has in common with a document is never looked through."""

_LOOKED_AT = {"title": 30, "keyword": 40, "description": 60}
"""Words of a class that are looked at, from its beginning."""


def words_of(sequence: bytes) -> dict[Word, float]:
    """The words of a document and the weight of where they stand.

    Args:
        sequence: Its exact tokens (``Weighed.sequence``).
    """
    found: dict[Word, float] = {}
    for name, text in zip(CLASSES, sequence.decode().split(END_OF_CLASS.decode()), strict=True):
        for token in text.split()[: _LOOKED_AT.get(name, 0)]:
            form = forms(token, UNKNOWN)
            lemma = (("lemma", each) for each in form.lemma)
            word = Word((("exact", form.exact), *lemma))
            found[word] = max(found.get(word, 0.0), CLASSES[name].weight)
    return found


def telling(
    words: Mapping[Word, float],
    found: Callable[[Word], int],
    documents: int,
    at_least: Callable[[Word], int] = lambda word: 0,
) -> list[Word]:
    """The words that tell most: heavy and rare, but not in one document alone.

    Args:
        words: Words and their weights.
        found: How many documents have a word.
        documents: How many there are.
        at_least: A number that ``found`` does not fall below, where that is cheaper to know. Most
            words are common, and need not be counted then.
    """
    too_many = max(2, min(documents // 4, TELLS_LITTLE))
    most = {
        word: weight * rarity(max(2, least), documents)
        for word, weight in words.items()
        if (least := at_least(word)) <= too_many
    }
    worth: dict[Word, float] = {}
    best: list[float] = []
    for word in sorted(most, key=lambda each: most[each], reverse=True):
        if len(best) == MOST_WORDS and most[word] < best[0]:
            break
        if 1 < (count := found(word)) <= too_many:
            worth[word] = words[word] * rarity(count, documents)
            best = nlargest(MOST_WORDS, [*best, worth[word]])[::-1]
    # Of equals the one that stands first in the document.
    ranked = sorted((word for word in words if word in worth), key=lambda each: -worth[each])
    return ranked[:MOST_WORDS]
