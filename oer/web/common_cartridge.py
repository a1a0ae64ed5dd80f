"""A list as an IMS Common Cartridge 1.1: a zip that a school's learning platform takes in.

It holds links, never the materials, and a page with the credit lines, so that who made what does
not get lost on the way. The order of elements is that of the profile's schemas (§4 and §6): readers
are strict about it.
"""

import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from lxml import etree

from oer.formats.xml import legal

CP = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
LOM_MANIFEST = "http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest"
WEB_LINK = "http://www.imsglobal.org/xsd/imsccv1p1/imswl_v1p1"

_MANIFEST_NAMES: Any = {None: CP, "lomimscc": LOM_MANIFEST}
_WEB_LINK_NAMES: Any = {None: WEB_LINK}

CREDITS_FILE = "credits/credits.html"

# The same list makes the same bytes, whenever it is asked for.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class WebLink:
    """A material: its title and where it is."""

    identifier: str
    title: str
    url: str


@dataclass(frozen=True)
class Section:
    """Materials under a heading; an empty heading leaves them at the top."""

    heading: str
    links: tuple[WebLink, ...]


@dataclass(frozen=True)
class Cartridge:
    """What is packed."""

    title: str
    language: str
    sections: tuple[Section, ...]
    credits_title: str
    credits_html: bytes


def write(cartridge: Cartridge) -> bytes:
    """The cartridge as a zip file."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "imsmanifest.xml", _manifest(cartridge))
        for link in _links(cartridge):
            _put(archive, _file(link), _web_link(link))
        _put(archive, CREDITS_FILE, cartridge.credits_html)
    return packed.getvalue()


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


def _links(cartridge: Cartridge) -> list[WebLink]:
    return [link for section in cartridge.sections for link in section.links]


def _file(link: WebLink) -> str:
    return f"links/{link.identifier}.xml"


def _manifest(cartridge: Cartridge) -> bytes:
    root = etree.Element(f"{{{CP}}}manifest", {"identifier": "manifest"}, nsmap=_MANIFEST_NAMES)
    _metadata(root, cartridge)
    organizations = _add(root, "organizations")
    organization = _add(
        organizations, "organization", identifier="organization", structure="rooted-hierarchy"
    )
    # The profile wants one item without a title at the root.
    top = _add(organization, "item", identifier="root")
    for number, section in enumerate(cartridge.sections):
        parent = top
        if section.heading:
            parent = _add(top, "item", identifier=f"section-{number}")
            _add(parent, "title", section.heading)
        for link in section.links:
            _item(parent, link.identifier, link.title)
    _item(top, "credits", cartridge.credits_title)
    resources = _add(root, "resources")
    for link in _links(cartridge):
        _resource(resources, link.identifier, "imswl_xmlv1p1", _file(link))
    _resource(resources, "credits", "webcontent", CREDITS_FILE)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _metadata(root: etree._Element, cartridge: Cartridge) -> None:
    metadata = _add(root, "metadata")
    _add(metadata, "schema", "IMS Common Cartridge")
    _add(metadata, "schemaversion", "1.1.0")
    lom = etree.SubElement(metadata, f"{{{LOM_MANIFEST}}}lom")
    general = etree.SubElement(lom, f"{{{LOM_MANIFEST}}}general")
    title = etree.SubElement(general, f"{{{LOM_MANIFEST}}}title")
    string = etree.SubElement(title, f"{{{LOM_MANIFEST}}}string", language=cartridge.language)
    string.text = legal(cartridge.title)


def _item(parent: etree._Element, identifier: str, title: str) -> None:
    item = _add(
        parent, "item", identifier=f"item-{identifier}", identifierref=f"resource-{identifier}"
    )
    _add(item, "title", title)


def _resource(parent: etree._Element, identifier: str, type_: str, file: str) -> None:
    attributes = {"identifier": f"resource-{identifier}", "type": type_}
    # A web link is described by its file; a page is one, and is opened by its href.
    if type_ == "webcontent":
        attributes["href"] = file
    resource = _add(parent, "resource", **attributes)
    _add(resource, "file", href=file)


def _web_link(link: WebLink) -> bytes:
    root = etree.Element(f"{{{WEB_LINK}}}webLink", nsmap=_WEB_LINK_NAMES)
    etree.SubElement(root, f"{{{WEB_LINK}}}title").text = legal(link.title)
    etree.SubElement(root, f"{{{WEB_LINK}}}url", href=legal(link.url), target="_blank")
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _add(
    parent: etree._Element, name: str, text: str | None = None, **attributes: str
) -> etree._Element:
    element = etree.SubElement(parent, f"{{{CP}}}{name}", attributes)
    if text is not None:
        element.text = legal(text)
    return element
