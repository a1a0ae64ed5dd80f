"""The colours of the stylesheet, measured: WCAG 2.2, 1.4.3 (text) and 1.4.11 (what is not text)."""

import re

import pytest

from oer.folders import STATIC

STYLE = (STATIC / "oer.css").read_text()
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    for block in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[:2]
)
TEXT = [
    (front, back)
    for front in ("ink", "ink-soft", "accent", "good", "condition", "no")
    for back in ("ground", "surface")
]


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back"),
    [*TEXT, ("on-accent", "accent"), ("ink", "mark"), ("ink", "wash"), ("ink-soft", "wash")],
)
def test_text_stands_out_from_its_ground(tokens, front, back):
    assert contrast(tokens[front], tokens[back]) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("back", ["ground", "surface"])
def test_borders_of_fields_can_be_seen(tokens, back):
    assert contrast(tokens["line"], tokens[back]) >= 3


def test_what_is_drawn_for_the_eye_has_nothing_to_read_aloud():
    """Text of ours in ``content`` needs the second part; what is told of an attribute is text."""
    drawn = re.findall(r'content: "([^"]+)"(?= *[;}])', STYLE)
    silent = re.findall(r'content: "([^"]+)" / ""', STYLE.partition("*/")[2])
    assert drawn
    assert drawn == silent


def test_both_grounds_define_the_same_colours():
    assert set(LIGHT) == set(DARK)


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
