"""The parser is the border: nothing hostile comes past it, and nothing readable stops there."""

import pytest

from oer.errors import UnreadableRecord
from oer.formats import oai_dc, xml

DOCTYPE = '<!DOCTYPE dc [<!ENTITY lol "lol">]>'
BOMB = (
    "<!DOCTYPE dc ["
    + '<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]>"
)


@pytest.mark.parametrize(
    "payload",
    [
        f"{DOCTYPE}<dc><title>x</title></dc>".encode(),
        f"{DOCTYPE}<dc><title>&lol;</title></dc>".encode(),
        f'{BOMB}<dc><title a="&a11;">x</title></dc>'.encode(),
        f"{BOMB}<dc><title>&a11;</title></dc>".encode(),
        b'<!DOCTYPE dc SYSTEM "http://127.0.0.1:9/never-fetched.dtd"><dc><title>x</title></dc>',
        b'<!DOCTYPE dc [<!ENTITY f SYSTEM "file:///etc/passwd">]><dc><title>&f;</title></dc>',
        b'<!DOCTYPE dc [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]><dc/>',
        f"<?xml version='1.0' encoding='utf-16'?>{DOCTYPE}<dc/>".encode("utf-16"),
        f"{DOCTYPE}<dc><title>{'x' * xml._BIG}</title></dc>".encode(),
    ],
)
def test_a_doctype_is_refused_whatever_it_holds(payload):
    with pytest.raises(UnreadableRecord, match=r"DOCTYPE|Not well-formed"):
        xml.parse(payload)


def test_a_doctype_within_text_is_only_text():
    payload = b"<dc><description><![CDATA[<!DOCTYPE html><p>Hello</p>]]></description></dc>"
    assert oai_dc.read(payload).description[0].text == "<!DOCTYPE html><p>Hello</p>"


@pytest.mark.parametrize("padding", ["", " " * xml._BIG], ids=["small", "big"])
@pytest.mark.parametrize("depth", [300, 1500, 20_000])
def test_deep_nesting_is_refused(depth, padding):
    payload = ("<dc>" + "<a>" * depth + padding + "</a>" * depth + "</dc>").encode()
    with pytest.raises(UnreadableRecord):
        xml.parse(payload)


def test_a_text_of_twelve_megabytes_arrives_whole():
    text = "Pitkä kuvaus. " * 860_000
    payload = f"<dc><description>{text}</description></dc>".encode()
    assert len(payload) > 12_000_000
    assert oai_dc.read(payload).description[0].text == text.strip()


def test_a_payload_has_a_largest_size():
    with pytest.raises(UnreadableRecord, match="are allowed"):
        xml.parse(b"<dc>" + b" " * xml.MAX_BYTES + b"</dc>")


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b" ",
        b"no xml",
        b"<dc>",
        b"<dc><title>a & b</title></dc>",
        b"<dc>&nbsp;</dc>",
        b"<dc>\x01</dc>",
        b"<dc>\xff\xfe</dc>",
        b"<dc:dc/>",
        b"<dc/><dc/>",
        b"<!-- only -->",
    ],
)
def test_malformed_xml_is_unreadable_in_one_sentence(payload):
    with pytest.raises(UnreadableRecord, match=r"^Not well-formed XML: [^\n]+\.$"):
        xml.parse(payload)


def test_comments_and_instructions_do_not_cut_a_text_in_two():
    payload = b"<dc><title>Frac<!-- sic -->tio<?break?>ns</title></dc>"
    assert oai_dc.read(payload).title[0].text == "Fractions"


@pytest.mark.parametrize(
    ("stated", "tag", "spelling"),
    [
        ("fi", "fi", None),
        ("FI", "fi", "FI"),
        (" sv ", "sv", None),
        ("en-gb", "en-GB", "en-gb"),
        ("zh-hans-cn", "zh-Hans-CN", "zh-hans-cn"),
        ("es-419", "es-419", None),
        ("eng", None, "eng"),
        ("en_US", None, "en_US"),
        ("suomi", None, "suomi"),
        ("x-none", None, None),
        ("X-None", None, None),
        ("none", None, None),
        ("und", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_only_a_plain_tag_becomes_a_language(stated, tag, spelling):
    assert xml.language_tag(stated) == (tag, spelling)


def test_illegal_characters_are_taken_out_and_no_others():
    assert xml.legal("a\x00b\x0b\ud800c\ufffe\t\n é🎓") == "abc\t\n é🎓"
