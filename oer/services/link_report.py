"""Telling what is known of links, without asking anybody.

Only links that published resources point to are told; of the others the history is kept.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from oer.models import Link, Resource, ResourceLink
from oer.models.resource import PUBLISHED
from oer.services.link_standing import STANDING, STATES, Standing, name_of
from oer.services.links import description, is_address, is_of_source

BATCH = 200


@dataclass(frozen=True)
class Known:
    """A link as a listing shows it, with the published resources that point to it."""

    url: str
    standing: Standing
    resources: tuple[tuple[str, str], ...]
    """Address and title of each."""


def counts(session: Session, *, source_id: int | None = None) -> dict[str, int]:
    """How many links stand how, by the names of ``STATES``."""
    query = (
        select(Link.state, Link.moved_permanently, func.count())
        .where(_wanted(None, source_id, None))
        .group_by(Link.state, Link.moved_permanently)
    )
    found = dict.fromkeys(STATES, 0)
    for state, moved, count in session.execute(query):
        found[name_of(state, moved)] += count
    return found


def known(
    session: Session,
    *,
    state: str | None = None,
    source_id: int | None = None,
    url: str | None = None,
) -> Iterator[Known]:
    """The links in the order they were met, read in batches: the listing may be long."""
    columns = (Link.id, Link.url, *(getattr(Link, name) for name in STANDING))
    query = select(*columns).where(_wanted(state, source_id, url)).order_by(Link.id).limit(BATCH)
    last = 0
    while rows := session.execute(query.where(Link.id > last)).all():
        resources = _resources(session, [row.id for row in rows])
        for id_, address, *standing in rows:
            yield Known(address, Standing(*standing), tuple(resources[id_]))
        last = rows[-1].id


def _wanted(state: str | None, source_id: int | None, url: str | None) -> ColumnElement[bool]:
    named = select(ResourceLink.link_id).where(ResourceLink.link_id == Link.id).exists()
    wanted: list[ColumnElement[bool]] = [named]
    if state is not None:
        wanted.append(Link.state == ("alive" if state == "moved" else state))
    if state in ("alive", "moved"):
        wanted.append(Link.moved_permanently.is_(state == "moved"))
    if source_id is not None:
        wanted.append(is_of_source(source_id))
    if url is not None:
        wanted.append(is_address(url))
    return and_(*wanted)


def _resources(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    query = (
        select(
            ResourceLink.link_id,
            Resource.id,
            Resource.address,
            Resource.status,
            Resource.metadata_json,
        )
        .join(Resource, Resource.id == ResourceLink.resource_id)
        .where(ResourceLink.link_id.in_(ids))
        .order_by(ResourceLink.link_id, Resource.id)
    )
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in session.execute(query):
        # No condition of the query: SQLite would rather go through all published resources.
        if row.status == PUBLISHED:
            title = description(row.id, row.metadata_json).title
            found[row.link_id].append((row.address, title[0].text if title else ""))
    return found
