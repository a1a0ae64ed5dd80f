"""MPEG-21 DIDL as Dutch and other repositories use it: a description and files in one container.

An Item holds further Items; each says in a Descriptor what it is (``rdf:type``): the descriptive
metadata (MODS, or Dublin Core), a file, or the page for people. Older records give the type as
``dip:ObjectType``, which ends in the same words. What a newcomer would get wrong: a file without
``accessRights`` of its own is not thereby open; and ``dcterms:modified`` speaks of the container.

Left out: dates of the container and of single files, and files' descriptions of how to handle them.
"""

from typing import NamedTuple

from oer.errors import UnreadableRecord
from oer.formats import dublin_core, mods
from oer.formats.draft import Draft, finish, is_uri, is_web_address, named_identifier, new_draft
from oer.formats.mods_values import language_of, name_of
from oer.formats.namespaces import RDF
from oer.formats.xml import Element, parse, shown, text_of
from oer.metadata.resource_metadata import LangString, Material, ResourceMetadata, Term

ROOTS = frozenset({"didl"})
"""Local names of the root, in lower case."""

_DUBLIN_CORE = frozenset({"dc", "qualifieddc", "dcterms"})


def read(payload: bytes) -> ResourceMetadata:
    """Read a DIDL document with MODS or Dublin Core inside.

    Raises:
        UnreadableRecord: It is not XML, not DIDL, or describes nothing.
    """
    return read_element(parse(payload))


def read_element(root: Element) -> ResourceMetadata:
    """Read a parsed ``DIDL`` element."""
    if name_of(root).lower() not in ROOTS:
        raise UnreadableRecord(f"Not DIDL: the root element is {shown(root.tag)}.")
    draft = new_draft()
    _description(draft, root)
    for position, item in enumerate(root.iter("{*}Item")):
        _item(draft, item, outermost=position == 0)
    return finish(draft)


def _description(draft: Draft, root: Element) -> None:
    """The first MODS record inside, or else the first Dublin Core."""
    if (found := next(root.iter("{*}mods"), None)) is not None:
        mods.describe(draft, found)
        return
    for name in _DUBLIN_CORE:
        if (found := next(root.iter(f"{{*}}{name}"), None)) is not None:
            dublin_core.describe(draft, found)
            return
    raise UnreadableRecord("A DIDL document without MODS or Dublin Core inside.")


class _Said(NamedTuple):
    """What the Descriptors of an Item say."""

    kinds: list[str]
    identifiers: list[str]
    access_rights: list[Term]
    names: list[LangString]


def _item(draft: Draft, item: Element, *, outermost: bool) -> None:
    said = _descriptors(item)
    if outermost:
        draft["identifiers"].extend(named_identifier(each, "") for each in said.identifiers)
        draft["access_rights"].extend(said.access_rights)
    kinds = {kind.rpartition("/")[2].rpartition("#")[2] for kind in said.kinds}
    for address, media_type in _resources(item):
        if kinds & {"humanStartPage", "jumpOffPage"}:
            draft["landing_page"].append(address)
        elif "objectFile" in kinds:
            draft["materials"].append(
                Material(
                    address,
                    tuple(said.names),
                    raw_media_type=media_type,
                    access_rights=said.access_rights[0] if said.access_rights else None,
                )
            )
        elif outermost:
            draft["identifiers"].append(named_identifier(address, "url"))


def _descriptors(item: Element) -> _Said:
    said = _Said([], [], [], [])
    for descriptor in item:
        if name_of(descriptor) != "Descriptor":
            continue
        for element in descriptor.iter():
            text = text_of(element) if not len(element) else ""
            match name_of(element):
                case "type" | "ObjectType":
                    said.kinds.append(element.get(f"{{{RDF}}}resource") or text)
                case "Identifier" if text:
                    said.identifiers.append(text)
                case "accessRights":
                    if text := element.get(f"{{{RDF}}}resource") or text:
                        said.access_rights.append(_access_right(text))
                case "description" | "title" | "alternative" if text:
                    said.names.append(LangString(text, *language_of(element)))
    return said


def _access_right(text: str) -> Term:
    return Term(raw_id=text) if is_uri(text) else Term(text)


def _resources(item: Element) -> list[tuple[str, str | None]]:
    """Addresses and media types of an Item's own resources, by reference or in place."""
    found = []
    for component in item:
        if name_of(component) != "Component":
            continue
        for resource in component.iter("{*}Resource"):
            address = resource.get("ref") or (text_of(resource) if not len(resource) else "")
            if is_web_address(address):
                found.append((address, resource.get("mimeType") or None))
    return found
