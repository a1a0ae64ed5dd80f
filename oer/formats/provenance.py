"""Provenance containers of OAI-PMH: where an aggregator had a record from.

http://www.openarchives.org/OAI/2.0/guidelines-provenance.htm: an ``about`` holds a ``provenance``
with one ``originDescription``; inside it stands the description of the origin before that, and so
on down to the repository that wrote the record.
"""

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from lxml import etree

from oer.errors import UnreadableRecord
from oer.formats.xml import local_name, parse
from oer.metadata.resource_metadata import MetadataRecord

NAMESPACE = "http://www.openarchives.org/OAI/2.0/provenance"
MAX_ORIGINS = 20
MAX_TEXT = 2000

_MARK = NAMESPACE.encode()


class Origin(NamedTuple):
    """A repository that a record was harvested from, and its name there; empty where unsaid."""

    base_url: str = ""
    identifier: str = ""
    datestamp: str = ""
    namespace: str = ""


def origins(about: bytes | None) -> tuple[Origin, ...]:
    """The origins that the ``about`` containers of a record name, the nearest first.

    Anything that cannot be read counts for nothing: a record is not lost over its history.
    """
    if not about or _MARK not in about:
        return ()
    try:
        root = parse(b"<abouts>" + about + b"</abouts>")
    except UnreadableRecord:
        return ()
    # In document order an outer description, the nearer origin, comes before those inside it.
    found = root.iter(f"{{{NAMESPACE}}}originDescription")
    return tuple(map(_origin, islice(found, MAX_ORIGINS)))


def _origin(description: etree._Element) -> Origin:
    stated = {
        local_name(each.tag): (each.text or "").strip()[:MAX_TEXT]
        for each in description
        if isinstance(each.tag, str)
    }
    names = ("baseURL", "identifier", "datestamp", "metadataNamespace")
    return Origin(*(stated.get(name, "") for name in names))


def metadata_records(found: Iterable[Origin]) -> tuple[MetadataRecord, ...]:
    """The origins as metadata records; those without an address or an identifier are left out."""
    return tuple(
        MetadataRecord(
            source=each.base_url,
            identifier=each.identifier,
            format=each.namespace or None,
            datestamp=each.datestamp or None,
        )
        for each in dict.fromkeys(found)
        if each.base_url and each.identifier
    )
