"""The report on a source as text, CSV and HTML. Everything in it comes from outside.

The HTML is one file without scripts, styles from elsewhere or pictures: it can be sent by mail.
"""

from collections.abc import Iterable, Iterator
from dataclasses import astuple, fields
from typing import Any

from lxml import etree

from oer.formats.xml import legal
from oer.services.csv_lines import csv_line
from oer.services.source_report import Group, Row, SourceReport

COLUMNS = tuple(field.name for field in fields(Row))


def as_csv(rows: Iterable[Row]) -> Iterator[str]:
    """Lines of CSV: the headings, then a line for every finding."""
    yield csv_line(COLUMNS)
    for row in rows:
        yield csv_line(astuple(row))


def percent(share: float | None) -> str:
    """A share of 0 to 1 in whole per cent."""
    return "–" if share is None else f"{share:.0%}"


# -- text ------------------------------------------------------------------------------------------


def as_text(report: SourceReport) -> str:
    """Plain text for a terminal or a letter."""
    return "\n".join(_one_line(line) for line in _lines(report)) + "\n"


def _lines(report: SourceReport) -> Iterator[str]:
    yield f"{report.name} ({report.source})"
    yield report.base_url
    for name, value in _facts(report):
        yield f"{name}: {value}"
    yield from ("", "Completeness")
    for part in report.parts:
        yield f"  {percent(part.share):>5}  {part.asks_for} (weight {part.weight})"
    yield from ("", "Findings" if report.findings else "No findings.")
    for group in report.findings:
        yield f"  {group.severity}: {group.code}, {group.count} × {group.meaning}"
        for example in group.examples:
            yield f"      {example.identifier or example.address}  {example.title}"
            if example.evidence:
                yield f"          {example.evidence}"
    yield from ("", "Licences")
    for license in report.licenses:
        yield f"  {license.count:>7}  {license.name}"
    if report.unmapped:
        yield from ("", f"Values that are in no list we know: {report.unmapped_count}")
        for each in report.unmapped:
            yield f"  {each.count:>7}  {each.field}: {each.raw}"
    if report.quarantined:
        yield from ("", f"Records that could not be taken in: {report.quarantined_count}")
        for record in report.quarantined:
            yield f"  {record.identifier}: {record.meaning}"
            if record.detail:
                yield f"      {record.detail}"


def _facts(report: SourceReport) -> Iterator[tuple[str, str]]:
    yield "Report of", f"{report.made_at:%Y-%m-%d %H:%M} UTC"
    if report.last_harvest:
        yield "Last harvest", f"{report.last_harvest:%Y-%m-%d %H:%M} UTC, {report.last_state}"
    statuses = (f"{count} {status.replace('_', ' ')}" for status, count in report.statuses.items())
    yield "Resources", ", ".join(statuses) or "none"
    yield "Completeness", percent(report.completeness)


def _one_line(text: str) -> str:
    """Without control characters: a title must not steer the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


# -- HTML ------------------------------------------------------------------------------------------

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1a1a1a; background: #fff; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100%; margin: 0 0 1.5rem }
caption { text-align: left; font-weight: bold; padding: .5rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem;
  border-bottom: 1px solid #bbb }
td.number { text-align: right; font-variant-numeric: tabular-nums }
dt { font-weight: bold } dd { margin: 0 0 .5rem }
"""


def as_html(report: SourceReport) -> str:
    """One HTML page that needs nothing beside it."""
    title = f"Report on {report.name}"
    page = _e(
        "html",
        _e(
            "head",
            _e("meta", charset="utf-8"),
            _e("meta", name="viewport", content="width=device-width"),
            _e("title", title),
            _e("style", _STYLE),
        ),
        _e("body", _e("main", _e("h1", title), *_sections(report))),
        lang="en",
    )
    written: str = etree.tostring(
        page, method="html", encoding="unicode", doctype="<!DOCTYPE html>", pretty_print=True
    )
    return written


def _e(tag: str, /, *content: Any, **attributes: str) -> Any:
    """An element with a text or with elements in it; text is escaped when it is written."""
    element = etree.Element(tag, {name.rstrip("_"): text for name, text in attributes.items()})
    for each in content:
        if isinstance(each, str):
            element.text = legal(each)
        else:
            element.append(each)
    return element


def _sections(report: SourceReport) -> Iterator[Any]:
    facts = [("Source", report.source), ("Address", report.base_url), *_facts(report)]
    yield _e("dl", *(each for name, value in facts for each in (_e("dt", name), _e("dd", value))))
    yield _e("h2", "Completeness")
    yield _table(
        "Share of the resources that have each part, and what the part weighs in the score",
        ("Part", "Share", "Weight"),
        ((part.asks_for, percent(part.share), part.weight) for part in report.parts),
    )
    yield _e("h2", "Findings")
    if not report.findings:
        yield _e("p", "None.")
    for group in report.findings:
        yield from _group(group)
    yield _e("h2", "Licences")
    yield _table(
        "Licences of the resources",
        ("Licence", "Resources"),
        ((license.name, license.count) for license in report.licenses),
    )
    if report.unmapped:
        yield _e("h2", "Values that are in no list we know")
        yield _table(
            f"{report.unmapped_count} values; the most frequent",
            ("Element", "Value", "Resources"),
            ((value.field, value.raw, value.count) for value in report.unmapped),
        )
    if report.quarantined:
        yield _e("h2", "Records that could not be taken in")
        yield _table(
            f"{report.quarantined_count} records; the first of them",
            ("Record", "Why", "Detail"),
            ((each.identifier, each.meaning, each.detail) for each in report.quarantined),
        )


def _group(group: Group) -> Iterator[Any]:
    yield _e("h3", f"{group.meaning} ({group.severity}, {group.count} ×)")
    yield _table(
        f"Examples of {group.code}",
        ("Record", "Title", "What shows it"),
        ((each.identifier or each.address, each.title, each.evidence) for each in group.examples),
    )


def _table(caption: str, headings: Iterable[str], rows: Iterable[Iterable[object]]) -> Any:
    return _e(
        "table",
        _e("caption", caption),
        _e("thead", _e("tr", *(_e("th", heading, scope="col") for heading in headings))),
        _e("tbody", *(_e("tr", *map(_cell, row)) for row in rows)),
    )


def _cell(value: object) -> Any:
    if isinstance(value, int):
        return _e("td", str(value), class_="number")
    return _e("td", "–" if value is None else str(value))
