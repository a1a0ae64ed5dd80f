"""How alike two descriptions are, and the keys by which likely copies find each other.

Two steps, so that the cost stays near linear. :func:`keys` gives each description a dozen short
keys; only descriptions that share one are compared. :func:`likeness` then looks closely and says
why. Both are pure, and neither decides: a curator does.

What a newcomer would get wrong: "Matematiikka 1" and "Matematiikka 2" are nearly the same text and
surely different resources, so every number must agree; a *replaced* word makes another title
(summer, winter), a *misspelt* one does not; and a translation is a resource of its own.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations, product
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from oer.metadata.identifiers import UNREGISTERED_HANDLE, dedup_key, is_private_host
from oer.metadata.resource_metadata import Agent, ResourceMetadata

TITLE_KEY = "title:"
"""What keys made of a title begin with; all others are identifiers."""

LONGEST_KEY = 200
MOST_TITLES = 4
MOST_NAMES = 8
MOST_IDENTIFIERS = 20
MOST_WORDS = 40
LONGEST_TITLE = 500
TELLING_WORDS = 4
"""Words of a title that keys are made of: the longest, which tend to be the rarest."""

SAME_IDENTIFIER = 0.97
UNLIKE_TITLES = {"url": 0.7, "isbn": 0.7}
"""Same identifier, different titles. Chapters share the ISBN of their book and parts the page of
their course, so those two say less than a DOI or URN does (:data:`UNLIKE_TITLES_OTHERWISE`)."""
UNLIKE_TITLES_OTHERWISE = 0.85
UNKNOWN_CREATOR = 0.87
SAME_PUBLISHER = 0.95
"""One of them, or both, name a publisher only."""
SHORT_TITLE = 0.9
"""A creator may well have made two resources called "Introduction"."""
UNKNOWN_LANGUAGE = 0.96
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
_WORD = re.compile(r"[^\W\d_]+|\d+")
_HOME_PAGE = re.compile(r"url:[^/?#]+(?:/(?:index\.\w+|home|[a-z]{2}))?$")

Kind = Literal["identifier", "title"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two descriptions may be of one resource, or a doubt about it.

    Args:
        code: One of :data:`REASONS`; the web translates it.
        value: What agrees, where there is something to show.
    """

    code: str
    value: str = ""

    def __str__(self) -> str:
        return f"{REASONS[self.code]} {self.value}".rstrip()


REASONS = {
    "same_doi": "same DOI",
    "same_isbn": "same ISBN",
    "same_urn": "same URN",
    "same_handle": "same handle",
    "same_ark": "same ARK",
    "same_oai": "same OAI identifier",
    "same_url": "same address",
    "same_title": "same title",
    "close_title": "titles differ in spelling only",
    "subtitle": "same title, one with more words",
    "same_creator": "same creator",
    "same_publisher": "same publisher",
    "same_language": "same language",
    "titles_differ": "but the titles differ",
    "languages_differ": "but the languages differ",
    "creator_unknown": "creator not known for both",
    "language_unknown": "language not known for both",
}
"""Codes and what they say in English."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likely two descriptions are of one resource, 0 to 1, and why."""

    score: float
    reasons: tuple[Reason, ...]
    kinds: frozenset[Kind]
    """What it was found by: a shared identifier, a close title, or both."""


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
        return len(self.words) > 1 and len(self.squashed) >= 12


@dataclass(frozen=True, slots=True)
class Sketch:
    """What of a description is compared."""

    identifiers: frozenset[str]
    titles: tuple[Title, ...]
    creators: dict[str, frozenset[str]]
    """Names of the creators to the words in them."""
    publishers: dict[str, frozenset[str]]
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Close:
    """The closest of two resources' titles."""

    score: float
    code: str
    telling: bool


def keys(metadata: ResourceMetadata) -> set[str]:
    """The keys that copies of the resource share at least one of. A dozen or so, all short."""
    found = set(identifier_keys(metadata))
    surnames = [name for name in map(_surname, metadata.creator[:2]) if name]
    for title in _titles(metadata):
        if title.words or title.numbers:
            found.update(_title_key(*parts) for parts in _title_parts(title, surnames))
    return found


def identifier_keys(metadata: ResourceMetadata) -> Iterator[str]:
    """Normalised identifiers and landing page, less what cannot tell resources apart.

    Left out: a site's home page, addresses on private networks, and handles under DSpace's default
    prefix, which every repository counts for itself.
    """
    for identifier in (metadata.landing_page, *metadata.identifiers[:MOST_IDENTIFIERS]):
        key = dedup_key(identifier) if identifier else None
        if key is None or key.startswith(f"handle:{UNREGISTERED_HANDLE}"):
            continue
        if key.startswith("url:") and (
            _HOME_PAGE.match(key) or is_private_host(f"http://{key[4:]}")
        ):
            continue
        yield key if len(key) <= LONGEST_KEY else f"{key[:160]}#{_digest(key)}"


def sketch(metadata: ResourceMetadata) -> Sketch:
    """What :func:`likeness` looks at, made once for many comparisons."""
    languages = (term.id.partition("-")[0].lower() for term in metadata.language if term.id)
    return Sketch(
        identifiers=frozenset(identifier_keys(metadata)),
        titles=_titles(metadata),
        creators=_names(metadata.creator),
        publishers=_names(metadata.publisher),
        languages=frozenset(languages) - {"mul", "zxx", "und"},
    )


def likeness(one: Sketch, other: Sketch, ignored: Collection[str] = ()) -> Likeness | None:
    """How alike two descriptions are; None where nothing speaks for one resource.

    ``ignored`` are identifiers that too many resources share to mean anything.
    """
    shared = sorted((one.identifiers & other.identifiers).difference(ignored))
    title = _closest(one.titles, other.titles)
    if shared:
        return _by_identifier(one, other, shared, title)
    return _by_title(one, other, title) if title else None


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
        tail=_fold((tail[1] or tail[2]) if tail else ""),
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


# Keys ---------------------------------------------------------------------------------------------


def _title_parts(title: Title, surnames: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """What keys are made of, by family. The numbers of the title go into every one of them."""
    main = title.words[: title.main] or title.words
    squashed = "".join(main)
    yield "whole", squashed, *title.numbers
    telling = sorted(set(main), key=lambda word: (-len(word), word))[:TELLING_WORDS]
    for pair in combinations(sorted(telling), 2):
        yield "pair", *pair, *title.numbers
    if len(telling) <= 2:
        # One misspelt letter leaves the first or the second half as it was. The length may be one
        # off, so each half comes in both lengths.
        for half in {(len(squashed) - 1) // 2, len(squashed) // 2}:
            if half >= 3:
                yield "begin", squashed[:half], *title.numbers
                yield "end", squashed[-half:], *title.numbers
    # Where a title's words are too common to tell, its creator's name beside them is not.
    for surname in surnames:
        for word in {main[0], telling[0]} if main else ():
            yield "creator", surname, word[:4], *title.numbers


def _title_key(*parts: str) -> str:
    return TITLE_KEY + _digest("\0".join(parts))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _surname(agent: Agent) -> str:
    """The part of a name that spellings of it most often share."""
    name = agent.family_name or agent.name
    before_comma, comma, _ = name.partition(",")
    words = _WORD.findall(_fold(before_comma if comma else name))
    return words[-1] if words else ""


# Titles -------------------------------------------------------------------------------------------


def _titles(metadata: ResourceMetadata) -> tuple[Title, ...]:
    texts = dict.fromkeys(title.text for title in metadata.title[:MOST_TITLES])
    return tuple(dict.fromkeys(map(read_title, texts)))


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
    tokens = _WORD.findall(_without_accents(text))
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


def _fold(text: str) -> str:
    return _without_accents(text).casefold().translate(_LETTERS)


def _closest(ones: tuple[Title, ...], others: tuple[Title, ...]) -> _Close | None:
    found = (
        _Close(*close, one.telling and other.telling)
        for one in ones
        for other in others
        if (close := title_likeness(one, other))
    )
    return max(found, key=lambda close: close.score, default=None)


def _unmatched(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[list[str], list[str], int]:
    """The words of each that the other lacks, and how many letters the rest differ in."""
    left = list((Counter(one) - Counter(other)).elements())
    right = list((Counter(other) - Counter(one)).elements())
    edits = 0
    for word in tuple(left):
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


# Creators, languages, and all together ------------------------------------------------------------


def _names(agents: Iterable[Agent]) -> dict[str, frozenset[str]]:
    named = ((agent.name, frozenset(_WORD.findall(_fold(agent.name)))) for agent in agents)
    return {name: words for name, words in list(named)[:MOST_NAMES] if words}


def _same_name(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two names may be one: in any order, with initials, or with a letter misspelt."""
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    shared = shorter & longer
    if any(len(word) > 2 for word in shared):
        initials = {word[0] for word in longer - shared}
        rest = shorter - shared
        if rest and all(_abbreviated(word, longer - shared, initials) for word in rest):
            return True
        # "Maija Virtanen" and "Maija Liisa Virtanen"; but "Virtanen" alone is no one's name.
        if not rest and len(shorter) > 1:
            return True
    return fuzz.ratio(" ".join(sorted(one)), " ".join(sorted(other))) >= 92


def _abbreviated(word: str, others: frozenset[str], initials: set[str]) -> bool:
    return word in initials if len(word) == 1 else word[0] in others


def _shared_name(ones: dict[str, frozenset[str]], others: dict[str, frozenset[str]]) -> str | None:
    for name, one in ones.items():
        if any(_same_name(one, other) for other in others.values()):
            return name
    return None


def _creator(one: Sketch, other: Sketch) -> tuple[float, Reason] | None:
    """What the creators say; None where they are known and differ."""
    if one.creators and other.creators:
        name = _shared_name(one.creators, other.creators)
        return (1.0, Reason("same_creator", name)) if name else None
    name = _shared_name(one.creators or one.publishers, other.creators or other.publishers)
    if name:
        return SAME_PUBLISHER, Reason("same_publisher", name)
    return UNKNOWN_CREATOR, Reason("creator_unknown")


def _language(one: Sketch, other: Sketch) -> tuple[float, Reason] | None:
    """What the languages say; None where they are known and differ: it is a translation."""
    if not one.languages or not other.languages:
        return UNKNOWN_LANGUAGE, Reason("language_unknown")
    shared = sorted(one.languages & other.languages)
    return (1.0, Reason("same_language", ", ".join(shared))) if shared else None


def _by_identifier(one: Sketch, other: Sketch, shared: list[str], title: _Close | None) -> Likeness:
    schemes = [key.partition(":")[0] for key in shared]
    reasons = [
        Reason(f"same_{scheme}", key if scheme in ("urn", "ark", "oai") else key.partition(":")[2])
        for scheme, key in zip(schemes, shared, strict=True)
    ]
    kinds: set[Kind] = {"identifier"}
    score = SAME_IDENTIFIER
    if title:
        kinds.add("title")
        reasons.append(Reason(title.code))
        score = max(score, title.score)
    elif one.titles and other.titles:
        score = max(UNLIKE_TITLES.get(scheme, UNLIKE_TITLES_OTHERWISE) for scheme in schemes)
        reasons.append(Reason("titles_differ"))
    if _language(one, other) is None:
        score = min(score, UNLIKE_TITLES_OTHERWISE)
        reasons.append(Reason("languages_differ"))
    return Likeness(round(score, 3), tuple(reasons), frozenset(kinds))


def _by_title(one: Sketch, other: Sketch, title: _Close) -> Likeness | None:
    creator = _creator(one, other)
    language = _language(one, other)
    if creator is None or language is None:
        return None
    if creator[1].code != "same_creator" and not title.telling:
        return None
    score = title.score * creator[0] * language[0] * (1.0 if title.telling else SHORT_TITLE)
    return Likeness(
        round(score, 3), (Reason(title.code), creator[1], language[1]), frozenset({"title"})
    )
