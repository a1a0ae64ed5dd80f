"""What goes with every response: security headers, validators and compression."""

import zlib
from collections.abc import Iterable, Iterator

from flask import Flask, Response, request

from oer.web import languages

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        # The search page's script asks for the same page with other filters.
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # A provider may learn that a reader came from here, never what they searched for.
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

TEXTS = frozenset({"application/x-bibtex", "application/x-research-info-systems"})
"""Media types that are text, beside those whose name says so."""

SMALLEST_COMPRESSED = 600
"""In bytes. Below this, gzip saves less than a packet."""


def init_app(app: Flask) -> None:
    """Give every response of the app its headers. The last registered works first."""
    app.after_request(_compress)
    app.after_request(_revalidate)
    app.after_request(_secure)


def _secure(response: Response) -> Response:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _revalidate(response: Response) -> Response:
    """Let answers be kept but asked about: an unchanged one then costs a 304."""
    if languages.is_negotiated():
        response.vary.add("Accept-Language")
    response.headers.setdefault("Cache-Control", "no-cache")
    if response.status_code == 200 and not response.is_streamed:
        response.add_etag(weak=True)
        response.make_conditional(request)
    return response


def _compress(response: Response) -> Response:
    if not _is_text(response.mimetype or "") or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings.quality("gzip") or response.status_code == 304:
        return response
    if response.is_streamed:
        response.response = _packed(response.iter_encoded())
    elif len(body := response.get_data()) >= SMALLEST_COMPRESSED:
        response.set_data(b"".join(_packed((body,))))
    else:
        return response
    response.headers["Content-Encoding"] = "gzip"
    return response


def _is_text(media_type: str) -> bool:
    """Whether a type is text: also by its suffix (RFC 6839)."""
    named = media_type.startswith("text/") or media_type.endswith(("xml", "json"))
    return named or media_type in TEXTS


def _packed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts in gzip's form; what lies in memory does not grow with them."""
    gzip = zlib.compressobj(level=5, wbits=31)
    for part in parts:
        if packed := gzip.compress(part):
            yield packed
    yield gzip.flush()
