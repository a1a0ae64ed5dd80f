"""Hits and counts, asked for together or side by side."""

import pytest

from oer.errors import SearchIndexError
from oer.search.index import SearchQuery
from oer.search.memory_index import MemoryIndex
from oer.web.asking import hits_and_counts
from tests.search.corpus import CORPUS

QUESTIONS = (
    SearchQuery("vesi"),
    SearchQuery("vettä", {"language": ("fi",)}, offset=1, limit=2, sort="newest"),
    SearchQuery(),
    SearchQuery("nothinghasthis vesi"),
    SearchQuery("nothinghasthis"),
)


@pytest.mark.parametrize("side_by_side", [False, True])
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_page_gets_what_one_question_would_give(side_by_side, question) -> None:
    index = MemoryIndex()
    index.rebuild(CORPUS)
    index.side_by_side = side_by_side
    whole = index.search(question)
    with hits_and_counts(index, question) as (found, counted):
        counts = counted()
    assert (found.hits, found.total, found.terms) == (whole.hits, whole.total, whole.terms)
    assert (found.kept, found.dropped, found.suggestion) == (
        whole.kept,
        whole.dropped,
        whole.suggestion,
    )
    assert (counts.total, counts.facets) == (whole.total, whole.facets)


def test_what_fails_while_counting_is_told_to_who_waits() -> None:
    class Failing(MemoryIndex):
        side_by_side = True

        def search(self, query):
            if not query.limit:
                raise SearchIndexError("no counts")
            return super().search(query)

    with (
        hits_and_counts(Failing(), SearchQuery("vesi")) as (_, counted),
        pytest.raises(SearchIndexError, match="no counts"),
    ):
        counted()
