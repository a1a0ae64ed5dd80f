"""Findings in the database: kept in step with what the checks say."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from oer.metadata import checks
from oer.models import Finding, Link, ResourceLink

DEAD_LINK = "dead-link"
"""The code of the link checker's finding: no description tells it, only a visit."""

REPORTED = "reported"
"""The code of what a reader reports (``oer.services.problems``). Only a curator settles it, and
the words are for curators alone: not for reports on a source, nor for its page."""


def renew_dead_links(session: Session, *, now: datetime) -> None:
    """Make the findings about dead links equal what the link checker knows. Two statements."""
    dead = (
        select(ResourceLink.resource_id, func.min(Link.url).label("url"))
        .join(Link, Link.id == ResourceLink.link_id)
        .where(Link.state == "dead")
        .group_by(ResourceLink.resource_id)
        .subquery()
    )
    session.execute(
        delete(Finding)
        .where(Finding.code == DEAD_LINK, Finding.resource_id.not_in(select(dead.c.resource_id)))
        .execution_options(synchronize_session=False)
    )
    known = select(Finding.resource_id).where(Finding.code == DEAD_LINK)
    fresh = session.execute(
        select(dead.c.resource_id, dead.c.url).where(dead.c.resource_id.not_in(known))
    ).all()
    if fresh:
        same = {"code": DEAD_LINK, "severity": "error", "field": "link", "found_at": now}
        session.execute(
            insert(Finding),
            [same | {"resource_id": resource_id, "evidence": url} for resource_id, url in fresh],
        )


def replace(
    session: Session, found: Mapping[int, Sequence[checks.Finding]], *, now: datetime
) -> None:
    """Make the findings of these resources equal ``found``; those of no check stay.

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
        ).where(Finding.resource_id.in_(found), Finding.code.not_in((DEAD_LINK, REPORTED)))
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


def hand_over_reports(session: Session, from_ids: Iterable[int], to_id: int) -> None:
    """Let the resource that is shown instead of others have what readers reported of those."""
    of_these = Finding.resource_id.in_(list(from_ids))
    session.execute(
        update(Finding).where(of_these, Finding.code == REPORTED).values(resource_id=to_id)
    )
