"""Learning Object Metadata: IEEE 1484.12.1 LOM and the IMS Learning Resource Metadata before it.

The two differ in spelling only (``lifeCycle``/``lifecycle``, ``string``/``langstring``,
``identifier``/``catalogentry``), so names are compared in lower case and without their namespace;
profiles (NL-LOM, LORENET, Normetic, HS-OER-LOM) add a few elements of their own.

What a newcomer would get wrong: ``metaMetadata`` speaks of the record, not of the resource;
``educational.language`` is the learner's language; ``rights.cost`` = *no* means free of charge;
every element may repeat, and so may the language strings within.

Left out, being codes about the object's build or remarks of persons: ``general.structure`` and
``aggregationLevel``, ``lifeCycle.status``, ``educational.interactivityLevel``,
``semanticDensity`` and ``language``, ``metaMetadata`` but for its rights, ``annotation``; words
that explain a date or duration which is stated as a value, and the caption of a preview image.
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from oer.errors import UnreadableRecord
from oer.formats.draft import (
    Draft,
    finish,
    identifier,
    is_web_address,
    new_draft,
)
from oer.formats.lom_relations import classification, relation
from oer.formats.lom_rights import meta_metadata, rights
from oer.formats.lom_values import (
    Handler,
    children_named,
    element_name,
    first_text,
    keep_under_its_name,
    keyword,
    read_identifier,
    strings_of,
    terms,
    terms_of,
    texts,
    times_of,
)
from oer.formats.namespaces import LOM_FAMILIES
from oer.formats.xml import (
    Element,
    local_name,
    namespace,
    parse,
    shown,
    text_of,
)
from oer.metadata.names import read_vcard
from oer.metadata.resource_metadata import (
    Agent,
    AgeRange,
    Duration,
    Material,
    PartialDate,
    Relation,
    ResourceMetadata,
    Size,
    Term,
)

ROOTS = frozenset({"lom"})
"""Local names of the root, in lower case."""


def read(payload: bytes) -> ResourceMetadata:
    """Read a LOM document, IEEE or IMS.

    Raises:
        UnreadableRecord: It is not XML, or not LOM.
    """
    return read_element(parse(payload))


def read_element(root: Element) -> ResourceMetadata:
    """Read a parsed ``lom`` element, or one in the ``metadata`` that HS-OER-LOM puts around it."""
    if element_name(root.tag) == "metadata":
        root = next(children_named(root, "lom"), root)
    if element_name(root.tag) != "lom" and not namespace(root.tag).startswith(LOM_FAMILIES):
        raise UnreadableRecord(f"Not LOM: the root element is {shown(root.tag)}.")
    draft = new_draft()
    for category in root:
        name = element_name(category.tag)
        if name in _WHOLE:
            _WHOLE[name](draft, category)
        elif name in _CATEGORIES:
            elements = _CATEGORIES[name]
            for element in category:
                (elements.get(element_name(element.tag)) or keep_under_its_name)(draft, element)
        elif name not in _LEFT_OUT:
            keep_under_its_name(draft, category)
    return finish(draft)


def _left_out(draft: Draft, element: Element) -> None:
    """Nothing here is said of the resource that ResourceMetadata holds."""


# ---------------------------------------------------------------- 1 general


def _identifier(draft: Draft, element: Element) -> None:
    if stated := read_identifier(element):
        draft["identifiers"].append(stated)


_NO_LANGUAGE = frozenset({"none", "x-none"})


def _language(draft: Draft, element: Element) -> None:
    text = first_text(element)
    if text and text.lower() not in _NO_LANGUAGE:
        draft["language"].append(Term(text))


# ---------------------------------------------------------------- 2 life cycle

_CREATOR_ROLES = frozenset({"author", "creator", "auteur", "autor", "aut", "cre"})
_PUBLISHER_ROLES = frozenset({"publisher", "uitgever", "pbl"})


def _version(draft: Draft, element: Element) -> None:
    draft["version"].extend(string.text for string in strings_of(element))


def _contribute(draft: Draft, element: Element) -> None:
    """One contribution: a role, any number of people and organisations, and a date."""
    roles = [each for child in children_named(element, "role") for each in terms_of(child)]
    role = roles[0] if roles else None
    key = role.raw.lower() if role else ""
    if key in _CREATOR_ROLES:
        agents, dates, role = "creator", "created", None
    elif key in _PUBLISHER_ROLES:
        agents, dates, role = "publisher", "issued", None
    else:
        agents, dates = "contributor", "date"
    for child in element:
        name = element_name(child.tag)
        if name in ("entity", "centity"):
            draft[agents].extend(_agents(child, role))
        elif name == "date":
            draft[dates].extend(PartialDate(text) for text in times_of(child))
        elif name != "role":
            keep_under_its_name(draft, child)


def _agents(element: Element, role: Term | None) -> Iterator[Agent]:
    """The people and organisations of an ``entity``: a vCard, or what stands in place of one."""
    for entity in list(element) or [element]:
        text = text_of(entity)
        agent = read_vcard(text) if text else None
        if agent is not None:
            yield msgspec.structs.replace(agent, role=role) if role else agent


# ---------------------------------------------------------------- 4 technical


class _Technical(NamedTuple):
    formats: list[str]
    locations: list[str]
    sizes: list[str]


def _technical(draft: Draft, category: Element) -> None:
    """Formats, locations and sizes meet in materials; the rest goes element by element."""
    said = _Technical([], [], [])
    for element in category:
        name = element_name(element.tag)
        if name == "format":
            said.formats.extend(string.text for string in strings_of(element))
        elif name == "location":
            said.locations.extend(_location(element))
        elif name == "size":
            said.sizes.extend(string.text for string in strings_of(element))
        else:
            (_TECHNICAL.get(name) or keep_under_its_name)(draft, element)
    draft["materials"].extend(_materials(said))
    for location in said.locations:
        if is_web_address(location):
            draft["landing_page"].append(location)
        else:
            draft["identifiers"].append(identifier(location))


def _location(element: Element) -> list[str]:
    """A location; LORENET states its type beside its value."""
    if not len(element):
        text = text_of(element)
        return [text] if text else []
    values = list(children_named(element, "value")) or [element]
    return [string.text for value in values for string in strings_of(value)]


def _materials(said: _Technical) -> Iterator[Material]:
    """One format and one location describe one material; of several nobody says which is whose."""
    formats, locations, sizes = said
    urls = [location for location in locations if is_web_address(location)]
    size = Size(sizes[0]) if sizes else None
    if len(urls) <= 1 and len(formats) <= 1 and (urls or formats or size):
        yield Material(
            urls[0] if urls else None,
            raw_media_type=formats[0] if formats else None,
            size=size,
        )
    else:
        for position, url in enumerate(urls):
            yield Material(url, size=size if position == 0 and len(urls) == 1 else None)
        for format_ in formats:
            yield Material(raw_media_type=format_)
        if size and len(urls) != 1:
            yield Material(size=size)
    for more in sizes[1:]:
        yield Material(size=Size(more))


def _duration(field: str) -> Handler:
    def add(draft: Draft, element: Element) -> None:
        draft[field].extend(Duration(text) for text in times_of(element))

    return add


def _needed(name: str) -> Handler:
    """What is needed to use the resource, in words."""

    def add(draft: Draft, element: Element) -> None:
        if title := tuple(strings_of(element)):
            draft["relations"].append(Relation("requires", title=title, raw_kind=name))

    return add


def _requirement(draft: Draft, element: Element) -> None:
    """``requirement``: type, name and versions of a system or browser, flat (IMS) or composite."""
    for composite in list(children_named(element, "orcomposite")) or [element]:
        words = []
        for child in composite:
            found = [each.raw or each.raw_id or "" for each in terms_of(child)]
            if found:
                words.append(f"{local_name(child.tag)} {', '.join(found)}")
        if words:
            raw = "; ".join(words)
            draft["relations"].append(Relation("requires", raw=raw, raw_kind="requirement"))


def _thumbnail(draft: Draft, element: Element) -> None:
    text = text_of(element)
    if is_web_address(text):
        draft["thumbnail"].append(text)
    elif text:
        keep_under_its_name(draft, element)


# ---------------------------------------------------------------- 5 educational


def _age_range(draft: Draft, element: Element) -> None:
    draft["typical_age_range"].extend(AgeRange(string.text) for string in strings_of(element))


# ---------------------------------------------------------------- the tables

_GENERAL: dict[str, Handler] = {
    "identifier": _identifier,
    "catalogentry": _identifier,
    "title": texts("title"),
    "language": _language,
    "grouplanguage": _language,
    "description": texts("description"),
    "keyword": keyword,
    "coverage": texts("coverage"),
    "documenttype": terms("learning_resource_type"),
    "structure": _left_out,
    "aggregationlevel": _left_out,
}

_LIFE_CYCLE: dict[str, Handler] = {
    "version": _version,
    "contribute": _contribute,
    "status": _left_out,
}

_TECHNICAL: dict[str, Handler] = {
    "duration": _duration("duration"),
    "requirement": _requirement,
    "otherplatformrequirements": _needed("otherPlatformRequirements"),
    "installationremarks": _needed("installationRemarks"),
    "thumbnail": _thumbnail,
    "preview": _thumbnail,
}

_EDUCATIONAL: dict[str, Handler] = {
    "interactivitytype": terms("interactivity_type"),
    "learningresourcetype": terms("learning_resource_type"),
    "intendedenduserrole": terms("audience"),
    "context": terms("educational_level"),
    "typicalagerange": _age_range,
    "difficulty": terms("difficulty"),
    "typicallearningtime": _duration("time_required"),
    "description": texts("educational_description"),
    "language": _left_out,
    "interactivitylevel": _left_out,
    "semanticdensity": _left_out,
}

_CATEGORIES = {"general": _GENERAL, "lifecycle": _LIFE_CYCLE, "educational": _EDUCATIONAL}
"""Categories that are read element by element."""

_WHOLE: dict[str, Handler] = {
    "metametadata": meta_metadata,
    "technical": _technical,
    "rights": rights("license", "resource"),
    "relation": relation,
    "classification": classification,
}
"""Categories whose elements mean something together only."""

_LEFT_OUT = frozenset({"annotation"})
