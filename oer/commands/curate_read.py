"""``oer curate queue``, ``report`` and ``log``: what waits, and what was done."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TextIO

import click

from oer.commands.context import Oer
from oer.commands.curate_print import LOG_COLUMNS, cell, log_row, plain, time
from oer.commands.output import echo_json, echo_table

if TYPE_CHECKING:
    from oer.services.queue import Found, Page


@click.command()
@click.option("--source", metavar="SLUG", help="Only resources of this source.")
@click.option("--finding", metavar="CODE", help="Only with this finding, such as no-license.")
@click.option(
    "--severity",
    type=click.Choice(("error", "warning", "info")),
    help="The least grave finding to show.",
)
@click.option("--status", type=click.Choice(("in_review", "published", "rejected")))
@click.option(
    "--older-than", metavar="DAYS", type=click.IntRange(0), help="Only what has waited so long."
)
@click.option("--after", metavar="PLACE", help="Go on where the page before ended.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def queue(oer: Oer, /, after: str | None, limit: int, as_json: bool, **given: Any) -> None:
    """List what waits for review or has findings: gravest first, then longest waiting.

    \b
    Example:  oer curate queue --source aoe --severity error
              oer curate queue --finding unknown-license --older-than 30
    """
    from oer.services import queue as waiting

    with oer.sessions() as session:
        wanted = _wanted(session, **given)
        found = waiting.page(session, wanted, after=after, limit=limit)
        total = waiting.count(session, wanted)
    if as_json:
        listed = [asdict(each) | {"since": time(each.since)} for each in found.waiting]
        for each in listed:
            each.pop("id")
            for finding in each["findings"]:
                finding["found_at"] = time(finding["found_at"])
        echo_json({"total": total, "next": found.next, "waiting": listed})
    else:
        _show_queue(found, total)


def _wanted(
    session: Any,
    *,
    source: str | None = None,
    finding: str | None = None,
    severity: str | None = None,
    status: str | None = None,
    older_than: int | None = None,
) -> Any:
    from oer.services import sources
    from oer.services.queue import Wanted

    return Wanted(
        source_id=sources.get(session, source).id if source else None,
        code=finding,
        severity=severity,
        status=status,
        before=None if older_than is None else datetime.now(UTC) - timedelta(days=older_than),
    )


def _show_queue(found: Page, total: int) -> None:
    if not found.waiting:
        click.echo("Nothing waits.")
        return
    echo_table(
        ("ADDRESS", "GRAVEST", "STATUS", "SINCE", "SOURCE", "FINDINGS", "TITLE"),
        (
            (
                each.address,
                each.severity,
                each.status.replace("_", " "),
                f"{each.since:%Y-%m-%d}",
                each.source,
                ", ".join(dict.fromkeys(map(_told, each.findings))) or None,
                cell(each.title),
            )
            for each in found.waiting
        ),
    )
    click.echo(f"{len(found.waiting)} of {total}.")
    if found.next:
        click.echo(f"The next page: the same command with --after {found.next}")


def _told(finding: Found) -> str:
    """A finding of the checks by its code; what a reader reports in the reader's words."""
    from oer.services.findings import REPORTED

    is_report = finding.code == REPORTED and finding.evidence
    return cell(f"{finding.code} {finding.evidence}") or "" if is_report else finding.code


# -- the report and the log ------------------------------------------------------------------------


@click.command()
@click.argument("source")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "csv", "html")),
    default="text",
    show_default=True,
    help="csv lists every finding.",
)
@click.option("--output", type=click.File("w", encoding="utf-8"), default="-", help="A file.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def report(oer: Oer, source: str, form: str, output: TextIO, as_json: bool) -> None:
    """Report on a source, to send to whoever keeps it.

    \b
    Example:  oer curate report aoe --format html --output aoe.html
    """
    from oer.services import report_forms, source_report, sources

    with oer.sessions() as session:
        found = sources.get(session, source)
        if form == "csv" and not as_json:
            output.writelines(report_forms.as_csv(source_report.rows(session, found)))
            return
        made = source_report.source_report(session, found, now=datetime.now(UTC))
    if as_json:
        echo_json(plain(made.as_dict()))
    else:
        write = report_forms.as_html if form == "html" else report_forms.as_text
        output.write(write(made))


@click.command()
@click.argument("address", required=False)
@click.option("--source", metavar="SLUG", help="Only of this source.")
@click.option("--by", metavar="NAME", help="Only by this person.")
@click.option("--action", metavar="NAME", help="Only this action, such as withdraw.")
@click.option("--since", type=click.DateTime(("%Y-%m-%d",)), help="Only since this day (UTC).")
@click.option("--before", type=int, metavar="ENTRY", help="Only entries before this one.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def log(
    oer: Oer,
    /,
    address: str | None,
    source: str | None,
    by: str | None,
    since: datetime | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Show who did what, when and why, newest first.

    \b
    Example:  oer curate log 7k3m9x2p
              oer curate log --action withdraw --since 2026-01-01
    """
    from oer.services import curation, events, sources

    with oer.sessions() as session:
        found = events.log(
            session,
            resource_id=curation.get(session, address).id if address else None,
            source_id=sources.get(session, source).id if source else None,
            actor=by,
            since=since and since.replace(tzinfo=UTC),
            **given,
        )
    if as_json:
        for entry in found:
            echo_json(entry.as_dict())
    elif found:
        echo_table(LOG_COLUMNS, map(log_row, found))
    else:
        click.echo("Nothing was done yet.")
