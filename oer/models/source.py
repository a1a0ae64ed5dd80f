"""Source: a repository we harvest from."""

from datetime import datetime

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from oer.database import Base, UtcDateTime


class Source(Base):
    """A repository and how to ask it. Removed sources stay, so that their addresses stay known."""

    __tablename__ = "source"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    """Short name in commands and addresses."""
    name: Mapped[str] = mapped_column(Text)
    """Name for people; the repository's own once it has been asked (Identify/repositoryName)."""
    protocol: Mapped[str] = mapped_column(String(32), default="oai_pmh")
    base_url: Mapped[str] = mapped_column(Text)
    metadata_prefix: Mapped[str] = mapped_column(String(128), default="oai_dc")
    set_specs: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Sets to harvest, one after another; empty for everything."""
    internal: Mapped[bool] = mapped_column(default=False)
    """Whether private and loopback addresses may be visited for this source."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    trust: Mapped[str] = mapped_column(String(16), default="publish")
    """What happens to new resources: ``publish`` at once, ``review`` all, or publish when no check
    found an error (``checked``)."""

    harvest_from: Mapped[str | None] = mapped_column(String(32))
    """Datestamp the next harvest begins at; None: it asks for everything."""
    granularity: Mapped[str | None] = mapped_column(String(32))
    deleted_record: Mapped[str | None] = mapped_column(String(16))

    @property
    def question(self) -> str:
        """All that decides what a harvest asks for, as one text."""
        return "\n".join((self.protocol, self.base_url, self.metadata_prefix, *self.set_specs))
