"""What to do when nothing has all the words: leave out as few as possible, and say which.

The hits are those with the most words of the query; where there are several such choices, the
rarest words are kept, since they say most. A compound that is nowhere is replaced by its parts
(*fotosynteesitehtävä* by *fotosynteesi* and *tehtävä*) before anything is left out.

What the reader has excluded or asked for by field stays: only words and phrases are left out, and
never the last one.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from oer.search.query import Clause, Group, ParsedQuery

Documents = TypeVar("Documents", int, frozenset[int])
"""A set of documents, as an engine has it."""


class Relaxed(NamedTuple):
    """A query that finds something, and how it differs from what was typed."""

    parsed: ParsedQuery
    kept: tuple[str, ...]
    dropped: tuple[str, ...]


class _Piece(NamedTuple):
    group: Group
    typed: str


def relaxed(
    parsed: ParsedQuery,
    find: Callable[[Group], Documents],
    every: Documents,
    count: Callable[[Documents], int],
) -> Relaxed | None:
    """The nearest query that finds something; None where none does.

    Args:
        parsed: A query that finds nothing.
        find: The documents of a group.
        every: All documents.
        count: How many documents are in a set.
    """
    required: list[Group] = [group for group in parsed.groups if not _is_optional(group)]
    base = every
    for group in required:
        base = base & find(group)
    typed = [_Piece(group, _typed(group)) for group in parsed.groups if _is_optional(group)]
    pieces = [part for piece in typed for part in (_parts(piece, find) or [piece])]
    if len(pieces) < 2:
        return None
    documents = [find(piece.group) & base for piece in pieces]
    chosen = _chosen(documents, base, count)
    if not chosen:
        return None
    kept: list[_Piece] = [pieces[place] for place in sorted(chosen)]
    return Relaxed(
        ParsedQuery((*required, *(piece.group for piece in kept)), parsed.languages),
        tuple(piece.typed for piece in kept),
        tuple(piece.typed for piece in typed if piece not in kept),
    )


def _chosen(
    documents: list[Documents], base: Documents, count: Callable[[Documents], int]
) -> set[int]:
    """Which of these sets to intersect so that something is left: as many as possible."""
    with_so_many = [base]
    for found in documents:
        for number in reversed(range(len(with_so_many))):
            both = with_so_many[number] & found
            if both and number + 1 == len(with_so_many):
                with_so_many.append(both)
            elif both:
                with_so_many[number + 1] = with_so_many[number + 1] | both
    if len(with_so_many) == 1:
        return set()
    best, chosen = with_so_many[-1], set()
    for place in sorted(range(len(documents)), key=lambda place: count(documents[place])):
        if best & documents[place]:
            best = best & documents[place]
            chosen.add(place)
    return chosen


def _is_optional(group: Group) -> bool:
    return not any(clause.facet or clause.negated for clause in group)


def _typed(group: Group) -> str:
    return " OR ".join(clause.typed for clause in group)


def _parts(piece: _Piece, find: Callable[[Group], Documents]) -> list[_Piece]:
    """The longest parts of a compound that is nowhere."""
    (clause, *others) = piece.group
    if others or len(clause.words) != 1 or not clause.parts or find(piece.group):
        return []
    return [
        _Piece((Clause((word,), text_class=clause.text_class, typed=part),), part)
        for part, word in clause.parts
        if not any(part != longer and part in longer for longer, _ in clause.parts)
    ]
