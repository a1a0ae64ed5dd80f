"""``oer serve`` stops at once, and finishes what it has begun to answer."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from oer.commands import stopping
from oer.commands.stopping import Answering

SOON = 20
"""Seconds; gunicorn by itself takes thirty."""

SERVING = """
import sys
from contextlib import ExitStack
from oer.app import create_app
from oer.commands.context import Oer
from oer.commands.serve import serve_catalogue

with ExitStack() as stack:
    stack.callback(lambda: print("taken down", flush=True))
    serve_catalogue(Oer(create_app), host="127.0.0.1", port=int(sys.argv[1]), workers=2, threads=2)
"""


@pytest.fixture
def served(tmp_path):
    """A process that serves an empty catalogue, and its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVING, str(port)],
        env={**os.environ, "OER_DATA_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process, port
    process.kill()
    process.communicate()


@pytest.mark.parametrize(
    ("number", "sent"),
    [
        (signal.SIGTERM, b""),
        (signal.SIGTERM, b"GET /en/ HT"),
        (signal.SIGTERM, b"GET /en/ HTTP/1.1\r\nHost: x\r\n\r\n"),
        (signal.SIGINT, b"GET /en/ HT"),
    ],
)
def test_open_connections_keep_nobody_waiting(served, number, sent):
    process, port = served
    with connected(port) as connection:
        connection.sendall(sent)
        if sent.endswith(b"\n"):
            assert connection.recv(12) == b"HTTP/1.1 200"
        began = time.monotonic()
        process.send_signal(number)
        said, _ = process.communicate(timeout=SOON)
    assert time.monotonic() - began < SOON
    assert process.returncode == 0
    assert said == "taken down\n", "by the parent, not by its workers too"


def test_what_is_being_answered_is_finished(monkeypatch):
    ended = []
    monkeypatch.setattr(stopping, "GRACE_SECONDS", 0.01)
    monkeypatch.setattr(stopping, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(os, "_exit", ended.append)
    worker, request, answering = Worker(), object(), Answering()
    handlers = [(each, signal.getsignal(each)) for each in (signal.SIGTERM, signal.SIGALRM)]
    try:
        answering.watch(worker)
        answering.begin(worker, request)
        signal.raise_signal(signal.SIGTERM)
        time.sleep(0.1)
        assert worker.told == [signal.SIGTERM]
        assert not ended
        answering.end(worker, request, {}, None)
        time.sleep(0.1)
        assert set(ended) == {0}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in handlers:
            signal.signal(number, handler)


class Worker:
    """What gunicorn's worker is told."""

    def __init__(self):
        self.told = []

    def handle_exit(self, number, frame):
        self.told.append(number)


def connected(port):
    """A connection to the server, tried again until somebody listens."""
    for _ in range(200):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=SOON)
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise AssertionError("Nobody listens.")
