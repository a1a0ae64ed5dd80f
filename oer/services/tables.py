"""The mapping tables a source's records are normalised with."""

from sqlalchemy.orm import Session

from oer.metadata.vocabularies import SHIPPED, Tables


def load_tables(session: Session, source_id: int) -> Tables:
    """The shipped rows."""
    return SHIPPED
