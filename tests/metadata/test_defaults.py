"""Source defaults: gaps are filled by what a source declares, and nothing that was said is."""

import pytest

from oer.errors import UsageError
from oer.metadata import defaults as declaring
from oer.metadata.defaults import (
    ELEMENTS,
    RULE,
    checked,
    of_options,
    read_pairs,
    with_defaults,
    without_defaults,
)
from oer.metadata.licenses import LOM_COPYRIGHT, verdict
from oer.metadata.normalise import normalise
from oer.metadata.resource_metadata import (
    Agent,
    Alignment,
    LicenseStatement,
    Material,
    ResourceMetadata,
    Term,
)

CC_BY = "https://creativecommons.org/licenses/by/4.0/"
ALL = {name: element.example for name, element in ELEMENTS.items()}


def filled(metadata=None, **given):
    normal, _ = normalise(metadata or ResourceMetadata())
    return with_defaults(normal, of_options({"defaults": checked(given)}))


# Declaring ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ELEMENTS)
def test_every_example_can_be_declared_and_is_kept_canonically(name):
    kept = checked({name: ELEMENTS[name].example})
    assert checked(kept) == kept
    (value,) = of_options({"defaults": kept})[name]
    assert getattr(value, "raw", None) in ("", None)
    assert getattr(value, "basis", declaring.BASIS) == declaring.BASIS


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"language": "Finnish"}, {"language": "fi"}),
        ({"language": ["fi", "swe", "fin"]}, {"language": ["fi", "sv"]}),
        ({"license": "CC BY 4.0"}, {"license": CC_BY}),
        ({"license": "CC BY"}, {"license": "cc-by"}),
        ({"license": "public domain"}, {"license": "public-domain"}),
        ({"audience": "opettaja"}, {"audience": "audience:teacher"}),
        ({"is_accessible_for_free": "yes"}, {"is_accessible_for_free": True}),
        ({"is_accessible_for_free": False}, {"is_accessible_for_free": False}),
        ({"publisher": ["A", "B"]}, {"publisher": ["A", "B"]}),
    ],
)
def test_values_are_kept_as_what_they_mean(given, kept):
    assert checked(given) == kept
    assert checked(kept) == kept


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"license": "open access"}, "'open access' names no licence that we know"),
        ({"license": "CC BY and CC BY-NC"}, "names no licence that we know, or several"),
        ({"license": ["CC0", "MIT"]}, "it takes one value"),
        ({"language": "klingonish"}, "'klingonish' is no value for 'language'. Such as: fi"),
        ({"educational_level": "Gymnasiom"}, "is no concept of the vocabulary level. Near:"),
        ({"language": ""}, "language: '' is no value"),
        ({"language": 3}, "language: '3' is no value"),
        ({"language": []}, "language: 0 values"),
        ({"publisher": "x" * 501}, "1 to 500 characters"),
        ({"publisher": "aino@example.org"}, "e-mail address"),
        ({"title": "A"}, "'title' can have no default. These can: language, license"),
        ({"lanuage": "fi"}, "Did you mean language?"),
    ],
)
def test_what_cannot_be_declared_is_refused_with_a_way_out(given, said):
    with pytest.raises(UsageError) as caught:
        checked(given)
    assert said in str(caught.value)


def test_pairs_are_laid_over_what_there_is():
    present = {"language": "fi", "license": CC_BY, "publisher": "A"}
    pairs = ["language=sv", "Language=en", "license=", "educational-level=level:primary"]
    assert read_pairs(pairs, present) == {
        "language": ["sv", "en"],
        "educational_level": "level:primary",
        "publisher": "A",
    }
    with pytest.raises(UsageError, match="ELEMENT=VALUE"):
        read_pairs(["language"])


def test_a_value_that_means_nothing_any_more_is_left_out():
    kept = {"audience": "audience:gone", "language": "fi", "nothing": "x"}
    assert set(of_options({"defaults": kept})) == {"language"}
    assert of_options(None) == of_options({}) == of_options({"defaults": "x"}) == {}


# Applying -----------------------------------------------------------------------------------------


def test_a_silent_record_gets_everything_that_is_declared_and_it_is_accounted_for():
    found, changes = filled(**ALL)
    assert found.language == (Term(id="fi", basis="source_default"),)
    assert found.license[0].uri == CC_BY
    assert (found.license[0].raw, found.license[0].basis) == ("", "source_default")
    assert found.publisher == (Agent(ALL["publisher"]),)
    assert [each.field for each in changes] == list(ELEMENTS)
    assert {(each.raw, each.rule, each.basis) for each in changes} == {("", RULE, "source_default")}


STATED = {
    "language": ResourceMetadata(language=(Term("of the elves"),)),
    "educational_level": ResourceMetadata(educational_level=(Term("Stufe Q"),)),
    "audience": ResourceMetadata(audience=(Term("everybody who likes it"),)),
    "publisher": ResourceMetadata(publisher=(Agent("Somebody"),)),
    "conditions_of_access": ResourceMetadata(conditions_of_access=(Term("ask us"),)),
    "access_rights": ResourceMetadata(conditions_of_access=(Term("ask us"),)),
    "license": ResourceMetadata(license=(LicenseStatement("Ask the author first"),)),
}


@pytest.mark.parametrize("name", STATED)
def test_what_was_stated_and_not_understood_stays_unknown(name):
    found, changes = filled(STATED[name], **{name: ELEMENTS[name].example})
    assert getattr(found, name) == getattr(normalise(STATED[name])[0], name)
    assert changes == ()


@pytest.mark.parametrize(
    ("name", "metadata"),
    [
        ("language", ResourceMetadata(materials=(Material(language=(Term("sv"),)),))),
        (
            "educational_level",
            ResourceMetadata(alignment=(Alignment("educational_level", Term("?")),)),
        ),
        (
            "access_rights",
            ResourceMetadata(
                materials=(Material("https://a.example/", access_rights=Term("closed")),)
            ),
        ),
        (
            "license",
            ResourceMetadata(
                materials=(Material("https://a.example/", license=(LicenseStatement("Ask us"),)),)
            ),
        ),
    ],
)
def test_what_is_said_elsewhere_in_the_record_is_not_unsaid(name, metadata):
    found, _ = filled(metadata, **{name: ELEMENTS[name].example})
    assert getattr(found, name) == ()


@pytest.mark.parametrize(
    "statement",
    [
        "all rights reserved",
        "© Aino Esimerkki 2020",
        "CC BY-NC",
        "free to use",
        "not under a CC licence",
        "license unknown; see the site",
        "Vain koulukäyttöön",
        "Ask the author first",
        "Open access for members of the school only",
        "https://example.org/terms",
        "2020",
    ],
)
def test_no_record_that_says_anything_of_rights_gets_a_default_licence(statement):
    said = ResourceMetadata(license=(LicenseStatement(statement),))
    found, changes = filled(said, license=CC_BY)
    assert (len(found.license), changes) == (1, ())


@pytest.mark.parametrize("value", ["yes", "no"])
def test_what_lom_says_of_copyright_keeps_a_default_away(value):
    said = LicenseStatement(value, element=LOM_COPYRIGHT)
    assert filled(ResourceMetadata(license=(said,)), license=CC_BY)[1] == ()


@pytest.mark.parametrize(
    "silent",
    [
        LicenseStatement("info:eu-repo/semantics/openAccess"),
        LicenseStatement("The metadata are licensed under CC0."),
        LicenseStatement("CC0", scope="metadata"),
        LicenseStatement("n/a"),
        LicenseStatement("-"),
        LicenseStatement("Open access"),
        LicenseStatement("unknown", element=LOM_COPYRIGHT),
    ],
)
def test_statements_that_are_silent_about_the_licence_stay_beside_it(silent):
    found, changes = filled(ResourceMetadata(license=(silent,)), license=CC_BY)
    assert (len(found.license), len(changes)) == (2, 1)
    assert (verdict(found.license).code, verdict(found.license).uri) == ("cc-by", CC_BY)


def test_filling_in_can_be_taken_back_by_its_account():
    stated = ResourceMetadata(
        publisher=(), license=(LicenseStatement("info:eu-repo/semantics/openAccess"),)
    )
    normal, changes = normalise(stated)
    found, laid = with_defaults(normal, of_options({"defaults": checked(ALL)}))
    assert without_defaults(found, changes + laid) == (normal, changes)
    # A value of the record's own that happens to be the same is none of ours.
    own = ResourceMetadata(language=(Term(id="fi", basis="stated"),))
    assert without_defaults(own, laid)[0] == own
