"""What a licence permits and demands, and whether it is open, by two published definitions."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from oer.metadata import license_tables as tables
from oer.metadata.license_reading import read


@dataclass(frozen=True)
class Permissions:
    """What one may do (share, adapt, use commercially) and must do. None: not known."""

    share: bool | None = None
    adapt: bool | None = None
    commercial: bool | None = None
    attribution: bool | None = None
    share_alike: bool | None = None


_SPECIAL = {
    "cc0": Permissions(True, True, True, False, False),
    "pdm": Permissions(True, True, True, False, False),
    "cc-pddc": Permissions(True, True, True, False, False),
    # Sampling: parts may be reused, the whole not shared. Plus: the whole may, non-commercially.
    "cc-sampling": Permissions(False, True, None, True, False),
    "cc-sampling-plus": Permissions(True, None, None, True, False),
    "cc-nc-sampling-plus": Permissions(True, None, False, True, False),
    # Granted in developing countries only.
    "cc-devnations": Permissions(None, None, None, True, False),
}


@lru_cache(maxsize=2_048)
def permissions(uri_or_family: str) -> Permissions:
    """What a licence lets one do. Everything is None where the licence is not known.

    "Public domain" without a tool is such a case: where, and by whose word, is not stated.
    """
    family = family_of(uri_or_family)
    if family in tables.LICENSE_ELEMENTS:
        elements = tables.LICENSE_ELEMENTS[family]
        may = (True, "nd" not in elements, "nc" not in elements)
        return Permissions(*may, attribution="by" in elements, share_alike="sa" in elements)
    if family in tables.other_licenses():
        other = tables.other_licenses()[family]
        may_not_known = (other.share, other.adapt, other.commercial)
        return Permissions(*may_not_known, other.attribution, other.share_alike)
    for statement in tables.rights_statements().values():
        if statement.family == family:
            return Permissions(statement.share, statement.adapt, statement.commercial)
    return _SPECIAL.get(family, Permissions())


def is_oer(granted: Permissions) -> bool | None:
    """Open by UNESCO's Recommendation on OER (2019): others may reuse, adapt and redistribute.

    The text does not speak of commercial use, so NC is open by it and ND is not.
    """
    return every((granted.share, granted.adapt))


def open_definition(family: str | None) -> bool | None:
    """Whether a family conforms to the Open Definition 2.1; None where that is not known."""
    if family in ("cc0", "pdm", "cc-by", "cc-by-sa"):
        return True
    other = tables.other_licenses().get(family or "")
    if other:
        return other.open_definition
    granted = permissions(family or "")
    return False if False in (granted.share, granted.adapt, granted.commercial) else None


def together(granted: Iterable[Permissions]) -> Permissions:
    """What every one of several licences permits, and all that any of them demands."""
    known = list(granted)
    return Permissions(
        share=every(p.share for p in known),
        adapt=every(p.adapt for p in known),
        commercial=every(p.commercial for p in known),
        attribution=any_of(p.attribution for p in known),
        share_alike=any_of(p.share_alike for p in known),
    )


def every(values: Iterable[bool | None]) -> bool | None:
    """All of them; one no is a no, otherwise one unknown is unknown."""
    known = set(values)
    return False if False in known else None if None in known else True


def any_of(values: Iterable[bool | None]) -> bool | None:
    """Any of them; one yes is a yes, otherwise one unknown is unknown."""
    known = set(values)
    return True if True in known else None if None in known else False


def family_of(uri_or_family: str) -> str:
    """The family of a canonical URI; a family is itself."""
    return (read(uri_or_family).family or "") if "/" in uri_or_family else uri_or_family


def is_family(code: str) -> bool:
    """Whether a code is one of our families (``cc-by``, ``mit``, ``inc-edu``), not a free text."""
    return (
        code in tables.LICENSE_ELEMENTS
        or code in tables.other_licenses()
        or code in _SPECIAL
        or any(statement.family == code for statement in tables.rights_statements().values())
    )
