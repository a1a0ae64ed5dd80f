"""A small line over time, as numbers for an SVG: the page draws it, the stylesheet colours it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH, HEIGHT = 640, 160
TOP = 8
"""Room above the highest point, for the width of the line."""


@dataclass(frozen=True)
class Plot:
    """The line, and what to write at its ends."""

    width: int
    height: int
    line: str
    area: str
    dots: tuple[tuple[float, float], ...]
    top: int
    """The value that the top of the plot stands for."""
    first: str
    last: str


def plot(values: Sequence[tuple[str, int]]) -> Plot | None:
    """A plot of labelled values, evenly spaced; None where one value or none makes no line."""
    if len(values) < 2:
        return None
    top = _round_up(max(value for _, value in values))
    step = WIDTH / (len(values) - 1)
    dots = tuple(
        (round(number * step, 1), round(HEIGHT - value / top * (HEIGHT - TOP), 1))
        for number, (_, value) in enumerate(values)
    )
    line = " ".join(f"{x:g},{y:g}" for x, y in dots)
    return Plot(
        WIDTH,
        HEIGHT,
        line,
        f"0,{HEIGHT} {line} {WIDTH},{HEIGHT}",
        dots,
        top,
        values[0][0],
        values[-1][0],
    )


def _round_up(value: int) -> int:
    """The next number that is pleasant to read: 1, 2 or 5 with noughts."""
    if value < 1:
        return 1
    power = 10 ** floor(log10(value))
    return int(next(step for step in (1, 2, 5, 10) if step >= ceil(value / power)) * power)
