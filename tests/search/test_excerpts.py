import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oer.search import excerpts
from oer.search.excerpts import excerpt
from oer.search.query import parse

LONG = (
    "Alku on tässä. " + "Täytettä ilman aihetta. " * 40 + "Kasvien valo ja vesi. " + "Loppu. " * 40
)


def test_a_hit_on_a_stem_marks_the_whole_inflected_word() -> None:
    assert marked("Opettajien kirjat ja kirjan hinta", "kirja") == ["kirjat", "kirjan"]
    assert marked("Teaching a reader", "teaches") == ["Teaching"]
    assert marked("Veden kierto ja vettä", "vesi") == ["Veden", "vettä"]
    assert marked("Fotosynteesitehtäviä", "tehtävä") == ["Fotosynteesitehtäviä"]


def test_the_text_is_cut_around_the_hits() -> None:
    pieces = excerpt(LONG, parse("valo vesi").terms, 100)
    text = "".join(piece for piece, _ in pieces)
    assert [piece for piece, is_hit in pieces if is_hit] == ["valo", "vesi"]
    assert text.startswith("…")
    assert text.endswith("…")
    assert len(text) <= 102


def test_a_cut_never_splits_a_word() -> None:
    known = {word.strip("….") for word in LONG.split()}
    for length in range(20, 120, 7):
        text = "".join(piece for piece, _ in excerpt(LONG, parse("valo").terms, length))
        assert {word.strip("….") for word in text.split()} <= known


def test_without_terms_it_is_the_beginning() -> None:
    assert excerpt("Lyhyt teksti.", ()) == [("Lyhyt teksti.", False)]
    assert excerpt(LONG, (), 30)[0][0].startswith("Alku on tässä.")


def test_white_space_is_one_space_and_nothing_is_nothing() -> None:
    assert excerpt(" a\n\n b\t", ()) == [("a b", False)]
    assert excerpt("", ("a",)) == []


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Русский язык и литература", "язык", ["язык"]),
        ("مقدمة في العُلوم", "العلوم", ["العُلوم"]),
        ("机器学习教程", "学", ["学"]),
        ("DNA:n rakenne", "dna", ["DNA:n"]),
        ("Päivä", "paiva", ["Päivä"]),
        ("<b>kuu</b> & maa", "kuu", ["kuu"]),
    ],
)
def test_any_script(text: str, query: str, expected: list[str]) -> None:
    assert marked(text, query) == expected


@given(st.text(max_size=600), st.text(max_size=20), st.integers(-5, 300))
def test_an_excerpt_is_a_stretch_of_the_text(text: str, query: str, length: int) -> None:
    pieces = excerpt(text, parse(query).terms, length)
    flat = " ".join(text.split())
    assert "".join(piece for piece, _ in pieces).removeprefix("…").removesuffix("…") in flat


def test_a_short_text_is_marked_whole_or_not_at_all() -> None:
    terms = parse("kehitys").terms
    assert excerpts.marked("Kestävän kehityksen viikko", terms) == [
        ("Kestävän ", False), ("kehityksen", True), (" viikko", False),
    ]  # fmt: skip
    assert excerpts.marked("Vesi", terms) == []
    assert excerpts.marked("Vesi", ()) == []


def test_a_huge_text_takes_no_time() -> None:
    began = time.perf_counter()
    excerpt("kuu " * 500_000, ("kuu",))
    excerpt("x" * 2_000_000, ("x",))
    assert time.perf_counter() - began < 1


def marked(text: str, query: str) -> list[str]:
    return [piece for piece, is_hit in excerpt(text, parse(query).terms) if is_hit]
