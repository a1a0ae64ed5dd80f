"""What harvests learned: true of one question only, and never needed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from harvesters import learned
from harvesters.harvester import RepositoryInfo
from harvesters.ourselves import refuse_ourselves
from oer.errors import HarvestError
from oer.models import Source
from oer.services import sources

FACTS = {"tokens": "verbatim", "validators": {"etag": "1"}}


@pytest.fixture
def source(now):
    return Source(
        slug="s", protocol="oai_pmh", base_url="https://s.example.org/oai",
        metadata_prefix="oai_dc",
        set_specs=["a"], options={}, learned={},
    )  # fmt: skip


def test_facts_are_kept_and_forgotten_one_by_one(source):
    learned.learn(source, FACTS)
    assert learned.known(source) == FACTS
    learned.learn(source, {"tokens": None})
    assert learned.known(source) == {"validators": {"etag": "1"}}
    learned.learn(source, {"validators": None})
    assert source.learned == {}


@pytest.mark.parametrize(
    "change",
    [
        {"base_url": "https://other.example.org/oai"},
        {"protocol": "feed"},
        {"metadata_prefix": "lom"},
        {"set_specs": []},
        {"options": {"x": 1}},
    ],
)
def test_facts_about_another_question_are_not_known(source, change):
    learned.learn(source, FACTS)
    for name, value in change.items():
        setattr(source, name, value)
    assert learned.known(source) == {}
    learned.learn(source, {"tokens": "as given"})
    assert learned.known(source) == {"tokens": "as given"}


def test_what_was_learned_is_no_part_of_the_question(source):
    before = source.question
    learned.learn(source, FACTS)
    assert source.question == before


def test_facts_reach_the_database(sessions, now):
    with sessions.begin() as session:
        learned.learn(sources.add(session, "s", "https://s.example.org/oai", now=now), FACTS)
    with sessions.begin() as session:
        learned.learn(session.scalars(select(Source)).one(), {"tokens": None, "x": [1]})
    with sessions() as session:
        found = learned.known(session.scalars(select(Source)).one())
    assert found == {"validators": {"etag": "1"}, "x": [1]}


@pytest.mark.parametrize(
    ("days", "seen", "ignores"),
    [(0, None, False), (29, "", True), (31, "", False), (0, "nonsense", False), (0, 7, False),
     (0, "2026-03-01T12:00:00", False)],
)  # fmt: skip
def test_that_from_is_ignored_is_believed_for_a_while(source, now, days, seen, ignores):
    learned.learn(source, {learned.IGNORES_FROM: now.isoformat() if seen == "" else seen})
    assert learned.is_known_to_ignore_from(source, now + timedelta(days=days)) is ignores


# Ourselves ----------------------------------------------------------------------------------------

OWN = "https://oer.example.org"


@pytest.mark.parametrize(
    ("own", "asked", "info"),
    [
        (OWN, "https://oer.example.org/feed", None),
        (OWN, "http://OER.example.org:80/anything?x=1", None),
        ("http://oer.example.org:8080", "http://oer.example.org:8080/oai", None),
        ("https://example.org/oer", "https://example.org/oer", None),
        ("https://example.org/oer", "https://example.org/oer/feed", None),
        (OWN, "https://proxy.example.org/oai", RepositoryInfo(base_url=f"{OWN}/oai")),
        (OWN, "https://p.example.org/oai", RepositoryInfo(repository_identifier="OER.example.org")),
    ],
)  # fmt: skip
def test_this_catalogue_is_no_source_of_itself(own, asked, info):
    with pytest.raises(HarvestError, match="this catalogue itself"):
        refuse_ourselves(own, asked, info)


@pytest.mark.parametrize(
    ("own", "asked", "info"),
    [
        ("", "https://oer.example.org/feed", RepositoryInfo(repository_identifier="")),
        (OWN, "https://example.org/feed", RepositoryInfo(base_url="https://example.org/oai")),
        (OWN, "https://my.oer.example.org/feed", RepositoryInfo()),
        (OWN, "https://oer.example.org:8443/oai", None),
        (OWN, "file:///srv/records.xml", RepositoryInfo(base_url="http://[broken")),
        ("https://example.org/oer", "https://example.org/oer-other/oai", None),
        ("https://example.org/oer", "https://example.org/dspace/oai",
         RepositoryInfo(repository_identifier="example.org")),
    ],
)  # fmt: skip
def test_neighbours_are_sources_like_any_other(own, asked, info):
    refuse_ourselves(own, asked, info)
