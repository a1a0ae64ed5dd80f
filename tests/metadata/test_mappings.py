"""The mapping tables: every row sound, every example understood, nothing understood by chance."""

import csv
from collections import Counter

import pytest
from lxml import etree

from oer.metadata.vocabularies import (
    DATA,
    LONGEST_RAW,
    SHIPPED,
    VOCABULARIES,
    Row,
    Tables,
    fold,
    get,
    match,
    match_all,
)
from tests.metadata.test_vocabularies import is_untidy
from tests.shared_data import shared_data

NAMES = sorted(path.stem for path in (DATA / "mappings").glob("*.csv") if path.stem != "schemes")


@pytest.mark.parametrize("name", NAMES)
def test_a_table_has_four_columns_and_tidy_cells(name):
    header, *rows = read(name)
    assert header == ["raw", "scheme", "target", "note"]
    assert [row for row in rows if len(row) != 4] == []
    assert [cell for row in rows for cell in row if is_untidy(cell)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_row_has_a_raw_value_and_targets_that_are_concepts_of_its_vocabulary(name):
    rows = VOCABULARIES[name].rows
    assert [row for row in rows if not fold(row.raw) or not row.target.split()] == []
    targets = {target for row in rows for target in row.target.split()}
    assert [target for target in targets if get(target) is None] == []
    assert {target.partition(":")[0] for target in targets} == {name}


@pytest.mark.parametrize("name", NAMES)
def test_a_value_has_one_row_per_scheme(name):
    keys = Counter((fold(row.raw), fold(row.scheme)) for row in VOCABULARIES[name].rows)
    assert [key for key, times in keys.items() if times > 1] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_target_is_named_once_in_a_row(name):
    rows = VOCABULARIES[name].rows
    assert [row for row in rows if len(set(row.target.split())) < len(row.target.split())] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_row_repeats_or_contradicts_an_identifier_or_a_label(name):
    vocabulary = VOCABULARIES[name]
    known = vocabulary.by_label | vocabulary.by_identifier
    assert [row for row in vocabulary.rows if not row.scheme and fold(row.raw) in known] == []


def test_a_spelling_of_a_scheme_stands_for_one_scheme_that_a_table_uses():
    header, *rows = read("schemes")
    assert header == ["raw", "scheme"]
    assert [cell for row in rows for cell in row if is_untidy(cell)] == []
    assert [raw for raw, times in Counter(fold(row[0]) for row in rows).items() if times > 1] == []
    used = {row.scheme for name in NAMES for row in VOCABULARIES[name].rows}
    assert {row[1] for row in rows} - used == set()


UNDERSTOOD = {
    "level": {
        "lukiokoulutus": "general-upper-secondary",
        "gymnasieutbildning": "general-upper-secondary",
        "Upper secondary school": "general-upper-secondary",
        "perusopetuksen vuosiluokat 7-9": "grades-7-9",
        "perusopetuksen vuosiluokat 7–9": "grades-7-9",
        "grundläggande utbildning årskurs 1-2": "grades-1-2",
        "lukiokoulutukseen valmistava koulutus, LUVA": "luva",
        "työhön ja itsenäiseen elämään valmentava koulutus, TELMA": "telma",
        "ylemmän korkeakouluasteen tutkinto": "master",
        "forskarutbildning": "doctoral",
        "bachelor’s degree": "bachelor",
        "Bachelor's Degree": "bachelor",
        "Sekundarstufe I": "lower-secondary",
        "Grundschule": "primary",
        "middle school": "lower-secondary",
        "7th grade": "lower-secondary",
        "high school": "upper-secondary",
        "MBO": "vocational",
        "WO": "higher-education",
        "higher%20education": "higher-education",
        "higher education": "higher-education",
        "community college": "short-cycle",
        "EQF 7": "master",
        "ISCED 3": "upper-secondary",
        "8e7b8440-286d-4cc9-ad99-9fe288107535": "early-childhood",
        "https://w3id.org/kim/educationalLevel/level_2": "lower-secondary",
        "https://w3id.org/kim/isced-2011/level8": "doctoral",
        "fritt bildningsarbete": "liberal-adult",
    },
    "type": {
        "Text": "text",
        "MovingImage": "video",
        "Moving Image": "video",
        "Image;": "image",
        "StillImage": "image",
        "http://purl.org/dc/dcmitype/Sound": "audio",
        "http://purl.org/coar/resource_type/c_ddb1": "data",
        "https://w3id.org/kim/hcrt/lesson_plan": "lesson-plan",
        "drill_and_practice": "drill-and-practice",
        "info:eu-repo/semantics/doctoralThesis": "text",
        "info:eu-repo/semantics/article": "text",
        "Thèse ou Mémoire numérique / Electronic Thesis or Dissertation": "text",
        "Technical Report": "text",
        "book": "text",
        "narrative%20text": "text",
        "self assesment": "assessment",
        "self%20assessment": "assessment",
        "problem statement": "drill-and-practice",
        "handleiding": "guide",
        "evaluatie- en toetsmateriaal": "assessment",
        "gesloten opdracht": "drill-and-practice",
        "sound recording-musical": "audio",
        "notated music": "sheet-music",
        "three dimensional object": "physical-object",
        "Activity/Lab": "activity",
        "Homework/Assignment": "drill-and-practice",
        "Full Course": "course",
        "ARBEITSBLATT": "worksheet",
        "UBUNG": "drill-and-practice",
        "(Erklär-)Video": "video",
        "luentotallenne": "lecture",
        "föreläsning": "lecture",
        "web blogg": "blog",
        "työkalu": "tool",
        "harjoitus": "drill-and-practice",
        "table": "data",
        "c1256389-a47d-4a44-beb2-bdbbc79abb28": "video",
        "https://schema.org/VideoObject": "video",
        "http://schema.org/VideoObject": "video",
    },
    "audience": {
        "learner": "student",
        "Opettaja": "teacher",
        "http://purl.org/dcx/lrmi-vocabs/educationalAudienceRole/peerTutor": "peer-tutor",
        "Asiantuntija tai ammattilainen": "professional",
        "Allmänheten": "general-public",
        "manager": "administrator",
        "leraar": "teacher",
    },
    "use": {
        "Itsenäinen opiskelu": "independent-study",
        "Lagarbete": "group-work",
        "professional support": "professional-support",
        "69125b8d-8b43-4820-838e-daf145672c17": "guidance",
    },
    "interactivity": {"expositive": "expositive", "gemischt": "mixed"},
    "difficulty": {"very%20easy": "very-easy", "very_difficult": "very-difficult"},
    "access": {
        "info:eu-repo/semantics/openAccess": "open",
        "http://purl.org/coar/access_right/c_f1cf": "embargoed",
        "http://purl.org/eprint/accessRights/ClosedAccess": "closed",
        "closedAccess": "closed",
        "https://w3id.org/kim/conditionsOfAccess/no_login": "no-login",
    },
    "mode": {"textOnVisual": "text-on-visual", "visual": "visual"},
    "feature": {
        "alternativeText": "alternative-text",
        "MathML": "mathml",
        "tekstitys": "captions",
        "textning": "captions",
        "https://www.w3.org/2021/a11y-discov-vocab/latest/#signLanguage": "sign-language",
        "none": "none",
    },
    "hazard": {
        "noFlashingHazard": "no-flashing",
        "ei esteitä": "none",
        "välähtely": "flashing",
        "ei tiedossa": "unknown",
    },
    "sdg": {"http://metadata.un.org/sdg/4": "4", "SDG 13": "13"},
    "subject": {
        "Matematiikka": "mathematics",
        "lång matematik": "mathematics-advanced",
        "http://data.europa.eu/snb/isced-f/0": None,
        "http://data.europa.eu/snb/isced-f/054": "isced-f-054",
        "tieteenala_1172": "field-1172",
        "moduulikoodistolops2021_maa5": "lops21-maa5",
    },
}

NOT_UNDERSTOOD = {
    "level": [
        "", "   ", "unknown", "other", "autre", "none", "SO", "3", "EQF 5", "primarily", "x-none",
        "not higher education", "Schule für Erwachsene", "level", "level:", "cegep",
    ],
    "type": [
        "stable", "textile", "mapping", "untilArticleAppears", "PeerReviewed", "published version",
        "info:eu-repo/semantics/publishedVersion", "none", "DFT", "data protection", "no text",
        "Learning Object", "mixed material", "text book review of videos", "type:", "-", "koe",
    ],
    "audience": ["", "all", "student teacher", "dpla", "no teachers"],
    "use": ["", "useful", "unknown"],
    "interactivity": ["interactive", "inactive", "low"],
    "difficulty": ["not easy", "uneasy", "0"],
    "access": ["reopen", "not open access", "embargo until 2020", "unknown", "free", "CC BY"],
    "mode": ["audiovisual", "visually", ""],
    "feature": ["no captions", "notCaptions", "featureless"],
    "hazard": ["no", "ei", "not flashing", "soundness"],
    "sdg": ["4", "Quality education", "SDG 18"],
    "subject": ["FI", "AI", "UK", "4", "MAA5", "BI1", "Ekologian perusteet", "Music box", "05"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "raw", "code"), [(n, *pair) for n in UNDERSTOOD for pair in UNDERSTOOD[n].items()]
)
def test_a_known_value_finds_its_concept(name, raw, code):
    found = match(name, raw)
    assert (found and found.id) == (code and f"{name}:{code}")


@pytest.mark.parametrize(
    ("name", "raw"), [(name, raw) for name, values in NOT_UNDERSTOOD.items() for raw in values]
)
def test_what_no_row_names_stays_unknown(name, raw):
    assert match(name, raw) is None


def test_unknown_is_not_none_and_none_is_not_unknown():
    assert ids("hazard", "unknown") == ["hazard:unknown"]
    assert ids("hazard", "none") == ["hazard:none"]
    assert ids("feature", "unknown") == ["feature:unknown"]


def test_a_publication_type_never_becomes_an_educational_type():
    raws = ["article", "book", "report", "doctoralThesis", "väitöskirja", "bok", "conference paper"]
    assert {id_ for raw in raws for id_ in ids("type", raw)} == {"type:text"}


@pytest.mark.parametrize("raw", ["Gymnasium", "VO", "secondary education"])
def test_a_school_of_two_stages_is_both_stages(raw):
    assert ids("level", raw) == ["level:lower-secondary", "level:upper-secondary"]
    assert match("level", raw) == match_all("level", raw)[0]


def test_school_without_a_stage_is_the_parent_of_all_of_them():
    assert ids("level", "school", "LOMv1.0") == ["level:school"]


@pytest.mark.parametrize(
    ("scheme", "raw", "code"),
    [
        ("ISCED", "2", "lower-secondary"),
        ("isced-2011", "5", "short-cycle"),
        ("ISCED 2011", "0", "early-childhood"),
        ("EQF", "6", "bachelor"),
        ("CEDS grade level", "K", "pre-primary"),
        ("http://purl.org/ASN/scheme/ASNEducationLevel/", "9", "lower-secondary"),
        ("US grade level", "12", "upper-secondary"),
    ],
)
def test_a_number_means_something_only_in_its_scheme(scheme, raw, code):
    assert ids("level", raw, scheme) == [f"level:{code}"]
    assert ids("level", raw) == []
    assert ids("level", raw, "some other scheme") == []


def test_a_module_code_counts_only_where_the_curriculum_is_named():
    assert ids("subject", "MAA5", "moduulikoodistolops2021") == ["subject:lops21-maa5"]
    assert ids("subject", "ÄI1", "moduulikoodistolops2021") == ["subject:lops21-ai1"]
    assert ids("subject", "MAA5", "lukionkurssit") == []


def test_an_own_code_or_uri_is_stated_and_everything_else_is_mapped():
    assert match("type", "type:video").basis == "stated"
    assert match("type", "video").basis == "stated"
    assert match("type", "", raw_id="https://w3id.org/kim/hcrt/video").basis == "stated"
    assert match("type", "MovingImage").basis == "mapped"
    assert match("type", "c1256389-a47d-4a44-beb2-bdbbc79abb28").basis == "mapped"
    assert match("level", "Lukiokoulutus").basis == "mapped"


def test_a_match_names_the_row_that_made_it():
    assert match("type", "kennisclip").rule == "row 'kennisclip'"
    assert match("level", "2", "ISCED").rule == "row '2' in isced-2011"


def test_a_known_identifier_beats_the_label_and_an_unknown_one_does_not():
    hcrt = "https://w3id.org/kim/hcrt/"
    assert ids("type", "Text", None, hcrt + "video") == ["type:video"]
    assert ids("type", "Text", None, "https://example.org/types/1") == ["type:text"]


@pytest.mark.parametrize(
    "raw",
    ["moving-image", "MOVING_IMAGE", " moving\u00a0 image. ", "moving%20image", "“moving image”"],
)
def test_case_spaces_dashes_escapes_and_outer_punctuation_make_no_difference(raw):
    assert ids("type", raw) == ["type:video"]


def test_full_width_letters_and_decomposed_accents_are_the_same_letters():
    assert ids("type", "\uff34\uff45\uff58\uff54") == ["type:text"]
    assert ids("type", "tyo\u0308kalu") == ["type:tool"]


def test_http_and_https_address_the_same_concept():
    assert ids("type", "http://w3id.org/kim/hcrt/video/") == ["type:video"]


def test_a_long_text_is_no_term_and_is_not_kept():
    raw = "video " * LONGEST_RAW
    before = SHIPPED._cached.cache_info().currsize
    assert match("type", raw) is None
    assert SHIPPED._cached.cache_info().currsize == before


def test_the_cache_is_bounded():
    tables = Tables()
    bound = tables._cached.cache_info().maxsize
    assert bound is not None
    for number in range(bound + 10):
        tables.match("difficulty", f"value {number}")
    assert tables._cached.cache_info().currsize == bound


def test_an_unknown_vocabulary_is_an_error_of_the_caller():
    with pytest.raises(KeyError):
        match("nothing", "video")


def test_rows_of_an_operator_lie_over_the_shipped_ones():
    tables = SHIPPED.with_rows(
        [
            Row("Vlog", "", "type:video"),
            ("Lecture", "", "type:script"),
            ("SO", "TPPOVOv1.0", "level:primary level:lower-secondary"),
        ]
    )
    assert match("type", "vlog", tables=tables).id == "type:video"
    assert match("type", "lecture", tables=tables).id == "type:script"
    assert match("type", "lecture").id == "type:lecture"
    assert [m.id for m in tables.match_all("level", "so", "TPPOVOv1.0")] == [
        "level:primary",
        "level:lower-secondary",
    ]
    assert tables.match("level", "SO") is None
    assert tables.match("type", "MovingImage").id == "type:video"


def test_later_rows_lie_over_earlier_ones():
    first = SHIPPED.with_rows([("vlog", "", "type:audio")])
    second = first.with_rows([("VLOG", "", "type:video")])
    assert first.match("type", "vlog").id == "type:audio"
    assert second.match("type", "vlog").id == "type:video"


@pytest.mark.parametrize(
    "row",
    [
        ("", "", "type:video"),
        (" - ", "", "type:video"),
        ("vlog", "", ""),
        ("vlog", "", "type:hologram"),
        ("vlog", "", "video"),
        ("vlog", "", "type:video level:school"),
    ],
)
def test_a_row_without_value_or_with_a_target_that_is_no_concept_is_refused(row):
    with pytest.raises(ValueError, match="Mapping row"):
        SHIPPED.with_rows([row])


def test_most_types_of_real_dublin_core_records_are_understood():
    values = Counter(real_types())
    known = sum(times for raw, times in values.items() if match("type", raw))
    assert values
    # The rest are statuses (PeerReviewed), methods (DFT) and events, which are no types.
    assert known / values.total() > 0.85


def test_no_publication_status_of_real_records_became_a_type():
    statuses = [raw for raw in set(real_types()) if raw.casefold().endswith(STATUSES)]
    assert statuses
    assert [raw for raw in statuses if match("type", raw)] == []


STATUSES = ("/publishedversion", "/acceptedversion", "peerreviewed", "accepted version")


def real_types():
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    for path in sorted(shared_data("records", "oai_dc").glob("*.xml")):
        for element in etree.parse(path, parser).iter("{http://purl.org/dc/elements/1.1/}type"):
            if text := " ".join((element.text or "").split()):
                yield text


def ids(*arguments):
    return [found.id for found in match_all(*arguments)]


def read(name):
    path = DATA / "mappings" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))
