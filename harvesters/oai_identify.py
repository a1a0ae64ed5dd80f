"""Asking a repository who it is (Identify) and which sets it has (ListSets)."""

import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from harvesters.envelope import Envelope
from harvesters.harvester import HarvestRequest, RepositoryInfo
from harvesters.http import HttpClient
from harvesters.oai_ask import PROMPT, Asker, ask, codes, raise_errors, texts
from harvesters.oai_dates import canonical, granularity
from harvesters.oai_watch import ListWatch
from oer.formats.namespaces import OAI
from oer.services.source_record import SourceRecord


def identify(base_url: str, http: HttpClient) -> RepositoryInfo:
    """Ask who is there (Identify). Missing or odd elements are left None, never an error.

    Raises:
        TransportError: No usable answer.
        ProtocolError: The answer is not OAI-PMH.
    """
    envelope = ask(http, base_url, "Identify")
    raise_errors(envelope)
    stated: dict[str, str] = {}
    for name, text in texts(envelope, "Identify"):
        stated.setdefault(name, text)
    return RepositoryInfo(
        name=stated.get("repositoryName"),
        granularity=granularity(stated.get("granularity")),
        deleted_record=stated.get("deletedRecord"),
        earliest_datestamp=canonical(stated.get("earliestDatestamp")),
        response_date=canonical(envelope.response_date),
        repository_identifier=_repository_identifier(envelope),
        base_url=stated.get("baseURL"),
        notes=envelope.notes + tuple(_doubts(base_url, stated)),
    )


def _doubts(base_url: str, stated: dict[str, str]) -> Iterator[str]:
    given = stated.get("baseURL", "")
    if given and _place(given) != _place(base_url):
        yield f"Identify gives another address than the one that was asked: {given[:200]}"
    version = stated.get("protocolVersion", "")
    if version != "2.0":
        yield f"Identify gives the protocol version '{version[:20]}', not '2.0'"
    if granularity(stated.get("granularity")) is None:
        yield "Identify states no granularity that can be read; dates are asked for in days"


def _place(address: str) -> tuple[str, str]:
    parts = urlsplit(address.strip().rstrip("/"))
    return parts.netloc.lower(), parts.path.rstrip("/")


def _repository_identifier(envelope: Envelope) -> str | None:
    found = envelope.root.iter(f"{{{OAI}oai-identifier}}repositoryIdentifier")
    return next((text for each in found if (text := (each.text or "").strip())), None)


def sets(base_url: str, http: HttpClient) -> Iterator[tuple[str, str]]:
    """The sets of a repository: setSpec and name (ListSets). None where it has no hierarchy.

    Raises:
        EndlessList: Its list of sets leads in a circle.
    """
    watch, asker = ListWatch(), Asker(HarvestRequest(base_url), http, time.sleep)
    token: str = ""
    padded: str | None = None
    while True:
        if token:
            envelope = asker.resumed(token, padded, verb="ListSets", patience=PROMPT)
        else:
            envelope = ask(http, base_url, "ListSets")
        if codes(envelope) & {"noSetHierarchy", "noRecordsMatch"}:
            return
        raise_errors(envelope)
        found = [
            {each.tag.rpartition("}")[2]: (each.text or "").strip() for each in child}
            for answer in envelope.root
            for child in answer
            if isinstance(child.tag, str) and child.tag.endswith("}set")
        ]
        yield from (
            (each["setSpec"], each.get("setName", "")) for each in found if "setSpec" in each
        )
        if not envelope.token:
            return
        named = tuple(SourceRecord(each.get("setSpec")) for each in found)
        watch.check(replace(envelope, records=named))
        token, padded = envelope.token, envelope.padded_token
