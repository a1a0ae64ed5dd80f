"""Where a harvest stands: which set, which window of time, which token. The checkpoint of a page.

A list that can be had at once is one window without ends. A list that cannot is asked for in
smaller windows, and what is left of them is part of the checkpoint, so that a run may stop in the
middle of a search for the one record that breaks its page, and the next run goes on with it.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec

from harvesters.oai_dates import moment, step, utc

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Where the halving begins when nobody says how old the oldest record is. Older ones are not lost:
the first window has no beginning."""


class Window(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of the list, by datestamp; both ends are within, None is no end."""

    from_: str | None = msgspec.field(default=None, name="from")
    until: str | None = None
    one_by_one: bool = False
    """Whether its records are asked for one by one, because their page cannot be had."""
    suspect: bool = False
    """Whether it may hold the record that broke a page: then waiting is of no use."""

    quick: bool = False
    """Whether it was made small only because longer lists grow slow."""

    def __contains__(self, datestamp: str) -> bool:
        """Whether a well-formed datestamp lies in the window, as far as days tell."""
        day = datestamp[:10]
        return (self.from_ or "")[:10] <= day and (self.until is None or day <= self.until[:10])


class Position(msgspec.Struct, frozen=True, omit_defaults=True):
    """A checkpoint."""

    set_index: int = msgspec.field(default=0, name="set")
    token: str | None = None
    """To go on with; None: the first page of the window."""
    windows: tuple[Window, ...] = ()
    """The window being asked for, and those after it; empty: the whole list, not yet begun."""
    done: int = 0
    """How many records of the page have been asked for, when one by one."""
    seen: int = 0
    """How many records of the window's list came so far."""
    last: int = 0
    """The length of the last page."""
    longest: int = 0
    """The longest page so far: a shorter one may be the last."""
    size: int | None = None
    """What the repository says the list holds."""
    names_set: bool = False
    """Whether all records of the first page named the set that was asked for."""
    refused_at: int | None = None
    """How many records had come when a token was refused and the window was begun again."""
    failures: int = 0
    """Windows in a row that could not be had."""
    works: bool = False
    """Whether any part of the list could be had."""
    outside: int = 0
    """How many of the records that came do not belong into the window."""
    whole: bool = False
    """Whether its lists are no longer divided for being slow."""
    owed: int | None = None
    """How many records were announced by the list that was divided for being slow."""
    had: int = 0
    """How many records came in the windows of that list that are done."""
    most: int | None = None
    """How many records a list may hold to come quickly to its end, as this harvest saw."""
    complaint: str | None = None
    """What makes the run incomplete, whatever comes after it."""

    def turned_to(self, windows: tuple[Window, ...], **changes: Any) -> "Position":
        """The beginning of another window of the same set."""
        names = ("longest", "works", "complaint", "whole", "owed", "had", "most")
        kept = {name: getattr(self, name) for name in names}
        return Position(self.set_index, windows=windows, **(kept | changes))

    @classmethod
    def read(cls, checkpoint: str | None) -> "Position":
        """The position a checkpoint names; the beginning where it cannot be read."""
        if checkpoint is None:
            return cls()
        try:
            return msgspec.json.decode(checkpoint, type=cls)
        except msgspec.DecodeError:
            return cls()

    def write(self) -> str:
        """The checkpoint of this position."""
        return msgspec.json.encode(self).decode()


def halves(
    window: Window, *, granularity: str | None, earliest: str | None, latest: str | None
) -> tuple[Window, Window] | None:
    """The window cut in the middle; None where the repository tells no shorter times apart.

    Open ends stay open: a record older than the repository says it has, or one dated in the
    future, is in one of the halves all the same.
    """
    unit = step(granularity)
    begin = moment(window.from_) or moment(earliest) or EARLIEST
    end = moment(window.until) or moment(latest) or datetime.now(UTC)
    first = (begin - EARLIEST) // unit
    last = (end - EARLIEST) // unit
    if last <= first:
        return None
    after = EARLIEST + unit * ((first + last) // 2 + 1)
    return (
        Window(window.from_, utc(after - step("YYYY-MM-DDThh:mm:ssZ")), suspect=True),
        Window(utc(after), window.until, suspect=True),
    )
