"""What a web page says of a learning resource in schema.org: JSON-LD, microdata or RDFa.

Pure: bytes in, one description out. A page says many things (its owner, its breadcrumbs, itself);
the block that describes a learning resource, or else some creative work, is the one that counts.
Pages that only say that they are a page describe no resource.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree, html

from harvesters import microdata, rdfa
from oer.errors import UnreadableRecord
from oer.formats.jsonld_values import each, fold, parse_json, plain, types_of

if TYPE_CHECKING:
    Element = etree._Element
else:
    Element = object

MIB = 1024 * 1024
MAX_PAGE = 16 * MIB
MAX_BLOCK = 2 * MIB
"""A longer block is no description."""
MAX_NODES = 500
"""Of a page, and of what one node may draw in by reference."""
MAX_DRAWN = 4 * MIB
"""Letters that are drawn in by reference: a few long nodes may be referred to many times."""

BROKEN_JSON, TOO_LARGE = "broken_json", "too_large"


@dataclass(frozen=True)
class Described:
    """The description of a page as a JSON-LD document; or what is wrong with it."""

    payload: bytes
    problem: str | None = None
    detail: str | None = None
    repaired: bool = False


def described(
    body: bytes, url: str, *, charset: str | None = None, types: frozenset[str] = frozenset()
) -> Described | None:
    """What the page at ``url`` says of a resource; None where it says nothing of the kind.

    Args:
        charset: What HTTP says of the encoding.
        types: The classes of schema.org to take; all creative works where empty.
    """
    root = _parsed(body, charset)
    if root is None:
        return None
    blocks = [_block(text) for text in _scripts(root)]
    found = [node for block in blocks if not block.problem for node in _nodes(block.value, None)]
    chosen = _chosen(found[:MAX_NODES], url, types)
    if not chosen:
        broken = next((block for block in blocks if block.problem), None)
        if broken:
            return Described(broken.text.encode(), broken.problem, broken.detail)
    for items in (microdata.items, rdfa.items):
        if not chosen:
            found = [_Found(node, node.get("@context")) for node in items(root, url)]
            chosen = _chosen(found[:MAX_NODES], url, types)
    if not chosen:
        return None
    repaired = any(block.repaired for block in blocks)
    return Described(_document(chosen, found, url), repaired=repaired)


# The page -----------------------------------------------------------------------------------------


def _parsed(body: bytes, charset: str | None) -> Element | None:
    if len(body) > MAX_PAGE:
        return None
    parser = html.HTMLParser(encoding=_encoding(body, charset), no_network=True, huge_tree=True)
    try:
        return html.document_fromstring(body, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None  # nothing but blanks or comments


def _encoding(body: bytes, charset: str | None) -> str | None:
    """What HTTP says, or UTF-8 where it is; else what the page says of itself (None)."""
    for name in (charset, "utf-8"):
        try:
            if name:
                body.decode(name)
                html.HTMLParser(encoding=name)
                return name
        except (LookupError, UnicodeError):
            continue
    return None


def _scripts(root: Element) -> Iterator[str]:
    for element in root.iter("script"):
        kind = (element.get("type") or "").partition(";")[0].strip().lower()
        if kind == "application/ld+json" and element.text and element.text.strip():
            yield element.text


@dataclass(frozen=True)
class _Block:
    text: str
    value: Any = None
    problem: str | None = None
    detail: str | None = None
    repaired: bool = False


_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)")
_WRAPPED = re.compile(r"(?:-->|//\s*\]\]>|\]\]>|/\*\s*\]\]>\s*\*/)\s*$")
_CONTROL = re.compile(r"[\x00-\x1f]+")


def _block(text: str) -> _Block:
    """A block of JSON-LD. Mended where no letter is lost: wrappings, line breaks inside texts."""
    if len(text) > MAX_BLOCK:
        detail = f"A block of JSON-LD is {len(text)} characters long; {MAX_BLOCK} are allowed."
        return _Block(text[:MIB], problem=TOO_LARGE, detail=detail)
    stripped = text.strip()
    try:
        return _Block(text, parse_json(stripped.encode("utf-8", "replace")))
    except UnreadableRecord as error:
        complaint = str(error)
    mended = _WRAPPED.sub("", _WRAPPING.sub("", stripped)).strip().rstrip(";")
    try:
        value = parse_json(_CONTROL.sub(" ", mended).encode("utf-8", "replace"))
    except UnreadableRecord:
        return _Block(
            text, problem=BROKEN_JSON, detail=f"A block of JSON-LD is broken. {complaint}"
        )
    return _Block(text, value, repaired=True)


# Which node ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    node: Mapping[str, Any]
    context: Any

    @property
    def id(self) -> str:
        folded = fold(dict(self.node))
        return plain(folded.get("id"))


def _nodes(value: Any, context: Any) -> Iterator[_Found]:
    """The nodes that stand on their own: in lists, in graphs, and what a page is about."""
    for single in each(value):
        if not isinstance(single, dict):
            continue
        inner = single.get("@context", context)
        folded = fold(single)
        if "@graph" in single:
            yield from _nodes(single["@graph"], inner)
        if single.keys() - {"@context", "@graph"}:
            yield _Found(single, inner)
        if any(name.endswith("Page") for name in types_of(folded)):
            yield from _nodes(folded.get("mainEntity"), inner)


_EDUCATIONAL_PROPERTIES = frozenset(
    {
        "learningResourceType",
        "educationalLevel",
        "educationalUse",
        "educationalAlignment",
        "typicalAgeRange",
        "teaches",
        "assesses",
    }
)
_COURSES = frozenset({"Course", "CourseInstance", "Quiz", "Syllabus", "HowTo"})
_WORK_NAMES = """
    CreativeWork Article Audiobook AudioObject Blog BlogPosting Book Chapter Clip Collection
    CreativeWorkSeries CreativeWorkSeason Dataset DataDownload DigitalDocument Drawing Episode Game
    Guide ImageGallery ImageObject Map MathSolver MediaGallery MediaObject MobileApplication Movie
    MusicComposition MusicRecording NewsArticle NoteDigitalDocument Painting Periodical Photograph
    Play PodcastEpisode PodcastSeries PodcastSeason Poster PresentationDigitalDocument
    PublicationIssue PublicationVolume Recipe Report ScholarlyArticle SheetMusic ShortStory
    SoftwareApplication SoftwareSourceCode SpreadsheetDigitalDocument TechArticle
    TextDigitalDocument TextObject Thesis TVEpisode TVSeries VideoGame VideoObject VisualArtwork
    WebApplication 3DModel
"""
_WORKS = frozenset(_WORK_NAMES.split())
"""Classes of schema.org below CreativeWork that may be a resource; web pages are not among them."""


def _rank(found: _Found, types: frozenset[str]) -> int | None:
    """How much a node is a learning resource; 0 is most, None is not at all."""
    folded = fold(dict(found.node))
    names = frozenset(types_of(folded))
    if types and not names & types:
        return None
    if "LearningResource" in names or folded.keys() & _EDUCATIONAL_PROPERTIES:
        return 0
    if names & _COURSES:
        return 1
    if names & _WORKS or types:
        # A picture or film beside an article belongs to it, where both stand there.
        return 3 if names <= {"ImageObject", "VideoObject", "AudioObject", "MediaObject"} else 2
    return None


def _chosen(found: list[_Found], url: str, types: frozenset[str]) -> list[_Found]:
    """The node that counts; several where none of them counts more than another."""
    ranked = [(rank, each_) for each_ in found if (rank := _rank(each_, types)) is not None]
    if not ranked:
        return []
    best = min(rank for rank, _ in ranked)
    first = [each_ for rank, each_ in ranked if rank == best]
    own = [each_ for each_ in first if url in _addresses(each_)]
    return own[:1] or _outermost(first)


def _outermost(found: list[_Found]) -> list[_Found]:
    """Of several alike, those that no other refers to, and each once: a course, not its parts."""
    inner = {
        plain(fold(single).get("id"))
        for each_ in found
        for value in each_.node.values()
        for single in each(value)
        if isinstance(single, dict)
    }
    distinct = {_json(each_.node): each_ for each_ in found if each_.id not in inner - {""}}
    return list(distinct.values()) or found


def _addresses(found: _Found) -> set[str]:
    folded = fold(dict(found.node))
    pages = [folded.get(key) for key in ("id", "url", "mainEntityOfPage")]
    return {
        plain(fold(single).get("id")) if isinstance(single, dict) else plain(single)
        for single in each(pages)
    }


# The document -------------------------------------------------------------------------------------


def _document(chosen: list[_Found], found: list[_Found], url: str) -> bytes:
    """A document of the chosen node, whole in itself, that names the page it came from.

    Several nodes of equal rank go along together: the crosswalk says that it cannot tell.
    """
    nodes = {each_.id: each_.node for each_ in found if each_.id and len(each_.node) > 1}
    drawn = _Drawn(nodes)
    written = [drawn.whole(dict(each_.node), 0) for each_ in chosen]
    for node, each_ in zip(written, chosen, strict=True):
        if each_.context is not None:
            node["@context"] = each_.context
    if len(written) > 1:
        return _json({"@context": chosen[0].context, "@graph": written})
    node = written[0]
    if url not in _addresses(_Found(node, None)):
        stated = list(each(node.get("mainEntityOfPage")))
        node["mainEntityOfPage"] = [*stated, url] if stated else url
    return _json(node)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


class _Drawn:
    """Puts nodes in place of references to them, so that one node can stand alone."""

    def __init__(self, nodes: Mapping[str, Mapping[str, Any]]) -> None:
        self._nodes = nodes
        self._left = MAX_NODES
        self._room = MAX_DRAWN

    def whole(self, value: Any, depth: int) -> Any:
        """``value`` with its references replaced, three deep at most."""
        if isinstance(value, list):
            return [self.whole(inner, depth) for inner in value]
        if not isinstance(value, dict):
            return value
        target = self._nodes.get(_reference(value))
        if target is not None and depth and depth <= 3 and self._may_draw(target):
            value = dict(target)
        return {
            key: inner if key == "@context" else self.whole(inner, depth + 1)
            for key, inner in value.items()
        }

    def _may_draw(self, target: Mapping[str, Any]) -> bool:
        self._left -= 1
        if self._left < 0 or self._room <= 0:
            return False
        self._room -= len(_json(target))
        return self._room > 0


def _reference(value: dict[str, Any]) -> str:
    """What a node merely refers to; empty where it says something itself."""
    folded = fold(value)
    return plain(folded.get("id")) if not folded.keys() - {"id", "type"} else ""
