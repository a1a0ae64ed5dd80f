"""Small rules of texts and links."""

import pytest

from oer.metadata.resource_metadata import LangString
from oer.web.links import host, safe_url
from oer.web.text import Text, in_order_for, is_rtl


@pytest.mark.parametrize("tag", ["ar", "he-IL", "fa", "az-Arab", "ku-arab-IQ", "UR"])
def test_languages_written_from_right_to_left(tag):
    assert is_rtl(tag)


@pytest.mark.parametrize("tag", ["fi", "en-GB", "zh-Hant", "ar-Latn", "arn", ""])
def test_languages_written_from_left_to_right(tag):
    assert not is_rtl(tag)


def test_a_text_of_the_pages_own_language_needs_no_direction():
    assert Text("label").dir is None
    assert Text("?", "").dir == "auto"


def test_the_readers_language_comes_first_then_english_then_the_records_order():
    values = [
        LangString("c", "de"),
        LangString("b", "en-GB"),
        LangString("d"),
        LangString("a", "fi"),
    ]
    assert [value.text for value in in_order_for("fi", values)] == ["a", "b", "c", "d"]


def test_empty_texts_are_no_texts():
    assert in_order_for("fi", [LangString("  ", "fi")]) == []


@pytest.mark.parametrize(
    "url", ["https://a.example/", "HTTP://a.example/x?y#z", "http://ä.example"]
)
def test_web_addresses_are_safe(url):
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url", [None, "", "mailto:a@b.example", "https://", "https://[::1", "\x01https://a.b"]
)
def test_anything_else_is_not(url):
    assert safe_url(url) is None


def test_a_host_is_named_as_people_say_it():
    assert host("https://www.Materials.example:8080/a") == "materials.example"
