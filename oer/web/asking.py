"""Asking the index for a page of hits and for what there is to count."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

from oer.search.index import SearchIndex, SearchQuery, SearchResults


@contextmanager
def hits_and_counts(
    index: SearchIndex, query: SearchQuery
) -> Iterator[tuple[SearchResults, Callable[[], SearchResults]]]:
    """The hits at once, and a function that waits for the counts.

    The hits of a page are read and prepared while another processor is counting, where the engine
    can use one. The counts are the same whatever the page and the order, so that the next page
    finds them among the answers given lately.
    """
    if not index.side_by_side:
        results = index.search(query)
        yield results, lambda: results
        return
    counts = SearchQuery(query.text, query.filters, limit=0, facets=query.facets)
    with ThreadPoolExecutor(1) as beside:
        counting = beside.submit(index.search, counts)
        yield index.search(replace(query, facets=())), counting.result
