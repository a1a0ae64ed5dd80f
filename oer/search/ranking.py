"""What a word in a document is worth: BM25F with the document's part worked out when it is indexed.

A document's share of the formula (how often, in which class of text, how long that text is)
becomes one byte per word, its *impact*, on a logarithmic scale. Lengths are measured against
fixed typical lengths and not against the collection's average: impacts then never grow old, and
merging two indexes changes no score.

Two things besides the words have a say, both of them little:

- Recency. The newest document gets :data:`NUDGE` more than it would, one that was changed
  :data:`HALF_LIFE` earlier half of that, and so on: of two equally good ones the newer comes first,
  but no old document that is clearly better falls behind.
- Quality. Scores are compared to two decimals; equal ones come in the order of ``quality``, then
  newest first.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain
from math import exp2, log, log2
from typing import NamedTuple

from oer.search.analysis import LAYERS, analyse, fold


class TextClass(NamedTuple):
    """How much the words of a class of texts weigh, and how many words are typical for it."""

    weight: float
    typical_length: float


CLASSES = {
    "title": TextClass(6.0, 8),
    "keyword": TextClass(3.5, 12),
    "author": TextClass(2.0, 6),
    "description": TextClass(1.0, 80),
    "other": TextClass(0.5, 8),
}
CLASS_BIT = {name: 1 << position for position, name in enumerate(CLASSES)}

PREFIX = "prefix"
"""A further layer: the beginnings of the words of titles, folded, for suggestions while typing."""

PREFIX_LENGTHS = range(2, 9)

POSTED = (*LAYERS, PREFIX)
"""All layers that have postings."""

LAYER_WEIGHT = {"exact": 1.0, "lemma": 0.7, "folded": 0.3, "part": 0.2, PREFIX: 1.0}
"""How much a word found in a layer is worth beside the exact word."""

LEAST_RARITY = 0.2
"""What a word is worth that nearly every document has: a title with it still comes before a mere
mention. That is how *matematiikka* must work in a catalogue of mathematics."""

NUDGE = 0.05
HALF_LIFE = 365 * 24 * 3600.0
DECIMALS = 100
"""Scores are compared as whole numbers of hundredths."""

K1 = 1.2
B = 0.6

_STEPS = 24
"""Steps of the impact scale per doubling: one step is 3 per cent."""
_ONE = 140
"""The step that stands for 1.0; the scale reaches from 0.018 to 28."""

END_OF_TEXT = b"\n"
END_OF_CLASS = b"\0"


TITLE = CLASS_BIT["title"]
ALL_CLASSES = sum(CLASS_BIT.values())
CLASS_BITS = 8
"""A posting is one number: the impact above, the bits of the classes below."""


class Weighed(NamedTuple):
    """A document's words.

    ``layers`` has a posting per layer and token: ``impact << CLASS_BITS | bits of classes``.
    ``sequence`` holds the exact tokens in their order, for phrases: every token between spaces,
    every text ended by ``END_OF_TEXT``, every class by ``END_OF_CLASS``.
    """

    layers: dict[str, dict[str, int]]
    sequence: bytes


Texts = Mapping[str, tuple[tuple[str, str | None], ...]]


def weigh(texts: Texts) -> Weighed:
    """Work out the postings of a document."""
    worth: dict[str, dict[str, float]] = {layer: {} for layer in POSTED}
    places: dict[str, dict[str, int]] = {layer: {} for layer in POSTED}
    sequence = []
    for name, (weight, typical_length) in CLASSES.items():
        analysed = [analyse(text, language) for text, language in texts.get(name, ())]
        exact = [" ".join(tokens["exact"]) for tokens in analysed]
        sequence.append("".join(f" {text} \n" for text in exact if text))
        length = sum(len(tokens["exact"]) for tokens in analysed)
        share = weight / (1 - B + B * length / typical_length)
        bit = CLASS_BIT[name]
        for layer in POSTED if bit == TITLE else LAYERS:
            value, place = worth[layer], places[layer]
            if layer == PREFIX:
                counts = Counter(prefixes(tokens["exact"] for tokens in analysed))
            else:
                counts = Counter(chain.from_iterable(tokens[layer] for tokens in analysed))
            for token, count in counts.items():
                value[token] = value.get(token, 0.0) + count * share
                place[token] = place.get(token, 0) | bit
    layers = {layer: _postings(worth[layer], places[layer]) for layer in POSTED}
    return Weighed(layers, "\0".join(sequence).encode())


def prefixes(texts: Iterable[list[str]]) -> list[str]:
    """The beginnings of the words of these texts."""
    words = (fold(token) for tokens in texts for token in tokens)
    return [word[:n] for word in words for n in PREFIX_LENGTHS if n <= len(word)]


def _postings(worth: dict[str, float], places: dict[str, int]) -> dict[str, int]:
    return {token: impact(value) << CLASS_BITS | places[token] for token, value in worth.items()}


@lru_cache(maxsize=4096)
def impact(value: float) -> int:
    """The byte for a weighted frequency; never 0, which means absent."""
    return max(1, min(255, round(_ONE + _STEPS * log2(value))))


def _saturated(step: int) -> float:
    frequency = exp2((step - _ONE) / _STEPS)
    return frequency * (K1 + 1) / (frequency + K1)


SATURATED = (0.0, *(_saturated(step) for step in range(1, 256)))
"""What an impact contributes to a score, before the rarity of the word."""


def _weakened(weight: float) -> bytes:
    steps = round(-_STEPS * log2(weight))
    return bytes([0, *(max(1, step - steps) for step in range(1, 256))])


WEAKENED = {layer: _weakened(weight) for layer, weight in LAYER_WEIGHT.items()}
"""Layer to a ``bytes.translate`` table that takes an impact to what it is worth in that layer."""


def rarity(found: int, documents: int) -> float:
    """Inverse document frequency, as BM25 has it, and not below :data:`LEAST_RARITY`."""
    return max(LEAST_RARITY, log(1 + (documents - found + 0.5) / (found + 0.5)))


def nudges(updated: Iterable[float], newest: float) -> list[float]:
    """What the scores of documents are multiplied with for recency, and to make hundredths of them.

    Args:
        updated: When each document was last changed, in seconds.
        newest: When the newest document of the index was. Not the time of the search: the same
            index must always answer the same.
    """
    return [DECIMALS * (1 + NUDGE * exp2((each - newest) / HALF_LIFE)) for each in updated]
