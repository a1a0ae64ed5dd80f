"""The catalogue at size, by each engine: index, search, suggestions, pages, and how soon a change shows.

``python -m benchmarks.catalogue [--resources N] [--engines whoosh tantivy]``; a part of ``make bench``.
Resources are generated into the database directly, with levels, subjects, permissions and the rest,
so that every filter has something to count. Both engines answer the same questions in the same
run; each is measured in processes of its own.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from benchmarks.__main__ import _connected, _get, _p95, queries
from benchmarks.provider import words

BATCH = 1000
ENGINES = ("whoosh", "tantivy")
PORT = 8791
CC = "https://creativecommons.org/licenses/"
LICENSES = (f"{CC}by/4.0/", f"{CC}by-sa/4.0/", f"{CC}by-nc-sa/4.0/", f"{CC}by-nc-nd/4.0/", "©", "")
FILES = ("text/html", "application/pdf", "video/mp4", "image/png", "application/zip")


def main() -> None:
    options = _options()
    print(report(measured(options.resources, options.engines)))


def measured(resources: int, engines: Iterable[str] = ENGINES) -> dict[str, object]:
    """All figures, by engine, of a catalogue of so many resources."""
    found: dict[str, object] = {"resources": resources}
    with tempfile.TemporaryDirectory(prefix="oer-bench-") as folder:
        _child(folder, "whoosh", "fill", str(resources))
        for engine in engines:
            found[engine] = _measure(folder, engine)
            print(engine, json.dumps(found[engine], indent=1), flush=True)
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.catalogue", description=__doc__)
    parser.add_argument("--resources", type=int, default=100_000)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    return parser.parse_args()


def _measure(folder: str, engine: str) -> dict[str, float]:
    found = _child(folder, engine, "build") | _child(folder, engine, "ask")
    with _serving(folder, engine, workers=1):
        found |= _pages()
        found["visible_seconds"] = _visible_after(folder, engine)
    with _serving(folder, engine, workers=2):
        found["requests_per_second"] = _throughput()
    return found


def _environ(folder: str, engine: str) -> dict[str, str]:
    environ = dict(os.environ) | {"OER_DATA_DIR": folder, "OER_SEARCH_URL": f"{engine}:"}
    environ.pop("OER_DATABASE_URL", None)
    return environ


def _child(folder: str, engine: str, *task: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.catalogue_tasks", *task]
    done = subprocess.run(command, env=_environ(folder, engine), check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout.splitlines()[-1])


# Over HTTP ----------------------------------------------------------------------------------------


@contextmanager
def _serving(folder: str, engine: str, workers: int) -> Iterator[None]:
    command = [sys.executable, "-m", "cli", "serve", "--port", str(PORT), "--workers", str(workers)]
    server = subprocess.Popen(command, env=_environ(folder, engine), stderr=subprocess.DEVNULL)
    try:
        _connected(PORT).close()
        yield
    finally:
        server.terminate()
        server.wait()


def paths() -> list[str]:
    """Searches as people make them: words, some with filters, some filters alone."""
    chance = random.Random(3)
    filters: list[dict[str, str]] = [
        {}, {}, {"permission": "adapt"}, {"level": "level:lower-secondary"}, {"language": "fi"},
        {"level": "level:basic-education", "permission": "adapt", "media": "video"},
    ]  # fmt: skip
    asked = [
        "/en/search?" + urlencode({"q": query} | chance.choice(filters)) for query in queries()
    ]
    # Each once: an engine keeps its latest answers.
    return list(dict.fromkeys([*asked[:500], *("/en/search?" + urlencode(f) for f in filters)]))


def _pages() -> dict[str, float]:
    connection = _connected(PORT)
    _get(connection, "/en/search?q=lämmin")
    searched = [_get(connection, path) for path in paths()]
    taken = [milliseconds for milliseconds, _ in searched]
    address = next(body for _, body in searched if b"/r/" in body).partition(b"/r/")[2][:8].decode()
    resource = [_get(connection, f"/en/r/{address}")[0] for _ in range(200)]
    suggested = [
        _get(connection, "/en/suggest?" + urlencode({"q": typed}))[0] for typed in beginnings()
    ]
    return {
        "page_p50": statistics.median(taken),
        "page_p95": _p95(taken),
        "resource_p95": _p95(resource),
        "suggest_page_p95": _p95(suggested),
        **_bytes(address),
    }


def _bytes(address: str) -> dict[str, float]:
    """Compressed bytes of the largest kinds of page."""
    kinds = {"home": "/en/", "search": "/en/search?q=", "resource": f"/en/r/{address}"}
    found = {}
    for name, path in kinds.items():
        connection = _connected(PORT)
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        found[f"bytes_{name}"] = len(connection.getresponse().read())
        connection.close()
    return found


def beginnings() -> list[str]:
    """What has been typed of a word so far."""
    chance = random.Random(11)
    vocabulary, weights = words()
    chosen = chance.choices(vocabulary, cum_weights=weights, k=300)
    return [word[: chance.randint(2, 6)].lower() for word in chosen]


def _throughput(seconds: float = 10.0, clients: int = 4) -> float:
    """Search pages a second, asked for by several readers at once."""
    done: list[int] = []
    until = time.perf_counter() + seconds

    def read(first: int) -> None:
        connection, count, asked = _connected(PORT), 0, paths()
        while time.perf_counter() < until:
            _get(connection, asked[(first + count) % len(asked)])
            count += 1
        done.append(count)

    readers = [threading.Thread(target=read, args=(number * 100,)) for number in range(clients)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return sum(done) / seconds


def _visible_after(folder: str, engine: str) -> float:
    """Seconds from the commit of a change, made by another process, until a search shows it."""
    connection = _connected(PORT)
    word = f"qzx{engine}"
    assert b"/r/" not in _get(connection, f"/en/search?q={word}")[1]
    committed = _child(folder, engine, "change", word)["committed"]
    while b"/r/" not in _get(connection, f"/en/search?q={word}")[1]:
        if time.time() - committed > 60:
            return float("inf")
        time.sleep(0.02)
    return time.time() - committed


def report(r: dict) -> str:
    """The Markdown table."""
    engines = [engine for engine in ENGINES if engine in r]
    rows = [
        ("Index written, resources/s", "build_rate", "{:.0f}", "–"),
        ("Search with all filters counted, p50, ms", "search_p50", "{:.1f}", "–"),
        ("… p95, ms", "search_p95", "{:.1f}", "–"),
        ("… for everything, no words, p95, ms", "everything_p95", "{:.1f}", "–"),
        ("The same searches as pages over HTTP, p50, ms", "page_p50", "{:.1f}", "–"),
        ("… p95, ms", "page_p95", "{:.1f}", "under 40 (Tantivy)"),
        ("… × the engine's own time at p95", "page_ratio", "{:.2f}", "at most 3"),
        ("Suggestions, p95, ms", "suggest_p95", "{:.1f}", "–"),
        ("Suggestions over HTTP, p95, ms", "suggest_page_p95", "{:.1f}", "–"),
        ("Resource page over HTTP, p95, ms", "resource_p95", "{:.1f}", "–"),
        ("Search pages a second, 2 workers, 4 readers", "requests_per_second", "{:.0f}", "–"),
        ("A change shows after, s", "visible_seconds", "{:.2f}", "under 2"),
        ("Memory of a process that searches, MB", "peak_mb", "{:.0f}", "–"),
        ("Bytes of a home page", "bytes_home", "{:.0f}", "–"),
        ("Bytes of a broad search page", "bytes_search", "{:.0f}", "–"),
        ("Bytes of a resource page", "bytes_resource", "{:.0f}", "–"),
    ]
    for engine in engines:
        r[engine]["page_ratio"] = r[engine]["page_p95"] / r[engine]["search_p95"]
    lines = [
        f"| {name} | {' | '.join(form.format(r[each][key]) for each in engines)} | {aim} |"
        for name, key, form, aim in rows
    ]
    head = f"| {r['resources']} resources | {' | '.join(engines)} | To reach |"
    return "\n".join([head, "|---" * (len(engines) + 2) + "|", *lines]) + "\n"


if __name__ == "__main__":
    main()
