from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from oer.formats import oai_dc
from oer.metadata.resource_metadata import (
    Agent,
    Identifier,
    LangString,
    LicenseStatement,
    Material,
    PartialDate,
    Relation,
    ResourceMetadata,
    Term,
)
from tests.shared_data import shared_data

BY = "https://creativecommons.org/licenses/by/4.0/"

WORKSHEET = ResourceMetadata(
    title=(LangString("Murtoluvut", "fi"), LangString("Bråktal", "sv")),
    alternative=(LangString("Fractions", "en"),),
    description=(LangString("Tehtäviä murtoluvuista.", "fi"),),
    creator=(Agent("Aalto, Aino"),),
    contributor=(Agent("Esimerkkikoulu"),),
    publisher=(Agent("Kustantamo"),),
    about=(Term("murtoluvut", raw_id="http://www.yso.fi/onto/yso/p1"),),
    keywords=(Term("laskeminen", language="fi"),),
    learning_resource_type=(Term(id="type:worksheet", basis="curated"),),
    language=(Term("suomi", id="fi", basis="mapped"),),
    created=(PartialDate("2019", "2019"),),
    issued=(PartialDate("1.5.2020", "2020-05-01", "mapped"),),
    coverage=(LangString("Suomi", "fi"),),
    license=(
        LicenseStatement("CCBY4.0", element="dc:rights", uri=BY, family="cc-by", basis="mapped"),
        LicenseStatement("© Aino Aalto", language="fi"),
        LicenseStatement("CC0", scope="metadata"),
    ),
    access_rights=(Term("OpenAccess"),),
    landing_page="https://example.org/oer/1",
    identifiers=(
        Identifier("10.5072/abc", "doi"),
        Identifier("https://example.org/oer/1", "url"),
        Identifier("urn:nbn:fi:example-1", "urn"),
    ),
    materials=(Material("https://example.org/1.pdf", media_type="application/pdf"),),
    relations=(
        Relation("is_based_on", url="https://example.org/0"),
        Relation("relation", raw="Vol. 3", raw_kind="dc:source"),
    ),
)


def test_a_description_is_written_in_the_fifteen_elements():
    assert elements(oai_dc.write(WORKSHEET)) == [
        ("title", "fi", "Murtoluvut"),
        ("title", "sv", "Bråktal"),
        ("title", "en", "Fractions"),
        ("description", "fi", "Tehtäviä murtoluvuista."),
        ("coverage", "fi", "Suomi"),
        ("creator", None, "Aalto, Aino"),
        ("contributor", None, "Esimerkkikoulu"),
        ("publisher", None, "Kustantamo"),
        ("subject", None, "murtoluvut"),
        ("subject", "fi", "laskeminen"),
        ("type", "en", "Worksheet"),
        ("language", None, "fi"),
        ("date", None, "2020-05-01"),
        ("identifier", None, "https://example.org/oer/1"),
        ("identifier", None, "https://doi.org/10.5072/abc"),
        ("identifier", None, "urn:nbn:fi:example-1"),
        ("format", None, "application/pdf"),
        ("relation", None, "https://example.org/0"),
        ("source", None, "Vol. 3"),
        ("rights", None, BY),
        ("rights", None, "CCBY4.0"),
        ("rights", "fi", "© Aino Aalto"),
        ("rights", None, "OpenAccess"),
    ]


def test_what_is_written_is_valid():
    schema = oai_dc_schema()
    schema.assertValid(etree.fromstring(oai_dc.write(WORKSHEET)))
    schema.assertValid(etree.fromstring(oai_dc.write(ResourceMetadata())))


def test_a_language_that_xml_cannot_carry_is_left_out():
    metadata = ResourceMetadata(title=(LangString("Fractions", None, "English (US)"),))
    assert elements(oai_dc.write(metadata)) == [("title", None, "Fractions")]


def test_characters_that_xml_cannot_carry_never_break_the_record():
    metadata = ResourceMetadata(title=(LangString("Frac\x0btions\x00 \ud800<&>]]>"),))
    assert elements(oai_dc.write(metadata)) == [("title", None, "Fractions <&>]]>")]


TEXT = st.text(max_size=20).filter(lambda text: oai_dc.legal(text).strip())
LANGUAGES = st.sampled_from([None, "fi", "sv", "en-GB", "zh-Hans"])
STRINGS = st.lists(st.builds(LangString, TEXT, LANGUAGES), max_size=3, unique=True).map(tuple)
DESCRIPTIONS = st.builds(
    ResourceMetadata,
    title=STRINGS,
    description=STRINGS,
    creator=st.lists(st.builds(Agent, TEXT), max_size=3, unique=True).map(tuple),
    language=st.lists(
        st.builds(Term, TEXT, st.sampled_from(["fi", "sv", "se", "en"])), max_size=3
    ).map(tuple),
    license=st.lists(
        st.builds(
            LicenseStatement, TEXT, uri=st.sampled_from([None, BY, BY.replace("by", "by-sa")])
        ),
        max_size=3,
    ).map(tuple),
)


@settings(max_examples=200, deadline=None)
@given(DESCRIPTIONS)
def test_what_was_written_reads_back(metadata):
    back = oai_dc.read(oai_dc.write(metadata))
    assert back.title == as_xml_carries(metadata.title)
    assert back.description == as_xml_carries(metadata.description)
    names = (oai_dc.legal(agent.name).strip() for agent in metadata.creator)
    assert [agent.name for agent in back.creator] == list(dict.fromkeys(names))
    assert [term.raw for term in back.language] == list(
        dict.fromkeys(term.id for term in metadata.language)
    )
    stated = {statement.raw for statement in back.license}
    assert {each.uri for each in metadata.license if each.uri} <= stated
    assert {oai_dc.legal(each.raw).strip() for each in metadata.license} <= stated


def as_xml_carries(strings: tuple[LangString, ...]) -> tuple[LangString, ...]:
    carried = (LangString(oai_dc.legal(each.text).strip(), each.language) for each in strings)
    return tuple(dict.fromkeys(carried))


def elements(payload: bytes) -> list[tuple[str, str | None, str | None]]:
    return [
        (etree.QName(child).localname, child.get(oai_dc.XML_LANG), child.text)
        for child in etree.fromstring(payload)
    ]


def oai_dc_schema() -> etree.XMLSchema:
    """The schema of the Open Archives Initiative, put together without the network."""
    folder = shared_data("xsd")
    parser = etree.XMLParser(no_network=True)
    return etree.XMLSchema(etree.parse(folder / "oai_dc.xsd", parser))
