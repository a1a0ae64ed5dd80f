"""What a statement about rights can turn out to be, and which of two is the stricter."""

from dataclasses import dataclass

from oer.metadata import license_tables as tables
from oer.metadata.resource_metadata import Basis

KINDS: tuple[str, ...] = (
    "license",
    "license-family",
    "public-domain-tool",
    "public-domain",
    "rights-statement",
    "in-copyright",
    "access-right",
    "metadata-license",
    "other-license",
    "unnamed-license",
    "conflict",
    "unknown",
    "none",
)
"""What a statement can be. ``license`` and ``license-family`` are Creative Commons with and without
a version; ``unknown`` speaks of rights in words not understood; ``none`` says nothing of them."""


ALL_RIGHTS_RESERVED = "all rights reserved"
SEVERAL_VERSIONS = "several versions or ports are named"
SAYS_NONE = "says that no licence is stated"
OF_METADATA = "speaks of the metadata, not of the resource"

STRICTNESS = {
    "cc0": 0, "pdm": 0, "cc-pddc": 0, "cc-by": 1, "cc-sa": 2, "cc-by-sa": 2, "cc-devnations": 3,
    "cc-nc": 3, "cc-by-nc": 3, "cc-nc-sa": 4, "cc-by-nc-sa": 4, "cc-sampling-plus": 5,
    "cc-sampling": 5, "cc-nc-sampling-plus": 5, "cc-nd": 6, "cc-by-nd": 6,
    "cc-nd-nc": 7, "cc-by-nc-nd": 7,
}  # fmt: skip
"""For picking the stricter of two Creative Commons families."""


@dataclass(frozen=True)
class Reading:
    """What one statement says.

    Args:
        kind: One of :data:`KINDS`.
        uri: The canonical URI; None where none was stated completely enough.
        family: The licence without version and port: ``cc-by``, ``cc0``, ``mit``, ``inc-edu`` …
            For a conflict, the stricter reading.
        version: As stated, never assumed.
        port: The jurisdiction (``fi``) of a ported Creative Commons licence.
        basis: ``stated`` when a URI said it, ``mapped`` when words or codes did, None when nothing
            became canonical.
        note: What a curator would want to know.
    """

    kind: str
    uri: str | None = None
    family: str | None = None
    version: str | None = None
    port: str | None = None
    basis: Basis | None = None
    note: str = ""


def strictness(family: str | None) -> float:
    """The higher, the less is granted: Creative Commons by its elements, reserved rights last."""
    if family in tables.other_licenses():
        return 0.5
    return STRICTNESS.get(family or "", 9)


def reserves(family: str | None) -> bool:
    """Whether a family is a statement that the rights are reserved (``InC…``)."""
    return family is not None and (family == "in-copyright" or family.startswith("inc-"))
