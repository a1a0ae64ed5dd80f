"""Vocabularies that the operator loads beside the shipped ones, such as YSO."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from oer.database import Base, UtcDateTime


class Vocabulary(Base):
    """A SKOS concept scheme that was loaded from a file or address."""

    __tablename__ = "vocabulary"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    origin: Mapped[str] = mapped_column(Text)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    concepts: Mapped[int] = mapped_column(default=0)


class VocabularyConcept(Base):
    """A concept with its preferred labels by language."""

    __tablename__ = "vocabulary_concept"
    __table_args__ = (Index("ix_vocabulary_concept_uri", "uri"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    vocabulary_id: Mapped[int] = mapped_column(
        ForeignKey("vocabulary.id", ondelete="CASCADE"), index=True
    )
    uri: Mapped[str] = mapped_column(Text)
    labels: Mapped[dict[str, str]] = mapped_column(JSON)
    broader: Mapped[list[str]] = mapped_column(JSON, default=list)


class VocabularyLabel(Base):
    """A label, preferred or alternative, as it is looked for: ``vocabularies.fold(label)``."""

    __tablename__ = "vocabulary_label"
    __table_args__ = (Index("ix_vocabulary_label_folded", "folded"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    concept_id: Mapped[int] = mapped_column(
        ForeignKey("vocabulary_concept.id", ondelete="CASCADE"), index=True
    )
    folded: Mapped[str] = mapped_column(String(255))
    language: Mapped[str | None] = mapped_column(String(35))
    preferred: Mapped[bool] = mapped_column(default=True)
