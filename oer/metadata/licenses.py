"""Licences: what statements about rights say, and what the resource may therefore be used for.

:func:`read` understands one string, :func:`read_statement` one statement of a description, and
:func:`verdict` gives the one answer for a resource. The first law is that nothing is invented: "CC
BY" stays without a version, "public domain" is not CC0, "open access" is no licence, and an unknown
licence is not open. Where statements contradict each other, the stricter one counts and
``conflict`` is set. It reports what was stated; it gives no legal advice.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import msgspec

from oer.metadata.license_kinds import (
    ALL_RIGHTS_RESERVED,
    KINDS,
    SAYS_NONE,
    SEVERAL_VERSIONS,
    STRICTNESS,
    Reading,
    reserves,
    strictness,
)
from oer.metadata.license_names import name, title
from oer.metadata.license_permissions import (
    Permissions,
    is_oer,
    open_definition,
    permissions,
    together,
)
from oer.metadata.license_reading import read
from oer.metadata.resource_metadata import LicenseStatement

__all__ = [
    "KINDS",
    "LOM_COPYRIGHT",
    "Permissions",
    "Reading",
    "Verdict",
    "answers_lom",
    "is_oer",
    "name",
    "open_definition",
    "permissions",
    "read",
    "read_statement",
    "title",
    "verdict",
]

LOM_COPYRIGHT = "lom:rights.copyrightAndOtherRestrictions"
"""IEEE LOM 6.2. Its "yes" says that copyright exists; its "no" is not a licence."""

_LOM_YES = Reading(
    "in-copyright",
    family="in-copyright",
    basis="mapped",
    note="copyright or other restrictions apply (LOM 6.2)",
)
_LOM_NO = Reading("unknown", note="no restrictions stated (LOM 6.2), which is not a licence")
_LOM_VALUES = {
    "yes": _LOM_YES,
    "true": _LOM_YES,
    "no": _LOM_NO,
    "false": _LOM_NO,
    "unknown": Reading("none", note=SAYS_NONE),
}
UNKNOWN = Permissions()
"""Nothing is known: not the same as "no", and never open."""

_DECIDED = frozenset({"curated", "source_default"})
_GRANTING = frozenset(
    {"license", "license-family", "public-domain-tool", "other-license", "conflict"}
)
_SILENT = frozenset({"metadata-license", "access-right", "none"})


@dataclass(frozen=True)
class Verdict:
    """The one answer for a resource.

    Args:
        code: The facet value: the family, all versions and ports together (``cc-by``,
            ``in-copyright``, ``public-domain``); ``other`` for a licence that is not named; empty
            where no licence is stated or known.
        kind: The kind of the statement that decided; ``conflict`` where they disagree, ``unknown``
            where something is stated that tells nothing of reuse, ``none`` where nothing is.
        oer: Open by UNESCO's Recommendation on OER (2019). None: not known, which is not open.
        open_definition: Open by the Open Definition 2.1, which rules out NC and ND.
        conflict: Statements contradict each other; the stricter one was taken.
    """

    code: str = ""
    uri: str | None = None
    family: str | None = None
    version: str | None = None
    kind: str = "none"
    permissions: Permissions = UNKNOWN
    oer: bool | None = None
    open_definition: bool | None = None
    conflict: bool = False
    notes: tuple[str, ...] = ()


@lru_cache(maxsize=16_384)
def read_statement(statement: LicenseStatement) -> LicenseStatement:
    """Fill in what a statement means: kind, uri, family, basis, scope. Twice is the same as once.

    What a curator or a source's settings decided stays, completed from its own URI or family.
    """
    reading = _reading_of(statement)
    if statement.basis in _DECIDED:
        return msgspec.structs.replace(statement, kind=reading.kind, family=reading.family)
    return msgspec.structs.replace(
        statement,
        kind=reading.kind,
        uri=reading.uri,
        family=reading.family,
        basis=reading.basis,
        scope="metadata" if reading.kind == "metadata-license" else statement.scope,
    )


def answers_lom(statement: LicenseStatement) -> bool:
    """Whether a statement only answers LOM's question if there are restrictions (6.2)."""
    is_answer = statement.raw.strip().lower() in _LOM_VALUES
    return statement.element == LOM_COPYRIGHT and not statement.raw_id and is_answer


@lru_cache(maxsize=16_384)
def verdict(statements: tuple[LicenseStatement, ...]) -> Verdict:
    """The one answer that all statements of a resource give together.

    A curator's statement decides alone; a source's default counts where the record names none.
    """
    own = [s for s in statements if s.scope == "resource"]
    stated = [s for s in own if s.basis == "curated"] or [s for s in own if s.basis not in _DECIDED]
    readings = [_reading_of(s) for s in stated]
    if not any(r.family or r.kind == "unnamed-license" for r in readings):
        readings += [_reading_of(s) for s in own if s.basis == "source_default"]
    answer = _judged([r for r in readings if r.kind not in _SILENT])
    if answer.kind == "none" and any(map(_is_said, own, map(_reading_of, own))):
        return Verdict(kind="unknown")
    return answer


def _is_said(statement: LicenseStatement, reading: Reading) -> bool:
    """Whether a statement says something of the resource, be it in words that tell us nothing."""
    text = f"{statement.raw}{statement.raw_id or ''}"
    is_mute = reading.kind == "metadata-license" or reading.note == SAYS_NONE
    return not is_mute and any(map(str.isalnum, text))


def _reading_of(statement: LicenseStatement) -> Reading:
    if statement.basis in _DECIDED:
        decided = read(statement.uri or statement.raw or statement.raw_id or "")
        family = statement.family or decided.family
        if decided.family != family:
            decided = Reading(statement.kind or "license-family", statement.uri, family)
        kind = statement.kind or decided.kind
        return replace(decided, kind=kind, uri=statement.uri, basis=statement.basis)
    if answers_lom(statement):
        return _LOM_VALUES[statement.raw.strip().lower()]
    return read(statement.raw, statement.raw_id)


def _judged(readings: list[Reading]) -> Verdict:
    notes = tuple(dict.fromkeys(r.note for r in readings if r.note))
    granting = [r for r in readings if r.family and r.kind in _GRANTING]
    reserving = [r for r in readings if _denies(r)]
    if granting and reserving:
        note = "a licence stands beside a statement that reserves all rights"
        return _verdict(max(reserving, key=_weight), conflict=True, notes=(*notes, note))
    if granting:
        return _granted(granting, notes)
    for kind in ("rights-statement", "in-copyright", "public-domain", "unnamed-license", "unknown"):
        of_kind = [r for r in readings if r.kind == kind]
        if of_kind:
            others = {r.family for r in readings if r.family}
            return _verdict(max(of_kind, key=_weight), conflict=len(others) > 1, notes=notes)
    return Verdict(notes=notes)


def _denies(reading: Reading) -> bool:
    """Whether a statement denies what a licence beside it grants. A plain © notice does not."""
    if reading.kind == "rights-statement":
        return reserves(reading.family)
    return reading.kind == "in-copyright" and reading.note == ALL_RIGHTS_RESERVED


def _weight(reading: Reading) -> tuple[float, bool, bool]:
    """For picking the strictest statement, and of those the most exact."""
    return strictness(reading.family), reading.uri is not None, reading.basis == "stated"


def _granted(readings: list[Reading], notes: tuple[str, ...]) -> Verdict:
    creative = [r for r in readings if r.family in STRICTNESS]
    families = dict.fromkeys(str(r.family) for r in readings)
    if creative and len(creative) < len(readings):
        notes = (*notes, f"names several licences: {', '.join(families)}")
        readings = creative
        families = dict.fromkeys(str(r.family) for r in readings)
    if len(families) > 1:
        notes = (*notes, f"licences contradict each other: {', '.join(families)}")
    conflict = len(families) > 1 or any(r.kind == "conflict" for r in readings)
    best = max(readings, key=_weight)
    uris = {r.uri for r in readings if r.uri and r.family == best.family and r.basis == best.basis}
    if len(uris) > 1:
        notes = (*notes, SEVERAL_VERSIONS)
        best = replace(best, kind="license-family", uri=None, version=None, port=None)
    return _verdict(best, conflict, notes, together(permissions(family) for family in families))


def _verdict(
    reading: Reading, conflict: bool, notes: tuple[str, ...], granted: Permissions | None = None
) -> Verdict:
    granted = granted or permissions(reading.family or "")
    return Verdict(
        code=reading.family or ("other" if reading.kind == "unnamed-license" else ""),
        uri=reading.uri,
        family=reading.family,
        version=reading.version,
        kind="conflict" if conflict else reading.kind,
        permissions=granted,
        oer=is_oer(granted),
        open_definition=False if granted.commercial is False else open_definition(reading.family),
        conflict=conflict,
        notes=tuple(dict.fromkeys(notes)),
    )
