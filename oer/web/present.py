"""Presenters: a resource and the language of the interface in, what a template shows out.

A text keeps the language it was written in; a label of a vocabulary comes in the reader's. A value
that was not understood is shown as the record gave it. What every page needs is here; the page of
a resource has ``present_resource``.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from flask import url_for
from flask_babel import gettext as _

from oer.metadata import licenses, vocabularies
from oer.metadata.lang_strings import titles_for
from oer.metadata.resource_metadata import Identifier, LangString, Material, ResourceMetadata, Term
from oer.models import Source
from oer.models.resource import MERGED, PUBLISHED, Resource
from oer.search.excerpts import Fragment, excerpt, has_hit, marked
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


MOST_DESCRIPTIONS = 4
"""Wordings of a description that are looked at for the searched words."""

MOST_TERMS = 50
"""Keywords and names that are."""


@dataclass(frozen=True)
class Excerpt:
    """A few words of a text, the searched ones marked."""

    fragments: list[Fragment]
    words: Text
    """Carries the language; its text is the whole."""
    heading: str = ""
    """What it is, where that is no description."""


@dataclass(frozen=True)
class Result:
    """A resource in a list."""

    address: str
    title: Text
    marked: list[Fragment]
    """The title with the searched words marked; empty where it has none."""
    meta: list[Text]
    excerpt: Excerpt | None
    elsewhere: Excerpt | None
    """A keyword or name with the searched words, where neither title nor excerpt has any."""
    signs: tuple[Sign, ...]
    source: str | None
    source_slug: str | None = None
    """Of its source's page; None where the source has none (any more)."""


def result(
    resource: Resource,
    ui: str,
    sources: Mapping[int, Source],
    wanted: frozenset[str] = frozenset(),
) -> Result:
    """A resource as one of a list, with the ``wanted`` words marked (``SearchResults.terms``).

    ``sources`` holds its source by id; where it does not, the source goes unnamed.
    """
    metadata = resource.description
    source = sources.get(resource.source_id or 0)
    name = title(metadata, ui)
    name_marked = marked(name.text, wanted) if wanted else []
    found = _excerpt(metadata, ui, wanted)
    shows = name_marked or not wanted or (found and has_hit(found.fragments))
    return Result(
        resource.address,
        name,
        name_marked,
        meta(metadata, ui),
        found,
        None if shows else _elsewhere(metadata, ui, wanted),
        reuse_strip.deciding(licenses.verdict(metadata.license)),
        source.name if source else None,
        source.slug if source and source.removed_at is None else None,
    )


def title(metadata: ResourceMetadata, ui: str) -> Text:
    """The title in the reader's language where there is one, else the record's first."""
    found = titles_for(ui, metadata)
    return from_lang_string(found[0]) if found else Text(_("Untitled material"))


def meta(metadata: ResourceMetadata, ui: str) -> list[Text]:
    """The one line under a title: type, level, language, time."""
    return [
        *terms(metadata.learning_resource_type, ui),
        *terms(metadata.educational_level, ui),
        *languages_of(metadata.language, ui),
        *(Text(words.duration(value, ui)) for value in metadata.time_required),
    ]


def withdrawn_reason(resource: Resource) -> Text:
    """Why a resource is gone, in a sentence; a curator's own words as they are, in any language."""
    known = {
        None: _("It is no longer part of this catalogue."),
        "deleted_by_provider": _("Its provider has removed it."),
        "source_removed": _("Its source is no longer harvested here."),
    }
    if sentence := known.get(resource.withdrawn_reason):
        return Text(sentence)
    return Text(resource.withdrawn_reason or "", "")


def successor(withdrawn: Resource, ours: Resource | None, ui: str) -> Text | None:
    """Where to go instead of a withdrawn resource, if a curator has said so.

    ``ours`` is the resource of that address, where it is one of ours.
    """
    if ours is not None and ours.status in (PUBLISHED, MERGED):
        name = title(ours.description, ui)
        return Text(name.text, name.lang, url_for("unprefixed.permanent", address=ours.address))
    return web_link(withdrawn.successor)


def terms(values: Iterable[Term], ui: str) -> list[Text]:
    """Labels of terms, each once."""
    return once(term(value, ui) for value in values)


def term(value: Term, ui: str) -> Text:
    """The label in the reader's language, or what the record says in the record's language."""
    if value.id:
        label = vocabularies.label(value.id, ui)
        if label != value.id or not value.raw:
            return Text(label)
    return Text(value.raw or value.raw_id or "", value.language or "")


def languages_of(values: Iterable[Term], ui: str) -> list[Text]:
    """Names of languages, each once."""
    return once(
        Text(words.language(value.id, ui)) if value.id else term(value, ui) for value in values
    )


def once(values: Iterable[Text]) -> list[Text]:
    """The texts that say something, each once."""
    return list({value.text: value for value in values if value.text}.values())


def web_link(url: str | None) -> Text | None:
    """A link to a place elsewhere, named by its host; None for what is no web address."""
    usable = safe_url(url)
    return Text(host(usable), "", usable) if usable else None


def material_name(material: Material, ui: str) -> Text:
    """What a material is called: by the record, else by its address."""
    names = in_order_for(ui, material.name)
    if names:
        return from_lang_string(names[0])
    url = safe_url(material.url) or ""
    return Text(url.split("?")[0].rstrip("/").rpartition("/")[2] or _("File"))


def identifier(value: Identifier) -> Text:
    """An identifier with the name of its scheme, and where it can be looked up."""
    resolver = _RESOLVERS.get(value.scheme)
    url = safe_url(resolver + value.value) if resolver is not None else None
    name = "" if value.scheme in ("other", "url") else f"{_scheme_name(value.scheme)} "
    return Text(f"{name}{value.value}", "", url)


def _scheme_name(scheme: str) -> str:
    return "Wikidata" if scheme == "wikidata" else scheme.upper()


def _excerpt(metadata: ResourceMetadata, ui: str, wanted: frozenset[str]) -> Excerpt | None:
    """Of the first description with a searched word; where none has any, of the reader's."""
    descriptions = in_order_for(ui, metadata.description)
    if not descriptions:
        return None
    first = _cut(descriptions[0], wanted)
    if not wanted or len(descriptions) == 1 or has_hit(first.fragments):
        return first
    others = (_cut(each, wanted) for each in descriptions[1:MOST_DESCRIPTIONS])
    return next((each for each in others if has_hit(each.fragments)), first)


def _cut(description: LangString, wanted: frozenset[str]) -> Excerpt:
    return Excerpt(excerpt(description.text, wanted, EXCERPT_LENGTH), from_lang_string(description))


def _elsewhere(metadata: ResourceMetadata, ui: str, wanted: frozenset[str]) -> Excerpt | None:
    """The first keyword or name with a searched word."""
    keywords = (*metadata.keywords, *metadata.about)[:MOST_TERMS]
    names = (*metadata.creator, *metadata.contributor)[:MOST_TERMS]
    candidates = chain(
        ((_("Keyword"), words_) for each in keywords for words_ in _wordings(each, ui)),
        ((_("Author"), Text(each.name, "")) for each in names),
    )
    for name, words_ in candidates:
        if fragments := marked(words_.text, wanted):
            return Excerpt(fragments, words_, name)
    return None


def _wordings(value: Term, ui: str) -> Iterator[Text]:
    """What a term is called: as it is shown, as the record says it, and in other languages."""
    yield term(value, ui)
    yield Text(value.raw, value.language or "")
    concept = vocabularies.get(value.id) if value.id else None
    yield from (Text(text, tag) for tag, text in (concept.labels.items() if concept else ()))
