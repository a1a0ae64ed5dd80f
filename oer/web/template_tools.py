"""What templates may call, beyond what Flask and gettext give them."""

from collections.abc import Hashable
from typing import Any, cast

from flask import Flask, current_app, g, request, url_for

from oer.web import collection, languages, words
from oer.web.assets import asset_url
from oer.web.context import context
from oer.web.search_state import SearchState

_PIECES = "oer.web.pieces"


def init_app(app: Flask) -> None:
    """Give the templates their tools, and every address the language of the page."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions[_PIECES] = {}
    app.context_processor(_tools)
    # A filter costs less than a call, where there are hundreds on a page.
    app.jinja_env.filters["number"] = words.number
    app.url_defaults(_keep_language)
    app.url_defaults(_keep_list)


def _tools() -> dict[str, Any]:
    ui = languages.ui_language()
    return {
        "ui": ui,
        "ui_languages": languages.LANGUAGES,
        "path_in": languages.path_in,
        "site_name": context().settings.site_name,
        "contact": context().settings.contact,
        "asset_url": asset_url,
        "search_url": search_url,
        "permanent_url": permanent_url,
        "whole_url": whole_url,
        "my_list": my_list,
        "list_limits": collection,
        "quick_url": quick_url,
        "remembered": remembered,
        "number": lambda value: words.number(value, ui),
        "day": lambda value: words.moment(value, ui),
        "datestamp": lambda value: words.datestamp(value, ui),
    }


def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    if "ui" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "ui"):
        values["ui"] = languages.ui_language()


CARRYING_THE_LIST = frozenset(
    {
        "catalogue.about",
        "catalogue.all_values",
        "catalogue.home",
        "catalogue.poster",
        "catalogue.resource",
        "catalogue.search",
        "collections.edit",
        "collections.show",
        "guides.accessibility",
        "guides.help_page",
        "guides.licences",
        "preview.show",
        "report.form",
        "report.send",
        "report.thanks",
        "sources.every",
        "sources.one",
        "unprefixed.permanent",
        "validate.answer",
        "validate.form",
    }
)
"""Pages, and what leads to pages: a reader without scripts keeps their list on the way."""


def _keep_list(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint in CARRYING_THE_LIST and "list" not in values and (code := my_list().code):
        values["list"] = code


def my_list() -> collection.Collection:
    """The list that this address carries; an empty one where it carries none."""
    # Asked for by every link of a page, read once.
    if "my_list" not in g:
        carry(collection.read(request.args.get("list", "")))
    return cast(collection.Collection, g.my_list)


def carry(mine: collection.Collection) -> None:
    """Let the links of this page carry a list on, whatever its own address carries."""
    g.my_list = mine


_PLACE = "0place0"


def quick_url(endpoint: str, **value: str) -> str:
    """``url_for`` with a single value, of letters, digits and hyphens: for links by the dozen.

    What else belongs into the address is found out once a page.
    """
    ((name, text),) = value.items()
    known = g.setdefault("quick_urls", {})
    if (endpoint, name) not in known:
        values: dict[str, Any] = {name: _PLACE}
        before, _, after = url_for(endpoint, **values).partition(_PLACE)
        known[endpoint, name] = before, after
    before, after = known[endpoint, name]
    return f"{before}{text}{after}"


MOST_PIECES = 1000


def remembered(macro: Any, *arguments: Hashable) -> Any:
    """What a macro makes of arguments, kept for the next page that wants the same.

    For pieces that depend on nothing but the arguments and the language.
    """
    pieces = current_app.extensions[_PIECES]
    key = macro.name, languages.ui_language(), request.script_root, arguments
    piece = pieces.get(key)
    if piece is None:
        if len(pieces) >= MOST_PIECES:
            pieces.clear()
        piece = pieces[key] = macro(*arguments)
    return piece


def search_url(state: SearchState, form: str | None = None) -> str:
    """The address of a search, as a page or in another form such as ``atom``."""
    page = url_for("exports.search", form=form) if form else url_for("catalogue.search")
    query = state.query_string()
    return page + (f"{'&' if '?' in page else '?'}{query}" if query else "")


def whole_url(path: str) -> str:
    """An address of ours with its host, as machines elsewhere need it."""
    return (context().settings.base_url or request.host_url).rstrip("/") + path


def permanent_url(address: str) -> str:
    """The permanent address of a resource, whole, to be copied."""
    return whole_url(url_for("unprefixed.permanent", address=address, list=None))
