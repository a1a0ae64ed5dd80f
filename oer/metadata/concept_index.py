"""Finding the concepts of loaded vocabularies by URI or by label, in little memory.

One index holds one vocabulary: every URI once, and every folded label with the URI it leads to (the
27 760 concepts of YSO in three languages take some 15 MB). A label that two concepts of the
vocabulary share leads to neither: homonyms are not ours to tell apart.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from oer.metadata.vocabularies import LONGEST_RAW, Match, fold

_AMBIGUOUS = ""
_BEGINNINGS = ("http://", "https://", "http://www.", "https://www.")


class Entry(NamedTuple):
    """A label as it is looked for: ``fold(label)``, its language or None, and its concept."""

    folded: str
    language: str | None
    uri: str


class ConceptIndex:
    """One vocabulary, to be asked for its concepts."""

    def __init__(self, name: str, uris: Iterable[str], entries: Iterable[Entry]) -> None:
        self.name = name
        self._key = fold(name)
        self._uris = frozenset(uris)
        self._labels: dict[str, dict[str, str]] = {}
        for folded, language, uri in entries:
            known = self._labels.setdefault(_primary(language), {})
            if known.setdefault(folded, uri) != uri:
                known[folded] = _AMBIGUOUS

    def __len__(self) -> int:
        return len(self._uris)

    def is_called(self, scheme: str) -> bool:
        """Whether a record that names this scheme means this vocabulary."""
        return fold(scheme) == self._key

    def by_uri(self, stated: str) -> str | None:
        """The concept's URI as the vocabulary writes it.

        ``http`` or ``https``, with or without ``www``, makes no difference: aoe.fi writes
        ``https://www.yso.fi/…`` for concepts whose names begin with ``http://``.
        """
        if stated in self._uris:
            return stated
        rest = _rest(stated)
        spellings = (beginning + rest for beginning in _BEGINNINGS) if rest else ()
        return next((uri for uri in spellings if uri in self._uris), None)

    def by_label(self, folded: str, language: str | None) -> str | None:
        """The URI a label leads to, ``""`` where it leads to several, None where to none.

        A label without a language is looked for in every one.
        """
        if language is not None:
            return self._labels.get(_primary(language), {}).get(folded)
        found = None
        for known in self._labels.values():
            uri = known.get(folded)
            if uri is None or uri == found:
                continue
            if found is not None:
                return _AMBIGUOUS
            found = uri
        return found


def find(
    indexes: Sequence[ConceptIndex],
    raw: str,
    raw_scheme: str | None = None,
    raw_id: str | None = None,
    language: str | None = None,
) -> Match | None:
    """The concept a term names, None where no vocabulary knows it or one knows several.

    An identifier beats the label: a term whose identifier no vocabulary knows is some other
    vocabulary's, whatever its label is. The first vocabulary that knows the label decides, so
    that a second one with the same words takes nothing away; a scheme the record names and that
    is loaded is asked alone.
    """
    stated = raw_id or (raw if _rest(raw) else None)
    if stated:
        return _by_uri(indexes, stated.strip().strip("<>"))
    if not raw or len(raw) > LONGEST_RAW:
        return None
    asked = [each for each in indexes if each.is_called(raw_scheme)] if raw_scheme else []
    folded = fold(raw)
    for index in asked or indexes:
        uri = index.by_label(folded, language)
        if uri is not None:
            return Match(uri, "mapped", f"label in {index.name}") if uri else None
    return None


def _by_uri(indexes: Sequence[ConceptIndex], stated: str) -> Match | None:
    for index in indexes:
        if uri := index.by_uri(stated):
            return Match(uri, "stated", f"uri of {index.name}")
    return None


def _rest(uri: str) -> str | None:
    """An address without its beginning, None where it is no address."""
    scheme, separator, rest = uri.partition("://")
    if not separator or scheme.lower() not in ("http", "https"):
        return None
    return rest.removeprefix("www.")


def _primary(language: str | None) -> str:
    return language.partition("-")[0].lower() if language else ""
