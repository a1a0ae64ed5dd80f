"""Where a material is opened: the best of its addresses, and what the link checker found there.

A dead address is never the one that is offered first. Where all of them are dead, a copy at another
provider takes their place.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from flask_babel import gettext as _

from oer.metadata.resource_metadata import ResourceMetadata
from oer.services.links import Known
from oer.services.related import Copy
from oer.web import words
from oer.web.links import host, safe_url
from oer.web.text import Text

Tone = Literal["no", "soft"]


@dataclass(frozen=True)
class Health:
    """What was found at an address, in a sentence."""

    tone: Tone
    words: str


@dataclass(frozen=True)
class Opening:
    """What there is to press.

    Args:
        button: What is pressed first, named by what it does; None where nothing can be opened.
        host: Where that leads.
        health: What was found there.
        gone: The address that would have come first, named by its host, where it is dead.
        gone_health: Since when it is.
    """

    button: Text | None = None
    host: str = ""
    health: Health | None = None
    gone: Text | None = None
    gone_health: Health | None = None


def opening(
    metadata: ResourceMetadata, ui: str, known: Mapping[str, Known], copies: Sequence[Copy]
) -> Opening:
    """What to press for a material, and what is known of that.

    Args:
        known: What the link checker found, by address.
        copies: The same material at other providers.
    """
    best = list(dict.fromkeys(addresses(metadata, ui)))
    if not best:
        return Opening()
    gone = Text(host(best[0]), "", best[0]) if _is_dead(known, best[0]) else None
    gone_health = health(known.get(best[0]), ui) if gone else None
    for url in best:
        if not _is_dead(known, url):
            button = Text(_("Open the material"), url=url)
            return Opening(button, host(url), health(known.get(url), ui), gone, gone_health)
    for copy in copies:
        page = safe_url(copy.landing_page)
        if page and not _is_dead(known, page):
            button = Text(_("Open the copy at %(provider)s", provider=copy.source_name), url=page)
            return Opening(button, host(page), health(known.get(page), ui), gone, gone_health)
    return Opening(gone=gone, gone_health=gone_health)


def addresses(metadata: ResourceMetadata, ui: str) -> Iterator[str]:
    """The addresses of a material, the best one first.

    The one file in the reader's language, where others are in other languages; the page of the
    material; the files. Some records give one of many files for the page, and the page beside it as
    an identifier.
    """
    files = [url for material in metadata.materials if (url := safe_url(material.url))]
    yield from _in_language(metadata, ui)
    page = safe_url(metadata.landing_page)
    if page in files and len(files) > 1:
        named = (safe_url(i.value) for i in metadata.identifiers if i.scheme == "url")
        yield from (url for url in named if url and url not in files)
    if page:
        yield page
    yield from files


def _in_language(metadata: ResourceMetadata, ui: str) -> list[str]:
    told = [
        ({(term.id or "").partition("-")[0] for term in material.language}, url)
        for material in metadata.materials
        if material.language and (url := safe_url(material.url))
    ]
    theirs = [url for languages, url in told if ui in languages]
    return theirs if len(theirs) == 1 < len(told) else []


def health(found: Known | None, ui: str) -> Health | None:
    """What was found at an address; None where nobody has looked yet."""
    if found is None:
        return None
    day = words.moment(found.checked_at, ui)
    match found.state:
        case "dead":
            since = words.moment(found.first_failed_at, ui) or day
            return Health("no", _("This link has not worked since %(day)s", day=since))
        case "failing":
            return Health("soft", _("No answer when we last tried (%(day)s)", day=day))
        case "moved":
            return Health("soft", _("It has moved, and the link leads on (%(day)s)", day=day))
        case "alive":
            return Health("soft", _("The link worked on %(day)s", day=day))
        case _:
            return Health("soft", _("We could not check this link (%(day)s)", day=day))


def _is_dead(known: Mapping[str, Known], url: str) -> bool:
    return url in known and known[url].state == "dead"
