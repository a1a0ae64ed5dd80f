"""What shows why a text was found: its best part for a result page, the searched words marked."""

from collections.abc import Iterable
from functools import lru_cache

from oer.search.analysis import UNKNOWN, Span, forms, spans, words

MOST_CHARACTERS = 20_000
"""Characters of a text that are searched for the best place."""

ELLIPSIS = "…"

_MOST_WORDS = 5000
"""Words of which is kept whether a query marks them."""

Fragment = tuple[str, bool]
"""A piece of text and whether it is marked. Plain text: whoever prints it must escape it."""


def excerpt(text: str, terms: Iterable[str], length: int = 220) -> list[Fragment]:
    """The stretch of ``text`` with the most hits, cut at words, hits marked.

    Args:
        text: Any text, in any script.
        terms: ``SearchResults.terms``. A word is marked when any of its tokens is among them, so
            that every inflected form is.
        length: About how many characters to return.
    """
    flat = " ".join(text[:MOST_CHARACTERS].split())
    hits = _found(flat, terms)
    start, end = _window(flat, hits, max(1, length))
    fragments = _marked(flat, hits, start, end)
    if start:
        fragments.insert(0, (ELLIPSIS, False))
    if end < len(flat) or len(text) > MOST_CHARACTERS:
        fragments.append((ELLIPSIS, False))
    return fragments


def marked(text: str, terms: Iterable[str]) -> list[Fragment]:
    """The whole of a short text, hits marked; nothing where it has none."""
    # Most have none, which the words tell sooner than their places.
    if not any(map(_hits(frozenset(terms)).__getitem__, words(text))):
        return []
    return _marked(text, _found(text, terms), 0, len(text))


def has_hit(fragments: Iterable[Fragment]) -> bool:
    """Whether anything is marked."""
    return any(is_hit for _, is_hit in fragments)


def _found(text: str, terms: Iterable[str]) -> list[Span]:
    wanted = frozenset(terms)
    return list(spans(text, _hits(wanted).__getitem__)) if wanted else []


def _marked(text: str, hits: Iterable[Span], start: int, end: int) -> list[Fragment]:
    fragments: list[Fragment] = []
    position = start
    for hit in hits:
        if hit.start >= position and hit.end <= end:
            fragments += [(text[position : hit.start], False), (text[hit.start : hit.end], True)]
            position = hit.end
    fragments.append((text[position:end], False))
    return [(piece, is_hit) for piece, is_hit in fragments if piece]


class _Hits(dict[str, bool]):
    """Whether a word has any of the wanted tokens. The texts of a page share most words."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self._wanted = wanted

    def __missing__(self, word: str) -> bool:
        if len(self) >= _MOST_WORDS:
            self.clear()
        self[word] = found = not self._wanted.isdisjoint(_tokens(word))
        return found


@lru_cache(maxsize=8)
def _hits(wanted: frozenset[str]) -> _Hits:
    return _Hits(wanted)


@lru_cache(maxsize=1 << 15)
def _tokens(word: str) -> frozenset[str]:
    tokens = forms(word, UNKNOWN)
    return frozenset((tokens.exact, *tokens.lemma, *tokens.folded, *tokens.part))


def _window(text: str, hits: list[Span], length: int) -> tuple[int, int]:
    """Start and end of the stretch: the one with the most hits, the first of equals."""
    if len(text) <= length:
        return 0, len(text)
    start = _first_hit(hits, length)
    # A few words before the first hit say what it is about.
    start = min(max(0, start - length // 4), len(text) - length)
    end = start + length
    return _word_start(text, start), _word_end(text, end)


def _first_hit(hits: list[Span], length: int) -> int:
    best = most = first = 0
    reach = length * 3 // 4
    for last, hit in enumerate(hits):
        while hit.end - hits[first].start > reach and first < last:
            first += 1
        if last - first + 1 > most:
            most, best = last - first + 1, hits[first].start
    return best


_SLACK = 30
"""How far a cut may move to reach a space; scripts without spaces are cut where they are."""


def _word_start(text: str, start: int) -> int:
    if start == 0 or text[start - 1] == " ":
        return start
    space = text.find(" ", start, start + _SLACK)
    return start if space < 0 else space + 1


def _word_end(text: str, end: int) -> int:
    if end >= len(text) or text[end] == " ":
        return min(end, len(text))
    space = text.rfind(" ", end - _SLACK, end)
    return end if space < 0 else space
