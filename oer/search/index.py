"""The search index as everyone else sees it: documents in, hits and facet counts out.

*Document* is a word of this room only: the form a resource takes for an engine.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from oer.errors import UnknownSearchEngine

ENGINES = ("whoosh:", "tantivy:", "memory:")
"""The engines of :func:`open_index`, by the scheme of their URL."""

LONG_FACETS = ("author", "organisation")
"""Facets with about as many values as there are documents. They are names, counted only when a
query asks for them, by the documents it finds."""

FACETS = (
    "permission",
    "level",
    "subject",
    "type",
    "language",
    "use",
    "audience",
    "duration",
    "age",
    "accessibility",
    "media",
    "access",
    "license",
    "year",
    "source",
    *LONG_FACETS,
)
"""Facets of every document, in the order they are shown. Values are codes, never labels."""

COUNTED = tuple(name for name in FACETS if name not in LONG_FACETS)
"""Facets that are counted for every page of results."""

CONJUNCTIVE = frozenset({"permission"})
"""Facets whose chosen values must all hold: who wants to adapt *and* to sell means both."""

READERS = ("en", "fi", "sv")
"""The languages of readers; a title is sorted as it is shown to them."""

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
        updated: When it last changed, in seconds since 1970.
        created: When it came into the catalogue, in seconds since 1970.
        titles: What it is called for readers of each of ``READERS``, for sorting by title.
        quality: From 0 to 1; of equally relevant documents the better one comes first.
    """

    id: int
    texts: Mapping[str, tuple[tuple[str, str | None], ...]]
    facets: Mapping[str, tuple[str, ...]]
    updated: float = 0.0
    titles: Mapping[str, str] = field(default_factory=dict)
    quality: float = 0.0
    created: float = 0.0


@dataclass(frozen=True)
class SearchQuery:
    """A question.

    Within a facet values are alternatives (but see ``CONJUNCTIVE``), across facets all must hold.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    offset: int = 0
    limit: int = 20
    sort: str = "relevance"
    """``relevance``, ``newest`` (came here last), ``updated`` (changed last) or ``title``."""
    facets: tuple[str, ...] = COUNTED
    reader: str = READERS[0]
    """The reader's language, for sorting by title."""


@dataclass(frozen=True)
class Hit:
    """A found resource."""

    id: int
    score: float = 0.0


@dataclass(frozen=True)
class SearchResults:
    """An answer.

    A facet's counts leave the facet's own filter out, so that alternatives show; those of a
    conjunctive facet keep it, since every further choice narrows.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    """Facet name to ``(value, count)``, most frequent first, then by value."""
    terms: tuple[str, ...] = ()
    """The analysed words of the query, for marking them in excerpts; none that it excludes."""
    dropped: tuple[str, ...] = ()
    """Where nothing has all the words: those, as typed, that the hits were found without. The
    reader must be told. Words behind a minus and conditions (``source:``) are never dropped."""
    kept: tuple[str, ...] = ()
    """Where words were dropped: those that all hits have. A part of a dropped compound may be
    among them."""
    suggestion: str | None = None
    """Where little or nothing was found: the query as the reader may have meant it, of words that
    the catalogue has. It finds more."""


@dataclass(frozen=True)
class Suggestion:
    """What someone who has typed so much may be going to type."""

    text: str
    """As it is to be shown, and searched for."""
    kind: str
    """``title`` of a resource, ``keyword``, or the facet that a concept is a value of."""
    count: int | None = None
    """How many documents have it; None for titles."""
    id: str | None = None
    """``Resource.id`` of a title, the facet value of a concept."""


class SearchIndex(Protocol):
    """What every engine offers. All of it raises ``SearchIndexError`` and nothing else."""

    side_by_side: bool
    """Whether two questions are answered sooner side by side than one after the other."""

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

    def suggest(self, prefix: str, language: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """What may be meant by the beginning of a query; nothing for less than two letters.

        Args:
            prefix: As typed so far; umlauts may be left out.
            language: The reader's: labels of concepts are in it, whatever language they were typed
                in, and keywords in it come first.
            limit: How many at most.
        """

    def more_like(self, id_: int, limit: int = 6) -> tuple[Hit, ...]:
        """Documents that share the most telling words with this one; none for unknown ids."""

    def count(self) -> int:
        """How many documents the index holds."""

    def held(self) -> Iterable[tuple[int, float]]:
        """Id and ``updated`` of every document, by id: what ``oer index verify`` compares."""

    def notes(self) -> tuple[str, ...]:
        """Sentences for the operator about what could be better; none where all is well."""

    def close(self) -> None:
        """Let go of files. The index may be opened again."""


def open_index(url: str) -> SearchIndex:
    """Open the index a URL names: ``whoosh:/a/folder``, ``tantivy:/a/folder`` or ``memory:``.

    Reads nothing yet.

    Raises:
        UnknownSearchEngine: No engine has that scheme, the folder is missing from the URL, or the
            package of the engine is not installed.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "whoosh" and rest:
        from oer.search.whoosh_index import WhooshIndex

        return WhooshIndex(Path(rest.removeprefix("//")))
    if scheme == "tantivy" and rest:
        return _tantivy(Path(rest.removeprefix("//")))
    if url == "memory:":
        from oer.search.memory_index import MemoryIndex

        return MemoryIndex()
    raise UnknownSearchEngine(
        f"No search engine '{url}'. Known: {', '.join(ENGINES)}. "
        "Give whoosh:/a/folder or tantivy:/a/folder."
    )


def _tantivy(folder: Path) -> SearchIndex:
    try:
        from oer.search.tantivy_index import TantivyIndex
    except ModuleNotFoundError as error:
        if error.name != "tantivy":
            raise
        raise UnknownSearchEngine(
            "The search engine 'tantivy:' needs a package that is not installed. "
            "Run: pip install 'oer[tantivy]'"
        ) from None
    return TantivyIndex(folder)
