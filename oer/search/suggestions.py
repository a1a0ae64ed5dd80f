"""Suggestions while typing: what the engines have in common.

Text is compared by its *key*: the exact tokens, folded, with a space between them. What was typed
matches wherever a word begins, so *kehitys* suggests *kestävä kehitys*. What has its dots as they
were typed comes before what matches only without them: *äi* means *äidinkieli*, and perhaps
*aineisto*.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from oer.metadata.subject_names import EDUCATION, SCIENCES
from oer.metadata.vocabularies import get
from oer.search.analysis import fold, forms, words
from oer.search.index import Suggestion
from oer.search.query import Word
from oer.search.ranking import PREFIX, PREFIX_LENGTHS

LEAST = 2
"""Letters that must be typed before anything is suggested."""

CONCEPTS = ("subject", "level", "type", "use", "audience", "accessibility")
"""Facets whose values are suggested by their labels."""

FIRST_CONCEPTS = 3
"""Of these, how many come before keywords."""

LONGEST = 80
"""Characters of a keyword at most; longer ones are sentences that lost their way."""

MOST_STARTS = 5
"""Words of a keyword at whose beginning it is found."""

TITLES = 60
"""The best titles that are looked at more closely."""

Subject = tuple[str, str]
"""A keyword and its language, empty where it states none."""


class Typed(NamedTuple):
    """The beginning of a query, as it is compared."""

    spelled: str
    """With its dots."""
    key: str


class Found(NamedTuple):
    """A suggestion, and whether it matches as it is spelled."""

    spelled: bool
    suggestion: Suggestion


def read(prefix: str) -> Typed | None:
    """What was typed; None where it is too little."""
    typed = Typed(_spelled(prefix), key(prefix))
    return typed if len(typed.key) >= LEAST else None


def key(text: str) -> str:
    """What texts are compared by."""
    return fold(_spelled(text))


def _spelled(text: str) -> str:
    return " ".join(token for word in words(text) if (token := forms(word, ()).exact))


def prefix_words(typed: Typed) -> tuple[Word, ...]:
    """The words of a key, to be looked for at the beginning of the words of titles."""
    least, most = PREFIX_LENGTHS[0], PREFIX_LENGTHS[-1]
    tokens = dict.fromkeys(token[:most] for token in typed.key.split() if len(token) >= least)
    return tuple(Word(((PREFIX, token),)) for token in tokens)


def starts(text: str) -> list[str]:
    """The key of a keyword from each of its words on; none for texts that are no keywords."""
    if len(text) > LONGEST:
        return []
    tokens = key(text).split()
    return [" ".join(tokens[place:]) for place in range(min(len(tokens), MOST_STARTS))]


def suggested(
    typed: Typed,
    language: str,
    limit: int,
    *,
    facets: Mapping[str, Mapping[str, int]],
    count: Callable[[int], int] = int,
    keywords: Iterable[tuple[Subject, int]],
    titles: Iterable[tuple[int, Iterable[str]]],
) -> tuple[Suggestion, ...]:
    """A short list with something of each kind, as the dots were typed first.

    Args:
        typed: The beginning of a query.
        language: The reader's.
        limit: How many at most.
        facets: The values of :data:`CONCEPTS`, each with what ``count`` makes its count of.
        count: Asked for those that match only.
        keywords: Those that match, with their counts.
        titles: Documents with their titles, the best first; read as far as they are needed.
    """
    concepts, names = _concepts(facets, count, typed, language)
    found = _enough(_keywords(keywords, names, typed, language), limit)
    terms = [*concepts[:FIRST_CONCEPTS], *found, *concepts[FIRST_CONCEPTS:]]
    others = _enough(_titles(titles, typed), limit)
    chosen: list[Suggestion] = []
    for spelled in (True, False):
        chosen += _together(
            [each.suggestion for each in terms if each.spelled is spelled],
            [each.suggestion for each in others if each.spelled is spelled],
            limit - len(chosen),
        )
    return tuple(chosen)


def _concepts(
    facets: Mapping[str, Mapping[str, int]],
    count: Callable[[int], int],
    typed: Typed,
    language: str,
) -> tuple[list[Found], set[str]]:
    """The concepts with a label that matches, in any language, and the keys of all their labels.

    Those that match in the reader's language come first, then those that begin with what was typed,
    then what schools teach before fields with much the same names, then the most frequent ones.
    """
    found: list[tuple[tuple[bool, bool, bool, int, str], Found]] = []
    names: set[str] = set()
    for facet in CONCEPTS:
        for value, documents in facets.get(facet, {}).items():
            concept = _named(value)
            if not _begins(concept.keys, typed.key):
                continue
            matching = [label for label in concept.labels if _begins(label.key, typed.key)]
            names.update(label.key for label in concept.labels)
            spelled = any(_begins(label.spelled, typed.spelled) for label in matching)
            text = next((each.text for each in concept.labels if each.language == language), value)
            rank = (
                all(label.language != language for label in matching),
                not any(label.key.startswith(typed.key) for label in matching),
                value.startswith((EDUCATION, SCIENCES)),
                -(number := count(documents)),
                text,
            )
            found.append((rank, Found(spelled, Suggestion(text, facet, number, value))))
    return [each for _, each in sorted(found, key=lambda pair: pair[0])], names


class _Label(NamedTuple):
    language: str
    text: str
    spelled: str
    key: str


class _Named(NamedTuple):
    """A concept's labels, and the keys of all in one text: most concepts are passed over."""

    keys: str
    labels: tuple[_Label, ...]


@lru_cache(maxsize=4096)
def _named(concept_id: str) -> _Named:
    concept = get(concept_id)
    texts = concept.labels.items() if concept else ()
    labels = tuple(_Label(language, text, _spelled(text), key(text)) for language, text in texts)
    return _Named("\n ".join(label.key for label in labels), labels)


def _keywords(
    counts: Iterable[tuple[Subject, int]], names: Collection[str], typed: Typed, language: str
) -> Iterator[Found]:
    """Keywords, those in the reader's language first, then the most frequent ones.

    One that is the name of a concept (``names``) is suggested as that concept.
    """
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
    seen = set()
    for _, fewer, text in sorted(found):
        if text.casefold() not in seen and key(text) not in names:
            seen.add(text.casefold())
            yield Found(_begins(_spelled(text), typed.spelled), Suggestion(text, "keyword", -fewer))


def _titles(candidates: Iterable[tuple[int, Iterable[str]]], typed: Typed) -> Iterator[Found]:
    """The titles among the candidates that match; each wording once."""
    seen = set()
    for id_, wordings in candidates:
        for text in wordings:
            if text.casefold() not in seen and _has_all(key(text), typed.key):
                seen.add(text.casefold())
                spelled = _has_all(_spelled(text), typed.spelled)
                yield Found(spelled, Suggestion(text, "title", id=str(id_)))
                break


def _enough(candidates: Iterable[Found], limit: int) -> list[Found]:
    """The candidates until so many match as they are spelled: what comes later is not needed."""
    found: list[Found] = []
    left = limit
    for each in candidates:
        found.append(each)
        left -= each.spelled
        if left <= 0:
            break
    return found


def _begins(text: str, typed: str) -> bool:
    """Whether what was typed is at the beginning of a word."""
    return f" {typed}" in f" {text}"


def _has_all(text: str, typed: str) -> bool:
    """Whether each word typed is."""
    return all(_begins(text, word) for word in typed.split())


def _together(terms: list[Suggestion], titles: list[Suggestion], limit: int) -> list[Suggestion]:
    """Half of them at most are words, the rest titles; where these are few, more words."""
    named = {each.text.casefold() for each in terms}
    others = [each for each in titles if each.text.casefold() not in named]
    chosen = terms[: (limit + 1) // 2]
    chosen += others[: limit - len(chosen)]
    return chosen + terms[(limit + 1) // 2 :][: limit - len(chosen)]
