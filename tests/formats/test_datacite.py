"""Reading DataCite, bare, in its OAI-PMH wrapper, and as OpenAIRE uses it."""

import pytest

from oer.errors import UnreadableRecord
from oer.formats import datacite, read_payload
from oer.metadata.resource_metadata import (
    Agent,
    Duration,
    Identifier,
    LangString,
    LicenseStatement,
    Material,
    PartialDate,
    Relation,
    Size,
    Term,
)
from tests.formats.tables import assert_reads

BY = "https://creativecommons.org/licenses/by/4.0/"
KINDS = "datacite:contributorType"
GENERAL = "datacite:resourceTypeGeneral"

CASES = {
    "a subtitle completes the title of its language; other kinds are alternatives": (
        """<titles><title xml:lang="fi">Murtoluvut</title><title xml:lang="en">Fractions</title>
           <title titleType="Subtitle" xml:lang="en">from halves on</title>
           <title titleType="Subtitle" xml:lang="sv">ensam</title>
           <title titleType="TranslatedTitle" xml:lang="sv">Bråk</title>
           <title titleType="AlternativeTitle">Halves</title></titles>""",
        {
            "title": (
                LangString("Murtoluvut", "fi"),
                LangString("Fractions: from halves on", "en"),
            ),
            "alternative": (
                LangString("Bråk", "sv"),
                LangString("Halves"),
                LangString("ensam", "sv"),
            ),
        },
    ),
    "creators, with their names as they are spoken": (
        """<creators><creator><creatorName nameType="Personal">Aalto, Aino</creatorName>
           <givenName>Aino</givenName><familyName>Aalto</familyName>
           <nameIdentifier nameIdentifierScheme="ORCID">0000-0002-1825-0097</nameIdentifier>
           <affiliation>Mallikunta</affiliation></creator>
           <creator><creatorName nameType="Organizational">Koulu</creatorName></creator>
           <creator><creatorName>Berg, Bo</creatorName><nameIdentifier/></creator>
           <creator><creatorName>Dahl, Dan</creatorName><creatorName>Ek, Eva</creatorName>
           <givenName>Dan</givenName></creator><creator><creatorName/></creator></creators>""",
        {
            "creator": (
                Agent(
                    "Aino Aalto",
                    "person",
                    given_name="Aino",
                    family_name="Aalto",
                    affiliation=("Mallikunta",),
                    identifiers=(Identifier("0000-0002-1825-0097", "orcid"),),
                    raw="Aalto, Aino",
                ),
                Agent("Koulu", "organization"),
                Agent("Berg, Bo"),
                Agent("Dahl, Dan"),
                Agent("Ek, Eva"),
            )
        },
    ),
    "contributors by their types, publishers and funders with their numbers": (
        """<contributors><contributor contributorType="Editor"><contributorName>Berg, Bo
           </contributorName></contributor><contributor contributorType="RightsHolder">
           <contributorName>Koulu</contributorName></contributor>
           <contributor contributorType="Other"><contributorName>Ek, Eva</contributorName>
           </contributor></contributors>
           <publisher publisherIdentifier="https://ror.org/00abcde00">Kustantamo</publisher>
           <fundingReferences><fundingReference><funderName>Säätiö</funderName>
           <funderIdentifier funderIdentifierType="ROR">00abcde00</funderIdentifier>
           <awardNumber>17</awardNumber></fundingReference></fundingReferences>""",
        {
            "contributor": (
                Agent("Berg, Bo", role=Term("Editor", raw_scheme=KINDS)),
                Agent("Ek, Eva"),
            ),
            "rights_holder": (Agent("Koulu"),),
            "publisher": (
                Agent("Kustantamo", identifiers=(Identifier("https://ror.org/00abcde00", "url"),)),
            ),
            "funder": (Agent("Säätiö", identifiers=(Identifier("00abcde00", "ror"),)),),
        },
    ),
    "dates by what happened on them; the year of publication only where nothing is more precise": (
        """<publicationYear>2023</publicationYear><dates><date dateType="Issued">2023-05-01</date>
           <date dateType="Created">2022</date><date dateType="Updated">2024</date>
           <date dateType="Collected">2021</date><date dateType="Coverage">1900/1950</date>
           <date dateType="Submitted"/></dates>""",
        {
            "issued": (PartialDate("2023-05-01"),),
            "created": (PartialDate("2022"),),
            "modified": (PartialDate("2024"),),
            "date": (PartialDate("2021"),),
            "coverage": (LangString("1900/1950"),),
        },
    ),
    "what is said to be unknown is not said": (
        """<titles><title>(:tba)</title></titles><publisher>(:unav)</publisher>
           <publicationYear>2020</publicationYear><identifier identifierType="DOI">(:null)
           </identifier><descriptions><description>(:unkn)</description></descriptions>""",
        {"issued": (PartialDate("2020"),)},
    ),
    "both types, the free and the general": (
        '<resourceType resourceTypeGeneral="Text">Workbook</resourceType>',
        {"learning_resource_type": (Term("Workbook"), Term("Text", raw_scheme=GENERAL))},
    ),
    "subjects with their schemes and codes": (
        """<subjects><subject subjectScheme="YSO" valueURI="http://www.yso.fi/onto/yso/p1"
           xml:lang="fi">murtoluvut</subject><subject
           subjectScheme="dewey" classificationCode="513">
           arithmetic</subject><subject>a; b; c</subject><subject/></subjects>""",
        {
            "keywords": (
                Term(
                    "murtoluvut",
                    raw_id="http://www.yso.fi/onto/yso/p1",
                    raw_scheme="YSO",
                    language="fi",
                ),
                Term("arithmetic", raw_id="513", raw_scheme="dewey"),
                Term("a"),
                Term("b"),
                Term("c"),
            )
        },
    ),
    "descriptions by their types; a break ends a line": (
        """<descriptions><description descriptionType="Abstract" xml:lang="en">One<br/>two
           </description><description descriptionType="TableOfContents">1. Halves</description>
           <description descriptionType="SeriesInformation">Sarja 5</description></descriptions>
           <language>fi</language><version>1.2</version>
           <geoLocations><geoLocation><geoLocationPlace>Vaasa</geoLocationPlace><geoLocationPoint>
           <pointLatitude>1</pointLatitude></geoLocationPoint></geoLocation></geoLocations>""",
        {
            "description": (LangString("One\ntwo", "en"),),
            "table_of_contents": (LangString("1. Halves"),),
            "relations": (Relation("is_part_of", raw="Sarja 5", raw_kind="SeriesInformation"),),
            "language": (Term("fi"),),
            "version": "1.2",
            "coverage": (LangString("Vaasa"),),
        },
    ),
    "identifiers and relations": (
        """<identifier identifierType="DOI">10.5072/abc</identifier><alternateIdentifiers>
           <alternateIdentifier alternateIdentifierType="citation">Aalto (2020)
           </alternateIdentifier><alternateIdentifier alternateIdentifierType="ISBN">
           978-951-0-00000-0</alternateIdentifier></alternateIdentifiers><relatedIdentifiers>
           <relatedIdentifier relatedIdentifierType="DOI" relationType="IsPartOf">10.5072/b
           </relatedIdentifier><relatedIdentifier relatedIdentifierType="URL"
           relationType="IsDocumentedBy">https://example.org/d</relatedIdentifier>
           </relatedIdentifiers><relatedItems><relatedItem relationType="IsPublishedIn"><titles>
           <title>Lehti</title></titles><creators><creator><creatorName>Berg, Bo</creatorName>
           </creator></creators><relatedItemIdentifier relatedItemIdentifierType="ISSN">1234-5678
           </relatedItemIdentifier><volume>8</volume></relatedItem></relatedItems>""",
        {
            "identifiers": (
                Identifier("10.5072/abc"),
                Identifier("978-951-0-00000-0", "isbn"),
            ),
            "bibliographic_citation": "Aalto (2020)",
            "relations": (
                Relation("is_part_of", identifiers=(Identifier("10.5072/b"),), raw_kind="IsPartOf"),
                Relation("relation", "https://example.org/d", raw_kind="IsDocumentedBy"),
                Relation(
                    "is_part_of",
                    identifiers=(Identifier("1234-5678", "issn"),),
                    title=(LangString("Lehti"),),
                    creator=(Agent("Berg, Bo"),),
                    raw="volume 8",
                    raw_kind="IsPublishedIn",
                ),
            ),
        },
    ),
    "rights with their address or their code": (
        f"""<rightsList><rights rightsURI="{BY}" xml:lang="en">CC BY</rights>
           <rights rightsIdentifier="CC0-1.0"/><rights>info:eu-repo/semantics/openAccess</rights>
           </rightsList>""",
        {
            "license": (
                LicenseStatement("CC BY", BY, element="datacite:rights", language="en"),
                LicenseStatement("CC0-1.0", element="datacite:rights"),
                LicenseStatement("info:eu-repo/semantics/openAccess", element="datacite:rights"),
            )
        },
    ),
    "one size and one format are of one file; a length of time is a duration": (
        """<sizes><size>1 MB</size><size>PT45M</size></sizes>
           <formats><format>application/pdf</format></formats>""",
        {
            "materials": (Material(raw_media_type="application/pdf", size=Size("1 MB")),),
            "duration": (Duration("PT45M"),),
        },
    ),
}


@pytest.mark.parametrize(("inside", "expected"), CASES.values(), ids=CASES)
def test_what_a_record_says(inside, expected):
    assert_reads(datacite.read(record(inside)), expected)


@pytest.mark.parametrize("kernel", ["kernel-2.2", "kernel-3", "kernel-4", "kernel-4.0"])
def test_every_kernel_reads_in_and_out_of_its_wrapper(kernel):
    bare = record("<titles><title>Fractions</title></titles>", kernel).decode()
    wrapped = f"""<oai_datacite xmlns="http://schema.datacite.org/oai/oai-1.1/">
        <schemaVersion>4</schemaVersion><payload>{bare}</payload></oai_datacite>"""
    for payload in (bare, wrapped):
        assert_reads(read_payload(payload.encode()), {"title": (LangString("Fractions"),)})


def test_openaire_adds_dublin_core_files_and_conditions():
    right = "http://purl.org/coar/access_right/c_abf2"
    kind = "http://purl.org/coar/resource_type/c_1843"
    payload = f"""<resource xmlns="http://namespace.openaire.eu/schema/oaire/"
        xmlns:datacite="http://datacite.org/schema/kernel-4"
        xmlns:dc="http://purl.org/dc/elements/1.1/">
        <datacite:titles><datacite:title xml:lang="fi">Murtoluvut</datacite:title></datacite:titles>
        <dc:publisher>Kustantamo</dc:publisher><dc:language>fin</dc:language>
        <dc:description>Puolikkaista</dc:description><dc:format>application/pdf</dc:format>
        <resourceType resourceTypeGeneral="other research product" uri="{kind}">other</resourceType>
        <datacite:rights rightsURI="{right}">open access</datacite:rights>
        <licenseCondition uri="{BY}">CC BY</licenseCondition>
        <file accessRightsURI="{right}" mimeType="application/pdf">https://example.org/a.pdf</file>
        <citationTitle>Lehti</citationTitle><citationVolume>8</citationVolume></resource>"""
    expected = {
        "title": (LangString("Murtoluvut", "fi"),),
        "publisher": (Agent("Kustantamo"),),
        "language": (Term("fin"),),
        "description": (LangString("Puolikkaista"),),
        "learning_resource_type": (
            Term("other", raw_id=kind),
            Term("other research product", raw_scheme=GENERAL),
        ),
        "access_rights": (Term("open access", raw_id=right),),
        "license": (LicenseStatement("CC BY", BY, element="datacite:licenseCondition"),),
        "materials": (
            Material(raw_media_type="application/pdf"),
            Material(
                "https://example.org/a.pdf",
                raw_media_type="application/pdf",
                access_rights=Term(raw_id=right),
            ),
        ),
        "bibliographic_citation": "Lehti; volume 8",
    }
    assert_reads(read_payload(payload.encode()), expected)


def test_a_resource_of_something_else_is_not_datacite():
    with pytest.raises(UnreadableRecord, match="Not DataCite: the root element is resource"):
        read_payload(b"<resource><title>Fractions</title></resource>")


def record(inside: str, kernel: str = "kernel-4") -> bytes:
    return f'<resource xmlns="http://datacite.org/schema/{kernel}">{inside}</resource>'.encode()
