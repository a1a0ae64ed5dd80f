"""One commit of the Tantivy index, ready to answer.

Tantivy finds, counts and scores. A page of results is two questions: one that counts hits and
facets in columns, one that finds the best hits. Nothing is held in memory per document.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, partial
from itertools import chain
from operator import itemgetter
from typing import Any

from tantivy import DocAddress, Order, Query, Searcher

from oer.search import spelling, suggestions
from oer.search.index import (
    CONJUNCTIVE,
    FACETS,
    LONG_FACETS,
    Hit,
    SearchQuery,
    SearchResults,
    Suggestion,
)
from oer.search.likeness import like_enough, telling, ways, words_of
from oer.search.query import Group, ParsedQuery, Word, parse
from oer.search.ranking import rarity
from oer.search.relaxing import relaxed
from oer.search.tantivy_documents import (
    SCHEMA,
    counted_fields,
    together_field,
    values_together,
)
from oer.search.tantivy_hits import Scored, column, in_order, most_relevant, scored_word
from oer.search.tantivy_questions import (
    EVERYTHING,
    NOTHING,
    both,
    either,
    filtered,
    having,
    having_some,
    in_group,
    matching,
    some,
    without,
)

MOST_VALUES = 65_000
"""Values of a facet that are counted at most, the most frequent ones: a limit of Tantivy."""

_KNOWN = 10_000
"""Words of which is kept how many documents have them."""

_KEPT = 256
"""Words of which is kept what they are worth where: tens of kilobytes for a common one."""

_TOTAL = "total"

_TOGETHER = frozenset(map(together_field, FACETS))
"""Fields whose terms stand for several values."""

Counts = tuple[tuple[str, int], ...]


class Snapshot:
    """All documents of a commit."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._frequencies: dict[tuple[Word, str | None], int] = {}
        self._whole: dict[str, Counts] = {}
        self._worth: dict[tuple[Word, str | None], Scored] = {}

    @property
    def count(self) -> int:
        """How many documents there are."""
        return self._searcher.num_docs

    @property
    def held(self) -> list[tuple[int, float]]:
        """Id and time of change of every document, by id."""
        found = self._by_id(EVERYTHING, self.count)
        changed = column(self._searcher, "updated", [address for _, address in found])
        return [(id_, updated) for (id_, _), updated in zip(found, changed, strict=True)]

    def search(self, query: SearchQuery) -> SearchResults:
        """Answer a question."""
        parsed = strict = parse(query.text, query.filters.get("language", ()))
        filters = {name: filtered(name, each) for name, each in query.filters.items() if each}
        total, facets = self._counted(parsed, filters, query)
        loosened = None
        if not total and parsed.groups and not (filters and self._number(self._asked(parsed))):
            loosened = relaxed(parsed, _Questions(self))
        if loosened:
            parsed = loosened.parsed
            total, facets = self._counted(parsed, filters, query)
        return SearchResults(
            hits=self._hits(parsed, filters.values(), query) if total else (),
            total=total,
            facets=facets,
            terms=parsed.terms,
            dropped=loosened.dropped if loosened else (),
            kept=loosened.kept if loosened else (),
            suggestion=self._suggestion(query, strict) if query.limit > 0 else None,
        )

    def suggest(self, prefix: str, language: str, limit: int) -> tuple[Suggestion, ...]:
        """What may be meant by the beginning of a query."""
        typed = suggestions.read(prefix)
        if typed is None:
            return ()
        facets = self._of_all(suggestions.CONCEPTS)
        return suggestions.suggested(
            typed,
            language,
            limit,
            facets={name: dict(facets[name]) for name in suggestions.CONCEPTS},
            keywords=self._subjects(typed.key).items(),
            titles=self._titles(typed),
        )

    def more_like(self, id_: int, limit: int) -> tuple[Hit, ...]:
        """Documents that share the most telling words with this one."""
        sequence = self._stored(id_, "sequence")
        if sequence is None or limit < 1:
            return ()
        written = words_of(sequence)
        words = telling(written, self._found, self.count)
        alike = (
            both((having_some(words, way.shared), either(having(*place) for place in way.places)))
            for way in ways(words, written)
        )
        like = either((Query.term_query(SCHEMA, "id", id_), *alike))
        scored = [self._scored(word, None) for word in words]
        hits = most_relevant(self._searcher, [like], (), scored, self._newest, 0, limit + 1)
        return like_enough(hits, id_, limit)

    # --- hits -------------------------------------------------------------------------------

    def _hits(
        self, parsed: ParsedQuery, filters: Iterable[Query], query: SearchQuery
    ) -> tuple[Hit, ...]:
        offset = max(0, query.offset)
        limit = min(query.limit, self.count - offset)
        if limit < 1:
            return ()
        if query.sort != "relevance" or not parsed.scored:
            asked = both((self._asked(parsed), *filters))
            return in_order(self._searcher, asked, query, offset, limit)
        # What must be had and gives a score is asked for once only.
        plain = [group[0] for group in parsed.groups if _is_plain(group)]
        needed = {(word, clause.text_class) for clause in plain for word in clause.words}
        others = (group for group in parsed.groups if not _is_plain(group))
        conditions = [*filters, *(in_group(self._searcher, group) for group in others)]
        must = [self._scored(*pair) for pair in parsed.scored if pair in needed]
        may = [self._scored(*pair) for pair in parsed.scored if pair not in needed]
        return most_relevant(self._searcher, conditions, must, may, self._newest, offset, limit)

    def _scored(self, word: Word, text_class: str | None) -> Scored:
        """A word, and what it is worth where."""
        key = (word, text_class)
        if (known := self._worth.get(key)) is not None:
            return known
        if len(self._worth) >= _KEPT:
            self._worth.clear()
        weight = rarity(self._found(word, text_class), self.count)
        found = self._worth[key] = scored_word(self._searcher, word, text_class, weight)
        return found

    @cached_property
    def _newest(self) -> float:
        """When the newest document was changed."""
        result = self._searcher.aggregate(EVERYTHING, {"newest": {"max": {"field": "updated"}}})
        return result["newest"]["value"] or 0.0

    # --- counting ---------------------------------------------------------------------------

    def _counted(
        self, parsed: ParsedQuery, filters: Mapping[str, Query], query: SearchQuery
    ) -> tuple[int, dict[str, Counts]]:
        """The total of a search, and its facets, each without its own filter."""
        asked = self._asked(parsed)
        most = self._at_most(parsed)
        total, facets = self._counts(both((asked, *filters.values())), query.facets, most)
        for name in filters.keys() & set(query.facets) - CONJUNCTIVE:
            others = [each for other, each in filters.items() if other != name]
            if parsed.groups or others:
                facets |= self._counts(both((asked, *others)), (name,), most)[1]
            else:
                facets[name] = self._of_all((name,))[name]
        return total, facets

    def _asked(self, parsed: ParsedQuery) -> Query:
        return matching(self._searcher, parsed)

    def _at_most(self, parsed: ParsedQuery) -> int:
        """A number of documents that a query finds no more than: its rarest word's."""
        plain = (group[0] for group in parsed.groups if _is_plain(group))
        found = (self._found(word, clause.text_class) for clause in plain for word in clause.words)
        return min(found, default=self.count)

    def _counts(
        self, query: Query, names: Sequence[str], most: int
    ) -> tuple[int, dict[str, Counts]]:
        """How many documents a query finds, and how many of them have each value of facets.

        Args:
            query: The query.
            names: The facets.
            most: It finds no more than so many.
        """
        # Of long facets only the most frequent values are counted: too few to subtract from.
        whole = bool(names) and not {*names} & {*LONG_FACETS}
        if whole and 2 * most > self.count and 2 * (total := self._number(query)) > self.count:
            return total, self._without_others(query, names)
        return self._aggregated(query, names)

    def _without_others(self, query: Query, names: Sequence[str]) -> dict[str, Counts]:
        """The counts of a query that finds most: all, less those of the few others."""
        whole, others = self._of_all(names), self._aggregated(without(query), names)[1]
        return {name: _difference(whole[name], others[name]) for name in names}

    def _of_all(self, names: Iterable[str]) -> Mapping[str, Counts]:
        """The counts of all documents, worked out once."""
        unknown = [name for name in names if name not in self._whole]
        if unknown:
            self._whole |= self._aggregated(EVERYTHING, unknown)[1]
        return self._whole

    def _aggregated(self, query: Query, names: Iterable[str]) -> tuple[int, dict[str, Counts]]:
        wanted: dict[str, Any] = {_TOTAL: {"value_count": {"field": "id"}}}
        fields = {name: counted_fields(name) if name in FACETS else () for name in names}
        for field in chain.from_iterable(fields.values()):
            wanted[field] = {"terms": {"field": field, "size": MOST_VALUES}}
        found = self._searcher.aggregate(query, wanted)
        total = int(found.pop(_TOTAL)["value"])
        return total, {
            name: _counted({field: found[field]["buckets"] for field in each})
            for name, each in fields.items()
        }

    def _number(self, query: Query) -> int:
        return self._aggregated(query, ())[0]

    def _found(self, word: Word, text_class: str | None = None) -> int:
        """How many documents have a word."""
        key = (word, text_class)
        # Another thread may clear what is known between any two lines.
        if (known := self._frequencies.get(key)) is not None:
            return known
        if len(self._frequencies) >= _KNOWN:
            self._frequencies.clear()
        found = self._frequencies[key] = self._number(having(word, text_class))
        return found

    # --- words ------------------------------------------------------------------------------

    def _suggestion(self, query: SearchQuery, parsed: ParsedQuery) -> str | None:
        found = {
            word.typed: spelling.Found(
                self._found(word.exactly), count, self._found(word.exactly, "author")
            )
            for word, _ in parsed.scored
            if (count := self._found(word)) <= spelling.FEW
        }
        better = spelling.corrected(query.text, parsed.languages, found, lambda: self._vocabulary)
        if better is None:
            return None
        other = parse(better, query.filters.get("language", ()))
        more = self._number(self._asked(other))
        least = max(1, self._number(self._asked(parsed)))
        return better if more >= least else None

    @cached_property
    def _vocabulary(self) -> tuple[list[str], list[int]]:
        """The words that spelling is corrected by, and in how many documents each is."""
        found = self._searcher.terms_with_prefix("spelling", "")
        return [word for word, _ in found], [count for _, count in found]

    def _subjects(self, typed: str) -> dict[suggestions.Subject, int]:
        """Keywords and in how many documents they are."""
        found = self._searcher.terms_with_prefix("subject", typed, EVERYTHING)
        # A keyword may stand here several times, once for each word that matches.
        return {
            (text, language): count
            for term, count in found
            for _, language, text in (term.split("\0", 2),)
        }

    def _titles(self, typed: suggestions.Typed) -> Iterator[tuple[int, list[str]]]:
        words = suggestions.prefix_words(typed)
        if not words:
            return
        scored = [self._scored(word, "title") for word in words]
        most = suggestions.TITLES
        for hit in most_relevant(self._searcher, (), scored, (), self._newest, 0, most):
            yield hit.id, (self._stored(hit.id, "titles") or b"").decode().split("\n")

    # --- documents --------------------------------------------------------------------------

    def _by_id(self, query: Query, limit: int) -> list[tuple[int, DocAddress]]:
        if not limit:
            return []
        return self._searcher.search(
            query, limit, count=False, order_by_field="id", order=Order.Asc
        ).hits

    def _stored(self, id_: int, field: str) -> bytes | None:
        """A stored field of a document; None where there is no such document."""
        found = self._by_id(Query.term_query(SCHEMA, "id", id_), 1)
        return self._searcher.doc(found[0][1]).get_first(field) if found else None


class _Questions:
    """Sets of documents as queries that find them: only how many these are is ever known."""

    everything = EVERYTHING

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.find = cache(partial(in_group, snapshot._searcher))

    def both(self, one: Query, other: Query) -> Query:
        """What fulfils both."""
        return other if one is EVERYTHING else both((one, other))

    def most(self, sets: Sequence[Query]) -> Query:
        """What fulfils as many of these as anything does."""
        few = bisect_left(
            range(1, len(sets) + 1), True, key=lambda n: not self.count(some(n, sets))
        )
        return some(few, sets) if few else NOTHING

    def count(self, documents: Query) -> int:
        """How many documents fulfil a query."""
        return self._snapshot._number(documents)


def _is_plain(group: Group) -> bool:
    """Whether a group asks for words and nothing else."""
    clause = group[0]
    return len(group) == 1 and not (clause.negated or clause.facet or clause.phrase)


def _difference(whole: Counts, others: Counts) -> Counts:
    less = dict(others)
    left = ((value, count - less.get(value, 0)) for value, count in whole)
    return _sorted({value: count for value, count in left if count})


def _sorted(counts: Mapping[str, int]) -> Counts:
    # Two plain sorts are quicker than one with a key made in Python.
    ranked = sorted(counts.items())
    ranked.sort(key=itemgetter(1), reverse=True)
    return tuple(ranked)


def _counted(found: Mapping[str, Iterable[Mapping[str, Any]]]) -> Counts:
    """The counts of a facet from the buckets of its fields."""
    counts: defaultdict[str, int] = defaultdict(int)
    for field, buckets in found.items():
        read = values_together if field in _TOGETHER else _alone
        for bucket in buckets:
            documents = bucket["doc_count"]
            for value in read(bucket["key"]):
                counts[value] += documents
    return _sorted(counts)


def _alone(value: str) -> tuple[str]:
    return (value,)
