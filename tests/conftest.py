"""What many tests need: a database of each kind, and a clock that stands still."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import create_engine, text

from oer import database
from oer.models import Base

# A busy machine is no reason to fail; what takes too long is measured in benchmarks.
hypothesis.settings.register_profile(
    "oer", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("oer")

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory) -> Path:
    """A SQLite file with all migrations run, to be copied: a copy is quicker than a migration."""
    path = tmp_path_factory.mktemp("database") / "template.sqlite"
    sessions = database.connect(f"sqlite:///{path}")
    engine = sessions.kw["bind"]
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL database of this test process; skips where no server is named."""
    server = os.environ.get("OER_TEST_POSTGRESQL_URL")
    if not server:
        pytest.skip("OER_TEST_POSTGRESQL_URL names no PostgreSQL server")
    # Two runs at a time must not drop each other's.
    name = f"oer_test_{os.getpid()}"
    admin = create_engine(
        server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield f"{server.rpartition('/')[0]}/{name}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path) -> str:
    """A migrated, empty database of each kind."""
    if request.param == "sqlite":
        path = tmp_path / "oer.sqlite"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        return f"sqlite:///{path}"
    return request.getfixturevalue("postgresql_url")


@pytest.fixture
def sessions(database_url):
    """A sessionmaker on each kind of database."""
    made = database.connect(database_url)
    yield made
    engine = made.kw["bind"]
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            names = ", ".join(table.name for table in Base.metadata.sorted_tables)
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    engine.dispose()


@pytest.fixture
def sqlite_sessions(migrated_sqlite, tmp_path):
    """A sessionmaker on SQLite only, for tests that are not about the database."""
    path = tmp_path / "oer.sqlite"
    shutil.copy(migrated_sqlite, path)
    made = database.connect(f"sqlite:///{path}")
    yield made
    made.kw["bind"].dispose()


@pytest.fixture
def harvest(sessions, now):
    """Harvest ``pages`` into the source ``s``; may break off at a token."""
    from harvesters.run import run
    from oer.services import sources
    from tests.harvesters.fake_http import NO_ANSWER, FakeHttp
    from tests.harvesters.replay import Replay

    with sessions.begin() as session:
        sources.add(session, "s", "https://s.example.org/oai", now=now)

    def harvest(pages, breaks_at=(), breaks_with=None, **options):
        replay = pages if isinstance(pages, Replay) else Replay(pages)
        http = FakeHttp(replay, breaks_at, breaks_with or NO_ANSWER)
        ended = run(sessions, "s", lambda source: http, now=lambda: now, **options)
        assert ended.tally.ties_out()
        return ended

    return harvest
