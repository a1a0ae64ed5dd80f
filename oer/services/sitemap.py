"""What a sitemap lists: every published resource and when it last changed, in files of ids.

A file holds the resources of a fixed range of row ids, as many as a sitemap may list. So no
resource ever moves to another file, and finding one costs neither counting nor skipping.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oer.models.resource import PUBLISHED, Resource, published_among_few

PER_FILE = 50_000
"""The most a sitemap may list (sitemaps.org)."""

READ_AT_ONCE = 2_000


@dataclass(frozen=True)
class File:
    """One sitemap: its number from 1, and when anything in it last changed."""

    number: int
    changed_at: datetime


def files(session: Session) -> list[File]:
    """The sitemaps there are; those without a published resource are left out."""
    number = ((Resource.id - 1) // PER_FILE + 1).label("number")
    rows = session.execute(
        select(number, func.max(Resource.datestamp))
        .where(Resource.status == PUBLISHED)
        # By name: to PostgreSQL the same expression with parameters of its own is another one.
        .group_by("number")
        .order_by("number")
    )
    return [File(int(n), _aware(at)) for n, at in rows]


def entries(session: Session, number: int) -> Iterator[tuple[str, datetime]]:
    """Address and datestamp of the resources in one sitemap, read a part at a time."""
    last, end = (number - 1) * PER_FILE, number * PER_FILE
    while True:
        rows = session.execute(
            select(Resource.id, Resource.address, Resource.datestamp)
            .where(Resource.id > last, Resource.id <= end, published_among_few())
            .order_by(Resource.id)
            .limit(READ_AT_ONCE)
        ).all()
        for _id, address, datestamp in rows:
            yield address, datestamp
        if len(rows) < READ_AT_ONCE:
            return
        last = rows[-1].id


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
