"""One generation of the Whoosh index, ready to answer.

A set of documents is one large integer with a bit per document: Python then intersects, unites
and counts twenty thousand documents in a microsecond or two, which is what makes facet counts
cheap. What a search needs of every document stays in memory (see :attr:`Snapshot.memory`);
postings are read when they are asked for, and the latest of them kept.
"""

from __future__ import annotations

import heapq
from array import array
from bisect import bisect_right
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from itertools import compress, islice, repeat
from operator import add, mul, or_
from threading import Lock
from typing import Any, NamedTuple
from weakref import finalize

from whoosh.reading import SegmentReader

from oer.search import spelling, suggestions
from oer.search.index import (
    CONJUNCTIVE,
    COUNTED,
    LONG_FACETS,
    NOT_STATED,
    Hit,
    SearchQuery,
    SearchResults,
    Suggestion,
)
from oer.search.likeness import Way, like_enough, telling, ways, words_of
from oer.search.query import Clause, Group, ParsedQuery, Word, facet_value_is, parse
from oer.search.ranking import (
    CLASS_BIT,
    DECIMALS,
    END_OF_CLASS,
    SATURATED,
    WEAKENED,
    nudges,
    rarity,
)
from oer.search.relaxing import HeldSets, relaxed
from oer.search.whoosh_segments import Segment, TermsReader, read_names, read_postings

CACHED = 16 * 1024 * 1024
"""Bytes of the most recently used words that a snapshot keeps."""

MOST_SUBJECTS = 500
"""Keywords of a segment that are looked at for a suggestion."""

FEW = 10
"""One in so many documents, at most, are picked one by one."""

_TO_DIGITS = bytes([ord("0"), *repeat(ord("1"), 255)])
_FROM_DIGITS = bytes.maketrans(b"01", b"\0\1")


class Found(NamedTuple):
    """Where a word was found: the documents as bits, and the impact in each (0: absent)."""

    documents: int
    impacts: bytes


class SegmentData:
    """What stays in memory of a segment. A segment never changes, so snapshots share it."""

    def __init__(self, reader: SegmentReader) -> None:
        self.reader = reader
        self.terms: TermsReader = reader._terms
        self.size: int = reader.doc_count_all()
        self.ids = self.terms.ids()
        self.created = self.terms.created()
        self.updated = self.terms.updated()
        self.quality = self.terms.quality()
        self.facets = {
            (name, value): _bits(numbers, self.size) for name, value, numbers in self.terms.facets()
        }
        finalize(self, reader.close)

    @cached_property
    def sequence(self) -> Mapping[int, bytes]:
        """The exact tokens of a document, by number."""
        return self.reader.column_reader("sequence", translate=False)  # type: ignore[no-any-return]

    @cached_property
    def titles(self) -> Mapping[int, bytes]:
        """The titles of a document in all wordings, a line each, by number."""
        return self.reader.column_reader("titles", translate=False)  # type: ignore[no-any-return]

    @cached_property
    def names(self) -> Mapping[int, bytes]:
        """The values of the long facets of a document, by number."""
        return self.reader.column_reader("names", translate=False)  # type: ignore[no-any-return]

    @cached_property
    def words(self) -> tuple[list[str], array[int]]:
        """The words that spelling is corrected by. Read when the first word is misspelt."""
        return self.terms.words()

    def sort_titles(self, reader: str) -> list[bytes]:
        """What every document is sorted by for a reader."""
        return list(self.reader.column_reader(f"sort_title_{reader}", translate=False))


class Snapshot:
    """All segments of a generation as one row of documents, numbered from 0."""

    def __init__(self, segments: Iterable[tuple[Segment, SegmentData]]) -> None:
        pairs = list(segments)
        self._segments = [data for _, data in pairs]
        self._bases: list[int] = []
        self.size = 0
        self.live = 0
        self.ids = array("q")
        self.created = array("d")
        self.updated = array("d")
        self.quality = array("d")
        self.facets: dict[str, dict[str, int]] = {name: {} for name in COUNTED}
        self._by_title: dict[str, array[int]] = {}
        for segment, data in pairs:
            self._append(segment, data)
        self._drop_deleted()
        self.count = self.live.bit_count()
        self._words: OrderedDict[tuple[Word, str | None], Found] = OrderedDict()
        self._lock = Lock()

    def _append(self, segment: Segment, data: SegmentData) -> None:
        self._bases.append(self.size)
        deleted = _bits(segment.deleted_docs(), data.size)
        self.live |= (((1 << data.size) - 1) & ~deleted) << self.size
        self.ids.extend(data.ids)
        self.created.extend(data.created)
        self.updated.extend(data.updated)
        self.quality.extend(data.quality)
        for (name, value), bits in data.facets.items():
            values = self.facets.setdefault(name, {})
            values[value] = values.get(value, 0) | (bits << self.size)
        self.size += data.size

    def _drop_deleted(self) -> None:
        for name, values in self.facets.items():
            live = {value: bits & self.live for value, bits in values.items()}
            self.facets[name] = {value: bits for value, bits in live.items() if bits}

    @property
    def segment_data(self) -> list[SegmentData]:
        """The segments this snapshot is made of."""
        return self._segments

    @property
    def memory(self) -> int:
        """Bytes held per generation, without the cache of words (at most ``CACHED``)."""
        bits = sum(
            bits.bit_length() // 8 + 28
            for values in self.facets.values()
            for bits in values.values()
        )
        segments = sum(
            bits.bit_length() // 8 + 28 for data in self._segments for bits in data.facets.values()
        )
        # Ids, times and quality twice, here and by segment; nudges; five orders of 4 bytes.
        return bits + segments + self.size * (2 * 32 + 8 + 5 * 4)

    @property
    def held(self) -> list[tuple[int, float]]:
        """Id and time of change of every live document, by id."""
        return sorted((self.ids[n], self.updated[n]) for n in _numbers(self.live, self.size))

    # --- orders -----------------------------------------------------------------------------

    @cached_property
    def newest(self) -> array[int]:
        """Live documents, the latest to come first; of equal ones the higher id first."""
        return array("I", sorted(self._by_id(), key=self.created.__getitem__, reverse=True))

    @cached_property
    def latest(self) -> array[int]:
        """Live documents, latest change first; of equal ones the higher id first."""
        return array("I", sorted(self._by_id(), key=self.updated.__getitem__, reverse=True))

    def _by_id(self) -> list[int]:
        return sorted(_numbers(self.live, self.size), key=self.ids.__getitem__, reverse=True)

    @cached_property
    def best_rank(self) -> array[int]:
        """The place of every document among equally relevant ones: by quality, then latest."""
        ranks = array("I", bytes(4 * self.size))
        best = sorted(self.latest, key=self.quality.__getitem__, reverse=True)
        for rank, number in enumerate(best):
            ranks[number] = rank
        return ranks

    @cached_property
    def nudges(self) -> array[float]:
        """What the score of every document is multiplied with."""
        latest = max((self.updated[number] for number in self.latest[:1]), default=0.0)
        return array("d", nudges(self.updated, latest))

    def by_title(self, reader: str) -> array[int]:
        """Live documents by title; of equal ones the latest change first."""
        if reader not in self._by_title:
            with self._lock:
                titles = [title for data in self._segments for title in data.sort_titles(reader)]
            self._by_title[reader] = array("I", sorted(self.latest, key=titles.__getitem__))
        return self._by_title[reader]

    # --- searching --------------------------------------------------------------------------

    def search(self, query: SearchQuery) -> SearchResults:
        """Answer a question."""
        parsed = strict = parse(query.text, query.filters.get("language", ()))
        matching = all_words = self._matching(parsed)
        loosened = None
        if not matching:
            loosened = relaxed(parsed, HeldSets(self._group, self.live, int.bit_count))
        if loosened:
            parsed = loosened.parsed
            matching = self._matching(parsed)
        chosen = {
            name: self._chosen(name, values) for name, values in query.filters.items() if values
        }
        found = reduce(int.__and__, chosen.values(), matching)
        return SearchResults(
            hits=self._hits(found, parsed, query),
            total=found.bit_count(),
            facets={name: self._counts(name, matching, chosen) for name in query.facets},
            terms=parsed.terms,
            dropped=loosened.dropped if loosened else (),
            kept=loosened.kept if loosened else (),
            suggestion=self._suggestion(query, strict, all_words) if query.limit > 0 else None,
        )

    def suggest(self, prefix: str, language: str, limit: int) -> tuple[Suggestion, ...]:
        """What may be meant by the beginning of a query."""
        typed = suggestions.read(prefix)
        if typed is None:
            return ()
        return suggestions.suggested(
            typed,
            language,
            limit,
            facets=self.facets,
            count=int.bit_count,
            keywords=self._subjects(typed.key).items(),
            titles=self._titles(typed),
        )

    def more_like(self, id_: int, limit: int) -> tuple[Hit, ...]:
        """Documents that share the most telling words with this one."""
        number = self._number_of(id_)
        if number is None:
            return ()
        written = words_of(self._column("sequence", number))
        words = telling(written, self._count, self.count, self._at_least)
        like = reduce(or_, (self._alike(words, way) for way in ways(words, written)))
        if not like or limit < 1:
            return ()
        scored = tuple((word, None) for word in words)
        chosen = _flags(like | 1 << number, self.size)
        return like_enough(self._most_relevant(chosen, scored, 0, limit + 1), id_, limit)

    def _alike(self, words: Iterable[Word], way: Way) -> int:
        shared = [self.live, *repeat(0, way.shared)]
        for word in words:
            documents = self._word(word, None).documents
            for times in reversed(range(way.shared)):
                shared[times + 1] |= documents & shared[times]
        places = (self._word(*place).documents for place in way.places)
        return shared[-1] & reduce(or_, places, 0)

    def _suggestion(self, query: SearchQuery, parsed: ParsedQuery, found: int) -> str | None:
        counts = {
            word.typed: spelling.Found(
                self._count(word.exactly), count, self._count(word.exactly, "author")
            )
            for word, _ in parsed.scored
            if (count := self._count(word)) <= spelling.FEW
        }
        better = spelling.corrected(query.text, parsed.languages, counts, lambda: self._vocabulary)
        if better is None:
            return None
        more = self._matching(parse(better, query.filters.get("language", ())))
        return better if more.bit_count() >= max(1, found.bit_count()) else None

    @cached_property
    def _vocabulary(self) -> tuple[list[str], list[int]]:
        with self._lock:
            return spelling.merged(data.words for data in self._segments)

    def _at_least(self, word: Word) -> int:
        """In how many live documents a word is at least, told without reading where."""
        with self._lock:
            most = sum(
                max(data.terms.frequency(layer, token) for layer, token in word.variants)
                for data in self._segments
            )
        return most - (self.size - self.count)

    def _count(self, word: Word, text_class: str | None = None) -> int:
        return self._word(word, text_class).documents.bit_count()

    def _subjects(self, typed: str) -> dict[suggestions.Subject, int]:
        """Keywords and in how many documents they are."""
        counts: dict[suggestions.Subject, int] = {}
        for base, data in zip(self._bases, self._segments, strict=True):
            everything = (1 << data.size) - 1
            here_live = self.live >> base & everything
            live = None if here_live == everything else _flags(here_live, data.size)
            here: dict[suggestions.Subject, int] = {}
            with self._lock:
                found = list(islice(data.terms.subjects(typed), MOST_SUBJECTS))
            for text, language, postings in found:
                # A keyword may stand here several times, once for each word that matches.
                here[text, language] = _live_count(postings, live)
            for subject, count in here.items():
                if count:
                    counts[subject] = counts.get(subject, 0) + count
        return counts

    def _titles(self, typed: suggestions.Typed) -> Iterator[tuple[int, list[str]]]:
        scored = tuple((word, "title") for word in suggestions.prefix_words(typed))
        found = reduce(int.__and__, (self._word(*pair).documents for pair in scored), self.live)
        if not found or not scored:
            return
        chosen = _flags(found, self.size)
        for number, _ in self._ranked(chosen, scored, 0, suggestions.TITLES):
            yield self.ids[number], self._column("titles", number).decode().split("\n")

    def _number_of(self, id_: int) -> int | None:
        """Where the live document of an id stands; replaced ones may stand before it."""
        number = -1
        try:
            while True:
                number = self.ids.index(id_, number + 1)
                if self.live >> number & 1:
                    return number
        except ValueError:
            return None

    def _column(self, name: str, number: int) -> bytes:
        place = bisect_right(self._bases, number) - 1
        with self._lock:
            column: Mapping[int, bytes] = getattr(self._segments[place], name)
            return column[number - self._bases[place]]

    def _chosen(self, name: str, values: Iterable[str]) -> int:
        if name in CONJUNCTIVE:
            every = (self._with_any(name, (value,)) for value in values)
            return reduce(int.__and__, every, self.live)
        return self._with_any(name, values)

    def _with_any(self, name: str, values: Iterable[str]) -> int:
        if name in LONG_FACETS:
            return self.live & reduce(or_, (self._named(name, value) for value in values), 0)
        known = self.facets.get(name, {NOT_STATED: self.live})
        return reduce(or_, (known.get(value, 0) for value in values), 0)

    def _named(self, name: str, value: str) -> int:
        """The documents with a value of a long facet."""
        found = 0
        for base, data in zip(self._bases, self._segments, strict=True):
            with self._lock:
                numbers = data.terms.having(name, value)
            found |= _bits(numbers, data.size) << base
        return found

    def _counts(
        self, name: str, matching: int, chosen: Mapping[str, int]
    ) -> tuple[tuple[str, int], ...]:
        others = (bits for facet, bits in chosen.items() if facet != name or name in CONJUNCTIVE)
        base = reduce(int.__and__, others, matching)
        count = self._by_document if name in LONG_FACETS else self._by_value
        counts = count(name, base)
        return tuple(sorted(counts, key=lambda pair: (-pair[1], pair[0])))

    def _by_value(self, name: str, among: int) -> Iterable[tuple[str, int]]:
        for value, bits in self.facets.get(name, {}).items():
            if count := (bits & among).bit_count():
                yield value, count

    def _by_document(self, name: str, among: int) -> Iterable[tuple[str, int]]:
        """Values of a long facet, counted by looking at each document."""
        counts: Counter[str] = Counter()
        for base, data in zip(self._bases, self._segments, strict=True):
            within = (among >> base) & ((1 << data.size) - 1)
            if not within:
                continue
            with self._lock:
                names = data.names
            for number in _numbers(within, data.size):
                counts.update(set(read_names(names[number], name)))
        return counts.items()

    def _matching(self, parsed: ParsedQuery) -> int:
        return reduce(int.__and__, map(self._group, parsed.groups), self.live)

    def _group(self, group: Group) -> int:
        return reduce(or_, map(self._fulfilling, group))

    def _fulfilling(self, clause: Clause) -> int:
        if clause.facet:
            name = clause.facet[0]
            values = (each for each in self.facets[name] if facet_value_is(each, clause.facet))
            found = self._with_any(name, values)
        else:
            every = (self._word(word, clause.text_class).documents for word in clause.words)
            found = reduce(int.__and__, every, self.live)
        if clause.phrase:
            found = self._with_phrase(found, clause.phrase, clause.text_class)
        return self.live & ~found if clause.negated else found

    def _with_phrase(self, candidates: int, phrase: tuple[str, ...], text_class: str | None) -> int:
        wanted = f" {' '.join(phrase)} ".encode()
        place = list(CLASS_BIT).index(text_class) if text_class else None
        found = []
        for base, data in zip(self._bases, self._segments, strict=True):
            within = (candidates >> base) & ((1 << data.size) - 1)
            if not within:
                continue
            with self._lock:
                sequence = data.sequence
            for number in _numbers(within, data.size):
                text = sequence[number]
                if place is not None:
                    text = text.split(END_OF_CLASS)[place]
                if wanted in text:
                    found.append(base + number)
        return _bits(found, self.size)

    # --- words ------------------------------------------------------------------------------

    def _word(self, word: Word, text_class: str | None) -> Found:
        key = (word, text_class)
        with self._lock:
            found = self._words.get(key)
            if found is not None:
                self._words.move_to_end(key)
                return found
            found = self._words[key] = self._read(word, text_class)
            while len(self._words) * self.size * 9 // 8 > CACHED and len(self._words) > 1:
                self._words.popitem(last=False)
        return found

    def _read(self, word: Word, text_class: str | None) -> Found:
        """Read a word's postings in all its variants; the best impact counts."""
        impacts = bytearray(self.size)
        wanted = _class_table(text_class)
        first = True
        for base, data in zip(self._bases, self._segments, strict=True):
            first = True
            for layer, token in word.variants:
                postings = data.terms.postings(layer, token)
                if postings is None:
                    continue
                numbers: Iterable[int] = postings.documents
                values: Iterable[int] = postings.impacts.translate(WEAKENED[layer])
                if wanted:
                    inside = postings.classes.translate(wanted)
                    numbers, values = compress(numbers, inside), compress(values, inside)
                _put(impacts, base, numbers, values, first)
                first = False
        digits = impacts.translate(_TO_DIGITS)[::-1]
        return Found(int(digits or b"0", 2) & self.live, bytes(impacts))

    # --- order of the hits ------------------------------------------------------------------

    def _hits(self, found: int, parsed: ParsedQuery, query: SearchQuery) -> tuple[Hit, ...]:
        offset, limit = max(0, query.offset), max(0, query.limit)
        if not found or not limit:
            return ()
        chosen = _flags(found, self.size)
        scored = parsed.scored
        if query.sort == "relevance" and scored:
            return self._most_relevant(chosen, scored, offset, limit)
        order = self._order(query)
        page = islice(filter(chosen.__getitem__, order), offset, offset + limit)
        return tuple(Hit(self.ids[number]) for number in page)

    def _order(self, query: SearchQuery) -> array[int]:
        if query.sort == "title":
            return self.by_title(query.reader)
        return self.newest if query.sort == "newest" else self.latest

    def _most_relevant(
        self,
        chosen: bytes,
        scored: tuple[tuple[Word, str | None], ...],
        offset: int,
        limit: int,
    ) -> tuple[Hit, ...]:
        ranked = self._ranked(chosen, scored, offset, limit)
        return tuple(Hit(self.ids[number], score / DECIMALS) for number, score in ranked)

    def _ranked(
        self,
        chosen: bytes,
        scored: tuple[tuple[Word, str | None], ...],
        offset: int,
        limit: int,
    ) -> list[tuple[int, int]]:
        """The numbers of a page of the most relevant documents, with their scores in hundredths."""
        numbers = list(compress(range(self.size), chosen))

        def of_chosen(values: Sequence[Any]) -> Iterable[Any]:
            # A few are picked one by one; passing over all is quicker where there are many.
            if len(numbers) * FEW < self.size:
                return map(values.__getitem__, numbers)
            return compress(values, chosen)

        scores: list[float] = [0.0] * len(numbers)
        for word, text_class in scored:
            found = self._word(word, text_class)
            weight = rarity(found.documents.bit_count(), self.count)
            worth = list(map(mul, SATURATED, repeat(weight)))
            gained = map(worth.__getitem__, of_chosen(found.impacts))
            scores = list(map(add, scores, gained))
        hundredths = list(map(int, map(mul, scores, of_chosen(self.nudges))))
        page = _best(hundredths, list(of_chosen(self.best_rank)), offset, limit)
        return [(numbers[place], hundredths[place]) for place in page]


def _live_count(postings: bytes, live: bytes | None) -> int:
    """How many documents of these postings are live; ``live`` is None where all are."""
    if live is None:
        return len(postings) // 6
    return sum(map(live.__getitem__, read_postings(postings).documents))


def _best(scores: list[int], ranks: list[int], offset: int, limit: int) -> list[int]:
    """The places of a page of the highest scores; equal ones by rank."""
    wanted = min(offset + limit, len(scores))
    if wanted * 8 > len(scores):
        order = sorted(range(len(scores)), key=ranks.__getitem__)
        order.sort(key=scores.__getitem__, reverse=True)
        return order[offset : offset + limit]
    least = heapq.nlargest(wanted, scores)[-1]
    above = [place for place, score in enumerate(scores) if score > least]
    ties = [place for place, score in enumerate(scores) if score == least]
    above.sort(key=lambda place: (-scores[place], ranks[place]))
    above += heapq.nsmallest(wanted - len(above), ties, key=ranks.__getitem__)
    return above[offset : offset + limit]


def _put(
    impacts: bytearray, base: int, numbers: Iterable[int], values: Iterable[int], first: bool
) -> None:
    if first:
        for number, value in zip(numbers, values, strict=True):
            impacts[base + number] = value
        return
    for number, value in zip(numbers, values, strict=True):
        if value > impacts[base + number]:
            impacts[base + number] = value


def _class_table(text_class: str | None) -> bytes | None:
    """A ``translate`` table from the bits of classes to whether ``text_class`` is among them."""
    if text_class is None:
        return None
    bit = CLASS_BIT[text_class]
    return bytes(1 if bits & bit else 0 for bits in range(256))


def _bits(numbers: Iterable[int], size: int) -> int:
    digits = bytearray(b"0") * size
    for number in numbers:
        digits[number] = 49
    return int(digits[::-1] or b"0", 2)


def _flags(bits: int, size: int) -> bytes:
    """A byte per document, 1 where its bit is set."""
    return f"{bits:0{size}b}"[::-1].encode().translate(_FROM_DIGITS)


def _numbers(bits: int, size: int) -> Iterable[int]:
    return compress(range(size), _flags(bits, size))
