import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oer.search.query import MOST_WORDS, ParsedQuery, facet_value_is, parse


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("a b", "a & b"),
        ("a OR b c", "a|b & c"),
        ("a b OR c OR d", "a & b|c|d"),
        ("a or b", "a & or & b"),
        ("-a b", "!a & b"),
        ("NOT a b", "!a & b"),
        ("a OR -b", "a|!b"),
        ("a-b", "a+b"),
        ('"a b"', "<a b>"),
        ('-"a b" c', "!<a b> & c"),
        ('"a"', "a"),
        ("title:a", "title.a"),
        ('Author:"a b"', "author.<a b>"),
        ("subject:a-b", "keyword.a+b"),
        ("-source:x", "!source=x"),
        ('language:"sv-FI"', "language=sv"),
        ("license:CC-BY", "license=cc-by"),
        ("level:basic", "level=basic"),
        ("otsikko:a", "title.a"),
        ("Rubrik:a", "title.a"),
        ("TEKIJÄ:a", "author.a"),
        ("upphov:a", "author.a"),
        ("aihe:a ämne:b", "keyword.a & keyword.b"),
        ("-lähde:x källa:y", "!source=x & source=y"),
        ("kieli:fi språk:sv", "language=fi & language=sv"),
        ('taso:"Toinen aste" nivå:x', "level=toinen aste & level=x"),
        ("lisenssi:a licens:b licence:c", "license=a & license=b & license=c"),
        ("vuosi:2019 år:2020", "year=2019 & year=2020"),
        ("tyyppi:a typ:b", "type=a & type=b"),
        ("title: a", "a"),
        ("foo:bar", "foo+bar"),
        ("dna:n", "dna"),
        ("OR a", "a"),
        ("a OR", "a"),
        ("a AND b", "a & b"),
        ('- -- "" ??? ( )', ""),
    ],
)
def test_the_shape_of_a_query(text: str, shape: str) -> None:
    assert drawn(parse(text)) == shape


def test_a_word_is_looked_for_in_every_layer() -> None:
    (word,) = parse("kasvien").groups[0][0].words
    assert word.variants[0] == ("exact", "kasvien")
    assert word.typed == "kasvien"
    assert {("lemma", "kasvi"), ("folded", "kasvi"), ("part", "kasvi")} <= set(word.variants)


def test_an_excluded_word_is_not_looked_for_in_compounds() -> None:
    (word,) = parse("-koulu").groups[0][0].words
    assert "part" not in {layer for layer, _ in word.variants}


def test_a_quoted_word_is_exact() -> None:
    (word,) = parse('"kasvien"').groups[0][0].words
    assert word.variants == (("exact", "kasvien"),)


def test_a_word_with_umlauts_is_not_looked_for_without_them() -> None:
    (word,) = parse("säde").groups[0][0].words
    assert not [token for layer, token in word.variants if layer == "folded" and token == "sade"]


def test_excluded_words_are_not_marked() -> None:
    assert "maa" not in parse("kuu -maa").terms


def test_a_pasted_page_costs_no_more_than_a_long_question() -> None:
    text = " ".join(f"sana{number}" for number in range(2_000))
    assert len(parse(text).groups) == MOST_WORDS


@pytest.mark.parametrize("text", ["-" * 200_000, '"' * 200_000, "title:" * 40_000, "a:" * 99_999])
def test_reading_a_query_takes_no_time(text: str) -> None:
    began = time.perf_counter()
    parse(text)
    assert time.perf_counter() - began < 1


@given(st.text() | st.text(alphabet='ab"-+:() ORNT\t\0'))
def test_any_text_is_a_query(text: str) -> None:
    parse(text)


def drawn(parsed: ParsedQuery) -> str:
    return " & ".join("|".join(map(_clause, group)) for group in parsed.groups)


def _clause(clause) -> str:
    field = f"{clause.text_class}." if clause.text_class else ""
    if clause.facet:
        body = "=".join(clause.facet)
    elif clause.phrase:
        body = f"<{' '.join(clause.phrase)}>"
    else:
        body = "+".join(word.variants[0][1] for word in clause.words)
    return ("!" if clause.negated else "") + field + body


@pytest.mark.parametrize(
    ("value", "field", "wanted"),
    [
        ("level:general-upper-secondary", "level", "lukio"),
        ("level:general-upper-secondary", "level", "lukiokoulutus"),
        ("level:upper-secondary", "level", "upper secondary education"),
        ("level:upper-secondary", "level", "upper-secondary"),
        ("level:upper-secondary", "level", "level:upper-secondary"),
        ("type:image", "type", "bild"),
        ("audience:teacher", "audience", "opettaja"),
        ("feature:captions", "accessibility", "textning"),
        ("fi", "language", "suomi"),
        ("sv", "language", "swedish"),
        ("cc-by-sa", "license", "cc by-sa"),
        ("2019", "year", "2019"),
    ],
)
def test_a_value_may_be_asked_for_by_its_code_or_by_a_name_in_any_language(value, field, wanted):
    assert facet_value_is(value, (field, wanted))
    assert not facet_value_is(value, (field, "kuu"))
    assert not facet_value_is("", (field, wanted))
