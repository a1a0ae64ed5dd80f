"""When a source's turn has come: intervals, visiting hours, parking."""

from datetime import UTC, datetime, timedelta

from oer.models import Source
from oer.services.hours import visiting_hours


def is_due(source: Source, last_started: datetime | None, now: datetime) -> bool:
    """Whether a scheduled run of the source should begin now."""
    if source.interval_hours is None:
        return False
    if source.parked_until is not None and now < source.parked_until:
        return False
    if source.visiting_hours and not visiting_hours(source.visiting_hours).permit(now):
        return False
    if last_started is None:
        return True
    return last_started.astimezone(UTC) + timedelta(hours=source.interval_hours) <= now
