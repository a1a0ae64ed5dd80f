"""The process that reads one pasted text: a question on its input, an answer on its output.

Nothing is imported here that the reading does not need: every question waits for this to start.
"""

import sys
from datetime import UTC, datetime

import msgspec

from oer.metadata import vocabularies
from oer.services.validation import validate

SECONDS = 5.0
"""A record of the usual size takes a few milliseconds, and the process a third of a second."""

MEMORY = 512 * 1024 * 1024


class Question(msgspec.Struct, frozen=True):
    """What the process is asked."""

    text: str
    now: datetime
    rows: tuple[tuple[str, str], ...] = ()
    """Curators' mappings: the raw value, and the concepts it means."""


def answer(question: bytes) -> bytes:
    """What the process answers."""
    asked = msgspec.json.decode(question, type=Question)
    rows = [
        vocabularies.Row(raw, "", target)
        for raw, target in asked.rows
        if all(vocabularies.get(each) for each in target.split())
    ]
    tables = vocabularies.Tables(rows) if rows else vocabularies.SHIPPED
    return msgspec.json.encode(validate(asked.text, tables, asked.now.astimezone(UTC)))


def limit(seconds: int) -> None:
    """Limits that hold even when nobody waits for the answer any more."""
    try:
        import resource
    except ModuleNotFoundError:  # not on Windows; the deadline holds there too
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    limit(int(SECONDS) + 1)
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
