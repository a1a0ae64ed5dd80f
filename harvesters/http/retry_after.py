"""``Retry-After`` (RFC 9110 section 10.2.3): seconds or a date, as servers really send it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LEAST = 1.0
_MOST = 366 * 24 * 3600.0  # beyond that it is a mistake, and no date can hold it


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait, or None when the server names no time that can be understood.

    A date is compared with the server's own ``Date``: its clock may be wrong, the difference is
    not.  Negative and zero become one second, so that no server can make us hammer it.
    """
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        seconds = float(value) if _is_number(value) else _until(value, headers, now)
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, _LEAST), _MOST)


def _is_number(value: str) -> bool:
    return value.isascii() and value.lstrip("+-").replace(".", "", 1).isdigit()


def _until(value: str, headers: Mapping[str, str], now: datetime) -> float:
    try:
        then = _moment(headers.get("date", ""))
    except ValueError:
        then = now
    return (_moment(value) - then).total_seconds()


def _moment(value: str) -> datetime:
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, IndexError) as problem:
        raise ValueError(value) from problem
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
