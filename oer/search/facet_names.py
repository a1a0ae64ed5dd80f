"""What people call the values of a facet: by their codes, and by labels in any of our languages.

What only a catalogue knows (its sources, authors, organisations) has no names here.
"""

import re
from collections.abc import Iterable, Mapping

from rapidfuzz import process

from oer.metadata.languages import read_language
from oer.metadata.license_tables import LICENSE_ELEMENTS
from oer.metadata.licenses import verdict
from oer.metadata.media import MEDIA_KINDS
from oer.metadata.resource_metadata import LicenseStatement
from oer.metadata.vocabularies import concepts, fold, match_all
from oer.search.facet_values import ADULT, AGES, LONGER, MINUTES, UNCLEAR

NOT_STATED_NAME = "not-stated"
"""How ``NOT_STATED`` is written where an empty value would look forgotten."""

VOCABULARY: Mapping[str, str] = {
    "level": "level",
    "subject": "subject",
    "type": "type",
    "use": "use",
    "audience": "audience",
    "accessibility": "feature",
    "access": "access",
}
"""The vocabulary that the values of a facet are concepts of."""

CODES: Mapping[str, tuple[str, ...]] = {
    "permission": ("adapt", "commercial", "no-attribution", "share"),
    "duration": (*MINUTES, LONGER),
    "age": (*AGES, ADULT),
    "media": MEDIA_KINDS,
    "access": ("free", "not-free"),
    "license": (UNCLEAR,),
}
"""Values of our own, in the order they are shown."""

_YEAR = re.compile(r"\d{4}")
_LIKE = 60
"""From which likeness on, of 100, a name may be what was meant."""


def codes(facet: str, name: str) -> tuple[str, ...]:
    """The values of a facet that a name stands for; none where it stands for nothing we know."""
    if name.lower() in CODES.get(facet, ()):
        return (name.lower(),)
    if facet in VOCABULARY:
        return _concepts(VOCABULARY[facet], name)
    if facet == "language":
        tag = read_language(name)
        return (tag.partition("-")[0].lower(),) if tag else ()
    if facet == "license":
        return _license(name)
    return (name,) if facet == "year" and _YEAR.fullmatch(name) else ()


def near(facet: str, name: str, held: Iterable[str] = (), most: int = 5) -> list[str]:
    """Values whose code or label looks like a name, the likest first.

    Args:
        facet: The facet.
        name: As somebody wrote it.
        held: Values that the catalogue has, beside those that are known anyway.
        most: How many at most.
    """
    spelled = {fold(value): value for value in (*held, *CODES.get(facet, ()))}
    if facet == "license":
        spelled |= {fold(code): code for code in LICENSE_ELEMENTS}
    for concept in concepts(VOCABULARY[facet]) if facet in VOCABULARY else ():
        for text in (concept.code, *concept.labels.values()):
            spelled.setdefault(fold(text), concept.id)
    found = process.extract(fold(name), [*spelled], limit=4 * most, score_cutoff=_LIKE)
    return list(dict.fromkeys(spelled[text] for text, _, _ in found))[:most]


def _concepts(vocabulary: str, name: str) -> tuple[str, ...]:
    """By id or code; else by a label in any language; else by a spelling met in records."""
    wanted = fold(name)
    for called in (lambda each: (each.id, each.code), lambda each: each.labels.values()):
        found = [
            each.id
            for each in concepts(vocabulary)
            if any(fold(text) == wanted for text in called(each))
        ]
        if found:
            return tuple(found)
    return tuple(match.id for match in match_all(vocabulary, name))


def _license(name: str) -> tuple[str, ...]:
    """By address, or by its family with or without a version.

    Statements are read more kindly: "cc-by-nv" in one is a CC BY with a slip of the pen.
    """
    code = verdict((LicenseStatement(name),)).code
    spelled = "-".join(name.lower().split())
    exact = re.fullmatch(rf"{re.escape(code)}(-v?\d[\d.]*)?", spelled) is not None
    return (code,) if code and (exact or "://" in name) else ()
