"""Links to materials, and whether they still lead anywhere."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from oer.database import Base, UtcDateTime


class Link(Base):
    """An address that resources point to, and what was found there."""

    __tablename__ = "link"
    __table_args__ = (
        Index("ix_link_next_check_at", "next_check_at"),
        Index("ix_link_host_next_check_at", "host", "next_check_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    url_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    host: Mapped[str] = mapped_column(String(255))
    state: Mapped[str] = mapped_column(String(16), default="unchecked")
    """unchecked, alive, doubtful, failing, dead, refused."""
    status: Mapped[int | None]
    """HTTP status of the last check; None where no answer came."""
    detail: Mapped[str | None] = mapped_column(Text)
    final_url: Mapped[str | None] = mapped_column(Text)
    """Where redirects led, when elsewhere."""
    moved_permanently: Mapped[bool] = mapped_column(default=False)
    failures: Mapped[int] = mapped_column(default=0)
    """Failed checks in a row."""
    first_failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_check_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None where no published resource names the link any more."""


class ResourceLink(Base):
    """A resource points to a link."""

    __tablename__ = "resource_link"

    resource_id: Mapped[int] = mapped_column(
        ForeignKey("resource.id", ondelete="CASCADE"), primary_key=True
    )
    link_id: Mapped[int] = mapped_column(
        ForeignKey("link.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[str] = mapped_column(String(16))
    """landing_page or material."""
