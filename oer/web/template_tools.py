"""What templates may call, beyond what Flask and gettext give them."""

from typing import Any

from flask import Flask, request, url_for

from oer.web import languages, words
from oer.web.assets import asset_url
from oer.web.context import context
from oer.web.search_state import SearchState


def init_app(app: Flask) -> None:
    """Give the templates their tools, and every address the language of the page."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_tools)
    app.url_default_functions.setdefault("catalogue", []).append(_keep_language)


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
        "number": lambda value: words.number(value, ui),
        "day": lambda value: words.moment(value, ui),
        "datestamp": lambda value: words.datestamp(value, ui),
    }


def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint.startswith("catalogue."):
        values.setdefault("ui", languages.ui_language())


def search_url(state: SearchState) -> str:
    """The address of a search."""
    query = state.query_string()
    return url_for("catalogue.search") + (f"?{query}" if query else "")


def permanent_url(address: str) -> str:
    """The permanent address of a resource, whole, to be copied."""
    base = context().settings.base_url or request.host_url
    return base.rstrip("/") + url_for("unprefixed.permanent", address=address)
