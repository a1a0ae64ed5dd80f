"""What every engine must do. A new engine is one more line in ``ENGINES``."""

from collections.abc import Iterator
from dataclasses import replace as changed
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oer.search.index import (
    COUNTED,
    Hit,
    SearchDocument,
    SearchIndex,
    SearchQuery,
    SearchResults,
    open_index,
)
from oer.search.memory_index import MemoryIndex
from tests.search.corpus import CORPUS, small

ENGINES = ("memory", "whoosh", *(("tantivy",) if find_spec("tantivy") else ()))
MISSING = [
    pytest.param(name, marks=pytest.mark.skip(f"the extra '{name}' is not installed"))
    for name in ("tantivy",)
    if name not in ENGINES
]


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
        ("русский язык", {8}),
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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kestävä kehitys", "kestävän kehityksen"),
        ("vesi", "vettä"),
        ("toinen maailmansota", "toisen maailmansodan"),
        ("lapset", "lasten"),
        ("kirja", "kirjojen"),
        ("matematiikan tehtäviä", "matematiikka tehtävä"),
        ("läroböckerna", "lärobok"),
        ("hållbara städer", "hållbar stad"),
        ("children", "child"),
        ("fotosynteesitehtävät", "fotosynteesitehtävien"),
    ],
)
@pytest.mark.parametrize("written_in", ["stated", None])
def test_all_forms_of_a_word_are_the_same_question(
    index: SearchIndex, one: str, other: str, written_in: str | None
) -> None:
    language = None
    if written_in:
        language = "sv" if one in ("läroböckerna", "hållbara städer") else "fi"
        language = "en" if one == "children" else language
    index.rebuild([small(1, one, language), small(2, other, language), small(3, "muuta")])
    assert found(index, one) == found(index, other) == {1, 2}
    assert ids(index, one)[0] == 1, "the form that was asked for comes first"
    assert ids(index, other)[0] == 2


def test_a_compound_is_found_by_its_parts_after_the_word_itself(index: SearchIndex) -> None:
    index.rebuild([small(1, "Fotosynteesitehtäviä"), small(2, "Tehtävän vaiheet")])
    assert ids(index, "tehtävä") == [2, 1]
    assert ids(index, "fotosynteesi") == [1]
    assert found(index, "-tehtävä") == {1}


def test_umlauts_are_letters_but_may_be_left_out(index: SearchIndex) -> None:
    index.replace([small(11, "Sade ja tuuli")])
    assert ids(index, "säde") == [7]
    assert ids(index, "sade") == [11, 7], "the exact word ranks above the folded one"
    assert found(index, "kestava kehitys") == {1, 6}
    index.replace([small(12, "Työttömyyden syitä"), small(13, "Työttömyyttä vastaan")])
    assert found(index, "tyottomyys") == {12, 13}


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
        ("lähde:sjo photosynthesis", {4}),
        ('taso:"toinen aste"', {2}),
        ("tyyppi:videot OR typ:video", {2, 3}),
        ("kieli:ruotsi", {3, 6}),
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


def test_a_title_comes_first_also_for_a_word_that_everything_has(index: SearchIndex) -> None:
    mentions = [small(n, "Kuu", description="maa", quality=1.0) for n in range(2, 60)]
    index.rebuild([*mentions, small(1, "Maa")])
    assert ids(index, "maa")[0] == 1


def test_equal_scores_come_in_the_order_of_quality_then_newest_first(index: SearchIndex) -> None:
    index.rebuild(
        [
            small(1, "kuu", updated=5),
            small(2, "kuu", updated=9),
            small(3, "kuu", updated=5),
            small(4, "kuu", updated=5, quality=0.5),
            small(5, "kuu", updated=5, quality=0.9),
        ]
    )
    assert ids(index, "kuu") == [5, 4, 2, 3, 1]
    assert ids(index, "") == [2, 5, 4, 3, 1], "without words the newest come first"


def test_recency_decides_between_equals_but_not_against_relevance(index: SearchIndex) -> None:
    year = 365 * 24 * 3600.0
    index.rebuild(
        [
            small(1, "kuu", updated=30 * year),
            small(2, "kuu", updated=20 * year, quality=1.0),
            small(3, "kuu", updated=1 * year),
            small(4, "maa", description="kuu", updated=30 * year, quality=1.0),
        ]
    )
    assert ids(index, "kuu") == [1, 2, 3, 4]


def test_when_nothing_has_all_words_the_fewest_are_dropped_and_named(index: SearchIndex) -> None:
    results = search(index, "fotosynteesi kasvit avaruus")
    assert [hit.id for hit in results.hits] == [2]
    assert (results.kept, results.dropped) == (("fotosynteesi", "kasvit"), ("avaruus",))
    assert "avaruus" not in results.terms
    assert search(index, "fotosynteesi kasvit").dropped == ()


def test_of_several_ways_the_one_with_the_rarest_word_is_taken(index: SearchIndex) -> None:
    results = search(index, "koulu ympyrä")
    assert [hit.id for hit in results.hits] == [7]
    assert (results.kept, results.dropped) == (("ympyrä",), ("koulu",))


def test_a_compound_that_is_nowhere_is_replaced_by_its_parts(index: SearchIndex) -> None:
    index.replace([small(20, "Tehtäviä", description="Aiheena fotosynteesi.")])
    results = search(index, "fotosynteesitehtävät")
    assert [hit.id for hit in results.hits] == [20]
    assert results.dropped == ("fotosynteesitehtävät",)
    assert set(results.kept) == {"fotosynteesi", "tehtävä"}


def test_a_compound_is_never_replaced_by_a_single_one_of_its_parts(index: SearchIndex) -> None:
    index.replace([small(20, "Tehtäviä"), small(21, "Fotosynteesi")])
    results = search(index, "fotosynteesitehtävät")
    assert (results.total, results.dropped, results.kept) == (0, (), ())


def test_the_words_of_a_phrase_that_is_nowhere_may_stand_anywhere(index: SearchIndex) -> None:
    results = search(index, '"kestävän kehitys"')
    assert {hit.id for hit in results.hits} == {1, 6}
    assert (results.kept, results.dropped) == (("kestävän", "kehitys"), ('"kestävän kehitys"',))


@pytest.mark.parametrize("text", ["ympyrä,avaruus", "ympyrä/avaruus", "avaruus-ympyrä"])
def test_words_that_are_joined_may_be_left_out_one_by_one(index: SearchIndex, text: str) -> None:
    results = search(index, text)
    assert [hit.id for hit in results.hits] == [7]
    assert (results.kept, results.dropped) == (("ympyrä",), ("avaruus",))


@pytest.mark.parametrize(
    "text",
    [
        "source:nowhere kasvit",
        "kasvit avaruus source:nowhere",
        "kasvit avaruus -biologia -keksitty",
        "avaruus",
        "avaruus tähdistö",
        '"avaruuden tähdistö"',
        "title:avaruus",
    ],
)
def test_conditions_and_the_last_word_are_never_dropped(index: SearchIndex, text: str) -> None:
    results = search(index, text)
    assert (results.total, results.dropped, results.kept) == (0, (), ())


def test_filters_that_leave_nothing_drop_no_words(index: SearchIndex) -> None:
    results = search(index, "fotosynteesi kasvit", source=("sjo",))
    assert (results.total, results.dropped) == (0, ())


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("fotosyntesi", "fotosynteesi"),
        ("fotosyteesi", "fotosynteesi"),
        ("Kestävä kehitis", "Kestävä kehitys"),
        ("photosyntesis worksheet", "photosynthesis worksheet"),
        ('"kestävä kehitus"', '"kestävä kehitys"'),
        ("title:kehitsy -kuu", "title:kehitys -kuu"),
        ("kehitys", None),
        ("avaruusalus", None),
        ("dma", None),
        ("-kehitsy", None),
        ("", None),
    ],
)
def test_a_misspelt_word_is_corrected_to_a_word_of_the_catalogue(
    index: SearchIndex, text: str, suggestion: str | None
) -> None:
    assert search(index, text).suggestion == suggestion


def test_a_rare_word_is_corrected_only_to_a_much_more_frequent_one(index: SearchIndex) -> None:
    index.rebuild(
        [
            small(1, "fysiika"),
            *(small(number, "fysiikka") for number in range(2, 15)),
            small(20, "kasvio"),
            small(21, "kasvit"),
        ]
    )
    assert search(index, "fysiika").suggestion == "fysiikka"
    assert search(index, "kasvio").suggestion is None


def test_a_name_spelt_as_in_the_catalogue_is_not_corrected(index: SearchIndex) -> None:
    index.rebuild(
        [
            small(1, "Kasvit", author=("Virtamen, Aino",)),
            small(2, "Vyrtanen"),
            *(small(number, "Virtanen") for number in range(3, 30)),
        ]
    )
    assert search(index, "Virtamen").suggestion is None
    assert search(index, "Vyrtanen").suggestion == "virtanen"


def test_counting_corrects_nothing(index: SearchIndex) -> None:
    assert index.search(SearchQuery("fotosyntesi", limit=0)).suggestion is None


def test_typing_suggests_keywords_and_titles(index: SearchIndex) -> None:
    given = index.suggest("bio", "fi")
    assert [(each.text, each.kind, each.count) for each in given] == [
        ("biologia", "keyword", 1),
        ("biologi", "keyword", 1),
        ("biology", "keyword", 1),
    ]
    (title,) = index.suggest("fotosynteesi ja v", "fi")
    assert (title.text, title.kind, title.id) == ("Fotosynteesi ja valo", "title", "2")


@pytest.mark.parametrize("prefix", ["keh", "KEH", "kestava keh", "koulu kest"])
def test_a_suggestion_matches_where_words_begin(index: SearchIndex, prefix: str) -> None:
    assert "Kestävä kehitys koulussa" in [each.text for each in index.suggest(prefix, "fi")]


def test_suggested_concepts_are_in_the_language_of_the_reader(index: SearchIndex) -> None:
    index.rebuild([small(1, "kuu", level=("level:vocational",)), small(2, "maa")])
    (finnish,) = index.suggest("ammat", "fi")
    assert (finnish.text, finnish.kind) == ("Ammatillinen koulutus", "level")
    assert (finnish.count, finnish.id) == (1, "level:vocational")
    assert [each.text for each in index.suggest("yrkes", "sv")] == ["Yrkesutbildning"]
    # Who types another language's word finds the same concept under the page's own.
    assert index.suggest("yrkes", "fi") == (finnish,)


@pytest.mark.parametrize(
    ("facet", "value", "typed", "label"),
    [
        ("subject", "subject:mathematics", "matem", "Mathematics"),
        ("audience", "audience:teacher", "opett", "Teacher"),
        ("use", "use:instruction", "opetu", "Instruction"),
        ("accessibility", "feature:captions", "captio", "Captions"),
    ],
)
def test_concepts_of_these_facets_are_suggested(
    index: SearchIndex, facet: str, value: str, typed: str, label: str
) -> None:
    index.rebuild([small(1, "kuu", **{facet: (value,)})])
    (given,) = index.suggest(typed, "en")
    assert (given.text, given.kind, given.count, given.id) == (label, facet, 1, value)


def test_a_keyword_that_is_the_name_of_a_concept_is_suggested_as_the_concept_once(
    index: SearchIndex,
) -> None:
    names = ("biologia", "Biologi", "Biology", "biology teaching")
    index.rebuild([small(1, "kuu", "en", keyword=names, subject=("subject:biology",))])
    given = [(each.text, each.kind) for each in index.suggest("biolog", "en")]
    assert given == [("Biology", "subject"), ("biology teaching", "keyword")]


def test_concepts_that_begin_so_come_first_and_school_subjects_before_fields(
    index: SearchIndex,
) -> None:
    subjects = ("mathematics", "isced-f-05", "isced-f-054", "field-111")
    index.rebuild(
        [
            small(1, "kuu", subject=tuple(f"subject:{each}" for each in subjects)),
            small(2, "maa", subject=("subject:isced-f-05", "subject:isced-f-054")),
        ]
    )
    assert [each.id for each in index.suggest("matem", "fi")] == [
        "subject:mathematics", "subject:isced-f-054", "subject:field-111", "subject:isced-f-05",
    ]  # fmt: skip


def test_dots_as_they_were_typed_come_first(index: SearchIndex) -> None:
    index.rebuild(
        [
            small(1, "Aikamatka", keyword=("aineistot",), type=("type:data",)),
            small(2, "Aikuisille"),
            small(3, "Äitini", keyword=("äidinkieli",)),
        ]
    )
    # The label of type:data is Aineisto (data).
    given = [each.text for each in index.suggest("äi", "fi")]
    assert given == [
        "äidinkieli",
        "Äitini",
        "Aineisto (data)",
        "aineistot",
        "Aikuisille",
        "Aikamatka",
    ]
    assert [each.text for each in index.suggest("ai", "fi")][-2:] == ["äidinkieli", "Äitini"]


def test_frequent_keywords_come_first_and_each_wording_once(index: SearchIndex) -> None:
    index.rebuild(
        [
            small(1, "a", keyword=("Vesi", "vesistöt")),
            small(2, "b", keyword=("vesi",)),
            small(3, "c", keyword=("vesi", "vesi")),
        ]
    )
    given = [(each.text, each.count) for each in index.suggest("ves", "fi")]
    assert given == [("vesi", 2), ("vesistöt", 1)]


def test_suggestions_are_few_and_need_two_letters(index: SearchIndex) -> None:
    index.rebuild(small(number, f"kuu {number}", keyword=(f"kuu{number}",)) for number in range(30))
    assert len(index.suggest("kuu", "fi", 5)) == 5
    assert {each.kind for each in index.suggest("kuu", "fi", 6)} == {"keyword", "title"}
    assert index.suggest("k", "fi") == ()
    assert index.suggest("kuu", "fi", 0) == ()


def test_deleted_documents_suggest_nothing(index: SearchIndex) -> None:
    index.replace([], [2, 3, 4])
    assert index.suggest("bio", "fi") == ()
    assert index.suggest("foto", "fi") == ()


def test_more_like_this_shares_telling_words(index: SearchIndex) -> None:
    index.rebuild(
        [
            small(1, "Fotosynteesi kasveissa", keyword=("biologia",), description="Valo ja vesi."),
            small(2, "Kasvien fotosynteesi", keyword=("biologia",)),
            small(3, "Kasvit kotona", description="Valon ja veden tarve."),
            small(4, "Talous ja raha", keyword=("yhteiskuntaoppi",)),
            *(small(number, f"Muuta {number}") for number in range(10, 30)),
        ]
    )
    assert [hit.id for hit in index.more_like(1)] == [2, 3]
    assert [hit.id for hit in index.more_like(1, 1)] == [2]
    assert index.more_like(4) == ()
    assert index.more_like(999) == ()
    index.replace([], [1])
    assert index.more_like(1) == ()


def others() -> list[SearchDocument]:
    """Documents that make words of two or three telling."""
    return [small(number, f"Muuta {number}") for number in range(10, 40)]


@pytest.mark.parametrize(
    ("other", "is_like"),
    [
        (small(2, "Valo ja varjo", keyword=("fotosynteesi",), description="Kasvit."), True),
        (small(2, "Fotosynteesin mittaus", description="Kasvien valo."), True),
        # Little words, and those of every material, are nothing that is shared.
        (small(2, "Fotosynteesi ja sen kanssa tehtäviä", description="Ennen tätä."), False),
        # One word in two forms is one.
        (small(2, "Fotosynteesi", description="Fotosynteesin ja fotosynteesiä."), False),
        # A word of both titles that is a keyword of neither may be about anything.
        (small(2, "Askel ja lehti", description="Askelmat."), False),
        # What is only told of both is not what they are about.
        (small(2, "Polku", description="Kasvit ja valo, fotosynteesi, lehti."), False),
    ],
)
def test_likeness_is_of_what_a_document_is_about(
    index: SearchIndex, other: SearchDocument, is_like: bool
) -> None:
    this = small(
        1,
        "Askel askeleelta: lehti ja sen kanssa tehtäviä",
        keyword=("fotosynteesi", "kasvit"),
        description="Valo ennen tätä.",
    )
    index.rebuild([this, other, *others()])
    assert [hit.id for hit in index.more_like(1)] == ([2] if is_like else [])


def test_what_shares_little_of_much_is_not_like_it(index: SearchIndex) -> None:
    keywords = ["lehti", "solu", "verso", "juuri", "siemen", "kukka", "runko", "metsä", "oksa"]
    this = small(1, "Puut", keyword=(*keywords, "1900"))
    little = small(2, "Aurinko", keyword=("lehti", *map(str, range(1900, 1960))))
    much = small(3, "Puutarha", keyword=("juuri", "siemen", "kukka"))
    each = [small(number, word) for number, word in enumerate(keywords, 10)]
    index.rebuild([this, little, much, *each, *(small(n, f"Muuta {n}") for n in range(30, 80))])
    assert [hit.id for hit in index.more_like(1)] == [3]


def test_titles_sort_as_in_the_finnish_alphabet(index: SearchIndex) -> None:
    titles = ["Öljy", "zebra", "Ääni", "»Aasi«", "Åbo", "éclair", ""]
    index.rebuild(small(number, title) for number, title in enumerate(titles))
    assert ids(index, "", sort="title") == [3, 5, 1, 4, 2, 0, 6]


def test_titles_sort_as_each_reader_sees_them(index: SearchIndex) -> None:
    aurora = changed(small(1, "Revontulet"), titles={"fi": "Revontulet", "sv": "Aurora", "en": ""})
    birch = changed(small(2, "Björk"), titles={"fi": "Koivu", "sv": "Björk", "en": "Birch"})
    index.rebuild([aurora, birch])
    assert ids(index, "", sort="title", reader="fi") == [2, 1]
    assert ids(index, "", sort="title", reader="sv") == [1, 2]
    assert ids(index, "", sort="title", reader="en") == [2, 1], "what has none comes last"


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


def test_all_chosen_permissions_must_hold(index: SearchIndex) -> None:
    index.replace(
        [
            small(21, "kuu yksi", permission=("share", "adapt", "commercial")),
            small(22, "kuu kaksi", permission=("share", "adapt")),
            small(23, "kuu kolme", permission=("share",)),
            small(24, "kuu"),
        ]
    )
    assert found(index, "kuu", permission=("adapt", "commercial")) == {21}
    assert found(index, "kuu", permission=("adapt",)) == {21, 22}
    results = search(index, "kuu", permission=("adapt",))
    assert dict(results.facets["permission"]) == {"share": 2, "adapt": 2, "commercial": 1}


NAMED = [
    small(21, "kuu", organisation=("Metsälä", "Koski")),
    small(22, "kuu", organisation=("Koski",)),
    small(23, "maa", organisation=("Koski",)),
    small(24, "kuu"),
]


def test_names_are_counted_when_they_are_asked_for(index: SearchIndex) -> None:
    index.replace(NAMED)
    asked = SearchQuery("kuu", facets=("organisation",))
    assert index.search(asked).facets == {
        "organisation": (("Koski", 2), ("", 1), ("Metsälä", 1)),
    }
    chosen = changed(asked, filters={"organisation": ("Metsälä",), "language": ("fi",)})
    assert index.search(chosen).facets["organisation"] == ()


def test_names_narrow_like_other_facets(index: SearchIndex) -> None:
    index.replace(NAMED)
    assert found(index, "kuu", organisation=("Koski",)) == {21, 22}
    assert found(index, "kuu", organisation=("Metsälä", "Nobody")) == {21}
    assert found(index, "kuu", organisation=("",)) == {24}
    index.replace([small(25, "kuu", organisation=("Koski",))], [22])
    assert found(index, "kuu", organisation=("Koski",)) == {21, 25}


def test_newest_is_what_came_last_and_updated_what_changed_last(index: SearchIndex) -> None:
    old_but_changed = changed(small(31, "kuu", updated=90.0), created=1.0)
    index.replace([old_but_changed, changed(small(32, "kuu", updated=50.0), created=50.0)])
    assert ids(index, "kuu", sort="newest") == [32, 31]
    assert ids(index, "kuu", sort="updated") == [31, 32]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("year:2019", {21}),
        ("media:video", {22}),
        ("accessibility:captions", {22}),
        ("age:7-9", {21}),
    ],
)
def test_facets_can_be_asked_for_by_their_codes(
    index: SearchIndex, text: str, expected: set[int]
) -> None:
    one = small(21, "kuu", year=("2019",), age=("7-9",))
    other = small(22, "maa", media=("video",), accessibility=("feature:captions",))
    index.replace([one, other])
    assert found(index, text) == expected


def test_what_is_held_can_be_compared(index: SearchIndex) -> None:
    index.replace([small(2, "uusi", updated=77.0), small(30, "toinen")], [3])
    held = list(index.held())
    assert [id_ for id_, _ in held] == [1, 2, 4, 5, 6, 7, 8, 9, 10, 30]
    assert dict(held)[2] == 77.0


def test_only_the_facets_asked_for_are_counted(index: SearchIndex) -> None:
    assert set(index.search(SearchQuery()).facets) == set(COUNTED)
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
    index.replace([small(40, "kestävän valo hohtaa", language=("fi",)), small(41, "valo hohtaa")])
    terms = search(index, 'kestävän -koulu "valo hohtaa" language:fi').terms
    assert {"kestävän", "kestävä", "valo", "hohtaa"} <= set(terms)
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
    assert len(index.suggest(text, "fi")) <= 8


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
    permission=st.lists(st.sampled_from(["adapt", "share"]), max_size=2).map(tuple),
    organisation=st.lists(st.sampled_from("kl"), max_size=2, unique=True).map(tuple),
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
        st.sampled_from(["type", "source", "permission", "organisation"]),
        st.lists(st.sampled_from(["a", "b", "s", "k", "adapt", "share", ""]), max_size=2).map(
            tuple
        ),
        max_size=3,
    ),
    st.integers(0, 4),
    st.integers(0, 20),
    st.sampled_from(["relevance", "newest", "updated", "title"]),
    st.sampled_from([COUNTED, ("type", "organisation")]),
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
        # Corrections are tested apart: deleted documents may count for them until segments merge.
        answers = [changed(engine.search(question), suggestion=None) for engine in engines]
        expected, *others = [changed(a, hits=rounded(a.hits)) for a in answers]
        for answer in others:
            assert answer == expected
    for id_ in (0, 5, 12):
        expected, *others = [rounded(engine.more_like(id_)) for engine in engines]
        assert others == [expected] * len(others)
    for prefix in ("ku", "kuu m", "kes", "SA", "t"):
        expected, *others = [engine.suggest(prefix, "fi") for engine in engines]
        assert others == [expected] * len(others)


@pytest.fixture(params=[*ENGINES, *MISSING])
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
    """What has all the words."""
    results = search(index, text, **filters)
    assert results.total == len(results.hits)
    return set() if results.dropped else {hit.id for hit in results.hits}


def ids(index: SearchIndex, text: str, **options) -> list[int]:
    return [hit.id for hit in index.search(SearchQuery(text, **options)).hits]


def rounded(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    return tuple(changed(hit, score=round(hit.score, 9)) for hit in hits)
