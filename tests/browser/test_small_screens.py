"""On a phone, and at 400 % on a desk: nothing sideways, and targets that a thumb can hit.

WCAG 2.2: 1.4.10 (reflow), 1.4.12 (text spacing), 2.5.8 (target size).
"""

import pytest

from tests.browser.page_types import EVERY_PAGE

pytestmark = pytest.mark.xdist_group("browser")

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}

ZOOMED = {"width": 320, "height": 256}
"""In CSS pixels: what 400 % leaves of a window of 1280 × 1024."""

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
    page.set_viewport_size(ZOOMED)
    assert page.evaluate(STICKING_OUT) == [], "at 320 px"
    page.evaluate(SPACED)
    assert page.evaluate(STICKING_OUT) == [], "with the text spaced out"
