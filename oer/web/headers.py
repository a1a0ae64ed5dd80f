"""What goes with every response: security headers, validators and compression."""

import zlib

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

COMPRESSED_TYPES = {"text/html", "text/css", "text/javascript", "image/svg+xml"}

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
    """Let pages be kept but asked about: an unchanged one then costs a 304."""
    if response.mimetype != "text/html":
        return response
    if languages.is_negotiated():
        response.vary.add("Accept-Language")
    response.headers.setdefault("Cache-Control", "no-cache")
    if response.status_code == 200:
        response.add_etag(weak=True)
        response.make_conditional(request)
    return response


def _compress(response: Response) -> Response:
    if response.mimetype not in COMPRESSED_TYPES or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if not request.accept_encodings.quality("gzip") or len(body) < SMALLEST_COMPRESSED:
        return response
    gzip = zlib.compressobj(level=5, wbits=31)
    response.set_data(gzip.compress(body) + gzip.flush())
    response.headers["Content-Encoding"] = "gzip"
    return response
