"""Dates, durations, ages and flags: the canonical value beside the words it was read from."""

from collections.abc import Callable
from typing import TypeVar

from oer.metadata.dates import read_age_range, read_date, read_duration
from oer.metadata.normalise_changes import Changes, note, with_fields
from oer.metadata.resource_metadata import AgeRange, Duration, Flag, PartialDate
from oer.metadata.vocabularies import Tables

FLAGS = {
    "true": True, "yes": True, "1": True, "kyllä": True, "ja": True, "oui": True,
    "http://schema.org/true": True, "https://schema.org/true": True,
    "false": False, "no": False, "0": False, "ei": False, "nej": False, "nein": False,
    "nee": False, "non": False, "http://schema.org/false": False, "https://schema.org/false": False,
}  # fmt: skip
"""Words for yes and no, without regard to case."""


def partial_date(
    field: str, value: PartialDate, tables: Tables, changes: Changes
) -> PartialDate | None:
    """A date as precise as it was given."""
    return _read_scalar(field, value, read_date, changes)


def duration(field: str, value: Duration, tables: Tables, changes: Changes) -> Duration | None:
    """An ISO 8601 duration."""
    return _read_scalar(field, value, read_duration, changes)


_S = TypeVar("_S", PartialDate, Duration)


def _read_scalar(
    field: str, value: _S, read: Callable[[str], str | None], changes: Changes
) -> _S | None:
    if value.basis == "curated":
        return value
    raw, basis = value.raw.strip(), value.basis
    canonical = read(value.value) if value.value else None
    if not raw and not canonical:
        return None
    if canonical is None and (canonical := read(raw)) is not None:
        basis = "stated" if canonical == raw else "mapped"
        note(changes, field, raw, canonical, "read", basis)
    return with_fields(
        value, raw=raw, value=canonical, basis=(basis or "stated") if canonical else None
    )


def age_range(field: str, value: AgeRange, tables: Tables, changes: Changes) -> AgeRange | None:
    """Ages in years, from and to."""
    if value.basis == "curated":
        return value
    raw, known = value.raw.strip(), value.minimum is not None or value.maximum is not None
    if known or not (ages := read_age_range(raw)):
        basis = (value.basis or "stated") if known else None
        return with_fields(value, raw=raw, basis=basis) if raw or known else None
    canonical = "-".join("" if age is None else str(age) for age in ages)
    basis = "stated" if raw == canonical else "mapped"
    note(changes, field, raw, canonical, "read", basis)
    return AgeRange(raw, *ages, basis)


def flag(field: str, value: Flag, tables: Tables, changes: Changes) -> Flag | None:
    """Yes or no, where the words are known (:data:`FLAGS`)."""
    if value.basis == "curated":
        return value
    raw, answer, basis = value.raw.strip(), value.value, value.basis
    if not raw and answer is None:
        return None
    if answer is None and (answer := FLAGS.get(raw.casefold())) is not None:
        basis = "stated" if raw in ("true", "false") else "mapped"
        note(changes, field, raw, str(answer).lower(), "read", basis)
    basis = None if answer is None else basis or "stated"
    return with_fields(value, raw=raw, value=answer, basis=basis)
