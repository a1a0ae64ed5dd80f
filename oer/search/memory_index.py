"""The search index as a dict: for tests and trials.

Every search looks at every document, in the plainest way there is. What it answers is the meaning
of a query; an engine that answers otherwise is wrong (``tests/search/contract.py``).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

from oer.search.analysis import sort_key
from oer.search.index import NOT_STATED, Hit, SearchDocument, SearchQuery, SearchResults
from oer.search.query import Clause, ParsedQuery, Word, parse
from oer.search.ranking import (
    ALL_CLASSES,
    CLASS_BIT,
    CLASS_BITS,
    END_OF_CLASS,
    SATURATED,
    WEAKENED,
    Weighed,
    rarity,
    weigh,
)


class Entry(NamedTuple):
    """A document and its words."""

    document: SearchDocument
    weighed: Weighed


@dataclass
class _Filter:
    """One facet's chosen values."""

    name: str
    values: tuple[str, ...]

    def lets_in(self, document: SearchDocument) -> bool:
        return not set(self.values).isdisjoint(_values(document, self.name))


class MemoryIndex:
    """A search index that is gone when the process ends."""

    def __init__(self) -> None:
        self._entries: dict[int, Entry] = {}
        self._writing = Lock()

    def replace(self, documents: Iterable[SearchDocument], deleted: Iterable[int] = ()) -> None:
        """Put documents in and take ids out."""
        fresh = {document.id: Entry(document, weigh(document.texts)) for document in documents}
        gone = {*deleted}
        with self._writing:
            kept = {id_: entry for id_, entry in self._entries.items() if id_ not in gone}
            self._entries = kept | fresh

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        """Hold these documents and no others."""
        entries = {document.id: Entry(document, weigh(document.texts)) for document in documents}
        with self._writing:
            self._entries = entries
        return len(entries)

    def count(self) -> int:
        """How many documents the index holds."""
        return len(self._entries)

    def close(self) -> None:
        """Nothing is open."""

    def search(self, query: SearchQuery) -> SearchResults:
        """Answer a question."""
        every = tuple(self._entries.values())
        parsed = parse(query.text, query.filters.get("language", ()))
        matching = [entry for entry in every if _matches(entry, parsed)]
        filters = [_Filter(name, values) for name, values in query.filters.items() if values]
        found = _let_in(matching, filters)
        offset, limit = max(0, query.offset), max(0, query.limit)
        return SearchResults(
            hits=tuple(_sorted(found, parsed, query.sort, every)[offset : offset + limit]),
            total=len(found),
            facets={name: _counts(name, matching, filters) for name in query.facets},
            terms=parsed.terms,
        )


def _values(document: SearchDocument, name: str) -> tuple[str, ...]:
    return document.facets.get(name) or (NOT_STATED,)


def _let_in(entries: Iterable[Entry], filters: Sequence[_Filter]) -> list[Entry]:
    return [entry for entry in entries if all(one.lets_in(entry.document) for one in filters)]


def _counts(
    name: str, matching: Iterable[Entry], filters: Iterable[_Filter]
) -> tuple[tuple[str, int], ...]:
    others = [one for one in filters if one.name != name]
    counts = Counter(
        value for entry in _let_in(matching, others) for value in set(_values(entry.document, name))
    )
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _matches(entry: Entry, parsed: ParsedQuery) -> bool:
    return all(any(_fulfils(entry, clause) for clause in group) for group in parsed.groups)


def _fulfils(entry: Entry, clause: Clause) -> bool:
    if clause.facet:
        name, asked = clause.facet
        holds = asked in map(str.casefold, _values(entry.document, name))
    else:
        holds = all(_impact(entry, word, clause.text_class) for word in clause.words)
    if holds and clause.phrase:
        wanted = f" {' '.join(clause.phrase)} ".encode()
        classes = dict(zip(CLASS_BIT, entry.weighed.sequence.split(END_OF_CLASS), strict=True))
        texts = [classes[clause.text_class]] if clause.text_class else classes.values()
        holds = any(wanted in text for text in texts)
    return holds != clause.negated


def _impact(entry: Entry, word: Word, text_class: str | None) -> int:
    """The best impact among the word's variants; 0 where none occurs."""
    wanted = CLASS_BIT[text_class] if text_class else ALL_CLASSES
    postings = ((layer, entry.weighed.layers[layer].get(token)) for layer, token in word.variants)
    return max(
        (
            WEAKENED[layer][posting >> CLASS_BITS]
            for layer, posting in postings
            if posting and posting & wanted
        ),
        default=0,
    )


def _sorted(
    found: Iterable[Entry], parsed: ParsedQuery, sort: str, every: Sequence[Entry]
) -> list[Hit]:
    newest = sorted(found, key=lambda entry: (-entry.document.updated, -entry.document.id))
    if sort == "title":
        newest.sort(key=lambda entry: sort_key(entry.document.title).encode())
    scores = dict.fromkeys((entry.document.id for entry in newest), 0.0)
    if sort == "relevance":
        for word, text_class in parsed.scored:
            documents = sum(1 for entry in every if _impact(entry, word, text_class))
            weight = rarity(documents, len(every))
            for entry in newest:
                scores[entry.document.id] += SATURATED[_impact(entry, word, text_class)] * weight
        newest.sort(key=lambda entry: scores[entry.document.id], reverse=True)
    return [Hit(entry.document.id, scores[entry.document.id]) for entry in newest]
