"""Facets: what an answer may be narrowed by, each value with its count and a name for people.

The page stays light whatever the catalogue holds: a facet shows its most frequent values, folds
some more, and leaves the rest to a page of its own (:mod:`oer.web.values`).
"""

from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import count

from msgspec import Struct

from oer.metadata import vocabularies
from oer.search.analysis import sort_key
from oer.search.facet_names import CODES, NOT_STATED_NAME, VOCABULARY
from oer.search.index import CONJUNCTIVE, FACETS, LONG_FACETS, NOT_STATED, SearchResults
from oer.web.facet_labels import (
    CHOOSING,
    PARTS,
    SourceNames,
    heading,
    label,
    label_alone,
    part,
)
from oer.web.search_state import SearchState

SHOWN = 8
"""Longer lists fold the rest away."""

MOST = SHOWN + 16
"""Values of a facet that the search page holds, folded or not, beside the chosen ones."""

MOST_CLOSED = SHOWN + 4
"""The same of a group or part that is closed at first: most readers never open it."""

OPEN = FACETS[:5]
"""The groups that stand open; the others open when something in them is chosen."""

UNFOLDED = frozenset({"level:school"})
"""Values that show the narrower ones at once: alone they tell too little apart."""

FIXED = {facet: CODES[facet] for facet in ("permission", "duration", "age")}
"""Values that stand in an order of their own, as school levels do in that of school life. In other
facets the most frequent come first."""


@cache
def _places(facet: str) -> Mapping[str, int]:
    """Where each value of a fixed order stands; nothing for other facets."""
    values = FIXED.get(facet, ())
    if facet == "level":
        values = tuple(concept.id for concept in vocabularies.concepts("level"))
    return {value: place for place, value in enumerate(values)}


@cache
def _is_tree(facet: str) -> bool:
    name = VOCABULARY.get(facet)
    return name is not None and any(each.broader for each in vocabularies.concepts(name))


class Choice(Struct, frozen=True):
    """A value that can be chosen, as one check box."""

    html_id: str
    value: str
    label: str
    count: int | None
    """None where it was not counted."""
    checked: bool
    narrower: tuple["Choice", ...] = ()
    is_open: bool = False
    """Whether the narrower ones show at once."""

    @property
    def holds_chosen(self) -> bool:
        """Whether it or a narrower one is chosen."""
        return self.checked or any(each.holds_chosen for each in self.narrower)


@dataclass(frozen=True)
class Facet:
    """A group of check boxes."""

    name: str
    heading: str
    shown: tuple[Choice, ...]
    folded: tuple[Choice, ...]
    chosen: int = 0
    values: int = 0
    """How many values there are in all, where the page does not hold them; 0 where it does."""
    choose: str = ""
    """What leads to the list of a facet that is not counted here."""
    part: str = ""
    """What this part is called, where the facet has several."""
    others: tuple["Facet", ...] = ()
    """The other parts. They stand below, closed at first."""

    @property
    def all(self) -> tuple[Choice, ...]:
        """Every choice, folded or not."""
        return self.shown + self.folded

    @property
    def is_tree(self) -> bool:
        """Whether some choices have narrower ones."""
        return any(choice.narrower for each in (self, *self.others) for choice in each.all)

    @property
    def is_open(self) -> bool:
        """Whether the group stands open."""
        return self.name in OPEN or self.chosen > 0

    @property
    def holds_chosen(self) -> bool:
        """Whether one of its choices, or a narrower one, is chosen."""
        return any(choice.holds_chosen for choice in self.all)

    @property
    def folded_open(self) -> bool:
        """Whether something chosen lies in the fold: then it must not hide."""
        return any(choice.holds_chosen for choice in self.folded)


@dataclass(frozen=True)
class Chip:
    """A chosen value that one press takes away."""

    heading: str
    """Empty where the label says enough."""
    label: str
    without: SearchState


def facets(
    state: SearchState, results: SearchResults, ui: str, source_names: SourceNames
) -> list[Facet]:
    """The facets of an answer. One that offers no choice and holds none is left out."""
    found = (_facet(name, state, results, ui, source_names) for name in FACETS)
    return [facet for facet in found if facet is not None]


def chips(state: SearchState, ui: str, source_names: SourceNames) -> list[Chip]:
    """Every chosen value, in the order the facets are shown."""
    chosen = ((facet, value) for facet, values in state.filters.items() for value in values)
    return [
        Chip(
            # "I may adapt it" says by itself what it is about.
            "" if facet == "permission" else heading(facet),
            label_alone(facet, value, ui, source_names),
            state.without(facet, value),
        )
        for facet, value in chosen
    ]


def browse(name: str, results: SearchResults, ui: str) -> Facet:
    """The stated values of a facet, for the home page; of subjects only the widest."""
    counts = {value: number for value, number in results.facets.get(name, ()) if value}
    if name == "subject":
        counts = {value: counts[value] for value in counts if not _broader(name, value)}
    return _in_parts(Facet(name, heading(name), _choices(name, counts, (), ui, {}), ()))


def in_order(facet: str, counts: Mapping[str, int], ui: str) -> list[str]:
    """The values of a facet as they are shown; what is not stated always last."""
    if places := _places(facet):
        ranked = sorted(counts, key=lambda value: places.get(value, len(places)))
    elif facet == "subject":
        ranked = sorted(counts, key=lambda value: sort_key(vocabularies.label(value, ui)))
    elif facet == "year":
        ranked = sorted(counts, reverse=True)
    else:
        ranked = sorted(counts, key=lambda value: -counts[value])
    return sorted(ranked, key=lambda value: value == NOT_STATED)


def _facet(
    name: str, state: SearchState, results: SearchResults, ui: str, source_names: SourceNames
) -> Facet | None:
    chosen = state.filters.get(name, ())
    title = heading(name)
    if name in LONG_FACETS:
        if not (chosen or results.total):
            return None
        boxes = _choices(name, dict.fromkeys(chosen, None), chosen, ui, source_names)
        return Facet(name, title, boxes, (), len(chosen), choose=str(CHOOSING[name]))
    counts = _counts(name, chosen, results)
    narrows = any(number < results.total for number in counts.values())
    # What one may do is told also where all that was found may be used alike.
    tells = name in CONJUNCTIVE and any(counts.values())
    if not (chosen or narrows or tells):
        return None
    held = _held(name, counts, chosen)
    values = len(counts.keys() - {NOT_STATED}) if len(held) < len(counts) else 0
    choices = _choices(name, held, chosen, ui, source_names)
    return _in_parts(Facet(name, title, choices, (), len(chosen), values))


def _counts(name: str, chosen: Iterable[str], results: SearchResults) -> dict[str, int]:
    counts = dict(results.facets.get(name, ()))
    if name in CONJUNCTIVE:
        # Nobody looks for what they may *not* do.
        counts.pop(NOT_STATED, None)
    for value in chosen:
        for each in (value, *_broader(name, value)):
            counts.setdefault(each, 0)
    return counts


def _held(name: str, counts: Mapping[str, int], chosen: Iterable[str]) -> dict[str, int]:
    """The values that the page holds: some, the chosen ones, and all that these belong to."""
    if name == "year":
        ranked = sorted(counts, reverse=True)
    else:
        ranked = sorted(counts, key=lambda value: -counts[value])
    parts: dict[str, list[str]] = {part(name, value): [] for value in ranked}
    for value in filter(None, ranked):
        parts[part(name, value)].append(value)
    shown = _first_part(parts) if name in OPEN else None
    first = [
        value
        for each, values in parts.items()
        for value in values[: MOST if each == shown else MOST_CLOSED]
    ]
    stated = {wider for value in (*first, *chosen) for wider in (value, *_broader(name, value))}
    return {value: counts[value] for value in counts if value in stated or value == NOT_STATED}


@lru_cache(maxsize=4096)
def _broader(name: str, value: str) -> tuple[str, ...]:
    """The wider values of the same part."""
    wider = vocabularies.broader(value) if _is_tree(name) else ()
    return tuple(each for each in wider if part(name, each) == part(name, value))


def _in_parts(facet: Facet) -> Facet:
    """The facet divided into the parts that its choices have, and folded."""
    parts: dict[str, list[Choice]] = {}
    for choice in facet.shown:
        parts.setdefault(part(facet.name, choice.value), []).append(choice)
    of_none = parts.pop("", [])
    first = _first_part(parts)
    others = [name for name in PARTS if name in parts and name != first]
    shown, folded = _folding(facet.name, (*parts.get(first, ()), *of_none))
    return replace(
        facet,
        shown=shown,
        folded=folded,
        part=str(PARTS[first][0]) if others else "",
        others=tuple(
            Facet(facet.name, str(PARTS[name][0]), tuple(parts[name]), ()) for name in others
        ),
    )


def _first_part(parts: Container[str]) -> str:
    """The part that stands open."""
    return next((name for name in PARTS if name in parts), "")


def _folding(
    name: str, choices: tuple[Choice, ...]
) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """What shows at once and what is folded, each in its order."""
    # A fold that hides a single line costs more than it saves.
    if len(choices) <= SHOWN + 1:
        return choices, ()
    ranked = list(choices)
    if _is_tree(name):
        ranked.sort(key=lambda each: (each.value == NOT_STATED_NAME, -(each.count or 0)))
    first = {each.value for each in ranked[:SHOWN]}
    return (
        tuple(each for each in choices if each.value in first),
        tuple(each for each in choices if each.value not in first),
    )


def _choices(
    name: str,
    counts: Mapping[str, int | None],
    chosen: Collection[str],
    ui: str,
    source_names: SourceNames,
) -> tuple[Choice, ...]:
    """The values as check boxes, each under the wider one it belongs to."""
    below: dict[str | None, list[str]] = {}
    for value in in_order(name, {value: number or 0 for value, number in counts.items()}, ui):
        wider = next((each for each in _broader(name, value) if each in counts), None)
        below.setdefault(wider, []).append(value)
    ids = (f"{name}-{number}" for number in count(1))

    def grow(wider: str | None) -> tuple[Choice, ...]:
        return tuple(choice(value) for value in below.get(wider, ()))

    def choice(value: str) -> Choice:
        html_id, narrower = next(ids), grow(value)
        is_open = value in UNFOLDED or any(each.holds_chosen for each in narrower)
        text, written = label(name, value, ui, source_names), value or NOT_STATED_NAME
        return Choice(html_id, written, text, counts[value], value in chosen, narrower, is_open)

    return grow(None)
