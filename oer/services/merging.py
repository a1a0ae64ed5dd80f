"""Deciding on copies: merging them, taking a merge back, saying that two are different.

A group of merged copies shows one resource, the kept one; each other has ``merged_into_id`` set,
always to the kept one itself, never to another copy. ``merged_into_id`` alone says that a resource
is merged. Its status is ``merged`` while its provider still has the record and ``withdrawn`` once
the provider deleted it: every copy goes on following its own record, and its address leads to the
kept one in either case.

What a newcomer would get wrong:

- Who was merged with whom is remembered pair by pair (``merging_memory``). Those pairs are the
  branches of a tree: taking a merge back cuts one branch, and what hung on it goes along. So
  A into B, B into C and B out of C leave A in B, as it was.
- When the kept one's provider deletes it, a copy that still lives takes its place
  (:func:`release_orphans`), and the group stays a group: should the deleted record come back, it
  comes back as a copy, and nothing is proposed or shown twice. When a *curator* withdrew the kept
  one, nothing takes its place: whoever withdrew a resource meant its copies too.
- A merge says nothing about descriptions. The kept one is shown with its own, and every provider's
  record stands beside it (``catalogue.origins``).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from oer.errors import UsageError
from oer.models import DuplicateDecision, Resource
from oer.models.resource import IN_REVIEW, MERGED, PUBLISHED, REJECTED, WITHDRAWN
from oer.services import events, findings
from oer.services.duplicates import DISTINCT, MERGED_PAIR
from oer.services.merging_memory import MERGE, last_merge, remember, undecide

SPLIT, NOT_DUPLICATES, TAKE_PLACE = "split", "not_duplicates", "take_place"
"""What the events are called, besides ``merging_memory.MERGE``."""

NOBODY = "oer"
"""Who acts where no person does."""

_IN_ADDRESS = re.compile(r"/r/([^/?#]+)")


def find(session: Session, addresses: Iterable[str]) -> list[Resource]:
    """The resources of these addresses, in their order; whole web addresses are understood too.

    Raises:
        UsageError: There is no such resource.
    """
    wanted = [_bare(address) for address in addresses]
    rows = session.scalars(select(Resource).where(Resource.address.in_(wanted)))
    by_address = {resource.address: resource for resource in rows}
    for address in wanted:
        if address not in by_address:
            raise UsageError(f"No resource has the address '{address}'. See: oer search")
    return [by_address[address] for address in wanted]


def merge(
    session: Session,
    into: Resource,
    others: Sequence[Resource],
    *,
    actor: str,
    reason: str,
    now: datetime,
) -> list[Resource]:
    """Make ``others`` copies of ``into``: it alone is shown, and their addresses lead to it.

    What was merged into the others follows them, and so does what readers reported. Changes status,
    revision and datestamp of all, remembers the pairs, writes an event for each.

    Returns:
        The copies that were not merged into it before.

    Raises:
        UsageError: One of them is merged elsewhere or may not be merged.
    """
    _take(session, [into, *others], now)
    _check_kept(into)
    fresh = [copy for copy in dict.fromkeys(others) if copy.merged_into_id != into.id]
    for copy in fresh:
        _check_copy(session, copy, into)
    note = _noting(session, MERGE, actor, reason, now)
    for copy in fresh:
        before = remember(session, into, copy, MERGED_PAIR, actor, reason, now)
        detail = {"into": into.address, "status": copy.status, "before": before}
        note(copy, detail)
        followers = (copy, *_copies(session, copy))
        for follower in followers:
            follower.merged_into_id = into.id
        findings.hand_over_reports(session, [each.id for each in followers], into.id)
        if copy.status != WITHDRAWN:
            copy.status = MERGED
    if fresh:
        note(into, {"copies": [copy.address for copy in fresh]})
    session.flush()
    return fresh


def split(
    session: Session,
    resources: Sequence[Resource],
    *,
    actor: str,
    reason: str | None = None,
    now: datetime,
) -> None:
    """Take merges back: each resource stands for itself again, as it did before.

    What had been merged into it goes with it. A resource that was waiting for review waits again;
    one whose provider deleted its record meanwhile stays withdrawn.

    Raises:
        UsageError: One of them is not merged.
    """
    _take(session, resources, now)
    note = _noting(session, SPLIT, actor, reason, now)
    for copy in dict.fromkeys(resources):
        kept = _kept(session, copy)
        group = {kept.id: kept} | {each.id: each for each in _copies(session, kept)}
        branch = _cut(session, copy, kept, group)
        _stand_alone(session, copy)
        for follower in branch:
            if follower != copy.id:
                group[follower].merged_into_id = copy.id
        _changed(kept, now)
        note(copy, {"from": kept.address})
        note(kept, {"copies": [copy.address]})
        session.flush()
        if copy.status == WITHDRAWN and copy.withdrawn_by is None:
            _hand_over(session, copy, now)


def distinct(
    session: Session,
    resources: Sequence[Resource],
    *,
    actor: str,
    reason: str | None = None,
    now: datetime,
) -> None:
    """Remember that these are different resources: no two of them are proposed again.

    Raises:
        UsageError: Two of them are merged, or there are no two.
    """
    unique = list(dict.fromkeys(resources))
    if len(unique) < 2:
        raise UsageError("Name at least two different resources.")
    pairs = [(a, b) for place, a in enumerate(unique) for b in unique[place + 1 :]]
    for one, other in pairs:
        if (one.merged_into_id or one.id) == (other.merged_into_id or other.id):
            copy = one if one.merged_into_id else other
            raise UsageError(
                f"'{one.address}' and '{other.address}' are merged. "
                f"First take that back with: oer duplicates split {copy.address}"
            )
        remember(session, one, other, DISTINCT, actor, reason, now)
    note = _noting(session, NOT_DUPLICATES, actor, reason, now)
    for one in unique:
        note(one, {"from": [other.address for other in unique if other is not one]})
    session.flush()


def release_orphans(session: Session, *, now: datetime) -> int:
    """Let a living copy take the place of each kept resource that its provider withdrew.

    To be called after harvests and after a source was removed.

    Returns:
        How many took a place.
    """
    copy = aliased(Resource)
    orphaned = session.scalars(
        select(Resource)
        .where(
            Resource.id.in_(select(copy.merged_into_id).where(copy.status == MERGED)),
            Resource.status == WITHDRAWN,
            Resource.withdrawn_by.is_(None),
        )
        .order_by(Resource.id)
    )
    return sum(_hand_over(session, kept, now) for kept in orphaned.all())


# What may be merged -------------------------------------------------------------------------------


def _take(session: Session, resources: Sequence[Resource], now: datetime) -> None:
    """Mark the resources as changed and read them anew.

    The write comes first on purpose: it makes anyone who decides on the same resources at the same
    moment wait, on every database, so that no two can be merged into each other.
    """
    ids = [resource.id for resource in resources]
    session.execute(
        update(Resource)
        .where(Resource.id.in_(ids))
        .values(revision=Resource.revision + 1, datestamp=now),
        execution_options={"synchronize_session": False},
    )
    session.scalars(
        select(Resource).where(Resource.id.in_(ids)), execution_options={"populate_existing": True}
    ).all()


def _check_kept(into: Resource) -> None:
    if into.merged_into_id is not None:
        raise UsageError(f"'{into.address}' is merged itself. Name the one that was kept instead.")
    if into.status != PUBLISHED:
        raise UsageError(
            f"'{into.address}' is {_status(into)}: its copies would vanish with it. "
            "Keep one that is published."
        )


def _check_copy(session: Session, copy: Resource, into: Resource) -> None:
    if copy is into:
        raise UsageError(f"'{into.address}' cannot be merged into itself.")
    if copy.merged_into_id is not None:
        kept = session.get_one(Resource, copy.merged_into_id)
        raise UsageError(
            f"'{copy.address}' is merged into '{kept.address}' already. Name '{kept.address}', "
            f"or take that back with: oer duplicates split {copy.address}"
        )
    if copy.status == REJECTED:
        raise UsageError(f"'{copy.address}' was rejected; there is nothing to merge.")


def _kept(session: Session, copy: Resource) -> Resource:
    if copy.merged_into_id is not None:
        return session.get_one(Resource, copy.merged_into_id)
    copies = " ".join(each.address for each in _copies(session, copy))
    hint = f" It was kept; its copies are: {copies}" if copies else ""
    raise UsageError(f"'{copy.address}' is not merged into another resource.{hint}")


def _status(resource: Resource) -> str:
    return resource.status.replace("_", " ")


def _bare(address: str) -> str:
    """The address out of what the browser's address bar shows."""
    found = _IN_ADDRESS.search(address.strip())
    return found[1] if found else address.strip().strip("/")


# The group ----------------------------------------------------------------------------------------


def _copies(session: Session, kept: Resource) -> Sequence[Resource]:
    query = select(Resource).where(Resource.merged_into_id == kept.id).order_by(Resource.id)
    return session.scalars(query).all()


def _cut(session: Session, copy: Resource, kept: Resource, group: dict[int, Resource]) -> set[int]:
    """Forget the merge that ties ``copy`` to ``kept``; the ids that hang on ``copy``, its own too.

    Where a curator had said before that the two are different, that counts again.
    """
    pairs = session.scalars(
        select(DuplicateDecision).where(
            DuplicateDecision.decision == MERGED_PAIR,
            DuplicateDecision.first_id.in_(group),
            DuplicateDecision.second_id.in_(group),
        )
    )
    neighbours: defaultdict[int, dict[int, DuplicateDecision]] = defaultdict(dict)
    for pair in pairs:
        neighbours[pair.first_id][pair.second_id] = pair
        neighbours[pair.second_id][pair.first_id] = pair
    for neighbour, pair in neighbours[copy.id].items():
        if kept.id in _reached(neighbour, copy.id, neighbours):
            del neighbours[copy.id][neighbour]
            undecide(session, pair)
            break
    return _reached(copy.id, copy.id, neighbours)


def _reached(start: int, beside: int, neighbours: dict[int, dict[int, Any]]) -> set[int]:
    """The ids that hang together with ``start``, not looking past ``beside``."""
    found, ahead = {start}, [start]
    while ahead:
        for id_ in neighbours.get(ahead.pop(), {}):
            if id_ not in found and id_ != beside:
                found.add(id_)
                ahead.append(id_)
    return found


def _hand_over(session: Session, kept: Resource, now: datetime) -> bool:
    """Let the best living copy take the place of ``kept``, if there is one."""
    copies = _copies(session, kept)
    living = [copy for copy in copies if copy.status == MERGED]
    if not living:
        return False
    # One that waited for review before is shown to nobody: better one that was public.
    heir = min(
        living,
        key=lambda copy: (
            _status_before(session, copy) != PUBLISHED,
            -(copy.completeness or 0.0),
            copy.id,
        ),
    )
    _stand_alone(session, heir)
    for each in (kept, *copies):
        if each is not heir:
            each.merged_into_id = heir.id
    findings.hand_over_reports(session, [kept.id], heir.id)
    _changed(heir, now)
    _changed(kept, now)
    note = _noting(session, TAKE_PLACE, NOBODY, kept.withdrawn_reason, now)
    note(heir, {"of": kept.address})
    session.flush()
    return True


def _stand_alone(session: Session, copy: Resource) -> None:
    copy.merged_into_id = None
    if copy.status == MERGED:
        copy.status = _status_before(session, copy)


def _status_before(session: Session, copy: Resource) -> str:
    """Published, or in review where it was when it was merged."""
    merged = last_merge(session, copy)
    return IN_REVIEW if merged.get("status") == IN_REVIEW else PUBLISHED


def _changed(resource: Resource, now: datetime) -> None:
    resource.revision += 1
    resource.datestamp = now


def _noting(
    session: Session, action: str, actor: str, reason: str | None, now: datetime
) -> Callable[[Resource, dict[str, Any]], None]:
    """Write lines of the log that have all but the resource and the detail in common."""

    def note(resource: Resource, detail: dict[str, Any]) -> None:
        events.record(
            session,
            action,
            actor=actor,
            now=now,
            resource=resource,
            reason=reason,
            detail=detail,
        )

    return note
