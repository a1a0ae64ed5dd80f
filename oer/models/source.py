"""Source: a repository we harvest from."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, String, Text
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

    deletion_policy: Mapped[str] = mapped_column(String(16), default="headers")
    """What proves a deletion: ``headers``, ``sweep`` (ListIdentifiers compared), ``full`` (a full
    harvest compared) or ``none``; see ``oer.services.deletions``."""
    guard_share: Mapped[float] = mapped_column(Float, default=0.05)
    """Deletions of more than this share of the source wait for a curator."""

    error_budget: Mapped[float | None] = mapped_column(Float)
    """A run stops early after so many records in quarantine, or such a share of them where it is
    below 1; None or 0: it goes on to the end of the list."""

    interval_hours: Mapped[float | None] = mapped_column(Float)
    """How often ``oer harvest run --due`` takes its turn; None: only by hand."""
    reconcile_days: Mapped[float | None] = mapped_column(Float)
    """How often everything is asked for again, or compared; None: never by itself."""
    visiting_hours: Mapped[str | None] = mapped_column(String(64))
    """When the provider wants visits: ``22:00-06:00 Europe/Helsinki``; None: always."""
    delay_seconds: Mapped[float] = mapped_column(Float, default=0.0)
    """Pause between two requests."""
    headers_variable: Mapped[str | None] = mapped_column(String(128))
    """Name of the environment variable that holds request headers (credentials), a line each."""
    ca_file: Mapped[str | None] = mapped_column(Text)
    """Certificate authority to trust for this provider, beside the usual ones."""
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What only the source's protocol understands, such as a column mapping."""
    learned: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What harvests found out about the provider, to ask it better next time; see
    ``harvesters.learned``. Forgetting it costs requests, never records."""

    parked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The provider asked to be left alone until then (Retry-After)."""
    reconciled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When everything was last asked for or compared, to the end."""
    read_with: Mapped[str | None] = mapped_column(String(64))
    """Version of crosswalks and tables that quarantined records were last tried with."""
    harvest_from: Mapped[str | None] = mapped_column(String(32))
    """Datestamp the next harvest begins at; None: it asks for everything."""
    granularity: Mapped[str | None] = mapped_column(String(32))
    deleted_record: Mapped[str | None] = mapped_column(String(16))

    @property
    def question(self) -> str:
        """All that decides what a harvest asks for, as one text."""
        # What is laid under the records decides nothing that is asked.
        told = {name: value for name, value in (self.options or {}).items() if name != "defaults"}
        options = json.dumps(told, sort_keys=True)
        asked = (self.protocol, self.base_url, self.metadata_prefix, *self.set_specs, options)
        return "\n".join(asked)
