"""The tables a source's records are read with: shipped, curators' and loaded ones together.

Kept for the life of the process and for each database; a look at a page of records costs one small
query that asks whether anything has changed since.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Row, func, select
from sqlalchemy.orm import Session

from oer.metadata import vocabularies
from oer.metadata.concept_index import ConceptIndex, Entry, find
from oer.metadata.vocabularies import SHIPPED, Match, Tables
from oer.models import MappingRow, Vocabulary, VocabularyConcept, VocabularyLabel

FETCH = 5000
"""Rows fetched at a time while an index is built."""


def load_tables(session: Session, source_id: int | None = None) -> Tables:
    """The tables for the records of a source; None: for what was made here.

    A curator's row for one source wins over one for all, and both win over what is shipped.
    """
    with _LOCK:
        known = _KNOWN.setdefault(session.get_bind().engine, _Known())
        known.renew(session)
        tables = known.tables.get(source_id)
        if tables is None:
            tables = known.tables[source_id] = known.of_source(source_id)
        return tables


@dataclass
class _Known:
    """What this process knows of one database."""

    version: tuple[Any, ...] = ()
    indexes: dict[int, tuple[tuple[Any, ...], ConceptIndex]] = field(default_factory=dict)
    rows: Mapping[int | None, list[vocabularies.Row]] = field(default_factory=dict)
    tables: dict[int | None, Tables] = field(default_factory=dict)

    def renew(self, session: Session) -> None:
        """Read again what has changed in the database."""
        version = tuple(session.execute(_VERSION).one())
        if version == self.version:
            return
        self.indexes = dict(self._renewed(session))
        self.rows = _rows(session)
        self.tables = {}
        self.version = version

    def of_source(self, source_id: int | None) -> Tables:
        """Tables that share the loaded vocabularies with all others."""
        own = self.rows.get(source_id, []) if source_id is not None else []
        rows = [*self.rows.get(None, []), *own]
        indexes = tuple(index for _, index in self.indexes.values())
        if not rows and not indexes:
            return SHIPPED
        return Tables(rows, _finder(indexes) if indexes else None)

    def _renewed(
        self, session: Session
    ) -> Iterator[tuple[int, tuple[tuple[Any, ...], ConceptIndex]]]:
        query = select(Vocabulary).order_by(Vocabulary.id)
        for each in session.scalars(query):
            stamp = (each.name, each.loaded_at, each.concepts)
            before = self.indexes.get(each.id)
            index = before[1] if before and before[0] == stamp else _index(session, each)
            yield each.id, (stamp, index)


_KNOWN: WeakKeyDictionary[Engine, _Known] = WeakKeyDictionary()
_LOCK = Lock()

# The id of a removed last row may be given out again, so the time counts too.
_VERSION = select(
    select(func.count()).select_from(MappingRow).scalar_subquery(),
    select(func.max(MappingRow.id)).scalar_subquery(),
    select(func.max(MappingRow.created_at)).scalar_subquery(),
    select(func.count()).select_from(Vocabulary).scalar_subquery(),
    select(func.max(Vocabulary.id)).scalar_subquery(),
    select(func.max(Vocabulary.loaded_at)).scalar_subquery(),
)


def _rows(session: Session) -> Mapping[int | None, list[vocabularies.Row]]:
    """Curators' rows by source. A row whose concept is no longer shipped is passed over."""
    found: dict[int | None, list[vocabularies.Row]] = defaultdict(list)
    query = select(MappingRow.raw, MappingRow.target, MappingRow.source_id)
    for row in session.execute(query.order_by(MappingRow.id)):
        if all(vocabularies.get(each) for each in row.target.split()):
            found[row.source_id].append(vocabularies.Row(row.raw, "", row.target))
    return found


def _index(session: Session, vocabulary: Vocabulary) -> ConceptIndex:
    concepts = select(VocabularyConcept.id, VocabularyConcept.uri).where(
        VocabularyConcept.vocabulary_id == vocabulary.id
    )
    uris = {row.id: row.uri for row in _in_pieces(session, concepts)}
    labels = (
        select(VocabularyLabel.folded, VocabularyLabel.language, VocabularyLabel.concept_id)
        .join(VocabularyConcept)
        .where(VocabularyConcept.vocabulary_id == vocabulary.id)
    )
    entries = (
        Entry(row.folded, row.language, uris[row.concept_id]) for row in _in_pieces(session, labels)
    )
    return ConceptIndex(vocabulary.name, uris.values(), entries)


def _in_pieces(session: Session, query: Any) -> Iterable[Row[Any]]:
    return session.execute(query.execution_options(yield_per=FETCH))


def _finder(indexes: tuple[ConceptIndex, ...]) -> vocabularies.Loaded:
    def loaded(
        raw: str, raw_scheme: str | None, raw_id: str | None, language: str | None
    ) -> Match | None:
        return find(indexes, raw, raw_scheme, raw_id, language)

    return loaded
