"""Reading qualified Dublin Core: every software has a root of its own for the same terms."""

import pytest

from oer.errors import UnreadableRecord
from oer.formats import qdc, read_payload
from oer.metadata.resource_metadata import (
    Alignment,
    Identifier,
    LangString,
    LicenseStatement,
    PartialDate,
    Relation,
    Term,
)
from tests.formats.tables import assert_reads

ASN = "http://purl.org/ASN/resources/S1"

CASES = {
    "the terms of DCMI, with their encoding schemes": (
        """<dcterms:alternative xml:lang="sv">Bråk</dcterms:alternative>
           <dcterms:educationLevel xsi:type="nsdl_dc:NSDLEdLevel">Grade 8</dcterms:educationLevel>
           <dcterms:audience xsi:type="nsdl_dc:NSDLAudience">Learner</dcterms:audience>
           <dcterms:issued>2021</dcterms:issued><dcterms:license>CC BY 4.0</dcterms:license>
           <dcterms:accessRights>Free access</dcterms:accessRights>
           <dc:subject type="ysa" lang="fi">murtoluvut</dc:subject>
           <dcterms:provenance>Esimerkkikoulu</dcterms:provenance>""",
        {
            "alternative": (LangString("Bråk", "sv"),),
            "educational_level": (Term("Grade 8", raw_scheme="nsdl_dc:NSDLEdLevel"),),
            "audience": (Term("Learner", raw_scheme="nsdl_dc:NSDLAudience"),),
            "issued": (PartialDate("2021"),),
            "license": (LicenseStatement("CC BY 4.0", element="dcterms:license"),),
            "access_rights": (Term("Free access"),),
            "keywords": (Term("murtoluvut", raw_scheme="ysa", language="fi"),),
            "description": (LangString("provenance: Esimerkkikoulu"),),
        },
    ),
    "a standard of learning is an alignment, any other standard a relation": (
        f"""<dcterms:conformsTo xsi:type="dcterms:URI">{ASN}</dcterms:conformsTo>
           <dcterms:conformsTo>https://www.w3.org/TR/WCAG21/</dcterms:conformsTo>""",
        {
            "alignment": (
                Alignment("other", Term(raw_id=ASN), target_url=ASN, raw_type="dcterms:conformsTo"),
            ),
            "relations": (
                Relation(
                    "relation",
                    "https://www.w3.org/TR/WCAG21/",
                    raw="https://www.w3.org/TR/WCAG21/",
                    raw_kind="dcterms:conformsTo",
                ),
            ),
        },
    ),
    "addresses of the Europeana Data Model in an aggregator's record": (
        """<edm:isShownAt>https://example.org/1</edm:isShownAt>
           <edm:preview>https://example.org/1.jpg</edm:preview><edm:preview>none</edm:preview>
           <edm:rights>http://rightsstatements.org/vocab/InC/1.0/</edm:rights>""",
        {
            "identifiers": (Identifier("https://example.org/1", "url"),),
            "thumbnail": "https://example.org/1.jpg",
            "description": (LangString("preview: none"),),
            "license": (
                LicenseStatement("http://rightsstatements.org/vocab/InC/1.0/", element="dc:rights"),
            ),
        },
    ),
}


@pytest.mark.parametrize(("inside", "expected"), CASES.values(), ids=CASES)
def test_what_a_record_says(inside, expected):
    assert_reads(qdc.read(record("qdc:qualifieddc", inside)), expected)


@pytest.mark.parametrize(
    "root",
    [
        "qdc:qualifieddc",
        "qualifieddc",
        "oclc:qualifieddc",
        "nsdl_dc:nsdl_dc",
        "dcterms:dcterms",
        "x:oai_dcterms",
        "x:metadata",
    ],
)
def test_the_roots_of_every_software_are_known(root):
    metadata = read_payload(record(root, "<dc:title>Fractions</dc:title>"))
    assert metadata.title == (LangString("Fractions"),)


def test_metadata_of_something_else_is_not_dublin_core():
    with pytest.raises(UnreadableRecord, match="Not qualified Dublin Core"):
        qdc.read(b"<metadata><title>Fractions</title></metadata>")


def record(root: str, inside: str) -> bytes:
    return f"""<{root} xmlns:qdc="http://dspace.org/qualifieddc/" xmlns:x="urn:x"
        xmlns:oclc="http://worldcat.org/xmlschemas/qdc-1.0/"
        xmlns:nsdl_dc="http://ns.nsdl.org/nsdl_dc_v1.02/"
        xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
        xmlns:edm="http://www.europeana.eu/schemas/edm/"
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{inside}</{root}>""".encode()
