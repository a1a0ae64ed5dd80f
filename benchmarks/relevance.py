"""``make relevance``: how well the search finds, on judged queries, beside two plainer ones.

Run as ``python -m benchmarks.relevance [--details]``. The same documents and the same formula for
scores, and three ways to make tokens: ours, Snowball stems in the language of the text, and the
words as they are; the last two with all words demanded. Ours stands there twice: as a reader gets
it who follows the correction where one is offered, and as typed.

There are two sets of queries. ``relevance_queries.toml`` says how the judgements were made; the
search was tuned on its queries. Those of ``relevance_heldout.toml`` it has never been tuned on, so
their figures are what to expect of queries nobody thought of. The two are never added up.

nDCG@10 is how near the first ten hits come to the best possible ten, 1 being there. Recall is the
share of documents graded 2 or 3 that are found at all.
"""

import os
import re
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log2
from pathlib import Path
from typing import Any

import Stemmer

from oer.search.analysis import ORGANISATION, PERSON, stemming, words
from oer.search.index import SearchDocument, SearchIndex, SearchQuery
from oer.search.memory_index import MemoryIndex
from oer.search.ranking import CLASSES, K1, B, rarity
from oer.search.whoosh_index import WhooshIndex

HERE = Path(__file__).parent
SETS = {"tuned": "relevance_queries.toml", "held out": "relevance_heldout.toml"}
DEPTH = 10
EVERYTHING = 100_000

Find = Callable[[str], list[int]]


@dataclass(frozen=True)
class Judged:
    """A query and the grade of every document that has one."""

    query: str
    language: str
    kind: str
    grades: Mapping[int, int]


def main() -> int:
    sets = {name: tomllib.loads((HERE / file).read_text("utf-8")) for name, file in SETS.items()}
    scores = {name: Scores() for name in sets}
    with tempfile.TemporaryDirectory(prefix="oer-relevance-") as folder:
        samples, numbers = sample_documents(Path(folder) / "data")
        engines = searchers(Path(folder) / "samples", samples)
        for name, tables in sets.items():
            judge_samples(tables["samples"], numbers, engines, scores[name])
        rows = makupalat()
        if rows:
            engines = searchers(Path(folder) / "makupalat", [document for document, _ in rows])
            for name, tables in sets.items():
                judge_makupalat(tables["makupalat"], rows, engines, scores[name])
            same(sets["tuned"]["same"], engines)
        else:
            print("The Makupalat corpus is not here: its queries are left out.")
            print("OER_SHARED_DATA names the folder that holds records/fi-makupalat.\n")
    for name in sets:
        print(f"{name.capitalize()} queries")
        scores[name].report(details="--details" in sys.argv[1:])
        print()
    return 0


Tables = Iterable[Mapping[str, Any]]


def judge_samples(
    tables: Tables, numbers: Mapping[str, int], engines: Mapping[str, Find], scores: "Scores"
) -> None:
    for table in tables:
        grades = {numbers[name]: grade for name, grade in table["relevant"].items()}
        scores.add(Judged(table["query"], table["language"], table["class"], grades), engines)


def judge_makupalat(
    tables: Tables, rows: list["Row"], engines: Mapping[str, Find], scores: "Scores"
) -> None:
    for table in tables:
        judged = Judged(table["query"], "fi", table["class"], grades_by_rule(table, rows))
        scores.add(judged, engines, "makupalat")


# Documents ----------------------------------------------------------------------------------------


def sample_documents(folder: Path) -> tuple[list[SearchDocument], dict[str, int]]:
    """The sample records, harvested as in the demo, and their numbers by ``provider:local id``."""
    os.environ["OER_DATA_DIR"] = str(folder)
    os.environ["OER_SEARCH_URL"] = "memory:"
    from sqlalchemy import select

    from harvesters.http import HttpClient
    from harvesters.run import run
    from harvesters.samples import PROVIDERS, SampleProvider
    from oer.commands.context import Oer
    from oer.models import HarvestedRecord, Resource
    from oer.search.documents import document
    from oer.services import sources

    oer, documents, numbers = Oer(), [], {}
    for provider in PROVIDERS.values():
        sample = SampleProvider(provider.slug)
        with oer.sessions.begin() as session:
            sources.add(
                session,
                provider.slug,
                sample.start(),
                now=datetime.now(UTC),
                metadata_prefix=provider.metadata_prefix,
                internal=True,
            )
        run(oer.sessions, provider.slug, lambda source: HttpClient(internal=True))
        sample.stop()
    with oer.sessions() as session:
        held = select(HarvestedRecord.identifier, Resource).join(
            Resource, HarvestedRecord.resource_id == Resource.id
        )
        for identifier, row in session.execute(held):
            host, _, local = identifier.removeprefix("oai:").partition(":")
            numbers[f"{host.partition('.')[0]}:{local}"] = row.id
            documents.append(document(row.id, row.description, None, row.datestamp))
    return documents, numbers


Row = tuple[SearchDocument, list[str]]


def makupalat() -> list[Row]:
    """Documents of the Makupalat corpus with their classes; title and description are one text."""
    default = HERE.parents[1] / "shared" / "data"
    folder = Path(os.environ.get("OER_SHARED_DATA", default)) / "records" / "fi-makupalat"
    lines = (line for path in sorted(folder.glob("*.tsv")) for line in path.open(encoding="utf-8"))
    return [
        (
            SearchDocument(number, {"description": ((text, "fi"),)}, {}),
            re.findall(r"ykl:([\d.]+)>", classes),
        )
        for number, (text, _, classes) in enumerate(line.partition("\t") for line in lines)
    ]


# Judgements ---------------------------------------------------------------------------------------


def grades_by_rule(table: Mapping[str, Any], rows: Iterable[Row]) -> dict[int, int]:
    """The grades that the rules in the queries' file give."""
    patterns = [_words(pattern) for pattern in table["words"]]
    if table.get("together"):
        patterns = [" ".join(patterns)]
    whole = [re.compile(rf"(?<!\S){pattern}(?!\S)") for pattern in patterns]
    parts = [re.compile(rf"(?<!\S){_words(pattern)}(?!\S)") for pattern in table.get("parts", ())]
    grades = {}
    for document, classes in rows:
        text = " ".join(re.findall(r"\w+", document.texts["description"][0][0].lower()))
        if all(pattern.search(text) for pattern in whole):
            belongs = any(code.startswith(tuple(table.get("ykl", ()))) for code in classes)
            grades[document.id] = 3 if belongs else 2
        elif parts and all(pattern.search(text) for pattern in parts):
            grades[document.id] = 1
    return grades


def _words(pattern: str) -> str:
    return f"(?:{re.escape(pattern).replace(re.escape('*'), '[^ ]*').replace(re.escape('|'), '|')})"


# Three ways to search -----------------------------------------------------------------------------


def searchers(folder: Path, documents: list[SearchDocument]) -> dict[str, Find]:
    """The searches that are compared."""
    index: SearchIndex = WhooshIndex(folder) if len(documents) > 1000 else MemoryIndex()
    index.rebuild(documents)
    return {
        "ours": lambda query: ours(index, query, corrected=True),
        "as typed": lambda query: ours(index, query, corrected=False),
        "snowball": Plain(documents, snowball).search,
        "exact": Plain(documents, lambda word, languages: (word,)).search,
    }


def ours(index: SearchIndex, query: str, *, corrected: bool) -> list[int]:
    found = index.search(SearchQuery(query, limit=EVERYTHING, facets=()))
    if corrected and found.suggestion:
        found = index.search(SearchQuery(found.suggestion, limit=EVERYTHING, facets=()))
    return [hit.id for hit in found.hits]


_STEMMERS = {
    "fi": Stemmer.Stemmer("finnish"),
    "sv": Stemmer.Stemmer("swedish"),
    "en": Stemmer.Stemmer("english"),
}


def snowball(word: str, languages: Iterable[str]) -> tuple[str, ...]:
    return tuple({_STEMMERS[tag].stemWord(word) for tag in languages if tag in _STEMMERS} or {word})


def is_name(language: str | None) -> bool:
    return language in (PERSON, ORGANISATION)


class Plain:
    """All words demanded, BM25F: what a search engine does by itself."""

    def __init__(
        self,
        documents: list[SearchDocument],
        tokens: Callable[[str, Iterable[str]], tuple[str, ...]],
    ) -> None:
        self._tokens = tokens
        self._count = len(documents)
        self._weights: dict[str, dict[int, float]] = defaultdict(dict)
        for document in documents:
            for name, (weight, typical) in CLASSES.items():
                found = [
                    token
                    for text, language in document.texts.get(name, ())
                    for word in words(text)
                    for token in tokens(
                        word.lower(), stemming(None if is_name(language) else language)
                    )
                ]
                share = weight / (1 - B + B * len(found) / typical)
                for token in found:
                    postings = self._weights[token]
                    postings[document.id] = postings.get(document.id, 0) + share

    def search(self, query: str) -> list[int]:
        total: dict[int, float] = {}
        for place, word in enumerate(words(query)):
            weights: dict[int, float] = {}
            for token in self._tokens(word.lower(), ("fi", "sv", "en")):
                for id_, value in self._weights.get(token, {}).items():
                    weights[id_] = max(weights.get(id_, 0), value)
            worth = rarity(len(weights), self._count)
            scores = {id_: worth * f * (K1 + 1) / (f + K1) for id_, f in weights.items()}
            both = scores.keys() & total.keys() if place else scores.keys()
            total = {id_: total.get(id_, 0) + scores[id_] for id_ in both}
        return sorted(total, key=lambda id_: (-total[id_], -id_))


# Scores -------------------------------------------------------------------------------------------


def ndcg(found: list[int], grades: Mapping[int, int]) -> float:
    best = gain(sorted(grades.values(), reverse=True))
    return gain([grades.get(id_, 0) for id_ in found]) / best if best else 0.0


def gain(grades: list[int]) -> float:
    return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(grades[:DEPTH]))


def recall(found: list[int], grades: Mapping[int, int]) -> float:
    relevant = {id_ for id_, grade in grades.items() if grade > 1}
    return len(relevant.intersection(found)) / len(relevant) if relevant else 0.0


class Scores:
    """The figures of every query."""

    def __init__(self) -> None:
        self._rows: list[tuple[Judged, str, dict[str, tuple[float, float]]]] = []

    def add(self, judged: Judged, engines: Mapping[str, Find], corpus: str = "samples") -> None:
        if not any(grade > 1 for grade in judged.grades.values()):
            raise SystemExit(f"No document is relevant to '{judged.query}': correct its rule.")
        found = {name: find(judged.query) for name, find in engines.items()}
        self._rows.append(
            (
                judged,
                corpus,
                {
                    name: (ndcg(ids, judged.grades), recall(ids, judged.grades))
                    for name, ids in found.items()
                },
            )
        )

    def report(self, *, details: bool) -> None:
        names = ("ours", "as typed", "snowball", "exact")
        print(f"{'':41}{'nDCG@10':^35} {'recall':^35}")
        print(f"{'':34}queries {' '.join(f'{name:>8}' for name in names * 2)}")
        if details:
            for judged, _, scores in self._rows:
                self._line(f"{judged.language} {judged.query}", [scores], names)
        groups: dict[str, list[dict[str, tuple[float, float]]]] = defaultdict(list)
        for judged, corpus, scores in self._rows:
            for group in (f"{corpus}, {judged.language}", judged.kind, "all"):
                groups[group].append(scores)
        for group in sorted(groups, key=lambda name: (name == "all", "," not in name, name)):
            self._line(group, groups[group], names)

    @staticmethod
    def _line(
        label: str, scores: list[dict[str, tuple[float, float]]], names: tuple[str, ...]
    ) -> None:
        figures = [
            sum(score[name][which] for score in scores) / len(scores)
            for which in (0, 1)
            for name in names
        ]
        print(f"{label:34}{len(scores):>7} {' '.join(f'{figure:8.3f}' for figure in figures)}")


def same(tables: Iterable[Mapping[str, list[str]]], engines: Mapping[str, Find]) -> None:
    """How many documents two ways of asking the same find, and how many of these both find."""
    print(f"{'Found by both of all found':44}{' '.join(f'{name:>14}' for name in engines)}")
    for table in tables:
        cells = []
        for find in engines.values():
            one, other = (set(find(query)) for query in table["queries"])
            cells.append(f"{len(one & other):>7} of {len(one | other)}".rjust(14))
        print(f"{' = '.join(table['queries']):44}{' '.join(cells)}")
    print()


if __name__ == "__main__":
    sys.exit(main())
