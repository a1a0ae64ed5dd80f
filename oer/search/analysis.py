"""All linguistics of the search: from a text to tokens, one list per layer.

Engines index ready tokens and know no language. The layers:

``exact``
    The word itself: NFKC, casefolded, without case endings after a colon or apostrophe
    (``DNA:n`` is ``dna``), accents folded away. å, ä, ö (and ø, æ, đ …) are letters of their own
    in the languages that use them and stay: *säde* (ray) is not *sade* (rain).
``stem``
    What Snowball leaves of the word in the text's language. A text that names no language gets
    its Finnish, Swedish and English stems together.
``folded``
    The stem with å, ä, ö folded to a, a, o, only where that makes a difference: someone without
    a Finnish keyboard finds *kestävä kehitys* as *kestava kehitys*, ranked low.

A newcomer would get two things wrong. Snowball fails on Finnish consonant gradation (*vesi*,
*vettä*); the ``stem`` layer is the place where lemmas and parts of compounds will go instead, so
callers must treat layer names as data (:data:`LAYERS`). And accents are folded only after
stemming, because the stemmers need them.
"""

import re
import threading
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

LAYERS = ("exact", "stem", "folded")
"""The layers of :func:`analyse`, strongest evidence first."""

UNKNOWN = ("fi", "sv", "en")
"""The languages whose stems a text of unknown language gets, and every query."""

LONGEST = 64
"""Characters of a word that are looked at; longer runs are not words."""

_SNOWBALL = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
# Older PyStemmer releases know fewer languages; those they lack are indexed as they are written.
_STEMMED = {tag: name for tag, name in _SNOWBALL.items() if name in set(Stemmer.algorithms())}

_NO_LANGUAGE = frozenset({"", "und", "mul", "mis", "zxx"})

# Vowel signs and accents continue a word though ``\w`` leaves them out; so do soft hyphens and
# joiners, which are dropped afterwards.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0730-\u074a"
    "\u0900-\u0963\u0966-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ecd\u0f18-\u0f39"
    "\u0f71-\u0fbc\u102b-\u109d\u17b4-\u17d3"
)
_JOINERS = "\u00ad\u200b\u200c\u200d\u2060"
# After a colon Finnish and Swedish inflect abbreviations and numbers; after an apostrophe English
# and Finnish do. The endings are closed lists, so that ``foo:bar`` stays two words.
_ENDINGS = (
    "een|iin|hin|den|ien|ksi|lle|lla|llä|lta|ltä|ssa|ssä|sta|stä|tta|ttä|"
    "na|nä|ta|tä|ja|jä|an|än|en|in|on|un|yn|ön|a|ä|n|s|t"
)
_ENDING = re.compile(rf"[:'’](?:{_ENDINGS})$", re.I)
_WORD = re.compile(
    rf"[^\W_]+(?:[{_MARKS}{_JOINERS}]+[^\W_]*)*(?:\+\+|\#)?"
    rf"(?:[:'’](?:{_ENDINGS})(?![^\W_]))?",
    re.I,
)
# Chinese and Japanese put no spaces between words: each character is a token.
_IDEOGRAPH = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_IDEOGRAPHS = re.compile(rf"[{_IDEOGRAPH}]|[^{_IDEOGRAPH}]+")
_FIRST_IDEOGRAPH = "\u3040"

_LETTERS = frozenset("åäöøæœđðþŋŧłħı")
_FOLD = str.maketrans(
    {"å": "a", "ä": "a", "ö": "o", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d"}
    | {"þ": "th", "ŋ": "n", "ŧ": "t", "ł": "l", "ħ": "h", "ı": "i"}
)
_DROP_JOINERS = dict.fromkeys(map(ord, _JOINERS))
_ACCENTS = dict.fromkeys(
    [*range(0x300, 0x370), *range(0x591, 0x5C8), *range(0x64B, 0x660), 0x670, *range(0x610, 0x61B)]
)
# Finnish and Swedish both end the alphabet with å, ä, ö.
_ALPHABET = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"})


class Forms(NamedTuple):
    """The tokens of one word."""

    exact: str
    stem: tuple[str, ...]
    folded: tuple[str, ...]


class Span(NamedTuple):
    """A word as it stands in a text."""

    start: int
    end: int
    word: str


def analyse(text: str, language: str | None) -> dict[str, list[str]]:
    """The tokens of ``text`` by layer; ``exact`` in the order of the text, one per word."""
    languages = stemming(language)
    found = [form for word in words(text) if (form := forms(word, languages)).exact]
    return {
        "exact": [form.exact for form in found],
        "stem": [stem for form in found for stem in form.stem],
        "folded": [token for form in found for token in form.folded],
    }


def words(text: str) -> list[str]:
    """The words of ``text`` as they are written, in order."""
    found = _WORD.findall(text)
    if text.isascii():
        return found
    return [
        part
        for word in found
        for part in (_IDEOGRAPHS.findall(word) if max(word) >= _FIRST_IDEOGRAPH else (word,))
    ]


def spans(text: str) -> Iterator[Span]:
    """The words of ``text`` and where they stand."""
    for match in _WORD.finditer(text):
        word, start = match.group(), match.start()
        if max(word) < _FIRST_IDEOGRAPH:
            yield Span(start, match.end(), word)
            continue
        for part in _IDEOGRAPHS.finditer(word):
            yield Span(start + part.start(), start + part.end(), part.group())


@lru_cache(maxsize=256)
def stemming(language: str | None) -> tuple[str, ...]:
    """The languages whose stemmers a text of ``language`` (a BCP 47 tag or None) needs."""
    primary = (language or "").partition("-")[0].lower()
    if primary in _NO_LANGUAGE:
        return UNKNOWN
    return (primary,) if primary in _STEMMED else ()


@lru_cache(maxsize=1 << 16)
def forms(word: str, languages: tuple[str, ...]) -> Forms:
    """The tokens of one written word."""
    plain = _plain(word)
    stems = tuple(dict.fromkeys(stem(plain) or plain for stem in _stemmers(languages)))
    if plain.isascii():
        return Forms(plain, stems, ())
    exact = _unaccented(plain)
    stems = tuple(dict.fromkeys(map(_unaccented, stems)))
    folds = dict.fromkeys(fold(token) for token in stems or (exact,) if not token.isascii())
    return Forms(exact, stems, tuple(token for token in folds if token not in (*stems, exact)))


def fold(token: str) -> str:
    """The token with å, ä, ö and their like as plain letters."""
    return token.translate(_FOLD)


def sort_key(title: str) -> str:
    """What titles are sorted by: words only, å ä ö at the end; empty titles come last."""
    folded = _unaccented(" ".join(words(title[:200])).casefold()).translate(_ALPHABET)
    return folded[:80] or "\uffff"


def _plain(word: str) -> str:
    """Casefolded and composed, without joiners and case endings."""
    plain = word[:LONGEST]
    if not plain.isalnum():
        plain = _ENDING.sub("", plain).translate(_DROP_JOINERS)
        # C++ and C# are names; Notepad++ is found as notepad.
        name = plain.rstrip("+#")
        plain = name if len(name) > 1 else plain
    if plain.isascii():
        return plain.lower()
    plain = unicodedata.normalize("NFKC", plain).casefold()
    return "".join(unicodedata.normalize("NFKC", plain).split())[:LONGEST]


class _Unaccented(dict[int, str]):
    """A ``str.translate`` table that works itself out, a character at a time."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        plain = letter
        if letter not in _LETTERS:
            plain = unicodedata.normalize("NFD", letter).translate(_ACCENTS)
        self[code] = plain
        return plain


_UNACCENTED = _Unaccented()


def _unaccented(token: str) -> str:
    if token.isascii():
        return token
    return unicodedata.normalize("NFC", token).translate(_UNACCENTED)


class _PerThread(threading.local):
    """A stemmer must not be shared by threads, so each thread has its own."""

    def __init__(self) -> None:
        self.stemmers: dict[tuple[str, ...], list[Callable[[str], str]]] = {}


_per_thread = _PerThread()


def _stemmers(languages: tuple[str, ...]) -> list[Callable[[str], str]]:
    """Snowball's functions for these languages."""
    known = _per_thread.stemmers
    if languages not in known:
        # No cache of their own: forms() has one.
        known[languages] = [
            Stemmer.Stemmer(_STEMMED[language], 0).stemWord for language in languages
        ]
    return known[languages]
