"""RecordAlias: a name that a record had before its provider renamed it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from oer.database import Base, UtcDateTime


class RecordAlias(Base):
    """A former identifier of a record. The provider may still use it, for a deletion above all."""

    __tablename__ = "record_alias"
    __table_args__ = (UniqueConstraint("source_id", "identifier"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"))
    identifier: Mapped[str] = mapped_column(Text)
    """As it is in ``HarvestedRecord.identifier``."""
    record_id: Mapped[int] = mapped_column(
        ForeignKey("harvested_record.id", ondelete="CASCADE"), index=True
    )
    last_harvest_id: Mapped[int | None]
    """The last run before the record was renamed, or a later one in which it came under this name
    again; None: it came under its new name before that was known to be one. No foreign key: runs
    may be removed, and the number says "before" and "after" all the same."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
