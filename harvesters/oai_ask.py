"""Asking a repository one thing, patiently and in words that it understands.

Not every server takes what the protocol prescribes. Where it answers ``badArgument``, the same
question is asked in other words: dates in the other granularity, without ``from``, without
``metadataPrefix``. Where it refuses a token, the token is given back as it came. What worked is
remembered for the rest of the run, and said in the notes.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit, urlunsplit

from oaipmh import error as oai_error

from harvesters.envelope import BrokenReply, Envelope, NotOaiPmh, read_envelope
from harvesters.harvester import HarvestRequest
from harvesters.http import Broken, HttpClient, HttpStatus, TooLarge, TooSlow
from harvesters.oai_dates import DAY, SECOND, datestamp, granularity, moment
from harvesters.oai_position import Window
from oer.errors import HarvestError, ProtocolError
from oer.formats import FORMATS

PAUSES = (5.0, 30.0)
"""Seconds to wait before a page that is not OAI-PMH is asked for again: maintenance passes."""

KNOWN_CODES = frozenset(
    {
        "badArgument",
        "badResumptionToken",
        "badVerb",
        "cannotDisseminateFormat",
        "idDoesNotExist",
        "noMetadataFormats",
        "noRecordsMatch",
        "noSetHierarchy",
    }
)
"""OAI-PMH §3.6. Whatever else a server says with an error element is trouble at its end."""

# Tokens that can stand in an address as they are.
_VERBATIM = re.compile(r"[!\"$%'-\[\]-~]+")

Arguments = list[tuple[str, str]]


class WindowRefused(ProtocolError):  # noqa: N818 - reads as what happened
    """The repository takes no dates, so a list cannot be asked for in parts."""


def is_poison(error: HarvestError) -> bool:
    """Whether it may be one record that spoils its page, rather than the repository as a whole.

    503 is not: it says "later", and later it may be over.
    """
    if isinstance(error, HttpStatus):
        return error.status >= 500 and error.status != 503
    return isinstance(error, BrokenReply | Broken | TooLarge | TooSlow)


@dataclass(frozen=True)
class _Wording:
    """How the first page of a list is asked for."""

    granularity: str | None
    from_: bool = True
    prefix: bool = True
    note: str | None = None


class Asker:
    """Asks for the pages of one run; knows what the repository has been found to understand."""

    def __init__(
        self, request: HarvestRequest, http: HttpClient, sleep: Callable[[float], object]
    ) -> None:
        self._request, self._http, self._sleep = request, http, sleep
        self._prefix = request.metadata_prefix
        self._wordings = _wordings(request)
        self._way = "stripped"
        self.lists_identifiers = False
        self.response_date: str | None = None

    @property
    def verb(self) -> str:
        """What the run asks for."""
        return "ListIdentifiers" if self._request.headers_only else "ListRecords"

    @property
    def granularity(self) -> str | None:
        """The granularity that the repository takes."""
        return self._wordings[0].granularity

    @property
    def ignores_from(self) -> bool:
        """Whether the repository takes no ``from``."""
        return not self._wordings[0].from_

    def first(
        self, window: Window, set_spec: str | None, *, verb: str, patient: bool = True
    ) -> Envelope:
        """The first page of a window of a set.

        Raises:
            WindowRefused: It cannot be asked for the window, which has an end.
        """
        refused: Envelope | None = None
        tried: list[Arguments] = []
        for number, wording in enumerate(self._wordings):
            arguments = self._arguments(wording, window, set_spec)
            if arguments in tried or (window.until is not None and not wording.from_):
                continue
            tried.append(arguments)
            envelope = self._patiently(verb, arguments, PAUSES if patient else ())
            if "cannotDisseminateFormat" in codes(envelope) and not envelope.records:
                envelope = self._under_another_name(envelope, wording, window, set_spec, verb)
            if envelope.records or codes(envelope) != {"badArgument"}:
                self._wordings = self._wordings[number:]
                note = (wording.note,) if wording.note else ()
                return replace(envelope, notes=note + envelope.notes)
            refused = refused or envelope
        assert refused is not None
        if window.until is not None:
            raise WindowRefused(f"The repository takes no dates: {said(refused)}.")
        return refused

    def resumed(self, token: str, padded: str | None, *, verb: str) -> Envelope:
        """The page a token leads to, the token spelled in every way a server may know it again."""
        ways = {"stripped": token}
        if padded and padded != token:
            ways["as given"] = padded
        if quote(token, safe="") != token and _VERBATIM.fullmatch(token):
            ways["verbatim"] = token
        known = [self._way] if self._way in ways else []
        refusal: Envelope | None = None
        for way in dict.fromkeys([*known, *ways]):
            envelope = self._resumed(verb, way, ways[way])
            if envelope.records or codes(envelope) != {"badResumptionToken"}:
                self._way = way
                return envelope
            refusal = refusal or envelope
        assert refusal is not None
        return refusal

    def record(self, identifier: str) -> Envelope:
        """One record (GetRecord)."""
        arguments = [("identifier", identifier), ("metadataPrefix", self._prefix)]
        return self._patiently("GetRecord", arguments, ())

    def at_most(self, number: int, window: Window, set_spec: str | None) -> int | None:
        """How many records a window holds, when they are so few; None: more, or nobody knows."""
        try:
            envelope = self.first(window, set_spec, verb="ListIdentifiers", patient=False)
        except HarvestError:
            return None
        self.lists_identifiers = True
        if not envelope.records and codes(envelope) == {"noRecordsMatch"}:
            return 0
        count = len(envelope.records)
        return count if 0 < count <= number and not envelope.token else None

    def is_alive(self) -> bool:
        """Whether the repository says who it is: then the trouble is with what was asked."""
        try:
            ask(self._http, self._request.base_url, "Identify")
        except HarvestError:
            return False
        return True

    # -- wording ---------------------------------------------------------------------------------

    def _arguments(self, wording: _Wording, window: Window, set_spec: str | None) -> Arguments:
        arguments = [("metadataPrefix", self._prefix)] if wording.prefix else []
        if window.from_ and wording.from_:
            begin = _not_after(window.from_, self._request.repository_clock)
            arguments.append(("from", datestamp(begin, wording.granularity)))
        if window.until:
            arguments.append(("until", datestamp(window.until, wording.granularity)))
        if set_spec:
            arguments.append(("set", set_spec))
        return arguments

    def _under_another_name(
        self,
        refusal: Envelope,
        wording: _Wording,
        window: Window,
        set_spec: str | None,
        verb: str,
    ) -> Envelope:
        """Prefixes are local names: the format may be offered under another one."""
        try:
            offered = metadata_formats(self._request.base_url, self._http)
        except HarvestError:
            offered = {}
        other = _same_format(self._prefix, offered)
        if other is None:
            names = ", ".join(offered) or "none"
            raise ProtocolError(
                f"The repository does not offer the format '{self._prefix}'. It offers: {names}. "
                "Change it with: oer source edit SOURCE --prefix PREFIX"
            ) from oai_error.CannotDisseminateFormatError(said(refusal))
        note = f"The repository calls the format '{self._prefix}' by the name '{other}'"
        self._prefix = other
        envelope = self._patiently(verb, self._arguments(wording, window, set_spec), PAUSES)
        return replace(envelope, notes=(note, *envelope.notes))

    def _resumed(self, verb: str, way: str, token: str) -> Envelope:
        if way != "verbatim":
            return self._patiently(verb, [("resumptionToken", token)], PAUSES)
        # In the address as it stands, for servers that do not decode it.
        parts = urlsplit(self._request.base_url)
        query = "&".join(filter(None, (f"verb={verb}&resumptionToken={token}", parts.query)))
        address = urlunsplit(parts._replace(query=query))
        return self._patiently(verb, [], PAUSES, address=address)

    # -- patience --------------------------------------------------------------------------------

    def _patiently(
        self, verb: str, arguments: Arguments, pauses: Sequence[float], address: str | None = None
    ) -> Envelope:
        """Ask, and ask again while the answer is not the protocol. An empty list it never is."""
        for pause in pauses:
            try:
                return self._once(verb, arguments, address)
            except (NotOaiPmh, BrokenReply):
                self._sleep(pause)
        return self._once(verb, arguments, address)

    def _once(self, verb: str, arguments: Arguments, address: str | None) -> Envelope:
        # Some repositories understand a request only when the verb comes first.
        asked = [] if address else [("verb", verb), *arguments]
        where = address or self._request.base_url
        envelope = _read(self._http, where, asked, verb, self._prefix)
        if not envelope.records and codes(envelope) - KNOWN_CODES:
            raise BrokenReply(f"The repository answers: {said(envelope)}.")
        self.response_date = self.response_date or envelope.response_date
        return envelope


def ask(http: HttpClient, base_url: str, verb: str, *arguments: tuple[str, str]) -> Envelope:
    """Ask once, without patience: for what is not a list."""
    return _read(http, base_url, [("verb", verb), *arguments], verb, None)


def _read(
    http: HttpClient, address: str, arguments: Arguments, verb: str, prefix: str | None
) -> Envelope:
    reply = http.get(address, arguments)
    envelope = read_envelope(
        reply.body,
        verb=verb,
        metadata_prefix=prefix,
        charset=_charset(reply.headers.get("content-type", "")),
    )
    return replace(envelope, notes=reply.notes + envelope.notes)


def metadata_formats(base_url: str, http: HttpClient) -> dict[str, str]:
    """The formats a repository offers: prefix to namespace (ListMetadataFormats)."""
    envelope = ask(http, base_url, "ListMetadataFormats")
    raise_errors(envelope)
    formats = (
        {_local(each.tag): (each.text or "").strip() for each in child if isinstance(each.tag, str)}
        for answer in envelope.root
        for child in answer
    )
    return {
        each["metadataPrefix"]: each.get("metadataNamespace", "")
        for each in formats
        if each.get("metadataPrefix")
    }


def codes(envelope: Envelope) -> set[str]:
    """The codes of the errors in a reply."""
    return {code for code, _ in envelope.errors}


def said(envelope: Envelope) -> str:
    """What the errors of a reply say."""
    return "; ".join(
        f"{code[:60]}: {message[:300]}" if message else code[:60]
        for code, message in envelope.errors
    )


def raise_errors(envelope: Envelope) -> None:
    """Raise what the repository says is wrong, if anything, from the protocol's own error."""
    if not envelope.errors:
        return
    code, message = envelope.errors[0]
    kind = oai_error.UnknownError
    if code in KNOWN_CODES:
        kind = getattr(oai_error, f"{code[:1].upper()}{code[1:]}Error")
    raise ProtocolError(f"The repository answers: {said(envelope)}.") from kind(message)


_NO_PREFIX = "The repository takes no metadataPrefix; it was asked without"


def _wordings(request: HarvestRequest) -> list[_Wording]:
    stated = granularity(request.granularity) or DAY
    other = DAY if stated == SECOND else SECOND
    named = "days" if other == DAY else "seconds"
    return [
        _Wording(stated),
        _Wording(other, note=f"The repository takes dates in {named} only, whatever it states"),
        _Wording(
            stated,
            from_=False,
            note="The repository takes no 'from'; everything was asked for, as in a full harvest",
        ),
        _Wording(stated, prefix=False, note=_NO_PREFIX),
        _Wording(stated, from_=False, prefix=False, note=_NO_PREFIX),
    ]


def _not_after(utc: str, clock: str | None) -> str:
    """``from``, but never later than the repository's own clock: some refuse the future."""
    return min(utc, clock) if clock and moment(clock) else utc


def _same_format(prefix: str, offered: dict[str, str]) -> str | None:
    """The offered name of the format that we call ``prefix``."""
    known = FORMATS.get(prefix)
    for name, namespace in offered.items():
        if name != prefix and known is not None and namespace == known.namespace:
            return name
    return None


def _charset(content_type: str) -> str | None:
    _, found, rest = content_type.lower().partition("charset=")
    return rest.split(";")[0].strip(" \"'") or None if found else None


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def texts(envelope: Envelope, name: str) -> Iterator[tuple[str, str]]:
    """The children of the answer ``name``: local name and text, the empty ones left out."""
    for answer in envelope.root:
        if isinstance(answer.tag, str) and _local(answer.tag) == name:
            for child in answer:
                text = (child.text or "").strip()
                if text and isinstance(child.tag, str):
                    yield _local(child.tag), text
