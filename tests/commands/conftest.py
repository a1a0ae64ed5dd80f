"""What tests of several commands share."""

import pytest

from oer.search.memory_index import MemoryIndex
from tests.commands.catalogue import Console


@pytest.fixture
def console(sqlite_sessions, now):
    """A command line on an empty catalogue."""
    return Console(sqlite_sessions, MemoryIndex(), now)
