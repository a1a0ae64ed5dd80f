"""Sources: the list of them, a page for each, and the same as JSON and as an Atom feed."""

from datetime import UTC, datetime

import msgspec
from flask import Blueprint, Response, abort, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from oer.metadata import licenses
from oer.metadata.resource_metadata import PartialDate
from oer.services import source_status
from oer.services.source_page import source_page
from oer.web import finding_texts, languages, plot, source_texts, words
from oer.web.context import context
from oer.web.source_shares import percent, shares

blueprint = languages.blueprint("sources", __name__)
unprefixed = Blueprint("sources_unprefixed", __name__)


@blueprint.get("/sources")
def every() -> str:
    """All sources, and how they are doing."""
    with context().sessions() as session:
        lines = source_status.lines(session, now=_now())
    return render_template("sources/list.html", lines=lines, texts=source_texts)


@blueprint.get("/source/<slug>")
def one(slug: str) -> str:
    """A source: its runs, what is good and what is missing in its records."""
    after = request.args.get("after", "")
    # More digits than that are no number of a row in any database.
    place = int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0
    page = source_page(context().sessions, slug, now=_now(), after=place) or abort(404)
    ui = languages.ui_language()
    return render_template(
        "sources/one.html",
        page=page,
        profile=page.profile.profile,
        is_first=not place,
        plot=plot.plot([(step.period, step.total) for step in page.growth]),
        shares=shares(page.profile.profile, ui),
        texts=source_texts,
        says=finding_texts,
        percent=lambda share: percent(share, ui),
        period=lambda text: words.partial_date(PartialDate(text, text), ui),
        license_name=lambda code: licenses.name(code, ui),
    )


@unprefixed.get("/source/<slug>.json")
def as_json(slug: str) -> AnyResponse:
    """A source for programs: everything its page shows."""
    page = source_page(context().sessions, slug, now=_now()) or abort(404)
    body = msgspec.json.encode(page.as_dict() | {"page": _page_url(slug)})
    return Response(body, mimetype="application/json")


@unprefixed.get("/source/<slug>.atom")
def as_atom(slug: str) -> AnyResponse:
    """The runs of a source and its problems, as a feed, in the language the reader prefers."""
    # Here, because it needs the XML library, and starting up does not.
    from oer.web import atom, source_feed

    page = source_page(context().sessions, slug, now=_now()) or abort(404)
    document = atom.write(source_feed.feed(page, _page_url(slug)))
    return Response(document, mimetype=atom.MEDIA_TYPE)


@unprefixed.get("/sources")
@unprefixed.get("/source/<slug>")
def choose_language(slug: str = "") -> AnyResponse:
    """Send the reader to the same page in their language."""
    return languages.to_preferred()


def _now() -> datetime:
    return datetime.now(UTC)


def _page_url(slug: str) -> str:
    base = context().settings.base_url or request.host_url
    return base.rstrip("/") + url_for("sources_unprefixed.choose_language", slug=slug)
