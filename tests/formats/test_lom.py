"""Reading LOM: IEEE and IMS spelling, every category, every repetition."""

import pytest

from oer.formats import lom
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

RESTRICTIONS = "lom:rights.copyrightAndOtherRestrictions"
DESCRIPTION = "lom:rights.description"
EMPTY_CARD = "BEGIN:VCARD\nEND:VCARD"
BY = "https://creativecommons.org/licenses/by/4.0/"


def vocabulary(name: str, value: str, source: str = "LOMv1.0") -> str:
    return f"<{name}><source>{source}</source><value>{value}</value></{name}>"


def contribute(role: str, *entities: str, date: str = "") -> str:
    cards = "".join(f"<entity>{entity}</entity>" for entity in entities)
    date = date and f"<date><dateTime>{date}</dateTime></date>"
    return f"<contribute>{vocabulary('role', role)}{cards}{date}</contribute>"


def card(name: str) -> str:
    return f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEMAIL:someone@example.org\nEND:VCARD"


def classification(purpose: str, inside: str) -> str:
    return f"<classification>{vocabulary('purpose', purpose)}{inside}</classification>"


CASES = {
    "general, in all its languages": (
        """<general><identifier><catalog>DOI</catalog><entry>10.5072/abc</entry></identifier>
           <identifier><catalog>repo</catalog><entry>17</entry></identifier>
           <identifier><catalog>ISBN</catalog><entry>978-951-0-00000-0</entry></identifier>
           <identifier><catalog>URI</catalog><entry/></identifier>
           <title><string language="fi">Murtoluvut</string><string language="en">Fractions</string>
           </title><language> fi </language><language>x-none</language><language>none</language>
           <description><string language="fi">Puolikas</string></description>
           <description><string language="fre">Moitié</string></description>
           <keyword><string language="fi">puolikas</string><string language="sv">halva</string>
           </keyword><keyword><string>a; b; c</string></keyword><keyword/>
           <coverage><string language="x-none">Suomi</string></coverage>
           <structure><source>LOMv1.0</source><value>atomic</value></structure>
           <aggregationLevel><source>LOMv1.0</source><value>2</value></aggregationLevel></general>""",
        {
            "identifiers": (
                Identifier("10.5072/abc"),
                Identifier("17", raw="repo 17"),
                Identifier("978-951-0-00000-0", "isbn"),
            ),
            "title": (LangString("Murtoluvut", "fi"), LangString("Fractions", "en")),
            "language": (Term("fi"),),
            "description": (LangString("Puolikas", "fi"), LangString("Moitié", None, "fre")),
            "keywords": (
                Term("puolikas", language="fi"),
                Term("halva", language="sv"),
                Term("a"),
                Term("b"),
                Term("c"),
            ),
            "coverage": (LangString("Suomi"),),
        },
    ),
    "HS-OER-LOM: types as concepts, a handle by its catalogue, the licence in a made-up language": (
        """<general><identifier><catalog>HDL</catalog><entry><langstring>10900.3/OER_1</langstring>
           </entry></identifier></general><educational><learningResourceType><source>
           <langstring xml:lang="x-none">https://w3id.org/kim/hcrt/scheme</langstring></source>
           <id>https://w3id.org/kim/hcrt/video</id><entry><langstring xml:lang="de">Video
           </langstring></entry></learningResourceType></educational><rights>
           <copyrightandotherrestrictions><value><langstring xml:lang="x-none">no</langstring>
           </value></copyrightandotherrestrictions><description><langstring
           xml:lang="x-t-cc-url">https://creativecommons.org/licenses/by/4.0/</langstring>
           </description></rights><classification><purpose><value><langstring>Discipline
           </langstring></value></purpose><taxonpath><source><langstring xml:lang="x-none">
           https://w3id.org/kim/hochschulfaechersystematik/scheme</langstring></source><taxon>
           <id>https://w3id.org/kim/hochschulfaechersystematik/n37</id><entry><langstring>
           Mathematik</langstring></entry></taxon></taxonpath></classification>""",
        {
            "identifiers": (Identifier("10900.3/OER_1", "handle"),),
            "learning_resource_type": (
                Term(
                    "Video",
                    raw_id="https://w3id.org/kim/hcrt/video",
                    raw_scheme="https://w3id.org/kim/hcrt/scheme",
                    language="de",
                ),
            ),
            "license": (
                LicenseStatement("no", element=RESTRICTIONS),
                LicenseStatement(BY, element=DESCRIPTION),
            ),
            "about": (
                Term(
                    "Mathematik",
                    raw_id="https://w3id.org/kim/hochschulfaechersystematik/n37",
                    raw_scheme="https://w3id.org/kim/hochschulfaechersystematik/scheme",
                ),
            ),
        },
    ),
    "IMS spelling says the same": (
        """<general><title><langstring xml:lang="nl">Breuken</langstring></title>
           <catalogentry><catalog>URI</catalog>
           <entry><langstring xml:lang="x-none">https://example.org/1</langstring></entry>
           </catalogentry><keyword><langstring xml:lang="nl">half</langstring></keyword></general>
           <lifecycle><contribute><role><source><langstring xml:lang="x-none">LOMv1.0</langstring>
           </source><value><langstring xml:lang="x-none">Author</langstring></value></role>
           <centity><vcard>BEGIN:VCARD&#10;FN:Aino Aalto&#10;END:VCARD</vcard></centity>
           <centity><vcard>BEGIN:VCARD&#10;FN:Bo Berg&#10;END:VCARD</vcard></centity>
           <date><datetime>2007</datetime></date></contribute></lifecycle>
           <educational><learningresourcetype><source><langstring xml:lang="x-none">czp</langstring>
           </source><value><langstring xml:lang="x-none">informatiebron</langstring></value>
           </learningresourcetype><typicallearningtime><datetime>01:00:00</datetime>
           </typicallearningtime></educational>""",
        {
            "title": (LangString("Breuken", "nl"),),
            "identifiers": (Identifier("https://example.org/1", "url"),),
            "keywords": (Term("half", language="nl"),),
            "creator": (Agent("Aino Aalto"), Agent("Bo Berg")),
            "created": (PartialDate("2007"),),
            "learning_resource_type": (Term("informatiebron", raw_scheme="czp"),),
            "time_required": (Duration("01:00:00"),),
        },
    ),
    "LORENET spelling, with text and language as children": (
        """<general><title><langstring><value>Breuken</value><language>nl</language></langstring>
           </title><grouplanguage>nl</grouplanguage></general>
           <technical><location><value>https://example.org/a</value><type>URI</type></location>
           </technical>
           <rights><copyrightandotherrestrictions><source><langstring><value>CCv2.5</value>
           <language>x-none</language></langstring></source><value><langstring>
           <value>by-nc-sa</value><language>nl</language></langstring></value>
           </copyrightandotherrestrictions></rights>""",
        {
            "title": (LangString("Breuken", "nl"),),
            "language": (Term("nl"),),
            "landing_page": "https://example.org/a",
            "materials": (Material("https://example.org/a"),),
            "license": (LicenseStatement("CCv2.5 by-nc-sa", element=RESTRICTIONS, language="nl"),),
        },
    ),
    "all who contributed, by their roles; the record's own makers are not among them": (
        f"""<lifeCycle><version><string>1.0</string></version>{vocabulary("status", "final")}
            {contribute("author", card("Aino Aalto"), card("Bo Berg"), date="2013")}
            {contribute("publisher", card("Kustantamo"), date="2014-05")}
            {contribute("educational validator", card("Cia Ceder"), date="2015")}
            {contribute("unknown", EMPTY_CARD, "")}
            <contribute><entity>Dan Dahl</entity><date><description><string>keväällä</string>
            </description></date></contribute></lifeCycle>
            <metaMetadata>{contribute("creator", card("Eva Ek"), date="2016")}
            <metadataSchema>LOMv1.0</metadataSchema></metaMetadata>""",
        {
            "version": "1.0",
            "creator": (Agent("Aino Aalto"), Agent("Bo Berg")),
            "created": (PartialDate("2013"),),
            "publisher": (Agent("Kustantamo"),),
            "issued": (PartialDate("2014-05"),),
            "contributor": (
                Agent("Cia Ceder", role=Term("educational validator", raw_scheme="LOMv1.0")),
                Agent("Dan Dahl"),
            ),
            "date": (PartialDate("2015"), PartialDate("keväällä")),
        },
    ),
    "one format, one location and the size are one material": (
        """<technical><format>video/mp4</format><size>4894</size>
           <location>https://example.org/v.mp4</location><duration><duration>PT7M41S</duration>
           <description><string>seven minutes</string></description></duration>
           <otherPlatformRequirements><string language="en">A browser</string>
           </otherPlatformRequirements><installationRemarks/>
           <requirement><orComposite><type><source>LOMv1.0</source><value>browser</value></type>
           <name><source>LOMv1.0</source><value>any</value></name>
           <minimumVersion>4.2</minimumVersion></orComposite></requirement>
           <thumbnail>https://example.org/t.png</thumbnail></technical>""",
        {
            "materials": (
                Material(
                    "https://example.org/v.mp4", raw_media_type="video/mp4", size=Size("4894")
                ),
            ),
            "landing_page": "https://example.org/v.mp4",
            "duration": (Duration("PT7M41S"),),
            "relations": (
                Relation(
                    "requires",
                    title=(LangString("A browser", "en"),),
                    raw_kind="otherPlatformRequirements",
                ),
                Relation(
                    "requires",
                    raw="type browser; name any; minimumVersion 4.2",
                    raw_kind="requirement",
                ),
            ),
            "thumbnail": "https://example.org/t.png",
        },
    ),
    "of several formats and locations nobody says which is whose": (
        """<technical><format>text/html</format><format>application/zip</format>
           <location>https://example.org/1</location><location>https://example.org/2</location>
           <location>shelf 3</location><size>12</size></technical>""",
        {
            "materials": (
                Material("https://example.org/1"),
                Material("https://example.org/2"),
                Material(raw_media_type="text/html"),
                Material(raw_media_type="application/zip"),
                Material(size=Size("12")),
            ),
            "landing_page": "https://example.org/1",
            "identifiers": (Identifier("shelf 3"),),
        },
    ),
    "educational, twice; its language is the learner's": (
        f"""<educational>{vocabulary("interactivityType", "active")}
            {vocabulary("learningResourceType", "exercise")}
            {vocabulary("intendedEndUserRole", "learner")}{vocabulary("context", "school")}
            <typicalAgeRange><string>7-9</string></typicalAgeRange>
            {vocabulary("difficulty", "easy")}{vocabulary("semanticDensity", "low")}
            <typicalLearningTime><duration>PT1H</duration></typicalLearningTime>
            <description><string language="en">In pairs</string></description>
            <language>sv</language></educational>
            <educational>{vocabulary("context", "higher education", "vdex")}</educational>""",
        {
            "interactivity_type": (Term("active", raw_scheme="LOMv1.0"),),
            "learning_resource_type": (Term("exercise", raw_scheme="LOMv1.0"),),
            "audience": (Term("learner", raw_scheme="LOMv1.0"),),
            "educational_level": (
                Term("school", raw_scheme="LOMv1.0"),
                Term("higher education", raw_scheme="vdex"),
            ),
            "typical_age_range": (AgeRange("7-9"),),
            "difficulty": (Term("easy", raw_scheme="LOMv1.0"),),
            "time_required": (Duration("PT1H"),),
            "educational_description": (LangString("In pairs", "en"),),
        },
    ),
    "HS-OER-LOM gives a value by its address and labels": (
        """<educational><learningResourceType><source>https://w3id.org/kim/hcrt/scheme</source>
           <id>https://w3id.org/kim/hcrt/video</id><entry><string language="de">Video</string>
           <string language="en">Film</string></entry></learningResourceType></educational>""",
        {
            "learning_resource_type": (
                Term(
                    "Video",
                    raw_id="https://w3id.org/kim/hcrt/video",
                    raw_scheme="https://w3id.org/kim/hcrt/scheme",
                    language="de",
                ),
                Term(
                    "Film",
                    raw_id="https://w3id.org/kim/hcrt/video",
                    raw_scheme="https://w3id.org/kim/hcrt/scheme",
                    language="en",
                ),
            )
        },
    ),
    "a cost of no is free of charge": (
        f"<rights>{vocabulary('cost', 'no')}</rights><rights>{vocabulary('cost', 'yes')}</rights>"
        f"<rights>{vocabulary('cost', 'perhaps')}</rights>",
        {
            "is_accessible_for_free": (
                Flag("cost: no", True, "stated"),
                Flag("cost: yes", False, "stated"),
                Flag("cost: perhaps"),
            )
        },
    ),
    "every statement of rights, of the resource and of the record": (
        f"""<rights>{vocabulary("copyrightAndOtherRestrictions", "yes")}
            <description><string language="en">All welcome</string><string>{BY}</string>
            </description></rights>
            <rights>{vocabulary("copyrightAndOtherRestrictions", "cc-by-40", "vdex")}</rights>
            <rights>{vocabulary("copyrightAndOtherRestrictions", BY, "vdex")}</rights>
            <metaMetadata><rights><description><string>CC0</string></description></rights>
            </metaMetadata>""",
        {
            "license": (
                LicenseStatement("yes", element=RESTRICTIONS),
                LicenseStatement("All welcome", element=DESCRIPTION, language="en"),
                LicenseStatement(BY, element=DESCRIPTION),
                LicenseStatement("cc-by-40", element=RESTRICTIONS),
                LicenseStatement(BY, element=RESTRICTIONS),
            ),
            "metadata_license": (LicenseStatement("CC0", element=DESCRIPTION, scope="metadata"),),
        },
    ),
    "relations, and a preview stated as one": (
        f"""<relation>{vocabulary("kind", "ispartof")}<resource><identifier><catalog>URI</catalog>
            <entry>https://example.org/0</entry></identifier><identifier><catalog>repo</catalog>
            <entry>7</entry></identifier><description><string language="en">Whole</string>
            </description></resource></relation>
            <relation>{vocabulary("kind", "is shown with")}<resource><description>
            <string>Poster</string></description></resource></relation>
            <relation>{vocabulary("kind", "thumbnail")}<resource><catalogentry>
            <catalog>URI</catalog><entry><langstring>https://example.org/t.png</langstring></entry>
            </catalogentry></resource></relation><relation/>""",
        {
            "relations": (
                Relation(
                    "is_part_of",
                    "https://example.org/0",
                    (Identifier("7", raw="repo 7"),),
                    (LangString("Whole", "en"),),
                    raw_kind="ispartof",
                ),
                Relation("relation", title=(LangString("Poster"),), raw_kind="is shown with"),
            ),
            "thumbnail": "https://example.org/t.png",
        },
    ),
    "remarks of persons are not for the catalogue": (
        f"""<annotation><entity>{card("Aino Aalto")}</entity><description><string>Lovely</string>
            </description></annotation>""",
        {},
    ),
    "a discipline: every taxon of the path, in every language": (
        classification(
            "Discipline",
            """<taxonPath><source><string>NBC</string></source><taxon><id>1</id><entry>
               <string language="nl">Kunsten</string></entry></taxon><taxon><id>24</id><entry>
               <string language="nl">Theater</string><string language="en">Drama</string></entry>
               </taxon></taxonPath><description><string language="en">By hand</string></description>
               <keyword><string>stage</string></keyword>""",
        ),
        {
            "about": (
                Term("Kunsten", raw_id="1", raw_scheme="NBC", language="nl"),
                Term("Theater", raw_id="24", raw_scheme="NBC", language="nl"),
                Term("Drama", raw_id="24", raw_scheme="NBC", language="en"),
            ),
            "educational_description": (LangString("By hand", "en"),),
            "keywords": (Term("stage"),),
        },
    ),
    "what a classification says depends on its purpose": (
        classification("educational level", "<taxonPath><taxon><id>u1</id></taxon></taxonPath>")
        + classification(
            "access rights",
            "<taxonPath><source>nl</source><taxon><id>OpenAccess</id><entry><string>open</string>"
            "</entry></taxon></taxonPath>",
        )
        + classification("prerequisite", "<description><string>Counting</string></description>")
        + classification(
            "educational objective",
            "<taxonPath><source>OPS</source><taxon><entry><string>A</string></entry></taxon><taxon>"
            "<id>https://example.org/b</id><entry><string>B</string></entry></taxon></taxonPath>",
        )
        + classification("skill level", "<description><string>Novice</string></description>")
        + classification(
            "accessibility restrictions", "<description><string>No sound</string></description>"
        )
        + "<classification><taxonPath><taxon><id>7</id></taxon></taxonPath></classification>",
        {
            "educational_level": (Term(raw_id="u1"),),
            "access_rights": (Term("open", raw_id="OpenAccess", raw_scheme="nl"),),
            "alignment": (
                Alignment("requires", Term("Counting"), raw_type="prerequisite"),
                Alignment(
                    "teaches", Term("A", raw_scheme="OPS"), "OPS", raw_type="educational objective"
                ),
                Alignment(
                    "teaches",
                    Term("B", raw_id="https://example.org/b", raw_scheme="OPS"),
                    "OPS",
                    "https://example.org/b",
                    "A > B",
                    "educational objective",
                ),
                Alignment("other", Term("Novice"), raw_type="skill level"),
            ),
            "accessibility_summary": (LangString("No sound"),),
            "about": (Term(raw_id="7"),),
        },
    ),
    "what a profile added is kept under its name": (
        """<general><mood><string language="en">Cheerful</string></mood></general>
           <colophon>Printed by hand</colophon>""",
        {
            "description": (
                LangString("mood: Cheerful", "en"),
                LangString("colophon: Printed by hand"),
            )
        },
    ),
}


@pytest.mark.parametrize(
    "namespace", ["http://ltsc.ieee.org/xsd/LOM", "http://www.imsglobal.org/xsd/imsmd_v1p2", ""]
)
@pytest.mark.parametrize(("inside", "expected"), CASES.values(), ids=CASES)
def test_a_record_reads_as(inside, expected, namespace):
    assert_reads(lom.read(f'<lom xmlns="{namespace}">{inside}</lom>'.encode()), expected)


def test_no_e_mail_address_passes():
    payload = f"<lom><lifeCycle>{contribute('author', card('Aino Aalto'), 'bo@example.org')}"
    metadata = lom.read(f"{payload}</lifeCycle></lom>".encode())
    assert "@" not in repr(metadata)
