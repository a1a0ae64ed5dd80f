"""Asking whether a file has changed before it is sent (RFC 9110 section 13).

The validators are those of the last answer that was taken in completely, by this version of the
program: another one may read more from the same bytes.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from harvesters.http import HttpClient, Reply
from harvesters.learned import VALIDATORS
from oer import __version__

NOT_MODIFIED = 304
LONGEST = 500

_HEADERS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


def fetched(http: HttpClient, address: str, known: Mapping[str, Any], *, accept: str) -> Reply:
    """The file, or a reply with :data:`NOT_MODIFIED` where it is still what we have.

    Raises:
        TransportError: It cannot be had.
    """
    conditions, place = _conditions(known.get(VALIDATORS))
    if not conditions:
        return http.get(address, accept=accept, accept_errors=False)
    reply = http.get(address, accept=accept, accept_errors=False, headers=conditions)
    if reply.status == NOT_MODIFIED and _digest(reply.url) != place:
        # A redirect leads elsewhere now: that file has not changed, ours has.
        return http.get(address, accept=accept, accept_errors=False)
    return reply


def validators(reply: Reply) -> dict[str, str] | None:
    """What to ask with the next time; None where the server gives nothing usable."""
    given = {name: reply.headers.get(name, "").strip() for name in _HEADERS}
    if given["last-modified"] == reply.headers.get("date", "").strip():
        # Within the second in which it was sent it may have changed once more (section 8.8.2.2).
        del given["last-modified"]
    kept = {name: value for name, value in given.items() if _is_usable(value)}
    # The address may hold secrets, so its digest is kept.
    return {**kept, "place": _digest(reply.url), "version": __version__} if kept else None


def _conditions(kept: Any) -> tuple[dict[str, str], str]:
    if not isinstance(kept, dict) or kept.get("version") != __version__:
        return {}, ""
    given = {header: str(kept.get(name) or "") for name, header in _HEADERS.items()}
    usable = {header: value for header, value in given.items() if _is_usable(value)}
    return usable, str(kept.get("place", ""))


def _is_usable(value: str) -> bool:
    return 0 < len(value) <= LONGEST and value.isascii() and value.isprintable()


def _digest(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()
