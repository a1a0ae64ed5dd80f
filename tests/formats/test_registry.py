from pathlib import Path

import pytest

from oer.errors import UnknownFormat, UnreadableRecord
from oer.formats import FORMATS, format_by_namespace, format_for, read_payload
from tests.formats.tables import said

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"


@pytest.mark.parametrize("prefix", FORMATS)
def test_a_format_is_found_by_its_prefix_and_by_its_namespace(prefix):
    found = format_for(prefix)
    assert found.prefix == prefix
    assert format_by_namespace(found.namespace) is found


@pytest.mark.parametrize(
    ("uri", "prefix"),
    [
        ("http://ltsc.ieee.org/xsd/LOMv1p0", "lom"),
        ("http://ltsc.ieee.org/xsd/lomv1.0", "lom"),
        ("http://www.imsglobal.org/xsd/imsmd_rootv1p2p1", "imsmd"),
        ("http://www.imsglobal.org/xsd/imsmd_v1p2p4", "imsmd"),
        ("https://www.oerbw.de/hsoerlom", "lom"),
        ("http://purl.org/dc/terms/", "qdc"),
        ("http://worldcat.org/xmlschemas/qdc-1.0/", "qdc"),
        ("http://ns.nsdl.org/nsdl_dc_v1.02/", "qdc"),
        ("http://datacite.org/schema/kernel-3", "oai_datacite"),
        ("http://schema.datacite.org/oai/oai-1.0/", "oai_datacite"),
        ("http://namespace.openaire.eu/schema/oaire/", "oai_datacite"),
        ("https://schema.org/", "jsonld"),
        ("http://schema.org", "jsonld"),
        ("https://w3id.org/kim/amb/", "jsonld"),
    ],
)
def test_a_format_has_many_addresses(uri, prefix):
    assert format_by_namespace(uri).prefix == prefix


def test_an_unknown_format_is_answered_with_the_known_ones():
    with pytest.raises(UnknownFormat, match=r"'ead'\. Known: didl, imsmd, jsonld, lom"):
        format_for("ead")
    with pytest.raises(UnknownFormat, match=r"http://example\.org/x.*Known: .*oai_dc/"):
        format_by_namespace("http://example.org/x")


@pytest.mark.parametrize(
    "payload",
    [
        f'<o:dc xmlns:o="{OAI_DC}"><title>Fractions</title></o:dc>',
        "<dc><title>Fractions</title></dc>",
        '<dc xmlns="http://www.openarchives.org/OAI/2.0/"><title>Fractions</title></dc>',
        "<lom><general><title><string>Fractions</string></title></general></lom>",
        '<lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general><title><string>Fractions</string>'
        "</title></general></lom>",
        '<LOM xmlns="urn:some-profile"><general><title><langstring>Fractions</langstring></title>'
        "</general></LOM>",
        '<metadata xmlns="https://www.oerbw.de/hsoerlom"><lom><general><title><langstring>Fractions'
        "</langstring></title></general></lom></metadata>",
        "<mods><titleInfo><title>Fractions</title></titleInfo></mods>",
        '<record><datafield tag="245"><subfield code="a">Fractions</subfield></datafield></record>',
        "<resource><creators/><titles><title>Fractions</title></titles></resource>",
        "<qualifieddc><title>Fractions</title></qualifieddc>",
        '{"@type": "Course", "name": "Fractions"}',
        '[{"@type": "Course", "name": "Fractions"}]',
    ],
)
def test_a_payload_is_read_by_what_it_is_not_by_its_prefix(payload):
    assert [title.text for title in read_payload(payload.encode()).title] == ["Fractions"]


def test_a_payload_of_no_known_format_is_named():
    with pytest.raises(UnreadableRecord, match=r"\{urn:x\}ead\. Known: didl, imsmd"):
        read_payload(b'<ead xmlns="urn:x"/>')


def test_a_message_stays_short_whatever_a_provider_calls_its_elements():
    with pytest.raises(UnreadableRecord) as refusal:
        read_payload(b"<" + b"x" * 40_000 + b"/>")
    assert len(str(refusal.value)) < 400


@pytest.mark.parametrize("format_", FORMATS.values(), ids=FORMATS)
def test_every_format_refuses_what_it_is_not(format_):
    with pytest.raises(UnreadableRecord, match=r"the root element is html|Not JSON"):
        format_.read(b"<html><body>Log in</body></html>")


def test_an_empty_description_says_nothing():
    assert said(read_payload(b"<dc/>")) == {}
    assert said(read_payload(b"<lom/>")) == {}
    assert said(read_payload(b"<mods/>")) == {}
    assert said(read_payload(b"<qualifieddc/>")) == {}
    assert said(read_payload(b'{"@type": "LearningResource"}')) == {}


@pytest.mark.parametrize("prefix", FORMATS)
def test_every_format_is_described_in_the_documentation(prefix):
    format_ = FORMATS[prefix]
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith(f"| `{prefix}` |")]
    assert len(rows) == 1
    assert f"`{format_.namespace}`" in rows[0]
    assert all(f"`{family}" in rows[0] for family in format_.families)
    assert ("writes" in rows[0]) == (format_.write is not None)
