"""What the licences of the catalogue permit: counts, lists, and rules an operator may set.

Only published resources count. Of each description nothing but rights and title is decoded, which
makes the difference between a minute and seconds for a large catalogue.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import select

from oer.database import Sessions
from oer.errors import UsageError
from oer.metadata.licenses import Verdict, verdict
from oer.metadata.resource_metadata import LangString, LicenseStatement
from oer.models import Resource, Source
from oer.models.resource import PUBLISHED
from oer.services.queue import NO_TITLE

BATCH = 1000

CLASSES: Mapping[str, str] = {
    "open": "open by UNESCO's Recommendation and by the Open Definition",
    "open-restricted": "open by UNESCO's Recommendation, not by the Open Definition (NC)",
    "not-open": "a licence or rights statement that is not open",
    "undetermined": "a licence or statement of which it is not known whether it is open",
    "conflict": "statements that contradict each other",
    "unknown": "rights in words that name no licence we know",
    "none": "no word about rights",
}
"""What a resource is counted as; exactly one of these."""

TRAITS: Mapping[str, str] = {
    "nc": "commercial use is not permitted",
    "nd": "adaptations are not permitted",
    "sa": "adaptations must be under the same licence",
    "no-version": "a Creative Commons licence without its version",
}
"""What is counted beside that; any number of them may hold."""

NO_SOURCE = ""
"""Stands for the source of what was authored here."""


class _Rights(msgspec.Struct, rename="camel", gc=False):
    """The part of a description that is looked at."""

    title: tuple[LangString, ...] = ()
    license: tuple[LicenseStatement, ...] = ()


class _Envelope(msgspec.Struct, gc=False):
    metadata: _Rights


_decode = msgspec.json.Decoder(_Envelope).decode


@dataclass(frozen=True)
class Judged:
    """One resource and what its rights statements come to."""

    address: str
    source: str
    title: str
    verdict: Verdict
    statements: tuple[LicenseStatement, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Its class, and whatever else holds of it."""
        return class_of(self.verdict), *traits_of(self.verdict)


@dataclass
class Counts:
    """How many resources there are, and of how many each code holds."""

    resources: int = 0
    by_code: Counter[str] = field(default_factory=Counter)

    def add(self, judged: Judged) -> None:
        """Count one resource in."""
        self.resources += 1
        self.by_code.update(judged.codes)


@dataclass(frozen=True)
class Rule:
    """A code that may hold of so many resources, or of such a share of them, and no more."""

    text: str
    code: str
    limit: float = 0
    percent: bool = False

    def broken_by(self, counts: Counts) -> bool:
        """Whether more resources have the code than the rule permits."""
        found = counts.by_code[self.code]
        if self.percent:
            return found * 100 > self.limit * counts.resources
        return found > self.limit


def class_of(found: Verdict) -> str:
    """Which of :data:`CLASSES` a verdict is. A contradiction is one, whatever else it is."""
    if found.conflict:
        return "conflict"
    if found.kind == "none":
        return "none"
    if found.kind in ("unknown", "unnamed-license"):
        return "unknown"
    if found.oer is None:
        return "undetermined"
    if not found.oer:
        return "not-open"
    return "open" if found.open_definition else "open-restricted"


def traits_of(found: Verdict) -> tuple[str, ...]:
    """Which of :data:`TRAITS` hold of a verdict."""
    holds = {
        "nc": found.permissions.commercial is False,
        "nd": found.permissions.adapt is False and (found.family or "").startswith("cc-"),
        "sa": found.permissions.share_alike is True,
        "no-version": found.kind == "license-family",
    }
    return tuple(code for code, true in holds.items() if true)


_RULE = re.compile(r"(?P<code>[a-z-]+)(?:\s*>\s*(?P<limit>\d+(?:\.\d+)?)(?P<percent>%?))?")


def read_rule(text: str) -> Rule:
    """A rule as an operator types it: ``unknown``, ``none>10`` or ``nc>5%``.

    Raises:
        UsageError: It is no rule, or names no code.
    """
    match = _RULE.fullmatch(text.strip())
    codes = (*CLASSES, *TRAITS)
    if match is None or match["code"] not in codes:
        raise UsageError(
            f"No rule '{text}'. Give one of {', '.join(codes)}, "
            "or with a limit that may not be passed: 'unknown>10', 'nc>5%'."
        )
    return Rule(text.strip(), match["code"], float(match["limit"] or 0), match["percent"] == "%")


def judge(sessions: Sessions, *, source_id: int | None = None) -> Iterator[Judged]:
    """Every published resource, of the catalogue or of a source, in batches."""
    query = (
        select(Resource.id, Resource.address, Source.slug, Resource.metadata_json)
        .outerjoin(Source, Source.id == Resource.source_id)
        .where(Resource.status == PUBLISHED)
        .order_by(Resource.id)
        .limit(BATCH)
    )
    if source_id is not None:
        query = query.where(Resource.source_id == source_id)
    last = 0
    while True:
        with sessions() as session:
            rows = session.execute(query.where(Resource.id > last)).all()
        if not rows:
            return
        for row in rows:
            rights = _decode(row.metadata_json).metadata
            yield Judged(
                row.address,
                row.slug or NO_SOURCE,
                rights.title[0].text if rights.title else NO_TITLE,
                verdict(rights.license),
                rights.license,
            )
        last = rows[-1].id


def count(judged: Iterable[Judged]) -> tuple[Counts, dict[str, Counts]]:
    """Counts of all, and by source."""
    total: Counts = Counts()
    by_source: dict[str, Counts] = {}
    for each in judged:
        total.add(each)
        by_source.setdefault(each.source, Counts()).add(each)
    return total, dict(sorted(by_source.items()))
