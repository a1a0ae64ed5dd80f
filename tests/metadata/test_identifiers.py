"""Identifiers and web addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oer.metadata.identifiers import (
    dedup_key,
    identifier_url,
    is_private_host,
    normalise_url,
    read_identifier,
)
from oer.metadata.resource_metadata import Identifier


@pytest.mark.parametrize(
    "raw",
    ["10.1234/ABC.d", "doi:10.1234/abc.d", "DOI: 10.1234/abc.d", "https://doi.org/10.1234/abc.d",
     "http://dx.doi.org/10.1234%2Fabc.d", "https://www.doi.org/10.1234/abc.d",
     "info:doi/10.1234/abc.d", "urn:doi:10.1234/abc.d", "10.1234/abc.d."],
)  # fmt: skip
def test_every_form_of_a_doi_is_one_doi(raw: str) -> None:
    found = read_identifier(raw)
    assert (found.scheme, found.value) == ("doi", "10.1234/abc.d")
    assert identifier_url(found) == "https://doi.org/10.1234/abc.d"


@pytest.mark.parametrize(
    ("raw", "hint", "scheme", "value"),
    [
        ("http://hdl.handle.net/2027.42/100", None, "handle", "2027.42/100"),
        ("10138/1", "hdl", "handle", "10138/1"),
        ("10138/1", None, "other", "10138/1"),
        ("URN:NBN:FI:jyu-2019A", None, "urn", "urn:nbn:fi:jyu-2019A"),
        ("http://urn.fi/URN:NBN:fi:jyu-2019A", None, "urn", "urn:nbn:fi:jyu-2019A"),
        ("https://urn.kb.se/resolve?urn=urn:nbn:se:uu:diva-1", None, "urn", "urn:nbn:se:uu:diva-1"),
        ("urn:urn:nbn:de:0183-x1", None, "urn", "urn:nbn:de:0183-x1"),
        ("978-0-306-40615-7", None, "isbn", "9780306406157"),
        ("ISBN 0-306-40615-2", None, "isbn", "9780306406157"),
        ("0306406152", "ISBN", "isbn", "9780306406157"),
        ("0306406152", None, "other", "0306406152"),
        ("urn:isbn:9780306406157", None, "isbn", "9780306406157"),
        ("0378-5955", None, "issn", "0378-5955"),
        ("03785955", "issn", "issn", "0378-5955"),
        ("1990-2005", None, "other", "1990-2005"),
        ("https://orcid.org/0000-0002-1825-0097", None, "orcid", "0000-0002-1825-0097"),
        ("0000 0002 1825 0097", "orcid", "orcid", "0000-0002-1825-0097"),
        ("0000 0001 2103 2683", "ISNI", "isni", "0000000121032683"),
        ("https://ror.org/040af2s02", None, "ror", "040af2s02"),
        ("http://www.wikidata.org/entity/Q42", None, "wikidata", "Q42"),
        ("Q42", None, "other", "Q42"),
        ("ark:/12345/abc", None, "ark", "ark:/12345/abc"),
        ("oai:repository.example:1/2 3", None, "oai", "oai:repository.example:1/2 3"),
        ("https://repository.example/1", "URI", "url", "https://repository.example/1"),
        ("20623", None, "other", "20623"),
        ("javascript:alert(1)", "URI", "other", "javascript:alert(1)"),
    ],
)  # fmt: skip
def test_schemes_are_recognised(raw: str, hint: str | None, scheme: str, value: str) -> None:
    found = read_identifier(raw, hint)
    assert (found.scheme, found.value) == (scheme, value)
    assert found.raw == (raw if raw != value else None)


@pytest.mark.parametrize(
    ("raw", "hint"),
    [("978-0-306-40615-8", "isbn"), ("0306406153", "isbn"), ("0378-5956", "issn"),
     ("0000-0002-1825-0098", "orcid"), ("0000 0001 2103 2684", "isni"), ("040af2s03", "ror")],
)  # fmt: skip
def test_a_wrong_check_digit_is_no_identifier_of_the_scheme(raw: str, hint: str) -> None:
    assert read_identifier(raw, hint) == Identifier(raw, "other")


def test_nothing_resolves_an_oai_identifier_or_an_unregistered_handle() -> None:
    assert identifier_url(Identifier("oai:repository.example:1", "oai")) is None
    assert identifier_url(Identifier("123456789/1", "handle")) is None
    assert identifier_url(Identifier("urn:nbn:xx:1", "urn")) is None
    assert identifier_url(Identifier("urn:nbn:fi:1", "urn")) == "https://urn.fi/urn:nbn:fi:1"


@pytest.mark.parametrize(
    ("raw", "url"),
    [
        (" https://example.org/a ", "https://example.org/a"),
        ("HTTPS://Example.ORG:443/A?b=C#d", "https://example.org/A?b=C#d"),
        ("http://example.org/a b", "http://example.org/a%20b"),
        ("http://example.org/?a=1&amp;b=2", "http://example.org/?a=1&b=2"),
        ("http://example.org/a\u2060b", "http://example.org/ab"),
        ("<http://example.org>", "http://example.org"),
        ("http://example.org/ä?q=%zz", "http://example.org/%C3%A4?q=%25zz"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("www.example.org", "http://www.example.org"),
        ("http://example.org/a%20b+c", "http://example.org/a%20b+c"),
    ],
)
def test_web_addresses_are_made_usable(raw: str, url: str) -> None:
    assert normalise_url(raw) == url


@pytest.mark.parametrize(
    "raw",
    ["", "javascript:alert(1)", " data:text/html,x", "ftp://example.org/", "//example.org/", "a/b",
     "http://", "http://user:secret@example.org/", "http://http://example.org", "http://a..b/",
     "http://2130706433/", "http://0x7f000001/", "http://example.org:99999/", "http://[::1/",
     "http://a.example http://b.example", "http://example.org/" + "a" * 5000, "java\nscript:x"],
)  # fmt: skip
def test_what_is_no_usable_web_address_is_none(raw: str) -> None:
    assert normalise_url(raw) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://item/3",
        "http://nas.local/",
    ],
)
def test_addresses_in_somebodys_own_network_are_told(url: str) -> None:
    assert is_private_host(url)


@pytest.mark.parametrize(
    "url", ["http://example.org/", "http://8.8.8.8/", "http://node1.example2/"]
)
def test_public_addresses_are_not_taken_for_private(url: str) -> None:
    assert not is_private_host(url)


def test_copies_of_one_address_have_one_key() -> None:
    spellings = ("http://www.example.org/a/", "https://example.org/a", "HTTP://EXAMPLE.org/a/")
    assert {dedup_key(text) for text in spellings} == {"url:example.org/a"}
    assert dedup_key("https://doi.org/10.1234/X") == "doi:10.1234/x"
    assert dedup_key(Identifier("http://dx.doi.org/10.1234/x", "url")) == "doi:10.1234/x"


def test_different_queries_are_different_resources() -> None:
    assert dedup_key("http://example.org/view?id=1") != dedup_key("http://example.org/view?id=2")


def test_journals_people_and_unknown_numbers_give_no_key() -> None:
    assert dedup_key(Identifier("0378-5955", "issn")) is None
    assert dedup_key(Identifier("0000-0002-1825-0097", "orcid")) is None
    assert dedup_key("20623") is None


@given(
    st.text(alphabet="htps:/.w&amp;10-9X oaiurnd%2F?#@[]ä\u2060", max_size=40),
    st.sampled_from([None, "doi", "isbn", "issn", "orcid", "isni", "ror", "handle", "urn", "URI"]),
)
def test_reading_an_identifier_again_changes_nothing(raw: str, hint: str | None) -> None:
    once = read_identifier(raw, hint)
    again = read_identifier(once.value, once.scheme)
    assert (again.value, again.scheme) == (once.value, once.scheme)


@given(st.text(max_size=40))
def test_a_usable_address_is_ascii_http_and_stays_as_it_is(path: str) -> None:
    url = normalise_url(f"http://example.org/{path}")
    if url is not None:
        assert url.isascii()
        assert url.startswith("http://example.org/")
        assert normalise_url(url) == url
