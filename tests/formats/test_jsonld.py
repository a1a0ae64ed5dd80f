"""Reading JSON-LD: AMB, LRMI and schema.org, in every shape in which they say the same."""

import json
from typing import Any

import pytest

from oer.errors import UnreadableRecord
from oer.formats import jsonld, read_payload
from oer.metadata.resource_metadata import (
    Agent,
    AgeRange,
    Alignment,
    Caption,
    Checksum,
    Duration,
    Flag,
    Identifier,
    LangString,
    LicenseStatement,
    Material,
    MetadataRecord,
    PartialDate,
    Relation,
    ResourceMetadata,
    Size,
    Term,
    from_json,
    to_json,
)
from tests.formats.tables import assert_reads

AMB = ["https://w3id.org/kim/amb/context.jsonld", {"@language": "de"}]
BY = "https://creativecommons.org/licenses/by/4.0/"
HCRT = "https://w3id.org/kim/hcrt/worksheet"
SCHEMA = "https://schema.org/"

CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "AMB: texts are in the language of the context": (
        {
            "@context": AMB,
            "id": "https://example.org/1",
            "type": ["LearningResource"],
            "name": "Brüche",
            "description": "Hälften.",
            "keywords": ["Bruch", "halb, ganz"],
            "inLanguage": ["de"],
            "learningResourceType": [{"id": HCRT, "prefLabel": {"de": "Blatt", "en": "Sheet"}}],
            "conditionsOfAccess": {"id": "http://w3id.org/kim/conditionsOfAccess/no_login"},
            "isAccessibleForFree": True,
            "license": {"id": BY},
            "image": "https://example.org/1.png",
            "dateCreated": "2019-07-02",
            "publisher": [{"type": "Organization", "name": "Verlag", "id": "https://example.org"}],
        },
        {
            "identifiers": (Identifier("https://example.org/1", "url"),),
            "title": (LangString("Brüche", "de"),),
            "description": (LangString("Hälften.", "de"),),
            "keywords": (
                Term("Bruch", language="de"),
                Term("halb, ganz", language="de"),
            ),
            "language": (Term("de"),),
            "learning_resource_type": (
                Term("Blatt", raw_id=HCRT, language="de"),
                Term("Sheet", raw_id=HCRT, language="en"),
            ),
            "conditions_of_access": (
                Term(raw_id="http://w3id.org/kim/conditionsOfAccess/no_login"),
            ),
            "is_accessible_for_free": (Flag("true"),),
            "license": (LicenseStatement("", BY, element="schema:license"),),
            "thumbnail": "https://example.org/1.png",
            "created": (PartialDate("2019-07-02"),),
            "publisher": (
                Agent(
                    "Verlag",
                    "organization",
                    identifiers=(Identifier("https://example.org", "url"),),
                ),
            ),
        },
    ),
    "texts: plain, tagged, by language, in lists, with prefixed names": (
        {
            "schema:name": [{"@value": "Fractions", "@language": "en"}, "Bare"],
            "http://schema.org/name": {"@language": "sv", "@value": "Bråk"},
            "description": {"fi": ["Puolikas", "Kolmannes"], "@none": "Half"},
            "alternateName": {"@list": ["Halves", None, ""]},
            "version": 2,
        },
        {
            "title": (
                LangString("Fractions", "en"),
                LangString("Bare"),
                LangString("Bråk", "sv"),
            ),
            "description": (
                LangString("Puolikas", "fi"),
                LangString("Kolmannes", "fi"),
                LangString("Half"),
            ),
            "alternative": (LangString("Halves"),),
            "version": "2",
        },
    ),
    "people and organisations: nodes, names, roles": (
        {
            "creator": [
                {
                    "@type": "Person",
                    "@id": "https://orcid.org/0000-0002-1825-0097",
                    "name": "Aino Aalto",
                    "givenName": "Aino",
                    "familyName": "Aalto",
                    "honorificPrefix": "Dr.",
                    "email": "aino@example.org",
                    "affiliation": [{"@type": "Organization", "name": "Mallikunta"}, "Koulu"],
                },
                "Berg, Bo <bo@example.org>",
            ],
            "author": {"@type": "CollegeOrUniversity", "name": "Yliopisto"},
            "contributor": {
                "@type": "Role",
                "roleName": "proofreader",
                "contributor": {"givenName": "Cia", "familyName": "Ceder"},
            },
            "editor": {"@type": "Person", "name": "Dan Dahl"},
            "provider": {"@type": "Organization", "name": "Portti"},
            "funder": {"type": "FundingScheme", "name": "Ohjelma"},
            "copyrightHolder": "Eva Ek",
            "publisher": {"@type": "Organization"},
        },
        {
            "creator": (
                Agent(
                    "Aino Aalto",
                    "person",
                    given_name="Aino",
                    family_name="Aalto",
                    honorific_prefix="Dr.",
                    affiliation=("Mallikunta", "Koulu"),
                    identifiers=(Identifier("https://orcid.org/0000-0002-1825-0097", "url"),),
                ),
                Agent("Berg, Bo"),
                Agent("Yliopisto", "organization"),
            ),
            "contributor": (
                Agent("Cia Ceder", role=Term("proofreader"), given_name="Cia", family_name="Ceder"),
                Agent("Dan Dahl", "person", Term("editor", raw_scheme=SCHEMA)),
                Agent("Portti", "organization", Term("provider", raw_scheme=SCHEMA)),
            ),
            "funder": (Agent("Ohjelma"),),
            "rights_holder": (Agent("Eva Ek"),),
        },
    ),
    "every kind of alignment has its place": (
        {
            "educationalAlignment": [
                {
                    "@type": "AlignmentObject",
                    "alignmentType": "educationalSubject",
                    "educationalFramework": "OPS",
                    "targetName": "Matematiikka",
                    "targetUrl": "https://example.org/s",
                },
                {"alignmentType": f"{SCHEMA}educationalLevel", "targetName": "Grade 4"},
                {
                    "alignmentType": "teaches",
                    "targetName": {"@value": "Halving", "@language": "en"},
                    "targetUrl": [{"@id": "https://example.org/t"}, "https://example.org/u"],
                    "targetDescription": "In two",
                },
                {"alignmentType": "readingLevel", "targetName": "A2"},
                {"alignmentType": None, "targetName": None},
                {"alignmentType": "complements", "targetName": "Other"},
            ],
            "teaches": ["Thirds", {"id": "https://example.org/c", "prefLabel": {"fi": "Neljäs"}}],
            "assesses": {"@type": "DefinedTerm", "name": "Fifths", "inDefinedTermSet": "OPS"},
            "competencyRequired": [{"id": "https://example.org/r"}],
            "coursePrerequisites": "Counting",
        },
        {
            "about": (Term("Matematiikka", raw_id="https://example.org/s", raw_scheme="OPS"),),
            "educational_level": (Term("Grade 4"),),
            "alignment": (
                Alignment(
                    "teaches",
                    Term("Halving", raw_id="https://example.org/t", language="en"),
                    target_url="https://example.org/t",
                    description="In two",
                    raw_type="teaches",
                ),
                Alignment(
                    "teaches",
                    Term(raw_id="https://example.org/u"),
                    target_url="https://example.org/u",
                    description="In two",
                    raw_type="teaches",
                ),
                Alignment("reading_level", Term("A2"), raw_type="readingLevel"),
                Alignment("other", Term("Other"), raw_type="complements"),
                Alignment("teaches", Term("Thirds")),
                Alignment(
                    "teaches",
                    Term("Neljäs", raw_id="https://example.org/c", language="fi"),
                    target_url="https://example.org/c",
                ),
                Alignment("assesses", Term("Fifths", raw_scheme="OPS"), "OPS"),
                Alignment(
                    "requires",
                    Term(raw_id="https://example.org/r"),
                    target_url="https://example.org/r",
                ),
                Alignment("requires", Term("Counting"), raw_type="coursePrerequisites"),
            ),
        },
    ),
    "whom it is for": (
        {
            "audience": [
                {"@type": "EducationalAudience", "educationalRole": "teacher"},
                {"id": "http://purl.org/dcx/lrmi-vocabs/educationalAudienceRole/student"},
                {"audienceType": "parents", "suggestedMinAge": 7, "suggestedMaxAge": 9},
                "learners",
            ],
            "typicalAgeRange": ["10-12", {"minValue": 13}],
            "educationalLevel": {"@type": "DefinedTerm", "name": "Beginner", "termCode": "B"},
            "timeRequired": "PT1H",
            "duration": "PT31M33S",
            "interactivityType": "active",
            "educationalUse": "group work",
            "accessMode": ["visual", "textual"],
            "accessModeSufficient": [
                "textual,visual",
                {"@type": "ItemList", "itemListElement": ["textual"]},
            ],
            "accessibilityFeature": "captions",
            "accessibilityHazard": "none",
            "accessibilitySummary": "All said",
        },
        {
            "audience": (
                Term("teacher"),
                Term(raw_id="http://purl.org/dcx/lrmi-vocabs/educationalAudienceRole/student"),
                Term("parents"),
                Term("learners"),
            ),
            "typical_age_range": (AgeRange("7-9"), AgeRange("10-12"), AgeRange("13-")),
            "educational_level": (Term("Beginner", raw_id="B"),),
            "time_required": (Duration("PT1H"),),
            "duration": (Duration("PT31M33S"),),
            "interactivity_type": (Term("active"),),
            "educational_use": (Term("group work"),),
            "access_mode": (Term("visual"), Term("textual")),
            "access_mode_sufficient": ((Term("textual"), Term("visual")), (Term("textual"),)),
            "accessibility_feature": (Term("captions"),),
            "accessibility_hazard": (Term("none"),),
            "accessibility_summary": (LangString("All said"),),
        },
    ),
    "keywords between commas in one text": (
        {"keywords": "halves, thirds,halves"},
        {"keywords": (Term("halves"), Term("thirds"))},
    ),
    "keywords in an array are one each": (
        {"keywords": ["Aalto, Aino", {"name": "halves", "id": "urn:x:1"}, "a; b; c"]},
        {
            "keywords": (
                Term("Aalto, Aino"),
                Term("halves", raw_id="urn:x:1"),
                Term("a"),
                Term("b"),
                Term("c"),
            )
        },
    ),
    "a licence as address, as node, as text; other words about rights": (
        {
            "license": [BY, {"@type": "CreativeWork", "name": "CC BY", "url": BY}, "Ask us"],
            "copyrightNotice": "© Aalto",
            "usageInfo": "https://example.org/use",
            "useRightsUrl": "https://example.org/lrmi",
            "isAccessibleForFree": "False",
            "conditionsOfAccess": "After login",
            "creditText": "Aalto 2020",
        },
        {
            "license": (
                LicenseStatement(BY, element="schema:license"),
                LicenseStatement("CC BY", BY, element="schema:license"),
                LicenseStatement("Ask us", element="schema:license"),
                LicenseStatement("© Aalto", element="schema:copyrightNotice"),
                LicenseStatement("https://example.org/use", element="schema:usageInfo"),
                LicenseStatement("https://example.org/lrmi", element="lrmi:useRightsUrl"),
            ),
            "is_accessible_for_free": (Flag("False"),),
            "conditions_of_access": (Term("After login"),),
            "bibliographic_citation": "Aalto 2020",
        },
    ),
    "files, and captions of what can be played": (
        {
            "encoding": [
                {
                    "type": "MediaObject",
                    "encodingFormat": "video/mp4",
                    "contentSize": "568000000",
                    "contentUrl": "https://example.org/v.mp4",
                    "embedUrl": "https://example.org/player",
                    "sha256": "ABCDEF",
                    "duration": "PT5M",
                    "name": "Video",
                    "inLanguage": "fi",
                    "license": BY,
                },
                {"contentUrl": "https://example.org/w.pdf", "encodingFormat": "application/pdf"},
            ],
            "associatedMedia": "https://example.org/x.zip",
            "caption": [
                {
                    "id": "https://example.org/fi.vtt",
                    "encodingFormat": "text/vtt",
                    "inLanguage": "fi",
                },
                "A picture of halves",
            ],
        },
        {
            "materials": (
                Material(
                    "https://example.org/v.mp4",
                    (LangString("Video"),),
                    raw_media_type="video/mp4",
                    size=Size("568000000"),
                    language=(Term("fi"),),
                    duration=Duration("PT5M"),
                    checksum=Checksum("sha256", "abcdef"),
                    captions=(Caption("https://example.org/fi.vtt", "fi", "text/vtt"),),
                    embed_url="https://example.org/player",
                    license=(LicenseStatement(BY, element="schema:license"),),
                ),
                Material("https://example.org/w.pdf", raw_media_type="application/pdf"),
                Material(
                    "https://example.org/x.zip",
                ),
            ),
            "description": (LangString("caption: A picture of halves"),),
        },
    ),
    "captions of nothing that is named still are captions": (
        {"caption": [{"id": "https://example.org/fi.vtt", "type": "MediaObject"}]},
        {"materials": (Material(captions=(Caption("https://example.org/fi.vtt"),)),)},
    ),
    "a resource that is a file itself; its address is its page": (
        {
            "url": "https://example.org/page",
            "contentUrl": ["https://example.org/a.mp3", "s3://bucket/a.mp3"],
            "encodingFormat": "audio/mpeg",
            "contentSize": "1 MB",
        },
        {
            "landing_page": "https://example.org/page",
            "identifiers": (Identifier("https://example.org/page", "url"),),
            "materials": (
                Material(
                    "https://example.org/a.mp3",
                    raw_media_type="audio/mpeg",
                    size=Size("1 MB"),
                ),
            ),
        },
    ),
    "identifiers of every form": (
        {
            "@id": "https://doi.org/10.5072/abc",
            "identifier": [
                {"@type": "PropertyValue", "propertyID": "ISBN", "value": "978-951-0-00000-0"},
                {"@type": "PropertyValue", "propertyID": "dataguid", "value": "dg.1/2"},
                "doi:10.5072/abc",
            ],
            "sameAs": "https://example.org/same",
            "isbn": "978-951-0-11111-1",
        },
        {
            "identifiers": (
                Identifier("https://doi.org/10.5072/abc", "url"),
                Identifier("978-951-0-00000-0", "isbn"),
                Identifier("dg.1/2", raw="dataguid dg.1/2"),
                Identifier("doi:10.5072/abc"),
                Identifier("https://example.org/same", "url"),
                Identifier("978-951-0-11111-1", "isbn"),
            )
        },
    ),
    "a place within the document is no identifier": ({"@id": "_:b0"}, {}),
    "AMB's metadata records, and schema.org's page": (
        {
            "mainEntityOfPage": [
                {
                    "id": "https://example.org/record",
                    "type": "WebContent",
                    "provider": {"id": "https://example.org/hub", "name": "Hub"},
                    "dateModified": "2020-02-02",
                },
                "https://example.org/page",
                {"@type": "WebPage", "@id": "https://example.org/other"},
            ]
        },
        {
            "records": (
                MetadataRecord(
                    "https://example.org/hub",
                    "https://example.org/record",
                    "Hub",
                    datestamp="2020-02-02",
                    url="https://example.org/record",
                ),
            ),
            "identifiers": (
                Identifier("https://example.org/page", "url"),
                Identifier("https://example.org/other", "url"),
            ),
        },
    ),
    "relations: nodes, addresses, words": (
        {
            "isPartOf": {"@type": "Course", "name": "Kurssi", "@id": "https://example.org/c"},
            "hasPart": [{"id": "urn:isbn:1"}, {"@type": "CreativeWork"}],
            "isBasedOn": {
                "name": "Remix me",
                "creator": [{"name": "Aino Aalto", "type": "Person"}],
                "license": {"id": BY},
            },
            "citation": "Berg (2010)",
            "isBasedOnUrl": "https://example.org/b",
        },
        {
            "relations": (
                Relation("is_part_of", "https://example.org/c", title=(LangString("Kurssi"),)),
                Relation("has_part", identifiers=(Identifier("urn:isbn:1"),)),
                Relation(
                    "is_based_on",
                    title=(LangString("Remix me"),),
                    creator=(Agent("Aino Aalto", "person"),),
                    license=(LicenseStatement("", BY, element="schema:license"),),
                ),
                Relation("references", raw="Berg (2010)"),
                Relation("is_based_on", "https://example.org/b", raw="https://example.org/b"),
            )
        },
    ),
    "languages as tags and as nodes": (
        {
            "inLanguage": [
                "fi",
                {"@type": "Language", "name": "English", "alternateName": "en"},
                {"@type": "Language", "name": "Svenska"},
            ]
        },
        {"language": (Term("fi"), Term("en"), Term("Svenska"))},
    ),
    "dates": (
        {
            "dateCreated": {"@type": "xsd:date", "@value": "2019"},
            "datePublished": "2020-01-01T00:00:00Z",
            "dateModified": "2021",
            "expires": "2030",
            "copyrightYear": 2018,
            "spatialCoverage": {"@type": "Place", "name": "Vaasa"},
        },
        {
            "created": (PartialDate("2019"),),
            "issued": (PartialDate("2020-01-01T00:00:00Z"),),
            "modified": (PartialDate("2021"),),
            "valid_until": (PartialDate("2030"),),
            "date": (PartialDate("2018"),),
            "coverage": (LangString("Vaasa"),),
        },
    ),
    "unknown properties in words are kept under their names, numbers and addresses are not": (
        {
            "unheardOf": "of",
            "ex:other": {"fi": "muu"},
            "count": 5,
            "flag": True,
            "link": "https://example.org/l",
            "inCatalog": {"@type": "DataCatalog", "name": "Luettelo"},
            "articleBody": "All of it",
        },
        {
            "description": (
                LangString("unheardOf: of"),
                LangString("other: muu", "fi"),
                LangString("inCatalog: Luettelo"),
            )
        },
    ),
}


@pytest.mark.parametrize(("node", "expected"), CASES.values(), ids=CASES)
def test_what_a_node_says(node, expected):
    assert_reads(read({"@context": SCHEMA, "@type": "LearningResource", **node}), expected)


def test_captions_do_not_multiply_with_encodings():
    many = [f"https://example.org/{number}" for number in range(2000)]
    node = {"@type": "Course", "encoding": many, "caption": many, "contentUrl": many}
    assert len(to_json(read(node))) < 1_000_000


def test_the_class_is_the_type_where_no_type_is_stated():
    course = Term("Course", raw_id=f"{SCHEMA}Course")
    types = ["LearningResource", "schema:Course", "CreativeWork"]
    assert read({"@type": types, "name": "x"}).learning_resource_type == (course,)
    stated = read({"@type": types, "name": "x", "learningResourceType": "quiz"})
    assert stated.learning_resource_type == (Term("quiz"),)


@pytest.mark.parametrize(
    "document",
    [
        [{"@type": "Organization", "name": "School"}, {"@type": "Course", "name": "Fractions"}],
        {"@graph": [{"@type": "WebPage", "name": "P"}, {"@type": "Book", "name": "Fractions"}]},
        {
            "@context": SCHEMA,
            "@type": "WebPage",
            "name": "P",
            "mainEntity": {"@type": "LearningResource", "name": "Fractions"},
        },
        {"@context": SCHEMA, "name": "Fractions"},
        [
            {"@type": "Course", "@id": "#c", "name": "Fractions", "hasPart": {"@id": "#q"}},
            {"@type": "Course", "@id": "#q", "name": "Part"},
        ],
        {"@type": "http://schema.org/Course", "http://schema.org/name": "Fractions"},
    ],
)
def test_the_resource_is_found_among_what_a_page_says(document):
    assert [title.text for title in read(document).title] == ["Fractions"]


def test_a_reference_within_the_document_is_followed():
    document = {
        "@graph": [
            {"@type": "Course", "name": "Fractions", "author": {"@id": "#a"}},
            {"@type": "Person", "@id": "#a", "name": "Aino Aalto"},
        ]
    }
    assert read(document).creator == (Agent("Aino Aalto", "person"),)


def test_references_in_a_circle_come_to_an_end():
    document = {
        "@graph": [
            {"@type": "Course", "@id": "#c", "name": "Fractions", "isPartOf": {"@id": "#p"}},
            {"@type": "Person", "@id": "#p", "name": {"@id": "#p"}, "affiliation": {"@id": "#p"}},
        ]
    }
    assert [title.text for title in read(document).title] == ["Fractions"]


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"@type": "Organization", "name": "School"}, "only Organization"),
        ([], "nothing with a type and a name"),
        ({"course_title": "Fractions"}, "nothing with a type and a name"),
        ({"name": "Fractions"}, "no JSON-LD"),
        ({"type": "Text", "title": "Fractions"}, "no JSON-LD"),
        ([{"@type": "Course", "name": "A"}, {"@type": "Course", "name": "B"}], "2 resources"),
    ],
)
def test_a_document_without_one_resource_is_refused(document, why):
    with pytest.raises(UnreadableRecord, match=why):
        read(document)


@pytest.mark.parametrize(
    "payload",
    [
        b"{",
        b'{"name": }',
        b"[" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b"[" * 70 + b"]" * 70,
        b'{"name": "\xff"}',
        b'{"name": "a\nb"}',
        b'{"name": "x"} trailing',
    ],
)
def test_what_is_no_json_or_too_deep_is_unreadable(payload):
    with pytest.raises(UnreadableRecord, match=r"^(Not JSON: [^\n]+|The JSON is nested.*)\.$"):
        read_payload(payload)


def test_json_has_a_largest_size(monkeypatch):
    monkeypatch.setattr("oer.formats.jsonld_values.MAX_BYTES", 10)
    with pytest.raises(UnreadableRecord, match="10 are allowed"):
        jsonld.read(b'{"name": "Fractions"}')


def test_a_key_that_stands_twice_says_both():
    payload = b'{"@type": "Course", "name": "A", "name": ["B", "C"], "name": null}'
    assert [title.text for title in jsonld.read(payload).title] == ["A", "B", "C"]


def test_numbers_keep_their_spelling_however_huge():
    number = "9" * 5000
    payload = f'{{"@type": "Course", "name": "x", "version": {number}, "identifier": 1.50}}'
    metadata = jsonld.read(payload.encode())
    assert metadata.version == number
    assert metadata.identifiers == (Identifier("1.50"),)


def test_characters_that_no_database_takes_are_taken_out():
    metadata = jsonld.read(rb'{"@type": "Course", "name": "Frac\u0000tions\ud800"}')
    assert metadata.title == (LangString("Fractions"),)
    assert from_json(to_json(metadata)) == metadata


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_and_white_space_hide_no_json(encoding):
    payload = ' \n{"@type": "Course", "name": "Bråk"}'.encode(encoding)
    assert read_payload(payload).title == (LangString("Bråk"),)


def read(document: Any) -> ResourceMetadata:
    return jsonld.read(json.dumps(document).encode())
