"""Seeing, after a harvest, that a provider has probably renamed its records.

New records that lead to the same pages, or have the same identifiers, as records of the same source
that did not come any more are hardly new. It is only said: whether to rename is for a curator.
"""

import re
import shlex
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from oer.metadata.likeness_keys import identifier_keys
from oer.metadata.resource_metadata import from_json
from oer.models import HarvestedRecord, Resource, ResourceKey, Source

FEWEST = 5
"""Fewer new records are no sign."""

LOOKED_AT = 200
"""New records that are looked at: a provider renames all of them, or none."""

_SPEAKABLE = re.compile(r"[!-~]{1,300}")


class Pair(NamedTuple):
    """A record that is missing, and the new one that leads to the same place."""

    old: str
    new: str


def renaming_hint(session: Session, source: Source, *, window_id: int) -> str | None:
    """A sentence for the report of a run, when most new records seem to be old ones; else None.

    Needs the keys of resources (``oer.services.duplicates.refresh``) for the old records.

    Args:
        window_id: The run that began the list.
    """
    fresh = _fresh(session, source.id, window_id)
    if len(fresh) < FEWEST:
        return None
    pairs = _pairs(session, source.id, window_id, fresh)
    if 2 * len(pairs) < len(fresh):
        return None
    said = (
        f"The provider seems to have renamed its records: of {len(fresh)} new ones, {len(pairs)} "
        "lead where an older one leads that did not come under its name."
    )
    patterns = pattern_of(pairs)
    named = patterns or ("'OLD:*'", "'NEW:*'")
    quoted = [shlex.quote(each) for each in named] if patterns else list(named)
    return (
        f"{said} To keep resources and their addresses: oer source rename-identifiers "
        f"{source.slug} --from {quoted[0]} --to {quoted[1]} --dry-run"
    )


def pattern_of(pairs: Iterable[Pair]) -> tuple[str, str] | None:
    """The pattern that most of the pairs follow, with ``*`` for what stays; None: there is none."""
    found = Counter(_pattern(pair) for pair in pairs)
    if not found:
        return None
    patterns, count = found.most_common(1)[0]
    if patterns is None or 2 * count < found.total():
        return None
    fine = all("*" not in each[:-1] and _SPEAKABLE.fullmatch(each) for each in patterns)
    return patterns if fine else None


def _pattern(pair: Pair) -> tuple[str, str] | None:
    old, new = pair
    same = 0
    while same < min(len(old), len(new)) - 1 and old[-1 - same] == new[-1 - same]:
        same += 1
    # What stays begins after a separator: that hosts end alike is chance.
    separator = re.search(r"[:/]", old[len(old) - same :]) if same else None
    if separator is None:
        return None
    same -= separator.end()
    if not same:
        return None
    return f"{old[: len(old) - same]}*", f"{new[: len(new) - same]}*"


def _fresh(session: Session, source_id: int, window_id: int) -> dict[str, set[str]]:
    """New records, and the keys that tell where they lead."""
    query = (
        select(HarvestedRecord.identifier, Resource.metadata_json)
        .join(Resource, Resource.id == HarvestedRecord.resource_id)
        .where(
            HarvestedRecord.source_id == source_id,
            HarvestedRecord.first_harvest_id >= window_id,
            HarvestedRecord.deleted.is_(False),
        )
        .order_by(HarvestedRecord.id)
        .limit(LOOKED_AT)
    )
    return {
        row.identifier: set(identifier_keys(from_json(row.metadata_json)))
        for row in session.execute(query)
    }


def _pairs(
    session: Session, source_id: int, window_id: int, fresh: dict[str, set[str]]
) -> list[Pair]:
    wanted = {key for keys in fresh.values() for key in keys}
    query = (
        select(ResourceKey.key, func.min(HarvestedRecord.identifier).label("identifier"))
        .join(HarvestedRecord, HarvestedRecord.resource_id == ResourceKey.resource_id)
        .where(
            ResourceKey.key.in_(wanted),
            HarvestedRecord.source_id == source_id,
            HarvestedRecord.first_harvest_id < window_id,
            or_(
                HarvestedRecord.last_harvest_id < window_id,
                HarvestedRecord.pending_deletion.is_not(None),
            ),
        )
        .group_by(ResourceKey.key)
    )
    old = {row.key: row.identifier for row in session.execute(query)}
    found = []
    for identifier, keys in fresh.items():
        name = next((old[key] for key in sorted(keys) if key in old), None)
        if name is not None:
            found.append(Pair(name, identifier))
    return found
