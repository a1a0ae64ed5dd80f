"""Finding copies of the same resource, and remembering what was decided about them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from oer.database import Base, UtcDateTime


class ResourceKey(Base):
    """A key that copies of a resource share: a normalised identifier or a block of its title."""

    __tablename__ = "resource_key"
    __table_args__ = (Index("ix_resource_key_key", "key"),)

    resource_id: Mapped[int] = mapped_column(
        ForeignKey("resource.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(255), primary_key=True)


class DuplicateDecision(Base):
    """A curator's word on a pair of resources: ``merged`` or ``distinct``; the latest counts."""

    __tablename__ = "duplicate_decision"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("resource.id", ondelete="CASCADE"))
    """The smaller id of the pair."""
    second_id: Mapped[int] = mapped_column(
        ForeignKey("resource.id", ondelete="CASCADE"), index=True
    )
    decision: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(255))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
