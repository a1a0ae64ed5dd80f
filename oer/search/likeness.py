"""More like this: the words that tell most of a document, and what else has them.

Words of the title and keywords count more than those of the description, rare words more than
common ones, and words that say nothing of a subject not at all. A document is like another when it
shares some of them (:class:`Way`), and when these are no small part of what the other is about.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import nlargest
from typing import NamedTuple

from oer.search.analysis import UNKNOWN, forms
from oer.search.function_words import FUNCTION_WORDS
from oer.search.index import Hit
from oer.search.query import Word
from oer.search.ranking import CLASSES, END_OF_CLASS, rarity

MOST_WORDS = 12
"""Words by which likeness is judged."""

LEAST = 0.16
"""Of what a document itself would score for its telling words, how much one like it does at least.
Judged by hand over the sample providers: below it, hardly one in three made sense."""

TELLS_LITTLE = 1000
"""A word that more documents have tells little of any. It also bounds the work: what a large
catalogue has in common with a document is never looked through."""

_LOOKED_AT = {"title": 30, "keyword": 40, "description": 60}
"""Words of a class that are looked at, from its beginning."""

Written = Mapping[Word, tuple[str, ...]]
"""Words with the classes of texts they stand in, the heaviest first."""


def words_of(sequence: bytes) -> Written:
    """The words of a document that say something.

    Args:
        sequence: Its exact tokens (``Weighed.sequence``).
    """
    found: dict[Word, tuple[str, ...]] = {}
    known: dict[str, Word] = {}
    for name, text in zip(CLASSES, sequence.decode().split(END_OF_CLASS.decode()), strict=True):
        for token in text.split()[: _LOOKED_AT.get(name, 0)]:
            form = forms(token, UNKNOWN)
            names = (form.exact, *form.lemma)
            # One letter or digit tells nothing; one ideograph is a word.
            if (len(token) == 1 and token.isascii()) or not FUNCTION_WORDS.isdisjoint(names):
                continue
            # *Kasvin* and *kasvit* are one word, not two that are shared.
            word = next((known[each] for each in names if each in known), None)
            if word is None:
                word = Word((("exact", form.exact), *(("lemma", each) for each in form.lemma)))
            for each in names:
                known.setdefault(each, word)
            if name not in found.setdefault(word, ()):
                found[word] += (name,)
    return found


class Way(NamedTuple):
    """One way of being alike.

    Args:
        shared: How many of the words both have, at least.
        places: Words with the class of texts of the other where one of these must stand.
    """

    shared: int
    places: tuple[tuple[Word, str], ...]


def ways(words: Iterable[Word], written: Written) -> tuple[Way, ...]:
    """How a document may be like the one with these words.

    A word of both titles may be *steps* or *cards*; one that is a keyword of either is not.
    """
    titles, keywords = [], []
    for word in words:
        if "title" in written[word]:
            titles.append((word, "title"))
        if "keyword" in written[word]:
            keywords.append((word, "title"))
        if "title" in written[word] or "keyword" in written[word]:
            keywords.append((word, "keyword"))
    return Way(2, tuple(keywords)), Way(3, tuple(titles))


def like_enough(hits: Sequence[Hit], id_: int, limit: int) -> tuple[Hit, ...]:
    """Those of the hits that score enough, without the document itself.

    Args:
        hits: What is like a document and the document itself, the best first: mostly itself.
        id_: The document.
        limit: How many at most.
    """
    least = LEAST * max((hit.score for hit in hits), default=0.0)
    return tuple(hit for hit in hits if hit.id != id_ and hit.score >= least)[:limit]


def telling(
    written: Written,
    found: Callable[[Word], int],
    documents: int,
    at_least: Callable[[Word], int] = lambda word: 0,
) -> list[Word]:
    """The words that tell most: heavy and rare, but not in one document alone.

    Args:
        written: Its words.
        found: How many documents have a word.
        documents: How many there are.
        at_least: A number that ``found`` does not fall below, where that is cheaper to know. Most
            words are common, and need not be counted then.
    """
    weights = {word: CLASSES[classes[0]].weight for word, classes in written.items()}
    too_many = max(2, min(documents // 4, TELLS_LITTLE))
    most = {
        word: weight * rarity(max(2, least), documents)
        for word, weight in weights.items()
        if (least := at_least(word)) <= too_many
    }
    worth: dict[Word, float] = {}
    best: list[float] = []
    for word in sorted(most, key=lambda each: most[each], reverse=True):
        if len(best) == MOST_WORDS and most[word] < best[0]:
            break
        if 1 < (count := found(word)) <= too_many:
            worth[word] = weights[word] * rarity(count, documents)
            best = nlargest(MOST_WORDS, [*best, worth[word]])[::-1]
    # Of equals the one that stands first in the document.
    ranked = sorted((word for word in weights if word in worth), key=lambda each: -worth[each])
    return ranked[:MOST_WORDS]
