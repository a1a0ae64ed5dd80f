"""What stands beside a resource: its copies at other providers, and related ones that we hold.

A relation names its target as the provider knows it: by an identifier, or by an address on the
provider's site. Where one of our resources goes by the same name, the reader can stay here.
Relations are followed both ways: :func:`held` finds what a resource speaks of, :func:`mentions`
those that speak of it, by the names kept in a table of their own (:func:`rows`). Either is a
look-up in an index, however large the catalogue grows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType

import msgspec
from sqlalchemy import and_, case, func, literal, or_, select, text, union_all
from sqlalchemy.orm import Session, aliased

from oer.metadata.identifiers import is_private_host
from oer.metadata.likeness import identifier_keys
from oer.metadata.resource_metadata import Relation, ResourceMetadata, from_json
from oer.models import (
    HarvestedRecord,
    Link,
    Resource,
    ResourceKey,
    ResourceLink,
    ResourceRelation,
    Source,
)
from oer.models.resource import PUBLISHED, published_among_few
from oer.services.links import LANDING_PAGE, link_url

MOST_RELATIONS = 100
"""Relations of one resource that are looked up; a series may have thousands of parts."""

MOST_MENTIONS = 60
"""Resources that speak of one resource and are shown with it."""

MOST_RECORDS = 20
"""Names of records in one relation that are looked up. Databases refuse questions with very many
values, and a record may give any number."""

MOST_STEPS = 8
"""Resources that are asked what replaces them, on the way to the newest version."""

MOST_COPIES = 100
"""Records of a resource and its merged copies whose names it goes by."""

INVERSE: Mapping[str, str] = MappingProxyType(
    {
        "is_part_of": "has_part",
        "has_part": "is_part_of",
        "is_based_on": "is_basis_for",
        "is_basis_for": "is_based_on",
        "is_version_of": "has_version",
        "has_version": "is_version_of",
        "is_format_of": "has_format",
        "has_format": "is_format_of",
        "requires": "is_required_by",
        "is_required_by": "requires",
        "references": "is_referenced_by",
        "is_referenced_by": "references",
        "replaces": "is_replaced_by",
        "is_replaced_by": "replaces",
        "translation_of": "has_translation",
        "relation": "relation",
    }
)
"""What a resource is to the one that its relation names."""


_DELETE = text("DELETE FROM resource_relation WHERE resource_id = :resource_id")
_INSERT = text(
    "INSERT INTO resource_relation (resource_id, name_sha256) VALUES (:resource_id, :name_sha256)"
)


@dataclass(frozen=True)
class Copy:
    """The same resource at another provider."""

    source_name: str
    landing_page: str | None


@dataclass(frozen=True)
class Held:
    """A related resource of ours."""

    id: int
    address: str
    description: ResourceMetadata


@dataclass(frozen=True)
class Mention:
    """A resource of ours that speaks of another one."""

    kind: str
    """What it is to that one: a kind of relation, or ``has_translation``."""
    held: Held


def copies(session: Session, resource: Resource) -> list[Copy]:
    """The merged copies of a resource, each where its own provider has it."""
    rows = session.execute(
        select(Source.name, Source.internal, Resource.metadata_json)
        .join(Source, Source.id == Resource.source_id)
        .where(Resource.merged_into_id == resource.id)
        .order_by(Source.name, Resource.id)
    )
    found = ((name, internal, from_json(json).landing_page) for name, internal, json in rows)
    return [
        Copy(name, None if url and is_private_host(url) and not internal else url)
        for name, internal, url in found
    ]


def without_itself(
    metadata: ResourceMetadata, resource: Resource, names: frozenset[str]
) -> ResourceMetadata:
    """A description without the relations that lead back to it; ``names`` are its own."""
    home = link_url(metadata.landing_page or "")

    def is_itself(relation: Relation) -> bool:
        url = relation.url or relation.raw or ""
        # A place within the page is a part of it.
        is_whole = "#" not in url
        is_named = not names.isdisjoint(_names_given(relation, resource.source_id))
        return is_whole and (is_named or (home is not None and link_url(url) == home))

    kept = tuple(each for each in metadata.relations if not is_itself(each))
    return msgspec.structs.replace(metadata, relations=kept)


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
        select(found.c.kind, found.c.name, shown.id, shown.address, shown.metadata_json)
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
    return {f"{kind} {name}": Held(id_, at, from_json(json)) for kind, name, id_, at, json in rows}


def names_of(relation: Relation) -> list[str]:
    """The names a relation gives its target, as :func:`held` answers by them; surest first."""
    links = [link_url(url) for url in (relation.url, relation.raw) if url]
    return [
        *(f"record {record}" for record in _records(relation)),
        *(f"key {key}" for key in _keys(relation)),
        *(f"link {_digest(url)}" for url in links if url),
    ]


def target_of(relation: Relation, known: Mapping[str, Held]) -> Held | None:
    """The resource of ours that a relation leads to; None where we hold none."""
    return next((known[name] for name in names_of(relation) if name in known), None)


def mentions(session: Session, resource: Resource, names: frozenset[str]) -> list[Mention]:
    """The published resources whose relations lead to this one or to a merged copy of it.

    One query, and at most :data:`MOST_MENTIONS` resources: those of its own source, then the
    others, first come first. Anybody may say that theirs is the newer version of another's work,
    so that is believed of its own source alone; of others it is a version like any other.

    Args:
        names: What it goes by (:func:`own_names`).
    """
    stating = select(ResourceRelation.resource_id).where(ResourceRelation.name_sha256.in_(names))
    rows = session.execute(
        select(Resource.id, Resource.address, Resource.source_id, Resource.metadata_json)
        .where(Resource.id.in_(stating), published_among_few(), Resource.id != resource.id)
        .order_by(case((Resource.source_id == resource.source_id, 0), else_=1), Resource.id)
        .limit(MOST_MENTIONS)
    )
    found = []
    for id_, address, source_id, json in rows:
        described = from_json(json)
        known = Held(id_, address, described)
        is_believed = source_id is not None and source_id == resource.source_id
        kinds = (
            _kind_there(relation, is_believed)
            for relation in described.relations[:MOST_RELATIONS]
            if not names.isdisjoint(_names_given(relation, source_id))
        )
        found += [Mention(kind, known) for kind in dict.fromkeys(kinds)]
    return found


def newer_versions(
    session: Session,
    resource: Resource,
    relations: Sequence[Relation],
    known: Mapping[str, Held],
    told: Sequence[Mention],
) -> list[Held]:
    """What replaces a resource, what replaces that, and so on to the newest; the nearest first.

    Empty where the versions lead in a circle: then nobody can tell which is newer. Four queries for
    each of them at most, and no more than :data:`MOST_STEPS` are asked.

    Args:
        known: The resources of ours that its relations lead to, as :func:`held` finds them.
        told: Those that speak of it.
    """
    stated = [(each.kind, target_of(each, known)) for each in relations]
    beside = [*stated, *((each.kind, each.held) for each in told)]
    older = {each.id for kind, each in beside if each and kind == "replaces"}
    direct = [each for kind, each in beside if each and kind == "is_replaced_by"]
    newer = {each.id: each for each in direct if each.id not in older}
    waiting = list(newer)
    for asked, id_ in enumerate(waiting):
        if asked == MOST_STEPS:
            break
        for each in _replacing(session, session.get_one(Resource, id_)):
            if each.id == resource.id:
                return []
            if newer.setdefault(each.id, each) is each:
                waiting.append(each.id)
    return list(newer.values())


def _replacing(session: Session, resource: Resource) -> list[Held]:
    own = [each for each in resource.description.relations if each.kind == "is_replaced_by"]
    known = held(session, resource, own)
    told = mentions(session, resource, own_names(session, resource))
    by_others = [each.held for each in told if each.kind == "is_replaced_by"]
    return [*filter(None, (target_of(each, known) for each in own)), *by_others]


def rows(
    resource_id: int, source_id: int | None, metadata: ResourceMetadata
) -> list[dict[str, int | str]]:
    """The rows of ``resource_relation`` for one resource: the names it gives to related ones."""
    relations = metadata.relations[:MOST_RELATIONS]
    names = dict.fromkeys(name for each in relations for name in _names_given(each, source_id))
    return [{"resource_id": resource_id, "name_sha256": name} for name in names]


def keep(
    session: Session, resource_ids: Iterable[int], fresh: Sequence[Mapping[str, int | str]]
) -> None:
    """Put these rows (:func:`rows`) in place of all that are kept of the resources."""
    session.execute(_DELETE, [{"resource_id": id_} for id_ in resource_ids])
    if fresh:
        session.execute(_INSERT, fresh)


def _kind_there(relation: Relation, is_believed: bool) -> str:
    kind = INVERSE[relation.kind]
    return "has_version" if kind == "is_replaced_by" and not is_believed else kind


def _names_given(relation: Relation, source_id: int | None) -> Iterator[str]:
    """The names of a relation's target, as they are kept.

    A provider's own name for a record means nothing at another's. Addresses count as keys do:
    without a site's home page, which is nobody's part.
    """
    yield from (_digest(f"key {key}") for key in _keys(relation))
    yield from (_digest(f"record {source_id} {record}") for record in _records(relation))


def own_names(session: Session, resource: Resource) -> frozenset[str]:
    """The names that a resource and its merged copies go by, as others' relations may give them."""
    found = session.execute(
        select(Resource.metadata_json, HarvestedRecord.source_id, HarvestedRecord.identifier)
        .outerjoin(HarvestedRecord, HarvestedRecord.resource_id == Resource.id)
        .where(or_(Resource.id == resource.id, Resource.merged_into_id == resource.id))
        .order_by(case((Resource.id == resource.id, 0), else_=1), Resource.id)
        .limit(MOST_COPIES)
    ).all()
    described = dict.fromkeys(json for json, _, _ in found)
    keys = (key for json in described for key in identifier_keys(from_json(json)))
    records = (f"record {source} {name}" for _, source, name in found if name is not None)
    return frozenset(_digest(name) for name in (*(f"key {key}" for key in keys), *records))


def _keys(relation: Relation) -> Iterator[str]:
    url = relation.url or relation.raw
    return identifier_keys(ResourceMetadata(landing_page=url, identifiers=relation.identifiers))


def _records(relation: Relation) -> list[str]:
    records = [each.value for each in relation.identifiers if each.scheme in ("oai", "other")]
    return [*records[:MOST_RECORDS], *([relation.raw] if relation.raw else [])]


def _digest(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def _of(names: Iterable[str], kind: str) -> list[str]:
    prefix = f"{kind} "
    return sorted(name.removeprefix(prefix) for name in names if name.startswith(prefix))
