"""The envelope: nothing is lost silently, and nothing that is not OAI-PMH is believed."""

import pytest

from harvesters.envelope import read_envelope
from oer.errors import ProtocolError
from tests.harvesters.replay import deleted, error, page, record


def titles(envelope):
    return [
        (r.payload or b"").decode().partition("<dc:title>")[2].partition("<")[0]
        for r in envelope.records
    ]


def identifiers(envelope):
    return [r.identifier for r in envelope.records]


def read(body):
    return read_envelope(body, verb="ListRecords")


def test_a_page_gives_its_records_and_its_token():
    envelope = read(page(record("a"), deleted("b"), token=" next ", size=7))
    assert identifiers(envelope) == ["a", "b"]
    assert [r.deleted for r in envelope.records] == [False, True]
    assert (envelope.token, envelope.complete_list_size) == ("next", 7)
    assert envelope.response_date == "2026-03-01T10:00:00Z"
    assert envelope.notes == ()


def test_the_payload_carries_the_namespaces_declared_above_it():
    body = page(record("a")).replace(b"<OAI-PMH ", b'<OAI-PMH xmlns:odd="urn:odd" ')
    assert b'xmlns:dc="http://purl.org/dc/elements/1.1/"' in read(body).records[0].payload


def test_an_empty_token_ends_the_list_and_a_missing_one_too():
    assert read(page(record("a"), token="  ")).token == ""
    assert read(page(record("a"))).token is None


def test_errors_are_read_all_of_them():
    body = error("badArgument", "one").replace(
        b"</OAI-PMH>", b'<error code="badVerb">two</error></OAI-PMH>'
    )
    assert read(body).errors == (("badArgument", "one"), ("badVerb", "two"))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (b"<html><body>Please log in</body></html>", "not OAI-PMH"),
        (b"<!DOCTYPE html><html><body>Maintenance", "it begins with"),
        (b'{"error": "no"}', "not OAI-PMH"),
        (page(record("a"))[:-40], "cut short"),
        (error("x").replace(b"<error", b"<other").replace(b"error>", b"other>"), "neither"),
    ],
)
def test_a_reply_that_is_no_list_is_never_an_empty_list(body, said):
    with pytest.raises(ProtocolError, match=said):
        read(body)


def test_a_doctype_is_refused():
    body = page(record("a", "&x;")).replace(
        b"<OAI-PMH", b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><OAI-PMH', 1
    )
    with pytest.raises(ProtocolError):
        read(body)


@pytest.mark.parametrize(
    ("title", "mended", "note"),
    [
        ("AT&T", "AT&amp;T", "Bare ampersands were escaped (1)"),
        ("a&nbsp;b", "a\u00a0b", "HTML entities were written as characters (1)"),
        ("a\x0bb", "ab", "Characters that XML forbids were removed (1)"),
        ("a&#x1;b", "ab", "Characters that XML forbids were removed (1)"),
        ("fish &chips; 5", "fish &amp;chips; 5", "Bare ampersands were escaped (1)"),
    ],
)
def test_what_can_be_mended_without_loss_is_mended_and_counted(title, mended, note):
    envelope = read(page(record("a", title), record("b", "B")))
    assert titles(envelope) == [mended, "B"]
    assert envelope.notes == (note,)


def test_ampersands_in_cdata_are_left_alone():
    envelope = read(page(record("a", "<![CDATA[AT&T]]>"), record("b", "x\x01y")))
    assert titles(envelope) == ["AT&amp;T", "xy"]


def test_latin_1_that_calls_itself_utf_8_is_read_as_windows_1252():
    body = page(record("a", "Hyvää")).decode().encode("cp1252")
    envelope = read(body)
    assert titles(envelope) == ["Hyvää"]
    assert "Windows-1252" in envelope.notes[0]


def test_single_bad_bytes_in_utf_8_are_marked():
    body = page(record("a", "Hyvää")).replace("ä".encode(), b"\xff", 1)
    envelope = read(body)
    assert titles(envelope) == ["Hyv�ä"]
    assert "replaced by � (1)" in envelope.notes[0]


def test_text_around_the_envelope_is_cut_off():
    envelope = read(b"\n<b>Notice</b>: x\n" + page(record("a")) + b"<!-- 3 ms -->\nWarning: y")
    assert identifiers(envelope) == ["a"]
    assert envelope.notes == ("Text before or after the envelope was cut off (1)",)


def test_one_malformed_record_costs_only_itself():
    bad = record("b").replace("</dc:title>", "</dc:titel>")
    envelope = read(page(record("a"), bad, record("c"), token="t", size=9))
    assert identifiers(envelope) == ["a", "c", "b"]
    assert [r.problem for r in envelope.records] == [None, None, "malformed"]
    assert b"</dc:titel>" in envelope.records[2].payload
    assert (envelope.token, envelope.complete_list_size) == ("t", 9)


def test_a_malformed_last_record_does_not_cost_the_token():
    bad = record("b").replace("</metadata>", "")
    envelope = read(page(record("a"), bad, token="t"))
    assert [(r.identifier, r.problem) for r in envelope.records] == [
        ("a", None),
        ("b", "malformed"),
    ]
    assert envelope.token == "t"


def test_records_inside_a_payload_are_not_records_of_the_list():
    inner = record("outer").replace(
        "<metadata>", "<metadata><wrap xmlns='urn:w'><record><header/></record></wrap>", 1
    )
    assert identifiers(read(page(inner))) == ["outer"]


def test_a_wrong_namespace_is_read_and_noted():
    body = page(record("a")).replace(b'http://www.openarchives.org/OAI/2.0/"', b'urn:wrong"', 1)
    envelope = read(body)
    assert identifiers(envelope) == ["a"]
    assert "urn:wrong" in envelope.notes[0]


def test_a_record_without_header_or_metadata_is_still_a_record():
    body = page(
        "<record><metadata/></record>",
        record("b").replace("<metadata>", "<x>").replace("</metadata>", "</x>"),
    )
    assert [(r.identifier, r.payload) for r in read(body).records] == [(None, None), ("b", None)]


def test_odd_spellings_of_deleted_are_understood():
    body = page(deleted("a").replace('"deleted"', '" Deleted "'))
    assert read(body).records[0].deleted
