"""Reading Dublin Core: what stands in a record, and what it must become."""

import pytest

from oer.formats import oai_dc
from oer.formats.lrmi_fi import yso_uri
from oer.metadata.resource_metadata import (
    Agent,
    AgeRange,
    Alignment,
    Duration,
    Flag,
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

YSO = "http://www.yso.fi/onto/yso/"

CASES = {
    "titles and descriptions with their languages": (
        """<dc:title xml:lang="fi">Murtoluvut</dc:title><dc:title xml:lang="SV">Bråktal</dc:title>
           <dc:title> Fractions </dc:title><dc:description xml:lang="x-none">Half</dc:description>
           <dc:description lang="eng">Third</dc:description><dc:title/><dc:title>  </dc:title>""",
        {
            "title": (
                LangString("Murtoluvut", "fi"),
                LangString("Bråktal", "sv", "SV"),
                LangString("Fractions"),
            ),
            "description": (LangString("Half"), LangString("Third", None, "eng")),
        },
    ),
    "the same text twice is one, in two languages it is two": (
        """<dc:title xml:lang="fi">Atlas</dc:title><dc:title xml:lang="fi">Atlas</dc:title>
           <dc:title xml:lang="sv">Atlas</dc:title>""",
        {"title": (LangString("Atlas", "fi"), LangString("Atlas", "sv"))},
    ),
    "markup inside an element is read as its text": (
        "<dc:description>A <b>bold</b> claim</dc:description>",
        {"description": (LangString("A bold claim"),)},
    ),
    "names as given, of whom Dublin Core does not say what they are": (
        """<dc:creator>Aalto, Aino</dc:creator><dc:creator>Esimerkkikoulu</dc:creator>
           <dc:contributor>Prof. B. Berg</dc:contributor><dc:publisher>Kustantamo</dc:publisher>
           <dcterms:rightsHolder>Aino Aalto</dcterms:rightsHolder>""",
        {
            "creator": (Agent("Aalto, Aino"), Agent("Esimerkkikoulu")),
            "contributor": (Agent("Prof. B. Berg"),),
            "publisher": (Agent("Kustantamo"),),
            "rights_holder": (Agent("Aino Aalto"),),
        },
    ),
    "subjects one per element, a list only where it clearly is one": (
        """<dc:subject>Mathematics, applied</dc:subject>
           <dc:subject>610 Medical sciences; Medicine</dc:subject>
           <dc:subject>energy; climate ; heat pumps;</dc:subject>
           <dc:subject>R&amp;amp;D; a; b</dc:subject>
           <dc:subject xml:lang="fi" xsi:type="dcterms:YSO">murtoluvut</dc:subject>
           <dc:subject scheme="YSO">http://www.yso.fi/onto/yso/p1</dc:subject>""",
        {
            "keywords": (
                Term("Mathematics, applied"),
                Term("610 Medical sciences; Medicine"),
                Term("energy"),
                Term("climate"),
                Term("heat pumps"),
                Term("R&amp;D; a; b"),
                Term("murtoluvut", raw_scheme="dcterms:YSO", language="fi"),
                Term(raw_id=YSO + "p1", raw_scheme="YSO"),
            )
        },
    ),
    "a semicolon within long text makes no list": (
        f"<dc:subject>a; b; {'long ' * 20}</dc:subject>",
        {"keywords": (Term(f"a; b; {'long ' * 20}".strip()),)},
    ),
    "a date is only called what the record calls it": (
        """<dc:date>2015-10-22T08:04:27Z</dc:date><dc:date>2015</dc:date>
           <dcterms:issued>[2014]</dcterms:issued><dcterms:created>2013</dcterms:created>
           <dcterms:modified>2016</dcterms:modified><dc:valid>2030-01-01</dc:valid>
           <dcterms:available>2017</dcterms:available>""",
        {
            "date": (
                PartialDate("2015-10-22T08:04:27Z"),
                PartialDate("2015"),
                PartialDate("2017"),
            ),
            "issued": (PartialDate("[2014]"),),
            "created": (PartialDate("2013"),),
            "modified": (PartialDate("2016"),),
            "valid_until": (PartialDate("2030-01-01"),),
        },
    ),
    "types and languages by label or by address": (
        """<dc:type>Thesis</dc:type><dc:type>http://purl.org/coar/resource_type/c_46ec</dc:type>
           <dc:type>info:eu-repo/semantics/bookPart</dc:type>
           <rdf:type rdf:resource="http://purl.org/ontology/bibo/Article"/>
           <dc:language>en_US</dc:language>
           <dc:language xsi:type="dcterms:ISO639-2">fin</dc:language>""",
        {
            "learning_resource_type": (
                Term("Thesis"),
                Term(raw_id="http://purl.org/coar/resource_type/c_46ec"),
                Term("info:eu-repo/semantics/bookPart"),
                Term(raw_id="http://purl.org/ontology/bibo/Article"),
            ),
            "language": (Term("en_US"), Term("fin", raw_scheme="dcterms:ISO639-2")),
        },
    ),
    "one media type and one size are of one file": (
        "<dc:format>12345 bytes</dc:format><dc:format>application/pdf</dc:format>",
        {"materials": (Material(raw_media_type="application/pdf", size=Size("12345 bytes")),)},
    ),
    "of several formats nobody says whose size it is": (
        """<dc:format>application/pdf</dc:format><dc:format>text/html</dc:format>
           <dcterms:extent>1.2 MB</dcterms:extent><dc:format>PDF</dc:format>""",
        {
            "materials": (
                Material(raw_media_type="application/pdf"),
                Material(raw_media_type="text/html"),
                Material(size=Size("1.2 MB")),
                Material(raw_media_type="PDF"),
            )
        },
    ),
    "a length of time is a duration": (
        """<dc:format>PT45M</dc:format><dcterms:extent>00:31:33</dcterms:extent>
           <dcterms:extent>45 min</dcterms:extent>""",
        {"duration": (Duration("PT45M"), Duration("00:31:33"), Duration("45 min"))},
    ),
    "every statement of rights is kept with its element": (
        """<dc:rights>https://creativecommons.org/licenses/by/4.0/</dc:rights>
           <dc:rights xml:lang="en">All welcome</dc:rights>
           <dcterms:license>CC BY 4.0</dcterms:license>
           <dcterms:accessRights>openAccess</dcterms:accessRights>""",
        {
            "license": (
                LicenseStatement(
                    "https://creativecommons.org/licenses/by/4.0/", element="dc:rights"
                ),
                LicenseStatement("All welcome", element="dc:rights", language="en"),
                LicenseStatement("CC BY 4.0", element="dcterms:license"),
            ),
            "access_rights": (Term("openAccess"),),
        },
    ),
    "identifiers as given; the landing page is chosen later": (
        """<dc:identifier>https://example.org/1</dc:identifier>
           <dc:identifier>doi:10.5072/abc</dc:identifier>
           <dc:identifier type="issn">2432-0000</dc:identifier>
           <dc:identifier type="citation">Aalto, A. (2020). Murtoluvut.</dc:identifier>
           <dcterms:bibliographicCitation>Aalto 2020</dcterms:bibliographicCitation>""",
        {
            "identifiers": (
                Identifier("https://example.org/1", "url"),
                Identifier("doi:10.5072/abc"),
                Identifier("2432-0000", "issn"),
            ),
            "bibliographic_citation": "Aalto, A. (2020). Murtoluvut.; Aalto 2020",
        },
    ),
    "relations of every kind; dc:source is mostly a journal, so it says no more than related": (
        """<dc:relation>doi:10.5072/x</dc:relation><dc:source>Journal of Examples 3</dc:source>
           <dcterms:isPartOf rdf:resource="urn:ISSN:1234-5678"/>
           <dcterms:hasPart>https://example.org/2</dcterms:hasPart>
           <dc:relation type="ispartofseries">Series 5:1</dc:relation>""",
        {
            "relations": (
                Relation("relation", raw="doi:10.5072/x"),
                Relation("relation", raw="Journal of Examples 3", raw_kind="dc:source"),
                Relation("is_part_of", raw="urn:ISSN:1234-5678"),
                Relation("has_part", "https://example.org/2", raw="https://example.org/2"),
                Relation("relation", raw="Series 5:1", raw_kind="ispartofseries"),
            )
        },
    ),
    "DCMI terms about learners, contents and places": (
        """<dcterms:audience>teachers</dcterms:audience>
           <dcterms:educationLevel>Grade 4</dcterms:educationLevel>
           <dcterms:instructionalMethod>Group work</dcterms:instructionalMethod>
           <dcterms:alternative>Halves</dcterms:alternative>
           <dcterms:abstract xml:lang="en">On halves.</dcterms:abstract>
           <dcterms:tableOfContents>1. Halves</dcterms:tableOfContents>
           <dc:coverage>Hämeenlinna</dc:coverage><dcterms:temporal>1901–1910</dcterms:temporal>""",
        {
            "audience": (Term("teachers"),),
            "educational_level": (Term("Grade 4"),),
            "educational_use": (Term("Group work"),),
            "alternative": (LangString("Halves"),),
            "description": (LangString("On halves.", "en"),),
            "table_of_contents": (LangString("1. Halves"),),
            "coverage": (LangString("Hämeenlinna"), LangString("1901–1910")),
        },
    ),
    "an ISSN numbers the journal, and volumes belong to the citation": (
        """<bibo:issn>1234-5678</bibo:issn><bibo:volume>5</bibo:volume><bibo:pages>1-9</bibo:pages>
           <bibo:uri>https://example.org/3</bibo:uri>""",
        {
            "relations": (
                Relation(
                    "is_part_of",
                    identifiers=(Identifier("1234-5678", "issn"),),
                    raw="1234-5678",
                    raw_kind="bibo:issn",
                ),
            ),
            "bibliographic_citation": "volume 5; pages 1-9",
            "identifiers": (Identifier("https://example.org/3", "url"),),
        },
    ),
    "what nobody knows is kept under its name; an aggregator's number is not": (
        """<dc:status xml:lang="en">Item is not available</dc:status><x>https://example.org/4</x>
           <recordID>17</recordID>""",
        {
            "description": (LangString("status: Item is not available", "en"),),
            "identifiers": (Identifier("https://example.org/4", "url"),),
        },
    ),
    "children of a wrong namespace or none go by their names": (
        """<title>Fractions</title><x:creator xmlns:x="urn:x">Aalto, Aino</x:creator>
           <dcterms:subject>halves</dcterms:subject>""",
        {
            "title": (LangString("Fractions"),),
            "creator": (Agent("Aalto, Aino"),),
            "keywords": (Term("halves"),),
        },
    ),
    "aoe.fi: a picture among the descriptions": (
        """<dc:description format="image/png">https://example.org/t.png</dc:description>
           <dc:description format="image/png">https://example.org/u.png</dc:description>
           <dc:description format="image/png">no picture</dc:description>""",
        {
            "thumbnail": "https://example.org/t.png",
            "materials": (Material("https://example.org/u.png", raw_media_type="image/png"),),
            "description": (LangString("no picture"),),
        },
    ),
    "aoe.fi: persons, their organisations, and organisations": (
        """<l:author><l:person><l:name>Aalto, Aino</l:name>
           <l:affiliation>Esimerkkikoulu</l:affiliation>
           </l:person><l:person><l:name>Berg, Bo</l:name></l:person></l:author>
           <l:author><l:organization><l:legalName>Mallikunta</l:legalName></l:organization>
           </l:author>
           <l:author>Ceder, Cia</l:author>""",
        {
            "creator": (
                Agent("Aalto, Aino", "person", affiliation=("Esimerkkikoulu",)),
                Agent("Berg, Bo", "person"),
                Agent("Mallikunta", "organization"),
                Agent("Ceder, Cia"),
            )
        },
    ),
    "aoe.fi: concepts by their YSO address, tags as keywords": (
        """<l:about><l:thing><l:name>murtoluvut</l:name>
           <l:identifier>https://www.yso.fi/onto/yso/p1</l:identifier></l:thing></l:about>
           <l:about><l:thing><l:name>käsityöt</l:name>
           <l:identifier>https:http://www.yso.fi/onto/yso/p4923</l:identifier></l:thing></l:about>
           <l:about><l:thing><l:name>oma avainsana</l:name>
           <l:identifier>https:omaavainsana</l:identifier></l:thing></l:about>
           <l:about>vapaa</l:about>""",
        {
            "about": (
                Term("murtoluvut", raw_id=YSO + "p1"),
                Term("käsityöt", raw_id=YSO + "p4923"),
            ),
            "keywords": (Term("oma avainsana"), Term("vapaa")),
        },
    ),
    "aoe.fi: materials, with a PDF copy": (
        """<l:material><l:name xml:lang="fi">Ohje</l:name><l:name xml:lang="sv">Anvisning</l:name>
           <l:url>https://example.org/o.docx</l:url>
           <l:url format="application/pdf">https://example.org/o.pdf</l:url>
           <l:position>0</l:position><l:format>application/msword</l:format>
           <l:filesize>31820850</l:filesize><l:inLanguage>fi</l:inLanguage></l:material>""",
        {
            "materials": (
                Material(
                    "https://example.org/o.docx",
                    (LangString("Ohje", "fi"), LangString("Anvisning", "sv")),
                    raw_media_type="application/msword",
                    size=Size("31820850"),
                    language=(Term("fi"),),
                ),
                Material(
                    "https://example.org/o.pdf",
                    (LangString("Ohje", "fi"), LangString("Anvisning", "sv")),
                    raw_media_type="application/pdf",
                    language=(Term("fi"),),
                ),
            )
        },
    ),
    "aoe.fi: for whom and for what": (
        """<l:educationalAudience><l:educationalRole>Opettaja</l:educationalRole>
           </l:educationalAudience><l:accessibilityFeature>tekstitys</l:accessibilityFeature>
           <l:accessibilityHazard>välkkyminen</l:accessibilityHazard><l:inLanguage>fi</l:inLanguage>
           <l:timeRequired>2 tuntia</l:timeRequired><l:dateCreated>2022-05-11</l:dateCreated>
           <l:dateModified>2022-05-12</l:dateModified><l:typicalAgeRange>7-9</l:typicalAgeRange>
           <l:isAccessibleForFree>true</l:isAccessibleForFree>
           <l:learningResource><l:educationalLevel>esiopetus</l:educationalLevel>
           <l:educationalUse>Kurssimateriaali</l:educationalUse>
           <l:educationalAlignment><l:educationalSubject>Käsityö</l:educationalSubject>
           <l:educationalSubject>Kuvataide</l:educationalSubject>
           <l:educationalFramework>2014, 2016</l:educationalFramework></l:educationalAlignment>
           <l:teaches>T1 rohkaista</l:teaches></l:learningResource>""",
        {
            "audience": (Term("Opettaja"),),
            "accessibility_feature": (Term("tekstitys"),),
            "accessibility_hazard": (Term("välkkyminen"),),
            "language": (Term("fi"),),
            "time_required": (Duration("2 tuntia"),),
            "created": (PartialDate("2022-05-11"),),
            "modified": (PartialDate("2022-05-12"),),
            "typical_age_range": (AgeRange("7-9"),),
            "is_accessible_for_free": (Flag("true"),),
            "educational_level": (Term("esiopetus"),),
            "educational_use": (Term("Kurssimateriaali"),),
            "alignment": (
                Alignment("educational_subject", Term("Käsityö"), "2014, 2016"),
                Alignment("educational_subject", Term("Kuvataide"), "2014, 2016"),
                Alignment("teaches", Term("T1 rohkaista")),
            ),
        },
    ),
    "aoe.fi: what it is based on, and what it requires": (
        """<l:isBasedOn><l:url>https://example.org/0</l:url><l:name>Vanha ohje</l:name>
           <l:author>Dahl, D.</l:author></l:isBasedOn>
           <l:alignmentObject><l:alignmentType>requires</l:alignmentType>
           <l:targetName>Laskutaito</l:targetName><l:targetUrl>https://example.org/t</l:targetUrl>
           <l:educationalFramework>OPS</l:educationalFramework></l:alignmentObject>
           <l:alignmentObject><l:alignmentType>inspires</l:alignmentType>
           <l:targetName>Luovuus</l:targetName></l:alignmentObject>""",
        {
            "relations": (
                Relation(
                    "is_based_on",
                    "https://example.org/0",
                    title=(LangString("Vanha ohje"),),
                    creator=(Agent("Dahl, D."),),
                ),
            ),
            "alignment": (
                Alignment(
                    "requires",
                    Term("Laskutaito", raw_id="https://example.org/t"),
                    "OPS",
                    "https://example.org/t",
                    raw_type="requires",
                ),
                Alignment("other", Term("Luovuus"), raw_type="inspires"),
            ),
        },
    ),
}


@pytest.mark.parametrize(("children", "expected"), CASES.values(), ids=CASES)
def test_a_record_reads_as(children, expected):
    assert_reads(oai_dc.read(document(children)), expected)


def test_the_language_of_the_root_holds_for_what_stands_within():
    payload = b'<dc xml:lang="sv"><title>Atlas</title><title xml:lang="fi">Kartasto</title></dc>'
    title = (LangString("Atlas", "sv"), LangString("Kartasto", "fi"))
    assert_reads(oai_dc.read(payload), {"title": title})


@pytest.mark.parametrize(
    ("stated", "uri"),
    [
        ("https://www.yso.fi/onto/yso/p4923", YSO + "p4923"),
        ("https:http://www.yso.fi/onto/yso/p4923", YSO + "p4923"),
        ("https:https://www.yso.fi/onto/yso/p4923", YSO + "p4923"),
        ("http://yso.fi/onto/koko/p1", "http://www.yso.fi/onto/koko/p1"),
        ("https:yso.fi/onto/yso/p1", None),
        ("https://www.yso.fi/onto/yso/", None),
        ("https://example.org/?u=http://www.yso.fi/onto/yso/p1", None),
        ("https:yso", None),
    ],
)
def test_a_yso_address_is_mended_only_where_it_is_unmistakable(stated, uri):
    assert yso_uri(stated) == uri


def document(children: str) -> bytes:
    return f"""<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
        xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
        xmlns:bibo="http://purl.org/ontology/bibo/"
        xmlns:l="http://dublincore.org/dcx/lrmi-terms/1.1/"
        xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{children}</oai_dc:dc>""".encode()
