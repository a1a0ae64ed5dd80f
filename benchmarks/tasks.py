"""The measured tasks, each run in a process of its own; prints one JSON object."""

import json
import resource
import statistics
import sys
import time


def sickle(url: str) -> dict[str, float]:
    """Seconds that sickle takes merely to iterate the list."""
    from sickle import Sickle

    began = time.perf_counter()
    count = sum(1 for _ in Sickle(url).ListRecords(metadataPrefix="oai_dc"))
    return {"seconds": time.perf_counter() - began, "count": count}


def harvest(url: str) -> dict[str, object]:
    """Seconds of a harvest into the database, and the peak memory of the process."""
    from datetime import UTC, datetime

    from harvesters.http import HttpClient
    from harvesters.run import run
    from oer.commands.context import Oer
    from oer.services import sources

    oer = Oer()
    with oer.sessions.begin() as session:
        sources.add(session, "generated", url, now=datetime.now(UTC), internal=True)
    began = time.perf_counter()
    ended = run(oer.sessions, "generated", lambda source: HttpClient(internal=True))
    return {
        "seconds": time.perf_counter() - began,
        "state": ended.state,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def index() -> dict[str, float]:
    """Seconds until every harvested resource can be found."""
    from oer.commands.context import Oer
    from oer.search.sync import drain

    oer = Oer()
    began = time.perf_counter()
    count = drain(oer.sessions, oer.index)
    return {"seconds": time.perf_counter() - began, "count": count}


def search() -> dict[str, float]:
    """Milliseconds of a search with all facets."""
    from benchmarks.__main__ import queries
    from oer.commands.context import Oer
    from oer.search.index import SearchQuery

    index = Oer().index
    index.search(SearchQuery(text="lämmin"))
    taken, found = [], []
    # Each question once: an engine keeps its latest answers.
    for query in dict.fromkeys(queries()):
        began = time.perf_counter()
        answer = index.search(SearchQuery(text=query))
        taken.append((time.perf_counter() - began) * 1000)
        found.append(answer.total)
    return {
        "p50": statistics.median(taken),
        "p95": statistics.quantiles(taken, n=20)[-1],
        "max": max(taken),
        "median_hits": statistics.median(found),
        "max_hits": max(found),
    }


def check_licenses() -> dict[str, float]:
    """Seconds of ``oer check licenses`` over the whole catalogue."""
    from oer.commands.context import Oer
    from oer.services import license_check

    sessions = Oer().sessions
    began = time.perf_counter()
    counts, _ = license_check.count(license_check.judge(sessions))
    return {"seconds": time.perf_counter() - began, "count": counts.resources}


def renormalise() -> dict[str, float]:
    """Seconds of ``oer renormalise`` over the whole catalogue, and the peak memory."""
    from oer.commands.context import Oer
    from oer.services.renormalise import renormalise

    sessions = Oer().sessions
    began = time.perf_counter()
    tally = renormalise(sessions)
    return {
        "seconds": time.perf_counter() - began,
        "count": tally.seen,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def many(parallel: str, *urls: str) -> dict[str, float]:
    """Seconds of harvesting several providers, so many hosts at a time."""
    from datetime import UTC, datetime
    from threading import Event

    from harvesters import many as lanes
    from harvesters.http import HttpClient
    from harvesters.run import run
    from oer.commands.context import Oer
    from oer.services import sources

    oer = Oer()
    slugs = [f"p{number}" for number in range(len(urls))]
    with oer.sessions.begin() as session:
        for slug, url in zip(slugs, urls, strict=True):
            sources.add(session, slug, url, now=datetime.now(UTC), internal=True)

    def harvest_one(slug: str) -> str:
        return run(oer.sessions, slug, lambda source: HttpClient(internal=True)).state

    began = time.perf_counter()
    found = lanes.in_lanes(
        lanes.lanes(oer.sessions, slugs), harvest_one, parallel=int(parallel), stop=Event()
    )
    assert set(found) == {"complete"}, found
    return {"seconds": time.perf_counter() - began}


def resumed(url: str, pages: str) -> dict[str, float]:
    """Seconds of a harvest that is cut off after so many pages and continued."""
    from datetime import UTC, datetime

    from harvesters.http import HttpClient
    from harvesters.run import Progress, run
    from oer.commands.context import Oer
    from oer.services import sources

    oer = Oer()
    with oer.sessions.begin() as session:
        sources.add(session, "generated", url, now=datetime.now(UTC), internal=True)

    def cut_off(progress: Progress) -> None:
        if progress.pages == int(pages):
            raise KeyboardInterrupt

    def client(source: object) -> HttpClient:
        return HttpClient(internal=True)

    began = time.perf_counter()
    try:
        run(oer.sessions, "generated", client, report=cut_off)
    except KeyboardInterrupt:
        ended = run(oer.sessions, "generated", client)
    return {"seconds": time.perf_counter() - began, "pages": ended.pages}


TASKS = {
    "many": many,
    "resumed": resumed,
    "sickle": sickle,
    "harvest": harvest,
    "index": index,
    "search": search,
    "check_licenses": check_licenses,
    "renormalise": renormalise,
}

if __name__ == "__main__":
    task = TASKS[sys.argv[1]]
    sys.stdout.write(json.dumps(task(*sys.argv[2:])) + "\n")
