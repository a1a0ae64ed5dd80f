"""What stands beside a resource: its copies at other providers, and related ones that we hold.

A relation names its target as the provider knows it: by an identifier, or by an address on the
provider's site. Where one of our resources goes by the same name, the reader can stay here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import and_, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from oer.metadata.likeness import identifier_keys
from oer.metadata.resource_metadata import Relation, ResourceMetadata, from_json
from oer.models import HarvestedRecord, Link, Resource, ResourceKey, ResourceLink, Source
from oer.models.resource import PUBLISHED
from oer.services.links import LANDING_PAGE, link_url

MOST_RELATIONS = 100
"""Relations of one resource that are looked up; a series may have thousands of parts."""


@dataclass(frozen=True)
class Copy:
    """The same resource at another provider."""

    source_name: str
    landing_page: str | None


@dataclass(frozen=True)
class Held:
    """A related resource of ours."""

    address: str
    description: ResourceMetadata


def copies(session: Session, resource: Resource) -> list[Copy]:
    """The merged copies of a resource, each where its own provider has it."""
    rows = session.execute(
        select(Source.name, Resource.metadata_json)
        .join(Source, Source.id == Resource.source_id)
        .where(Resource.merged_into_id == resource.id)
        .order_by(Source.name, Resource.id)
    )
    return [Copy(name, from_json(text).landing_page) for name, text in rows]


def held(session: Session, resource: Resource, relations: Iterable[Relation]) -> dict[str, Held]:
    """The published resources that the relations speak of, by each name of theirs.

    One query, and none where there is no relation. Look a relation up with :func:`names_of`.
    Depends on the tables that finding copies and checking links keep, and on the identifiers of
    the resource's own provider.
    """
    names = {name for each in list(relations)[:MOST_RELATIONS] for name in names_of(each)}
    if not names:
        return {}
    by_key = select(
        literal("key").label("kind"), ResourceKey.key.label("name"), ResourceKey.resource_id
    ).where(ResourceKey.key.in_(_of(names, "key")))
    by_record = select(
        literal("record"), HarvestedRecord.identifier, HarvestedRecord.resource_id
    ).where(
        HarvestedRecord.source_id == resource.source_id,
        HarvestedRecord.identifier.in_(_of(names, "record")),
    )
    by_link = (
        select(literal("link"), Link.url_sha256, ResourceLink.resource_id)
        .join(ResourceLink, ResourceLink.link_id == Link.id)
        .where(Link.url_sha256.in_(_of(names, "link")), ResourceLink.role == LANDING_PAGE)
    )
    found = union_all(by_key, by_record, by_link).subquery()
    named, shown = aliased(Resource), aliased(Resource)
    rows = session.execute(
        select(found.c.kind, found.c.name, shown.address, shown.metadata_json)
        .join(named, named.id == found.c.resource_id)
        .join(
            shown,
            and_(
                shown.id == func.coalesce(named.merged_into_id, named.id),
                shown.status == PUBLISHED,
                shown.id != resource.id,
            ),
        )
        .order_by(shown.id.desc())
    )
    return {f"{kind} {name}": Held(address, from_json(text)) for kind, name, address, text in rows}


def names_of(relation: Relation) -> list[str]:
    """The names a relation gives its target, as :func:`held` answers by them; surest first."""
    target = ResourceMetadata(landing_page=relation.url, identifiers=relation.identifiers)
    records = [each.value for each in relation.identifiers if each.scheme in ("oai", "other")]
    records += [relation.raw] if relation.raw else []
    links = [link_url(url) for url in (relation.url, relation.raw) if url]
    return [
        *(f"record {record}" for record in records),
        *(f"key {key}" for key in identifier_keys(target)),
        *(f"link {sha256(url.encode()).hexdigest()}" for url in links if url),
    ]


def target_of(relation: Relation, known: Mapping[str, Held]) -> Held | None:
    """The resource of ours that a relation leads to; None where we hold none."""
    return next((known[name] for name in names_of(relation) if name in known), None)


def _of(names: Iterable[str], kind: str) -> list[str]:
    prefix = f"{kind} "
    return sorted(name.removeprefix(prefix) for name in names if name.startswith(prefix))
