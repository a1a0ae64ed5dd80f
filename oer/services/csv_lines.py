"""CSV that a spreadsheet may open: what comes from outside stays text."""

import csv
import io
from collections.abc import Iterable

_FORMULA = frozenset("=+-@＝＋－＠\t\r\n")
"""A spreadsheet takes a cell that begins so for a formula, or may, and runs it."""


def csv_line(cells: Iterable[object]) -> str:
    """One line of CSV (RFC 4180), its end included; None is an empty cell."""
    line = io.StringIO()
    csv.writer(line).writerow([_cell(cell) for cell in cells])
    return line.getvalue()


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    begins = value[:1] + value.lstrip()[:1]
    text = value.replace("\0", "")
    return f"'{text}" if _FORMULA & set(begins) else text
