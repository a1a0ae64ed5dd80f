"""The catalogue as readers meet it: harvested over HTTP, indexed, and served by gunicorn."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from msgspec.structs import replace

from oer import database
from oer.metadata.resource_metadata import Material, to_json
from oer.models import Resource
from oer.search.index import SearchQuery, open_index
from oer.search.sync import drain
from oer.services import catalogue, curation
from oer.settings import Settings

ELSEWHERE = "https://elsewhere.example"
"""A host of other people. Nobody answers there; the tests do."""

STARTS_WITHIN = 30
"""In seconds. Only a server that never answers takes so long."""


@dataclass(frozen=True)
class Site:
    """A running catalogue, and addresses in it that the tests ask for."""

    url: str
    environ: dict[str, str]
    exercise: str
    """An exercise on photosynthesis for the lower secondary level that may be adapted."""

    rich: str
    """The material with the longest description."""

    withdrawn: str
    picture: int
    """Which of the rich material's files is a picture on another host."""

    @property
    def settings(self) -> Settings:
        return Settings.from_environ(self.environ)


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """Harvest the sample providers into a folder, and serve what came."""
    environ = {"OER_DATA_DIR": str(folder), "OER_SITE_NAME": "Aineisto"}
    _harvest(environ)
    known = _prepare(Settings.from_environ(environ))
    port = _free_port()
    server = _oer(environ, "serve", "--port", str(port))
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, server)
        yield Site(url, environ, *known)
    finally:
        server.terminate()
        said = server.communicate(timeout=20)[0]
        assert "Traceback" not in said, said


def _harvest(environ: dict[str, str]) -> None:
    demo = _oer(environ, "demo", "--once")
    said = demo.communicate(timeout=120)[0]
    assert demo.returncode == 0, said


def _oer(environ: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "cli", *arguments],
        env=os.environ | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _prepare(settings: Settings) -> tuple[str, str, str, int]:
    """Make what no sample has: a withdrawn material, a picture elsewhere. Name what matters."""
    sessions, index = database.connect(settings.database_url), open_index(settings.search_url)
    now = datetime.now(UTC)
    question = SearchQuery("fotosynteesi", {"type": ("type:drill-and-practice",)})
    with sessions.begin() as session:
        [exercise] = catalogue.by_ids(session, (hit.id for hit in index.search(question).hits))
        rich = max(session.query(Resource), key=lambda each: len(each.metadata_json))
        gone = next(each for each in catalogue.newest(session, 30) if each not in (exercise, rich))
        curation.withdraw(session, gone, actor="koe", now=now, reason="rights", successor=None)
        picture = Material(f"{ELSEWHERE}/leaf.png", media_type="image/png")
        shown = replace(rich.description, materials=(*rich.description.materials, picture))
        rich.metadata_json = to_json(shown)
        known = (exercise.address, rich.address, gone.address, len(shown.materials))
    drain(sessions, index)
    index.close()
    sessions.kw["bind"].dispose()
    return known


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[str]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(f"{url}/robots.txt"):
                return
        except URLError:
            time.sleep(0.05)
    server.kill()
    raise AssertionError(f"The server did not start:\n{server.communicate()[0]}")
