"""What every engine must do. A new engine is one more line in ``ENGINES``."""

from collections.abc import Iterator
from dataclasses import replace as changed
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oer.search.index import FACETS, SearchIndex, SearchQuery, SearchResults, open_index
from oer.search.memory_index import MemoryIndex
from tests.search.corpus import CORPUS, small

ENGINES = ("memory", "whoosh")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ympyrä", {7}),
        ("YMPYRÄ", {7}),
        ("ja ympyrä", {7}),
        ("ympyrä valo", set()),
        ("dna", {2}),
        ("DNA:n", {2}),
        ("DNA:ssa", {2}),
        ("h5p", {4}),
        ("C++", {5}),
        ("teacher guide", {5}),
        ("привет", {8}),
        ("русский язык", set()),
        ("русского", {8}),
        ("العلوم", {9}),
        ("机器学习", {10}),
        ("foo:bar", set()),
        ("(ympyrä)", {7}),
        ("#ympyrä!", {7}),
    ],
)
def test_all_words_must_match(index: SearchIndex, text: str, expected: set[int]) -> None:
    assert found(index, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kasvi", {2}),
        ("kestävän", {1, 6}),
        ("worksheet", {4}),
        ("teach", {4, 5}),
        ("växt", {3}),
        ("schools", {6}),
    ],
)
def test_inflected_words_are_found(index: SearchIndex, text: str, expected: set[int]) -> None:
    assert found(index, text) == expected


def test_umlauts_are_letters_but_may_be_left_out(index: SearchIndex) -> None:
    index.replace([small(11, "Sade ja tuuli")])
    assert ids(index, "säde") == [7]
    assert ids(index, "sade") == [11, 7], "the exact word ranks above the folded one"
    assert found(index, "kestava kehitys") == {1, 6}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"kestävä kehitys"', {1}),
        ("“kestävä kehitys”", {1}),
        ('"kehitys kestävä"', {6}),
        ('"kestävä arki ja kehitys"', {1}),
        ('"kestävän kehitys"', set()),
        ('"koulussa opas"', set()),
        ('"kasvit biologia"', set()),
        ('title:"kestävä kehitys"', {1}),
        ('title:"kehitys kestävä"', set()),
        ('"kestävä kehitys', {1}),
        ('-"kestävä kehitys" kehitys', {6}),
        ('"koulu"', {4, 6}),
    ],
)
def test_phrases_stand_side_by_side_in_one_text(
    index: SearchIndex, text: str, expected: set[int]
) -> None:
    assert found(index, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kehitys -ympäristö", {6}),
        ("kehitys NOT ympäristö", {6}),
        ("-language:fi -language:en -source:sjo", {8, 9, 10}),
        ("fotosynteesi OR fotosyntes", {2, 3}),
        ("fotosynteesi OR fotosyntes OR photosynthesis -source:koski", {3, 4}),
        ("biologia OR biology aino", {4}),
        ("aino biologia OR biology", {4}),
        ("-kehitys OR ympäristö", {1, 2, 3, 4, 5, 7, 8, 9, 10}),
    ],
)
def test_negation_and_alternatives(index: SearchIndex, text: str, expected: set[int]) -> None:
    assert found(index, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title:koulu", {1, 6}),
        ("author:esimerkki", {1, 4}),
        ("AUTHOR:aino", {1, 4}),
        ("subject:kasvit", {2}),
        ("subject:valo", set()),
        ("source:sjo", {3, 4}),
        ("source:SJO photosynthesis", {4}),
        ("language:sv", {3, 6}),
        ("language:en-GB", {4, 5, 6}),
        ("source:nowhere", set()),
        ("title:", {document.id for document in CORPUS}),
    ],
)
def test_fields_narrow_the_search(index: SearchIndex, text: str, expected: set[int]) -> None:
    assert found(index, text) == expected


def test_nothing_asked_is_everything_newest_first(index: SearchIndex) -> None:
    assert ids(index, "") == [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert index.search(SearchQuery(limit=3)).total == 10


def test_the_title_weighs_more_than_the_keyword_and_that_more_than_the_text(
    index: SearchIndex,
) -> None:
    index.rebuild(
        [
            small(1, "a b", other=("kuu",)),
            small(2, "a b", description="kuu " + "sana " * 20),
            small(3, "a b", keyword=("kuu",)),
            small(4, "kuu b"),
        ]
    )
    assert ids(index, "kuu") == [4, 3, 2, 1]


def test_the_exact_word_ranks_above_an_inflected_one(index: SearchIndex) -> None:
    index.rebuild([small(1, "kasvit"), small(2, "kasvi"), small(3, "kasvin")])
    assert ids(index, "kasvi")[0] == 2


def test_equal_scores_come_newest_first(index: SearchIndex) -> None:
    index.rebuild(
        [small(1, "kuu", updated=5), small(2, "kuu", updated=9), small(3, "kuu", updated=5)]
    )
    assert ids(index, "kuu") == [2, 3, 1]


def test_titles_sort_as_in_the_finnish_alphabet(index: SearchIndex) -> None:
    titles = ["Öljy", "zebra", "Ääni", "»Aasi«", "Åbo", "éclair", ""]
    index.rebuild(small(number, title) for number, title in enumerate(titles))
    assert ids(index, "", sort="title") == [3, 5, 1, 4, 2, 0, 6]


def test_pages_join_without_gap_or_repeat(index: SearchIndex) -> None:
    index.rebuild(small(number, "kuu " + "ja " * (number % 5)) for number in range(50))
    for sort in ("relevance", "newest", "title"):
        whole = ids(index, "kuu", sort=sort, limit=100)
        pages = [ids(index, "kuu", sort=sort, offset=start, limit=7) for start in range(0, 50, 7)]
        assert [id_ for page in pages for id_ in page] == whole
        assert len(set(whole)) == 50
    assert ids(index, "kuu", offset=1000) == []
    assert ids(index, "kuu", offset=-5, limit=-5) == []


def test_facets_count_what_was_found(index: SearchIndex) -> None:
    facets = index.search(SearchQuery("fotosyntes OR photosynthesis OR fotosynteesi")).facets
    assert facets["type"] == (("type:video", 2), ("type:worksheet", 2))
    assert facets["license"] == (("", 1), ("cc-by", 1), ("cc-by-sa", 1))
    assert facets["source"] == (("sjo", 2), ("koski", 1))


def test_a_facet_leaves_its_own_filter_out_of_its_counts(index: SearchIndex) -> None:
    results = search(index, "", language=("sv",), source=("sjo", "koski"))
    assert [hit.id for hit in results.hits] == [3]
    assert dict(results.facets["language"]) == {"fi": 2, "sv": 1, "en": 2}
    assert dict(results.facets["source"]) == {"sjo": 1, "": 1}


def test_filters_are_alternatives_within_a_facet_and_all_hold_across(index: SearchIndex) -> None:
    assert found(index, "", language=("sv", "ru")) == {3, 6, 8}
    assert found(index, "", language=("sv", "ru"), source=("sjo",)) == {3}
    assert found(index, "", license=("",)) == {4, 6, 8, 9, 10}
    assert found(index, "", license=("no-such",)) == set()
    assert found(index, "", nonsense=("x",)) == set()
    assert found(index, "koulu", type=()) == {1, 4, 6}


def test_only_the_facets_asked_for_are_counted(index: SearchIndex) -> None:
    assert set(index.search(SearchQuery()).facets) == set(FACETS)
    assert set(index.search(SearchQuery(facets=("type",))).facets) == {"type"}


def test_a_document_of_the_same_id_is_replaced(index: SearchIndex) -> None:
    index.replace([small(2, "Uusi otsikko", type=("type:text",))])
    assert found(index, "valo") == set()
    assert found(index, "uusi") == {2}
    assert index.count() == 10
    assert search(index, "uusi").facets["type"] == (("type:text", 1),)


def test_the_last_of_two_documents_with_one_id_stays(index: SearchIndex) -> None:
    index.replace([small(20, "ensimmäinen"), small(20, "viimeinen")])
    assert found(index, "ensimmäinen") == set()
    assert found(index, "viimeinen") == {20}


def test_deleted_documents_are_gone_from_hits_totals_and_facets(index: SearchIndex) -> None:
    index.replace([], [3, 4, 999])
    assert index.count() == 8
    results = search(index, "")
    assert results.total == 8
    assert "sjo" not in dict(results.facets["source"])
    assert found(index, "photosynthesis") == set()


def test_a_document_put_in_and_deleted_at_once_is_in(index: SearchIndex) -> None:
    index.replace([small(2, "palasi")], [2])
    assert found(index, "palasi") == {2}


def test_a_rebuild_holds_the_new_documents_only(index: SearchIndex) -> None:
    assert index.rebuild([small(1, "kuu"), small(2, "maa")]) == 2
    assert found(index, "") == {1, 2}
    assert index.rebuild([]) == 0
    assert found(index, "") == set()


def test_the_terms_mark_what_was_looked_for(index: SearchIndex) -> None:
    terms = search(index, 'kestävän -koulu "valo hohtaa" language:fi').terms
    assert {"kestävän", "kestäv", "valo", "hohtaa"} <= set(terms)
    assert not {"koulu", "fi"} & set(terms)


def test_a_language_filter_brings_its_stemmer(index: SearchIndex) -> None:
    index.replace([small(30, "Die Häuser der Stadt", "de", language=("de",))])
    assert found(index, "haus", language=("de",)) == {30}


ODD = [
    *(" ", "\t\n", "-", "--", "- -", "+", '"', '""', '"""', '-"', '-""', ":", "::", "*", "?", "~"),
    *(
        "OR",
        "OR OR",
        "AND",
        "NOT",
        "a OR",
        "OR a",
        "NOT NOT a",
        "-OR",
        "a*",
        "^2",
        "()",
        ")(",
        "{}",
    ),
    *("title:", "title:title:", "title:-", "source:", 'language:"', "[1 TO 2]", "\\", "%00"),
    *("\0", "\x01\x02", "\ud800", "🎉", "🎉 kuu", "a\u0301\u0301", "\u202e kuu", "\u00ad"),
    *("' OR 1=1 --", "<script>", "ﷺ", "ﹰ", "１２３", "½", "İ", "ß"),
    *("x" * 10_000, "x " * 5_000, '"' * 10_000, "-" * 10_000, "a OR " * 2_000, "title:" * 1_500),
]


@pytest.mark.parametrize("text", ODD, ids=lambda text: ascii(text[:12]))
def test_odd_input_is_never_an_error(index: SearchIndex, text: str) -> None:
    results = search(index, text)
    assert 0 <= results.total <= 10


@pytest.mark.parametrize("text", ["???", "🎉", "-", '""', "( )"])
def test_what_holds_no_word_asks_for_everything(index: SearchIndex, text: str) -> None:
    assert search(index, text).total == 10


WORDS = "kuu maa kuut kuun talo talot house houses hus husen säde sade kestävä kestävän"
words = st.sampled_from(WORDS.split())
texts = st.lists(words, max_size=6).map(" ".join)
documents = st.builds(
    small,
    st.integers(0, 12),
    texts,
    st.sampled_from(["fi", "sv", "en", "de", None, "so"]),
    keyword=st.lists(texts, max_size=2).map(tuple),
    description=texts,
    updated=st.integers(1, 3).map(float),
    type=st.lists(st.sampled_from("abc"), max_size=2).map(tuple),
    source=st.lists(st.sampled_from("st"), max_size=1).map(tuple),
)
clauses = st.one_of(
    words,
    words.map("-{}".format),
    words.map("title:{}".format),
    st.lists(words, min_size=1, max_size=3).map(lambda each: f'"{" ".join(each)}"'),
    st.lists(words, min_size=2, max_size=2).map(" OR ".join),
    st.sampled_from(["source:s", "-source:t"]),
)
queries = st.builds(
    SearchQuery,
    st.lists(clauses, max_size=4).map(" ".join),
    st.dictionaries(
        st.sampled_from(["type", "source"]),
        st.lists(st.sampled_from(["a", "b", "s", ""]), max_size=2).map(tuple),
        max_size=2,
    ),
    st.integers(0, 4),
    st.integers(0, 20),
    st.sampled_from(["relevance", "newest", "title"]),
)
writes = st.tuples(st.lists(documents, max_size=6), st.lists(st.integers(0, 12), max_size=4))


@given(st.lists(writes, min_size=1, max_size=4), st.lists(queries, min_size=1, max_size=4))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_all_engines_give_the_same_answer(tmp_path_factory, history, questions) -> None:
    engines = [open_engine(name, tmp_path_factory.mktemp("index")) for name in ENGINES]
    for put, gone in history:
        for engine in engines:
            engine.replace(put, gone)
    for question in questions:
        expected, *others = [rounded(engine.search(question)) for engine in engines]
        for answer in others:
            assert answer == expected


@pytest.fixture(params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    engine = open_engine(request.param, tmp_path / "index")
    # Two commits, so that an engine with segments has two of them.
    engine.replace(CORPUS[:6])
    engine.replace(CORPUS[6:])
    yield engine
    engine.close()


def open_engine(name: str, folder: Path) -> SearchIndex:
    return MemoryIndex() if name == "memory" else open_index(f"{name}:{folder}")


def search(
    index: SearchIndex, text: str, *, sort: str = "relevance", **filters: tuple[str, ...]
) -> SearchResults:
    return index.search(SearchQuery(text, filters, limit=100, sort=sort))


def found(index: SearchIndex, text: str, **filters: tuple[str, ...]) -> set[int]:
    results = search(index, text, **filters)
    assert results.total == len(results.hits)
    return {hit.id for hit in results.hits}


def ids(index: SearchIndex, text: str, **options) -> list[int]:
    return [hit.id for hit in index.search(SearchQuery(text, **options)).hits]


def rounded(results: SearchResults) -> SearchResults:
    return changed(
        results, hits=tuple(changed(hit, score=round(hit.score, 9)) for hit in results.hits)
    )
