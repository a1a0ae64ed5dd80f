"""Learning resources in JSON-LD: AMB, LRMI and schema.org. No context is ever fetched.

What a newcomer would get wrong: ``license``, ``creator``, ``inLanguage`` and nearly everything else
may be a text, an address, a node, a reference to another node, or a list of all of these; a page
says more than one thing in one document (its breadcrumbs, its owner), of which one is the resource;
and AMB's ``mainEntityOfPage`` names the metadata records, schema.org's the page.

Left out: properties whose values are numbers and nodes without names that we do not know,
``articleBody`` and ``text`` (the work itself), and those of ``_LEFT_OUT``. Other texts of unknown
properties are kept in the description under their names.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from oer.errors import UnreadableRecord
from oer.formats.draft import finish, new_draft
from oer.formats.jsonld_materials import add_materials
from oer.formats.jsonld_properties import PROPERTIES, add_types, keyword_list, other
from oer.formats.jsonld_values import Document, Node, each, fold, parse_json, plain, types_of
from oer.formats.xml import language_tag
from oer.metadata.resource_metadata import ResourceMetadata


def read(payload: bytes) -> ResourceMetadata:
    """Read the one learning resource of a JSON-LD document.

    Raises:
        UnreadableRecord: It is not JSON, or describes no work, or several of equal rank.
    """
    found = list(_nodes(parse_json(payload), None))
    node, context = _chosen(found)
    nodes = {}
    if len(found) > 1:
        ids = ((plain(each_.node.get("id")), each_.node) for each_ in found)
        nodes = {id_: each_ for id_, each_ in ids if id_ and each_.keys() - {"id", "type"}}
    return read_node(node, Document(_default_language(context), nodes))


def read_node(node: Node, document: Document) -> ResourceMetadata:
    """Read one node whose keys are folded."""
    draft = new_draft()
    for key, value in node.items():
        if key in _LEFT_OUT:
            continue
        add = PROPERTIES.get(key)
        for single in each(keyword_list(value) if key == "keywords" else value):
            if add:
                add(draft, single, document)
            else:
                other(draft, key, single, document)
    add_materials(draft, node, document)
    add_types(draft, node)
    return finish(draft)


_LEFT_OUT = frozenset({
    "@context", "@graph", "@included", "@reverse", "type", "text", "articleBody",
    "potentialAction", "interactionStatistic", "aggregateRating", "review", "offers",
    "position", "contentUrl", "embedUrl", "encodingFormat", "fileFormat", "contentSize",
    "bitrate", "sha256", "width", "height", "encoding", "associatedMedia", "video", "audio",
    "distribution", "caption", "trailer", "logo", "wordCount", "commentCount", "dateline",
    "speakable", "schemaVersion", "sdPublisher", "sdDatePublished", "includesObject",
    "mainEntity", "creativeWorkStatus", "hasCourseInstance",
})  # fmt: skip
"""Properties that say nothing of the resource that we hold, and those that are read together."""


# ---------------------------------------------------------------- which node it is


class _Found(NamedTuple):
    node: Node
    context: Any


def _nodes(value: Any, context: Any) -> Iterator[_Found]:
    """The nodes that stand on their own: of an array, of a graph, of what a page is about."""
    for single in each(value):
        if not isinstance(single, dict):
            continue
        node = fold(single)
        inner = node.get("@context", context)
        if inner is None and any(key[:1] == "@" or "://" in key for key in single):
            inner = ()
        if graph := node.get("@graph"):
            yield from _nodes(graph, inner)
        if node.keys() - {"@context", "@graph", "id"}:
            yield _Found(node, inner)
        if _is_page(node):
            yield from _nodes(node.get("mainEntity"), inner)


def _is_page(node: Node) -> bool:
    return any(name.endswith("Page") for name in types_of(node))


_NO_WORKS = frozenset({
    "Organization", "EducationalOrganization", "CollegeOrUniversity", "School", "HighSchool",
    "MiddleSchool", "ElementarySchool", "Preschool", "GovernmentOrganization", "NGO",
    "Corporation", "LocalBusiness", "Library", "Person", "BreadcrumbList", "ItemList",
    "ListItem", "WebSite", "SearchAction", "Action", "Place", "PostalAddress", "Offer",
    "AggregateRating", "Rating", "ContactPoint", "DefinedTerm", "DefinedTermSet", "Concept",
    "ConceptScheme", "CategoryCode", "Language", "Country", "PropertyValue",
    "AlignmentObject", "Audience", "EducationalAudience", "SiteNavigationElement", "WPHeader",
    "WPFooter", "WPSideBar", "Aggregation", "Event", "DataCatalog", "Grant", "Brand",
    "Question", "Answer", "Role",
})  # fmt: skip
_FIRST = frozenset({"LearningResource"})
_EDUCATIONAL = frozenset({"Course", "Quiz", "Syllabus", "CourseInstance", "HowTo"})
_LAST = frozenset({
    "WebPage", "ItemPage", "CollectionPage", "AboutPage", "ContactPage", "FAQPage",
    "ProfilePage", "QAPage", "SearchResultsPage", "WebContent", "WebPageElement",
    "ImageObject", "MediaObject", "Comment", "Review",
})  # fmt: skip


def _rank(node: Node) -> int | None:
    """How much a node is what the document is about; the lowest is most, None is never."""
    names = frozenset(types_of(node))
    if names & _FIRST:
        return 0
    if names & _EDUCATIONAL:
        return 1
    if names <= _NO_WORKS and names:
        return None
    if names <= _LAST:  # no type at all is one of these
        return 3 if node.keys() & {"name", "headline", "title"} else None
    return 2


def _chosen(found: list[_Found]) -> _Found:
    ranked = [(rank, each_) for each_ in found if (rank := _rank(each_.node)) is not None]
    if not ranked:
        names = sorted({name for each_ in found for name in types_of(each_.node)})
        said = f"only {', '.join(names)[:200]}" if names else "nothing with a type and a name"
        raise UnreadableRecord(f"No learning resource in the JSON-LD: {said}.")
    best = min(rank for rank, _ in ranked)
    first = [each_ for rank, each_ in ranked if rank == best]
    if len(first) > 1:
        first = _outermost(first)
    if first[0].context is None:
        raise UnreadableRecord("JSON without a context or an @ is no JSON-LD.")
    return first[0]


def _outermost(found: list[_Found]) -> list[_Found]:
    """Of several alike, those that no other refers to: a course, not its lectures."""
    referred = {
        plain(fold(inner).get("id"))
        for each_ in found
        for value in each_.node.values()
        for inner in each(value)
        if isinstance(inner, dict)
    }
    outer = [each_ for each_ in found if plain(each_.node.get("id")) not in referred - {""}]
    distinct = {plain(each_.node.get("id")) or position for position, each_ in enumerate(outer)}
    if len(distinct) != 1:
        raise UnreadableRecord(
            f"The JSON-LD describes {len(found)} resources of equal rank; a record is of one."
        )
    return outer


def _default_language(context: Any) -> str | None:
    """The language that the context states for all texts without one (JSON-LD 1.1 §4.2.4)."""
    for single in each(context):
        if isinstance(single, dict) and isinstance(single.get("@language"), str):
            return language_tag(single["@language"])[0]
    return None
