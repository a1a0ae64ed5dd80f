"""Crosswalks: one module for each metadata format, all meeting in ResourceMetadata.

A format is chosen by the namespace of what arrives, not by the prefix a provider gave it:
prefixes are local names, and ``lom`` has been seen on five schemas.
"""

from collections.abc import Callable
from dataclasses import dataclass

from oer.errors import UnknownFormat, UnreadableRecord
from oer.formats import lom, oai_dc
from oer.formats.namespaces import IEEE_LOM, IMS_MD, LOM_FAMILIES, OAI_DC
from oer.formats.xml import Element, local_name, namespace, parse, shown
from oer.metadata.resource_metadata import ResourceMetadata


@dataclass(frozen=True)
class MetadataFormat:
    """A metadata format as OAI-PMH §3.4 describes one, with its crosswalk."""

    prefix: str
    schema: str
    namespace: str
    media_type: str
    read: Callable[[bytes], ResourceMetadata]
    write: Callable[[ResourceMetadata], bytes] | None = None


FORMATS: dict[str, MetadataFormat] = {
    format_.prefix: format_
    for format_ in (
        MetadataFormat(
            "oai_dc",
            "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
            OAI_DC,
            "text/xml",
            oai_dc.read,
            oai_dc.write,
        ),
        MetadataFormat(
            "lom",
            "http://ltsc.ieee.org/xsd/lomv1.0/lom.xsd",
            IEEE_LOM,
            "text/xml",
            lom.read,
        ),
        MetadataFormat(
            "imsmd",
            "http://www.imsglobal.org/xsd/imsmd_v1p2p4.xsd",
            IMS_MD,
            "text/xml",
            lom.read,
        ),
    )
}

_BY_NAMESPACE = {format_.namespace: format_ for format_ in FORMATS.values()}


def format_for(prefix: str) -> MetadataFormat:
    """The format of a metadata prefix.

    Raises:
        UnknownFormat: There is none of that prefix.
    """
    try:
        return FORMATS[prefix]
    except KeyError:
        known = ", ".join(sorted(FORMATS))
        raise UnknownFormat(f"No metadata format '{prefix}'. Known: {known}.") from None


def format_by_namespace(uri: str) -> MetadataFormat:
    """The format of a namespace; the many addresses of the LOM schemas all mean LOM.

    Raises:
        UnknownFormat: There is none of that namespace.
    """
    if uri in _BY_NAMESPACE:
        return _BY_NAMESPACE[uri]
    if uri.startswith(LOM_FAMILIES):
        return FORMATS["lom" if "/ltsc.ieee.org/" in uri else "imsmd"]
    known = ", ".join(sorted(_BY_NAMESPACE))
    raise UnknownFormat(f"No metadata format of the namespace '{uri}'. Known: {known}.")


def read_payload(payload: bytes) -> ResourceMetadata:
    """Read a metadata document of any XML format we know, whatever its provider called it.

    A root whose namespace is wrong or missing still goes by its name (``dc``, ``lom``): providers
    lose namespaces more often than they use those names for anything else.

    Raises:
        UnreadableRecord: It is not well-formed, of no known format, or its format refuses it.
    """
    root = parse(payload)
    return _reader(root.tag)(root)


def _reader(tag: str) -> Callable[[Element], ResourceMetadata]:
    name = local_name(tag)
    if name in oai_dc.ROOTS:
        return oai_dc.read_element
    if name.lower() == "lom" or namespace(tag).startswith(LOM_FAMILIES):
        return lom.read_element
    known = ", ".join(sorted(FORMATS))
    raise UnreadableRecord(f"No metadata format has the root element {shown(tag)}. Known: {known}.")
