"""Did you mean: the word of the catalogue that a word nobody wrote comes nearest to.

How near is judged as mistakes are made: a missing dot or a doubled letter is a small one, a
neighbouring key of the Finnish and Swedish keyboard a middling one, a wrong first letter a large
one. Of equally near words the more frequent is meant.

A word that is spelt right is no mistake because little was found with it. Where nothing was, it may
still be one that happens to be a word (*kissat* for *kissan*), so that only a very near and common
word is offered for it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from math import inf, log10
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from oer.search.analysis import fold, forms, spans
from oer.search.lemmas import is_known, is_right

FEW = 2
"""Documents of a word at most that may be misspelt although it was found: others may have made
the same mistake, or a stemmer may have met another word by chance."""

MUCH_MORE = 10
"""How many times more documents the right spelling of a word that occurs as it is must have."""

COMMON = 5
"""Documents that a word must have to be offered instead of one that is spelt right."""

VERY_NEAR = 0.7
"""How bad the mistake may be then: a doubled letter, a missing dot, a neighbouring key."""

SHORTEST = 4
LONGEST = 30
_JUDGED = 40
"""Candidates that are looked at closely."""

_ROWS = ("qwertyuiopå", "asdfghjklöä", "zxcvbnm")
_NEIGHBOURS = frozenset(pair for row in _ROWS for pair in pairwise(row))
_SOUNDS = frozenset(tuple(pair) for pair in ("vw", "ck", "sz", "td", "pb", "kg", "iy", "fv", "eä"))


def can_be_corrected(word: str) -> bool:
    """Whether a word is of the kind that is corrected, or offered as a correction."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


class Found(NamedTuple):
    """In how many documents a word of the query is."""

    exactly: int
    in_any_form: int
    as_name: int = 0
    """Exactly, among the authors: names are spelt as their owners want."""


def corrected(
    text: str,
    languages: tuple[str, ...],
    found: Mapping[str, Found],
    words: Callable[[], tuple[Sequence[str], Sequence[int]]],
) -> str | None:
    """The query with its misspelt words corrected; None where there is nothing to correct.

    Args:
        text: The query as typed.
        languages: What it was analysed in.
        found: Its words of which there are :data:`FEW` documents or none.
        words: Asked only when needed: the words of the catalogue, and in how many documents each
            is.
    """
    doubtful = [word for word, counts in found.items() if _is_doubtful(word, counts)]
    if not doubtful:
        return None
    known, counts = words()
    better = {word: _better(word, found[word], known, counts) for word in doubtful}
    pieces, end = [], 0
    for span in spans(text):
        right = better.get(forms(span.word, languages).exact)
        if right:
            pieces += [text[end : span.start], right]
            end = span.end
    return "".join((*pieces, text[end:])) if pieces else None


def _is_doubtful(word: str, found: Found) -> bool:
    if not can_be_corrected(word) or found.as_name:
        return False
    # What is only made of words is right for certain where somebody else has written it too.
    if found.exactly:
        return not is_right(word)
    return not (found.in_any_form and is_known(word))


def _better(word: str, found: Found, words: Sequence[str], counts: Sequence[int]) -> str | None:
    if is_known(word):
        return closest(word, words, counts, COMMON, VERY_NEAR)
    return closest(word, words, counts, found.exactly * MUCH_MORE or 1)


def closest(
    word: str,
    words: Sequence[str],
    counts: Sequence[int],
    least: int = 1,
    worst: float = inf,
) -> str | None:
    """The nearest word; None: none is near.

    Args:
        word: As typed.
        words: What it may be.
        counts: In how many documents each of them is.
        least: In how many the nearest must be.
        worst: How bad a mistake the word may be.
    """
    allowed = 1 if len(word) <= SHORTEST else 2
    near = process.extract(word, words, scorer=OSA.distance, score_cutoff=allowed, limit=None)
    candidates = [
        (distance, -counts[place], candidate)
        for candidate, distance, place in near
        if distance and counts[place] >= least
    ]
    judged = [
        (mistake - 0.2 * log10(-fewer), fewer, candidate)
        for _, fewer, candidate in sorted(candidates)[:_JUDGED]
        if (mistake := _mistake(word, candidate)) <= worst
    ]
    return min(judged)[2] if judged else None


def merged(parts: Iterable[tuple[Sequence[str], Sequence[int]]]) -> tuple[list[str], list[int]]:
    """The words of several lists, with their counts added up."""
    total: dict[str, int] = {}
    for words, counts in parts:
        for word, count in zip(words, counts, strict=True):
            total[word] = total.get(word, 0) + count
    ordered = sorted(total)
    return ordered, [total[word] for word in ordered]


def _mistake(typed: str, meant: str) -> float:
    """How bad a mistake it is to type one for the other: the cheapest way of changing it."""
    before: list[float] = []
    row = [float(place) for place in range(len(meant) + 1)]
    for i, letter in enumerate(typed, 1):
        earlier, before, row = before, row, [float(i)]
        for j, other in enumerate(meant, 1):
            cost = min(
                before[j - 1] + _substitution(letter, other),
                before[j] + _extra(typed, i - 1),
                row[j - 1] + _extra(meant, j - 1),
            )
            if i > 1 and j > 1 and letter == meant[j - 2] and typed[i - 2] == other != letter:
                cost = min(cost, earlier[j - 2] + 0.7)
            row.append(cost)
    return row[-1] + (0.5 if fold(typed[0]) != fold(meant[0]) else 0)


def _substitution(letter: str, other: str) -> float:
    if letter == other:
        return 0
    if fold(letter) == fold(other):
        return 0.3
    pairs = ((letter, other), (other, letter))
    return 0.7 if any(pair in _NEIGHBOURS or pair in _SOUNDS for pair in pairs) else 1


def _extra(word: str, place: int) -> float:
    """What a letter too many costs: less where it doubles its neighbour."""
    return 0.5 if place and word[place] == word[place - 1] else 1
