"""What a tab, a bookmark and a screen reader call a page (WCAG 2.4.2)."""

import pytest

from oer.metadata import vocabularies
from oer.web.languages import LANGUAGES
from tests.browser.page_types import PAGE_TYPES

pytestmark = pytest.mark.xdist_group("browser")

SHOWN_INSIDE = {"embed.card"}
"""A frame in the pages of others: what it shows is what it is called."""


def test_no_two_pages_are_called_the_same(reader):
    someone, called = reader(), {}
    for page_type in PAGE_TYPES:
        if page_type.endpoint not in SHOWN_INSIDE:
            page_type.shown_to(someone)
            someone.watch.asked.clear()
            called.setdefault(someone.page.title(), []).append(page_type.name)
    assert [names for names in called.values() if len(names) > 1] == []


@pytest.mark.parametrize("ui", LANGUAGES)
def test_a_search_is_called_what_is_asked_and_how_much_was_found(reader, ui):
    me = reader(ui, viewport={"width": 1280, "height": 900})
    page = me.goes_to("/search?q=kasvit")
    before = page.title()
    assert before.startswith(f"kasvit – {page.locator('.result').count()} ")
    exercises = vocabularies.label("type:drill-and-practice", ui)
    me.chooses(exercises)
    me.has_chosen(exercises)
    assert f": {exercises} – " in page.title()
