"""The OAI-PMH envelope: from the bytes of a reply to its records, tokens and errors.

Pure: bytes in, values out. The rules (OAI-PMH §3.2, and what real repositories do to it):

* The root decides whether a reply is OAI-PMH at all. A login page is not an empty list.
* Strict parsing first. What is not well-formed is repaired where the repair loses no text, and each
  repair is counted in the notes.
* What cannot be repaired is split into its records; each is read alone, and one that still cannot
  be read is handed over as a problem with its bytes.
* A reply that was cut short is never taken for a whole one.
"""

import html
import re
from collections import Counter
from dataclasses import dataclass

from lxml import etree

from oer.errors import ProtocolError, UnreadableRecord
from oer.formats.namespaces import OAI
from oer.formats.xml import parse
from oer.services.source_record import SourceRecord

MAX_RAW_PROBLEM_BYTES = 1 << 20
"""How much of an unreadable record is kept."""


@dataclass(frozen=True)
class Envelope:
    """A reply, read."""

    root: etree._Element
    records: tuple[SourceRecord, ...] = ()
    token: str | None = None
    """The resumptionToken as given, stripped; None: there was no element; "": the list ends."""
    complete_list_size: int | None = None
    response_date: str | None = None
    errors: tuple[tuple[str, str], ...] = ()
    """``(code, message)`` of every error element."""
    notes: tuple[str, ...] = ()


def read_envelope(body: bytes, *, verb: str, metadata_prefix: str | None = None) -> Envelope:
    """Read a reply to ``verb``.

    Raises:
        ProtocolError: The reply is not OAI-PMH, is cut short, or holds neither answer nor error.
    """
    repaired: bytes = body
    notes: tuple[str, ...] = ()
    broken: tuple[SourceRecord, ...] = ()
    try:
        root = parse(body)
    except UnreadableRecord as error:
        root, repaired, notes, broken = _repair(body, str(error))
    _check_root(root, repaired)
    answer = _child(root, verb)
    errors = tuple(
        (element.get("code", ""), (element.text or "").strip())
        for element in root
        if _local_name(element) == "error"
    )
    if answer is None and not errors:
        raise ProtocolError(
            f"The reply holds neither {verb} nor an error: {_beginning(repaired)}. "
            "Check that the address is an OAI-PMH endpoint."
        )
    records = () if answer is None else tuple(_records(answer, metadata_prefix))
    token = None if answer is None else _child(answer, "resumptionToken")
    return Envelope(
        root=root,
        records=records + broken,
        token=None if token is None else (token.text or "").strip(),
        complete_list_size=_size(token),
        response_date=_text(root, "responseDate"),
        errors=errors,
        notes=notes + _namespace_note(root),
    )


def _records(answer: etree._Element, metadata_prefix: str | None) -> list[SourceRecord]:
    # Immediate children only: payloads may hold elements called "record" of their own.
    found = [child for child in answer if _local_name(child) in ("record", "header")]
    return [_record(element, metadata_prefix) for element in found]


def _record(element: etree._Element, metadata_prefix: str | None) -> SourceRecord:
    header: etree._Element | None = element
    metadata: etree._Element | None = None
    about = b""
    if _local_name(element) != "header":
        header, metadata = _child(element, "header"), _child(element, "metadata")
        about = b"".join(_serialise(child) for child in element if _local_name(child) == "about")
    identifier = None if header is None else _text(header, "identifier")
    return SourceRecord(
        identifier=identifier,
        datestamp=None if header is None else _text(header, "datestamp"),
        set_specs=() if header is None else _set_specs(header),
        # Seen in the wild as "Deleted" too.
        deleted=header is not None and (header.get("status") or "").strip().lower() == "deleted",
        payload=_payload(metadata),
        about=about or None,
        metadata_prefix=metadata_prefix,
    )


def _set_specs(header: etree._Element) -> tuple[str, ...]:
    specs = (child.text for child in header if _local_name(child) == "setSpec")
    return tuple(spec.strip() for spec in specs if spec and spec.strip())


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


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element if _local_name(child) == name), None)


def _text(element: etree._Element, name: str) -> str | None:
    child = _child(element, name)
    text = None if child is None else (child.text or "").strip()
    return text or None


def _check_root(root: etree._Element, body: bytes) -> None:
    if _local_name(root) != "OAI-PMH":
        raise ProtocolError(
            f"The reply is not OAI-PMH: its root element is <{_local_name(root)}> "
            f"({_beginning(body)}). Check that the address is an OAI-PMH endpoint."
        )


def _namespace_note(root: etree._Element) -> tuple[str, ...]:
    namespace = etree.QName(root).namespace
    if namespace == OAI:
        return ()
    return (
        f"The reply's namespace is '{namespace or ''}', not '{OAI}'; it was read all the same.",
    )


def _beginning(body: bytes) -> str:
    text = " ".join(body[:300].decode("utf-8", "replace").split())
    return f"it begins with '{text[:80]}'" if text else "it is empty"


# Repair -------------------------------------------------------------------------------------------

_START = re.compile(r"<\?xml[\s?]|<(?:[\w.-]+:)?OAI-PMH[\s>]")
_END = re.compile(r"</(?:[\w.-]+:)?OAI-PMH\s*>")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
_AMPERSAND = re.compile(r"&(?!#\d+;|#x[0-9a-fA-F]+;|(?:amp|lt|gt|quot|apos);)(\w{2,32};)?")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def _repair(
    body: bytes, reason: str
) -> tuple[etree._Element, bytes, tuple[str, ...], tuple[SourceRecord, ...]]:
    """Make a reply well-formed without losing text; split it into records where that fails.

    Returns:
        The root, the bytes it was read from, what was repaired, and the records that stayed broken.
    """
    if b"<!DOCTYPE" in body[:2000]:
        raise ProtocolError(f"The reply is refused: {reason} ({_beginning(body)}).")
    counts: Counter[str] = Counter()
    text = _cut(_decode(body, counts), counts, body)
    text = _DECLARATION.sub("", text)
    text = _legal(text, counts)
    repaired = text.encode()
    try:
        return parse(repaired), repaired, _notes(counts), ()
    except UnreadableRecord:
        skeleton, broken = _salvage(text, counts)
    try:
        return parse(skeleton), skeleton, _notes(counts), broken
    except UnreadableRecord as error:
        raise ProtocolError(
            f"The reply is not well-formed XML and could not be mended: {reason}"
        ) from error


def _notes(counts: Counter[str]) -> tuple[str, ...]:
    return tuple(f"{what} ({count})" for what, count in counts.items())


def _decode(body: bytes, counts: Counter[str]) -> str:
    """Text by the declared encoding, else UTF-8; undecodable bytes are marked, not lost."""
    declared = _ENCODING.search(body[:300])
    encoding = declared[1].decode() if declared else "utf-8"
    try:
        return body.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        pass
    if not any(byte >= 0xC2 for byte in body) or _looks_single_byte(body):
        counts["Bytes that are not UTF-8 were read as Windows-1252"] += 1
        return body.decode("cp1252", "replace")
    text = body.decode("utf-8", "replace")
    counts["Bytes that are not UTF-8 were replaced by �"] += text.count("�") - body.count(
        "�".encode()
    )
    return text


def _looks_single_byte(body: bytes) -> bool:
    """Whether no valid multi-byte UTF-8 sequence stands in ``body``: then it was never UTF-8."""
    return re.search(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}", body) is None


def _cut(text: str, counts: Counter[str], body: bytes) -> str:
    """Cut to the envelope: PHP notices, blank lines and comments stand before and after it."""
    start = _START.search(text)
    ends = list(_END.finditer(text))
    if start is None:
        raise ProtocolError(
            f"The reply is not OAI-PMH: {_beginning(body)}. "
            "Check that the address is an OAI-PMH endpoint."
        )
    if not ends:
        raise ProtocolError("The reply is cut short: its end, </OAI-PMH>, is missing.")
    if text[: start.start()].strip("\ufeff \t\r\n") or text[ends[-1].end() :].strip():
        counts["Text before or after the envelope was cut off"] += 1
    return text[start.start() : ends[-1].end()]


def _legal(text: str, counts: Counter[str]) -> str:
    """Take out characters that XML 1.0 forbids; write ampersands as XML wants them."""
    text, removed = _ILLEGAL.subn("", text)
    counts.update({"Characters that XML forbids were removed": removed} if removed else {})
    parts = _CDATA.split(text)
    for index in range(0, len(parts), 2):
        parts[index] = _mend_references(parts[index], counts)
    return "".join(parts)


def _mend_references(text: str, counts: Counter[str]) -> str:
    def reference(match: re.Match[str]) -> str:
        code = int(match[1], 16) if match[1] else int(match[2])
        if code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE:
            return match[0]
        if 0x10000 <= code <= 0x10FFFF:
            return match[0]
        counts["Characters that XML forbids were removed"] += 1
        return ""

    def ampersand(match: re.Match[str]) -> str:
        character = html.unescape(match[0]) if match[1] else match[0]
        if match[1] and character != match[0]:
            counts["HTML entities were written as characters"] += 1
            return character.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        counts["Bare ampersands were escaped"] += 1
        return "&amp;" + match[0][1:]

    return _AMPERSAND.sub(ampersand, _REFERENCE.sub(reference, text))


# Salvage ------------------------------------------------------------------------------------------

_RECORD_START = re.compile(r"<((?:[\w.-]+:)?)record(?:\s[^<>]*)?>\s*<\1header[\s>/]")
_ROOT_START = re.compile(r"<(?:[\w.-]+:)?OAI-PMH(?:\s[^<>]*)?>")
_IDENTIFIER = re.compile(r"<(?:[\w.-]+:)?identifier(?:\s[^<>]*)?>([^<]{1,2000})</")


def _salvage(text: str, counts: Counter[str]) -> tuple[bytes, tuple[SourceRecord, ...]]:
    """Split a malformed page into its records and keep each that can be read alone.

    Returns:
        The page with the readable records only, and the others as problems with their bytes.
    """
    root = _ROOT_START.search(text)
    starts = [match.start() for match in _RECORD_START.finditer(text)]
    if root is None or not starts:
        raise ProtocolError("The reply is not well-formed XML, and no records were found in it.")
    prefix = _RECORD_START.match(text, starts[0])[1]  # type: ignore[index]
    good, broken, tail = [], [], ""
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        closing = text.rfind(f"</{prefix}record", start, end)
        stop = text.find(">", closing) + 1 if closing >= 0 else end
        chunk, tail = text[start:stop], text[stop:end]
        try:
            parse(f"{root[0]}{chunk}{_closing(root[0])}".encode())
            good.append(chunk)
        except UnreadableRecord as error:
            broken.append(_broken(chunk, str(error)))
    counts["Records of a malformed page could not be read and are in quarantine"] += len(broken)
    return (text[: starts[0]] + "".join(good) + tail).encode(), tuple(broken)


def _closing(start_tag: str) -> str:
    return f"</{start_tag[1:].split()[0].rstrip('>')}>"


def _broken(chunk: str, reason: str) -> SourceRecord:
    identifier = _IDENTIFIER.search(chunk)
    return SourceRecord(
        identifier=html.unescape(identifier[1]).strip() if identifier else None,
        payload=chunk.encode()[:MAX_RAW_PROBLEM_BYTES],
        problem="malformed",
        problem_detail=reason,
    )
