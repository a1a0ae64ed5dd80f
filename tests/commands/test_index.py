"""``oer index verify``: what differs is said, and mended when asked for."""

import json

from oer.commands.index import index


def test_an_index_that_agrees(console):
    console.provider().sends()
    console.drain()
    assert "agree" in console.run(index, "verify")


def test_an_index_that_lost_something(console):
    provider = console.provider()
    provider.sends("1")
    provider.sends("2")
    console.drain()
    console.oer.index.rebuild([])
    said = console.run(index, "verify", code=1)
    assert "missing: 2 (1, 2)" in said
    assert "oer index verify --repair" in said
    assert "Repaired." in console.run(index, "verify", "--repair")
    assert console.oer.index.count() == 2
    answer = json.loads(console.run(index, "verify", "--json"))
    assert answer == {"missing": [], "extra": [], "outdated": [], "repaired": False}
