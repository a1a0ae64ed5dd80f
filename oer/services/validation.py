"""A pasted record, read as a harvest would read it. Pure: a text in, what we make of it out.

What a newcomer would get wrong: the text was copied from a browser or an editor, so it is Unicode,
whatever encoding its XML declaration names; and a record may come alone, in its ``record`` element
or in a whole OAI-PMH reply.

The text is anybody's, and there are texts that keep a regular expression busy for hours. Nothing
here ends by itself: call it through ``oer.services.bounded_validation`` where strangers may ask.
"""

import re
from datetime import datetime

import msgspec
from lxml import etree

from oer.errors import UnreadableRecord
from oer.formats import read_payload
from oer.formats.xml import Element, local_name, parse, shown
from oer.metadata.checks import Part, check, completeness
from oer.metadata.normalise import Change, normalise
from oer.metadata.resource_metadata import ResourceMetadata
from oer.metadata.vocabularies import Tables

MAX_BYTES = 1_000_000

EMPTY, WEB_PAGE, NEITHER = "empty", "web_page", "neither"
NO_RECORD, DELETED, REPLY_ERROR = "no_record", "deleted", "reply_error"
UNREADABLE, TOO_LARGE = "unreadable", "too_large"
TOO_SLOW, BUSY = "too_slow", "busy"
REFUSALS = (
    EMPTY, WEB_PAGE, NEITHER, NO_RECORD, DELETED, REPLY_ERROR, UNREADABLE, TOO_LARGE, TOO_SLOW,
    BUSY,
)  # fmt: skip
"""Why a text cannot be read, as codes."""

_DECLARATION = re.compile(r"<\?xml\b[^>]{0,500}\?>\s*")
_PAGE = re.compile(r"<(?:!doctype\s+)?html\b", re.IGNORECASE)


class Found(msgspec.Struct, frozen=True):
    """A finding, as ``checks.Finding`` has it."""

    code: str
    severity: str
    field: str
    evidence: str = ""


class Validation(msgspec.Struct, frozen=True):
    """What we read, what was changed, what is wrong; or why nothing could be read.

    Args:
        refused: One of :data:`REFUSALS`; None where the text was read.
        reason: What the parser says of it, in English.
        kind: ``xml`` or ``json``; ``shown`` is the name of the element or type that was read.
        records: How many records the text held; the first of them was read.
    """

    refused: str | None = None
    reason: str = ""
    kind: str = ""
    root: str = ""
    records: int = 1
    metadata: ResourceMetadata = ResourceMetadata()
    changes: tuple[Change, ...] = ()
    findings: tuple[Found, ...] = ()
    score: float = 0.0
    parts: tuple[Part, ...] = ()


class _Refused(Exception):  # noqa: N818
    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(code)
        self.code, self.reason = code, reason


def validate(text: str, tables: Tables, now: datetime) -> Validation:
    """Read a pasted text. Never raises for what is in it."""
    try:
        kind, root, records, stated = _stated(text)
    except _Refused as refused:
        return Validation(refused=refused.code, reason=refused.reason)
    except UnreadableRecord as error:
        return Validation(refused=UNREADABLE, reason=str(error))
    metadata, changes = normalise(stated, tables)
    complete = completeness(metadata)
    return Validation(
        kind=kind,
        root=root,
        records=records,
        metadata=metadata,
        changes=tuple(changes),
        findings=tuple(
            Found(each.code, each.severity, each.field, each.evidence)
            for each in check(metadata, now)
        ),
        score=complete.score,
        parts=complete.parts,
    )


def _stated(text: str) -> tuple[str, str, int, ResourceMetadata]:
    text = text.lstrip("\ufeff \t\r\n")
    payload = text.encode("utf-8", "replace")
    if not text.strip():
        raise _Refused(EMPTY)
    if len(payload) > MAX_BYTES:
        raise _Refused(TOO_LARGE)
    if text[0] in "{[":
        return "json", "", 1, read_payload(payload)
    if text[0] != "<":
        raise _Refused(NEITHER)
    if _PAGE.match(text):
        raise _Refused(WEB_PAGE)
    payload = _DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    document, records = _document(parse(payload))
    return "xml", shown(local_name(document.tag)), records, read_payload(etree.tostring(document))


# -- from a reply or a record to its metadata ------------------------------------------------------


def _document(root: Element) -> tuple[Element, int]:
    """The metadata document of what was pasted, and of how many records it is the first."""
    name = local_name(root.tag)
    if name == "OAI-PMH":
        return _of_reply(root)
    if name == "metadata" and len(root):
        return root[0], 1
    # MARC calls its document a record too; ours has a header.
    if name == "record" and _child(root, "header") is not None:
        return _of_record(root), 1
    return root, 1


def _of_reply(root: Element) -> tuple[Element, int]:
    records = [
        element
        for answer in root
        if isinstance(answer.tag, str)
        for element in answer
        if isinstance(element.tag, str) and local_name(element.tag) == "record"
    ]
    if not records:
        errors = [each for each in root if local_name(str(each.tag)) == "error"]
        if errors:
            said = ": ".join(filter(None, (errors[0].get("code"), (errors[0].text or "").strip())))
            raise _Refused(REPLY_ERROR, said[:300])
        raise _Refused(NO_RECORD)
    return _of_record(records[0]), len(records)


def _of_record(record: Element) -> Element:
    header, metadata = _child(record, "header"), _child(record, "metadata")
    if header is not None and (header.get("status") or "").strip().lower() == "deleted":
        raise _Refused(DELETED)
    if metadata is None or not len(metadata):
        raise _Refused(NO_RECORD)
    return metadata[0]


def _child(element: Element, name: str) -> Element | None:
    found = (each for each in element if isinstance(each.tag, str) and local_name(each.tag) == name)
    return next(found, None)
