"""Hosts whose compressed answers are broken: found once, then asked for plain ones at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from harvesters.http import HttpClient
from harvesters.learned import BROKEN_GZIP, RETEST, Facts

MOST_HOSTS = 50


@contextmanager
def as_known(
    facts: Facts, http: HttpClient, found: dict[str, Any], now: datetime
) -> Iterator[HttpClient]:
    """The client, told which hosts to ask without compression; adds to ``found`` what it saw.

    After :data:`RETEST` compression is tried again: an answer is many times smaller with it, and
    servers are repaired.
    """
    before = _hosts(facts, now)
    http.ask_plainly(before)
    try:
        yield http
    finally:
        seen = sorted(http.plain_hosts)[:MOST_HOSTS]
        if set(seen) != before:
            found[BROKEN_GZIP] = {"seen": now.isoformat(), "hosts": seen} if seen else None
        elif not seen:
            found[BROKEN_GZIP] = None


def _hosts(facts: Facts, now: datetime) -> set[str]:
    try:
        fact = facts[BROKEN_GZIP]
        recent = now - datetime.fromisoformat(fact["seen"]) < RETEST
        return {str(host) for host in fact["hosts"]} if recent else set()
    except (KeyError, TypeError, ValueError):
        return set()
