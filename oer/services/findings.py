"""Findings in the database: kept in step with what the checks say."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from oer.metadata import checks
from oer.models import Finding


def replace(
    session: Session, found: Mapping[int, Sequence[checks.Finding]], *, now: datetime
) -> None:
    """Make the findings of these resources equal ``found``.

    A finding that is found again keeps the day it was first found on: curators sort by age. Three
    statements at most, however many resources.
    """
    if not found:
        return
    known = session.execute(
        select(
            Finding.id,
            Finding.resource_id,
            Finding.code,
            Finding.severity,
            Finding.field,
            Finding.evidence,
        ).where(Finding.resource_id.in_(found))
    ).all()
    kept = {
        (row.resource_id, row.code, row.severity, row.field, row.evidence): row.id for row in known
    }
    wanted = {
        (resource_id, each.code, each.severity, each.field, each.evidence)
        for resource_id, findings in found.items()
        for each in findings
    }
    gone = [finding_id for key, finding_id in kept.items() if key not in wanted]
    if gone:
        session.execute(delete(Finding).where(Finding.id.in_(gone)))
    fresh = sorted(wanted - kept.keys())
    if fresh:
        names = ("resource_id", "code", "severity", "field", "evidence")
        session.execute(
            insert(Finding),
            [dict(zip(names, key, strict=True)) | {"found_at": now} for key in fresh],
        )
