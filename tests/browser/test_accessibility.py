"""What a machine can tell of accessibility, on every kind of page: the rules of axe-core."""

import pytest

from oer.app import create_app
from oer.web.context import KEY
from tests.browser.axe import violations
from tests.browser.page_types import EVERY_PAGE, NO_PAGES, PAGE_TYPES

pytestmark = pytest.mark.xdist_group("browser")

# Either scheme at one width: what colours have to do with width is one rule of our stylesheet, and
# tests/web/test_look.py measures every pair of them.
GLANCES = (
    ({"width": 1280, "height": 900}, "light"),
    ({"width": 320, "height": 740}, "dark"),
)

DRAWN = {"+", "–", "·", "✓", "→"}
"""Signs that are there for the eye."""


def test_every_page_is_among_those_visited(site):
    """A new page fails here until it has a line in one of the two tables."""
    app = create_app(site.settings)
    app.extensions[KEY].sessions.kw["bind"].dispose()
    answering = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    visited = {each.endpoint for each in PAGE_TYPES if each.endpoint}
    assert visited | set(NO_PAGES) == answering
    assert not visited & set(NO_PAGES)


@EVERY_PAGE
def test_axe_finds_nothing(reader, page_type):
    size, scheme = GLANCES[0]
    someone = reader(viewport=size, color_scheme=scheme)
    page_type.shown_to(someone)
    page = someone.page
    for size, scheme in GLANCES:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], (size, scheme)


@pytest.mark.parametrize("path", ["/search?q=kasvit", "/r/{rich}", "/validate"])
def test_signs_that_are_drawn_are_not_read_aloud(reader, path):
    someone = reader()
    page = someone.goes_to(path.format(rich=someone.site.rich))
    protocol = someone.context.new_cdp_session(page)
    nodes = protocol.send("Accessibility.getFullAXTree")["nodes"]
    said = [str(each["name"]["value"]).strip() for each in nodes if each.get("name")]
    assert len(said) > 20
    assert [text for text in said if text in DRAWN or text[-1:] in DRAWN - {"–"}] == []


def test_axe_sees_what_is_wrong(reader):
    """The measure itself, measured: a page with faults of several kinds."""
    someone = reader(color_scheme="light")
    page = someone.goes_to("/about")
    page.evaluate(
        """() => {
            document.querySelector("main h2").style.color = "#ccc";
            document.querySelector("main").append(document.createElement("input"));
            document.querySelector("main").append(document.createElement("img"));
        }"""
    )
    assert {rule for rule, *_ in violations(page)} == {"color-contrast", "label", "image-alt"}
