"""``oer check licenses``: what the licences of the catalogue permit."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from oer.commands.context import Oer
from oer.commands.output import echo_json, echo_table, printable

if TYPE_CHECKING:
    from oer.services.license_check import Counts, Judged, Rule

CELL = 60


@click.command()
@click.option("--source", metavar="SLUG", help="Only this source.")
@click.option("--list", "code", metavar="CODE", help="List the resources with this code.")
@click.option(
    "--fail-on",
    "rules",
    multiple=True,
    metavar="RULE",
    help="End with 1 when this holds: unknown, 'none>10', 'nc>5%' … (repeatable).",
)
@click.option("--csv", "as_csv", is_flag=True, help="As CSV.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def licenses(
    oer: Oer,
    source: str | None,
    code: str | None,
    rules: tuple[str, ...],
    as_csv: bool,
    as_json: bool,
) -> None:
    """Count what the licences of the published resources permit, by source and in all.

    Every resource is one of open, open-restricted, not-open, undetermined, conflict, unknown and
    none; nc, nd, sa and no-version are counted beside that. An unknown licence is not open.

    \b
    Example:  oer check licenses --source aoe
              oer check licenses --list unknown --csv
              oer check licenses --fail-on conflict --fail-on 'unknown>5%'
    """
    from oer.services import license_check, sources

    if as_csv and as_json:
        raise click.UsageError("Choose one of --csv and --json.")
    asked = [license_check.read_rule(rule) for rule in rules]
    code = code and license_check.read_rule(code).code
    with oer.sessions() as session:
        source_id = sources.get(session, source).id if source else None
    judged = license_check.judge(oer.sessions, source_id=source_id)
    listed = _listing(judged, code, as_csv, as_json) if code else judged
    total, by_source = license_check.count(listed)
    broken = [rule for rule in asked if rule.broken_by(total)]
    if not code:
        _show(total, by_source, asked, as_csv, as_json)
    for rule in broken:
        click.echo(f"Broken: {_told(rule, total)}", err=True)
    sys.exit(1 if broken else 0)


# -- counts ----------------------------------------------------------------------------------------


def _show(
    total: Counts, by_source: dict[str, Counts], rules: list[Rule], as_csv: bool, as_json: bool
) -> None:
    from oer.services.csv_lines import csv_line
    from oer.services.license_check import CLASSES, TRAITS

    codes = (*CLASSES, *TRAITS)
    if as_json:
        echo_json(
            {
                "total": _counted(total),
                "sources": {slug: _counted(counts) for slug, counts in by_source.items()},
                "rules": [
                    {
                        "rule": rule.text,
                        "count": total.by_code[rule.code],
                        "broken": rule.broken_by(total),
                    }
                    for rule in rules
                ],
            }
        )
    elif as_csv:
        click.echo(csv_line(("source", "code", "resources", "share")), nl=False)
        for slug, counts in (*by_source.items(), ("*", total)):
            for code in codes:
                count = counts.by_code[code]
                share = f"{count / counts.resources:.4f}" if counts.resources else ""
                click.echo(csv_line((slug, code, count, share)), nl=False)
    else:
        echo_table(("CODE", "RESOURCES", "SHARE", "MEANING"), _rows(codes, total))
        click.echo(f"{total.resources} published resources.")
        if len(by_source) > 1:
            click.echo()
            echo_table(
                ("SOURCE", "RESOURCES", *(code.upper() for code in codes)),
                (
                    (slug or "–", counts.resources, *(counts.by_code[code] for code in codes))
                    for slug, counts in by_source.items()
                ),
            )


def _rows(codes: tuple[str, ...], total: Counts) -> Iterator[tuple[object, ...]]:
    from oer.services.license_check import CLASSES, TRAITS

    meanings = {**CLASSES, **TRAITS}
    for code in codes:
        count = total.by_code[code]
        share = f"{count / total.resources:.1%}" if total.resources else "–"
        yield code, count, share, meanings[code]


def _counted(counts: Counts) -> dict[str, int]:
    from oer.services.license_check import CLASSES, TRAITS

    return {"resources": counts.resources} | {
        code: counts.by_code[code] for code in (*CLASSES, *TRAITS)
    }


def _told(rule: Rule, total: Counts) -> str:
    found = total.by_code[rule.code]
    return f"{rule.text}: {found} of {total.resources} resources are '{rule.code}'."


# -- the list --------------------------------------------------------------------------------------


def _listing(judged: Iterable[Judged], code: str, as_csv: bool, as_json: bool) -> Iterator[Judged]:
    """Print those with the code on the way; all of them go on to be counted."""
    from oer.services.csv_lines import csv_line

    if as_csv:
        click.echo(csv_line(("address", "source", "license", "title", "statements")), nl=False)
    for each in judged:
        if code in each.codes:
            told = _described(each)
            if as_json:
                echo_json(told)
            elif as_csv:
                click.echo(csv_line(told.values()), nl=False)
            else:
                cells = (told["address"], told["license"] or "–", told["statements"], told["title"])
                click.echo("  ".join(_cell(cell) for cell in cells))
        yield each


def _described(judged: Judged) -> dict[str, Any]:
    return {
        "address": judged.address,
        "source": judged.source,
        "license": judged.verdict.uri or judged.verdict.family or "",
        "title": judged.title,
        "statements": " | ".join(
            each.raw or each.raw_id or each.uri or "" for each in judged.statements
        ),
    }


def _cell(text: str) -> str:
    shown = printable(text)
    return shown if len(shown) <= CELL else f"{shown[: CELL - 1]}…"
