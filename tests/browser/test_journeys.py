"""What people come for, from the front page to what they leave with, in each language."""

import pytest

from oer.metadata import vocabularies
from oer.web.languages import LANGUAGES
from tests.browser.page_types import take_handout

pytestmark = pytest.mark.xdist_group("browser")

IN_EACH_LANGUAGE = pytest.mark.parametrize("ui", LANGUAGES)

DESK = {"width": 1280, "height": 900}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@IN_EACH_LANGUAGE
@pytest.mark.parametrize("options", [{"viewport": DESK}, PHONE], ids=["desk", "phone"])
def test_an_exercise_i_may_adapt_and_its_credit_line(reader, ui, options):
    me = reader(ui, permissions=["clipboard-read", "clipboard-write"], **options)
    page = me.goes_to("/")
    me.presses(page.locator(f".hero a[href='/{ui}/search']"))
    page.wait_for_url(f"**/{ui}/search")
    wanted = (
        me._("I may adapt it"),
        vocabularies.label("level:grades-7-9", ui),
        vocabularies.label("type:drill-and-practice", ui),
    )
    for label in wanted:
        me.chooses(label)
        me.has_chosen(label)
    me.searches("fotosynteesi")
    for label in wanted:
        me.has_chosen(label)
    assert page.locator(".result").count() == 1
    me.presses(page.get_by_role("link", name="Fotosynteesi: kasvin oma keittiö"))
    page.wait_for_url(f"**/{ui}/r/{me.site.exercise}")
    assert page.locator(".panel").get_by_text(me._("You may adapt it")).is_visible()
    line = page.locator(".credit-line")
    me.presses(line.get_by_role("button", name=me._("Copy")))
    line.get_by_text(me._("Copied")).wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == line.locator("code").inner_text()
    for part in ("Fotosynteesi: kasvin oma keittiö", "Utukorventie", "CC BY 4.0"):
        assert part in copied


@IN_EACH_LANGUAGE
@pytest.mark.parametrize("options", [{"viewport": DESK}, PHONE], ids=["desk", "phone"])
def test_from_a_list_for_a_class_to_a_handout(reader, ui, options):
    me = reader(ui, **options)
    page = me.goes_to("/search?q=kasvit")
    titles = page.locator(".result-title a")
    first, second = titles.nth(0).inner_text(), titles.nth(1).inner_text()
    for place in (0, 1):
        me.presses(page.locator(".result").nth(place).locator("a.add"))
    page.locator("a.add.in-list").nth(1).wait_for()
    assert page.locator("#my-list .count").inner_text() == "2"
    me.presses(page.locator("#my-list"))

    me.field("Title of the list").fill("7B, kevät")
    me.field("Note").nth(0).fill("Sivut 1–3")
    me.field("New heading").fill("Kotona")
    me.field("It comes before").select_option(f"2. {second}")
    me.presses(me.button("Add the heading"))
    heading = me.field("Heading")
    assert heading.input_value() == "Kotona"
    me.presses(me.button("View, share and download"))
    page.wait_for_url("**/list?list=*")

    assert page.get_by_role("heading", level=1).inner_text() == "7B, kevät"
    assert page.locator(".result-title, .list-heading").all_inner_texts() == [
        first, "Kotona", second,
    ]  # fmt: skip
    take_handout(me)
    assert page.get_by_role("heading").all_inner_texts()[:2] == ["7B, kevät", "Kotona"]
    assert page.locator("li strong").all_inner_texts() == [first, second]
    assert page.get_by_text("Sivut 1–3").is_visible()
    for place, title in enumerate((first, second)):
        credit = page.locator("main li").nth(place).locator(".credit").first.inner_text()
        assert title in credit
        assert "CC" in credit


@IN_EACH_LANGUAGE
def test_a_choice_applies_at_once_and_back_takes_it_back(reader, ui):
    me = reader(ui, viewport=DESK)
    page = me.goes_to("/search?q=kasvit")
    before = page.get_by_role("heading", level=1).inner_text()
    label = vocabularies.label("type:drill-and-practice", ui)
    assert not me.button("Apply").first.is_visible()
    me.chooses(label)
    me.has_chosen(label)
    after = page.get_by_role("heading", level=1).inner_text()
    assert after != before
    assert page.locator("#announcement").inner_text() == after
    page.go_back()
    page.locator(".chips").wait_for(state="detached")
    assert page.get_by_role("heading", level=1).inner_text() == before
