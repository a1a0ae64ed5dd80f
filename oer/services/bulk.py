"""One decision over many resources: chosen by a search, a file or a finding.

Every resource fails alone, with its reason; a hundred are one transaction. What is refused has
written nothing (``curation`` checks first), so the others of its transaction stand.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from oer.database import Sessions
from oer.errors import UsageError
from oer.models import Resource
from oer.search.index import SearchIndex, SearchQuery
from oer.services.queue import title_of

_T = TypeVar("_T")

BATCH = 100
SEARCH_PAGE = 500

Decision = Callable[[Session, Resource], bool]
"""Does something to a resource; says whether that changed anything."""


@dataclass
class Outcome:
    """What became of the resources of a bulk action."""

    changed: int = 0
    unchanged: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    """Address, or what was given as one, and reason."""

    @property
    def done(self) -> int:
        """How many were gone through."""
        return self.changed + self.unchanged + len(self.failed)


@dataclass(frozen=True)
class Preview:
    """One resource that would be acted on."""

    address: str
    status: str
    title: str


def found_by_search(index: SearchIndex, text: str, source: str | None = None) -> list[int]:
    """Ids of everything that a search finds.

    Raises:
        UsageError: Nothing has all the words. What is shown to a reader then, without some of them,
            nobody asked to be changed.
    """
    filters = {"source": (source,)} if source else {}
    ids: list[int] = []
    while True:
        query = SearchQuery(
            text=text, filters=filters, offset=len(ids), limit=SEARCH_PAGE, facets=()
        )
        answer = index.search(query)
        if answer.dropped:
            raise UsageError(f"Nothing has all the words of '{text}'. Search for fewer.")
        ids += [hit.id for hit in answer.hits]
        if len(answer.hits) < SEARCH_PAGE:
            return ids


def named_in(session: Session, lines: Iterable[str]) -> tuple[list[int], list[str]]:
    """Ids of the addresses in lines of text, and the addresses that are none.

    The first word of a line is the address, or the last part of a web address of ours; empty lines
    and those that begin with ``#`` count for nothing.
    """
    given = [words[0] for line in lines if (words := line.split()) and words[0][0] != "#"]
    addresses = list(dict.fromkeys(each.rstrip("/").rpartition("/")[2] for each in given))
    known: dict[str, int] = {}
    for part in _parts(addresses, SEARCH_PAGE):
        query = select(Resource.address, Resource.id).where(Resource.address.in_(part))
        known |= {row.address: row.id for row in session.execute(query)}
    unknown = [each for each in addresses if each not in known]
    return [known[each] for each in addresses if each in known], unknown


def preview(session: Session, ids: Sequence[int], *, limit: int = 10) -> list[Preview]:
    """The first of the resources that would be acted on."""
    first = ids[:limit]
    query = select(Resource.id, Resource.address, Resource.status, Resource.metadata_json)
    rows = {row.id: row for row in session.execute(query.where(Resource.id.in_(first)))}
    return [
        Preview(row.address, row.status, title_of(row.metadata_json))
        for id_ in first
        if (row := rows.get(id_))
    ]


def apply(
    sessions: Sessions,
    ids: Sequence[int],
    decide: Decision,
    *,
    progress: Callable[[int], None] = lambda done: None,
) -> Outcome:
    """Do it to every one of them. A transaction for each hundred; each refusal is kept."""
    outcome = Outcome()
    for part in _parts(ids, BATCH):
        with sessions.begin() as session:
            this = _apply(session, part, decide)
        # Counted when it is kept: what a failing transaction did is undone.
        outcome.changed += this.changed
        outcome.unchanged += this.unchanged
        outcome.failed += this.failed
        progress(outcome.done)
    return outcome


def _apply(session: Session, ids: Sequence[int], decide: Decision) -> Outcome:
    # Always in the order of the ids, so that two of these never wait for each other.
    query = select(Resource).where(Resource.id.in_(ids)).order_by(Resource.id).with_for_update()
    outcome = Outcome()
    for resource in session.scalars(query).all():
        try:
            changed = decide(session, resource)
        except UsageError as error:
            outcome.failed.append((resource.address, str(error)))
        else:
            outcome.changed += changed
            outcome.unchanged += not changed
    return outcome


def _parts(values: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
