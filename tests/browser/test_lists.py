"""A list kept on the device: whatever address comes by, it changes at its reader's word alone."""

import json
import random

import pytest

from oer.web.collection import LONGEST_CODE, MOST_ITEMS, Heading, Item, make, read

pytestmark = pytest.mark.xdist_group("browser")

MINE = ("mine0001", "mine0002", "mine0003")
THEIRS = make("Heidän", [Heading("Aluksi"), Item("them0001", "huom"), Item("mine0003")])


@pytest.fixture
def me(reader):
    """A reader who keeps a list of three."""
    someone = reader(viewport={"width": 1280, "height": 900})
    someone.goes_to(f"/list/edit?list={'.'.join(MINE)}")
    assert kept(someone.page) == MINE
    return someone


# -- what must not change it -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/list/edit?list=zzzzzzzz",
        "/list/edit?list=",
        "/list/edit?list=~~~",
        "/list/edit?list=zzzzzzzz&add=yyyyyyyy",
        "/list/edit?add=yyyyyyyy",
        f"/list/edit?list={THEIRS.code}",
        f"/list/edit?list={'.'.join(MINE[:2])}",
        f"/list?list={THEIRS.code}",
        "/search?list=zzzzzzzz",
    ],
)
def test_no_address_that_comes_by_changes_the_list(me, path):
    me.goes_to(path)
    me.page.wait_for_load_state("networkidle")
    assert kept(me.page) == MINE
    assert me.page.locator("#my-list .count").inner_text() == "3"


def test_an_editor_without_a_list_leads_to_the_one_that_is_kept(me):
    for path in ("/list/edit", "/list/edit?list="):
        me.goes_to(path)
        me.page.wait_for_url(f"**/list/edit?list={'.'.join(MINE)}")


def test_a_full_list_says_so_and_loses_nothing(reader):
    me = reader()
    full = tuple(f"full{number:04}" for number in range(MOST_ITEMS))
    me.goes_to(f"/list/edit?list={'.'.join(full)}")
    page = me.goes_to("/search?q=kasvit")
    add = page.locator("a.add").first
    add.click()
    assert add.inner_text() == "The list is full."
    assert page.get_by_role("status").filter(has_text="The list is full.").count() == 1
    assert kept(page) == full


def test_a_list_too_long_for_an_address_says_so_and_loses_nothing(reader):
    me = reader()
    mine = long_list(LONGEST_CODE - 5)
    me.goes_to(f"/list/edit?list={mine.code}")
    page = me.goes_to("/search?q=kasvit")
    add = page.locator("a.add").first
    add.click()
    assert add.inner_text() == "The list is full."
    assert code(page) == mine.code


# -- adding ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [{"modifiers": ["Control"]}, {"button": "middle"}])
def test_adding_in_another_window_adds_to_the_list(me, how):
    page = me.goes_to("/search?q=kasvit")
    add = page.locator("a.add").first
    with me.context.expect_page() as opened:
        add.click(**how)
    other = opened.value
    other.wait_for_load_state("networkidle")
    assert kept(other) == (*MINE, add.get_attribute("data-add"))
    page.locator("a.add.in-list").first.wait_for()


def test_adding_elsewhere_while_a_form_is_open_loses_neither(me):
    first = me.goes_to(f"/list/edit?list={'.'.join(MINE)}")
    second = me.context.new_page()
    second.goto(f"/{me.ui}/search?q=kasvit")
    add = second.locator("a.add").first
    add.click()
    added = add.get_attribute("data-add")

    me.field("Title of the list").fill("Kevät")
    first.locator("button[name=remove]").first.click()
    first.wait_for_function("address => location.search.includes(address)", arg=added)
    first.wait_for_load_state("networkidle")
    assert kept(first) == (*MINE[1:], added)
    assert read(code(first)).title == "Kevät"
    assert me.field("Title of the list").input_value() == "Kevät"
    assert first.locator(".edit-parts > li").count() == 3


def test_changes_that_were_made_in_two_windows_are_asked_about(me):
    first = me.goes_to(f"/list/edit?list={'.'.join(MINE)}")
    second = me.context.new_page()
    second.goto(first.url)
    second.get_by_label("Title of the list").fill("Toinen")
    save(second)
    me.field("Title of the list").fill("Ensimmäinen")
    save(first)
    assert first.locator("#other-list").is_visible()
    assert read(code(first)).title == "Toinen"


# -- the reader's own word -------------------------------------------------------------------------


def test_what_the_form_says_is_kept(me):
    me.field("Title of the list").fill("Kevät")
    me.page.locator("button[name=remove]").last.click()
    me.page.wait_for_load_state("networkidle")
    assert read(code(me.page)) == make("Kevät", [Item(each) for each in MINE[:2]])
    for left in (1, 0):
        me.page.locator("button[name=remove]").last.click()
        me.page.wait_for_load_state("networkidle")
        assert len(kept(me.page)) == left


@pytest.mark.parametrize("button", ["View, share and download", "Search for more"])
def test_what_was_typed_is_kept_on_the_way_out_of_the_form(me, button):
    me.field("Title of the list").fill("Kevät")
    me.button(button).click()
    me.page.wait_for_load_state("networkidle")
    assert "/list/edit" not in me.page.url
    assert read(code(me.page)).title == "Kevät"


def test_a_form_that_was_refused_and_mended_is_kept(me):
    noise = [noise_of(400, seed) for seed in (1, 2, 3)]
    for place, text in enumerate(noise):
        me.field("Note").nth(place).fill(text)
    save(me.page)
    me.page.get_by_role("alert").wait_for()
    assert kept(me.page) == MINE
    for place in (1, 2):
        me.field("Note").nth(place).fill("huom")
    save(me.page)
    assert read(code(me.page)).parts[1] == Item("mine0002", "huom")


def test_another_list_can_be_looked_at_added_or_kept_instead(me):
    page = me.goes_to(f"/list?list={THEIRS.code}")
    me.link("Make a list of my own from this").click()
    offer = page.locator("#other-list")
    offer.wait_for()
    me.link("Just look at this one").click()
    page.wait_for_url("**/list?list=*")
    assert kept(page) == MINE

    page.go_back()
    offer.get_by_role("link", name="See my list").click()
    page.wait_for_url(f"**/list/edit?list={'.'.join(MINE)}")

    me.goes_to(f"/list/edit?list={THEIRS.code}")
    me.button("Add these to mine").click()
    page.wait_for_load_state("networkidle")
    assert not offer.is_visible()
    assert kept(page) == (*MINE, "them0001")
    assert me.field("Heading").input_value() == "Aluksi"

    me.goes_to(f"/list/edit?list={THEIRS.code}")
    me.button("Replace my list with this one").click()
    assert not offer.is_visible()
    assert code(page) == THEIRS.code
    me.goes_to(f"/list?list={THEIRS.code}")
    me.link("Change this list").click()
    page.wait_for_load_state("networkidle")
    assert not offer.is_visible()


def test_two_lists_that_do_not_fit_into_one_stay_two(me):
    full = ".".join(f"full{number:04}" for number in range(MOST_ITEMS))
    page = me.goes_to(f"/list/edit?list={full}")
    me.button("Add these to mine").click()
    assert page.get_by_text("too long for one list").is_visible()
    assert kept(page) == MINE


def test_a_list_of_copies_becomes_one_of_what_was_kept_without_a_question(me):
    """What the server reads otherwise than it is written is the reader's list all the same."""
    mine = {"list": f"{MINE[0].upper()}.{MINE[0]}.{MINE[1]}", "addresses": []}
    me.page.evaluate("mine => localStorage.setItem('oer-list', mine)", json.dumps(mine))
    page = me.goes_to("/list/edit")
    page.wait_for_url("**/list/edit?list=*")
    page.wait_for_load_state("networkidle")
    assert not page.locator("#other-list").is_visible()
    assert kept(page) == MINE[:2]


# -- moving parts ----------------------------------------------------------------------------------


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_part_is_moved_again_and_again_from_where_one_is(reader, scripts):
    me = reader(viewport={"width": 1280, "height": 900}, java_script_enabled=scripts)
    page = me.goes_to(f"/list/edit?list={'.'.join(f'part{number:04}' for number in range(25))}")
    page.locator("button[name=down]").nth(20).focus()
    for place in (21, 22):
        page.keyboard.press("Enter")
        page.wait_for_url(f"**#down-{place}")
        page.wait_for_load_state("networkidle")
        focused = page.locator("*:focus")
        assert focused.get_attribute("id") == f"down-{place}"
        assert "part0020" in focused.inner_text()
        assert page.get_by_text("part0020").first.is_visible()
        assert focused.bounding_box()["y"] < 900


# -- on paper --------------------------------------------------------------------------------------


def test_a_printed_list_says_where_it_is_from_and_how_to_come_back(reader):
    me = reader()
    page = me.goes_to(f"/list?list={me.site.exercise}.{me.site.rich}")
    page.emulate_media(media="print")
    address = f"{me.site.url}/list?list={me.site.exercise}.{me.site.rich}"
    assert page.get_by_text(f"From Aineisto: {address}").is_visible()
    assert page.locator(".list-qr svg").is_visible()
    assert page.get_by_text("May these be used together?").is_visible()
    for part in (".list-tools", ".take-ways", ".copy-row", "#take"):
        for each in page.locator(part).all():
            assert not each.is_visible(), part


def test_the_address_of_a_list_is_copied_by_a_button(reader):
    me = reader(permissions=["clipboard-read", "clipboard-write"])
    page = me.goes_to(f"/list?list={me.site.exercise}")
    me.button("Copy").click()
    page.get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{me.site.url}/list?list={me.site.exercise}"


def kept(page):
    """The materials of the list that is kept on the device."""
    found = json.loads(page.evaluate("localStorage.getItem('oer-list')"))
    assert tuple(found["addresses"]) == read(found["list"]).addresses
    return tuple(found["addresses"])


def code(page):
    """The kept list as it is written into addresses."""
    return json.loads(page.evaluate("localStorage.getItem('oer-list')"))["list"]


def noise_of(length, seed):
    """A text that no packing makes shorter."""
    chance = random.Random(seed)
    return "".join(chr(chance.randrange(0x4E00, 0x9FA0)) for _ in range(length))


def long_list(shortest):
    """A list that just fits into an address."""
    first = [Item(MINE[0], noise_of(400, 1)), Item(MINE[1], noise_of(400, 2))]
    lists = (make("", [*first, Item(MINE[2], noise_of(length, 3))]) for length in range(400))
    return next(each for each in lists if shortest <= len(each.code) <= LONGEST_CODE)


def save(page):
    page.get_by_role("button", name="Save the changes").last.click()
    page.wait_for_load_state("networkidle")
