"""What a statement about rights says when it names no licence: copyright, access, nothing."""

import re
from collections.abc import Sequence

from oer.metadata import license_tables as tables
from oer.metadata import license_uris as uris
from oer.metadata.license_kinds import (
    ALL_RIGHTS_RESERVED,
    OF_METADATA,
    SAYS_NONE,
    Reading,
    reserves,
)
from oer.metadata.license_labels import BREAKS, OPENERS
from oer.metadata.license_words import Words, negated
from oer.metadata.resource_metadata import Basis

IN_COPYRIGHT_URI = "http://rightsstatements.org/vocab/InC/1.0/"
_COPYRIGHT_NOTICE = re.compile(
    r"©|\([cC]\)|copyright\s*(?:\?\?|\ufffd|\(?[12]\d{3})|^\s*[cC]\s+[12]\d{3}\b|copyright by\b",
    re.IGNORECASE,
)
_BARE_ACCESS = {
    "open": "open", "closed": "closed", "restricted": "restricted", "embargoed": "embargoed",
    "avoin": "open", "oppen": "open", "offen": "open", "suljettu": "closed",
}  # fmt: skip


def without_license(text: str, words: Words, found: Sequence[uris.UriReading | None]) -> Reading:
    """Read a text in which no licence was found; ``found`` is what its URIs say."""
    known = [reading for reading in found if reading]
    for uri in known:
        if uri.kind != "unnamed-license":
            basis: Basis | None = "stated" if uri.uri else None
            return Reading(uri.kind, uri.uri, uri.family, basis=basis, note=uri.note)
    return (
        _labelled_statement(words)
        or _metadata_only(words)
        or _public_domain(words)
        or _unnamed(words, bool(known))
        or _copyright(text, words)
        or _access(words)
        or _unknown_or_none(words)
    )


def _labelled_statement(words: Words) -> Reading | None:
    signal = next((s for s in words.signals if s.startswith("rights:")), None)
    if signal is None:
        return None
    statement = tables.rights_statements()[signal.removeprefix("rights:")]
    start, end = words.signals[signal]
    if words.length - (end - start) > (0 if statement.code == "InC" else 2):
        if not reserves(statement.family):
            return Reading("unknown", note="speaks of copyright in words that are not understood")
        return Reading("in-copyright", IN_COPYRIGHT_URI, "in-copyright", basis="mapped")
    return Reading("rights-statement", statement.uri, statement.family, basis="mapped")


def _is_whole(words: Words, signal: str) -> bool:
    start, end = words.signals[signal]
    return end - start >= words.length


def _metadata_only(words: Words) -> Reading | None:
    if not any(token.startswith(tables.stems("metadata_stems")) for token in words.tokens):
        return None
    speaks = any(token.startswith(tables.stems("rights_stems")) for token in words.tokens)
    return Reading("metadata-license", note=OF_METADATA) if speaks else Reading("none")


def _public_domain(words: Words) -> Reading | None:
    if "public-domain" not in words.signals:
        return None
    if negated(words, words.signals["public-domain"][0], reach=3):
        return Reading("unknown", note="denies being in the public domain")
    note = "which public-domain tool, if any, is not stated"
    return Reading("public-domain", family="public-domain", basis="mapped", note=note)


def _unnamed(words: Words, uri_names_it: bool) -> Reading | None:
    if not (words.names_creative_commons or uri_names_it):
        return None
    return Reading("unnamed-license", note="names Creative Commons, but not which licence")


def _copyright(text: str, words: Words) -> Reading | None:
    place, notice = words.signals.get("in-copyright"), _COPYRIGHT_NOTICE.search(text)
    if place is None and not notice:
        return None
    if (
        place
        and not notice
        and tables.cues("free_of").intersection(words.tokens[max(0, place[0] - 3) : place[0]])
    ):
        return Reading("unknown", note="speaks of being free of copyright, and names no licence")
    if words.length == 1 and place and words.tokens[place[0]] == "copyright":
        return Reading("in-copyright", family="in-copyright", basis="mapped")
    note = ALL_RIGHTS_RESERVED if place and place[1] - place[0] > 1 else ""
    return Reading("in-copyright", IN_COPYRIGHT_URI, "in-copyright", basis="mapped", note=note)


def _access(words: Words) -> Reading | None:
    signal = next((s for s in words.signals if s.startswith("access-")), None)
    access = signal.removeprefix("access-") if signal and _is_whole(words, signal) else None
    if signal is None:
        content = [token for token in words.tokens if token not in BREAKS | OPENERS]
        access = _BARE_ACCESS.get(content[0]) if len(content) == 1 else None
    if signal is None and access is None:
        return None
    uri = uris.ACCESS_URIS.get(access or "")
    return Reading("access-right", uri, basis="mapped" if uri else None, note="access, not reuse")


def _unknown_or_none(words: Words) -> Reading:
    if "none" in words.signals and _is_whole(words, "none"):
        return Reading("none", note=SAYS_NONE)
    if any(token.startswith(tables.stems("rights_stems")) for token in words.tokens):
        return Reading("unknown", note="speaks of rights in words that are not understood")
    return Reading("none")
