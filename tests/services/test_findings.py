"""Findings: renewed with the description, and with what the link checker knows."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from oer.metadata.checks import Finding as Found
from oer.models import Finding, Link, Resource, ResourceLink
from oer.services import findings


@pytest.fixture
def resource_id(sessions, now):
    with sessions.begin() as session:
        resource = Resource(address="r1", metadata_json="{}", created_at=now, datestamp=now)
        session.add(resource)
        session.flush()
        return resource.id


def codes(sessions):
    with sessions() as session:
        return sorted(session.scalars(select(Finding.code)))


def link(sessions, resource_id, url, state):
    with sessions.begin() as session:
        digest = hashlib.sha256(url.encode()).hexdigest()
        made = Link(url=url, url_sha256=digest, host="x.example", state=state)
        session.add(made)
        session.flush()
        session.add(ResourceLink(resource_id=resource_id, link_id=made.id, role="material"))


def test_a_finding_that_is_found_again_keeps_its_first_day(sessions, resource_id, now):
    first, again = Found("no-type", "warning", "type"), now + timedelta(days=3)
    with sessions.begin() as session:
        findings.replace(session, {resource_id: [first]}, now=now)
    with sessions.begin() as session:
        more = Found("no-level", "info", "level")
        findings.replace(session, {resource_id: [first, more]}, now=again)
    with sessions() as session:
        days = {row.code: row.found_at for row in session.scalars(select(Finding))}
    assert days == {"no-type": now, "no-level": again}


def test_what_is_found_no_more_goes(sessions, resource_id, now):
    with sessions.begin() as session:
        findings.replace(session, {resource_id: [Found("no-type", "warning", "type")]}, now=now)
    with sessions.begin() as session:
        findings.replace(session, {resource_id: []}, now=now)
    assert codes(sessions) == []


def test_a_dead_link_is_a_finding_that_descriptions_do_not_take_away(sessions, resource_id, now):
    link(sessions, resource_id, "https://x.example/gone", "dead")
    link(sessions, resource_id, "https://x.example/there", "alive")
    for _ in range(2):
        with sessions.begin() as session:
            findings.renew_dead_links(session, now=now)
    with sessions.begin() as session:
        findings.replace(session, {resource_id: [Found("no-type", "warning", "type")]}, now=now)
    assert codes(sessions) == ["dead-link", "no-type"]
    with sessions() as session:
        evidence = session.scalars(select(Finding.evidence).where(Finding.code == "dead-link"))
        assert evidence.one() == "https://x.example/gone"


def test_a_link_that_lives_again_is_no_finding(sessions, resource_id, now):
    link(sessions, resource_id, "https://x.example/gone", "dead")
    with sessions.begin() as session:
        findings.renew_dead_links(session, now=now)
    with sessions.begin() as session:
        session.scalars(select(Link)).one().state = "alive"
    with sessions.begin() as session:
        findings.renew_dead_links(session, now=now)
    assert codes(sessions) == []
