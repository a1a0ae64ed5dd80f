"""Lists of readers: all in the address, nothing on the server."""

import zlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from sqlalchemy import func, select

from oer.metadata.resource_metadata import Agent
from oer.models import Base
from oer.models.resource import WITHDRAWN, Resource
from oer.web.collection import (
    LONGEST_CODE,
    LONGEST_NOTE,
    MOST_HEADINGS,
    MOST_ITEMS,
    Collection,
    Heading,
    Item,
    make,
    read,
)
from tests.web.conftest import BY_SA, CC_BY, RICH, licensed, metadata

BY_NC = "https://creativecommons.org/licenses/by-nc/4.0/"
BY_NC_SA = "https://creativecommons.org/licenses/by-nc-sa/4.0/"
BY_ND = "https://creativecommons.org/licenses/by-nd/4.0/"

texts = st.text(max_size=50)
parts = st.lists(
    st.one_of(
        st.builds(Heading, texts),
        st.builds(Item, st.from_regex(r"[0-9a-z]{8}", fullmatch=True), texts),
    ),
    max_size=90,
)


# -- the list as a value ---------------------------------------------------------------------------


@given(title=texts, parts=parts)
def test_a_list_comes_back_from_its_address_as_it_was(title, parts):
    made = make(title, parts)
    assert not made.fits or read(made.code) == made


@given(st.text(max_size=200))
def test_no_address_is_an_error(code):
    for hostile in (code, f"~{code}", f"{code}.~{code}.{code}"):
        found = read(hostile)
        assert len(found.addresses) <= MOST_ITEMS


@given(st.binary(max_size=300))
def test_no_packed_piece_is_an_error(packed):
    read("~" + urlsafe_b64encode(packed).decode())
    read("~" + urlsafe_b64encode(deflated(packed)).decode())


def test_a_plain_list_reads_as_its_addresses():
    assert make("", [Item("hev31g5x"), Item("yr7zmvxr")]).code == "hev31g5x.yr7zmvxr"


def test_a_material_is_added_by_adding_its_address():
    packed = make("Vesi", [Item("hev31g5x", "aluksi")])
    assert read(f"{packed.code}.yr7zmvxr") == packed.with_item("yr7zmvxr")


def test_each_material_is_in_the_list_once():
    assert read("hev31g5x.hev31g5x.yr7zmvxr.HEV31G5X").addresses == ("hev31g5x", "yr7zmvxr")


def test_a_list_ends_at_its_caps():
    items = [Item(f"{number:08}", "x" * 9999) for number in range(99)]
    full = make("t" * 999, [*items, *[Heading("h")] * 99])
    assert full.is_full
    assert len(full.addresses) == MOST_ITEMS
    assert len(full.parts) == MOST_ITEMS + MOST_HEADINGS
    assert full.with_item("abcdefgh") == full
    assert max(len(part.note) for part in full.parts if isinstance(part, Item)) == LONGEST_NOTE


def test_a_full_plain_list_is_short_enough_for_every_server():
    assert len(make("", [Item(f"{number:08}") for number in range(MOST_ITEMS)]).code) < 600
    assert LONGEST_CODE < 3000


def test_a_small_piece_cannot_unpack_to_something_huge():
    bomb = urlsafe_b64encode(deflated(b"=" + b"a" * 50_000_000)).decode()
    assert len(read(f"~{bomb}").title) <= 120


def test_notes_are_one_line_and_turn_no_text_around():
    item = make("", [Item("hev31g5x", "yksi\n#kaksi\u202e\x00 \t kolme")]).parts[0]
    assert item.note == "yksi #kaksi kolme"


def test_parts_move_one_step_and_never_beyond_the_ends():
    three = Collection("", (Item("aaaa"), Item("bbbb"), Item("cccc")))
    assert three.moved(2, -1).addresses == ("aaaa", "cccc", "bbbb")
    assert three.moved(0, 1).addresses == ("bbbb", "aaaa", "cccc")
    assert (
        three.moved(0, -1) == three.moved(2, 1) == three.moved(-1, 1) == three.moved(99, 1) == three
    )
    assert three.without(1).addresses == ("aaaa", "cccc")
    assert three.without(-1) == three.without(99) == three


# -- gathering without scripts ---------------------------------------------------------------------


def test_a_list_is_gathered_by_links_alone(client, page, catalogue):
    first, second = catalogue.add(RICH), catalogue.add(metadata("Vesi"))
    found = page(follow(client, add_link(page("/fi/search"), first)))
    assert titles(found) == ["Fotosynteesi"]
    results = press(client, page, f"/fi/list/edit?list={first}", then="search")
    assert results.base_url_path == f"/fi/search?list={first}"
    assert results.xpath(f"//a[@data-add='{first}']/span/text()") == ["Omassa listassa"]
    resource = page(results.xpath("//a[.='Vesi']/@href")[0])
    assert titles(page(follow(client, add_link(resource, second)))) == ["Fotosynteesi", "Vesi"]


def test_the_search_field_and_filters_keep_the_list(page, catalogue):
    first = catalogue.add(RICH)
    found = page(f"/en/search?list={first}&license=cc-by&page=1")
    hidden = found.xpath("//form[@id='q-form']/input[@type='hidden']")
    assert [(each.get("name"), each.get("value")) for each in hidden] == [("list", first)]
    assert all(f"list={first}" in a.get("href") for a in found.xpath("//ul[@class='chips']//a"))


WAYS = [
    "/en/", "/en/search", "/en/search/values?facet=author", "/en/r/r0001", "/en/r/r0002",
    "/en/r/r0001/preview/1", "/en/r/r0001/report", "/en/r/r0001/reported", "/en/source/metsala",
    "/en/sources", "/en/help", "/en/licences", "/en/accessibility", "/en/about", "/en/validate",
    "/en/list", "/en/nothing-here", "/r/r0001",
]  # fmt: skip


@pytest.mark.parametrize("path", WAYS)
def test_without_scripts_the_list_is_not_lost_on_any_way(client, catalogue, path):
    first = catalogue.add(RICH)
    catalogue.add(metadata("Vesi"), status=WITHDRAWN, successor=first)
    answer = client.get(path + ("&" if "?" in path else "?") + f"list={first}")
    found = html.document_fromstring(answer.text)
    pages = [
        a.get("href")
        for a in found.findall(".//body//a")
        if a.get("href").startswith("/") and not a.get("download") and "." not in a.get("href")
    ]
    assert len(pages) > 5
    assert [href for href in pages if f"list={first}" not in href] == []
    for form in found.findall(".//form"):
        carried = form.xpath(".//input[@name='list']/@value") == [first]
        assert (
            carried
            if form.get("method") == "get"
            else "list=" in form.get("action") or (form.get("action").endswith("/list/edit"))
        )
    canonical = found.xpath("//link[@rel='canonical']/@href")
    assert all("list=" not in href for href in canonical)


def test_a_report_keeps_the_list(client, catalogue):
    address = catalogue.add(RICH)
    form = {"kind": "other", "words": "Koe."}
    answer = client.post(f"/en/r/{address}/report?list=hev31g5x", data=form)
    assert answer.location == f"/en/r/{address}/reported?list=hev31g5x"


def test_a_merged_copy_on_the_way_keeps_the_list(client, merged):
    answer = client.get("/en/r/copy0001?list=hev31g5x")
    assert answer.location == "/r/kept0001?list=hev31g5x"


def test_pages_without_a_list_say_nothing_of_one(page, catalogue):
    found = page(f"/en/r/{catalogue.add(RICH)}")
    assert not [a for a in found.xpath("//a/@href") if "list=" in a]


def test_adding_what_is_no_address_adds_nothing(client, catalogue):
    address = catalogue.add(RICH)
    answer = client.get("/en/list/edit", query_string={"list": address, "add": "../<x>"})
    assert answer.status_code == 303
    assert answer.location == f"/en/list/edit?list={address}"


def test_a_full_list_says_so_and_stays_as_it_is(page):
    code = make("", [Item(f"{number:08}") for number in range(MOST_ITEMS)]).code
    assert "at most 60 materials" in page(f"/en/list/edit?list={code}").text_content()
    told = page(f"/en/list/edit?list={code}&add=abcdefgh")
    assert "The list is full." in told.xpath("string(//*[@role='alert'])")
    assert len(told.xpath("//li//input[@name='value']")) == MOST_ITEMS


def test_what_is_added_is_written_after_the_list_as_it_was_given(client):
    """So that a browser that keeps the list sees that it is the same, and longer."""
    code = make("Kevät", [Item("hev31g5x", "huom")]).code
    answer = client.get("/en/list/edit", query_string={"list": code, "add": "yr7zmvxr"})
    assert answer.location == f"/en/list/edit?list={code}.yr7zmvxr"
    again = client.get("/en/list/edit", query_string={"list": code, "add": "hev31g5x"})
    assert again.location == f"/en/list/edit?list={code}"


@pytest.mark.parametrize("path", ["/list", "/list/edit"])
def test_an_address_without_a_language_opens_in_the_readers(client, path):
    code = make("Kevät", [Item("hev31g5x", "huom")]).code
    answer = client.get(f"{path}?list={code}", headers={"Accept-Language": "sv"})
    assert (answer.status_code, answer.location) == (302, f"/sv{path}?list={code}")
    assert "Accept-Language" in answer.vary


# -- changing --------------------------------------------------------------------------------------


def test_titles_notes_headings_and_order_are_changed_by_the_form(client, page, catalogue):
    first, second = catalogue.add(RICH), catalogue.add(metadata("Vesi"))
    found = press(client, page, f"/en/list/edit?list={first}.{second}", title="Kevät",
                  **{"note-0": "parityönä", "heading": "Aluksi"})  # fmt: skip
    assert headings(found) == ["Aluksi"]
    assert titles(found) == ["Fotosynteesi", "Vesi"]
    assert found.find(".//input[@id='title']").value == "Kevät"
    assert found.find(".//input[@id='note-1']").value == "parityönä"
    moved = press(client, page, f"/en/list/edit?list={kept(found)}", up="2")
    assert titles(moved) == ["Vesi", "Fotosynteesi"]
    left = press(client, page, moved.base_url_path, remove="0")
    assert (headings(left), titles(left)) == ([], ["Vesi", "Fotosynteesi"])


def test_a_new_heading_comes_before_the_part_that_is_chosen(client, page, catalogue):
    code = ".".join(catalogue.add(metadata(title)) for title in ("Yksi", "Kaksi", "Kolme"))
    found = press(client, page, f"/en/list/edit?list={code}", heading="Sitten", before="2")
    kinds = [each.get("value") for each in found.xpath("//input[@name='kind']")]
    assert kinds == ["item", "item", "heading", "item"]
    assert found.base_url_path.endswith("#part-2")


def test_no_heading_is_lost_for_a_new_one_when_there_is_no_room(client, page, catalogue):
    headings_ = [Heading(f"{number}") for number in range(MOST_HEADINGS)]
    code = make("", [*headings_, Item(catalogue.add(RICH))]).code
    assert page(f"/en/list/edit?list={code}").find(".//input[@id='heading']") is None
    sent = {"kind": ["heading"] * 20, "value": [""] * 20, "heading": "uusi", "before": "0"}
    sent |= {f"note-{number}": f"{number}" for number in range(20)}
    found = page(client.post("/en/list/edit", data=sent).location)
    assert headings(found) == [str(number) for number in range(20)]


@pytest.mark.parametrize(
    ("pressed", "lands"),
    [
        ({"down": "0"}, "down-1"),
        ({"down": "1"}, "up-2"),
        ({"up": "2"}, "up-1"),
        ({"up": "1"}, "down-0"),
        ({"remove": "1"}, "part-1"),
        ({"remove": "2"}, "part-1"),
        ({}, ""),
    ],
)
def test_the_reader_goes_on_where_they_pressed(client, page, catalogue, pressed, lands):
    code = ".".join(catalogue.add(metadata(title)) for title in ("Yksi", "Kaksi", "Kolme"))
    found = press(client, page, f"/en/list/edit?list={code}", **pressed)
    assert found.base_url_path.partition("#")[2] == lands
    target = found.xpath(f"//*[@id='{lands}']")
    assert not lands or target[0].tag == "button" or target[0].get("tabindex") == "-1"


def test_an_emptied_heading_does_not_shift_the_buttons(client, page, catalogue):
    first, second = catalogue.add(metadata("Yksi")), catalogue.add(metadata("Kaksi"))
    code = make("", [Heading("Pois"), Item(first), Item(second)]).code
    found = press(client, page, f"/en/list/edit?list={code}", up="2", **{"note-0": ""})
    assert titles(found) == ["Kaksi", "Yksi"]


def test_showing_the_list_saves_what_was_typed_first(client, page, catalogue):
    address = f"/en/list/edit?list={catalogue.add(RICH)}"
    found = press(client, page, address, then="show", title="Kevät", **{"note-0": "parityönä"})
    assert found.base_url_path.startswith("/en/list?list=")
    assert found.findtext(".//h1") == "Kevät"
    assert found.xpath("//p[@class='note']/text()") == ["parityönä"]


def test_the_first_button_saves_because_enter_presses_it(page, catalogue):
    form = page(f"/en/list/edit?list={catalogue.add(RICH)}").find(".//form[@class='stacked']")
    assert form.find(".//button").get("name") is None


def test_the_last_material_can_be_removed(client, page, catalogue):
    found = press(client, page, f"/en/list/edit?list={catalogue.add(RICH)}", remove="0")
    assert "Your list is empty" in found.text_content()
    assert found.base_url_path == "/en/list/edit?list="


def test_notes_too_long_for_an_address_are_kept_and_the_reader_is_told(client):
    noise = [
        "".join(chr(0x4E00 + (n * 7919 + i * i * 31) % 20000) for i in range(400)) for n in range(9)
    ]
    form = {"kind": ["item"] * 9, "value": [f"{n:08}" for n in range(9)]}
    form |= {f"note-{n}": text for n, text in enumerate(noise)}
    answer = client.post("/en/list/edit", data=form)
    assert answer.status_code == 422
    found = html.document_fromstring(answer.data.decode())
    assert "too long" in found.xpath("string(//*[@role='alert'])")
    (wrong,) = found.xpath("//input[@aria-invalid='true']")
    assert found.xpath("//*[@role='alert']//a/@href") == [f"#{wrong.get('id')}"]
    assert "too long" in found.get_element_by_id(wrong.get("aria-describedby")).text_content()
    assert found.find(".//input[@id='note-8']").value == noise[8]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"kind": ["item"], "value": ["<x>"]},
        {"kind": ["x"] * 500, "value": ["hev31g5x"] * 500},
        {"kind": ["item"], "value": ["hev31g5x"], "up": "x", "down": "²"},
        {"kind": ["item"], "value": ["hev31g5x"], "remove": "-1"},
    ],
)
def test_an_odd_form_is_never_an_error(client, form):
    assert client.post("/en/list/edit", data=form).status_code == 303


@pytest.mark.parametrize("query", ["list=~~~", "list=%00", "list=<script>", "list=" + "a" * 9000])
@pytest.mark.parametrize(
    "path", ["list", "list/edit", "list.html", "list.csv", "list.bib", "list.imscc", "search", ""]
)
def test_an_odd_list_is_never_an_error(client, path, query):
    answer = client.get(f"/en/{path}?{query}")
    assert answer.status_code == 200
    assert b"<script>" not in answer.data.replace(b"<script src", b"")


def test_nothing_is_written_down(client, page, catalogue):
    first = catalogue.add(RICH)
    before = counts(catalogue)
    page(f"/en/list?list={first}")
    answer = press(client, page, f"/en/list/edit?list={first}", title="Salainen")
    assert titles(answer) == ["Fotosynteesi"]
    assert counts(catalogue) == before


def test_lists_set_no_cookie(client, catalogue):
    first = catalogue.add(RICH)
    for path in (f"/en/list?list={first}", f"/en/list/edit?list={first}"):
        assert "Set-Cookie" not in client.get(path).headers


@pytest.mark.parametrize(
    "path", ["/fi/list?list={}", "/fi/list/edit?list={}", "/fi/list", "/fi/list/edit"]
)
def test_every_field_has_a_label_and_headings_skip_no_level(page, catalogue, path):
    code = make("Kevät", [Heading("Aluksi"), Item(catalogue.add(RICH), "huom")]).code
    found = page(path.format(code))
    fields = [f for f in found.iter("input", "select", "textarea") if f.get("type") != "hidden"]
    assert {f.get("id") for f in fields} <= {label.get("for") for label in found.iter("label")}
    ids = [each.get("id") for each in found.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    levels = [int(each.tag[1]) for each in found.iter("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1


# -- showing -------------------------------------------------------------------------------------


def test_a_shared_list_shows_headings_notes_credit_lines_and_what_is_gone(page, spring):
    found = page(f"/en/list?list={spring}")
    assert found.findtext(".//h1") == "Kevät <1>"
    assert found.xpath("//h2[@class='list-heading']/text()") == ["Aluksi", "Sitten"]
    assert found.xpath("//p[@class='note']/text()") == ["=1+1 <i>"]
    credits = [" ".join(p.text_content().split()) for p in found.xpath("//p[@class='credit']")]
    assert len(credits) == 2
    assert "Aino Esimerkki" in credits[0]
    assert "CC BY 4.0" in credits[0]
    assert found.xpath("normalize-space(//p[contains(@class, 'list-sum')])") == (
        "2 materials, one is no longer here"
    )
    assert found.find(".//input[@id='address']").value == f"http://localhost/list?list={spring}"


def test_what_is_gone_says_what_it_was_why_and_what_took_its_place(page, catalogue):
    heir = catalogue.add(metadata("Uusi"))
    ours = catalogue.add(metadata("Vanha"), status=WITHDRAWN, successor=heir)
    theirs = catalogue.add(
        metadata("Toinen"), status=WITHDRAWN, successor="https://new.example/1",
        withdrawn_reason="deleted_by_provider",
    )  # fmt: skip
    first, second, third = page(f"/en/list?list={ours}.{theirs}.zzzzzzzz").xpath(
        "//article[contains(@class, 'missing')]"
    )
    assert "Vanha" in first.text_content()
    assert first.xpath(".//strong/a[.='Uusi']/@href")[0].startswith(f"/r/{heir}?list=")
    assert "Its provider has removed it" in second.text_content()
    assert second.xpath(".//strong/a/@href") == ["https://new.example/1"]
    assert "no longer here" in third.text_content()
    assert "http://localhost/r/zzzzzzzz" in third.text_content()


def test_of_merged_copies_the_kept_one_is_shown_once_with_all_their_notes(page, merged):
    code = make("", [Item("copy0001", "sivu 1"), Item("kept0001", "sivu 2"), Item("copy0002")]).code
    found = page(f"/en/list?list={code}")
    assert titles(found) == ["Fotosynteesi"]
    assert found.xpath("//p[@class='note']/text()") == ["sivu 1 / sivu 2"]
    assert "One material" in found.text_content()
    settled = make("", [Item("kept0001", "sivu 1 / sivu 2")]).code
    assert found.find(".//input[@id='address']").value == f"http://localhost/list?list={settled}"
    edited = page(f"/en/list/edit?list={code}")
    assert kept(edited) == settled
    assert [each.value for each in edited.xpath("//input[@name='value']")] == ["kept0001"]


def test_a_copy_of_what_was_withdrawn_is_gone_like_it(page, catalogue, merged):
    with catalogue.sessions.begin() as session:
        session.scalar(select(Resource).where(Resource.address == "kept0001")).status = WITHDRAWN
    assert "no longer here" in page("/en/list?list=copy0001").text_content()


def test_a_list_someone_was_sent_is_there_to_be_read_not_changed(page, spring):
    found = page(f"/en/list?list={spring}")
    tools = found.find(".//p[@class='list-tools']")
    assert [each.text_content() for each in tools.xpath("./a[@class='button']")] == [
        "Share and download"
    ]
    (mine,) = tools.xpath("./a[@id='copy-list']")
    assert mine.text_content().strip() == "Make a list of my own from this"
    assert mine.get("class") == "plain-button"


def test_the_list_has_a_code_for_telephones_while_they_can_read_it(page, catalogue):
    first = catalogue.add(RICH)
    assert page(f"/en/list?list={first}").xpath("//figure[@class='list-qr']//*[name()='svg']")
    noise = "".join(chr(0x4E00 + (i * 7919) % 20000) for i in range(400))
    long = make("", [Item(first, noise)]).code
    assert not page(f"/en/list?list={long}").xpath("//*[name()='svg'][not(@class)]")


def test_titles_and_notes_find_their_own_direction(page, catalogue):
    address = catalogue.add(metadata("قواعد", "ar", creator=(Agent("דוד"),)))
    code = make("רשימה", [Heading("כותרת"), Item(address, "הערה")]).code
    for path in (f"/en/list?list={code}", f"/en/list.html?list={code}"):
        found = page(path)
        for words in ("רשימה", "כותרת", "הערה"):
            assert found.xpath(f"//body//*[.='{words}']/@dir") == ["auto"]
        assert found.xpath("//*[.='قواعد']/@dir") == ["rtl"]
        assert found.xpath("//p[@class='credit']/bdi/text()") == ["דוד"]


@pytest.mark.parametrize(
    ("licenses", "mixed", "beside"),
    [
        ((CC_BY, BY_SA), "Yes", "Yes"),
        ((BY_SA, BY_NC_SA), "No, not all of them", "Yes"),
        ((CC_BY, BY_ND), "No, not all of them", "Yes"),
        ((CC_BY, "something"), "That cannot be told", "That cannot be told"),
        ((CC_BY, "All rights reserved"), "No, not all of them", "No, not all of them"),
    ],
)
def test_mixing_and_standing_side_by_side_are_two_questions(
    page, catalogue, licenses, mixed, beside
):
    code = ".".join(catalogue.add(metadata(license=licensed(raw))) for raw in licenses)
    panel = together(page(f"/en/list?list={code}"))
    signs = [
        " ".join(s.text_content().split()) for s in panel.xpath(".//span[contains(@class,'sign')]")
    ]
    assert signs == [mixed, beside]


def test_what_contradicts_itself_is_told_with_the_material_it_is_about(page, catalogue):
    torn = (*licensed(CC_BY), *licensed(BY_ND))
    code = f"{catalogue.add(metadata('Ristiriita', license=torn))}.{catalogue.add(RICH)}"
    reasons = together(page(f"/en/list?list={code}")).xpath(".//ul[@class='reasons']/li")
    (told,) = [each for each in reasons if "contradicts itself" in each.text_content()][:1]
    assert told.xpath(".//a/text()") == ["Ristiriita"]


def test_reasons_lead_to_the_materials_and_say_what_holds_without_them(page, catalogue):
    code = ".".join(
        catalogue.add(metadata(title, license=licensed(raw)))
        for title, raw in (("Yksi", BY_SA), ("Kaksi", CC_BY), ("Kolme", BY_NC_SA), ("Neljä", BY_ND))
    )
    found = page(f"/en/list?list={code}")
    text = " ".join(together(found).text_content().split())
    assert "This is about: Neljä" in text
    assert "It is possible if you leave out one of these groups:" in text
    assert "Kolme, Neljä Recommended for the rest: CC BY-SA 4.0" in text
    assert "Yksi, Neljä Recommended for the rest: CC BY-NC-SA 4.0" in text
    inside = {a.get("href") for a in together(found).findall(".//a")} - {None}
    ids = {f"#{each.get('id')}" for each in found.iter() if each.get("id")}
    assert {href for href in inside if href.startswith("#")} <= ids


def test_the_same_is_said_of_several_licences_at_once(page, catalogue):
    code = ".".join(
        catalogue.add(metadata(license=licensed(raw)))
        for raw in (CC_BY, BY_ND, "CC BY-NC-ND 4.0", "CC BY-NC-ND 3.0")
    )
    reasons = together(page(f"/en/list?list={code}")).xpath(".//ul[@class='reasons'][1]/li")
    (told,) = [each for each in reasons if "NoDerivatives" in each.text_content()]
    assert "CC BY-ND 4.0 + CC BY-NC-ND 4.0 + CC BY-NC-ND 3.0:" in told.text_content()
    assert len(told.xpath(".//a")) == 3


def test_what_may_not_be_sold_is_offered_no_licence_that_lets_it_be_sold(page, catalogue):
    code = ".".join(catalogue.add(metadata(license=licensed(raw))) for raw in (CC_BY, BY_NC))
    panel = together(page(f"/en/list?list={code}"))
    offered = panel.xpath(".//p[starts-with(., 'Recommended')]/a/text()")
    assert offered == ["CC BY-NC 4.0", "CC BY-NC-SA 4.0", "CC BY-NC-ND 4.0"]
    assert "Also possible" not in panel.text_content()
    assert "also be used commercially" not in panel.text_content()


def test_recommended_and_possible_licences_are_told_apart(page, catalogue):
    panel = together(page(f"/en/list?list={catalogue.add(metadata(license=licensed(CC_BY)))}"))
    assert panel.xpath(".//p[starts-with(., 'Also possible')]/a/text()") == ["CC0 1.0"]
    assert "CC0" not in panel.xpath("string(.//p[starts-with(., 'Recommended')])")


def test_the_answer_names_the_licences_the_result_may_have_and_the_reasons(page, catalogue):
    code = ".".join(catalogue.add(metadata(license=licensed(raw))) for raw in (CC_BY, BY_SA))
    panel = together(page(f"/fi/list?list={code}"))
    assert BY_SA in panel.xpath(".//p/a/@href")
    assert len(panel.xpath(".//ul[@class='reasons']/li")) >= 2
    assert "ei oikeudellista neuvontaa" in panel.text_content()
    no = ".".join(catalogue.add(metadata(license=licensed(raw))) for raw in (BY_SA, BY_NC_SA))
    assert "ehtoja ei voi täyttää" in page(f"/fi/list?list={no}").text_content()


def titles(found):
    return found.xpath("//p[@class='result-title']/a/text()")


def headings(found):
    return [each.get("value") for each in found.xpath("//input[@class='heading']")]


def kept(found):
    """What a browser with scripts would keep."""
    return found.find(".//a[@id='my-list']").get("data-list")


def together(found):
    """What the page of a list says of the licences."""
    return found.find(".//section[@aria-labelledby='together']")


def add_link(found, address):
    return found.xpath(f"//a[@data-add='{address}']/@href")[0]


def follow(client, path):
    answer = client.get(path)
    assert answer.status_code == 303
    return answer.location


def press(client, page, path, **filled):
    """Fill in the list's form and send it, with a button if one is named; the page that follows."""
    form = page(path).find(".//form[@class='stacked']")
    names = ("up", "down", "remove", "then")
    buttons = {name: filled.pop(name) for name in names if name in filled}
    for name, value in filled.items():
        form.fields[name] = value
    fields = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value)
    answer = client.post(form.get("action"), data={**fields, **buttons})
    assert answer.status_code == 303, answer.text
    found = page(answer.location)
    return Pressed(found, answer.location)


class Pressed:
    """A page and where it was found."""

    def __init__(self, found, path):
        self._found, self.base_url_path = found, path

    def __getattr__(self, name):
        return getattr(self._found, name)


def counts(catalogue):
    with catalogue.sessions() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }


def deflated(content):
    packer = zlib.compressobj(9, wbits=-15)
    return packer.compress(content) + packer.flush()
