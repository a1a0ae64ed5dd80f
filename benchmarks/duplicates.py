"""Finding copies in 10 000 and in 100 000 resources: the cost per resource must stay the same.

``python -m benchmarks.duplicates [--small N] [--large N]``. Each size runs in a process of its
own, on a SQLite file of generated descriptions: new words keep coming as in real text, one in
twenty resources is a copy of another with its title misspelt, cut or recased, one in ten belongs
to a numbered series, and every tenth copy shares an identifier. Prints seconds, peak memory, the
ratio of the two sizes, and how many of the planted copies were found.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from oer.metadata.resource_metadata import (
    Agent,
    Identifier,
    LangString,
    ResourceMetadata,
    Term,
    to_json,
)

SYLLABLES = [first + last for first in "bdfghjklmnprstv" for last in ("a", "e", "i", "o", "u", "y")]
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.duplicates", description=__doc__)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--task", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.task:
        print(json.dumps(measure(options.task)))
        return
    found = {size: _child(size) for size in (options.small, options.large)}
    for size, result in found.items():
        print(f"{size:>8} resources: {_line(result)}")
    small, large = found.values()
    growth = options.large / options.small
    for result in (small, large):
        result["all_seconds"] = result["refresh_seconds"] + result["candidates_seconds"]
    for name in ("refresh_seconds", "candidates_seconds", "all_seconds"):
        print(f"{name} per resource, large : small = {large[name] / small[name] / growth:.2f}")
    print(f"peak memory, large : small = {large['peak_mb'] / small['peak_mb']:.2f}")


def _child(size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.duplicates", "--task", str(size)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def _line(result: dict[str, float]) -> str:
    return ", ".join(f"{name} {round(value, 3):g}" for name, value in result.items())


def measure(size: int) -> dict[str, float]:
    """Fill a catalogue, make the keys, find the candidates."""
    from oer.database import connect
    from oer.services import duplicates

    with tempfile.TemporaryDirectory(prefix="oer-bench-") as folder:
        sessions = connect(f"sqlite:///{folder}/oer.sqlite")
        planted = _fill(sessions, size)
        began = time.perf_counter()
        duplicates.refresh(sessions)
        refreshed = time.perf_counter()
        found = {tuple(sorted((c.keep.id, c.other.id))) for c in duplicates.candidates(sessions)}
        ended = time.perf_counter()
        with sessions() as session:
            crowded = duplicates.crowded(session)
        sessions.kw["bind"].dispose()
    return {
        "refresh_seconds": refreshed - began,
        "candidates_seconds": ended - refreshed,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "candidates": len(found),
        "planted": len(planted),
        "planted_found": len(planted & found) / len(planted),
        "crowded_titles": crowded.titles,
        "crowded_identifiers": crowded.identifiers,
    }


def _fill(sessions, size: int) -> set[tuple[int, int]]:
    from sqlalchemy import insert

    from oer.models import Resource

    planted, rows = set(), []
    with sessions.begin() as session:
        for number, (metadata, original) in enumerate(descriptions(size), 1):
            rows.append(
                {
                    "address": f"r{number}",
                    "metadata_json": to_json(metadata),
                    "created_at": NOW,
                    "datestamp": NOW,
                }
            )
            if original:
                planted.add((original, number))
            if len(rows) == 1000 or number == size:
                session.execute(insert(Resource), rows)
                rows.clear()
    return planted


def descriptions(size: int) -> Iterator[tuple[ResourceMetadata, int | None]]:
    """Generated descriptions, each with the number of the one it is a copy of."""
    chance = random.Random(11)
    recent: list[tuple[int, ResourceMetadata]] = []
    for number in range(1, size + 1):
        draw = chance.random()
        if recent and draw < 0.05:
            original, metadata = chance.choice(recent)
            yield _copy(metadata, number, chance), original
            continue
        title = " ".join(_word(chance, number) for _ in range(chance.choice((1, 2, 3, 3, 4, 5, 7))))
        if draw < 0.15:
            title = f"{title} {chance.randint(1, 12)}"
        metadata = ResourceMetadata(
            title=(LangString(title.capitalize()),),
            creator=(Agent(f"{_word(chance, number)} {_word(chance, number)}".title()),),
            language=(Term(id=chance.choice(("fi", "fi", "sv", "en"))),),
            description=(LangString(" ".join(_word(chance, number) for _ in range(60))),),
            landing_page=f"https://material.example.org/{number}",
            identifiers=(Identifier(f"10.5555/{number}", "doi"),) if number % 3 == 0 else (),
        )
        recent = [*recent[-500:], (number, metadata)]
        yield metadata, None


def _copy(metadata: ResourceMetadata, number: int, chance: random.Random) -> ResourceMetadata:
    from msgspec.structs import replace

    title = metadata.title[0].text
    place = chance.randrange(len(title))
    changed = chance.choice(
        (
            title,
            title.upper(),
            f"{title}: {_word(chance, number)} {_word(chance, number)}",
            f"{title} (1)",
            title[:place] + title[place + 1 :],
            title[:place] + "x" + title[place:],
        )
    )
    kept = metadata.identifiers if chance.random() < 0.1 else ()
    page = f"https://other.example.net/{number}"
    return replace(metadata, title=(LangString(changed),), identifiers=kept, landing_page=page)


def _word(chance: random.Random, number: int) -> str:
    """A word: common ones often, and the more words there are, the longer one has read (Heaps)."""
    known = 2000 + int(40 * number**0.6)
    rank = int(known ** chance.random())
    maker = random.Random(rank)
    return "".join(maker.choices(SYLLABLES, k=2 + rank.bit_length() // 5 + maker.randrange(2)))


if __name__ == "__main__":
    main()
