"""A provider for tests of curation: it sends records, again and again, as its catalogue says."""

from collections.abc import Iterable
from datetime import datetime
from html import escape

from oer.models import HarvestedRecord, Resource, Source
from oer.services import deletions, ingest, sources
from oer.services.source_record import SourceRecord

COMPLETE = {
    "identifier": ("https://material.example/1",),
    "description": ("Tietoa veden kiertokulusta.",),
    "rights": ("https://creativecommons.org/licenses/by/4.0/",),
    "language": ("fi",),
    "type": ("video",),
}
"""Elements of a record in which no check finds an error or a warning."""


def oai_dc(**elements: Iterable[str]) -> bytes:
    """A record in oai_dc."""
    inside = "".join(
        f"<dc:{name}>{escape(value)}</dc:{name}>"
        for name, values in elements.items()
        for value in values
    )
    return (
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{inside}</oai_dc:dc>'
    ).encode()


class Provider:
    """One source of the catalogue, named by its slug."""

    def __init__(self, sessions, now: datetime, slug: str = "metsala", trust: str = "publish"):
        self.sessions, self.now, self.slug = sessions, now, slug
        with sessions.begin() as session:
            source = sources.add(session, slug, f"https://{slug}.example/oai", now=now)
            source.trust = trust
            self.source_id = source.id

    def sends(self, name: str = "1", title: str = "Vesi", **elements: Iterable[str]) -> str:
        """A record comes, complete but for what is said otherwise; the resource's address."""
        payload = oai_dc(title=(title,) if title else (), **(COMPLETE | elements))
        return self._harvest(SourceRecord(self._identifier(name), payload=payload))

    def sends_bytes(self, payload: bytes, name: str = "1") -> None:
        """A record comes that may be no metadata at all."""
        self._harvest(SourceRecord(self._identifier(name), payload=payload))

    def deletes(self, name: str = "1") -> None:
        """The record is deleted."""
        self._harvest(SourceRecord(self._identifier(name), deleted=True))

    def _identifier(self, name: str) -> str:
        return f"oai:{self.slug}.example:{name}"

    def _harvest(self, record: SourceRecord) -> str:
        with self.sessions.begin() as session:
            source = session.get_one(Source, self.source_id)
            ingest.accept(session, source, None, [record], now=self.now)
            deletions.judge(session, source, now=self.now)
        with self.sessions() as session:
            known = session.query(HarvestedRecord).filter_by(identifier=record.identifier).one()
            resource = session.get(Resource, known.resource_id) if known.resource_id else None
            return resource.address if resource else ""
