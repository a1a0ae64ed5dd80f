"""Lists of readers: all in the address, nothing on the server."""

import csv
import io
import zipfile
import zlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html
from sqlalchemy import func, select

from oer.metadata.resource_metadata import Agent, LangString
from oer.models import Base
from oer.models.resource import MERGED, WITHDRAWN, Resource
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
from tests.web.conftest import CC_BY, RICH, licensed, metadata

CC = "{http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1}"
LINK = "{http://www.imsglobal.org/xsd/imsccv1p1/imswl_v1p1}"
BY_SA = "https://creativecommons.org/licenses/by-sa/4.0/"
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
    search = found.xpath("//a[@class='plain-button']/@href")[0]
    assert f"list={first}" in search
    results = page(search)
    assert results.xpath(f"//a[@data-add='{first}']/span/text()") == ["Omassa listassa"]
    resource = page(results.xpath("//a[.='Vesi']/@href")[0])
    assert titles(page(follow(client, add_link(resource, second)))) == ["Fotosynteesi", "Vesi"]


def test_the_search_field_and_filters_keep_the_list(page, catalogue):
    first = catalogue.add(RICH)
    found = page(f"/en/search?list={first}&license=cc-by&page=1")
    hidden = found.xpath("//form[@id='q-form']/input[@type='hidden']")
    assert [(each.get("name"), each.get("value")) for each in hidden] == [("list", first)]
    assert all(f"list={first}" in a.get("href") for a in found.xpath("//ul[@class='chips']//a"))


def test_pages_without_a_list_say_nothing_of_one(page, catalogue):
    found = page(f"/en/r/{catalogue.add(RICH)}")
    assert not [a for a in found.xpath("//a/@href") if "list=" in a]


def test_adding_what_is_no_address_adds_nothing(client, catalogue):
    address = catalogue.add(RICH)
    answer = client.get("/en/list/edit", query_string={"list": address, "add": "../<x>"})
    assert answer.status_code == 303
    assert answer.location == f"/en/list/edit?list={address}"


def test_a_full_list_says_so(client, page):
    code = make("", [Item(f"{number:08}") for number in range(MOST_ITEMS)]).code
    told = page(f"/en/list/edit?list={code}").text_content()
    assert "at most 60 materials" in told


# -- changing --------------------------------------------------------------------------------------


def test_titles_notes_headings_and_order_are_changed_by_the_form(client, page, catalogue):
    first, second = catalogue.add(RICH), catalogue.add(metadata("Vesi"))
    found = press(client, page, f"/en/list/edit?list={first}.{second}", title="Kevät",
                  **{"note-0": "parityönä", "heading": "Aluksi"})  # fmt: skip
    assert headings(found) == ["Aluksi"]
    assert titles(found) == ["Fotosynteesi", "Vesi"]
    assert found.find(".//input[@id='title']").value == "Kevät"
    assert found.find(".//input[@id='note-1']").value == "parityönä"
    code = found.find(".//div[@id='list-editor']").get("data-list")
    moved = press(client, page, f"/en/list/edit?list={code}", up="2")
    assert titles(moved) == ["Vesi", "Fotosynteesi"]
    left = press(client, page, moved.base_url_path, remove="0")
    assert (headings(left), titles(left)) == ([], ["Vesi", "Fotosynteesi"])


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


# -- showing and taking along ----------------------------------------------------------------------


@pytest.fixture
def spring(catalogue):
    """The code of a list with headings, notes, and a material that is gone."""
    first = catalogue.add(RICH)
    gone = catalogue.add(metadata("Poissa"), status=WITHDRAWN)
    second = catalogue.add(
        metadata("<b>Vesi</b>", creator=(Agent("Aino & Kalle"),), license=licensed(BY_SA))
    )
    return make(
        "Kevät <1>",
        [Heading("Aluksi"), Item(first, "=1+1 <i>"), Item(gone), Heading("Sitten"), Item(second)],
    ).code


def test_a_shared_list_shows_headings_notes_credit_lines_and_what_is_gone(page, spring):
    found = page(f"/en/list?list={spring}")
    assert found.findtext(".//h1") == "Kevät <1>"
    assert found.xpath("//h2[@class='list-heading']/text()") == ["Aluksi", "Sitten"]
    assert found.xpath("//p[@class='note']/text()") == ["=1+1 <i>"]
    credits = [" ".join(p.text_content().split()) for p in found.xpath("//p[@class='credit']")]
    assert len(credits) == 2
    assert "Aino Esimerkki" in credits[0]
    assert "CC BY 4.0" in credits[0]
    assert "no longer here" in found.xpath("string(//article[contains(@class, 'missing')])")
    assert found.find(".//input[@id='address']").value.startswith("http://localhost/en/list?list=")


def test_a_shared_list_of_a_merged_copy_shows_the_one_that_is_kept(page, catalogue):
    kept, copy = catalogue.add(RICH), catalogue.add(metadata("Kopio"))
    with catalogue.sessions.begin() as session:
        row = session.scalar(select(Resource).where(Resource.address == copy))
        row.status = MERGED
        row.merged_into_id = session.scalar(select(Resource.id).where(Resource.address == kept))
    assert titles(page(f"/en/list?list={copy}")) == ["Fotosynteesi"]


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
    panel = page(f"/en/list?list={code}").find(".//section[@aria-labelledby='together']")
    signs = [
        " ".join(s.text_content().split()) for s in panel.xpath(".//span[contains(@class,'sign')]")
    ]
    assert signs == [mixed, beside]


def test_the_answer_names_the_licences_the_result_may_have_and_the_reasons(page, catalogue):
    code = ".".join(catalogue.add(metadata(license=licensed(raw))) for raw in (CC_BY, BY_SA))
    panel = page(f"/fi/list?list={code}").find(".//section[@aria-labelledby='together']")
    assert BY_SA in panel.xpath(".//p/a/@href")
    assert len(panel.xpath(".//ul[@class='reasons']/li")) >= 2
    assert "ei oikeudellista neuvontaa" in panel.text_content()
    no = ".".join(catalogue.add(metadata(license=licensed(raw))) for raw in (BY_SA, BY_NC_SA))
    assert "ehtoja ei voi täyttää" in page(f"/fi/list?list={no}").text_content()


def test_the_handout_stands_alone_and_holds_every_credit_line(client, spring):
    response = client.get(f"/sv/list.html?list={spring}")
    assert "attachment" in response.headers["Content-Disposition"]
    found = html.document_fromstring(response.data.decode())
    assert not found.xpath("//script|//link|//img")
    assert found.xpath("//h2/text()") == ["Aluksi", "Sitten"]
    assert [" ".join(each.text_content().split()) for each in found.xpath("//li/p[1]")] == [
        "Fotosynteesi",
        "<b>Vesi</b>",
    ]
    assert "Aino & Kalle" in found.text_content()
    assert CC_BY in found.xpath("//a/@href")


def test_the_table_has_headings_and_notes_and_no_formula(client, spring):
    text = client.get(f"/en/list.csv?list={spring}").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["heading"], row["note"], row["title"]) for row in rows] == [
        ("Aluksi", "'=1+1 <i>", "Fotosynteesi"),
        ("Sitten", "", "<b>Vesi</b>"),
    ]


def test_the_references_have_an_entry_for_each_material(client, spring):
    assert client.get(f"/en/list.bib?list={spring}").text.count("@misc{") == 2


def test_the_cartridge_is_whole(client, spring):
    with zipfile.ZipFile(io.BytesIO(client.get(f"/fi/list.imscc?list={spring}").data)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = etree.fromstring(files["imsmanifest.xml"])
    assert manifest.findtext(f"{CC}metadata/{CC}schema") == "IMS Common Cartridge"
    assert manifest.findtext(f"{CC}metadata/{CC}schemaversion") == "1.1.0"
    assert [child.tag for child in manifest] == [
        f"{CC}metadata", f"{CC}organizations", f"{CC}resources",
    ]  # fmt: skip
    ids = manifest.xpath("//@identifier")
    assert len(ids) == len(set(ids))
    resources = {each.get("identifier"): each for each in manifest.iter(f"{CC}resource")}
    assert set(manifest.xpath("//@identifierref")) == set(resources)
    listed = {each.get("href") for each in manifest.iter(f"{CC}file")}
    assert listed == set(files) - {"imsmanifest.xml"}


def test_the_cartridge_keeps_headings_order_and_links(client, spring):
    with zipfile.ZipFile(io.BytesIO(client.get(f"/fi/list.imscc?list={spring}").data)) as archive:
        manifest = etree.fromstring(archive.read("imsmanifest.xml"))
        link = etree.fromstring(archive.read("links/r0001.xml"))
        credits = archive.read("credits/credits.html").decode()
    (organization,) = manifest.iter(f"{CC}organization")
    (root,) = organization.findall(f"{CC}item")
    assert organization.get("structure") == "rooted-hierarchy"
    assert root.find(f"{CC}title") is None
    told = [
        (item.findtext(f"{CC}title"), [i.findtext(f"{CC}title") for i in item.findall(f"{CC}item")])
        for item in root.findall(f"{CC}item")
    ]
    assert told == [
        ("Aluksi", ["Fotosynteesi"]),
        ("Sitten", ["<b>Vesi</b>"]),
        ("Lähteet ja lisenssit", []),
    ]
    assert link.tag == f"{LINK}webLink"
    assert link.find(f"{LINK}url").get("href") == "https://materials.example/1"
    assert "Aino &amp; Kalle" in credits


def test_a_material_without_a_web_address_is_linked_by_its_permanent_one(client, catalogue):
    address = catalogue.add(metadata(landing_page="javascript:alert(1)"))
    with zipfile.ZipFile(io.BytesIO(client.get(f"/en/list.imscc?list={address}").data)) as archive:
        link = etree.fromstring(archive.read(f"links/{address}.xml"))
    assert link.find(f"{LINK}url").get("href") == f"http://localhost/r/{address}"


def test_what_xml_cannot_carry_spoils_no_cartridge(client, catalogue):
    address = catalogue.add(metadata(title="x\x00\x0b", description=(LangString("\ufffe"),)))
    assert client.get(f"/en/list.imscc?list={address}").status_code == 200


def titles(found):
    return found.xpath("//p[@class='result-title']/a/text()")


def headings(found):
    return [each.get("value") for each in found.xpath("//input[@class='heading']")]


def add_link(found, address):
    return found.xpath(f"//a[@data-add='{address}']/@href")[0]


def follow(client, path):
    answer = client.get(path)
    assert answer.status_code == 303
    return answer.location


def press(client, page, path, **filled):
    """Fill in the list's form and send it, with a button if one is named; the page that follows."""
    form = page(path).find(".//form[@class='stacked']")
    buttons = {name: filled.pop(name) for name in ("up", "down", "remove") if name in filled}
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
