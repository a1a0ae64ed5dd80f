"""Text from outside, made plain."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oer.metadata.text import MAX_LENGTH, clean_line, clean_paragraphs


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Plain title", "Plain title"), ("  two \n lines\t", "two lines"), ("a\u00a0b", "a b"),
        ("cafe\u0301", "café"), ("a\x01b\x00", "ab"), ("soft\u00adhyphen", "softhyphen"),
        ("\ufeffTitle", "Title"), ("\u202eevil\u202c", "evil"), ("\ud800x", "x"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("R&amp;D", "R&D"), ("R&amp;amp;D", "R&D"), ("x&nbsp;y", "x y"), ("a&#1;b", "ab"),
        ("&unknown; &copy=1", "&unknown; &copy=1"),
        ("<b>bold</b> text", "bold text"), ("H<sub>2</sub>O", "H2O"), ("a<br/>b", "a b"),
        ("&lt;p&gt;twice&lt;/p&gt;", "twice"), ("<jats:p>Abstract</jats:p>", "Abstract"),
        ("<td>a</td><td>b</td>", "a b"),
    ],
)  # fmt: skip
def test_a_line_is_plain_text(raw: str, text: str) -> None:
    assert clean_line(raw) == text


@pytest.mark.parametrize(
    "raw",
    [
        "if a < b and c > d",
        "x<y",
        "the <b> tag in HTML",
        "See <http://example.org/1> for more",
        "<3",
    ],
)
def test_what_is_no_markup_stays(raw: str) -> None:
    assert clean_line(raw) == clean_paragraphs(raw) == raw


def test_mathematics_inside_markup_stays() -> None:
    assert clean_line("<p>if a < b</p>") == "if a < b"


@pytest.mark.parametrize(
    "raw",
    ["<script>alert(1)</script>Text</p>", "&lt;script&gt;alert(1)&lt;/script&gt;Text",
     '<style>p{color:red}</style><p onclick="alert(1)">Text</p>',
     '<a href="javascript:alert(1)">Text</a>', "<div><script>alert(1)</script></div>Text"],
)  # fmt: skip
def test_scripts_and_styles_leave_nothing_behind(raw: str) -> None:
    assert clean_line(raw) == "Text"


def test_a_description_keeps_its_paragraphs_and_lists() -> None:
    html = "<p>One <em>two</em></p><p>Three</p><ul><li>a</li><li>b</li></ul>"
    assert clean_paragraphs(html).split() == ["One", "two", "Three", "a", "b"]
    assert clean_paragraphs("<p>One</p><p>Two</p>") == "One\n\nTwo"
    assert clean_paragraphs("One\r\n  two\n\n\n\nThree  \n") == "One\ntwo\n\nThree"
    assert clean_line("<p>One</p><p>Two</p>") == "One Two"


@given(st.text(st.sampled_from("<>/&;#pbr amplgtscit=x\n\u0301\u037e\xa0é\"'!-"), max_size=60))
def test_cleaning_again_changes_nothing(raw: str) -> None:
    for clean in (clean_line, clean_paragraphs):
        text = clean(raw)
        assert clean(text) == text


@given(st.text())
def test_a_line_has_no_control_characters_and_no_outer_space(raw: str) -> None:
    text = clean_line(raw)
    assert text == text.strip()
    assert not any(ord(character) < 32 for character in text)


@pytest.mark.parametrize(
    "part", ["<!--", "<p ", "<b", "&amp;", "<br ", "&#", " \n", "<p>", "</p", "<"]
)
def test_hostile_text_takes_no_long_time(part: str) -> None:
    started = time.process_time()
    for text in (part * (300_000 // len(part)), part * 20_000 + "</p>"):
        assert len(clean_paragraphs(text)) <= MAX_LENGTH
    assert time.process_time() - started < 3
