"""``oer curate show``: all we hold about one resource, before deciding about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import zip_longest
from typing import TYPE_CHECKING

import click

from oer.commands.context import Oer
from oer.commands.curate_print import LOG_COLUMNS, cell, log_row, plain, section
from oer.commands.output import echo_json, printable

if TYPE_CHECKING:
    from oer.services.dossier import Dossier


@click.command()
@click.argument("address")
@click.option("--payload", is_flag=True, help="Only the record as it was sent.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object, the record included.")
@click.pass_obj
def show(oer: Oer, address: str, payload: bool, as_json: bool) -> None:
    """Show all we hold about a resource: as sent and as shown, side by side, and why.

    \b
    Example:  oer curate show 7k3m9x2p
              oer curate show 7k3m9x2p --payload
    """
    from oer.errors import UsageError
    from oer.services import curation
    from oer.services.dossier import dossier

    with oer.sessions() as session:
        found = dossier(session, curation.get(session, address))
    if payload:
        if found.record is None:
            raise UsageError(f"'{address}' was not harvested: there is no record.")
        for line in found.record.payload.splitlines():
            click.echo(printable(line))
    elif as_json:
        echo_json(plain(asdict(found)))
    else:
        _show(found)


def _show(found: Dossier) -> None:
    from oer.services.findings import REPORTED

    click.echo(f"{found.address}  {found.status.replace('_', ' ')}  {found.source or 'made here'}")
    for name, value in _facts(found):
        if value:
            click.echo(f"{name:<15} {printable(value)}")
    section(
        "Description",
        ("FIELD", "AS SENT", "AS SHOWN", "BASIS"),
        _side_by_side(found),
    )
    section(
        "What was changed on the way",
        ("FIELD", "FROM", "TO", "RULE", "BASIS"),
        (
            [cell(each.get(key)) for key in ("field", "raw", "canonical", "rule", "basis")]
            for each in found.audit
        ),
    )
    section(
        "Corrections",
        ("FIELD", "OURS", "PROVIDER NOW", "PROVIDER CHANGED", "BY", "REASON"),
        (
            (
                each.field,
                cell(each.value_json),
                cell(each.provider_json_now),
                f"{each.provider_changed_at:%Y-%m-%d}" if each.provider_changed_at else "no",
                cell(each.by),
                cell(each.reason),
            )
            for each in found.corrections
        ),
    )
    section(
        "Findings",
        ("SEVERITY", "CODE", "FIELD", "SINCE", "EVIDENCE"),
        (
            (
                each.severity,
                each.code,
                each.field,
                f"{each.found_at:%Y-%m-%d}",
                cell(each.evidence),
            )
            for each in found.findings
        ),
    )
    reported = [each for each in found.findings if each.code == REPORTED]
    if reported:
        click.echo("\nWhat readers reported")
    for each in reported:
        click.echo(f"  {each.found_at:%Y-%m-%d}  {printable(each.evidence or '')}")
    missing = [part.name for part in found.completeness.parts if not part.present]
    click.echo(f"\nCompleteness {found.completeness.score:.0%}")
    if missing:
        click.echo(f"  missing: {', '.join(missing)}")
    section("Log", LOG_COLUMNS, map(log_row, found.events))


def _facts(found: Dossier) -> Iterator[tuple[str, str | None]]:
    yield "at the provider", found.url
    yield "withdrawn by", found.withdrawn_reason and (found.withdrawn_by or "its provider")
    yield "because", found.withdrawn_reason
    yield "instead", found.successor
    if found.record:
        yield "record", found.record.identifier
        yield "datestamp", found.record.datestamp
        yield "format", found.record.metadata_prefix
        yield (
            "problem",
            found.record.problem
            and f"{found.record.problem}: " + (found.record.problem_detail or ""),
        )
        yield "blocked", "yes, it is not harvested again" if found.record.blocked else None


def _side_by_side(found: Dossier) -> Iterator[tuple[object, ...]]:
    for element in found.elements:
        name: str | None = element.field + (" *" if element.overridden else "")
        for stated, shown in zip_longest(element.stated, element.shown):
            yield (
                name or "",
                cell(stated),
                cell(shown.value if shown else None),
                shown.basis if shown else None,
            )
            name = None
        if not element.stated and not element.shown:
            yield name, None, None, "curated"
