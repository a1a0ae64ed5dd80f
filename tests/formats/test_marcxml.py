"""Reading MARCXML: fields, indicators, and the punctuation that belongs to the next subfield."""

import re

import pytest

from oer.errors import UnreadableRecord
from oer.formats import marcxml, read_payload
from oer.metadata.resource_metadata import (
    Agent,
    AgeRange,
    Alignment,
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
YSO = "http://www.yso.fi/onto/yso/p1"

CASES = {
    "titles without the marks before what follows": (
        ["245 10 $aMurtoluvut :$bpuolikkaista alkaen /$cAino Aalto", "240 1  $aMurtoluvut, I",
         "246 3  $aPuolikkaat :$bja muut", "880 10 $6245-01/(N$aДроби :$bначало", "250    $a2. p."],
        {
            "title": (LangString("Murtoluvut: puolikkaista alkaen"), LangString("Дроби: начало")),
            "alternative": (LangString("Murtoluvut, I"), LangString("Puolikkaat: ja muut")),
            "version": "2. p.",
        },
    ),
    "names by their roles; a full stop after an initial stays": (
        ["100 1  $aAalto, Aino,$d1961-$0(orcid)0000-0002-1825-0097$uMallikunta",
         "700 1  $aBerg, B.", "700 1  $aCeder, Cia,$eillustrator.", "700 1  $aDahl, Dan$4aut",
         "710 2  $aSuomi.$bOpetusministeriö.$4http://id.loc.gov/vocabulary/relators/pbl",
         "720    $aEk, Eva", "700 12 $aFors, Fia.$tRunot.", "536    $aSäätiö"],
        {
            "creator": (
                Agent(
                    "Aalto, Aino",
                    "person",
                    affiliation=("Mallikunta",),
                    identifiers=(Identifier("0000-0002-1825-0097", "orcid"),),
                ),
                Agent("Dahl, Dan", "person"),
            ),
            "contributor": (
                Agent("Berg, B.", "person"),
                Agent("Ceder, Cia", "person", Term("illustrator")),
                Agent("Ek, Eva"),
            ),
            "publisher": (Agent("Suomi. Opetusministeriö", "organization"),),
            "relations": (
                Relation(
                    "relation",
                    title=(LangString("Runot"),),
                    creator=(Agent("Fors, Fia."),),
                    raw_kind="marc:700",
                ),
            ),
            "funder": (Agent("Säätiö"),),
        },
    ),
    "publication: 264 says which kind it is of; nobody is no publisher": (
        ["260    $aVaasa :$bKustantamo,$c1975.", "264  1 $b[s.n.],$c[1980]",
         "264  4 $c©1981", "264  0 $c1979"],
        {
            "publisher": (Agent("Kustantamo"),),
            "issued": (PartialDate("1975"), PartialDate("[1980]")),
            "date": (PartialDate("©1981"),),
            "created": (PartialDate("1979"),),
        },
    ),
    "languages of 041, run together or not": (
        ["008 830406s1893    xx            000 0 eng d", "041 1  $afin$dswe$hger",
         "041    $aengfre", "041  7 $afi$2iso639-1"],
        {
            "language": (
                Term("fin", raw_scheme="marc"),
                Term("swe", raw_scheme="marc"),
                Term("eng", raw_scheme="marc"),
                Term("fre", raw_scheme="marc"),
                Term("fi", raw_scheme="iso639-1"),
            )
        },
    ),
    "the language of 008 counts where there is no other": (
        ["008 830406s1893    xx            000 0 fin d"],
        {"language": (Term("fin", raw_scheme="marc"),)},
    ),
    "an undetermined language is none": (["008 830406s1893    xx            000 0 und d"], {}),
    "numbers": (
        ["020    $a978-951-0-00000-0 (nid.)", "022    $a1234-5678", "024 7  $a10.5072/abc$2doi",
         "024 8  $aX1", "035    $a(OCoLC)1", "001 17"],
        {
            "identifiers": (
                Identifier("978-951-0-00000-0", "isbn", "978-951-0-00000-0 (nid.)"),
                Identifier("1234-5678", "issn"),
                Identifier("10.5072/abc"),
                Identifier("X1"),
            )
        },
    ),
    "headings with their subdivisions; places and times alone are coverage": (
        [f"650  7 $amurtoluvut$2yso/fin$0{YSO}", "650  0 $aFractions$zFinland$vExercises.",
         "651  0 $aFinland$xHistory.", "651  4 $aVaasa.", "648  7 $a1900-luku$2yso/fin",
         "653    $apuolikas$akolmannes", "600 14 $aAalto, Aino.", "655  7 $aoppikirjat$2slm/fin",
         "336    $ateksti$btxt$2rdacontent", "080    $a37", "082 04 $a513.2$223",
         "084    $a51$2ykl"],
        {
            "keywords": (
                Term("murtoluvut", raw_id=YSO, raw_scheme="yso/fin"),
                Term("Fractions -- Finland -- Exercises", raw_scheme="lcsh"),
                Term("Finland -- History", raw_scheme="lcsh"),
                Term("puolikas"),
                Term("kolmannes"),
                Term("Aalto, Aino."),
            ),
            "coverage": (LangString("Vaasa"), LangString("1900-luku")),
            "learning_resource_type": (
                Term("oppikirjat", raw_scheme="slm/fin"),
                Term("teksti", raw_scheme="rdacontent"),
            ),
            "about": (
                Term("37", raw_scheme="udc"),
                Term("513.2", raw_scheme="ddc"),
                Term("51", raw_scheme="ykl"),
            ),
        },
    ),
    "whom it is for, and what it teaches": (
        ["521 1  $a7-9.", "521 2  $aGrade 4", "521    $aTeachers", "526    $aLukion matematiikka",
         "658    $aFractions$bhalves$cM1$2ops"],
        {
            "typical_age_range": (AgeRange("7-9."),),
            "educational_level": (Term("Grade 4"),),
            "audience": (Term("Teachers"),),
            "educational_description": (LangString("Lukion matematiikka"),),
            "alignment": (
                Alignment("teaches", Term("Fractions -- halves", raw_id="M1"), framework="ops"),
            ),
        },
    ),
    "texts and remarks": (
        ["500    $aKansinimeke.", "505 0  $a1. Puolet", "520    $aPuolikkaista.",
         "524    $aAalto (2020)", "590    $aKappale 2", "245 10 $aMurtoluvut"],
        {
            "title": (LangString("Murtoluvut"),),
            "description": (LangString("Kansinimeke."), LangString("Puolikkaista.")),
            "table_of_contents": (LangString("1. Puolet"),),
            "bibliographic_citation": "Aalto (2020)",
        },
    ),
    "who may read it, and what one may do with it": (
        [f"540    $aCC BY 4.0$u{BY}", f"540    $u{BY}$uhttps://example.org/l", "542    $fAll mine",
         "506 0  $aOpen$2star"],
        {
            "license": (
                LicenseStatement("CC BY 4.0", BY, element="marc:540"),
                LicenseStatement("", BY, element="marc:540"),
                LicenseStatement("", "https://example.org/l", element="marc:540"),
                LicenseStatement("All mine", element="marc:542"),
            ),
            "access_rights": (Term("Open", raw_scheme="star"),),
        },
    ),
    "addresses of the resource, and of another": (
        ["856 40 $uhttps://example.org/a.pdf$qapplication/pdf$s12 kB$ypdf", "856 41 $uurn:nbn:fi:1",
         "856 42 $uhttps://example.org/o$3Cover", "300    $a12 s. :$bkuv.", "306    $a003133"],
        {
            "landing_page": "https://example.org/a.pdf",
            "identifiers": (
                Identifier("https://example.org/a.pdf", "url"),
                Identifier("urn:nbn:fi:1"),
            ),
            "materials": (
                Material(
                    "https://example.org/a.pdf",
                    (LangString("pdf"),),
                    raw_media_type="application/pdf",
                    size=Size("12 kB"),
                ),
                Material(raw_media_type="12 s. : kuv."),
            ),
            "relations": (
                Relation("relation", "https://example.org/o", title=(LangString("Cover"),)),
            ),
            "duration": (Duration("00:31:33"),),
        },
    ),
    "series and hosts": (
        ["490 1  $aSarja ;$v5", "773 0  $tLehti.$gVol. 8$x1234-5678", "776 08 $aAalto, A.$tPuolet"],
        {
            "relations": (
                Relation(
                    "is_part_of", title=(LangString("Sarja"),), raw="5", raw_kind="marc:490"
                ),
                Relation(
                    "is_part_of",
                    identifiers=(Identifier("1234-5678", "issn"),),
                    title=(LangString("Lehti"),),
                    raw="Vol. 8",
                    raw_kind="marc:773",
                ),
                Relation(
                    "has_format",
                    title=(LangString("Puolet"),),
                    creator=(Agent("Aalto, A."),),
                    raw_kind="marc:776",
                ),
            )
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "expected"), CASES.values(), ids=CASES)
def test_what_a_record_says(fields, expected):
    assert_reads(marcxml.read(record(*fields)), expected)


def test_a_collection_of_one_is_that_one_and_of_several_none():
    one = record("245 10 $aMurtoluvut").decode()
    title = (LangString("Murtoluvut"),)
    assert marcxml.read(f"<collection>{one}</collection>".encode()).title == title
    with pytest.raises(UnreadableRecord, match="collection of 2 records"):
        marcxml.read(f"<collection>{one}{one}</collection>".encode())


def test_a_record_of_something_else_is_not_marc():
    with pytest.raises(UnreadableRecord, match="Not MARCXML: the root element is record"):
        read_payload(b"<record><title>Fractions</title></record>")


def test_fields_without_sense_are_left_out():
    payload = b"""<record xmlns="http://www.loc.gov/MARC21/slim"><leader/><datafield/>
        <controlfield tag="245">x</controlfield><datafield tag="1">x</datafield>
        <datafield tag="\xd9\xa2\xd9\xa4\xd9\xa5"><subfield code="a">x</subfield></datafield>
        <datafield tag="880"><subfield code="a">x</subfield></datafield>
        <datafield tag="245"><subfield>x</subfield></datafield></record>"""
    assert_reads(marcxml.read(payload), {})


def record(*fields: str) -> bytes:
    return (
        f'<record xmlns="http://www.loc.gov/MARC21/slim">{"".join(map(xml, fields))}</record>'
    ).encode()


def xml(field: str) -> str:
    """``245 10 $aTitle$bsubtitle`` or ``008 text`` as an element."""
    tag = field[:3]
    if tag < "010":
        return f'<controlfield tag="{tag}">{field[4:]}</controlfield>'
    subfields = re.findall(r"\$(.)([^$]*)", field[7:])
    inside = "".join(f'<subfield code="{code}">{text}</subfield>' for code, text in subfields)
    return f'<datafield tag="{tag}" ind1="{field[4]}" ind2="{field[5]}">{inside}</datafield>'
