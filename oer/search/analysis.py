"""All linguistics of the search: from a text to tokens, one list per layer.

Engines index ready tokens and know no language. The layers:

``exact``
    The word itself: NFKC, casefolded, without case endings after a colon or apostrophe
    (``DNA:n`` is ``dna``), accents folded away. å, ä, ö (and ø, æ, đ …) are letters of their own
    in the languages that use them and stay: *säde* (ray) is not *sade* (rain).
``lemma``
    What the word is a form of (:mod:`oer.search.lemmas`), in every reading: *vettä* is *vesi*.
    Words that no dictionary has, and words of other languages, get what Snowball leaves of them
    (Swedish and English lemmas are stemmed besides: *programmera* finds *programmering*).
    A text that names no language gets Finnish, Swedish and English tokens together. Words in
    another script get those of its likeliest language (:mod:`oer.search.scripts`).
``folded``
    Those with å, ä, ö folded to a, a, o, only where that makes a difference: someone without
    a Finnish keyboard finds *kestävä kehitys* as *kestava kehitys*, ranked low.
``part``
    The parts of compounds: *maailmansota* is found by *sota* too, ranked lowest.

Names are found whole: nobody who looks for *virta* (stream) means an author Virtanen. See
:data:`PERSON` and :data:`ORGANISATION`.

A newcomer would get two things wrong. Lemmas are looked up before accents are folded, because
dictionaries and stemmers need them. And each language is asked on its own, also where the text
names none: a query is analysed in all three, so what it is looked for as must not depend on what
the others know.
"""

import re
import threading
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from oer.search.lemmas import is_known, lemmas
from oer.search.lexicon import LANGUAGES
from oer.search.scripts import languages_of

LAYERS = ("exact", "lemma", "folded", "part")
"""The layers of :func:`analyse`, strongest evidence first."""

UNKNOWN = LANGUAGES
"""The languages whose lemmas a text of unknown language gets, and every query."""

PERSON = "x-person"
"""The language of a person's name: a private tag, as BCP 47 has them. Its words have no parts and
no lemmas but themselves; those that no dictionary has get stems, so that inflected ones meet."""

ORGANISATION = "x-organisation"
"""The language of an organisation's name: words have lemmas (*kirjastot*), but no parts."""

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
_MAY_BE_IDEOGRAPHIC = re.compile(rf"[{_FIRST_IDEOGRAPH}-\U0010ffff]")

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
    """The tokens of one word: a field for each layer, and what Snowball leaves of it."""

    exact: str
    lemma: tuple[str, ...]
    folded: tuple[str, ...]
    part: tuple[str, ...]
    stems: tuple[str, ...]


class Span(NamedTuple):
    """A word as it stands in a text."""

    start: int
    end: int
    word: str


def analyse(text: str, language: str | None) -> dict[str, list[str]]:
    """The tokens of ``text`` by layer; ``exact`` in the order of the text, one per word."""
    found = [form for word in words(text) if (form := _forms_in(word, language)).exact]
    return {
        "exact": [form.exact for form in found],
        "lemma": [token for form in found for token in form.lemma],
        "folded": [token for form in found for token in form.folded],
        "part": [token for form in found for token in form.part],
    }


def _forms_in(word: str, language: str | None) -> Forms:
    if language == PERSON:
        return _forms_of_name(word)
    if language == ORGANISATION:
        return forms(word, UNKNOWN)._replace(part=())
    return forms(word, stemming(language))


def words(text: str) -> list[str]:
    """The words of ``text`` as they are written, in order."""
    found = _WORD.findall(text)
    if not _MAY_BE_IDEOGRAPHIC.search(text):
        return found
    return [
        part
        for word in found
        for part in (_IDEOGRAPHS.findall(word) if max(word) >= _FIRST_IDEOGRAPH else (word,))
    ]


def spans(text: str, wanted: Callable[[str], bool] = bool) -> Iterator[Span]:
    """Where the words of ``text`` stand; only the ``wanted`` ones where that is given."""
    none_ideographic = not _MAY_BE_IDEOGRAPHIC.search(text)
    for match in _WORD.finditer(text):
        word = match.group()
        if none_ideographic or max(word) < _FIRST_IDEOGRAPH:
            if wanted(word):
                yield Span(match.start(), match.end(), word)
            continue
        start = match.start()
        for part in _IDEOGRAPHS.finditer(word):
            if wanted(part.group()):
                yield Span(start + part.start(), start + part.end(), part.group())


@lru_cache(maxsize=256)
def stemming(language: str | None) -> tuple[str, ...]:
    """The languages in which a text of ``language`` (a BCP 47 tag or None) is analysed."""
    primary = (language or "").partition("-")[0].lower()
    if primary in _NO_LANGUAGE:
        return UNKNOWN
    return (primary,) if primary in _STEMMED else ()


@lru_cache(maxsize=1 << 15)
def forms(word: str, languages: tuple[str, ...]) -> Forms:
    """The tokens of one written word."""
    plain = _plain(word)
    languages = languages_of(plain, languages, _STEMMED)
    stemmers = _stemmers(languages)
    found: dict[str, None] = {}
    parts: dict[str, None] = {}
    for language, stem in zip(languages, stemmers, strict=True):
        looked_up = lemmas(plain, language) if language in LANGUAGES else None
        finish = str if language == "fi" else stem
        found.update(dict.fromkeys(map(finish, looked_up.lemmas if looked_up else ())))
        parts.update(dict.fromkeys(map(finish, looked_up.parts if looked_up else ())))
        if not looked_up or not looked_up.known:
            found[stem(plain) or plain] = None
    stems = dict.fromkeys(stem(plain) or plain for stem in stemmers)
    return _forms(plain, tuple(found), tuple(parts), tuple(stems))


@lru_cache(maxsize=1 << 12)
def _forms_of_name(word: str) -> Forms:
    plain = _plain(word)
    stems: tuple[str, ...] = ()
    if not is_known(plain):
        # *Harjunen* and *Harjusen* have two stems.
        bases = (plain, f"{plain[:-3]}sen") if plain.endswith("nen") else (plain,)
        stemmers = _stemmers(languages_of(plain, UNKNOWN, _STEMMED))
        stems = tuple(dict.fromkeys(stem(base) for base in bases for stem in stemmers))
    return _forms(plain, tuple(dict.fromkeys((plain, *stems))), (), stems)


def _forms(
    plain: str, lemma: tuple[str, ...], part: tuple[str, ...], stems: tuple[str, ...]
) -> Forms:
    if not plain.isascii():
        plain, lemma, part, stems = (
            _unaccented(plain),
            *(tuple(dict.fromkeys(map(_unaccented, tokens))) for tokens in (lemma, part, stems)),
        )
    part = tuple(token for token in part if token != plain and token not in lemma)
    folds = dict.fromkeys(fold(token) for token in (plain, *lemma, *stems) if not token.isascii())
    return Forms(
        plain, lemma, tuple(t for t in folds if t != plain and t not in lemma), part, stems
    )


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
