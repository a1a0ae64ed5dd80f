"""Seeing that a source is not this catalogue itself: its records would come round for ever."""

from collections.abc import Collection
from dataclasses import replace
from urllib.parse import SplitResult, urlsplit

from harvesters.harvester import Page, RepositoryInfo
from oer.errors import HarvestError
from oer.formats.provenance import origins
from oer.services.source_record import SourceRecord


def refuse_ourselves(own: str, asked: str, info: RepositoryInfo | None = None) -> None:
    """Refuse a source that stands at our own address, or says that it is us.

    Args:
        own: Where this catalogue stands (``OER_BASE_URL``); empty where nobody knows.
        asked: The address of the source.
        info: What it says of itself, once it has been asked.

    Raises:
        HarvestError: It is this catalogue.
    """
    ours = _split(own)
    if ours is None:
        return
    claims = [asked, (info.base_url if info else None) or ""]
    name = (info.repository_identifier if info else None) or ""
    # A host of several repositories may have given its name to another of them.
    named = not ours.path.strip("/") and name.lower() == (ours.hostname or "")
    if named or any(_is_below(claim, ours) for claim in claims):
        raise HarvestError(
            "The source is this catalogue itself, so its own records would come round again. "
            "Name another repository as the source; remove this one with: oer source remove SOURCE"
        )


def is_ours(own: str, record: SourceRecord) -> bool:
    """Whether a record was first, or on its way here, in this catalogue.

    By its provenance, at whatever depth, or by a name that only this catalogue gives. An aggregator
    that harvests us would otherwise hand us our own records as its.

    Args:
        own: Where this catalogue stands; empty where nobody knows.
    """
    ours = _split(own)
    if ours is None:
        return False
    if _is_our_name(record.identifier or "", ours):
        return True
    return any(
        _is_below(origin.base_url, ours) or _is_our_name(origin.identifier, ours)
        for origin in origins(record.about)
    )


MOST_NAMED = 5
"""Records that came from ourselves are named in a run's notes, so many of them."""

_NAMED = "Left out, because it came from this catalogue: "


def without_ours(page: Page, own: str, notes: Collection[str]) -> Page:
    """The page without the records that came from this catalogue; its notes count and name them.

    Args:
        notes: What the run has said so far.
    """
    theirs = tuple(each for each in page.records if not is_ours(own, each))
    if len(theirs) == len(page.records):
        return page
    left_out = [each for each in page.records if is_ours(own, each)]
    named = min(MOST_NAMED, sum(note.startswith(_NAMED) for note in notes))
    more = [
        f"Records that came from this catalogue itself were left out ({len(left_out)})",
        *(f"{_NAMED}{(each.identifier or '')[:200]}" for each in left_out[: MOST_NAMED - named]),
    ]
    return replace(page, records=theirs, notes=(*page.notes, *more))


def _is_our_name(identifier: str, ours: SplitResult) -> bool:
    """Whether it is ``oai:HOST:…`` with our host, which no other repository shares."""
    parts = identifier.split(":", 2)
    whole_host = not ours.path.strip("/")
    return (
        whole_host
        and len(parts) == 3
        and (parts[0].lower(), parts[1].lower())
        == (
            "oai",
            ours.hostname,
        )
    )


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address.strip())
        return parts if parts.hostname and _port(parts) else None
    except ValueError:
        return None


def _is_below(address: str, ours: SplitResult) -> bool:
    theirs = _split(address)
    if theirs is None or theirs.hostname != ours.hostname:
        return False
    # The same site with and without encryption; other ports are other sites.
    plain = {_port(theirs), _port(ours)} <= {80, 443}
    root = ours.path.rstrip("/") + "/"
    return (plain or _port(theirs) == _port(ours)) and f"{theirs.path}/".startswith(root)


def _port(parts: SplitResult) -> int:
    return parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
