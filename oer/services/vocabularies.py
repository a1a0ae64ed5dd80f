"""Vocabularies: loading those an operator brings, and showing all there are.

A vocabulary that is loaded again is replaced in one transaction: readers see the old one or the new
one, never half of either, and it keeps its place in the order in which vocabularies are asked.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from difflib import get_close_matches
from itertools import islice
from typing import Any

from msgspec.structs import replace
from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from oer.errors import UsageError
from oer.metadata import vocabularies as shipped
from oer.metadata.resource_metadata import ResourceMetadata, Term
from oer.metadata.skos import UNDETERMINED, SkosConcept
from oer.metadata.vocabularies import fold
from oer.models import Event, Vocabulary, VocabularyConcept, VocabularyLabel

BATCH = 2000
LONGEST_FOLDED = 255
"""Longer labels are shown, but not looked for."""

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


@dataclass(frozen=True)
class Listed:
    """A vocabulary in a listing."""

    name: str
    concepts: int
    languages: tuple[str, ...]
    origin: str
    loaded_at: datetime | None
    """None: it comes with the package."""


@dataclass(frozen=True)
class Described:
    """A concept as it is shown and exported, shipped or loaded."""

    id: str
    labels: Mapping[str, str]
    broader: tuple[str, ...] = ()
    uri: str | None = None
    also: tuple[str, ...] = ()
    """Other identifiers of a shipped concept; other labels, folded, of a loaded one."""

    def as_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return asdict(self)


def load(
    session: Session,
    name: str,
    concepts: Sequence[SkosConcept],
    *,
    origin: str,
    now: datetime,
    by: str,
    report: Callable[[int], None] = lambda count: None,
) -> Vocabulary:
    """Store a vocabulary under a name, in place of an older one of that name. Adds an Event.

    ``report`` is told how many concepts each step wrote. Resources are not touched: their keywords
    get concepts when they are harvested or renormalised.

    Raises:
        UsageError: The name cannot be used.
    """
    _check_name(name)
    vocabulary = session.scalar(select(Vocabulary).where(Vocabulary.name == name))
    before = vocabulary.concepts if vocabulary else None
    if vocabulary is None:
        vocabulary = Vocabulary(name=name)
        session.add(vocabulary)
    else:
        _empty(session, vocabulary)
    vocabulary.origin, vocabulary.loaded_at = origin, now
    vocabulary.concepts = len(concepts)
    detail = {"vocabulary": name, "origin": origin, "concepts": len(concepts), "before": before}
    session.add(Event(at=now, actor=by, action="vocabulary_loaded", detail=detail))
    session.flush()
    remaining = iter(concepts)
    while batch := list(islice(remaining, BATCH)):
        _insert(session, vocabulary.id, batch)
        report(len(batch))
    return vocabulary


def _empty(session: Session, vocabulary: Vocabulary) -> None:
    """Remove the concepts. Labels first: the database would look for them one concept at a time."""
    own = VocabularyConcept.vocabulary_id == vocabulary.id
    ids = select(VocabularyConcept.id).where(own)
    session.execute(
        delete(VocabularyLabel)
        .where(VocabularyLabel.concept_id.in_(ids))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(VocabularyConcept).where(own).execution_options(synchronize_session=False)
    )


def _insert(session: Session, vocabulary_id: int, concepts: Sequence[SkosConcept]) -> None:
    rows = [
        {
            "vocabulary_id": vocabulary_id,
            "uri": concept.uri,
            "labels": concept.labels,
            "broader": list(concept.broader),
        }
        for concept in concepts
    ]
    # Rows come back in any order; the URI, once in a vocabulary, tells which is which.
    statement = insert(VocabularyConcept).returning(VocabularyConcept.uri, VocabularyConcept.id)
    ids = {row.uri: row.id for row in session.execute(statement, rows)}
    labels = [
        row | {"concept_id": ids[concept.uri]} for concept in concepts for row in _labels(concept)
    ]
    if labels:
        session.execute(insert(VocabularyLabel), labels)


def _labels(concept: SkosConcept) -> Iterator[dict[str, Any]]:
    """What a concept is looked for by, each once; nothing for a deprecated one."""
    if concept.deprecated:
        return
    seen = set()
    preferred = [(text, language) for language, text in concept.labels.items()]
    for position, (text, language) in enumerate((*preferred, *concept.alternative)):
        tag = None if language == UNDETERMINED else language
        folded = fold(text)
        if folded and len(folded) <= LONGEST_FOLDED and (folded, tag) not in seen:
            seen.add((folded, tag))
            yield {"folded": folded, "language": tag, "preferred": position < len(preferred)}


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"'{name}' cannot name a vocabulary. Use 1 to 64 lower-case letters, digits and "
            "hyphens, such as yso."
        )
    if name in shipped.VOCABULARIES:
        raise UsageError(f"'{name}' is a vocabulary of ours. Choose another name.")


def labels(session: Session, uris: Collection[str], language: str) -> dict[str, str]:
    """What to show for concepts of loaded vocabularies, in one query; unknown URIs are left out.

    In ``language`` (a BCP 47 tag), else in English, else in any language there is.
    """
    if not uris:
        return {}
    query = (
        select(VocabularyConcept.uri, VocabularyConcept.labels)
        .where(VocabularyConcept.uri.in_(uris))
        # Where two vocabularies hold a concept, the one loaded first names it.
        .order_by(VocabularyConcept.vocabulary_id.desc())
    )
    return {uri: _best(texts, language) for uri, texts in session.execute(query) if texts}


def named(session: Session, metadata: ResourceMetadata, language: str) -> ResourceMetadata:
    """The description as a reader of ``language`` should see its subjects; one query at most.

    Concepts of loaded vocabularies are worded by them, whatever the record's words were.
    """
    uris = {
        term.id
        for term in (*metadata.keywords, *metadata.about)
        if term.id and term.id.startswith("http")
    }
    known = labels(session, uris, language)
    if not known:
        return metadata

    def word(terms: tuple[Term, ...]) -> tuple[Term, ...]:
        return tuple(
            replace(term, raw=known[term.id], language=None) if term.id in known else term
            for term in terms
        )

    return replace(metadata, keywords=word(metadata.keywords), about=word(metadata.about))


def _best(texts: Mapping[str, str], language: str) -> str:
    wanted = (language, language.partition("-")[0].lower(), "en")
    return next((texts[tag] for tag in wanted if tag in texts), next(iter(texts.values())))


def every(session: Session) -> list[Listed]:
    """All vocabularies: the shipped ones, then the loaded ones in the order they are asked."""
    ours = [
        Listed(name, len(each.by_id), shipped.LANGUAGES, "shipped", None)
        for name, each in shipped.VOCABULARIES.items()
    ]
    loaded = session.scalars(select(Vocabulary).order_by(Vocabulary.id))
    return ours + [
        Listed(each.name, each.concepts, _languages(session, each), each.origin, each.loaded_at)
        for each in loaded
    ]


def _languages(session: Session, vocabulary: Vocabulary) -> tuple[str, ...]:
    query = (
        select(VocabularyLabel.language)
        .join(VocabularyConcept)
        .where(VocabularyConcept.vocabulary_id == vocabulary.id)
        .distinct()
    )
    return tuple(sorted(tag or UNDETERMINED for tag in session.scalars(query)))


def export(session: Session, name: str) -> Iterator[Described]:
    """Every concept of a vocabulary, in its own order.

    Raises:
        UsageError: There is no vocabulary of that name.
    """
    if name in shipped.VOCABULARIES:
        return map(_ours, shipped.concepts(name))
    query = (
        select(VocabularyConcept)
        .where(VocabularyConcept.vocabulary_id == _loaded(session, name).id)
        .order_by(VocabularyConcept.id)
    )
    return _described(session, query)


def find(session: Session, name: str, text: str) -> list[Described]:
    """The concepts of a vocabulary that a URI, an id, a code or a label names.

    Raises:
        UsageError: There is no vocabulary of that name, or it has no such concept.
    """
    found = _find_ours(name, text) if name in shipped.VOCABULARIES else None
    if found is None:
        found = _find_loaded(session, _loaded(session, name), text)
    if not found:
        near = _near(session, name, text)
        hint = f" Near it: {', '.join(near)}." if near else ""
        raise UsageError(f"'{text}' names no concept of '{name}'.{hint}")
    return found


def _find_ours(name: str, text: str) -> list[Described]:
    folded = fold(text)
    return [
        _ours(concept)
        for concept in shipped.concepts(name)
        if folded in {fold(each) for each in (concept.id, concept.code, concept.uri or "")}
        or folded in {fold(label) for label in concept.labels.values()}
    ]


def _find_loaded(session: Session, vocabulary: Vocabulary, text: str) -> list[Described]:
    labelled = select(VocabularyLabel.concept_id).where(VocabularyLabel.folded == fold(text))
    query = (
        select(VocabularyConcept)
        .where(VocabularyConcept.vocabulary_id == vocabulary.id)
        .where(or_(VocabularyConcept.uri == text, VocabularyConcept.id.in_(labelled)))
        .order_by(VocabularyConcept.id)
    )
    return list(_described(session, query))


def _near(session: Session, name: str, text: str) -> list[str]:
    if name in shipped.VOCABULARIES:
        known = [fold(label) for each in shipped.concepts(name) for label in each.labels.values()]
        return get_close_matches(fold(text), known, n=5)
    beginning = fold(text)[:LONGEST_FOLDED]
    query = (
        select(VocabularyLabel.folded)
        .join(VocabularyConcept)
        .where(VocabularyConcept.vocabulary_id == _loaded(session, name).id)
        .where(VocabularyLabel.folded.startswith(beginning, autoescape=True))
        .distinct()
        .order_by(VocabularyLabel.folded)
        .limit(5)
    )
    return list(session.scalars(query))


def _loaded(session: Session, name: str) -> Vocabulary:
    vocabulary = session.scalar(select(Vocabulary).where(Vocabulary.name == name))
    if vocabulary is None:
        known = ", ".join(each.name for each in every(session))
        raise UsageError(
            f"No vocabulary '{name}'. Known: {known}. "
            f"Load one with: oer vocabulary load {name} FILE"
        )
    return vocabulary


def _ours(concept: shipped.Concept) -> Described:
    broader = (concept.broader,) if concept.broader else ()
    return Described(concept.id, concept.labels, broader, concept.uri, concept.exact_matches)


def _described(session: Session, query: Any) -> Iterator[Described]:
    """Concepts with the labels they are also found by, a batch at a time."""
    for batch in session.scalars(query.execution_options(yield_per=BATCH)).partitions():
        also: dict[int, list[str]] = {each.id: [] for each in batch}
        others = (
            select(VocabularyLabel.concept_id, VocabularyLabel.folded)
            .where(VocabularyLabel.concept_id.in_(also), VocabularyLabel.preferred.is_(False))
            .order_by(VocabularyLabel.id)
        )
        for concept_id, folded in session.execute(others):
            also[concept_id].append(folded)
        for each in batch:
            other = tuple(dict.fromkeys(also[each.id]))
            yield Described(each.uri, each.labels, tuple(each.broader), each.uri, other)
