"""``oer renormalise``: the stored records again, and nothing lost."""

from sqlalchemy import update

from oer.commands.curate import curate
from oer.commands.renormalise import renormalise
from oer.models import Resource
from oer.search.index import SearchQuery


def test_what_came_out_differently_is_found_by_searches(console):
    console.provider().sends(title="Vesi")
    # As if the tables had been other ones when it was harvested.
    with console.oer.sessions.begin() as session:
        session.execute(update(Resource).values(metadata_json='{"schemaVersion":1,"metadata":{}}'))
    said = console.json(renormalise)
    assert (said["seen"], said["updated"]) == (1, 1)
    assert console.oer.index.search(SearchQuery(text="vesi")).total == 1


def test_one_source_alone_and_again_without_change(console):
    console.provider().sends("1")
    console.provider("lampi").sends("1")
    said = console.run(renormalise, "lampi")
    assert said.startswith("1 records read again: 0 changed")
    assert console.json(renormalise)["unchanged"] == 2


def test_corrections_and_decisions_stay(console):
    address = console.provider().sends(title="Vesl")
    console.run(curate, "set", address, "title", "Vesi", "--reason", "a slip")
    gone = console.provider("lampi").sends()
    console.run(curate, "withdraw", gone, "--reason", "r")
    assert console.json(renormalise)["updated"] == 0
    assert console.json(curate, "show", gone)["status"] == "withdrawn"
    assert console.oer.index.search(SearchQuery(text="vesi")).total == 1


def test_an_unknown_source_is_wrong_usage(console):
    assert "No source 'nowhere'" in console.run(renormalise, "nowhere", code=2)
