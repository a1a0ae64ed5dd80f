"""Controlled vocabularies: concepts with Finnish, Swedish and English labels, and raw values.

A concept's id is ``vocabulary:code`` (``level:upper-secondary``); ids are stored, labels are looked
up when something is shown. The concepts stand in ``data/vocabularies/NAME.csv`` in display order,
the spellings met in the wild in ``data/mappings/NAME.csv``; both are for librarians to correct.

What a newcomer would get wrong: a raw value is compared whole, never by a part of it ("stable" is
not a table), and a value without a row stays unknown. A raw value may stand for several concepts
(a German *Gymnasium* is lower and upper secondary): :meth:`Tables.match_all` gives them all,
:meth:`Tables.match` the first.
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import unquote

DATA = Path(__file__).with_name("data")

LANGUAGES = ("fi", "sv", "en")

IDENTIFIED_ONLY = frozenset({"subject", "sdg"})
"""Vocabularies whose bare codes and labels mean other things elsewhere (FI is philosophy, and
Finland; "4" is a goal, and a number): only identifiers and table rows count there."""

LONGEST_RAW = 300
"""Longer texts are no terms; not looking at them keeps the cache small whatever a record holds."""

_CACHED_MATCHES = 4096
_SEPARATORS = re.compile(r"[\s_\u00ad\-\u2010-\u2015\u2212]+")
_WEB_SCHEME = re.compile(r"^https?://(www\.)?")
_OUTER_PUNCTUATION = " .,;:!?¿¡'\"`´‘’“”„‚«»‹›()[]{}<>/\\|#*•·…"
_APOSTROPHES = str.maketrans("’‘ʼ", "'''")


@dataclass(frozen=True)
class Concept:
    """One term of a vocabulary.

    Args:
        id: ``vocabulary:code``, stable for ever.
        labels: Text by language: ``fi``, ``sv``, ``en``.
        broader: Id of the next wider concept, None at the top.
        uri: The best-known public URI of this very concept.
        exact_matches: URIs and codes of the same concept in other schemes (``isced-2011:3``,
            ``eqf:6``, aoe.fi's UUIDs, term names of schema.org).
        notes: For whoever maintains the table.
    """

    id: str
    labels: Mapping[str, str] = field(hash=False)
    broader: str | None = None
    uri: str | None = None
    exact_matches: tuple[str, ...] = ()
    notes: str = ""

    @property
    def code(self) -> str:
        """The id without its vocabulary."""
        return self.id.partition(":")[2]


@dataclass(frozen=True)
class Match:
    """A raw value understood.

    Args:
        id: The concept.
        basis: ``stated`` when the value is the concept's own id, code or URI; ``mapped`` when a
            label, an identifier of another scheme or a table row led there.
        rule: What led there, for the audit.
    """

    id: str
    basis: Literal["stated", "mapped"]
    rule: str


class Row(NamedTuple):
    """One row of a mapping table. ``scheme`` empty: any. ``target``: ids, separated by a space."""

    raw: str
    scheme: str
    target: str
    note: str = ""


def fold(text: str) -> str:
    """The key under which spellings count as the same.

    Letter case, kinds of spaces and dashes, percent escapes, outer punctuation and the ``http`` or
    ``https`` of an address make no difference; every letter and digit does.
    """
    if "%" in text:
        text = unquote(text)
    if text.isascii():
        text = text.lower()
    else:
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        text = text.translate(_APOSTROPHES)
    text = _SEPARATORS.sub(" ", text).strip(_OUTER_PUNCTUATION)
    return _WEB_SCHEME.sub("", text) if text.startswith("http") else text


class Vocabulary:
    """A vocabulary, read from its file when first asked."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def by_id(self) -> dict[str, Concept]:
        """Every concept by its id, in display order."""
        rows = _read(DATA / "vocabularies" / f"{self.name}.csv")
        return {concept.id: concept for concept in (self._concept(row) for row in rows)}

    @cached_property
    def narrower(self) -> dict[str, tuple[str, ...]]:
        """All descendants of every concept, in display order."""
        found: dict[str, list[str]] = {concept_id: [] for concept_id in self.by_id}
        for concept_id in self.by_id:
            for ancestor in self.broader(concept_id):
                found[ancestor].append(concept_id)
        return {concept_id: tuple(ids) for concept_id, ids in found.items()}

    def broader(self, concept_id: str) -> tuple[str, ...]:
        """The ancestors of a concept, nearest first."""
        ancestors: list[str] = []
        concept = self.by_id.get(concept_id)
        while concept is not None and concept.broader is not None:
            if concept.broader in ancestors:
                raise ValueError(f"{self.name}.csv: '{concept_id}' stands in a circle.")
            ancestors.append(concept.broader)
            concept = self.by_id.get(concept.broader)
        return tuple(ancestors)

    @cached_property
    def by_identifier(self) -> dict[str, Match]:
        """What a concept is called in identifiers: its own (stated), other schemes' (mapped)."""
        found: dict[str, Match] = {}
        for concept in self.by_id.values():
            found[fold(concept.id)] = Match(concept.id, "stated", "id")
            if concept.uri:
                found[fold(concept.uri)] = Match(concept.id, "stated", "uri")
            if self.name not in IDENTIFIED_ONLY:
                found[fold(concept.code)] = Match(concept.id, "stated", "code")
        for concept in self.by_id.values():
            for other in concept.exact_matches:
                found.setdefault(fold(other), Match(concept.id, "mapped", f"exact match {other}"))
        return found

    @cached_property
    def by_label(self) -> dict[str, Match]:
        """Concepts by their labels; a label that two concepts share finds neither."""
        if self.name in IDENTIFIED_ONLY:
            return {}
        found: dict[str, str | None] = {}
        for concept in self.by_id.values():
            for text in {fold(text) for text in concept.labels.values()}:
                found[text] = None if text in found else concept.id
        return {text: Match(id_, "mapped", "label") for text, id_ in found.items() if id_}

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The shipped mapping table."""
        path = DATA / "mappings" / f"{self.name}.csv"
        return tuple(Row(*row) for row in _read(path)) if path.exists() else ()

    def _concept(self, row: list[str]) -> Concept:
        code, wider, fi, sv, en, uri, exact_matches, notes = row
        return Concept(
            id=f"{self.name}:{code}",
            labels=dict(zip(LANGUAGES, (fi, sv, en), strict=True)),
            broader=f"{self.name}:{wider}" if wider else None,
            uri=uri or None,
            exact_matches=tuple(exact_matches.split()),
            notes=notes,
        )


def _read(path: Path) -> Iterator[list[str]]:
    """The rows below the header; the tests see to the header and the number of columns."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, strict=True)
        next(rows)
        yield from rows


VOCABULARIES: Mapping[str, Vocabulary] = {
    path.stem: Vocabulary(path.stem) for path in sorted((DATA / "vocabularies").glob("*.csv"))
}
"""Every vocabulary by the name its ids begin with. A new one is a new file."""


def get(concept_id: str) -> Concept | None:
    """The concept of an id, or None."""
    vocabulary = VOCABULARIES.get(concept_id.partition(":")[0])
    return vocabulary.by_id.get(concept_id) if vocabulary else None


def label(concept_id: str, language: str) -> str:
    """What to show for a concept; ``language`` is a BCP 47 tag.

    Falls back to English, then to the code. The id of an unknown vocabulary comes back as it is.
    """
    name, _, code = concept_id.partition(":")
    vocabulary = VOCABULARIES.get(name)
    if vocabulary is None:
        return concept_id
    concept = vocabulary.by_id.get(concept_id)
    if concept is None:
        return code
    texts = concept.labels
    return texts.get(language) or texts.get(language[:2].lower()) or texts.get("en") or code


def broader(concept_id: str) -> tuple[str, ...]:
    """The ancestors of a concept, nearest first."""
    vocabulary = VOCABULARIES.get(concept_id.partition(":")[0])
    return vocabulary.broader(concept_id) if vocabulary else ()


def narrower(concept_id: str) -> tuple[str, ...]:
    """All descendants of a concept, in display order."""
    vocabulary = VOCABULARIES.get(concept_id.partition(":")[0])
    return vocabulary.narrower.get(concept_id, ()) if vocabulary else ()


def concepts(vocabulary: str) -> tuple[Concept, ...]:
    """The concepts of a vocabulary in display order.

    Raises:
        KeyError: No vocabulary has that name.
    """
    return tuple(VOCABULARIES[vocabulary].by_id.values())


class Tables:
    """How raw values become concepts: the shipped tables, and rows laid over them.

    Rows laid over win over everything shipped, later ones over earlier ones.

    ``loaded`` finds concepts of the vocabularies an operator has loaded (YSO), as
    ``loaded(raw, raw_scheme, raw_id, language)``; None where none is loaded.
    """

    def __init__(self, rows: Iterable[Row] = (), loaded: "Loaded | None" = None) -> None:
        self.rows = tuple(Row(*row) for row in rows)
        self.loaded = loaded
        self._over = _index(self.rows, "added row")
        self._shipped: dict[str, dict[tuple[str, str], tuple[Match, ...]]] = {}
        self._cached = lru_cache(maxsize=_CACHED_MATCHES)(self._find)

    def with_rows(self, rows: Iterable[Row]) -> "Tables":
        """These tables with more rows laid over them: ``(raw, scheme, target)`` or ``Row``.

        Raises:
            ValueError: A row has no raw value, or a target that is no concept.
        """
        return Tables((*self.rows, *rows), self.loaded)

    def match(
        self,
        vocabulary: str,
        raw: str,
        raw_scheme: str | None = None,
        raw_id: str | None = None,
    ) -> Match | None:
        """What a raw value stands for, the first where it stands for several; None if unknown."""
        found = self.match_all(vocabulary, raw, raw_scheme, raw_id)
        return found[0] if found else None

    def match_all(
        self,
        vocabulary: str,
        raw: str,
        raw_scheme: str | None = None,
        raw_id: str | None = None,
    ) -> tuple[Match, ...]:
        """Everything a raw value stands for; an identifier that is known beats the label."""
        if len(raw) + len(raw_scheme or "") + len(raw_id or "") > LONGEST_RAW:
            return ()
        return self._cached(vocabulary, raw, raw_scheme, raw_id)

    def laid_over(self, vocabulary: str, name: str) -> tuple[Match, ...]:
        """What a folded value of no scheme stands for by the rows laid over the shipped ones."""
        return self._over.get(vocabulary, {}).get((name, ""), ())

    def _find(
        self, vocabulary: str, raw: str, raw_scheme: str | None, raw_id: str | None
    ) -> tuple[Match, ...]:
        scheme = _scheme(raw_scheme)
        keys = [key for key in (fold(raw_id or ""), fold(raw)) if key]
        for key in keys:
            found = _in_rows(self._over.get(vocabulary, {}), key, scheme)
            if found or (found := self._in_shipped(vocabulary, key, scheme)):
                return found
        return ()

    def _in_shipped(self, vocabulary: str, key: str, scheme: str) -> tuple[Match, ...]:
        known = VOCABULARIES[vocabulary]
        rows = self._shipped.get(vocabulary)
        if rows is None:
            rows = _index(known.rows, "row").get(vocabulary, {})
            self._shipped[vocabulary] = rows
        if scheme and (found := rows.get((key, scheme))):
            return found
        if one := known.by_identifier.get(key):
            return (one,)
        if found := rows.get((key, "")):
            return found
        return (one,) if (one := known.by_label.get(key)) else ()


Loaded = Callable[[str, str | None, str | None, str | None], Match | None]

_Index = dict[tuple[str, str], tuple[Match, ...]]


def _index(rows: Iterable[Row], kind: str) -> dict[str, _Index]:
    """Rows by the vocabulary of their targets, then by folded raw value and scheme."""
    found: dict[str, _Index] = {}
    for row in rows:
        targets = row.target.split()
        names = {target.partition(":")[0] for target in targets}
        if not fold(row.raw) or len(names) != 1 or not all(get(target) for target in targets):
            raise ValueError(
                f"Mapping row '{row.raw}' -> '{row.target}': give a raw value and one or more "
                f"concepts of one vocabulary, such as 'level:higher-education'."
            )
        rule = f"{kind} '{row.raw}'" + (f" in {row.scheme}" if row.scheme else "")
        key = fold(row.raw), _scheme(row.scheme)
        found.setdefault(names.pop(), {})[key] = tuple(
            Match(target, "mapped", rule) for target in targets
        )
    return found


def _in_rows(rows: _Index, key: str, scheme: str) -> tuple[Match, ...]:
    return rows.get((key, scheme)) or rows.get((key, "")) or ()


@lru_cache(maxsize=256)
def _scheme(raw: str | None) -> str:
    key = fold(raw or "")
    return _scheme_names().get(key, key)


@lru_cache(maxsize=1)
def _scheme_names() -> dict[str, str]:
    """Spellings of scheme names, each with the one the mapping tables use."""
    rows = _read(DATA / "mappings" / "schemes.csv")
    return {fold(raw): fold(scheme) for raw, scheme in rows}


SHIPPED = Tables()
"""The tables as they come with the package."""


def match(
    vocabulary: str,
    raw: str,
    raw_scheme: str | None = None,
    raw_id: str | None = None,
    tables: Tables = SHIPPED,
) -> Match | None:
    """What a raw value stands for, the first where it stands for several; None if unknown."""
    return tables.match(vocabulary, raw, raw_scheme, raw_id)


def match_all(
    vocabulary: str,
    raw: str,
    raw_scheme: str | None = None,
    raw_id: str | None = None,
    tables: Tables = SHIPPED,
) -> tuple[Match, ...]:
    """Everything a raw value stands for."""
    return tables.match_all(vocabulary, raw, raw_scheme, raw_id)
