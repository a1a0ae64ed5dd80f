"""All by keyboard: everything is reached in order, shown when reached, and left again.

WCAG 2.2: 2.1.1, 2.1.2 (no trap), 2.4.1 (skip link), 2.4.3, 2.4.7 and 2.4.11 (focus is seen).
"""

import pytest

from oer.web.languages import LANGUAGES
from tests.browser.axe import violations
from tests.browser.page_types import EVERY_PAGE

pytestmark = pytest.mark.xdist_group("browser")

IN_EACH_LANGUAGE = pytest.mark.parametrize("ui", LANGUAGES)

TO_THE_TOP = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  scrollTo(0, 0);
}"""
"""Tab begins anew, also where a page has put the focus on a field."""

LISTEN = """() => {
  const name = (e) =>
    `${e.tagName} ${e.id || e.getAttribute("href") || e.textContent.trim()}`.slice(0, 90);

  // Tab comes to one radio button of a group: the chosen one, or else the first.
  const skipped = (e) => {
    if (e.type !== "radio") return false;
    const group = [...document.getElementsByName(e.name)];
    return e !== (group.find((each) => each.checked) || group[0]);
  };
  const reached = (e) => !e.disabled && e.tabIndex >= 0 && e.type !== "hidden" && !skipped(e)
    && e.checkVisibility({ visibilityProperty: true });

  window.met = [];
  document.addEventListener("focusin", ({ target }) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(target);
    const box = target.getBoundingClientRect();
    const [x, y] = [box.x + Math.min(box.width / 2, 20), box.y + Math.min(box.height / 2, 10)];
    const top = document.elementFromPoint(x, y);
    window.met.push({
      name: name(target),
      // "auto" is the browser's own ring.
      ringed: outlineStyle === "auto" || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2),
      uncovered: Boolean(top && box.width > 1 && (target.contains(top) || top.contains(target))),
    });
  });

  const candidates = "a[href], button, input, select, textarea, summary, audio, video, iframe, "
    + "[tabindex]:not([tabindex='-1'])";
  return [...document.querySelectorAll(candidates)].filter(reached).map(name);
}"""


@EVERY_PAGE
def test_tab_reaches_everything_shows_where_it_is_and_leaves(reader, page_type):
    someone = reader(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page_type.shown_to(someone)
    page = someone.page
    page.evaluate(TO_THE_TOP)
    expected = page.evaluate(LISTEN)
    assert expected
    for _ in range(len(expected) + 1):
        page.keyboard.press("Tab")
    met = page.evaluate("window.met")
    assert [each["name"] for each in met][: len(expected)] == expected
    assert [each["name"] for each in met if not each["ringed"]] == []
    assert [each["name"] for each in met if not each["uncovered"]] == []


@IN_EACH_LANGUAGE
def test_the_skip_link_is_first_and_skips(reader, ui):
    someone = reader(ui)
    page = someone.goes_to("/search?q=kasvit")
    page.keyboard.press("Tab")
    skip = someone.link("Skip to the content")
    assert skip.evaluate("link => link === document.activeElement")
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@IN_EACH_LANGUAGE
def test_from_the_front_page_to_a_material_without_a_mouse(reader, ui):
    someone = reader(ui, viewport={"width": 1280, "height": 900})
    page = someone.goes_to("/")
    tab_to(page, someone.search_field)
    page.keyboard.type("fotosynteesi")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=fotosynteesi")
    choice = page.locator("input[name=level]").first
    tab_to(page, choice)
    page.keyboard.press("Space")
    page.wait_for_url("**level=*")
    page.wait_for_function("!document.querySelector('#answer[aria-busy]')")
    assert choice.is_checked()
    # The answer was replaced, and the focus is on the same choice all the same.
    assert choice.evaluate("each => each === document.activeElement")
    assert page.locator("#announcement").inner_text()
    wanted = page.locator(".result-title a").first
    title = wanted.inner_text()
    tab_to(page, wanted)
    page.keyboard.press("Enter")
    page.wait_for_url("**/r/*")
    assert page.get_by_role("heading", level=1).inner_text() == title
    folded = page.locator(".credits:not([open]) summary").first
    tab_to(page, folded)
    page.keyboard.press("Enter")
    assert page.locator(".credits[open] code").first.is_visible()


@IN_EACH_LANGUAGE
def test_suggestions_are_chosen_and_left_with_the_arrows(reader, ui):
    someone = reader(ui)
    page = someone.goes_to("/")
    someone.search_field.focus()
    page.keyboard.type("fotos")
    options = page.get_by_role("option")
    options.first.wait_for()
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    pointed = someone.search_field.get_attribute("aria-activedescendant")
    assert pointed == options.first.get_attribute("id")
    page.keyboard.press("Escape")
    assert options.count() == 0
    assert someone.search_field.input_value() == "fotos"
    assert page.url == f"{someone.site.url}/{ui}/"


def tab_to(page, target, most=200):
    """Press Tab until the target has the focus."""
    for _ in range(most):
        if target.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {target}")
