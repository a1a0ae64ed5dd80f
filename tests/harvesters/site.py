"""A web site on loopback, made of a dict; and a harvest of whatever stands there."""

from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from sqlalchemy import select

from harvesters import run as runs
from harvesters.http import HttpClient, Limits
from oer.metadata.resource_metadata import from_json
from oer.models import HarvestedRecord, Resource
from oer.services import sources

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Site:
    """Pages by path: bytes, or ``(status, headers, bytes)``. Remembers what was asked for."""

    def __init__(self, pages):
        self.pages = dict(pages)
        self.asked = []
        self.url = ""

    def answer(self, path):
        found = self.pages.get(path, (404, {}, b"not here"))
        return found if isinstance(found, tuple) else (200, {}, found)

    @contextmanager
    def serving(self):
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.asked.append(self.path)
                status, headers, body = site.answer(self.path)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def client(**options):
    """A client that may visit loopback and waits for nobody."""
    return HttpClient(internal=True, limits=Limits(max_tries=1), sleep=lambda _: None, **options)


def add(sessions, protocol, address, slug="s", **columns):
    with sessions.begin() as session:
        sources.add(session, slug, address, now=NOW, protocol=protocol, internal=True)
        sources.edit(session, slug, **columns)


def harvest(sessions, slug="s", *, now=NOW, dry=False, **options):
    """Harvest a source over real HTTP, or from a real file."""
    if dry:
        ended = runs.dry_run(sessions, slug, lambda source: client(), now=lambda: now)
    else:
        ended = runs.run(sessions, slug, lambda source: client(), now=lambda: now, **options)
    assert ended.tally.ties_out()
    return ended


class KilledError(BaseException):
    """What a process dies of."""


def killed_after(pages):
    """A ``report`` that dies after so many pages."""

    def report(progress):
        if progress.pages >= pages:
            raise KilledError

    return report


def resources(sessions):
    """What became of the records: identifier to status, metadata, problem."""
    query = select(HarvestedRecord, Resource).outerjoin(
        Resource, Resource.id == HarvestedRecord.resource_id
    )
    with sessions() as session:
        return {
            record.identifier: (resource and resource.status, _metadata(resource), record.problem)
            for record, resource in session.execute(query)
        }


def _metadata(resource):
    return from_json(resource.metadata_json) if resource else None


def metadata(sessions, identifier):
    return resources(sessions)[identifier][1]


def problems(sessions):
    """Problems in quarantine with their details."""
    query = select(HarvestedRecord.problem, HarvestedRecord.problem_detail).where(
        HarvestedRecord.problem.is_not(None)
    )
    with sessions() as session:
        return session.execute(query.order_by(HarvestedRecord.id)).all()
