"""A repository of our own that misbehaves, over real HTTP on loopback.

``Repository`` is honest: six records, two to a page, windows, sets, GetRecord. A *twist* stands
between it and the client and does what some real repository does. Every twist is made anew for
each case, so it may remember what it was asked.
"""

import threading
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

OAI = "http://www.openarchives.org/OAI/2.0/"
CLOCK = "2026-03-01T10:00:00Z"
SECONDS, DAYS = "YYYY-MM-DDThh:mm:ssZ", "YYYY-MM-DD"


@dataclass(frozen=True)
class Record:
    identifier: str
    datestamp: str | None = "2026-01-01T00:00:00Z"
    title: str = ""
    sets: tuple[str, ...] = ("all",)
    deleted: bool = False
    metadata: str | None = None
    about: str = ""
    status: str = ' status="deleted"'

    def header(self) -> str:
        stamp = "" if self.datestamp is None else f"<datestamp>{self.datestamp}</datestamp>"
        specs = "".join(f"<setSpec>{spec}</setSpec>" for spec in self.sets)
        status = self.status if self.deleted else ""
        name = f"<identifier>{escape(self.identifier)}</identifier>" if self.identifier else ""
        return f"<header{status}>{name}{stamp}{specs}</header>"

    def whole(self) -> str:
        metadata = self.metadata
        if metadata is None:
            metadata = "" if self.deleted else f"<metadata>{self.oai_dc()}</metadata>"
        return f"<record>{self.header()}{metadata}{self.about}</record>"

    def oai_dc(self) -> str:
        title = self.title or f"Title of {escape(self.identifier)}"
        return (
            '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>'
            f"<dc:identifier>https://m.example.org/{escape(self.identifier)}</dc:identifier>"
            "</oai_dc:dc>"
        )


def six(**changes: object) -> list[Record]:
    """Records a to f, of one day each."""
    return [
        replace(Record(name, f"2026-01-0{day}T00:00:00Z"), **changes)
        for day, name in enumerate("abcdef", 1)
    ]


@dataclass(frozen=True)
class Asked:
    """A request."""

    params: dict[str, str]
    query: str
    headers: dict[str, str]
    number: int
    method: str = "GET"

    @property
    def verb(self) -> str:
        return self.params.get("verb", "")

    @property
    def token(self) -> str | None:
        return self.params.get("resumptionToken")

    @property
    def lists(self) -> bool:
        return self.verb == "ListRecords"


@dataclass(frozen=True)
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    send: Callable[[BaseHTTPRequestHandler], None] | None = None
    """Does its worst with the connection, in place of all that."""


Honest = Callable[[], bytes]
Twist = Callable[[Asked, Honest], bytes | Answer]


@dataclass
class Repository:
    """An honest one."""

    records: list[Record] = field(default_factory=six)
    page: int = 2
    granularity: str = SECONDS
    clock: str = CLOCK
    sizes: bool = True
    size: int | None = None
    """What it says its lists hold, where that is a lie."""
    identify: str | None = None
    prefix: str = "oai_dc"
    base_url: str = ""
    tokens: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    name_token: Callable[[int], str] = lambda number: f"token-{number}"

    def answer(self, asked: dict[str, str]) -> bytes:
        verbs = {
            "Identify": self._identify,
            "ListMetadataFormats": self._formats,
            "ListSets": self._sets,
            "GetRecord": self._get,
            "ListRecords": self._list,
            "ListIdentifiers": self._list,
        }
        verb = asked.get("verb", "")
        return verbs[verb](asked) if verb in verbs else self.error("badVerb")

    def selected(self, asked: dict[str, str]) -> list[Record]:
        """The records of a window and set, in their order."""
        begin, until = asked.get("from", ""), asked.get("until", "9")
        return [
            each
            for each in self.records
            if begin <= (each.datestamp or "") and (each.datestamp or "")[: len(until)] <= until
            if asked.get("set") in (None, *each.sets)
        ]

    def envelope(self, verb: str, inner: str) -> bytes:
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="{OAI}">'
            f"<responseDate>{self.clock}</responseDate>"
            f'<request verb="{verb}">http://x/</request>{inner}</OAI-PMH>'
        ).encode()

    def error(self, code: str, message: str = "no") -> bytes:
        return self.envelope("x", f'<error code="{code}">{message}</error>')

    def listing(
        self, records: Iterable[Record], token: str | None = None, size: int | None = None
    ) -> bytes:
        """A page of ListRecords."""
        return self._page("ListRecords", records, token, size)

    def _page(
        self, verb: str, records: Iterable[Record], token: str | None, size: int | None
    ) -> bytes:
        made = (each.whole() if verb == "ListRecords" else each.header() for each in records)
        given = f' completeListSize="{size}"' if size is not None else ""
        end = "" if token is None else f"<resumptionToken{given}>{escape(token)}</resumptionToken>"
        return self.envelope(verb, f"<{verb}>{''.join(made)}{end}</{verb}>")

    def _list(self, asked: dict[str, str]) -> bytes:
        verb, start, question = asked["verb"], 0, asked
        if "resumptionToken" in asked:
            if asked["resumptionToken"] not in self.tokens:
                return self.error("badResumptionToken")
            start, question = self.tokens[asked["resumptionToken"]]
        elif asked.get("metadataPrefix") != self.prefix:
            return self.error("cannotDisseminateFormat")
        found = self.selected(question)
        if not found:
            return self.error("noRecordsMatch")
        stop = start + self.page
        token = None
        if stop < len(found):
            token = self.name_token(len(self.tokens))
            self.tokens[token] = (stop, question)
        elif start:
            token = ""
        size = (self.size or len(found)) if self.sizes else None
        return self._page(verb, found[start:stop], token, size)

    def _get(self, asked: dict[str, str]) -> bytes:
        for each in self.records:
            if each.identifier == asked.get("identifier"):
                return self.envelope("GetRecord", f"<GetRecord>{each.whole()}</GetRecord>")
        return self.error("idDoesNotExist")

    def _formats(self, asked: dict[str, str]) -> bytes:
        each = (
            f"<metadataFormat><metadataPrefix>{self.prefix}</metadataPrefix><metadataNamespace>"
            f"{OAI}oai_dc/</metadataNamespace></metadataFormat>"
        )
        return self.envelope("x", f"<ListMetadataFormats>{each}</ListMetadataFormats>")

    def _sets(self, asked: dict[str, str]) -> bytes:
        specs = dict.fromkeys(spec for each in self.records for spec in each.sets)
        found = "".join(
            f"<set><setSpec>{spec}</setSpec><setName>{spec}</setName></set>" for spec in specs
        )
        return self.envelope("ListSets", f"<ListSets>{found}</ListSets>")

    def _identify(self, asked: dict[str, str]) -> bytes:
        return self.envelope("Identify", f"<Identify>{self.identify or self._says()}</Identify>")

    def _says(self) -> str:
        return (
            f"<repositoryName>Hostile</repositoryName><baseURL>{self.base_url}</baseURL><protocolVersion>2.0</protocolVersion>"
            "<adminEmail>admin@example.org</adminEmail><deletedRecord>persistent</deletedRecord>"
            f"<earliestDatestamp>2026-01-01T00:00:00Z</earliestDatestamp>"
            f"<granularity>{self.granularity}</granularity>"
        )


def honestly(asked: Asked, honest: Honest) -> bytes:
    """No twist at all."""
    return honest()


class Hostile:
    """Serves a repository through a twist. Remembers what it was asked."""

    def __init__(self, repository: Repository | None = None, twist: Twist = honestly) -> None:
        self.repository = repository or Repository()
        self.twist = twist
        self.asked: list[Asked] = []
        self.takes_posts = False
        self.seconds = 0.0
        """What its answers took, by a clock that only it moves."""
        self.posts = self.most_at_once = self._at_once = 0
        self._lock = threading.Lock()
        self.url = ""

    def lists(self) -> list[dict[str, str]]:
        """The requests for lists of records."""
        return [each.params for each in self.asked if each.lists]

    def respond(self, path: str, headers: dict[str, str], form: str | None = None) -> Answer:
        query = urlsplit(path).query
        params = dict(parse_qsl(f"{query}&{form or ''}", keep_blank_values=True))
        method = "GET" if form is None else "POST"
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            asked = Asked(params, query, headers, len(self.asked), method)
            self.asked.append(asked)
        try:
            answer = self.twist(asked, lambda: self.repository.answer(params))
        finally:
            with self._lock:
                self._at_once -= 1
        return Answer(answer) if isinstance(answer, bytes) else answer

    @contextmanager
    def serving(self):
        """Serve for as long as the block lasts."""
        server = _Server(("127.0.0.1", 0), _handler(self))
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}/oai"
        self.repository.base_url = self.url
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class _Server(ThreadingHTTPServer):
    block_on_close = False
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # the client hung up, as a good client does


def _handler(hostile: Hostile) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self._answer(None)

        def do_POST(self):
            hostile.posts += 1
            form = self.rfile.read(int(self.headers["content-length"])).decode("ascii")
            if hostile.takes_posts:
                self._answer(form)
            else:
                self.send_error(405)

        def _answer(self, form):
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = hostile.respond(self.path, headers, form)
            if answer.send is not None:
                answer.send(self)
                return
            given = {"Content-Type": "text/xml; charset=utf-8"} | answer.headers
            self.send_response(answer.status)
            for name, value in given.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *args):
            pass

    return Handler


# What a twist may do with the connection ----------------------------------------------------------

_NEVER = threading.Event()


def hang(handler: BaseHTTPRequestHandler) -> None:
    """Say nothing, longer than a client should wait."""
    _NEVER.wait(1.5)


def trickle(body: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    """A body that comes a few bytes at a time, always soon enough for a timeout per read."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n")
        for start in range(0, len(body), 8):
            handler.wfile.write(body[start : start + 8])
            _NEVER.wait(0.05)

    return send


def cut(body: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    """Half of what was promised."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        head = f"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
        handler.wfile.write(head.encode() + body[: len(body) // 2])

    return send
