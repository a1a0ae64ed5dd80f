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
    assert console.json(search)["total"] == 2
    assert "'nothing whatever'" in console.run(search, f"--{facet}", "nothing whatever", code=2)


@pytest.mark.parametrize("facet", index.FACETS)
def test_what_states_nothing_is_found_by_a_name_of_its_own(console, facet):
    console.oer.index.replace([SearchDocument(1, {}, {}), SearchDocument(2, {}, {facet: ("x",)})])
    assert console.json(search, f"--{facet}", "not-stated")["total"] == 1


@pytest.mark.parametrize(
    ("option", "name", "value"),
    [
        ("level", "upper-secondary", "level:upper-secondary"),
        ("level", "level:upper-secondary", "level:upper-secondary"),
        ("level", "Lukio", "level:general-upper-secondary"),
        ("subject", "mathematics", "subject:mathematics"),
        ("language", "suomi", "fi"),
        ("license", "CC BY 4.0", "cc-by"),
        ("author", "aino esimerkki", "Aino Esimerkki"),
    ],
)
def test_values_go_by_their_codes_and_their_names(console, option, name, value):
    console.oer.index.replace(
        [SearchDocument(1, {}, {option: (value,)}), SearchDocument(2, {}, {option: ("z",)})]
    )
    assert console.json(search, f"--{option}", name)["total"] == 1


def test_a_value_that_is_known_and_not_met_finds_nothing(console):
    assert console.json(search, "--level", "lukio", "--year", "1999")["total"] == 0


@pytest.mark.parametrize(
    ("option", "name", "said"),
    [
        ("level", "upper-secondry", "level:upper-secondary"),
        ("permission", "adopt", "adapt"),
        ("license", "cc-by-nv", "cc-by"),
        ("source", "metsalla", "metsala"),
        ("author", "Aina Esimerki", "Aino Esimerkki"),
        ("year", "19", "2019"),
        ("language", "xq", "Such as: fi"),
    ],
)
def test_an_unknown_value_is_told_with_those_near_it(console, option, name, said):
    console.provider()
    facets = {"author": ("Aino Esimerkki",), "year": ("2019",), "language": ("fi",)}
    console.oer.index.replace([SearchDocument(1, {}, facets)])
    answer = console.run(search, f"--{option}", name, code=2)
    assert f"--{option} '{name}'" in answer
    assert said in answer


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


# -- what is asked for -----------------------------------------------------------------------------


@pytest.fixture
def water(console):
    """Three materials with water in their titles."""
    provider = console.provider()
    for title in ("Vesi ja ilma", "Vesi ja koe", "Vesi"):
        provider.sends(title, title=title)
    console.drain()
    return console


@pytest.mark.parametrize(
    ("words", "total"),
    [
        (["vesi"], 3),
        (["vesi", "-koe"], 2),
        (["-koe", "vesi", "-ilma"], 1),
        (["-koe"], 2),
        (["vesi", '-"ja koe"'], 2),
        (["ilma", "OR", "koe"], 2),
    ],
)
def test_words_behind_a_hyphen_are_left_out(water, words, total):
    assert water.json(search, *words)["total"] == total


def test_options_may_stand_among_such_words(water):
    hits = water.json(search, "--limit", "1", "vesi", "--sort=title", "-koe")["hits"]
    assert [hit["title"] for hit in hits] == ["Vesi"]
    assert water.json(search, "-koe", "--limit", "1", "vesi")["total"] == 2
    assert water.run(search, "--limit=1", "--", "-koe", "vesi").startswith("2 found.")


def test_an_unknown_option_is_no_word(water):
    assert "--lisence" in water.run(search, "vesi", "--lisence", "cc-by", code=2)
    assert "--limit" in water.run(search, "vesi", "--limit", code=2)
    assert "QUERY" in water.run(search, "--help")


# -- what the answer leaves out --------------------------------------------------------------------


def test_words_that_had_to_be_left_out_are_told(water):
    said = water.run(search, "vesi", "kvanttikemia")
    assert said.startswith("No material has all the words; found without: kvanttikemia\n3 found.")
    answer = water.json(search, "vesi", "kvanttikemia")
    assert (answer["dropped"], answer["kept"]) == (["kvanttikemia"], ["vesi"])
    assert "without" not in water.run(search, "vesi")
    assert water.json(search, "vesi")["dropped"] == []


def test_a_better_spelling_is_offered(console):
    provider = console.provider()
    for number in range(5):
        provider.sends(str(number), title=f"Fotosynteesi {number}")
    console.drain()
    assert "Did you mean: fotosynteesi?" in console.run(search, "fotosyntesi")
    assert console.json(search, "fotosyntesi")["suggestion"] == "fotosynteesi"
    assert console.json(search, "fotosynteesi")["suggestion"] is None


def test_an_index_that_lacks_resources_is_no_success(water):
    water.oer.index.rebuild([])
    said = water.run(search, "vesi", code=1)
    assert "oer: The index lacks 3 resources. Run: oer index rebuild" in said
    assert "Nothing found." in said
    assert water.json(search, "vesi", code=1)["total"] == 0
