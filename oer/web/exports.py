"""A search in other forms than a page: a feed to follow, tables and references to take along.

What is too long for memory is streamed: the index is asked once, and the descriptions are read in
small parts while the answer is being sent.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from flask import Response, request, stream_with_context
from flask_babel import gettext as _

from oer import __version__
from oer.metadata import licenses
from oer.models.resource import Resource
from oer.search.index import SearchResults
from oer.services import catalogue
from oer.services.csv_lines import csv_line
from oer.web import citations, facets, json_ld, languages, present, table_rows, words
from oer.web.context import context
from oer.web.facets import Chip
from oer.web.paging import paging
from oer.web.search_state import PAGE_SIZE, SearchState
from oer.web.template_tools import permanent_url, search_url, whole_url
from oer.web.text import from_lang_string, in_order_for

blueprint = languages.blueprint("exports", __name__)

MOST_ROWS = 10_000
"""Results of a search that an export holds; whoever wants all harvests them."""

READ_AT_ONCE = 100

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "json": "application/ld+json",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
}


@blueprint.get("/search.<any(atom, csv, json, bib, ris):form>")
def search(form: str) -> Response:
    """The same search as the page of these parameters, in another form."""
    state = SearchState.from_args(request.args)
    if form == "atom":
        return _feed(replace(state, sort="newest"))
    found = context().index.search(
        replace(state.query(languages.ui_language()), offset=0, limit=MOST_ROWS, facets=())
    )
    lines = _WRITERS[form](_resources([hit.id for hit in found.hits]), found)
    # Words and addresses depend on the request, which otherwise ends before the last line.
    response = Response(stream_with_context(lines), content_type=MEDIA_TYPES[form])
    name = f"materials-first-{MOST_ROWS}" if _is_cut(found) else "materials"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response.set_etag(_state(form, found), weak=True)
    # To know its length, all of it would have to be written first.
    response.automatically_set_content_length = False
    response.make_conditional(request)
    return response


def _state(form: str, found: SearchResults) -> str:
    """What differs whenever the file would; found out without writing it."""
    ids = [hit.id for hit in found.hits]
    with context().sessions() as session:
        revisions = catalogue.revisions(session, ids)
        names = [(source.id, source.name) for source in catalogue.sources(session)]
    held = [(id_, revisions.get(id_)) for id_ in ids]
    told = (__version__, form, whole_url(request.path), found.total, names, held)
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _is_cut(found: SearchResults) -> bool:
    return found.total > MOST_ROWS


def _held(found: SearchResults) -> str:
    """What a file says of itself that does not hold everything; else nothing."""
    if not _is_cut(found):
        return ""
    ui = languages.ui_language()
    count, total = words.number(MOST_ROWS, ui), words.number(found.total, ui)
    return str(_("The first %(count)s of %(total)s materials", count=count, total=total))


def _resources(ids: list[int]) -> Iterator[Resource]:
    for start in range(0, len(ids), READ_AT_ONCE):
        with context().sessions() as session:
            part = catalogue.by_ids(session, ids[start : start + READ_AT_ONCE])
        yield from part


def _csv(resources: Iterator[Resource], found: SearchResults) -> Iterator[str]:
    ui = languages.ui_language()
    with context().sessions() as session:
        names = {source.id: source.name for source in catalogue.sources(session)}
    yield table_rows.BYTE_ORDER_MARK + csv_line(table_rows.COLUMNS)
    for each in resources:
        yield csv_line(table_rows.row(each, ui, permanent_url(each.address), names))


def _json(resources: Iterator[Resource], found: SearchResults) -> Iterator[str]:
    ui = languages.ui_language()
    # Of the whole list, also where part of it is described (https://schema.org/numberOfItems).
    head = {"@context": json_ld.CONTEXT, "@type": "ItemList", "numberOfItems": found.total}
    if held := _held(found):
        head["description"] = held
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "itemListElement": ['
    between = "\n"
    for each in resources:
        node = json_ld.learning_resource(each.description, permanent_url(each.address), ui)
        yield between + json.dumps(node, ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


def _bib(resources: Iterator[Resource], found: SearchResults) -> Iterator[str]:
    ui = languages.ui_language()
    if held := _held(found):
        # What stands between entries is a comment.
        yield f"{held}\n\n"
    for each in resources:
        address = each.address
        yield citations.bibtex(each.description, address, permanent_url(address), ui) + "\n"


def _ris(resources: Iterator[Resource], found: SearchResults) -> Iterator[str]:
    ui = languages.ui_language()
    for each in resources:
        yield citations.ris(each.description, permanent_url(each.address), ui)


_WRITERS: dict[str, Callable[[Iterator[Resource], SearchResults], Iterator[str]]] = {
    "csv": _csv,
    "json": _json,
    "bib": _bib,
    "ris": _ris,
}


# -- the feed --------------------------------------------------------------------------------------


def _feed(state: SearchState) -> Response:
    from oer.web import atom  # and lxml with it: not before the first feed

    ui = languages.ui_language()
    found = context().index.search(replace(state.query(languages.ui_language()), facets=()))
    with context().sessions() as session:
        resources = catalogue.by_ids(session, (hit.id for hit in found.hits))
        sources = {source.slug: source.name for source in catalogue.sources(session)}
    following = paging(state, found.total).next
    name = context().settings.site_name
    feed = atom.Feed(
        title=feed_title(state.text, facets.chips(state, ui, sources)),
        lang=ui,
        page_url=whole_url(search_url(state.at(1))),
        self_url=whole_url(search_url(state, "atom")),
        next_url=whole_url(search_url(following, "atom")) if following else None,
        site_name=name,
        total=found.total,
        per_page=PAGE_SIZE,
        entries=tuple(_entry(each, ui) for each in resources),
    )
    return Response(atom.write(feed), content_type="application/atom+xml; charset=utf-8")


def feed_title(text: str, chips: Iterable[Chip]) -> str:
    """What a search is called where it stands beside others: its words and its filters."""
    said = asked(text, chips) or _("Newest first")
    return f"{said} – {context().settings.site_name}"


def asked(text: str, chips: Iterable[Chip]) -> str:
    """The words and filters of a search in one line; empty where it has none."""
    said = [text] if text else []
    for heading, alike in groupby(chips, key=lambda chip: chip.heading):
        labels = ", ".join(chip.label for chip in alike)
        said.append(f"{heading}: {labels}" if heading else labels)
    return "; ".join(said)


def _entry(resource: Resource, ui: str) -> Any:
    from oer.web import atom

    metadata = resource.description
    descriptions = in_order_for(ui, metadata.description)
    verdict = licenses.verdict(metadata.license)
    named = verdict.uri or verdict.family
    return atom.Entry(
        url=permanent_url(resource.address),
        title=present.title(metadata, ui),
        updated=resource.datestamp,
        published=resource.created_at,
        authors=atom.texts(agent.name for agent in metadata.creator),
        summary=from_lang_string(descriptions[0]) if descriptions else None,
        categories=atom.texts(text.text for text in present.meta(metadata, ui)),
        rights=licenses.name(named, ui) if named else "",
    )
