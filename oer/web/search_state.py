"""The state of a search, all of it in the address: read from parameters and written back.

Nothing a reader or a robot writes into the address is an error: what cannot be understood counts
as absent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from unicodedata import category
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from oer.search.facet_names import NOT_STATED_NAME
from oer.search.index import FACETS, NOT_STATED, SearchQuery

PAGE_SIZE = 20
LAST_PAGE = 500
"""Nobody reads on; deeper pages would only cost the engine."""

MAX_QUERY = 300
"""Characters of a query that are used."""

MAX_CHOICES = 50
"""Chosen values that are used, of all facets together. Every link that takes one away names all
the others, so the page grows with their square."""

SORTS = ("relevance", "newest", "updated", "title")


@dataclass(frozen=True)
class SearchState:
    """What is asked: text, chosen facet values, order and page."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = SORTS[0]
    page: int = 1

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> "SearchState":
        """Read the parameters of an address. Unknown ones are ignored."""
        sort = args.get("sort", "")
        return cls(
            text=" ".join(_printable(args.get("q", ""))[:MAX_QUERY].split()),
            filters=_filters(args),
            sort=sort if sort in SORTS else SORTS[0],
            page=_page(args.get("page", "")),
        )

    def query_string(self) -> str:
        """The parameters of this state, the ones at their default left out."""
        return urlencode(self.pairs())

    def pairs(self, leaving_out: str = "") -> list[tuple[str, str]]:
        """The parameters one by one, in their order, without those of one facet."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [
            (facet, value or NOT_STATED_NAME)
            for facet, values in self.filters.items()
            for value in values
            if facet != leaving_out
        ]
        pairs += [("sort", self.sort)] if self.sort != SORTS[0] else []
        pairs += [("page", str(self.page))] if self.page > 1 else []
        return pairs

    def query(self, reader: str) -> SearchQuery:
        """The question as the index takes it from a reader of this language."""
        return SearchQuery(
            self.text,
            self.filters,
            offset=(min(self.page, LAST_PAGE) - 1) * PAGE_SIZE,
            limit=PAGE_SIZE,
            sort=self.sort,
            reader=reader,
        )

    def counting(self) -> SearchQuery:
        """The same question when only its total matters."""
        return SearchQuery(self.text, self.filters, limit=0, facets=())

    def at(self, page: int) -> "SearchState":
        """The same search on another page."""
        return replace(self, page=page)

    def with_value(self, facet: str, value: str) -> "SearchState":
        """The first page with one more chosen value."""
        chosen = tuple(dict.fromkeys((*self.filters.get(facet, ()), value)))
        filters = {**self.filters, facet: chosen}
        return replace(self, filters={f: filters[f] for f in FACETS if f in filters}, page=1)

    def without(self, facet: str, value: str | None = None) -> "SearchState":
        """The first page without one chosen value, or without the whole facet."""
        left = () if value is None else tuple(v for v in self.filters[facet] if v != value)
        filters = {**self.filters, facet: left}
        return replace(self, filters={f: v for f, v in filters.items() if v}, page=1)

    def without_text(self) -> "SearchState":
        """The first page of the same filters without the words."""
        return replace(self, text="", page=1)

    def asking(self, text: str) -> "SearchState":
        """The same filters, other words, from the first page."""
        return replace(self, text=text, page=1)

    def without_filters(self) -> "SearchState":
        """The first page of the words alone."""
        return replace(self, filters={}, page=1)


def _filters(args: MultiDict[str, str]) -> dict[str, tuple[str, ...]]:
    filters, left = {}, MAX_CHOICES
    for facet in FACETS:
        if values := _values(args.getlist(facet)[:left]):
            filters[facet] = values
            left -= len(values)
    return filters


def _values(given: list[str]) -> tuple[str, ...]:
    printable = (_printable(value).strip() for value in given)
    codes = (NOT_STATED if value == NOT_STATED_NAME else value for value in printable if value)
    return tuple(dict.fromkeys(codes))


def _printable(text: str) -> str:
    """The text without control characters. Joiners stay: Persian names are written with them."""
    return "".join(c if c.isprintable() or category(c) == "Cf" else " " for c in text)


def _page(text: str) -> int:
    return (
        int(text) if text.isascii() and text.isdigit() and 0 < len(text) <= 6 and int(text) else 1
    )
