"""Reading DIDL: a description, files and pages in one container."""

import pytest

from oer.errors import UnreadableRecord
from oer.formats import didl, read_payload
from oer.metadata.resource_metadata import Identifier, LangString, Material, Term
from tests.formats.tables import assert_reads

OPEN = "http://purl.org/eprint/accessRights/OpenAccess"
MODS = (
    '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>Breuken</title></titleInfo></mods>'
)


def item(kind: str, *resources: str, says: str = "") -> str:
    components = "".join(f"<d:Component>{resource}</d:Component>" for resource in resources)
    return (
        f'<d:Item><d:Descriptor><d:Statement><rdf:type rdf:resource="{kind}"/></d:Statement>'
        f"</d:Descriptor>{says}{components}</d:Item>"
    )


def says(inside: str) -> str:
    return f"<d:Descriptor><d:Statement>{inside}</d:Statement></d:Descriptor>"


def resource(ref: str, media_type: str = "") -> str:
    return f'<d:Resource ref="{ref}" mimeType="{media_type}"/>'


DESCRIPTION = item("info:eu-repo/semantics/descriptiveMetadata", f"<d:Resource>{MODS}</d:Resource>")

CASES = {
    "files with their media types and access rights, and the page for people": (
        says("<dii:Identifier>URN:NBN:NL:UI:10-1</dii:Identifier>")
        + says("<dcterms:modified>2016-12-12</dcterms:modified>")
        + "<d:Component><d:Resource>https://example.org/1</d:Resource></d:Component>"
        + DESCRIPTION
        + item(
            "info:eu-repo/semantics/objectFile",
            resource("https://example.org/a.pdf", "application/pdf"),
            says=says(f"<dcterms:accessRights>{OPEN}</dcterms:accessRights>")
            + says('<dc:description xml:lang="nl">Hoofdtekst</dc:description>'),
        )
        + item(
            "info:eu-repo/semantics/objectFile",
            resource("https://example.org/b.zip"),
            resource("not an address"),
            says=says('<dcterms:accessRights rdf:resource="urn:closed"/>'),
        )
        + item("info:eu-repo/semantics/humanStartPage", resource("https://example.org/page")),
        {
            "title": (LangString("Breuken"),),
            "identifiers": (
                Identifier("URN:NBN:NL:UI:10-1"),
                Identifier("https://example.org/1", "url"),
            ),
            "materials": (
                Material(
                    "https://example.org/a.pdf",
                    (LangString("Hoofdtekst", "nl"),),
                    raw_media_type="application/pdf",
                    access_rights=Term(raw_id=OPEN),
                ),
                Material("https://example.org/b.zip", access_rights=Term(raw_id="urn:closed")),
            ),
            "landing_page": "https://example.org/page",
        },
    ),
    "a file without access rights of its own is not thereby open": (
        says("<dcterms:accessRights>openAccess</dcterms:accessRights>")
        + DESCRIPTION
        + item("info:eu-repo/semantics/objectFile", resource("https://example.org/c")),
        {
            "title": (LangString("Breuken"),),
            "access_rights": (Term("openAccess"),),
            "materials": (Material("https://example.org/c"),),
        },
    ),
    "Dublin Core where there is no MODS; older records call the kind an object type": (
        "<d:Item><d:Component><d:Resource><oai_dc:dc><dc:title>Breuken</dc:title></oai_dc:dc>"
        "</d:Resource></d:Component></d:Item><d:Item>"
        + says("<dip:ObjectType>info:eu-repo/semantics/objectFile</dip:ObjectType>")
        + f"<d:Component>{resource('https://example.org/d', 'text/html')}</d:Component></d:Item>",
        {
            "title": (LangString("Breuken"),),
            "materials": (Material("https://example.org/d", raw_media_type="text/html"),),
        },
    ),
}


@pytest.mark.parametrize(("inside", "expected"), CASES.values(), ids=CASES)
def test_what_a_container_says(inside, expected):
    assert_reads(didl.read(container(inside)), expected)


def test_a_container_without_a_description_describes_nothing():
    with pytest.raises(UnreadableRecord, match="without MODS or Dublin Core"):
        didl.read(container(""))


def test_mods_inside_a_container_is_found_by_the_container():
    assert read_payload(container(DESCRIPTION)).title == (LangString("Breuken"),)


def container(inside: str) -> bytes:
    return f"""<d:DIDL xmlns:d="urn:mpeg:mpeg21:2002:02-DIDL-NS"
        xmlns:dii="urn:mpeg:mpeg21:2002:01-DII-NS" xmlns:dip="urn:mpeg:mpeg21:2005:01-DIP-NS"
        xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
        xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
        xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><d:Item>{inside}</d:Item>
        </d:DIDL>""".encode()
