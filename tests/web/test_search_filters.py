"""The filters of the search page: what they are called, their order, what shows and what folds."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from werkzeug.datastructures import MultiDict

from oer.metadata import vocabularies
from oer.metadata.media import MEDIA_KINDS
from oer.metadata.resource_metadata import (
    Agent,
    AgeRange,
    Duration,
    Flag,
    LicenseStatement,
    Material,
    PartialDate,
    Term,
)
from oer.search.facet_names import VOCABULARY
from oer.search.facet_values import ADULT, AGES, LONGER, MINUTES
from oer.search.index import COUNTED, FACETS, LONG_FACETS
from oer.web import facet_labels, facets
from oer.web.search_state import MAX_CHOICES, SearchState
from tests.web.conftest import licensed, metadata
from tests.web.test_search import boxes, titles


def terms(*ids):
    return tuple(Term(id_, id_, "stated") for id_ in ids)


def labels(found, facet):
    return [name for name, _count in boxes(found, facet).values()]


def group(found, facet):
    return found.find(f".//details[@id='facet-{facet}']")


FULL = metadata(
    "Kaikki",
    license=licensed(),
    about=terms("subject:mathematics"),
    educational_level=terms("level:primary"),
    learning_resource_type=terms("type:podcast"),
    educational_use=terms("use:course-material"),
    audience=terms("audience:teacher"),
    accessibility_feature=terms("feature:closed-captions"),
    language=terms("fi"),
    time_required=(Duration("PT45M", "PT45M"),),
    typical_age_range=(AgeRange("7-9", 7, 9),),
    materials=(Material("https://f.example/a.pdf", media_type="application/pdf"),),
    conditions_of_access=terms("access:login"),
    issued=(PartialDate("2019", "2019", "stated"),),
    creator=(Agent("Aino Esimerkki", "person"),),
    publisher=(Agent("Mallikoulu", "organization"),),
)
"""A material that has every facet."""

IN_ENGLISH = {
    "permission": "I may adapt it",
    "level": "School (basic or upper secondary)",
    "subject": "Mathematics",
    "type": "Audio",
    "language": "Finnish",
    "use": "Instruction",
    "audience": "Teacher",
    "duration": "15–45 minutes (a lesson)",
    "age": "7–9 years",
    "accessibility": "Captions",
    "media": "Document",
    "access": "Access after login",
    "license": "CC BY",
    "year": "2019",
    "source": "Metsälä",
}


def test_every_counted_facet_has_a_group_with_a_label_in_words(page, catalogue):
    catalogue.add(FULL)
    catalogue.add(metadata())
    found = page("/en/search")
    assert set(IN_ENGLISH) == set(COUNTED)
    assert {facet: labels(found, facet)[0] for facet in IN_ENGLISH if labels(found, facet)} == {
        # All materials are of the one source, so that it offers no choice.
        facet: label
        for facet, label in IN_ENGLISH.items()
        if facet != "source"
    }


def test_groups_stand_in_the_order_of_the_index_the_first_five_open(page, catalogue):
    catalogue.add(FULL)
    catalogue.add(metadata())
    groups = page("/en/search").findall(".//details[@class='facet']")
    names = [each.get("id").removeprefix("facet-") for each in groups]
    assert names == [name for name in FACETS if name not in LONG_FACETS and name != "source"]
    assert [each.get("open") is not None for each in groups] == [True] * 5 + [False] * 9


def test_a_group_with_a_chosen_value_is_open_and_says_how_many(page, catalogue):
    catalogue.add(FULL)
    summary = group(page("/en/search?year=2019&year=2020"), "year")
    assert summary.get("open") is not None
    assert summary.find("summary").text_content().split() == ["Year", "(2)"]


def test_permissions_must_all_hold_and_nobody_is_asked_for_none(page, catalogue):
    catalogue.add(metadata("Vapaa", license=licensed()))
    by_nc = LicenseStatement(
        raw="https://creativecommons.org/licenses/by-nc/4.0/", element="dc:rights"
    )
    catalogue.add(metadata("Ei myyntiin", license=(by_nc,)))
    catalogue.add(metadata("Ei tiedossa"))
    found = page("/en/search")
    assert boxes(found, "permission") == {
        "adapt": ("I may adapt it", 2),
        "commercial": ("I may use it commercially", 1),
        "share": ("I may share it", 2),
    }
    narrowed = page("/en/search?permission=adapt&permission=commercial")
    assert titles(narrowed) == ["Vapaa"]
    assert boxes(narrowed, "permission")["adapt"] == ("I may adapt it", 1)
    chip = narrowed.find(".//ul[@class='chips']//a").text_content()
    assert chip.split() == ["Remove", "filter:", "I", "may", "adapt", "it"]


def test_a_single_value_is_offered_where_it_narrows(page, catalogue):
    film = (Material("https://v.example/1", media_type="video/mp4"),)
    catalogue.add(metadata("a", materials=film))
    assert boxes(page("/en/search"), "media") == {}
    catalogue.add(metadata("b"))
    assert "video" in boxes(page("/en/search"), "media")


def test_what_one_may_do_is_told_even_where_it_narrows_nothing(page, catalogue):
    catalogue.add(metadata("a"))
    assert boxes(page("/en/search"), "permission") == {}
    catalogue.add(metadata("fotosynteesi", license=licensed()))
    assert "adapt" in boxes(page("/en/search?q=fotosynteesi"), "permission")


def test_a_tree_shows_its_widest_values_and_opens_where_something_is_chosen(page, catalogue):
    catalogue.add(metadata("a", about=terms("subject:english")))
    catalogue.add(metadata())
    path = ["languages", "foreign-languages", "english"]
    assert list(boxes(page("/en/search"), "subject"))[:3] == [f"subject:{each}" for each in path]

    def opened(query):
        found = page(f"/en/search?{query}")
        folds = [found.find(f".//details[@id='in-subject:{each}']") for each in path[:2]]
        return [fold.get("open") is not None for fold in folds]

    assert opened("") == [False, False]
    assert opened("subject=subject:foreign-languages") == [True, False]
    assert opened("subject=subject:english") == [True, True]


def test_the_fold_of_a_tree_says_whose_narrower_ones_it_holds(page, catalogue):
    catalogue.add(FULL)
    catalogue.add(metadata())
    fold = page("/en/search").find(".//details[@id='in-type:audio']")
    assert fold.find("summary").text_content() == "More specific choices: Audio"


def test_subjects_stand_in_the_order_of_the_page_s_alphabet(page, catalogue):
    for code in ("isced-f-08", "isced-f-01", "isced-f-10"):
        catalogue.add(metadata(code, about=terms(f"subject:{code}")))
    assert labels(page("/fi/search"), "subject") == [
        "Kasvatusalat", "Maa- ja metsätalousalat", "Palvelualat",
    ]  # fmt: skip
    assert labels(page("/en/search"), "subject")[0].startswith("Agriculture")


def test_school_subjects_stand_apart_from_fields_of_the_same_name(page, catalogue):
    catalogue.add(metadata("a", about=terms("subject:mathematics")))
    catalogue.add(metadata("b", about=terms("subject:field-111")))
    catalogue.add(metadata("c"))
    found = group(page("/en/search"), "subject").find("fieldset")
    assert found.find("p[@class='part']").text == "School subjects"
    assert list(boxes(found.find("ul"), "subject")) == ["subject:mathematics", "not-stated"]
    parts = {part.find("summary").text: part for part in found.findall("details")}
    assert list(parts) == ["Fields of education", "Fields of science"]
    assert list(boxes(parts["Fields of science"], "subject")) == [
        "subject:field-1", "subject:field-111",
    ]  # fmt: skip
    assert parts["Fields of science"].get("open") is None
    chosen = group(page("/en/search?subject=subject:field-111"), "subject")
    assert chosen.find(".//details[@id='part-subject-2']").get("open") is not None


def test_a_chosen_subject_is_told_apart_from_its_namesake(page, catalogue):
    catalogue.add(metadata("a", about=terms("subject:mathematics", "subject:isced-f-05")))
    query = "subject=subject:mathematics&subject=subject:field-111&subject=subject:isced-f-05"
    chips = page(f"/fi/search?{query}").findall(".//ul[@class='chips']/li/a")
    assert [chip.find("span[2]").tail.strip() for chip in chips[:3]] == [
        "Matematiikka (oppiaine)",
        "Matematiikka (tieteenala)",
        "Luonnontieteet, matematiikka ja tilastotiede",
    ]


def test_years_stand_newest_first_whatever_their_counts(page, catalogue):
    for year in ("1999", "2021", "1999", "2005", ""):
        issued = (PartialDate(year, year, "stated"),) if year else ()
        catalogue.add(metadata(year or "x", issued=issued))
    assert list(boxes(page("/en/search"), "year")) == ["2021", "2005", "1999", "not-stated"]


def test_times_and_ages_stand_from_little_to_much(page, catalogue):
    for minutes, age in ((200, 40), (10, 3), (60, 14), (60, 15), (30, 8)):
        catalogue.add(
            metadata(
                time_required=(Duration("x", f"PT{minutes}M"),),
                typical_age_range=(AgeRange("x", age, age),),
            )
        )
    found = page("/en/search")
    assert list(boxes(found, "duration")) == ["15", "45", "90", "more"]
    assert list(boxes(found, "age")) == ["0-6", "7-9", "13-15", "19-"]
    assert labels(found, "age")[-1] == "19 years and over"


def test_the_page_holds_some_values_and_leads_to_all(page, catalogue):
    years = [str(year) for year in range(1950, 2010)]
    for year in years:
        catalogue.add(metadata(year, issued=(PartialDate(year, year, "stated"),)))
    catalogue.add(metadata(language=terms("fi")))
    found = page("/en/search?q=kuvaus&year=1950")
    held = list(boxes(found, "year"))
    most = facets.MOST_CLOSED
    assert held[:most] == years[: -most - 1 : -1]
    assert held[most:] == ["1950", "not-stated"]
    assert len(group(found, "year").findall("fieldset/ul/li")) == facets.SHOWN
    link = group(found, "year").find(".//p[@class='all-values']/a")
    assert link.text_content() == "All 60… (Year)"
    query = parse_qsl(urlsplit(link.get("href")).query)
    assert query == [("facet", "year"), ("q", "kuvaus"), ("year", "1950")]
    assert group(page("/en/search"), "language").find(".//p[@class='all-values']") is None


def test_the_page_stays_light_whatever_the_catalogue_holds(client, catalogue):
    """Every value of every vocabulary is there; over a slow line the page comes all the same."""
    for number in range(40):
        concepts = {
            facet: terms(*(each.id for each in vocabularies.concepts(name)[number::40]))
            for facet, name in VOCABULARY.items()
        }
        catalogue.add(
            metadata(
                f"Oppimateriaali {number}",
                license=licensed() if number % 2 else (),
                about=concepts["subject"],
                educational_level=concepts["level"],
                learning_resource_type=concepts["type"],
                educational_use=concepts["use"],
                audience=concepts["audience"],
                accessibility_feature=concepts["accessibility"],
                conditions_of_access=concepts["access"],
                language=terms("fi", f"q{chr(97 + number % 26)}{chr(97 + number // 26)}"),
                issued=(PartialDate("x", str(1980 + number), "stated"),),
            )
        )
    sent = client.get("/fi/search", headers={"Accept-Encoding": "gzip"}).data
    assert len(sent) < 22_000


def test_names_are_chosen_on_a_page_of_their_own(page, catalogue):
    catalogue.add(FULL)
    found = page("/en/search?q=kuvaus&author=Aino+Esimerkki")
    assert boxes_without_counts(found, "author") == {"Aino Esimerkki": "Aino Esimerkki"}
    links = {a.text: a.get("href") for a in found.findall(".//p[@class='all-values']/a")}
    assert links == {
        "Choose an author…": "/en/search/values?facet=author&q=kuvaus&author=Aino+Esimerkki",
        "Choose an organisation…": (
            "/en/search/values?facet=organisation&q=kuvaus&author=Aino+Esimerkki"
        ),
    }
    assert titles(page("/en/search?organisation=Mallikoulu")) == ["Kaikki"]


def boxes_without_counts(found, facet):
    return {
        box.get("value"): found.find(f".//label[@for='{box.get('id')}']").text_content()
        for box in found.findall(f".//input[@name='{facet}']")
    }


@pytest.mark.parametrize("name", ["نرگس\u200cآرا", "O’Brien & <Sons>", "A+B", "Нечуй", "a=b&c"])
def test_a_name_of_any_script_filters(page, client, catalogue, name):
    catalogue.add(metadata("Oikea", creator=(Agent(name, "person"),)))
    catalogue.add(metadata("Muu", creator=(Agent("Muu", "person"),)))
    link = page("/en/search/values?facet=author").xpath(f'//a[text()="{name}"]/@href')
    assert titles(page(link[0])) == ["Oikea"]


@pytest.mark.parametrize("form", ["csv", "json", "bib", "ris", "atom"])
def test_exports_honour_every_filter(client, page, catalogue, form):
    """What the page finds, the other forms find."""
    catalogue.add(FULL, address="found")
    catalogue.add(metadata(license=licensed("In copyright")), address="left")
    chosen = {facet: values[-1] for facet, values in catalogue_values(catalogue).items()}
    for facet, value in chosen.items():
        body = client.get(f"/en/search.{form}", query_string={facet: value}).text
        assert ("/r/found" in body, "/r/left" in body) == (True, facet == "source"), facet


def catalogue_values(catalogue):
    entries = catalogue.index._entries.values()
    return next(e.document.facets for e in entries if "Kaikki" in e.document.titles.values())


def test_every_filter_makes_a_chip_that_takes_it_away(page, catalogue):
    catalogue.add(FULL)
    values = catalogue_values(catalogue)
    query = "&".join(f"{facet}={values[facet][0].replace(' ', '+')}" for facet in FACETS)
    found = page(f"/en/search?{query}")
    chips = found.findall(".//ul[@class='chips']//a")[:-1]
    assert len(chips) == len(FACETS)
    for facet, chip in zip(FACETS, chips, strict=True):
        left = dict(parse_qsl(urlsplit(chip.get("href")).query))
        assert set(left) == set(FACETS) - {facet}


def test_ways_out_drop_any_filter(page, catalogue):
    catalogue.add(FULL)
    catalogue.add(metadata("Muu", creator=(Agent("Muu"),)))
    found = page("/en/search?author=Muu&age=7-9")
    ways = {li.findtext("a"): li.find("a").get("href") for li in found.findall(".//section//li")}
    assert ways == {
        "Without the filter “Author”": "/en/search?age=7-9",
        "Without the filter “Age”": "/en/search?author=Muu",
    }


def test_an_address_full_of_filters_makes_no_heavy_page(client, page, catalogue):
    catalogue.add(FULL)
    path = "/en/search?" + urlencode([(facet, f"v{n}") for facet in FACETS for n in range(50)])
    chips = page(path).findall(".//ul[@class='chips']//a[@class='clear']/../../li")
    assert len(chips) == MAX_CHOICES + 1
    assert len(client.get(path).data) < 200_000


def test_filters_are_used_up_to_a_number_in_all():
    many = MultiDict([("author", f"a{n}") for n in range(40)])
    many.setlist("level", ["x", "", "x", *(f"l{n}" for n in range(20))])
    found = SearchState.from_args(many).filters
    assert list(found) == ["level", "author"]
    assert found["level"] == ("x", *(f"l{n}" for n in range(20)))
    assert sum(map(len, found.values())) == MAX_CHOICES


def test_a_concept_chosen_where_it_does_not_belong_makes_no_other_values(page, catalogue):
    catalogue.add(metadata("a", issued=(PartialDate("2019", "2019", "stated"),)))
    catalogue.add(metadata("b"))
    found = page("/en/search?year=level:primary")
    assert vocabularies.broader("level:primary")
    assert list(boxes(found, "year")) == ["level:primary", "2019", "not-stated"]
    assert group(found, "year").find(".//p[@class='all-values']") is None


@pytest.mark.parametrize("query", ["author=", "permission=nope", "year=x", "age=-", "duration=0"])
def test_unknown_codes_are_chips_like_others_never_an_error(page, catalogue, query):
    catalogue.add(FULL)
    assert page(f"/en/search?{query}").find(".//h1") is not None


@pytest.mark.parametrize("ui", ["en", "fi", "sv"])
def test_every_code_of_the_index_has_a_name(app, ui):
    codes = {
        "duration": (*MINUTES, LONGER),
        "age": (*AGES, ADULT),
        "media": MEDIA_KINDS,
        "permission": facets.FIXED["permission"],
        "access": ("free", "not-free"),
    }
    with app.test_request_context(f"/{ui}/"):
        for facet, values in codes.items():
            for value in values:
                assert facet_labels.label(facet, value, ui, {}) != value, (facet, value)
        assert all(facet_labels.heading(facet) for facet in FACETS)


def test_a_paid_material_says_so(page, catalogue):
    catalogue.add(metadata("a", is_accessible_for_free=(Flag("false", False),)))
    catalogue.add(metadata("b", is_accessible_for_free=(Flag("true", True),)))
    assert set(labels(page("/en/search"), "access")) == {"Costs something", "Free of charge"}


def test_the_home_page_browses_the_widest_subjects_only(app, catalogue, page):
    catalogue.add(FULL)
    with app.test_request_context("/en/"):
        from oer.search.index import SearchQuery

        counts = catalogue.index.search(SearchQuery(limit=0, facets=("subject",)))
        found = facets.browse("subject", counts, "en")
    assert [choice.value for choice in found.all] == ["subject:mathematics"]
    (fields,) = found.others
    assert [choice.value for choice in fields.all] == ["subject:isced-f-05"]
    assert fields.shown[0].narrower == ()
    assert page("/en/").find(".//h1") is not None


def test_the_state_with_a_value_starts_at_the_first_page_and_keeps_the_order_of_facets():
    state = SearchState("vesi", {"year": ("2019",)}, "title", 4)
    assert state.with_value("level", "level:primary").query_string() == (
        "q=vesi&level=level%3Aprimary&year=2019&sort=title"
    )
    assert state.with_value("year", "2019").filters == {"year": ("2019",)}
