"""Validation with an end: in a process of its own, with limits on time and memory.

A thread will not do. A regular expression holds the interpreter while it works, so one hostile text
would stop every page of the catalogue. The process gets the text and curators' mappings, and
nothing else: no database, no network, none of our environment.
"""

import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

import oer
from oer.models import MappingRow
from oer.services.validation import BUSY, MAX_BYTES, TOO_LARGE, TOO_SLOW, Validation
from oer.services.validation_process import SECONDS, Question

AT_ONCE = 2
"""Texts that one server process lets be read at a time."""

PATIENCE = 2.0
"""Seconds that a text waits for its turn: whoever waits keeps others from their pages."""

_TURNS = BoundedSemaphore(AT_ONCE)


def bounded_validation(
    text: str, *, now: datetime, rows: Sequence[tuple[str, str]] = (), seconds: float = SECONDS
) -> Validation:
    """Read a pasted text, or give up after ``seconds``.

    Args:
        rows: Curators' mappings to read it with (:func:`general_rows`).
    """
    if len(text) > MAX_BYTES:
        return Validation(refused=TOO_LARGE)
    if not _TURNS.acquire(timeout=PATIENCE):
        return Validation(refused=BUSY)
    try:
        # Half of a pair of surrogates is no text, and no JSON can carry it.
        whole = text.encode("utf-8", "replace").decode()
        return _asked(Question(whole, now, tuple(rows)), seconds)
    finally:
        _TURNS.release()


def _asked(question: Question, seconds: float) -> Validation:
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "oer.services.validation_process"],
            input=msgspec.json.encode(question),
            capture_output=True,
            timeout=seconds,
            env={"PYTHONPATH": str(Path(oer.__file__).parents[1]), "PYTHONUTF8": "1"},
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        # Stopped by one limit or the other: a text that wants more is no description.
        return Validation(refused=TOO_SLOW)
    return msgspec.json.decode(ended.stdout, type=Validation)


def general_rows(session: Session) -> list[tuple[str, str]]:
    """Curators' mappings that hold for every source."""
    query = select(MappingRow.raw, MappingRow.target).where(MappingRow.source_id.is_(None))
    return [(raw, target) for raw, target in session.execute(query.order_by(MappingRow.id))]
