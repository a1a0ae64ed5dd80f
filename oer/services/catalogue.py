"""Reading the catalogue: resources by address, by id, newest first, and where each comes from.

Every function answers in one query, whatever it is asked for, so a page of results costs the same
number of queries as a single one. Result lists show what is published only: the search index may
still know a resource that was withdrawn a moment ago.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, defer

from oer.models.harvest import Harvest, HarvestedRecord
from oer.models.resource import MERGED, PUBLISHED, WITHDRAWN, Resource, published_among_few
from oer.models.source import Source


@dataclass(frozen=True)
class Origin:
    """A harvested record behind a resource: who sent it, under what name, and when we saw it."""

    source: Source
    identifier: str
    datestamp: str | None
    metadata_prefix: str | None
    harvested_at: datetime | None
    """When the harvest that last met the record began; None where that run is no longer known."""


def by_address(session: Session, address: str) -> Resource | None:
    """The resource of that address; None where there is none that was ever public.

    May be withdrawn, or merged into another (:func:`kept`).
    """
    query = select(Resource).where(
        Resource.address == address, Resource.status.in_((PUBLISHED, MERGED, WITHDRAWN))
    )
    return session.scalar(query)


def kept(session: Session, copy: Resource) -> Resource | None:
    """The resource that a merged copy leads to: public, or the tombstone of one that was."""
    found = session.get(Resource, copy.merged_into_id) if copy.merged_into_id else None
    return found if found and found.status in (PUBLISHED, WITHDRAWN) else None


def by_ids(session: Session, ids: Iterable[int]) -> list[Resource]:
    """The published resources of these ids, in the order of the ids. Unknown ones are left out."""
    wanted = list(ids)
    found = session.scalars(
        select(Resource)
        .where(Resource.id.in_(wanted), published_among_few())
        .options(defer(Resource.audit_json))
    )
    by_id = {resource.id: resource for resource in found}
    return [by_id[id_] for id_ in wanted if id_ in by_id]


def revisions(session: Session, ids: Iterable[int]) -> dict[int, int]:
    """How often each of the published resources of these ids was changed: to know it unchanged."""
    query = select(Resource.id, Resource.revision)
    rows = session.execute(query.where(Resource.id.in_(list(ids)), published_among_few()))
    return {row.id: row.revision for row in rows}


def newest(session: Session, n: int) -> list[Resource]:
    """The ``n`` published resources that were added or changed last."""
    return list(
        session.scalars(
            select(Resource)
            .where(Resource.status == PUBLISHED)
            .order_by(Resource.datestamp.desc(), Resource.id.desc())
            .limit(n)
            .options(defer(Resource.audit_json))
        )
    )


def sources(session: Session) -> list[Source]:
    """Every source, removed ones too: their resources still name them."""
    return list(session.scalars(select(Source).order_by(Source.name)))


def origins(session: Session, resource: Resource) -> list[Origin]:
    """The records the resource was made from, its merged copies' too, without their payloads."""
    copies = select(Resource.id).where(Resource.merged_into_id == resource.id)
    rows = session.execute(
        select(
            Source,
            HarvestedRecord.identifier,
            HarvestedRecord.datestamp,
            HarvestedRecord.metadata_prefix,
            Harvest.started_at,
        )
        .join(Source, Source.id == HarvestedRecord.source_id)
        .outerjoin(Harvest, Harvest.id == HarvestedRecord.last_harvest_id)
        .where(
            or_(HarvestedRecord.resource_id == resource.id, HarvestedRecord.resource_id.in_(copies))
        )
        .order_by(HarvestedRecord.id)
    )
    return [Origin(*row) for row in rows]
