"""The order of hits: Tantivy finds the best candidates, and the last step is worked out exactly.

Tantivy adds scores up in single precision and knows neither recency nor quality. Its best
candidates are therefore fetched, with what recency can make at most, and looked at closely, until
no other document can be among the hits. Where single precision cannot tell on which side of a
hundredth a score is, it is worked out anew from the impacts. So the order is that of every other
engine, to the last hit.
"""

from collections.abc import Iterator, Sequence
from heapq import nlargest
from itertools import groupby
from math import exp2
from operator import itemgetter
from typing import Any, NamedTuple

from tantivy import DocAddress, FieldType, Order, Query, Searcher

from oer.search.index import Hit, SearchQuery
from oer.search.query import Word
from oer.search.ranking import DECIMALS, HALF_LIFE, NUDGE, SATURATED, nudges
from oer.search.tantivy_documents import BASIC, PERIOD, PERIOD_FIELD, SCHEMA, title_field
from oer.search.tantivy_questions import Step, both, scored, steps, worth

FEWEST = 250
"""Candidates that are fetched at first; each further time four times as many."""

ENOUGH = 2000
"""Documents among which a page is looked for first."""

_SINGLE = 2.0**-23
"""Relative precision of one step in single precision."""

_FORGOTTEN = 2.0**-8
"""The share of recency below which all periods are taken for one."""

_STEPS = tuple(map(float, range(256)))

_Found = Sequence[tuple[Any, DocAddress]]
"""Scores and documents as Tantivy gives them."""

Key = tuple[str, Order]
_BY_ID: Key = ("id", Order.Desc)
_BY_UPDATED: Key = ("updated", Order.Desc)
_NEWEST = (("created", Order.Desc), _BY_ID)
_BY_QUALITY: tuple[Key, ...] = (("quality", Order.Desc), _BY_UPDATED, _BY_ID)
_LATEST = (_BY_UPDATED, _BY_ID)


class Scored(NamedTuple):
    """A word that gives a score: where it is looked for, its rarity, and what it is worth where."""

    word: Word
    text_class: str | None
    weight: float
    steps: Sequence[Step]
    """The highest first."""
    worth: Query


def scored_word(searcher: Searcher, word: Word, text_class: str | None, weight: float) -> Scored:
    """A word of this weight."""
    found = steps(searcher, word, text_class, [value * weight for value in SATURATED])
    return Scored(word, text_class, weight, found, worth(found))


def in_order(
    searcher: Searcher, found: Query, query: SearchQuery, offset: int, limit: int
) -> tuple[Hit, ...]:
    """A page of what was found, in an order that is not relevance."""
    keys = _order(query.sort, query.reader)
    addresses = _first(searcher, found, keys, offset + limit)[offset:]
    return tuple(map(Hit, column(searcher, "id", addresses)))


def _order(sort: str, reader: str) -> tuple[Key, ...]:
    if sort == "title":
        return (title_field(reader), Order.Asc), *_LATEST
    return _NEWEST if sort == "newest" else _LATEST


def _first(searcher: Searcher, query: Query, keys: tuple[Key, ...], limit: int) -> list[DocAddress]:
    """The first documents by several keys. All but the first key are numbers, falling.

    Tantivy orders by one key. What is equal at the end of the list may be cut off anywhere, so it
    is asked for once more, by the next key.
    """
    (field, order), *others = keys
    found = searcher.search(query, limit, count=False, order_by_field=field, order=order).hits
    if not others or not found:
        return [address for _, address in found]
    groups = [list(group) for _, group in groupby(found, itemgetter(0))]
    cut = groups.pop() if len(found) == limit else []
    addresses = [address for group in groups for _, address in group]
    places = [place for place, group in enumerate(groups) for _ in group]
    columns = [column(searcher, name, addresses) for name, _ in others]
    rows = zip(places, *([-each for each in column] for column in columns), addresses, strict=True)
    whole = [row[-1] for row in sorted(rows, key=lambda row: row[:-1])]
    if not cut:
        return whole
    equal = both((query, _equal(field, cut[0][0])))
    return whole + _first(searcher, equal, tuple(others), limit - len(whole))


def _equal(field: str, value: str | float) -> Query:
    if isinstance(value, str):
        return Query.term_query(SCHEMA, field, value, BASIC)
    return Query.range_query(SCHEMA, field, FieldType.Float, value, value)


def most_relevant(
    searcher: Searcher,
    conditions: Sequence[Query],
    must: Sequence[Scored],
    may: Sequence[Scored],
    newest: float,
    offset: int,
    limit: int,
) -> tuple[Hit, ...]:
    """A page of the documents with the highest scores.

    Args:
        searcher: Asked.
        conditions: What must hold besides words.
        must: Words that all hits have.
        may: Words that give a score where they are.
        newest: When the newest document of the index was changed.
        offset: How many are left out at the beginning.
        limit: How many are wanted at most.
    """
    words = (*must, *may)
    highest = sum(each.steps[0].value for each in words if each.steps)
    recency = _recency(searcher, newest, NUDGE * highest)
    optional = [*(each.worth for each in may), recency.query]
    query = scored(conditions, [each.worth for each in must], optional)
    judge = _Judge(searcher, query, words, recency, highest)
    end = offset + limit
    if not judge.at_most(highest):
        # Found by something else than words: quality alone decides.
        finest = _first(searcher, query, _BY_QUALITY, end)[offset:]
        return tuple(map(Hit, column(searcher, "id", finest)))
    ranked: list[_Row] = []
    if len(words) == len(must) == 1:
        head, below = _head(must[0].steps)
        short = scored(conditions, [worth(head)], [recency.query])
        if below:
            ranked = _Judge(searcher, short, words, recency, highest).top(below, end)
    ranked = ranked or _widening(judge, searcher.num_docs, end)
    return tuple(Hit(int(-row[-1]), -row[0] / DECIMALS) for row in ranked[offset:end])


def _widening(judge: "_Judge", most: int, end: int) -> list["_Row"]:
    """The first ``end`` rows, looked for among more and more candidates, of which are ``most``."""
    for wanted in _growing(max(FEWEST, 2 * end), most):
        found = judge.candidates(wanted)
        ranked = judge.best(found, end) if found else []
        if len(found) < wanted or wanted >= most:
            break
        least, others = int(-ranked[end - 1][0]), judge.most(found[-1][0])
        if least > others:
            break
        if least == others and (tied := judge.tied(ranked, least, wanted, end)):
            return tied
    return ranked


def _head(found: Sequence[Step]) -> tuple[Sequence[Step], float]:
    """The highest steps of a word, and the value of the next one; 0 where nothing is left.

    They have enough documents, and recency cannot bring one of another step among these. For a
    common word the page is here nearly always, and it is a small part of all.
    """
    documents, least = 0, 0.0
    for place, step in enumerate(found):
        if documents >= ENOUGH and step.value * (1 + NUDGE) + 2 / DECIMALS < least:
            return found[:place], step.value
        if documents < ENOUGH:
            documents, least = documents + step.documents, step.value
    return found, 0.0


def _growing(wanted: int, most: int) -> Iterator[int]:
    while wanted < most:
        yield wanted
        wanted *= 4
    yield most


class _Recency(NamedTuple):
    """What is added for recency while candidates are looked for: as much as it can make, or more.

    Then no document outside the candidates has a higher score than the last of them.
    """

    newest: float
    query: Query
    added: dict[int, float]
    least: float
    """What periods may have that are not among ``added``."""


def _recency(searcher: Searcher, newest: float, most: float) -> _Recency:
    added = {}
    for term, _ in searcher.terms_with_prefix(PERIOD_FIELD, ""):
        end = min((int(term) + 1) * PERIOD, newest)
        if (share := exp2((end - newest) / HALF_LIFE)) > _FORGOTTEN:
            added[int(term)] = most * share
    scores = [
        Query.const_score_query(Query.term_query(SCHEMA, PERIOD_FIELD, str(each), BASIC), value)
        for each, value in added.items()
    ]
    return _Recency(newest, Query.disjunction_max_query(scores), added, most * _FORGOTTEN)


_Row = tuple[float, ...]
"""Hundredths, quality, time of change and id, all negative: rows sort best first."""


class _Judge:
    """Looks at candidates closely."""

    def __init__(
        self,
        searcher: Searcher,
        query: Query,
        words: Sequence[Scored],
        recency: _Recency,
        highest: float,
    ) -> None:
        self._searcher = searcher
        self._query = query
        self._words = words
        self._recency = recency
        self._doubt = 2 * DECIMALS * highest * _SINGLE * (len(words) + 4)
        """Hundredths by which scores in single precision may be wrong."""

    def candidates(self, wanted: int) -> _Found:
        """The first documents by the scores of Tantivy."""
        return self._searcher.search(self._query, wanted, count=False).hits

    def most(self, last: float) -> int:
        """The hundredths that what comes after a candidate of this score has at most."""
        return int((last + self._recency.least) * DECIMALS + self._doubt)

    def at_most(self, score: float) -> int:
        """The hundredths that a score is at most, with all that recency can make of it."""
        return int(score * (1 + NUDGE) * DECIMALS + self._doubt)

    def top(self, below: float, end: int) -> list[_Row]:
        """The page, if no document outside the query can belong to it; else nothing.

        Args:
            below: The highest score without recency outside the query.
            end: How many rows are wanted.
        """
        wanted = max(FEWEST, 2 * end)
        found = self.candidates(wanted)
        if len(found) < end:
            return []
        ranked = self.best(found, end)
        others = self.at_most(below)
        if len(found) == wanted:
            others = max(others, self.most(found[-1][0]))
        return ranked if int(-ranked[end - 1][0]) > others else []

    def best(self, found: _Found, number: int) -> list[_Row]:
        """The best candidates, as many as asked for and some more, in order."""
        changes, scores = self._scores(found)
        least = nlargest(number, scores)[-1] - 1 - self._doubt
        return self._rows(found, changes, scores, least)

    def tied(self, ranked: list[_Row], least: int, number: int, end: int) -> list[_Row]:
        """Where so many are equal at the end of a page that quality decides: the page.

        Args:
            ranked: All that are better, and some of the equal ones.
            least: The hundredths of the equal ones.
            number: Of how many, in the order of quality, those that are equal are looked for.
            end: How many rows are wanted.

        Returns:
            Nothing where there are not enough.
        """
        finest = _first(self._searcher, self._query, _BY_QUALITY, number)
        these = Query.term_set_query(SCHEMA, "id", column(self._searcher, "id", finest))
        found = self._searcher.search(scored([these], [self._query], []), number, count=False).hits
        rows = self._rows(found, *self._scores(found), least - 1.0)
        better = [row for row in ranked if -row[0] > least]
        equal = [row for row in rows if -row[0] == least]
        return better + equal if len(better) + len(equal) >= end else []

    def _scores(self, found: _Found) -> tuple[list[float], list[float]]:
        """When candidates were changed, and their hundredths before rounding."""
        changes = column(self._searcher, "updated", [address for _, address in found])
        added = self._recency.added
        scores = [
            (score - added.get(int(updated // PERIOD), 0.0)) * factor
            for (score, _), updated, factor in zip(
                found, changes, nudges(changes, self._recency.newest), strict=True
            )
        ]
        return changes, scores

    def _rows(
        self, found: _Found, changes: list[float], scores: list[float], least: float
    ) -> list[_Row]:
        places = [place for place, score in enumerate(scores) if score >= least]
        addresses = [found[place][1] for place in places]
        ids = column(self._searcher, "id", addresses)
        qualities = column(self._searcher, "quality", addresses)
        doubtful = {
            id_: place
            for id_, place in zip(ids, places, strict=True)
            if int(scores[place] - self._doubt) != int(scores[place] + self._doubt)
        }
        for id_, score in _exact(self._searcher, list(doubtful), self._words).items():
            place = doubtful[id_]
            (factor,) = nudges((changes[place],), self._recency.newest)
            scores[place] = score * factor
        return sorted(
            (-int(scores[place]), -quality, -changes[place], -id_)
            for place, quality, id_ in zip(places, qualities, ids, strict=True)
        )


def _exact(searcher: Searcher, ids: list[int], words: Sequence[Scored]) -> dict[int, float]:
    """The scores of a few documents in double precision."""
    scores = dict.fromkeys(ids, 0.0)
    if not ids:
        return scores
    these = Query.term_set_query(SCHEMA, "id", ids)
    for each in words:
        found_in = worth(steps(searcher, each.word, each.text_class, _STEPS))
        found = searcher.search(scored([these], [found_in], []), len(ids), count=False).hits
        held = column(searcher, "id", [address for _, address in found])
        for id_, (step, _) in zip(held, found, strict=True):
            scores[id_] += SATURATED[int(step)] * each.weight
    return scores


def column(searcher: Searcher, name: str, addresses: list[DocAddress]) -> list[Any]:
    """The values of a column that every document has, in the order of the addresses."""
    return searcher.fast_field_values(name, addresses)
