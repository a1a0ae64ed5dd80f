"""The keys by which likely copies find each other: a dozen short ones for each description."""

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import combinations

from oer.metadata.identifiers import UNREGISTERED_HANDLE, dedup_key, is_private_host
from oer.metadata.likeness_titles import WORD, Title, fold_letters, tells, titles_of
from oer.metadata.resource_metadata import Agent, Identifier, ResourceMetadata

TITLE_KEY, WEAK_KEY = "title:", "weak:"
"""What keys made of a title begin with; all others are identifiers. Two resources are worth
comparing when they share a key, or two keys where all that they share are weak ones."""

LONGEST_KEY = 200
MOST_IDENTIFIERS = 20
TELLING_WORDS = 4
"""Words of a title that keys are made of: the longest, which tend to be the rarest."""

_HOME_PAGE = re.compile(r"url:[^/?#]+(?:/(?:index\.\w+|home|[a-z]{2}))?$")


def keys(metadata: ResourceMetadata) -> set[str]:
    """The keys that copies of the resource share at least one of. A dozen or so, all short."""
    found = set(identifier_keys(metadata))
    surnames = [name for name in map(_surname, metadata.creator[:2]) if name]
    for title in titles_of(metadata):
        if title.words or title.numbers:
            found.update(_title_keys(title, surnames))
    return found


def identifier_keys(metadata: ResourceMetadata) -> Iterator[str]:
    """Normalised identifiers and landing page, less what cannot tell resources apart.

    Left out: a site's home page, addresses on private networks, and handles under DSpace's default
    prefix, which every repository counts for itself.
    """
    return keys_of_identifiers(metadata.landing_page, metadata.identifiers)


def keys_of_identifiers(
    landing_page: str | None, identifiers: tuple[Identifier, ...]
) -> Iterator[str]:
    """What :func:`identifier_keys` gives, from the two elements alone."""
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
    alone = main if tells(main) else title.words if title.telling else ()
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


def _key(prefix: str, *parts: str) -> str:
    return prefix + _digest("\0".join(parts))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _surname(agent: Agent) -> str:
    """The part of a name that spellings of it most often share."""
    name = agent.family_name or agent.name
    before_comma, comma, _ = name.partition(",")
    words = WORD.findall(fold_letters(before_comma if comma else name))
    return words[-1] if words else ""
