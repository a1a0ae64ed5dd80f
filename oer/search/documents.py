"""From a resource's metadata to the document an engine takes: the only place that knows both."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from oer.metadata.lang_strings import titles_for
from oer.metadata.resource_metadata import Agent, LangString, ResourceMetadata, Term
from oer.metadata.vocabularies import broader, get
from oer.search.analysis import ORGANISATION, PERSON
from oer.search.facet_values import facet_values
from oer.search.index import READERS, SearchDocument

Text = tuple[str, str | None]

_ANY_SCHOOL = "level:school"
"""Its label names levels that a narrower one excludes, so it is no text of those."""

Labels = Mapping[str, Mapping[str, str]]
"""Labels by language, by the URI of their concept."""


def document(
    resource_id: int,
    metadata: ResourceMetadata,
    source_slug: str | None,
    updated: datetime,
    quality: float | None = None,
    labels: Labels = MappingProxyType({}),
    created: datetime | None = None,
) -> SearchDocument:
    """The document of a resource.

    Args:
        resource_id: ``Resource.id``.
        metadata: Its description.
        source_slug: The source it was harvested from; None for what was made here.
        updated: When it last changed.
        created: When it came into the catalogue; None: when it last changed.
        quality: ``Resource.completeness``; None where it was never worked out.
        labels: Labels by language of the concepts of loaded vocabularies, by their URI.
    """
    return SearchDocument(
        id=resource_id,
        texts={name: tuple(dict.fromkeys(texts)) for name, texts in _texts(metadata, labels)},
        facets=facet_values(metadata, source_slug),
        updated=updated.timestamp(),
        created=(created or updated).timestamp(),
        titles={reader: _title(metadata, reader) for reader in READERS},
        quality=quality or 0.0,
    )


def _title(metadata: ResourceMetadata, reader: str) -> str:
    titles = titles_for(reader, metadata)
    return titles[0].text if titles else ""


def concepts_of(metadata: ResourceMetadata) -> Iterator[str]:
    """URIs of concepts that only a loaded vocabulary can name."""
    for term in (*metadata.keywords, *metadata.about):
        if term.id and term.id.startswith("http"):
            yield term.id


def _texts(metadata: ResourceMetadata, labels: Labels) -> Iterator[tuple[str, Iterator[Text]]]:
    yield "title", _strings(metadata.title, metadata.alternative)
    yield "keyword", _labels((*metadata.keywords, *metadata.about), labels)
    yield "author", _names(PERSON, metadata.creator, metadata.contributor)
    yield (
        "description",
        _strings(
            metadata.description, metadata.educational_description, metadata.table_of_contents
        ),
    )
    yield "other", _other(metadata)


def _other(metadata: ResourceMetadata) -> Iterator[Text]:
    yield from _names(ORGANISATION, metadata.publisher)
    yield from _strings(metadata.coverage)
    # So that "matematiikka lukio" finds what is for upper secondary school and never says so.
    described = (*_ids(metadata.educational_level), *_ids(metadata.learning_resource_type))
    for concept_id in dict.fromkeys(_with_broader(described)):
        concept = get(concept_id) if concept_id != _ANY_SCHOOL or concept_id in described else None
        yield from ((label, tag) for tag, label in (concept.labels.items() if concept else ()))


def _strings(*elements: tuple[LangString, ...]) -> Iterator[Text]:
    return ((each.text, each.language) for element in elements for each in element)


def _names(usually: str, *elements: tuple[Agent, ...]) -> Iterator[Text]:
    """Names, each as what it is the name of; most records do not tell."""
    kinds = {"person": PERSON, "organization": ORGANISATION, None: usually}
    return ((agent.name, kinds[agent.type]) for element in elements for agent in element)


def _labels(terms: Iterable[Term], loaded: Labels) -> Iterator[Text]:
    """A term as the record words it, and a known concept in all our languages."""
    for term in terms:
        if term.raw:
            yield term.raw, term.language
        concept = get(term.id) if term.id else None
        names = concept.labels if concept else loaded.get(term.id or "", {})
        yield from ((label, language) for language, label in names.items())


def _ids(terms: Iterable[Term]) -> Iterator[str]:
    return (term.id for term in terms if term.id)


def _with_broader(ids: Iterable[str]) -> Iterator[str]:
    """Every concept and its ancestors, so that a parent finds what its children hold."""
    for concept_id in ids:
        yield concept_id
        yield from broader(concept_id)
