"""What one check of a link means for its standing. Pure: values in, values out.

One failure says little: sites are down for a night, and so are we. A link is ``failing`` until it
has failed :data:`DEAD_AFTER_FAILURES` times in a row over :data:`DEAD_AFTER`, and then ``dead``.
``doubtful`` is neither dead nor alive: an answer came and cannot be judged, so a row of failures is
broken by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Literal

DEAD_AFTER_FAILURES = 2
DEAD_AFTER = timedelta(days=3)
"""A link is dead after so many failures in a row, the last so long after the first."""

# A nightly run must not find a link due ten minutes later: so a day has 22 hours here.
FAILING_AGAIN = timedelta(hours=22)
"""A link that failed is asked again the next day."""
DOUBTFUL_AGAIN = timedelta(days=7)
"""A doubtful, dead or refused one is asked after a week."""
ALIVE_AGAIN = timedelta(days=30)
"""One that leads somewhere is asked after a month."""
LONGEST_REST = ALIVE_AGAIN
"""A host that asks to be left alone is, but no longer than this."""

LONGEST_DETAIL = 500
LONGEST_URL = 4000

STATES = ("alive", "moved", "doubtful", "failing", "dead", "refused", "unchecked")
"""What a link is called in listings: its state, but ``moved`` where it is alive and has a new
address for good."""

Kind = Literal["alive", "doubtful", "failing", "refused", "postponed"]

_AGAIN: Mapping[str, timedelta] = {
    "alive": ALIVE_AGAIN,
    "doubtful": DOUBTFUL_AGAIN,
    "failing": FAILING_AGAIN,
    "dead": DOUBTFUL_AGAIN,
    "refused": DOUBTFUL_AGAIN,
}


@dataclass(frozen=True)
class Outcome:
    """What one check found.

    ``postponed`` means that the host asked to be left alone: it says nothing about the link.
    """

    kind: Kind
    status: int | None = None
    """HTTP status; None where no answer came."""
    detail: str | None = None
    """Why, in words, where the kind and the status do not say it."""
    final_url: str | None = None
    """Where redirects led, when elsewhere."""
    moved_permanently: bool = False
    rest_until: datetime | None = None
    """Until when the host wants no more questions, about this link or another."""


@dataclass(frozen=True)
class Standing:
    """What is known of a link: the columns of ``Link`` that a check may change."""

    state: str = "unchecked"
    status: int | None = None
    detail: str | None = None
    final_url: str | None = None
    moved_permanently: bool = False
    failures: int = 0
    first_failed_at: datetime | None = None
    checked_at: datetime | None = None
    next_check_at: datetime | None = None

    @property
    def name(self) -> str:
        """One of :data:`STATES`."""
        return name_of(self.state, self.moved_permanently)


STANDING = tuple(field.name for field in fields(Standing))
"""The names of those columns."""


def judged(before: Standing, outcome: Outcome, *, now: datetime) -> Standing:
    """How a link stands after one more check."""
    if outcome.kind == "postponed":
        return replace(before, next_check_at=_next_check(before, timedelta(0), outcome, now))
    failures, first_failed_at = 0, None
    state: str = outcome.kind
    if outcome.kind == "failing":
        failures, first_failed_at = before.failures + 1, before.first_failed_at or now
        if failures >= DEAD_AFTER_FAILURES and now - first_failed_at >= DEAD_AFTER:
            state = "dead"
    return Standing(
        state=state,
        status=outcome.status,
        detail=outcome.detail and outcome.detail[:LONGEST_DETAIL],
        final_url=_whole(outcome.final_url),
        moved_permanently=outcome.moved_permanently and outcome.kind == "alive",
        failures=failures,
        first_failed_at=first_failed_at,
        checked_at=now,
        next_check_at=_next_check(before, _AGAIN[state], outcome, now),
    )


def name_of(state: str, moved_permanently: bool) -> str:
    """One of :data:`STATES`."""
    return "moved" if state == "alive" and moved_permanently else state


def _next_check(
    before: Standing, again: timedelta, outcome: Outcome, now: datetime
) -> datetime | None:
    if before.next_check_at is None:
        return None  # while it was checked, the last resource that names it was withdrawn
    rest = outcome.rest_until - now if outcome.rest_until else timedelta(0)
    return now + max(again, min(rest, LONGEST_REST))


def _whole(url: str | None) -> str | None:
    """An address is no address once it is cut."""
    return url if url and len(url) <= LONGEST_URL else None
