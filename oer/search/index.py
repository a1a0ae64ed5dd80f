"""The search index as everyone else sees it: documents in, hits and facet counts out.

*Document* is a word of this room only: the form a resource takes for an engine.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from oer.errors import UnknownSearchEngine

ENGINES = ("whoosh:", "memory:")
"""The engines of :func:`open_index`, by the scheme of their URL."""

FACETS = ("type", "level", "language", "license", "source")
"""Facets of every document, in the order they are shown. Values are codes, never labels."""

NOT_STATED = ""
"""The facet value of a resource that states none."""


@dataclass(frozen=True)
class SearchDocument:
    """A resource in the form an engine takes.

    Args:
        id: ``Resource.id``.
        texts: Text by weight class (``title``, ``keyword``, ``author``, ``description``,
            ``other``), each a tuple of ``(text, language tag or None)``.
        facets: Facet name to its values; an absent name counts as ``NOT_STATED``.
        updated: Seconds since 1970, for sorting by newest.
        title: For sorting by title.
    """

    id: int
    texts: Mapping[str, tuple[tuple[str, str | None], ...]]
    facets: Mapping[str, tuple[str, ...]]
    updated: float = 0.0
    title: str = ""


@dataclass(frozen=True)
class SearchQuery:
    """A question. Within a facet values are alternatives, across facets all must hold."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    offset: int = 0
    limit: int = 20
    sort: str = "relevance"
    """``relevance``, ``newest`` or ``title``."""
    facets: tuple[str, ...] = FACETS


@dataclass(frozen=True)
class Hit:
    """A found resource."""

    id: int
    score: float = 0.0


@dataclass(frozen=True)
class SearchResults:
    """An answer. A facet's counts leave the facet's own filter out, so that alternatives show."""

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    """Facet name to ``(value, count)``, most frequent first, then by value."""
    terms: tuple[str, ...] = ()
    """The analysed words of the query, for marking them in excerpts; none that it excludes."""


class SearchIndex(Protocol):
    """What every engine offers. All of it raises ``SearchIndexError`` and nothing else."""

    def replace(self, documents: Iterable[SearchDocument], deleted: Iterable[int] = ()) -> None:
        """Put documents in, over older ones of the same id, and take ``deleted`` ids out.

        Visible to searches of this process once it returns, of other processes within a second.

        Raises:
            IndexBusy: Another writer holds the index; nothing was written.
        """

    def search(self, query: SearchQuery) -> SearchResults:
        """Answer a question. Odd input is never an error."""

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        """Write a new index beside the old one and switch to it.

        Returns:
            How many documents it holds. Searches go on answering from the old one until then.
        """

    def count(self) -> int:
        """How many documents the index holds."""

    def close(self) -> None:
        """Let go of files. The index may be opened again."""


def open_index(url: str) -> SearchIndex:
    """Open the index a URL names: ``whoosh:/a/folder`` or ``memory:``. Reads nothing yet.

    Raises:
        UnknownSearchEngine: No engine has that scheme, or the folder is missing from the URL.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "whoosh" and rest:
        from oer.search.whoosh_index import WhooshIndex

        return WhooshIndex(Path(rest.removeprefix("//")))
    if url == "memory:":
        from oer.search.memory_index import MemoryIndex

        return MemoryIndex()
    if scheme == "tantivy":
        raise UnknownSearchEngine(
            f"The search engine 'tantivy:' is not built yet. Known: {', '.join(ENGINES)}."
        )
    raise UnknownSearchEngine(
        f"No search engine '{url}'. Known: {', '.join(ENGINES)}. Give whoosh:/a/folder."
    )
