"""Pages of a list that has none of its own."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import TypeVar

_Thing = TypeVar("_Thing")


def batches(things: Iterable[_Thing], size: int) -> Iterator[tuple[list[_Thing], bool]]:
    """``things`` in lists of ``size``, each with whether it is the last. At least one list.

    One thing is read ahead: the last page of a list must be known as such when it is kept.
    """
    rest = iter(things)
    batch = list(islice(rest, size))
    while True:
        following = list(islice(rest, 1))
        yield batch, not following
        if not following:
            return
        batch = list(islice(chain(following, rest), size))
