"""A sample repository on a loopback port: OAI-PMH at ``/oai``, materials at ``/material/…``.

It listens on 127.0.0.1 alone and answers nobody else: it is for the demo and for tests.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from harvesters.samples import oai, pages
from harvesters.samples.records import (
    PROVIDERS,
    SampleRecord,
    catalogue,
    filled,
    freshened,
)
from oer.errors import UsageError

LOOPBACK = "127.0.0.1"
LARGEST_FORM = 65_536


@dataclass(frozen=True)
class Answer:
    """What goes back over HTTP."""

    status: int
    content_type: str
    body: bytes


HTML = "text/html; charset=utf-8"
XML = "text/xml; charset=utf-8"


class SampleProvider:
    """A running sample repository.

    Args:
        name: ``metsola`` or ``skargard``.
        port: 0 takes any free one.
        page_size: How many records one answer to a list request holds.
        now: The clock for response dates, and for the datestamps of fresh records.
        fresh: How many records look as if edited now, to show an incremental harvest something.
    """

    def __init__(
        self,
        name: str,
        port: int = 0,
        page_size: int = 25,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        fresh: int = 0,
    ):
        if name not in PROVIDERS:
            raise UsageError(f"No sample provider {name!r}. Known: {', '.join(PROVIDERS)}.")
        self.provider = PROVIDERS[name]
        self._port, self._page_size, self._now, self._fresh = port, page_size, now, fresh
        self._server: _Server | None = None

    @property
    def records(self) -> tuple[SampleRecord, ...]:
        return catalogue(self.provider.slug).records

    def start(self) -> str:
        """Begin to answer. Returns the OAI-PMH base URL.

        Raises:
            UsageError: The port is taken.
        """
        try:
            self._server = _Server((LOOPBACK, self._port), _Handler)
        except OSError as error:
            raise UsageError(
                f"Port {self._port} cannot be used ({error.strerror}). Choose another."
            ) from error
        site = f"http://{LOOPBACK}:{self._server.server_address[1]}"
        repository = self._repository(site)
        self._server.answer = lambda target, form: answer(repository, target, form, self._now())
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self.base_url = repository.base_url
        return self.base_url

    def stop(self) -> None:
        """Stop answering and give the port back."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            self._server = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _repository(self, site: str) -> oai.Repository:
        whole = catalogue(self.provider.slug)
        now = self._now()
        live = [record for record in whole.records if record.elements is not None]
        fresh = {record.identifier for record in live[: self._fresh]}
        return oai.Repository(
            provider=self.provider,
            site=site,
            sets=whole.sets,
            records=[
                freshened(record, self.provider, now) if record.identifier in fresh else record
                for record in whole.records
            ],
            page_size=self._page_size,
        )


def answer(repository: oai.Repository, target: str, form: str, now: datetime) -> Answer:
    """The answer to a request for ``target``; ``form`` is the body of a POST."""
    address = urlsplit(target)
    path = unquote(address.path)
    if path == "/oai":
        pairs = parse_qsl(form or address.query, keep_blank_values=True)
        return Answer(200, XML, oai.reply(repository, pairs, now))
    if path == "/":
        return Answer(200, HTML, pages.front_page(repository.provider, repository.base_url))
    for record in repository.records:
        elements = record.elements
        if elements is not None and f"{path}/".startswith(f"/material/{record.id}/"):
            here = filled(elements, repository.site, repository.page(record))
            return Answer(200, HTML, pages.material_page(here, repository.provider))
    return Answer(404, HTML, pages.missing_page())


class _Server(ThreadingHTTPServer):
    answer: Callable[[str, str], Answer]
    daemon_threads = True

    def server_bind(self) -> None:
        # HTTPServer would look its own name up in the DNS here, which a loopback server needs not.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, int(self.server_address[1])


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10  # A client that says nothing must not keep a thread.

    def do_GET(self) -> None:
        self._send(self.server.answer(self.path, ""))

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST_FORM:
            self.send_error(413)
            return
        form = self.rfile.read(int(length)).decode("utf-8", "replace")
        self._send(self.server.answer(self.path, form))

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: what is asked here interests nobody later."""

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(answer.body)
