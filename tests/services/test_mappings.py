"""Curators' rows: checked, replaced, logged, and in the form of the shipped tables."""

import csv
import io

import pytest
from sqlalchemy import select

from oer.errors import UnknownSource, UsageError
from oer.metadata.vocabularies import LONGEST_RAW
from oer.models import Event, MappingRow
from oer.services import mappings
from tests.services.harvested import harvest


def test_targets_are_ids_or_codes_of_a_vocabulary():
    assert mappings.meaning(["level:master"]) == ("level", ("level:master",))
    assert mappings.meaning(["master", "bachelor"], "level") == (
        "level",
        ("level:master", "level:bachelor"),
    )


@pytest.mark.parametrize(
    ("targets", "vocabulary", "said"),
    [
        (["level:mastre"], None, "Near it: level:master"),
        (["level:secondary"], None, "level:upper-secondary"),
        (["level:"], None, "oer vocabulary show level"),
        (["master"], None, "Begin with a vocabulary: .*level:"),
        (["colour:red"], None, "Begin with a vocabulary"),
        (["level:master", "type:video"], None, "one vocabulary"),
        (["level:master"], "type", "one vocabulary, here 'type'"),
    ],
)
def test_an_unknown_target_is_refused_and_near_ones_named(targets, vocabulary, said):
    with pytest.raises(UsageError, match=said):
        mappings.meaning(targets, vocabulary)


def test_a_row_replaces_an_older_one_for_the_same_value_and_source(sessions, now):
    with sessions.begin() as session:
        harvest(session, "own", now=now)
        put(session, "Gymnasium", "level:lower-secondary", now)
        put(session, "Gymnasium", "level:master", now, source_slug="own")
        put(session, "  GYMNASIUM ", "level:upper-secondary", now)
        assert [(each.raw, each.target, each.source) for each in mappings.every(session)] == [
            ("Gymnasium", "level:master", "own"),
            ("GYMNASIUM", "level:upper-secondary", None),
        ]
        assert len(mappings.every(session, source_slug="own")) == 1
        assert mappings.every(session, vocabulary="type") == []


def test_who_set_what_and_why_is_kept(sqlite_sessions, now):
    with sqlite_sessions.begin() as session:
        put(session, "Gymnasium", "level:lower-secondary", now, reason="German")
        put(session, "gymnasium", "level:upper-secondary", now)
        mappings.remove(session, "Gymnasium", "level", now=now, by="d", reason="wrong")
        events = session.scalars(select(Event).order_by(Event.id)).all()
    assert [(each.action, each.actor, each.reason) for each in events] == [
        ("mapping_set", "c", "German"),
        ("mapping_set", "c", None),
        ("mapping_unset", "d", "wrong"),
    ]
    assert events[1].detail["before"] == "level:lower-secondary"


@pytest.mark.parametrize("raw", ["", " ?! ", "a" * (LONGEST_RAW + 1)])
def test_what_could_never_be_met_is_refused(sqlite_sessions, now, raw):
    with sqlite_sessions.begin() as session, pytest.raises(UsageError, match="raw value"):
        put(session, raw, "level:master", now)


def test_a_row_that_is_not_there_cannot_be_taken_away(sqlite_sessions, now):
    with sqlite_sessions.begin() as session:
        harvest(session, "own", now=now)
        put(session, "Gymnasium", "level:upper-secondary", now)
        with pytest.raises(UsageError, match="of source 'own'"):
            mappings.remove(session, "Gymnasium", "level", now=now, by="c", source_slug="own")
        with pytest.raises(UnknownSource):
            put(session, "x", "level:master", now, source_slug="nowhere")


def test_a_row_whose_concept_is_gone_is_marked(sqlite_sessions, now):
    with sqlite_sessions.begin() as session:
        put(session, "Gymnasium", "level:upper-secondary", now)
        session.scalars(select(MappingRow)).one().target = "level:of-yesterday"
        assert [each.known for each in mappings.every(session)] == [False]


def test_what_is_exported_is_a_sound_table(sqlite_sessions, now):
    with sqlite_sessions.begin() as session:
        put(session, 'a "quoted", value', "level:bachelor level:master", now)
        rows = mappings.every(session)
    assert tuple(next(iter(mappings.shipped_form(rows)))) == ("raw", "scheme", "target", "note")
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(mappings.shipped_form(rows))
    ((row, meant),) = mappings.from_table(io.StringIO(text.getvalue()))
    assert row.raw == 'a "quoted", value'
    assert meant.targets == ("level:bachelor", "level:master")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("x,,level:nothing,", "line 2: 'level:nothing' is no concept"),
        ("x,,level:master", "3 columns"),
        ("x,LOMv1.0,level:master,", "one scheme"),
        (",,level:master,", "raw value is empty"),
        ("x,,,", "no target"),
        ("x,,level:master type:video,", "one vocabulary"),
        ("x,,level:master,\n X ,,level:bachelor,", "line 3: 'X' stands in line 2 already"),
        ('x,,"level:master,', "no CSV"),
    ],
)
def test_a_table_with_an_unsound_row_is_refused(line, said):
    with pytest.raises(UsageError, match=said):
        mappings.from_table(f"raw,scheme,target,note\n{line}\n".splitlines(keepends=True))


def test_a_table_with_other_columns_is_refused():
    with pytest.raises(UsageError, match="raw,scheme,target,note"):
        mappings.from_table(["raw,target\n"])


def test_all_unsound_lines_are_named_up_to_a_number():
    lines = [f"x{number},,level:no,\n" for number in range(12)]
    with pytest.raises(UsageError, match=r"12 lines(?s:.*)and 2 more"):
        mappings.from_table(["raw,scheme,target,note\n", *lines])


def put(session, raw, target, now, **options):
    meant = mappings.meaning(target.split())
    return mappings.store(session, raw, meant, now=now, by="c", **options)
