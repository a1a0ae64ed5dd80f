"""Resource: a row of the catalogue."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from oer.database import Base, UtcDateTime
from oer.metadata.resource_metadata import ResourceMetadata, from_json

PUBLISHED = "published"
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
        Index("ix_resource_source_id_status", "source_id", "status"),
        Index("ix_resource_status_datestamp", "status", "datestamp"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(16), unique=True)
    """The short, opaque, permanent part of its web address."""
    status: Mapped[str] = mapped_column(String(16), default=PUBLISHED)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id", ondelete="SET NULL"))
    metadata_json: Mapped[str] = mapped_column(Text)
    audit_json: Mapped[str | None] = mapped_column(Text)
    """What normalisation changed and why, as JSON."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    datestamp: Mapped[datetime] = mapped_column(UtcDateTime)
    """When anything visible last changed (OAI-PMH §2.7.1)."""
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)

    revision: Mapped[int] = mapped_column(default=1)
    """Counts visible changes."""
    indexed_revision: Mapped[int] = mapped_column(default=0)
    """The revision the search index holds; the index is behind wherever the two differ."""

    @property
    def description(self) -> ResourceMetadata:
        """The description of the resource."""
        return from_json(self.metadata_json)
