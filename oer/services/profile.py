"""What descriptions have and lack, counted: fields, licences, values that are in no list.

Pure: descriptions in, counts out. It serves a sample that was asked for just now as well as a
source in the catalogue. What a newcomer would get wrong: values come from outside and are without
end, so each is cut and only so many different ones are told apart; the rest is counted together.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Generic, Protocol, TypeVar

from oer.metadata import licenses
from oer.metadata.checks import WEIGHTS, completeness
from oer.metadata.names import hide_e_mail
from oer.metadata.resource_metadata import LicenseStatement, ResourceMetadata, Term
from oer.metadata.term_fields import terms
from oer.metadata.vocabularies import fold

MOST_DISTINCT = 20_000
"""Different values that are told apart, of each kind."""

LONGEST = 200
"""Letters of a value that are kept."""

SHOWN = 50
"""Values of each kind in a profile, the commonest first."""


class Found(Protocol):
    """A finding, of a check or of the database."""

    @property
    def code(self) -> str: ...
    @property
    def severity(self) -> str: ...


@dataclass(frozen=True)
class Fill:
    """How many descriptions have a field or part; ``weight`` is its share of completeness."""

    name: str
    count: int
    weight: int = 0


@dataclass(frozen=True)
class Statement:
    """A statement about rights as it was given, and what we make of it.

    ``element`` is where it stood; ``code`` is the family of the licence, empty where none is known
    (``licenses.Verdict.code``).
    """

    raw: str
    element: str | None
    code: str
    uri: str | None
    kind: str
    count: int


@dataclass(frozen=True)
class Unmapped:
    """A value that no concept was found for, and the vocabulary it wants to belong to.

    Whoever counts with places of their own (:data:`Places`) finds those in ``vocabulary``.
    """

    vocabulary: str
    raw: str
    count: int


@dataclass(frozen=True)
class Counted:
    """How often a value stands there."""

    value: str
    count: int


@dataclass(frozen=True)
class CountedFinding:
    """How many descriptions have a finding."""

    code: str
    severity: str
    count: int


@dataclass(frozen=True)
class Profile:
    """The counts. Of each kind of value, the commonest; ``…_others`` counts what is not named."""

    records: int = 0
    completeness: float | None = None
    """The mean, of 0 to 1; None where there is nothing."""
    parts: tuple[Fill, ...] = ()
    """The parts of completeness, in their order."""
    fields: tuple[Fill, ...] = ()
    """Elements of ``ResourceMetadata`` that anything stands in, the commonest first."""
    licenses: tuple[Counted, ...] = ()
    """Verdict codes; the empty one stands for "no licence is stated or known"."""
    open_count: int = 0
    """Descriptions with a licence that is open (``Verdict.oer``). Unknown is not open."""
    statements: tuple[Statement, ...] = ()
    statements_others: int = 0
    unmapped: tuple[Unmapped, ...] = ()
    unmapped_count: int = 0
    languages: tuple[Counted, ...] = ()
    types: tuple[Counted, ...] = ()
    levels: tuple[Counted, ...] = ()
    findings: tuple[CountedFinding, ...] = ()

    def share(self, count: int) -> float:
        """A count as a share of the descriptions, 0 to 1."""
        return count / self.records if self.records else 0.0

    def count_of(self, part: str) -> int:
        """How many descriptions have a part of completeness."""
        return next((each.count for each in self.parts if each.name == part), 0)

    def as_dict(self) -> dict[str, Any]:
        """The profile for JSON."""
        return asdict(self)


Places = Callable[[ResourceMetadata], Iterable[tuple[str, Term]]]
"""The terms of a description that should be concepts, each with the name it is counted under."""


def by_vocabulary(metadata: ResourceMetadata) -> Iterator[tuple[str, Term]]:
    """Every term that wants to belong to a vocabulary, under the name of that."""
    for term in metadata.language:
        yield "language", term
    for names, term in terms(metadata):
        yield names[0], term


def profile(
    described: Iterable[tuple[ResourceMetadata, Iterable[Found]]], places: Places = by_vocabulary
) -> Profile:
    """Count descriptions with their findings; terms without a concept as ``places`` has them."""
    census = Census(places)
    for metadata, findings in described:
        census.add(metadata, findings)
    return census.profile()


_FIELDS = ResourceMetadata.__struct_fields__
_EMPTY = (None, (), "")


_T = TypeVar("_T")


class _Values(Generic[_T]):
    """Counts values by a key; keeps the first spelling of each, and only so many."""

    def __init__(self) -> None:
        self.total = 0
        self._counts: Counter[object] = Counter()
        self._spelling: dict[object, _T] = {}

    def add(self, key: object, value: _T) -> None:
        self.total += 1
        if key in self._spelling or len(self._spelling) < MOST_DISTINCT:
            self._counts[key] += 1
            self._spelling.setdefault(key, value)

    def commonest(self) -> list[tuple[_T, int]]:
        return [(self._spelling[key], count) for key, count in self._counts.most_common(SHOWN)]


class Census:
    """Counts descriptions one by one, in bounded memory."""

    def __init__(self, places: Places = by_vocabulary) -> None:
        self._places = places
        self.records = 0
        self.scores = 0.0
        self.open_count = 0
        self.parts: Counter[str] = Counter()
        self.fields: Counter[str] = Counter()
        self.licenses: Counter[str] = Counter()
        self.statements = _Values[tuple[str, str | None, str, str | None, str]]()
        self.unmapped = _Values[tuple[str, str]]()
        self.languages, self.types, self.levels = _Values[str](), _Values[str](), _Values[str]()
        self.findings: Counter[tuple[str, str]] = Counter()

    def add(self, metadata: ResourceMetadata, findings: Iterable[Found] = ()) -> None:
        """Count one description in."""
        self.records += 1
        complete = completeness(metadata)
        self.scores += complete.score
        self.parts.update(part.name for part in complete.parts if part.present)
        self.fields.update(name for name in _FIELDS if getattr(metadata, name) not in _EMPTY)
        self._add_rights(metadata)
        self._add_terms(metadata)
        self.findings.update({(each.code, each.severity) for each in findings})

    def _add_rights(self, metadata: ResourceMetadata) -> None:
        verdict = licenses.verdict(metadata.license)
        self.licenses[verdict.code] += 1
        self.open_count += verdict.oer is True
        for statement in dict.fromkeys(map(_read, metadata.license)):
            self.statements.add(statement, statement)

    def _add_terms(self, metadata: ResourceMetadata) -> None:
        for values, found in (
            (metadata.language, self.languages),
            (metadata.learning_resource_type, self.types),
            (metadata.educational_level, self.levels),
        ):
            for id_ in {term.id for term in values if term.id}:
                found.add(id_, id_)
        for place, term in self._places(metadata):
            if term.id is None:
                raw = _raw(term)
                self.unmapped.add((place, fold(raw)), (place, raw))

    def profile(self) -> Profile:
        """What was counted so far."""
        statements = self.statements.commonest()
        return Profile(
            records=self.records,
            completeness=self.scores / self.records if self.records else None,
            parts=tuple(Fill(name, self.parts[name], weight) for name, weight, _ in WEIGHTS),
            fields=tuple(Fill(name, count) for name, count in self.fields.most_common()),
            licenses=tuple(Counted(code, count) for code, count in self.licenses.most_common()),
            open_count=self.open_count,
            statements=tuple(Statement(*each, count) for each, count in statements),
            statements_others=self.statements.total - sum(count for _, count in statements),
            unmapped=tuple(Unmapped(*each, count) for each, count in self.unmapped.commonest()),
            unmapped_count=self.unmapped.total,
            languages=_counted(self.languages),
            types=_counted(self.types),
            levels=_counted(self.levels),
            findings=tuple(
                CountedFinding(code, severity, count)
                for (code, severity), count in self.findings.most_common()
            ),
        )


def _counted(values: _Values[str]) -> tuple[Counted, ...]:
    return tuple(Counted(value, count) for value, count in values.commonest())


def _read(statement: LicenseStatement) -> tuple[str, str | None, str, str | None, str]:
    read = licenses.read_statement(statement)
    code = read.family or ("other" if read.kind == "unnamed-license" else "")
    raw = _short(statement.raw or statement.raw_id or "")
    return raw, statement.element, code, read.uri, read.kind or "unknown"


def _raw(term: Term) -> str:
    return _short(term.raw or term.raw_id or "")


def _short(text: str) -> str:
    """A value to show: on one line, cut, and without anybody's e-mail address."""
    text = " ".join(text[: 4 * LONGEST].split())
    text = hide_e_mail(text) if "@" in text else text
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
