"""Printing for people and for machines."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import click


def echo_json(value: Any) -> None:
    """One JSON value on one line, readable in every script."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


def echo_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Columns under headings, as wide as they need to be."""
    lines = [[str(cell) if cell is not None else "–" for cell in row] for row in rows]
    widths = [
        max(width(line[column]) for line in [list(headings), *lines])
        for column in range(len(headings))
    ]
    for line in [list(headings), *lines]:
        padded = (
            cell + " " * (room - width(cell)) for cell, room in zip(line, widths, strict=True)
        )
        click.echo("  ".join(padded).rstrip())


def width(text: str) -> int:
    """Columns a text takes on a terminal: wide letters take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in text
    )


def printable(text: str) -> str:
    """Text from outside without control characters: a title must not steer the terminal."""
    return "".join(
        " " if letter in "\n\t" else letter
        for letter in text
        if letter in "\n\t" or letter.isprintable()
    )
