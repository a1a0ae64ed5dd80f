"""URLs: taken apart with suspicion, put together by RFC 3986, shown without their secrets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import quote, unquote_plus, urljoin, urlsplit

from harvesters.http.failures import Refused

Params = Sequence[tuple[str, str]]

DEFAULT_PORTS = {"http": 80, "https": 443}

# RFC 3986 section 3.3 and 3.4; "%" because what is encoded already must not be encoded again.
_PATH = "/%:@!$&'()*+,;=~-._"
_QUERY = _PATH + "?"

_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?")
_STANDS_IN_A_QUERY = re.compile(r'[!"$-~]+')  # visible ASCII without "#"
_NEVER_IN_A_URL = re.compile(r"[\x00-\x1f\x7f\\]")
_SECRET_NAMES = re.compile(
    r".*(api[-_]?key|secret|passw|signature|credential).*|(ws|access|subscription[-_]?)?key"
    r"|(access|auth|api|id|refresh|security|x-amz-security)?[-_]?token|pwd|sig|auth|authorization|code",
    re.IGNORECASE,
)
_LONGEST_SHOWN = 300


@dataclass(frozen=True)
class Target:
    """Where one request goes.  ``host`` is ASCII, ``path`` carries the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"

    def __str__(self) -> str:
        return redacted(self.url)


def target(url: str, params: Params = (), verbatim: str = "") -> Target:
    """Take a URL apart and merge ``params`` into its query, or refuse it with a reason.

    ``verbatim`` is put at the end of the query as it stands.
    """
    if verbatim and not _STANDS_IN_A_QUERY.fullmatch(verbatim):
        raise Refused("A part of the query cannot be sent as it stands; it has to be encoded.")
    text = url.strip()
    if _NEVER_IN_A_URL.search(text):
        raise Refused(
            f"{redacted(text)} holds a control character or backslash; "
            "check the address of the source."
        )
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as problem:
        raise Refused(f"{redacted(text)} is not a web address ({problem}); check it.") from None
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise Refused(f"{redacted(text)} is not an http or https address; give one that is.")
    if parts.username is not None or parts.password is not None:
        raise Refused(
            f"{redacted(text)} carries a user name; "
            "take it out and give the credentials as headers of the source."
        )
    if port == 0:
        raise Refused(f"{redacted(text)} names port 0; check the address of the source.")
    merged = _merged(quote(parts.query, safe=_QUERY), params)
    query = "&".join(filter(None, (merged, verbatim)))
    path = quote(parts.path or "/", safe=_PATH) + (f"?{query}" if query else "")
    return Target(scheme, _ascii_host(host, text), port or DEFAULT_PORTS[scheme], path)


def redirected(here: Target, location: str) -> Target:
    """Where a ``Location`` header leads; header bytes reach us as Latin-1 and are mostly UTF-8."""
    try:
        raw = quote(location.strip().encode("latin-1"), safe=_QUERY + "#[]")
        joined = urljoin(here.url, raw)
    except ValueError:
        raise Refused(
            f"{here} redirects to something that is not an address; tell the repository."
        ) from None
    there = target(joined)
    if here.scheme == "https" and there.scheme == "http":
        raise Refused(
            f"{here} redirects from https to {there}, without encryption; tell the repository."
        )
    return there


def redacted(url: str) -> str:
    """The URL as a person may see it: no credentials, no secret query values, no end of it."""
    text = _NEVER_IN_A_URL.sub("?", url)
    before, mark, query = text.partition("?")
    before = re.sub(r"//[^/]*@", "//", before)
    if mark:
        query = "&".join(map(_redacted_pair, query.split("&")))
    shown = before + mark + query
    return shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "…"


def encoded(params: Params) -> str:
    """``name=value`` pairs, each encoded once: "+" is a plus, a space is ``%20``."""
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in params)


def _merged(query: str, params: Params) -> str:
    """Ours replace what the URL says under the same name.

    Some servers break unless ``verb`` is the very first, so then ours go before theirs.
    """
    ours = encoded(params)
    names = {name for name, _ in params}
    theirs = "&".join(pair for pair in query.split("&") if pair and _name(pair) not in names)
    verb_first = bool(params) and params[0][0] == "verb"
    return "&".join(filter(None, (ours, theirs) if verb_first else (theirs, ours)))


def _name(pair: str) -> str:
    return unquote_plus(pair.partition("=")[0])


def _redacted_pair(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    return f"{name}=…" if equals and _SECRET_NAMES.fullmatch(_name(pair)) else pair


def _ascii_host(host: str, text: str) -> str:
    if ":" in host:
        return _ipv6_host(host, text)
    try:
        name = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        name = ""
    if not _HOST.fullmatch(name):
        raise Refused(f"{redacted(text)} has no usable host name; check the address of the source.")
    return name


def _ipv6_host(host: str, text: str) -> str:
    try:
        if "%" in host:
            raise ValueError("a zone")
        return str(ip_address(host))
    except ValueError:
        raise Refused(
            f"{redacted(text)} has no usable IPv6 address; check the address of the source."
        ) from None
