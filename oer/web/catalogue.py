"""The catalogue's pages: home, search, a resource, about."""

from flask import (
    Blueprint,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from oer.models.resource import MERGED, WITHDRAWN, Resource
from oer.search.index import SearchQuery
from oer.services import catalogue
from oer.web import facets, full_metadata, languages, paging, present, suggestions, template_tools
from oer.web.context import context
from oer.web.search_state import SearchState

blueprint = Blueprint(
    "catalogue", __name__, url_prefix=f"/<any({', '.join(languages.LANGUAGES)}):ui>"
)
unprefixed = Blueprint("unprefixed", __name__)

NEWEST = 6


@blueprint.url_value_preprocessor
def _drop_ui(endpoint: str | None, values: dict[str, str] | None) -> None:
    """The path's language is read by ``languages.ui_language``; views need not carry it."""
    (values or {}).pop("ui", None)


@blueprint.get("/")
def home() -> str:
    """The front door: a search field, ways to browse, what is new."""
    ui = languages.ui_language()
    with context().sessions() as session:
        resources = catalogue.newest(session, NEWEST)
        names = {source.id: source.name for source in catalogue.sources(session)}
    counts = context().index.search(SearchQuery(limit=0, facets=("level", "type")))
    return render_template(
        "catalogue/home.html",
        total=counts.total,
        levels=facets.browse("level", counts, ui).all,
        types=facets.browse("type", counts, ui),
        newest=[present.result(resource, ui, names) for resource in resources],
    )


@blueprint.get("/search")
def search() -> str:
    """Everything found, and what to narrow it by."""
    ui = languages.ui_language()
    state = SearchState.from_args(request.args)
    results = context().index.search(state.query())
    with context().sessions() as session:
        resources = catalogue.by_ids(session, (hit.id for hit in results.hits))
        sources = catalogue.sources(session)
    names = {source.id: source.name for source in sources}
    names_in_index = {source.slug: source.name for source in sources}
    return render_template(
        "catalogue/search.html",
        state=state,
        total=results.total,
        paging=paging.paging(state, results.total),
        results=[present.result(each, ui, names, results.terms) for each in resources],
        facets=facets.facets(state, results, ui, names_in_index),
        chips=facets.chips(state, ui, names_in_index),
        ways_out=[] if results.total else suggestions.ways_out(context().index, state),
    )


@blueprint.get("/r/<address>")
def resource(address: str) -> AnyResponse:
    """A resource in the language of the path."""
    return _resource_page(address)


@blueprint.get("/about")
def about() -> str:
    """What this catalogue is, and what it promises."""
    with context().sessions() as session:
        sources = [s for s in catalogue.sources(session) if s.removed_at is None]
    return render_template("catalogue/about.html", sources=sources)


@unprefixed.get("/r/<address>")
def permanent(address: str) -> AnyResponse:
    """The permanent address: answers itself, in the reader's language."""
    response = _resource_page(address)
    ui = languages.ui_language()
    response.headers["Content-Location"] = url_for("catalogue.resource", ui=ui, address=address)
    return response


@unprefixed.get("/")
@unprefixed.get("/search")
@unprefixed.get("/about")
def choose_language() -> AnyResponse:
    """Send the reader to the same page in their language."""
    response = redirect(languages.path_in(languages.preferred()))
    response.vary.add("Accept-Language")
    return response


def _resource_page(address: str) -> AnyResponse:
    with context().sessions() as session:
        found = catalogue.by_address(session, address) or abort(404)
        if found.status == MERGED:
            kept = catalogue.kept(session, found) or abort(404)
            return redirect(url_for("unprefixed.permanent", address=kept.address), 301)
        origins = catalogue.origins(session, found)
    if found.status == WITHDRAWN:
        return make_response(_tombstone(found), 410)
    ui = languages.ui_language()
    permanent_url = template_tools.permanent_url(address)
    return make_response(
        render_template(
            "catalogue/resource.html",
            page=present.resource_page(found.description, ui, permanent_url),
            resource=found,
            origins=origins,
            rows=full_metadata.rows(found.description),
            audit=full_metadata.audit_rows(found.audit_json),
        )
    )


def _tombstone(found: Resource) -> str:
    title = present.title(found.description, languages.ui_language())
    reason = present.withdrawn_reason(found)
    return render_template("catalogue/withdrawn.html", resource=found, title=title, reason=reason)
