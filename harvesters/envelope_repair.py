"""Mending replies that are not well-formed, and saving the records of those that cannot be mended.

The ladder, each rung only where the one before failed: decode, cut to the envelope, take out what
XML forbids and write ampersands as XML wants them, declare namespaces that were forgotten, split
into records. What a newcomer would get wrong: a parser that "recovers" drops text without a word.
Nothing here does; every rung counts what it changed, in words for a curator.
"""

import codecs
import html
import re
from collections import Counter
from collections.abc import Mapping
from functools import partial
from html.entities import html5
from typing import NamedTuple

from lxml import etree

from harvesters.record_repairs import Repair, repairs
from oer.errors import ProtocolError, UnreadableRecord
from oer.formats.namespaces import DC, DCTERMS, IEEE_LOM, OAI_DC, RDF, XSI
from oer.formats.xml import parse
from oer.services.source_record import SourceRecord

MAX_RAW_PROBLEM_BYTES = 1 << 20
"""How much of an unreadable record is kept."""

MAX_PREFIXES = 50
"""No honest page forgets to declare more namespaces."""


class NotOaiPmh(ProtocolError):  # noqa: N818 - reads as what happened
    """The answer is something else: a login page, a maintenance page, a document with a DOCTYPE."""


class BrokenReply(ProtocolError):  # noqa: N818
    """The answer is OAI-PMH, but cut short or damaged beyond mending."""


class Mended(NamedTuple):
    """A reply that was made well-formed."""

    root: etree._Element
    read_from: bytes
    """The bytes that the root was read from."""
    notes: tuple[str, ...]
    """What was repaired, for a curator."""
    repairs: Mapping[str, Repair]
    """The records that were repaired, by identifier."""
    broken: tuple[SourceRecord, ...] = ()
    """The records that stayed broken."""


_START = re.compile(r"<\?xml[\s?]|<(?:[\w.-]+:)?OAI-PMH[\s>]")
_END = re.compile(r"</(?:[\w.-]+:)?OAI-PMH\s*>")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
_AMPERSAND = re.compile(r"&(?!#\d+;|#x[0-9a-fA-F]+;|(?:amp|lt|gt|quot|apos);)(\w{2,32};)?")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ROOT_START = re.compile(r"<(?:[\w.-]+:)?OAI-PMH(?:\s[^<>]*)?>")

# Encodings of documents. Python has codecs of other kinds, and some are costly on purpose.
_DOCUMENT_ENCODING = re.compile(
    r"utf-?(8|16|32)(-[bl]e)?|ascii|latin-?1|iso-?8859-\d+|cp\d+|koi8-[ru]|mac-roman"
    r"|gb\d+|big5(hkscs)?|shift_jis|euc_(jp|kr)"
)


def mended(body: bytes, reason: str, charset: str | None = None) -> Mended:
    """Make a reply well-formed without losing text; split it into records where that fails.

    Raises:
        NotOaiPmh: There is no envelope in it, or a DOCTYPE before it.
        BrokenReply: The envelope is cut short, or broken outside its records.
    """
    counts: Counter[str] = Counter()
    text, encoding = _decode(body, charset, counts)
    _refuse_doctype(text, reason)
    text = _DECLARATION.sub("", _cut(text, counts))
    text = _legal(text, counts)
    affected = repairs(body, partial(_characters, encoding=encoding), _identifier)
    for rung in (lambda text: text, lambda text: _with_namespaces(text, counts)):
        text = rung(text)
        repaired = text.encode()
        try:
            return Mended(parse(repaired), repaired, _notes(counts), affected)
        except UnreadableRecord:
            continue
    skeleton, broken = _salvage(text, counts)
    try:
        return Mended(parse(skeleton), skeleton, _notes(counts), affected, broken)
    except UnreadableRecord as error:
        raise BrokenReply(
            f"The reply is not well-formed XML and could not be mended: {reason}"
        ) from error


def beginning(body: bytes) -> str:
    """How a reply begins, for a message."""
    text = " ".join(body[:300].decode("utf-8", "replace").split())
    return f"it begins with '{text[:80]}'" if text else "it is empty"


def _refuse_doctype(text: str, reason: str) -> None:
    root = _ROOT_START.search(text)
    if root and "<!DOCTYPE" in text[: root.start()].upper():
        raise NotOaiPmh(f"The reply is refused: {reason} ({beginning(text[:300].encode())}).")


def _notes(counts: Counter[str]) -> tuple[str, ...]:
    return tuple(f"{what} ({count})" for what, count in counts.items() if count)


# Encodings ----------------------------------------------------------------------------------------


def _decode(body: bytes, charset: str | None, counts: Counter[str]) -> tuple[str, str]:
    """Text by what the XML declares, else what HTTP says; undecodable bytes are marked, not lost.

    Declarations lie, so only a text with an envelope in it is believed.

    Returns:
        The text, and the encoding it was read in, :data:`_GUESSED` where nothing named it.
    """
    declared = _ENCODING.search(body[:300])
    for name in (declared[1].decode() if declared else None, "utf-8", charset):
        text = _read_as(body, name)
        if text is not None and _START.search(text):
            if declared and name != declared[1].decode():
                counts[f"The text is not in the encoding it declares; read as {name}"] += 1
            return text, str(name)
    if _looks_single_byte(body):
        text = body.decode("cp1252", "replace")
        counts["Bytes that are not UTF-8 were read as Windows-1252"] += 1
        counts["Bytes that are not Windows-1252 were replaced by �"] += text.count("�")
        return text, _GUESSED
    text = body.decode("utf-8", "replace")
    counts["Bytes that are not UTF-8 were replaced by �"] += text.count("�") - body.count(
        "�".encode()
    )
    return text, "utf-8"


_GUESSED = "cp1252"


def _characters(chunk: bytes, encoding: str) -> tuple[str, int]:
    """A part of an answer as it was read, and how many of its characters were replaced for it."""
    counts: Counter[str] = Counter()
    text = chunk.decode(encoding, "replace")
    changed = text.count("�") - chunk.count("�".encode())
    if encoding == _GUESSED:
        # Nothing said what these bytes mean: every letter beyond ASCII is a guess.
        changed = len(chunk) - sum(map(str.isascii, text))
    text = _legal(text, counts)
    return text, max(0, changed) + counts[_REMOVED]


def _read_as(body: bytes, encoding: str | None) -> str | None:
    try:
        name = codecs.lookup(encoding or "").name
        return body.decode(name) if _DOCUMENT_ENCODING.fullmatch(name) else None
    except (UnicodeError, LookupError):
        return None


def _looks_single_byte(body: bytes) -> bool:
    """Whether no valid multi-byte UTF-8 sequence stands in ``body``: then it was never UTF-8."""
    return re.search(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}", body) is None


# Text ---------------------------------------------------------------------------------------------


def _cut(text: str, counts: Counter[str]) -> str:
    """Cut to the envelope: PHP notices, blank lines and comments stand before and after it."""
    start = _START.search(text)
    ends = list(_END.finditer(text))
    if start is None or _ROOT_START.search(text) is None:
        raise NotOaiPmh(
            f"The reply is not OAI-PMH: {beginning(text[:300].encode('utf-8', 'replace'))}. "
            "Check that the address is an OAI-PMH endpoint."
        )
    if not ends:
        raise BrokenReply("The reply is cut short: its end, </OAI-PMH>, is missing.")
    if text[: start.start()].strip("\ufeff \t\r\n") or text[ends[-1].end() :].strip():
        counts["Text before or after the envelope was cut off"] += 1
    return text[start.start() : ends[-1].end()]


_REMOVED = "Characters that XML forbids were removed"


def _legal(text: str, counts: Counter[str]) -> str:
    """Take out characters that XML 1.0 forbids; write ampersands as XML wants them."""
    text, removed = _ILLEGAL.subn("", text)
    counts[_REMOVED] += removed
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
        counts[_REMOVED] += 1
        return ""

    def ampersand(match: re.Match[str]) -> str:
        character = html5.get(match[1]) if match[1] else None
        if character:
            counts["HTML entities were written as characters"] += 1
            return character.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        counts["Bare ampersands were escaped"] += 1
        return "&amp;" + match[0][1:]

    return _AMPERSAND.sub(ampersand, _REFERENCE.sub(reference, text))


# Namespaces ---------------------------------------------------------------------------------------

_PREFIX = re.compile(r"""<([A-Za-z_][\w.-]{0,40}):|\s([A-Za-z_][\w.-]{0,40}):[\w.-]+\s*=\s*["']""")
_KNOWN = {
    "dc": DC,
    "dcterms": DCTERMS,
    "lom": IEEE_LOM,
    "oai_dc": OAI_DC,
    "rdf": RDF,
    "xsi": XSI,
    "xlink": "http://www.w3.org/1999/xlink",
}


def _with_namespaces(text: str, counts: Counter[str]) -> str:
    """Declare on the root the prefixes that were used and perhaps not declared where they are."""
    root = _ROOT_START.search(text)
    if root is None:
        return text
    used = sorted({match[1] or match[2] for match in _PREFIX.finditer(text)} - {"xml", "xmlns"})
    missing = [prefix for prefix in used if f"xmlns:{prefix}" not in root[0]]
    never = [prefix for prefix in missing if f"xmlns:{prefix}" not in text]
    if not missing or len(missing) > MAX_PREFIXES:
        return text
    declared = "".join(
        f' xmlns:{prefix}="{_KNOWN.get(prefix, "urn:undeclared:" + prefix)}"' for prefix in missing
    )
    at = root.end() - 1
    candidate = f"{text[:at]}{declared}{text[at:]}"
    if not never and not _parses(candidate):
        return text
    counts["Namespaces that were used and not declared were added"] += len(never) or 1
    return candidate


def _parses(text: str) -> bool:
    try:
        parse(text.encode())
    except UnreadableRecord:
        return False
    return True


# Salvage ------------------------------------------------------------------------------------------

_RECORD_START = re.compile(r"<((?:[\w.-]+:)?)record(?:\s[^<>]*)?>\s*<\1header[\s>/]")
_LIST_END = re.compile(
    r"<(?:[\w.-]+:)?resumptionToken[\s/>]|</(?:[\w.-]+:)?(?:ListRecords|GetRecord)\s*>"
)
_IDENTIFIER = re.compile(r"<(?:[\w.-]+:)?identifier(?:\s[^<>]*)?>([^<]{1,2000})</")


def _salvage(text: str, counts: Counter[str]) -> tuple[bytes, tuple[SourceRecord, ...]]:
    """Split a malformed page into its records and keep each that can be read alone.

    Returns:
        The page with the readable records only, and the others as problems with their bytes.
    """
    root = _ROOT_START.search(text)
    starts = [match.start() for match in _RECORD_START.finditer(text)]
    if root is None or not starts:
        raise BrokenReply("The reply is not well-formed XML, and no records were found in it.")
    prefix = _RECORD_START.match(text, starts[0])[1]  # type: ignore[index]
    good, broken, tail = [], [], ""
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        stop = _record_end(text, prefix, start, end)
        chunk, tail = text[start:stop], text[stop:end]
        if end < len(text) and tail.strip():
            counts["Text between records was cut out"] += 1
        try:
            parse(f"{root[0]}{chunk}{_closing(root[0])}".encode())
            good.append(chunk)
        except UnreadableRecord as error:
            broken.append(_broken(chunk, str(error)))
    counts["Records of a malformed page could not be read and are in quarantine"] += len(broken)
    return (text[: starts[0]] + "".join(good) + tail).encode(), tuple(broken)


def _record_end(text: str, prefix: str, start: int, end: int) -> int:
    """Where a record ends; one that is never closed ends where the list goes on without it."""
    closing = text.rfind(f"</{prefix}record", start, end)
    if closing >= 0:
        return text.find(">", closing) + 1
    after = _LIST_END.search(text, start, end)
    return after.start() if after else end


def _closing(start_tag: str) -> str:
    return f"</{start_tag[1:].split()[0].rstrip('>')}>"


def _identifier(chunk: str) -> str | None:
    identifier = _IDENTIFIER.search(chunk)
    return html.unescape(identifier[1]).strip() if identifier else None


def _broken(chunk: str, reason: str) -> SourceRecord:
    return SourceRecord(
        identifier=_identifier(chunk),
        payload=chunk.encode()[:MAX_RAW_PROBLEM_BYTES],
        problem="malformed",
        problem_detail=reason,
    )
