"""Dates, durations and age ranges: whatever a record writes, in the precision it was written in.

What a newcomer would get wrong: a bare year stays a year, and a time without a time zone is no
instant, so only its day is kept. ``5/12/2021`` is May or December and therefore not read, while
``25/12/2021`` can be only one day. The year 9999 means "never": it is no date. Approximations and
ranges ("ca. 1900", "2010–2015") are not dates of this kind either; their raw text stays.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

LONGEST_RAW = 80
"""Longer texts are no dates; not looking at them keeps the caches small."""

FIRST_YEAR, LAST_YEAR = 1000, 2999
"""Years outside are placeholders ("0001", "9999") or mistakes."""

_MONTH_NAMES = """
1 january tammikuu tammikuuta januari januar jänner janvier enero janeiro gennaio jaanuar jan tammi
1 ene gen janv jaan
2 february helmikuu helmikuuta februari februar février febrero fevereiro febbraio veebruar feb
2 helmi févr fev veebr
3 march maaliskuu maaliskuuta mars märz maart marts marzo março märts mar mrt maalis mär
4 april huhtikuu huhtikuuta avril abril aprile aprill apr avr abr huhti
5 may toukokuu toukokuuta maj mai mei mayo maio maggio touko mag
6 june kesäkuu kesäkuuta juni juin junio junho giugno juuni jun kesä giu
7 july heinäkuu heinäkuuta juli juillet julio julho luglio juuli jul heinä juil lug
8 august elokuu elokuuta augusti augustus août agosto aug elo ago
9 september syyskuu syyskuuta septembre septiembre setembro settembre sep sept syys set
10 october lokakuu lokakuuta oktober octobre octubre outubro ottobre oktoober oct okt loka out ott
11 november marraskuu marraskuuta novembre noviembre novembro nov marras
12 december joulukuu joulukuuta dezember décembre diciembre dezembro dicembre desember detsember
12 dec dez des déc dic joulu dets
"""
MONTHS = {
    name: int(number)
    for number, *names in (line.split() for line in _MONTH_NAMES.strip().splitlines())
    for name in names
}
"""Month names and abbreviations of a dozen languages (Unicode CLDR); none means two months."""

_TIME = r"(?P<hour>\d\d?)[:.;](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d+)?)?"
_ZONE = r"\s*(?P<zone>Z|(?:(?:GMT|UTC)\s*)?[+-]\d\d:?(?:\d\d)?|GMT|UTC)?(?:\s*\([^()]*\))?"
_CLOCK = rf"(?:(?:[T\s]|,\s)\s*{_TIME}{_ZONE})?"
_YEAR = r"(?P<year>\d{4})"
_MONTH_NAME = r"(?P<name>[^\W\d_]{3,12})\.?"
_DAY = r"(?P<day>\d\d?)(?:st|nd|rd|th|er|\.|:?nä)?"

_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:Z|[+-]\d\d:\d\d|{_CLOCK}))?)?",
        rf"{_YEAR}(?P<separator>[-./])(?P<month>\d\d?)(?P=separator)(?P<day>\d\d?){_CLOCK}",
        rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)",
        rf"(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.\s?{_YEAR}{_CLOCK}",
        rf"{_DAY}(?:\s+|-)(?:de\s+)?{_MONTH_NAME}(?:\s+|-|,\s*)(?:de\s+)?{_YEAR}{_CLOCK}",
        rf"{_MONTH_NAME}\s+{_DAY},?\s+{_YEAR}{_CLOCK}",
        rf"{_MONTH_NAME}(?:\s+|,\s*)(?:de\s+)?{_YEAR}",
        rf"{_MONTH_NAME}\s+{_DAY}\s+{_TIME}\s+(?P<zone>GMT|UTC)\s+{_YEAR}",
    )
)
_EITHER_WAY = re.compile(rf"(?P<one>\d\d?)(?P<separator>[/-])(?P<two>\d\d?)(?P=separator){_YEAR}")

# A cataloguer's brackets ("[2019]") and copyright signs ("c2014") leave the year stated;
# "2019?" and "ca. 2019" do not, and "c. 2019" may be either.
_WRAPPING = re.compile(
    r"^(?:info:eu-repo/date/[a-z]+/|[©℗]\s*|(?:cop\.|copyright)\s*[©℗]?\s*|[cp](?=\d{4}))",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|(?:mo|di|mi|do|fr|sa|so)\.?|\w+(?:tag|dag)|"
    r"\w+(?:tai|tio|koko|kko)|mittwoch|den)\.?,?\s+(?=\w)",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def read_date(raw: str) -> str | None:
    """The date in one of the forms of ``PartialDate.value``; None where it cannot be told.

    An instant with a time zone becomes UTC; fractions of a second are cut. A month or day of zero
    is one that the record does not know (``2005-05-00`` → ``2005-05``).
    """
    text = raw.strip()
    if not text or len(text) > LONGEST_RAW:
        return None
    text = _WEEKDAY.sub("", _WRAPPING.sub("", _unbracketed(text)))
    for form in _FORMS:
        if match := form.fullmatch(text):
            return _date(match.groupdict())
    return _either_way(text)


def _unbracketed(text: str) -> str:
    if (text[0], text[-1]) in {("[", "]"), ("(", ")")}:
        text = text[1:-1].strip()
    return text[:-1] if len(text) == 5 and text.endswith(".") else text


def _either_way(text: str) -> str | None:
    """``25/12/2021``, where only one order is possible or both say the same."""
    match = _EITHER_WAY.fullmatch(text)
    if match is None:
        return None
    one, two, year = match["one"], match["two"], match["year"]
    found = {_date({"year": year, "month": m, "day": d}) for d, m in ((one, two), (two, one))}
    found.discard(None)
    return found.pop() if len(found) == 1 else None


def _date(parts: dict[str, str | None]) -> str | None:
    year = int(parts["year"] or 0)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    name = parts.get("name")
    month = MONTHS.get(name.casefold()) if name else _number(parts.get("month"))
    if name and month is None:
        return None
    day = _number(parts.get("day"))
    if month is None or (month == 0 and not day):
        return f"{year:04}"
    if not 1 <= month <= 12:
        return None
    if not day:
        return f"{year:04}-{month:02}"
    return _day_or_instant(year, month, day, parts)


def _day_or_instant(year: int, month: int, day: int, parts: dict[str, str | None]) -> str | None:
    try:
        whole_day = date(year, month, day)
        hour = parts.get("hour")
        if hour is None:
            return whole_day.isoformat()
        clock = (int(hour), int(parts.get("minute") or 0), int(parts.get("second") or 0))
        zone = parts.get("zone")
        moment = datetime(year, month, day, *clock, tzinfo=_zone(zone) if zone else UTC)
        if not zone:
            return whole_day.isoformat()
        moment = moment.astimezone(UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment.year >= FIRST_YEAR else None
    except (ValueError, OverflowError):
        return None


def _zone(text: str) -> timezone:
    digits = re.sub(r"[^\d+-]", "", text)
    if not digits:
        return UTC
    hours, minutes = int(digits[1:3]), int(digits[3:5] or 0)
    if minutes > 59:
        raise ValueError(text)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if digits[0] == "-" else offset)


def _number(text: str | None) -> int | None:
    return int(text) if text else None


_ISO_DURATION = re.compile(
    r"P(?:(\d+(?:[.,]\d+)?)Y)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)W)?(?:(\d+(?:[.,]\d+)?)D)?"
    r"(?:T(?:(\d+(?:[.,]\d+)?)H)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?",
    re.IGNORECASE,
)
_CLOCK_DURATION = re.compile(r"(\d{1,3}):([0-5]?\d):([0-5]?\d)(?:[.,]\d+)?")
_WORDS = re.compile(r"(\d{1,5})(?:[.,](\d{1,2}))?\s*([^\W\d_]+)\.?")

_JOINING = re.compile(r"(?<=\D),\s*(?=\d)|\s(?:and|ja|och|und|en)\s+(?=\d)")

_UNIT_NAMES = """
604800 week weeks wk wks viikko viikkoa vk vko veckor vecka woche wochen weken
86400 day days päivä päivää pv dag dagar dagen tag tage
3600 hour hours hr hrs h tunti tuntia t timme timmar tim uur std stunde stunden
60 minute minutes min mins minuutti minuuttia minut minuter minuten minuut
1 second seconds sec secs s sekunti sekuntia sek sekund sekunder sekunde sekunden seconde
"""
UNITS = {
    name: int(number)
    for number, *names in (line.split() for line in _UNIT_NAMES.strip().splitlines())
    for name in names
}
"""Words for units of time, and their seconds. Months and years have none."""

_DESIGNATORS = ("Y", "M", "W", "D", "H", "M", "S")


@lru_cache(maxsize=4096)
def read_duration(raw: str) -> str | None:
    """The length of time in ISO 8601 (``PT45M``), None where the text does not tell.

    Reads ISO 8601, hours:minutes:seconds, and numbers with units. A bare number is nothing: only
    the element it stood in knows whether it counts seconds or minutes. Zero is what editors write
    when nobody filled in the field, so it is nothing too.
    """
    text = raw.strip()
    if not text or len(text) > LONGEST_RAW:
        return None
    if match := _ISO_DURATION.fullmatch(text):
        return _iso_duration(match.groups())
    if match := _CLOCK_DURATION.fullmatch(text):
        hours, minutes, seconds = (int(part) for part in match.groups())
        return _from_seconds(hours * 3600 + minutes * 60 + seconds)
    return _from_words(text)


def _iso_duration(groups: tuple[str | None, ...]) -> str | None:
    """The same length, as it was divided, without leading zeros and parts that are zero."""
    parts = [
        _plain_number(number) + designator if number and float(_point(number)) else ""
        for number, designator in zip(groups, _DESIGNATORS, strict=True)
    ]
    days, clock = "".join(parts[:4]), "".join(parts[4:])
    if not days and not clock:
        return None
    return f"P{days}T{clock}" if clock else f"P{days}"


def _plain_number(text: str) -> str:
    whole, _, fraction = _point(text).partition(".")
    fraction = fraction.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")


def _point(text: str) -> str:
    return text.replace(",", ".")


def _from_words(text: str) -> str | None:
    text = _JOINING.sub(" ", text)
    if _WORDS.sub("", text).strip():
        return None
    total = 0.0
    used: list[int] = []
    for whole, fraction, unit in _WORDS.findall(text):
        seconds = UNITS.get(unit.casefold())
        if seconds is None or (used and seconds >= used[-1]):
            return None
        used.append(seconds)
        total += float(f"{whole}.{fraction or 0}") * seconds
    if used in ([604800], [86400]) and (total / used[0]).is_integer():
        count = int(total) // used[0]
        return f"P{count}{'W' if used == [604800] else 'D'}" if count else None
    return _from_seconds(round(total)) if used else None


def _from_seconds(total: int) -> str | None:
    minutes, seconds = divmod(total, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    text = "".join(f"{number}{unit}" for number, unit in parts if number)
    return f"PT{text}" if text else None


MAX_AGE = 120

_AGE_WORD = (
    r"(?:years?(?:[\s-]olds?)?(?:\s+of\s+age)?|yrs?|y|v|vuotta|vuotiaat|vuotiaille|år(?:iga)?|"
    r"jahren?|jaar|ans)?\.?"
)
_AGE_FORMS: tuple[tuple[re.Pattern[str], Callable[[list[int]], tuple[int | None, int | None]]], ...]
_AGE_FORMS = tuple(
    (re.compile(form.replace("UNIT", rf"\s*-?{_AGE_WORD}"), re.IGNORECASE), range_of)
    for form, range_of in (
        (r"(?:from|ages?|aged|von|van|från)?\s*(\d+)\s*(?:-|to|bis|tot|till)\s*(\d+)UNIT",
         lambda n: (n[0], n[1])),
        (r"(\d+)\s*(?:\+|-\s*[u*]?)UNIT", lambda n: (n[0], None)),
        (r"(?:from|ab|från|vanaf)\s+(\d+)UNIT", lambda n: (n[0], None)),
        (r"(?:u|\*)?\s*-\s*(\d+)UNIT", lambda n: (None, n[0])),
        (r"(?:up to|bis|upp till|tot)\s+(\d+)UNIT", lambda n: (None, n[0])),
        (r"(?:ages?|aged)?\s*(\d+)UNIT", lambda n: (n[0], n[0])),
    )
)  # fmt: skip
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))


@lru_cache(maxsize=1024)
def read_age_range(raw: str) -> tuple[int | None, int | None] | None:
    """The youngest and the oldest age in whole years; an open end is None.

    ``7-9``, ``18-``, ``16-*``, ``U-12``, ``10–12 v``; a bare ``15`` is that one year.
    """
    text = " ".join(raw.translate(_DASHES).split())
    if len(text) > LONGEST_RAW:
        return None
    for form, range_of in _AGE_FORMS:
        if match := form.fullmatch(text):
            ages = [int(age) for age in match.groups() if len(age) <= 3]
            usable = len(ages) == len(match.groups()) and max(ages) <= MAX_AGE
            return range_of(ages) if usable and ages == sorted(ages) else None
    return None
