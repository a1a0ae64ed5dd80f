"""Answers given lately: the same question is asked again by every reader, and by the next page."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from oer.search.index import LONG_FACETS, SearchQuery, SearchResults

MOST = 128
"""Answers that are kept; about 70 kB each where a large catalogue counts every filter."""


MOST_HITS = 100
"""Longer answers, those of exports, are not kept."""


class Answers:
    """The latest answers of one state of an index. Threads share it."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._state: object = None
        self._known: OrderedDict[Hashable, SearchResults] = OrderedDict()
        self._lock = Lock()

    def get(
        self, state: object, query: SearchQuery, answer: Callable[[SearchQuery], SearchResults]
    ) -> SearchResults:
        """The answer to a question, worked out where it is not known.

        Args:
            state: What the index holds; another object is another state, and forgets all answers.
            query: The question.
            answer: Works it out.
        """
        if query.limit > MOST_HITS or not set(query.facets).isdisjoint(LONG_FACETS):
            # As long as the catalogue: too much to keep.
            return answer(query)
        key = _key(query)
        with self._lock:
            if self._state is not state:
                self._state = state
                self._known.clear()
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        found = answer(query)
        with self._lock:
            if self._state is state:
                self._known[key] = found
                while len(self._known) > self._most:
                    self._known.popitem(last=False)
        return found

    def forget(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._state = None
            self._known.clear()


def _key(query: SearchQuery) -> Hashable:
    filters = frozenset((name, tuple(values)) for name, values in query.filters.items())
    reader = query.reader if query.sort == "title" else ""
    return query.text, filters, query.offset, query.limit, query.sort, reader, query.facets
