"""What every harvester is: a generator of pages, and a way to ask who is there.

A harvester knows its protocol and nothing of the database. It hands over pages; each page says
where to go on after it, in words of the harvester's own, so that a run can stop anywhere.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harvesters.http import HttpClient
from oer.services.source_record import SourceRecord

__all__ = ["HarvestRequest", "Harvester", "Page", "RepositoryInfo", "SourceRecord"]


@dataclass(frozen=True)
class HarvestRequest:
    """What to ask for.

    Args:
        from_: UTC datestamp in seconds (``2026-01-31T10:00:00Z``) to begin at; None for everything.
            The harvester cuts it to the granularity of the repository.
        granularity: As Identify gave it.
        checkpoint: Where an earlier run stopped; None to begin at the beginning.
    """

    base_url: str
    metadata_prefix: str = "oai_dc"
    set_specs: tuple[str, ...] = ()
    from_: str | None = None
    granularity: str | None = None
    checkpoint: str | None = None
    headers_only: bool = False
    """Ask for identifiers only (OAI-PMH ListIdentifiers), to see what is still there."""
    earliest_datestamp: str | None = None
    """As Identify gave it: where to begin when the list has to be asked for in parts."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What only the source's protocol understands (``Source.options``)."""
    repository_clock: str | None = None
    """The response date of Identify: nothing is asked for from later than that."""
    learned: Mapping[str, Any] = field(default_factory=dict)
    """What earlier harvests found out; see ``harvesters.learned``."""


@dataclass(frozen=True)
class Page:
    """A page of records.

    Args:
        checkpoint: Where to go on after this page; None when the list is complete.
        response_date: The repository's clock when it answered (OAI-PMH §3.2).
        notes: What a curator should know of this page, in plain words. A number in brackets at the
            end counts; see ``harvesters.notes``.
        holes: Parts of the list that could not even be listed. A list with holes proves the absence
            of nothing.
        ignores_from: Whether the repository was seen to send everything, whatever ``from`` said.
        learned: What the next harvest should know; see ``harvesters.learned``. None forgets a fact.
    """

    records: tuple[SourceRecord, ...]
    checkpoint: str | None = None
    response_date: str | None = None
    complete_list_size: int | None = None
    notes: tuple[str, ...] = ()
    holes: int = 0
    ignores_from: bool = False
    learned: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RepositoryInfo:
    """What a repository says of itself (OAI-PMH §4.2). Absent elements are None."""

    name: str | None = None
    granularity: str | None = None
    deleted_record: str | None = None
    earliest_datestamp: str | None = None
    response_date: str | None = None
    repository_identifier: str | None = None
    """From its oai-identifier description: a repository that harvests itself can be told by it."""
    base_url: str | None = None
    """The address it says it has."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Harvester:
    """A protocol: ``identify`` asks who is there, ``pages`` yields the list."""

    identify: Callable[[str, HttpClient], RepositoryInfo]
    pages: Callable[[HarvestRequest, HttpClient], Iterator[Page]]
    revisit: Callable[[str, HttpClient, Mapping[str, Any]], RepositoryInfo] | None = None
    """As ``identify``, for protocols that can use what earlier harvests learned."""
    takes_from: bool = False
    """Whether the protocol lets one ask for what is new, so that a provider may ignore it."""
