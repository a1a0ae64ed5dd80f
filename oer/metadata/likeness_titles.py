"""Titles as they are compared: read apart into words and numbers, and how close two are.

Every number must agree, words may be misspelt but not replaced, and one title may say more than
the other.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from rapidfuzz.distance import OSA

from oer.metadata.resource_metadata import ResourceMetadata

MOST_TITLES = 4
MOST_WORDS = 40
LONGEST_TITLE = 500

MISSPELT = 0.04
ANOTHER_ORDER = 0.05
COPY_TAIL = 0.03
SUBTITLE = 0.9
SUBTITLE_TO_LITTLE = 0.75
"""One has a subtitle and the title before it is too short to tell much ("Biology")."""

_CONNECTING_WORDS = """
    a an and das de der det die el en et ett i in ja la le och of on seka the to und y
"""
_CONNECTING = frozenset(_CONNECTING_WORDS.split())
"""Words that copies drop and add; they count only at the end ("Part A")."""

_ONES = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_TENS = ("", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC")
_ROMAN = {tens + ones: str(value) for value, (tens, ones) in enumerate(product(_TENS, _ONES))}
_ORDINAL_WORDS = (
    "first ensimmainen forsta erste",
    "second toinen andra zweite",
    "third kolmas tredje dritte",
    "fourth neljas fjarde vierte",
    "fifth viides femte funfte",
    "sixth kuudes sjatte sechste",
)
_ORDINALS = {
    word: str(value) for value, words in enumerate(_ORDINAL_WORDS, 1) for word in words.split()
}
"""Without accents. A second edition is not the first one."""
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "þ": "th"})
_COPY_WORD = "copy|kopio|kopia|kopie|copie|copia"
_TAIL = re.compile(
    rf"\s*(?:[(\[]\s*(\d{{1,2}}|(?:{_COPY_WORD})(?:\s*\d{{1,2}})?)\s*[)\]]|"
    rf"\s[-–—_]\s*((?:{_COPY_WORD})(?:\s*\(?\d{{1,2}}\)?)?))\s*$",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*[:;]\s+|\s+[-–—|/=]+\s+|\s*[(\[]")
WORD = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class Title:
    """A title as it is compared: words without case and accents, numbers apart."""

    words: tuple[str, ...]
    main: int
    """How many of the words stand before the subtitle."""
    numbers: tuple[str, ...]
    tail: str
    """The "(1)" or "copy" that systems put behind the title of a copy."""

    @property
    def squashed(self) -> str:
        """All words as one: spaces and hyphens come and go in compounds."""
        return "".join(self.words)

    @property
    def telling(self) -> bool:
        """Whether two resources would hardly have this title by chance."""
        return tells(self.words)


def read_title(text: str) -> Title:
    """A title taken apart for comparison."""
    text = unicodedata.normalize("NFKC", text[:LONGEST_TITLE])
    tail = _TAIL.search(text)
    if tail:
        text = text[: tail.start()]
    main, subtitle = _segments(text)
    numerals = not text.isupper()
    words, numbers = _words(main, numerals)
    more_words, more_numbers = _words(subtitle, numerals)
    return Title(
        words=(*words, *more_words)[:MOST_WORDS],
        main=min(len(words), MOST_WORDS),
        numbers=tuple(sorted(numbers + more_numbers)),
        tail=fold_letters((tail[1] or tail[2]) if tail else ""),
    )


def title_likeness(one: Title, other: Title) -> tuple[float, str] | None:
    """How close two titles are, with the code of the reason; None where they are not close."""
    if one.numbers != other.numbers or (one.tail and other.tail and one.tail != other.tail):
        return None
    if not one.words or not other.words:
        return (1.0, "same_title") if one.words == other.words and one.numbers else None
    less = COPY_TAIL if one.tail != other.tail else 0.0
    if one.squashed == other.squashed:
        return 1.0 - less, "same_title"
    left, right, edits = _unmatched(one.words, other.words)
    if left and right:
        # A compound written apart and misspelt; with as many words on both sides, one is replaced.
        edits = OSA.distance(one.squashed, other.squashed, score_cutoff=2)
        if edits > 2 or len(one.words) == len(other.words):
            return None
    elif left or right:
        extended = _extended(one, other) if left else _extended(other, one)
        return extended - less - edits * MISSPELT, "subtitle"
    elif not edits:
        return 1.0 - less - ANOTHER_ORDER, "same_title"
    return 1.0 - less - edits * MISSPELT, "close_title"


def titles_of(metadata: ResourceMetadata) -> tuple[Title, ...]:
    """The different titles of a description, the first few of them."""
    texts = dict.fromkeys(title.text for title in metadata.title[:MOST_TITLES])
    return tuple(dict.fromkeys(map(read_title, texts)))


def tells(words: Sequence[str]) -> bool:
    """Whether two resources would hardly have these words for a title by chance."""
    return len(words) > 1 and sum(map(len, words)) >= 12


def _segments(text: str) -> tuple[str, str]:
    """Title and subtitle. What comes before a separator must be more than a number."""
    for separator in _SEPARATOR.finditer(text):
        if sum(map(str.isalpha, text[: separator.start()])) >= 3:
            return text[: separator.start()], text[separator.end() :]
    return text, ""


def _words(text: str, numerals: bool) -> tuple[list[str], list[str]]:
    """Words and numbers of a part of a title; Roman numerals are numbers where case shows them."""
    words: list[str] = []
    numbers: list[str] = []
    tokens = WORD.findall(_without_accents(text))
    for place, token in enumerate(tokens, 1):
        last = place == len(tokens)
        if token.isdecimal():
            numbers.append(str(int(token)) if len(token) <= 18 else token)
        elif numerals and token in _ROMAN and (len(token) > 1 or last):
            numbers.append(_ROMAN[token])
        else:
            word = token.casefold().translate(_LETTERS)
            if word in _ORDINALS:
                numbers.append(_ORDINALS[word])
            elif last or word not in _CONNECTING:
                words.append(word)
    return words, numbers


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def fold_letters(text: str) -> str:
    """The text without case and accents."""
    return _without_accents(text).casefold().translate(_LETTERS)


def _unmatched(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[list[str], list[str], int]:
    """The words of each that the other lacks, and how many letters the rest differ in."""
    left = [word for word in one if word not in other]
    right = [word for word in other if word not in one]
    edits = 0
    for word in tuple(left) if right else ():
        distance, match = min(
            ((OSA.distance(word, each, score_cutoff=2), each) for each in right),
            default=(3, ""),
        )
        if distance <= _allowed(min(len(word), len(match))):
            left.remove(word)
            right.remove(match)
            edits += distance
    return left, right, edits


def _allowed(length: int) -> int:
    """How many letters of a word may differ: in short words each one makes another word."""
    return 0 if length <= 4 else 1 if length <= 8 else 2


def _extended(longer: Title, shorter: Title) -> float:
    """How close a title is to one that says more."""
    left, right, _ = _unmatched(longer.words[: longer.main], shorter.words)
    if not left and not right:
        telling = shorter.telling or len(shorter.squashed) >= 20
        return SUBTITLE if telling else SUBTITLE_TO_LITTLE
    return 0.6 + 0.3 * len(shorter.squashed) / len(longer.squashed)
