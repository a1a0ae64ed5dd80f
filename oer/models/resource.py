"""Resource: a row of the catalogue."""

from datetime import datetime

from sqlalchemy import ColumnElement, Float, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from oer.database import Base, UtcDateTime
from oer.metadata.resource_metadata import ResourceMetadata, from_json

IN_REVIEW = "in_review"
PUBLISHED = "published"
REJECTED = "rejected"
MERGED = "merged"
WITHDRAWN = "withdrawn"


class Resource(Base):
    """Something to learn from, with a life cycle; withdrawn, it stays as a tombstone."""

    __tablename__ = "resource"
    __table_args__ = (
        # Only the few rows that wait for the index are in it, so a drain costs what it drains.
        Index(
            "ix_resource_stale",
            "id",
            sqlite_where=text("indexed_revision <> revision"),
            postgresql_where=text("indexed_revision <> revision"),
        ),
        Index(
            "ix_resource_links_stale",
            "id",
            sqlite_where=text("linked_revision <> revision"),
            postgresql_where=text("linked_revision <> revision"),
        ),
        Index(
            "ix_resource_keys_stale",
            "id",
            sqlite_where=text("keyed_revision <> revision"),
            postgresql_where=text("keyed_revision <> revision"),
        ),
        Index("ix_resource_source_id_status", "source_id", "status"),
        Index("ix_resource_status_datestamp", "status", "datestamp"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(16), unique=True)
    """The short, opaque, permanent part of its web address."""
    status: Mapped[str] = mapped_column(String(16), default=PUBLISHED)
    """in_review, published, rejected (was never public), merged (see below) or withdrawn."""
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id", ondelete="SET NULL"))
    metadata_json: Mapped[str] = mapped_column(Text)
    audit_json: Mapped[str | None] = mapped_column(Text)
    """What normalisation changed and why, as JSON."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    datestamp: Mapped[datetime] = mapped_column(UtcDateTime)
    """When anything visible last changed (OAI-PMH §2.7.1)."""
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)
    """A code (``deleted_by_provider``, ``source_removed``) or a curator's own words."""
    withdrawn_by: Mapped[str | None] = mapped_column(String(255))
    """The curator who withdrew it; None: the provider did, and may bring it back."""
    successor: Mapped[str | None] = mapped_column(Text)
    """Where to go instead: an address of ours or a URL."""
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("resource.id", ondelete="SET NULL"), index=True
    )
    """The resource this one is a copy of. It goes on following its own provider's record, so that
    a merge can be taken back."""
    completeness: Mapped[float | None] = mapped_column(Float)
    """Share of the description that is there, 0 to 1 (``oer.metadata.checks.completeness``)."""

    revision: Mapped[int] = mapped_column(default=1)
    """Counts visible changes."""
    indexed_revision: Mapped[int] = mapped_column(default=0)
    """The revision the search index holds; the index is behind wherever the two differ."""
    linked_revision: Mapped[int] = mapped_column(default=0)
    """The revision whose links are in the link table."""
    keyed_revision: Mapped[int] = mapped_column(default=0)
    """The revision whose keys are in the table for finding copies."""

    @property
    def description(self) -> ResourceMetadata:
        """The description of the resource."""
        return from_json(self.metadata_json)


def published_among_few() -> ColumnElement[bool]:
    """That a resource is published, where another condition leaves few rows to look at.

    SQLite takes an equality on an indexed column for the surest way in, and would then go through
    all that is published. An expression has no index.
    """
    return Resource.status.concat("") == PUBLISHED
