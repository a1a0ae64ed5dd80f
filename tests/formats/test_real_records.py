"""Replay of real records: each is read or refused by name, and nothing it says gets lost."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from oer.errors import UnreadableRecord
from oer.formats import lom, oai_dc, read_payload
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
