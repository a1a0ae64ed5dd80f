"""Harvesting many sources: one run for each host at a time, several hosts at once."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event
from typing import TypeVar
from urllib.parse import urlsplit

from sqlalchemy import func, select

from harvesters.schedule import is_due
from oer.database import Sessions
from oer.models import Harvest, Source
from oer.services import sources

_Result = TypeVar("_Result")


def due(sessions: Sessions, now: datetime) -> list[str]:
    """The slugs of the sources whose turn has come, the longest waiting first."""
    started = (
        select(Harvest.source_id, func.max(Harvest.started_at).label("at"))
        .group_by(Harvest.source_id)
        .subquery()
    )
    query = (
        select(Source, started.c.at)
        .outerjoin(started, started.c.source_id == Source.id)
        .where(Source.removed_at.is_(None), Source.interval_hours.is_not(None))
        .order_by(started.c.at.asc().nulls_first(), Source.id)
    )
    with sessions() as session:
        return [source.slug for source, at in session.execute(query) if is_due(source, at, now)]


def lanes(sessions: Sessions, slugs: Sequence[str]) -> list[list[str]]:
    """The slugs in lanes by host: a host is visited by one run at a time."""
    by_host: dict[str, list[str]] = defaultdict(list)
    with sessions() as session:
        for slug in slugs:
            host = urlsplit(sources.get(session, slug).base_url).hostname or ""
            by_host[host].append(slug)
    return list(by_host.values())


def in_lanes(
    lanes: Sequence[Sequence[str]],
    harvest: Callable[[str], _Result],
    *,
    parallel: int,
    stop: Event,
) -> list[_Result]:
    """``harvest`` every slug, up to ``parallel`` lanes at once. Results in the order of the lanes.

    ``stop`` is set on Ctrl-C: no further run begins, and those that run are expected to heed it.
    """

    def lane(slugs: Sequence[str]) -> list[_Result]:
        return [harvest(slug) for slug in slugs if not stop.is_set()]

    with ThreadPoolExecutor(max_workers=parallel, thread_name_prefix="harvest") as pool:
        running = [pool.submit(lane, slugs) for slugs in lanes]
        try:
            return [result for each in running for result in each.result()]
        except KeyboardInterrupt:
            stop.set()
            raise
