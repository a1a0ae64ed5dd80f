"""Pages as other eyes and machines get them: on paper, in forced colours, without motion."""

import re

import pytest

pytestmark = pytest.mark.xdist_group("browser")

MOVING = """() => [...document.querySelectorAll("*")].filter((each) => {
  const style = getComputedStyle(each);
  return style.transitionDuration !== "0s" || style.animationName !== "none";
}).map((each) => each.outerHTML.slice(0, 100))"""

PALE_ICONS = """() => [...document.querySelectorAll("svg.icon")].filter((icon) => {
  const words = icon.parentElement.querySelector("span") ?? icon.parentElement;
  return icon.checkVisibility() && getComputedStyle(icon).stroke !== getComputedStyle(words).color;
}).map((icon) => icon.parentElement.outerHTML.slice(0, 100))"""
"""Icons that are drawn in another colour than the words beside them."""


def test_nothing_moves_for_who_does_not_want_it(reader):
    someone = reader(reduced_motion="reduce")
    for path in ("/", "/search?q=kasvit", f"/r/{someone.site.rich}"):
        page = someone.goes_to(path)
        page.evaluate("document.querySelector('#answer')?.setAttribute('aria-busy', 'true')")
        assert page.evaluate(MOVING) == []


def test_on_paper_is_the_material_and_not_the_way_to_it(reader):
    someone = reader()
    for path in (f"/list?list={someone.site.exercise}", f"/r/{someone.site.exercise}"):
        page = someone.goes_to(path)
        page.emulate_media(media="print")
        for part in ("header.top", "footer.bottom", ".skip", ".languages", "search", ".add"):
            for each in page.locator(part).all():
                assert not each.is_visible(), part
        assert page.get_by_text("Fotosynteesi: kasvin oma keittiö").first.is_visible()


def test_forced_colours_keep_boxes_borders_and_focus(reader):
    someone = reader(forced_colors="active", viewport={"width": 1280, "height": 900})
    page = someone.goes_to("/search?q=kasvit")
    choice = page.locator(".choice input").first
    assert choice.evaluate("each => getComputedStyle(each).appearance") == "auto"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    focus = "() => getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(focus) != "none"
    button = page.locator(".search-row button")
    border = (
        "each => [getComputedStyle(each).borderTopColor, getComputedStyle(each).backgroundColor]"
    )
    edge, ground = button.evaluate(border)
    assert edge != ground
    signs = page.locator(".sign")
    assert signs.first.evaluate("each => getComputedStyle(each).borderTopStyle") != "none"


def test_forced_colours_show_what_is_chosen_where_one_is_and_every_icon(reader):
    someone = reader(forced_colors="active", viewport={"width": 1280, "height": 900})
    page = someone.goes_to("/search?q=kasvit&language=fi")
    box = page.locator(".choice input:checked").first
    assert box.evaluate("each => getComputedStyle(each).appearance") == "auto"
    assert box.evaluate("each => getComputedStyle(each, '::before').content") == "none"
    here = page.locator(".languages [aria-current]")
    assert here.evaluate("each => getComputedStyle(each).borderBottomWidth") == "3px"
    pale = page.evaluate(PALE_ICONS)
    assert pale == []
    for each in (box, page.locator(".result-title a").first, page.locator(".chips a").first):
        each.focus()
        ring = each.evaluate("e => [getComputedStyle(e).outlineStyle, e.matches(':focus-visible')]")
        assert ring == ["solid", True]


def test_of_a_material_the_paper_has_what_it_is_what_one_may_do_and_where_it_is(reader):
    someone = reader()
    page = someone.goes_to(f"/r/{someone.site.rich}")
    code = page.locator(".on-paper img")
    assert not code.is_visible()
    page.emulate_media(media="print")
    title, words, strip, credit = (
        page.locator(each).first
        for each in ("h1", ".resource-words", ".strip.full", ".credit-line code")
    )
    code.scroll_into_view_if_needed()
    tops = [each.bounding_box()["y"] for each in (title, words, strip, credit, code)]
    assert tops == sorted(tops)
    for part in ("details:not([open]) > summary:not(.strip summary)", ".copy", ".alike", ".files"):
        for each in page.locator(part).all():
            assert not each.is_visible(), part
    assert page.locator("code[data-copy]").filter(visible=True).count() == 1
    printed = page.pdf(format="A4")
    assert code.evaluate("image => image.naturalWidth") > 0
    assert int(re.search(rb"/Count (\d+)", printed)[1]) <= 2
