"""Starting: quick, and from the command line."""

import http.client
import os
import socket
import subprocess
import sys
import time
from contextlib import closing

import pytest


def test_starting_loads_no_metadata_table_and_no_message_catalogue():
    script = """
import sys, oer.app
from oer.metadata import vocabularies
assert not any("by_id" in each.__dict__ for each in vocabularies.VOCABULARIES.values())
from oer.web import languages
assert languages.catalogue.cache_info().currsize == 0
assert "lxml" not in sys.modules and "oer.search.whoosh_index" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.fixture
def served(tmp_path):
    """The port of a catalogue that the command serves."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {**os.environ, "OER_DATA_DIR": str(tmp_path), "OER_SEARCH_URL": "whoosh:"}
    command = [sys.executable, "-m", "cli", "serve", "--port", str(port), "--threads", "2"]
    process = subprocess.Popen(command, env=environ, stderr=subprocess.PIPE)
    yield port
    process.terminate()
    _, said = process.communicate(timeout=20)
    assert f"http://127.0.0.1:{port}/" in said.decode()


def test_the_serve_command_answers_browsers(served):
    assert fetch(served, "/en/") == (200, "text/html; charset=utf-8")
    assert fetch(served, "/en/nothing")[0] == 404


def fetch(port, path):
    """Status and type of an answer, asked again until somebody listens."""
    for _ in range(100):
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            try:
                connection.request("GET", path)
            except ConnectionRefusedError:
                time.sleep(0.1)
                continue
            response = connection.getresponse()
            return response.status, response.getheader("Content-Type")
    raise AssertionError("Nobody listens.")
