"""Which records of a mended page were themselves mended, and how they stood in the answer.

A page is mended as a whole; a curator needs to know whose text it was. The bytes of a record are
cut out of the answer as they came, so that nothing that was replaced is lost for good.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

MAX_BYTES = 1 << 20
"""Bigger records are flagged, and not kept a second time."""

_START = re.compile(rb"<((?:[\w.-]+:)?)record(?:\s[^<>]*)?>\s*<\1header[\s>/]")


class Repair(NamedTuple):
    """What was done to one record."""

    characters: int
    received: bytes | None
    """The record as it came; None where it is too big."""


def repairs(
    body: bytes,
    read: Callable[[bytes], tuple[str, int]],
    name: Callable[[str], str | None],
) -> Mapping[str, Repair]:
    """The repaired records of an answer, by identifier.

    Args:
        body: The answer as it came, in an encoding that writes tags as ASCII does.
        read: Bytes as they were read for the whole answer: the text, and how many of its characters
            had to be replaced.
        name: The identifier of a record in its text.
    """
    found = {}
    starts = list(_START.finditer(body))
    ends = [*(match.start() for match in starts[1:]), len(body)]
    for match, end in zip(starts, ends, strict=True):
        chunk = _record(body, match, end)
        text, characters = read(chunk)
        identifier = name(text) if characters else None
        if identifier:
            found[identifier] = Repair(characters, chunk if len(chunk) <= MAX_BYTES else None)
    return found


def _record(body: bytes, start: re.Match[bytes], end: int) -> bytes:
    closing = body.rfind(b"</" + start[1] + b"record", start.start(), end)
    after = body.find(b">", closing, end) if closing >= 0 else -1
    return body[start.start() : after + 1 if after >= 0 else end]
