"""Normalisation: from what a record states to canonical values, and an account of every change.

Pure and idempotent: the same metadata and tables always give the same result, and a result goes
through unchanged, with nothing to account for. Objects that need no change are kept, not rebuilt,
because this runs on every record of every harvest.

What a newcomer would get wrong: a value that could not be understood stays, in its raw form and
without a canonical one. What a curator set (basis ``curated``) is never touched.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from msgspec.structs import replace

from oer.metadata.dates import read_age_range, read_date, read_duration
from oer.metadata.identifiers import (
    identifier_url,
    is_private_host,
    normalise_url,
    read_identifier,
)
from oer.metadata.languages import read_language, read_languages
from oer.metadata.licenses import read_statement
from oer.metadata.media import read_media_type, read_size
from oer.metadata.names import hide_e_mail, read_person, read_vcard, without_e_mail
from oer.metadata.resource_metadata import (
    Agent,
    AgeRange,
    Alignment,
    Basis,
    Caption,
    Duration,
    Flag,
    Identifier,
    LangString,
    LicenseStatement,
    Material,
    PartialDate,
    Relation,
    ResourceMetadata,
    Term,
)
from oer.metadata.text import clean_line, clean_paragraphs
from oer.metadata.vocabularies import LONGEST_RAW, SHIPPED, Loaded, Match, Tables

LONGEST_EVIDENCE = 300
"""Longer texts are cut in the account; the harvested record has them whole."""

LANDING_PAGE_SCHEMES = ("doi", "handle", "urn", "url")
"""Identifiers that may serve as landing page, the most lasting first. Never the OAI identifier."""

FLAGS = {
    "true": True, "yes": True, "1": True, "kyllä": True, "ja": True, "oui": True,
    "http://schema.org/true": True, "https://schema.org/true": True,
    "false": False, "no": False, "0": False, "ei": False, "nej": False, "nein": False,
    "nee": False, "non": False, "http://schema.org/false": False, "https://schema.org/false": False,
}  # fmt: skip
"""Words for yes and no, without regard to case."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value that normalisation changed, made canonical or took away.

    Args:
        field: The element, with dots for what lies inside it (``materials.url``).
        raw: What stood there. An e-mail address in it is hidden.
        canonical: What stands there now; None where it was taken away.
        rule: What led there: a vocabulary's rule, or one of this module's.
        basis: How the canonical value was reached; None where there is none.
    """

    field: str
    raw: str
    canonical: str | None
    rule: str
    basis: Basis | None = None


_Changes = list[Change]
_V = TypeVar("_V")
_One = Callable[[str, _V, Tables, _Changes], "_V | tuple[_V, ...] | None"]
"""Normalises one value of a field: itself where nothing changes, None where nothing is left."""


def normalise(
    metadata: ResourceMetadata, tables: Tables = SHIPPED
) -> tuple[ResourceMetadata, tuple[Change, ...]]:
    """Make every value canonical that can be, and say what was changed and why.

    ``tables`` may lay a source's own mapping rows over the shipped ones (``Tables.with_rows``).
    """
    changes: _Changes = []
    changed: dict[str, Any] = {}
    for field, one in _FIELDS:
        values = getattr(metadata, field)
        if values:
            new = _each(field, values, one, tables, changes)
            if new is not values:
                changed[field] = new
    for field, single in _SINGLE:
        text = getattr(metadata, field)
        if text is not None and (clean := single(field, text, changes)) != text:
            changed[field] = clean
    if not changed.get("landing_page", metadata.landing_page):
        identifiers = changed.get("identifiers", metadata.identifiers)
        if landing_page := _landing_page(identifiers, changes):
            changed["landing_page"] = landing_page
    return (replace(metadata, **changed) if changed else metadata), tuple(changes)


def _each(
    field: str, values: tuple[_V, ...], one: _One[_V], tables: Tables, changes: _Changes
) -> tuple[_V, ...]:
    """All values of a field, without what is empty and what is there already."""
    found: list[_V] = []
    same = True
    for value in values:
        new = one(field, value, tables, changes)
        if new is value:
            found.append(value)
            continue
        same = False
        if type(new) is tuple:
            found.extend(new)
        elif new is not None:
            found.append(new)  # type: ignore[arg-type]
    if len(found) > 1:
        unique = _unique(field, found, changes)
        same = same and len(unique) == len(values)
        found = unique
    return values if same else tuple(found)


def _unique(field: str, values: list[_V], changes: _Changes) -> list[_V]:
    """Without exact duplicates; identifiers are duplicates whatever their spelling was."""
    if isinstance(values[0], Identifier):
        keyed = {(v.scheme, v.value): v for v in reversed(values)}  # type: ignore[attr-defined]
        kept = [v for v in values if keyed[(v.scheme, v.value)] is v]  # type: ignore[attr-defined]
    else:
        kept = list(dict.fromkeys(values))
    if len(kept) < len(values):
        left = {id(value) for value in kept}
        changes.extend(
            Change(field, _evidence(_spelling(value)), None, "duplicate")
            for value in values
            if id(value) not in left
        )
    return kept


def _spelling(value: object) -> str:
    """What to show of a value in the account."""
    for name in ("text", "raw", "raw_id", "name", "value", "url", "id"):
        found = getattr(value, name, None)
        if isinstance(found, str) and found:
            return found
    return ""


def _evidence(text: str) -> str:
    text = hide_e_mail(text)
    return text if len(text) <= LONGEST_EVIDENCE else f"{text[: LONGEST_EVIDENCE - 1]}…"


def _note(
    changes: _Changes, field: str, raw: str, canonical: str | None, rule: str, basis: Basis | None
) -> None:
    """Account for a change; mere white space is none."""
    if canonical != raw and (canonical is None or canonical.split() != raw.split()):
        new = None if canonical is None else _evidence(canonical)
        changes.append(Change(field, _evidence(raw), new, rule, basis))


# Text and its language


def _text(clean: Callable[[str], str]) -> _One[LangString]:
    def one(field: str, value: LangString, tables: Tables, changes: _Changes) -> LangString | None:
        text = clean(value.text)
        if not text:
            return None
        stated = value.raw_language or value.language or None
        tag = _tag(f"{field}.language", stated, value.language, changes)
        raw_language = stated if stated != tag else None
        if text != value.text:
            _note(changes, field, value.text, text, "clean text", "stated")
        elif tag == value.language and raw_language == value.raw_language:
            return value
        return LangString(text, tag, raw_language)

    return one


def _tag(field: str, stated: str | None, otherwise: str | None, changes: _Changes) -> str | None:
    """The language tag of a text: what the record states, else what was made of it before."""
    if not stated:
        return None
    tag = read_language(stated)
    if tag is None and otherwise is not None and otherwise != stated:
        tag = read_language(otherwise)
    if tag != stated and tag != otherwise:
        changes.append(
            Change(field, _evidence(stated), tag, "language tag", "mapped" if tag else None)
        )
    return tag


def _line(field: str, value: str, changes: _Changes) -> str | None:
    text = clean_line(value)
    _note(changes, field, value, text, "clean text", "stated")
    return text or None


def _url(field: str, value: str, changes: _Changes) -> str | None:
    if not value.strip():
        return None
    url = normalise_url(value)
    _note(
        changes,
        field,
        value,
        url,
        "web address" if url else "no usable web address",
        "stated" if url else None,
    )
    return url


# Terms


def _term(*vocabularies: str) -> _One[Term]:
    def one(
        field: str, value: Term, tables: Tables, changes: _Changes
    ) -> Term | tuple[Term, ...] | None:
        if len(value.raw) > LONGEST_RAW:
            new, made = _read_term(field, value, tables, vocabularies)
        else:
            new, made = _cached_term(field, value, tables, vocabularies)
        if made:
            changes.extend(made)
        # A cached answer holds an equal term of an earlier record; this record's own is kept.
        return value if new == value else new

    return one


def _keyword(field: str, value: Term, tables: Tables, changes: _Changes) -> Any:
    """A keyword: free text, unless it names a concept by its identifier or a loaded label."""
    if value.raw_id or value.raw[:4] == "http":
        return _about(field, value, tables, changes)
    new = _plain_term(field, value, tables, changes)
    return new if tables.loaded is None else _or_loaded(field, new, tables.loaded, changes)


def _about(field: str, value: Term, tables: Tables, changes: _Changes) -> Any:
    """A subject of ours, or else a concept of a loaded vocabulary."""
    new = _subject(field, value, tables, changes)
    return new if tables.loaded is None else _or_loaded(field, new, tables.loaded, changes)


def _or_loaded(field: str, term: Any, loaded: Loaded, changes: _Changes) -> Any:
    """The term, with a loaded concept where it has none yet."""
    if type(term) is not Term or term.id is not None or term.basis is not None:
        return term
    match = loaded(term.raw, term.raw_scheme, term.raw_id, term.language)
    if match is None:
        return term
    _note(changes, field, term.raw or term.raw_id or "", match.id, match.rule, match.basis)
    return replace(term, id=match.id, basis=match.basis)


def _plain_term(field: str, value: Term, tables: Tables, changes: _Changes) -> Term | None:
    """A term of no vocabulary: its text is cleaned, its keywords are as many as the world's."""
    if value == Term(value.raw):
        raw = clean_line(value.raw)
        if raw == value.raw:
            return value if raw else None
    new, made = _read_term(field, value, tables, ())
    changes.extend(made)
    return new if new is None or isinstance(new, Term) else new[0]


def _read_term(
    field: str, term: Term, tables: Tables, vocabularies: tuple[str, ...]
) -> tuple[Term | tuple[Term, ...] | None, tuple[Change, ...]]:
    if term.basis == "curated":
        return term, ()
    changes: _Changes = []
    clean = _clean_term(field, term, changes)
    if clean is None or clean.id is not None:
        return clean, tuple(changes)
    matches = _matches(clean, tables, vocabularies)
    if not matches:
        return clean, tuple(changes)
    terms = tuple(replace(clean, id=match.id, basis=match.basis) for match in matches)
    for match in matches:
        _note(changes, field, clean.raw or clean.raw_id or "", match.id, match.rule, match.basis)
    return (terms[0] if len(terms) == 1 else terms), tuple(changes)


_cached_term = lru_cache(maxsize=8192)(_read_term)


def _clean_term(field: str, term: Term, changes: _Changes) -> Term | None:
    raw, raw_id = clean_line(term.raw), (term.raw_id or "").strip() or None
    if not (raw or raw_id or term.id):
        return None
    _note(changes, field, term.raw, raw, "clean text", "stated")
    clean = Term(
        raw,
        term.id or None,
        (term.basis or "stated") if term.id else None,
        raw_id,
        (term.raw_scheme or "").strip() or None,
        _tag(f"{field}.language", term.language, None, changes),
    )
    return term if clean == term else clean


def _matches(term: Term, tables: Tables, vocabularies: tuple[str, ...]) -> tuple[Match, ...]:
    for vocabulary in vocabularies:
        read = _languages if vocabulary == "language" else tables.match_all
        if found := read(vocabulary, term.raw, term.raw_scheme, term.raw_id):
            return found
    return ()


def _languages(
    vocabulary: str, raw: str, raw_scheme: str | None, raw_id: str | None
) -> tuple[Match, ...]:
    """Languages as a vocabulary: the concepts are BCP 47 tags."""
    for text in filter(None, (raw_id, raw)):
        if tags := read_languages(text):
            spelled = text.replace("_", "-").casefold()
            return tuple(
                Match(tag, "stated" if tag.casefold() == spelled else "mapped", "language tag")
                for tag in tags
            )
    return ()


_language = _term("language")
_subject = _term("subject", "sdg")
_access = _term("access")
_mode = _term("mode")


def _alternatives(field: str, value: tuple[Term, ...], tables: Tables, changes: _Changes) -> Any:
    """One set of access modes, which together are enough. A set stays a set."""
    new = _each(field, value, _mode, tables, changes)
    if not new:
        return None
    return value if new is value else (new,)


_ALIGNED = {
    "educational_subject": _subject,
    "educational_level": _term("level"),
}


def _alignment(
    field: str, value: Alignment, tables: Tables, changes: _Changes
) -> Alignment | tuple[Alignment, ...] | None:
    one = _ALIGNED.get(value.type, _plain_term)
    targets = _each(f"{field}.target", (value.target,), one, tables, changes)
    clean = {
        "target_url": value.target_url and _url(f"{field}.target_url", value.target_url, changes),
        "framework": value.framework and _line(f"{field}.framework", value.framework, changes),
        "description": value.description
        and _line(f"{field}.description", value.description, changes),
    }
    if not targets and not any(clean.values()):
        return None
    new = tuple(_with(value, target=target, **clean) for target in targets or (Term(),))
    return value if new == (value,) else new


# Dates, durations, ages, flags


def _date(field: str, value: PartialDate, tables: Tables, changes: _Changes) -> PartialDate | None:
    return _read_scalar(field, value, read_date, changes)


def _duration(field: str, value: Duration, tables: Tables, changes: _Changes) -> Duration | None:
    return _read_scalar(field, value, read_duration, changes)


_S = TypeVar("_S", PartialDate, Duration)


def _read_scalar(
    field: str, value: _S, read: Callable[[str], str | None], changes: _Changes
) -> _S | None:
    if value.basis == "curated":
        return value
    raw, basis = value.raw.strip(), value.basis
    canonical = read(value.value) if value.value else None
    if not raw and not canonical:
        return None
    if canonical is None and (canonical := read(raw)) is not None:
        basis = "stated" if canonical == raw else "mapped"
        _note(changes, field, raw, canonical, "read", basis)
    return _with(value, raw=raw, value=canonical, basis=(basis or "stated") if canonical else None)


def _age_range(field: str, value: AgeRange, tables: Tables, changes: _Changes) -> AgeRange | None:
    if value.basis == "curated":
        return value
    raw, known = value.raw.strip(), value.minimum is not None or value.maximum is not None
    if known or not (ages := read_age_range(raw)):
        basis = (value.basis or "stated") if known else None
        return _with(value, raw=raw, basis=basis) if raw or known else None
    canonical = "-".join("" if age is None else str(age) for age in ages)
    basis = "stated" if raw == canonical else "mapped"
    _note(changes, field, raw, canonical, "read", basis)
    return AgeRange(raw, *ages, basis)


def _flag(field: str, value: Flag, tables: Tables, changes: _Changes) -> Flag | None:
    if value.basis == "curated":
        return value
    raw, answer, basis = value.raw.strip(), value.value, value.basis
    if not raw and answer is None:
        return None
    if answer is None and (answer := FLAGS.get(raw.casefold())) is not None:
        basis = "stated" if raw in ("true", "false") else "mapped"
        _note(changes, field, raw, str(answer).lower(), "read", basis)
    basis = None if answer is None else basis or "stated"
    return _with(value, raw=raw, value=answer, basis=basis)


# People, identifiers, licences


def _agent(field: str, value: Agent, tables: Tables, changes: _Changes) -> Agent | None:
    if value.name[:11].upper() == "BEGIN:VCARD":
        value = _from_card(value)
    name = clean_line(value.name)
    if "@" in name:
        name = without_e_mail(name)
    new = value if name == value.name else replace(value, name=name)
    if not _names_only(value):
        new = _described(field, new, tables, changes)
        new = read_person(new)
    if not (new.name or new.identifiers):
        return None
    if new.name != value.name:
        rule = "e-mail address removed" if "@" in value.name else "name as it is spoken"
        _note(changes, f"{field}.name", value.name, new.name, rule, "stated")
    return new


def _names_only(agent: Agent) -> bool:
    return (
        agent.type is None
        and agent.role is None
        and not agent.identifiers
        and not agent.affiliation
        and agent.raw is None
        and agent.honorific_prefix is None
        and agent.given_name is None
        and agent.family_name is None
    )


def _from_card(agent: Agent) -> Agent:
    card = read_vcard(agent.name) or Agent("")
    return replace(card, role=agent.role, identifiers=(*agent.identifiers, *card.identifiers))


def _described(field: str, agent: Agent, tables: Tables, changes: _Changes) -> Agent:
    """Everything an agent may have besides the name."""
    role = agent.role and _plain_term(f"{field}.role", agent.role, tables, changes)
    affiliation = tuple(filter(None, (without_e_mail(clean_line(a)) for a in agent.affiliation)))
    return _with(
        agent,
        role=role,
        given_name=_name_part(agent.given_name),
        family_name=_name_part(agent.family_name),
        honorific_prefix=_name_part(agent.honorific_prefix),
        affiliation=tuple(dict.fromkeys(affiliation)),
        identifiers=_identifiers(f"{field}.identifiers", agent.identifiers, tables, changes),
        raw=_name_part(agent.raw),
    )


def _name_part(text: str | None) -> str | None:
    return (without_e_mail(clean_line(text)) or None) if text else None


def _identifier(
    field: str, value: Identifier, tables: Tables, changes: _Changes
) -> Identifier | None:
    new = read_identifier(value.value, value.scheme)
    if new.value == value.value and new.scheme == value.scheme:
        return value if new.value else None
    if not new.value:
        return None
    _note(changes, field, value.value, new.value, f"identifier of scheme {new.scheme}", "stated")
    return Identifier(new.value, new.scheme, value.raw or new.raw)


def _identifiers(
    field: str, values: tuple[Identifier, ...], tables: Tables, changes: _Changes
) -> tuple[Identifier, ...]:
    return _each(field, values, _identifier, tables, changes) if values else values


def _license(
    field: str, value: LicenseStatement, tables: Tables, changes: _Changes
) -> LicenseStatement | None:
    if value.basis == "curated":
        return value
    stated = value
    if not (value.raw.strip() or value.raw_id):
        # Made by a form or a crosswalk, not copied: what it names is then what is stated.
        stated = replace(value, raw_id=value.uri, raw="" if value.uri else value.family or "")
    if not (stated.raw.strip() or stated.raw_id):
        return None
    new = read_statement(stated)
    canonical = new.uri or new.family
    if canonical and (canonical, new.kind) != (value.uri or value.family, value.kind):
        raw = stated.raw or stated.raw_id or ""
        _note(changes, field, raw, canonical, f"licence read as {new.kind}", new.basis)
    tag = _tag(f"{field}.language", new.language, None, changes)
    new = new if tag == new.language else replace(new, language=tag)
    return value if new == value else new


def _licenses(
    field: str, values: tuple[LicenseStatement, ...], tables: Tables, changes: _Changes
) -> tuple[LicenseStatement, ...]:
    return _each(field, values, _license, tables, changes) if values else values


# Materials and relations


def _material(field: str, value: Material, tables: Tables, changes: _Changes) -> Material | None:
    media_type, raw_media_type = _media_type(
        f"{field}.media_type", value.media_type, value.raw_media_type, changes
    )
    access_rights = value.access_rights and _each(
        f"{field}.access_rights", (value.access_rights,), _access, tables, changes
    )
    new = _with(
        value,
        url=value.url and _url(f"{field}.url", value.url, changes),
        name=_each(f"{field}.name", value.name, _title, tables, changes),
        media_type=media_type,
        raw_media_type=raw_media_type,
        size=value.size and _size(f"{field}.size", value.size, changes),
        language=_each(f"{field}.language", value.language, _language, tables, changes),
        duration=value.duration and _duration(f"{field}.duration", value.duration, tables, changes),
        captions=_each(f"{field}.captions", value.captions, _caption, tables, changes),
        embed_url=value.embed_url and _url(f"{field}.embed_url", value.embed_url, changes),
        access_rights=access_rights[0] if access_rights else None,
        license=_licenses(f"{field}.license", value.license, tables, changes),
    )
    return None if new == _NO_MATERIAL else new


_NO_MATERIAL = Material()


def _media_type(
    field: str, media_type: str | None, raw: str | None, changes: _Changes
) -> tuple[str | None, str | None]:
    """The media type and, where it differs, what the record wrote."""
    stated = (raw or media_type or "").strip()
    found = read_media_type(media_type or stated) or read_media_type(stated)
    if found and found != media_type:
        _note(changes, field, stated, found, "media type", "mapped")
    return found, (stated if stated != found else None) or None


def _size(field: str, value: Any, changes: _Changes) -> Any:
    raw = value.raw.strip()
    if value.bytes is not None or (count := read_size(raw)) is None:
        return _with(value, raw=raw) if raw or value.bytes is not None else None
    _note(changes, field, raw, str(count), "read", "stated")
    return _with(value, raw=raw, bytes=count)


def _caption(field: str, value: Caption, tables: Tables, changes: _Changes) -> Caption | None:
    url = _url(f"{field}.url", value.url, changes)
    if url is None:
        return None
    media_type = value.media_type and (read_media_type(value.media_type) or value.media_type)
    return _with(
        value,
        url=url,
        language=_tag(f"{field}.language", value.language, None, changes),
        media_type=media_type or None,
        label=(clean_line(value.label) or None) if value.label else None,
    )


def _relation(field: str, value: Relation, tables: Tables, changes: _Changes) -> Relation | None:
    url, raw = value.url, (value.raw or "").strip() or None
    identifiers = _identifiers(f"{field}.identifiers", value.identifiers, tables, changes)
    if url and not (url := _url(f"{field}.url", url, changes)):
        raw = raw or (value.url or "").strip() or None
    if raw and not url and not identifiers:
        url, identifiers = _target(field, raw, changes)
    new = _with(
        value,
        url=url or None,
        identifiers=identifiers,
        title=_each(f"{field}.title", value.title, _title, tables, changes),
        creator=_each(f"{field}.creator", value.creator, _agent, tables, changes),
        license=_licenses(f"{field}.license", value.license, tables, changes),
        raw=raw,
    )
    return new if new.url or new.identifiers or new.title or new.creator or new.raw else None


def _target(field: str, raw: str, changes: _Changes) -> tuple[str | None, tuple[Identifier, ...]]:
    """Where a relation leads that the record gave as one piece of text."""
    found = read_identifier(raw)
    if found.scheme == "url":
        _note(changes, f"{field}.url", raw, found.value, "web address", "stated")
        return found.value, ()
    if found.scheme == "other":
        return None, ()
    _note(
        changes,
        f"{field}.identifiers",
        raw,
        found.value,
        f"identifier of scheme {found.scheme}",
        "stated",
    )
    return identifier_url(found), (found,)


def _landing_page(identifiers: Iterable[Identifier], changes: _Changes) -> str | None:
    """The address of the most lasting identifier that leads somewhere."""
    found = [
        (identifier, url)
        for scheme in LANDING_PAGE_SCHEMES
        for identifier in identifiers
        if identifier.scheme == scheme and (url := identifier_url(identifier))
    ]
    if not found:
        return None
    # A private host comes last, but it is taken: within its own network the material is there.
    public = next((each for each in found if not is_private_host(each[1])), found[0])
    identifier, url = public
    basis: Basis = "stated" if identifier.scheme == "url" else "mapped"
    rule = f"landing page from the first usable identifier of scheme {identifier.scheme}"
    changes.append(Change("landing_page", identifier.value, url, rule, basis))
    return url


def _with(value: _V, /, **fields: Any) -> _V:
    """The value with these fields, or itself where they are as they were."""
    for name, new in fields.items():
        if getattr(value, name) != new:
            return replace(value, **fields)  # type: ignore[type-var]
    return value


_title = _text(clean_line)
_paragraphs = _text(clean_paragraphs)

_FIELDS: tuple[tuple[str, _One[Any]], ...] = (
    ("title", _title),
    ("alternative", _title),
    ("description", _paragraphs),
    ("table_of_contents", _paragraphs),
    ("language", _language),
    ("learning_resource_type", _term("type")),
    ("about", _about),
    ("keywords", _keyword),
    ("coverage", _title),
    ("creator", _agent),
    ("contributor", _agent),
    ("publisher", _agent),
    ("funder", _agent),
    ("rights_holder", _agent),
    ("created", _date),
    ("issued", _date),
    ("modified", _date),
    ("valid_until", _date),
    ("date", _date),
    ("educational_level", _term("level")),
    ("educational_use", _term("use")),
    ("audience", _term("audience")),
    ("alignment", _alignment),
    ("typical_age_range", _age_range),
    ("time_required", _duration),
    ("interactivity_type", _term("interactivity")),
    ("difficulty", _term("difficulty")),
    ("educational_description", _paragraphs),
    ("license", _license),
    ("is_accessible_for_free", _flag),
    ("conditions_of_access", _access),
    ("access_rights", _access),
    ("access_mode", _mode),
    ("access_mode_sufficient", _alternatives),
    ("accessibility_feature", _term("feature")),
    ("accessibility_hazard", _term("hazard")),
    ("accessibility_summary", _paragraphs),
    ("identifiers", _identifier),
    ("materials", _material),
    ("duration", _duration),
    ("relations", _relation),
    ("metadata_license", _license),
)

_SINGLE: tuple[tuple[str, Callable[[str, str, _Changes], str | None]], ...] = (
    ("version", _line),
    ("bibliographic_citation", _line),
    ("landing_page", _url),
    ("thumbnail", _url),
)
