"""Under which licences an adaptation of several works may be published, and why not otherwise.

The rows of ``data/license_remix.csv`` are Creative Commons' own two charts. The ShareAlike rules
are those of the licence texts: 1.0 allows only itself (§4b), 2.0 to 3.0 the same elements in this
or a later version, and BY-SA 4.0 also a compatible licence: the Free Art License 1.3 in both
directions, the GNU GPL 3.0 in one. Those two are offered only where one of the works is under them
already: nobody looks for a worksheet under a software licence.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from typing import Literal

from oer.metadata import license_tables as tables
from oer.metadata.license_kinds import Reading, reserves
from oer.metadata.license_permissions import every, is_family, permissions
from oer.metadata.license_reading import read

VERSIONS = ("1.0", "2.0", "2.1", "2.5", "3.0", "4.0")
ADAPTERS = ("cc-by", "cc-by-sa", "cc-by-nc", "cc-by-nc-sa", "cc-by-nd", "cc-by-nc-nd", "cc0")
"""The licences of the adapter's chart, in the order they are offered."""

COMPATIBLE_WITH_BY_SA_4 = {"fal": ("1.3", True), "gpl": ("3.0", False)}
"""BY-SA Compatible Licenses: version, and whether material may also come back."""

Target = tuple[str, str | None]
"""Version and port of a licence an adaptation may have."""


@dataclass(frozen=True)
class Reason:
    """Something to know. An obstacle makes it impossible or unknown; a caution does not."""

    code: str
    licenses: tuple[str, ...] = ()
    obstacle: bool = False


@dataclass(frozen=True)
class Option:
    """A licence the result may have; ``uri`` is its newest version that is allowed.

    ``advice`` is Creative Commons': ``allowed`` means that they do not recommend it.
    """

    family: str
    uri: str | None
    advice: Literal["recommended", "allowed"]
    versions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Compatibility:
    """The answer. ``possible`` None: a licence is not known, so nobody can tell.

    ``commercial`` says whether the result may be used commercially.
    """

    possible: bool | None
    options: tuple[Option, ...] = ()
    commercial: bool | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class _Source:
    given: str
    reading: Reading
    contradicted: bool

    @property
    def family(self) -> str:
        return self.reading.family or ""

    @property
    def label(self) -> str:
        return self.reading.uri or self.family

    @property
    def share_alike(self) -> bool:
        return "sa" in tables.LICENSE_ELEMENTS.get(self.family, ())


def compatible(
    licenses: Sequence[str], *, collection: bool = False, contradicted: Collection[str] = ()
) -> Compatibility:
    """Under which licences may an adaptation (or a collection) of these be published?

    Args:
        licenses: A licence each: a URI, a family (``cc-by``) or any text that names one.
        collection: The works stay as they are, side by side, instead of becoming one work.
        contradicted: Those of them beside which something else was stated as well.
    """
    sources = [_source(given, given in contradicted) for given in dict.fromkeys(licenses)]
    if not sources:
        return Compatibility(None)
    doubts = tuple(_doubts(sources))
    obstacles = tuple(_unusable(sources))
    if obstacles:
        known = any(reason.code == "reserved" for reason in obstacles)
        return Compatibility(False if known else None, reasons=(*obstacles, *doubts))
    commercial = every(permissions(source.family).commercial for source in sources)
    cautions = tuple(_cautions(sources, collection))
    if collection:
        return Compatibility(True, commercial=commercial, reasons=(*doubts, *cautions))
    answer = _adaptation(sources)
    if not answer.possible:
        return replace(answer, reasons=(*answer.reasons, *doubts))
    return replace(answer, commercial=commercial, reasons=(*answer.reasons, *doubts, *cautions))


def ways_out(licenses: Sequence[str], *, collection: bool = False) -> tuple[frozenset[str], ...]:
    """What may be left out so that the rest may be published together, in several ways.

    Nothing where all of them go together, and where none could stay.
    """
    given = tuple(dict.fromkeys(licenses))

    def fit(*some: str) -> bool:
        return compatible(some, collection=collection).possible is True

    usable = [one for one in given if fit(one)]
    groups: list[set[str]] = []
    for begun in usable:
        if not any(begun in group for group in groups):
            groups.append({begun})
            for one in usable:
                if fit(*groups[-1], one):
                    groups[-1].add(one)
    left_out = {frozenset(given) - group for group in groups}
    return tuple(sorted(filter(None, left_out), key=lambda each: (len(each), sorted(each))))


def _source(given: str, contradicted: bool) -> _Source:
    # A family code is taken as it stands; "inc-edu" would mean nothing to a reader of texts.
    code = given != "" and is_family(given)
    reading = Reading("license-family", family=given) if code else read(given)
    return _Source(given, reading, contradicted or reading.kind == "conflict")


def _unusable(sources: Sequence[_Source]) -> Iterable[Reason]:
    for source in sources:
        granted = permissions(source.family)
        if reserves(source.family):
            yield Reason("reserved", (source.label,), obstacle=True)
        elif granted.share is not True:
            yield Reason("not-known", (source.label or source.given,), obstacle=True)


def _doubts(sources: Sequence[_Source]) -> Iterable[Reason]:
    return (Reason("stricter-reading", (s.label,)) for s in sources if s.contradicted)


def _cautions(sources: Sequence[_Source], collection: bool) -> Iterable[Reason]:
    noncommercial = [s.label for s in sources if permissions(s.family).commercial is False]
    if noncommercial:
        yield Reason("noncommercial", tuple(noncommercial))
    for source in sources:
        if source.share_alike and source.reading.version is None and not collection:
            yield Reason("version-not-stated", (source.label,))
    yield Reason("parts-keep-licenses" if collection else "own-part-only")


# Adaptations -------------------------------------------------------------------------------------


def _adaptation(sources: Sequence[_Source]) -> Compatibility:
    foreign = [s for s in sources if s.family not in _charts()]
    if foreign:
        return _with_foreign(sources, foreign)
    obstacles = tuple(_chart_obstacles(sources))
    if obstacles:
        return Compatibility(False, reasons=obstacles)
    targets = _share_alike_targets(sources)
    if targets is not None and not targets:
        return _no_version(sources)
    unversioned = [s.label for s in sources if s.share_alike and s.reading.version is None]
    if unversioned and targets and all(version == "1.0" for version, _ in targets):
        return Compatibility(
            None, reasons=(Reason("version-not-stated", tuple(unversioned), obstacle=True),)
        )
    return Compatibility(True, tuple(_options(sources, targets)))


def _chart_obstacles(sources: Sequence[_Source]) -> Iterable[Reason]:
    for source in sources:
        if permissions(source.family).adapt is False:
            yield Reason("no-derivatives", (source.label,), obstacle=True)
    for one, other in combinations(sources, 2):
        if not (permissions(one.family).adapt and permissions(other.family).adapt):
            continue
        if other.family not in _charts()[one.family]["remix"].split():
            yield Reason("incompatible", (one.label, other.label), obstacle=True)


def _options(sources: Sequence[_Source], targets: frozenset[Target] | None) -> Iterable[Option]:
    for family in ADAPTERS:
        cells = {_charts()[source.family][family] for source in sources}
        if "no" in cells:
            continue
        bound = targets if any(s.family == family and s.share_alike for s in sources) else None
        yield _option(family, "allowed" if "allowed" in cells else "recommended", bound)


def _option(
    family: str, advice: Literal["recommended", "allowed"], targets: frozenset[Target] | None
) -> Option:
    if family == "cc0":
        return Option(family, tables.cc_uri("cc0", "1.0"), advice, ("1.0",))
    if targets is None:
        return Option(family, tables.cc_uri(family, "4.0"), advice, ("4.0",))
    existing = {target for target in targets if tables.cc_uri(family, *target)}
    if not existing:  # a port is named that was never made
        return Option(family, None, advice)
    newest = max(existing, key=lambda target: (target[0], target[1] is None))
    versions = tuple(sorted({version for version, _ in existing}))
    return Option(family, tables.cc_uri(family, *newest), advice, versions)


def _share_alike_targets(sources: Sequence[_Source]) -> frozenset[Target] | None:
    """The versions that all ShareAlike sources allow; None where no stated version limits them."""
    allowed = [_allowed_versions(s.reading) for s in sources if s.share_alike and s.reading.version]
    return frozenset.intersection(*allowed) if allowed else None


def _allowed_versions(reading: Reading) -> frozenset[Target]:
    own: Target = (reading.version or "", reading.port)
    if reading.version == "1.0":
        return frozenset({own})
    later = {(version, None) for version in VERSIONS if version >= own[0]}
    return frozenset({own, *later})


def _no_version(sources: Sequence[_Source]) -> Compatibility:
    labels = tuple(source.label for source in sources if source.share_alike)
    return Compatibility(False, reasons=(Reason("share-alike-versions", labels, obstacle=True),))


def _may_leave_for_compatible(sources: Sequence[_Source]) -> bool:
    """BY-SA 4.0, alone or with public-domain material, may move to a compatible licence."""
    bound = [s for s in sources if s.share_alike]
    free = all(s.family in ("cc0", "pdm") for s in sources if not s.share_alike)
    return free and all(s.family == "cc-by-sa" and s.reading.version == "4.0" for s in bound)


def _with_foreign(sources: Sequence[_Source], foreign: Sequence[_Source]) -> Compatibility:
    """Licences outside the charts: what Creative Commons has said of them, and no more."""
    labels = tuple(source.label for source in foreign)
    families = {source.family for source in foreign}
    if any(permissions(source.family).adapt is False for source in sources):
        blocked = tuple(s.label for s in sources if permissions(s.family).adapt is False)
        return Compatibility(False, reasons=(Reason("no-derivatives", blocked, obstacle=True),))
    family = families.pop() if len(families) == 1 else ""
    version, both_ways = COMPATIBLE_WITH_BY_SA_4.get(family, ("", False))
    charted = [source for source in sources if source not in foreign]
    exact = all(source.reading.version == version for source in foreign)
    if not family or not version or not exact or not _may_leave_for_compatible(charted):
        return Compatibility(None, reasons=(Reason("not-charted", labels, obstacle=True),))
    uri = tables.other_licenses()[family].versions[version]
    options = [Option(family, uri, "recommended", (version,))]
    if both_ways:
        options.append(_option("cc-by-sa", "recommended", frozenset({("4.0", None)})))
        return Compatibility(True, tuple(options))
    moved = tuple(source.label for source in charted if source.share_alike)
    one_way = (Reason("one-way", moved),) if moved else ()
    return Compatibility(True, tuple(options), reasons=one_way)


@cache
def _charts() -> Mapping[str, Mapping[str, str]]:
    return {row["family"]: row for row in tables.rows("license_remix.csv")}
