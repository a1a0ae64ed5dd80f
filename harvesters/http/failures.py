"""What can go wrong over HTTP; each failure is one sentence with the address and a way out."""

from __future__ import annotations

from datetime import datetime
from http.client import responses
from typing import TYPE_CHECKING

from oer.errors import TransportError

if TYPE_CHECKING:
    from harvesters.http.messages import Reply


class Failure(TransportError):  # noqa: N818 - these names read as what happened
    """Base of all that follow."""

    redirects: int = 0
    """How many redirects came before it. With none, it is about the address that was asked for."""


class Unreachable(Failure):
    """No connection: the name does not resolve, or nobody answers there."""


class UntrustedTls(Failure):
    """The server could not prove who it is.  There is no switch to go on regardless."""


class Refused(Failure):
    """We will not go there: not http(s), not an address, or an address that is not public."""


class TooLarge(Failure):
    """The body passes a limit, as it came or once decompressed."""


class TooSlow(Failure):
    """The server fell silent, trickles, or needs more time than a try may take."""


class Broken(Failure):
    """The answer was cut, empty, or compressed beyond understanding."""


class HttpStatus(Failure):
    """The server answered, with a status that is no success."""

    def __init__(self, shown: str, reply: Reply) -> None:
        self.status = reply.status
        self.reply = reply
        name = responses.get(reply.status, "")
        super().__init__(
            f"{shown} answered {reply.status} {name}".rstrip() + _way_out(reply.status)
        )


class Parked(Failure):
    """The server asked us to stay away longer than we are willing to sit and wait."""

    def __init__(self, shown: str, until: datetime) -> None:
        self.until = until
        super().__init__(
            f"{shown} asks to be left alone until {until:%Y-%m-%d %H:%M} UTC; "
            "harvest again after that."
        )


class Again(Exception):  # noqa: N818 - never leaves this package
    """This try failed, another may not: what failed, at which host, and how long to wait.

    ``wait`` is None when the server named no time and the backoff decides.
    """

    def __init__(self, failure: Failure, host: str, wait: float | None = None) -> None:
        super().__init__(str(failure))
        self.failure = failure
        self.host = host
        self.wait = wait

    @property
    def is_of_the_page(self) -> bool:
        """Whether what was asked for may itself be the trouble; the rest passes with time."""
        if isinstance(self.failure, HttpStatus):
            return self.wait is None and self.failure.status in (500, 502, 504)
        return isinstance(self.failure, Broken | TooSlow) and self.wait is None


_WAYS_OUT = {
    401: "; it wants credentials: ask the repository, and give them as headers of the source.",
    403: "; it will not serve us: ask the repository's keepers, naming our User-Agent.",
    404: "; check the address of the source.",
    410: "; it is gone for good: ask the repository for its new address.",
    429: "; we ask too often: set a longer delay for the source.",
}


def _way_out(status: int) -> str:
    if status >= 500:
        return "; the trouble is at their end: try again later."
    return _WAYS_OUT.get(status, "; open the address in a browser to see what it says.")
