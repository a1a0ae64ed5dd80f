"""A reading as a flat record, for scripts and for measuring against labelled statements.

``family`` and the three answers are those of Creative Commons licences and public-domain tools, the
only ones for which they can be told from the family alone; they are empty for everything else.
Empty means *not answered*, never no.
"""

from oer.metadata.license_kinds import STRICTNESS
from oer.metadata.license_permissions import is_oer, open_definition, permissions
from oer.metadata.license_reading import read

COLUMNS = (
    "kind",
    "canonical_uri",
    "family",
    "version",
    "port",
    "adaptation_allowed",
    "oer_by_unesco_2019",
    "open_definition",
    "basis",
)

_WORDS = {True: "yes", False: "no", None: ""}
_ANSWERED = frozenset({"license", "license-family", "public-domain-tool", "conflict"})


def record(text: str) -> dict[str, str]:
    """Read a statement into the columns: strings throughout, empty where there is no answer.

    A conflict keeps the answers of its stricter reading, but no family: none is certain.
    """
    reading = read(text)
    answered = reading.kind in _ANSWERED and reading.family in STRICTNESS
    family = reading.family if answered else None
    granted = permissions(family or "")
    certain = answered and reading.kind != "conflict"
    return {
        "kind": reading.kind,
        "canonical_uri": reading.uri or "",
        "family": (family or "") if certain else "",
        "version": (reading.version or "") if certain else "",
        "port": (reading.port or "") if certain else "",
        "adaptation_allowed": _WORDS[granted.adapt],
        "oer_by_unesco_2019": _WORDS[is_oer(granted)],
        "open_definition": _WORDS[open_definition(family)],
        "basis": reading.basis or "",
    }
