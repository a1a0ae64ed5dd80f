"""Raw values in the catalogue: which are not understood yet, and which resources carry one.

Goes through the stored descriptions a batch at a time, each batch in a short session of its own,
so that neither memory nor a lock grows with the catalogue (about a second for 100 000 resources).
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oer.database import Sessions
from oer.metadata.resource_metadata import Term, from_json
from oer.metadata.term_fields import terms
from oer.metadata.vocabularies import fold
from oer.models import Resource, Source
from oer.models.resource import REJECTED, WITHDRAWN
from oer.services import sources

BATCH = 500

MOST_VALUES = 100_000
"""Different values counted apart; what comes after is counted together."""

Report = Callable[[int], None]
"""Told how many resources were looked through."""


@dataclass(slots=True)
class Unmapped:
    """A raw value without a concept.

    Args:
        source: Slug; None for what was made here.
        vocabulary: The vocabulary it wants to belong to.
        raw: One spelling of it; letter case and dashes make no difference.
        count: How often it stands in the catalogue.
        example: Address of a resource that carries it.
    """

    source: str | None
    vocabulary: str
    raw: str
    count: int
    example: str

    def as_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return asdict(self)


@dataclass(frozen=True)
class Counted:
    """What was found: values, the commonest first, and how often others stood there."""

    values: list[Unmapped]
    others: int


def unmapped(
    sessions: Sessions,
    *,
    source_slug: str | None = None,
    vocabulary: str | None = None,
    report: Report = lambda count: None,
) -> Counted:
    """Count the raw values that no concept was found for, by source and vocabulary.

    Raises:
        UnknownSource: No source of that slug.
    """
    found: dict[tuple[int | None, str, str], Unmapped] = {}
    others = 0
    with sessions() as session:
        slugs = {each.id: each.slug for each in session.scalars(select(Source))}
    for row, names, term in _terms(sessions, source_slug, report):
        if term.id is not None or (vocabulary is not None and vocabulary not in names):
            continue
        raw = term.raw or term.raw_id or ""
        key = row.source_id, vocabulary or names[0], fold(raw)
        known = found.get(key)
        if known is not None:
            known.count += 1
        elif len(found) < MOST_VALUES:
            found[key] = Unmapped(slugs.get(row.source_id), key[1], raw, 1, row.address)
        else:
            others += 1
    values = sorted(
        found.values(), key=lambda each: (-each.count, each.source or "", each.vocabulary, each.raw)
    )
    return Counted(values, others)


def carriers(
    sessions: Sessions,
    wanted: Collection[tuple[str, str]],
    *,
    source_slug: str | None = None,
    report: Report = lambda count: None,
) -> list[int]:
    """Ids of the resources that carry one of the raw values, as ``(vocabulary, fold(raw))``."""
    found: dict[int, None] = {}
    for row, names, term in _terms(sessions, source_slug, report):
        keys = {fold(text) for text in (term.raw, term.raw_id) if text}
        if any((name, key) in wanted for name in names for key in keys):
            found[row.id] = None
    return list(found)


def size(session: Session, source_slug: str | None = None) -> int:
    """How many resources there are to look through."""
    query = select(func.count()).select_from(Resource).where(Resource.status.not_in(_GONE))
    if source_slug:
        query = query.where(Resource.source_id == sources.get(session, source_slug).id)
    return session.scalars(query).one()


_GONE = (WITHDRAWN, REJECTED)


def _terms(
    sessions: Sessions, source_slug: str | None, report: Report
) -> Iterator[tuple[Any, tuple[str, ...], Term]]:
    query = (
        select(Resource.id, Resource.source_id, Resource.address, Resource.metadata_json)
        .where(Resource.status.not_in(_GONE))
        .order_by(Resource.id)
        .limit(BATCH)
    )
    if source_slug:
        with sessions() as session:
            query = query.where(Resource.source_id == sources.get(session, source_slug).id)
    last = 0
    while True:
        with sessions() as session:
            batch = session.execute(query.where(Resource.id > last)).all()
        if not batch:
            return
        for row in batch:
            for names, term in terms(from_json(row.metadata_json)):
                yield row, names, term
        last = batch[-1].id
        report(len(batch))
