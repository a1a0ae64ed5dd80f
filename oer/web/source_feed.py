"""A source as a feed: its runs, and each kind of problem that it has now."""

from datetime import UTC, datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from oer.services.source_page import Run, SourcePage
from oer.web import finding_texts, languages, source_texts, words
from oer.web.atom import Entry, Feed
from oer.web.context import context
from oer.web.text import Text

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""When the feed of a source changed that was never visited."""


def feed(page: SourcePage, url: str) -> Feed:
    """The feed of a source whose page stands at ``url``."""
    newest = page.runs[0] if page.runs else None
    problems = tuple(_problem(page, url, newest) if newest else ())
    return Feed(
        title=_("%(source)s: how fetching goes", source=page.name),
        lang=languages.ui_language(),
        page_url=url,
        self_url=f"{url}.atom",
        site_name=context().settings.site_name,
        entries=problems + tuple(_entry(url, run) for run in page.runs),
        updated=_NEVER,
    )


def _entry(url: str, run: Run) -> Entry:
    lines = [_counts(run), *([run.error] if run.error else []), *run.notes]
    return Entry(
        id=f"{url}#run-{run.id}",
        title=Text(
            _(
                "%(day)s: %(state)s",
                day=words.moment(run.started_at, languages.ui_language()),
                state=source_texts.state(run.state),
            )
        ),
        updated=run.finished_at or run.started_at,
        url=f"{url}#runs",
        content="\n".join(lines),
        categories=(run.state,),
    )


def _problem(page: SourcePage, url: str, newest: Run) -> list[Entry]:
    """One entry for each kind of problem that there is now."""
    return [
        Entry(
            id=f"{url}#problem-{code}",
            title=Text(str(finding_texts.problem(code))),
            updated=newest.finished_at or newest.started_at,
            url=f"{url}#rejected",
            content=ngettext(
                "%(num)s record could not be taken in.",
                "%(num)s records could not be taken in.",
                count,
            ),
            categories=(f"problem-{code}",),
        )
        for code, count in page.rejected_counts.items()
    ]


def _counts(run: Run) -> str:
    """What a run brought, in a sentence."""
    return str(
        _(
            "%(seen)s records seen: %(created)s new, %(updated)s changed, %(unchanged)s unchanged, "
            "%(withdrawn)s deleted, %(quarantined)s not taken in.",
            seen=run.seen,
            created=run.created,
            updated=run.updated,
            unchanged=run.unchanged,
            withdrawn=run.withdrawn,
            quarantined=run.quarantined,
        )
    )
