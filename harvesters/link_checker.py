"""Checking links: asking politely, many hosts at a time and each of them slowly.

The thread that calls :func:`check_links` alone speaks with the database; the workers only ask.
Hosts take turns, so that a slow one, or one with most of the links, does not hold up the rest, and
no host is asked two things at once.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from queue import SimpleQueue
from urllib.parse import urlsplit

from harvesters.http import (
    Failure,
    HttpClient,
    HttpStatus,
    Limits,
    Refused,
    Reply,
    Unreachable,
    UntrustedTls,
)
from harvesters.link_judge import Seen, judge, worth_a_look
from oer.database import Sessions
from oer.services import link_queue
from oer.services.link_queue import Claim, Wanted
from oer.services.link_standing import LONGEST_REST, Outcome, Standing

FIRST_BYTES = 64 * 1024
"""How much of a page is read: enough for its title and its first words."""

BATCH = 50
"""So many links are in hand at once, and so many outcomes are kept in one transaction."""

TURN = 10
"""At most so many links of one host are taken before the others have had a turn."""

SILENT = 3
"""After so many links in a row without an answer a host is asked no more in this run. Where the
host itself is not there, its other links have failed as well; else they stay due."""

DELAY_SECONDS = 1.0
WORKERS = 8

LIMITS = Limits(
    read_seconds=20.0,
    total_seconds=40.0,
    grace_seconds=20.0,
    max_redirects=10,  # identifiers lead to resolvers lead to portals lead to pages
    max_tries=1,  # the next try is tomorrow
)

ACCEPT = "text/html, application/xhtml+xml, */*;q=0.9"

Look = Callable[[Claim], Seen]


@dataclass(frozen=True)
class Checked:
    """A link that was checked, and how it stands now."""

    url: str
    outcome: Outcome
    standing: Standing

    @property
    def name(self) -> str:
        """One of ``link_standing.STATES``, or ``postponed``."""
        return "postponed" if self.outcome.kind == "postponed" else self.standing.name


@dataclass
class Tally:
    """What became of the links of a run; the numbers of ``found`` add up to ``checked``."""

    due: int = 0
    checked: int = 0
    found: Counter[str] = field(default_factory=Counter)
    """By the names of ``link_standing.STATES``, and ``postponed``."""


class Asker:
    """Looks at links over HTTP. Threads may share it; use it as a context manager.

    Links to private addresses are asked only where :attr:`Claim.internal` says so.
    """

    def __init__(
        self, *, contact: str = "", delay_seconds: float = DELAY_SECONDS, limits: Limits = LIMITS
    ) -> None:
        self._clients = {
            internal: HttpClient(
                contact=contact, internal=internal, limits=limits, delay_seconds=delay_seconds
            )
            for internal in (False, True)
        }

    def __call__(self, link: Claim) -> Seen:
        """HEAD, then the beginning of a GET where that may tell more."""
        client = self._clients[link.internal]
        seen = _seen(link.url, partial(client.head, link.url, accept=ACCEPT))
        if not worth_a_look(seen):
            return seen
        peek = partial(client.peek, link.url, first_bytes=FIRST_BYTES, accept=ACCEPT)
        return _seen(link.url, peek, with_body=True)

    def __enter__(self) -> Asker:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:  # else requests may be under way, and closing would wait for them
            for client in self._clients.values():
                client.close()


def _seen(url: str, ask: Callable[[], Reply], *, with_body: bool = False) -> Seen:
    try:
        reply = ask()
    except HttpStatus as answer:
        reply = answer.reply
    except Failure as failure:
        return Seen(
            url,
            problem=_reason(failure),
            refused=isinstance(failure, Refused),
            unreachable=isinstance(failure, Unreachable | UntrustedTls),
            elsewhere=failure.redirects > 0,
        )
    return Seen(
        url,
        reply.status,
        reply.url,
        reply.redirects,
        reply.headers,
        reply.body if with_body else None,
        elsewhere=urlsplit(reply.url).hostname != urlsplit(url).hostname,
    )


def _reason(failure: Failure) -> str:
    """What happened, without the way out: that is written for the address of a source."""
    what, _, _ = str(failure).rpartition("; ")
    return f"{what or failure}".rstrip(".") + "."


def check_links(
    sessions: Sessions,
    *,
    wanted: Wanted,
    look: Look,
    workers: int = WORKERS,
    limit: int | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    report: Callable[[Tally], object] = lambda tally: None,
    kept: Callable[[Sequence[Checked]], object] = lambda checked: None,
) -> Tally:
    """Check the links that are due. Keeps outcomes in batches; changes no resource.

    Stopped half-way (Ctrl-C), it keeps what was found and gives back what was claimed.

    Args:
        look: Asks for one link; called by several threads.
        limit: Check no more than these.
        report: Told after every link.
        kept: Told after every transaction.
    """
    limit = 1 if wanted.url else limit
    run = _Run(sessions, wanted, _Crew(look, workers), workers, limit, now, report, kept)
    try:
        run.go()
    finally:
        run.stop()
    return run.tally


class _Run:
    """One run. A host with links to check is waiting, ready or busy, and only one of them."""

    def __init__(
        self,
        sessions: Sessions,
        wanted: Wanted,
        crew: _Crew,
        workers: int,
        limit: int | None,
        now: Callable[[], datetime],
        report: Callable[[Tally], object],
        kept: Callable[[Sequence[Checked]], object],
    ) -> None:
        self.sessions, self.wanted, self.now = sessions, wanted, now
        self.report, self.kept = report, kept
        self.tally = Tally()
        self.left = limit
        self.crew, self.workers = crew, workers
        self.waiting: deque[str] = deque()
        """Hosts none of whose links are in hand."""
        self.ready: deque[str] = deque()
        """Hosts with links in hand, in the order of their turns."""
        self.busy: dict[str, Claim] = {}
        self.hand: dict[str, deque[Claim]] = {}
        self.more: dict[str, int] = {}
        """How many more links are due at a host than were taken in hand."""
        self.silent: Counter[str] = Counter()
        self.gone: dict[str, str] = {}
        """Origins (scheme, host and port) that are not there, and why."""
        self.found: list[tuple[Claim, Outcome]] = []
        self.dropped: list[Claim] = []
        self.resting: dict[str, datetime] = {}

    def go(self) -> None:
        with self.sessions() as session:
            due = link_queue.due_hosts(session, self.wanted, now=self.now())
        self.waiting.extend(due)
        self.more = due
        total = sum(due.values())
        self.tally.due = total if self.left is None else min(total, self.left)
        self.report(self.tally)
        while True:
            self._claim(self.workers - len(self.busy))
            while self.ready and len(self.busy) < self.workers:
                self._ask(self.ready.popleft())
            if not self.busy:
                return
            self._take(*self.crew.answer())
            if len(self.found) >= BATCH:
                self._keep()

    def stop(self) -> None:
        """Keep what was found and give back what was not asked, or not answered."""
        self.crew.dismiss()
        self.dropped.extend(self.busy.values())
        for claims in self.hand.values():
            self.dropped.extend(claims)
        self._keep()

    def _claim(self, idle: int) -> None:
        """Take more links in hand when no host is ready for an idle worker."""
        while self.waiting and len(self.ready) < idle and self.left != 0:
            room = BATCH if self.left is None else min(BATCH, self.left)
            hosts = [self.waiting.popleft() for _ in range(min(room, len(self.waiting)))]
            per_host = min(TURN, room // len(hosts))
            with self.sessions.begin() as session:
                claims = link_queue.claim(
                    session, self.wanted, hosts, per_host=per_host, now=self.now()
                )
            for claim in claims:
                self.hand.setdefault(claim.host, deque()).append(claim)
            self.ready.extend(host for host in hosts if host in self.hand)
            for host in hosts:
                came = len(self.hand.get(host, ()))
                # Fewer than there should be: another process has the rest.
                self.more[host] = self.more[host] - came if came == per_host else 0
            if self.left is not None:
                self.left -= len(claims)

    def _ask(self, host: str) -> None:
        claim = self.busy[host] = self.hand[host].popleft()
        if why := self.gone.get(_origin(claim.url)):
            self.crew.answer_with(claim, Seen(claim.url, problem=why))
        else:
            self.crew.ask(claim)

    def _take(self, claim: Claim, seen: Seen) -> None:
        del self.busy[claim.host]
        outcome = judge(seen, now=self.now())
        self.found.append((claim, outcome))
        self.tally.checked += 1
        if outcome.rest_until is not None and not seen.elsewhere:
            self.resting[claim.host] = outcome.rest_until
            self._drop(claim.host)
        elif self._is_silent(seen):
            self._drop(claim.host)
        else:
            self._queue(claim.host)
        self.report(self.tally)

    def _is_silent(self, seen: Seen) -> bool:
        """Whether to leave a host alone that hears us and does not answer."""
        origin = _origin(seen.url)
        if not seen.is_silence or seen.elsewhere:
            self.silent.pop(origin, None)
            return False
        self.silent[origin] += 1
        if self.silent[origin] < SILENT or origin in self.gone:
            return False
        if seen.unreachable:
            self.gone[origin] = f"Not asked, as others of {origin} failed. {seen.problem}"
        return not seen.unreachable

    def _queue(self, host: str) -> None:
        """Let the others have their turns first."""
        if self.hand[host]:
            self.ready.append(host)
            return
        del self.hand[host]
        if self.more[host] > 0:
            self.waiting.append(host)

    def _drop(self, host: str) -> None:
        self.dropped.extend(self.hand.pop(host))

    def _keep(self) -> None:
        """One transaction: what was found, what is given back, and whom to leave alone."""
        found, now = self.found, self.now()
        if not found and not self.dropped:
            return
        with self.sessions.begin() as session:
            standings = link_queue.record(
                session, {claim.id: outcome for claim, outcome in found}, now=now
            )
            link_queue.release(session, [claim.id for claim in self.dropped], now=now)
            for host, until in self.resting.items():
                link_queue.postpone(session, host, until=min(until, now + LONGEST_REST))
        self.found, self.dropped, self.resting = [], [], {}
        checked = [
            Checked(claim.url, outcome, standings[claim.id])
            for claim, outcome in found
            if claim.id in standings
        ]
        self.tally.found.update(each.name for each in checked)
        self.kept(checked)


class _Crew:
    """Threads that look at links. They are daemons: nobody waits for a slow server at the end."""

    def __init__(self, look: Look, size: int) -> None:
        self._look, self._size = look, size
        self._tasks: SimpleQueue[Claim | None] = SimpleQueue()
        self._answers: SimpleQueue[tuple[Claim, Seen | Exception]] = SimpleQueue()
        for _ in range(size):
            threading.Thread(target=self._work, daemon=True).start()

    def ask(self, claim: Claim) -> None:
        self._tasks.put(claim)

    def answer_with(self, claim: Claim, seen: Seen) -> None:
        """Have it answered without asking anybody."""
        self._answers.put((claim, seen))

    def answer(self) -> tuple[Claim, Seen]:
        """The next answer, waited for. Raises what a thread could not cope with."""
        claim, seen = self._answers.get()
        if isinstance(seen, Exception):
            raise seen
        return claim, seen

    def dismiss(self) -> None:
        for _ in range(self._size):
            self._tasks.put(None)

    def _work(self) -> None:
        while (claim := self._tasks.get()) is not None:
            try:
                self._answers.put((claim, self._look(claim)))
            except Exception as problem:  # noqa: BLE001 - raised again where somebody can tell it
                self._answers.put((claim, problem))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
