"""A bar for long work: on a terminal only, and beside the answer, never in it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress_bar(
    label: str, length: int, *, quiet: bool = False
) -> Iterator[Callable[[int], None]]:
    """What to tell how much more was done, of ``length``."""
    if quiet or not sys.stderr.isatty():
        yield lambda more: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update


def in_all(report: Callable[[int], None]) -> Callable[[int], None]:
    """What to tell how much is done in all, where a bar wants to know how much more."""
    done = 0

    def progress(now: int) -> None:
        nonlocal done
        report(now - done)
        done = now

    return progress
