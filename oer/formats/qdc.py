"""Qualified Dublin Core: DCMI Metadata Terms under one root, as DSpace, OCLC, NSDL and others do.

There is no one schema for it, and so no one namespace: every software wraps the terms in a root of
its own. What the elements say is the same everywhere and stands in ``dublin_core.py``.
"""

from oer.errors import UnreadableRecord
from oer.formats import dublin_core
from oer.formats.draft import finish, new_draft
from oer.formats.namespaces import DC, DCTERMS
from oer.formats.xml import Element, local_name, namespace, parse, shown
from oer.metadata.resource_metadata import ResourceMetadata

ROOTS = frozenset(
    {"qualifieddc", "qdc", "dcq", "oai_dcq", "dcterms", "oai_dcterms", "dcx", "nsdl_dc", "metadata"}
)
"""Local names of the roots seen, in lower case. ``metadata`` is what DCMI's own examples use."""


def read(payload: bytes) -> ResourceMetadata:
    """Read a qualified Dublin Core document.

    Raises:
        UnreadableRecord: It is not XML, or not Dublin Core.
    """
    return read_element(parse(payload))


def read_element(root: Element) -> ResourceMetadata:
    """Read a parsed root, whatever it is called where."""
    name = local_name(root.tag).lower()
    if name not in ROOTS or (name == "metadata" and not _has_dublin_core(root)):
        raise UnreadableRecord(f"Not qualified Dublin Core: the root element is {shown(root.tag)}.")
    draft = new_draft()
    dublin_core.describe(draft, root)
    return finish(draft)


def _has_dublin_core(root: Element) -> bool:
    return any(namespace(child.tag) in (DC, DCTERMS) for child in root)
