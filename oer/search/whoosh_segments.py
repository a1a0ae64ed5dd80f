"""How a segment of the Whoosh index lies on disk: our codec and our writer.

Whoosh brings generations, segments, commits, the hash file of terms and the columns. What it
writes *about* a term is ours: its own postings are added one call at a time and pickled in
blocks of 128, too slow to write and to read for a page that counts facets over everything. Here
a term's postings are three arrays in a row (document numbers, impacts, classes), read with one
slice.

A segment is one file, mapped into memory and never copied there as a whole. In its hash file:

======================  =====================================================
key                     value
======================  =====================================================
``LAYER NUL token``     uint32 × n document numbers, n impacts, n class bits
``facet NUL name NUL…`` the same; impacts and classes are 0
``\\1ids``               int64 per document: ``Resource.id``
``\\1updated``           float64 per document; ``\\1created`` likewise
======================  =====================================================

and columns: ``sequence`` (exact tokens in order, for phrases), ``sort_title_en`` …, ``titles``, and
``names``: the values of the long facets, which are counted by document and not by value.
"""

from __future__ import annotations

import heapq
import io
import sys
from array import array
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain, compress, groupby
from operator import itemgetter
from struct import Struct, calcsize, pack
from typing import Any, NamedTuple

from whoosh import fields
from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.columns import VarBytesColumn
from whoosh.filedb.compound import CompoundStorage
from whoosh.filedb.filetables import HashWriter, OrderedHashReader, OrderedHashWriter
from whoosh.filedb.structfile import BufferFile, StructFile
from whoosh.reading import SegmentReader
from whoosh.util.numlists import GrowableArray
from whoosh.writing import SegmentWriter

from oer.search.analysis import sort_key
from oer.search.index import COUNTED, FACETS, LONG_FACETS, NOT_STATED, READERS, SearchDocument
from oer.search.ranking import POSTED, weigh
from oer.search.spelling import can_be_corrected
from oer.search.suggestions import starts

FORMAT = "5"
"""Version of what this module writes and of the analysis; part of the folder's name."""

CREATED, IDS, QUALITY, UPDATED = b"\1created", b"\1ids", b"\1quality", b"\1updated"
COUNTS, WORDS = b"~counts", b"~words"
_PER_DOCUMENT = frozenset({CREATED, IDS, QUALITY, UPDATED})
_WHOLE = _PER_DOCUMENT | {COUNTS, WORDS}
"""Keys whose values are no postings."""
_FACET = "facet"
_SUBJECT = "subject"
_RECORD = Struct("<IH")
_COLUMN = VarBytesColumn(write_offsets_cutoff=0)
_SORT_TITLES = tuple(f"sort_title_{reader}" for reader in READERS)
_COLUMNS = ("sequence", *_SORT_TITLES, "titles", "names")
SCHEMA = fields.Schema(**{name: fields.COLUMN(_COLUMN) for name in _COLUMNS})

FULL = 64 * 1024 * 1024
"""Bytes of postings (an estimate) at which a writer that may do so begins a new segment."""
_TERM_COST = 200
"""About what a new term costs in memory beside its postings."""


_Terms = defaultdict[str, bytearray]


class Postings(NamedTuple):
    """A term's documents, impacts and classes, as parallel sequences."""

    documents: array[int]
    impacts: bytes
    classes: bytes


def prefix(*names: str) -> bytes:
    """What the keys of a layer (``prefix(layer)``) or of a facet begin with."""
    return "".join(f"{name}\0" for name in names).encode()


# --- writing ---------------------------------------------------------------------------------


class Pool:
    """The postings of a segment being written: those of new documents, and of segments merged in.

    New documents are held in memory, six bytes a posting. Merged segments are streamed.
    """

    def __init__(self) -> None:
        self.ids = array("q")
        self.created = array("d")
        self.updated = array("d")
        self.quality = array("d")
        self.size = 0
        self._layers: dict[str, _Terms] = {layer: defaultdict(bytearray) for layer in POSTED}
        self._subjects: _Terms = defaultdict(bytearray)
        self._facets: dict[str, _Terms] = {name: defaultdict(bytearray) for name in FACETS}
        self._merged: list[Iterator[tuple[bytes, bytes]]] = []

    def add(self, number: int, document: SearchDocument) -> bytes:
        """Take in a document; returns its sequence of exact tokens."""
        weighed = weigh(document.texts)
        record = _RECORD.pack
        for layer, postings in weighed.layers.items():
            terms = self._layers[layer]
            known = len(terms)
            for token, posting in postings.items():
                terms[token] += record(number, posting)
            self.size += 6 * len(postings) + _TERM_COST * (len(terms) - known)
        for name, values in self._facets.items():
            for value in dict.fromkeys(document.facets.get(name) or (NOT_STATED,)):
                values[value] += record(number, 0)
        for subject in _subject_keys(document):
            self._subjects[subject] += record(number, 0)
        self.ids.append(document.id)
        self.created.append(document.created)
        self.updated.append(document.updated)
        self.quality.append(document.quality)
        return weighed.sequence

    def merge(self, terms: TermsReader, numbers: array[int], kept: bytes | None) -> None:
        """Take in a segment's postings.

        Args:
            terms: Its terms.
            numbers: The new number of each of its documents.
            kept: 1 for every document that stays, 0 for deleted ones; None: all stay.
        """
        pairs: tuple[tuple[array[Any], array[Any]], ...] = (
            (self.ids, terms.ids()),
            (self.created, terms.created()),
            (self.updated, terms.updated()),
            (self.quality, terms.quality()),
        )
        for mine, theirs in pairs:
            mine.extend(compress(theirs, kept) if kept else theirs)
        self._merged.append(_renumbered(terms, numbers, kept))

    def values(self) -> Iterator[tuple[bytes, bytes]]:
        """All keys of the hash file and their values, in order."""
        yield CREATED, _little(self.created).tobytes()
        yield IDS, _little(self.ids).tobytes()
        yield QUALITY, _little(self.quality).tobytes()
        yield UPDATED, _little(self.updated).tobytes()
        words: list[str] = []
        counts = array("I")
        for key, value in self._postings():
            if key.startswith(_EXACT) and can_be_corrected(word := key[len(_EXACT) :].decode()):
                words.append(word)
                counts.append(len(value) // 6)
            yield key, value
        yield COUNTS, _little(counts).tobytes()
        yield WORDS, "\n".join(words).encode()

    def _postings(self) -> Iterator[tuple[bytes, bytes]]:
        if not self._merged:
            yield from self._own()
            return
        streams = heapq.merge(self._own(), *self._merged, key=_key)
        for key, group in groupby(streams, key=_key):
            yield key, _joined([value for _, value in group])

    def _own(self) -> Iterator[tuple[bytes, bytes]]:
        prefixed = {prefix(layer): terms for layer, terms in self._layers.items()}
        prefixed |= {prefix(_FACET, name): values for name, values in self._facets.items()}
        prefixed[prefix(_SUBJECT)] = self._subjects
        for start, terms in sorted(prefixed.items(), key=_key):
            # The order of code points is the order of UTF-8.
            for token in sorted(terms):
                yield start + token.encode(errors="replace"), _in_columns(terms[token])

    def iter_postings(self) -> Pool:
        """What Whoosh hands on to :meth:`FieldWriter.add_postings`: the pool itself."""
        return self

    def cleanup(self) -> None:
        """Nothing lies on disk."""


_key = itemgetter(0)
_EXACT = prefix("exact")


def _subject_keys(document: SearchDocument) -> dict[str, None]:
    """The keys of a document's keywords, without the prefix."""
    return dict.fromkeys(
        f"{start}\0{language or ''}\0{' '.join(text.split())}"
        for text, language in document.texts.get("keyword", ())
        for start in starts(text)
    )


def _little(numbers: array[Any]) -> array[Any]:
    """The same numbers in the byte order of the file."""
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers


def _in_columns(records: bytearray) -> bytes:
    """Records one after another, turned into numbers, impacts and classes one after another."""
    count = len(records) // 6
    if count > 1:
        columns = bytearray(4 * count)
        for byte in range(4):
            columns[byte::4] = records[byte::6]
        return bytes(columns + records[5::6] + records[4::6])
    return bytes(records[:4]) + bytes((records[5], records[4]))


def _joined(values: list[bytes]) -> bytes:
    if len(values) == 1:
        return values[0]
    counts = [len(value) // 6 for value in values]
    starts = ((0, 4), (4, 5), (5, 6))
    return b"".join(
        value[start * count : end * count]
        for start, end in starts
        for value, count in zip(values, counts, strict=True)
    )


def read_postings(value: bytes) -> Postings:
    """The postings in a value of the hash file."""
    count = len(value) // 6
    documents = _little(array("I", value[: 4 * count]))
    return Postings(documents, value[4 * count : 5 * count], value[5 * count :])


def _renumbered(
    terms: TermsReader, numbers: array[int], kept: bytes | None
) -> Iterator[tuple[bytes, bytes]]:
    for key, value in terms.items():
        if key in _WHOLE:
            continue
        postings = read_postings(value)
        moved = array("I", map(numbers.__getitem__, postings.documents))
        if kept is None:
            yield key, _little(moved).tobytes() + value[4 * len(moved) :]
            continue
        stay = bytes(map(kept.__getitem__, postings.documents))
        moved = array("I", compress(moved, stay))
        if moved:
            impacts = bytes(compress(postings.impacts, stay))
            yield key, _little(moved).tobytes() + impacts + bytes(compress(postings.classes, stay))


class TermsWriter(OrderedHashWriter):  # type: ignore[misc]
    """Whoosh's hash file, written with fewer steps per key and a cheaper hash."""

    def __init__(self, file: StructFile) -> None:
        HashWriter.__init__(self, file, hashtype=_CRC32)
        self.index = GrowableArray("q")
        self._raw = file.raw_file()
        self._position = file.tell()

    def add(self, key: bytes, value: bytes) -> None:
        """Add a key; keys must come in order."""
        self._raw.write(_LENGTHS.pack(len(key), len(value)) + key + value)
        hashed = self.hashfn(key)
        self.buckets[hashed & 255].append((hashed, self._position))
        self.index.array.append(self._position)
        self._position += _LENGTHS.size + len(key) + len(value)

    def _write_hashes(self) -> None:
        for entries in self.buckets:
            self.directory.append((self._position, 2 * len(entries)))
            slots = _slots(entries)
            self._raw.write(pack(f"!{'Iq' * len(slots)}", *chain.from_iterable(slots)))
            self._position += _POINTER_SIZE * len(slots)


_CRC32 = 1
_LENGTHS = Struct("!ii")
_POINTER_SIZE = calcsize("!Iq")


def _slots(entries: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A hash table of twice as many slots as entries, collisions in the next free one."""
    count = 2 * len(entries)
    slots: list[tuple[int, int] | None] = [None] * count
    for entry in entries:
        slot = (entry[0] >> 8) % count
        while slots[slot] is not None:
            slot = (slot + 1) % count
        slots[slot] = entry
    return [entry or (0, 0) for entry in slots]


class FieldWriter(base.FieldWriter):  # type: ignore[misc]
    """Writes a pool into the hash file."""

    def __init__(self, storage: Any, segment: Segment) -> None:
        self._terms = TermsWriter(segment.create_file(storage, W3Codec.TERMS_EXT))
        self.is_closed = False

    def add_postings(self, schema: Any, lengths: Any, items: Pool) -> None:
        """Write everything. Whoosh calls this once a segment."""
        for key, value in items.values():
            self._terms.add(key, value)

    def close(self) -> None:
        """Write the hash tables."""
        self._terms.close()
        self.is_closed = True


def _names(document: SearchDocument) -> bytes:
    """The values of the long facets: a value a line, a facet after a NUL."""
    return "\0".join("\n".join(document.facets.get(name, ())) for name in LONG_FACETS).encode(
        errors="replace"
    )


def read_names(column: bytes, facet: str) -> list[str]:
    """The values of one long facet, ``NOT_STATED`` where there are none."""
    return column.decode().split("\0")[LONG_FACETS.index(facet)].split("\n")


class Writer(SegmentWriter):  # type: ignore[misc]
    """Writes one segment and commits it, with deletions in older ones.

    The caller holds the lock.
    """

    def __init__(self, index: Any) -> None:
        super().__init__(index, _lk=False, codec=Codec())
        self.pool = Pool()
        self._merged: list[SegmentReader] = []

    def add(self, document: SearchDocument) -> None:
        """Put a document into the new segment."""
        sequence = self.pool.add(self.docnum, document)
        titles = "\n".join(" ".join(text.split()) for text, _ in document.texts.get("title", ()))
        self._add_columns(
            sequence,
            *(sort_key(document.titles.get(reader, "")).encode() for reader in READERS),
            titles.encode(errors="replace"),
            _names(document),
        )

    @property
    def is_full(self) -> bool:
        """Whether the segment has grown to what memory should hold."""
        return self.pool.size > FULL

    def add_reader(self, reader: SegmentReader) -> None:
        """Merge a segment in. Whoosh's merge policies call this."""
        terms: TermsReader = reader._terms
        size = reader.doc_count_all()
        deleted = frozenset(reader.segment().deleted_docs())
        kept = bytes(number not in deleted for number in range(size)) if deleted else None
        columns = [reader.column_reader(name, translate=False) for name in _COLUMNS]
        numbers = array("I", bytes(4 * size))
        for number in range(size):
            if number not in deleted:
                numbers[number] = self.docnum
                self._add_columns(*(column[number] for column in columns))
        self.pool.merge(terms, numbers, kept)
        self._merged.append(reader)

    def _finish(self) -> None:
        super()._finish()
        for reader in self._merged:
            reader.close()

    def _add_columns(self, *values: bytes) -> None:
        columns = self.perdocwriter
        columns.start_doc(self.docnum)
        for name, value in zip(_COLUMNS, values, strict=True):
            columns.add_column_value(name, _COLUMN, value)
        columns.finish_doc()
        self.docnum += 1
        self._added = True


def tiered(writer: Writer, segments: list[Segment]) -> list[Segment]:
    """Merge policy: segments of like size are merged when there are ``WIDTH`` of them.

    A document is copied once per tier, so n small commits cost n log n. A segment of which half
    is deleted is written anew.
    """
    tiers: dict[int, list[Segment]] = defaultdict(list)
    for segment in segments:
        tiers[max(segment.doc_count(), SMALL).bit_length() // 3].append(segment)
    merged: set[str] = set()
    for tier in tiers.values():
        chosen = tier if len(tier) >= WIDTH else filter(_half_deleted, tier)
        merged.update(segment.segment_id() for segment in chosen)
    for segment in segments:
        if segment.segment_id() in merged and segment.doc_count():
            writer.add_reader(SegmentReader(writer.storage, writer.schema, segment))
    return [segment for segment in segments if segment.segment_id() not in merged]


WIDTH = 8
SMALL = 64
"""Segments of fewer documents all count as of this size."""


def _half_deleted(segment: Segment) -> bool:
    return bool(segment.deleted_count() * 2 >= segment.doc_count_all())


# --- reading ---------------------------------------------------------------------------------


class TermsReader(base.TermsReader):  # type: ignore[misc]
    """Reads the hash file."""

    def __init__(self, file: StructFile, length: int) -> None:
        self._terms = OrderedHashReader(file, length)

    def postings(self, layer: str, token: str) -> Postings | None:
        """The postings of a token; None where it does not occur."""
        value = self._terms.get(prefix(layer) + token.encode())
        return None if value is None else read_postings(value)

    def frequency(self, layer: str, token: str) -> int:
        """How many documents have a token, deleted ones too. Reads no postings."""
        key = prefix(layer) + token.encode()
        return next((length // 6 for _, length in self._terms.ranges_for_key(key)), 0)

    def facets(self) -> Iterator[tuple[str, str, array[int]]]:
        """Name, value and documents of every facet that is counted by value."""
        for name in COUNTED:
            start = prefix(_FACET, name)
            for key, value in self._terms.items_from(start):
                if not key.startswith(start):
                    break
                yield name, key[len(start) :].decode(), read_postings(value).documents

    def having(self, facet: str, value: str) -> array[int]:
        """The documents that have a value of a facet."""
        found = self._terms.get(prefix(_FACET, facet) + value.encode(errors="replace"))
        return array("I") if found is None else read_postings(found).documents

    def subjects(self, typed: str) -> Iterator[tuple[str, str, bytes]]:
        """Keywords in which a word's key begins so: text, language and postings, in order."""
        start = prefix(_SUBJECT)
        for key, value in self._terms.items_from(start + typed.encode(errors="replace")):
            if not key.startswith(start + typed.encode(errors="replace")):
                return
            _, _, language, text = key.decode().split("\0", 3)
            yield text, language, value

    def words(self) -> tuple[list[str], array[int]]:
        """The words that spelling is corrected by, and in how many documents each is."""
        known = self._terms[WORDS].decode()
        return known.split("\n") if known else [], _little(array("I", self._terms[COUNTS]))

    def items(self) -> Iterator[tuple[bytes, bytes]]:
        """Every key and value, in order."""
        return self._terms.items()  # type: ignore[no-any-return]

    def ids(self) -> array[int]:
        """``Resource.id`` by document number."""
        return _little(array("q", self._terms[IDS]))

    def created(self) -> array[float]:
        """When it came into the catalogue, by document number."""
        return _little(array("d", self._terms[CREATED]))

    def updated(self) -> array[float]:
        """Time of the last change by document number."""
        return _little(array("d", self._terms[UPDATED]))

    def quality(self) -> array[float]:
        """Quality by document number."""
        return _little(array("d", self._terms[QUALITY]))

    def close(self) -> None:
        """Let go of the file."""
        self._terms.close()


class Segment(W3Segment):  # type: ignore[misc]
    """A segment that is mapped, not read into memory."""

    def open_compound_file(self, storage: Any) -> MappedStorage:
        file = storage.open_file(self.make_filename(self.COMPOUND_EXT))
        try:
            return MappedStorage(file)
        except Exception:
            file.close()
            raise


class MappedStorage(CompoundStorage):  # type: ignore[misc]
    """A segment's file. Whoosh's own class copies every part it opens."""

    def open_file(self, name: str, *_: Any, **__: Any) -> StructFile:
        offset, length = self.range(name)
        return MappedFile(memoryview(self._source)[offset : offset + length], name)


class MappedFile(BufferFile):  # type: ignore[misc]
    """A part of a segment's file."""

    def __init__(self, view: memoryview, name: str) -> None:
        StructFile.__init__(self, _View(view), name=name)
        self._buf = view
        self.is_real = False


class _View(io.RawIOBase):
    """A memory view read as a file."""

    def __init__(self, view: memoryview) -> None:
        super().__init__()
        self._view = view
        self._position = 0

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        data = self._view[self._position : self._position + len(target)]
        target[: len(data)] = data
        self._position += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        self._position = offset + (0, self._position, len(self._view))[whence]
        return self._position

    def tell(self) -> int:
        return self._position


class Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec with our terms file."""

    length_stats = False

    def field_writer(self, storage: Any, segment: Segment) -> FieldWriter:
        return FieldWriter(storage, segment)

    def terms_reader(self, storage: Any, segment: Segment) -> TermsReader:
        name = segment.make_filename(self.TERMS_EXT)
        return TermsReader(storage.open_file(name), storage.file_length(name))

    def new_segment(self, storage: Any, indexname: str) -> Segment:
        return Segment(self, indexname)
