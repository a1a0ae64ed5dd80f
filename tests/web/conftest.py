"""A small catalogue of invented materials, and a browser without scripts to read it with."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from oer.app import create_app
from oer.metadata.resource_metadata import (
    Agent,
    Identifier,
    LangString,
    LicenseStatement,
    Material,
    PartialDate,
    ResourceMetadata,
    Term,
    to_json,
)
from oer.models import Harvest, HarvestedRecord, Resource, Source
from oer.models.resource import MERGED, WITHDRAWN
from oer.search.documents import document
from oer.search.memory_index import MemoryIndex
from oer.settings import Settings
from oer.web.collection import Heading, Item, make

CC_BY = "https://creativecommons.org/licenses/by/4.0/"
BY_SA = "https://creativecommons.org/licenses/by-sa/4.0/"


def metadata(title="Fotosynteesi", title_language="fi", **elements):
    """The description of an invented material."""
    elements.setdefault("description", (LangString(f"{title}: lyhyt kuvaus.", title_language),))
    return ResourceMetadata(title=(LangString(title, title_language),), **elements)


def licensed(raw=CC_BY):
    return (LicenseStatement(raw=raw, element="dc:rights"),)


RICH = metadata(
    learning_resource_type=(Term("exercise", "type:drill-and-practice", "mapped"),),
    educational_level=(Term("lukio", "level:general-upper-secondary", "mapped"),),
    language=(Term("fi", "fi", "stated"),),
    keywords=(Term("kasvit", language="fi"),),
    creator=(
        Agent(
            "Aino Esimerkki", "person", identifiers=(Identifier("0000-0002-1825-0097", "orcid"),)
        ),
    ),
    issued=(PartialDate("2019", "2019", "stated"),),
    license=licensed(),
    landing_page="https://materials.example/1",
    materials=(Material("https://files.example/tasks.pdf", media_type="application/pdf"),),
)


class Catalogue:
    """Fills the database and the index together."""

    def __init__(self, sessions, now):
        self.sessions, self.now, self.index, self.made = sessions, now, MemoryIndex(), 0
        with sessions.begin() as session:
            source = Source(
                slug="metsala", name="Metsälä", base_url="https://m.example/", created_at=now
            )
            session.add(source)
            session.flush()
            harvest = Harvest(source_id=source.id, started_at=now)
            session.add(harvest)
            session.flush()
            self.source_id, self.harvest_id = source.id, harvest.id

    def add(self, description, *, address=None, audit=None, **columns):
        """A published resource with its record, known to the index."""
        self.made += 1
        address = address or f"r{self.made:04}"
        with self.sessions.begin() as session:
            resource = Resource(
                address=address,
                source_id=self.source_id,
                metadata_json=to_json(description),
                audit_json=audit,
                created_at=self.now,
                datestamp=self.now + timedelta(minutes=self.made),
                **columns,
            )
            session.add(resource)
            session.flush()
            session.add(
                HarvestedRecord(
                    source_id=self.source_id,
                    identifier=f"oai:m.example:{self.made}",
                    datestamp="2026-02-03",
                    resource_id=resource.id,
                    last_harvest_id=self.harvest_id,
                )
            )
            id_ = resource.id
        self.index.replace([document(id_, description, "metsala", self.now)])
        return address

    def add_copy(self, description, kept, provider="Toinen"):
        """A resource of another provider, merged into the one of the address ``kept``."""
        copy = self.add(description)
        with self.sessions.begin() as session:
            other = Source(
                slug="toinen", name=provider, base_url="https://o.example/", created_at=self.now
            )
            session.add(other)
            session.flush()
            row = session.scalar(select(Resource).where(Resource.address == copy))
            row.status, row.source_id = MERGED, other.id
            row.merged_into_id = session.scalar(select(Resource.id).where(Resource.address == kept))
        return copy


@pytest.fixture
def catalogue(sqlite_sessions, now):
    return Catalogue(sqlite_sessions, now)


@pytest.fixture
def settings(tmp_path):
    return Settings.from_environ({"OER_DATA_DIR": str(tmp_path), "OER_SITE_NAME": "Koe"})


@pytest.fixture
def app(settings, catalogue):
    return create_app(settings, sessions=catalogue.sessions, index=catalogue.index)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def page(client):
    """Read a page: its parsed HTML, after checking the status."""
    from lxml import html

    def read(path, status=200, **kwargs):
        response = client.get(path, **kwargs)
        assert response.status_code == status, response.text[:500]
        return html.document_fromstring(response.data.decode())

    return read


@pytest.fixture
def spring(catalogue):
    """The code of a list with headings, notes, and a material that is gone."""
    first = catalogue.add(RICH)
    gone = catalogue.add(metadata("Poissa"), status=WITHDRAWN)
    second = catalogue.add(
        metadata("<b>Vesi</b>", creator=(Agent("Aino & Kalle"),), license=licensed(BY_SA))
    )
    return make(
        "Kevät <1>",
        [Heading("Aluksi"), Item(first, "=1+1 <i>"), Item(gone), Heading("Sitten"), Item(second)],
    ).code


@pytest.fixture
def merged(catalogue):
    """A material that is kept, and two copies of it."""
    catalogue.add(RICH, address="kept0001")
    with catalogue.sessions() as session:
        kept_id = session.scalar(select(Resource.id).where(Resource.address == "kept0001"))
    for address in ("copy0001", "copy0002"):
        catalogue.add(metadata("Kopio"), address=address, status=MERGED, merged_into_id=kept_id)
