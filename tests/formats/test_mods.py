"""Reading MODS: titles in pieces, names in roles, subjects under authority, addresses, rights."""

import pytest

from oer.errors import UnreadableRecord
from oer.formats import mods
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
AUT = "http://id.loc.gov/vocabulary/relators/ill"


def name(parts: str, *roles: str, attributes: str = 'type="personal"') -> str:
    terms = "".join(f"<role><roleTerm>{role}</roleTerm></role>" for role in roles)
    return f"<name {attributes}>{parts}{terms}</name>"


CASES = {
    "a title in pieces, and titles of other kinds": (
        """<titleInfo xml:lang="fr"><nonSort>L'</nonSort><title>arbre :</title>
           <subTitle>un manuel /</subTitle><partNumber>2</partNumber></titleInfo>
           <titleInfo lang="eng"><nonSort>The </nonSort><title>Tree</title></titleInfo>
           <titleInfo type="alternative"><title>Arbor</title></titleInfo>
           <titleInfo type="translated" xml:lang="fi"><title>Puu</title></titleInfo>
           <titleInfo><title/></titleInfo><titleInfo>Bare</titleInfo>""",
        {
            "title": (
                LangString("L'arbre: un manuel. 2", "fr"),
                LangString("The Tree", None, "eng"),
                LangString("Bare"),
            ),
            "alternative": (LangString("Arbor"), LangString("Puu", "fi")),
        },
    ),
    "the role decides where a name goes": (
        name("<namePart>Aalto, Aino,</namePart><namePart type='date'>1961-</namePart>", "author")
        + name("<namePart>Berg, Bo</namePart>", "cre", "thesis advisor")
        + name("<namePart>Kustantamo</namePart>", "publisher", attributes='type="corporate"')
        + name("<namePart>Säätiö</namePart>", "fnd", attributes="")
        + name("<namePart>Ceder, Cia</namePart>", attributes='usage="primary"')
        + name("<namePart>Dahl, Dan</namePart>")
        + name("<namePart/>", "author"),
        {
            "creator": (
                Agent("Aalto, Aino", "person"),
                Agent("Berg, Bo", "person"),
                Agent("Ceder, Cia"),
            ),
            "contributor": (
                Agent("Berg, Bo", "person", Term("thesis advisor")),
                Agent("Dahl, Dan", "person"),
            ),
            "publisher": (Agent("Kustantamo", "organization"),),
            "funder": (Agent("Säätiö"),),
        },
    ),
    "two terms in one role are one role; parts of a name make the name as it is spoken": (
        f"""<name type="personal" valueURI="https://orcid.org/0000-0002-1825-0097">
           <namePart type="family">Aalto</namePart><namePart type="given"> Aino</namePart>
           <namePart type="termsOfAddress">Dr.</namePart><affiliation>Mallikunta</affiliation>
           <nameIdentifier type="isni">0000 0001 2345 6789</nameIdentifier>
           <displayForm>Aino A.</displayForm><role>
           <roleTerm type="code" valueURI="{AUT}" authority="marcrelator">ill</roleTerm>
           <roleTerm type="text" authority="marcrelator">Illustrator</roleTerm></role></name>
           <name type="corporate"><namePart>Suomi.</namePart><namePart>Opetusministeriö.</namePart>
           <role><roleTerm type="code">aut</roleTerm></role></name>""",
        {
            "contributor": (
                Agent(
                    "Aino Aalto",
                    "person",
                    Term("Illustrator", raw_id=AUT, raw_scheme="marcrelator"),
                    "Aino",
                    "Aalto",
                    affiliation=("Mallikunta",),
                    identifiers=(
                        Identifier("0000 0001 2345 6789", "isni"),
                        Identifier("https://orcid.org/0000-0002-1825-0097", "url"),
                    ),
                    raw="Aino A., Dr.",
                ),
            ),
            "creator": (Agent("Suomi. Opetusministeriö", "organization"),),
        },
    ),
    "an e-mail address never passes": (
        name("<namePart>Aalto, Aino &lt;aino@example.org&gt;</namePart>", "author"),
        {"creator": (Agent("Aalto, Aino", "person"),)},
    ),
    "origin: what happened when, and who published it": (
        """<originInfo><place><placeTerm>Vaasa :</placeTerm></place>
           <publisher>Kustantamo ;</publisher><dateIssued>1975.</dateIssued>
           <dateCreated point="start">1967</dateCreated><dateCreated point="end">2007</dateCreated>
           <dateModified>2020</dateModified><copyrightDate>1976</copyrightDate>
           <edition>2. painos</edition><issuance>monographic</issuance></originInfo>""",
        {
            "publisher": (Agent("Kustantamo"),),
            "issued": (PartialDate("1975"),),
            "created": (PartialDate("1967/2007"),),
            "modified": (PartialDate("2020"),),
            "date": (PartialDate("1976"),),
            "version": "2. painos",
        },
    ),
    "a code and a text are one language; that of a summary is none of the resource": (
        """<language><languageTerm type="text">Finnish</languageTerm>
           <languageTerm type="code" authority="iso639-2b">fin</languageTerm></language>
           <language><languageTerm>Swedish</languageTerm></language><language>en</language>
           <language objectPart="summary"><languageTerm>German</languageTerm></language>""",
        {
            "language": (
                Term("fin", raw_scheme="iso639-2b"),
                Term("Swedish"),
                Term("en"),
            )
        },
    ),
    "types, texts, remarks and the learners": (
        """<typeOfResource>moving image</typeOfResource>
           <genre authority="aat" valueURI="http://vocab.getty.edu/aat/1">lesson plans</genre>
           <genre>info:eu-repo/semantics/lecture</genre>
           <abstract xml:lang="fi">Puolikas.</abstract><tableOfContents>1. Puolet</tableOfContents>
           <targetAudience authority="marctarget">juvenile</targetAudience><note>Plain</note>
           <note type="ownership">Library</note>
           <note type="preferred citation">Aalto (2020)</note><unheard>of</unheard>""",
        {
            "learning_resource_type": (
                Term("moving image"),
                Term("lesson plans", raw_id="http://vocab.getty.edu/aat/1", raw_scheme="aat"),
                Term("info:eu-repo/semantics/lecture"),
            ),
            "description": (
                LangString("Puolikas.", "fi"),
                LangString("Plain"),
                LangString("ownership: Library"),
                LangString("unheard: of"),
            ),
            "table_of_contents": (LangString("1. Puolet"),),
            "audience": (Term("juvenile", raw_scheme="marctarget"),),
            "bibliographic_citation": "Aalto (2020)",
        },
    ),
    "a subject under authority is one heading, without it each element is one": (
        """<subject authority="lcsh" valueURI="http://id.loc.gov/1"><topic>Fractions</topic>
           <geographic>Finland</geographic></subject>
           <subject><topic>halves</topic><topic valueURI="http://www.yso.fi/onto/yso/p1">thirds
           </topic><geographic>Vaasa</geographic><temporal>1900s</temporal></subject>
           <subject><hierarchicalGeographic><country>Suomi</country><city>Vaasa</city>
           </hierarchicalGeographic><cartographics><coordinates>1,2</coordinates></cartographics>
           </subject><subject><name><namePart>Aalto, Aino</namePart></name></subject>
           <subject>bare</subject><classification authority="udc">37</classification>""",
        {
            "keywords": (
                Term("Fractions -- Finland", raw_id="http://id.loc.gov/1", raw_scheme="lcsh"),
                Term("halves"),
                Term("thirds", raw_id="http://www.yso.fi/onto/yso/p1"),
                Term("Aalto, Aino"),
                Term("bare"),
            ),
            "coverage": (
                LangString("Vaasa"),
                LangString("1900s"),
                LangString("Suomi, Vaasa"),
            ),
            "about": (Term("37", raw_scheme="udc"),),
        },
    ),
    "one media type and one size are of one file; a form is of the print": (
        """<physicalDescription><internetMediaType>video/mp4</internetMediaType>
           <extent>12 MB</extent><extent>00:31:33</extent><note>Colour</note>
           <digitalOrigin>born digital</digitalOrigin></physicalDescription>""",
        {
            "materials": (Material(raw_media_type="video/mp4", size=Size("12 MB")),),
            "duration": (Duration("00:31:33"),),
            "description": (LangString("Colour"),),
        },
    ),
    "identifiers by their types; an invalid one is none": (
        """<identifier type="doi">10.5072/abc</identifier>
           <identifier type="hdl">1874/1</identifier>
           <identifier type="isbn">978-951-0-00000-0</identifier>
           <identifier type="local">MS 1</identifier>
           <identifier type="uri">https://example.org/1</identifier>
           <identifier type="isbn" invalid="yes">1</identifier><identifier/>""",
        {
            "identifiers": (
                Identifier("10.5072/abc"),
                Identifier("1874/1", "handle"),
                Identifier("978-951-0-00000-0", "isbn"),
                Identifier("MS 1", raw="local MS 1"),
                Identifier("https://example.org/1", "url"),
            )
        },
    ),
    "addresses by what they lead to": (
        """<location><physicalLocation>Shelf 3</physicalLocation>
           <url access="preview">https://example.org/t.jpg</url>
           <url access="raw object" displayLabel="Video">https://example.org/v.mp4</url>
           <url access="object in context">https://example.org/page</url>
           <url usage="primary display">https://example.org/other</url>
           <url>https://example.org/plain</url><url>urn:nbn:fi:1</url></location>""",
        {
            "thumbnail": "https://example.org/t.jpg",
            "materials": (Material("https://example.org/v.mp4", (LangString("Video"),)),),
            "landing_page": "https://example.org/page",
            "identifiers": (
                Identifier("https://example.org/page", "url"),
                Identifier("https://example.org/other", "url"),
                Identifier("https://example.org/plain", "url"),
                Identifier("urn:nbn:fi:1"),
            ),
        },
    ),
    "who may read it is not what one may do with it": (
        f"""<accessCondition type="restriction on access">On the premises</accessCondition>
           <accessCondition type="use and reproduction" xlink:href="{BY}" xml:lang="en">CC BY
           </accessCondition><accessCondition xlink:href="{BY}"/><accessCondition/>""",
        {
            "access_rights": (Term("On the premises"),),
            "license": (
                LicenseStatement("CC BY", BY, element="mods:accessCondition", language="en"),
                LicenseStatement("", BY, element="mods:accessCondition"),
            ),
        },
    ),
    "what it stands beside, and where in it": (
        """<relatedItem type="host"><titleInfo><title>Lehti</title></titleInfo>
           <identifier type="issn">1234-5678</identifier>
           <part><detail type="volume"><number>8</number></detail><extent unit="pages">
           <start>1</start><end>9</end></extent></part>
           <name type="personal"><namePart>Aalto, Aino</namePart></name>
           <location><url>https://example.org/j</url></location>
           <relatedItem type="series"><titleInfo><title>Sarja</title></titleInfo></relatedItem>
           </relatedItem><relatedItem type="preceding" xlink:href="urn:nbn:fi:2"/>
           <relatedItem type="isReferencedBy"><note>Somewhere</note></relatedItem>
           <relatedItem type="constituent"/><part><detail type="issue"><number>5</number></detail>
           <date>2020</date></part>""",
        {
            "relations": (
                Relation("is_part_of", title=(LangString("Sarja"),), raw_kind="series"),
                Relation(
                    "is_part_of",
                    "https://example.org/j",
                    (Identifier("1234-5678", "issn"),),
                    (LangString("Lehti"),),
                    (Agent("Aalto, Aino", "person"),),
                    raw="volume 8; pages 1–9",
                    raw_kind="host",
                ),
                Relation("relation", raw="urn:nbn:fi:2", raw_kind="preceding"),
                Relation("is_referenced_by", raw="Somewhere", raw_kind="isReferencedBy"),
            ),
            "bibliographic_citation": "issue 5; 2020",
        },
    ),
    "the record's own making is left out": (
        """<recordInfo><recordIdentifier>17</recordIdentifier><languageOfCataloging>
           <languageTerm>fin</languageTerm></languageOfCataloging></recordInfo>
           <extension><x>y</x></extension>""",
        {},
    ),
}


@pytest.mark.parametrize(("inside", "expected"), CASES.values(), ids=CASES)
def test_what_a_record_says(inside, expected):
    assert_reads(mods.read(record(inside)), expected)


def test_a_collection_of_one_is_that_one_and_of_several_none():
    one = "<mods><titleInfo><title>Fractions</title></titleInfo></mods>"
    read = mods.read(f"<modsCollection>{one}</modsCollection>".encode())
    assert read.title == (LangString("Fractions"),)
    with pytest.raises(UnreadableRecord, match="collection of 2 records"):
        mods.read(f"<modsCollection>{one}{one}</modsCollection>".encode())


def record(inside: str) -> bytes:
    return (
        '<mods xmlns="http://www.loc.gov/mods/v3" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"{inside}</mods>"
    ).encode()
