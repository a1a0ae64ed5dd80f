"""Asking a repository one thing, patiently and in words that it understands.

Not every server takes what the protocol prescribes. Where it answers ``badArgument``, the same
question is asked in other words: dates in the other granularity, without ``from``, without
``metadataPrefix``. Where it refuses a token, the token is given back as it came. What worked is
remembered for the rest of the run, and said in the notes.

How often a question is asked depends on what it is for: while the one record that breaks its page
is searched for, most answers are known to be failures, and waiting for each helps nobody.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from oaipmh import error as oai_error

from harvesters.envelope import BrokenReply, Envelope, NotOaiPmh
from harvesters.harvester import HarvestRequest
from harvesters.http import Broken, HttpClient, HttpStatus, TooLarge, TooSlow
from harvesters.learned import PREFIX, TOKENS, WORDS
from harvesters.oai_position import Window
from harvesters.oai_wire import Wire
from harvesters.oai_wording import Arguments, Wording, learned_from, stated_granularity, wordings
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

# Tokens that can stand in an address as they are, but for blanks.
_VERBATIM = re.compile(r"[ !\"$%'-\[\]-~]+")
STRIPPED, AS_GIVEN, VERBATIM = "stripped", "as given", "verbatim"


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
class Patience:
    """How long an answer is waited for."""

    pauses: tuple[float, ...] = ()
    """Seconds before a page that is not OAI-PMH is asked for again."""
    tries: int | None = None
    """How often a page that fails is asked for; None: as often as the transport does."""


PATIENT, PROMPT, QUICK = Patience(PAUSES), Patience(), Patience(tries=1)
OF_ONE_RECORD = Patience(tries=3)
"""Before a record is called unreachable. The next harvest may not ask for it again."""


class Asker:
    """Asks for the pages of one run; knows what the repository has been found to understand."""

    def __init__(
        self, request: HarvestRequest, http: HttpClient, sleep: Callable[[float], object]
    ) -> None:
        self._request, self._http, self._sleep = request, http, sleep
        self._wire = Wire(http, request.base_url)
        self._prefix = str(request.learned.get(PREFIX, request.metadata_prefix))
        self._stated = stated_granularity(request)
        self._known = request.learned.get(WORDS)
        self._wordings = wordings(request, self._known)
        self._way = str(request.learned.get(TOKENS, STRIPPED))
        self.learned: dict[str, Any] = {}
        """What this run found out that the next one should know."""
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
        self, window: Window, set_spec: str | None, *, verb: str, patience: Patience = PATIENT
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
            envelope = self._patiently(verb, arguments, patience)
            if "cannotDisseminateFormat" in codes(envelope) and not envelope.records:
                envelope = self._under_another_name(envelope, wording, window, set_spec, verb)
            if envelope.records or codes(envelope) != {"badArgument"}:
                self._wordings = self._wordings[number:]
                self._learn_words(wording, arguments)
                usual = self._arguments(Wording(self._stated), window, set_spec)
                note = (wording.note,) if wording.note and arguments != usual else ()
                return replace(envelope, notes=note + envelope.notes)
            refused = refused or envelope
        assert refused is not None
        if window.until is not None:
            raise WindowRefused(f"The repository takes no dates: {said(refused)}.")
        return refused

    def resumed(
        self, token: str, padded: str | None, *, verb: str, patience: Patience = PATIENT
    ) -> Envelope:
        """The page a token leads to, the token spelled in every way a server may know it again."""
        ways = {STRIPPED: token}
        if padded and padded != token:
            ways[AS_GIVEN] = padded
        if quote(token, safe="") != token and _VERBATIM.fullmatch(token):
            ways[VERBATIM] = token
        known = [self._way] if self._way in ways else []
        refusal: Envelope | None = None
        for way in dict.fromkeys([*known, *ways]):
            try:
                envelope = self._resumed(verb, way, ways[way], patience)
            except HttpStatus as error:
                if way == STRIPPED or not 400 <= error.status < 500:
                    raise
                continue
            if envelope.records or codes(envelope) != {"badResumptionToken"}:
                if len(ways) > 1:
                    self._go_on(way)
                return envelope
            refusal = refusal or envelope
        assert refusal is not None
        return refusal

    def record(self, identifier: str) -> Envelope:
        """One record (GetRecord)."""
        arguments = [("identifier", identifier), ("metadataPrefix", self._prefix)]
        return self._patiently("GetRecord", arguments, OF_ONE_RECORD)

    def at_most(self, number: int, window: Window, set_spec: str | None) -> int | None:
        """How many records a window holds, when they are so few; None: more, or nobody knows."""
        try:
            envelope = self.first(window, set_spec, verb="ListIdentifiers", patience=QUICK)
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

    def _arguments(self, wording: Wording, window: Window, set_spec: str | None) -> Arguments:
        return wording.arguments(self._prefix, window, set_spec, self._request.repository_clock)

    def _learn_words(self, wording: Wording, arguments: Arguments) -> None:
        fact = learned_from(wording, arguments, self._stated, self._known)
        if fact != self._known:
            self._known = self.learned[WORDS] = fact

    def _under_another_name(
        self,
        refusal: Envelope,
        wording: Wording,
        window: Window,
        set_spec: str | None,
        verb: str,
    ) -> Envelope:
        """Prefixes are local names: the format may be offered under another one."""
        asked = self._request.metadata_prefix
        if self._prefix != asked:
            # The name that an earlier harvest learned; the source's own may be right again.
            self._prefix = asked
            self.learned[PREFIX] = None
            envelope = self._patiently(verb, self._arguments(wording, window, set_spec), PATIENT)
            if envelope.records or "cannotDisseminateFormat" not in codes(envelope):
                return envelope
        try:
            offered = metadata_formats(self._request.base_url, self._http)
        except HarvestError:
            offered = {}
        other = _same_format(asked, offered, refused=self._prefix)
        if other is None:
            names = ", ".join(offered) or "none"
            raise ProtocolError(
                f"The repository does not offer the format '{asked}'. It offers: {names}. "
                "Change it with: oer source edit SOURCE --prefix PREFIX"
            ) from oai_error.CannotDisseminateFormatError(said(refusal))
        note = f"The repository calls the format '{asked}' by the name '{other}'"
        self._prefix = other
        self.learned[PREFIX] = other
        envelope = self._patiently(verb, self._arguments(wording, window, set_spec), PATIENT)
        return replace(envelope, notes=(note, *envelope.notes))

    def _resumed(self, verb: str, way: str, token: str, patience: Patience) -> Envelope:
        if way != VERBATIM:
            return self._patiently(verb, [("resumptionToken", token)], patience)
        # In the address as it stands, for servers that do not decode it. No line can hold a blank.
        return self._patiently(
            verb, [], patience, verbatim=f"resumptionToken={token.replace(' ', '%20')}"
        )

    def _go_on(self, way: str) -> None:
        """Give tokens back in the way that worked, also in the next harvest."""
        self._way = way
        if way != self._request.learned.get(TOKENS, STRIPPED):
            self.learned[TOKENS] = None if way == STRIPPED else way

    # -- patience --------------------------------------------------------------------------------

    def _patiently(
        self, verb: str, arguments: Arguments, patience: Patience, *, verbatim: str = ""
    ) -> Envelope:
        """Ask, and ask again while the answer is not the protocol. An empty list it never is."""
        for pause in patience.pauses:
            try:
                return self._once(verb, arguments, patience.tries, verbatim)
            except (NotOaiPmh, BrokenReply):
                self._sleep(pause)
        return self._once(verb, arguments, patience.tries, verbatim)

    def _once(self, verb: str, arguments: Arguments, tries: int | None, verbatim: str) -> Envelope:
        envelope = self._wire.ask(
            verb, arguments, prefix=self._prefix, verbatim=verbatim, tries=tries
        )
        if not envelope.records and codes(envelope) - KNOWN_CODES:
            raise BrokenReply(f"The repository answers: {said(envelope)}.")
        self.response_date = self.response_date or envelope.response_date
        return envelope


def ask(http: HttpClient, base_url: str, verb: str, *arguments: tuple[str, str]) -> Envelope:
    """Ask once, without patience: for what is not a list."""
    return Wire(http, base_url).ask(verb, arguments)


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


def _same_format(prefix: str, offered: dict[str, str], *, refused: str) -> str | None:
    """The offered name of the format that we call ``prefix``."""
    known = FORMATS.get(prefix)
    for name, namespace in offered.items():
        if name != refused and known is not None and namespace == known.namespace:
            return name
    return None


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
