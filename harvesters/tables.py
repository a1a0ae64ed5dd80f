"""Tables, whatever file they came in: columns by name, and rows of text one after another."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from oer.errors import ProtocolError

MAX_ROWS = 1_000_000
MAX_COLUMNS = 16_384
"""As many as a worksheet may have."""


@dataclass(frozen=True)
class Row:
    """A row: where it stands in the file, its cells, and what is wrong with it."""

    number: int
    cells: Sequence[str] = ()
    problem: str | None = None
    """Why the row cannot be taken for one; its cells are then as far as they could be read."""
    lost: bool = False
    """Whether rows after it may have been swallowed with it."""


@dataclass(frozen=True)
class Table:
    """A table that is being read."""

    columns: tuple[str, ...]
    rows: Iterator[Row]
    notes: tuple[str, ...] = ()


def named(cells: Iterable[str]) -> tuple[str, ...]:
    """Column names from the cells of the header; a name that stands twice is numbered.

    Raises:
        ProtocolError: There are none, or too many.
    """
    names: list[str] = []
    counts: dict[str, int] = {}
    for position, cell in enumerate(cells, start=1):
        name = cell.strip().removeprefix("\ufeff").strip() or f"column {position}"
        counts[name] = counts.get(name, 0) + 1
        names.append(name if counts[name] == 1 else f"{name} ({counts[name]})")
    if not names or len(names) > MAX_COLUMNS:
        raise ProtocolError(f"The header of the table has {len(names)} columns; check header_row.")
    return tuple(names)


def check_columns(columns: Sequence[str], wanted: Collection[str]) -> None:
    """See that every column of a mapping is there, before anything is taken.

    Raises:
        ProtocolError: Some are not; near ones are named.
    """
    missing = sorted(set(wanted) - set(columns))
    if missing:
        said = "; ".join(f"'{name}'{_near(name, columns)}" for name in missing)
        raise ProtocolError(
            f"The table has no column {said}. Its columns: {', '.join(columns)[:1000]}."
        )


def _near(name: str, columns: Sequence[str]) -> str:
    folded = {each.lower(): each for each in columns}
    near = get_close_matches(name.lower(), folded, n=1)
    return f" (is it '{folded[near[0]]}'?)" if near else ""


def checked_rows(rows: Iterable[Row], width: int) -> Iterator[Row]:
    """``rows`` without blank ones; cells that no column has room for make a row a problem.

    Raises:
        ProtocolError: There are more than a table may have.
    """
    for count, row in enumerate(rows, start=1):
        if count > MAX_ROWS:
            raise ProtocolError(f"The table has more than {MAX_ROWS} rows; part it.")
        if row.problem or any(row.cells):
            yield _checked(row, width)


def _checked(row: Row, width: int) -> Row:
    if row.problem:
        return row
    if any("\0" in cell for cell in row.cells):
        return Row(row.number, row.cells, "A cell holds the character NUL.")
    if any(row.cells[width:]):
        detail = f"The row has {len(row.cells)} cells, the header {width}."
        return Row(row.number, row.cells, detail)
    return row
