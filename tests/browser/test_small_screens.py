"""On a phone, and at 400 % on a desk: nothing sideways, and targets that a thumb can hit.

WCAG 2.2: 1.4.4 (letters twice as large), 1.4.10 (reflow), 1.4.12 (text spacing), 2.5.8 (target
size).
"""

from itertools import combinations

import pytest

from oer.web.languages import LANGUAGES
from tests.browser.page_types import EVERY_PAGE

pytestmark = pytest.mark.xdist_group("browser")

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}

ZOOMED = {"width": 320, "height": 256}
"""In CSS pixels: what 400 % leaves of a window of 1280 × 1024."""

LARGE, USUAL = (f"document.documentElement.style.fontSize = '{size}'" for size in ("200%", ""))
"""What a reader's own setting does: 32 px where browsers begin with 16."""

SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* {
    line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important;
  }
  p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""

STICKING_OUT = """() => {
  const page = document.documentElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  const out = [...document.body.querySelectorAll("*")].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width && box.right > page.clientWidth + 0.5;
  });
  return [`${page.scrollWidth} px`, ...out.slice(0, 5).map((e) => e.outerHTML.slice(0, 120))];
}"""

TOO_SMALL = """() => {
  const targets = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary")];
  const aside = (e) =>
    e.closest("[aria-hidden=true]") || e.matches(".unseen") || !e.checkVisibility();
  // A link in a sentence is as high as the line (2.5.8, "Inline").
  const inSentence = (e) => getComputedStyle(e).display === "inline"
    && e.parentElement.textContent.trim() !== e.textContent.trim();
  const least = (e) => e.matches("button, .button") ? 44 : inSentence(e) ? 0 : 24;
  return targets.filter((e) => !aside(e)).flatMap((e) => {
    const { width, height } = e.getBoundingClientRect();
    const said = `${Math.round(width)} × ${Math.round(height)}: ${e.outerHTML.slice(0, 160)}`;
    return Math.min(width, height) < least(e) ? [said] : [];
  });
}"""


@EVERY_PAGE
def test_a_phone_is_enough(reader, page_type):
    someone = reader(**PHONE)
    page_type.shown_to(someone)
    page = someone.page
    assert page.evaluate(STICKING_OUT) == []
    assert page.evaluate(TOO_SMALL) == []
    page.evaluate(LARGE)
    assert page.evaluate(STICKING_OUT) == [], "with letters twice as large"
    page.evaluate(USUAL)
    page.set_viewport_size(ZOOMED)
    assert page.evaluate(STICKING_OUT) == [], "at 320 px"
    page.evaluate(SPACED)
    assert page.evaluate(STICKING_OUT) == [], "with the text spaced out"


@pytest.mark.parametrize("ui", LANGUAGES)
def test_the_search_field_of_the_header_is_wide_enough_to_write_in(reader, ui):
    someone = reader(ui)
    page = someone.goes_to("/search?q=kasvit")
    rem = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    for width in (768, 820, 900, 1000, 1087, 1088, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        assert someone.search_field.bounding_box()["width"] >= 12 * rem, width
        assert page.evaluate(STICKING_OUT) == [], width


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("ui", ["fi", "sv", "en"])
def test_what_one_may_do_is_seen_first_and_no_sign_touches_another(reader, ui, width):
    someone = reader(ui, viewport={"width": width, "height": 740})
    page = someone.goes_to(f"/r/{someone.site.rich}")
    boxes = [each.bounding_box() for each in page.locator(".strip.full .sign").all()]
    assert boxes[0]["y"] < 740
    assert all(apart(one, other) for one, other in combinations(boxes, 2))
    files = page.locator(".files").bounding_box()
    assert all(each["y"] + each["height"] < files["y"] for each in boxes)
    words = page.locator(".resource-words").bounding_box()
    panel = page.locator(".panel").bounding_box()
    assert panel["y"] < words["y"]


def apart(one, other, least=4):
    """Whether two boxes have a gap between them, in pixels."""
    gaps = (
        max(one[at], other[at]) - min(one[at] + one[side], other[at] + other[side])
        for at, side in (("x", "width"), ("y", "height"))
    )
    return max(gaps) >= least
