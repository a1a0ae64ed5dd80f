"""What is asked and what is answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

CONDITIONS = frozenset({"if-none-match", "if-modified-since"})
"""Headers that ask only for what has changed (RFC 9110 section 13.1). Their answer may be 304."""

_HTML = re.compile(rb"<(!doctype\s+)?html", re.IGNORECASE)


@dataclass(frozen=True)
class Ask:
    """What is asked of every hop."""

    method: Literal["GET", "HEAD", "POST"]
    accept: str
    accept_errors: bool = False
    first_bytes: int | None = None
    """Read no more of the body than this; None: all of it, or nothing."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Of this request alone, with lower-case names."""
    form: bytes | None = None
    """The body of a POST."""
    tries: int | None = None
    """No more than so many; None: as many as the limits allow."""

    @property
    def is_conditional(self) -> bool:
        """Whether the answer may be that nothing has changed."""
        return not CONDITIONS.isdisjoint(self.headers)


@dataclass(frozen=True)
class Reply:
    """An answer that came whole.  ``status`` is 200, or a 4xx whose body looks like XML.

    It is 304 and the body is empty where only what has changed was asked for, and nothing has.

    Of ``peek`` it is the beginning of an answer, of ``head`` an answer without a body.

    ``url`` and ``redirects`` are the real addresses, query and all: show them with ``redacted``.
    """

    url: str
    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)
    redirects: tuple[tuple[int, str], ...] = ()
    tries: int = 1
    notes: tuple[str, ...] = ()


def looks_like_xml(body: bytes) -> bool:
    """Whether the body of an error may be an answer of the protocol."""
    head = body[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith((b"<?xml", b"<OAI-PMH")) and not _HTML.search(head)
