"""How often one reader may do something, without knowing who they are.

Per process and in memory only: an address is kept as a salted hash for as long as the window lasts,
and the salt goes with it, so nothing that is kept leads back to anybody.
"""

import hashlib
import secrets
from collections.abc import Callable
from threading import Lock
from time import monotonic

from werkzeug.wrappers import Request

MOST_READERS = 10_000
"""Readers remembered at once. When there are more, new ones are refused until all are forgotten."""


class RateLimit:
    """At most ``times`` for each reader; every ``seconds`` all is forgotten.

    Counting in such windows costs the same however many readers there are.
    """

    def __init__(self, times: int, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._times, self._seconds, self._clock = times, seconds, clock
        self._salt = secrets.token_bytes(16)
        self._counts: dict[bytes, int] = {}
        self._forgets_at = clock() + seconds
        self._lock = Lock()

    def allows(self, reader: str) -> bool:
        """Whether it may be done once more; counts it if so."""
        key = hashlib.blake2b(reader.encode(), key=self._salt, digest_size=16).digest()
        with self._lock:
            self._forget()
            count = self._counts.get(key, 0)
            if count >= self._times or (not count and len(self._counts) >= MOST_READERS):
                return False
            self._counts[key] = count + 1
            return True

    def remembered(self) -> int:
        """How many readers are remembered now."""
        with self._lock:
            self._forget()
            return len(self._counts)

    def _forget(self) -> None:
        now = self._clock()
        if now >= self._forgets_at:
            self._counts.clear()
            self._salt = secrets.token_bytes(16)
            self._forgets_at = now + self._seconds


def reader_of(request: Request) -> str:
    """Where a request comes from, as well as that is known.

    Behind a proxy on the same machine every reader would look like one; then the address the proxy
    itself has added, the last one, counts. What a reader writes there themselves never does.
    """
    address = request.remote_addr or ""
    if address in ("127.0.0.1", "::1", "") and request.access_route:
        return request.access_route[-1]
    return address
