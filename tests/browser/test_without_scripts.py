"""Everything that matters works where no script runs."""

import pytest

from oer.web import words
from oer.web.languages import LANGUAGES
from tests.browser.page_types import take_handout

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.parametrize("ui", LANGUAGES),
]


@pytest.fixture
def me(reader, ui):
    return reader(ui, java_script_enabled=False, viewport={"width": 1280, "height": 900})


def test_search_narrow_sort_and_leaf(me, ui):
    page = me.goes_to("/")
    me.searches("koulu")
    me.goes_to("/search")
    label = words.language("fi", ui)
    me.chooses(label)
    me.button("Apply").filter(visible=True).first.click()
    me.has_chosen(label)
    page.get_by_label(me._("Order"), exact=True).select_option("title")
    page.locator(".sort").get_by_role("button", name=me._("Apply")).click()
    page.wait_for_url("**sort=title**")
    last = page.locator(".result-title").last.inner_text()
    me.link("Next").click()
    page.wait_for_url("**page=2**")
    me.has_chosen(label)
    assert page.locator(".result-title").first.inner_text().casefold() > last.casefold()[:1]
    me.has_chosen(label).click()
    page.locator(".chips").wait_for(state="detached")


def test_a_list_and_its_handout(me):
    page = me.goes_to("/search?q=kasvit")
    titles = [page.locator(".result-title").nth(place).inner_text() for place in (0, 1)]
    page.locator(".result").nth(0).locator("a.add").click()
    me.button("Search for more").click()
    me.searches("kasvit")
    assert page.locator(".result").nth(0).locator("a.in-list").is_visible()
    page.locator(".result").nth(1).locator("a.add").click()
    me.field("Note").nth(1).fill("Ryhmä B")
    me.button("Save the changes").click()
    assert me.field("Note").nth(1).input_value() == "Ryhmä B"
    page.locator("button[name=up]").click()
    assert me.field("Note").nth(0).input_value() == "Ryhmä B"
    me.button("View, share and download").click()
    take_handout(me)
    assert page.locator("li strong").all_inner_texts() == titles[::-1]
    assert page.get_by_text("Ryhmä B").is_visible()


def test_a_report(me):
    page = me.goes_to(f"/r/{me.site.rich}")
    me.link("Report a problem").click()
    me.field("The licence is wrong or missing").check()
    page.locator("#words").fill("Koe.")
    me.button("Send the report").click()
    page.wait_for_url("**/reported")
    assert page.get_by_role("heading", level=1).inner_text() == me._("Thank you")
