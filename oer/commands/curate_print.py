"""How ``oer curate`` prints: tables of cut cells, times and logs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from oer.commands.output import echo_table, printable

if TYPE_CHECKING:
    from oer.services.events import Entry

CELL = 60
"""A cell of a table is cut here; JSON has everything."""

LOG_COLUMNS = ("ENTRY", "WHEN", "WHO", "WHAT", "RESOURCE", "SOURCE", "WHY")


def log_row(entry: Entry) -> tuple[object, ...]:
    field = (entry.detail or {}).get("field")
    return (
        entry.id,
        f"{entry.at:%Y-%m-%d %H:%M}",
        cell(entry.actor),
        f"{entry.action} {field}" if isinstance(field, str) else entry.action,
        entry.address,
        entry.source,
        cell(entry.reason or None),
    )


def section(title: str, headings: tuple[str, ...], rows: Iterable[Iterable[object]]) -> None:
    found = [list(row) for row in rows]
    if found:
        click.echo(f"\n{title}")
        echo_table(headings, found)


def cell(text: str | None) -> str | None:
    if text is None:
        return None
    shown = printable(text)
    return shown if len(shown) <= CELL else f"{shown[: CELL - 1]}…"


def time(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None


def plain(value: Any) -> Any:
    """The value for JSON: times as the rest of the commands write them."""
    if isinstance(value, datetime):
        return time(value)
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        # A part of completeness is a named tuple, and says more with its names.
        named = getattr(value, "_asdict", None)
        return plain(named()) if named else [plain(each) for each in value]
    return value
