"""Tables as sources: CSV and XLSX, a file or a web address, with a declared column mapping.

Every run reads the whole table: a row that is no longer there is absent, which the source's
deletion policy judges (``full`` unless declared otherwise). Rows that are as they were cost nothing
but the reading. The place where a run stopped is the number of a row, and holds only while table
and mapping are what they were.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from typing import Any, BinaryIO

from harvesters.batches import batches
from harvesters.csv_table import open_csv
from harvesters.harvester import Harvester, HarvestRequest, Page, RepositoryInfo
from harvesters.http import HttpClient
from harvesters.local_files import MIB, local_path, open_address
from harvesters.table_elements import ELEMENTS, write_row
from harvesters.table_mapping import TableMapping, read_mapping
from harvesters.tables import Row, Table, check_columns
from harvesters.xlsx_table import open_xlsx
from oer.errors import HarvestError, ProtocolError, UsageError
from oer.services.source_record import SourceRecord

ROWS_OF_A_PAGE = 500
MAX_BYTES = 1024 * MIB
ACCEPT = (
    "text/csv, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet;q=0.9, */*;q=0.1"
)

BROKEN_ROW, NO_IDENTIFIER, SAME_IDENTIFIER = "broken_row", "no_identifier", "same_identifier"

_ZIP, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def identify(base_url: str, http: HttpClient) -> RepositoryInfo:
    """A table says nothing of itself; one that is not there is told before anything begins.

    Raises:
        HarvestError: No such file.
    """
    path = local_path(base_url)
    if path is not None and not path.is_file():
        raise HarvestError(f"There is no file {path}. Check the address of the source.")
    return RepositoryInfo()


def pages(request: HarvestRequest, http: HttpClient) -> Iterator[Page]:
    """All rows of the table, a few hundred to the page, from the checkpoint on.

    Raises:
        HarvestError: The file cannot be had, is no table, or lacks a column of the mapping.
    """
    try:
        mapping = read_mapping(request.options, "The column mapping of the source")
    except UsageError as error:
        raise HarvestError(str(error)) from None
    with closing(open_address(request.base_url, http, accept=ACCEPT, most=MAX_BYTES)) as file:
        state = _digest(file, mapping)
        done = _done(request.checkpoint, state)
        table = _open(file, mapping)
        check_columns(table.columns, mapping.columns)
        reader = _Reader(table.columns, mapping)
        records = (
            (row, record)
            for row in table.rows
            # Rows that were taken already are read all the same: their identifiers are taken.
            if (record := reader.record(row)) and row.number > done
        )
        for batch, is_last in batches(records, ROWS_OF_A_PAGE):
            yield Page(
                records=tuple(record for _, record in batch),
                checkpoint=None if is_last else _checkpoint(batch[-1][0].number, state),
                notes=table.notes,
                holes=sum(row.lost for row, _ in batch),
                ignores_from=request.from_ is not None,
            )


def columns(body: bytes) -> tuple[str, ...]:
    """What the columns of a table are called.

    Raises:
        ProtocolError: It is no table.
    """
    with closing(BytesIO(body)) as file:
        return _open(file, TableMapping(elements=())).columns


def _open(file: BinaryIO, mapping: TableMapping) -> Table:
    beginning = file.read(4)
    file.seek(0)
    if beginning == _ZIP:
        return open_xlsx(file, sheet=mapping.sheet, header_row=mapping.header_row)
    if beginning == _OLD_WORKBOOK:
        raise ProtocolError("The table is an old workbook (.xls). Save it as .xlsx or CSV.")
    return open_csv(
        file,
        mapping.columns,
        delimiter=mapping.delimiter,
        encoding=mapping.encoding,
        header_row=mapping.header_row,
    )


# Where a run stopped ------------------------------------------------------------------------------


def _digest(file: BinaryIO, mapping: TableMapping) -> str:
    digest = hashlib.sha256(mapping.digest.encode())
    while step := file.read(MIB):
        digest.update(step)
    file.seek(0)
    return digest.hexdigest()


def _checkpoint(row: int, state: str) -> str:
    return json.dumps({"row": row, "of": state})


def _done(checkpoint: str | None, state: str) -> int:
    """The last row that was taken; 0 where the table or its mapping is another now."""
    if not checkpoint:
        return 0
    position = json.loads(checkpoint)
    return int(position["row"]) if position["of"] == state else 0


# Rows ---------------------------------------------------------------------------------------------


class _Reader:
    """Turns rows into records; remembers the identifiers, so that none is taken twice.

    Eight bytes of a digest stand for each: a million rows are told apart in some 60 MB.
    """

    def __init__(self, columns: tuple[str, ...], mapping: TableMapping) -> None:
        position = {name: index for index, name in enumerate(columns)}
        self._columns = columns
        self._mapped = [
            (*ELEMENTS[element], column, position[column.name])
            for element, of_element in mapping.elements
            for column in of_element
        ]
        mapped = {index for *_, index in self._mapped}
        self._unmapped = [
            (name, index) for index, name in enumerate(columns) if index not in mapped
        ]
        identifier = mapping.identifier
        self._identifier = position[identifier.name] if identifier else None
        self._key = [position[name] for name in mapping.key]
        self._taken: set[bytes] = set()

    def record(self, row: Row) -> SourceRecord:
        """The record of a row; a problem where it is no row or nothing names it."""
        if row.problem:
            return self._problem(row, BROKEN_ROW, row.problem)
        cells = [*row.cells, *[""] * (len(self._columns) - len(row.cells))]
        identifier = self._name(cells)
        if identifier is None:
            return self._problem(row, NO_IDENTIFIER, f"Row {row.number} has nothing to name it by.")
        short = hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).digest()[:8]
        if short in self._taken:
            detail = f"Row {row.number} has the identifier of an earlier row: {identifier[:200]}"
            return self._problem(row, SAME_IDENTIFIER, detail)
        self._taken.add(short)
        return SourceRecord(identifier, payload=self._payload(cells))

    def _name(self, cells: list[str]) -> str | None:
        if self._identifier is not None:
            return cells[self._identifier] or None
        key = [cells[index] for index in self._key]
        if not any(key):
            return None
        said = json.dumps(key, ensure_ascii=True).encode()
        return f"row:sha256:{hashlib.sha256(said).hexdigest()}"

    def _payload(self, cells: list[str]) -> bytes:
        values: dict[str, list[Any]] = {}
        for name, shape, column, index in self._mapped:
            parts = cells[index].split(column.split) if column.split else [cells[index]]
            for part in parts:
                if text := part.strip():
                    values.setdefault(name, []).append(shape(text, column.language))
        return write_row(values, {name: cells[i] for name, i in self._unmapped if cells[i]})

    def _problem(self, row: Row, problem: str, detail: str) -> SourceRecord:
        said = dict(zip(self._columns, row.cells, strict=False))
        if more := list(row.cells[len(self._columns) :]):
            said["more cells"] = json.dumps(more)
        # Without the number of the row: the same row elsewhere is the same problem.
        return SourceRecord(
            identifier=None,
            payload=write_row({}, said or {"row": str(row.number)}),
            problem=problem,
            problem_detail=detail,
        )


HARVESTER = Harvester(identify=identify, pages=pages)
