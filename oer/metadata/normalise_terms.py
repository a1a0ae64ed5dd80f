"""Terms: what concept of which vocabulary a value is, from tables and loaded vocabularies.

Reading a term is cached across records: a source says the same few words again and again.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from oer.metadata.languages import read_languages
from oer.metadata.normalise_changes import Change, Changes, One, each_value, note, with_fields
from oer.metadata.normalise_texts import language_tag, one_line, web_address
from oer.metadata.resource_metadata import Alignment, Term
from oer.metadata.subject_names import named
from oer.metadata.text import clean_line
from oer.metadata.vocabularies import LONGEST_RAW, Match, Tables


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


def keyword_at(levels: Collection[str]) -> One[Term]:
    """Keywords of a record of these levels.

    They are free text, unless they name a concept by its identifier, a subject by its very name,
    or a loaded label.
    """

    def keyword(field: str, value: Term, tables: Tables, changes: Changes) -> Any:
        if value.raw_id or value.raw[:4] == "http":
            return _subject(field, value, tables, changes)
        return plain_term(field, value, tables, changes)

    return lambda *given: _or_concept(keyword(*given), levels, *given)


def subject_at(levels: Collection[str]) -> One[Term]:
    """Subjects of a record of these levels: of ours, or else of a loaded vocabulary."""
    return lambda *given: _or_concept(_subject(*given), levels, *given)


def _or_concept(
    term: Any, levels: Collection[str], field: str, stated: Term, tables: Tables, changes: Changes
) -> Any:
    """The term, with the subject it is the name of or a loaded concept where it has none yet."""
    if type(term) is not Term or term.id is not None or term.basis is not None:
        return term
    matches = named(term.raw, term.language, levels, tables)
    if not matches and tables.loaded is not None:
        match = tables.loaded(term.raw, term.raw_scheme, term.raw_id, term.language)
        matches = (match,) if match else ()
    return _meaning(field, term, matches, changes)


def _meaning(
    field: str, term: Term, matches: tuple[Match, ...], changes: Changes
) -> Term | tuple[Term, ...]:
    """The term as each of these concepts; itself where there is none."""
    for match in matches:
        note(changes, field, term.raw or term.raw_id or "", match.id, match.rule, match.basis)
    terms = tuple(replace(term, id=match.id, basis=match.basis) for match in matches)
    return terms if len(terms) > 1 else (*terms, term)[0]


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
    new = _meaning(field, clean, _matches(clean, tables, vocabularies), changes)
    return new, tuple(changes)


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


_level = term_of("level")


def alignment_at(levels: Collection[str]) -> One[Alignment]:
    """What a resource of these levels is aligned with."""
    aligned = {"educational_subject": subject_at(levels), "educational_level": _level}
    return lambda field, value, *given: _alignment(
        aligned.get(value.type, plain_term), field, value, *given
    )


def _alignment(
    one: One[Term], field: str, value: Alignment, tables: Tables, changes: Changes
) -> Alignment | tuple[Alignment, ...] | None:
    """One alignment for each concept that was meant."""
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
