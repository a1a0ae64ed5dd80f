"""More like this: the words that tell most of a document, and what else has them.

Words of the title and keywords count more than those of the description, rare words more than
common ones. A document is like another when it shares at least two of them.
"""

from collections.abc import Callable, Mapping

from oer.search.analysis import UNKNOWN, forms
from oer.search.query import Word
from oer.search.ranking import CLASSES, END_OF_CLASS, rarity

MOST_WORDS = 12
"""Words by which likeness is judged."""

SHARED = 2
"""Of these, how many a document has at least to be like another."""

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
    words: Mapping[Word, float], found: Callable[[Word], int], documents: int
) -> list[Word]:
    """The words that tell most: heavy and rare, but not in one document alone.

    Args:
        words: Words and their weights.
        found: How many documents have a word.
        documents: How many there are.
    """
    worth = {}
    for word, weight in words.items():
        count = found(word)
        if 1 < count <= max(2, documents // 4):
            worth[word] = weight * rarity(count, documents)
    return sorted(worth, key=lambda word: worth[word], reverse=True)[:MOST_WORDS]
