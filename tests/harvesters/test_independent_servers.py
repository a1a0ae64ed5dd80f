# ruff: noqa: N803 - the library names its arguments like the protocol
"""Harvests of repositories that others wrote: the ``oaipmh`` library's server, and ``oai_repo``."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import etree
from oaipmh import common, error, metadata, server
from sqlalchemy import func, select

from harvesters.http import HttpClient
from harvesters.oai_pmh import sets
from harvesters.run import run
from oer.models import HarvestedRecord, Resource, Source
from oer.services import sources
from tests.harvesters.hostile_oai import Answer, Hostile, Record, Repository

COUNT = 137
SECONDS = "YYYY-MM-DDThh:mm:ssZ"


def catalogue(tells_deletions=True):
    """Records over a year, in two sets; one in ten deleted, where the server can say so."""
    return [
        Record(
            f"oai:independent.example.org:{number}",
            f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}T10:00:{number % 60:02}Z",
            f"Hyvää & <kaunis> {number}",
            ("even",) if number % 2 == 0 else ("odd",),
            deleted=tells_deletions and number % 10 == 9,
        )
        for number in range(COUNT)
    ]


def test_independent_servers_are_harvested_in_one_run(sqlite_sessions, now, servers):
    for name, hostile in servers.items():
        ended = harvest(sqlite_sessions, name, hostile, now)
        assert (ended.state, ended.error, ended.notes) == ("complete", None, [])
        gone = sum(each.deleted for each in hostile.repository.records)
        assert (ended.tally.created, ended.tally.withdrawn) == (COUNT - gone, gone)
    with sqlite_sessions() as session:
        for slug, hostile in servers.items():
            assert stored(session, slug) == {
                each.identifier: None if each.deleted else each.title
                for each in hostile.repository.records
            }


def test_a_second_harvest_of_them_asks_for_the_new_and_changes_nothing_else(
    sqlite_sessions, now, servers
):
    for name, hostile in servers.items():
        harvest(sqlite_sessions, name, hostile, now)
        with sqlite_sessions.begin() as session:
            source = sources.get(session, name)
            source.harvest_from = "2025-12-01T00:00:00Z"
            if not hostile.repository.tells_deletions:
                source.deletion_policy, source.reconcile_days = "sweep", 0
        old = hostile.repository.records
        fresh = [replace(old[0], datestamp="2025-12-30T00:00:00Z", title="New")]
        gone = replace(old[1], datestamp="2025-12-31T00:00:00Z", deleted=True)
        told = [gone] if hostile.repository.tells_deletions else []
        hostile.repository.records = [*old[2:], *fresh, *told]
        ended = harvest(sqlite_sessions, name, hostile, now)
        assert (ended.state, ended.notes) == ("complete", [])
        assert (ended.tally.created, ended.tally.updated, ended.deleted) == (0, 1, 1)
        assert ended.tally.seen < COUNT / 5


def test_a_record_that_breaks_them_costs_only_itself(sqlite_sessions, now, servers):
    """Both servers fail with an exception on a control character: the page is an HTTP 500."""
    for name, hostile in servers.items():
        old = hostile.repository.records
        hostile.repository.records = [
            replace(each, title="broken \x0b title") if number == 50 else each
            for number, each in enumerate(old)
        ]
        ended = harvest(sqlite_sessions, name, hostile, now)
        assert ended.state == "complete", ended.error
        with sqlite_sessions() as session:
            found = session.execute(
                select(HarvestedRecord.identifier, HarvestedRecord.problem)
                .join(Source, Source.id == HarvestedRecord.source_id)
                .where(Source.slug == name, HarvestedRecord.problem.is_not(None))
            ).all()
            assert found == [(old[50].identifier, "unreachable")]
            kept = stored(session, name)
            assert set(kept) == {each.identifier for each in old}


def test_a_set_of_them(sqlite_sessions, now, servers):
    for name, hostile in servers.items():
        with hostile.serving():
            found = list(sets(hostile.url, HttpClient(internal=True)))
        assert sorted(spec for spec, _ in found) == ["even", "odd"]
        ended = harvest(sqlite_sessions, name, hostile, now, set_specs=["odd"])
        assert (ended.state, ended.tally.seen) == ("complete", COUNT // 2)


# The servers --------------------------------------------------------------------------------------


class OfTheLibrary(Repository):
    """``oaipmh.server.BatchingServer``."""

    tells_deletions = True

    def answer(self, asked):
        registry = metadata.MetadataRegistry()
        registry.registerWriter("oai_dc", server.oai_dc_writer)
        return server.BatchingServer(
            _Backend(self), metadata_registry=registry, resumption_batch_size=25
        ).handleRequest(dict(asked))


class _Backend:
    """What the library asks for: the interface IBatchingOAI."""

    def __init__(self, repository):
        self.repository = repository

    def identify(self):
        return common.Identify(
            "Library", self.repository.base_url, "2.0", ["admin@example.org"],
            datetime(2025, 1, 1), "persistent", SECONDS, ["identity"],
        )  # fmt: skip

    def listMetadataFormats(self, identifier=None):
        return [("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", OAI_DC)]

    def listSets(self, cursor=0, batch_size=10):
        return [(spec, spec, None) for spec in ("even", "odd")][cursor : cursor + batch_size]

    def listRecords(self, metadataPrefix, set=None, from_=None, until=None, cursor=0, batch_size=9):
        found = selected(self.repository.records, set, from_, until)
        return list(map(self._whole, found[cursor : cursor + batch_size]))

    def listIdentifiers(self, **asked):
        return [header for header, _, _ in self._headers(**asked)]

    def _headers(self, metadataPrefix, set=None, from_=None, until=None, cursor=0, batch_size=9):
        found = selected(self.repository.records, set, from_, until)
        return [(self._header(each), None, None) for each in found[cursor : cursor + batch_size]]

    def getRecord(self, metadataPrefix, identifier):
        for each in self.repository.records:
            if each.identifier == identifier:
                return self._whole(each)
        raise error.IdDoesNotExistError(identifier)

    def _header(self, each):
        return common.Header(None, each.identifier, moment(each), list(each.sets), each.deleted)

    def _whole(self, each):
        fields = {"title": [each.title], "identifier": [f"https://m.example.org/{each.identifier}"]}
        described = None if each.deleted else common.Metadata(None, fields)
        return self._header(each), described, None


class OfOaiRepo(Repository):
    """``oai_repo.OAIRepository``, which leaves deleted records out whatever it is told."""

    tells_deletions = False

    def answer(self, asked):
        return bytes(oai_repo.OAIRepository(_data(self)).process(dict(asked)))


def _data(repository):
    class Data(oai_repo.DataInterface):
        limit = 25

        def get_identify(self):
            return oai_repo.Identify(
                "oai_repo", repository.base_url, ["admin@example.org"],
                "2025-01-01T00:00:00Z", "no", SECONDS,
            )  # fmt: skip

        def is_valid_identifier(self, identifier):
            return any(each.identifier == identifier for each in repository.records)

        def get_metadata_formats(self, identifier=None):
            schema = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
            return [oai_repo.MetadataFormat("oai_dc", schema, OAI_DC)]

        def get_record_header(self, identifier):
            each = self._named(identifier)
            return oai_repo.RecordHeader(identifier, each.datestamp, list(each.sets))

        def get_record_metadata(self, identifier, metadataprefix):
            root = etree.Element(f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC})
            etree.SubElement(root, f"{{{DC}}}title").text = self._named(identifier).title
            etree.SubElement(
                root, f"{{{DC}}}identifier"
            ).text = f"https://m.example.org/{identifier}"
            return root

        def get_record_abouts(self, identifier):
            return []

        def list_set_specs(self, identifier=None, cursor=0):
            if identifier:
                return list(self._named(identifier).sets), None, None
            return ["even", "odd"], 2, None

        def get_set(self, setspec):
            return oai_repo.Set(setspec, setspec, [])

        def list_identifiers(
            self, metadataprefix, filter_from=None, filter_until=None, filter_set=None, cursor=0
        ):
            found = selected(repository.records, filter_set, filter_from, filter_until)
            names = [each.identifier for each in found]
            return names[cursor : cursor + self.limit], len(names), None

        def _named(self, identifier):
            return next(each for each in repository.records if each.identifier == identifier)

    return Data()


oai_repo = pytest.importorskip("oai_repo")
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"


def moment(record):
    return datetime.strptime(record.datestamp, "%Y-%m-%dT%H:%M:%SZ")


def selected(records, spec, begin, until):
    """The records of a set and window, the times of which may be naive or not."""
    begin, until = (each and each.replace(tzinfo=UTC) for each in (begin, until))
    return [
        each
        for each in records
        if spec in (None, *each.sets)
        if begin is None or begin <= moment(each).replace(tzinfo=UTC)
        if until is None or moment(each).replace(tzinfo=UTC) <= until
    ]


@pytest.fixture
def servers():
    return {
        "library": Hostile(OfTheLibrary(records=catalogue()), politely_broken),
        "oai-repo": Hostile(OfOaiRepo(records=catalogue(tells_deletions=False)), politely_broken),
    }


def politely_broken(asked, honest):
    """An exception becomes what a web server makes of it."""
    try:
        return honest()
    except ValueError:
        return Answer(b"Internal Server Error", 500)


def harvest(sessions, name, hostile, now, **options):
    with hostile.serving():
        with sessions.begin() as session:
            if session.scalar(select(func.count(Source.id)).where(Source.slug == name)):
                # The port is another one; the source is not.
                session.scalars(
                    select(Source).where(Source.slug == name)
                ).one().base_url = hostile.url
            else:
                sources.add(session, name, hostile.url, now=now, internal=True, **options)
        ended = run(
            sessions,
            name,
            lambda source: HttpClient(internal=True, sleep=lambda seconds: None),
            now=lambda: now,
        )
    assert ended.tally.ties_out()
    return ended


def stored(session, slug):
    """Identifier to title; None for what was deleted."""
    rows = session.execute(
        select(HarvestedRecord, Resource)
        .outerjoin(Resource, Resource.id == HarvestedRecord.resource_id)
        .join(Source, Source.id == HarvestedRecord.source_id)
        .where(Source.slug == slug)
    )
    return {
        record.identifier: resource.description.title[0].text if resource else None
        for record, resource in rows
    }
