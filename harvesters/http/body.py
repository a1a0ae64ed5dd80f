"""Bodies, decoded piece by piece under limits.

Nothing is inflated whole: zlib is asked for a bounded step, the step is counted, and only then is
the next one asked for.  So a bomb costs no more memory than the limit it runs into.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import chain

from harvesters.http.failures import Broken, TooLarge
from harvesters.http.limits import Limits

STEP = 64 * 1024
GZIP = b"\x1f\x8b"
_GZIP_NAMES = {"gzip", "x-gzip"}
_GZIP_BITS = 16 + zlib.MAX_WBITS
_MOST_LAYERS = 2  # gzip inside gzip is a common slip of a proxy; three deep is a trick
_MOST_MEMBERS = 10_000


class Undecodable(Exception):  # noqa: N818 - reads as what happened
    """The compressed stream is damaged; the same page may come whole without compression."""


def decoded(
    pieces: Iterable[bytes], label: str, limits: Limits, shown: str
) -> tuple[bytes, list[str]]:
    """The body, and what was odd about its compression.

    Believes the bytes before the ``Content-Encoding``: servers forget the label, and proxies
    forget to take it off.
    """
    names = {name.strip().lower() for name in label.split(",")} - {"", "identity"}
    if unknown := names - _GZIP_NAMES - {"deflate"}:
        raise Broken(
            f"{shown} answers in the encoding {sorted(unknown)[0][:40]!r}, "
            "which we did not ask for; tell the repository."
        )
    meter = _Meter(limits, shown)
    labelled, notes = bool(names & _GZIP_NAMES), []
    body, rest = _peeked(meter.came(pieces))
    if body.startswith(GZIP) and not labelled:
        notes.append("The body is gzip without a label.")
    if labelled and not body.startswith(GZIP) and body:
        notes.append("The body is labelled gzip and is not.")
    if "deflate" in names and not labelled and not body.startswith(GZIP):
        return _kept(meter.grown(_inflated(chain([body], rest), _deflate_bits(body)))), notes
    stream: Iterable[bytes] = chain([body], rest)
    for layer in range(_MOST_LAYERS):
        head, rest = _peeked(iter(stream))
        stream = chain([head], rest)
        if not head.startswith(GZIP):
            break
        if layer:
            notes.append("The body is compressed twice.")
        stream = meter.grown(_inflated(stream, _GZIP_BITS))
    return _kept(stream), notes


def beginning(pieces: Iterator[bytes], most: int) -> tuple[bytes, bool]:
    """The first bytes of a body that was asked for without compression, and whether they are all.

    Servers that compress regardless are read as far as the compression can be; where it cannot,
    the bytes are given as they came.
    """
    raw, whole = bytearray(), True
    for piece in pieces:
        raw += piece
        if len(raw) > most:
            whole = False
            break
    body = bytes(raw[:most])
    if body.startswith(GZIP):
        try:
            body = zlib.decompressobj(_GZIP_BITS).decompress(body, most)
        except zlib.error:
            return body, whole
    return body, whole


class _Meter:
    """Counts what came and what it became, and stops at the first limit."""

    def __init__(self, limits: Limits, shown: str) -> None:
        self.limits = limits
        self.shown = shown
        self.wire = 0

    def came(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.wire += len(piece)
            self._check(self.wire)
            yield piece

    def grown(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        size = 0
        for piece in pieces:
            size += len(piece)
            self._check(size)
            yield piece

    def _check(self, size: int) -> None:
        limits = self.limits
        if size > limits.max_bytes:
            raise too_large(self.shown, limits)
        if size > limits.ratio_floor_bytes and size > self.wire * limits.max_ratio:
            raise TooLarge(
                f"{self.shown} sent a body that grows more than {limits.max_ratio:g} times "
                "when decompressed, as a gzip bomb does; nothing of it was kept."
            )


def _kept(pieces: Iterable[bytes]) -> bytes:
    store = BytesIO()  # getvalue() hands over its buffer; joining a list would hold all twice
    store.writelines(pieces)
    return store.getvalue()


def too_large(shown: str, limits: Limits) -> TooLarge:
    size = f"{limits.max_bytes / (1024 * 1024):.3g} MiB"
    return TooLarge(
        f"{shown} sent more than {size}; ask the repository for smaller pages, or raise the limit."
    )


def _peeked(pieces: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """At least two bytes when there are two: enough to know gzip."""
    head = b""
    for piece in pieces:
        head += piece
        if len(head) >= 2:
            break
    return head, pieces


def _deflate_bits(head: bytes) -> int:
    """RFC 9110 section 8.4.1.2: "deflate" means zlib, but some send it bare."""
    zlib_header = (
        len(head) >= 2 and head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0
    )
    return zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS


def _inflated(pieces: Iterable[bytes], bits: int) -> Iterator[bytes]:
    """Inflate in steps; gzip members may follow one another, padding after the last is ignored."""
    engine = zlib.decompressobj(bits)
    members = 1
    for piece in pieces:
        while piece:
            if engine.eof:
                if not GZIP.startswith(piece[:2]) or bits != _GZIP_BITS:
                    break
                members += 1
                if members > _MOST_MEMBERS:
                    raise Undecodable("too many gzip members")
                engine = zlib.decompressobj(bits)
            try:
                yield engine.decompress(piece, STEP)
            except zlib.error as problem:
                raise Undecodable(str(problem)) from None
            piece = engine.unconsumed_tail or engine.unused_data
    yield engine.flush()
    if not engine.eof:
        raise Undecodable("the compressed stream ends early")
