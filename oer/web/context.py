"""What a view works with: the settings, the database and the search index of the running app."""

from dataclasses import dataclass

from flask import current_app

from oer.database import Sessions
from oer.search.index import SearchIndex
from oer.settings import Settings

KEY = "oer"


@dataclass(frozen=True)
class Context:
    """Made once by ``create_app`` and kept in ``app.extensions``."""

    settings: Settings
    sessions: Sessions
    index: SearchIndex


def context() -> Context:
    """The context of the app that answers this request."""
    found: Context = current_app.extensions[KEY]
    return found
