"""Carrying a question to a repository: by GET, and by POST what is too long for an address.

OAI-PMH §3.1.1 demands that repositories take both. Many do not, so POST is the exception, and where
it is refused the long address is tried after all.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from harvesters.envelope import BrokenReply, Envelope, NotOaiPmh, read_envelope
from harvesters.http import Broken, HttpClient, HttpStatus, Refused, Reply
from harvesters.http.targets import encoded

LONGEST_ADDRESS = 2000
"""Characters. Servers and proxies take 8000 as a rule, some no more than 2048."""

_TOO_LONG = 414
_NO_POST = frozenset({400, 403, 404, 405, 406, 411, 415, 500, 501})
_UNHEARD = ({"badVerb"}, {"badArgument"}, {"badArgument", "badVerb"})

Arguments = Sequence[tuple[str, str]]
Question = Callable[[], Envelope]


class Wire:
    """The way to one repository; knows how long its addresses may be, and whether it takes POST."""

    def __init__(self, http: HttpClient, base_url: str) -> None:
        self._http, self._base_url = http, base_url
        self._longest = LONGEST_ADDRESS
        self._posts = True

    def ask(
        self,
        verb: str,
        arguments: Arguments = (),
        *,
        prefix: str | None = None,
        verbatim: str = "",
        tries: int | None = None,
    ) -> Envelope:
        """What the repository answers.

        Args:
            prefix: The metadata prefix of the records that are expected.
            verbatim: Ends the query as it stands.
            tries: How often a page that may itself be the trouble is asked for; None: patiently.

        Raises:
            TransportError: It does not.
            ProtocolError: The answer is not OAI-PMH.
        """
        options: dict[str, Any] = {} if tries is None else {"tries": tries}
        # Some repositories understand a request only when the verb comes first.
        asked = [("verb", verb), *arguments]
        if verbatim:
            reply = self._http.get(self._base_url, asked, verbatim=verbatim, **options)
            return _read(reply, verb, prefix)

        def get() -> Envelope:
            return _read(self._http.get(self._base_url, asked, **options), verb, prefix)

        def post() -> Envelope:
            return _read(self._http.post(self._base_url, asked, **options), verb, prefix)

        length = len(self._base_url) + 1 + len(encoded(asked))
        if not self._posts:
            return get()
        if length > self._longest:
            return self._posted(get, post, length)
        try:
            return get()
        except HttpStatus as error:
            if error.status != _TOO_LONG:
                raise
            self._longest = length - 1
            return self._posted(get, post, length)

    def _posted(self, get: Question, post: Question, length: int) -> Envelope:
        """By POST; by GET after all where the repository does not hear it."""
        why = "badVerb"
        try:
            envelope = post()
            if envelope.records or {code for code, _ in envelope.errors} not in _UNHEARD:
                return envelope
        except HttpStatus as error:
            if error.status not in _NO_POST:
                raise
            why = str(error)
        except (Refused, Broken, BrokenReply, NotOaiPmh) as error:
            # A home page, or nothing: what a server says that reads the address only.
            why = str(error)
        try:
            envelope = get()
        except HttpStatus as error:
            if error.status != _TOO_LONG:
                raise
            raise BrokenReply(
                f"The question is {length} characters long, which the repository takes neither in "
                f"an address nor by POST: {why}"
            ) from None
        self._posts = False
        return envelope


def _read(reply: Reply, verb: str, prefix: str | None) -> Envelope:
    charset = _charset(reply.headers.get("content-type", ""))
    envelope = read_envelope(reply.body, verb=verb, metadata_prefix=prefix, charset=charset)
    return replace(envelope, notes=reply.notes + envelope.notes)


def _charset(content_type: str) -> str | None:
    _, found, rest = content_type.lower().partition("charset=")
    return rest.split(";")[0].strip(" \"'") or None if found else None
