"""What curators may say of a source that is an OAI-PMH repository.

::

    [sources.example.oai]
    granularity = "days"     # or "seconds": for a repository that states the wrong one
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harvesters.declared import Field, complaints, one_of, refuse
from harvesters.oai_dates import DAY, SECOND

_GRANULARITIES = {"days": DAY, "seconds": SECOND}

_FIELDS = {"granularity": Field(one_of(*_GRANULARITIES))}


@dataclass(frozen=True)
class OaiOptions:
    """How a repository is asked, where that is not left to itself."""

    granularity: str | None = None
    """``DAY`` or ``SECOND``; None: as Identify states it."""


def read_options(options: Mapping[str, Any]) -> OaiOptions:
    """The options of a repository.

    Raises:
        UsageError: Something in them is wrong.
    """
    refuse(list(mistakes(options)), "The options of the repository")
    return OaiOptions(_GRANULARITIES.get(options.get("oai", {}).get("granularity")))


def mistakes(options: Mapping[str, Any], where: str = "") -> Iterator[str]:
    """What is wrong with the options of a repository."""
    given = options.get("oai", {})
    if isinstance(given, dict):
        yield from complaints(given, _FIELDS, f"{where}oai.")
    else:
        yield f"{where}oai must be a table"
