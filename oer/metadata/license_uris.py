"""Licence URIs in every spelling met: found in a text, read, and made canonical.

A host must match as a whole: ``creativecommons.org.evil.example`` is nobody's licence. In a URI of
Creative Commons ``/fi/`` is a port of the licence and ``/deed.fi`` only the language of its page.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from oer.metadata import license_tables as tables

URI_PATTERN = re.compile(
    r"(?:https?:)?//[^\s<>\"'()\[\]{}|\\^`\x02]+"
    r"|(?<![\w.@/:-])(?:www\.)?(?:creativecommons\.org|rightsstatements\.org|opensource\.org"
    r"|spdx\.org|purl\.org|opendatacommons\.org|gnu\.org)/[^\s<>\"'()\[\]{}|\\^`\x02]+"
    r"|(?<![\w.@/:-])creativecommons\.org(?![\w./-])"
    r"|info:eu-repo/(?:semantics|date)/[\w/-]+",
    re.IGNORECASE,
)
"""Anything that could be a URI we know."""

BROKEN_URI = re.compile(
    r"(creativecommons\.org/\S{0,40}[/-])\s+(?=(?:nc|nd|sa)\b|\d\.\d|licen[sc]es?/|publicdomain/)",
    re.IGNORECASE,
)
"""A Creative Commons URI that a line break cut after ``/`` or ``-``."""

COAR = "http://purl.org/coar/access_right/"
ACCESS_URIS = {
    "open": COAR + "c_abf2",
    "restricted": COAR + "c_16ec",
    "closed": COAR + "c_14cb",
    "embargoed": COAR + "c_f1cf",
}
"""Access by the Confederation of Open Access Repositories; ``closed`` is its *metadata only*."""

_CODE = re.compile(r"^(by(?:-(?:nc|nd|sa))*|nc(?:-sa)?|nd(?:-nc)?|sa)(?:-?v?([1-4]\.\d))?$")
_VERSION = re.compile(r"^v?(\d(?:\.\d)?)\.?$")
_PORT = re.compile(r"^[a-z]{2}$|^igo$|^scotland$")
_SPDX_CC = re.compile(r"^cc-(by(?:-(?:nc|nd|sa))*)-(\d\.\d)(?:-([a-z]{2,3}))?$")


@dataclass(frozen=True)
class UriReading:
    """What a URI says; the fields are those of ``license_reading.Reading``."""

    kind: str
    uri: str | None = None
    family: str | None = None
    version: str | None = None
    port: str | None = None
    note: str = ""


def read_uri(uri: str) -> UriReading | None:
    """Read one URI in lower case; None where it says nothing about rights."""
    uri = uri.rstrip(".,;:!?*'’”»…\ufffd")
    if uri.startswith("info:eu-repo/"):
        return _eu_repo(uri.split("/")[1:])
    host, path = _split(uri)
    reader = _READERS.get(host)
    reading = reader([part for part in path.split("/") if part]) if reader else None
    return reading or _by_address(host, path)


def _by_address(host: str, path: str) -> UriReading | None:
    """The licences that are known by the one address in their table."""
    known = _addresses().get(f"{host}/{path}".rstrip("/"))
    return other_reading(*known) if known else None


@cache
def _addresses() -> Mapping[str, tuple[str, str | None]]:
    found: dict[str, tuple[str, str | None]] = {}
    for other in tables.other_licenses().values():
        for version, uri in other.versions.items():
            host, path = _split(uri.lower())
            found[f"{host}/{path}".rstrip("/")] = (other.family, version or None)
    return found


def _split(uri: str) -> tuple[str, str]:
    rest = uri.partition("//")[2] if "//" in uri[:8] else uri
    rest = rest.partition("#")[0].partition("?")[0]
    host, _, path = rest.partition("/")
    host = re.sub(r":(?:80|443)$", "", host).removeprefix("www.").rstrip(".")
    return host, unquote(path) if "%" in path else path


def _creative_commons(parts: list[str]) -> UriReading | None:
    if not parts or parts == ["licenses"] or parts == ["licences"]:
        return UriReading("unnamed-license", note="names Creative Commons but no licence")
    room, rest = parts[0], [part.replace("_", "-") for part in parts[1:]]
    if room in ("public-domain", "public_domain") or (room == "publicdomain" and not rest):
        return UriReading("public-domain")
    if room == "publicdomain":
        return _cc_tool(rest[0])
    if room in ("licenses", "licences", "license", "licence", "l", "p"):
        return _cc_license(rest) if rest else None
    return None


def _cc_tool(code: str) -> UriReading | None:
    family = {"zero": "cc0", "cc0": "cc0", "mark": "pdm", "pdm": "pdm"}.get(code)
    return _tool(family) if family else UriReading("public-domain")


def _tool(family: str) -> UriReading:
    version = "1.0" if family in ("cc0", "pdm") else None
    return UriReading("public-domain-tool", tables.cc_uri(family, version), family, version)


def _cc_license(parts: list[str]) -> UriReading | None:
    code = parts[0]
    if code in ("zero", "cc0", "cc-zero", "mark", "pdm", "publicdomain"):
        return _tool(
            {"publicdomain": "cc-pddc"}.get(code) or ("pdm" if code in ("mark", "pdm") else "cc0")
        )
    match = _CODE.match(code.removeprefix("cc-"))
    spelling = match[1] if match else code
    family = tables.cc_family(spelling)
    if family is None or (
        not match and code not in ("sampling", "sampling+", "nc-sampling+", "devnations")
    ):
        return UriReading(
            "unknown", note="looks like a Creative Commons URI, but names no licence of theirs"
        )
    version = match[2] if match and match[2] else None
    rest = parts[1:]
    if version is None and rest and (found := _VERSION.match(rest[0])):
        version, rest = _full_version(found[1]), rest[1:]
    port = rest[0] if version and rest and _PORT.match(rest[0]) else None
    return cc_reading(family, version, port, spelling)


def cc_reading(
    family: str, version: str | None, port: str | None, spelling: str | None = None
) -> UriReading:
    """A Creative Commons licence of which family, and perhaps version and port, were stated."""
    if family in tables.CC_TOOLS.values():
        return _tool(family)
    note = ""
    if version == "4.0" and port:
        port, note = None, f"version 4.0 has no ports; {port!r} left out"
    if version is None:
        return UriReading("license-family", None, family)
    uri = tables.cc_uri(family, version, port, spelling)
    if uri is None:
        where = f" for {port!r}" if port else ""
        known = any(v == version for _, v in tables.cc_ports())
        return UriReading(
            "license-family",
            None,
            family,
            version if known else None,
            port if port in tables.port_names() else None,
            note=f"there is no {family} {version}{where}",
        )
    return UriReading("license", uri, family, version, port, note)


def _full_version(digits: str) -> str:
    return digits if "." in digits else f"{digits}.0"


def _rights_statements(parts: list[str]) -> UriReading | None:
    if len(parts) < 2 or parts[0] not in ("vocab", "page"):
        return None
    statement = tables.rights_statements().get(parts[1])
    if statement is None:
        return None
    return UriReading("rights-statement", statement.uri, statement.family)


def _open_source(parts: list[str]) -> UriReading | None:
    if len(parts) < 2 or parts[0] not in ("license", "licenses"):
        return None
    return read_spdx(parts[1].removesuffix(".php"))


def _spdx(parts: list[str]) -> UriReading | None:
    if len(parts) < 2 or parts[0] != "licenses":
        return None
    return read_spdx(re.sub(r"\.(?:html|json|txt|rdf|jsonld)$", "", parts[1]))


def read_spdx(identifier: str) -> UriReading | None:
    """Read an SPDX identifier in lower case (``cc-by-nc-nd-3.0-de``, ``gpl-3.0-or-later``)."""
    if identifier in ("cc0-1.0", "cc-pdm-1.0", "cc-pddc"):
        return _tool({"cc0-1.0": "cc0", "cc-pdm-1.0": "pdm"}.get(identifier, "cc-pddc"))
    if match := _SPDX_CC.match(identifier):
        family = tables.cc_family(match[1])
        return cc_reading(family, match[2], match[3]) if family else None
    base = re.sub(r"(?:-only|-or-later|\+)$", "", identifier)
    stem, version = base, ""
    if match := re.match(r"^(.+?)-v?(\d+(?:[.-]\d+)*(?:-clause)?)$", base):
        stem, version = match[1], match[2]
    stem = _SPDX_STEMS.get(stem, stem)
    return other_reading(stem, version or None) if stem in tables.other_licenses() else None


_SPDX_STEMS = {"lal": "fal", "etalab": "etalab", "fdl": "gfdl", "ogl": "ogl-uk"}


def other_reading(family: str, version: str | None) -> UriReading:
    """A licence that is not Creative Commons', with the version that was stated, if any."""
    license_ = tables.other_licenses()[family]
    if version and version not in license_.versions and f"{version}.0" in license_.versions:
        version = f"{version}.0"
    uri = license_.versions.get(version or "")
    if uri is None and set(license_.versions) == {""}:
        uri = license_.versions[""]
    return UriReading("other-license", uri, family, version)


def _open_data_commons(parts: list[str]) -> UriReading | None:
    if len(parts) < 2 or parts[0] != "licenses":
        return None
    family = {"by": "odc-by", "odbl": "odbl", "pddl": "pddl"}.get(parts[1])
    if family is None:
        return None
    version = next((p.replace("-", ".") for p in parts[2:] if re.match(r"^\d[-.]\d$", p)), None)
    return other_reading(family, version)


def _gnu(parts: list[str]) -> UriReading | None:
    if len(parts) < 2 or parts[0] not in ("licenses", "copyleft"):
        return None
    match = re.match(r"^(agpl|lgpl|gpl|fdl)(?:-(\d\.\d))?", parts[-1])
    if match is None:
        return None
    return other_reading("gfdl" if match[1] == "fdl" else match[1], match[2])


def _apache(parts: list[str]) -> UriReading | None:
    if not parts or parts[0] != "licenses":
        return None
    match = re.match(r"^license-(\d\.\d)", parts[-1])
    return other_reading("apache", match[1] if match else None)


def _mozilla(parts: list[str]) -> UriReading | None:
    if len(parts) < 1 or "mpl" not in parts:
        return None
    return other_reading("mpl", next((p for p in parts if re.match(r"^\d\.\d$", p)), None))


def _national_archives(parts: list[str]) -> UriReading | None:
    if "open-government-licence" not in parts:
        return None
    return other_reading("ogl-uk", next((p for p in parts if re.match(r"^\d(\.\d)?$", p)), None))


def _govdata(parts: list[str]) -> UriReading | None:
    match = re.match(r"^(by|zero)-(\d)-(\d)$", parts[-1]) if parts else None
    return other_reading(f"dl-de-{match[1]}", f"{match[2]}.{match[3]}") if match else None


def _purl(parts: list[str]) -> UriReading | None:
    if parts[:2] == ["coar", "access_right"] and len(parts) > 2:
        uri = COAR + parts[2]
        return UriReading("access-right", uri if uri in ACCESS_URIS.values() else None)
    if parts[:2] == ["eprint", "accessrights"] and len(parts) > 2:
        return UriReading("access-right", ACCESS_URIS.get(parts[2].removesuffix("access")))
    if parts[:2] == ["net", "rdflicense"] and len(parts) > 2:
        match = _CODE.match(parts[2].removeprefix("cc-"))
        family = tables.cc_family(match[1]) if match else None
        return cc_reading(family, match[2], None) if match and family else None
    return None


def _eu_repo(parts: list[str]) -> UriReading | None:
    if parts[:2] == ["date", "embargoend"]:
        return UriReading("access-right", note="embargoed until a date")
    access = parts[1].removesuffix("access") if parts[0] == "semantics" else ""
    return UriReading("access-right", ACCESS_URIS[access]) if access in ACCESS_URIS else None


_READERS = {
    "creativecommons.org": _creative_commons,
    "i.creativecommons.org": _creative_commons,
    "licensebuttons.net": _creative_commons,
    "rightsstatements.org": _rights_statements,
    "opensource.org": _open_source,
    "spdx.org": _spdx,
    "opendatacommons.org": _open_data_commons,
    "gnu.org": _gnu,
    "apache.org": _apache,
    "mozilla.org": _mozilla,
    "nationalarchives.gov.uk": _national_archives,
    "govdata.de": _govdata,
    "purl.org": _purl,
}
