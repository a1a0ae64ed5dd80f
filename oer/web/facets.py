"""Facets: what an answer may be narrowed by, each value with its count and a name for people."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from flask_babel import gettext as _

from oer.metadata import licenses, vocabularies
from oer.search.index import FACETS, NOT_STATED, SearchResults
from oer.web import words
from oer.web.search_state import NOT_STATED_VALUE, SearchState

SHOWN = 8
"""Longer lists fold the rest away."""

SourceNames = Mapping[str, str]
"""Name of a source by the value the index knows it by."""


@dataclass(frozen=True)
class Choice:
    """A value that can be chosen, as one check box."""

    html_id: str
    value: str
    label: str
    count: int
    checked: bool
    narrower: tuple["Choice", ...] = ()


@dataclass(frozen=True)
class Facet:
    """A group of check boxes."""

    name: str
    heading: str
    shown: tuple[Choice, ...]
    folded: tuple[Choice, ...]

    @property
    def all(self) -> tuple[Choice, ...]:
        """Every choice, folded or not."""
        return self.shown + self.folded

    @property
    def folded_open(self) -> bool:
        """Whether something chosen lies in the fold: then it must not hide."""
        return any(choice.checked for choice in self.folded)


@dataclass(frozen=True)
class Chip:
    """A chosen value that one press takes away."""

    heading: str
    label: str
    without: SearchState


def headings() -> dict[str, str]:
    """What each facet is called."""
    return {
        "type": _("Type"),
        "level": _("School level"),
        "language": _("Language"),
        "license": _("Licence"),
        "source": _("Source"),
    }


def label(facet: str, value: str, ui: str, source_names: SourceNames) -> str:
    """What a facet value is called."""
    if value == NOT_STATED:
        return str(_("Not stated"))
    if facet == "language":
        return words.language(value, ui)
    if facet == "license":
        return licenses.name(value, ui)
    if facet == "source":
        return source_names.get(value, value)
    return vocabularies.label(value, ui)


def facets(
    state: SearchState, results: SearchResults, ui: str, source_names: SourceNames
) -> list[Facet]:
    """The facets of an answer. One that offers no choice and holds none is left out."""
    names = headings()
    found = []
    for facet in FACETS:
        choices = _choices(facet, state, results, ui, source_names)
        if len(choices) > 1 or any(choice.checked for choice in choices):
            found.append(_facet(facet, names[facet], choices))
    return found


def _facet(name: str, heading: str, choices: list[Choice]) -> Facet:
    # A fold that hides a single line costs more than it saves.
    cut = SHOWN if len(choices) > SHOWN + 1 else len(choices)
    return Facet(name, heading, tuple(choices[:cut]), tuple(choices[cut:]))


def _choices(
    facet: str,
    state: SearchState,
    results: SearchResults,
    ui: str,
    source_names: SourceNames,
) -> list[Choice]:
    chosen = state.filters.get(facet, ())
    counts = dict(results.facets.get(facet, ()))
    for value in chosen:
        counts.setdefault(value, 0)
    ids = (f"{facet}-{number}" for number in count(1))

    def choice(value: str, narrower: tuple[Choice, ...] = ()) -> Choice:
        name = label(facet, value, ui, source_names)
        written = value or NOT_STATED_VALUE
        return Choice(next(ids), written, name, counts.get(value, 0), value in chosen, narrower)

    if facet == "level":
        return list(_level_tree(counts, choice))
    # Most frequent first, as the index counts them; what is not stated always last.
    return [choice(value) for value in sorted(counts, key=lambda value: value == NOT_STATED)]


def _level_tree(counts: Mapping[str, int], choice: Callable[..., Choice]) -> Iterator[Choice]:
    """School levels in the order of school life, each under the wider one it belongs to."""
    levels = vocabularies.concepts("level")
    needed = {id_ for value in counts for id_ in (value, *vocabularies.broader(value))}
    below: dict[str | None, list[str]] = {}
    for concept in levels:
        if concept.id in needed:
            below.setdefault(concept.broader, []).append(concept.id)

    def grow(parent: str | None) -> tuple[Choice, ...]:
        return tuple(choice(id_, grow(id_)) for id_ in below.get(parent, ()))

    yield from grow(None)
    known = {concept.id for concept in levels}
    yield from (choice(value) for value in counts if value and value not in known)
    if NOT_STATED in counts:
        yield choice(NOT_STATED)


def chips(state: SearchState, ui: str, source_names: SourceNames) -> list[Chip]:
    """Every chosen value, in the order the facets are shown."""
    names = headings()
    return [
        Chip(names[facet], label(facet, value, ui, source_names), state.without(facet, value))
        for facet, values in state.filters.items()
        for value in values
    ]


def browse(facet: str, results: SearchResults, ui: str) -> Facet:
    """The stated values of a facet, for the home page."""
    choices = _choices(facet, SearchState(), results, ui, {})
    stated = [choice for choice in choices if choice.value != NOT_STATED_VALUE]
    return _facet(facet, headings()[facet], stated)
