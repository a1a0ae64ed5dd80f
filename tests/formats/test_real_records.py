"""Replay of real records: each is read or refused by name, and nothing it says gets lost."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from oer.errors import UnreadableRecord
from oer.formats import jsonld, lom, oai_dc, read_payload
from tests.formats.tables import all_texts
from tests.shared_data import shared_data

OAI = "{http://www.openarchives.org/OAI/2.0/}"
E_MAIL = re.compile(r"\S@\S+\.\w")
TOLERANT = etree.XMLParser(recover=True, huge_tree=True, resolve_entities=False)


def test_every_dublin_core_record_is_read_and_nothing_is_lost():
    outcomes, lost = Counter(), []
    for name, element in records(shared_data("records", "oai_dc"), is_metadata):
        outcome, missing = replay(name, element, oai_dc.read, leaves)
        outcomes[outcome] += 1
        lost += missing
    assert lost == []
    assert outcomes == {
        "read": 5223,
        "Not Dublin Core: the root element is {http://gcmd.gsfc.nasa.gov/Aboutus/xml/dif/}DIF.": 1,
    }


@pytest.mark.parametrize(
    ("folder", "count", "malformed"),
    [("edurep", 12, 0), ("nl-meresco", 58, 1), ("quebec-normetic", 13, 0)],
)
def test_every_lom_record_is_read_and_nothing_is_lost(folder, count, malformed):
    outcomes, lost = Counter(), []
    for name, element in records(shared_data("records", "lom", folder), is_lom):
        outcome, missing = replay(name, element, lom.read, lom_texts)
        outcomes[outcome] += 1
        lost += missing
    assert lost == []
    unread = outcomes.total() - outcomes["read"]
    assert (outcomes["read"], unread) == (count, malformed), outcomes


@pytest.mark.parametrize("name", ["lrmi/aoe-record.xml", "lrmi/aoe-shape-rec_v1.xml",
                                  "lrmi/aoe-shape-rec_v2.xml", "qdc/qdc1.xml"])  # fmt: skip
def test_records_of_aoe_and_qualified_dublin_core_are_read_whole(name):
    root = etree.parse(shared_data("records", *name.split("/"))).getroot()
    element = next(root.iter("{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"), root)
    outcome, missing = replay(name, element, read_payload, leaves)
    assert outcome == "read"
    # Where a material stands in the list, and an aggregator's number, are not said of the resource;
    # identifiers like "https:tag" repeat the keyword beside them.
    assert {Path(line).parts[-1].partition(" ")[0] for line in missing} <= {
        "position", "recordID", "identifier"
    }  # fmt: skip


def test_every_record_of_the_learning_registry_is_read_and_nothing_is_lost():
    outcomes, lost = Counter(), []
    for file in sorted(shared_data("records", "learning-registry").glob("*dc[-_]data-*.json")):
        for document in json.loads(file.read_bytes())["documents"]:
            element = etree.fromstring(document["resource_data"].encode(), TOLERANT)
            outcome, missing = replay(file.name, element, read_payload, leaves)
            outcomes[outcome] += 1
            lost += missing
    assert lost == []
    assert set(outcomes) == {"read"}
    assert outcomes["read"] == 301


LIBRARY_ROOTS = {"mods": 23, "qualifieddc": 6, "record": 3}
# Cut out of their envelopes together with the namespaces that were declared there.
CUT_OUT = {"mods": 1, "qualifieddc": 2, "record": 0}


@pytest.mark.parametrize("root", LIBRARY_ROOTS)
def test_every_record_of_libraries_is_read_and_what_it_says_is_kept(root):
    outcomes, lost = Counter(), []
    folder = shared_data("records", "mods-qdc-marcxml-dpla")
    for name, element in records(folder, lambda each: is_library_record(each, root)):
        outcome, missing = replay(name, element, read_payload, STATED[root])
        outcomes[outcome] += 1
        lost += missing
    assert lost == []
    unread = outcomes.total() - outcomes["read"]
    assert (outcomes.total(), unread) == (LIBRARY_ROOTS[root], CUT_OUT[root]), outcomes


def test_every_datacite_record_is_read_and_what_it_says_is_kept():
    outcomes, lost = Counter(), []
    for file in sorted(shared_data("records", "datacite").glob("*.xml")):
        element = etree.parse(file, TOLERANT).getroot()
        outcome, missing = replay(file.name, element, read_payload, datacite_texts)
        outcomes[outcome] += 1
        lost += missing
    assert lost == []
    assert outcomes == {"read": 40}


def test_every_valid_amb_document_is_read_and_what_it_says_is_kept():
    files = sorted(shared_data("records", "amb-examples").glob("*_examples_valid_*.json"))
    lost = [line for file in files for line in lost_of_json(file.name, file.read_bytes())]
    assert lost == []
    assert len(files) == 68


def test_every_page_with_json_ld_gives_one_resource():
    titles = []
    for file in sorted(shared_data("records", "html-sitemaps").glob("*.html")):
        blocks = re.findall(r"ld\+json[^>]*>(.*?)</script>", file.read_text("utf-8"), re.DOTALL)
        titles += jsonld.read(f"[{','.join(blocks)}]".encode()).title
    assert len(titles) == 3


def test_an_array_of_several_resources_is_refused_as_a_whole():
    payload = shared_data("records", "datacite", "schema_org_list.json").read_bytes()
    with pytest.raises(UnreadableRecord, match="resources of equal rank"):
        jsonld.read(payload)


NOT_SAID_IN_JSON = frozenset({"@context", "type", "bitrate", "mainEntityOfPage", "affiliation"})


def lost_of_json(name: str, payload: bytes) -> list[str]:
    """The texts of a JSON document that are nowhere in the description."""
    whole = "\n".join(map(folded, all_texts(jsonld.read(payload))))
    return [
        f"{name}/{'/'.join(path)} {text[:80]!r}"
        for path, text in json_texts(json.loads(payload), ())
        if not NOT_SAID_IN_JSON & set(path) and folded(text) not in whole
    ]


def json_texts(value, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for inner in value:
            yield from json_texts(inner, path)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from json_texts(inner, (*path, key))


def is_library_record(element: etree._Element, root: str) -> bool:
    namespace, _, name = element.tag.rpartition("}")
    return name.rpartition(":")[2] == root and (root != "record" or "MARC21" in namespace)


MODS_LEFT_OUT = frozenset({"recordInfo", "extension", "place", "issuance", "digitalOrigin",
                           "physicalLocation", "coordinates", "holdingSimple", "role",
                           "languageTerm"})  # fmt: skip


def mods_texts(element: etree._Element) -> Iterator[tuple[str, str]]:
    for leaf in element.iter(etree.Element):
        path = {local(each) for each in (leaf, *leaf.iterancestors())}
        attributes = (leaf.get("type"), leaf.get("invalid"))
        text = (leaf.text or "").strip().rstrip(" .,;:/")
        if "relatedItem" in path and {"originInfo", "physicalLocation"} & path:
            continue
        if text and not MODS_LEFT_OUT & path and not {"date", "yes"} & set(attributes):
            yield local(leaf), text


MARC_TEXTS = {"245": "abnp", "246": "ab", "500": "a", "504": "a", "505": "a", "520": "a",
              "530": "a", "540": "au", "600": "axz", "610": "abxz", "648": "a", "650": "axzv",
              "651": "axzvy", "653": "a", "655": "a", "100": "a", "110": "ab", "700": "a",
              "710": "ab", "856": "u3", "776": "at"}  # fmt: skip


def marc_texts(element: etree._Element) -> Iterator[tuple[str, str]]:
    for subfield in element.iter("{*}subfield"):
        tag = subfield.getparent().get("tag")
        text = (subfield.text or "").strip().rstrip(" .,;:/")
        if text and subfield.get("code") in MARC_TEXTS.get(tag, ""):
            yield f"{tag}${subfield.get('code')}", text


DATACITE_LEFT_OUT = frozenset({"geoLocationPoint", "geoLocationBox", "geoLocationPolygon",
                               "awardNumber", "awardTitle", "contributors"})  # fmt: skip


def datacite_texts(element: etree._Element) -> Iterator[tuple[str, str]]:
    several = {
        each for each in element.iter("{*}creator") if len(each.findall("{*}creatorName")) > 1
    }
    for leaf in element.iter(etree.Element):
        ancestors = [leaf, *leaf.iterancestors()]
        path = {local(each) for each in ancestors}
        text = (leaf.text or "").strip()
        if "contributors" in path and "relatedItem" not in path:
            path.remove("contributors")
        if several & set(ancestors) and local(leaf) != "creatorName":
            continue  # whose they are, nobody says
        if text and not DATACITE_LEFT_OUT & path and not text.startswith("(:"):
            yield local(leaf), text


def local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2]


def records(folder: Path, wanted) -> Iterator[tuple[str, etree._Element]]:
    for file in sorted(folder.glob("*.xml")):
        root = etree.parse(file, TOLERANT).getroot()
        yield from ((file.name, each) for each in root.iter(etree.Element) if wanted(each))


def is_metadata(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == f"{OAI}metadata"


def is_lom(element: etree._Element) -> bool:
    return element.tag.rpartition("}")[2] == "lom"


def replay(name, element, read, stated) -> tuple[str, list[str]]:
    """What became of a record, and the texts of it that are nowhere in the description."""
    try:
        metadata = read(etree.tostring(element, with_tail=False))
    except UnreadableRecord as refusal:
        return str(refusal), []
    texts = {folded(text) for text in all_texts(metadata)}
    whole = "\n".join(texts)
    missing = [
        f"{name}/{where} {text[:80]!r}"
        for where, text in stated(element)
        if not E_MAIL.search(text)
        and not all(folded(part) in texts or folded(part) in whole for part in text.split(";"))
    ]
    return "read", missing


def folded(text: str) -> str:
    return " ".join(text.split())


def leaves(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Every text of a record with the name of its element."""
    for child in element.iter(etree.Element):
        if not len(child) and (child.text or "").strip():
            uri = (child.text or "").replace("https://www.yso.fi/", "http://www.yso.fi/")
            yield etree.QName(child).localname, uri


LOM_ELEMENTS = frozenset({"title", "description", "keyword", "coverage", "entry", "format",
                          "location", "context", "typicalagerange",
                          "copyrightandotherrestrictions"})  # fmt: skip
# What an element is about is in its value; these say where a code comes from, who described the
# record, what somebody remarked, and how a date or a duration is to be understood.
NOT_SAID_OF_THE_RESOURCE = frozenset({"source", "metametadata", "annotation", "type", "language"})
EXPLAINED = frozenset({"date", "duration", "typicallearningtime"})


def lom_texts(element: etree._Element) -> Iterator[tuple[str, str]]:
    """The texts that a LOM record says of its resource, in whatever spelling of LOM."""
    for leaf in element.iter(etree.Element):
        text = (leaf.text or "").strip()
        path = [etree.QName(each).localname.lower() for each in (leaf, *leaf.iterancestors())]
        path = path[: path.index("lom")]
        if len(leaf) or not text or NOT_SAID_OF_THE_RESOURCE & set(path):
            continue
        if "description" in path and EXPLAINED & set(path):
            continue
        if "relation" in path and any("thumbnail" in said for said in category(leaf).itertext()):
            continue  # the caption of a preview image
        if LOM_ELEMENTS & set(path):
            yield path[-1], text


def category(leaf: etree._Element) -> etree._Element:
    ancestors = [leaf, *leaf.iterancestors()]
    return ancestors[[is_lom(each) for each in ancestors].index(True) - 1]


STATED = {"mods": mods_texts, "qualifieddc": leaves, "record": marc_texts}
