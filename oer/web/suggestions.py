"""Ways out of an empty answer: what dropping one condition would give."""

from dataclasses import dataclass

from oer.search.index import SearchIndex
from oer.web.facet_labels import heading
from oer.web.search_state import SearchState


@dataclass(frozen=True)
class WayOut:
    """The same search without one condition, and how much it finds."""

    heading: str | None
    """The facet that is dropped; None: the words are."""
    state: SearchState
    total: int


def ways_out(index: SearchIndex, state: SearchState) -> list[WayOut]:
    """What each dropped condition would give, most first. One count for each condition."""
    narrower: list[tuple[str | None, SearchState]] = [
        (heading(facet), state.without(facet)) for facet in state.filters
    ]
    if state.text and state.filters:
        narrower.append((None, state.without_text()))
    found = [WayOut(name, each, index.search(each.counting()).total) for name, each in narrower]
    return sorted((way for way in found if way.total), key=lambda way: -way.total)
