"""Checking a record: what is pasted is read like a harvest, and can do no harm."""

import re
import time
from html import escape
from pathlib import Path

import pytest
from lxml import html

from oer.metadata import checks
from oer.metadata.checks import WEIGHTS
from oer.metadata.vocabularies import SHIPPED
from oer.models import MappingRow
from oer.services import bounded_validation, describing, explanations, findings, validation
from oer.services.validation import validate
from oer.web import finding_texts, languages
from oer.web.validate import MOST_BYTES, MOST_ROWS, REFUSALS

DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>{more}</oai_dc:dc>'
)
RECORD = (
    '<record xmlns="http://www.openarchives.org/OAI/2.0/"><header{status}>'
    "<identifier>oai:m:1</identifier></header>{metadata}</record>"
)
REPLY = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>x</responseDate>'
    "{answer}</OAI-PMH>"
)
JSON_LD = (
    '{"@context": "https://schema.org", "@type": "LearningResource", "name": "Hei", '
    '"license": "https://creativecommons.org/licenses/by/4.0/"}'
)


def dublin_core(title="Metsän puut", more=""):
    return DC.format(title=title, more=more)


def record(metadata=None, status=""):
    inner = f"<metadata>{dublin_core() if metadata is None else metadata}</metadata>"
    return RECORD.format(status=status, metadata="" if status else inner)


# -- the form --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", list(languages.LANGUAGES))
def test_the_form_is_there_in_every_language_and_needs_no_script(page, language):
    shown = page(f"/{language}/validate")
    (form,) = shown.xpath("//form[@method='post']")
    assert form.get("action") == f"/{language}/validate"
    assert form.xpath(".//label/@for") == form.xpath(".//textarea/@id")
    assert form.xpath(".//input") == []


def test_a_record_is_shown_as_it_was_read(answered):
    more = "<dc:rights>CC BY 4.0</dc:rights><dc:language>fin</dc:language>"
    shown = answered(dublin_core(more=more))
    text = shown.text_content()
    assert "Metsän puut" in shown.xpath("string(//div[@class='preview'])")
    assert "You may adapt it" in text
    elements = shown.xpath("//section[@aria-labelledby='all']//tbody/tr/th/code/text()")
    assert {"title", "license", "language"} <= set(elements)
    assert "language tag" in text, "what normalisation changed"
    assert dublin_core(more=more) == shown.xpath("string(//textarea)")


def test_what_is_wrong_is_said_gravest_first(answered):
    shown = answered(dublin_core(more="<dc:rights>free to use</dc:rights><dc:type>Kumma</dc:type>"))
    findings = [item.text_content() for item in shown.xpath("//li[contains(@class, 'finding')]")]
    assert "Must be put right" in findings[0]
    assert "names no web address" in findings[0]
    assert any("name no licence we know" in each and "free to use" in each for each in findings)
    severities = [
        item.get("class").split()[1] for item in shown.xpath("//li[contains(@class, 'finding')]")
    ]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)


def test_the_parts_of_completeness_are_all_there(answered):
    shown = answered(dublin_core())
    parts = shown.xpath("//ul[@class='parts']/li")
    assert len(parts) == len(WEIGHTS)
    there = [part.text_content() for part in parts if part.get("class") == "there"]
    assert len(there) == 1
    assert "a title" in there[0]
    assert "There:" in there[0], "not by colour alone"


def test_json_ld_is_read_too(answered):
    assert "Hei" in answered(JSON_LD).xpath("string(//div[@class='preview'])")


def test_the_curators_mappings_are_used(catalogue, answered, now):
    with catalogue.sessions.begin() as session:
        session.add(
            MappingRow(
                vocabulary="type",
                raw="Kumma",
                folded="kumma",
                target="type:video",
                created_by="maija",
                created_at=now,
            )
        )
    shown = answered(dublin_core(more="<dc:type>Kumma</dc:type>"))
    assert "type:video" in shown.text_content()


def test_what_is_pasted_is_only_text_on_our_page(answered):
    attack = "</textarea><script>alert(1)</script>"
    shown = answered(dublin_core(title=escape("1 < 2 & <3"), more=f"<!-- {attack} -->"))
    assert "1 < 2 & <3" in shown.xpath("string(//div[@class='preview'])")
    assert attack in shown.xpath("string(//textarea)")
    assert shown.xpath("//script[not(@src)]") == []


def test_nothing_is_kept_and_nobody_is_known(client, catalogue):
    before = dump(catalogue.sessions)
    response = post(client, dublin_core())
    assert "Set-Cookie" not in response.headers
    assert dump(catalogue.sessions) == before


def test_long_tables_are_cut_and_say_so(answered):
    subjects = "".join(f"<dc:subject>puu {n}</dc:subject>" for n in range(MOST_ROWS + 50))
    shown = answered(dublin_core(more=subjects))
    rows = shown.xpath("(//section[@aria-labelledby='all']//table)[1]/tbody/tr")
    assert len(rows) == MOST_ROWS
    assert re.search(r"\d+ more", shown.xpath("string(//section[@aria-labelledby='all'])"))


# -- what cannot be read ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("", "There is nothing to read"),
        ("hello", "This is neither XML nor JSON"),
        ("<!DOCTYPE html><html></html>", "This is a web page, not a record"),
        ("<dc><title>", "This cannot be read"),
        ('{"@type": ', "This cannot be read"),
        (record(status=' status="deleted"'), "The record is marked as deleted"),
        (REPLY.format(answer="<GetRecord/>"), "There is no metadata in it"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_with_a_way_out(client, text, title):
    response = post(client, text)
    shown = html.document_fromstring(response.text)
    assert response.status_code == 422
    assert shown.xpath("string(//section[@role='alert']/h2)") == title
    assert shown.xpath("string(//section[@role='alert']/p[last()])").strip()
    assert shown.xpath("string(//textarea)") == text


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        "<a>" * 50_000,
        "[" * 50_000,
        '{"a":' * 50_000,
        "<x>\0</x>",
        "<x>\ud800</x>".encode("utf-8", "surrogatepass"),
    ],
    ids=["entities", "external", "deep", "deep-json", "deep-object", "nul", "surrogate"],
)
def test_hostile_texts_are_refused(client, text):
    response = post(client, text)
    assert response.status_code == 422
    assert "root:" not in response.text


def test_too_large_a_text_is_refused_before_it_is_read(client):
    response = post(client, "x" * MOST_BYTES)
    assert response.status_code == 413
    assert "This is too large" in response.text


def test_a_text_just_within_the_limit_gets_through(client):
    assert post(client, dublin_core(more=" " * 900_000)).status_code == 200


def test_a_request_that_does_not_say_how_long_it_is_is_refused(client):
    assert client.post("/en/validate", headers={"Transfer-Encoding": "chunked"}).status_code == 411


def test_a_text_that_takes_too_long_is_given_up():
    # Nothing known takes hours any more. No text is read in a hundredth of a second, though: the
    # process that reads it has hardly begun by then.
    started = time.monotonic()
    found = bounded_validation.bounded_validation(dublin_core(), now=checked_at(), seconds=0.01)
    assert found.refused == "too_slow"
    assert time.monotonic() - started < 5


def test_only_so_many_texts_are_read_at_once(client, monkeypatch):
    monkeypatch.setattr(bounded_validation, "PATIENCE", 0.01)
    for _ in range(bounded_validation.AT_ONCE):
        assert bounded_validation._TURNS.acquire(blocking=False)
    try:
        response = post(client, dublin_core())
    finally:
        bounded_validation._TURNS.release(bounded_validation.AT_ONCE)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert post(client, dublin_core()).status_code == 200


def test_the_process_is_given_none_of_our_environment(monkeypatch):
    seen = {}

    def run(command, **arguments):
        seen.update(arguments)
        return REAL_RUN(command, **arguments)

    REAL_RUN = bounded_validation.subprocess.run  # noqa: N806
    monkeypatch.setenv("OER_SECRET", "x")
    monkeypatch.setattr(bounded_validation.subprocess, "run", run)
    found = bounded_validation.bounded_validation(dublin_core(), now=checked_at())
    assert found.refused is None
    assert not any(name.startswith("OER_") for name in seen["env"])


# -- what it is ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        dublin_core(),
        "\ufeff \n" + dublin_core(),
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n' + dublin_core(),
        '<?xml version="1.0" encoding="UTF-16"?>' + dublin_core(),
        f"<metadata>{dublin_core()}</metadata>",
        record(),
        REPLY.format(answer=f"<GetRecord>{record()}</GetRecord>"),
        REPLY.format(answer=f"<ListRecords>{record()}{record()}</ListRecords>"),
    ],
    ids=["alone", "bom", "latin-1", "utf-16", "metadata", "record", "reply", "list"],
)
def test_the_metadata_is_found_wherever_it_stands(text):
    found = read(text)
    assert (found.refused, found.reason) == (None, "")
    assert found.metadata.title[0].text == "Metsän puut"


def test_the_first_of_several_is_read_and_they_are_counted():
    two = f"<ListRecords>{record()}{record()}</ListRecords>"
    assert read(REPLY.format(answer=two)).records == 2


def test_a_marc_record_is_no_record_of_oai():
    marc = (
        '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 a 4500</leader>'
        '<datafield tag="245" ind1=" " ind2=" "><subfield code="a">Puut</subfield></datafield>'
        "</record>"
    )
    assert read(marc).metadata.title[0].text == "Puut"


def test_an_error_of_the_repository_is_repeated():
    found = read(REPLY.format(answer='<error code="idDoesNotExist">no such record</error>'))
    assert (found.refused, found.reason) == ("reply_error", "idDoesNotExist: no such record")


def test_comments_between_elements_do_no_harm():
    reply = REPLY.format(answer=f"<!-- a --><GetRecord><!-- b -->{record()}</GetRecord>")
    assert read(reply).refused is None


# -- words for everything --------------------------------------------------------------------------


def test_every_finding_has_a_sentence():
    source = Path(checks.__file__).read_text()
    codes = set(re.findall(r'Finding\(\s*"([a-z-]+)"', source))
    named = set(re.findall(r'_not_understood\(metadata, "\w+", "(\w+)"\)', source))
    codes |= {f"{prefix}-{name}" for prefix in ("no", "unknown") for name in named}
    assert len(codes) >= 20
    assert codes | {findings.DEAD_LINK, describing.REPAIRED} == set(finding_texts.FINDINGS)


def test_every_part_and_refusal_has_words():
    assert set(finding_texts.PARTS) == {name for name, _, _ in WEIGHTS}
    assert set(REFUSALS) == set(validation.REFUSALS)
    assert set(finding_texts.PROBLEMS) >= set(explanations.PROBLEMS)


@pytest.fixture
def answered(client):
    """Post a record, read the page."""

    def read_page(text):
        response = post(client, text)
        assert response.status_code == 200, response.text[:500]
        return html.document_fromstring(response.text)

    return read_page


def post(client, text):
    body = text if isinstance(text, bytes) else text.encode()
    body = b'--x\r\nContent-Disposition: form-data; name="record"\r\n\r\n' + body + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    return client.post("/en/validate", data=body, content_type=kind)


def read(text):
    return validate(text, SHIPPED, checked_at())


def checked_at():
    from datetime import UTC, datetime

    return datetime(2026, 3, 1, tzinfo=UTC)


def dump(sessions):
    """Everything in the database."""
    from sqlalchemy import select

    from oer.models import Base

    with sessions() as session:
        return {
            table.name: session.execute(select(table)).all()
            for table in Base.metadata.sorted_tables
        }
