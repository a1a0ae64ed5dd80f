"""The command line as its users meet it: one sentence for what is wrong, and exit codes as told."""

import json
import os
import subprocess
import sys

import pytest

from tests.harvesters.replay import Replay, deleted, page, record

PAGES = [page(record("a", "Fotosynteesi"), token="1", size=3), page(record("b"), deleted("c"))]


@pytest.fixture
def oer(tmp_path):
    """Run ``oer`` in a process of its own, on a data folder of its own."""

    def oer(*arguments, **environ):
        return subprocess.run(
            [sys.executable, "-m", "cli", *arguments],
            env=os.environ | {"OER_DATA_DIR": str(tmp_path / "data")} | environ,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return oer


def fails(done, code, *said):
    """One line on standard error that says these things, no traceback, and the exit code."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 4, done.stderr
    for each in said:
        assert each in done.stderr + done.stdout


def test_from_a_source_to_a_search_hit(oer):
    with Replay(PAGES).serving() as url:
        assert oer("source", "add", "s", url, "--internal").returncode == 0
        ran = oer("harvest", "run", "s", "--json")
    assert ran.returncode == 0, ran.stderr
    counts = json.loads(ran.stdout)
    assert {key: counts[key] for key in ("source", "state", "seen", "created", "withdrawn")} == {
        "source": "s", "state": "complete", "seen": 3, "created": 2, "withdrawn": 1,
    }  # fmt: skip
    assert set(counts) >= {"updated", "unchanged", "quarantined", "seconds"}
    found = json.loads(oer("search", "fotosynteesi", "--json").stdout)
    assert [hit["title"] for hit in found["hits"]] == ["Fotosynteesi"]
    assert "s" in oer("source", "list").stdout
    assert json.loads(oer("harvest", "list", "--json").stdout)["state"] == "complete"
    assert "complete" in oer("harvest", "show", "1").stdout
    assert "Fotosynteesi" in oer("search", "fotosynteesi").stdout


def test_without_a_terminal_every_page_is_a_plain_line(oer):
    with Replay(PAGES).serving() as url:
        oer("source", "add", "s", url, "--internal")
        lines = oer("harvest", "run", "--all").stdout.splitlines()
    assert lines[0].startswith("s: page 1: 1 seen: 1 created")
    assert lines[1].startswith("s: page 2: 3 seen: 2 created")
    assert lines[2].startswith("s: complete in")


def test_a_host_that_is_not_there(oer):
    oer("source", "add", "s", "http://nowhere.invalid/oai")
    fails(oer("harvest", "run", "s"), 1, "nowhere.invalid")


def test_an_address_that_is_no_oai_pmh_endpoint(oer):
    replay = Replay([page(record("a"))], identify="<html><body>Welcome</body></html>")
    with replay.serving() as url:
        oer("source", "add", "s", url, "--internal")
        fails(oer("harvest", "run", "s"), 1, "not OAI-PMH", "<html>", "Check that the address")


def test_a_private_address_without_internal(oer):
    with Replay(PAGES).serving() as url:
        oer("source", "add", "s", url)
        fails(oer("harvest", "run", "s"), 1, "127.0.0.1", "--internal")


def test_an_unsupported_format_names_the_ones_there_are(oer):
    from harvesters.samples import SampleProvider

    with SampleProvider("metsola") as sample:
        oer("source", "add", "s", sample.base_url, "--internal", "--prefix", "marc21")
        fails(oer("harvest", "run", "s"), 1, "'marc21'", "oai_dc", "oer source edit")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("harvest", "run"), "--all"),
        (("harvest", "run", "none"), "No source 'none'"),
        (("harvest", "show", "7"), "oer harvest list"),
        (("source", "add", "Bad Slug", "https://x.example/oai"), "'Bad Slug'"),
        (("source", "add", "s", "ftp://x.example/oai"), "'ftp://x.example/oai'"),
        (("source", "add", "s", "https://u:secret@x.example/oai"), "user name or password"),
        (("source", "show", "none"), "oer source add"),
        (("source", "edit", "none", "--name", "x"), "No source 'none'"),
        (("search", "--limit", "0"), "--limit"),
    ],
)
def test_wrong_usage_ends_with_2_and_a_way_out(oer, arguments, said):
    done = oer(*arguments)
    fails(done, 2, said)
    assert "secret" not in done.stderr


def test_a_malformed_setting(oer):
    fails(oer("source", "list", OER_DATABASE_URL="nonsense"), 2, "OER_DATABASE_URL", "'nonsense'")


def test_a_database_newer_than_the_code(oer, tmp_path):
    import sqlite3

    oer("source", "list")
    with sqlite3.connect(tmp_path / "data" / "oer.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    fails(oer("source", "list"), 1, "schema 9999", "newer than this version")
    fails(oer("database", "upgrade"), 1, "9999")


def test_a_run_stopped_by_a_signal_is_continued(oer, tmp_path):
    """Kill -TERM in the middle of a list; the next run ends it, and nothing is lost or doubled."""
    import signal
    from threading import Event

    asked, go_on = Event(), Event()
    replay = Replay(PAGES)
    original = replay.answer

    def slow(query):
        if query.get("resumptionToken") == "1" and not go_on.is_set():
            asked.set()
            go_on.wait(20)
        return original(query)

    replay.answer = slow
    with replay.serving() as url:
        oer("source", "add", "s", url, "--internal")
        running = subprocess.Popen(
            [sys.executable, "-m", "cli", "harvest", "run", "s", "--json"],
            env=os.environ | {"OER_DATA_DIR": str(tmp_path / "data")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert asked.wait(20)
        running.send_signal(signal.SIGTERM)
        _, said = running.communicate(timeout=20)
        go_on.set()
        assert running.returncode == 130
        assert "The next run goes on" in said
        ended = json.loads(oer("harvest", "run", "s", "--json").stdout)
    assert (ended["state"], ended["seen"], ended["created"]) == ("complete", 2, 1)
    assert json.loads(oer("source", "show", "s", "--json").stdout)["resources"] == 2
