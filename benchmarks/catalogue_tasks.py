"""The tasks of ``benchmarks.catalogue``, each run in a process of its own; prints one JSON object."""

import json
import random
import resource
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy import insert
from werkzeug.datastructures import MultiDict

from benchmarks.catalogue import BATCH, FILES, LICENSES, beginnings, paths
from benchmarks.provider import words
from oer.commands.context import Oer
from oer.metadata.normalise import normalise
from oer.metadata.resource_metadata import (
    Agent,
    AgeRange,
    Duration,
    Flag,
    LangString,
    LicenseStatement,
    Material,
    PartialDate,
    ResourceMetadata,
    Term,
    to_json,
)
from oer.metadata.vocabularies import concepts
from oer.models import Resource, Source
from oer.search.index import SearchQuery
from oer.web.search_state import SearchState

START = datetime(2024, 1, 1, tzinfo=UTC)


def fill(resources: str) -> dict[str, float]:
    """Generate so many resources into the database."""
    oer = Oer()
    with oer.sessions.begin() as session:
        source = Source(slug="g", name="Generated", base_url="https://g.example/", created_at=START)
        session.add(source)
        session.flush()
        source_id = source.id
    began = time.perf_counter()
    for start in range(0, int(resources), BATCH):
        rows = [row(n, source_id) for n in range(start, min(start + BATCH, int(resources)))]
        with oer.sessions.begin() as session:
            session.execute(insert(Resource), rows)
    return {"fill_seconds": time.perf_counter() - began}


def row(n: int, source_id: int) -> dict[str, object]:
    """The columns of the resource of that number: the same number always gives the same one."""
    when = START + timedelta(minutes=n)
    return {
        "address": f"{n:08x}",
        "status": "published",
        "source_id": source_id,
        "metadata_json": to_json(normalise(described(random.Random(n), n))[0]),
        "created_at": when,
        "datestamp": when,
        "completeness": (n % 100) / 100,
    }


def described(chance: random.Random, n: int) -> ResourceMetadata:
    """A description with a value for every filter, about as often as real ones have them."""
    vocabulary, weights = words()

    def some(count: int) -> str:
        return " ".join(chance.choices(vocabulary, cum_weights=weights, k=count))

    def terms(name: str, most: int) -> tuple[Term, ...]:
        ids = [each.id for each in concepts(name)]
        return tuple(
            Term(raw_id=id_, id=id_, basis="stated") for id_ in chance.choices(ids, k=most)
        )

    language = chance.choice(("fi", "fi", "fi", "sv", "en"))
    youngest = chance.randint(5, 19)
    rights = chance.choice(LICENSES)
    return ResourceMetadata(
        title=(LangString(f"{some(4)} {n}", language),),
        description=(LangString(some(70), language),),
        keywords=tuple(Term(some(1), language=language) for _ in range(3)),
        about=terms("subject", 1),
        creator=(Agent(f"{some(1)} {some(1)}", "person", affiliation=(f"Koulu {n % 500}",)),),
        language=(Term(language),),
        learning_resource_type=terms("type", 1),
        educational_level=terms("level", 2),
        educational_use=terms("use", 1),
        audience=terms("audience", 1),
        typical_age_range=(AgeRange(f"{youngest}-{youngest + 2}"),),
        time_required=(Duration(chance.choice(("PT15M", "PT45M", "PT2H"))),),
        accessibility_feature=terms("feature", n % 3),
        is_accessible_for_free=(Flag("true"),),
        issued=(PartialDate(str(1990 + n % 35)),),
        license=(LicenseStatement(raw=rights, element="dc:rights"),) if rights else (),
        landing_page=f"https://material.example.org/{n}",
        materials=(Material(f"https://m.example/{n}", media_type=chance.choice(FILES)),),
    )


def build() -> dict[str, float]:
    """Write the index."""
    from oer.search.sync import rebuild

    oer = Oer()
    began = time.perf_counter()
    count = rebuild(oer.sessions, oer.index)
    return {"build_rate": count / (time.perf_counter() - began)}


def ask() -> dict[str, float]:
    """Milliseconds of searches and suggestions, in a process that does nothing else."""
    index = Oer().index
    index.search(SearchQuery("lämmin"))
    index.suggest("lä", "fi")
    asked = [SearchState.from_args(MultiDict(parse_qsl(urlsplit(path).query))) for path in paths()]
    searched = [_taken(lambda each=each: index.search(each.query("en"))) for each in asked]
    pages = [SearchQuery(offset=20 * page) for page in range(50)]
    everything = [_taken(lambda query=query: index.search(query)) for query in pages]
    suggested = [_taken(lambda typed=typed: index.suggest(typed, "fi")) for typed in beginnings()]
    return {
        "search_p50": statistics.median(searched),
        "search_p95": _p95(searched),
        "everything_p95": _p95(everything),
        "suggest_p95": _p95(suggested),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def change(word: str) -> dict[str, float]:
    """Commit a change to one resource and bring the index up to it, as a curator's command does."""
    from oer.metadata.resource_metadata import from_json
    from oer.search.sync import drain

    oer = Oer()
    with oer.sessions.begin() as session:
        found = session.get_one(Resource, 5)
        described = from_json(found.metadata_json)
        changed = ResourceMetadata(title=(LangString(word, "fi"),), license=described.license)
        found.metadata_json = to_json(changed)
        found.revision += 1
    committed = time.time()
    drain(oer.sessions, oer.index)
    return {"committed": committed}


def _taken(work) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


TASKS = {"fill": fill, "build": build, "ask": ask, "change": change}

if __name__ == "__main__":
    task = TASKS[sys.argv[1]]
    sys.stdout.write(json.dumps(task(*sys.argv[2:])) + "\n")
