"""The catalogue's pages: home, search, a resource, about."""

import logging
from functools import cache

from flask import Blueprint, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from oer.models.resource import PUBLISHED
from oer.search.index import SearchQuery
from oer.search.query import has_words
from oer.services import catalogue
from oer.web import (
    asking,
    embeds,
    exports,
    facets,
    languages,
    paging,
    present,
    resource_page,
    suggest,
    suggestions,
    template_tools,
    values,
)
from oer.web import qr as qr_code
from oer.web.context import context
from oer.web.search_state import SearchState

logger = logging.getLogger(__name__)

blueprint = languages.blueprint("catalogue", __name__)
unprefixed = Blueprint("unprefixed", __name__)

NEWEST = 6

BROWSED = ("permission", "level", "subject", "type")
"""Facets that the home page offers to browse by."""


@blueprint.get("/")
def home() -> str:
    """The front door: a search field, ways to browse, what is new."""
    ui = languages.ui_language()
    with context().sessions() as session:
        resources = catalogue.newest(session, NEWEST)
        sources = {source.id: source for source in catalogue.sources(session)}
    counts = context().index.search(SearchQuery(limit=0, facets=BROWSED))
    if resources and not counts.total:
        _warn_that_nothing_is_found()
    return render_template(
        "catalogue/home.html",
        total=counts.total,
        permissions=facets.browse("permission", counts, ui).all,
        levels=facets.browse("level", counts, ui).all,
        subjects=facets.browse("subject", counts, ui),
        types=facets.browse("type", counts, ui),
        newest=[present.result(resource, ui, sources) for resource in resources],
    )


@cache
def _warn_that_nothing_is_found() -> None:
    """Once in a process: who runs it reads the log, and readers come by the thousand."""
    logger.warning("The search index is empty, and materials are published. Run: oer index rebuild")


@blueprint.get("/search")
def search() -> str:
    """Everything found, and what to narrow it by."""
    ui = languages.ui_language()
    state = SearchState.from_args(request.args)
    with asking.hits_and_counts(context().index, state.query(ui)) as (results, counted):
        with context().sessions() as session:
            resources = catalogue.by_ids(session, (hit.id for hit in results.hits))
            sources = catalogue.sources(session)
        by_id = {source.id: source for source in sources}
        wanted = frozenset(results.terms)
        found = [present.result(each, ui, by_id, wanted) for each in resources]
        counts = counted()
    names_in_index = {source.slug: source.name for source in sources}
    chips = facets.chips(state, ui, names_in_index)
    return render_template(
        "catalogue/search.html",
        state=state,
        total=results.total,
        text=state.text if results.terms or has_words(state.text) else "",
        paging=paging.paging(state, results.total),
        results=found,
        facets=facets.facets(state, counts, ui, names_in_index),
        chips=chips,
        asked=exports.asked(state.text, chips),
        feed_title=exports.feed_title(state.text, chips),
        most_rows=exports.MOST_ROWS,
        values_url=values.url,
        kept=", ".join(results.kept),
        dropped=", ".join(results.dropped),
        suggestion=results.suggestion,
        ways_out=[] if results.total else suggestions.ways_out(context().index, state),
    )


@blueprint.get("/search/values")
def all_values() -> str | AnyResponse:
    """Every value of one facet of a search."""
    return values.page()


@blueprint.get("/suggest")
def suggested() -> AnyResponse:
    """What may be meant by the beginning of a search."""
    return suggest.answer()


@blueprint.get("/r/<path:address>")
def resource(address: str) -> AnyResponse:
    """A resource in the language of the path."""
    return resource_page.answer(address)


@blueprint.get("/r/<address>/qr")
def poster(address: str) -> str:
    """The QR code of a material as large as the screen, for a projector or a door."""
    with context().sessions() as session:
        found = catalogue.by_address(session, address)
        if found is None or found.status != PUBLISHED:
            abort(404)
    title = present.title(found.description, languages.ui_language())
    return render_template("catalogue/poster.html", resource=found, title=title)


@blueprint.get("/about")
def about() -> str:
    """What this catalogue is, and what it promises."""
    with context().sessions() as session:
        sources = [s for s in catalogue.sources(session) if s.removed_at is None]
    title = f"{_('Search')} – {context().settings.site_name}"
    code = embeds.search_box_code(title)
    return render_template("catalogue/about.html", sources=sources, search_box_code=code)


@unprefixed.get("/r/<path:address>")
def permanent(address: str) -> AnyResponse:
    """The permanent address: answers itself, in the reader's language."""
    response = resource_page.answer(address)
    ui = languages.ui_language()
    location = url_for("catalogue.resource", ui=ui, address=address, list=None)
    response.headers["Content-Location"] = location
    return response


@unprefixed.get("/r/<address>/qr.svg")
def qr(address: str) -> AnyResponse:
    """The permanent address as a QR code."""
    with context().sessions() as session:
        if catalogue.by_address(session, address) is None:
            abort(404)
    response = make_response(qr_code.svg(template_tools.permanent_url(address)))
    response.mimetype = "image/svg+xml"
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@unprefixed.get("/")
@unprefixed.get("/search")
@unprefixed.get("/about")
def choose_language() -> AnyResponse:
    """Send the reader to the same page in their language."""
    return languages.to_preferred()
