"""QR codes as SVG: the permanent address of a material on the wall of a classroom."""

from io import BytesIO

QUIET_ZONE = 4
"""Modules of white around the code; scanners need them (ISO/IEC 18004)."""


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
