"""A database and a hostile repository, and harvests of it that do not wait."""

import zlib
from contextlib import contextmanager, suppress

from sqlalchemy import select

from harvesters.http import HttpClient, Limits
from harvesters.oai_pmh import identify, sets
from harvesters.run import run
from oer.errors import EndlessList
from oer.models import Finding, HarvestedRecord, Resource, Source
from oer.services import duplicates, sources
from oer.services.describing import REPAIRED
from oer.services.ingest import storage_identifier
from oer.services.renaming import rename_identifiers
from oer.services.renormalise import renormalise
from oer.services.source_record import SourceRecord


class Killed(BaseException):
    pass


class World:
    """A database, a hostile repository, and harvests of it without waiting."""

    def __init__(self, sessions, now):
        self.sessions, self.now = sessions, now
        self.naps: list[float] = []
        self.ended = None

    @contextmanager
    def of(self, case):
        """The repository of a case, running, and the source that names it."""
        self.case, self.hostile = case, case.hostile()
        with self.hostile.serving():
            address = self.hostile.url + case.query
            with self.sessions.begin() as session:
                sources.add(session, "s", address, now=self.now, internal=True)
                sources.edit(session, "s", **case.source)
            yield self

    def http(self):
        limits = Limits(**{"max_tries": 3, "read_seconds": 2.0, **self.case.limits})
        return HttpClient(internal=True, limits=limits, sleep=self.naps.append, **self.case.http)

    def run(self, **options):
        return run(self.sessions, "s", lambda source: self.http(), now=lambda: self.now, **options)

    def run_killed_after(self, requests):
        """A run that is killed before that request is answered."""
        left = [requests]

        def http(source):
            client = self.http()
            get = client.get

            def counted(*arguments, **options):
                left[0] -= 1
                if left[0] < 0:
                    raise Killed
                return get(*arguments, **options)

            client.get = counted
            return client

        with suppress(Killed):
            run(self.sessions, "s", http, now=lambda: self.now)
            raise AssertionError("the run came to its end before it was killed")

    def edit(self, **changes):
        with self.sessions.begin() as session:
            sources.edit(session, "s", **changes)

    def source(self):
        with self.sessions() as session:
            return session.scalars(select(Source)).one()

    def identify(self):
        return identify(self.hostile.url, self.http())

    def sets(self):
        """The names of the sets."""
        return [spec for spec, _ in sets(self.hostile.url, self.http())]

    def sets_end(self):
        """Whether a list of sets in a circle is seen to be one."""
        try:
            return not list(sets(self.hostile.url, self.http()))
        except EndlessList:
            return True

    def became(self):
        """What became of every record: a status, "deleted", or its problem."""
        found = {}
        with self.sessions() as session:
            for row in session.execute(
                select(
                    HarvestedRecord.identifier,
                    HarvestedRecord.deleted,
                    HarvestedRecord.problem,
                    Resource.status,
                ).outerjoin(Resource, Resource.id == HarvestedRecord.resource_id)
            ):
                name = self._names().get(row.identifier, row.identifier)
                name = "" if name.startswith("no-identifier") else name
                assert name not in found
                found[name] = "deleted" if row.deleted else row.problem or row.status
        return found

    def _names(self):
        """Long identifiers are kept by their digest."""
        return {storage_identifier(SourceRecord(name)): name for name in self.case.arrives}

    def _record(self, name):
        with self.sessions() as session:
            return session.scalars(
                select(HarvestedRecord).where(HarvestedRecord.identifier == name)
            ).one()

    def payload(self, name):
        return zlib.decompress(self._record(name).payload)

    def about(self, name):
        return zlib.decompress(self._record(name).about)

    def received(self, name):
        """The record as it came, where it had to be repaired."""
        received = self._record(name).received
        return received and zlib.decompress(received)

    def repairs(self):
        """Record to how many of its characters were replaced, by the findings of its resource."""
        query = (
            select(HarvestedRecord.identifier, Finding.evidence)
            .join(Finding, Finding.resource_id == HarvestedRecord.resource_id)
            .where(Finding.code == REPAIRED)
        )
        with self.sessions() as session:
            return {row.identifier: row.evidence for row in session.execute(query)}

    def addresses(self):
        """The addresses of what is published."""
        query = select(Resource.address).where(Resource.status == "published")
        with self.sessions() as session:
            return set(session.scalars(query))

    def refresh_keys(self):
        duplicates.refresh(self.sessions)

    def rename(self, from_, to):
        rename_identifiers(self.sessions, "s", from_, to, actor="a curator", now=lambda: self.now)

    def renormalise(self):
        renormalise(self.sessions, now=lambda: self.now)

    def title(self, name):
        with self.sessions() as session:
            resource = session.get_one(Resource, self._record(name).resource_id)
            return resource.description.title[0].text

    def origins(self, name):
        """Where the description says that it came from."""
        with self.sessions() as session:
            resource = session.get_one(Resource, self._record(name).resource_id)
            return [(each.source, each.identifier) for each in resource.description.records]

    def datestamps(self):
        with self.sessions() as session:
            rows = session.execute(select(HarvestedRecord.identifier, HarvestedRecord.datestamp))
            return {row.identifier: row.datestamp for row in rows}

    def revisions(self):
        with self.sessions() as session:
            return set(session.scalars(select(Resource.revision)))
