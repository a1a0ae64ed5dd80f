"""Paging: which page this is, and which lie beside it."""

from dataclasses import dataclass

from oer.web.search_state import LAST_PAGE, PAGE_SIZE, SearchState


@dataclass(frozen=True)
class Paging:
    """The pages of an answer, each as the search that shows it."""

    page: int
    last: int
    first_number: int
    """The number of the first result on this page, for the ordered list."""
    previous: SearchState | None
    next: SearchState | None
    pages: list[SearchState | None]
    """The pages to link to, in order; None stands for a gap."""
    final: SearchState

    @property
    def is_beyond(self) -> bool:
        """Whether the page asked for lies after the last one."""
        return self.page > self.last


def paging(state: SearchState, total: int) -> Paging:
    """The paging of an answer of ``total`` results; an empty answer has one page."""
    last = min(max(1, -(-total // PAGE_SIZE)), LAST_PAGE)
    page = state.page
    return Paging(
        page=page,
        last=last,
        first_number=(page - 1) * PAGE_SIZE + 1,
        previous=state.at(page - 1) if 1 < page <= last else None,
        next=state.at(page + 1) if page < last else None,
        pages=[state.at(p) if p else None for p in _with_gaps(page, last)],
        final=state.at(last),
    )


def _with_gaps(page: int, last: int) -> list[int]:
    """First, last and the neighbours of this page; 0 where pages are left out."""
    near = sorted({p for p in (1, page - 1, page, page + 1, last) if 1 <= p <= last})
    found: list[int] = []
    for p in near:
        if found and p - found[-1] == 2:
            found.append(p - 1)
        elif found and p - found[-1] > 2:
            found.append(0)
        found.append(p)
    return found
