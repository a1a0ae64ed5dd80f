"""Labels of licences in many languages, and how a token is compared with them.

Text and labels are folded alike (case, accents, hyphens, CamelCase), so one label in
``data/license_words.csv`` stands for many spellings. Whole tokens are compared, never substrings: a
look for ``no`` once found "unknown". A long word may have one wrong letter or two swapped.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

from oer.metadata import license_tables as tables

MARK = "\x02"
"""Stands on both sides of the number of a URI in the text; the URI itself is read apart."""

ELEMENTS = frozenset({"by", "nc", "nd", "sa"})

BREAKS = frozenset(".;!?)]")
"""Tokens over which no licence name runs on."""

OPENERS = frozenset("([")
"""Tokens that a licence name does run on over: "Attribution (unported, 3.0)"."""

Tail = tuple[tuple[str, ...], str]
"""The words of a label after its first, and what the label means."""

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|©|\x02\d+\x02|[.;!?()\[\]]")
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_UNDECOMPOSED = str.maketrans(
    {"ı": "i", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l"}
)
_LONG = 8


def fold(text: str) -> str:
    """Lower case without accents; ``ı`` is i, as Turkish types it."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def tokens_of(text: str) -> list[str]:
    """The tokens of a text: words, numbers, breaks and URI marks."""
    return _TOKEN.findall(fold(text))


@cache
def labels() -> Mapping[str, tuple[Tail, ...]]:
    """First word of a label → its tails, longest first."""
    found: dict[str, dict[tuple[str, ...], str]] = {}
    for meaning, label in _all_labels():
        for spelling in _spellings(label):
            found.setdefault(spelling[0], {}).setdefault(spelling[1:], meaning)
    return {first: _longest_first(tails) for first, tails in found.items()}


@cache
def port_labels() -> Mapping[str, tuple[Tail, ...]]:
    """First word of a jurisdiction's name → the rest of it and the port code, longest first."""
    found: dict[str, dict[tuple[str, ...], str]] = {}
    for port, names in tables.port_names().items():
        for name in (name for group in names.values() for name in group):
            words = tuple(tokens_of(name))
            found.setdefault(words[0], {})[words[1:]] = port
    return {first: _longest_first(tails) for first, tails in found.items()}


def corrected(token: str) -> str:
    """The label word that a misspelt one meant (``noncommerical``); other words stay."""
    if len(token) < _LONG - 1 or token in long_words() or token in labels():
        return token
    near = _one_letter_less()
    if token in near:
        return near[token]
    for i in range(len(token)):
        shorter = token[:i] + token[i + 1 :]
        if shorter in long_words():
            return shorter
        if len(token) >= _LONG and shorter in near:
            return near[shorter]
    return token


@cache
def long_words() -> frozenset[str]:
    """The long words in labels of Creative Commons' elements: what a misspelling may have meant."""
    return frozenset(
        word
        for meaning, label in _all_labels()
        if meaning in ELEMENTS or meaning == "cc"
        for spelling in _spellings(label)
        for word in spelling
        if len(word) >= _LONG
    )


@cache
def _one_letter_less() -> Mapping[str, str]:
    return {
        word[:i] + word[i + 1 :]: word for word in sorted(long_words()) for i in range(len(word))
    }


def _all_labels() -> Iterator[tuple[str, str]]:
    for row in tables.rows("license_words.csv"):
        for label in row["labels"].split(";"):
            yield row["meaning"], label
    for statement in tables.rights_statements().values():
        for label in statement.labels.values():
            yield f"rights:{statement.code.lower()}", label
    for license_ in tables.other_licenses().values():
        for label in license_.labels:
            yield f"other:{license_.family}", label


def _spellings(label: str) -> Iterator[tuple[str, ...]]:
    """Every way to join the words of a label: ``non commercial``, ``noncommercial``."""
    words = tuple(tokens_of(_CAMEL.sub(" ", label)))
    yield words
    if 1 < len(words) <= 4 and "".join(words).isalpha():
        for gaps in range(2 ** (len(words) - 1) - 1):
            yield tuple(_joined(words, gaps))


def _joined(words: tuple[str, ...], gaps: int) -> list[str]:
    """The words joined, save where a bit of ``gaps`` keeps them apart."""
    joined = [words[0]]
    for i, word in enumerate(words[1:]):
        if gaps >> i & 1:
            joined.append(word)
        else:
            joined[-1] += word
    return joined


def _longest_first(tails: Mapping[tuple[str, ...], str]) -> tuple[Tail, ...]:
    return tuple(sorted(tails.items(), key=lambda tail: -len(tail[0])))
