"""From parsed queries to the queries of Tantivy."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tantivy import Occur, Query, Searcher

from oer.search.index import CONJUNCTIVE, FACETS, NOT_STATED
from oer.search.query import Clause, Group, ParsedQuery, Word, facet_value_is
from oer.search.ranking import CLASSES, WEAKENED
from oer.search.tantivy_documents import (
    BASIC,
    SCHEMA,
    facet_field,
    impacts_field,
    phrase_field,
    plain,
    words_field,
)

EVERYTHING = Query.all_query()
NOTHING = Query.empty_query()


def both(queries: Iterable[Query]) -> Query:
    """What fulfils all of these."""
    return _joined(Occur.Must, queries, EVERYTHING)


def either(queries: Iterable[Query]) -> Query:
    """What fulfils one of these at least."""
    return _joined(Occur.Should, queries, NOTHING)


def _joined(occur: Occur, queries: Iterable[Query], none: Query) -> Query:
    several = list(queries)
    if len(several) < 2:
        return several[0] if several else none
    return Query.boolean_query([(occur, query) for query in several])


def matching(searcher: Searcher, parsed: ParsedQuery) -> Query:
    """What fulfils a query."""
    return both(in_group(searcher, group) for group in parsed.groups)


def in_group(searcher: Searcher, group: Group) -> Query:
    """What fulfils one of these clauses."""
    return either(_fulfilling(searcher, clause) for clause in group)


def _fulfilling(searcher: Searcher, clause: Clause) -> Query:
    if clause.facet:
        name = clause.facet[0]
        known = (value for value, _ in searcher.terms_with_prefix(facet_field(name), ""))
        query = _with_any(name, (each for each in known if facet_value_is(each, clause.facet)))
    elif clause.phrase:
        query = _phrase(clause.phrase, clause.text_class)
    else:
        query = both(having(word, clause.text_class) for word in clause.words)
    return without(query) if clause.negated else query


def without(query: Query) -> Query:
    """Everything else."""
    return Query.boolean_query([(Occur.Must, EVERYTHING), (Occur.MustNot, query)])


def _phrase(phrase: tuple[str, ...], text_class: str | None) -> Query:
    classes = (text_class,) if text_class else tuple(CLASSES)
    return either(Query.phrase_query(SCHEMA, phrase_field(each), list(phrase)) for each in classes)


def having(word: Word, text_class: str | None) -> Query:
    """What has a word in any of its variants."""
    field = words_field(text_class)
    return either(_term(field, f"{layer}\0{token}") for layer, token in word.variants)


def some(number: int, queries: Sequence[Query]) -> Query:
    """What fulfils at least so many of these."""
    return Query.boolean_query([(Occur.Should, query) for query in queries], number)


def having_some(words: Iterable[Word], number: int) -> Query:
    """What has at least so many of these words."""
    several = [having(word, None) for word in words]
    return NOTHING if len(several) < number else some(number, several)


class Step(NamedTuple):
    """Documents in which a word has the same impact."""

    value: float
    """What that is worth."""
    documents: int
    """How many there are, deleted ones too."""
    query: Query


def steps(
    searcher: Searcher, word: Word, text_class: str | None, values: Sequence[float]
) -> list[Step]:
    """Where a word is found, the highest value first.

    Args:
        searcher: Asked which impacts the word has.
        word: The word.
        text_class: Where it must stand; None for anywhere.
        values: What each impact is worth.
    """
    field = impacts_field(text_class)
    found = (
        Step(values[WEAKENED[layer][int(term[-2:], 16)]], documents, _term(field, term))
        for layer, token in word.variants
        for term, documents in searcher.terms_with_prefix(field, f"{layer}\0{token}\0")
    )
    return sorted(found, key=lambda step: -step.value)


def worth(found: Iterable[Step]) -> Query:
    """What is in any of these steps, with a score: the highest value."""
    scored = [Query.const_score_query(step.query, step.value) for step in found]
    return Query.disjunction_max_query(scored) if scored else NOTHING


def scored(conditions: Iterable[Query], must: Iterable[Query], may: Iterable[Query]) -> Query:
    """What fulfils all conditions, with the scores of ``must`` and ``may`` added up.

    Args:
        conditions: They give no score.
        must: They give one and must hold too.
        may: They give one where they hold.
    """
    return Query.boolean_query(
        [
            *((Occur.Must, Query.const_score_query(each, 0.0)) for each in conditions),
            *((Occur.Must, each) for each in must),
            *((Occur.Should, each) for each in may),
        ]
    )


def filtered(name: str, values: Sequence[str]) -> Query:
    """What has one of a facet's values; in a conjunctive facet, all of them."""
    if name not in FACETS:
        return EVERYTHING if NOT_STATED in values else NOTHING
    if name in CONJUNCTIVE:
        return both(_with_any(name, (value,)) for value in values)
    return _with_any(name, values)


def _with_any(name: str, values: Iterable[str]) -> Query:
    return either(_term(facet_field(name), plain(value)) for value in values)


def _term(field: str, value: str) -> Query:
    return Query.term_query(SCHEMA, field, value, BASIC)
