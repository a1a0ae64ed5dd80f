"""OAI-PMH 2.0: asking a repository for its records, page by page.

The ``oaipmh`` library gives the error classes of the protocol. Its client is not used for lists: it
loses whole lists over one odd datestamp, loops on a repeated token and takes a login page for an
empty list. The page loop, the envelope and the transport are therefore our own.

The rule of the page loop: no answer may shorten a list silently. What a repository cannot deliver
at once is asked for in halves, down to the record that breaks its page; that record is handed over
as a problem, and the rest of the list arrives.

Specification: http://www.openarchives.org/OAI/openarchivesprotocol.html
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from msgspec.structs import replace as moved

from harvesters.envelope import BrokenReply, Envelope
from harvesters.harvester import Harvester, HarvestRequest, Page
from harvesters.http import HttpClient, HttpStatus
from harvesters.learned import SLOW_AFTER
from harvesters.oai_ask import (
    PATIENT,
    PROMPT,
    QUICK,
    Asker,
    WindowRefused,
    codes,
    is_poison,
    metadata_formats,
    raise_errors,
    said,
)
from harvesters.oai_dates import canonical, datestamp
from harvesters.oai_identify import identify, sets
from harvesters.oai_pace import NEVER, Pace
from harvesters.oai_position import Position, Window, halves
from harvesters.oai_watch import ListWatch, in_sets, outside, remarks
from oer.errors import EndlessList, HarvestError, ProtocolError
from oer.services.source_record import SourceRecord

__all__ = ["HARVESTER", "datestamp", "harvester", "identify", "metadata_formats", "pages", "sets"]

MAX_FAILURES = 40
"""So many windows in a row may fail: one second in a century is found in 32."""

MAX_DEAD = 8
"""So many windows may fail before any part of the list could be had: then all of it is broken."""

MAX_SPLITS = 500
"""So many windows are halved in one run; the next run goes on from there."""

ONE_BY_ONE = 20
"""Records of a page, when they are asked for one by one."""

_AGAIN = {
    "badResumptionToken": (
        "The resumption token had expired; the list was asked for from its beginning"
    ),
    "noRecordsMatch": (
        "The list broke off before the number of records that was announced; it was asked for from "
        "its beginning"
    ),
}

MUCH = 1.5
"""Windows that bring so many times what their whole list announced are no windows."""

UNREACHABLE = "unreachable"
"""The problem of a record that its repository lists and cannot deliver."""


# The list -----------------------------------------------------------------------------------------


def pages(
    request: HarvestRequest,
    http: HttpClient,
    *,
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Page]:
    """All pages of the list, from the checkpoint on: every set in turn, or everything.

    Args:
        sleep: Waits before a page that was not OAI-PMH is asked for again.
        clock: Seconds, to see that pages grow slow.

    Raises:
        TransportError: The repository does not answer; what was yielded so far stands.
        ProtocolError: It answers something that cannot be followed.
    """
    pace = Pace(clock, request.learned.get(SLOW_AFTER))
    lister = _Lister(request, Asker(request, http, sleep), pace)
    position: Position | None = Position.read(request.checkpoint)
    while position is not None:
        here = lister.begun(position)
        stopped: HarvestError | None = None
        try:
            for page, position in lister.walk(here):
                here = position or here
                yield _with_checkpoint(lister.remarked(page), position)
        except HarvestError as error:
            stopped = error
        if stopped is not None:
            page, position = lister.otherwise(here, stopped)
            yield _with_checkpoint(lister.remarked(page), position)
    if lister.complaint:
        raise EndlessList(lister.complaint)


def _with_checkpoint(page: Page, position: Position | None) -> Page:
    return replace(page, checkpoint=None if position is None else position.write())


Step = tuple[Page, Position | None]
"""A page, and where to go on after it; None: nowhere, the list is complete."""


class _Lister:
    """Lists the windows of one run."""

    def __init__(self, request: HarvestRequest, asker: Asker, pace: Pace) -> None:
        self._request, self._asker, self._pace = request, asker, pace
        self._sets: tuple[str | None, ...] = request.set_specs or (None,)
        self._splits = 0
        self._padded: str | None = None
        self._begun = False
        self.complaint: str | None = None
        self._remarks: list[str] = []

    def begun(self, position: Position) -> Position:
        """The position, with the window it stands in."""
        # A source with fewer sets than it had asks another question; run.py drops its checkpoint.
        assert position.set_index < len(self._sets)
        if position.windows:
            return position
        return moved(position, windows=(Window(self._request.from_),))

    def remarked(self, page: Page) -> Page:
        """The page with what is to be said of the list, and learned from it, as it goes on."""
        remarks, self._remarks = tuple(self._remarks), []
        learned = dict(self._asker.learned)
        return replace(page, notes=page.notes + remarks, learned=learned)

    def walk(self, position: Position) -> Iterator[Step]:
        """The pages of the window at ``position``, each with where to go on."""
        self.complaint = position.complaint
        if position.windows[0].one_by_one:
            yield from self._one_by_one(position)
        else:
            yield from self._pages(position)

    # -- pages -----------------------------------------------------------------------------------

    def _pages(self, position: Position) -> Iterator[Step]:
        watch = ListWatch()
        self._pace.begin()
        while True:
            started = self._pace.clock()
            started_at = position
            envelope = self._ask(position)
            self._pace.count(self._pace.clock() - started, position)
            if not envelope.records and envelope.errors:
                step = self._after_errors(position, envelope)
                yield step
                if step[1] is None or not _same_list(step[1], position):
                    return
                watch, position = ListWatch(), step[1]
                continue
            page, position, following = self._taken(position, envelope)
            yield page, following
            if not envelope.token or following is None:
                return
            if division := self._divided(position, is_first=not started_at.token):
                yield division
                return
            # Only now: the page that closes the circle is kept as well.
            watch.check(envelope)
            position = following

    def _ask(self, position: Position, verb: str | None = None) -> Envelope:
        verb = verb or self._asker.verb
        # The first question of all is answered at once or not at all: somebody may be waiting.
        patient, self._begun = self._begun, True
        window = position.windows[0]
        if position.token:
            patience = QUICK if window.suspect else PATIENT
            return self._asker.resumed(position.token, self._padded, verb=verb, patience=patience)
        whole = window == Window(self._request.from_)
        patience = QUICK if window.suspect else PATIENT if patient and whole else PROMPT
        return self._asker.first(
            window, self._sets[position.set_index], verb=verb, patience=patience
        )

    def _taken(
        self, position: Position, envelope: Envelope
    ) -> tuple[Page, Position, Position | None]:
        """A page as it is handed over, where we are, and where to go on."""
        window, records = position.windows[0], envelope.records
        notes = list(envelope.notes)
        if envelope.errors:
            notes.append(f"A page came with records and the error {said(envelope)}")
        asked = [each for each in self._sets if each]
        if asked and not position.token and records:
            position = moved(position, names_set=all(in_sets(each, asked) for each in records))
        if position.names_set:
            records = tuple(each for each in records if in_sets(each, asked) or not each.set_specs)
            if strays := len(envelope.records) - len(records):
                notes.append(
                    "Records of other sets came on a later page, where the repository forgot which "
                    f"set was asked for; they were left out ({strays})"
                )
        older = 0 if self._asker.ignores_from else outside(envelope.records, window)
        position = moved(
            position,
            seen=position.seen + len(envelope.records),
            last=len(envelope.records),
            longest=max(position.longest, len(envelope.records)),
            size=envelope.complete_list_size or position.size,
            failures=0,
            works=True,
            outside=position.outside + older,
        )
        notes += remarks(records, envelope.response_date)
        if older:
            notes.append(
                "Records came that are dated otherwise than was asked for; they were taken in all "
                f"the same ({older})"
            )
        self._padded = envelope.padded_token
        if envelope.token:
            following: Position | None = moved(position, token=envelope.token, done=0)
        else:
            notes += self._account(position)
            following = self._next(position)
        return self._page(records, envelope, position, notes), position, following

    def _page(
        self,
        records: tuple[SourceRecord, ...],
        envelope: Envelope,
        position: Position,
        notes: list[str],
    ) -> Page:
        return Page(
            records=records,
            response_date=canonical(envelope.response_date),
            complete_list_size=envelope.complete_list_size,
            notes=tuple(notes),
            ignores_from=self._ignores_from(position),
        )

    def _ignores_from(self, position: Position) -> bool:
        if not self._request.from_:
            return False
        return self._asker.ignores_from or _is_outside(position)

    def _account(self, position: Position) -> Iterator[str]:
        """What is odd about a list that ended, as a whole."""
        size = position.size
        if size and position.seen < size and position.windows[0] == Window(self._request.from_):
            yield f"The repository announced {size} records and sent {position.seen}"
        if self._request.from_ and _is_outside(position):
            yield (
                "The repository ignores 'from': most of what it sent is older than what was asked "
                "for"
            )

    def _next(self, position: Position) -> Position | None:
        """Where to go on when a window is done: its neighbour, or the next set."""
        rest = position.windows[1:]
        position = moved(position, had=position.had + position.seen)
        if rest and position.windows[0].until and _is_outside(position):
            # It takes no notice of dates, so its list held what the other windows would.
            if position.owed is not None:
                self._asker.learned[SLOW_AFTER] = NEVER
            rest = ()
        if rest:
            return position.turned_to(rest)
        if position.owed is not None and position.had < position.owed:
            self._remarks.append(
                f"A list of {position.owed} records brought {position.had} when asked for in "
                "smaller windows; it was asked for whole after all"
            )
            return self._whole_again(position)
        if position.set_index + 1 < len(self._sets):
            return Position(position.set_index + 1, complaint=position.complaint)
        return None

    # -- errors of the protocol ------------------------------------------------------------------

    def _after_errors(self, position: Position, envelope: Envelope) -> Step:
        """What an error in place of records means: an end, or that the list begins again."""
        said_codes = codes(envelope)
        page = Page((), response_date=canonical(envelope.response_date), notes=envelope.notes)
        if said_codes == {"noRecordsMatch"} and not position.token:
            return page, self._next(moved(position, works=True))
        if not position.token or not said_codes <= {"badResumptionToken", "noRecordsMatch"}:
            raise_errors(envelope)
        return self._after_refusal(position, envelope, page)

    def _after_refusal(self, position: Position, envelope: Envelope, page: Page) -> Step:
        """A token is refused: it expired, or it is one too many, or it can never be followed.

        Tokens expire, so the list is begun again once: records that were taken in already are
        recognised as unchanged. When the token is refused at the same place again, a page that was
        shorter than others says that the list was at its end; otherwise smaller windows may help.
        """
        (code,) = sorted(codes(envelope))[:1]
        complete = position.seen == position.size
        missing = position.size is not None and position.seen < position.size
        if complete or (code == "noRecordsMatch" and not missing):
            note = f"A resumed page answered {code}; it was taken for the end of the list"
            return replace(page, notes=(*page.notes, note)), self._next(position)
        if position.refused_at is None:
            note = _AGAIN[code]
            again = position.turned_to(position.windows, refused_at=position.seen)
            return replace(page, notes=(*page.notes, note)), again
        if position.seen == position.refused_at and 0 < position.last < position.longest:
            note = (
                f"The repository refuses its last token ({code}), twice at the same place; after a "
                "page shorter than the others it was taken for the end of the list"
            )
            return replace(page, notes=(*page.notes, note)), self._next(position)
        raise BrokenReply(f"The repository refuses its own resumption token: {said(envelope)}.")

    # -- what cannot be had ----------------------------------------------------------------------

    def otherwise(self, position: Position, error: HarvestError) -> Step:
        """Where to go on when the list at ``position`` cannot be followed.

        Raises:
            HarvestError: Nowhere.
        """
        if isinstance(error, EndlessList):
            return self._without(position, error)
        window = position.windows[0]
        if isinstance(error, WindowRefused) and window.quick:
            note = "The repository cannot be asked for a part of its list; it was asked for whole"
            following = self._whole_again(position)
            return Page((), notes=(note,)), following
        if isinstance(error, WindowRefused):
            return self._undivided(position)
        if not self._may_be_poison(position, error) or not self._asker.is_alive():
            raise error
        works = position.works or self._asker.lists_identifiers
        most = MAX_FAILURES if works else MAX_DEAD
        if position.failures >= most or self._splits >= MAX_SPLITS:
            raise error
        if window.one_by_one:
            return self._hole(position, window, error)
        return self._smaller(position, window, error)

    def _may_be_poison(self, position: Position, error: HarvestError) -> bool:
        if isinstance(error, HttpStatus) and error.status == 503:
            # The first time it means "later". This is later.
            return bool(position.token) and position.write() == self._request.checkpoint
        return is_poison(error)

    def _smaller(self, position: Position, window: Window, error: HarvestError) -> Step:
        self._splits += 1
        few = None
        if not self._request.headers_only:
            few = self._asker.at_most(ONE_BY_ONE, window, self._sets[position.set_index])
        if few == 0:
            return Page(()), self._next(position)
        parts: tuple[Window, ...] | None = None if few else self._halves(window)
        note = "A part of the list cannot be had at once; it was asked for in smaller windows (1)"
        if parts is None:
            if self._request.headers_only:
                raise error
            parts = (Window(window.from_, window.until, one_by_one=True),)
            note = "A part of the list cannot be had at once; it was asked for record by record (1)"
        rest = position.windows[1:]
        # While nothing could be had yet, the other windows are tried before the smaller ones:
        # that tells one bad record from a list that is wholly broken. Otherwise the record was
        # in this half, so nothing is amiss with the other one.
        windows = parts + _cleared(rest) if position.works else rest + parts
        why = (f"Why: {error}",) if self._splits == 1 else ()
        following = position.turned_to(windows, failures=position.failures + 1)
        return Page((), notes=(note, *why)), following

    def _halves(self, window: Window) -> tuple[Window, ...] | None:
        return halves(
            window,
            granularity=self._asker.granularity,
            earliest=self._request.earliest_datestamp,
            latest=self._asker.response_date or self._request.repository_clock,
        )

    def _undivided(self, position: Position) -> Step:
        """The repository takes no windows: what is left of the list is had record by record."""
        if self._request.headers_only:
            raise ProtocolError("The repository's list of identifiers cannot be had whole.")
        begins = [window.from_ for window in position.windows]
        whole = Window(None if None in begins else min(filter(None, begins)), one_by_one=True)
        note = (
            "The repository cannot be asked for a part of its list; it was asked record by record"
        )
        following = position.turned_to((whole,))
        return Page((), notes=(note,)), following

    def _without(self, position: Position, error: EndlessList) -> Step:
        """After a list without an end: the next set, if there is one; the run stays incomplete."""
        following = self._next(position)
        if following is None:
            raise error
        return Page((), notes=(str(error),), holes=1), moved(following, complaint=str(error))

    def _hole(self, position: Position, window: Window, error: HarvestError) -> Step:
        """Not even the identifiers can be had: the window itself is kept as what went wrong."""
        if not position.works or window == Window(self._request.from_, one_by_one=True):
            raise error  # the list is wholly broken: that would be one big hole
        dated = f"{window.from_ or 'the beginning'} to {window.until or 'now'}"
        named = f"{self._sets[position.set_index] or 'all sets'}, {dated}"
        lost = SourceRecord(
            identifier=None,
            payload=f"records of {named}".encode(),
            problem=UNREACHABLE,
            problem_detail=f"The records dated {dated} cannot even be listed: {error}",
        )
        note = "Records that the repository cannot even list are missing (1)"
        following = self._next(position)
        if following is not None:
            following = moved(following, failures=position.failures)
        return Page((lost,), notes=(note,), holes=1), following

    # -- what grows slow -------------------------------------------------------------------------

    def _divided(self, position: Position, *, is_first: bool) -> Step | None:
        """Where to go on when the list is too slow, or known to become so, to be followed."""
        window, pace = position.windows[0], self._pace
        if self._request.headers_only or position.whole or window.suspect or not position.size:
            return None
        if position.windows[1:] and position.owed is None:
            # Parts of a list that broke: what they bring beside this one could hide what it lacks.
            return None
        note = "A long list grows slow; it was asked for in smaller windows (1)"
        if is_first and position.owed and position.had + position.size > MUCH * position.owed:
            self._remarks.append(
                "The repository takes no notice of dates, so its list was asked for whole after all"
            )
            return Page(()), self._whole_again(position)
        if pace.known == NEVER or self._asker.ignores_from or _is_outside(position):
            return None
        if is_first:
            if not pace.is_too_long(position):
                return None
        else:
            after = pace.slow_after(position)
            if after is None:
                return None
            self._asker.learned[SLOW_AFTER] = after
            if not pace.is_worth_dividing(position):
                return None
            position = moved(position, most=after)
        parts = self._halves(window)
        if parts is None or self._splits >= MAX_SPLITS:
            return None
        self._splits += 1
        quick = tuple(moved(each, suspect=False, quick=True) for each in parts)
        following = position.turned_to(
            quick + position.windows[1:],
            owed=position.owed or position.size,
        )
        return Page((), notes=(note,)), following

    def _whole_again(self, position: Position) -> Position:
        self._asker.learned[SLOW_AFTER] = NEVER
        whole = (Window(self._request.from_),)
        return position.turned_to(whole, whole=True, owed=None, had=0)

    # -- record by record ------------------------------------------------------------------------

    def _one_by_one(self, position: Position) -> Iterator[Step]:
        """The records of a window, by their identifiers (ListIdentifiers, then GetRecord)."""
        watch = ListWatch()
        while True:
            envelope = self._ask(position, "ListIdentifiers")
            if not envelope.records and envelope.errors:
                step = self._after_errors(position, envelope)
                yield step
                if step[1] is None or not _same_list(step[1], position):
                    return
                watch, position = ListWatch(), step[1]
                continue
            start = position
            page, position, following = self._taken(position, envelope)
            for done in range(start.done, len(page.records), ONE_BY_ONE):
                batch = page.records[done : done + ONE_BY_ONE]
                ended = done + len(batch) == len(page.records)
                yield (
                    replace(page, records=tuple(map(self._record, batch))),
                    following if ended else moved(start, done=done + len(batch)),
                )
                page = replace(page, notes=())
            if start.done >= len(page.records):
                yield replace(page, records=()), following
            if not envelope.token or following is None:
                return
            watch.check(envelope)
            position = following

    def _record(self, header: SourceRecord) -> SourceRecord:
        """The record of a header; a problem where the repository cannot deliver it."""
        if header.deleted or not header.identifier:
            return header
        try:
            envelope = self._asker.record(header.identifier)
        except HarvestError as error:
            if not is_poison(error) or not self._asker.is_alive():
                raise
            return _unreachable(header, str(error))
        if envelope.records and envelope.records[0].identifier == header.identifier:
            return envelope.records[0]
        why = said(envelope) if envelope.errors else "nothing, or with another record"
        return _unreachable(header, f"The repository lists it and answers GetRecord with {why}.")


def _same_list(one: Position, other: Position) -> bool:
    return (one.set_index, one.windows) == (other.set_index, other.windows)


def _cleared(windows: tuple[Window, ...]) -> tuple[Window, ...]:
    return tuple(moved(window, suspect=False) for window in windows)


def _is_outside(position: Position) -> bool:
    """Whether most of what came was not asked for."""
    return 2 * position.outside > position.seen


def _unreachable(header: SourceRecord, why: str) -> SourceRecord:
    return SourceRecord(
        identifier=header.identifier,
        datestamp=header.datestamp,
        set_specs=header.set_specs,
        metadata_prefix=header.metadata_prefix,
        problem=UNREACHABLE,
        problem_detail=why,
    )


def harvester(
    sleep: Callable[[float], object] = time.sleep, clock: Callable[[], float] = time.monotonic
) -> Harvester:
    """The harvester of this protocol, with its own way to wait and to tell the time."""
    listing = partial(pages, sleep=sleep, clock=clock)
    return Harvester(identify=identify, pages=listing, takes_from=True)


HARVESTER = harvester()
