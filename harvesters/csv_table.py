"""Tables in CSV: what is declared of them counts; the rest is seen from the file, never guessed.

UTF-8 can be proved, and the delimiter is the one under which the header holds the declared columns.
A file that is neither UTF-8 nor declared otherwise is refused: the same bytes are letters in every
legacy encoding, only other ones.
"""

import codecs
import csv
from collections.abc import Collection, Iterator
from contextlib import suppress
from io import TextIOWrapper
from itertools import chain, islice
from typing import Any, BinaryIO

from harvesters.tables import Row, Table, checked_rows, named
from oer.errors import ProtocolError

DELIMITERS = ",;\t|"
MAX_LINE = 4 * 1024 * 1024
_SAMPLE_LINES = 100
_STEP = 1 << 20

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def open_csv(
    file: BinaryIO,
    wanted: Collection[str],
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
    header_row: int = 1,
) -> Table:
    """The table in ``file``, read as it is asked for.

    Raises:
        ProtocolError: It is no such table, or in another encoding.
    """
    encoding = _encoding(file, encoding)
    lines = _lines(TextIOWrapper(file, encoding=encoding, newline=""), encoding)
    skipped = len(list(islice(lines, header_row - 1)))
    sample = list(islice(lines, _SAMPLE_LINES))
    delimiter = delimiter or _delimiter(sample, wanted)
    reader = csv.reader(chain(sample, lines), delimiter=delimiter)
    columns = named(_header(reader))
    rows = _rows(reader, skipped)
    return Table(columns, checked_rows(rows, len(columns)))


def _encoding(file: BinaryIO, declared: str | None) -> str:
    beginning = file.read(4)
    file.seek(0)
    marked = next((name for mark, name in _MARKS if beginning.startswith(mark)), None)
    if declared:
        # The mark is no character of the table, whoever declares "utf-8".
        return "utf-8-sig" if codecs.lookup(declared).name == "utf-8" else declared
    if marked:
        return marked
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while step := file.read(_STEP):
            decoder.decode(step)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise ProtocolError(
            "The table is not UTF-8. Declare its encoding, such as "
            'table.encoding = "windows-1252", or save it as UTF-8.'
        ) from None
    file.seek(0)
    return "utf-8"


def _lines(text: TextIOWrapper, encoding: str) -> Iterator[str]:
    number = 0
    try:
        while line := text.readline(MAX_LINE):
            number += 1
            if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
                raise ProtocolError(f"Line {number} has no end within {MAX_LINE} characters.")
            yield line
    except UnicodeError as error:
        raise ProtocolError(
            f"The table is not in the encoding {encoding}, at line {number + 1} or soon after "
            f"({error}). Declare another with table.encoding."
        ) from None
    finally:
        with suppress(ValueError):  # closed already
            text.detach()  # whoever opened the file closes it


def _delimiter(sample: list[str], wanted: Collection[str]) -> str:
    def fit(delimiter: str) -> tuple[int, int]:
        columns = _header(csv.reader(sample, delimiter=delimiter))
        names = {cell.strip().removeprefix("\ufeff") for cell in columns}
        return len(names & set(wanted)), len(columns)

    return max(DELIMITERS, key=fit)


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        return next(reader, [])
    except csv.Error as error:
        raise ProtocolError(f"The header of the table cannot be read: {error}.") from None


def _rows(reader: Any, skipped: int) -> Iterator[Row]:
    while True:
        begin = skipped + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # Mostly a quotation mark that is never closed: it took the lines up to here with it.
            end = skipped + reader.line_num
            detail = f"Lines {begin} to {end} cannot be parted into cells: {error}."
            yield Row(begin, (), detail, lost=end > begin)
        else:
            yield Row(begin, [cell.strip() for cell in cells])
