"""Checking what somebody declared in a file: every mistake is found, named, and near names told.

Pure: values in, values and complaints out.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from oer.errors import UsageError

Check = Callable[[Any], str | None]
"""What is wrong with a value, in words that follow its name; None where nothing is."""

MOST_COMPLAINTS = 30


@dataclass(frozen=True)
class Field:
    """A key that a table may have: what its value must be."""

    check: Check
    required: bool = False


def complaints(
    table: Mapping[str, Any], fields: Mapping[str, Field], where: str = ""
) -> Iterator[str]:
    """What is wrong with a table: keys nobody knows, values of a wrong kind, keys that miss."""
    for key, value in table.items():
        if key not in fields:
            yield f"{where}{key}: {unknown(key, fields)}"
        elif problem := fields[key].check(value):
            yield f"{where}{key} {problem}"
    for key, field in fields.items():
        if field.required and key not in table:
            yield f"{where}{key} is missing"


def unknown(name: str, known: Collection[str]) -> str:
    """A sentence for a name that is none of the known ones, with the nearest of them."""
    near = get_close_matches(name, known, n=3, cutoff=0.6)
    folded = {each.lower(): each for each in known}
    near = near or [folded[each] for each in get_close_matches(name.lower(), folded, n=3)]
    if near:
        return f"nobody knows '{name}'. Did you mean {' or '.join(near)}?"
    return f"nobody knows '{name}'. Known: {', '.join(sorted(known)[:60])}."


def refuse(found: Collection[str], what: str) -> None:
    """Raise everything that was found at once.

    Raises:
        UsageError: Something was found.
    """
    if not found:
        return
    listed = list(found)
    lines = "".join(f"\n  {each}" for each in listed[:MOST_COMPLAINTS])
    if more := len(listed) - MOST_COMPLAINTS:
        lines += f"\n  … and {more} more" if more > 0 else ""
    raise UsageError(f"{what} cannot be used, and nothing was changed:{lines}")


# Checks -------------------------------------------------------------------------------------------


def text(value: Any) -> str | None:
    """A text that is not empty."""
    return None if isinstance(value, str) and value.strip() else "must be a text"


def letter(value: Any) -> str | None:
    """One character."""
    return None if isinstance(value, str) and len(value) == 1 else "must be one character"


def yes_or_no(value: Any) -> str | None:
    """A boolean."""
    return None if isinstance(value, bool) else "must be true or false"


def texts(value: Any) -> str | None:
    """A list of texts."""
    fine = isinstance(value, list) and all(isinstance(each, str) and each for each in value)
    return None if fine else "must be a list of texts"


def table(value: Any) -> str | None:
    """A table of its own."""
    return None if isinstance(value, dict) else "must be a table"


def number(lowest: float, highest: float) -> Check:
    """A number in these bounds; true and false are none."""

    def check(value: Any) -> str | None:
        fine = isinstance(value, int | float) and not isinstance(value, bool)
        if fine and lowest <= value <= highest:
            return None
        return f"must be a number from {lowest:g} to {highest:g}"

    return check


def whole_number(lowest: int, highest: int) -> Check:
    """A whole number in these bounds."""

    def check(value: Any) -> str | None:
        fine = isinstance(value, int) and not isinstance(value, bool)
        return None if fine and lowest <= value <= highest else f"must be {lowest} to {highest}"

    return check


def one_of(*known: str) -> Check:
    """One of these words."""

    def check(value: Any) -> str | None:
        if value in known:
            return None
        return f"must be one of {', '.join(known)}"

    return check
