"""Tables as sources: every row accounted for, nothing computed, nothing invented."""

import io
import json
import zipfile
from datetime import date

import openpyxl
import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from harvesters import tabular, xlsx_table
from harvesters.harvester import HarvestRequest
from harvesters.import_command import import_
from harvesters.table_mapping import read_mapping
from oer.commands.context import Oer
from oer.errors import HarvestError, ProtocolError, UsageError
from oer.formats import read_payload
from oer.models import HarvestedRecord, Source
from oer.settings import Settings
from tests.harvesters.site import (
    KilledError,
    Site,
    add,
    harvest,
    killed_after,
    metadata,
    problems,
    resources,
)

MAPPING = {
    "identifier": "ID",
    "title": {"column": "Title", "language": "en"},
    "language": "Lang",
    "keywords": {"column": "Tags", "split": ";"},
    "license": "Licence",
    "url": "Link",
}
CSV = """ID,Title,Lang,Tags,Licence,Link,Shelf
1,Fractions,en,"maths; halves, thirds;",CC BY 4.0,https://m.example.org/1,A 7
2,Volcanoes,en,,,https://m.example.org/2,
"""


# What a row becomes -------------------------------------------------------------------------------


def test_a_row_becomes_what_its_columns_were_declared_to_be(read):
    record = read(CSV)[0]
    found = read_payload(record.payload)
    assert record.identifier == "1"
    assert [(each.text, each.language) for each in found.title] == [("Fractions", "en")]
    assert [each.raw for each in found.keywords] == ["maths", "halves, thirds"]
    assert found.license[0].raw == "CC BY 4.0"
    assert found.landing_page == "https://m.example.org/1"
    assert found.language[0].raw == "en"


def test_columns_without_a_mapping_are_kept_and_say_nothing_of_the_resource(read):
    record = read(CSV)[0]
    assert {"propertyID": "Shelf", "value": "A 7"}.items() <= (
        json.loads(record.payload)["additionalProperty"][0].items()
    )
    assert "A 7" not in repr(read_payload(record.payload))


def test_an_empty_cell_says_nothing(read):
    found = read_payload(read(CSV)[1].payload)
    assert found.license == ()
    assert found.keywords == ()


def test_several_columns_may_say_one_element_each_in_its_language(read):
    mapping = {
        "identifier": "ID",
        "title": [
            {"column": "Title", "language": "en"},
            {"column": "Nimi", "language": "fi"},
        ],
    }
    found = read_payload(read("ID,Title,Nimi\n1,Water,Vesi\n", mapping)[0].payload)
    assert [(each.text, each.language) for each in found.title] == [("Water", "en"), ("Vesi", "fi")]


def test_without_an_identifier_the_key_columns_name_a_row(read):
    mapping = {"title": "Title"}
    table = {"key": ["Title", "Author"]}
    first = read("Title,Author,Year\nA,B,1999\n", mapping, table)[0]
    same = read("Year,Author,Title\n2001,B,A\n", mapping, table)[0]
    other = read("Title,Author\nAB,\n", mapping, table)[0]
    assert first.identifier == same.identifier != other.identifier
    assert first.identifier.startswith("row:sha256:")


# Files as they come -------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_seen_from_the_declared_columns(read, delimiter):
    text = f"ID{delimiter}Title{delimiter}a,b;c|d\te\n1{delimiter}Fractions{delimiter}\n"
    text = text if delimiter == "," else text.replace(",", "")
    records = read(text, {"identifier": "ID", "title": "Title"})
    assert read_payload(records[0].payload).title[0].text == "Fractions"


def test_a_declared_delimiter_wins(read):
    mapping = {"identifier": "ID;x", "title": "Title"}
    record = read("ID;x,Title\n1;2,A;B\n", mapping, {"delimiter": ","})[0]
    assert record.identifier == "1;2"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_utf_is_known_by_itself(read, encoding):
    records = read(
        "ID,Title\n1,Tähtitiede\n".encode(encoding), {"identifier": "ID", "title": "Title"}
    )
    assert read_payload(records[0].payload).title[0].text == "Tähtitiede"


def test_a_mark_is_no_part_of_the_first_column_whatever_is_declared(read):
    body = "ID,Title\n1,A\n".encode("utf-8-sig")
    table = {"encoding": "utf-8"}
    assert read(body, {"identifier": "ID", "title": "Title"}, table)[0].identifier == "1"


def test_an_encoding_that_is_not_utf_must_be_declared(read):
    body = "ID,Title\n1,Tähtitiede\n".encode("windows-1252")
    mapping = {"identifier": "ID", "title": "Title"}
    with pytest.raises(ProtocolError, match="Declare its encoding"):
        read(body, mapping)
    records = read(body, mapping, {"encoding": "windows-1252"})
    assert read_payload(records[0].payload).title[0].text == "Tähtitiede"


def test_a_wrongly_declared_encoding_is_told_not_replaced(read):
    with pytest.raises(ProtocolError, match="not in the encoding ascii"):
        read("ID,Title\n1,Tähti\n".encode(), None, {"encoding": "ascii"})


def test_lines_before_the_header_can_be_passed_over(read):
    mapping = {"identifier": "ID", "title": "Title"}
    records = read("Our list\n\nID,Title\n1,A\n", mapping, {"header_row": 3})
    assert [each.identifier for each in records] == ["1"]


def test_a_missing_column_is_told_before_anything_is_taken(read):
    with pytest.raises(ProtocolError, match=r"no column 'Licence' \(is it 'License'\?\)"):
        read(CSV.replace("Licence", "License"))


# Broken rows --------------------------------------------------------------------------------------


def test_a_row_with_too_many_cells_goes_to_quarantine_and_the_next_is_taken(read):
    first, second = read(CSV.replace(",A 7", ",A 7,and more"))
    assert (first.problem, second.problem) == ("broken_row", None)
    assert "8 cells, the header 7" in first.problem_detail
    assert b"and more" in first.payload


def test_a_row_with_the_character_nul_goes_to_quarantine(read):
    records = read(CSV.replace("Fractions", "Fra\0ctions"))
    assert [each.problem for each in records] == ["broken_row", None]


def test_a_quotation_mark_that_is_never_closed_takes_no_silent_toll(pages):
    rows = "".join(f"{number},{'x' * 200},en,,,,\n" for number in range(3, 2000))
    page = pages(CSV + '"2a,Oh,en,,,,\n' + rows)
    broken = [record for each in page for record in each.records if record.problem]
    assert "cannot be parted into cells" in broken[0].problem_detail
    assert sum(each.holes for each in page) >= 1


def test_a_huge_field_costs_its_row_alone(read):
    records = read(CSV.replace("Fractions", "F" * 200_000))
    assert [each.problem for each in records] == ["broken_row", None]


def test_a_line_without_an_end_is_refused(read):
    with pytest.raises(ProtocolError, match="no end within"):
        read("ID,Title\n" + "x," * 5_000_000)


def test_a_row_without_a_name_goes_to_quarantine(read):
    assert read(CSV.replace("1,Fra", ",Fra"))[0].problem == "no_identifier"


def test_a_second_row_of_the_same_identifier_goes_to_quarantine(read):
    records = read(CSV.replace("2,Vol", "1,Vol"))
    assert [each.problem for each in records] == [None, "same_identifier"]
    assert "Row 3" in records[1].problem_detail


# Workbooks ----------------------------------------------------------------------------------------


def test_a_workbook_is_read_like_a_table_of_text(read):
    book = workbook(
        ["ID", "Title", "Year", "Free", "Added"],
        [1, " Fractions ", 1999.0, True, date(2020, 1, 31)],
        [None, None],
        ["#N/A", "No name", 2.5],
    )
    mapping = {
        "identifier": "ID",
        "title": "Title",
        "issued": "Year",
        "is_accessible_for_free": "Free",
        "modified": "Added",
    }
    first, second = read(book, mapping)
    found = read_payload(first.payload)
    assert first.identifier == "1"
    assert found.title[0].text == "Fractions"
    assert (found.issued[0].raw, found.modified[0].raw) == ("1999", "2020-01-31")
    assert found.is_accessible_for_free[0].raw == "true"
    assert second.problem == "no_identifier"


def test_a_formula_is_never_computed_and_never_a_value(read):
    book = workbook(["ID", "Title"], ["=1+1", "A"], [2, '=HYPERLINK("https://evil.example")'])
    first, second = read(book, {"identifier": "ID", "title": "Title"})
    assert first.problem == "no_identifier"
    assert read_payload(second.payload).title == ()


def test_a_sheet_is_found_by_its_name(read):
    book = openpyxl.Workbook()
    book.active.title = "About"
    sheet = book.create_sheet("List")
    sheet.append(["ID", "Title"])
    sheet.append(["7", "A"])
    mapping = {"identifier": "ID", "title": "Title"}
    assert read(saved(book), mapping, {"sheet": "List"})[0].identifier == "7"
    with pytest.raises(ProtocolError, match="no sheet 'Lists'"):
        read(saved(book), mapping, {"sheet": "Lists"})


def test_a_workbook_that_would_burst_is_not_opened(read, monkeypatch):
    monkeypatch.setattr(xlsx_table, "MAX_SHEET", 1024 * 1024)
    bomb = with_part(workbook(["ID"]), "xl/worksheets/sheet1.xml", bytes(20 * 1024 * 1024))
    assert len(bomb) < 100_000
    with pytest.raises(ProtocolError, match="grows to 20 MiB"):
        read(bomb)


def test_entities_in_a_workbook_are_not_resolved(read, tmp_path):
    (tmp_path / "secret").write_text("secret")
    sheet = f"""<!DOCTYPE x [<!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]>
    <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
    <row r="1"><c r="A1" t="inlineStr"><is><t>ID</t></is></c></row>
    <row r="2"><c r="A2" t="inlineStr"><is><t>&e;</t></is></c></row></sheetData></worksheet>"""
    book = with_part(workbook(["ID"]), "xl/worksheets/sheet1.xml", sheet.encode())
    try:
        records = read(book, {"identifier": "ID"})
    except ProtocolError:
        return
    assert b"secret" not in b"".join(each.payload for each in records)


def test_rows_at_the_end_of_the_world_do_not_keep_us(read):
    sheet = """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
    <sheetData><row r="1"><c r="A1"><v>1</v></c></row>
    <row r="999999999"><c r="A999999999"><v>2</v></c></row></sheetData></worksheet>"""
    book = with_part(workbook(["ID"]), "xl/worksheets/sheet1.xml", sheet.encode())
    with pytest.raises(ProtocolError, match="more than 1000000 rows"):
        read(book, {"identifier": "1"})


@pytest.mark.parametrize(
    "body", [b"PK\x03\x04 and nothing", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old"]
)
def test_what_is_no_workbook_is_refused_with_a_reason(read, body):
    with pytest.raises(ProtocolError, match="workbook"):
        read(body)


# Runs ---------------------------------------------------------------------------------------------


def test_a_table_is_harvested_again_and_nothing_changes(sqlite_sessions, source):
    source(CSV)
    first, second = harvest(sqlite_sessions), harvest(sqlite_sessions)
    assert (first.state, first.tally.created) == ("complete", 2)
    assert (second.state, second.tally.unchanged) == ("complete", 2)
    assert metadata(sqlite_sessions, "1").license[0].uri == (
        "https://creativecommons.org/licenses/by/4.0/"
    )


def test_a_row_that_vanished_is_withdrawn_and_one_that_came_is_new(sqlite_sessions, source):
    path = source(CSV)
    harvest(sqlite_sessions)
    path.write_text(CSV.replace("2,Volcanoes", "3,Rivers"))
    again = harvest(sqlite_sessions)
    assert (again.tally.created, again.tally.unchanged, again.deleted) == (1, 1, 1)
    found = resources(sqlite_sessions)
    assert [found[each][0] for each in "123"] == ["published", "withdrawn", "published"]


def test_an_emptied_table_withdraws_nothing_without_a_curator(sqlite_sessions, source):
    path = source(CSV)
    harvest(sqlite_sessions)
    path.write_text(CSV.partition("\n")[0] + "\n")
    assert harvest(sqlite_sessions).held == 2


def test_a_run_that_was_killed_goes_on_where_it_stopped(sqlite_sessions, source, monkeypatch):
    monkeypatch.setattr(tabular, "ROWS_OF_A_PAGE", 1)
    source(CSV + "3,Rivers,en,,,,\n")
    with pytest.raises(KilledError):
        harvest(sqlite_sessions, report=killed_after(2))
    rest = harvest(sqlite_sessions)
    assert (rest.state, rest.tally.created) == ("complete", 1)
    assert len(resources(sqlite_sessions)) == 3


def test_a_table_that_changed_after_the_kill_is_begun_again(sqlite_sessions, source, monkeypatch):
    monkeypatch.setattr(tabular, "ROWS_OF_A_PAGE", 1)
    path = source(CSV)
    with pytest.raises(KilledError):
        harvest(sqlite_sessions, report=killed_after(1))
    path.write_text(CSV.replace("1,Fractions", "0,New\n1,Fractions"))
    assert harvest(sqlite_sessions).tally.seen == 3


def test_a_dry_run_changes_nothing(sqlite_sessions, source):
    source(CSV)
    ended = harvest(sqlite_sessions, dry=True)
    assert ended.tally.created == 2
    assert resources(sqlite_sessions) == {}


def test_a_table_on_the_web_is_a_source_too(sqlite_sessions):
    with Site({"/list.csv": CSV.encode()}).serving() as site:
        options = {"mapping": MAPPING}
        add(sqlite_sessions, "tabular", f"{site.url}/list.csv", options=options)
        assert harvest(sqlite_sessions).tally.created == 2


def test_broken_rows_are_quarantined_and_the_rest_arrives(sqlite_sessions, source):
    source(CSV.replace(",A 7", ",A 7,and more"))
    ended = harvest(sqlite_sessions)
    assert (ended.tally.created, ended.tally.quarantined) == (1, 1)
    assert problems(sqlite_sessions)[0].problem == "broken_row"


def test_a_missing_file_fails_with_its_name(sqlite_sessions, source):
    source(CSV).unlink()
    ended = harvest(sqlite_sessions)
    assert (ended.state, ended.tally.seen) == ("failed", 0)
    assert "There is no file" in ended.error


# Mappings -----------------------------------------------------------------------------------------


def test_everything_wrong_with_a_mapping_is_said_at_once():
    options = {
        "table": {"delimiter": ";;", "headr_row": 2, "encoding": "klingon"},
        "mapping": {
            "titel": "T",
            "license": {"value": "CC0"},
            "description": {"column": "D", "language": "finnish"},
            "keywords": [],
        },
    }
    with pytest.raises(UsageError) as caught:
        read_mapping(options)
    said = str(caught.value)
    for part in (
        "table.delimiter must be one character",
        "Did you mean header_row?",
        "table.encoding must be",
        "Did you mean title?",
        "mapping.license.value: nobody knows",
        "mapping.license.column is missing",
        "mapping.description.language must be a language tag",
        "mapping.keywords must name one column",
        "mapping.identifier is missing",
    ):
        assert part in said


def test_a_pipe_is_not_read(tmp_path):
    import os

    os.mkfifo(tmp_path / "pipe")
    request = HarvestRequest((tmp_path / "pipe").as_uri(), options={"mapping": MAPPING})
    with pytest.raises(HarvestError, match="is no file"):
        list(tabular.pages(request, None))


# The command --------------------------------------------------------------------------------------


def test_import_says_what_it_would_do_and_changes_nothing(oer, imported):
    would = imported("--dry-run", "--json")
    assert (would.exit_code, json.loads(would.output)["created"]) == (0, 2)
    with oer.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Source)) == 0


def test_a_mapping_with_mistakes_makes_no_source(oer, imported, tmp_path):
    (tmp_path / "m.toml").write_text('[mapping]\ntitel = "Title"\n')
    assert isinstance(imported().exception, UsageError)
    with oer.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Source)) == 0


def test_import_keeps_file_and_mapping_as_a_source(oer, imported, tmp_path):
    imported()
    with oer.sessions() as session:
        kept = session.scalars(select(Source)).one()
    assert (kept.slug, kept.protocol, kept.deletion_policy) == ("books-2026", "tabular", "full")
    assert kept.base_url == (tmp_path / "Books 2026.csv").as_uri()
    assert kept.options["mapping"]["title"] == "Title"


def test_import_lays_defaults_under_rows_that_did_not_change(oer, imported, tmp_path):
    mapping = (tmp_path / "m.toml").read_text()
    languages = []
    for defaults in ("", '[defaults]\nlanguage = "fi"\n', '[defaults]\nlanguage = "sv"\n', ""):
        (tmp_path / "m.toml").write_text(f"{mapping}\n{defaults}")
        assert imported().exit_code == 0
        _, found, _ = next(iter(resources(oer.sessions).values()))
        languages.append([(each.id, each.basis) for each in found.language])
    declared = [[("fi", "source_default")], [("sv", "source_default")]]
    assert languages == [[], *declared, []]


def test_a_mapping_with_a_default_that_cannot_stand_makes_no_source(oer, imported, tmp_path):
    mapping = (tmp_path / "m.toml").read_text()
    (tmp_path / "m.toml").write_text(f'{mapping}\n[defaults]\nlicense = "open access"\n')
    assert "defaults: 'open access' names no licence" in str(imported().exception)


def test_import_takes_no_name_of_another_source(oer, imported):
    add(oer.sessions, "oai_pmh", "https://x.example.org/oai", slug="books-2026")
    assert "is no table but oai_pmh" in str(imported().exception)
    assert "is no table but oai_pmh" in str(imported("--dry-run").exception)


def test_import_twice_is_an_update(oer, imported, tmp_path):
    first, second = imported(), imported()
    assert (first.exit_code, second.exit_code) == (0, 0)
    with oer.sessions() as session:
        assert session.scalar(select(func.count()).select_from(HarvestedRecord)) == 2


# Helpers ------------------------------------------------------------------------------------------


@pytest.fixture
def pages(tmp_path):
    """The pages of a table."""

    def pages(body, mapping=None, table=None):
        path = tmp_path / "table"
        path.write_bytes(body.encode() if isinstance(body, str) else body)
        options = {"mapping": mapping or MAPPING, **({"table": table} if table else {})}
        return list(tabular.pages(HarvestRequest(path.as_uri(), options=options), None))

    return pages


@pytest.fixture
def read(pages):
    """The records of a table."""

    def read(*arguments):
        return [record for page in pages(*arguments) for record in page.records]

    return read


@pytest.fixture
def source(sqlite_sessions, tmp_path):
    """A tabular source; its file."""

    def source(text):
        path = tmp_path / "list.csv"
        path.write_text(text)
        add(sqlite_sessions, "tabular", str(path), options={"mapping": MAPPING})
        return path

    return source


@pytest.fixture
def oer(tmp_path, migrated_sqlite):
    import shutil

    made = Oer()
    made.settings = Settings.from_environ(
        {"OER_DATA_DIR": str(tmp_path / "data"), "OER_SEARCH_URL": "memory:"}
    )
    (tmp_path / "data").mkdir()
    shutil.copy(migrated_sqlite, tmp_path / "data" / "oer.sqlite")
    yield made
    made.sessions.kw["bind"].dispose()


@pytest.fixture
def imported(oer, tmp_path):
    (tmp_path / "Books 2026.csv").write_text(CSV)
    (tmp_path / "m.toml").write_text('[mapping]\nidentifier = "ID"\ntitle = "Title"\n')

    def imported(*options):
        arguments = [str(tmp_path / "Books 2026.csv"), "--mapping", str(tmp_path / "m.toml")]
        return CliRunner().invoke(import_, [*arguments, *options], obj=oer)

    return imported


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(book, name, content):
    """The workbook with one of its parts replaced."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return file.getvalue()
