"""QR codes as SVG: the address of a material or a list on the wall of a classroom."""

from functools import lru_cache
from io import BytesIO

from markupsafe import Markup

QUIET_ZONE = 4
"""Modules of white around the code; scanners need them (ISO/IEC 18004)."""


LONGEST = 700
"""Bytes of an address that a telephone still reads from paper: 101 by 101 modules."""


@lru_cache(maxsize=64)
def inline(text: str) -> Markup | None:
    """The code to stand in a page, which may be a file alone; None for what is too long."""
    import segno

    if len(text.encode()) > LONGEST:
        return None
    code = segno.make_qr(text, error="m")
    drawn = code.svg_inline(
        border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None
    )
    return Markup(drawn)  # noqa: S704 - drawn by a program, of squares alone


def svg(text: str) -> bytes:
    """The code as an SVG document, dark on white whatever the reader's colours are.

    Error correction M: a code on paper is folded, not torn.
    """
    import segno  # loaded with the first code, not at start

    written = BytesIO()
    segno.make_qr(text, error="m").save(
        written,
        kind="svg",
        border=QUIET_ZONE,
        scale=8,
        dark="#000",
        light="#fff",
        omitsize=True,
        xmldecl=False,
        nl=False,
    )
    return written.getvalue()
