"""Harvest and HarvestedRecord: a run against a source, and a record as it came."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from oer.database import Base, UtcDateTime


class Harvest(Base):
    """One run against one source: what it asked, how far it came, what it found.

    ``seen = created + updated + unchanged + withdrawn + quarantined`` at every commit.
    """

    __tablename__ = "harvest"
    __table_args__ = (
        # The database itself sees to it that a source has one running harvest at most.
        Index(
            "uq_harvest_running",
            "source_id",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(16), default="running")
    """running, interrupted, complete, held (complete, but deletions wait for a curator), partial,
    failed."""
    kind: Mapped[str] = mapped_column(String(16), default="incremental")
    """incremental or full."""
    window_id: Mapped[int | None]
    """The first run of the list that this run continues; itself where it began one."""
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_owner: Mapped[str | None] = mapped_column(String(255))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    question: Mapped[str] = mapped_column(Text, default="")
    """``Source.question`` when the run began: a checkpoint is of use for the same question only."""
    from_: Mapped[str | None] = mapped_column("from", String(32))
    """The ``from`` argument of the run; None for a full harvest."""
    checkpoint: Mapped[str | None] = mapped_column(Text)
    """Where to go on, in the harvester's own words; None: from the beginning."""
    response_date: Mapped[str | None] = mapped_column(String(32))
    """The provider's own clock at the first page: the next run's ``from`` is counted from it."""
    complete_list_size: Mapped[int | None]
    """What the provider says the list holds. Advisory: providers lie about it."""

    pages: Mapped[int] = mapped_column(default=0)
    seen: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    withdrawn: Mapped[int] = mapped_column(default=0)
    quarantined: Mapped[int] = mapped_column(default=0)
    holes: Mapped[int] = mapped_column(default=0)
    """Parts of the list that could not be had. Such a list proves the absence of nothing, and the
    next harvest asks for the same time again."""
    held: Mapped[int] = mapped_column(default=0)
    """Deletions that wait for a curator."""
    seconds: Mapped[float] = mapped_column(Float, default=0.0)
    """Time worked, over all resumptions of the run."""
    notes: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What a curator should know, in plain words: warnings, strange answers."""
    error: Mapped[str | None] = mapped_column(Text)
    """Why the run ended as ``failed`` or ``partial``."""


class HarvestedRecord(Base):
    """A record as the provider sent it, whatever became of it.

    ``identifier`` is opaque and byte-exact. A record that came without one is kept under a name
    made of its content (``no-identifier:sha256:…``), so that nothing is lost.
    """

    __tablename__ = "harvested_record"
    __table_args__ = (
        UniqueConstraint("source_id", "identifier"),
        Index("ix_harvested_record_source_id_problem", "source_id", "problem"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"))
    identifier: Mapped[str] = mapped_column(Text)
    datestamp: Mapped[str | None] = mapped_column(Text)
    """As given: malformed datestamps are kept, not repaired."""
    set_specs: Mapped[list[str]] = mapped_column(JSON, default=list)
    deleted: Mapped[bool] = mapped_column(default=False)
    pending_deletion: Mapped[str | None] = mapped_column(String(8))
    """A deletion that is not judged yet, or is held: ``header`` where the provider said so,
    ``absent`` where the record was missing from a complete list."""
    blocked: Mapped[bool] = mapped_column(default=False)
    """A curator refuses this record for good: it is seen, and nothing is made of it."""
    metadata_prefix: Mapped[str | None] = mapped_column(String(128))
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The metadata document, zlib-compressed; kept when the provider deletes the record."""
    about: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The ``about`` containers (provenance, rights), zlib-compressed."""
    checksum: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of payload and about, in hexadecimal."""
    repaired: Mapped[int | None]
    """How many characters of the provider's answer had to be replaced to read this record; None:
    none."""
    received: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The record as it came, before it was repaired, zlib-compressed; None where it was not, or
    could not be cut out of its page."""
    problem: Mapped[str | None] = mapped_column(String(32))
    """Why it is in quarantine, as a code; None: it is not."""
    problem_detail: Mapped[str | None] = mapped_column(Text)
    first_harvest_id: Mapped[int | None] = mapped_column(
        ForeignKey("harvest.id", ondelete="SET NULL")
    )
    last_harvest_id: Mapped[int | None] = mapped_column(
        ForeignKey("harvest.id", ondelete="SET NULL")
    )
    resource_id: Mapped[int | None] = mapped_column(
        ForeignKey("resource.id", ondelete="SET NULL"), index=True
    )
