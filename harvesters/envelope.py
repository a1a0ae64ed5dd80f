"""The OAI-PMH envelope: from the bytes of a reply to its records, tokens and errors.

Pure: bytes in, values out. The rules (OAI-PMH §3.2, and what real repositories do to it):

* The root decides whether a reply is OAI-PMH at all. A login page is not an empty list.
* Strict parsing first. What is not well-formed is repaired where the repair loses no text, and each
  repair is counted in the notes (``envelope_repair``).
* What cannot be repaired is split into its records; each is read alone, and one that still cannot
  be read is handed over as a problem with its bytes.
* A reply that was cut short is never taken for a whole one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree
from msgspec.structs import replace

from harvesters.envelope_repair import BrokenReply, NotOaiPmh, beginning, mended
from harvesters.record_repairs import Repair
from oer.errors import UnreadableRecord
from oer.formats.namespaces import OAI
from oer.formats.xml import parse
from oer.services.source_record import SourceRecord

__all__ = ["BrokenReply", "Envelope", "NotOaiPmh", "read_envelope"]


@dataclass(frozen=True)
class Envelope:
    """A reply, read."""

    root: etree._Element
    records: tuple[SourceRecord, ...] = ()
    token: str | None = None
    """The resumptionToken, stripped; None: there was no element; "": the list ends."""
    padded_token: str | None = None
    """The resumptionToken as given: a few servers know it again only with its blanks."""
    complete_list_size: int | None = None
    response_date: str | None = None
    errors: tuple[tuple[str, str], ...] = ()
    """``(code, message)`` of every error element."""
    notes: tuple[str, ...] = ()


def read_envelope(
    body: bytes, *, verb: str, metadata_prefix: str | None = None, charset: str | None = None
) -> Envelope:
    """Read a reply to ``verb``.

    Args:
        charset: What HTTP says of the encoding. It counts where the XML says nothing and is not
            the UTF-8 it then should be.

    Raises:
        NotOaiPmh: The reply is something else: a login page, a maintenance page, a DOCTYPE.
        BrokenReply: It is OAI-PMH, but cut short, beyond mending, or without answer and error.
    """
    repaired = body
    notes: tuple[str, ...] = ()
    broken: tuple[SourceRecord, ...] = ()
    repairs: Mapping[str, Repair] = {}
    try:
        root = parse(body)
    except UnreadableRecord as error:
        root, repaired, notes, repairs, broken = mended(body, str(error), charset)
    _check_root(root, repaired)
    # One is allowed; a server that sends two means both.
    answers = [child for child in root if _local_name(child) == verb]
    errors = tuple(
        (element.get("code", "").strip(), (element.text or "").strip())
        for element in root
        if _local_name(element) == "error"
    )
    if not answers and not errors:
        raise BrokenReply(
            f"The reply holds neither {verb} nor an error: {beginning(repaired)}. "
            "Check that the address is an OAI-PMH endpoint."
        )
    elements, token = _parts(root, answers)
    doubled: list[str | None] = []
    given = None if token is None else token.text or ""
    records = (_record(element, metadata_prefix, doubled) for element in elements)
    return Envelope(
        root=root,
        records=tuple(_with_repair(record, repairs) for record in records) + broken,
        token=None if given is None else given.strip(),
        padded_token=given,
        complete_list_size=_size(token),
        response_date=_text(root, "responseDate"),
        errors=errors,
        notes=notes + _namespace_note(root) + _metadata_note(len(doubled)),
    )


def _parts(
    root: etree._Element, answers: list[etree._Element]
) -> tuple[list[etree._Element], etree._Element | None]:
    """The records, and the token that says something, wherever it stands; else one that ends."""
    elements, tokens = [], []
    for parent in (*answers, root):
        # Immediate children only: payloads may hold elements called "record" of their own.
        for child in parent:
            name = _local_name(child)
            if name == "resumptionToken":
                tokens.append(child)
            elif name in ("record", "header"):
                elements.append(child)
    told = (token for token in tokens if (token.text or "").strip())
    return elements, next(told, tokens[0] if tokens else None)


def _record(
    element: etree._Element, metadata_prefix: str | None, doubled: list[str | None]
) -> SourceRecord:
    header: etree._Element | None = None
    metadata: etree._Element | None = None
    about = b""
    if _local_name(element) == "header":
        header = element
    else:
        for child in element:
            name = _local_name(child)
            if name == "header" and header is None:
                header = child
            elif name == "metadata" and metadata is None:
                metadata = child
            elif name == "about":
                about += _serialise(child)
    identifier, datestamp, set_specs = (None, None, ()) if header is None else _header(header)
    if metadata is not None and len(metadata) > 1:
        doubled.append(identifier)
    return SourceRecord(
        identifier=identifier,
        datestamp=datestamp,
        set_specs=set_specs,
        # Seen in the wild as "Deleted" too.
        deleted=header is not None and (header.get("status") or "").strip().lower() == "deleted",
        payload=_payload(metadata),
        about=about or None,
        metadata_prefix=metadata_prefix,
    )


def _with_repair(record: SourceRecord, repairs: Mapping[str, Repair]) -> SourceRecord:
    repair = repairs.get(record.identifier or "")
    if repair is None:
        return record
    return replace(record, repaired=repair.characters, received=repair.received)


def _header(header: etree._Element) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Identifier, datestamp and sets."""
    identifier = datestamp = None
    set_specs: list[str] = []
    for child in header:
        name, text = _local_name(child), (child.text or "").strip()
        if not text:
            continue
        if name == "identifier":
            identifier = identifier or text
        elif name == "datestamp":
            datestamp = datestamp or text
        elif name == "setSpec":
            set_specs.append(text)
    return identifier, datestamp, tuple(set_specs)


def _payload(metadata: etree._Element | None) -> bytes | None:
    """The metadata document with the namespaces it needs, whatever stood above it."""
    if metadata is None:
        return None
    for child in metadata:
        if isinstance(child.tag, str):
            return _serialise(child)
    return None


def _serialise(element: etree._Element) -> bytes:
    return etree.tostring(element, encoding="UTF-8", xml_declaration=False, with_tail=False)


def _size(token: etree._Element | None) -> int | None:
    given = None if token is None else token.get("completeListSize")
    return int(given) if given and given.strip().isascii() and given.strip().isdigit() else None


def _local_name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _text(element: etree._Element, name: str) -> str | None:
    child = next((child for child in element if _local_name(child) == name), None)
    text = None if child is None else (child.text or "").strip()
    return text or None


def _check_root(root: etree._Element, body: bytes) -> None:
    if _local_name(root) != "OAI-PMH":
        raise NotOaiPmh(
            f"The reply is not OAI-PMH: its root element is <{_local_name(root)}> "
            f"({beginning(body)}). Check that the address is an OAI-PMH endpoint."
        )


def _namespace_note(root: etree._Element) -> tuple[str, ...]:
    namespace = etree.QName(root).namespace
    if namespace == OAI:
        return ()
    return (
        f"The reply's namespace is '{namespace or ''}', not '{OAI}'; it was read all the same.",
    )


def _metadata_note(doubled: int) -> tuple[str, ...]:
    if not doubled:
        return ()
    return (f"Records hold several metadata documents; the first of each was read ({doubled})",)
