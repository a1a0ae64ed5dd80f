"""The database: one URL in, one sessionmaker out, and the schema checked on the way.

``with sessions.begin() as session:`` is the unit of work everywhere; services never commit.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    create_engine,
    event,
    inspect,
    text,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from oer.errors import DatabaseError
from oer.folders import MIGRATIONS

Sessions = sessionmaker[Session]

BUSY_TIMEOUT_SECONDS = 30
"""How long SQLite waits for another writer before it gives up."""


class Base(DeclarativeBase):
    """Base of all models. Constraints are named by convention: migrations name them too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time. SQLite keeps no zone, so one is put back when it is read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times; hand UTC to the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"A naive time came to the database: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Put the zone back."""
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


def create(url: str) -> Engine:
    """Make an engine for ``url``, creating the folder of a SQLite file.

    Raises:
        DatabaseError: The URL, its driver or its folder cannot be used.
    """
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    try:
        engine = create_engine(url)
    except ModuleNotFoundError as error:
        raise DatabaseError(
            f"The database needs the Python module '{error.name}'. "
            "Install it with: pip install 'oer[postgresql]'"
        ) from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise DatabaseError(f"OER_DATABASE_URL cannot be used: {error}") from error
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    path = engine.url.database
    if path and path != ":memory:":
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseError(
                f"The folder of the database '{path}' cannot be made: {error.strerror}. "
                "Set OER_DATA_DIR to a folder you may write to."
            ) from error

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
        # Safe with WAL: a power cut may lose the last commits, never the database.
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.close()


def connect(url: str) -> Sessions:
    """Open the database, make its tables where there are none, and refuse a foreign schema.

    Raises:
        DatabaseError: It cannot be reached, or its schema is older or newer than this code.
    """
    engine = create(url)
    try:
        _check_schema(engine)
    except DBAPIError as error:
        engine.dispose()
        raise unusable(engine, error) from error
    except DatabaseError:
        engine.dispose()
        raise
    return sessionmaker(engine, expire_on_commit=False)


def unusable(engine: Engine, error: DBAPIError) -> DatabaseError:
    """Translate what a driver says into one sentence with a way out."""
    url = engine.url.render_as_string(hide_password=True)
    reason = (
        str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no reason given"
    )
    return DatabaseError(
        f"The database {url} cannot be used: {reason}. Check OER_DATABASE_URL and OER_DATA_DIR."
    )


def head_revision() -> str:
    """The newest migration this code brings. Kept in a file, so that no start-up loads Alembic."""
    return (MIGRATIONS / "HEAD").read_text().strip()


def current_revision(engine: Engine) -> str | None:
    """The migration the database stands at; None where it has never been migrated."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _check_schema(engine: Engine) -> None:
    head, current = head_revision(), current_revision(engine)
    if current == head:
        return
    if current is None:
        upgrade(engine)
        return
    refuse_newer(engine)
    url = engine.url.render_as_string(hide_password=True)
    raise DatabaseError(
        f"The database {url} is at schema {current}, this version needs {head}. "
        "Make a backup, then run: oer database upgrade"
    )


def refuse_newer(engine: Engine) -> None:
    """Refuse a database that a newer version has migrated.

    Raises:
        DatabaseError: It stands at a migration this code does not know.
    """
    current = current_revision(engine)
    known = {path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*.py")}
    if current is not None and current not in known:
        url = engine.url.render_as_string(hide_password=True)
        raise DatabaseError(
            f"The database {url} is at schema {current}, which is newer than this version "
            f"({head_revision()}). Install the newer version of oer, or restore an older backup."
        )


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema up to ``revision``. Creates tables; keeps what is in them."""
    from alembic import command

    with _migrating(engine) as connection:
        command.upgrade(_alembic_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema down to ``revision`` (``base`` drops everything)."""
    from alembic import command

    with _migrating(engine) as connection:
        command.downgrade(_alembic_config(connection), revision)


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """A connection with a transaction, made safe for SQLite's way of altering tables.

    SQLite alters a table by copying and dropping it; with foreign keys on, the drop would delete or
    unlink every row that points to it.
    """
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.commit()
        try:
            with connection.begin():
                yield connection
        finally:
            if sqlite:
                connection.exec_driver_sql("PRAGMA foreign_keys = ON")
                connection.commit()


def _alembic_config(connection: Any) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
