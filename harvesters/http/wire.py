"""Sockets that know the time, and connections that go to the address that was checked.

urllib3 frames the messages; where to connect and how long to wait is decided here.  A timeout per
read stops nobody who sends one byte a second, so every read asks the :class:`Pace` of the request
first: headers, chunk sizes and bodies alike.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from harvesters.http.body import too_large
from harvesters.http.failures import Refused, TooSlow, Unreachable
from harvesters.http.limits import MIB, Limits
from harvesters.http.targets import Target

Clock = Callable[[], float]
Connect = Callable[[tuple[str, int], float], socket.socket]

_MOST_ADDRESSES = 4


class Pace:
    """The clock and the byte counter of one try, all its redirects included."""

    def __init__(self, limits: Limits, clock: Clock, shown: str) -> None:
        self.limits = limits
        self.clock = clock
        self.shown = shown
        self.deadline = clock() + limits.total_seconds
        self.first_byte: float | None = None
        self.came = 0
        self.on_the_last_stretch = False
        """The last wait was cut to what is left of the whole: a timeout now means the deadline."""

    def patience(self, most: float) -> float:
        """How long the next step may block."""
        left = self.deadline - self.clock()
        if left <= 0:
            raise self.overdue()
        self.on_the_last_stretch = left < most
        return min(most, left)

    def next_message(self) -> None:
        self.first_byte = None
        self.came = 0

    def count(self, size: int) -> None:
        now = self.clock()
        self.first_byte = now if self.first_byte is None else self.first_byte
        self.came += size
        # Headers and chunk sizes count too; twice the limit leaves room for any honest framing.
        if self.came > 2 * self.limits.max_bytes + MIB:
            raise too_large(self.shown, self.limits)
        taken = now - self.first_byte
        if (
            taken > self.limits.grace_seconds
            and self.came < taken * self.limits.min_bytes_per_second
        ):
            raise TooSlow(
                f"{self.shown} trickles: {self.came} bytes in {taken:.0f} seconds; "
                "try again later, or ask the repository."
            )

    def overdue(self) -> TooSlow:
        return TooSlow(
            f"{self.shown} took longer than {self.limits.total_seconds:g} seconds; "
            "try again later, or ask for smaller pages."
        )


class Lane:
    """The way to one host: one request at a time, and what we learned about the host."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.lock = threading.Lock()
        self.free_at = 0.0
        self.answered = False
        self.plain = False
        """Its gzip was broken once: ask for ``identity`` from then on."""
        self.addresses: tuple[str, ...] = ()
        self.addresses_until = 0.0
        self.pace: Pace | None = None
        self.asked = ""
        """Path and query of the request, as they go over the wire."""
        self.pools: dict[tuple[str, int], HTTPConnectionPool] = {}

    def pool(
        self, to: Target, context: Callable[[], ssl.SSLContext], connect: Connect
    ) -> HTTPConnectionPool:
        key = (to.scheme, to.port)
        if key not in self.pools:
            options: dict[str, Any] = {"maxsize": 1, "lane": self, "connect_to": connect}
            if to.scheme == "https":
                self.pools[key] = _HttpsPool(to.host, to.port, ssl_context=context(), **options)
            else:
                self.pools[key] = _HttpPool(to.host, to.port, **options)
        return self.pools[key]

    def close(self) -> None:
        for pool in self.pools.values():
            pool.close()
        self.pools.clear()


def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """The system's authorities, and one more when a source has its own.  Verification stays on."""
    context = ssl.create_default_context()
    context.sslsocket_class = _PacedTlsSocket
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except OSError as problem:  # SSLError is one
            raise Refused(
                f"The CA file {ca_file} cannot be used ({problem}); give a PEM file."
            ) from None
    return context


class _PacedSocket(socket.socket):
    lane: Lane | None = None

    def recv_into(self, *args: Any, **options: Any) -> int:
        pace = self.lane.pace if self.lane else None
        if pace:
            self.settimeout(pace.patience(pace.limits.read_seconds))
        size = super().recv_into(*args, **options)
        if pace:
            pace.count(size)
        return size


class _PacedTlsSocket(ssl.SSLSocket):
    lane: Lane | None = None

    def recv_into(self, *args: Any, **options: Any) -> int:
        pace = self.lane.pace if self.lane else None
        if pace:
            self.settimeout(pace.patience(pace.limits.read_seconds))
        size = super().recv_into(*args, **options)
        if pace:
            pace.count(size)
        return size


class _ContradictoryLength(HTTPException):
    """Two different ``Content-Length``s: where the body ends is anybody's guess (RFC 9112 6.3)."""


class _Response(HTTPResponse):
    def begin(self) -> None:
        super().begin()
        values = ",".join(self.headers.get_all("content-length", []))
        # urllib3 minds this too, but so late that the socket stays open until it is collected.
        if len({value.strip() for value in values.split(",")}) > 1:
            raise _ContradictoryLength


class _AsAsked:
    """Sends path and query as they were made; urllib3 would encode them a second time, its way."""

    lane: Lane

    def putrequest(self, method: str, url: str, *args: Any, **options: Any) -> None:
        super().putrequest(method, self.lane.asked, *args, **options)  # type: ignore[misc]


class _HttpConnection(_AsAsked, HTTPConnection):
    response_class = _Response

    def __init__(self, *args: Any, lane: Lane, connect_to: Connect, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lane = lane
        self.connect_to = connect_to

    def _new_conn(self) -> socket.socket:
        return _connected(self.lane, self.port, self.connect_to)


class _HttpsConnection(_AsAsked, HTTPSConnection):
    response_class = _Response

    def __init__(self, *args: Any, lane: Lane, connect_to: Connect, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lane = lane
        self.connect_to = connect_to

    def _new_conn(self) -> socket.socket:
        return _connected(self.lane, self.port, self.connect_to)

    def connect(self) -> None:
        super().connect()
        # The handshake is bounded by the connect timeout; from here on the lane's pace rules.
        if isinstance(self.sock, _PacedTlsSocket):
            self.sock.lane = self.lane


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


def _connected(lane: Lane, port: int, connect_to: Connect) -> socket.socket:
    """A socket to one of the lane's checked addresses.  The host name is not looked up again."""
    pace = lane.pace
    assert pace is not None
    problems = []
    for address in lane.addresses[:_MOST_ADDRESSES]:
        timeout = pace.patience(pace.limits.connect_seconds)
        try:
            plain = connect_to((address, port), timeout)
        except OSError as problem:
            problems.append(f"{address}: {problem.strerror or problem}")
            continue
        paced = _PacedSocket(fileno=plain.detach())
        paced.settimeout(timeout)
        paced.lane = lane
        return paced
    raise Unreachable(
        f"{pace.shown} cannot be reached ({'; '.join(problems)}); "
        "check the address, or try again later."
    )
