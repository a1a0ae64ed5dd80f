"""Terms: what concept of which vocabulary a value is, from tables and loaded vocabularies.

Reading a term is cached across records: a source says the same few words again and again.
"""

from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from oer.metadata.languages import read_languages
from oer.metadata.normalise_changes import Change, Changes, One, each_value, note, with_fields
from oer.metadata.normalise_texts import language_tag, one_line, web_address
from oer.metadata.resource_metadata import Alignment, Term
from oer.metadata.text import clean_line
from oer.metadata.vocabularies import LONGEST_RAW, Loaded, Match, Tables


def term_of(*vocabularies: str) -> One[Term]:
    """Finds the concepts of a term in the first of these vocabularies that has any."""

    def one(
        field: str, value: Term, tables: Tables, changes: Changes
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


def keyword(field: str, value: Term, tables: Tables, changes: Changes) -> Any:
    """A keyword: free text, unless it names a concept by its identifier or a loaded label."""
    if value.raw_id or value.raw[:4] == "http":
        return about(field, value, tables, changes)
    new = plain_term(field, value, tables, changes)
    return new if tables.loaded is None else _or_loaded(field, new, tables.loaded, changes)


def about(field: str, value: Term, tables: Tables, changes: Changes) -> Any:
    """A subject of ours, or else a concept of a loaded vocabulary."""
    new = _subject(field, value, tables, changes)
    return new if tables.loaded is None else _or_loaded(field, new, tables.loaded, changes)


def _or_loaded(field: str, term: Any, loaded: Loaded, changes: Changes) -> Any:
    """The term, with a loaded concept where it has none yet."""
    if type(term) is not Term or term.id is not None or term.basis is not None:
        return term
    match = loaded(term.raw, term.raw_scheme, term.raw_id, term.language)
    if match is None:
        return term
    note(changes, field, term.raw or term.raw_id or "", match.id, match.rule, match.basis)
    return replace(term, id=match.id, basis=match.basis)


def plain_term(field: str, value: Term, tables: Tables, changes: Changes) -> Term | None:
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
    changes: Changes = []
    clean = _clean_term(field, term, changes)
    if clean is None or clean.id is not None:
        return clean, tuple(changes)
    matches = _matches(clean, tables, vocabularies)
    if not matches:
        return clean, tuple(changes)
    terms = tuple(replace(clean, id=match.id, basis=match.basis) for match in matches)
    for match in matches:
        note(changes, field, clean.raw or clean.raw_id or "", match.id, match.rule, match.basis)
    return (terms[0] if len(terms) == 1 else terms), tuple(changes)


_cached_term = lru_cache(maxsize=8192)(_read_term)


def _clean_term(field: str, term: Term, changes: Changes) -> Term | None:
    raw, raw_id = clean_line(term.raw), (term.raw_id or "").strip() or None
    if not (raw or raw_id or term.id):
        return None
    note(changes, field, term.raw, raw, "clean text", "stated")
    clean = Term(
        raw,
        term.id or None,
        (term.basis or "stated") if term.id else None,
        raw_id,
        (term.raw_scheme or "").strip() or None,
        language_tag(f"{field}.language", term.language, None, changes),
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


language = term_of("language")
_subject = term_of("subject", "sdg")
access = term_of("access")
mode = term_of("mode")


def alternatives(field: str, value: tuple[Term, ...], tables: Tables, changes: Changes) -> Any:
    """One set of access modes, which together are enough. A set stays a set."""
    new = each_value(field, value, mode, tables, changes)
    if not new:
        return None
    return value if new is value else (new,)


_ALIGNED = {
    "educational_subject": _subject,
    "educational_level": term_of("level"),
}


def alignment(
    field: str, value: Alignment, tables: Tables, changes: Changes
) -> Alignment | tuple[Alignment, ...] | None:
    """What the resource is aligned with: one alignment for each concept that was meant."""
    one = _ALIGNED.get(value.type, plain_term)
    targets = each_value(f"{field}.target", (value.target,), one, tables, changes)
    clean = {
        "target_url": value.target_url
        and web_address(f"{field}.target_url", value.target_url, changes),
        "framework": value.framework and one_line(f"{field}.framework", value.framework, changes),
        "description": value.description
        and one_line(f"{field}.description", value.description, changes),
    }
    if not targets and not any(clean.values()):
        return None
    new = tuple(with_fields(value, target=target, **clean) for target in targets or (Term(),))
    return value if new == (value,) else new
