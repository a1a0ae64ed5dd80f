"""Media types and sizes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oer.metadata.media import CORRECTIONS, MEDIA_TYPES, known_type, read_media_type, read_size


@pytest.mark.parametrize(
    ("raw", "media_type"),
    [
        ("application/pdf", "application/pdf"), ("Application/PDF", "application/pdf"),
        ("PDF", "application/pdf"), (".pdf", "application/pdf"), ("image/jpg", "image/jpeg"),
        ("text/html; charset=utf-8", "text/html"), ("audio/mp3", "audio/mpeg"),
        ("application/vndms-powerpoint", "application/vnd.ms-powerpoint"),
        ("https://www.iana.org/assignments/media-types/text/csv", "text/csv"),
    ],
)  # fmt: skip
def test_media_types_are_recognised(raw: str, media_type: str) -> None:
    assert read_media_type(raw) == media_type


@pytest.mark.parametrize(
    "raw",
    [
        "text",
        "video",
        "115416",
        "56 - 66",
        "",
        "Images (.png), Video (.mp4)",
        "see/also",
        "a" * 200,
    ],
)
def test_kinds_numbers_and_sentences_are_no_media_types(raw: str) -> None:
    assert read_media_type(raw) is None


def test_every_target_of_the_tables_is_a_media_type_in_its_right_spelling() -> None:
    for target in (*MEDIA_TYPES.values(), *CORRECTIONS.values()):
        assert read_media_type(target) == target


@pytest.mark.parametrize(
    ("raw", "size"),
    [
        ("1310720", 1_310_720), ("1 MB", 1_000_000), ("1,5 Mt", 1_500_000), ("2 KiB", 2048),
        ("1 310 720 tavua", 1_310_720), ("3 GB", 3_000_000_000), ("0 bytes", 0), ("1.5kb", 1500),
    ],
)  # fmt: skip
def test_sizes_become_bytes(raw: str, size: int) -> None:
    assert read_size(raw) == size


@pytest.mark.parametrize("raw", ["12.3", "56 - 66", "10 pages", "", "-5", "big", "9" * 40])
def test_what_is_no_size_is_none(raw: str) -> None:
    assert read_size(raw) is None


@given(st.text(max_size=30))
def test_reading_a_media_type_again_changes_nothing(raw: str) -> None:
    found = read_media_type(raw)
    assert found is None or read_media_type(found) == found


@pytest.mark.parametrize(
    ("told", "url", "known"),
    [
        ("text/html", "https://f.example/a.pdf", "text/html"),
        (None, "https://f.example/a.PDF?version=2#page=3", "application/pdf"),
        ("application/octet-stream", "https://f.example/a.ogg", "audio/ogg"),
        (None, "https://f.example/pdf", None),
        (None, "https://f.example/", None),
        ("application/octet-stream", None, None),
    ],
)
def test_the_ending_tells_the_type_only_where_the_record_does_not(told, url, known):
    assert known_type(told, url) == known
