"""What a material may be found by beside its words: the facet values of a description.

Values are codes; names for people are looked up when they are shown. Nothing is guessed: what the
record does not say has no value. A concept brings the wider ones it belongs to, so that who asks
for basic education finds what is for grades 1–2.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from oer.metadata.licenses import verdict
from oer.metadata.media import kind_of
from oer.metadata.resource_metadata import Agent, AgeRange, PartialDate, ResourceMetadata, Term
from oer.metadata.vocabularies import broader

AGES = {"0-6": (0, 6), "7-9": (7, 9), "10-12": (10, 12), "13-15": (13, 15), "16-18": (16, 18)}
"""Ages as Finnish school life divides them; :data:`ADULT` is above all of them."""

ADULT = "19-"
_ADULT_AGE = 19

MINUTES = {"15": 15, "45": 45, "90": 90}
"""Time needed: up to so many minutes and more than the one before; 45 are a lesson."""

LONGER = "more"

UNCLEAR = "unclear"
"""In place of a licence: something is stated, and nobody can tell which licence it names."""

_PERIOD = re.compile(
    r"P(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?"
)
_MINUTES_OF = (7 * 24 * 60, 24 * 60, 60, 1, 1 / 60)
_CAPTIONS = frozenset({"captions", "subtitles"})


def facet_values(
    metadata: ResourceMetadata, source_slug: str | None
) -> Mapping[str, tuple[str, ...]]:
    """Facet name to its values, each once; a facet without any is absent."""
    found = {name: tuple(dict.fromkeys(read(metadata))) for name, read in _READERS.items()}
    found["source"] = (source_slug,) if source_slug else ()
    return {name: values for name, values in found.items() if values}


def _permission(metadata: ResourceMetadata) -> Iterator[str]:
    granted = verdict(metadata.license).permissions
    yield from ("share",) if granted.share else ()
    yield from ("adapt",) if granted.adapt else ()
    yield from ("commercial",) if granted.commercial else ()
    # "No attribution needed" of what may not be passed on would be a trap.
    yield from ("no-attribution",) if granted.share and granted.attribution is False else ()


def _license(metadata: ResourceMetadata) -> Iterable[str]:
    found = verdict(metadata.license)
    code = found.code or (UNCLEAR if found.kind != "none" else "")
    return (code,) if code else ()


def _subject(metadata: ResourceMetadata) -> Iterator[str]:
    aligned = (each.target for each in metadata.alignment if each.type == "educational_subject")
    for id_ in _ids((*metadata.about, *metadata.keywords, *aligned)):
        if id_.startswith("subject:"):
            yield from (id_, *broader(id_))


def _language(metadata: ResourceMetadata) -> Iterable[str]:
    return (tag.partition("-")[0].lower() for tag in _ids(metadata.language))


def _accessibility(metadata: ResourceMetadata) -> Iterator[str]:
    yield from _with_broader(metadata.accessibility_feature)
    kinds = {caption.kind for material in metadata.materials for caption in material.captions}
    yield from ("feature:captions",) if kinds & _CAPTIONS else ()


def _age(metadata: ResourceMetadata) -> Iterator[str]:
    for ages in metadata.typical_age_range:
        yield from _age_groups(ages)


def _age_groups(ages: AgeRange) -> Iterator[str]:
    if ages.minimum is None and ages.maximum is None:
        return
    least, most = ages.minimum or 0, ages.maximum
    for name, (first, last) in AGES.items():
        if least <= last and (most is None or most >= first):
            yield name
    if most is None or most >= _ADULT_AGE:
        yield ADULT


def _duration(metadata: ResourceMetadata) -> Iterator[str]:
    for each in metadata.time_required:
        needed = minutes(each.value) if each.value else None
        if needed:
            yield next((name for name, most in MINUTES.items() if needed <= most), LONGER)


@lru_cache(maxsize=1024)
def minutes(value: str) -> float | None:
    """An ISO 8601 duration in minutes; None for years and months, which have no fixed length."""
    match = _PERIOD.fullmatch(value)
    if match is None:
        return None
    parts = zip(match.groups(), _MINUTES_OF, strict=True)
    return sum(float(number) * factor for number, factor in parts if number)


def _media(metadata: ResourceMetadata) -> Iterator[str]:
    for material in metadata.materials:
        kind = kind_of(material.media_type) if material.media_type else None
        yield from (kind,) if kind else ()


def _access(metadata: ResourceMetadata) -> Iterator[str]:
    stated = {flag.value for flag in metadata.is_accessible_for_free}
    yield from ("free",) if stated == {True} else ()
    yield from ("not-free",) if False in stated else ()
    yield from _ids((*metadata.conditions_of_access, *metadata.access_rights))


def _year(metadata: ResourceMetadata) -> Iterable[str]:
    """The year of publication; where none is given, that of the only date there is."""
    return _years(metadata.issued) or _only(_years(metadata.date))


def _years(dates: Iterable[PartialDate]) -> list[str]:
    return [str(date.year) for date in dates if date.year]


def _only(years: list[str]) -> list[str]:
    return years[:1] if len(set(years)) == 1 else []


def _author(metadata: ResourceMetadata) -> Iterable[str]:
    return _named(agent.name for agent in metadata.creator)


def _organisation(metadata: ResourceMetadata) -> Iterable[str]:
    agents = (*metadata.creator, *metadata.contributor)
    return _named((*_publishers(metadata.publisher), *_behind(agents)))


def _publishers(agents: Iterable[Agent]) -> Iterator[str]:
    return (agent.name for agent in agents if agent.type != "person")


def _behind(agents: Iterable[Agent]) -> Iterator[str]:
    for agent in agents:
        yield from (agent.name,) if agent.type == "organization" else ()
        yield from agent.affiliation


def _named(names: Iterable[str]) -> Iterator[str]:
    return (name for each in names if (name := " ".join(each.split())))


def _terms(element: str) -> Callable[[ResourceMetadata], Iterator[str]]:
    return lambda metadata: _with_broader(getattr(metadata, element))


def _ids(terms: Iterable[Term]) -> Iterator[str]:
    return (term.id for term in terms if term.id)


def _with_broader(terms: Iterable[Term]) -> Iterator[str]:
    for concept_id in _ids(terms):
        yield from (concept_id, *broader(concept_id))


_READERS: Mapping[str, Callable[[ResourceMetadata], Iterable[str]]] = {
    "permission": _permission,
    "type": _terms("learning_resource_type"),
    "level": _terms("educational_level"),
    "subject": _subject,
    "language": _language,
    "use": _terms("educational_use"),
    "audience": _terms("audience"),
    "accessibility": _accessibility,
    "age": _age,
    "duration": _duration,
    "media": _media,
    "access": _access,
    "year": _year,
    "license": _license,
    "author": _author,
    "organisation": _organisation,
}
