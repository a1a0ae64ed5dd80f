"""The report on a source: it counts right, and nothing in it does harm."""

import csv
from functools import partial

import pytest
from lxml import html
from sqlalchemy import select

from oer.metadata.checks import CHECKS, WEIGHTS
from oer.models import Source
from oer.services import curation, explanations, report_forms, source_report
from oer.services.csv_lines import csv_line
from tests.services.providers import Provider

HOSTILE = '=HYPERLINK("https://evil.example","x")<script>alert(1)</script>'


def test_the_report_counts_findings_with_the_provider_s_own_identifiers(provider, made):
    metsala = provider()
    metsala.sends("good")
    metsala.sends("bad", title="Ilma", rights=(), identifier=())
    report = made()
    assert (report.resources, report.statuses) == (2, {"published": 2})
    groups = {group.code: group for group in report.findings}
    assert [group.severity for group in report.findings] == sorted(
        (group.severity for group in report.findings), key=["error", "warning", "info"].index
    )
    assert groups["no-license"].count == 1
    (example,) = groups["no-license"].examples
    assert (example.identifier, example.title) == ("oai:metsala.example:bad", "Ilma")


def test_completeness_is_the_mean_with_the_share_of_each_part(provider, made):
    metsala = provider()
    metsala.sends("1")
    metsala.sends("2", rights=())
    report = made()
    shares = {part.name: part.share for part in report.parts}
    assert (shares["title"], shares["license"], shares["audience"]) == (1, 0.5, 0)
    weighted = sum(part.share * part.weight for part in report.parts)
    assert report.completeness == pytest.approx(weighted / 100)


def test_values_without_a_concept_are_counted(provider, made):
    metsala = provider()
    metsala.sends("1", type=("Kummallinen",))
    metsala.sends("2", type=("Kummallinen", "video"))
    report = made()
    assert report.unmapped_count == 2
    (value,) = report.unmapped
    assert (value.field, value.raw, value.count) == ("learning_resource_type", "Kummallinen", 2)


def test_values_are_counted_whatever_their_case_and_shown_without_addresses(provider, made):
    metsala = provider()
    metsala.sends("1", type=("Kysy: aino@metsala.example",))
    metsala.sends("2", type=("KYSY: aino@metsala.example",))
    (value,) = made().unmapped
    assert value.count == 2
    assert value.raw.startswith("Kysy: ")
    assert "aino" not in value.raw


def test_licences_are_counted_and_unknown_stays_unknown(provider, made):
    metsala = provider()
    metsala.sends("1")
    metsala.sends("2", rights=("free to use",))
    assert {(each.code, each.count) for each in made().licenses} == {("cc-by", 1), ("", 1)}


def test_records_in_quarantine_are_named_with_the_reason(provider, made):
    provider().sends_bytes(b"<broken", "7")
    report = made()
    assert report.quarantined_count == 1
    assert report.quarantined[0].identifier == "oai:metsala.example:7"
    assert report.quarantined[0].problem == "unreadable"
    assert report.quarantined[0].detail


def test_what_is_not_public_and_what_is_another_s_is_left_out(provider, made, sessions, now):
    gone = provider().sends(rights=())
    provider(slug="lampi").sends(rights=())
    with sessions.begin() as session:
        withdrawn = curation.get(session, gone)
        curation.withdraw(session, withdrawn, actor="a", now=now, reason="r")
    report = made()
    assert (report.resources, report.findings, report.completeness) == (0, (), None)
    assert report.statuses == {"withdrawn": 1}


def test_the_list_has_every_finding_and_every_record_in_quarantine(provider, rows):
    metsala = provider()
    for name in range(source_report.EXAMPLES + 2):
        metsala.sends(f"{name}", rights=())
    metsala.sends_bytes(b"<broken", "broken")
    found = rows()
    assert sum(row.code == "no-license" for row in found) == source_report.EXAMPLES + 2
    assert (found[-1].code, found[-1].identifier) == ("unreadable", "oai:metsala.example:broken")


def test_hostile_values_are_text_in_html(provider, made):
    provider().sends(HOSTILE, title=HOSTILE, rights=(HOSTILE,), type=(HOSTILE,))
    page = report_forms.as_html(made())
    document = html.document_fromstring(page)
    assert document.get("lang") == "en"
    assert document.xpath("//script | //a | //img | //link") == []
    assert document.text_content().count(HOSTILE) >= 3


def test_hostile_values_are_no_formula_in_csv(provider, rows):
    provider().sends(title="=1+1", rights=("@free to use",))
    lines = list(csv.DictReader(report_forms.as_csv(rows())))
    assert {line["title"] for line in lines} == {"'=1+1"}
    assert {line["evidence"] for line in lines if line["code"] == "unknown-license"} == {
        "'@free to use"
    }


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\n=1", "＝1", "-", "\u00a0=1"]
)
def test_no_cell_begins_as_a_formula_does(text):
    (cell,) = next(csv.reader([csv_line([text])])) if "\n" not in text else [csv_line([text])[1:]]
    assert cell.startswith("'")


def test_ordinary_cells_and_numbers_stay_as_they_are():
    assert csv_line(["a=b", 7, -7, None, 'say "hi", you']) == 'a=b,7,-7,,"say ""hi"", you"\r\n'


def test_control_characters_reach_neither_the_terminal_nor_the_page(provider, made):
    report = made_with(provider, made, title="Vesi\x1b[31m")
    assert "\x1b" not in report_forms.as_text(report)
    assert "\x1b" not in report_forms.as_html(report)


def test_every_form_can_be_written_for_an_empty_source(provider, made, rows):
    provider()
    report = made()
    assert "No findings." in report_forms.as_text(report)
    assert "<h1>Report on metsala</h1>" in report_forms.as_html(report)
    assert len(list(report_forms.as_csv(rows()))) == 1


def test_every_finding_and_every_part_has_its_sentence():
    codes = {
        constant
        for check in CHECKS
        for constant in _strings(check.__code__)
        if "-" in constant[1:] and constant == constant.lower() and " " not in constant
    }
    assert codes <= {*explanations.FINDINGS, "no-", "unknown-"}
    assert {name for name, _, _ in WEIGHTS} == set(explanations.PARTS)


def _strings(code):
    return [constant for constant in code.co_consts if isinstance(constant, str)]


def made_with(provider, made, **record):
    provider().sends(rights=(), **record)
    return made()


@pytest.fixture
def provider(sessions, now):
    return partial(Provider, sessions, now)


@pytest.fixture
def made(sessions, now):
    """The report on the source ``metsala``."""

    def made():
        with sessions() as session:
            source = session.scalars(select(Source).where(Source.slug == "metsala")).one()
            return source_report.source_report(session, source, now=now)

    return made


@pytest.fixture
def rows(sessions):
    """The full list of the source ``metsala``."""

    def rows():
        with sessions() as session:
            source = session.scalars(select(Source).where(Source.slug == "metsala")).one()
            return list(source_report.rows(session, source))

    return rows
