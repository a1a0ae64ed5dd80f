"""Tables in workbooks (XLSX), by openpyxl, row by row. Nothing in them is computed.

What a newcomer would get wrong: a cell with a formula holds the value that was computed when the
workbook was last saved, and none if a program wrote it that computes nothing; and a workbook is a
ZIP archive of XML, so it is measured before it is opened.
"""

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO

from harvesters.tables import Row, Table, checked_rows, named
from oer.errors import ProtocolError

MIB = 1024 * 1024
MAX_PARTS = 10_000
MAX_PART = 16 * MIB
"""Of the parts that are read at once, such as styles."""
MAX_STRINGS = 96 * MIB
"""The shared texts of all cells are held in memory."""
MAX_SHEET = 384 * MIB
"""Sheets are read row by row."""

_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})

BROKEN = (
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    SyntaxError,  # of XML
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What openpyxl raises on files that are none of its own."""


def open_xlsx(file: BinaryIO, *, sheet: str | None = None, header_row: int = 1) -> Table:
    """A sheet of the workbook in ``file``, read as it is asked for; its first where none is named.

    Raises:
        ProtocolError: It is no workbook, too big, or has no such sheet.
    """
    _measure(file)
    rows = _numbered(_sheet(file, sheet))
    for row in rows:
        if row.problem:
            raise ProtocolError(row.problem)
        if row.number >= header_row:
            columns = named(_without_blank_end(row.cells))
            return Table(columns, checked_rows(rows, len(columns)))
    raise ProtocolError(f"The sheet has no row {header_row}, where its header should be.")


def _measure(file: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except BROKEN as error:
        raise ProtocolError(f"The workbook cannot be opened: {error}.") from None
    if len(parts) > MAX_PARTS:
        raise ProtocolError(f"The workbook has {len(parts)} parts; {MAX_PARTS} are allowed.")
    for part in parts:
        most = _most(part.filename)
        if part.file_size > most:
            raise ProtocolError(
                f"A part of the workbook ({part.filename[:100]}) grows to "
                f"{part.file_size // MIB} MiB; {most // MIB} are allowed. Save it as CSV."
            )
    file.seek(0)


def _most(name: str) -> int:
    name = name.lower()
    if name.startswith("xl/worksheets/"):
        return MAX_SHEET
    # Pictures and the like are never read.
    return MAX_STRINGS if name.endswith("sharedstrings.xml") or "/media/" in name else MAX_PART


def _sheet(file: BinaryIO, name: str | None) -> Any:
    import openpyxl

    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheets = {sheet.title: sheet for sheet in book.worksheets}
        if name is not None and name not in sheets:
            known = ", ".join(sheets)
            raise ProtocolError(f"The workbook has no sheet '{name}'. Its sheets: {known[:500]}.")
        sheet = sheets[name] if name is not None else next(iter(sheets.values()))
        # What a sheet says of its size may be a million rows; what it holds is what counts.
        sheet.reset_dimensions()
    except BROKEN as error:
        raise ProtocolError(f"The workbook cannot be read: {error or 'it is damaged'}.") from None
    except StopIteration:
        raise ProtocolError("The workbook has no sheet with cells.") from None
    return sheet


def _numbered(sheet: Any) -> Iterator[Row]:
    rows = sheet.iter_rows(values_only=True)
    number = 0
    while True:
        number += 1
        try:
            yield Row(number, [_cell(value) for value in next(rows)])
        except StopIteration:
            return
        except BROKEN as error:
            detail = f"The sheet cannot be read from row {number} on: {error or 'it is damaged'}."
            yield Row(number, (), detail, lost=True)
            return


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return "" if value in _ERRORS else value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _without_blank_end(cells: Any) -> list[str]:
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    return kept
