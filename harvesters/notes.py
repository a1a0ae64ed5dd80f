"""Notes of many pages, told once: a number in brackets at the end of a note is added up."""

import re
from collections.abc import Iterable

_COUNTED = re.compile(r"(.*) \((\d{1,12})\)", re.DOTALL)


def merged(notes: Iterable[str], more: Iterable[str], *, most: int) -> list[str]:
    """``notes`` and ``more``, each said once, at most so many; counts go on being added."""
    counts: dict[str, int | None] = {}
    for note in (*notes, *more):
        match = _COUNTED.fullmatch(note)
        text, count = (match[1], int(match[2])) if match else (note, None)
        if text not in counts and len(counts) >= most:
            continue
        before = counts.get(text)
        counts[text] = count if before is None else before + (count or 0)
    return [text if count is None else f"{text} ({count})" for text, count in counts.items()]
