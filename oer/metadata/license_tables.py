"""The tables of licences in ``data/license*.csv``, read once and kept.

A librarian can correct a table without knowing this code; the tests of this module hold what a
correction must not break. Lines that start with ``#`` are comments.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

UNPORTED = "-"
"""How ``license_cc.csv`` writes the licence without a jurisdiction."""

CC_TOOLS = {"zero": "cc0", "mark": "pdm", "publicdomain": "cc-pddc"}
"""Public-domain tools by their code in the URI."""

LICENSE_ELEMENTS = {
    "cc-by": frozenset({"by"}),
    "cc-by-sa": frozenset({"by", "sa"}),
    "cc-by-nc": frozenset({"by", "nc"}),
    "cc-by-nc-sa": frozenset({"by", "nc", "sa"}),
    "cc-by-nd": frozenset({"by", "nd"}),
    "cc-by-nc-nd": frozenset({"by", "nc", "nd"}),
    "cc-nc": frozenset({"nc"}),
    "cc-nd": frozenset({"nd"}),
    "cc-sa": frozenset({"sa"}),
    "cc-nc-sa": frozenset({"nc", "sa"}),
    "cc-nd-nc": frozenset({"nc", "nd"}),
}
"""What each Creative Commons family is made of; the last five were retired in 2004."""

FAMILY_BY_ELEMENTS = {elements: family for family, elements in LICENSE_ELEMENTS.items()}


@dataclass(frozen=True)
class OtherLicense:
    """A licence that is not Creative Commons': MIT, GNU GPL, ODbL and such.

    ``versions`` maps a version to its canonical URI; the empty version is the licence as such.
    """

    family: str
    name: str
    versions: Mapping[str, str]
    share: bool | None
    adapt: bool | None
    commercial: bool | None
    attribution: bool | None
    share_alike: bool | None
    open_definition: bool | None
    labels: tuple[str, ...]


@dataclass(frozen=True)
class RightsStatement:
    """One of the twelve statements of RightsStatements.org. It is not a licence."""

    code: str
    family: str
    share: bool | None
    adapt: bool | None
    commercial: bool | None
    labels: Mapping[str, str]

    @property
    def uri(self) -> str:
        """The statement's identifier: ``http``, as RightsStatements.org defines it."""
        return f"http://rightsstatements.org/vocab/{self.code}/1.0/"


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table in ``data/``, without its comments."""
    text = files("oer.metadata").joinpath("data", name).read_text(encoding="utf-8")
    return csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))


@cache
def cues(name: str) -> frozenset[str]:
    """A set of words from ``license_cues.json``."""
    return frozenset(_cues()[name])


@cache
def stems(name: str) -> tuple[str, ...]:
    """Beginnings of words from ``license_cues.json``, for ``str.startswith``."""
    return tuple(_cues()[name])


@cache
def _cues() -> Mapping[str, list[str]]:
    text = files("oer.metadata").joinpath("data", "license_cues.json").read_text(encoding="utf-8")
    loaded: dict[str, list[str]] = json.loads(text)
    return loaded


@cache
def cc_ports() -> Mapping[tuple[str, str], frozenset[str]]:
    """``(code, version)`` as the URI spells them, to the ports that exist (``-``: unported)."""
    return {
        (row["code"], row["version"]): frozenset(row["ports"].split())
        for row in rows("license_cc.csv")
    }


@cache
def port_names() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Port code to its names by language; ``other`` holds own-language and further names."""
    return {
        row["port"]: {
            language: tuple(name for name in row[language].split(";") if name)
            for language in ("en", "fi", "sv", "other")
        }
        for row in rows("license_ports.csv")
    }


def cc_family(code: str) -> str | None:
    """``by-nd-nc`` → ``cc-by-nc-nd``; None for a code that Creative Commons never used."""
    if code in CC_TOOLS:
        return CC_TOOLS[code]
    if code.endswith("+"):
        return f"cc-{code[:-1]}-plus"
    if code in ("sampling", "devnations"):
        return f"cc-{code}"
    elements = code.split("-")
    family = FAMILY_BY_ELEMENTS.get(frozenset(elements))
    return family if family and len(set(elements)) == len(elements) else None


@cache
def cc_codes() -> Mapping[str, tuple[str, ...]]:
    """Family to the codes its URIs use: ``cc-by-nc-nd`` is ``by-nc-nd``, ``by-nd-nc`` in 1.0."""
    codes: dict[str, list[str]] = {}
    for code, _ in cc_ports():
        family = cc_family(code)
        if family and code not in codes.setdefault(family, []):
            codes[family].append(code)
    return {family: tuple(sorted(found)) for family, found in codes.items()}


def cc_uri(
    family: str, version: str | None, port: str | None = None, code: str | None = None
) -> str | None:
    """The canonical URI, or None where Creative Commons published no such licence.

    ``code`` is the spelling a URI used: Japan has a ``by-nd-nc/2.0`` and a ``by-nc-nd/2.0``.
    """
    codes = cc_codes().get(family, ())
    preferred = (code, *codes) if code in codes else codes
    for candidate in preferred:
        assert candidate is not None
        if (port or UNPORTED) in cc_ports().get((candidate, version or ""), ()):
            room = "publicdomain" if candidate in ("zero", "mark") else "licenses"
            path = "/".join(part for part in (candidate, version, port) if part)
            return f"https://creativecommons.org/{room}/{path}/"
    return None


@cache
def other_licenses() -> Mapping[str, OtherLicense]:
    """Licences that are not Creative Commons', by family."""
    return {row["family"]: _other_license(row) for row in rows("license_other.csv")}


@cache
def rights_statements() -> Mapping[str, RightsStatement]:
    """The statements of RightsStatements.org, by their code in lower case."""
    return {
        row["code"].lower(): RightsStatement(
            code=row["code"],
            family=row["family"],
            share=flag(row["share"]),
            adapt=flag(row["adapt"]),
            commercial=flag(row["commercial"]),
            labels={language: row[language] for language in ("en", "fi", "sv")},
        )
        for row in rows("license_rightsstatements.csv")
    }


def flag(cell: str) -> bool | None:
    """``yes``, ``no`` or empty for unknown."""
    return {"yes": True, "no": False, "": None}[cell]


def _other_license(row: Mapping[str, str]) -> OtherLicense:
    versions = dict(pair.split("=", 1) for pair in row["versions"].split())
    return OtherLicense(
        family=row["family"],
        name=row["name"],
        versions={"" if v == UNPORTED else v: uri for v, uri in versions.items()},
        share=flag(row["share"]),
        adapt=flag(row["adapt"]),
        commercial=flag(row["commercial"]),
        attribution=flag(row["attribution"]),
        share_alike=flag(row["share_alike"]),
        open_definition=flag(row["open_definition"]),
        labels=tuple(row["labels"].split(";")),
    )
