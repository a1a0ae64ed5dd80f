"""OAI-PMH 2.0: asking a repository for its records, page by page.

The ``oaipmh`` library gives the error classes of the protocol. Its client is not used for lists: it
loses whole lists over one odd datestamp, loops on a repeated token and takes a login page for an
empty list. The page loop, the envelope and the transport are therefore our own.

Specification: http://www.openarchives.org/OAI/openarchivesprotocol.html
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree
from oaipmh import error as oai_error

from harvesters.envelope import Envelope, read_envelope
from harvesters.harvester import Harvester, HarvestRequest, Page, RepositoryInfo
from harvesters.http import HttpClient
from oer.errors import EndlessList, ProtocolError

MAX_EMPTY_PAGES = 10
"""Empty pages with a token are followed so many times in a row."""


def identify(base_url: str, http: HttpClient) -> RepositoryInfo:
    """Ask who is there (Identify). Missing or odd elements are left None, never an error.

    Raises:
        TransportError: No usable answer.
        ProtocolError: The answer is not OAI-PMH.
    """
    envelope = _ask(http, base_url, "Identify")
    _raise_errors(envelope)
    said = _texts(envelope.root, "Identify")
    return RepositoryInfo(
        name=said.get("repositoryName"),
        granularity=said.get("granularity"),
        deleted_record=said.get("deletedRecord"),
        earliest_datestamp=said.get("earliestDatestamp"),
        response_date=envelope.response_date,
        notes=envelope.notes,
    )


def metadata_formats(base_url: str, http: HttpClient) -> dict[str, str]:
    """The formats a repository offers: prefix to namespace (ListMetadataFormats)."""
    envelope = _ask(http, base_url, "ListMetadataFormats")
    _raise_errors(envelope)
    answer = next(child for child in envelope.root if _local(child) == "ListMetadataFormats")
    formats = [{_local(each): (each.text or "").strip() for each in child} for child in answer]
    return {each["metadataPrefix"]: each.get("metadataNamespace", "") for each in formats if each}


def pages(request: HarvestRequest, http: HttpClient) -> Iterator[Page]:
    """All pages of the list, from the checkpoint on: every set in turn, or everything.

    Raises:
        TransportError: The repository does not answer; what was yielded so far stands.
        ProtocolError: It answers something that cannot be followed.
    """
    sets: tuple[str | None, ...] = request.set_specs or (None,)
    position = _Position.read(request.checkpoint)
    checkpoint: str | None
    for index in range(position.set_index, len(sets)):
        begin = position.token if index == position.set_index else None
        last_set = index + 1 == len(sets)
        for page, next_token in _list(request, http, sets[index], begin):
            if next_token is not None:
                checkpoint = _Position(index, next_token).write()
            else:
                checkpoint = None if last_set else _Position(index + 1).write()
            yield replace(page, checkpoint=checkpoint)


@dataclass(frozen=True)
class _Position:
    """A checkpoint: which set, and the token to go on with (None: the set's first page)."""

    set_index: int = 0
    token: str | None = None

    @classmethod
    def read(cls, checkpoint: str | None) -> "_Position":
        if checkpoint is None:
            return cls()
        kept = json.loads(checkpoint)
        return cls(kept["set"], kept["token"])

    def write(self) -> str:
        return json.dumps({"set": self.set_index, "token": self.token})


def _list(
    request: HarvestRequest, http: HttpClient, set_spec: str | None, token: str | None
) -> Iterator[tuple[Page, str | None]]:
    """The pages of one list, each with the token of the next (None at the end)."""
    seen: set[int] = set()
    restarts = empty = 0
    while True:
        envelope = _ask_for_records(request, http, set_spec, token)
        if not envelope.records and envelope.errors:
            if _codes(envelope) == {"badResumptionToken"} and token is not None and restarts < 1:
                # Tokens expire. The list is asked for again from its beginning: records that
                # were taken in already are recognised as unchanged.
                restarts, token = restarts + 1, None
                seen.clear()
                note = "The resumption token had expired; the list was asked for from its beginning"
                yield Page((), notes=(note,)), ""
                continue
            yield _end_of_list(envelope, request, http, token), None
            return
        following = envelope.token or None
        empty = 0 if envelope.records else empty + 1
        yield _page(envelope), following
        if following is None:
            return
        if hash(following) in seen:
            raise EndlessList(
                f"The repository repeats the resumption token '{following[:60]}': its list has no "
                "end. What came so far is kept; report this to the provider."
            )
        if empty > MAX_EMPTY_PAGES:
            raise EndlessList(
                f"The repository sent {empty} empty pages in a row, each with a resumption token. "
                "What came so far is kept; report this to the provider."
            )
        seen.add(hash(following))
        token = following


def _ask_for_records(
    request: HarvestRequest, http: HttpClient, set_spec: str | None, token: str | None
) -> Envelope:
    if token:
        arguments = [("resumptionToken", token)]
    else:
        arguments = [("metadataPrefix", request.metadata_prefix)]
        if request.from_:
            arguments.append(("from", datestamp(request.from_, request.granularity)))
        if set_spec:
            arguments.append(("set", set_spec))
    return _ask(http, request.base_url, "ListRecords", arguments, request.metadata_prefix)


def datestamp(utc: str, granularity: str | None) -> str:
    """``utc`` (``YYYY-MM-DDThh:mm:ssZ``) as the repository wants it.

    Every repository must accept days (OAI-PMH §2.7.1), so days it is where none is stated.
    """
    return utc if "hh" in (granularity or "").lower() else utc[:10]


def _page(envelope: Envelope) -> Page:
    notes = envelope.notes
    if envelope.errors:
        notes += (f"A page came with records and the error {_said(envelope)}",)
    return Page(
        records=envelope.records,
        response_date=envelope.response_date,
        complete_list_size=envelope.complete_list_size,
        notes=notes,
    )


def _end_of_list(
    envelope: Envelope, request: HarvestRequest, http: HttpClient, token: str | None
) -> Page:
    codes = _codes(envelope)
    if codes == {"noRecordsMatch"}:
        page = _page(replace(envelope, errors=()))
        if token is None:
            return page
        note = "A resumed page answered noRecordsMatch; it was taken for the end of the list"
        return replace(page, notes=(*page.notes, note))
    if "cannotDisseminateFormat" in codes:
        offered = ", ".join(metadata_formats(request.base_url, http)) or "none"
        raise ProtocolError(
            f"The repository does not offer the format '{request.metadata_prefix}'. "
            f"It offers: {offered}. Change it with: oer source edit SOURCE --prefix PREFIX"
        )
    _raise_errors(envelope)
    raise AssertionError("a page without records has an error")  # pragma: no cover


def _ask(
    http: HttpClient,
    base_url: str,
    verb: str,
    arguments: list[tuple[str, str]] | None = None,
    metadata_prefix: str | None = None,
) -> Envelope:
    # Some repositories understand a request only when the verb comes first.
    reply = http.get(base_url, [("verb", verb), *(arguments or [])])
    envelope = read_envelope(reply.body, verb=verb, metadata_prefix=metadata_prefix)
    return replace(envelope, notes=reply.notes + envelope.notes)


def _codes(envelope: Envelope) -> set[str]:
    return {code for code, _ in envelope.errors}


def _said(envelope: Envelope) -> str:
    return "; ".join(f"{code}: {message}" if message else code for code, message in envelope.errors)


def _raise_errors(envelope: Envelope) -> None:
    """Raise what the repository says is wrong, if anything, from the protocol's own error."""
    if not envelope.errors:
        return
    code, message = envelope.errors[0]
    name = f"{code[:1].upper()}{code[1:]}Error"
    kind = getattr(oai_error, name, oai_error.UnknownError)
    raise ProtocolError(f"The repository answers: {_said(envelope)}.") from kind(message)


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _texts(root: etree._Element, name: str) -> dict[str, str]:
    """The first non-empty text of each child of the answer, by local name."""
    found: dict[str, str] = {}
    for answer in root:
        if _local(answer) == name:
            for child in answer:
                text = (child.text or "").strip()
                if text:
                    found.setdefault(_local(child), text)
    return found


HARVESTER = Harvester(identify=identify, pages=pages)
