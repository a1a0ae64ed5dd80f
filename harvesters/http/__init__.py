"""The polite, suspicious HTTP client that every harvester uses.

Polite: one request in flight per host, a pause between requests, an honest ``User-Agent``,
``Retry-After`` honoured, and no more tries than promised.  Suspicious: every address is checked on
every hop, every byte is counted, every clock runs out, and nothing a server says is believed
before it has been read under a limit.

What a newcomer would get wrong:

- A :class:`Reply` is bytes that came whole, not a promise that they are the protocol.  HTML with
  status 200 is a ``Reply``; the harvester checks the root element.
- OAI-PMH errors may come with a 4xx status (Invenio sends 422), so a 4xx with an XML body is a
  ``Reply`` too.  Look at ``status``.
- Proxies named in the environment are ignored: a proxy would resolve the host name again, behind
  the back of the address check.
- ``total_seconds`` limits one try with its redirects, not the pauses between tries.
"""

from harvesters.http.client import HttpClient
from harvesters.http.failures import (
    Broken,
    Failure,
    HttpStatus,
    Parked,
    Refused,
    TooLarge,
    TooSlow,
    Unreachable,
    UntrustedTls,
)
from harvesters.http.limits import Limits
from harvesters.http.messages import Reply
from harvesters.http.targets import redacted

__all__ = [
    "Broken",
    "Failure",
    "HttpClient",
    "HttpStatus",
    "Limits",
    "Parked",
    "Refused",
    "Reply",
    "TooLarge",
    "TooSlow",
    "Unreachable",
    "UntrustedTls",
    "redacted",
]
