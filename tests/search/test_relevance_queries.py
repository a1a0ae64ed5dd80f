"""The judged queries of ``benchmarks/relevance.py`` are what they say they are."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from benchmarks.relevance import SETS as FILES
from benchmarks.relevance import grades_by_rule, ndcg, recall
from harvesters.samples.records import PROVIDERS, catalogue
from oer.search.index import SearchDocument

SETS = {
    name: tomllib.loads((Path(__file__).parents[2] / "benchmarks" / file).read_text("utf-8"))
    for name, file in FILES.items()
}
CLASSES = {"basic", "inflected", "compound", "misspelt", "level"}
HELD_OUT = CLASSES | {"undotted", "apart", "name"}


def test_there_are_enough_queries_of_every_class_and_language() -> None:
    for name, classes in (("tuned", CLASSES), ("held out", HELD_OUT)):
        judged = judged_queries(name)
        assert len(judged) >= 60
        assert {table["class"] for table in judged} == classes
        for language in ("fi", "sv", "en"):
            asked = [table for table in SETS[name]["samples"] if table["language"] == language]
            assert len(asked) >= 10
            assert {"inflected", "misspelt", "level"} <= {table["class"] for table in asked}


def test_nothing_is_held_out_that_the_search_was_tuned_on() -> None:
    tuned, held_out = (
        {table["query"].casefold() for table in judged_queries(name)}
        for name in ("tuned", "held out")
    )
    assert not tuned & held_out


def judged_queries(name: str) -> list[dict[str, Any]]:
    return [*SETS[name]["samples"], *SETS[name]["makupalat"]]


@pytest.mark.parametrize("name", SETS)
def test_the_judged_samples_exist(name: str) -> None:
    records = {
        f"{slug}:{record.id}"
        for slug in PROVIDERS
        for record in catalogue(slug).records
        if not record.deleted
    }
    for table in SETS[name]["samples"]:
        assert set(table["relevant"]) <= records, table["query"]
        assert set(table["relevant"].values()) <= {1, 2, 3}


def test_grades_follow_the_rule() -> None:
    rows = [
        (made(1, "Toisen maailmansodan lotat"), ["92.73"]),
        (made(2, "Toinen MAAILMANSOTA."), ["78"]),
        (made(3, "Toinen tapa: maailmansota"), []),
        (made(4, "Sota ja sotaväki"), []),
    ]
    war = {"words": ["toi*", "maailmanso*"], "together": True, "ykl": ["92.7"]}
    assert grades_by_rule(war, rows) == {1: 3, 2: 2}
    assert grades_by_rule({"words": ["sota"], "parts": ["*sota|*sodan"]}, rows) == {
        1: 1,
        2: 1,
        3: 1,
        4: 2,
    }


def test_the_measures() -> None:
    assert ndcg([1, 2], {1: 3, 2: 1}) == 1
    assert 0 < ndcg([2, 1], {1: 3, 2: 1}) < 1
    assert ndcg([], {1: 3}) == 0
    assert recall([1, 9], {1: 3, 2: 2, 3: 1}) == 0.5


def made(number: int, text: str) -> SearchDocument:
    return SearchDocument(number, {"description": ((text, "fi"),)}, {})
