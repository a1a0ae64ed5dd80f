"""A source as its provider and everybody else may see it: one value for page, JSON and feed.

Public, so nothing internal is in it: addresses without their queries, notes without what they
repeat of addresses, no name of a machine, nothing of what waits for review.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from oer.database import Sessions
from oer.models import Harvest, Source
from oer.services import source_status
from oer.services.redaction import public_address, public_text
from oer.services.source_profile import SourceProfile, source_profile
from oer.services.source_status import RejectedPage, Step

HELD_SHOWN = 50
REJECTED_SHOWN = 50
NOTES_SHOWN = 20


@dataclass(frozen=True)
class Run:
    """One run, without what concerns only the machine it ran on."""

    id: int
    state: str
    kind: str
    started_at: datetime
    finished_at: datetime | None
    seen: int
    created: int
    updated: int
    unchanged: int
    withdrawn: int
    quarantined: int
    held: int
    seconds: float
    error: str | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class SourcePage:
    """Everything that is shown of a source."""

    slug: str
    name: str
    address: str | None
    protocol: str
    metadata_prefix: str
    set_specs: tuple[str, ...]
    granularity: str | None
    deleted_record: str | None
    deletion_policy: str
    health: str
    parked_until: datetime | None
    resources: int
    last_complete_at: datetime | None
    """When the last run that got to the end of its list began, of those that are shown."""
    runs: tuple[Run, ...]
    growth: tuple[Step, ...]
    profile: SourceProfile
    rejected_counts: dict[str, int]
    rejected: RejectedPage
    held_count: int
    held: tuple[tuple[str, str], ...]
    """Identifiers of records whose deletion waits, and why (``header`` or ``absent``)."""

    @property
    def rejected_total(self) -> int:
        """How many records could not be taken in."""
        return sum(self.rejected_counts.values())

    def as_dict(self) -> dict[str, Any]:
        """The page for JSON: times in ISO 8601, shares left to the reader's own division."""
        values = asdict(self) | {"profile": asdict(self.profile.profile)}
        values["profile"]["of"] = self.profile.of
        values["held"] = [{"identifier": name, "why": why} for name, why in self.held]
        return values


def source_page(
    sessions: Sessions, slug: str, *, now: datetime, after: int = 0
) -> SourcePage | None:
    """Collect what is shown of a source; None where there is none.

    Args:
        after: Where the list of rejected records goes on (``RejectedPage.next``).
    """
    with sessions() as session:
        source = source_status.find(session, slug)
    if source is None:
        return None
    profile = source_profile(sessions, source.id)
    with sessions() as session:
        runs = source_status.last_runs(session, source)
        waiting = source_status.held_count(session, source)
        held = _held(session, source) if waiting else []
        page = source_status.rejected(session, source, after=after, limit=REJECTED_SHOWN)
        return SourcePage(
            slug=source.slug,
            name=source.name,
            address=public_address(source.base_url, internal=source.internal),
            protocol=source.protocol,
            metadata_prefix=source.metadata_prefix,
            set_specs=tuple(source.set_specs),
            granularity=source.granularity,
            deleted_record=source.deleted_record,
            deletion_policy=source.deletion_policy,
            health=source_status.health(source, runs[0] if runs else None, now),
            parked_until=source.parked_until,
            resources=profile.of,
            last_complete_at=next(
                (run.started_at for run in runs if run.state in ("complete", "held")), None
            ),
            runs=tuple(_run(source, each) for each in runs),
            growth=source_status.growth(session, source),
            profile=profile,
            rejected_counts=source_status.rejected_counts(session, source),
            rejected=_public(source, page),
            held_count=waiting,
            held=tuple(held),
        )


def _held(session: Session, source: Source) -> list[tuple[str, str]]:
    # Here, because it brings every crosswalk with it, and pages start without them.
    from oer.services.deletions import held_records

    return held_records(session, source, limit=HELD_SHOWN)


def _run(source: Source, run: Harvest) -> Run:
    return Run(
        id=run.id,
        state=run.state,
        kind=run.kind,
        started_at=run.started_at,
        finished_at=run.finished_at,
        seen=run.seen,
        created=run.created,
        updated=run.updated,
        unchanged=run.unchanged,
        withdrawn=run.withdrawn,
        quarantined=run.quarantined,
        held=run.held,
        seconds=round(run.seconds, 1),
        error=_text(source, run.error) if run.error else None,
        notes=tuple(_text(source, note) for note in run.notes[:NOTES_SHOWN]),
    )


def _public(source: Source, page: RejectedPage) -> RejectedPage:
    records = (
        source_status.Rejected(
            each.identifier,
            each.problem,
            _text(source, each.detail) if each.detail else None,
            each.datestamp,
        )
        for each in page.records
    )
    return RejectedPage(tuple(records), page.next)


def _text(source: Source, text: str) -> str:
    return public_text(text, base_url=source.base_url, internal=source.internal)
