"""A form that is refused says what is wrong, and where one puts it right (WCAG 3.3.1, 3.3.3)."""

import pytest

from oer.web.languages import LANGUAGES
from tests.browser.axe import violations

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.parametrize("ui", LANGUAGES)]


def test_a_report_without_words_leads_to_the_words(reader, ui):
    me = reader(ui)
    page = me.goes_to(f"/r/{me.site.exercise}/report")
    me.field("Something else").check()
    me.button("Send the report").click()
    assert in_error(me) == ("words", me._("Say in a few words what is wrong."))
    assert violations(page) == []


def test_a_report_of_nothing_leads_to_the_choices(reader, ui):
    me = reader(ui)
    page = me.goes_to(f"/r/{me.site.exercise}/report")
    page.evaluate("document.querySelector('form[method=post]').noValidate = true")
    me.button("Send the report").click()
    assert in_error(me) == ("kind-broken-link", me._("Choose what is wrong."))
    assert violations(page) == []
    page.keyboard.press("Space")
    assert page.locator("#kind-broken-link").is_checked()


def test_a_report_is_put_right_without_scripts(reader, ui):
    me = reader(ui, java_script_enabled=False)
    page = me.goes_to(f"/r/{me.site.exercise}/report")
    me.field("Something else").check()
    me.button("Send the report").click()
    page.get_by_role("alert").get_by_role("link").click()
    assert page.locator("#words:focus").count() == 1


def test_a_record_that_cannot_be_read_leads_back_to_the_field(reader, ui):
    me = reader(ui)
    me.goes_to("/validate")
    me.field("The record").fill("no record")
    me.button("Check").click()
    field, said = in_error(me)
    assert field == "record"
    assert said


def in_error(me):
    """The field that has the focus and is told to be in error, and what is said of it."""
    alert = me.page.get_by_role("alert")
    alert.wait_for()
    field = me.page.evaluate("document.activeElement.id")
    assert alert.get_by_role("link").get_attribute("href") == f"#{field}"
    wrong = me.page.locator("[aria-invalid=true]")
    assert wrong.evaluate("(each, id) => each.querySelector(`#${id}`) ?? each.id === id", field)
    said = me.page.locator(f"#{wrong.get_attribute('aria-describedby')}").inner_text().strip()
    assert said in alert.inner_text()
    assert me.page.title().startswith(me._("Error"))
    return field, said
