"""Showing how far a harvest has come: a live bar on a terminal, a line a page elsewhere."""

import sys
from typing import TextIO

from harvesters.telling import Progress

BAR_WIDTH = 24


class ProgressBar:
    """One line that is drawn over again after every page."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._drawn = 0

    def __call__(self, progress: Progress) -> None:
        """Draw the run as it stands."""
        line = f"{progress.source}  {bar(progress)}{counts(progress)}{speed(progress)}"
        self._stream.write("\r" + line.ljust(self._drawn))
        self._stream.flush()
        self._drawn = len(line)

    def done(self) -> None:
        """Leave the line standing and begin a new one."""
        if self._drawn:
            self._stream.write("\n")
            self._stream.flush()
            self._drawn = 0


class ProgressLines:
    """One plain line for every page, for logs."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout

    def __call__(self, progress: Progress) -> None:
        """Write the run as it stands."""
        self._stream.write(f"{progress.source}: page {progress.pages}: {counts(progress)}\n")
        self._stream.flush()

    def done(self) -> None:
        """Nothing is left open."""


def counts(progress: Progress) -> str:
    """What became of the records so far, in words."""
    tally = progress.tally
    words = (
        ("created", tally.created),
        ("updated", tally.updated),
        ("unchanged", tally.unchanged),
        ("withdrawn", tally.withdrawn),
        ("problems", tally.quarantined),
    )
    return f"{tally.seen} seen: " + ", ".join(f"{count} {word}" for word, count in words)


def bar(progress: Progress) -> str:
    """The bar itself; nothing where the provider does not say how long its list is."""
    if not progress.list_size:
        return ""
    share = min(1.0, progress.tally.seen / progress.list_size)
    full = round(share * BAR_WIDTH)
    return f"{'█' * full}{'░' * (BAR_WIDTH - full)} {share:4.0%}  "


def speed(progress: Progress) -> str:
    """Records a second, and the time left by completeListSize."""
    if progress.seconds <= 0 or not progress.tally.seen:
        return ""
    rate = progress.tally.seen / progress.seconds
    said = f"  {rate:.0f}/s"
    left = (progress.list_size or 0) - progress.tally.seen
    if left > 0:
        seconds = round(left / rate)
        said += f"  {seconds // 60}:{seconds % 60:02d} left"
    return said
