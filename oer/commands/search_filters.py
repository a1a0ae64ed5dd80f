"""The filters of ``oer search``: what a person calls a value, as the index knows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from oer.errors import UsageError

if TYPE_CHECKING:
    from oer.commands.context import Oer

SHOWN = 12
"""Values that are named where none is like what was asked for."""


def filters(oer: Oer, given: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """The values of every facet that some were given for.

    Raises:
        UsageError: A name stands for no value; the message names the nearest ones.
    """
    found = {
        facet: tuple(dict.fromkeys(code for name in names for code in _codes(oer, facet, name)))
        for facet, names in given.items()
    }
    return {facet: codes for facet, codes in found.items() if codes}


def _codes(oer: Oer, facet: str, name: str) -> tuple[str, ...]:
    from oer.metadata.vocabularies import fold
    from oer.search import facet_names
    from oer.search.index import NOT_STATED, SearchQuery

    if name == facet_names.NOT_STATED_NAME:
        return (NOT_STATED,)
    if known := facet_names.codes(facet, name):
        return known
    asked = SearchQuery(filters={facet: (name,)}, limit=0, facets=(facet,))
    answer = oer.index.search(asked)
    if answer.total:
        return (name,)
    # The counts of a facet leave its own filter out.
    held = [value for value, _ in answer.facets.get(facet, ()) if value]
    if facet == "source":
        held = _sources(oer)
    if alike := tuple(value for value in held if fold(value) == fold(name)):
        return alike
    near = facet_names.near(facet, name, held)
    some = "; ".join(near or held[:SHOWN])
    hint = f" {'Near it' if near else 'Such as'}: {some}." if some else ""
    raise UsageError(f"--{facet} '{name}' stands for nothing here.{hint}")


def _sources(oer: Oer) -> list[str]:
    from oer.services import sources

    with oer.sessions() as session:
        return [source.slug for source in sources.every(session)]
