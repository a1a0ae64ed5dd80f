"""``oer search``: every facet is an option."""

import inspect

import pytest

from oer.commands.search import FACETS, SORTS, search
from oer.search import index
from oer.search.index import SearchDocument
from oer.web import search_state

VALUES = {facet: f"{facet}-1" for facet in index.FACETS}


def test_the_options_are_the_facets_and_orders_of_the_index_and_the_pages():
    assert set(FACETS) == set(index.FACETS)
    assert search_state.SORTS == SORTS


@pytest.mark.parametrize("facet", index.FACETS)
def test_an_option_narrows_by_its_facet(console, facet):
    console.oer.index.replace(
        [
            SearchDocument(1, {}, {name: (value,) for name, value in VALUES.items()}),
            SearchDocument(2, {}, dict.fromkeys(VALUES, ("other",))),
        ]
    )
    assert console.json(search, f"--{facet}", VALUES[facet])["total"] == 1
    assert console.json(search, f"--{facet}", "nothing")["total"] == 0
    assert console.json(search)["total"] == 2


def test_permissions_add_up_and_other_values_are_alternatives(console):
    console.oer.index.replace(
        [
            SearchDocument(1, {}, {"permission": ("adapt", "share"), "year": ("2019",)}),
            SearchDocument(2, {}, {"permission": ("share",), "year": ("2020",)}),
        ]
    )
    both = ("--permission", "adapt", "--permission", "share")
    assert console.json(search, *both)["total"] == 1
    assert console.json(search, "--year", "2019", "--year", "2020")["total"] == 2


def test_hits_come_in_the_order_asked_for(console):
    provider = console.provider()
    for title in ("Ydin", "Atomi"):
        provider.sends(title, title=title)
    console.drain()
    hits = console.json(search, "--sort", "title")["hits"]
    assert [hit["title"] for hit in hits] == ["Atomi", "Ydin"]
    assert "--sort" in console.run(search, "--sort", "size", code=2)


def test_the_help_says_what_every_option_takes(console):
    assert all(len(text) > 10 for text in FACETS.values())
    assert "oer search" in inspect.getdoc(search.callback)
