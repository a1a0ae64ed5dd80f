"""How a document lies in the Tantivy index: its fields, and writing them.

Tokens come ready from :mod:`oer.search.ranking`; Tantivy splits them at spaces and knows no
language. A word of a document is two terms:

=================================  ==========================================================
field                              term
=================================  ==========================================================
``words``                          ``LAYER NUL token``: where it is
``impacts``                        ``LAYER NUL token NUL impact``, the impact as two hexadecimal
                                   digits: what it is worth there
``words_title``, ``impacts_title`` the same, of the words that stand in titles (also ``author``
                                   and ``keyword``)
``phrase_title`` …                 the exact tokens in order, a text a value, a field a class
``facet_type`` …                   the values of a facet, to filter by
``values_type`` …                  all of them together, to count by: columns of one value are
                                   counted thirty times as fast
``several_subject``                the values one by one, where they are of several branches of a
                                   tree: there would be too many combinations
``period``                         when it was changed, roughly
``spelling``                       words that spelling is corrected by
``subject``                        ``start NUL language NUL keyword``, for suggestions
``sort_title_en`` …                what titles are sorted by for a reader
``id created updated quality``     columns
``sequence titles``                stored: exact tokens (``Weighed.sequence``), titles a line each
=================================  ==========================================================
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from tantivy import Document, Index, Schema, SchemaBuilder

from oer.metadata.vocabularies import broader
from oer.search.analysis import LAYERS, sort_key
from oer.search.index import FACETS, LONG_FACETS, NOT_STATED, READERS, SearchDocument
from oer.search.query import TEXT_FIELDS
from oer.search.ranking import (
    CLASS_BIT,
    CLASS_BITS,
    CLASSES,
    END_OF_CLASS,
    END_OF_TEXT,
    HALF_LIFE,
    POSTED,
    Weighed,
    weigh,
)
from oer.search.spelling import can_be_corrected
from oer.search.suggestions import starts

FORMAT = "3"
"""Version of what this module writes and of the analysis; part of the folder's name."""

HEAP = 64 * 1024 * 1024
"""Bytes of postings a writer holds in memory before it begins a new segment."""

BRANCHES = frozenset({"subject"})
"""Facets of so many values that only those of one branch of the tree are counted together."""

PERIOD = HALF_LIFE / 16
"""Seconds of a period of recency."""

PERIOD_FIELD = "period"

_ALONE = tuple(TEXT_FIELDS.values())
"""Classes that a query may look in alone."""

BASIC = "basic"
"""Postings without frequencies and positions."""


def words_field(text_class: str | None) -> str:
    """The field that says where words are."""
    return f"words_{text_class}" if text_class else "words"


def impacts_field(text_class: str | None) -> str:
    """The field that says what words are worth."""
    return f"impacts_{text_class}" if text_class else "impacts"


def phrase_field(text_class: str) -> str:
    """The field of the phrases of a class."""
    return f"phrase_{text_class}"


def title_field(reader: str) -> str:
    """The field that titles are sorted by for a reader."""
    return f"sort_title_{reader}"


def facet_field(name: str) -> str:
    """The field of a facet."""
    return f"facet_{name}"


def together_field(name: str) -> str:
    """The field of the values of a facet that are counted together."""
    return f"values_{name}"


def counted_fields(name: str) -> tuple[str, ...]:
    """The fields a facet is counted by."""
    if name in LONG_FACETS:
        return (facet_field(name),)
    several = (f"several_{name}",) if name in BRANCHES else ()
    return (together_field(name), *several)


@lru_cache(maxsize=1 << 16)
def values_together(term: str) -> tuple[str, ...]:
    """The values that a term of a ``together_field`` stands for."""
    return tuple(term.split("\0"))


def _schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    for name in ("created", "updated", "quality"):
        builder.add_float_field(name, fast=True)
    for text_class in (None, *_ALONE):
        for name in (words_field(text_class), impacts_field(text_class)):
            builder.add_text_field(name, tokenizer_name="whitespace", index_option=BASIC)
    for name in CLASSES:
        builder.add_text_field(phrase_field(name), tokenizer_name="whitespace")
    for name in FACETS:
        # In this order always: Tantivy knows fields by their place, in queries too.
        for field in dict.fromkeys((facet_field(name), *counted_fields(name))):
            is_column = field in counted_fields(name)
            builder.add_text_field(field, fast=is_column, tokenizer_name="raw", index_option=BASIC)
    for reader in READERS:
        field = title_field(reader)
        builder.add_text_field(field, fast=True, tokenizer_name="raw", index_option=BASIC)
    for name in ("spelling", "subject", PERIOD_FIELD):
        builder.add_text_field(name, tokenizer_name="raw", index_option=BASIC)
    for name in ("sequence", "titles"):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


SCHEMA = _schema()


def make(folder: Path) -> None:
    """Make an index without documents."""
    Index(SCHEMA, path=str(folder))


class Writer:
    """Writes one commit. The caller holds the lock."""

    def __init__(self, folder: Path) -> None:
        self._writer = Index.open(str(folder)).writer(HEAP, 1)

    def delete(self, id_: int) -> None:
        """Take out what has an id and was put in before."""
        self._writer.delete_documents_by_term("id", id_)

    def add(self, document: SearchDocument) -> None:
        """Put a document in."""
        self._writer.add_document(_prepared(document))

    def commit(self) -> None:
        """Make it visible, and wait for the threads that merge segments."""
        self._writer.commit()
        self._writer.wait_merging_threads()

    def cancel(self) -> None:
        """Leave everything as it was."""
        self._writer.rollback()
        self._writer.wait_merging_threads()


def plain(text: str) -> str:
    """Text without lone surrogates, which cannot be stored."""
    return text.encode(errors="replace").decode()


def _prepared(document: SearchDocument) -> Document:
    weighed = weigh(document.texts)
    prepared = Document()
    prepared.add_integer("id", document.id)
    prepared.add_float("created", document.created)
    prepared.add_float("updated", document.updated)
    prepared.add_float("quality", document.quality)
    for field, text in _texts(document, weighed):
        prepared.add_text(field, text)
    titles = "\n".join(" ".join(text.split()) for text, _ in document.texts.get("title", ()))
    prepared.add_bytes("sequence", weighed.sequence)
    prepared.add_bytes("titles", titles.encode(errors="replace"))
    return prepared


def _texts(document: SearchDocument, weighed: Weighed) -> Iterator[tuple[str, str]]:
    for text_class in (None, *_ALONE):
        postings = list(_postings(weighed, text_class))
        yield words_field(text_class), " ".join(term for term, _ in postings)
        yield impacts_field(text_class), " ".join(f"{term}\0{step:02x}" for term, step in postings)
    classes = weighed.sequence.split(END_OF_CLASS)
    for name, sequence in zip(CLASSES, classes, strict=True):
        for text in sequence.split(END_OF_TEXT):
            yield phrase_field(name), text.decode()
    for name in FACETS:
        values = sorted({plain(value) for value in document.facets.get(name) or (NOT_STATED,)})
        for value in values:
            yield facet_field(name), value
        yield from _counted(name, values)
    for word in filter(can_be_corrected, weighed.layers["exact"]):
        yield "spelling", word
    for subject in _subjects(document):
        yield "subject", plain(subject)
    yield PERIOD_FIELD, str(int(document.updated // PERIOD))
    for reader in READERS:
        yield title_field(reader), plain(sort_key(document.titles.get(reader, "")))


def _counted(name: str, values: list[str]) -> Iterator[tuple[str, str]]:
    if name in LONG_FACETS:
        return
    together, *several = counted_fields(name)
    if several and not _is_branch(values):
        yield from ((several[0], value) for value in values)
    else:
        yield together, "\0".join(values)


def _is_branch(values: list[str]) -> bool:
    """Whether one of the values has all the others above it."""
    return any({value, *broader(value)} == {*values} for value in values)


def _postings(weighed: Weighed, text_class: str | None) -> Iterator[tuple[str, int]]:
    """The terms of a class, without the impact, and the impact."""
    bit = CLASS_BIT[text_class] if text_class else 0
    for layer in POSTED if text_class else LAYERS:
        for token, posting in weighed.layers[layer].items():
            if not bit or posting & bit:
                yield f"{layer}\0{token}", posting >> CLASS_BITS


def _subjects(document: SearchDocument) -> dict[str, None]:
    return dict.fromkeys(
        f"{start}\0{language or ''}\0{' '.join(text.split())}"
        for text, language in document.texts.get("keyword", ())
        for start in starts(text)
    )
