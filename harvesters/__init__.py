"""Harvesters: how learning materials come in from elsewhere, one module for each protocol."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from oer.errors import UsageError

if TYPE_CHECKING:
    from harvesters.harvester import Harvester


def _oai_pmh() -> Harvester:
    from harvesters.oai_pmh import HARVESTER

    return HARVESTER


def _feed() -> Harvester:
    from harvesters.feed import harvester

    return harvester()


def _saved() -> Harvester:
    from harvesters.saved import HARVESTER

    return HARVESTER


def _sitemap() -> Harvester:
    from harvesters.sitemap_jsonld import HARVESTER

    return HARVESTER


def _tabular() -> Harvester:
    from harvesters.tabular import HARVESTER

    return HARVESTER


HARVESTERS: dict[str, Callable[[], Harvester]] = {
    "feed": _feed,
    "oai_pmh": _oai_pmh,
    "saved": _saved,
    "sitemap": _sitemap,
    "tabular": _tabular,
}
"""Protocol name to a function that loads its harvester: starting up loads none of them."""


def harvester_for(protocol: str) -> Harvester:
    """The harvester of a protocol.

    Raises:
        UsageError: There is none; the message names those there are.
    """
    if protocol not in HARVESTERS:
        known = ", ".join(sorted(HARVESTERS))
        raise UsageError(f"No harvester for the protocol '{protocol}'. Known: {known}.")
    return HARVESTERS[protocol]()
