"""A repository that answers from saved replies, over real HTTP on loopback.

Each reply is found by the resumption token that asks for it: a folder of replies is a repository.
"""

import re
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

IDENTIFY = """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2026-03-01T10:00:00Z</responseDate><request verb="Identify">http://x/</request>
<Identify><repositoryName>Replay</repositoryName><baseURL>http://x/</baseURL>
<protocolVersion>2.0</protocolVersion><adminEmail>admin@example.org</adminEmail>
<earliestDatestamp>2000-01-01T00:00:00Z</earliestDatestamp><deletedRecord>persistent</deletedRecord>
<granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify></OAI-PMH>"""

END = """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2026-03-01T10:00:00Z</responseDate><request verb="ListRecords">http://x/</request>
<ListRecords><resumptionToken/></ListRecords></OAI-PMH>"""


class Replay:
    """Replies by token: the first page is asked for without one. Counts what it was asked."""

    def __init__(self, pages: list[bytes], identify: str = IDENTIFY) -> None:
        self.by_token = dict(zip([None, *map(token_of, pages[:-1])], pages, strict=True))
        self.identify = identify
        self.asked: list[dict[str, str]] = []

    def answer(self, asked: dict[str, str]) -> bytes:
        self.asked.append(asked)
        if asked["verb"] == "Identify":
            return self.identify.encode()
        return self.by_token.get(asked.get("resumptionToken"), END.encode())

    @contextmanager
    def serving(self):
        """The address of the repository, for as long as the block lasts."""
        replay = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
                body = replay.answer({name: values[0] for name, values in query.items()})
                self.send_response(200)
                self.send_header("Content-Type", "text/xml; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/oai"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def token_of(page: bytes) -> str | None:
    """The resumption token in a page, as its bytes say, without parsing it."""
    import html

    found = re.search(rb"<(?:\w+:)?resumptionToken[^>]*>([^<]*)</", page)
    return html.unescape(found[1].decode()).strip() or None if found else None


def page(*records: str, token: str | None = None, size: int | None = None) -> bytes:
    """A ListRecords reply with these records in it."""
    attributes = f' completeListSize="{size}"' if size else ""
    end = "" if token is None else f"<resumptionToken{attributes}>{token}</resumptionToken>"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2026-03-01T10:00:00Z</responseDate><request verb="ListRecords">http://x/</request>
<ListRecords>{"".join(records)}{end}</ListRecords></OAI-PMH>""".encode()


def record(identifier: str, title: str = "A title", datestamp: str = "2026-01-01T00:00:00Z") -> str:
    """A record in oai_dc."""
    return f"""<record><header><identifier>{identifier}</identifier>
<datestamp>{datestamp}</datestamp><setSpec>all</setSpec></header><metadata>
<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>
<dc:identifier>https://material.example.org/{identifier}</dc:identifier></oai_dc:dc></metadata></record>"""


def deleted(identifier: str, datestamp: str = "2026-01-02T00:00:00Z") -> str:
    """A record that the provider deleted."""
    return f"""<record><header status="deleted"><identifier>{identifier}</identifier>
<datestamp>{datestamp}</datestamp></header></record>"""


def error(code: str, message: str = "") -> bytes:
    """An OAI-PMH error reply."""
    return f"""<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2026-03-01T10:00:00Z</responseDate><request>http://x/</request>
<error code="{code}">{message}</error></OAI-PMH>""".encode()
