"""Visiting hours: when a provider wants to be visited."""

import re
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from oer.errors import UsageError

_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})(?:\s+(\S+))?")


@dataclass(frozen=True)
class VisitingHours:
    """A span of the day, in a time zone; it may go over midnight."""

    begin: time
    end: time
    zone: ZoneInfo

    def permit(self, now: datetime) -> bool:
        """Whether the provider wants visits at this moment."""
        here = now.astimezone(self.zone).time()
        if self.begin <= self.end:
            return self.begin <= here < self.end
        return here >= self.begin or here < self.end


@lru_cache(maxsize=256)
def visiting_hours(text: str) -> VisitingHours:
    """Read ``22:00-06:00 Europe/Helsinki``; UTC where no zone is named.

    Raises:
        UsageError: It is no span of hours, or the zone is unknown.
    """
    found = _HOURS.fullmatch(text.strip())
    try:
        if not found:
            raise ValueError(text)
        begin = time(int(found[1]), int(found[2]))
        end = time(int(found[3]) % 24, int(found[4]))
        return VisitingHours(begin, end, ZoneInfo(found[5] or "UTC"))
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise UsageError(
            f"'{text}' are no visiting hours. Write them like '22:00-06:00 Europe/Helsinki'."
        ) from error
