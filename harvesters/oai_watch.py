"""Watching a list: whether it goes anywhere, and whether it is the one that was asked for.

Lists without an end are real: tokens that lead in a circle, pages that repeat. What is remembered
takes the same memory for a list of any length.
"""

from collections.abc import Iterable

from harvesters.envelope import Envelope
from harvesters.oai_dates import is_datestamp
from harvesters.oai_position import Window
from oer.errors import EndlessList
from oer.services.source_record import SourceRecord

MAX_EMPTY_PAGES = 10
"""Empty pages with a token are followed so many times in a row."""

MAX_STALE_PAGES = 10
"""Pages that hold only records which came before are followed so many times in a row."""

MAX_TOKENS = 20_000
"""So many tokens are remembered, by their hashes."""

SIZE_TOLERANCE = 1.5
"""A list this much longer than it said is ended by the first page without anything new."""

_REPORT = "What came so far is kept; report this to the provider."


class Recently:
    """Which of the last hundreds of thousands of names came before, in 512 KB.

    Two Bloom filters: when the newer is full it becomes the older. A name may seldom be taken for
    seen that is not, so only whole pages of seen names count. Hashes of text are salted by Python
    for each process: nobody can make names that collide.
    """

    FULL = 200_000
    _BITS = 1 << 21

    def __init__(self) -> None:
        self._new = bytearray(self._BITS // 8)
        self._old: bytearray | None = None
        self._count = 0

    def add(self, name: str | bytes) -> bool:
        """Remember a name. Whether it came before."""
        bits, new = hash(name), self._new
        places = (bits & 0x1FFFFF, (bits >> 21) & 0x1FFFFF, (bits >> 42) & 0x1FFFFF)
        came_before = True
        for place in places:
            if not new[place >> 3] & (1 << (place & 7)):
                came_before = False
                new[place >> 3] |= 1 << (place & 7)
        if came_before:
            return True
        old = self._old
        came_before = old is not None and all(old[at >> 3] & (1 << (at & 7)) for at in places)
        self._count += 1
        if self._count >= self.FULL:
            self._old, self._new, self._count = new, bytearray(self._BITS // 8), 0
        return came_before


class ListWatch:
    """Watches one list, page by page."""

    def __init__(self) -> None:
        self._names = Recently()
        self._tokens: set[int] = set()
        self._empty = self._stale = self._seen = 0

    def check(self, envelope: Envelope) -> None:
        """Whether to go on after a page that names a next one.

        A token that comes again is no circle by itself: some servers keep the place on their side
        and give the same token all the way. It is one when nothing new came with it.

        Raises:
            EndlessList: The list leads in a circle, or nowhere.
        """
        token, records = envelope.token or "", envelope.records
        self._seen += len(records)
        came_before = [self._names.add(_name(record)) for record in records]
        nothing_new = all(came_before)
        if nothing_new and hash(token) in self._tokens:
            raise EndlessList(
                f"The repository repeats the resumption token '{token[:60]}': its list has no "
                f"end. {_REPORT}"
            )
        self._remember(token)
        self._empty = 0 if records else self._empty + 1
        self._stale = self._stale + 1 if records and nothing_new else 0
        if self._empty > MAX_EMPTY_PAGES:
            raise EndlessList(
                f"The repository sent {self._empty} empty pages in a row, each with a resumption "
                f"token. {_REPORT}"
            )
        size = envelope.complete_list_size
        too_long = bool(size) and self._seen > SIZE_TOLERANCE * (size or 0)
        if self._stale > MAX_STALE_PAGES or (self._stale and too_long):
            raise EndlessList(
                f"The repository sends records again that it sent before, {self._stale} pages in "
                f"a row and {self._seen} records in all: its list has no end. {_REPORT}"
            )

    def _remember(self, token: str) -> None:
        # A circle of more pages than this is known by its records instead.
        if len(self._tokens) >= MAX_TOKENS:
            self._tokens.clear()
        self._tokens.add(hash(token))


def _name(record: SourceRecord) -> str | bytes:
    return record.identifier or record.payload or ""


def outside(records: Iterable[SourceRecord], window: Window) -> int:
    """How many records are dated outside the window. What cannot be read is not counted."""
    if window.from_ is None and window.until is None:
        return 0
    stamps = (record.datestamp for record in records)
    return sum(is_datestamp(stamp) and stamp not in window for stamp in stamps if stamp)


def in_sets(record: SourceRecord, asked: Iterable[str]) -> bool:
    """Whether the header names a set that was asked for, or a set within it (OAI-PMH §2.6)."""
    return any(
        spec == wanted or spec.startswith(f"{wanted}:")
        for wanted in asked
        for spec in record.set_specs
    )


def remarks(records: Iterable[SourceRecord], response_date: str | None) -> tuple[str, ...]:
    """What a curator should know of the datestamps of a page."""
    malformed = future = 0
    horizon = (response_date or "9")[:10]
    for record in records:
        stamp = record.datestamp
        if stamp is None or not is_datestamp(stamp):
            malformed += record.problem is None
        elif stamp[:10] > horizon:
            future += 1
    found = (
        ("Datestamps are missing or malformed; they were kept as they came", malformed),
        ("Records are dated in the future; they were taken in all the same", future),
    )
    return tuple(f"{what} ({count})" for what, count in found if count)
