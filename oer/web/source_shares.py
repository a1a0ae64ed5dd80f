"""The profile of a source as rows with shares, in the reader's language."""

from dataclasses import dataclass

from babel import numbers
from flask_babel import gettext as _

from oer.metadata import licenses, vocabularies
from oer.services.profile import Profile
from oer.web import finding_texts, words

MOST = 12
"""Languages, types and levels that are shown, the commonest first."""


@dataclass(frozen=True)
class Share:
    """A row: what it is, how many, and their share of 0 to 1."""

    label: str
    count: int
    share: float
    code: str


@dataclass(frozen=True)
class Shares:
    """All tables of shares on the page of a source."""

    parts: list[Share]
    fields: list[Share]
    licenses: list[Share]
    values: list[tuple[str, list[Share]]]
    """Languages, types and levels, each under its heading; the empty ones left out."""


def shares(profile: Profile, ui: str) -> Shares:
    """The profile, ready to show."""

    def row(label: object, count: int, code: str) -> Share:
        return Share(str(label), count, profile.share(count), code)

    values = [
        (
            _("Languages"),
            [row(words.language(e.value, ui), e.count, e.value) for e in profile.languages[:MOST]],
        ),
        (
            _("Types"),
            [row(vocabularies.label(e.value, ui), e.count, e.value) for e in profile.types[:MOST]],
        ),
        (
            _("School levels"),
            [row(vocabularies.label(e.value, ui), e.count, e.value) for e in profile.levels[:MOST]],
        ),
    ]
    return Shares(
        parts=[
            row(finding_texts.PARTS.get(each.name, each.name), each.count, each.name)
            for each in profile.parts
        ],
        fields=[row(each.name, each.count, each.name) for each in profile.fields],
        licenses=[
            row(licenses.name(each.value, ui), each.count, each.value) for each in profile.licenses
        ],
        values=[(heading, rows) for heading, rows in values if rows],
    )


def percent(share: float | None, ui: str) -> str:
    """A share in whole per cent: never all where one is missing, never none where there is one."""
    if share is None:
        return "–"
    whole = round(share * 100)
    if share < 1:
        whole = min(whole, 99)
    if share > 0:
        whole = max(whole, 1)
    return str(numbers.format_percent(whole / 100, locale=ui))
