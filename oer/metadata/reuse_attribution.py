"""The credit line: title, author, source and licence, and what was changed (TASL).

Creative Commons asks for the title before version 4.0 and recommends it since; all versions ask for
the creator, the licence with its link, the source, and a note of changes. Titles and names come
from outside: each form escapes them, and links only what is a web address.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

from oer.metadata.license_kinds import reserves
from oer.metadata.license_names import name
from oer.metadata.license_permissions import family_of, permissions
from oer.metadata.licenses import verdict
from oer.metadata.resource_metadata import ResourceMetadata
from oer.metadata.reuse_texts import known_language, texts

FORMS = ("text", "html", "markdown", "slide")
Form = Literal["text", "html", "markdown", "slide"]


@dataclass(frozen=True)
class Work:
    """What a credit line speaks of.

    Args:
        license: A licence URI or family; empty where none is known.
        changes: What the user changed, in their own words; empty for unchanged use.
    """

    title: str = ""
    creators: tuple[str, ...] = ()
    url: str = ""
    license: str = ""
    changes: str = ""


def attribution(work: Work, language: str, form: Form = "text") -> str:
    """The credit line for a work: plain text, HTML, Markdown, or short for a slide."""
    language = known_language(language)
    write = _WRITERS[form]
    if form == "slide":
        return _slide(work, language)
    words = texts()["attribution"][language]
    title = words["open"] + (_clean(work.title) or words["untitled"]) + words["close"]
    line = write(title, work.url, "")
    if work.creators:
        line += words["by"].replace("{name}", write(_people(work, words), "", ""))
    line += _license_part(work, language, words, write) + "."
    if work.changes.strip():
        changes = write(_clean(work.changes).rstrip("."), "", "")
        line += words["changes"].replace("{name}", changes)
    return line


def work_of(metadata: ResourceMetadata, language: str, url: str = "", changes: str = "") -> Work:
    """The work a description speaks of; the title in the language asked for, where there is one."""
    answer = verdict(metadata.license)
    titles = {text.language: text.text for text in reversed(metadata.title)}
    first = metadata.title[0].text if metadata.title else ""
    return Work(
        title=titles.get(known_language(language), first),
        creators=tuple(agent.name for agent in metadata.creator),
        url=url or metadata.landing_page or "",
        license=answer.uri or answer.code,
        changes=changes,
    )


def _license_part(work: Work, language: str, words: dict[str, str], write: "_Writer") -> str:
    family = family_of(work.license)
    label = name(work.license if family else "", language)
    link = work.license if "/" in work.license else ""
    if not family:
        return words["unknown"]
    if permissions(family).share is None and not reserves(family):
        return words["statement"].replace("{name}", write(label, link, ""))
    if family == "in-copyright":
        return words["reserved"]
    key = "dedicated" if family in ("cc0", "pdm", "cc-pddc") else "licensed"
    if reserves(family):
        key = "statement"
    return words[key].replace("{name}", write(label, link, "license"))


def _people(work: Work, words: dict[str, str]) -> str:
    people = [_clean(person) for person in work.creators]
    return words["and"].join(filter(None, [", ".join(people[:-1]), people[-1]]))


def _slide(work: Work, language: str) -> str:
    """One line that fits under a picture."""
    words = texts()["attribution"][language]
    family = family_of(work.license)
    parts = [
        _clean(work.title) or words["untitled"],
        ", ".join(_clean(person) for person in work.creators),
        name(work.license if family else "", language),
        _web_address(work.url),
        _clean(work.changes),
    ]
    return " · ".join(part for part in parts if part)


# The forms ---------------------------------------------------------------------------------------

_Writer = Callable[[str, str, str], str]
"""Text, address and ``rel`` of a part → the part in one form."""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#!|<>~&$:@]|(?<=www)\.)", re.IGNORECASE)
"""What Markdown, or a dialect that turns bare addresses into links, could read as its own."""
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def _text(text: str, url: str, rel: str) -> str:
    address = _web_address(url)
    return f"{text} ({address})" if address else text


def _html(text: str, url: str, rel: str) -> str:
    address = _web_address(url)
    if not address:
        return html.escape(text)
    relation = f' rel="{rel}"' if rel else ""
    return f'<a{relation} href="{html.escape(address)}">{html.escape(text)}</a>'


def _markdown(text: str, url: str, rel: str) -> str:
    address = _web_address(url)
    escaped = _MARKDOWN.sub(r"\\\1", text)
    return f"[{escaped}]({address})" if address else escaped


_WRITERS: dict[str, _Writer] = {"text": _text, "html": _html, "markdown": _markdown, "slide": _text}


def _clean(text: str) -> str:
    """One line without control characters or marks that turn the writing direction."""
    return "".join(c for c in " ".join(_INVISIBLE.sub("", text).split()) if c.isprintable())


def _web_address(url: str) -> str:
    """The address if it is one of the web, with nothing in it that could end a link early."""
    url = _clean(url)
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return ""
    return quote(url, safe=":/?#[]@!$&*+,;=%~-._")
