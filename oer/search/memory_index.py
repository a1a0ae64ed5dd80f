"""The search index as a dict: for tests and trials.

Every search looks at every document, in the plainest way there is. What it answers is the meaning
of a query; an engine that answers otherwise is wrong (``tests/search/test_contract.py``).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

from oer.search import spelling, suggestions
from oer.search.analysis import sort_key
from oer.search.index import (
    CONJUNCTIVE,
    NOT_STATED,
    Hit,
    SearchDocument,
    SearchQuery,
    SearchResults,
    Suggestion,
)
from oer.search.likeness import Way, like_enough, telling, ways, words_of
from oer.search.query import Clause, Group, ParsedQuery, Word, facet_value_is, parse
from oer.search.ranking import (
    ALL_CLASSES,
    CLASS_BIT,
    CLASS_BITS,
    DECIMALS,
    END_OF_CLASS,
    SATURATED,
    WEAKENED,
    Weighed,
    nudges,
    rarity,
    weigh,
)
from oer.search.relaxing import HeldSets, relaxed


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
        held = set(_values(document, self.name))
        if self.name in CONJUNCTIVE:
            return held.issuperset(self.values)
        return not held.isdisjoint(self.values)


class MemoryIndex:
    """A search index that is gone when the process ends."""

    side_by_side = False

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

    def held(self) -> list[tuple[int, float]]:
        """Id and time of change of every document."""
        return sorted((id_, entry.document.updated) for id_, entry in self._entries.items())

    def close(self) -> None:
        """Nothing is open."""

    def notes(self) -> tuple[str, ...]:
        """Nothing could be better."""
        return ()

    def search(self, query: SearchQuery) -> SearchResults:
        """Answer a question."""
        every = tuple(self._entries.values())
        parsed = strict = parse(query.text, query.filters.get("language", ()))
        matching = _matching(every, parsed)
        loosened = None
        if not matching:
            everything = frozenset(range(len(every)))
            sets = HeldSets(lambda group: _places(every, group), everything, len)
            loosened = relaxed(parsed, sets)
        if loosened:
            parsed = loosened.parsed
            matching = _matching(every, parsed)
        filters = [_Filter(name, values) for name, values in query.filters.items() if values]
        found = _let_in(matching, filters)
        offset, limit = max(0, query.offset), max(0, query.limit)
        return SearchResults(
            hits=tuple(_sorted(found, parsed, query, every)[offset : offset + limit]),
            total=len(found),
            facets={name: _counts(name, matching, filters) for name in query.facets},
            terms=parsed.terms,
            dropped=loosened.dropped if loosened else (),
            kept=loosened.kept if loosened else (),
            suggestion=_suggestion(every, query, strict) if limit else None,
        )

    def suggest(self, prefix: str, language: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """What may be meant by the beginning of a query."""
        typed = suggestions.read(prefix)
        if typed is None:
            return ()
        every = tuple(self._entries.values())
        keywords = Counter(
            (text, written_in or "")
            for entry in every
            for text, written_in in dict.fromkeys(entry.document.texts.get("keyword", ()))
            if any(start.startswith(typed.key) for start in suggestions.starts(text))
        )
        facets = {name: dict(_counts(name, every, [])) for name in suggestions.CONCEPTS}
        words = suggestions.prefix_words(typed)
        group = tuple((Clause((word,), text_class="title"),) for word in words)
        parsed = ParsedQuery(group)
        titled = _sorted(_matching(every, parsed) if words else (), parsed, SearchQuery(), every)
        wordings = (
            (hit.id, [text for text, _ in self._entries[hit.id].document.texts.get("title", ())])
            for hit in titled[: suggestions.TITLES]
        )
        return suggestions.suggested(
            typed, language, limit, facets=facets, keywords=keywords.items(), titles=wordings
        )

    def more_like(self, id_: int, limit: int = 6) -> tuple[Hit, ...]:
        """Documents that share the most telling words with this one."""
        entries = self._entries
        if id_ not in entries:
            return ()
        every = tuple(entries.values())
        written = words_of(entries[id_].weighed.sequence)
        words = telling(written, lambda word: _found(every, word), len(every))
        allowed = ways(words, written)
        like = [
            entry
            for entry in every
            if entry.document.id == id_ or any(_is_like(entry, words, way) for way in allowed)
        ]
        parsed = ParsedQuery(tuple((Clause((word,)),) for word in words))
        limit = max(0, limit)
        return like_enough(_sorted(like, parsed, SearchQuery(), every)[: limit + 1], id_, limit)


def _is_like(entry: Entry, words: Iterable[Word], way: Way) -> bool:
    shared = sum(1 for word in words if _impact(entry, word, None))
    return shared >= way.shared and any(_impact(entry, *place) for place in way.places)


def _suggestion(every: Sequence[Entry], query: SearchQuery, parsed: ParsedQuery) -> str | None:
    found = {
        word.typed: spelling.Found(
            _found(every, word.exactly), count, _found(every, word.exactly, "author")
        )
        for word, _ in parsed.scored
        if (count := _found(every, word)) <= spelling.FEW
    }
    better = spelling.corrected(query.text, parsed.languages, found, lambda: _words(every))
    if better is None:
        return None
    more = _matching(every, parse(better, query.filters.get("language", ())))
    return better if len(more) >= max(1, len(_matching(every, parsed))) else None


def _words(every: Iterable[Entry]) -> tuple[list[str], list[int]]:
    counts = Counter(word for entry in every for word in entry.weighed.layers["exact"])
    known = sorted(filter(spelling.can_be_corrected, counts))
    return known, [counts[word] for word in known]


def _found(every: Iterable[Entry], word: Word, text_class: str | None = None) -> int:
    return sum(1 for entry in every if _impact(entry, word, text_class))


def _matching(every: Iterable[Entry], parsed: ParsedQuery) -> list[Entry]:
    return [entry for entry in every if _matches(entry, parsed)]


def _places(every: Iterable[Entry], group: Group) -> frozenset[int]:
    return frozenset(
        place
        for place, entry in enumerate(every)
        if any(_fulfils(entry, clause) for clause in group)
    )


def _values(document: SearchDocument, name: str) -> tuple[str, ...]:
    return document.facets.get(name) or (NOT_STATED,)


def _let_in(entries: Iterable[Entry], filters: Sequence[_Filter]) -> list[Entry]:
    return [entry for entry in entries if all(one.lets_in(entry.document) for one in filters)]


def _counts(
    name: str, matching: Iterable[Entry], filters: Iterable[_Filter]
) -> tuple[tuple[str, int], ...]:
    others = [one for one in filters if one.name != name or name in CONJUNCTIVE]
    counts = Counter(
        value for entry in _let_in(matching, others) for value in set(_values(entry.document, name))
    )
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _matches(entry: Entry, parsed: ParsedQuery) -> bool:
    return all(any(_fulfils(entry, clause) for clause in group) for group in parsed.groups)


def _fulfils(entry: Entry, clause: Clause) -> bool:
    if clause.facet:
        values = _values(entry.document, clause.facet[0])
        holds = any(facet_value_is(value, clause.facet) for value in values)
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
    found: Iterable[Entry], parsed: ParsedQuery, query: SearchQuery, every: Sequence[Entry]
) -> list[Hit]:
    newest = sorted(found, key=lambda entry: (-entry.document.updated, -entry.document.id))
    if query.sort == "newest":
        newest.sort(key=lambda entry: (-entry.document.created, -entry.document.id))
    if query.sort == "title":
        titles = {e.document.id: e.document.titles.get(query.reader, "") for e in newest}
        newest.sort(key=lambda entry: sort_key(titles[entry.document.id]).encode())
    if query.sort != "relevance" or not parsed.scored:
        return [Hit(entry.document.id) for entry in newest]
    newest.sort(key=lambda entry: entry.document.quality, reverse=True)
    scores = dict.fromkeys((entry.document.id for entry in newest), 0.0)
    for word, text_class in parsed.scored:
        documents = sum(1 for entry in every if _impact(entry, word, text_class))
        weight = rarity(documents, len(every))
        for entry in newest:
            scores[entry.document.id] += SATURATED[_impact(entry, word, text_class)] * weight
    latest = max((entry.document.updated for entry in every), default=0.0)
    factors = nudges((entry.document.updated for entry in newest), latest)
    hundredths = {
        entry.document.id: int(scores[entry.document.id] * factor)
        for entry, factor in zip(newest, factors, strict=True)
    }
    newest.sort(key=lambda entry: hundredths[entry.document.id], reverse=True)
    return [Hit(entry.document.id, hundredths[entry.document.id] / DECIMALS) for entry in newest]
