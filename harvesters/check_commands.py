"""``oer check``: finding out what has gone wrong since a resource was described."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, TextIO

import click

from oer.commands.check_licenses import licenses
from oer.commands.context import Oer
from oer.commands.output import echo_json, printable

if TYPE_CHECKING:
    from harvesters.link_checker import Checked, Tally
    from oer.services.link_queue import Wanted
    from oer.services.link_standing import Standing

INTERRUPTED = 130
BAR_WIDTH = 24

STATES = ("alive", "moved", "doubtful", "failing", "dead", "refused", "unchecked")
"""As in ``link_standing``, which is not loaded for a help text."""


@click.group()
def check() -> None:
    """Find out what has gone wrong since resources were described."""


check.add_command(licenses)


@check.command()
@click.option("--source", "slug", help="Only links of this source's resources.")
@click.option("--url", help="Only this link, now.")
@click.option("--again", is_flag=True, help="Also links that are not due yet.")
@click.option("--limit", type=click.IntRange(1), help="Check no more than so many.")
@click.option("--workers", default=8, show_default=True, type=click.IntRange(1, 64),
              help="So many hosts at a time; each host is asked one thing at a time.")  # fmt: skip
@click.option("--delay", default=1.0, show_default=True, type=click.FloatRange(0, 60),
              help="Seconds between two requests to one host.")  # fmt: skip
@click.option("--report", is_flag=True, help="Tell what is known and ask nobody.")
@click.option("--state", type=click.Choice(STATES), help="With --report: only such links.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each link, a line each.")
@click.pass_obj
def links(oer: Oer, /, slug: str | None, report: bool, **given: Any) -> None:
    """Check whether links still lead anywhere.

    Checks those that are due: new ones, and others by what was found last (alive: after a month,
    doubtful or dead: a week, failing: the next day). A link counts as dead after at least two
    failures over at least three days. Nothing is ever deleted or withdrawn.

    Ends with 0 when all was checked, 1 on an error, 2 on wrong usage, 130 when stopped by Ctrl-C;
    what was checked until then is kept. The summary goes to the error output with --json.

    \b
    Example:  oer check links --source aoe --limit 500
    Example:  oer check links --report --state dead
    """
    if report and (given["again"] or given["limit"]):
        raise click.UsageError("--report asks nobody: leave out --again and --limit.")
    if given["state"] and not report:
        raise click.UsageError("--state goes with --report.")
    from oer.services import sources
    from oer.services.link_queue import Wanted, find
    from oer.services.links import link_url

    with oer.sessions() as session:
        source_id = sources.get(session, slug).id if slug else None
    if report:
        url = given["url"] and (link_url(given["url"]) or given["url"])
        _report(oer, given["state"], source_id, url, as_json=given["as_json"])
        return
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _refresh(oer)
        with oer.sessions() as session:
            url = find(session, given["url"]) if given["url"] else None
        wanted = Wanted(datetime.now(UTC), source_id, url, given["again"])
        _check(oer, wanted, given)
    except KeyboardInterrupt:
        click.echo("Stopped. What was checked is kept; the rest is due as before.", err=True)
        sys.exit(INTERRUPTED)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _refresh(oer: Oer) -> None:
    from oer.services import links

    view = View()
    links.refresh(
        oer.sessions,
        now=datetime.now(UTC),
        progress=lambda done: view.draw(f"Gathering links: {done} changed resources"),
    )
    view.clear()


def _check(oer: Oer, wanted: Wanted, given: dict[str, Any]) -> None:
    from harvesters.link_checker import Asker, check_links
    from oer.services import findings

    view, started = View(), monotonic()

    def tell(checked: Sequence[Checked]) -> None:
        view.clear()
        for each in checked:
            if given["as_json"]:
                echo_json({**as_dict(each.url, each.standing), "state": each.name})
            elif each.name not in ("alive", "postponed"):
                click.echo(line(each.url, each.standing))

    try:
        with Asker(contact=oer.settings.contact, delay_seconds=given["delay"]) as asker:
            tally = check_links(
                oer.sessions,
                wanted=wanted,
                look=asker,
                workers=given["workers"],
                limit=given["limit"],
                report=lambda tally: view.draw(progress(tally, monotonic() - started)),
                kept=tell,
            )
    finally:
        view.clear()
        # Also after Ctrl-C: what was found out should stand in the curators' queue.
        with oer.sessions.begin() as session:
            findings.renew_dead_links(session, now=datetime.now(UTC))
    click.echo(summary(tally), err=given["as_json"])


def _report(
    oer: Oer, state: str | None, source_id: int | None, url: str | None, *, as_json: bool
) -> None:
    from oer.services import link_report

    with oer.sessions() as session:
        for known in link_report.known(session, state=state, source_id=source_id, url=url):
            resources = [
                {"address": address, "title": printable(title)}
                for address, title in known.resources
            ]
            if as_json:
                echo_json({**as_dict(known.url, known.standing), "resources": resources})
                continue
            click.echo(line(known.url, known.standing))
            for each in resources:
                click.echo(f"          {each['address']}  {each['title'] or '(no title)'}")
        counts = link_report.counts(session, source_id=source_id)
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    click.echo(f"{sum(counts.values())} links: {told or 'none yet'}.", err=as_json)


class View:
    """One line on the terminal that is drawn over again; nothing where there is no terminal."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._drawn = 0

    def draw(self, text: str) -> None:
        """Show this instead of what is shown."""
        if self._stream.isatty():
            self._stream.write("\r" + text.ljust(self._drawn))
            self._stream.flush()
            self._drawn = len(text)

    def clear(self) -> None:
        """Make room for other lines."""
        if self._drawn:
            self._stream.write("\r" + " " * self._drawn + "\r")
            self._stream.flush()
            self._drawn = 0


def progress(tally: Tally, seconds: float) -> str:
    """How far a run has come."""
    share = tally.checked / tally.due if tally.due else 1.0
    full = round(share * BAR_WIDTH)
    said = f"{'█' * full}{'░' * (BAR_WIDTH - full)} {share:4.0%}  {tally.checked} of {tally.due}"
    if tally.checked and seconds > 1:
        left = round((tally.due - tally.checked) * seconds / tally.checked)
        said += f"  {tally.checked / seconds:.1f}/s  {left // 60}:{left % 60:02d} left"
    return said


def summary(tally: Tally) -> str:
    """What became of the links, in one line."""
    always = ("alive", "moved", "doubtful", "failing", "dead")
    names = [*always, *(name for name in sorted(tally.found) if name not in always)]
    return f"{tally.checked} checked: {', '.join(f'{tally.found[name]} {name}' for name in names)}."


def line(url: str, standing: Standing) -> str:
    """A link for people."""
    parts = [standing.name.ljust(8), str(standing.status or "–").ljust(4), url]
    if standing.final_url:
        parts.append(f"→ {standing.final_url}")
    if standing.detail:
        parts.append(f"({standing.detail})")
    if standing.state in ("failing", "dead") and standing.first_failed_at:
        parts.append(f"since {standing.first_failed_at:%Y-%m-%d}")
    return printable(" ".join(parts))


def as_dict(url: str, standing: Standing) -> dict[str, Any]:
    """A link for programs."""
    return {
        "url": url,
        "state": standing.name,
        "status": standing.status,
        "detail": standing.detail and printable(standing.detail),
        "final_url": standing.final_url,
        "moved_permanently": standing.moved_permanently,
        "failures": standing.failures,
        "first_failed_at": _time(standing.first_failed_at),
        "checked_at": _time(standing.checked_at),
        "next_check_at": _time(standing.next_check_at),
    }


def _time(value: datetime | None) -> str | None:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if value else None
