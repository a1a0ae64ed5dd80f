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
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import combinations, product
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from oer.metadata.identifiers import UNREGISTERED_HANDLE, dedup_key, is_private_host
from oer.metadata.resource_metadata import Agent, Identifier, ResourceMetadata

TITLE_KEY, WEAK_KEY = "title:", "weak:"
"""What keys made of a title begin with; all others are identifiers. Two resources are worth
comparing when they share a key, or two keys where all that they share are weak ones."""

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
        return _tells(self.words)


class Sketch:
    """What of a description is compared, each part made ready when it is first asked for.

    Most comparisons end at the titles, so the rest is seldom needed; the description itself is
    not kept.
    """

    def __init__(self, metadata: ResourceMetadata) -> None:
        self.titles = _titles(metadata)
        self._creator, self._publisher = metadata.creator, metadata.publisher
        self._language = metadata.language
        self._landing_page, self._identifiers = metadata.landing_page, metadata.identifiers

    @cached_property
    def identifiers(self) -> frozenset[str]:
        """Keys of the identifiers."""
        return frozenset(_identifier_keys(self._landing_page, self._identifiers))

    @cached_property
    def creators(self) -> dict[str, frozenset[str]]:
        """Names of the creators to the words in them."""
        return _names(self._creator)

    @cached_property
    def publishers(self) -> dict[str, frozenset[str]]:
        """Names of the publishers to the words in them."""
        return _names(self._publisher)

    @cached_property
    def languages(self) -> frozenset[str]:
        """Languages without their regions, as far as they are known."""
        tags = (term.id.partition("-")[0].lower() for term in self._language if term.id)
        return frozenset(tags) - {"mul", "zxx", "und"}


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
            found.update(_title_keys(title, surnames))
    return found


def identifier_keys(metadata: ResourceMetadata) -> Iterator[str]:
    """Normalised identifiers and landing page, less what cannot tell resources apart.

    Left out: a site's home page, addresses on private networks, and handles under DSpace's default
    prefix, which every repository counts for itself.
    """
    return _identifier_keys(metadata.landing_page, metadata.identifiers)


def likeness(
    one: Sketch, other: Sketch, ignored: Collection[str] = (), *, by_identifier: bool = True
) -> Likeness | None:
    """How alike two descriptions are; None where nothing speaks for one resource.

    Args:
        ignored: Identifiers that too many resources share to mean anything.
        by_identifier: False where it is known that they share no identifier, to save the look.
    """
    title = _closest(one.titles, other.titles)
    if by_identifier:
        shared = sorted((one.identifiers & other.identifiers).difference(ignored))
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


def _identifier_keys(
    landing_page: str | None, identifiers: tuple[Identifier, ...]
) -> Iterator[str]:
    for identifier in (landing_page, *identifiers[:MOST_IDENTIFIERS]):
        key = dedup_key(identifier) if identifier else None
        if key is None or key.startswith(f"handle:{UNREGISTERED_HANDLE}"):
            continue
        if key.startswith("url:") and (
            _HOME_PAGE.match(key) or is_private_host(f"http://{key[4:]}")
        ):
            continue
        yield key if len(key) <= LONGEST_KEY else f"{key[:160]}#{_digest(key)}"


def _title_keys(title: Title, surnames: Iterable[str]) -> Iterator[str]:
    """The keys of a title. Its numbers go into every one of them."""
    main = title.words[: title.main] or title.words
    alone = main if _tells(main) else title.words if title.telling else ()
    numbers = title.numbers
    if alone or not main:
        yield _key(TITLE_KEY, "whole", "".join(alone), *numbers)
    telling = _telling_words(alone)
    # Of four words, three are left when one is misspelt: still three pairs.
    for pair in combinations(sorted(telling), 2):
        yield _key(WEAK_KEY, "pair", *pair, *numbers)
    if len(telling) < TELLING_WORDS:
        # Of fewer, the others are left, and the beginning or the end of the misspelt one.
        for word in telling:
            others = sorted(set(telling) - {word})
            yield _key(TITLE_KEY, "begin", word[:3], *others, *numbers)
            yield _key(TITLE_KEY, "end", word[-2:], *others, *numbers)
    # A short title tells nothing without its creator; one of common words tells more with it.
    strength = WEAK_KEY if main is alone else TITLE_KEY
    words = {main[0], *_telling_words(main)[:1]} if main else ()
    for surname in surnames:
        for word in words:
            yield _key(strength, "creator", surname, word[:4], *numbers)
            if strength is TITLE_KEY:
                yield _key(strength, "creator end", surname, word[-4:], *numbers)


def _telling_words(words: Iterable[str]) -> list[str]:
    return sorted(set(words), key=lambda word: (-len(word), word))[:TELLING_WORDS]


def _tells(words: Sequence[str]) -> bool:
    """Whether two resources would hardly have these words for a title by chance."""
    return len(words) > 1 and sum(map(len, words)) >= 12


def _key(prefix: str, *parts: str) -> str:
    return prefix + _digest("\0".join(parts))


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
