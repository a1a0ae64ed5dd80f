"""Dates, times, sizes and file types as the reader's language writes them."""

import re
from datetime import UTC, date, datetime
from functools import lru_cache

from babel import dates, numbers, units
from flask_babel import gettext as _
from flask_babel import ngettext

from oer.metadata import languages
from oer.metadata.resource_metadata import AgeRange, Duration, PartialDate, Size

_ISO_DURATION = re.compile(
    r"P(?:(?P<year>\d+)Y)?(?:(?P<month>\d+)M)?(?:(?P<week>\d+)W)?(?:(?P<day>\d+)D)?"
    r"(?:T(?:(?P<hour>\d+)H)?(?:(?P<minute>\d+)M)?(?:(?P<second>\d+)(?:\.\d+)?S)?)?"
)

_MEDIA_WORDS = {
    "application/pdf": "PDF",
    "application/epub+zip": "EPUB",
    "application/zip": "ZIP",
    "application/msword": "Word",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.ms-powerpoint": "PowerPoint",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "application/vnd.ms-excel": "Excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.oasis.opendocument.text": "OpenDocument",
    "application/vnd.oasis.opendocument.presentation": "OpenDocument",
    "application/vnd.oasis.opendocument.spreadsheet": "OpenDocument",
    "text/csv": "CSV",
}


_LOCALE = {"en": "en_GB", "fi": "fi_FI", "sv": "sv_FI"}
"""How the languages of the interface write dates here: Europe, whatever the reader's English."""


def partial_date(value: PartialDate, ui: str) -> str:
    """A date in the precision it was given in; the raw text where it could not be read."""
    return _written(value.value, ui) or value.raw


def _written(value: str | None, ui: str) -> str | None:
    locale = _LOCALE[ui]
    try:
        if not value or len(value) == 4:
            return value
        if len(value) == 7:
            return dates.format_skeleton("yMMMM", datetime.strptime(value, "%Y-%m"), locale=locale)
        return dates.format_date(date.fromisoformat(value[:10]), "long", locale=locale)
    except ValueError:
        return value


def moment(value: datetime | None, ui: str) -> str | None:
    """The day of a moment, in UTC."""
    return _written(f"{value.astimezone(UTC):%Y-%m-%d}", ui) if value else None


def datestamp(value: str | None, ui: str) -> str | None:
    """A datestamp of OAI-PMH as a day, or as it came where it is none."""
    if value and re.fullmatch(r"\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?", value):
        return _written(value, ui)
    return value


@lru_cache(maxsize=1024)
def duration(value: Duration, ui: str) -> str:
    """A length of time in words: ``PT1H30M`` is "1 hour 30 minutes"."""
    match = _ISO_DURATION.fullmatch(value.value or "")
    parts = match.groupdict() if match else {}
    words = [
        units.format_unit(int(amount), f"duration-{unit}", "long", locale=ui)
        for unit, amount in parts.items()
        if amount and int(amount)
    ]
    return " ".join(words) or value.raw or value.value or ""


def age_range(value: AgeRange) -> str:
    """An age range in words; an open end stays open."""
    low, high = value.minimum, value.maximum
    if low is not None and high is not None and low != high:
        return str(_("%(low)s–%(high)s years", low=low, high=high))
    if low is not None and high is None:
        return str(_("%(low)s years and over", low=low))
    if low is None and high is not None:
        return str(_("up to %(high)s years", high=high))
    return str(ngettext("%(num)s year", "%(num)s years", low)) if low is not None else value.raw


def size(value: Size, ui: str) -> str:
    """A file size in the units people use; the raw text where it could not be read."""
    if value.bytes is None:
        return value.raw
    amount, unit = float(value.bytes), 0
    while amount >= 1000 and unit < len(_SIZE_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    digits = "#,##0.#" if unit > 1 and amount < 10 else "#,##0"
    return f"{numbers.format_decimal(amount, digits, locale=ui)} {_SIZE_UNITS[unit][ui == 'fi']}"


_SIZE_UNITS = (("B", "t"), ("kB", "kt"), ("MB", "Mt"), ("GB", "Gt"), ("TB", "Tt"))
"""Each unit, and how Finnish writes it (*tavu*)."""


def media_type(value: str) -> str:
    """A media type in a word a reader knows, or as it is."""
    if value in _MEDIA_WORDS:
        return _MEDIA_WORDS[value]
    kinds = {
        "video": _("Video"),
        "audio": _("Audio"),
        "image": _("Image"),
        "text/html": _("Web page"),
        "text/plain": _("Text"),
    }
    return kinds.get(value) or kinds.get(value.partition("/")[0]) or value


@lru_cache(maxsize=4096)
def number(value: int, ui: str) -> str:
    """A whole number with the language's separators."""
    return numbers.format_decimal(value, locale=ui)


def language(tag: str, ui: str) -> str:
    """The name of a language as it begins a line: Finnish and Swedish write it small elsewhere."""
    name = languages.display_name(tag, ui)
    return name[:1].upper() + name[1:]
