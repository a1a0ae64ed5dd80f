"""Suggestions while typing: what the engines have in common.

Text is compared by its *key*: the exact tokens, folded, with a space between them. What was typed
matches wherever a word begins, so *kehitys* suggests *kestävä kehitys*.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from oer.metadata.vocabularies import get
from oer.search.analysis import fold, forms, words
from oer.search.index import Suggestion
from oer.search.query import Word
from oer.search.ranking import PREFIX, PREFIX_LENGTHS

LEAST = 2
"""Letters that must be typed before anything is suggested."""

CONCEPTS = ("level", "type")
"""Facets whose labels are suggested."""

LONGEST = 80
"""Characters of a keyword at most; longer ones are sentences that lost their way."""

MOST_STARTS = 5
"""Words of a keyword at whose beginning it is found."""

TITLES = 60
"""The best titles that are looked at more closely."""

Subject = tuple[str, str]
"""A keyword and its language, empty where it states none."""


def key(text: str) -> str:
    """What texts are compared by."""
    return " ".join(fold(token) for word in words(text) if (token := forms(word, ()).exact))


def prefix_words(typed: str) -> tuple[Word, ...]:
    """The words of a key, to be looked for at the beginning of the words of titles."""
    least, most = PREFIX_LENGTHS[0], PREFIX_LENGTHS[-1]
    tokens = dict.fromkeys(token[:most] for token in typed.split() if len(token) >= least)
    return tuple(Word(((PREFIX, token),)) for token in tokens)


def starts(text: str) -> list[str]:
    """The key of a keyword from each of its words on; none for texts that are no keywords."""
    if len(text) > LONGEST:
        return []
    tokens = key(text).split()
    return [" ".join(tokens[place:]) for place in range(min(len(tokens), MOST_STARTS))]


def subjects(counts: Iterable[tuple[Subject, int]], language: str) -> list[Suggestion]:
    """Keywords, those in the reader's language first, then the most frequent ones."""
    by_spelling: dict[tuple[bool, str], dict[str, int]] = {}
    for (text, written_in), count in counts:
        foreign = bool(written_in) and written_in.partition("-")[0].lower() != language
        spellings = by_spelling.setdefault((foreign, text.casefold()), {})
        spellings[text] = max(spellings.get(text, 0), count)
    found = [
        (
            foreign,
            -max(spellings.values()),
            max(spellings, key=lambda each: (spellings[each], each)),
        )
        for (foreign, _), spellings in by_spelling.items()
    ]
    unique: dict[str, Suggestion] = {}
    for _, fewer, text in sorted(found):
        unique.setdefault(text.casefold(), Suggestion(text, "subject", -fewer))
    return list(unique.values())


def concepts(
    facets: Mapping[str, Iterable[tuple[str, int]]], typed: str, language: str
) -> list[Suggestion]:
    """The concepts of facet values whose label in the reader's language matches."""
    found = []
    for name in CONCEPTS:
        for value, count in facets.get(name, ()):
            concept = get(value) if value else None
            label = concept and (concept.labels.get(language) or concept.labels.get("en"))
            if label and matches(label, (typed,)):
                found.append(Suggestion(label, name, count, value))
    return sorted(found, key=lambda each: (-(each.count or 0), each.text))


def titles(candidates: Iterable[tuple[int, Iterable[str]]], typed: str) -> Iterator[Suggestion]:
    """The titles among the candidates that match; each wording once."""
    seen = set()
    for id_, wordings in candidates:
        for text in wordings:
            if text.casefold() not in seen and matches(text, typed.split()):
                seen.add(text.casefold())
                yield Suggestion(text, "title", id=str(id_))
                break


def matches(text: str, typed: Iterable[str]) -> bool:
    """Whether everything typed is at the beginning of a word."""
    padded = f" {key(text)}"
    return all(f" {each}" in padded for each in typed)


def together(
    found_concepts: list[Suggestion],
    found_subjects: list[Suggestion],
    found_titles: Iterable[Suggestion],
    limit: int,
) -> tuple[Suggestion, ...]:
    """A short list with something of each kind: half of it at most are words, the rest titles."""
    unique: dict[str, Suggestion] = {}
    for each in (*found_concepts[:2], *found_subjects):
        unique.setdefault(each.text.casefold(), each)
    terms = list(unique.values())
    chosen = terms[: (limit + 1) // 2]
    others = (each for each in found_titles if each.text.casefold() not in unique)
    chosen += islice(others, limit - len(chosen))
    return (*chosen, *terms[(limit + 1) // 2 :][: limit - len(chosen)])
