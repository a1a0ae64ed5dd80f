"""OAI-PMH without a server: static repository files, and folders of saved answers.

A static repository is one XML file with all records
(https://www.openarchives.org/OAI/2.0/guidelines-static-repository.htm); a folder of saved answers
is what somebody else's harvest left, in the order of the numbers in their names. Both are read
through the envelope that reads answers from the network, and are believed no more than those.

Only regular files below the folder are read: a link that leads out of it is told in a note.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lxml import etree

from harvesters.batches import batches
from harvesters.envelope import BrokenReply, Envelope, NotOaiPmh, read_envelope
from harvesters.harvester import Harvester, HarvestRequest, Page, RepositoryInfo
from harvesters.http import HttpClient
from harvesters.local_files import MIB, local_path, read_file
from oer.errors import HarvestError, ProtocolError, UnreadableRecord
from oer.formats.namespaces import OAI
from oer.formats.xml import parse
from oer.services.source_record import SourceRecord

STATIC = "http://www.openarchives.org/OAI/2.0/static-repository"

MAX_FILE = 64 * MIB
MAX_FILES = 100_000
RECORDS_OF_A_PAGE = 200
LONGEST_KEPT = MIB
"""Of a file that cannot be read, so much is kept for whoever looks into it."""

BROKEN_ANSWER = "broken_answer"

_WITH_RECORDS = ("ListRecords", "GetRecord", "ListIdentifiers")
_WITHOUT_RECORDS = ("Identify", "ListSets", "ListMetadataFormats")
_VERB = re.compile(
    rb"<(?:[\w.-]+:)?(%s)[\s/>]" % "|".join((*_WITH_RECORDS, *_WITHOUT_RECORDS)).encode()
)
_LOOKED_AT = 64 * 1024
_STATIC_ROOT = re.compile(rb"<(?:[\w.-]+:)?Repository\b[^>]*" + re.escape(STATIC.encode()))


# Who it is ----------------------------------------------------------------------------------------


def identify(base_url: str, http: HttpClient) -> RepositoryInfo:
    """What the static repository, or a saved Identify, says of itself; often nothing.

    Raises:
        HarvestError: There is nothing at the address.
    """
    folder = local_path(base_url)
    if folder is None or not folder.is_dir():
        body = _body(base_url, http)
        return _info(parse_or_refuse(body)) if _is_static(body) else RepositoryInfo()
    for path, why in files(folder):
        if not why and _verb(_beginning(path)) == "Identify":
            try:
                return _info(read_envelope(_read(path), verb="Identify").root)
            except (BrokenReply, NotOaiPmh, HarvestError):
                continue
    return RepositoryInfo()


def _info(root: etree._Element) -> RepositoryInfo:
    texts: dict[str, str] = {}
    for element in root.iter(f"{{{OAI}}}*"):
        texts.setdefault(etree.QName(element).localname, (element.text or "").strip())
    return RepositoryInfo(
        name=texts.get("repositoryName") or None,
        granularity=texts.get("granularity") or None,
        deleted_record=texts.get("deletedRecord") or None,
    )


# The list -----------------------------------------------------------------------------------------


def pages(request: HarvestRequest, http: HttpClient) -> Iterator[Page]:
    """All records, file after file, from the checkpoint on.

    Raises:
        HarvestError: There is nothing at the address, or it is no OAI-PMH at all.
    """
    folder = local_path(request.base_url)
    if folder is not None and folder.is_dir():
        yield from _folder(folder, request)
        return
    body = _body(request.base_url, http)
    if _is_static(body):
        yield from _static(body, request)
        return
    name = request.base_url.rpartition("/")[2]
    yield replace(_answer(name, body, request), ignores_from=request.from_ is not None)


def _folder(folder: Path, request: HarvestRequest) -> Iterator[Page]:
    after = json.loads(request.checkpoint)["after"] if request.checkpoint else None
    names: list[tuple[str, Path]] = []
    notes: list[str] = []
    for path, why in files(folder):
        if why:
            notes.append(why)
        else:
            names.append((path.relative_to(folder).as_posix(), path))
    if not names:
        raise HarvestError(f"There are no XML files below {folder}.")
    start = natural(after) if after else None
    left = [each for each in names if start is None or natural(each[0]) > start]
    for batch, is_last in batches(left, 1):
        page = _file(*batch[0], request) if batch else Page(())
        yield replace(
            page,
            checkpoint=None if is_last else json.dumps({"after": batch[0][0]}),
            notes=(*notes, *page.notes),
            ignores_from=request.from_ is not None,
        )
        notes = []


def files(folder: Path) -> Iterator[tuple[Path, str | None]]:
    """The XML files below a folder in their natural order; each with why it is left out, if it is.

    Raises:
        HarvestError: There are too many.
    """
    root = folder.resolve()
    found: list[Path] = []
    for path in folder.rglob("*"):
        if path.suffix.lower() == ".xml" and not path.name.startswith("."):
            found.append(path)
            if len(found) > MAX_FILES:
                raise HarvestError(f"There are more than {MAX_FILES} XML files below {folder}.")
    for path in sorted(found, key=lambda each: natural(each.relative_to(folder).as_posix())):
        if not path.resolve().is_relative_to(root):
            yield path, f"A link leads out of the folder and was left out: {path.name}"
        elif path.is_file():
            yield path, None


_DIGITS = re.compile(r"(\d+)")


def natural(name: str) -> tuple[tuple[str, int, str], ...]:
    """Sorts ``page-2`` before ``page-10``; names that differ only in zeros keep an order."""
    parts = _DIGITS.split(name)
    return tuple(
        (text, int(digits[:100]) if digits else -1, digits)
        for text, digits in zip(parts[::2], [*parts[1::2], ""], strict=True)
    )


def _file(name: str, path: Path, request: HarvestRequest) -> Page:
    try:
        return _answer(name, _read(path), request)
    except HarvestError as error:
        return _broken(name, b"", str(error))


def _answer(name: str, body: bytes, request: HarvestRequest) -> Page:
    """The records of one saved answer; a problem where it is none."""
    if _is_static(body):
        parts = list(_static(body, request))
        return replace(
            parts[0],
            records=tuple(record for part in parts for record in part.records),
            checkpoint=None,
        )
    verb = _verb(body[:_LOOKED_AT])
    if verb in _WITHOUT_RECORDS:
        return Page(())
    wanted = verb if verb in _WITH_RECORDS else "ListRecords"
    try:
        envelope = read_envelope(body, verb=wanted, metadata_prefix=request.metadata_prefix)
    except (BrokenReply, NotOaiPmh) as error:
        return _broken(name, body, str(error))
    return _page(name, envelope)


def _page(name: str, envelope: Envelope) -> Page:
    notes = envelope.notes
    problems = [f"{code} {text}".strip() for code, text in envelope.errors]
    if problems and not envelope.records:
        notes += (f"The saved answer {name} is an error: {'; '.join(problems)[:200]}",)
    return Page(records=envelope.records, notes=notes)


def _broken(name: str, body: bytes, detail: str) -> Page:
    """A file that cannot be read, as a problem with its beginning, and a hole in the list."""
    lost = SourceRecord(
        identifier=None,
        payload=body[:LONGEST_KEPT] or name.encode(),
        problem=BROKEN_ANSWER,
        problem_detail=f"{name}: {detail}",
    )
    return Page((lost,), holes=1)


# Static repositories ------------------------------------------------------------------------------


def _static(body: bytes, request: HarvestRequest) -> Iterator[Page]:
    """The records of a static repository in the format that is asked for.

    Raises:
        ProtocolError: It is broken, or has no records in that format.
    """
    root = parse_or_refuse(body)
    lists = root.findall(f"{{{STATIC}}}ListRecords")
    formats = [each.get("metadataPrefix", "") for each in lists]
    if request.metadata_prefix not in formats:
        raise ProtocolError(
            f"The static repository has no records in the format '{request.metadata_prefix}'. "
            f"It has: {', '.join(formats)[:500] or 'none'}."
        )
    records = [
        element
        for each, prefix in zip(lists, formats, strict=True)
        if prefix == request.metadata_prefix
        for element in each.iterchildren(f"{{{OAI}}}record")
    ]
    done = json.loads(request.checkpoint).get("records", 0) if request.checkpoint else 0
    for batch, is_last in batches(records[done:], RECORDS_OF_A_PAGE):
        done += len(batch)
        yield Page(
            records=_records(batch, request.metadata_prefix),
            checkpoint=None if is_last else json.dumps({"records": done}),
            complete_list_size=len(records),
            ignores_from=request.from_ is not None,
        )


def _records(elements: list[etree._Element], metadata_prefix: str) -> tuple[SourceRecord, ...]:
    """The records as the envelope of an answer gives them."""
    inner = b"".join(etree.tostring(each, with_tail=False) for each in elements)
    answer = b'<OAI-PMH xmlns="%s"><ListRecords>%s</ListRecords></OAI-PMH>' % (OAI.encode(), inner)
    envelope = read_envelope(answer, verb="ListRecords", metadata_prefix=metadata_prefix)
    return envelope.records


def parse_or_refuse(body: bytes) -> etree._Element:
    """The root of a static repository.

    Raises:
        ProtocolError: It cannot be parsed.
    """
    try:
        return parse(body)
    except UnreadableRecord as error:
        raise ProtocolError(f"The static repository cannot be read. {error}") from None


def _is_static(body: bytes) -> bool:
    return bool(_STATIC_ROOT.search(body[:_LOOKED_AT]))


# Files --------------------------------------------------------------------------------------------


def _body(address: str, http: HttpClient) -> bytes:
    path = local_path(address)
    if path is None:
        return http.get(address, accept_errors=False).body
    return read_file(path, most=MAX_FILE)


def _read(path: Path) -> bytes:
    return read_file(path, most=MAX_FILE)


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LOOKED_AT)
    except OSError:
        return b""


def _verb(beginning: bytes) -> str | None:
    found = _VERB.search(beginning)
    return found[1].decode() if found else None


HARVESTER = Harvester(identify=identify, pages=pages)
