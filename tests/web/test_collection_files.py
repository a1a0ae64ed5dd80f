"""Lists taken along: handouts, tables, references, packages for learning platforms."""

import csv
import io
import re
import zipfile

import pytest
from lxml import etree, html

from oer.metadata.resource_metadata import LangString
from oer.models.resource import WITHDRAWN
from oer.web.collection import Item, make
from tests.web.conftest import CC_BY, RICH, metadata

CC = "{http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1}"
LINK = "{http://www.imsglobal.org/xsd/imsccv1p1/imswl_v1p1}"


def test_the_handout_stands_alone_and_holds_every_credit_line(client, spring):
    response = client.get(f"/sv/list.html?list={spring}")
    assert "attachment" in response.headers["Content-Disposition"]
    found = html.document_fromstring(response.data.decode())
    assert not found.xpath("//script|//link|//img")
    assert found.xpath("//h2/text()") == ["Aluksi", "Sitten", "Får de här användas tillsammans?"]
    assert found.xpath("//li/p/strong/text()") == ["Fotosynteesi", "Poissa", "<b>Vesi</b>"]
    assert "Aino & Kalle" in found.text_content()
    assert CC_BY in found.xpath("//a/@href")


def test_the_handout_has_all_that_paper_cannot_link_to(client, spring):
    found = html.document_fromstring(client.get(f"/en/list.html?list={spring}").data.decode())
    address = f"http://localhost/list?list={spring}"
    assert found.xpath("//footer//a/text()") == [address]
    assert found.xpath("//footer//*[name()='svg']")
    (gone,) = found.xpath("//li[.//strong='Poissa']")
    assert "This material is no longer here" in gone.text_content()
    assert "May they be mixed into one new material?" in found.text_content()
    inside = [a.get("href") for a in found.iter("a") if a.get("href").startswith("#")]
    assert all(found.get_element_by_id(href[1:]) is not None for href in inside)
    assert not [a for a in found.iter("a") if a.get("href").startswith("/")]


def test_the_table_has_headings_and_notes_and_no_formula(client, spring):
    text = client.get(f"/en/list.csv?list={spring}").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["heading"], row["note"], row["title"], row["status"]) for row in rows] == [
        ("Aluksi", "'=1+1 <i>", "Fotosynteesi", "published"),
        ("Aluksi", "", "Poissa", "withdrawn"),
        ("Sitten", "", "<b>Vesi</b>", "published"),
    ]


def test_every_file_says_what_took_the_place_of_what_is_gone(client, catalogue):
    heir = catalogue.add(metadata("Uusi"))
    hostile = metadata("@misc{x,\n y={")
    gone = catalogue.add(hostile, status=WITHDRAWN, successor=heir)
    answers = {
        form: client.get(f"/en/list.{form}?list={gone}.zzzzzzzz") for form in ("csv", "html", "bib")
    }
    for answer in answers.values():
        assert f"http://localhost/r/{heir}" in answer.text
        assert "http://localhost/r/zzzzzzzz" in answer.text
        assert "?list=" not in answer.text.partition("</li>")[0].partition("<body>")[2]
    lines = answers["bib"].text.splitlines()
    assert [line[:2] for line in lines if line] == ["% ", "% "]
    assert "@" not in answers["bib"].text
    rows = list(csv.DictReader(io.StringIO(answers["csv"].data.decode("utf-8-sig"))))
    assert [(row["status"], row["isReplacedBy"]) for row in rows] == [
        ("withdrawn", f"http://localhost/r/{heir}"),
        ("unknown", ""),
    ]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("7B, kevät: Fotosynteesi", "7b-kevat-fotosynteesi"),
        ("", "lista-oppimateriaaleista"),
        ("../../etc\r\nX: y", "etc-x-y"),
        ("Вода", "list"),
        ("a" * 99, "a" * 60),
    ],
)
def test_files_are_called_after_the_list(client, title, name):
    code = make(title, [Item("zzzzzzzz")]).code
    for form in ("html", "csv", "bib", "imscc"):
        disposition = client.get(f"/fi/list.{form}?list={code}").headers["Content-Disposition"]
        assert re.fullmatch(
            rf'attachment; filename="{name}-\d{{4}}-\d\d-\d\d\.{form}"', disposition
        )


def test_the_references_have_an_entry_for_each_material(client, spring):
    assert client.get(f"/en/list.bib?list={spring}").text.count("@misc{") == 2


def test_the_references_have_an_entry_once_for_merged_copies(client, merged):
    answer = client.get("/en/list.bib?list=copy0001.kept0001.copy0002")
    assert answer.text.count("@misc{") == answer.text.count("@misc{kept0001,") == 1


@pytest.mark.parametrize("code", ["spring", "copy0001.kept0001.copy0002"])
def test_the_cartridge_is_whole(client, spring, merged, code):
    code = spring if code == "spring" else code
    with zipfile.ZipFile(io.BytesIO(client.get(f"/fi/list.imscc?list={code}").data)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
        assert len(files) == len(archive.namelist())
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


def test_the_cartridge_is_called_what_the_page_is_called(client, page, catalogue):
    address = catalogue.add(RICH)
    with zipfile.ZipFile(io.BytesIO(client.get(f"/fi/list.imscc?list={address}").data)) as archive:
        manifest = etree.fromstring(archive.read("imsmanifest.xml"))
    (title,) = manifest.xpath("//*[local-name()='title']/*[local-name()='string']/text()")
    assert title == page(f"/fi/list?list={address}").findtext(".//h1")


def test_a_material_without_a_web_address_is_linked_by_its_permanent_one(client, catalogue):
    address = catalogue.add(metadata(landing_page="javascript:alert(1)"))
    with zipfile.ZipFile(io.BytesIO(client.get(f"/en/list.imscc?list={address}").data)) as archive:
        link = etree.fromstring(archive.read(f"links/{address}.xml"))
    assert link.find(f"{LINK}url").get("href") == f"http://localhost/r/{address}"


def test_what_xml_cannot_carry_spoils_no_cartridge(client, catalogue):
    address = catalogue.add(metadata(title="x\x00\x0b", description=(LangString("\ufffe"),)))
    assert client.get(f"/en/list.imscc?list={address}").status_code == 200
