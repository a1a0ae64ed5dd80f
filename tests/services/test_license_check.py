"""Counting licences: every resource once, unknown never as open, and rules that break."""

from functools import partial

import pytest

from oer.errors import UsageError
from oer.metadata.licenses import verdict
from oer.metadata.resource_metadata import LicenseStatement
from oer.services import curation, license_check
from oer.services.license_check import CLASSES, TRAITS, class_of, count, judge, read_rule
from tests.services.providers import Provider


@pytest.mark.parametrize(
    ("statements", "expected", "traits"),
    [
        (["CC BY 4.0"], "open", ()),
        (["CC0"], "open", ()),
        (["CC BY"], "open", ("no-version",)),
        (["CC BY-SA 4.0"], "open", ("sa",)),
        (["CC BY-NC 4.0"], "open-restricted", ("nc",)),
        (["CC BY-ND 4.0"], "not-open", ("nd",)),
        (["CC BY-NC-ND 4.0"], "not-open", ("nc", "nd")),
        (["All rights reserved"], "not-open", ("nc",)),
        (["Public domain"], "undetermined", ()),
        (["free to use"], "unknown", ()),
        (["CC BY 4.0", "CC BY-ND 4.0"], "conflict", ("nd",)),
        ([], "none", ()),
    ],
)
def test_a_resource_is_exactly_one_of_the_classes(statements, expected, traits):
    found = verdict(tuple(LicenseStatement(raw) for raw in statements))
    assert class_of(found) == expected
    if expected != "not-open":
        assert license_check.traits_of(found) == traits


def test_counts_are_by_source_and_in_all_and_of_published_resources_only(provider, sessions, now):
    metsala, lampi = provider(), provider(slug="lampi")
    metsala.sends("1")
    metsala.sends("2", rights=())
    lampi.sends("3", rights=())
    gone = lampi.sends("4")
    with sessions.begin() as session:
        withdrawn = curation.get(session, gone)
        curation.withdraw(session, withdrawn, actor="a", now=now, reason="r")
    total, by_source = count(judge(sessions))
    assert (total.resources, total.by_code["open"], total.by_code["none"]) == (3, 1, 2)
    assert {slug: counts.resources for slug, counts in by_source.items()} == {
        "metsala": 2, "lampi": 1,
    }  # fmt: skip
    assert sum(total.by_code[code] for code in CLASSES) == total.resources


def test_one_source_alone(provider, sessions):
    provider().sends("1")
    lampi = provider(slug="lampi")
    lampi.sends("1", rights=())
    total, _ = count(judge(sessions, source_id=lampi.source_id))
    assert (total.resources, total.by_code["none"]) == (1, 1)


def test_batches_follow_one_another_to_the_end(provider, sessions, monkeypatch):
    monkeypatch.setattr(license_check, "BATCH", 2)
    metsala = provider()
    addresses = {metsala.sends(f"{name}") for name in range(5)}
    judged = list(judge(sessions))
    assert {each.address for each in judged} == addresses
    assert len(judged) == 5


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("none", True),
        ("none>1", True),
        ("none>2", False),
        ("none>66%", True),
        ("none>66.7%", False),
        ("none > 10%", True),
        ("unknown", False),
        ("conflict>0", False),
    ],
)
def test_a_rule_breaks_when_its_limit_is_passed(provider, sessions, rule, broken):
    metsala = provider()
    metsala.sends("1")
    metsala.sends("2", rights=())
    metsala.sends("3", rights=())
    total, _ = count(judge(sessions))
    assert read_rule(rule).broken_by(total) is broken


def test_no_rule_is_broken_by_an_empty_catalogue(sessions):
    total, by_source = count(judge(sessions))
    assert by_source == {}
    assert not any(read_rule(code).broken_by(total) for code in (*CLASSES, *TRAITS))
    assert not read_rule("none>0%").broken_by(total)


@pytest.mark.parametrize("text", ["", "closed", "none>", "none>x", "none<5", "none>5%%", "none>-1"])
def test_what_is_no_rule_is_refused_with_the_codes(text):
    with pytest.raises(UsageError, match="open-restricted"):
        read_rule(text)


@pytest.fixture
def provider(sessions, now):
    return partial(Provider, sessions, now)
