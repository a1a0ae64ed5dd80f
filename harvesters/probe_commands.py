"""``oer source probe``: look at a repository before it is added."""

import sys
from typing import Any

import click

from oer.commands.context import Oer
from oer.commands.output import echo_json, printable, width

BAR = 20
"""Columns of a bar."""

SETS_SHOWN = 15
VALUES_SHOWN = 10


@click.command()
@click.argument("url")
@click.option("--prefix", help="Metadata format to look at; the richest we can read where absent.")
@click.option("--set", "sets", multiple=True, help="Look at this set only (repeatable).")
@click.option(
    "--records",
    default=50,
    show_default=True,
    type=click.IntRange(1, 5000),
    help="How many records to read.",
)
@click.option("--internal", is_flag=True, help="Permit private and loopback addresses.")
@click.option(
    "--headers-from",
    metavar="VARIABLE",
    help="Environment variable that holds request headers (credentials).",
)
@click.option(
    "--ca-file",
    type=click.Path(exists=True, dir_okay=False, resolve_path=True),
    help="Certificate authority to trust for this source.",
)
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def probe(
    oer: Oer,
    url: str,
    prefix: str | None,
    sets: tuple[str, ...],
    records: int,
    internal: bool,
    headers_from: str | None,
    ca_file: str | None,
    as_json: bool,
) -> None:
    """Look at a repository: what it offers, what its records hold, what is odd.

    URL may also be that of a feed, a sitemap, a site whose robots.txt names one, a table or a
    static repository. Reads a sample and writes nothing. The source need not have been added. Ends
    with 0 when there is something to harvest, 1 when there is nothing that we could read, 2 on
    wrong usage.

    \b
    Example:  oer source probe https://aoe.fi/meta/oaipmh
              oer source probe https://courses.example/
    """
    from datetime import UTC, datetime

    from harvesters import probe as probing
    from harvesters.probe_advice import Access, slug_for
    from harvesters.source_http import client_for
    from oer.models import Source
    from oer.services.sources import checked_url

    url = checked_url(url)
    looked_at = Source(
        slug=slug_for(url, None),
        base_url=url,
        internal=internal,
        headers_variable=headers_from,
        ca_file=ca_file,
        delay_seconds=0.0,
    )
    with client_for(looked_at, contact=oer.settings.contact) as http:
        report = probing.probe(
            url,
            http,
            now=datetime.now(UTC),
            prefix=prefix,
            sets=sets,
            records=records,
            access=Access(internal, headers_from, ca_file),
        )
    if as_json:
        echo_json(report.as_dict())
    else:
        for line in _lines(report):
            click.echo(printable(line) if line else "")
    sys.exit(0 if report.is_usable else 1)


# -- the report as text ----------------------------------------------------------------------------


def _lines(report: Any) -> Any:
    from harvesters.probe_advice import gaps

    yield from _facts(report)
    if report.formats or report.protocol == "oai_pmh":
        yield from _formats(report)
    if report.protocol == "oai_pmh":
        yield from _sets(report)
    yield from _sample(report)
    if report.profile.records:
        yield from _profile(report.profile)
    yield from _said("Warnings", [each.text for each in report.warnings])
    yield from _said("Notes", report.sample.notes)
    yield from ("", "To add it")
    if report.definition:
        yield f"  write this to {report.advice.arguments[0]}, as far as it is right:"
        yield from (f"    {line}" for line in report.definition.splitlines())
        yield "  and then"
    yield f"  {report.advice.command}"
    yield from (f"  – {reason}" for reason in report.advice.why)
    if found := gaps(report.profile):
        yield f"  – {found}"
    if report.sets and "--set" not in report.advice.arguments:
        yield "  – Everything is harvested. Name sets with --set where only some hold materials."


def _facts(report: Any) -> Any:
    info = report.info
    yield info.name or "(it gives no name)"
    rows: tuple[tuple[str, Any], ...] = (("address", report.url), ("it is", report.what))
    if report.protocol == "oai_pmh":
        rows += _said_by_identify(info)
    yield from (f"  {name:<14} {value or '– not stated'}" for name, value in rows)


def _said_by_identify(info: Any) -> tuple[tuple[str, Any], ...]:
    return (
        ("its clock", info.response_date),
        ("dates in", {"YYYY-MM-DD": "days"}.get(info.granularity or "", "seconds")
            if info.granularity else None),
        ("oldest record", info.earliest_datestamp),
        ("deletions", info.deleted_record),
    )  # fmt: skip


def _formats(report: Any) -> Any:
    yield from ("", "Formats")
    if not report.formats:
        yield "  (none could be listed)"
    names = _column([each.prefix for each in report.formats])
    for name, each in zip(names, report.formats, strict=True):
        mark = "*" if each.prefix == report.prefix else " "
        read = f"read as {each.read_as}" if each.read_as else "not read"
        yield f"{mark} {name}  {read:<20} {each.namespace}"


def _sets(report: Any) -> Any:
    count = f"more than {len(report.sets)}" if report.more_sets else str(len(report.sets))
    yield from ("", f"Sets: {count if report.sets else 'none'}")
    shown = report.sets[:SETS_SHOWN]
    names = _column([spec for spec, _ in shown])
    yield from (f"  {name}  {title}" for name, (_, title) in zip(names, shown, strict=True))
    if len(report.sets) > SETS_SHOWN:
        yield "  …"


def _sample(report: Any) -> Any:
    sample = report.sample
    yield from ("", f"Sample, as {report.prefix}" if report.prefix else "Sample")
    of = f" of {sample.list_size}" if sample.list_size else ""
    whole = " (the whole list)" if sample.is_whole else ""
    yield f"  {sample.seen}{of} records on {sample.pages} pages{whole}: {sample.read} read, " + (
        f"{sample.deleted} deleted, {sum(sample.problems.values())} not readable"
    )
    if sample.seconds:
        mean = sum(sample.seconds) / len(sample.seconds)
        yield f"  {mean:.1f} seconds a page"
    for code, count in sample.problems.most_common():
        yield f"  not readable: {code} ({count})"
    yield from (f"    {name}: {detail}" for name, _, detail in sample.examples)


def _profile(profile: Any) -> Any:
    from oer.services.explanations import FINDINGS, PARTS

    yield from ("", f"What the records have (on average {profile.completeness:.0%})")
    names = _column([PARTS.get(each.name, each.name) for each in profile.parts])
    for name, each in zip(names, profile.parts, strict=True):
        share = profile.share(each.count)
        yield f"  {name}  {'█' * round(share * BAR):<{BAR}} {share:>4.0%}"
    yield from _licenses(profile)
    yield from _counted("Languages", profile.languages)
    yield from _counted("Types", profile.types)
    yield from _counted("Levels of education", profile.levels)
    if profile.unmapped:
        yield from ("", f"Values that are in no list we know: {profile.unmapped_count}")
        for each in profile.unmapped[:VALUES_SHOWN]:
            yield f"  {each.count:>5}  {each.vocabulary}: {each.raw}"
    if profile.findings:
        yield from ("", "Findings")
        for each in profile.findings:
            yield f"  {each.count:>5}  {each.severity}: {FINDINGS.get(each.code, each.code)}"


def _licenses(profile: Any) -> Any:
    from oer.metadata import licenses

    yield from ("", f"Licences ({profile.share(profile.open_count):.0%} open)")
    for each in profile.licenses:
        yield f"  {each.count:>5}  {licenses.name(each.value, 'en')}"
    if profile.statements:
        yield "  as stated:"
    for each in profile.statements[:VALUES_SHOWN]:
        meaning = licenses.name(each.code, "en") if each.code else "names no licence we know"
        yield f"  {each.count:>5}  {each.element or ''}: {each.raw}  →  {meaning}"


def _counted(heading: str, values: Any) -> Any:
    if values:
        yield from ("", heading)
        shown = (f"{each.value} ({each.count})" for each in values[:VALUES_SHOWN])
        yield f"  {', '.join(shown)}"


def _said(heading: str, texts: Any) -> Any:
    if texts:
        yield from ("", heading)
        yield from (f"  – {text}" for text in texts)


def _column(texts: list[str]) -> list[str]:
    """Texts padded to the widest of them, within reason."""
    texts = [printable(text) for text in texts]
    room = min(max(map(width, texts), default=0), 60)
    return [text + " " * max(0, room - width(text)) for text in texts]
