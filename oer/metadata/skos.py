"""Reading SKOS vocabularies: Turtle, N-Triples, RDF/XML and tab-separated labels.

Statements are read one by one and only those about labels, broader concepts and kinds are kept, so
that memory grows with the labels, not with the file. The RDF parser is ``pyoxigraph``: it streams
(half a million statements a second in 20 MB; a parser that builds a graph first took 18 seconds and
700 MB for the same file) and needs nothing else.

What a newcomer would get wrong: ``skos:prefLabel`` is also said of schemes and collections, which
are no concepts; a concept that its vocabulary calls deprecated keeps its name for records that
state its URI, but its labels are looked for no more; and RDF/XML may define XML entities, which
pyoxigraph expands without limit, so that such a file is refused unread.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import BinaryIO, Literal, NamedTuple, cast

from oer.metadata.languages import read_language
from oer.metadata.text import clean_line

FORMATS = ("ttl", "rdf", "tsv")

SUFFIXES = {
    ".ttl": "ttl", ".turtle": "ttl", ".nt": "ttl",
    ".rdf": "rdf", ".xml": "rdf", ".owl": "rdf", ".skos": "rdf",
    ".tsv": "tsv",
}  # fmt: skip
"""File names' endings and their formats; N-Triples are Turtle."""

LONGEST_URI = 1000
LONGEST_LABEL = 1000
MOST_STATEMENTS = 5_000_000
"""About labels, kinds and broader concepts, in one vocabulary; YSO says some 300 000."""

UNDETERMINED = "und"
"""The language of a label that names none (BCP 47, RFC 5646 §4.1)."""

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_DEPRECATED = "http://www.w3.org/2002/07/owl#deprecated"
_NOT_CONCEPTS = frozenset(
    {f"{_SKOS}ConceptScheme", f"{_SKOS}Collection", f"{_SKOS}OrderedCollection"}
)
_URI = re.compile(r"(?:https?://|urn:)[^\s<>\"{}|\\^`\x00-\x20]+", re.IGNORECASE)
_FILE_LANGUAGE = re.compile(r"[-_.]([a-z]{2})$", re.IGNORECASE)
_COLUMN = re.compile(
    r"(?:(?:pref)?label|(alt(?:label)?))[_@:-]([A-Za-z0-9-]{2,35})$", re.IGNORECASE
)

Kind = Literal["preferred", "alternative", "broader", "concept", "other", "deprecated"]

_LABELS: dict[str, Kind] = {
    f"{_SKOS}prefLabel": "preferred",
    f"{_SKOS}altLabel": "alternative",
    f"{_SKOS}hiddenLabel": "alternative",
}


class Statement(NamedTuple):
    """One thing said of a concept. ``text`` is a label, or the URI of a broader concept."""

    uri: str
    kind: Kind
    text: str = ""
    language: str | None = None


@dataclass(slots=True)
class SkosConcept:
    """A concept as its vocabulary describes it.

    Args:
        uri: Its URI.
        labels: Preferred labels by BCP 47 tag, ``und`` where the label names no language.
        alternative: Alternative and hidden labels with their languages.
        broader: URIs of the next wider concepts.
        deprecated: Whether the vocabulary advises against its use.
    """

    uri: str
    labels: dict[str, str]
    alternative: tuple[tuple[str, str | None], ...] = ()
    broader: tuple[str, ...] = ()
    deprecated: bool = False


def statements(
    stream: BinaryIO, format: str, *, language: str | None = None, base: str | None = None
) -> Iterator[Statement]:
    """What a file says of its concepts, in the order of the file.

    Args:
        stream: The file.
        format: One of ``FORMATS``.
        language: Of labels in a tab-separated file without a header.
        base: The address that relative ones are relative to.

    Raises:
        ValueError: The file is not of that format; the message says where.
        ModuleNotFoundError: The RDF parser is not installed.
    """
    if format == "tsv":
        return _from_tsv(stream, language)
    return _from_rdf(stream, format, base)


def language_of_file(stem: str) -> str | None:
    """The language a file's name ends in (``yso-fi``), None where it ends in none."""
    match = _FILE_LANGUAGE.search(stem)
    return read_language(match[1]) if match else None


def concepts(said: Iterable[Statement]) -> list[SkosConcept]:
    """The concepts that statements describe, in the order they first appear.

    A second preferred label in one language, which SKOS forbids (S14), counts as alternative.

    Raises:
        ValueError: There are more statements than any vocabulary has.
    """
    found: dict[str, _Draft] = {}
    count = 0
    for statement in said:
        draft = found.get(statement.uri)
        if draft is None:
            if not _is_uri(statement.uri):
                continue
            draft = found[statement.uri] = _Draft()
        draft.add(statement)
        count += 1
        if count > MOST_STATEMENTS:
            raise ValueError(f"It says more than {MOST_STATEMENTS} things: is it one vocabulary?")
    return [
        SkosConcept(
            uri, draft.labels, tuple(draft.alternative), tuple(draft.broader), draft.deprecated
        )
        for uri, draft in found.items()
        if draft.is_concept()
    ]


class _Draft:
    """A concept while its statements come in."""

    __slots__ = ("alternative", "broader", "concept", "deprecated", "labels", "other")

    def __init__(self) -> None:
        self.labels: dict[str, str] = {}
        self.alternative: dict[tuple[str, str | None], None] = {}
        self.broader: dict[str, None] = {}
        self.concept = self.other = self.deprecated = False

    def is_concept(self) -> bool:
        """Whether it has a name and is said to be a concept, or is not said to be anything else."""
        return bool(self.labels) and (self.concept or not self.other)

    def add(self, statement: Statement) -> None:
        """Take a statement in."""
        kind = statement.kind
        if kind == "broader":
            if _is_uri(statement.text):
                self.broader[statement.text] = None
        elif kind in ("preferred", "alternative"):
            self._label(statement)
        elif kind == "concept":
            self.concept = True
        elif kind == "other":
            self.other = True
        else:
            self.deprecated = True

    def _label(self, statement: Statement) -> None:
        text = clean_line(statement.text)
        if not text or len(text) > LONGEST_LABEL:
            return
        language = _tag(statement.language)
        key = language or UNDETERMINED
        if statement.kind == "preferred" and self.labels.setdefault(key, text) == text:
            return
        self.alternative[text, language] = None


def _is_uri(text: str) -> bool:
    return len(text) <= LONGEST_URI and _URI.fullmatch(text) is not None


@lru_cache(maxsize=1024)
def _tag(language: str | None) -> str | None:
    return (read_language(language) or language) if language else None


# RDF


def _from_rdf(stream: BinaryIO, format: str, base: str | None) -> Iterator[Statement]:
    import pyoxigraph as rdf

    kind = rdf.RdfFormat.TURTLE if format == "ttl" else rdf.RdfFormat.RDF_XML
    source = cast(BinaryIO, _WithoutEntities(stream)) if format == "rdf" else stream
    try:
        for quad in rdf.parse(source, format=kind, base_iri=base, rename_blank_nodes=False):
            if type(quad.subject) is not rdf.NamedNode:
                continue
            subject, predicate, value = quad.subject.value, quad.predicate.value, quad.object
            if label := _LABELS.get(predicate):
                if type(value) is rdf.Literal:
                    yield Statement(subject, label, value.value, value.language)
            elif predicate in _OTHERS:
                yield from _said(subject, predicate, value.value)
    except SyntaxError as error:
        raise ValueError(f"It is no {kind.name}: {error.msg}") from error


_OTHERS = frozenset({_TYPE, _DEPRECATED, f"{_SKOS}broader", f"{_SKOS}narrower"})


def _said(subject: str, predicate: str, value: str) -> Iterator[Statement]:
    """What a statement that is no label says."""
    if predicate == _TYPE:
        if value == f"{_SKOS}Concept":
            yield Statement(subject, "concept")
        elif value in _NOT_CONCEPTS:
            yield Statement(subject, "other")
    elif predicate == _DEPRECATED:
        if value in ("true", "1"):
            yield Statement(subject, "deprecated")
    elif predicate.endswith("broader"):
        yield Statement(subject, "broader", value)
    else:
        yield Statement(value, "broader", subject)


class _WithoutEntities(io.BufferedIOBase):
    """A stream that stops where XML entities are defined: ten lines of them fill any memory."""

    MARK = b"<!ENTITY"

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._end = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes.

        Raises:
            SyntaxError: They define an entity, or are in an encoding that could hide one.
        """
        piece = self._stream.read(-1 if size is None else size)
        seen = self._end + piece
        if self.MARK in seen:
            raise SyntaxError("it defines XML entities; save it as Turtle and load that")
        if b"\0" in piece:
            raise SyntaxError("it is not in UTF-8")
        self._end = seen[-len(self.MARK) :]
        return piece


# Tab-separated labels


def _from_tsv(stream: BinaryIO, language: str | None) -> Iterator[Statement]:
    """``<uri> TAB label``; or columns under a header: ``uri label_fi alt_fi broader``.

    Several alternative labels stand in several rows; ``broader`` holds URIs separated by spaces.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    try:
        rows = csv.reader(text, delimiter="\t", quoting=csv.QUOTE_NONE)
        first = next(rows, None)
        if first is None:
            return
        if first[0].strip().lower() in ("uri", "id"):
            yield from _under_header(first, rows)
            return
        for number, row in enumerate(chain([first], rows), 1):
            if not row or not any(row):
                continue
            if len(row) < 2:
                raise ValueError(f"Line {number} has no label: give 'URI TAB label'.")
            yield Statement(_bare(row[0]), "preferred", row[1], language)
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"It is no tab-separated text in UTF-8: {error}") from error
    finally:
        text.detach()


def _under_header(header: list[str], rows: Iterator[list[str]]) -> Iterator[Statement]:
    columns = [_column(name) for name in header]
    if not any(kind for kind, _ in columns):
        raise ValueError("Its header names no labels: call the columns uri, label_fi, label_sv, …")
    for row in rows:
        if not row or not row[0].strip():
            continue
        uri = _bare(row[0])
        for (kind, language), cell in zip(columns, row, strict=False):
            if kind == "broader":
                yield from (Statement(uri, kind, _bare(each)) for each in cell.split())
            elif kind and cell.strip():
                yield Statement(uri, kind, cell, language)


def _column(name: str) -> tuple[Kind | None, str | None]:
    name = name.strip()
    if name.lower() == "broader":
        return "broader", None
    match = _COLUMN.match(name)
    if not match:
        return None, None
    return ("alternative" if match[1] else "preferred"), match[2]


def _bare(uri: str) -> str:
    return uri.strip().removeprefix("<").removesuffix(">")
