"""The materials of a reader's list. The list itself is never stored."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, defer

from oer.models.resource import PUBLISHED, WITHDRAWN, Resource


def members(session: Session, addresses: Iterable[str]) -> dict[str, Resource]:
    """The published and withdrawn resources of these addresses, by the address asked; one query.

    The address of a merged copy leads to the one that is kept. Others are left out.
    """
    named, shown = aliased(Resource), aliased(Resource)
    rows = session.execute(
        select(named.address, shown)
        .join(shown, shown.id == func.coalesce(named.merged_into_id, named.id))
        .where(named.address.in_(list(addresses)), shown.status.in_((PUBLISHED, WITHDRAWN)))
        .options(defer(shown.audit_json))
    )
    return {row[0]: row[1] for row in rows}
