"""Texts, their language, and web addresses: what to make of one of them."""

from collections.abc import Callable

from oer.metadata.identifiers import normalise_url
from oer.metadata.languages import read_language
from oer.metadata.normalise_changes import Change, Changes, One, evidence, note
from oer.metadata.resource_metadata import LangString
from oer.metadata.text import clean_line, clean_paragraphs
from oer.metadata.vocabularies import Tables


def lang_string(clean: Callable[[str], str]) -> One[LangString]:
    """Cleans the text with ``clean`` and reads the tag of its language; empty texts go."""

    def one(field: str, value: LangString, tables: Tables, changes: Changes) -> LangString | None:
        text = clean(value.text)
        if not text:
            return None
        stated = value.raw_language or value.language or None
        tag = language_tag(f"{field}.language", stated, value.language, changes)
        raw_language = stated if stated != tag else None
        if text != value.text:
            note(changes, field, value.text, text, "clean text", "stated")
        elif tag == value.language and raw_language == value.raw_language:
            return value
        return LangString(text, tag, raw_language)

    return one


def language_tag(
    field: str, stated: str | None, otherwise: str | None, changes: Changes
) -> str | None:
    """The language tag of a text: what the record states, else what was made of it before."""
    if not stated:
        return None
    tag = read_language(stated)
    if tag is None and otherwise is not None and otherwise != stated:
        tag = read_language(otherwise)
    if tag != stated and tag != otherwise:
        changes.append(
            Change(field, evidence(stated), tag, "language tag", "mapped" if tag else None)
        )
    return tag


def one_line(field: str, value: str, changes: Changes) -> str | None:
    """Text without a language, on one line; None where nothing is left."""
    text = clean_line(value)
    note(changes, field, value, text, "clean text", "stated")
    return text or None


def web_address(field: str, value: str, changes: Changes) -> str | None:
    """The usable form of a web address; None where there is none."""
    if not value.strip():
        return None
    url = normalise_url(value)
    note(
        changes,
        field,
        value,
        url,
        "web address" if url else "no usable web address",
        "stated" if url else None,
    )
    return url


title = lang_string(clean_line)
paragraphs = lang_string(clean_paragraphs)
