"""Finnish by Voikko, where it is installed: every reading of a word, and the parts of compounds.

Needs the Python package ``libvoikko``, the shared library and its dictionary (on Debian
``libvoikko1`` and ``voikko-fi``). Where one of them is missing nothing is: the dictionary of
:mod:`oer.search.lexicon` is used instead.
"""

import re
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple

_PIECE = re.compile(r"\+([^+()]*)(?:\(([^()]*)\))?")


class Reading(NamedTuple):
    """What a word may be a form of. ``parts`` is empty unless that is a compound.

    A part that Voikko gives in an inflected or derived form is in ``inflected`` as it stands.
    """

    lemma: str
    parts: tuple[str, ...] = ()
    inflected: tuple[str, ...] = ()


class Voikko:
    """Voikko's analyser. One at a time may use it, so there is a lock."""

    def __init__(self, analyser: Any) -> None:
        self._analyser = analyser
        self._lock = Lock()

    def readings(self, word: str) -> tuple[Reading, ...]:
        """Every reading of a word in lower case; none for words it does not know."""
        with self._lock:
            found = self._analyser.analyze(word) or self._analyser.analyze(word.capitalize())
        return tuple(dict.fromkeys(read(analysis) for analysis in found))


@lru_cache(maxsize=1)
def voikko() -> Voikko | None:
    """Voikko's Finnish; None where it or a part of it is not installed."""
    try:
        from libvoikko import Voikko as Library
        from libvoikko import VoikkoException
    except (ImportError, OSError):
        return None
    try:
        return Voikko(Library("fi"))
    except (OSError, VoikkoException):
        return None


def read(analysis: dict[str, str]) -> Reading:
    """Read one analysis: ``BASEFORM`` and ``WORDBASES`` (``+biologian(biologia)+kirja(kirja)``).

    A piece whose base is an ending (``+opetta(opettaa)+ja(+ja)`` is *opettaja*) makes a new word of
    the piece before it, and so does one without a base, unless it comes first (``+yhteis``).
    """
    lemma = _letters(analysis["BASEFORM"])
    words: list[tuple[str, str | None]] = []
    for form, base in _PIECE.findall(analysis.get("WORDBASES", "")):
        if words and (base.startswith("+") or not base):
            words[-1] = (words[-1][0] + form, None)
        else:
            words.append((form, base or None))
    if len(words) < 2:
        return Reading(lemma)
    # The pieces are those of the base form, so the last word stands there as a lemma.
    parts = [base for _, base in words[:-1] if base] + [words[-1][0]]
    inflected = [form for form, base in words[:-1] if not base]
    return Reading(lemma, tuple(map(_letters, parts)), tuple(map(_letters, inflected)))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
