"""Normalisation: canonical values, an account of every change, and nothing invented."""

import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oer.metadata.normalise import Change, normalise
from oer.metadata.resource_metadata import (
    Agent,
    AgeRange,
    Alignment,
    Caption,
    Duration,
    Flag,
    Identifier,
    LangString,
    LicenseStatement,
    Material,
    PartialDate,
    Relation,
    ResourceMetadata,
    Size,
    Term,
)
from oer.metadata.vocabularies import SHIPPED
from tests.metadata_strategies import descriptions


def test_a_term_gets_its_concept_and_keeps_what_was_written() -> None:
    after, changes = normalise(ResourceMetadata(educational_level=(Term("lukio"),)))
    term = after.educational_level[0]
    assert (term.raw, term.basis) == ("lukio", "mapped")
    assert term.id is not None
    assert [(c.field, c.raw, c.basis) for c in changes] == [
        ("educational_level", "lukio", "mapped")
    ]
    assert changes[0].canonical == term.id


def test_a_value_that_stands_for_several_concepts_becomes_several_terms() -> None:
    tables = SHIPPED.with_rows([("koulut", "", "level:basic-education level:early-childhood")])
    after, changes = normalise(ResourceMetadata(educational_level=(Term("Koulut"),)), tables)
    assert after.educational_level == (
        Term("Koulut", "level:basic-education", "mapped"),
        Term("Koulut", "level:early-childhood", "mapped"),
    )
    assert len(changes) == 2


def test_rows_of_a_source_do_not_reach_other_sources() -> None:
    metadata = ResourceMetadata(educational_level=(Term("our own word"),))
    tables = SHIPPED.with_rows([("our own word", "", "level:basic-education")])
    assert normalise(metadata, tables)[0].educational_level[0].id == "level:basic-education"
    assert normalise(metadata)[0] is metadata


def test_a_term_that_is_not_understood_stays_as_it_is() -> None:
    metadata = ResourceMetadata(learning_resource_type=(Term("stable"),))
    assert normalise(metadata) == (metadata, ())


def test_what_a_curator_set_is_never_touched() -> None:
    metadata = ResourceMetadata(
        educational_level=(Term("  lukio ", "level:basic-education", "curated"),),
        issued=(PartialDate("somewhen", "2019", "curated"),),
        license=(LicenseStatement("CC BY 4.0", uri="https://example.org/l", basis="curated"),),
    )
    assert normalise(metadata) == (metadata, ())


def test_a_keyword_stays_free_text_unless_it_names_a_concept_by_its_identifier() -> None:
    after, _ = normalise(
        ResourceMetadata(keywords=(Term("1"), Term("http://metadata.un.org/sdg/4")))
    )
    assert after.keywords == (
        Term("1"),
        Term("http://metadata.un.org/sdg/4", "sdg:4", "stated"),
    )


def test_texts_are_cleaned_and_their_languages_read() -> None:
    metadata = ResourceMetadata(
        title=(LangString(" A&amp;B\n", "en_UK"), LangString("x", "x-none"), LangString(" ")),
        description=(LangString("<p>One</p><p>Two</p>", None, "fin"),),
    )
    after, changes = normalise(metadata)
    assert after.title == (LangString("A&B", "en-GB", "en_UK"), LangString("x", None, "x-none"))
    assert after.description == (LangString("One\n\nTwo", "fi", "fin"),)
    assert Change("title.language", "en_UK", "en-GB", "language tag", "mapped") in changes
    assert Change("title.language", "x-none", None, "language tag", None) in changes
    assert Change("title", " A&amp;B\n", "A&B", "clean text", "stated") in changes


def test_a_text_without_a_language_gets_none() -> None:
    metadata = ResourceMetadata(title=(LangString("Hei"),), language=(Term("fi", "fi", "stated"),))
    assert normalise(metadata)[0].title == (LangString("Hei"),)


def test_white_space_alone_is_no_change_to_account_for() -> None:
    after, changes = normalise(ResourceMetadata(title=(LangString("  a \n b "),)))
    assert after.title == (LangString("a b"),)
    assert changes == ()


def test_languages_become_tags() -> None:
    metadata = ResourceMetadata(language=(Term("eng"), Term("fi"), Term("sv; nb"), Term("und")))
    after, changes = normalise(metadata)
    assert after.language == (
        Term("eng", "en", "mapped"),
        Term("fi", "fi", "stated"),
        Term("sv; nb", "sv", "mapped"),
        Term("sv; nb", "nb", "mapped"),
        Term("und"),
    )
    assert [c.canonical for c in changes] == ["en", "sv", "nb"]


def test_dates_durations_and_ages_keep_their_raw_form() -> None:
    metadata = ResourceMetadata(
        issued=(PartialDate("[2019]"), PartialDate("2019-05"), PartialDate("9999")),
        duration=(Duration("00:31:33"), Duration("86")),
        typical_age_range=(AgeRange("7-9 v"), AgeRange("adults")),
    )
    after, _ = normalise(metadata)
    assert after.issued == (
        PartialDate("[2019]", "2019", "mapped"),
        PartialDate("2019-05", "2019-05", "stated"),
        PartialDate("9999"),
    )
    assert after.duration == (Duration("00:31:33", "PT31M33S", "mapped"), Duration("86"))
    assert after.typical_age_range == (AgeRange("7-9 v", 7, 9, "mapped"), AgeRange("adults"))


def test_a_canonical_date_that_is_none_is_read_again_from_the_raw_text() -> None:
    after, _ = normalise(ResourceMetadata(created=(PartialDate("2019", "nonsense", "stated"),)))
    assert after.created == (PartialDate("2019", "2019", "stated"),)


def test_a_yes_is_read_and_an_answer_already_given_stays() -> None:
    flags = (Flag("Yes"), Flag("no", True, "mapped"), Flag("perhaps"))
    after, _ = normalise(ResourceMetadata(is_accessible_for_free=flags))
    assert after.is_accessible_for_free == (Flag("Yes", True, "mapped"), *flags[1:])


def test_licences_are_read() -> None:
    uri = "https://creativecommons.org/licenses/by/4.0/"
    after, changes = normalise(ResourceMetadata(license=(LicenseStatement("CC BY 4.0"),)))
    assert (after.license[0].uri, after.license[0].raw) == (uri, "CC BY 4.0")
    assert after.license[0].basis is not None
    assert ("license", "CC BY 4.0", uri) in [(c.field, c.raw, c.canonical) for c in changes]


def test_a_licence_that_a_form_chose_by_its_uri_stays() -> None:
    uri = "https://creativecommons.org/licenses/by-sa/4.0/"
    after, _ = normalise(ResourceMetadata(license=(LicenseStatement(uri=uri),)))
    assert (after.license[0].uri, after.license[0].basis) == (uri, "stated")


def test_an_agent_of_dublin_core_keeps_the_name_as_it_is_given() -> None:
    metadata = ResourceMetadata(creator=(Agent("Esimerkki, Aino"),))
    assert normalise(metadata) == (metadata, ())


def test_no_e_mail_address_stays_in_the_description_or_the_account() -> None:
    agents = (
        Agent("Aino <aino@koulu.example>", raw="Aino <aino@koulu.example>"),
        Agent("aino@koulu.example"),
        Agent("BEGIN:VCARD\nFN:Aino\nEMAIL:aino@koulu.example\nEND:VCARD"),
        Agent("A", affiliation=("Koulu, aino@koulu.example",)),
    )
    after, changes = normalise(ResourceMetadata(creator=agents, rights_holder=agents))
    assert "@" not in repr(after)
    assert "@" not in repr(changes)
    assert [a.name for a in after.creator] == ["Aino", "Aino", "A"]


def test_identifiers_are_recognised_and_two_spellings_are_one() -> None:
    raw = ("doi:10.1234/A", "https://doi.org/10.1234/a", "1234", " ")
    metadata = ResourceMetadata(identifiers=tuple(Identifier(value) for value in raw))
    after, changes = normalise(metadata)
    assert after.identifiers == (
        Identifier("10.1234/a", "doi", "doi:10.1234/A"),
        Identifier("1234"),
    )
    assert [c.rule for c in changes if c.canonical is None] == ["duplicate"]


@pytest.mark.parametrize(
    ("values", "landing_page"),
    [
        (("https://repository.example/1", "10.1234/a"), "https://doi.org/10.1234/a"),
        (("https://repository.example/1", "http://hdl.handle.net/20.500/1"), "https://hdl.handle.net/20.500/1"),
        (("123", "urn:nbn:fi:x-1"), "https://urn.fi/urn:nbn:fi:x-1"),
        (("http://localhost/1", "https://repository.example/1"), "https://repository.example/1"),
        (("http://127.0.0.1:8711/1",), "http://127.0.0.1:8711/1"),
        (("http://hdl.handle.net/123456789/1", "http://a.example/"), "http://a.example/"),
    ],
)  # fmt: skip
def test_the_landing_page_is_the_most_lasting_identifier(
    values: tuple[str, ...], landing_page: str
) -> None:
    after, changes = normalise(ResourceMetadata(identifiers=tuple(map(Identifier, values))))
    assert after.landing_page == landing_page
    rules = [c.rule for c in changes if c.field == "landing_page"]
    assert len(rules) == 1
    assert rules[0].startswith("landing page from the first usable identifier of scheme")


def test_an_oai_identifier_or_a_number_is_no_landing_page() -> None:
    identifiers = (Identifier("oai:repository.example:1"), Identifier("20623"))
    assert normalise(ResourceMetadata(identifiers=identifiers))[0].landing_page is None


def test_a_landing_page_that_is_given_stays() -> None:
    metadata = ResourceMetadata(
        landing_page="https://repository.example/1", identifiers=(Identifier("10.1234/a", "doi"),)
    )
    assert normalise(metadata) == (metadata, ())


def test_an_address_that_is_none_is_taken_away_and_accounted_for() -> None:
    after, changes = normalise(ResourceMetadata(landing_page="javascript:alert(1)"))
    assert after.landing_page is None
    assert [(c.raw, c.canonical) for c in changes] == [("javascript:alert(1)", None)]


def test_materials_are_made_usable() -> None:
    material = Material(
        url="HTTPS://Files.example/a b.pdf",
        media_type="PDF",
        size=Size("1 MB"),
        language=(Term("fin"),),
        captions=(Caption("https://files.example/a.vtt", "fin"), Caption("x:y")),
        access_rights=Term("info:eu-repo/semantics/openAccess"),
    )
    after, _ = normalise(ResourceMetadata(materials=(material, Material(url=" "), Material())))
    assert after.materials == (
        Material(
            url="https://files.example/a%20b.pdf",
            media_type="application/pdf",
            raw_media_type="PDF",
            size=Size("1 MB", 1_000_000),
            language=(Term("fin", "fi", "mapped"),),
            captions=(Caption("https://files.example/a.vtt", "fi"),),
            access_rights=Term("info:eu-repo/semantics/openAccess", "access:open", "mapped"),
        ),
    )


def test_a_kind_of_resource_is_no_media_type() -> None:
    after, _ = normalise(ResourceMetadata(materials=(Material(media_type="text"),)))
    assert after.materials == (Material(raw_media_type="text"),)


def test_a_relation_given_as_one_text_leads_where_it_says() -> None:
    raw = ("https://a.example/1", "doi:10.1234/a", "A book", "")
    relations = tuple(Relation("relation", raw=text) for text in raw)
    after, _ = normalise(ResourceMetadata(relations=relations))
    doi = Identifier("10.1234/a", "doi", "doi:10.1234/a")
    assert after.relations == (
        Relation("relation", raw=raw[0], url=raw[0]),
        Relation("relation", raw=raw[1], url="https://doi.org/10.1234/a", identifiers=(doi,)),
        Relation("relation", raw="A book"),
    )


def test_an_alignment_finds_its_target() -> None:
    alignment = Alignment("educational_level", Term("lukio"))
    after, _ = normalise(ResourceMetadata(alignment=(alignment, Alignment("other", Term(" ")))))
    assert [a.target.basis for a in after.alignment] == ["mapped"]


def test_empty_values_and_exact_duplicates_are_dropped() -> None:
    metadata = ResourceMetadata(
        title=(LangString("A"), LangString("A"), LangString("")),
        keywords=(Term(""), Term("k"), Term(" k ")),
        creator=(Agent(" "),),
        access_mode_sufficient=((), (Term("textual"),)),
        version=" ",
    )
    after, changes = normalise(metadata)
    assert after.title == (LangString("A"),)
    assert after.keywords == (Term("k"),)
    assert after.creator == ()
    assert after.version is None
    assert [[t.id for t in terms] for terms in after.access_mode_sufficient] == [["mode:textual"]]
    assert [(c.field, c.rule) for c in changes if c.canonical is None] == [
        ("title", "duplicate"),
        ("keywords", "duplicate"),
    ]


_RAW = st.sampled_from(
    ["", " ", "a", "fi", "eng", "x-none", "lukio", "2019", "[2019]", "25/12/2021", "PT0H45M", "86",
     "7-9 v", "yes", "CC BY 4.0", "<p>a</p>", "R&amp;amp;D", "doi:10.1234/A", "urn:nbn:fi:x-1",
     "http://www.Example.org/a b", "www.example.org", "javascript:x", "PDF", "text", "1 MB",
     "a@b.example", "Esimerkki, Aino", "BEGIN:VCARD\nFN:A\nN:B;A\nEND:VCARD", "flashing", "oai:a:1",
     "9780306406157", "open access", "http://metadata.un.org/sdg/4", "café", "\u2060"]
)  # fmt: skip


@st.composite
def _likely(draw: st.DrawFn) -> ResourceMetadata:
    """Descriptions of values that records really hold, in every field."""
    metadata = draw(descriptions)
    data = msgspec.to_builtins(metadata)
    return msgspec.convert(_with_likely_texts(draw, data), ResourceMetadata)


def _with_likely_texts(draw: st.DrawFn, value: object, key: str = "") -> object:
    if isinstance(value, dict):
        return {k: _with_likely_texts(draw, v, k) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_with_likely_texts(draw, v, key) for v in value]
    if isinstance(value, str) and key not in ("basis", "kind", "type", "scope"):
        return draw(_RAW)
    return value


@settings(max_examples=60, deadline=None)
@given(st.one_of(descriptions, _likely()))
def test_normalising_again_changes_nothing(metadata: ResourceMetadata) -> None:
    once, _ = normalise(metadata)
    again, changes = normalise(once)
    assert again == once
    assert again is once
    assert changes == ()


@settings(max_examples=60, deadline=None)
@given(st.one_of(descriptions, _likely()))
def test_no_canonical_value_without_a_basis(metadata: ResourceMetadata) -> None:
    after, changes = normalise(metadata)
    for value in _values(msgspec.to_builtins(after)):
        curated = value.get("basis") == "curated"
        canonical = any(
            value.get(k) is not None for k in ("id", "uri", "family", "minimum", "maximum")
        )
        dated = "raw" in value and value.get("value") is not None and "scheme" not in value
        if not curated and "bytes" not in value and not _is_identifier_or_checksum(value):
            assert (canonical or dated) <= (value.get("basis") is not None), value
    for change in changes:
        assert change.canonical is None or change.basis is not None, change


def test_the_same_description_gives_the_same_account_twice() -> None:
    metadata = ResourceMetadata(title=(LangString("R&amp;D", "eng"),), language=(Term("eng"),))
    assert normalise(metadata) == normalise(metadata)


def test_a_usual_record_takes_a_fraction_of_a_millisecond() -> None:
    records = [_usual_record(number) for number in range(300)]
    best = min(_seconds(records) for _ in range(5))
    assert best / len(records) < 0.001, "ten times what it takes on a slow machine"


def _usual_record(number: int) -> ResourceMetadata:
    return ResourceMetadata(
        title=(LangString(f"Title of record {number}"),),
        description=(LangString("Some words that describe it. " * 30 + str(number)),),
        creator=(Agent("Esimerkki, Aino"), Agent("Exempel, Sven")),
        keywords=(Term("mathematics"), Term("algebra"), Term(f"topic {number % 7}")),
        date=(PartialDate("2019"), PartialDate(f"2019-05-01T10:20:{number % 60:02}Z")),
        language=(Term("en_US"),),
        learning_resource_type=(Term("text"),),
        license=(LicenseStatement("CC BY 4.0"),),
        identifiers=(Identifier(f"http://hdl.handle.net/20.500/{number}"), Identifier(str(number))),
        materials=(Material(raw_media_type="application/pdf"),),
    )


def _seconds(records: list[ResourceMetadata]) -> float:
    started = time.perf_counter()
    for record in records:
        normalise(record)
    return time.perf_counter() - started


def _values(value: object) -> list[dict[str, object]]:
    """Every struct inside, as a mapping."""
    if isinstance(value, dict):
        return [value, *(found for inner in value.values() for found in _values(inner))]
    if isinstance(value, list | tuple):
        return [found for inner in value for found in _values(inner)]
    return []


def _is_identifier_or_checksum(value: dict[str, object]) -> bool:
    return "algorithm" in value or "source" in value or set(value) <= {"value", "scheme", "raw"}
