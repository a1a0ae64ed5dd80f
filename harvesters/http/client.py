"""One request, told top to bottom: check, wait, ask, read under limits, follow, and try again."""

from __future__ import annotations

import random
import socket
import ssl
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

import urllib3

from harvesters.http.body import STEP, beginning, decoded, too_large
from harvesters.http.explain import EXPLAINED, explained
from harvesters.http.failures import (
    Again,
    Broken,
    Failure,
    HttpStatus,
    Parked,
    Refused,
    Unreachable,
)
from harvesters.http.guard import checked, resolve
from harvesters.http.limits import Limits
from harvesters.http.manners import introduction, usable
from harvesters.http.messages import CONDITIONS, Ask, Reply, looks_like_xml
from harvesters.http.retry_after import retry_after
from harvesters.http.targets import Params, Target, encoded, redirected, target
from harvesters.http.wire import Connect, Lane, Pace, tls_context

_SUCCESS = frozenset({200, 203})  # 206 is a part nobody asked for, 202 a captcha's favourite
_REDIRECT = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_KEEPS_THE_METHOD = frozenset({307, 308})  # RFC 9110 section 15.4: others may become a GET
_NOT_MODIFIED = 304
_TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})

_MOST_LANES = 256
_REDIRECT_BODY = 64 * 1024


class HttpClient:
    """GETs with limits, manners and suspicion.  Use it as a context manager; threads may share it.

    ``headers`` are credentials or other headers of one source.  They go to the origin of ``home``
    (by default the first address asked for) and to nobody else: not to a host it redirects to, not
    to a host that its pages name.  They never appear in a message.

    ``contact`` is a web or e-mail address that annoyed operators may write to.
    ``internal`` permits private and loopback addresses, for a repository in one's own network.
    """

    def __init__(
        self,
        *,
        contact: str = "",
        internal: bool = False,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        delay_seconds: float = 0.0,
        headers: Mapping[str, str] | None = None,
        home: str = "",
        ca_file: str | None = None,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        jitter: Callable[[float, float], float] = random.uniform,
        resolve: Callable[[str, int], Sequence[str]] = resolve,
        connect: Connect = socket.create_connection,
    ) -> None:
        self.limits = limits
        self.internal = internal
        self.delay_seconds = delay_seconds
        self._own_headers = introduction(contact)
        self._source_headers = usable(headers or {})
        self._home = _origin(target(home)) if home else None
        self._ca_file = ca_file
        self._tls: ssl.SSLContext | None = None
        self._sleep, self._clock, self._now, self._jitter = sleep, clock, now, jitter
        self._resolve, self._connect = resolve, connect
        self._lanes: OrderedDict[str, Lane] = OrderedDict()
        self._lock = threading.Lock()

    def get(
        self,
        url: str,
        params: Params = (),
        *,
        accept: str = "text/xml, application/xml;q=0.9, */*;q=0.1",
        accept_errors: bool = True,
        headers: Mapping[str, str] | None = None,
        tries: int | None = None,
        verbatim: str = "",
    ) -> Reply:
        """Ask until there is an answer or no hope.  Raises only ``oer.errors.TransportError``.

        ``params`` are plain text and are encoded here, once.  With ``accept_errors`` a 4xx whose
        body looks like XML is returned, because OAI-PMH errors may come so.

        ``headers`` are of this request alone.  With ``If-None-Match`` or ``If-Modified-Since`` 304
        is an answer; those two go along with every redirect, others only to the source's origin.

        ``tries`` makes fewer of them than the limits allow, where the page itself may be the
        trouble.  Servers that are busy or out of reach are asked again as often as ever.

        ``verbatim`` ends the query as it stands, for servers that do not decode what is
        percent-encoded: visible ASCII, without ``#``.
        """
        ask = Ask("GET", accept, accept_errors, headers=usable(headers or {}), tries=tries)
        return self._answer(target(url, params, verbatim), ask)

    def post(
        self,
        url: str,
        params: Params = (),
        *,
        accept: str = "text/xml, application/xml;q=0.9, */*;q=0.1",
        accept_errors: bool = True,
        tries: int | None = None,
    ) -> Reply:
        """Ask as a form does, for what is too long for an address (OAI-PMH section 3.1.1.2).

        Only redirects that keep the method and the body (307, 308) are followed.
        """
        kind = {"content-type": "application/x-www-form-urlencoded"}
        form = encoded(params).encode("ascii")
        ask = Ask("POST", accept, accept_errors, headers=kind, form=form, tries=tries)
        return self._answer(target(url), ask)

    def head(self, url: str, *, accept: str = "*/*") -> Reply:
        """Ask for the headers only.  Servers may refuse, or answer otherwise than to a GET."""
        return self._answer(target(url), Ask("HEAD", accept))

    def peek(self, url: str, *, first_bytes: int, accept: str = "*/*") -> Reply:
        """Ask for a page and read its first bytes only, however long it is or says it is.

        The body may be empty.  No ``Range`` is sent: servers ignore it for pages, and some fail
        over it.  The connection is closed on a body that is longer.
        """
        return self._answer(target(url), Ask("GET", accept, first_bytes=first_bytes))

    def _answer(self, start: Target, ask: Ask) -> Reply:
        if self._home is None:
            self._home = _origin(start)
        for tries in range(1, self.limits.max_tries + 1):
            try:
                return replace(self._follow(start, ask), tries=tries)
            except Again as again:
                self._park(again)
                enough = ask.tries is not None and again.is_of_the_page and tries >= ask.tries
                if enough or tries >= self.limits.max_tries:
                    raise again.failure from None
                self._rest(again, tries)
        raise Refused("No try was allowed; set max_tries to 1 or more.")

    def ask_plainly(self, hosts: Iterable[str]) -> None:
        """Ask these hosts for no compression: theirs is known to be broken."""
        for host in hosts:
            self._lane(host).plain = True

    @property
    def plain_hosts(self) -> frozenset[str]:
        """The hosts whose compression is known, or was seen, to be broken."""
        with self._lock:
            return frozenset(host for host, lane in self._lanes.items() if lane.plain)

    def close(self) -> None:
        """Close the connections that were kept open.  The client may be used again."""
        with self._lock:
            lanes = list(self._lanes.values())
        for lane in lanes:
            with lane.lock:
                lane.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- one try: hop after hop ------------------------------------------------------------------

    def _follow(self, start: Target, ask: Ask) -> Reply:
        hops: list[tuple[int, str]] = []
        try:
            return self._hop_by_hop(start, ask, hops)
        except Again as again:
            again.failure.redirects = len(hops)
            raise
        except Failure as failure:
            failure.redirects = len(hops)
            raise

    def _hop_by_hop(self, start: Target, ask: Ask, hops: list[tuple[int, str]]) -> Reply:
        pace = Pace(self.limits, self._clock, str(start))
        here, trusted = start, True
        notes: list[str] = []
        while True:
            trusted = trusted and self._at_home(here)
            reply = self._exchange(here, self._headers(ask, trusted), pace, ask)
            notes.extend(reply.notes)
            if reply.status not in _REDIRECT or "location" not in reply.headers:
                return self._judged(
                    here, replace(reply, redirects=tuple(hops), notes=tuple(notes)), ask
                )
            hops.append((reply.status, reply.headers["location"]))
            if ask.method == "POST" and reply.status not in _KEEPS_THE_METHOD:
                raise Refused(
                    f"{here} answers a POST with the redirect {reply.status}, after which what was "
                    "asked would be lost; check the address of the source."
                )
            there = redirected(here, reply.headers["location"])
            hops[-1] = (reply.status, there.url)
            if len(hops) > self.limits.max_redirects:
                raise Refused(
                    f"{start} redirects more than {self.limits.max_redirects} times; "
                    "check its address."
                )
            notes.extend(_redirect_notes(reply.status, here, there))
            here = there

    def _judged(self, here: Target, reply: Reply, ask: Ask) -> Reply:
        """The reply when it is one to hand out; otherwise raise what it means."""
        if reply.status in _TRANSIENT:
            raise Again(
                HttpStatus(str(here), reply), here.host, retry_after(reply.headers, self._now())
            )
        if reply.status in _SUCCESS:
            whole = ask.method != "HEAD" and ask.first_bytes is None
            if whole and not reply.body:
                raise Again(
                    Broken(f"{here} answered with an empty body; try again later."), here.host
                )
            return reply
        if reply.status == _NOT_MODIFIED and ask.is_conditional:
            return reply
        if ask.accept_errors and 400 <= reply.status < 500 and looks_like_xml(reply.body):
            return reply
        raise HttpStatus(str(here), reply)

    def _exchange(self, here: Target, headers: dict[str, str], pace: Pace, ask: Ask) -> Reply:
        """One request, alone on its lane and after the pause the host may expect."""
        lane = self._lane(here.host)
        with lane.lock:
            wait = lane.free_at - self._clock()
            if wait > 0:
                self._sleep(wait)
                pace.deadline += wait
            pace.shown = str(here)
            lane.pace = pace
            pace.next_message()
            try:
                return self._fetch(here, headers, lane, ask)
            except EXPLAINED as problem:
                # "from None": what the library says may quote the address with its secrets.
                raise explained(problem, here, lane) from None
            finally:
                lane.free_at = self._clock() + self.delay_seconds

    def _fetch(self, here: Target, headers: dict[str, str], lane: Lane, ask: Ask) -> Reply:
        if not lane.addresses or self._clock() >= lane.addresses_until:
            self._look_up(here, lane)
        # The beginning of a compressed body can be read, but a cut is then not told from damage.
        coding = "identity" if lane.plain or ask.first_bytes is not None else "gzip, deflate"
        lane.asked = here.path
        response = lane.pool(here, self._context, self._connect).urlopen(
            ask.method,
            here.path,
            body=ask.form,
            headers={**headers, "Host": here.authority, "Accept-Encoding": coding},
            retries=False,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
            decode_content=False,
            timeout=urllib3.Timeout(
                connect=self.limits.connect_seconds, read=self.limits.read_seconds
            ),
        )
        lane.answered = True
        try:
            body, notes = self._body(response, here, ask)
            response.release_conn()
        finally:
            response.close()
        return Reply(here.url, response.status, _plain_headers(response), body, notes=tuple(notes))

    def _body(
        self, response: urllib3.BaseHTTPResponse, here: Target, ask: Ask
    ) -> tuple[bytes, list[str]]:
        announced = response.length_remaining or 0
        if response.status in _REDIRECT and (
            response.length_remaining is None or announced > _REDIRECT_BODY
        ):
            response.close()  # nobody reads it, and closing is cheaper than draining
            return b"", []
        if response.status == _NOT_MODIFIED:
            return b"", []  # whatever its headers say of a body: it has none
        if ask.first_bytes is not None:
            body, whole = beginning(_pieces(response), ask.first_bytes)
            if not whole:
                response.close()
            return body, []
        if announced > self.limits.max_bytes:
            raise too_large(str(here), self.limits)
        label = response.headers.get("content-encoding", "")
        return decoded(_pieces(response), label, self.limits, str(here))

    # -- between tries ---------------------------------------------------------------------------

    def _park(self, again: Again) -> None:
        """Give up when the server asks for more than we are willing to wait."""
        if again.wait is not None and again.wait > self.limits.max_wait_seconds:
            until = self._now() + timedelta(seconds=again.wait)
            raise Parked(again.host, until) from again.failure

    def _rest(self, again: Again, tries: int) -> None:
        """Keep the whole lane waiting."""
        limits = self.limits
        most = min(limits.max_wait_seconds, limits.backoff_seconds * 2 ** (tries - 1))
        wait = self._jitter(0.0, most) if again.wait is None else again.wait
        lane = self._lane(again.host)
        with lane.lock:
            lane.free_at = max(lane.free_at, self._clock() + wait)

    # -- lanes, addresses, headers ---------------------------------------------------------------

    def _lane(self, host: str) -> Lane:
        with self._lock:
            lane = self._lanes.setdefault(host, Lane(host))
            self._lanes.move_to_end(host)
            if len(self._lanes) > _MOST_LANES:
                self._close_the_longest_idle()
            return lane

    def _close_the_longest_idle(self) -> None:
        for host, lane in self._lanes.items():
            if not lane.lock.locked():
                del self._lanes[host]
                lane.close()
                return

    def _look_up(self, here: Target, lane: Lane) -> None:
        try:
            found = self._resolve(here.host, here.port)
        except (OSError, UnicodeError) as problem:
            raise Unreachable(
                f"The host {here.host} is not known ({problem}); check the address of the source."
            ) from None
        lane.addresses = checked(here.host, found, internal=self.internal)
        lane.addresses_until = self._clock() + self.limits.addresses_seconds

    def _context(self) -> ssl.SSLContext:
        with self._lock:
            if self._tls is None:
                self._tls = tls_context(self._ca_file)
            return self._tls

    def _at_home(self, here: Target) -> bool:
        """The same origin, or the same host gone from http to https."""
        origin = _origin(here)
        return origin == self._home or (
            self._home == ("http", here.host, 80) and origin == ("https", here.host, 443)
        )

    def _headers(self, ask: Ask, trusted: bool) -> dict[str, str]:
        ours = {**self._own_headers, "accept": ask.accept}
        if trusted:
            return {**ours, **self._source_headers, **ask.headers}
        # What was asked of one origin is no business of another, but for what bears no secret.
        harmless = CONDITIONS | {"content-type"}
        return {**ours, **{each: ask.headers[each] for each in ask.headers.keys() & harmless}}


def _pieces(response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    while piece := response.read(STEP, decode_content=False):
        yield piece


def _plain_headers(response: urllib3.BaseHTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.itermerged()}


def _origin(place: Target) -> tuple[str, str, int]:
    return place.scheme, place.host, place.port


def _redirect_notes(status: int, here: Target, there: Target) -> list[str]:
    notes = []
    if status in _PERMANENT:
        notes.append(f"{here} moved permanently to {there}: update the address of the source.")
    if "?" in here.path and "?" not in there.path:
        notes.append(f"The redirect from {here} to {there} drops the query.")
    return notes
