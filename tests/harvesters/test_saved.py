"""OAI-PMH without a server: static repositories and folders of saved answers."""

import json

import pytest
from sqlalchemy import select

from harvesters import saved
from harvesters.harvester import HarvestRequest
from oer.errors import HarvestError, ProtocolError
from oer.models import Source
from tests.harvesters.replay import IDENTIFY, deleted, error, page, record
from tests.harvesters.site import (
    KilledError,
    Site,
    add,
    client,
    harvest,
    killed_after,
    problems,
    resources,
)

STATIC = """<?xml version="1.0" encoding="UTF-8"?>
<Repository xmlns="http://www.openarchives.org/OAI/2.0/static-repository"
 xmlns:oai="http://www.openarchives.org/OAI/2.0/">
<Identify><oai:repositoryName>Small archive</oai:repositoryName>
<oai:deletedRecord>no</oai:deletedRecord><oai:granularity>YYYY-MM-DD</oai:granularity></Identify>
<ListMetadataFormats/>
<ListRecords metadataPrefix="oai_dc">{records}</ListRecords>
<ListRecords metadataPrefix="other">{other}</ListRecords></Repository>"""


def oai(*records):
    """The records with the namespace that a static repository gives them."""
    return "".join(
        each.replace("<record>", '<record xmlns="http://www.openarchives.org/OAI/2.0/">', 1)
        for each in records
    )


# Folders ------------------------------------------------------------------------------------------


def test_a_folder_is_read_in_natural_order_and_again_unchanged(sqlite_sessions, folder):
    add(sqlite_sessions, "saved", str(folder))
    first, second = harvest(sqlite_sessions), harvest(sqlite_sessions)
    assert (first.state, first.tally.created, first.pages) == ("complete", 4, 4)
    assert (second.tally.unchanged, second.tally.created) == (4, 0)
    with sqlite_sessions() as session:
        assert session.scalars(select(Source)).one().name == "Replay"


def test_page_2_comes_before_page_10(folder):
    names = [path.name for path, _ in saved.files(folder)]
    assert names == ["identify.xml", "page-1.xml", "page-2.xml", "page-10.xml"]


def test_a_later_answer_may_delete_what_an_earlier_one_brought(sqlite_sessions, folder):
    (folder / "page-11.xml").write_bytes(page(deleted("a")))
    add(sqlite_sessions, "saved", str(folder))
    assert harvest(sqlite_sessions).deleted == 1
    assert resources(sqlite_sessions)["a"][0] == "withdrawn"


def test_a_run_that_was_killed_goes_on_with_the_next_file(sqlite_sessions, folder):
    add(sqlite_sessions, "saved", str(folder))
    with pytest.raises(KilledError):
        harvest(sqlite_sessions, report=killed_after(2))
    (folder / "page-1.xml").write_bytes(b"no longer looked at")
    rest = harvest(sqlite_sessions)
    assert (rest.state, rest.pages) == ("complete", 2)
    assert len(resources(sqlite_sessions)) == 4


def test_a_dry_run_changes_nothing(sqlite_sessions, folder):
    add(sqlite_sessions, "saved", str(folder))
    assert harvest(sqlite_sessions, dry=True).tally.created == 4
    assert resources(sqlite_sessions) == {}


def test_a_broken_answer_is_quarantined_with_its_text_and_the_rest_arrives(sqlite_sessions, folder):
    (folder / "page-2.xml").write_bytes(b"<html><body>Please log in</body></html>")
    add(sqlite_sessions, "saved", str(folder))
    ended = harvest(sqlite_sessions)
    assert (ended.tally.created, ended.tally.quarantined) == (3, 1)
    (problem,) = problems(sqlite_sessions)
    assert problem.problem == "broken_answer"
    assert problem.problem_detail.startswith("page-2.xml: ")


def test_a_broken_answer_is_a_hole_in_the_list(folder):
    (folder / "page-2.xml").write_bytes(b"<html/>")
    assert [each.holes for each in pages(folder)] == [0, 0, 1, 0]


def test_a_saved_error_is_told(folder):
    (folder / "page-3.xml").write_bytes(error("noRecordsMatch", "nothing new"))
    notes = [note for each in pages(folder) for note in each.notes]
    assert notes == ["The saved answer page-3.xml is an error: noRecordsMatch nothing new"]


def test_links_that_lead_out_of_the_folder_are_not_followed(folder, tmp_path):
    (tmp_path / "outside.xml").write_bytes(page(record("secret")))
    (folder / "page-3.xml").symlink_to(tmp_path / "outside.xml")
    (folder / "inside").symlink_to(tmp_path, target_is_directory=True)
    found = pages(folder)
    assert not [each for page in found for each in page.records if each.identifier == "secret"]
    assert any("A link leads out of the folder" in note for note in found[0].notes)


def test_other_files_and_pipes_are_left_alone(folder):
    import os

    (folder / "notes.txt").write_text("hello")
    (folder / ".hidden.xml").write_bytes(b"junk")
    os.mkfifo(folder / "pipe.xml")
    assert sum(len(each.records) for each in pages(folder)) == 4


def test_a_folder_below_is_read_too(folder):
    (folder / "more").mkdir()
    (folder / "more" / "1.xml").write_bytes(page(record("deep")))
    assert "deep" in [each.identifier for page in pages(folder) for each in page.records]


def test_an_empty_folder_is_no_empty_list(sqlite_sessions, tmp_path):
    add(sqlite_sessions, "saved", str(tmp_path))
    ended = harvest(sqlite_sessions)
    assert (ended.state, "no XML files" in ended.error) == ("failed", True)


def test_an_answer_with_a_doctype_is_not_believed(folder):
    body = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + page(record("a", "&e;"))
    (folder / "page-2.xml").write_bytes(body)
    found = [each for page in pages(folder) for each in page.records]
    assert "root:" not in repr(found)


# Static repositories ------------------------------------------------------------------------------


def test_a_static_repository_is_harvested(sqlite_sessions, tmp_path):
    add(sqlite_sessions, "saved", str(static(tmp_path)))
    first, second = harvest(sqlite_sessions), harvest(sqlite_sessions)
    assert (first.state, first.tally.created) == ("complete", 3)
    assert second.tally.unchanged == 3
    with sqlite_sessions() as session:
        assert session.scalars(select(Source)).one().name == "Small archive"


def test_the_format_that_is_asked_for_is_read(tmp_path):
    request = HarvestRequest(static(tmp_path).as_uri(), metadata_prefix="other")
    (found,) = saved.pages(request, None)
    assert [each.identifier for each in found.records] == ["z"]
    with pytest.raises(ProtocolError, match="It has: oai_dc, other"):
        list(saved.pages(HarvestRequest(static(tmp_path).as_uri(), metadata_prefix="lom"), None))


def test_a_static_repository_goes_on_where_it_stopped(sqlite_sessions, tmp_path, monkeypatch):
    monkeypatch.setattr(saved, "RECORDS_OF_A_PAGE", 1)
    add(sqlite_sessions, "saved", str(static(tmp_path)))
    with pytest.raises(KilledError):
        harvest(sqlite_sessions, report=killed_after(1))
    rest = harvest(sqlite_sessions)
    assert (rest.state, rest.pages, len(resources(sqlite_sessions))) == ("complete", 2, 3)


def test_a_static_repository_may_stand_on_the_web(sqlite_sessions, tmp_path):
    with Site({"/static.xml": static(tmp_path).read_bytes()}).serving() as site:
        add(sqlite_sessions, "saved", f"{site.url}/static.xml")
        assert harvest(sqlite_sessions).tally.created == 3


def test_a_static_repository_among_saved_answers_is_read_whole(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(saved, "RECORDS_OF_A_PAGE", 1)
    static(tmp_path).rename(folder / "page-11.xml")
    assert len(pages(folder)[-1].records) == 3


def test_one_saved_answer_may_be_a_source(tmp_path):
    (tmp_path / "one.xml").write_bytes(page(record("a")))
    (found,) = saved.pages(HarvestRequest((tmp_path / "one.xml").as_uri()), None)
    assert (len(found.records), found.checkpoint) == (1, None)


def test_a_broken_static_repository_is_refused(tmp_path):
    path = static(tmp_path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ProtocolError, match="cannot be read"):
        list(saved.pages(HarvestRequest(path.as_uri()), None))


@pytest.mark.parametrize("name", ["missing.xml", "pipe"])
def test_what_is_not_there_is_told(tmp_path, name):
    import os

    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(HarvestError, match=name):
        list(saved.pages(HarvestRequest((tmp_path / name).as_uri()), client()))


# Helpers ------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    """A folder of saved answers with four records."""
    folder = tmp_path / "answers"
    folder.mkdir()
    (folder / "identify.xml").write_text(IDENTIFY)
    (folder / "page-1.xml").write_bytes(page(record("a"), record("b"), token="1"))
    (folder / "page-2.xml").write_bytes(page(record("c"), token="2"))
    (folder / "page-10.xml").write_bytes(page(record("d")))
    return folder


def pages(folder, checkpoint=None):
    found = list(saved.pages(HarvestRequest(folder.as_uri(), checkpoint=checkpoint), None))
    assert [bool(each.checkpoint) for each in found] == [True] * (len(found) - 1) + [False]
    assert all(json.loads(each.checkpoint)["after"] for each in found[:-1])
    return found


def static(tmp_path):
    path = tmp_path / "static.xml"
    records = oai(record("x"), record("y"), record("w"))
    path.write_text(STATIC.format(records=records, other=oai(record("z"))))
    return path
