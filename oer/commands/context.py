"""What commands are given: settings, database and index, each opened when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from oer.settings import Settings

if TYPE_CHECKING:
    from oer.database import Sessions
    from oer.search.index import SearchIndex


class Oer:
    """The catalogue as a command sees it. ``oer --help`` opens nothing.

    Args:
        create_app: Makes the web application from settings. Handed in by ``cli.py``, so that no
            command has to know the web.
        fetch: Fetches a file from the web; handed in likewise.
    """

    def __init__(
        self,
        create_app: Callable[[Settings], Any] | None = None,
        fetch: Callable[[str], bytes] | None = None,
    ) -> None:
        self.create_app = create_app
        self.fetch = fetch

    @cached_property
    def settings(self) -> Settings:
        """The settings, from the environment."""
        return Settings.from_environ()

    @cached_property
    def sessions(self) -> Sessions:
        """The database; its tables are made where there are none."""
        from oer.database import connect

        return connect(self.settings.database_url)

    @cached_property
    def index(self) -> SearchIndex:
        """The search index."""
        from oer.search.index import open_index

        return open_index(self.settings.search_url)
