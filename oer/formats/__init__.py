"""Crosswalks: one module for each metadata format, all meeting in ResourceMetadata.

A format is chosen by the namespace of what arrives, not by the prefix a provider gave it:
prefixes are local names, and ``lom`` has been seen on five schemas.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from oer.errors import UnknownFormat, UnreadableRecord
from oer.formats import datacite, didl, jsonld, lom, marcxml, mods, oai_dc, qdc
from oer.formats import namespaces as ns
from oer.formats.xml import LONGEST_CACHED, Element, local_name, namespace, parse, shown
from oer.metadata.resource_metadata import ResourceMetadata


@dataclass(frozen=True, kw_only=True)
class MetadataFormat:
    """A metadata format as OAI-PMH §3.4 describes one, with its crosswalk.

    Args:
        prefix: The metadataPrefix, by which people and commands call it.
        schema: Where its schema is.
        namespace: Its namespace; for JSON-LD, the context that says what the names mean.
        media_type: Of its documents.
        read: From a document to what it says.
        read_element: The same from a parsed root; None for formats that are not XML.
        write: From a description to a document; None for formats that are only read.
        families: Beginnings of namespaces that mean this format, too.
        roots: Local names of root elements, in lower case, that mean it under any namespace.
    """

    prefix: str
    schema: str
    namespace: str
    media_type: str = "text/xml"
    read: Callable[[bytes], ResourceMetadata]
    read_element: Callable[[Element], ResourceMetadata] | None = None
    write: Callable[[ResourceMetadata], bytes] | None = None
    families: tuple[str, ...] = ()
    roots: frozenset[str] = frozenset()


FORMATS: dict[str, MetadataFormat] = {
    format_.prefix: format_
    for format_ in (
        MetadataFormat(
            prefix="oai_dc",
            schema="http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
            namespace=ns.OAI_DC,
            read=oai_dc.read,
            read_element=oai_dc.read_element,
            write=oai_dc.write,
            roots=oai_dc.ROOTS,
        ),
        MetadataFormat(
            prefix="qdc",
            schema="http://dublincore.org/schemas/xmls/qdc/2008/02/11/qualifieddc.xsd",
            namespace=ns.QDC,
            read=qdc.read,
            read_element=qdc.read_element,
            families=ns.QDC_FAMILIES,
            roots=qdc.ROOTS,
        ),
        MetadataFormat(
            prefix="lom",
            schema="http://ltsc.ieee.org/xsd/lomv1.0/lom.xsd",
            namespace=ns.IEEE_LOM,
            read=lom.read,
            read_element=lom.read_element,
            families=(*ns.IEEE_FAMILIES, ns.HS_OER_LOM),
            roots=lom.ROOTS,
        ),
        MetadataFormat(
            prefix="imsmd",
            schema="http://www.imsglobal.org/xsd/imsmd_v1p2p4.xsd",
            namespace=ns.IMS_MD,
            read=lom.read,
            read_element=lom.read_element,
            families=ns.IMS_FAMILIES,
        ),
        MetadataFormat(
            prefix="mods",
            schema="http://www.loc.gov/standards/mods/v3/mods.xsd",
            namespace=ns.MODS,
            read=mods.read,
            read_element=mods.read_element,
            roots=mods.ROOTS,
        ),
        MetadataFormat(
            prefix="didl",
            schema="http://standards.iso.org/ittf/PubliclyAvailableStandards/"
            "MPEG-21_schema_files/did/didl.xsd",
            namespace=ns.DIDL,
            read=didl.read,
            read_element=didl.read_element,
            roots=didl.ROOTS,
        ),
        MetadataFormat(
            prefix="marcxml",
            schema="http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd",
            namespace=ns.MARC21,
            read=marcxml.read,
            read_element=marcxml.read_element,
            roots=marcxml.ROOTS,
        ),
        MetadataFormat(
            prefix="oai_datacite",
            schema="http://schema.datacite.org/meta/kernel-4/metadata.xsd",
            namespace=ns.DATACITE,
            read=datacite.read,
            read_element=datacite.read_element,
            families=ns.DATACITE_FAMILIES,
            roots=datacite.ROOTS,
        ),
        MetadataFormat(
            prefix="jsonld",
            schema="https://w3id.org/kim/amb/latest/schemas/schema.json",
            namespace="https://w3id.org/kim/amb/context.jsonld",
            media_type="application/ld+json",
            read=jsonld.read,
            families=("http://schema.org", "https://schema.org", "https://w3id.org/kim/amb/"),
        ),
    )
}

_BY_NAMESPACE = {format_.namespace: format_ for format_ in FORMATS.values()}
_BY_FAMILY = {family: format_ for format_ in FORMATS.values() for family in format_.families}
_BY_ROOT = {name: format_ for format_ in FORMATS.values() for name in format_.roots}


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
    if found := _by_namespace(uri):
        return found
    known = ", ".join(sorted(_BY_NAMESPACE))
    raise UnknownFormat(f"No metadata format of the namespace '{uri}'. Known: {known}.")


def _by_namespace(uri: str) -> MetadataFormat | None:
    if uri in _BY_NAMESPACE:
        return _BY_NAMESPACE[uri]
    return next((found for family, found in _BY_FAMILY.items() if uri.startswith(family)), None)


def read_payload(payload: bytes) -> ResourceMetadata:
    """Read a metadata document of any format we know, whatever its provider called it.

    A root whose namespace is wrong or missing still goes by its name (``dc``, ``lom``): providers
    lose namespaces more often than they use those names for anything else.

    Raises:
        UnreadableRecord: It is not well-formed, of no known format, or its format refuses it.
    """
    if payload[:100].lstrip(_BEFORE_JSON)[:1] in (b"{", b"["):
        return jsonld.read(payload)
    root = parse(payload)
    found = _by_tag(root.tag) if len(root.tag) <= LONGEST_CACHED else None
    if found is None or found.read_element is None:
        known = ", ".join(sorted(FORMATS))
        raise UnreadableRecord(
            f"No metadata format has the root element {shown(root.tag)}. Known: {known}."
        )
    return found.read_element(root)


_BEFORE_JSON = b"\xef\xbb\xbf \t\r\n"
"""A byte order mark and the white space of JSON (RFC 8259 §2)."""


@lru_cache(maxsize=1024)
def _by_tag(tag: str) -> MetadataFormat | None:
    return _by_namespace(namespace(tag)) or _BY_ROOT.get(local_name(tag).lower())
