"""Checks: what is missing, odd or contradictory in a description, as codes.

A check is a function of the metadata and the time now; it gives a Finding, several, or None.
Checks change nothing and judge nobody: a resource with findings is still shown. The sentences for
people stand where people read them; here are codes, and the evidence to put into the sentence.

They expect normalised metadata: what has no canonical value was not understood.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from oer.metadata.identifiers import is_private_host, normalise_url
from oer.metadata.licenses import Verdict, verdict
from oer.metadata.resource_metadata import LangString, PartialDate, ResourceMetadata

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong or doubtful with a description.

    Args:
        code: What it is; stable, for filters and for the sentence shown.
        severity: ``error``: the resource is hard to use; ``warning``: a curator should look;
            ``info``: it could be better.
        field: The element it concerns.
        evidence: The value that shows it, empty where something is absent.
    """

    code: str
    severity: Severity
    field: str
    evidence: str = ""


LONGEST_EVIDENCE = 200
CLOCK_TOLERANCE = timedelta(days=1)
"""A date may be this far ahead of our clock: somewhere it is tomorrow already."""

_Check = Callable[[ResourceMetadata, datetime], "Finding | Iterable[Finding] | None"]


def check(metadata: ResourceMetadata, now: datetime) -> tuple[Finding, ...]:
    """All findings, in the order of :data:`CHECKS`. ``now`` is an aware time."""
    findings: list[Finding] = []
    for one in CHECKS:
        found = one(metadata, now)
        if isinstance(found, Finding):
            findings.append(found)
        elif found is not None:
            findings.extend(found)
    return tuple(findings)


# Rights


def no_license(metadata: ResourceMetadata, now: datetime) -> Finding | None:
    """No statement speaks of rights at all."""
    if _verdict(metadata).kind == "none":
        return Finding("no-license", "warning", "license")
    return None


def unknown_license(metadata: ResourceMetadata, now: datetime) -> Finding | None:
    """Rights are spoken of, in words that name no licence we know."""
    if _verdict(metadata).kind in ("unknown", "unnamed-license"):
        return Finding("unknown-license", "warning", "license", _rights(metadata))
    return None


def contradictory_license(metadata: ResourceMetadata, now: datetime) -> Finding | None:
    """Statements that cannot all hold; the strictest is shown."""
    if _verdict(metadata).conflict:
        return Finding("contradictory-license", "error", "license", _rights(metadata))
    return None


def not_open(metadata: ResourceMetadata, now: datetime) -> Finding | None:
    """The licence is known and is no open one. An unknown licence is another finding."""
    found = _verdict(metadata)
    if found.oer is False:
        return Finding("not-open", "warning", "license", found.uri or found.family or found.code)
    return None


# Is it described?


def no_title(metadata: ResourceMetadata, now: datetime) -> Finding | None:
    """No title in any language."""
    return None if metadata.title else Finding("no-title", "error", "title")


def no_description(metadata: ResourceMetadata, now: datetime) -> Finding | None:
    """Neither a description nor a table of contents."""
    if metadata.description or metadata.table_of_contents or metadata.educational_description:
        return None
    return Finding("no-description", "warning", "description")


def no_type(metadata: ResourceMetadata, now: datetime) -> Finding | None:
    """No type of learning resource is stated, or none that we know."""
    return _not_understood(metadata, "learning_resource_type", "type")


def no_level(metadata: ResourceMetadata, now: datetime) -> Finding | None:
    """No level of education is stated, or none that we know."""
    return _not_understood(metadata, "educational_level", "level")


def no_language(metadata: ResourceMetadata, now: datetime) -> Finding | None:
    """The language of the resource is not stated, or not understood."""
    return _not_understood(metadata, "language", "language")


def _not_understood(metadata: ResourceMetadata, field: str, name: str) -> Finding | None:
    terms = getattr(metadata, field)
    if not terms:
        return Finding(f"no-{name}", "info", field)
    if any(term.id for term in terms):
        return None
    return Finding(f"unknown-{name}", "info", field, _short(terms[0].raw or terms[0].raw_id or ""))


def description_is_title(metadata: ResourceMetadata, now: datetime) -> Finding | None:
    """A description that only repeats the title."""
    titles = {_folded(title) for title in metadata.title}
    for description in metadata.description:
        if _folded(description) in titles:
            return Finding("description-is-title", "info", "description", _short(description.text))
    return None


def same_text_in_several_languages(metadata: ResourceMetadata, now: datetime) -> Iterator[Finding]:
    """One text copied under several languages: at most one of them is right.

    Only texts long enough to differ between languages count; a name may well be the same in all.
    """
    for field in ("title", "description"):
        seen: dict[str, str] = {}
        for value in getattr(metadata, field):
            text = _folded(value)
            if value.language is None or len(text.split()) < 4:
                continue
            first = seen.setdefault(text, value.language.partition("-")[0])
            if first != value.language.partition("-")[0]:
                yield Finding(
                    "same-text-in-several-languages", "warning", field, _short(value.text)
                )
                break


# Can it be reached?


def no_link(metadata: ResourceMetadata, now: datetime) -> Finding | None:
    """No way from the description to the material."""
    if metadata.landing_page or any(m.url or m.embed_url for m in metadata.materials):
        return None
    return Finding("no-link", "error", "landing_page")


def odd_link(metadata: ResourceMetadata, now: datetime) -> Iterator[Finding]:
    """An address that is none of the web, or that names a machine in somebody's own network."""
    for field, url in _links(metadata):
        if normalise_url(url) is None:
            yield Finding("not-a-web-address", "error", field, _short(url))
        elif is_private_host(url):
            yield Finding("private-address", "error", field, _short(url))


def _links(metadata: ResourceMetadata) -> Iterator[tuple[str, str]]:
    if metadata.landing_page:
        yield "landing_page", metadata.landing_page
    for material in metadata.materials:
        if material.url:
            yield "materials.url", material.url


# Dates


def future_date(metadata: ResourceMetadata, now: datetime) -> Iterator[Finding]:
    """Made, published or changed in the future. A ``date`` may lie there: an embargo's end."""
    latest = now + CLOCK_TOLERANCE
    for field in ("created", "issued", "modified"):
        for value in getattr(metadata, field):
            if _earliest(value) > latest:
                yield Finding("date-in-the-future", "warning", field, value.value)


def modified_before_created(metadata: ResourceMetadata, now: datetime) -> Finding | None:
    """Changed before it was made, beyond what the precision of the dates leaves open."""
    created = [value for value in metadata.created if value.value]
    modified = [value for value in metadata.modified if value.value]
    if not created or not modified:
        return None
    first, last = min(created, key=_earliest), max(modified, key=_latest)
    # Day and instant may be of different time zones; two days, or two years, compare as written.
    instants = any(len(value.value or "") == 20 for value in (first, last))
    tolerance = CLOCK_TOLERANCE if instants else timedelta()
    if _latest(last) + tolerance <= _earliest(first):
        return Finding(
            "modified-before-created", "warning", "modified", f"{last.value} < {first.value}"
        )
    return None


def expired(metadata: ResourceMetadata, now: datetime) -> Finding | None:
    """The record says until when it holds, and that is over."""
    ends = [value for value in metadata.valid_until if value.value]
    if ends and max(map(_latest, ends)) < now:
        return Finding("expired", "warning", "valid_until", max(ends, key=_latest).value or "")
    return None


_NEVER = datetime.min.replace(tzinfo=UTC)


def _earliest(date: PartialDate) -> datetime:
    """The first moment a date can mean; the beginning of time where it means none."""
    return _span(date.value)[0]


def _latest(date: PartialDate) -> datetime:
    """The end of the span a date can mean; the beginning of time where it means none."""
    return _span(date.value)[1]


def _span(value: str | None) -> tuple[datetime, datetime]:
    try:
        match len(value or ""):
            case 4:
                start = datetime(int(value or ""), 1, 1, tzinfo=UTC)
                return start, start.replace(year=start.year + 1)
            case 7:
                start = datetime.fromisoformat(f"{value}-01T00:00:00Z")
                return start, (start + timedelta(days=31)).replace(day=1)
            case 10:
                start = datetime.fromisoformat(f"{value}T00:00:00Z")
                return start, start + timedelta(days=1)
            case 20:
                start = datetime.fromisoformat(value or "")
                return start, start
    except (ValueError, OverflowError):
        pass  # not a form of PartialDate.value: nothing to compare
    return _NEVER, _NEVER


# Accessibility


def contradictory_hazards(metadata: ResourceMetadata, now: datetime) -> Finding | None:
    """Said to be free of a hazard and to have it."""
    ids = {term.id.partition(":")[2] for term in metadata.accessibility_hazard if term.id}
    denied = {code.removeprefix("no-") for code in ids if code.startswith("no-")}
    present = {c for c in ids if c != "none" and not c.startswith(("no-", "unknown"))}
    if clash := (present if "none" in ids else present & denied):
        evidence = ", ".join(sorted(clash))
        return Finding("contradictory-hazards", "error", "accessibility_hazard", evidence)
    return None


# Spam

_ADDRESS_OR_NUMBER = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|\+?\d[\d\s().-]{6,}\d|"
    r"\b[\w-]+\.(?:com|net|org|biz|xyz|top|shop)\b",
    re.IGNORECASE,
)
_MANY_LINKS = 5
_WORDS_PER_LINK = 8
_SHOUTED = re.compile(r"[!$€£]{3,}|(?:💰|🔥|👉|📞){2,}")


_LONGEST_TITLE = 500


def looks_like_spam(metadata: ResourceMetadata, now: datetime) -> Finding | None:
    """Titles that are only addresses or telephone numbers, descriptions that are mostly links."""
    for title in metadata.title:
        # Only the beginning: these patterns look back and forth, and titles have no end by law.
        text = title.text[:_LONGEST_TITLE]
        rest = _ADDRESS_OR_NUMBER.sub("", text)
        if rest != text and not re.search(r"[^\W\d_]{2}", rest):
            return Finding("looks-like-spam", "warning", "title", _short(title.text))
        if _SHOUTED.search(text):
            return Finding("looks-like-spam", "warning", "title", _short(title.text))
    for description in metadata.description:
        links = description.text.count("http://") + description.text.count("https://")
        if links >= _MANY_LINKS and len(description.text.split()) < links * _WORDS_PER_LINK:
            return Finding("looks-like-spam", "warning", "description", _short(description.text))
    return None


CHECKS: tuple[_Check, ...] = (
    no_title,
    no_link,
    odd_link,
    no_license,
    unknown_license,
    contradictory_license,
    not_open,
    no_description,
    description_is_title,
    same_text_in_several_languages,
    no_language,
    no_type,
    no_level,
    future_date,
    modified_before_created,
    expired,
    contradictory_hazards,
    looks_like_spam,
)
"""Every check. A new one is a function and a line here."""


# Completeness


class Part(NamedTuple):
    """One part of completeness: what it asks for, how much it weighs, whether it is there."""

    name: str
    weight: int
    present: bool


@dataclass(frozen=True, slots=True)
class Completeness:
    """How complete a description is: ``score`` is the weight of what is there over all weights."""

    score: float
    parts: tuple[Part, ...]


def _understood(field: str) -> Callable[[ResourceMetadata], bool]:
    return lambda metadata: any(term.id for term in getattr(metadata, field))


WEIGHTS: tuple[tuple[str, int, Callable[[ResourceMetadata], bool]], ...] = (
    # Without these nobody finds it, reaches it or may use it: 60 of 100.
    ("title", 15, lambda m: bool(m.title)),
    ("description", 15, lambda m: bool(m.description)),
    ("license", 15, lambda m: bool(_verdict(m).family or _verdict(m).uri)),
    ("link", 15, lambda m: no_link(m, _NEVER) is None),
    # What teachers filter by: 30.
    ("language", 8, _understood("language")),
    ("learning_resource_type", 8, _understood("learning_resource_type")),
    ("educational_level", 8, _understood("educational_level")),
    ("subject", 6, lambda m: bool(m.about or m.keywords)),
    # What makes it citable and usable by everyone: 10.
    ("creator", 4, lambda m: bool(m.creator or m.publisher)),
    ("date", 2, lambda m: any(d.value for d in (*m.issued, *m.created, *m.modified, *m.date))),
    ("audience", 2, _understood("audience")),
    ("accessibility", 2, lambda m: bool(m.accessibility_feature or m.access_mode)),
)
"""Name, weight and test of each part; the weights add up to 100."""


def completeness(metadata: ResourceMetadata) -> Completeness:
    """How complete a description is, from 0 to 1, and which parts are missing."""
    parts = tuple(Part(name, weight, present(metadata)) for name, weight, present in WEIGHTS)
    reached = sum(part.weight for part in parts if part.present)
    return Completeness(reached / sum(part.weight for part in parts), parts)


def _verdict(metadata: ResourceMetadata) -> Verdict:
    return verdict(metadata.license)


def _rights(metadata: ResourceMetadata) -> str:
    return _short(" | ".join(s.raw or s.raw_id or s.uri or "" for s in metadata.license))


def _folded(text: LangString) -> str:
    return " ".join(text.text.split()).casefold().rstrip(".")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_EVIDENCE else f"{text[: LONGEST_EVIDENCE - 1]}…"
