"""What to do when nothing has all the words: leave out as few as possible, and say which.

The hits are those with the most words of the query; where there are several such choices, the
rarest words are kept, since they say most. What is nowhere as it was typed is looked for another
way before anything is left out:

- a compound by all its parts (*fotosynteesitehtävä* by *fotosynteesi* and *tehtävä*),
- a phrase by its words, in any form and place,
- words that only a comma, slash or hyphen joins (*sota/rauha*) one by one.

What the reader has excluded or asked for by field stays: only words and phrases are left out, and
never the last one.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import Generic, NamedTuple, Protocol, TypeVar

from oer.search.query import Clause, Group, ParsedQuery, Word, parse

Documents = TypeVar("Documents")
"""A set of documents, as an engine has it."""


class Relaxed(NamedTuple):
    """A query that finds something, and how it differs from what was typed."""

    parsed: ParsedQuery
    kept: tuple[str, ...]
    dropped: tuple[str, ...]


class Sets(Protocol[Documents]):
    """What an engine does with sets of documents."""

    everything: Documents

    def find(self, group: Group) -> Documents:
        """The documents of a group."""

    def both(self, one: Documents, other: Documents) -> Documents:
        """What is in both sets."""

    def most(self, sets: Sequence[Documents]) -> Documents:
        """What is in as many of these sets as anything is; nothing where all are empty."""

    def count(self, documents: Documents) -> int:
        """How many documents are in a set."""


Held = TypeVar("Held", int, frozenset[int])
"""Sets that are held in memory: the bits of a number, or numbers."""


class HeldSets(Generic[Held]):
    """Sets in memory, for the engines that have them."""

    def __init__(
        self, find: Callable[[Group], Held], everything: Held, count: Callable[[Held], int]
    ) -> None:
        self.find: Callable[[Group], Held] = find
        self.everything: Held = everything
        self.count: Callable[[Held], int] = count

    def both(self, one: Held, other: Held) -> Held:
        """What is in both sets."""
        return one & other

    def most(self, sets: Sequence[Held]) -> Held:
        """What is in as many of these sets as anything is."""
        with_so_many = [self.everything]
        for found in sets:
            for number in reversed(range(len(with_so_many))):
                together = with_so_many[number] & found
                if together and number + 1 == len(with_so_many):
                    with_so_many.append(together)
                elif together:
                    with_so_many[number + 1] = with_so_many[number + 1] | together
        if len(with_so_many) == 1:
            return self.everything ^ self.everything
        return with_so_many[-1]


class _Piece(NamedTuple):
    """What may be left out.

    ``stands_for`` is what was typed, where that is nowhere and this is looked for instead.
    """

    group: Group
    typed: tuple[str, ...]
    stands_for: str | None = None


def relaxed(parsed: ParsedQuery, sets: Sets[Documents]) -> Relaxed | None:
    """The nearest query that finds something; None where none does.

    Args:
        parsed: A query that finds nothing.
        sets: The documents of the index.
    """
    required = [group for group in parsed.groups if not _is_optional(group)]
    optional = [group for group in parsed.groups if _is_optional(group)]
    pieces = [piece for group in optional for piece in _pieces(group, sets, parsed.languages)]
    if len(pieces) < 2 and not any(piece.stands_for for piece in pieces):
        return None
    base = reduce(sets.both, map(sets.find, required), sets.everything)
    chosen = _chosen([sets.both(base, sets.find(piece.group)) for piece in pieces], sets)
    if not chosen:
        return None
    kept = [piece for place, piece in enumerate(pieces) if place in chosen]
    missing = (
        (piece.stands_for,) if piece.stands_for else piece.typed
        for place, piece in enumerate(pieces)
        if piece.stands_for or place not in chosen
    )
    return Relaxed(
        ParsedQuery((*required, *(piece.group for piece in kept)), parsed.languages),
        tuple(word for piece in kept for word in piece.typed),
        tuple(dict.fromkeys(word for words in missing for word in words)),
    )


def _chosen(documents: Sequence[Documents], sets: Sets[Documents]) -> set[int]:
    """Which of these sets to intersect so that something is left: as many as possible."""
    chosen: set[int] = set()
    best = sets.most(documents)
    if not sets.count(best):
        return chosen
    for place in sorted(range(len(documents)), key=lambda place: sets.count(documents[place])):
        narrower = sets.both(best, documents[place])
        if sets.count(narrower):
            best = narrower
            chosen.add(place)
    return chosen


def _is_optional(group: Group) -> bool:
    return not any(clause.facet or clause.negated for clause in group)


def _pieces(group: Group, sets: Sets[Documents], languages: tuple[str, ...]) -> list[_Piece]:
    """A group of words, or what can be looked for instead where they are nowhere."""
    whole = _Piece(group, (" OR ".join(clause.typed for clause in group),))
    (clause, *others) = group
    if others or sets.count(sets.find(group)):
        return [whole]
    if clause.phrase:
        words = _words_of_phrase(clause, languages)
        return [_Piece((Clause(words, text_class=clause.text_class),), _typed(words), clause.typed)]
    if len(clause.words) > 1:
        return [
            _Piece((Clause((word,), text_class=clause.text_class),), _typed((word,)))
            for word in clause.words
        ]
    parts = list(_longest_parts(clause))
    if not parts:
        return [whole]
    words = tuple(word for _, word in parts)
    instead = (Clause(words, text_class=clause.text_class),)
    return [_Piece(instead, tuple(part for part, _ in parts), clause.typed)]


def _typed(words: Sequence[Word]) -> tuple[str, ...]:
    return tuple(word.typed for word in words)


def _words_of_phrase(clause: Clause, languages: tuple[str, ...]) -> tuple[Word, ...]:
    groups = parse(" ".join(clause.phrase), languages).groups
    return tuple(dict.fromkeys(word for group in groups for word in group[0].words))


def _longest_parts(clause: Clause) -> Iterator[tuple[str, Word]]:
    for part, word in clause.parts:
        if not any(part != longer and part in longer for longer, _ in clause.parts):
            yield part, word
