"""``make bench``: harvest, index, search and pages, each against a baseline of the same run.

``python -m benchmarks [--records N] [--large N] [--output FILE]``. Results go to the screen and,
as Markdown, to docs/benchmarks.md.
"""

import argparse
import http.client
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.provider import PAGE, Provider, page, words

QUERIES = 1000


def main() -> None:
    options = _options()
    results: dict[str, object] = {"records": options.records}
    with tempfile.TemporaryDirectory(prefix="oer-bench-") as folder:
        results |= harvest(Path(folder) / "small", options.records)
        results |= search(Path(folder) / "small")
        results |= pages(Path(folder) / "small")
        if options.large:
            large = harvest_memory(Path(folder) / "large", options.large)
            small = harvest_memory(Path(folder) / "again", options.records)
            results |= {
                "large": options.large,
                "peak_small_mb": small,
                "peak_large_mb": large,
                "peak_ratio": large / small,
            }
        results |= slow_providers(Path(folder))
        results |= resuming(Path(folder), options.records)
        if options.curation:
            results |= curation(Path(folder) / "curation", options.curation)
    if options.catalogue:
        from benchmarks import catalogue

        results["catalogue"] = catalogue.report(catalogue.measured(options.catalogue))
    results["help_seconds"] = help_seconds()
    report = _report(results)
    print(report)
    options.output.write_text(report)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--large", type=int, default=200_000, help="0 leaves it out")
    parser.add_argument("--curation", type=int, default=100_000, help="0 leaves it out")
    parser.add_argument("--catalogue", type=int, default=100_000, help="0 leaves it out")
    parser.add_argument("--output", type=Path, default=Path("docs/benchmarks.md"))
    return parser.parse_args()


# Harvest ------------------------------------------------------------------------------------------


def harvest(folder: Path, records: int) -> dict[str, object]:
    """Harvest to the database and to the index, beside sickle and bare lxml on the same pages."""
    with Provider(records) as url:
        lxml_seconds = _lxml(records)
        sickle_seconds = min(_measured("sickle", url) for _ in range(2))
        found = _child(folder, "harvest", url)
    index = _child(folder, "index")
    to_index = found["seconds"] + index["seconds"]
    return {
        "harvest_rate": records / found["seconds"],
        "sickle_rate": records / sickle_seconds,
        "lxml_rate": records / lxml_seconds,
        "index_rate": records / index["seconds"],
        "searchable_rate": records / to_index,
        "state": found["state"],
    }


def harvest_memory(folder: Path, records: int) -> float:
    """Peak memory of a process that harvests so many records, in MB."""
    with Provider(records) as url:
        return float(_child(folder, "harvest", url)["peak_mb"])


def _lxml(records: int) -> float:
    """Seconds that bare lxml takes to parse the bytes of all pages."""
    from lxml import etree

    seconds = 0.0
    for start in range(0, records, PAGE):
        body = page(start, records)
        began = time.perf_counter()
        etree.fromstring(body)
        seconds += time.perf_counter() - began
    return seconds


def _measured(task: str, *arguments: str) -> float:
    return float(_child(None, task, *arguments)["seconds"])


def _child(folder: Path | None, task: str, *arguments: str) -> dict[str, object]:
    """Run a task in a process of its own, so that memory and caches are its own too."""
    environ = dict(os.environ) | ({"OER_DATA_DIR": str(folder)} if folder else {})
    environ.pop("OER_DATABASE_URL", None)
    command = [sys.executable, "-m", "benchmarks.tasks", task, *arguments]
    done = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout.splitlines()[-1])


def slow_providers(folder: Path) -> dict[str, object]:
    """Eight providers that take 200 ms a page: one after another, and side by side."""
    with ExitStack() as stack:
        urls = [
            stack.enter_context(Provider(1000, delay=0.2, host=f"127.0.0.{number}"))
            for number in range(1, 9)
        ]
        one = _child(folder / "one", "many", "1", *urls)
        all_ = _child(folder / "all", "many", "8", *urls)
    return {"slow_one": one["seconds"], "slow_all": all_["seconds"]}


def resuming(folder: Path, records: int) -> dict[str, object]:
    """A harvest that is cut off in the middle and continued, beside one that is not."""
    with Provider(records) as url:
        whole = _child(folder / "whole", "harvest", url)
        cut = _child(folder / "cut", "resumed", url, str(records // PAGE // 2))
    return {"whole": whole["seconds"], "resumed": cut["seconds"]}


# Search -------------------------------------------------------------------------------------------


def queries() -> list[str]:
    """A thousand questions of one to three words, common and rare ones as the records use them."""
    chance = random.Random(7)
    vocabulary, weights = words()
    return [
        " ".join(chance.choices(vocabulary, cum_weights=weights, k=chance.choice((1, 1, 2, 2, 3))))
        for _ in range(QUERIES)
    ]


def search(folder: Path) -> dict[str, object]:
    """Milliseconds of a search with all facets."""
    found = _child(folder, "search")
    return {f"search_{key}": value for key, value in found.items()}


def pages(folder: Path) -> dict[str, object]:
    """Milliseconds of a search page and a resource page over HTTP."""
    port = 8790
    environ = dict(os.environ) | {"OER_DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "cli", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL)
    try:
        connection = _connected(port)
        search_ms, bytes_seen, address = [], 0, None
        for query in queries():
            milliseconds, body = _get(connection, f"/en/search?q={'+'.join(query.split())}")
            search_ms.append(milliseconds)
            bytes_seen = max(bytes_seen, len(body))
            if address is None and b"/r/" in body:
                address = body.partition(b"/r/")[2][:8].decode()
        resource_ms = [_get(connection, f"/en/r/{address}")[0] for _ in range(200)]
    finally:
        server.terminate()
        server.wait()
    return {
        "page_p50": statistics.median(search_ms),
        "page_p95": _p95(search_ms),
        "resource_page_p50": statistics.median(resource_ms),
        "resource_page_p95": _p95(resource_ms),
    }


def _connected(port: int) -> http.client.HTTPConnection:
    for _ in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.connect()
        except OSError:
            time.sleep(0.05)
        else:
            return connection
    raise SystemExit("the server did not start")


def _get(connection: http.client.HTTPConnection, path: str) -> tuple[float, bytes]:
    from urllib.parse import quote

    began = time.perf_counter()
    connection.request("GET", quote(path, safe="/?=&+"))
    reply = connection.getresponse()
    body = reply.read()
    assert reply.status == 200, (path, reply.status)
    return (time.perf_counter() - began) * 1000, body


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


# Curation -----------------------------------------------------------------------------------------


def curation(folder: Path, records: int) -> dict[str, object]:
    """Checking all licences, and replaying all stored records, beside the harvest of them."""
    with Provider(records) as url:
        harvested = _child(folder, "harvest", url)
    checked, replayed = _child(folder, "check_licenses"), _child(folder, "renormalise")
    return {
        "curation": records,
        "curation_harvest_rate": records / float(harvested["seconds"]),
        "check_rate": float(checked["count"]) / float(checked["seconds"]),
        "renormalise_rate": float(replayed["count"]) / float(replayed["seconds"]),
        "renormalise_mb": replayed["peak_mb"],
    }


# The rest -----------------------------------------------------------------------------------------


def help_seconds() -> float:
    """Seconds that ``oer --help`` takes, the median of ten."""
    command = [shutil.which("oer") or str(Path(sys.executable).with_name("oer")), "--help"]
    taken = []
    for _ in range(10):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def _report(r: dict) -> str:
    rows = [
        ("Harvest to database", f"{r['harvest_rate']:.0f} records/s",
         f"{r['harvest_rate'] / r['sickle_rate']:.2f} of sickle iterating the same endpoint "
         f"({r['sickle_rate']:.0f}/s); {r['harvest_rate'] / r['lxml_rate']:.3f} of bare lxml parsing "
         f"({r['lxml_rate']:.0f}/s)", "at least 0.10 of sickle"),
        ("Harvest until searchable", f"{r['searchable_rate']:.0f} records/s",
         f"{r['searchable_rate'] / r['sickle_rate']:.3f} of sickle; indexing alone {r['index_rate']:.0f}/s", "–"),
        ("Search with all facets", f"p50 {r['search_p50']:.1f} ms, p95 {r['search_p95']:.1f} ms",
         f"{QUERIES} queries", "–"),
        ("Search page over HTTP", f"p50 {r['page_p50']:.1f} ms, p95 {r['page_p95']:.1f} ms",
         f"{r['page_p95'] / r['search_p95']:.1f} × the search alone at p95", "p95 under 60 ms"),
        ("Resource page over HTTP", f"p50 {r['resource_page_p50']:.1f} ms, p95 {r['resource_page_p95']:.1f} ms",
         "200 requests", "–"),
        ("`oer --help`", f"{r['help_seconds']:.2f} s", "median of 10", "under 0.3 s"),
    ]  # fmt: skip
    if "large" in r:
        rows.insert(2, ("Peak memory of a harvest", f"{r['peak_large_mb']:.0f} MB at {r['large']}",
            f"{r['peak_ratio']:.2f} × that at {r['records']} ({r['peak_small_mb']:.0f} MB)", "at most 1.2 ×"))  # fmt: skip
    rows.insert(3, ("Eight providers of 200 ms a page", f"{r['slow_all']:.1f} s side by side",
        f"{r['slow_one'] / r['slow_all']:.1f} × as fast as one after another ({r['slow_one']:.1f} s)", "–"))  # fmt: skip
    rows.insert(4, ("A harvest cut off in the middle and continued", f"{r['resumed']:.1f} s",
        f"{r['resumed'] / r['whole']:.2f} × one that was not ({r['whole']:.1f} s)", "–"))  # fmt: skip
    if "curation" in r:
        rows.append(("`oer check licenses`", f"{r['check_rate']:.0f} records/s",
            f"{r['curation']} records; {r['check_rate'] / r['curation_harvest_rate']:.1f} × their harvest", "–"))  # fmt: skip
        rows.append(("`oer renormalise`", f"{r['renormalise_rate']:.0f} records/s",
            f"{r['renormalise_rate'] / r['curation_harvest_rate']:.1f} × their harvest "
            f"({r['curation_harvest_rate']:.0f}/s); peak {r['renormalise_mb']:.0f} MB", "–"))  # fmt: skip
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"""# Benchmarks

`make bench` writes this page. {r["records"]} generated records in pages of {PAGE}, from a provider on
loopback in a process of its own; SQLite and Whoosh, the embedded defaults.
Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}.

| What | Result | Against, in the same run | To reach |
|---|---|---|---|
{table}
{_large_catalogue(r)}"""


def _large_catalogue(r: dict) -> str:
    if "catalogue" not in r:
        return ""
    return f"""
## The catalogue at size

Generated resources with a value for every filter, in SQLite; the same questions to both engines, a
process after another. Pages over loopback, one worker where nothing else is said.

{r["catalogue"]}"""


if __name__ == "__main__":
    main()
