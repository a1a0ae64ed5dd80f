"""Whatever arrives, reading it ends in a description or in UnreadableRecord."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from oer.errors import UnreadableRecord
from oer.formats import (
    datacite,
    dublin_core,
    jsonld_properties,
    lom,
    lrmi_fi,
    mods,
    oai_dc,
    read_payload,
)
from oer.metadata.resource_metadata import from_json, to_json


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(payload):
    assert_read_or_refused(payload)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_tree_of_the_elements_we_know(data):
    assert_read_or_refused(data.draw(TREES).encode("utf-8", "surrogatepass"))


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(0, 4000), st.binary(max_size=4))
def test_any_tree_that_was_damaged_on_the_way(data, position, damage):
    payload = data.draw(TREES).encode("utf-8", "surrogatepass")
    position %= len(payload)
    assert_read_or_refused(payload[:position] + damage + payload[position + 2 :])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_json_of_the_properties_we_know(data):
    assert_read_or_refused(json.dumps(data.draw(JSON_DOCUMENTS)).encode())


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(0, 4000), st.binary(max_size=4))
def test_any_json_that_was_damaged_on_the_way(data, position, damage):
    payload = json.dumps(data.draw(JSON_DOCUMENTS)).encode()
    position %= len(payload)
    assert_read_or_refused(payload[:position] + damage + payload[position + 2 :])


def assert_read_or_refused(payload: bytes) -> None:
    try:
        metadata = read_payload(payload)
    except UnreadableRecord:
        return
    assert from_json(to_json(metadata)) == metadata
    etree.fromstring(oai_dc.write(metadata))


LOM_NAMES = [
    *lom._CATEGORIES,
    *lom._WHOLE,
    *lom._GENERAL,
    *lom._LIFE_CYCLE,
    *lom._TECHNICAL,
    *lom._EDUCATIONAL,
    "annotation",
    "string",
    "langstring",
    "source",
    "value",
    "id",
    "entry",
    "catalog",
    "role",
    "entity",
    "centity",
    "date",
    "datetime",
    "format",
    "location",
    "size",
    "cost",
    "copyrightAndOtherRestrictions",
    "kind",
    "resource",
    "purpose",
    "taxonPath",
    "taxon",
    "orComposite",
    "unheardOf",
]
DC_NAMES = [
    *dublin_core._HANDLERS,
    *lrmi_fi._TERMS,
    "person",
    "organization",
    "name",
    "affiliation",
    "thing",
    "url",
    "filesize",
    "alignmentType",
    "targetName",
    "educationalSubject",
    "educationalFramework",
    "unheardOf",
]
MODS_NAMES = [
    *mods._HANDLERS,
    *mods._DATES,
    *mods._COVERAGE,
    "mods",
    "title",
    "nonSort",
    "subTitle",
    "partNumber",
    "namePart",
    "role",
    "roleTerm",
    "nameIdentifier",
    "languageTerm",
    "topic",
    "url",
    "detail",
    "extent",
    "start",
    "publisher",
]
MARC_NAMES = ["datafield", "subfield", "controlfield", "leader", "record"]
DATACITE_NAMES = [
    *datacite._HANDLERS,
    "title",
    "creator",
    "creatorName",
    "givenName",
    "familyName",
    "nameIdentifier",
    "contributor",
    "relatedIdentifier",
    "relatedItem",
    "rights",
    "br",
    "funderName",
    "geoLocation",
    "geoLocationPlace",
    "affiliation",
]
DIDL_NAMES = [
    "Item",
    "Item",
    "Component",
    "Resource",
    "Descriptor",
    "Statement",
    "mods",
    "dc",
    "title",
    "type",
    "Identifier",
    "accessRights",
]
TEXTS = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "fi",
            "author",
            "publisher",
            "discipline",
            "competency",
            "no",
            "https://example.org/a",
            "https:tag",
            "urn:isbn:1",
            "a; b; c",
            "P1D",
            "12 kB",
            "image/png",
            "BEGIN:VCARD",
            "BEGIN:VCARD\nFN:A B\nEND:VCARD",
            "thumbnail",
            "accessibility restrictions",
            "LOMv1.0",
        ]
    ),
    st.text(st.characters(exclude_characters='<&"\x00', exclude_categories=["Cs"]), max_size=12),
)
ATTRIBUTES = st.sampled_from(
    [
        "",
        ' xml:lang="fi"',
        ' xml:lang="x-none"',
        ' language="eng"',
        ' format="image/png"',
        ' type="issn"',
        ' scheme="x"',
        ' tag="245" ind1="1"',
        ' tag="700"',
        ' tag="856" ind2="2"',
        ' tag="880"',
        ' code="a"',
        ' code="u"',
        ' code="6"',
        ' titleType="Subtitle"',
        ' ref="https://example.org/r"',
        ' valueURI="https://example.org/v"',
        ' point="start"',
    ]
)


def trees(root: str, names: list[str]) -> st.SearchStrategy[str]:
    def element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.builds(
            lambda name, attribute, children: f"<{name}{attribute}>{''.join(children)}</{name}>",
            st.sampled_from(names), ATTRIBUTES, st.lists(inner, max_size=4),
        )  # fmt: skip

    nodes = st.recursive(TEXTS, element, max_leaves=20)
    return st.lists(element(nodes), max_size=6).map(lambda e: f"<{root}>{''.join(e)}</{root}>")


TREES = st.one_of(
    trees("dc", DC_NAMES),
    trees("lom", LOM_NAMES),
    trees("mods", MODS_NAMES),
    trees("record", MARC_NAMES),
    trees("resource", [*DATACITE_NAMES, "creators", "titles"]),
    trees("DIDL", DIDL_NAMES),
)

JSON_KEYS = st.sampled_from(
    [
        *jsonld_properties.PROPERTIES,
        "encoding",
        "caption",
        "contentUrl",
        "embedUrl",
        "@id",
        "@type",
        "@value",
        "@language",
        "@list",
        "prefLabel",
        "targetName",
        "alignmentType",
        "affiliation",
        "roleName",
        "suggestedMinAge",
        "en",
        "schema:name",
        "unheardOf",
    ]
)
JSON_VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        TEXTS,
        st.text(max_size=5),
        st.sampled_from(["Person", "Role", "#a", "LearningResource", "teaches"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(JSON_KEYS, inner, max_size=4)
    ),
    max_leaves=25,
)
JSON_NODES = st.dictionaries(JSON_KEYS, JSON_VALUES, max_size=8).map(
    lambda node: {"@type": "LearningResource", **node}
)
JSON_DOCUMENTS = st.one_of(
    JSON_NODES,
    JSON_VALUES,
    st.lists(JSON_NODES, max_size=3),
    st.builds(
        lambda nodes: {"@context": {"@language": "fi"}, "@graph": nodes},
        st.lists(JSON_NODES, max_size=3),
    ),
)
