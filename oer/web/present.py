"""Presenters: a resource and the language of the interface in, what a template shows out.

A text keeps the language it was written in; a label of a vocabulary comes in the reader's. A value
that was not understood is shown as the record gave it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from flask import url_for
from flask_babel import gettext as _

from oer.metadata import licenses, reuse, vocabularies
from oer.metadata.resource_metadata import (
    Agent,
    Alignment,
    Identifier,
    LicenseStatement,
    Material,
    PartialDate,
    Relation,
    ResourceMetadata,
    Term,
)
from oer.models.resource import Resource
from oer.search.excerpts import excerpt
from oer.services.related import Held, target_of
from oer.web import reuse_strip, words
from oer.web.links import host, safe_url
from oer.web.reuse_strip import Sign
from oer.web.text import Text, from_lang_string, in_order_for

EXCERPT_LENGTH = 220

_RESOLVERS = {
    "doi": "https://doi.org/",
    "handle": "https://hdl.handle.net/",
    "orcid": "https://orcid.org/",
    "ror": "https://ror.org/",
    "isni": "https://isni.org/isni/",
    "wikidata": "https://www.wikidata.org/entity/",
    "ark": "https://n2t.net/",
    "url": "",
}
"""Where an identifier of a scheme can be looked up."""


@dataclass(frozen=True)
class Excerpt:
    """A few words of a description, the searched ones marked."""

    fragments: list[tuple[str, bool]]
    words: Text
    """Carries the language; its text is the whole description."""


@dataclass(frozen=True)
class Result:
    """A resource in a list."""

    address: str
    title: Text
    meta: list[Text]
    excerpt: Excerpt | None
    signs: tuple[Sign, ...]
    source: str | None


@dataclass(frozen=True)
class License:
    """What is known of the licence, to stand last in the panel."""

    name: str | None
    url: str | None
    raw: list[Text]
    """The provider's own words, given where ours do not settle it."""


@dataclass(frozen=True)
class File:
    """A file or link of the material."""

    name: Text
    url: str | None
    details: list[Text]
    player: Text | None = None
    """Where the material can be played or looked at, named by its host."""


@dataclass(frozen=True)
class Person:
    """Somebody with a part in the material, and where to look them up."""

    name: Text
    role: Text | None
    affiliation: str
    links: list[Text]


@dataclass(frozen=True)
class Fact:
    """A heading and what stands under it; never empty."""

    heading: str
    values: list[Text]


@dataclass(frozen=True)
class ResourcePage:
    """Everything the page of a resource shows, but for where it comes from."""

    title: Text
    other_titles: list[Text]
    meta: list[Text]
    descriptions: list[Text]
    open_url: Text | None
    thumbnail: str | None
    files: list[File]
    access: list[Text]
    signs: tuple[Sign, ...]
    license: License
    credits: list[tuple[str, str]]
    """Credit lines to copy, by the name of their form; none where nothing may be shared."""
    people: list[tuple[str, list[Person]]]
    purpose: list[Fact]
    nature: list[Fact]
    accessibility: list[Fact]
    relations: list[Fact]
    identifiers: list[Text]


def result(
    resource: Resource, ui: str, source_names: Mapping[int, str], terms: tuple[str, ...] = ()
) -> Result:
    """A resource as one of a list, with the words ``terms`` marked."""
    metadata = resource.description
    return Result(
        resource.address,
        title(metadata, ui),
        meta(metadata, ui),
        _excerpt(metadata, ui, terms),
        reuse_strip.deciding(licenses.verdict(metadata.license)),
        source_names.get(resource.source_id or 0),
    )


def resource_page(
    metadata: ResourceMetadata,
    ui: str,
    permanent_url: str,
    held: Mapping[str, Held] = MappingProxyType({}),
) -> ResourcePage:
    """A resource as a page of its own; ``held`` are the related ones that are ours."""
    titles = in_order_for(ui, metadata.title) + in_order_for(ui, metadata.alternative)
    verdict = licenses.verdict(metadata.license)
    return ResourcePage(
        title=title(metadata, ui),
        other_titles=[from_lang_string(value) for value in titles[1:]],
        meta=meta(metadata, ui),
        descriptions=[from_lang_string(v) for v in in_order_for(ui, metadata.description)],
        open_url=_open_url(metadata),
        thumbnail=safe_url(metadata.thumbnail),
        files=[_file(material, ui) for material in metadata.materials],
        access=_access(metadata, ui),
        signs=reuse_strip.strip(verdict),
        license=_license(metadata.license, verdict, ui),
        credits=_credits(metadata, ui, permanent_url) if verdict.permissions.share else [],
        people=_people(metadata, ui),
        purpose=_purpose(metadata, ui),
        nature=_nature(metadata, ui),
        accessibility=_accessibility(metadata, ui),
        relations=_relations(metadata.relations, ui, held),
        identifiers=[_identifier(value) for value in metadata.identifiers],
    )


def title(metadata: ResourceMetadata, ui: str) -> Text:
    """The title in the reader's language where there is one, else the record's first."""
    found = in_order_for(ui, metadata.title) or in_order_for(ui, metadata.alternative)
    return from_lang_string(found[0]) if found else Text(_("Untitled material"))


def meta(metadata: ResourceMetadata, ui: str) -> list[Text]:
    """The one line under a title: type, level, language, time."""
    return [
        *terms(metadata.learning_resource_type, ui),
        *terms(metadata.educational_level, ui),
        *languages_of(metadata.language, ui),
        *(Text(words.duration(value, ui)) for value in metadata.time_required),
    ]


def withdrawn_reason(resource: Resource) -> str:
    """Why a resource is gone, in a sentence; a curator's own words as they are."""
    known = {
        None: _("It is no longer part of this catalogue."),
        "deleted_by_provider": _("Its provider has removed it."),
        "source_removed": _("Its source is no longer harvested here."),
    }
    return known.get(resource.withdrawn_reason) or resource.withdrawn_reason or ""


def terms(values: Iterable[Term], ui: str) -> list[Text]:
    """Labels of terms, each once."""
    return _once(term(value, ui) for value in values)


def term(value: Term, ui: str) -> Text:
    """The label in the reader's language, or what the record says in the record's language."""
    if value.id:
        label = vocabularies.label(value.id, ui)
        if label != value.id or not value.raw:
            return Text(label)
    return Text(value.raw or value.raw_id or "", value.language or "")


def languages_of(values: Iterable[Term], ui: str) -> list[Text]:
    """Names of languages, each once."""
    return _once(
        Text(words.language(value.id, ui)) if value.id else term(value, ui) for value in values
    )


def _once(values: Iterable[Text]) -> list[Text]:
    return list({value.text: value for value in values if value.text}.values())


def _excerpt(metadata: ResourceMetadata, ui: str, terms: tuple[str, ...]) -> Excerpt | None:
    descriptions = in_order_for(ui, metadata.description)
    if not descriptions:
        return None
    words_ = from_lang_string(descriptions[0])
    return Excerpt(excerpt(words_.text, terms, EXCERPT_LENGTH), words_)


def _open_url(metadata: ResourceMetadata) -> Text | None:
    candidates = [metadata.landing_page, *(material.url for material in metadata.materials)]
    usable = [url for url in candidates if safe_url(url)]
    return Text(host(usable[0]), url=usable[0]) if usable and usable[0] else None


def _file(material: Material, ui: str) -> File:
    url = safe_url(material.url)
    names = in_order_for(ui, material.name)
    name = from_lang_string(names[0]) if names else Text(_file_name(url) or _("File"))
    kind = material.media_type and words.media_type(material.media_type)
    details = [
        Text(kind or material.raw_media_type or ""),
        Text(words.size(material.size, ui) if material.size else ""),
        Text(words.duration(material.duration, ui) if material.duration else ""),
        *languages_of(material.language, ui),
        Text(host(url) if url else ""),
    ]
    player = web_link(material.embed_url)
    return File(name, url, [d for d in details if d.text], player)


def web_link(url: str | None) -> Text | None:
    """A link to a place elsewhere, named by its host; None for what is no web address."""
    usable = safe_url(url)
    return Text(host(usable), "", usable) if usable else None


def _file_name(url: str | None) -> str | None:
    return url and (url.split("?")[0].rstrip("/").rpartition("/")[2] or host(url))


def _access(metadata: ResourceMetadata, ui: str) -> list[Text]:
    stated = {flag.value for flag in metadata.is_accessible_for_free}
    free = [Text(_("Free of charge"))] if stated == {True} else []
    paid = [Text(_("Not free of charge"))] if False in stated else []
    return free + paid + terms((*metadata.conditions_of_access, *metadata.access_rights), ui)


def _license(
    statements: tuple[LicenseStatement, ...], verdict: licenses.Verdict, ui: str
) -> License:
    named = verdict.uri or verdict.family
    settled = named and not verdict.conflict
    shown = () if settled else statements
    return License(
        name=licenses.name(named, ui) if named else None,
        url=safe_url(verdict.uri),
        raw=_once(Text(s.raw or s.raw_id or "", s.language or "") for s in shown),
    )


def _credits(metadata: ResourceMetadata, ui: str, permanent_url: str) -> list[tuple[str, str]]:
    work = reuse.work_of(metadata, ui, url=safe_url(metadata.landing_page) or permanent_url)
    forms: tuple[tuple[str, Literal["text", "html", "markdown"]], ...] = (
        (_("Text"), "text"),
        ("HTML", "html"),
        ("Markdown", "markdown"),
    )
    return [(name, reuse.attribution(work, ui, form)) for name, form in forms]


def _people(metadata: ResourceMetadata, ui: str) -> list[tuple[str, list[Person]]]:
    groups = (
        (_("Author"), metadata.creator),
        (_("Contributor"), metadata.contributor),
        (_("Publisher"), metadata.publisher),
        (_("Rights holder"), metadata.rights_holder),
        (_("Funder"), metadata.funder),
    )
    return [(heading, [_person(a, ui) for a in agents]) for heading, agents in groups if agents]


def _person(agent: Agent, ui: str) -> Person:
    return Person(
        Text(agent.name, ""),
        term(agent.role, ui) if agent.role else None,
        ", ".join(agent.affiliation),
        [link for link in map(_identifier, agent.identifiers) if link.url],
    )


def _identifier(value: Identifier) -> Text:
    resolver = _RESOLVERS.get(value.scheme)
    url = safe_url(resolver + value.value) if resolver is not None else None
    name = "" if value.scheme in ("other", "url") else f"{_scheme_name(value.scheme)} "
    return Text(f"{name}{value.value}", "", url)


def _scheme_name(scheme: str) -> str:
    return "Wikidata" if scheme == "wikidata" else scheme.upper()


def _facts(*facts: tuple[str, Iterable[Text]]) -> list[Fact]:
    filled = (Fact(heading, [v for v in values if v.text]) for heading, values in facts)
    return [fact for fact in filled if fact.values]


def _purpose(metadata: ResourceMetadata, ui: str) -> list[Fact]:
    aims = [a for a in metadata.alignment if a.type in ("teaches", "assesses", "other")]
    requires = [a for a in metadata.alignment if a.type == "requires"]
    return _facts(
        (_("School level"), terms(metadata.educational_level, ui)),
        (_("Age"), (Text(words.age_range(value)) for value in metadata.typical_age_range)),
        (_("For whom"), terms(metadata.audience, ui)),
        (_("Use in teaching"), terms(metadata.educational_use, ui)),
        (_("Time needed"), (Text(words.duration(v, ui)) for v in metadata.time_required)),
        (_("Difficulty"), terms(metadata.difficulty, ui)),
        (_("Aims"), _alignments(aims, ui)),
        (_("What one should know before"), _alignments(requires, ui)),
        (_("Advice for teaching"), map(from_lang_string, metadata.educational_description)),
    )


def _alignments(values: Iterable[Alignment], ui: str) -> list[Text]:
    return _once(
        Text(text.text or value.description or "", text.lang, safe_url(value.target_url))
        for value, text in ((value, term(value.target, ui)) for value in values)
    )


def _nature(metadata: ResourceMetadata, ui: str) -> list[Fact]:
    def when(values: Iterable[PartialDate]) -> list[Text]:
        return _once(Text(words.partial_date(value, ui)) for value in values)

    subjects = [a for a in metadata.alignment if a.type == "educational_subject"]
    return _facts(
        (_("Type"), terms(metadata.learning_resource_type, ui)),
        (_("Language"), languages_of(metadata.language, ui)),
        (_("Subject"), [*terms(metadata.about, ui), *_alignments(subjects, ui)]),
        (_("Keywords"), _searches(terms(metadata.keywords, ui))),
        (_("Place and time"), map(from_lang_string, metadata.coverage)),
        (_("Contents"), map(from_lang_string, metadata.table_of_contents)),
        (_("Length"), (Text(words.duration(value, ui)) for value in metadata.duration)),
        (_("Interactivity"), terms(metadata.interactivity_type, ui)),
        (_("Version"), [Text(metadata.version or "", "")]),
        (_("Made"), when(metadata.created)),
        (_("Published"), when(metadata.issued)),
        (_("Updated"), when(metadata.modified)),
        (_("Valid until"), when(metadata.valid_until)),
        (_("Date"), when(metadata.date)),
        (_("How to cite"), [Text(metadata.bibliographic_citation or "", "")]),
    )


def _searches(texts: Iterable[Text]) -> list[Text]:
    return [replace(t, url=url_for("catalogue.search", q=t.text)) for t in texts]


def _accessibility(metadata: ResourceMetadata, ui: str) -> list[Fact]:
    enough = (
        " + ".join(text.text for text in terms(v, ui)) for v in metadata.access_mode_sufficient
    )
    return _facts(
        (_("Features"), terms(metadata.accessibility_feature, ui)),
        (_("Hazards"), terms(metadata.accessibility_hazard, ui)),
        (_("Senses used"), terms(metadata.access_mode, ui)),
        (_("Any of these is enough"), map(Text, enough)),
        (_("In the author’s words"), map(from_lang_string, metadata.accessibility_summary)),
    )


def _relations(relations: Iterable[Relation], ui: str, held: Mapping[str, Held]) -> list[Fact]:
    headings = _relation_headings()
    by_kind: dict[str, list[Text]] = {}
    for relation in relations:
        by_kind.setdefault(headings[relation.kind], []).append(_relation(relation, ui, held))
    return _facts(*by_kind.items())


def _relation(relation: Relation, ui: str, held: Mapping[str, Held]) -> Text:
    if ours := target_of(relation, held):
        page = url_for("catalogue.resource", address=ours.address)
        return replace(title(ours.description, ui), url=page)
    identifiers = [_identifier(value) for value in relation.identifiers]
    url = safe_url(relation.url) or next((i.url for i in identifiers if i.url), None)
    titles = in_order_for(ui, relation.title)
    if titles:
        return Text(titles[0].text, titles[0].language or "", url)
    name = relation.raw or relation.url or next((i.text for i in identifiers), "")
    return Text(name, "", url)


def _relation_headings() -> dict[str, str]:
    return {
        "is_part_of": _("Part of"),
        "has_part": _("Contains"),
        "is_based_on": _("Based on"),
        "is_basis_for": _("Basis for"),
        "is_version_of": _("Version of"),
        "has_version": _("Other versions"),
        "is_format_of": _("Other form of"),
        "has_format": _("Other forms"),
        "requires": _("Needs"),
        "is_required_by": _("Needed by"),
        "references": _("Refers to"),
        "is_referenced_by": _("Referred to by"),
        "replaces": _("Replaces"),
        "is_replaced_by": _("Replaced by"),
        "translation_of": _("Translation of"),
        "relation": _("See also"),
    }
