"""Tombstones: resources that a provider or a source took away, many at once.

Their addresses answer "gone" from now on and are never given to anything else. A curator withdraws
one at a time, with a decision that no harvest takes back: ``oer.services.curation``.
"""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Table, update
from sqlalchemy.orm import Session

from oer.models import Resource
from oer.models.resource import REJECTED, WITHDRAWN

DELETED_BY_PROVIDER = "deleted_by_provider"
SOURCE_REMOVED = "source_removed"

_RESOURCES = cast(Table, Resource.__table__)


def withdraw(session: Session, *which: ColumnElement[bool], reason: str, now: datetime) -> int:
    """Withdraw the resources of which all conditions hold. Whoever took them may bring them back.

    Args:
        reason: A code: :data:`DELETED_BY_PROVIDER` or :data:`SOURCE_REMOVED`.

    Returns:
        How many were withdrawn by this.
    """
    result = cast(
        "CursorResult[Any]",
        session.execute(
            update(_RESOURCES)
            # A rejected one stays rejected: as a tombstone it would come back with the record.
            .where(*which, Resource.status.not_in((WITHDRAWN, REJECTED)))
            .values(
                status=WITHDRAWN,
                withdrawn_reason=reason,
                withdrawn_by=None,
                datestamp=now,
                revision=Resource.revision + 1,
            )
        ),
    )
    return result.rowcount
