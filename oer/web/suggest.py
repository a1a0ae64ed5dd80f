"""Suggestions while typing, as JSON: for the search field's script and for browsers' search boxes.

The words come from the server, since the script has no translations. An answer depends on nothing
but its address, so it may be kept by whoever carries it.
"""

import json
from collections.abc import Iterable
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from oer.search.index import Suggestion
from oer.services import catalogue
from oer.web import languages, words
from oer.web.context import context
from oer.web.facet_labels import kind_of
from oer.web.search_state import SearchState
from oer.web.template_tools import search_url, whole_url

MOST = 8

LONGEST = 60
"""Characters after which nobody needs a suggestion."""

KEPT = "public, max-age=300"

OPENSEARCH = "application/x-suggestions+json"


def answer() -> Response:
    """Suggestions for ``q``; ``form=opensearch`` gives the form that browsers ask for.

    OpenSearch Suggestions 1.1: what was typed, the texts, what they are, where they lead.
    """
    typed = " ".join(request.args.get("q", "").split())
    found = _found(typed) if len(typed) <= LONGEST else []
    if request.args.get("form") == "opensearch":
        texts, kinds = ([item[key] for item in found] for key in ("text", "kind"))
        urls = [whole_url(item.get("url") or _search_for(item["text"])) for item in found]
        return _response([typed, texts, kinds, urls], OPENSEARCH)
    said = ngettext("%(num)s suggestion", "%(num)s suggestions", len(found)) if found else ""
    return _response({"said": said, "items": found}, "application/json")


def _found(typed: str) -> list[dict[str, Any]]:
    ui = languages.ui_language()
    suggested = context().index.suggest(typed, ui, MOST)
    addresses = _addresses(each for each in suggested if each.kind == "title")
    items = (_item(each, ui, addresses) for each in suggested)
    return [item for item in items if item is not None]


def _addresses(titles: Iterable[Suggestion]) -> dict[str, str]:
    ids = [int(each.id) for each in titles if each.id]
    if not ids:
        return {}
    with context().sessions() as session:
        return {str(each.id): each.address for each in catalogue.by_ids(session, ids)}


def _item(each: Suggestion, ui: str, addresses: dict[str, str]) -> dict[str, Any] | None:
    """A suggestion for the script: one without an address is text to be searched for."""
    item = {"text": each.text, "kind": _kind(each)}
    if each.count is not None:
        item["count"] = words.number(each.count, ui)
    if each.kind == "title":
        if each.id not in addresses:
            return None
        item["url"] = url_for("catalogue.resource", address=addresses[each.id])
    elif each.id:
        item["url"] = search_url(SearchState(filters={each.kind: (each.id,)}))
    return item


def _kind(each: Suggestion) -> str:
    if each.id and each.kind != "title":
        return kind_of(each.kind, each.id)
    return str(_("Material") if each.kind == "title" else _("Keyword"))


def _search_for(text: str) -> str:
    return search_url(SearchState(text=text))


def _response(body: Any, content_type: str) -> Response:
    response = Response(json.dumps(body, ensure_ascii=False), content_type=content_type)
    response.headers["Cache-Control"] = KEPT
    response.headers["X-Robots-Tag"] = "noindex"
    return response
