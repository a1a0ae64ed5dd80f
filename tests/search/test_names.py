"""Names of persons and organisations are found whole."""

from datetime import UTC, datetime

import pytest

from oer.metadata.resource_metadata import Agent, LangString, ResourceMetadata
from oer.search.analysis import ORGANISATION, PERSON, analyse
from oer.search.documents import document
from oer.search.index import SearchDocument, SearchIndex, SearchQuery
from oer.search.memory_index import MemoryIndex


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    index = MemoryIndex()
    index.replace(
        (
            made(1, "Virtanen, Aino"),
            made(2, "Kaislamäkeläinen, Jere"),
            made(3, "Lehtoharjunen, Mikael"),
            made(4, "Kobbskata, Jonas", "Saaristokaupungin kirjastot"),
            made(5, "Vindskär, Johanna", "Metsähallitus"),
            made(6, "Северолесова, Алла", "Helsingin yliopisto"),
        )
    )
    return index


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Virtanen", {1}),
        ("virtanen aino", {1}),
        ("Virtasen", {1}),
        ("Virtaselta", {1}),
        ("author:Virtasen", {1}),
        ("Kaislamäkeläisen", {2}),
        ("kaislamakelainen", {2}),
        ("Lehtoharjunen", {3}),
        ("Lehtoharjusen", {3}),
        ("Lehtoharjuselta", {3}),
        ("Kobbskatas", {4}),
        ("Kobbskatan", {4}),
        ("Vindskar", {5}),
        ("Северолесовой", {6}),
        ("Saaristokaupungin kirjastojen", {4}),
        ("Helsingin yliopistossa", {6}),
        ("Metsähallituksen", {5}),
    ],
)
def test_a_name_is_found_whole_and_inflected(
    index: SearchIndex, query: str, found: set[int]
) -> None:
    assert ids(index, query) == found


@pytest.mark.parametrize("query", ["virta", "mäki", "harju", "metsä", "hallitus", "saaristo"])
def test_a_name_is_not_found_by_its_parts(index: SearchIndex, query: str) -> None:
    assert ids(index, query) == set()


def test_names_have_few_tokens() -> None:
    assert analyse("Virtanen", PERSON) == {
        "exact": ["virtanen"],
        "lemma": ["virtanen"],
        "folded": [],
        "part": [],
    }
    assert analyse("Metsähallitus", ORGANISATION)["part"] == []


def ids(index: SearchIndex, query: str) -> set[int]:
    found = index.search(SearchQuery(query))
    return set() if found.dropped else {hit.id for hit in found.hits}


def made(number: int, creator: str, publisher: str = "") -> SearchDocument:
    metadata = ResourceMetadata(
        title=(LangString(f"Nimetön {number}", "fi"),),
        creator=(Agent(creator),),
        publisher=(Agent(publisher),) if publisher else (),
    )
    return document(number, metadata, None, datetime(2024, 1, 1, tzinfo=UTC))
