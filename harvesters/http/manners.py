"""Which headers a request carries: who we are, and what a source wants to hear."""

from __future__ import annotations

import re
from collections.abc import Mapping

from harvesters.http.failures import Refused
from oer import __version__

_OURS_ALONE = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "host",
        "te",
        "transfer-encoding",
        "upgrade",
    }
)
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 section 5.6.2
_E_MAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+")


def introduction(contact: str) -> dict[str, str]:
    """Who we are, for the server's log: ``User-Agent``, and ``From`` for an e-mail address."""
    address = " ".join(contact.split()).encode("ascii", "ignore").decode("ascii")
    name = f"oer/{__version__}"
    headers = {"user-agent": f"{name} (+{address})" if address else name}
    return {**headers, "from": address} if _E_MAIL.fullmatch(address) else headers


def usable(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of a source, or a refusal that names the header and never its value."""
    for name, value in headers.items():
        if not _NAME.fullmatch(name):
            raise Refused("A header of the source has a name that is not a header's; check them.")
        if name.lower() in _OURS_ALONE:
            raise Refused(f"The header {name} cannot be set for a source; leave it out.")
        if not (value.isascii() and value.isprintable()):
            raise Refused(
                f"The value of the header {name} holds a line break or a letter outside ASCII; "
                "check it."
            )
    return {name.lower(): value for name, value in headers.items()}
