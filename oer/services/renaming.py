"""Renaming the records of a source after their provider has: same resources, same addresses.

A provider that moves to another host or system may give all its records new identifiers. Taken at
their word, every resource would vanish and come back under a new address. Here each old record gets
its new name and keeps the old one as an alias. Where a harvest has brought the record under its new
name already, the two become one again: the older resource stays, with its address and what curators
set, and takes the newer content; the newer one's address leads to it.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from oer.database import Sessions
from oer.errors import HarvestBusy, UsageError
from oer.models import Harvest, HarvestedRecord, Override, RecordAlias, Resource, Source
from oer.models.resource import REJECTED, WITHDRAWN
from oer.services import deletions, events, sources
from oer.services.ingest import MAX_IDENTIFIER_LENGTH
from oer.services.redescribing import touch
from oer.services.renormalise import renormalise

ANY = "*"

_HEADER = ("datestamp", "set_specs", "problem", "problem_detail", "last_harvest_id")
_CONTENT = ("payload", "about", "checksum", "repaired", "received", "metadata_prefix")
"""What a record takes over from the one that came under its new name; the content where there is
any, because what is held may be all that is left."""


class Renaming(NamedTuple):
    """A record and its new name."""

    record_id: int
    old: str
    new: str
    joined_id: int | None = None
    """The record that came under the new name already; it becomes one with this one."""


class Conflict(NamedTuple):
    """A record that is left as it is, and why."""

    old: str
    new: str
    why: str


@dataclass(frozen=True)
class Plan:
    """What a renaming does."""

    renamings: tuple[Renaming, ...] = ()
    conflicts: tuple[Conflict, ...] = ()

    @property
    def joined(self) -> int:
        """How many records become one with a newer one."""
        return sum(each.joined_id is not None for each in self.renamings)


def rename_identifiers(
    sessions: Sessions,
    slug: str,
    from_: str,
    to: str,
    *,
    actor: str,
    now: Callable[[], datetime],
    dry_run: bool = False,
) -> Plan:
    """Give the records of a source their new names.

    May change records, withdraw the second resource of a record, revive the first, and writes the
    log; all in one transaction. Resources with newer content are described again after it.

    Args:
        from_: The old name; one ``*`` in it stands for any text.
        to: The new name; the ``*`` in it stands for the same text.

    Raises:
        UnknownSource: No such source.
        UsageError: The patterns cannot be used.
        HarvestBusy: The source is being harvested.
    """
    rewrite = rewriter(from_, to)
    with sessions.begin() as session:
        source = sources.get(session, slug)
        _refuse_while_harvested(session, source, now())
        plan = _plan(session, source, rewrite)
        touched: set[int] = set()
        if not dry_run and plan.renamings:
            touched = _apply(session, source, plan, actor=actor, now=now())
            detail = {"from": from_, "to": to, "records": len(plan.renamings)}
            events.record(
                session, "rename", actor=actor, now=now(), source_id=source.id, detail=detail
            )
    if touched:
        renormalise(sessions, source_slug=slug, resource_ids=touched, now=now)
    return plan


def rewriter(from_: str, to: str) -> Callable[[str], str | None]:
    """What gives an identifier its new name; None where the pattern does not fit.

    Raises:
        UsageError: The patterns cannot be used.
    """
    if not from_ or not to or from_ == to or not from_.count(ANY) == to.count(ANY) <= 1:
        raise UsageError(
            f"'{from_}' and '{to}' cannot be used. Give two names that differ, with one * in each "
            "for what stays, such as --from 'oai:old.example:*' --to 'oai:new.example:*'"
        )
    begin, star, end = from_.partition(ANY)
    before, _, after = to.partition(ANY)

    def rewrite(identifier: str) -> str | None:
        if not star:
            return to if identifier == from_ else None
        middle = len(identifier) - len(begin) - len(end)
        if middle < 1 or not (identifier.startswith(begin) and identifier.endswith(end)):
            return None
        return f"{before}{identifier[len(begin) : len(begin) + middle]}{after}"

    return rewrite


def _refuse_while_harvested(session: Session, source: Source, now: datetime) -> None:
    running = session.scalar(
        select(Harvest.id).where(
            Harvest.source_id == source.id, Harvest.state == "running", Harvest.lease_until > now
        )
    )
    if running is not None:
        raise HarvestBusy(
            f"The source '{source.slug}' is being harvested. Wait for its end; if that run was "
            f"killed, let another finish it first: oer harvest run {source.slug}"
        )


# What would become of it --------------------------------------------------------------------------


def _plan(session: Session, source: Source, rewrite: Callable[[str], str | None]) -> Plan:
    query = select(HarvestedRecord.identifier, HarvestedRecord.id).where(
        HarvestedRecord.source_id == source.id
    )
    present = {row.identifier: row.id for row in session.execute(query)}
    done = _done_before(session, source.id, rewrite)
    wanted = {
        old: new
        for old in present
        if (new := rewrite(old)) is not None and new != old and present[old] not in done
    }
    # A name that another record is to get is a new one already, also where the pattern fits it.
    new_ones = set(wanted.values())
    wanted = {old: new for old, new in wanted.items() if old not in new_ones}
    shared = Counter(wanted.values())
    doubts = _doubts(session, [present[new] for new in wanted.values() if new in present])
    renamings, conflicts = [], []
    for old, new in sorted(wanted.items()):
        joined = present.get(new)
        why = doubts.get(joined) if joined is not None else None
        if shared[new] > 1:
            why = "several records would get this name"
        elif len(new) > MAX_IDENTIFIER_LENGTH:
            why = f"the new name is longer than {MAX_IDENTIFIER_LENGTH} letters"
        if why:
            conflicts.append(Conflict(old, new, why))
        else:
            renamings.append(Renaming(present[old], old, new, joined))
    return Plan(tuple(renamings), tuple(conflicts))


def _done_before(
    session: Session, source_id: int, rewrite: Callable[[str], str | None]
) -> set[int]:
    """The records that were renamed by this very pattern: doing it again changes nothing."""
    rows = session.execute(
        select(RecordAlias.identifier.label("old"), HarvestedRecord.identifier, HarvestedRecord.id)
        .join(HarvestedRecord, HarvestedRecord.id == RecordAlias.record_id)
        .where(RecordAlias.source_id == source_id)
    )
    return {row.id for row in rows if rewrite(row.old) == row.identifier}


def _doubts(session: Session, record_ids: list[int]) -> dict[int, str]:
    """Why the records that came under the new names cannot be given up for the older ones."""
    overridden = set(session.scalars(select(Override.resource_id).distinct()))
    merged = select(Resource.merged_into_id).where(Resource.merged_into_id.is_not(None))
    kept = set(session.scalars(merged.distinct()))
    found = {}
    for ids in _parts(record_ids):
        query = (
            select(
                HarvestedRecord.id,
                HarvestedRecord.blocked,
                HarvestedRecord.resource_id,
                Resource.address,
                Resource.status,
                Resource.withdrawn_by,
            )
            .outerjoin(Resource, Resource.id == HarvestedRecord.resource_id)
            .where(HarvestedRecord.id.in_(ids))
        )
        for row in session.execute(query):
            decided = row.status == REJECTED or row.withdrawn_by is not None or row.blocked
            if row.resource_id in overridden:
                found[row.id] = f"a curator has changed the resource {row.address} of the new name"
            elif row.resource_id in kept:
                found[row.id] = f"other resources were merged into {row.address} of the new name"
            elif decided:
                found[row.id] = "a curator has decided about the record of the new name"
    return found


def _parts(ids: list[int], size: int = 500) -> Iterator[list[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


# Doing it -----------------------------------------------------------------------------------------


def _apply(session: Session, source: Source, plan: Plan, *, actor: str, now: datetime) -> set[int]:
    """Returns the resources that have to be described again."""
    touched = set()
    for each in plan.renamings:
        if each.joined_id is not None:
            touched |= _join(session, each, actor=actor, now=now)
    session.flush()
    session.connection().execute(
        update(HarvestedRecord.__table__)  # type: ignore[arg-type]
        .where(HarvestedRecord.__table__.c.id == bindparam("row_id"))
        .values(identifier=bindparam("new")),
        [{"row_id": each.record_id, "new": each.new} for each in plan.renamings],
    )
    ids = [each.record_id for each in plan.renamings]
    names = [name for each in plan.renamings for name in (each.old, each.new)]
    for part in _parts(ids):
        # That the old name was missing from a list proves nothing any more.
        session.execute(
            update(HarvestedRecord)
            .where(HarvestedRecord.id.in_(part), HarvestedRecord.pending_deletion == "absent")
            .values(pending_deletion=None)
            .execution_options(synchronize_session=False)
        )
    for start in range(0, len(names), 500):
        session.execute(
            delete(RecordAlias)
            .where(
                RecordAlias.source_id == source.id,
                RecordAlias.identifier.in_(names[start : start + 500]),
            )
            .execution_options(synchronize_session=False)
        )
    before = _last_harvests(session, source.id)
    session.execute(
        insert(RecordAlias),
        [
            {
                "source_id": source.id,
                "identifier": each.old,
                "record_id": each.record_id,
                # One that came under its new name already has done so after the old one.
                "last_harvest_id": None if each.joined_id is not None else before,
                "created_at": now,
            }
            for each in plan.renamings
        ],
    )
    return touched


def _last_harvests(session: Session, source_id: int) -> int | None:
    return session.scalar(select(func.max(Harvest.id)).where(Harvest.source_id == source_id))


def _join(session: Session, renaming: Renaming, *, actor: str, now: datetime) -> set[int]:
    """Make the older record and the one that came under the new name one."""
    old = session.get_one(HarvestedRecord, renaming.record_id)
    new = session.get_one(HarvestedRecord, renaming.joined_id)
    for name in _HEADER if new.payload is None else (*_HEADER, *_CONTENT):
        setattr(old, name, getattr(new, name))
    # Deleted under the new name only: the next complete list judges it, resource and all.
    gone = new.deleted and not old.deleted
    old.pending_deletion = deletions.HEADER if gone else new.pending_deletion
    old.deleted = new.deleted and old.deleted
    second = new.resource_id
    session.execute(
        update(RecordAlias)
        .where(RecordAlias.record_id == new.id)
        .values(record_id=old.id)
        .execution_options(synchronize_session=False)
    )
    session.delete(new)
    session.flush()
    if old.resource_id is None:
        old.resource_id = second
    elif second is not None:
        first = session.get_one(Resource, old.resource_id)
        _lead_on(session, session.get_one(Resource, second), first, actor=actor, now=now)
    return {old.resource_id} if old.resource_id is not None else set()


def _lead_on(
    session: Session, second: Resource, first: Resource, *, actor: str, now: datetime
) -> None:
    """The second resource of a record becomes a tombstone that names the first.

    It is no merged copy: those come to light again when what they were merged into is gone.
    """
    second.status, second.merged_into_id = WITHDRAWN, None
    second.withdrawn_by = actor
    second.withdrawn_reason = "Its provider renamed the record, which has an older address here."
    if first.status != REJECTED:
        second.successor = first.address
    touch(second, now)
    detail = {"successor": first.address}
    events.record(session, "withdraw", actor=actor, now=now, resource=second, detail=detail)
