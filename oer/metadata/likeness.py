"""How alike two descriptions are, and the keys by which likely copies find each other.

Two steps, so that the cost stays near linear. :func:`keys` gives each description a dozen short
keys; only descriptions that share one are compared. :func:`likeness` then looks closely and says
why. Both are pure, and neither decides: a curator does.

Here is the comparison as a whole; titles are in ``likeness_titles``, keys in ``likeness_keys``.

What a newcomer would get wrong: "Matematiikka 1" and "Matematiikka 2" are nearly the same text and
surely different resources, so every number must agree; a *replaced* word makes another title
(summer, winter), a *misspelt* one does not; and a translation is a resource of its own.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from rapidfuzz import fuzz

from oer.metadata.likeness_keys import (
    LONGEST_KEY,
    TITLE_KEY,
    WEAK_KEY,
    identifier_keys,
    keys,
    keys_of_identifiers,
)
from oer.metadata.likeness_titles import (
    WORD,
    Title,
    fold_letters,
    read_title,
    title_likeness,
    titles_of,
)
from oer.metadata.resource_metadata import Agent, ResourceMetadata

__all__ = [
    "LONGEST_KEY",
    "REASONS",
    "TITLE_KEY",
    "WEAK_KEY",
    "Kind",
    "Likeness",
    "Reason",
    "Sketch",
    "identifier_keys",
    "keys",
    "likeness",
    "read_title",
    "title_likeness",
]

MOST_NAMES = 8

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


class Sketch:
    """What of a description is compared, each part made ready when it is first asked for.

    Most comparisons end at the titles, so the rest is seldom needed; the description itself is
    not kept.
    """

    def __init__(self, metadata: ResourceMetadata) -> None:
        self.titles = titles_of(metadata)
        self._creator, self._publisher = metadata.creator, metadata.publisher
        self._language = metadata.language
        self._landing_page, self._identifiers = metadata.landing_page, metadata.identifiers

    @cached_property
    def identifiers(self) -> frozenset[str]:
        """Keys of the identifiers."""
        return frozenset(keys_of_identifiers(self._landing_page, self._identifiers))

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


def _closest(ones: tuple[Title, ...], others: tuple[Title, ...]) -> _Close | None:
    found = (
        _Close(*close, one.telling and other.telling)
        for one in ones
        for other in others
        if (close := title_likeness(one, other))
    )
    return max(found, key=lambda close: close.score, default=None)


# Creators, languages, and all together ------------------------------------------------------------


def _names(agents: Iterable[Agent]) -> dict[str, frozenset[str]]:
    named = ((agent.name, frozenset(WORD.findall(fold_letters(agent.name)))) for agent in agents)
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
