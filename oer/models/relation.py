"""The names that resources give to related ones, to be found from the other side."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from oer.database import Base


class ResourceRelation(Base):
    """A resource speaks of another, which goes by this name.

    Written along with the keys for finding copies, under the same ``Resource.keyed_revision``.
    """

    __tablename__ = "resource_relation"
    __table_args__ = (Index("ix_resource_relation_name_sha256", "name_sha256"),)

    resource_id: Mapped[int] = mapped_column(
        ForeignKey("resource.id", ondelete="CASCADE"), primary_key=True
    )
    name_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    """In hexadecimal; names are identifiers, addresses and providers' own names of records."""
