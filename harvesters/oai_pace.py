"""Lists whose later pages grow slow: when to ask for the rest in smaller windows, and how small.

Many servers count through everything that came before a page. The deeper the page, the longer it
takes, so the first pages of several short lists cost less than the last pages of a long one.
Windows cost repeated pages, which bring nothing new and delete nothing; how far a list went well is
remembered for the next harvest of everything.

Only lists that say how long they are are divided. Then it can be seen that the windows together
bring as much; where they do not (undated records are in no window), the list is asked for whole.
"""

from collections.abc import Callable
from statistics import median

from harvesters.oai_position import Position

FLOOR = 20.0
"""Seconds. Quicker pages are never slow."""

TIMES_SLOWER = 5.0
"""Than the first pages of the same list."""

FIRST_PAGES = 3
IN_A_ROW = 3
"""So many slow pages make a slow list: one is an accident."""

FEWEST_PAGES = 5
"""A list that goes slow sooner is not slow for being long."""

NEVER = 0
"""The fact that the windows of a provider do not bring what its whole list does."""


class Pace:
    """How quickly the pages of a list come. Times are in seconds, by the clock given."""

    def __init__(self, clock: Callable[[], float], known: object) -> None:
        self.clock = clock
        self.known = known if isinstance(known, int) and not isinstance(known, bool) else None
        """What an earlier harvest saw: after how many records lists grow slow."""
        self._first: list[float] = []
        self._slow: list[float] = []
        self._slow_since = 0

    def begin(self) -> None:
        """Another list begins."""
        self._first, self._slow = [], []

    def count(self, seconds: float, position: Position) -> None:
        """A page came; ``position`` is where the list stood before it."""
        if len(self._first) < FIRST_PAGES:
            self._first.append(seconds)
        elif seconds > max(FLOOR, TIMES_SLOWER * median(self._first)):
            self._slow_since = self._slow_since if self._slow else position.seen
            self._slow.append(seconds)
        else:
            self._slow = []

    def slow_after(self, position: Position) -> int | None:
        """After how many records the list grew slow; None: it did not, or not by its length."""
        deep_enough = self._slow_since >= FEWEST_PAGES * position.longest
        return self._slow_since if len(self._slow) >= IN_A_ROW and deep_enough else None

    def is_worth_dividing(self, position: Position) -> bool:
        """Whether beginning again in windows is likely to be quicker than the rest of the list."""
        if not (position.size and self._slow and self._first):
            return False
        rest = (position.size - position.seen) * self._slow[-1]
        # Twice: every division repeats a page, and windows do not come out evenly.
        return rest > 2 * position.size * median(self._first)

    def is_too_long(self, position: Position) -> bool:
        """Whether a list that has just begun is longer than what comes quickly."""
        most = position.most or self.known
        return bool(most) and (position.size or 0) > (most or 0)
