"""Replaying stored payloads after a table or a crosswalk changed, without the network."""

import hashlib
import zlib
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import oer
from oer import __version__
from oer.database import Sessions
from oer.models import HarvestedRecord, MappingRow, Source
from oer.services import ingest, sources
from oer.services.source_record import SourceRecord
from oer.services.tables import load_tables
from oer.services.tally import Tally

BATCH = 200


def renormalise(
    sessions: Sessions,
    *,
    source_slug: str | None = None,
    only_problems: bool = False,
    resource_ids: Collection[int] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    progress: Callable[[Tally], None] = lambda tally: None,
) -> Tally:
    """Read, normalise and check stored records again: all of them, a source's, or some resources'.

    Updates resources whose description comes out differently, takes mended records out of
    quarantine and puts newly unreadable ones in, renews all findings. One transaction per batch;
    memory does not grow with the catalogue.

    Args:
        only_problems: Only the records in quarantine.

    Raises:
        UnknownSource: No source of that slug.
    """
    tally = Tally()
    with sessions() as session:
        chosen = [sources.get(session, source_slug)] if source_slug else sources.every(session)
        source_ids = [source.id for source in chosen]
    for source_id in source_ids:
        for batch in _batches(sessions, source_id, resource_ids, only_problems):
            with sessions.begin() as session:
                tally.add(_replay(session, source_id, batch, now()))
            progress(tally)
    return tally


@lru_cache(maxsize=1)
def _shipped_version() -> str:
    """A digest of the code and tables that read records: it changes when they do."""
    digest = hashlib.sha256(__version__.encode())
    package = Path(oer.__file__).parent
    for folder in ("formats", "metadata"):
        for path in sorted((package / folder).rglob("*")):
            if path.suffix in (".py", ".csv", ".json"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def reading_version(session: Session) -> str:
    """What records are read with: the shipped code and tables, and the curators' rows."""
    rows, newest = session.execute(select(func.count(), func.max(MappingRow.id))).one()
    return f"{_shipped_version()}:{rows}:{newest or 0}"


def _replay(session: Session, source_id: int, batch: list[Any], now: datetime) -> Tally:
    source = session.get_one(Source, source_id)
    tables = load_tables(session, source_id)
    records = [_record(row) for row in batch]
    return ingest.accept(session, source, None, records, now=now, tables=tables, replay=True)


def _batches(
    sessions: Sessions,
    source_id: int,
    resource_ids: Collection[int] | None,
    only_problems: bool,
) -> Iterator[list[Any]]:
    query = (
        select(
            HarvestedRecord.id,
            HarvestedRecord.identifier,
            HarvestedRecord.datestamp,
            HarvestedRecord.set_specs,
            HarvestedRecord.metadata_prefix,
            HarvestedRecord.payload,
            HarvestedRecord.about,
            HarvestedRecord.problem,
            HarvestedRecord.problem_detail,
        )
        .where(
            HarvestedRecord.source_id == source_id,
            HarvestedRecord.deleted.is_(False),
            HarvestedRecord.blocked.is_(False),
        )
        .order_by(HarvestedRecord.id)
        .limit(BATCH)
    )
    if only_problems:
        query = query.where(HarvestedRecord.problem.is_not(None))
    wanted = sorted(resource_ids) if resource_ids is not None else None
    for part in _parts(wanted):
        narrowed = query if part is None else query.where(HarvestedRecord.resource_id.in_(part))
        last = 0
        while True:
            with sessions() as session:
                batch = list(session.execute(narrowed.where(HarvestedRecord.id > last)))
            if not batch:
                break
            yield batch
            last = batch[-1].id


def _parts(wanted: list[int] | None) -> Iterator[list[int] | None]:
    """The ids in portions that fit into one statement; None once for "all"."""
    if wanted is None:
        yield None
        return
    for start in range(0, len(wanted), BATCH):
        yield wanted[start : start + BATCH]


STORED_PROBLEMS = frozenset({"malformed", "no_identifier"})
"""Problems of the record's envelope: its payload alone cannot tell them. Where there is no payload
any problem stays as it is."""


def _record(row: Any) -> SourceRecord:
    kept = row.problem in STORED_PROBLEMS or row.payload is None
    return SourceRecord(
        identifier=row.identifier,
        datestamp=row.datestamp,
        set_specs=tuple(row.set_specs),
        payload=zlib.decompress(row.payload) if row.payload is not None else None,
        about=zlib.decompress(row.about) if row.about is not None else None,
        metadata_prefix=row.metadata_prefix,
        problem=row.problem if kept else None,
        problem_detail=row.problem_detail if kept else None,
    )
