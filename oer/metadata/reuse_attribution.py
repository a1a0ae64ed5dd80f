"""The credit line: title, author, source and licence, and what was changed (TASL).

Creative Commons asks for the title before version 4.0 and recommends it since; all versions ask for
the creator or whoever else is to be credited (4.0 §3(a)(1)(A)), the licence with its link, the
source, and a note of changes. Titles and names come from outside: each form escapes them, and links
only what is a web address.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import quote, urlsplit

from oer.metadata.lang_strings import titles_for
from oer.metadata.license_kinds import ALL_RIGHTS_RESERVED, reserves
from oer.metadata.license_names import name
from oer.metadata.license_permissions import family_of, permissions
from oer.metadata.licenses import read, verdict
from oer.metadata.resource_metadata import Agent, LicenseStatement, ResourceMetadata
from oer.metadata.reuse_texts import known_language, texts

FORMS = ("text", "html", "markdown", "slide")
Form = Literal["text", "html", "markdown", "slide"]

Words = Mapping[str, str]

_NOTICE = re.compile(
    r"(?:©|\(c\)|copyright\s*(?:©|\(c\)|\d{4}))(?=.*[^\W\d_]{2}).{2,100}", re.IGNORECASE | re.DOTALL
)
"""A copyright notice with a name in it, and nothing longer: a page of terms names nobody."""


@dataclass(frozen=True)
class Work:
    """What a credit line speaks of. Of those behind it, the first that are known are named.

    Args:
        license: A licence URI or family; empty where none is known.
        changes: What the user changed, in their own words; empty for unchanged use.
        notice: A copyright notice, word for word.
    """

    title: str = ""
    creators: tuple[str, ...] = ()
    url: str = ""
    license: str = ""
    changes: str = ""
    rights_holders: tuple[str, ...] = ()
    notice: str = ""
    publishers: tuple[str, ...] = ()


def attribution(work: Work, language: str, form: Form = "text") -> str:
    """The credit line for a work: plain text, HTML, Markdown, or short for a slide."""
    return _line(work, texts()["attribution"][known_language(language)], language, form)


def adaptation(work: Work, language: str, form: Form = "text") -> str:
    """The credit line of somebody's own version: what it was adapted from, and what was changed.

    A few words stand in for changes that are not told yet. Empty for what is not known to be free
    to adapt.
    """
    if not permissions(family_of(work.license)).adapt:
        return ""
    language = known_language(language)
    words = texts()["attribution"][language] | texts()["adaptation"][language]
    changed = replace(work, changes=work.changes.strip() or words["to_fill_in"])
    return _filled(words["adapted"], _line(changed, words, language, form))


def work_of(metadata: ResourceMetadata, language: str, url: str = "", changes: str = "") -> Work:
    """The work a description speaks of, under the title that its page has in that language."""
    answer = verdict(metadata.license)
    titles = titles_for(known_language(language), metadata)
    return Work(
        title=titles[0].text if titles else "",
        creators=_names(metadata.creator),
        url=url or metadata.landing_page or "",
        license=answer.uri or answer.code,
        changes=changes,
        rights_holders=_names(metadata.rights_holder),
        notice=next(filter(None, map(_notice, metadata.license)), ""),
        publishers=_names(metadata.publisher),
    )


def _names(agents: Iterable[Agent]) -> tuple[str, ...]:
    return tuple(agent.name for agent in agents if agent.name.strip())


def _notice(statement: LicenseStatement) -> str:
    raw = statement.raw.strip()
    if statement.scope != "resource" or not _NOTICE.fullmatch(raw):
        return ""
    found = read(raw)
    return raw if found.kind == "in-copyright" and found.note != ALL_RIGHTS_RESERVED else ""


def _line(work: Work, words: Words, language: str, form: Form) -> str:
    write = _WRITERS[form]
    if form == "slide":
        return _slide(work, words, language)
    title = words["open"] + (_clean(work.title) or words["untitled"]) + words["close"]
    line = write(title, work.url, "") + _by_whom(work, words, write)
    line += _license_part(work, language, words, write) + "."
    if work.changes.strip():
        line += _filled(words["changes"], write(_clean(work.changes).rstrip("."), "", ""))
    return line


def _by_whom(work: Work, words: Words, write: "_Writer") -> str:
    if work.creators:
        return _filled(words["by"], _people(work.creators, words, write))
    if work.rights_holders:
        return _filled(words["held"], _people(work.rights_holders, words, write))
    if work.notice:
        return " " + write(_clean(work.notice).rstrip("."), "", "")
    if work.publishers:
        return _filled(words["published"], _people(work.publishers, words, write))
    return ""


def _license_part(work: Work, language: str, words: Words, write: "_Writer") -> str:
    family = family_of(work.license)
    label = name(work.license if family else "", language)
    link = work.license if "/" in work.license else ""
    if not family:
        return words["unknown"]
    if permissions(family).share is None and not reserves(family):
        return _filled(words["statement"], write(label, link, ""))
    if family == "in-copyright":
        return words["reserved"]
    key = "dedicated" if family in ("cc0", "pdm", "cc-pddc") else "licensed"
    if reserves(family):
        key = "statement"
    return _filled(words[key], write(label, link, "license"))


def _people(names: Iterable[str], words: Words, write: "_Writer") -> str:
    people = [write(_clean(person), "", "") for person in names]
    return words["and"].join(filter(None, [", ".join(people[:-1]), people[-1]]))


def _slide(work: Work, words: Words, language: str) -> str:
    """One line that fits under a picture."""
    family = family_of(work.license)
    notice = (work.notice,) if work.notice else ()
    people = work.creators or work.rights_holders or notice or work.publishers
    parts = [
        _clean(work.title) or words["untitled"],
        ", ".join(_clean(person) for person in people),
        name(work.license if family else "", language),
        _web_address(work.url),
        _clean(work.changes),
    ]
    return " · ".join(part for part in parts if part)


def _filled(pattern: str, name: str) -> str:
    return pattern.replace("{name}", name)


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
    escaped = html.escape(text)
    if _is_rtl_in_part(text):
        # Or it would turn around what stands beside it.
        escaped = f"<bdi>{escaped}</bdi>"
    if not address:
        return escaped
    relation = f' rel="{rel}"' if rel else ""
    return f'<a{relation} href="{html.escape(address)}">{escaped}</a>'


def _markdown(text: str, url: str, rel: str) -> str:
    address = _web_address(url)
    escaped = _MARKDOWN.sub(r"\\\1", text)
    return f"[{escaped}]({address})" if address else escaped


_WRITERS: dict[str, _Writer] = {"text": _text, "html": _html, "markdown": _markdown, "slide": _text}


def _is_rtl_in_part(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)


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
