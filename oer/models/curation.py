"""What curators decide, and what the checks found for them to decide on."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from oer.database import Base, UtcDateTime


class Override(Base):
    """A curator's value for one field of one resource, kept over every later harvest."""

    __tablename__ = "override"
    __table_args__ = (UniqueConstraint("resource_id", "field"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id", ondelete="CASCADE"))
    field: Mapped[str] = mapped_column(String(64))
    """Name of the ``ResourceMetadata`` element."""
    value_json: Mapped[str] = mapped_column(Text)
    """The element's value, in the JSON form of the pivot."""
    provider_json: Mapped[str] = mapped_column(Text)
    """What the provider's record gave when the override was set."""
    provider_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the provider's value was first seen to differ from ``provider_json``."""
    reason: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Finding(Base):
    """Something wrong or doubtful with a resource: by a check, the link checker or a reader."""

    __tablename__ = "finding"
    __table_args__ = (
        Index("ix_finding_resource_id", "resource_id"),
        Index("ix_finding_code_severity", "code", "severity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(64))
    severity: Mapped[str] = mapped_column(String(8))
    field: Mapped[str | None] = mapped_column(String(64))
    evidence: Mapped[str | None] = mapped_column(Text)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it was first found; stays while it is found again."""


class Event(Base):
    """What was done, by whom, when and why. Rows are added, never changed or removed."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_resource_id", "resource_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(String(255))
    action: Mapped[str] = mapped_column(String(64))
    resource_id: Mapped[int | None] = mapped_column(ForeignKey("resource.id", ondelete="SET NULL"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id", ondelete="SET NULL"))
    reason: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class MappingRow(Base):
    """A curator's row of a mapping table: what a raw value means, everywhere or in one source."""

    __tablename__ = "mapping_row"
    __table_args__ = (Index("ix_mapping_row_vocabulary", "vocabulary", "folded"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    vocabulary: Mapped[str] = mapped_column(String(64))
    raw: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    """``oer.metadata.vocabularies.fold(raw)``: what is compared."""
    target: Mapped[str] = mapped_column(Text)
    """Concept ids, separated by spaces."""
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"))
    created_by: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
