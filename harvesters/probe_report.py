"""What a probe found, whatever it looked at; and which of the offered formats it looks at."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from harvesters.harvester import RepositoryInfo
from harvesters.probe_advice import Advice, Warned
from harvesters.probe_sample import Sample
from oer.errors import UnknownFormat
from oer.formats import format_by_namespace
from oer.services.profile import Profile

RICHNESS = ("lrmi_fi", "lom", "imsmd", "jsonld", "mods", "qdc", "oai_datacite", "marcxml", "didl")
"""Formats we read, by how much they say of learning; those not named come next, oai_dc last."""

_PREFIX = re.compile(r"[A-Za-z0-9_.!~*'()][A-Za-z0-9_.!~*'()-]*")
"""OAI-PMH §3.4, without those that a command would take for an option."""


@dataclass(frozen=True)
class Offered:
    """A format that the repository offers, and the format of ours that reads it, if any."""

    prefix: str
    namespace: str
    read_as: str | None


@dataclass(frozen=True)
class Report:
    """What a probe found.

    Args:
        url: Where the source is; it may be another address than the one that was given.
        protocol: How it is asked. Formats and sets are OAI-PMH's only.
        definition: The source as a file for ``oer source apply``, where a command cannot say it.
    """

    url: str
    info: RepositoryInfo
    formats: tuple[Offered, ...]
    prefix: str
    """The format that the sample was asked for in."""
    sets: tuple[tuple[str, str], ...]
    more_sets: bool
    sample: Sample
    profile: Profile
    sweeps: bool | None
    """Whether the list of identifiers can be had alone; None: not asked."""
    warnings: tuple[Warned, ...]
    advice: Advice
    protocol: str = "oai_pmh"
    what: str = "an OAI-PMH repository"
    definition: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether there is anything to harvest that we can read."""
        return self.sample.read > 0 or (self.sample.seen > 0 and not self.sample.problems)

    def as_dict(self) -> dict[str, Any]:
        """The report for JSON."""
        values = asdict(self)
        values["profile"] = self.profile.as_dict()
        values["sample"]["problems"] = dict(self.sample.problems)
        values["advice"]["command"] = self.advice.command
        return values | {"usable": self.is_usable}


def offered_as(prefix: str, namespace: str) -> Offered:
    """A format as it is offered; formats are known by their namespaces."""
    return Offered(prefix, namespace, _read_as(namespace))


def _read_as(namespace: str) -> str | None:
    try:
        return format_by_namespace(namespace).prefix
    except UnknownFormat:
        return None


def best(formats: Iterable[Offered]) -> str:
    """The prefix of the richest format that we can read; ``oai_dc`` where there is none."""
    readable = [each for each in formats if each.read_as and _PREFIX.fullmatch(each.prefix)]
    return min(readable, key=_rank).prefix if readable else "oai_dc"


def _rank(offered: Offered) -> int:
    if offered.read_as == "oai_dc":
        return len(RICHNESS) + 1
    return RICHNESS.index(offered.read_as) if offered.read_as in RICHNESS else len(RICHNESS)
