"""``make compare-harvesters``: the table of misbehaviours, run by ours and by other harvesters.

``python -m benchmarks.compare_harvesters [--case N] [--output FILE]``. The repository is the hostile
one of the tests, over real HTTP on loopback; sickle and oaipmh-scythe are told to try three times
and to time out, which they do not by themselves. What a row means:

    all         every record that can be had arrived, its text whole; trouble was said aloud
    n of m, E   some are missing, and the error E says that something is
    n of m      some are missing or damaged, and nothing says so
    endless     the list was still being asked for after a hundred requests
"""

import argparse
import logging
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

import harvesters
from harvesters.oai_pmh import harvester
from oer import database
from tests.harvesters.hostile_cases import CASES, Case
from tests.harvesters.hostile_oai import Answer, Hostile
from tests.harvesters.hostile_world import World

MOST_REQUESTS = 100
RETRIES = 3
RETRY_CODES = (429, 500, 502, 503, 504)
TIMEOUT = 2.0
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

ALL, TOLD, SILENT, ENDLESS = "all", "told", "silent", "endless"


@dataclass(frozen=True)
class Outcome:
    """What a harvester made of a case."""

    kind: str
    shown: str


def main() -> None:
    options = _options()
    logging.disable(logging.CRITICAL)
    # Nobody waits out a Retry-After here; the servers wait on an event of their own.
    time.sleep = lambda seconds: None
    clients = {"oer": _ours, "sickle": _sickle, "oaipmh-scythe": _scythe}
    rows, totals = [], {name: Counter() for name in clients}
    for case in CASES:
        if case.compare and options.case in (None, case.number):
            outcomes = {name: harvest(case) for name, harvest in clients.items()}
            rows.append((str(case), *(outcome.shown for outcome in outcomes.values())))
            for name, outcome in outcomes.items():
                totals[name][outcome.kind] += 1
    report = _report(tuple(clients), rows, totals)
    print(report)
    if options.output:
        options.output.write_text(report + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare_harvesters")
    parser.add_argument("--case", type=int, help="only the rows of this case")
    parser.add_argument("--output", type=Path, help="write the table there as well")
    return parser.parse_args()


# Ours ---------------------------------------------------------------------------------------------


def _ours(case: Case) -> Outcome:
    """A whole harvest into a database, as the case is played in the tests."""
    with tempfile.TemporaryDirectory() as folder:
        sessions = database.connect(f"sqlite:///{folder}/oer.sqlite")
        world = World(sessions, NOW)
        harvesters.HARVESTERS["oai_pmh"] = lambda: harvester(sleep=world.naps.append)
        with world.of(case):
            ended = case.play(world)
            became = world.became()
            arrived = {name for name, what in became.items() if what == "published"}
            damaged = {name for name in case.titles if world.title(name) != case.titles[name]}
        sessions.kw["bind"].dispose()
    return _judged(case, world.hostile, arrived - damaged, "stopped" if ended.error else "")


# Others -------------------------------------------------------------------------------------------

Found = Iterator[tuple[str, str]]


def _sickle(case: Case) -> Outcome:
    from sickle import Sickle

    def records(hostile: Hostile) -> Found:
        headers = dict(case.http.get("headers", {}))
        if "contact" in case.http:
            headers["User-Agent"] = f"sickle (+{case.http['contact']})"
        client = Sickle(
            hostile.url + case.query,
            max_retries=RETRIES,
            retry_status_codes=RETRY_CODES,
            timeout=TIMEOUT,
            headers=headers,
        )
        for each in client.ListRecords(ignore_deleted=True, **_asked(case, "set")):
            yield str(each.header.identifier), each.raw

    return _listed(case, records)


def _scythe(case: Case) -> Outcome:
    from oaipmh_scythe import HTTPConfig, RetryConfig, Scythe

    def records(hostile: Hostile) -> Found:
        agent = f"oaipmh-scythe (+{case.http['contact']})" if "contact" in case.http else "scythe"
        client = Scythe(
            hostile.url + case.query,
            http_config=HTTPConfig(timeout=TIMEOUT, user_agent=agent),
            retry_config=RetryConfig(RETRIES, RETRY_CODES, retry_on_transport_error=True),
        )
        with client:
            for each in client.list_records(ignore_deleted=True, **_asked(case, "set_")):
                yield str(each.header.identifier), str(each)

    return _listed(case, records)


def _asked(case: Case, name: str) -> dict[str, str]:
    wanted = {"metadataPrefix" if name == "set" else "metadata_prefix": "oai_dc"}
    specs = case.source.get("set_specs", ())
    return wanted | ({name: specs[0]} if specs else {})


def _listed(case: Case, records: Callable[[Hostile], Found]) -> Outcome:
    """What a client that only lists brings, and how it ends."""
    hostile = case.hostile()
    _stop_some_time(hostile)
    arrived, said = set(), ""
    with hostile.serving():
        try:
            for identifier, xml in records(hostile):
                if case.titles.get(identifier) in (None, _title(xml)):
                    arrived.add(identifier)
        except Exception as error:  # noqa: BLE001 - whatever it raises is what we want to know
            said = type(error).__name__
    return _judged(case, hostile, arrived, said)


def _stop_some_time(hostile: Hostile) -> None:
    twist = hostile.twist
    hostile.twist = lambda asked, honest: (
        Answer(b"", 410) if asked.number > MOST_REQUESTS else twist(asked, honest)
    )


def _title(xml: str) -> str | None:
    with suppress(etree.XMLSyntaxError, ValueError):
        found = etree.fromstring(xml.encode()).iter("{*}title")
        return next((each.text for each in found), None)
    return None


# Judging ------------------------------------------------------------------------------------------


def _judged(case: Case, hostile: Hostile, arrived: set[str], said: str) -> Outcome:
    wanted = set(case.arrives)
    here = f"{len(wanted & arrived)} of {len(wanted)}" if wanted else "an empty list"
    # What ours put in quarantine a client may well deliver as it came.
    extra = arrived - wanted - set(case.quarantined) - {"None"}
    strays = f" and {len(extra)} that do not belong there" if extra else ""
    if said and len(hostile.asked) > MOST_REQUESTS and arrived <= wanted:
        return Outcome(ENDLESS, "endless")
    if wanted <= arrived and not strays and (said or not case.error):
        return Outcome(ALL, "all" if not said or case.error else f"all, then {said}")
    if said:
        return Outcome(TOLD, f"{here}{strays}, {said}")
    return Outcome(SILENT, f"**{here}{strays}**")


def _report(
    names: tuple[str, ...], rows: list[tuple[str, ...]], totals: dict[str, Counter[str]]
) -> str:
    head = f"| Case | {' | '.join(names)} |\n|---|{'---|' * len(names)}"
    body = "\n".join(f"| {' | '.join(cell.replace('|', '¦') for cell in row)} |" for row in rows)
    sums = "\n".join(
        f"| {words} | {' | '.join(str(totals[name][kind]) for name in names)} |"
        for kind, words in (
            (ALL, f"**of {len(rows)} rows: all arrived**"),
            (TOLD, "some missing, said aloud"),
            (SILENT, "some missing or damaged, in silence"),
            (ENDLESS, "endless"),
        )
    )
    return f"{head}\n{body}\n{sums}"


if __name__ == "__main__":
    main()
