"""Datestamps of OAI-PMH (§3.3): written as a repository wants them, read however it writes them.

What a newcomer would get wrong: a datestamp that cannot be read is no reason to lose its record.
It is kept as it came; only our own reckoning goes without it.
"""

import re
from datetime import UTC, datetime, timedelta

DAY, SECOND = "YYYY-MM-DD", "YYYY-MM-DDThh:mm:ssZ"

_STRICT = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    r"(?:T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ)?"
)


def granularity(stated: str | None) -> str | None:
    """``DAY`` or ``SECOND``, however it is spelled; None where nothing usable is stated."""
    letters = re.sub(r"[^a-z]", "", (stated or "").lower())
    if letters.startswith("yyyymmdd"):
        return SECOND if "hh" in letters else DAY
    return None


def datestamp(utc: str, stated: str | None) -> str:
    """``utc`` (``YYYY-MM-DDThh:mm:ssZ``) as the repository wants it.

    Every repository must accept days (OAI-PMH §2.7.1), so days it is where nothing is stated.
    """
    return utc if granularity(stated) == SECOND else utc[:10]


def is_datestamp(text: str) -> bool:
    """Whether it is written as the protocol demands."""
    return _STRICT.fullmatch(text) is not None


def moment(text: str | None) -> datetime | None:
    """The time a datestamp means, read with tolerance; None where it means none.

    Without an offset it is taken for UTC, which the protocol demands.
    """
    given = (text or "").strip()
    try:
        read = datetime.fromisoformat(given)
    except ValueError:
        return None
    try:
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except OverflowError:
        return None


def utc(when: datetime) -> str:
    """A time as a datestamp in seconds."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)


def canonical(text: str | None) -> str | None:
    """A datestamp in seconds, of whatever shape it came in; None where it cannot be read."""
    if text is not None and len(text) == 20 and is_datestamp(text):
        return text
    read = moment(text)
    return utc(read) if read else None


def step(stated: str | None) -> timedelta:
    """The shortest time that a repository tells apart."""
    return timedelta(seconds=1) if granularity(stated) == SECOND else timedelta(days=1)
