"""Presenters of the page of a resource: everything it shows, but for where it comes from."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from flask import url_for
from flask_babel import gettext as _

from oer.metadata import licenses, media, reuse
from oer.metadata.lang_strings import titles_for
from oer.metadata.resource_metadata import (
    Agent,
    Alignment,
    LicenseStatement,
    Material,
    PartialDate,
    ResourceMetadata,
)
from oer.services.links import Known
from oer.services.related import Copy
from oer.web import languages, present_relations, preview, reuse_strip, words
from oer.web.links import host, is_public, safe_url
from oer.web.opening import Health, Opening, addresses, health, opening
from oer.web.present import (
    identifier,
    languages_of,
    material_name,
    meta,
    once,
    term,
    terms,
    title,
    web_link,
)
from oer.web.present_relations import Beside, Fact, Relations, facts
from oer.web.reuse_strip import Sign
from oer.web.text import Text, from_lang_string, in_order_for

MOST_FILES = 6
"""Files that are seen at once; the others are a click away."""

MOST_AUTHORS = 3
"""Authors that are named under the title; all of them are named further down."""


@dataclass(frozen=True)
class License:
    """What is known of the licence, to stand last in the panel."""

    name: str | None
    url: str | None
    raw: list[Text]
    """The provider's own words, given where ours do not settle it."""
    deed: str | None
    """Where whoever made the licence says in short what it means, in the reader's language."""
    not_told: list[str]
    """What we do not know of it, in sentences; none where nothing at all is known."""


@dataclass(frozen=True)
class File:
    """A file or link of the material."""

    name: Text
    url: str | None
    details: list[Text]
    player: Text | None = None
    """Where the material can be played or looked at on its own site, named by its host."""
    look: "Look | None" = None
    captions: tuple[Text, ...] = ()
    health: Health | None = None
    """Only where it does not work."""


@dataclass(frozen=True)
class Look:
    """A page of ours that shows a file or a player of another site."""

    words: str
    url: str
    icon: str
    host: str | None
    """What that page loads it from, where that is not the host of the file's own address."""


@dataclass(frozen=True)
class Credit:
    """Credit lines in one language."""

    language: str
    name: str
    """The language in its own words."""
    line: list[tuple[str, bool]]
    """The line as text, in parts: whether one is a name that must not turn the others around."""
    forms: list[tuple[str, str]]
    """The name of another form, and the line in it."""


@dataclass(frozen=True)
class Rendition:
    """Title and description in another language than the one that is shown."""

    language: str
    texts: list[Text]
    titles: list[Text]


@dataclass(frozen=True)
class Person:
    """Somebody with a part in the material, and where to look them up."""

    name: Text
    role: Text | None
    affiliation: str
    links: list[Text]


@dataclass(frozen=True)
class ResourcePage:
    """Everything the page of a resource shows, but for where it comes from."""

    title: Text
    other_titles: list[Text]
    """In the language of the title, or in none that is known."""
    authors: list[Text]
    more_authors: int
    meta: list[Text]
    descriptions: list[Text]
    renditions: list[Rendition]
    opening: Opening
    look: Look | None
    """For what is opened, where it is a film or a file itself."""
    thumbnail: str | None
    """For those who link to the page from elsewhere; our page never loads it."""
    files: list[File]
    access: list[Text]
    signs: tuple[Sign, ...]
    license: License
    credits: list[Credit]
    """The reader's language first; none where nothing may be shared."""
    people: list[tuple[str, list[Person]]]
    purpose: list[Fact]
    nature: list[Fact]
    accessibility: list[Fact]
    relations: Relations
    identifiers: list[Text]


@dataclass(frozen=True)
class Around:
    """What is known of a resource beside its description.

    Args:
        beside: The resources of ours that are related to it.
        copies: The same at other providers.
        known: What the link checker found, by address.
    """

    beside: Beside = field(default_factory=Beside)
    copies: Sequence[Copy] = ()
    known: Mapping[str, Known] = field(default_factory=dict)


def resource_page(
    metadata: ResourceMetadata, ui: str, address: str, permanent_url: str, around: Around
) -> ResourcePage:
    """A resource as a page of its own."""
    shown_title = title(metadata, ui)
    titles = list(map(from_lang_string, titles_for(ui, metadata)))
    descriptions = list(map(from_lang_string, in_order_for(ui, metadata.description)))
    verdict = licenses.verdict(metadata.license)
    opened = opening(metadata, ui, around.known, around.copies)
    authors = [Text(agent.name, "") for agent in metadata.creator]
    files = _files(metadata)
    relations = present_relations.relations(metadata, ui, around.beside)
    return ResourcePage(
        title=shown_title,
        other_titles=_alike(titles, shown_title)[1:],
        authors=authors if len(authors) <= MOST_AUTHORS + 1 else authors[:MOST_AUTHORS],
        more_authors=len(authors) - MOST_AUTHORS if len(authors) > MOST_AUTHORS + 1 else 0,
        meta=meta(metadata, ui),
        descriptions=_alike(descriptions, descriptions[0]) if descriptions else [],
        renditions=_renditions(titles, descriptions, ui),
        opening=opened,
        look=_look_at(opened.button.url if opened.button else None, metadata, address),
        thumbnail=_thumbnail(metadata),
        files=[_file(each, ui, address, n, around.known) for n, each in files.items()],
        access=_access(metadata, ui),
        signs=reuse_strip.strip(verdict),
        license=_license(metadata.license, verdict, ui),
        credits=_credits(metadata, ui, permanent_url) if verdict.permissions.share else [],
        people=_people(metadata, ui),
        purpose=_purpose(metadata, ui),
        nature=_nature(metadata, ui, files, bool(relations.versions)),
        accessibility=_accessibility(metadata, ui),
        relations=relations,
        identifiers=[identifier(value) for value in metadata.identifiers],
    )


def _primary(text: Text) -> str:
    return (text.lang or "").lower().partition("-")[0]


def _alike(texts: Iterable[Text], first: Text) -> list[Text]:
    """Those in the language of the first one."""
    return [text for text in texts if _primary(text) == _primary(first)]


def _renditions(titles: Sequence[Text], descriptions: Sequence[Text], ui: str) -> list[Rendition]:
    """What is not shown at once, by its language; texts of no known language come last."""
    other_titles = [text for text in titles if _primary(text) != _primary(titles[0])]
    others = [text for text in descriptions if _primary(text) != _primary(descriptions[0])]
    tags = sorted(dict.fromkeys(map(_primary, (*other_titles, *others))), key=lambda tag: not tag)
    return [
        Rendition(
            words.language(tag, ui) if tag else _("Language not stated"),
            [text for text in others if _primary(text) == tag],
            [text for text in other_titles if _primary(text) == tag],
        )
        for tag in tags
    ]


def _thumbnail(metadata: ResourceMetadata) -> str | None:
    url = metadata.thumbnail
    return url if url and is_public(url) and urlsplit(url).scheme == "https" else None


def _files(metadata: ResourceMetadata) -> dict[int, Material]:
    """The files to list, by their number.

    Some records only tell of a format: that is no file to look for. Nor is the page of the material
    itself, where it is all there is and has no name of its own.
    """
    found = {
        number: each
        for number, each in enumerate(metadata.materials, start=1)
        if safe_url(each.url) or web_link(each.embed_url) or each.name
    }
    first = next(iter(found.values()), Material())
    told = (first.name, first.captions, first.embed_url, first.language)
    is_page = len(found) == 1 and first.url == metadata.landing_page
    return {} if is_page and not any(told) else found


def _file(
    material: Material, ui: str, address: str, number: int, known: Mapping[str, Known]
) -> File:
    url = safe_url(material.url)
    details = [
        Text(_type(material) or ""),
        Text(words.size(material.size, ui) if material.size else ""),
        Text(words.duration(material.duration, ui) if material.duration else ""),
        *languages_of(material.language, ui),
        Text(host(url) if url else ""),
    ]
    look = _look(preview.of(material), address, number)
    player = web_link(material.embed_url) if material.embed_url != material.url else None
    found = known.get(url or "")
    return File(
        material_name(material, ui),
        url,
        [d for d in details if d.text],
        None if look else player,
        look,
        tuple(preview.captions(material, ui)),
        health(found, ui) if found and found.state in ("dead", "failing") else None,
    )


def _type(material: Material) -> str | None:
    """What kind of file it is, in words; as the record has it where nobody knows."""
    known = media.known_type(material.media_type, safe_url(material.url))
    return words.media_type(known) if known else material.raw_media_type


def _look_at(url: str | None, metadata: ResourceMetadata, address: str) -> Look | None:
    files = (material.url for material in metadata.materials)
    numbers = (n for n, each in enumerate((metadata.landing_page, *files)) if url and each == url)
    number = next(numbers, None)
    shown = preview.numbered(metadata, number) if number is not None else None
    return _look(shown, address, number or preview.LANDING_PAGE)


def _look(shown: preview.Preview | None, address: str, number: int) -> Look | None:
    if shown is None or preview.is_ours(shown):
        return None
    is_still = shown.kind in ("image", "pdf")
    is_tried = shown.player is not None and shown.player.tall
    text = _("Look at it here") if is_still else _("Try it here") if is_tried else _("Play it here")
    page = url_for("preview.show", address=address, number=number)
    elsewhere = shown.host if shown.host != shown.page_host else None
    return Look(text, page, "eye" if is_still else "play", elsewhere)


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
    shown = [s for s in statements if s.scope == "resource" and not settled]
    return License(
        name=licenses.name(named, ui) if named else None,
        url=safe_url(verdict.uri),
        deed=_deed(verdict.uri, ui),
        not_told=_not_told(verdict, ui),
        raw=once(each for statement in shown for each in _as_stated(statement)),
    )


def _as_stated(statement: LicenseStatement) -> Iterator[Text]:
    """A statement in its own words, and the address it gives, which may be all of it."""
    if licenses.answers_lom(statement):
        yield Text(_("Copyright or other restrictions: %(answer)s", answer=statement.raw.strip()))
        return
    raw, given = statement.raw.strip(), (statement.raw_id or "").strip()
    for text in dict.fromkeys((raw, given)):
        yield Text(text, statement.language or "", safe_url(text))


def _deed(uri: str | None, ui: str) -> str | None:
    """Creative Commons writes its short words in each of our languages, beside every licence."""
    is_theirs = (uri or "").startswith("https://creativecommons.org/")
    return f"{uri}deed.{ui}" if uri and is_theirs and uri.endswith("/") else None


def _not_told(verdict: licenses.Verdict, ui: str) -> list[str]:
    """Where something is known, what is not; under which licence to adapt only where one may."""
    may = verdict.permissions
    points = reuse.explain(may, ui)
    is_silent = all(point.value is None for point in points)
    if is_silent or may.share is False:
        return []
    moot = () if may.adapt else ("share_alike",)
    return [p.text for p in points if p.value is None and p.permission not in moot]


def _credits(metadata: ResourceMetadata, ui: str, permanent_url: str) -> list[Credit]:
    credits = []
    for language in sorted(languages.LANGUAGES, key=lambda each: each != ui):
        url = next(addresses(metadata, language), permanent_url)
        work = reuse.work_of(metadata, language, url=url)
        named = (work.title, *work.creators, *work.rights_holders, *work.publishers)
        credits.append(
            Credit(
                language,
                languages.LANGUAGES[language],
                _apart(reuse.attribution(work, language), named),
                [
                    ("HTML", reuse.attribution(work, language, "html")),
                    ("Markdown", reuse.attribution(work, language, "markdown")),
                ],
            )
        )
    return credits


def _apart(line: str, names: Iterable[str]) -> list[tuple[str, bool]]:
    """A line in parts, the names apart: one in Arabic turns what stands beside it around."""
    longest_first = sorted(filter(None, names), key=len, reverse=True)
    if not longest_first:
        return [(line, False)]
    parts = re.split(f"({'|'.join(map(re.escape, longest_first))})", line)
    return [(part, number % 2 == 1) for number, part in enumerate(parts) if part]


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
        [link for link in map(identifier, agent.identifiers) if link.url],
    )


def _purpose(metadata: ResourceMetadata, ui: str) -> list[Fact]:
    aims = [a for a in metadata.alignment if a.type in ("teaches", "assesses", "other")]
    requires = [a for a in metadata.alignment if a.type == "requires"]
    return facts(
        (_("School level"), terms(metadata.educational_level, ui)),
        (_("Age"), (Text(words.age_range(value)) for value in metadata.typical_age_range)),
        (_("For whom"), terms(metadata.audience, ui)),
        (_("Use in teaching"), terms(metadata.educational_use, ui)),
        (_("Time needed"), (Text(words.duration(v, ui)) for v in metadata.time_required)),
        (_("Difficulty"), terms(metadata.difficulty, ui)),
        (_("Aims"), _alignments(aims, ui)),
        (_("What you should know first"), _alignments(requires, ui)),
        (_("Advice for teaching"), map(from_lang_string, metadata.educational_description)),
    )


def _alignments(values: Iterable[Alignment], ui: str) -> list[Text]:
    return once(
        Text(text.text or value.description or "", text.lang, safe_url(value.target_url))
        for value, text in ((value, term(value.target, ui)) for value in values)
    )


def _nature(
    metadata: ResourceMetadata, ui: str, files: Mapping[int, Material], has_versions: bool
) -> list[Fact]:
    def when(values: Iterable[PartialDate]) -> list[Text]:
        return once(Text(words.partial_date(value, ui)) for value in values)

    subjects = [a for a in metadata.alignment if a.type == "educational_subject"]
    others = [m for number, m in enumerate(metadata.materials, start=1) if number not in files]
    return facts(
        (_("Type"), terms(metadata.learning_resource_type, ui)),
        (_("Language"), languages_of(metadata.language, ui)),
        (_("Subject"), [*terms(metadata.about, ui), *_alignments(subjects, ui)]),
        (_("Keywords"), _searches(terms(metadata.keywords, ui))),
        (_("Place and time"), map(from_lang_string, metadata.coverage)),
        (_("Contents"), map(from_lang_string, metadata.table_of_contents)),
        (_("Format"), once(Text(_type(each) or "") for each in others)),
        (_("Size of the files"), once(Text(words.size(m.size, ui)) for m in others if m.size)),
        (_("Length"), (Text(words.duration(value, ui)) for value in metadata.duration)),
        (_("Interactivity"), terms(metadata.interactivity_type, ui)),
        (_("Version"), [] if has_versions else [Text(metadata.version or "", "")]),
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
    return facts(
        (_("Features"), terms(metadata.accessibility_feature, ui)),
        (_("Hazards"), terms(metadata.accessibility_hazard, ui)),
        (_("Senses used"), terms(metadata.access_mode, ui)),
        (_("Any of these is enough"), map(Text, enough)),
        (_("In the author’s words"), map(from_lang_string, metadata.accessibility_summary)),
    )
