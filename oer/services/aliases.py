"""Former names of records: a record that its provider renamed is known by both names.

What a newcomer would get wrong: a deletion under a former name is no deletion of the record when
the record has come under its present name since. Then only the name is gone.
"""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from oer.models import HarvestedRecord, RecordAlias


class Former(NamedTuple):
    """The record that a former name belongs to."""

    record_id: int
    identifier: str
    """Its present name."""
    superseded: bool
    """Whether the record came under its present name since it last came under the former one."""


def former(session: Session, source_id: int, identifiers: Collection[str]) -> dict[str, Former]:
    """The records that had these names before, by former name. One statement, or none."""
    if not identifiers:
        return {}
    rows = session.execute(
        select(
            RecordAlias.identifier.label("name"),
            RecordAlias.last_harvest_id.label("named_in"),
            HarvestedRecord.id,
            HarvestedRecord.identifier,
            HarvestedRecord.last_harvest_id,
        )
        .join(HarvestedRecord, HarvestedRecord.id == RecordAlias.record_id)
        .where(RecordAlias.source_id == source_id, RecordAlias.identifier.in_(identifiers))
    )
    return {
        row.name: Former(row.id, row.identifier, (row.last_harvest_id or 0) > (row.named_in or 0))
        for row in rows
    }


def came_again(
    session: Session, source_id: int, identifiers: Collection[str], harvest_id: int
) -> None:
    """Note that records came, not as deleted, under these former names in a run."""
    if identifiers:
        session.execute(
            update(RecordAlias)
            .where(RecordAlias.source_id == source_id, RecordAlias.identifier.in_(identifiers))
            .values(last_harvest_id=harvest_id)
            .execution_options(synchronize_session=False)
        )


def are_named(source_id: int, identifiers: Collection[str]) -> Any:
    """The condition that a record has one of these names, or had it."""
    before = select(RecordAlias.record_id).where(
        RecordAlias.source_id == source_id, RecordAlias.identifier.in_(identifiers)
    )
    return or_(HarvestedRecord.identifier.in_(identifiers), HarvestedRecord.id.in_(before))
