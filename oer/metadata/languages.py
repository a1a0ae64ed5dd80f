"""Languages: whatever a record writes, to a BCP 47 tag (RFC 5646).

The languages, their ISO 639-2/3 codes and their names stand in ``data/languages.csv`` for a
librarian to correct; they were compiled from ISO 639, the IANA language subtag registry and
Unicode CLDR. Regions and scripts are those CLDR knows.

What a newcomer would get wrong: a value is read whole, never by a part of it ("unknown" is not
Norwegian). Region and script are kept where the record gives them. ``no`` stays ``no``: whoever
wrote it did not say whether Bokmål or Nynorsk. ``und``, ``mis`` and their like say nothing and so
give no tag; ``mul`` (several languages) and ``zxx`` (no language) say something and stay.
"""

import csv
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from babel import Locale
from babel.core import UnknownLocaleError

DATA = Path(__file__).with_name("data") / "languages.csv"

LONGEST_RAW = 80
"""Longer texts name no language; not looking at them keeps the cache small."""

_NOTHING = """
    und mis unk xx xxx qaa x-none none null nil n/a na n.a. other unknown undefined undetermined
    unspecified all any not 0 - ? tuntematon muu okänd annan unbekannt andere onbekend
"""
NOTHING_SAID = frozenset(_NOTHING.split())
"""Values by which records say that they do not know."""

REGION_ALIASES = {"UK": "GB", "USA": "US", "GBR": "GB", "FIN": "FI", "SWE": "SE"}
"""Region codes that are met, are none (ISO 3166-1 alpha-2 is asked for), and mean one thing."""

NAMES = {
    "fi": {
        "fkv": "kveeni",
        "fse": "suomalainen viittomakieli",
        "fss": "suomenruotsalainen viittomakieli",
        "lud": "lyydi",
        "olo": "livvi",
        "rmf": "Suomen romani",
        "sgn": "viittomakielet",
        "swl": "ruotsalainen viittomakieli",
    },
    "sv": {
        "fkv": "kvänska",
        "fse": "finskt teckenspråk",
        "fss": "finlandssvenskt teckenspråk",
        "lud": "lydiska",
        "olo": "livvi",
        "rmf": "finsk romani",
        "sgn": "teckenspråk",
        "sjd": "kildinsamiska",
        "swl": "svenskt teckenspråk",
    },
}
"""What readers here call languages of Finland and its neighbours that CLDR has no name for."""

_ADDRESS = re.compile(
    r"^https?://(?:id\.loc\.gov/vocabulary|(?:www\.)?lexvo\.org|"
    r"publications\.europa\.eu/resource/authority|"
    r"(?:www\.)?downlode\.org|purl\.org|psi\.oasis-open\.org|dbpedia\.org|schema\.org)"
    r"/(?:\S*[/#])?([\w-]+)/?$",
    re.IGNORECASE,
)
_CODE_SET = re.compile(
    r"^(?:kieli|kielivalikoima|kielikoodistoopetushallinto|iso[ _-]?639(?:-[123])?)[_:/](\w{2,3})$",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*[|;,/]\s*|\s+-\s+|\s+(?:and|und|ja|och|en|&)\s+", re.IGNORECASE)
_ONLY_CODES = re.compile(r"^[a-z]{2,3}(?:\s+[a-z]{2,3})+$", re.IGNORECASE)
_VARIANT = re.compile(r"^(?:[a-z0-9]{5,8}|\d[a-z0-9]{3})$")


class _Tables(NamedTuple):
    tags: dict[str, str]
    names: dict[str, str]
    labels: dict[str, str]


@lru_cache(maxsize=4096)
def read_language(raw: str) -> str | None:
    """The BCP 47 tag of one language, in canonical case; None where the text names none or several.

    ``eng`` → ``en``, ``en_UK`` → ``en-GB``, ``chi-trad`` → ``zh-Hant``, ``suomi`` → ``fi``.
    """
    found = read_languages(raw)
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=4096)
def read_languages(raw: str) -> tuple[str, ...]:
    """The tags of all languages a text names (``fi; sv``, ``en fr``), without repetition.

    All or nothing: where a part is not understood, the rest is not believed either.
    """
    text = " ".join(raw.split())
    if not text or len(text) > LONGEST_RAW or text.casefold() in NOTHING_SAID:
        return ()
    if one := _read_one(text):
        return (one,)
    parts = text.split() if _ONLY_CODES.match(text) else _PARTS.split(text)
    tags = [_read_one(part) for part in parts if part]
    known = [tag for tag in tags if tag]
    return tuple(dict.fromkeys(known)) if len(known) == len(tags) > 1 else ()


@lru_cache(maxsize=1024)
def display_name(tag: str, language: str) -> str:
    """What to call a language in another (``fi`` in ``sv``: *finska*); the tag where unknown."""
    names = _locale(language)
    whole = tag.replace("-", "_")
    if whole in names.languages:
        return str(names.languages[whole])
    primary, *rest = tag.split("-")
    own = NAMES.get(language, {}).get(primary)
    name = names.languages.get(primary) or own or _tables().labels.get(primary)
    if name is None:
        return tag
    details = [names.scripts.get(part) or names.territories.get(part) or part for part in rest]
    return f"{name} ({', '.join(details)})" if details else str(name)


def _read_one(text: str) -> str | None:
    key = text.casefold()
    if key in NOTHING_SAID:
        return None
    if match := _ADDRESS.match(text) or _CODE_SET.match(text):
        return _read_tag(match[1].casefold())
    return _read_tag(key) or _tables().names.get(key)


def _read_tag(key: str) -> str | None:
    """A tag out of subtags; None as soon as one of them is not registered."""
    key = key.replace("_", "-")
    tables = _tables()
    if tag := tables.tags.get(key):
        return tag
    primary, *rest = key.split("-")
    language = tables.tags.get(primary)
    if language is None or not rest:
        return None
    tag = language
    known = _locale("en")
    if (script := rest[0].title()) in known.scripts:
        tag, rest = f"{tag}-{script}", rest[1:]
    region = REGION_ALIASES.get(rest[0].upper(), rest[0].upper()) if rest else ""
    if region in known.territories:
        tag, rest = f"{tag}-{region}", rest[1:]
    if all(_VARIANT.match(part) for part in rest):
        return "-".join((tag, *rest))
    return None


@cache
def _tables() -> _Tables:
    tags: dict[str, str] = {}
    names: dict[str, str] = {}
    labels: dict[str, str] = {}
    with DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            tag = row["tag"]
            for code in (tag.casefold(), *row["codes"].split()):
                tags[code] = tag
            spellings = [name for name in row["names"].split("|") if name]
            labels[tag] = spellings[0] if spellings else tag
            names.update((name.casefold(), tag) for name in spellings)
    return _Tables(tags, names, labels)


@lru_cache(maxsize=32)
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")
