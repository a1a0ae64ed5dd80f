"""Reading one statement about rights: which licence it names, or what else it says.

URIs are read first and replaced by marks in the text; then the words are read. What both name is
weighed: a URI counts before words, unless they contradict each other. Then the stricter reading
counts, without a URI, as a conflict for a person to look at.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from oer.metadata import license_tables as tables
from oer.metadata import license_uris as uris
from oer.metadata.license_kinds import (
    OF_METADATA,
    SEVERAL_VERSIONS,
    STRICTNESS,
    Reading,
    reserves,
    strictness,
)
from oer.metadata.license_labels import MARK
from oer.metadata.license_signals import without_license
from oer.metadata.license_words import Mention, Words, analyse, negated, sentence
from oer.metadata.resource_metadata import Basis

MAX_LENGTH = 8_000
"""Of a longer text the beginning and the end are read."""


@lru_cache(maxsize=16_384)
def read(text: str, uri: str | None = None) -> Reading:
    """Read one statement, and the URI that was given beside it, if any."""
    if uri and uri.strip() != text.strip():
        text = f"{text} . {uri}" if text else uri
    if not text or text.isspace():
        return Reading("none")
    text, found = _without_uris(text)
    words = analyse(text)
    claims = _claims(words, found)
    granted = [claim for claim in claims if not negated(words, claim.at)]
    of_resource = [claim for claim in granted if not _is_about_metadata(words.tokens, claim.at)]
    if of_resource:
        return _weighed(of_resource, words)
    if granted:
        return _metadata_license(granted[0])
    if claims:
        return Reading("unknown", note="denies a licence rather than granting one")
    return without_license(text, words, found)


# The text and its URIs ---------------------------------------------------------------------------

_NOTHING = dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", "")
_HYPHENS = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
_CLEAN = str.maketrans({**_NOTHING, **_HYPHENS, "\u00a0": " ", MARK: " "})
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,400}>")
_TAG_ADDRESS = re.compile(
    r"(?:href|resource|content)\s*=\s*[\"']?([^\"'\s>]{4,300})", re.IGNORECASE
)
_CODE_FRAGMENT = re.compile(r"/mir_licenses#(cc[\w.-]{1,20})")
"""The licence classification of MyCoRe repositories: ``…/mir_licenses#cc_by-nc_4.0``."""


def _without_uris(text: str) -> tuple[str, list[uris.UriReading | None]]:
    """The text with a numbered mark in place of each URI, and what each URI says."""
    if len(text) > MAX_LENGTH:
        text = f"{text[: MAX_LENGTH * 3 // 4]} . {text[-MAX_LENGTH // 4 :]}"
    if "&" in text:
        text = html.unescape(text)
    text = text.translate(_CLEAN) if not text.isascii() or MARK in text else text
    if "<" in text:
        text = _TAG.sub(_address_in_tag, text)
    found: list[uris.UriReading | None] = []
    if "/" in text or ".org" in text.lower():
        if "creativecommons" in text.lower():
            text = uris.BROKEN_URI.sub(r"\1", text)
        text = uris.URI_PATTERN.sub(lambda match: _mark(match[0], found), text)
    return text, found


def _address_in_tag(tag: re.Match[str]) -> str:
    address = _TAG_ADDRESS.search(tag[0])
    return f" {address[1]} " if address else " "


def _mark(uri: str, found: list[uris.UriReading | None]) -> str:
    found.append(uris.read_uri(uri.lower()))
    code = _CODE_FRAGMENT.search(uri)
    ending = " . " if uri.endswith((".", ";")) else " "
    return f" {MARK}{len(found) - 1}{MARK} {code[1].replace('_', '-') if code else ''}{ending}"


# What the text names -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Claim:
    """One licence that a text names, in a URI or in words; ``at`` counts tokens."""

    reading: uris.UriReading
    at: int
    basis: Basis

    @property
    def family(self) -> str | None:
        return self.reading.family


_NAMES_A_LICENSE = frozenset(
    {"license", "license-family", "public-domain-tool", "other-license", "rights-statement"}
)


def _claims(words: Words, found: Sequence[uris.UriReading | None]) -> list[_Claim]:
    claims = [_Claim(_mentioned(mention), mention.start, "mapped") for mention in words.mentions]
    if found:
        for at, token in enumerate(words.tokens):
            reading = found[int(token[1:-1])] if token[0] == MARK else None
            if reading and reading.kind in _NAMES_A_LICENSE:
                claims.append(_Claim(reading, at, "stated"))
    return sorted(claims, key=lambda claim: claim.at)


def _mentioned(mention: Mention) -> uris.UriReading:
    if mention.family.startswith("other:"):
        return uris.other_reading(mention.family.removeprefix("other:"), mention.version)
    reading = uris.cc_reading(mention.family, mention.version, mention.port)
    return (
        replace(reading, kind="conflict", uri=None, note=mention.note) if mention.note else reading
    )


def _is_about_metadata(tokens: Sequence[str], at: int) -> bool:
    """Whether the sentence around a licence is about the metadata: "Metadata are licensed …"."""
    around = sentence(tokens, at)
    return any(t.startswith(tables.stems("metadata_stems")) for t in around) and not tables.cues(
        "content"
    ).intersection(around)


def _metadata_license(claim: _Claim) -> Reading:
    read_ = claim.reading
    return Reading(
        "metadata-license",
        read_.uri,
        read_.family,
        read_.version,
        read_.port,
        claim.basis,
        OF_METADATA,
    )


# Weighing several licences -----------------------------------------------------------------------


def _weighed(claims: list[_Claim], words: Words) -> Reading:
    """One reading out of all licences that a text names for the resource."""
    creative = [claim for claim in claims if claim.family in STRICTNESS]
    reserving = [claim for claim in claims if reserves(claim.family)]
    if creative:
        claims = creative + reserving
    families = list(dict.fromkeys(claim.family for claim in claims))
    strays = _strays(words, families)
    if len(families) == 1 and not strays:
        return _agreed(claims, words)
    if families and all(strictness(family) == 0 for family in families):
        zero = [claim for claim in claims if claim.family == "cc0"] or claims[:1]
        return replace(_agreed(zero, words), note=_several(families))
    return _disagreed(claims, families, strays, words)


def _agreed(claims: list[_Claim], words: Words) -> Reading:
    """All claims name one family: the most exact one counts, a URI before words."""
    exact = _ported([claim for claim in claims if claim.reading.uri])
    stated = [claim for claim in exact if claim.basis == "stated"]
    best, basis = (stated or exact or claims)[0].reading, (stated or exact or claims)[0].basis
    versions = sorted({claim.reading.version for claim in claims if claim.reading.version})
    if len({claim.reading.uri for claim in stated or exact}) > 1:
        version = versions[0] if len(versions) == 1 else None
        return Reading("license-family", None, best.family, version, None, basis, SEVERAL_VERSIONS)
    note = best.note or _notice(words)
    if len(versions) > 1:
        note = f"words and URI name different versions: {', '.join(versions)}"
    return Reading(best.kind, best.uri, best.family, best.version, best.port, basis, note)


def _ported(claims: list[_Claim]) -> list[_Claim]:
    """Words that name a port say more than words that do not: "3.0 United States [CC BY 3.0]"."""
    versions = {claim.reading.version for claim in claims}
    in_words = all(claim.basis == "mapped" for claim in claims)
    ported = [claim for claim in claims if claim.reading.port]
    return ported if ported and in_words and len(versions) == 1 else claims


def _notice(words: Words) -> str:
    reserved = words.signals.get("in-copyright")
    if reserved and reserved[1] - reserved[0] > 1:
        return "also reserves all rights"
    return "also bears a copyright notice" if reserved or "©" in words.tokens else ""


def _disagreed(
    claims: list[_Claim], families: list[str | None], strays: frozenset[str], words: Words
) -> Reading:
    first = claims[0]
    strictest = max(claims, key=lambda claim: strictness(claim.family))
    others = [claim for claim in claims if claim.family != first.family]
    if (
        not strays
        and strictness(first.family) >= strictness(strictest.family)
        and all(_is_about_a_part(words.tokens, claim.at) for claim in others)
    ):
        same = [claim for claim in claims if claim.family == first.family]
        return replace(_agreed(same, words), note=_several(families))
    family, added = strictest.family, ", ".join(sorted(strays)).upper()
    if strays:
        family = _with_elements(family, strays)
    note = f"contradicts itself: {_listed(families)}" + (
        f"; the words add {added}" if added else ""
    )
    return Reading("conflict", None, family, None, None, strictest.basis, note)


def _strays(words: Words, families: list[str | None]) -> frozenset[str]:
    """Elements that the prose adds to the licence: "CC BY 4.0, non-commercial use only"."""
    known = [tables.LICENSE_ELEMENTS[f] for f in families if f in tables.LICENSE_ELEMENTS]
    if not known:
        return frozenset()
    strays = {
        e for e, at in words.strays.items() if e != "nc" or not _also_commercial(words.tokens, at)
    }
    return frozenset(strays.difference(*known))


def _also_commercial(tokens: Sequence[str], at: int) -> bool:
    """Whether both uses are allowed: "for commercial and non-commercial use"."""
    around = tokens[max(0, at - 5) : at + 7]
    mentions = sum(1 for t in around if t.startswith(tables.stems("commercial_stems")))
    return mentions > 1 and bool(tables.cues("and_or").intersection(around))


def _with_elements(family: str | None, strays: frozenset[str]) -> str | None:
    elements = tables.LICENSE_ELEMENTS.get(family or "", frozenset()) | strays
    if "nd" in elements:
        elements -= {"sa"}
    return tables.FAMILY_BY_ELEMENTS.get(elements, family)


def _is_about_a_part(tokens: Sequence[str], at: int) -> bool:
    return any(token.startswith(tables.stems("part_stems")) for token in sentence(tokens, at))


def _several(families: Sequence[str | None]) -> str:
    return f"names several licences: {_listed(families)}"


def _listed(families: Sequence[str | None]) -> str:
    return ", ".join(str(family) for family in families)
