"""Reuse help: what goes together, how it is credited, and what it means."""

import json
from dataclasses import replace
from itertools import product

import pytest

from oer.metadata.resource_metadata import Agent, LangString, LicenseStatement, ResourceMetadata
from oer.metadata.reuse import (
    FORMS,
    LANGUAGES,
    Work,
    adaptation,
    attribution,
    compatible,
    disclaimer,
    explain,
    reason_text,
    ways_out,
    work_of,
)
from oer.metadata.reuse_texts import known_language
from oer.web import present
from tests.shared_data import shared_data

CC = "https://creativecommons.org/licenses/"

# Creative Commons' compatibility chart: which two may go into one adaptation.
MATERIALS = "pdm cc0 cc-by cc-by-sa cc-by-nc cc-by-nd cc-by-nc-sa cc-by-nc-nd".split()  # noqa: SIM905
REMIX = {
    "pdm": "yyyyynyn",
    "cc0": "yyyyynyn",
    "cc-by": "yyyyynyn",
    "cc-by-sa": "yyyynnnn",
    "cc-by-nc": "yyynynyn",
    "cc-by-nd": "nnnnnnnn",
    "cc-by-nc-sa": "yyynynyn",
    "cc-by-nc-nd": "nnnnnnnn",
}
# The adapter's licence: recommended, allowed (not recommended), no.
ADAPTERS = "cc-by cc-by-nc cc-by-nc-nd cc-by-nc-sa cc-by-nd cc-by-sa cc0".split()  # noqa: SIM905
ADAPTER = {
    "cc0": "rrrrrrr",
    "pdm": "rrrrrrr",
    "cc-by": "rrrrrra",
    "cc-by-nc": "arrraaa",
    "cc-by-nc-sa": "nnnrnnn",
    "cc-by-sa": "nnnnnrn",
    "cc-by-nd": "nnnnnnn",
    "cc-by-nc-nd": "nnnnnnn",
}


@pytest.mark.parametrize(("one", "other"), list(product(MATERIALS, MATERIALS)))
def test_the_remix_chart_holds_in_every_cell(one, other):
    expected = REMIX[one][MATERIALS.index(other)] == "y"

    assert compatible([one, other]).possible is expected


@pytest.mark.parametrize("material", ADAPTER)
def test_the_adapters_chart_holds_in_every_row(material):
    offered = {option.family: option.advice[0] for option in compatible([material]).options}

    assert [offered.get(family, "n") for family in ADAPTERS] == list(ADAPTER[material])


def test_both_charts_equal_the_published_ones():
    rules = json.loads(shared_data("vocab", "cc_rules.json").read_text(encoding="utf-8"))
    for one, partners in rules["remix"].items():
        for other in rules["remix"]:
            possible = compatible([family(one), family(other)]).possible
            assert possible is (other in partners), (one, other)
    words = {"recommended": "recommended", "allowed-not-recommended": "allowed"}
    for one, row in rules["adapter_licence"].items():
        offered = {option.family: option.advice for option in compatible([family(one)]).options}
        for other, cell in row.items():
            assert offered.get(family(other)) == words.get(cell), (one, other)


def test_several_sources_leave_what_all_of_them_allow():
    assert offers("cc-by", "cc-by-nc") == {
        "cc-by", "cc-by-sa", "cc-by-nc", "cc-by-nc-sa", "cc-by-nd", "cc-by-nc-nd", "cc0"
    }  # fmt: skip
    assert offers("cc0", "cc-by", "cc-by-sa") == {"cc-by-sa"}
    assert offers("cc-by", "cc-by-nc", "cc-by-nc-sa") == {"cc-by-nc-sa"}
    assert offers("cc-by", "cc-by-sa", "cc-by-nc") == set()


@pytest.mark.parametrize(
    ("sources", "uri"),
    [
        (["by-sa/1.0/"], "by-sa/1.0/"),
        (["by-sa/1.0/fi/"], "by-sa/1.0/fi/"),
        (["by-sa/1.0/", "by-sa/1.0/fi/"], None),
        (["by-sa/1.0/", "by-sa/2.0/"], None),
        (["by-sa/1.0/", "by-sa/4.0/"], None),
        (["by-nc-sa/1.0/", "by-nc-sa/3.0/"], None),
        (["by-sa/2.0/"], "by-sa/4.0/"),
        (["by-sa/2.0/", "by-sa/4.0/"], "by-sa/4.0/"),
        (["by-sa/2.5/", "by-sa/3.0/us/"], "by-sa/4.0/"),
        (["by-sa/2.1/jp/"], "by-sa/4.0/"),
        (["by-nc-sa/3.0/de/", "by-nc-sa/2.0/fr/"], "by-nc-sa/4.0/"),
        (["by-nc-sa/4.0/", "by/1.0/"], "by-nc-sa/4.0/"),
    ],
)
def test_sharealike_goes_to_this_or_a_later_version_and_from_1_0_nowhere(sources, uri):
    answer = compatible([CC + source for source in sources])

    found = [option.uri for option in answer.options if option.family.startswith("cc-by")]
    assert found == ([CC + uri] if uri else [])
    assert answer.possible is (uri is not None)


def test_sharealike_never_leads_to_an_earlier_version():
    for version in ("2.0", "2.5", "3.0", "4.0"):
        (option, *_) = compatible([f"{CC}by-sa/{version}/"]).options
        assert min(option.versions) == version


def test_a_port_that_was_never_made_has_no_uri_to_offer():
    (option,) = compatible([f"{CC}by-sa/1.0/ar/"]).options
    assert (option.family, option.uri) == ("cc-by-sa", None)


def test_an_unstated_sharealike_version_is_a_caution_and_beside_1_0_unknown():
    assert codes(compatible(["CC BY-SA"])) == {"version-not-stated", "own-part-only"}
    assert compatible(["CC BY-SA", f"{CC}by-sa/1.0/"]).possible is None


def test_by_sa_4_moves_into_the_gpl_3_but_nothing_comes_back():
    assert offers("CC BY-SA 4.0", "GPL-3.0") == {"gpl"}
    (one_way, _) = compatible(["CC0 1.0", "CC BY-SA 4.0", "GPL-3.0-or-later"]).reasons
    assert (one_way.code, one_way.licenses) == ("one-way", (f"{CC}by-sa/4.0/",))
    assert "one-way" not in codes(compatible(["GPL-3.0"]))
    assert compatible(["CC BY-SA 3.0", "GPL-3.0"]).possible is None
    assert compatible(["CC BY-SA 4.0", "GPL-2.0"]).possible is None
    assert compatible(["CC BY-NC-SA 4.0", "GPL-3.0"]).possible is None
    assert offers("CC BY-NC-SA 4.0") == {"cc-by-nc-sa"}


def test_no_teacher_is_offered_a_licence_for_software_or_art_unless_a_source_has_it():
    assert offers("CC BY-SA 4.0") == offers("CC BY-SA 4.0", "CC0 1.0") == {"cc-by-sa"}


def test_the_free_art_license_goes_both_ways():
    assert offers("CC BY-SA 4.0", "Free Art License 1.3") == {"fal", "cc-by-sa"}


def test_no_derivatives_blocks_adaptations_and_not_collections():
    answer = compatible([f"{CC}by-nd/4.0/", "CC BY 4.0"])

    assert (answer.possible, codes(answer)) == (False, {"no-derivatives"})
    assert compatible([f"{CC}by-nd/4.0/", "CC BY-SA 4.0"], collection=True).possible is True


@pytest.mark.parametrize(
    ("licenses", "commercial"),
    [
        (["cc0", "cc-by", "cc-by-sa", "cc-by-nd"], True),
        (["cc-by-sa", "cc-by-nc"], False),
        (["cc-by-nc-sa", "cc-by-nd"], False),
        (["cc-by-nc-nd"], False),
    ],
)
def test_a_collection_is_free_of_sharealike_and_bound_by_noncommercial(licenses, commercial):
    answer = compatible(licenses, collection=True)

    assert (answer.possible, answer.commercial) == (True, commercial)
    assert ("noncommercial" in codes(answer)) is not commercial


def test_an_unknown_licence_cannot_be_judged_and_reserved_rights_are_a_no():
    assert compatible(["CC BY 4.0", "hello"]).possible is None
    assert compatible(["public domain"]).possible is None
    assert compatible(["mit", "cc-by"]).possible is None
    assert compatible(["All rights reserved", "CC BY 4.0"]).possible is False
    assert compatible(["inc-edu"], collection=True).possible is False
    assert compatible([]).possible is None


def test_a_contradiction_is_judged_by_its_stricter_reading():
    answer = compatible(["CC BY 4.0, non-commercial use only"])

    assert answer.commercial is False
    assert "stricter-reading" in codes(answer)


def test_what_contradicts_another_statement_is_said_to_whatever_the_answer():
    for others in ([], ["CC BY-SA 4.0"], ["All rights reserved"]):
        answer = compatible([f"{CC}by-nc-nd/4.0/", *others], contradicted={f"{CC}by-nc-nd/4.0/"})
        (doubt,) = [reason for reason in answer.reasons if reason.code == "stricter-reading"]
        assert doubt.licenses == (f"{CC}by-nc-nd/4.0/",)


@pytest.mark.parametrize("collection", [False, True])
def test_where_rights_are_reserved_nothing_is_said_of_what_the_result_may_be(collection):
    answer = compatible(["All rights reserved", "cc-by"], collection=collection)

    assert codes(answer) == {"reserved"}


@pytest.mark.parametrize(
    ("licenses", "collection", "left_out"),
    [
        (["cc-by", "cc-by-sa"], False, []),
        (["cc-by", "cc-by-nd"], False, [{"cc-by-nd"}]),
        (["cc-by-sa", "cc-by-nc", "cc-by"], False, [{"cc-by-nc"}, {"cc-by-sa"}]),
        (["cc-by-sa", "cc-by-nc", "", "cc-by-nd"], False,
         [{"", "cc-by-nc", "cc-by-nd"}, {"", "cc-by-nd", "cc-by-sa"}]),
        ([f"{CC}by-sa/1.0/", f"{CC}by-sa/4.0/"], False, [{f"{CC}by-sa/1.0/"}, {f"{CC}by-sa/4.0/"}]),
        (["cc-by", "in-copyright", "cc-by-nd"], True, [{"in-copyright"}]),
        (["cc-by-nd", "in-copyright"], False, []),
        ([], False, []),
    ],
)  # fmt: skip
def test_what_may_be_left_out_so_that_the_rest_goes_together(licenses, collection, left_out):
    found = ways_out(licenses, collection=collection)

    assert sorted(map(sorted, found)) == sorted(map(sorted, left_out))
    for leave in found:
        rest = [each for each in licenses if each not in leave]
        assert compatible(rest, collection=collection).possible


def test_a_reason_without_a_named_licence_is_a_sentence_all_the_same():
    assert reason_text("not-known", ("",), "en").startswith("The licence is not known")
    assert reason_text("not-known", ("", "other"), "fi").startswith("Muu lisenssi: ")
    both = ("in-copyright", "http://rightsstatements.org/vocab/InC/1.0/")
    assert reason_text("reserved", both, "en").startswith("In copyright: ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_a_sentence_that_names_the_licences(language):
    samples = [["cc-by-nd"], ["cc-by-nc", "cc-by-sa"], [f"{CC}by-sa/1.0/", f"{CC}by-sa/4.0/"]]
    for licenses in samples:
        for reason in compatible(licenses).reasons:
            text = reason_text(reason.code, reason.licenses, language)
            assert "{" not in text
            assert "CC BY" in text


def test_a_credit_line_names_title_author_source_licence_and_changes():
    work = Work(
        "Photosynthesis",
        ("Ann Example", "Bo Exempel"),
        "https://oer.example/1",
        f"{CC}by/4.0/",
        "shortened",
    )

    assert attribution(work, "en") == (
        "“Photosynthesis” (https://oer.example/1) by Ann Example and Bo Exempel is licensed under "
        f"CC BY 4.0 ({CC}by/4.0/). Changes: shortened."
    )
    assert attribution(work, "fi") == (
        "”Photosynthesis” (https://oer.example/1), tekijä: Ann Example ja Bo Exempel, lisenssi: "
        f"CC BY 4.0 ({CC}by/4.0/). Muutokset: shortened."
    )
    assert attribution(work, "sv-FI") == (
        "”Photosynthesis” (https://oer.example/1) av Ann Example och Bo Exempel, licens: "
        f"CC BY 4.0 ({CC}by/4.0/). Ändringar: shortened."
    )
    assert attribution(work, "en", "slide") == (
        "Photosynthesis · Ann Example, Bo Exempel · CC BY 4.0 · https://oer.example/1 · shortened"
    )
    assert attribution(work, "en", "markdown").startswith(
        "[“Photosynthesis”](https://oer.example/1) by Ann Example"
    )
    assert f'<a rel="license" href="{CC}by/4.0/">CC BY 4.0</a>' in attribution(work, "en", "html")


def test_a_credit_line_without_author_or_licence_says_so():
    assert attribution(Work("A"), "en") == "“A”. Licence not known: ask before you reuse it."
    assert attribution(Work(), "fi").startswith("”Nimetön”")
    assert "Rights reserved" in attribution(Work("A", license="in-copyright"), "en")
    assert "CC0 1.0" in attribution(Work("A", license="cc0"), "sv")


@pytest.mark.parametrize(
    ("behind", "en", "fi", "sv"),
    [
        (
            {"rights_holders": ("Koulu", "Kirjasto"), "notice": "© X", "publishers": ("Y",)},
            "“A” (rights holder: Koulu and Kirjasto) is licensed under CC BY.",
            "”A”, oikeudenhaltija: Koulu ja Kirjasto, lisenssi: CC BY.",
            "”A”, rättsinnehavare: Koulu och Kirjasto, licens: CC BY.",
        ),
        (
            {"notice": "© 2019 Koulu", "publishers": ("Y",)},
            "“A” © 2019 Koulu is licensed under CC BY.",
            "”A” © 2019 Koulu, lisenssi: CC BY.",
            "”A” © 2019 Koulu, licens: CC BY.",
        ),
        (
            {"publishers": ("Kirjasto",)},
            "“A” published by Kirjasto is licensed under CC BY.",
            "”A”, julkaisija: Kirjasto, lisenssi: CC BY.",
            "”A” utgiven av Kirjasto, licens: CC BY.",
        ),
    ],
)
def test_without_an_author_whoever_else_is_known_gets_the_credit(behind, en, fi, sv):
    work = Work("A", license="cc-by", **behind)

    assert [attribution(work, language) for language in ("en", "fi", "sv")] == [en, fi, sv]
    assert attribution(replace(work, creators=("Ann",)), "en") == (
        "“A” by Ann is licensed under CC BY."
    )
    known = next(iter(behind.values()))
    assert (known if isinstance(known, str) else known[0]) in attribution(work, "sv", "slide")


@pytest.mark.parametrize(
    ("raw", "notice"),
    [
        ("© 2019 Koulu", "© 2019 Koulu"),
        ("Copyright (c) 2020 Koulu Oy", "Copyright (c) 2020 Koulu Oy"),
        ("© 2019", ""),
        ("© Koulu. All rights reserved.", ""),
        ("© 2019 Koulu, CC BY 4.0", ""),
        ("Copyright restrictions apply", ""),
        ("© " + "Koulu " * 40, ""),
    ],
)
def test_a_copyright_notice_is_taken_word_for_word_or_not_at_all(raw, notice):
    stated = (LicenseStatement(raw="CC BY 4.0"), LicenseStatement(raw=raw))

    assert work_of(ResourceMetadata(license=stated), "en").notice == notice


def test_a_version_of_ones_own_says_what_it_was_adapted_from():
    work = Work("A", ("Ann",), "https://oer.example/1", f"{CC}by/4.0/")

    assert adaptation(work, "en") == (
        f"Adapted from “A” (https://oer.example/1) by Ann, used under CC BY 4.0 ({CC}by/4.0/). "
        "Changes: write here what you changed."
    )
    assert adaptation(work, "fi").startswith("Muokattu oppimateriaalista ”A” (https://")
    assert adaptation(work, "fi").endswith("Muutokset: kirjoita tähän, mitä muutit.")
    assert adaptation(work, "sv").startswith("Bearbetning av ”A” (https://")
    told = replace(work, changes="shortened")
    assert adaptation(told, "en", "slide") == (
        "Adapted from A · Ann · CC BY 4.0 · https://oer.example/1 · shortened"
    )
    assert adaptation(replace(work, license="cc0"), "en").startswith(
        "Adapted from “A” (https://oer.example/1) by Ann, marked with CC0 1.0."
    )


@pytest.mark.parametrize("license", ["cc-by-nd", "in-copyright", "", "other"])
def test_what_is_not_free_to_adapt_has_no_line_for_adapted_versions(license):
    assert adaptation(Work("A", license=license), "en") == ""


def test_a_credit_line_adds_no_version():
    assert attribution(Work("A", license="cc-by"), "en") == "“A” is licensed under CC BY."


HOSTILE = (
    '<script>alert(1)</script> "x" [a](javascript:b) *b* `c` ![i](//e.example/i) & \u202e\nnext'
)


def test_a_hostile_title_stays_text_in_html():
    line = attribution(
        Work(HOSTILE, (HOSTILE,), "https://oer.example/1", changes=HOSTILE), "en", "html"
    )

    assert "<script" not in line
    assert line.count("<a ") == 1
    assert "\n" not in line
    assert "\u202e" not in line


def test_a_hostile_title_stays_text_in_markdown():
    line = attribution(
        Work(HOSTILE, (HOSTILE,), "https://oer.example/1", changes=HOSTILE), "en", "markdown"
    )

    unescaped = [line[i - 1 : i + 1] for i, letter in enumerate(line) if letter in "<`*!"]
    assert all(pair[0] == "\\" for pair in unescaped)
    assert line.count("](") == 1


def test_names_written_from_right_to_left_turn_nothing_around_in_html():
    line = attribution(Work("قواعد", ("Ann", "דוד"), "https://oer.example/1"), "en", "html")

    assert line.startswith(
        '<a href="https://oer.example/1"><bdi>“قواعد”</bdi></a> by Ann and <bdi>'
    )
    assert "<bdi>" not in attribution(Work("Kevät", ("Ann",)), "en", "html")


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://", "http://[", "x"],
)
def test_only_a_web_address_is_linked(url):
    assert "href" not in attribution(Work("A", url=url), "en", "html")
    assert "](" not in attribution(Work("A", url=url), "en", "markdown")


def test_an_address_cannot_end_its_link_early():
    url = 'https://oer.example/a"b)c d>e'

    assert 'href="https://oer.example/a%22b%29c%20d%3Ee"' in attribution(
        Work("A", url=url), "en", "html"
    )
    assert "(https://oer.example/a%22b%29c%20d%3Ee)" in attribution(
        Work("A", url=url), "en", "markdown"
    )


def test_the_work_of_a_description_takes_the_title_in_the_language_asked_for():
    metadata = ResourceMetadata(
        title=(LangString("Fotosynteesi", "fi"), LangString("Fotosyntes", "sv")),
        creator=(Agent("Ann Example"),),
        landing_page="https://oer.example/1",
        license=(LicenseStatement(raw="CC BY 4.0"),),
    )

    assert work_of(metadata, "sv") == Work(
        "Fotosyntes", ("Ann Example",), "https://oer.example/1", f"{CC}by/4.0/"
    )
    assert work_of(metadata, "en").title == "Fotosynteesi"
    assert work_of(ResourceMetadata(), "en") == Work()


@pytest.mark.parametrize("language", [*LANGUAGES, "sv-FI"])
@pytest.mark.parametrize(
    ("titles", "alternative"),
    [
        ((LangString("c", "de"), LangString("b", "en-GB"), LangString("a", "fi-FI")), ()),
        ((LangString("c", "de"), LangString("d")), (LangString("a", "sv"),)),
        ((LangString("  ", "fi"),), (LangString("a", "de"), LangString("b", "en"))),
    ],
)
def test_a_credit_line_has_the_title_that_the_page_has(titles, alternative, language):
    metadata = ResourceMetadata(title=titles, alternative=alternative)

    shown = present.title(metadata, known_language(language)).text
    assert work_of(metadata, language).title == shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_permission_is_explained_with_unknown_as_a_third_state(language):
    known, unknown = explain("cc-by-nc", language), explain("", language)

    assert [e.permission for e in known] == [
        "share", "adapt", "commercial", "attribution", "share_alike"
    ]  # fmt: skip
    assert [e.value for e in known] == [True, True, False, True, False]
    assert {e.value for e in unknown} == {None}
    assert not {e.text for e in known} & {e.text for e in unknown}
    assert disclaimer(language)


def test_texts_of_another_language_are_english():
    assert explain("cc-by", "de") == explain("cc-by", "en")
    assert attribution(Work("A"), "de") == attribution(Work("A"), "en")


@pytest.mark.parametrize("form", FORMS)
def test_every_form_bears_the_licence(form):
    assert "BY-SA 4" in attribution(Work("A", license=f"{CC}by-sa/4.0/"), "en", form)


def offers(*licenses: str) -> set[str]:
    return {option.family for option in compatible(licenses).options}


def codes(answer) -> set[str]:
    return {reason.code for reason in answer.reasons}


def family(code: str) -> str:
    return {"pd": "cc0", "pdm": "pdm", "cc0": "cc0"}.get(code, f"cc-{code}")
