"""A provider of generated records, in a process of its own, so that it competes with nobody.

Records are made from their number alone: the same number always gives the same record, pages are
made when they are asked for, and a list of any length takes no memory.
"""

import random
import re
import sys
import time
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import accumulate
from multiprocessing import get_context
from urllib.parse import parse_qs, urlsplit

from harvesters.samples.records import PROVIDERS, catalogue

PAGE = 100
TYPES = ("text", "video", "InteractiveResource", "exercise", "lesson plan", "image", "kurssi")
LANGUAGES = ("fi", "fi", "fi", "sv", "en", "eng", "fin", "swe")
RIGHTS = (
    "https://creativecommons.org/licenses/by/4.0/",
    "CC BY-SA 4.0",
    "CCBYNC4.0",
    "http://creativecommons.org/licenses/by-nc-sa/3.0/fi/",
    "© kustantaja",
    "",
)
IDENTIFY = """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2026-03-01T10:00:00Z</responseDate><request verb="Identify">{base}</request><Identify>
<repositoryName>Generated</repositoryName><baseURL>{base}</baseURL><protocolVersion>2.0</protocolVersion>
<adminEmail>admin@example.org</adminEmail><earliestDatestamp>2020-01-01T00:00:00Z</earliestDatestamp>
<deletedRecord>persistent</deletedRecord><granularity>YYYY-MM-DDThh:mm:ssZ</granularity>
</Identify></OAI-PMH>"""
RECORD = """<record><header><identifier>oai:generated.example.org:{n}</identifier>
<datestamp>2026-01-01T00:00:00Z</datestamp><setSpec>all</setSpec></header><metadata>
<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd">
<dc:title xml:lang="{language}">{title}</dc:title><dc:creator>{creator}</dc:creator>
<dc:subject>{subject1}</dc:subject><dc:subject>{subject2}</dc:subject><dc:subject>{subject3}</dc:subject>
<dc:description xml:lang="{language}">{description}</dc:description><dc:publisher>Esimerkkivarasto</dc:publisher>
<dc:date>{date}</dc:date><dc:type>{type}</dc:type><dc:format>text/html</dc:format>
<dc:identifier>https://material.example.org/{n}</dc:identifier><dc:language>{language}</dc:language>
<dc:rights>{rights}</dc:rights></oai_dc:dc></metadata></record>"""


@lru_cache(maxsize=1)
def words() -> tuple[list[str], list[float]]:
    """The words of the sample records, and their cumulative weights as in a real corpus (Zipf)."""
    texts = " ".join(
        str(record.elements) for name in PROVIDERS for record in catalogue(name).records
    )
    found = sorted(set(re.findall(r"[A-Za-zÅÄÖåäö]{3,}", texts)))
    random.Random(1).shuffle(found)
    return found, list(accumulate(1 / rank for rank in range(1, len(found) + 1)))


def record(n: int) -> str:
    """The record of that number."""
    chance = random.Random(n)
    vocabulary, weights = words()

    def some(count: int) -> str:
        return " ".join(chance.choices(vocabulary, cum_weights=weights, k=count))

    return RECORD.format(
        n=n,
        title=f"{some(4)} {n}",
        creator=f"{some(1)}, {some(1)}",
        subject1=some(1),
        subject2=some(1),
        subject3=some(2),
        description=some(70),
        date=chance.choice(("2019", "2021-05", "2024-03-01")),
        type=chance.choice(TYPES),
        language=chance.choice(LANGUAGES),
        rights=chance.choice(RIGHTS),
    )


def page(start: int, size: int) -> bytes:
    """The page that begins at record ``start`` of a list of ``size``."""
    stop = min(start + PAGE, size)
    records = "".join(record(n) for n in range(start, stop))
    token = str(stop) if stop < size else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-03-01T10:00:00Z</responseDate>
<request verb="ListRecords">http://127.0.0.1/oai</request><ListRecords>{records}
<resumptionToken completeListSize="{size}" cursor="{start}">{token}</resumptionToken>
</ListRecords></OAI-PMH>""".encode()


class Provider:
    """Serves ``size`` records from a process of its own while the block lasts."""

    def __init__(self, size: int, *, delay: float = 0.0, host: str = "127.0.0.1") -> None:
        self._size, self._delay, self._host = size, delay, host

    def __enter__(self) -> str:
        context = get_context("spawn")
        receiver, sender = context.Pipe(duplex=False)
        self._process = context.Process(
            target=_serve, args=(self._size, self._delay, self._host, sender), daemon=True
        )
        self._process.start()
        return f"http://{self._host}:{receiver.recv()}/oai"

    def __exit__(self, *exception: object) -> None:
        self._process.terminate()
        self._process.join()


def _serve(size: int, delay: float, host: str, sender) -> None:
    made: dict[int, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            time.sleep(delay)
            query = parse_qs(urlsplit(self.path).query)
            if query["verb"] == ["Identify"]:
                body = IDENTIFY.format(base="http://127.0.0.1/oai").encode()
            else:
                start = int(query.get("resumptionToken", ["0"])[0])
                # Up to 20 000 records the pages are kept, so that every reader gets them equally fast.
                body = made.get(start) or page(start, size)
                if size <= 20_000:
                    made[start] = body
            self.send_response(200)
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    if size <= 20_000:
        made.update((start, page(start, size)) for start in range(0, size, PAGE))
    server = ThreadingHTTPServer((host, 0), Handler)
    sender.send(server.server_port)
    server.serve_forever()


if __name__ == "__main__":
    sys.stdout.write(record(int(sys.argv[1])))
