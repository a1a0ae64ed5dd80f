"""Loading vocabularies in place of older ones, and looking at all there are."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from oer.errors import UsageError
from oer.metadata import vocabularies as shipped
from oer.metadata.resource_metadata import ResourceMetadata, Term, to_json
from oer.metadata.skos import SkosConcept
from oer.metadata.vocabularies import VOCABULARIES
from oer.models import Event, Resource, Vocabulary, VocabularyConcept, VocabularyLabel
from oer.search.index import SearchQuery
from oer.search.memory_index import MemoryIndex
from oer.search.sync import drain
from oer.services import vocabularies, vocabulary_files

X = "http://vocabulary.example/"
WATER = SkosConcept(
    f"{X}water", {"fi": "vesi", "sv": "vatten"}, (("H2O", "fi"), ("h2o", "fi")), (f"{X}matter",)
)
AIR = SkosConcept(f"{X}air", {"fi": "ilma", "und": "air"})
OLD = SkosConcept(f"{X}old", {"fi": "flogiston"}, deprecated=True)


def test_what_was_loaded_comes_out_again(sessions, now):
    with sessions.begin() as session:
        load(session, [WATER, AIR], now)
        water, air = vocabularies.export(session, "nature")
    assert (water.id, water.labels, water.broader) == (WATER.uri, WATER.labels, WATER.broader)
    assert water.also == ("h2o",)
    assert air.labels == AIR.labels


def test_a_vocabulary_is_replaced_and_keeps_its_place(sessions, now):
    with sessions.begin() as session:
        load(session, [WATER, AIR], now)
        load(session, [WATER], now, name="other")
        load(session, [OLD], now + timedelta(days=1))
        assert [each.id for each in vocabularies.export(session, "nature")] == [OLD.uri]
        loaded = vocabularies.every(session)[len(VOCABULARIES) :]
        assert [(each.name, each.concepts) for each in loaded] == [("nature", 1), ("other", 1)]
        assert count(session, VocabularyConcept) == 2
        assert count(session, VocabularyLabel) == 3


def test_a_load_that_fails_leaves_the_older_one(sessions, now):
    with sessions.begin() as session:
        load(session, [WATER], now)
    with pytest.raises(ZeroDivisionError), sessions.begin() as session:
        load(session, [AIR], now, report=lambda count: 1 // 0)
    with sessions() as session:
        assert [each.id for each in vocabularies.export(session, "nature")] == [WATER.uri]


def test_loading_is_told_in_an_event(sqlite_sessions, now):
    with sqlite_sessions.begin() as session:
        load(session, [WATER], now)
        load(session, [WATER, AIR], now)
        first, second = session.scalars(select(Event).order_by(Event.id))
    assert (first.action, first.actor, first.at) == ("vocabulary_loaded", "c", now)
    assert (first.detail["before"], second.detail["before"]) == (None, 1)


def test_a_deprecated_concept_is_shown_but_not_looked_for(sqlite_sessions, now):
    with sqlite_sessions.begin() as session:
        load(session, [OLD, AIR], now)
        assert vocabularies.labels(session, [OLD.uri], "fi") == {OLD.uri: "flogiston"}
        assert "flogiston" not in session.scalars(select(VocabularyLabel.folded)).all()


def test_a_label_too_long_to_be_looked_for_is_shown_all_the_same(sessions, now):
    with sessions.begin() as session:
        load(session, [SkosConcept(f"{X}long", {"fi": "a" * 900})], now)
        assert vocabularies.labels(session, [f"{X}long"], "fi") == {f"{X}long": "a" * 900}
        assert count(session, VocabularyLabel) == 0


@pytest.mark.parametrize("name", ["level", "Yso", "", "a b", "a" * 65])
def test_a_name_that_is_ours_or_none_is_refused(sqlite_sessions, now, name):
    with sqlite_sessions.begin() as session, pytest.raises(UsageError):
        load(session, [WATER], now, name=name)


def test_labels_come_in_the_language_asked_for_or_the_next_best(sessions, now):
    with sessions.begin() as session:
        load(session, [WATER, AIR], now)
        uris = [WATER.uri, AIR.uri, f"{X}unknown"]
        assert vocabularies.labels(session, uris, "sv-FI") == {
            WATER.uri: "vatten", AIR.uri: "ilma",
        }  # fmt: skip
        assert vocabularies.labels(session, [], "sv") == {}


def test_the_first_vocabulary_names_a_concept_that_two_hold(sqlite_sessions, now):
    with sqlite_sessions.begin() as session:
        load(session, [WATER], now)
        load(session, [SkosConcept(WATER.uri, {"fi": "H2O"})], now, name="other")
        assert vocabularies.labels(session, [WATER.uri], "fi") == {WATER.uri: "vesi"}


def test_a_concept_is_found_by_uri_and_any_label(sessions, now):
    with sessions.begin() as session:
        load(session, [WATER, AIR], now)
        for text in (WATER.uri, "VESI", "vatten", "H2O"):
            assert [each.id for each in vocabularies.find(session, "nature", text)] == [WATER.uri]


def test_a_shipped_concept_is_found_by_id_code_and_label(sqlite_sessions):
    label = shipped.label("level:master", "en")
    with sqlite_sessions() as session:
        for text in ("level:master", "master", label.upper()):
            (found,) = vocabularies.find(session, "level", text)
            assert found.id == "level:master"


def test_what_is_not_found_is_refused_with_what_is_near(sqlite_sessions, now):
    with sqlite_sessions.begin() as session:
        load(session, [WATER], now)
        with pytest.raises(UsageError, match=r"Near it: vesi"):
            vocabularies.find(session, "nature", "Ves")
        with pytest.raises(UsageError, match=r"Known: access, .*, nature"):
            vocabularies.find(session, "art", "vesi")


def test_shipped_vocabularies_are_listed_and_exported_too(sqlite_sessions):
    with sqlite_sessions() as session:
        listed = {each.name: each for each in vocabularies.every(session)}
        assert set(listed) == set(VOCABULARIES)
        assert len(list(vocabularies.export(session, "level"))) == listed["level"].concepts


def test_files_of_a_folder_make_one_vocabulary(tmp_path):
    (tmp_path / "nature-fi.tsv").write_text(f"{X}water\tvesi\n", encoding="utf-8")
    (tmp_path / "nature-sv.tsv").write_text(f"{X}water\tvatten\n", encoding="utf-8")
    (tmp_path / "README").write_text("not this", encoding="utf-8")
    (concept,) = vocabulary_files.read(vocabulary_files.files(tmp_path))
    assert concept.labels == {"fi": "vesi", "sv": "vatten"}


def test_what_was_fetched_is_read_like_a_file():
    turtle = b'<a> <http://www.w3.org/2004/02/skos/core#prefLabel> "vesi"@fi .'
    given = vocabulary_files.fetched(f"{X}nature.ttl?v=1", turtle)
    assert [each.uri for each in vocabulary_files.read([given])] == [f"{X}a"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", "", "--format"),
        ("a.ttl", "<a", "cannot be read as ttl"),
        ("a.ttl", "", "No concepts"),
        ("a.tsv", "x", "Line 1"),
    ],
)
def test_a_file_that_is_no_vocabulary_is_refused(tmp_path, name, content, said):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        vocabulary_files.read(vocabulary_files.files(tmp_path / name))


def test_a_folder_without_vocabularies_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(UsageError, match="holds no"):
        vocabulary_files.files(tmp_path)
    with pytest.raises(UsageError, match="no file"):
        vocabulary_files.files(tmp_path / "nothing.ttl")


def test_removing_a_vocabulary_removes_what_is_in_it(sessions, now):
    with sessions.begin() as session:
        load(session, [WATER], now)
        session.delete(session.scalars(select(Vocabulary)).one())
        session.flush()
        assert (count(session, VocabularyConcept), count(session, VocabularyLabel)) == (0, 0)


def load(session, concepts, now, name="nature", **options):
    vocabularies.load(session, name, concepts, origin="a file", now=now, by="c", **options)


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_a_reader_sees_the_words_of_their_language_whatever_the_record_said(sessions, now):
    stated = ResourceMetadata(
        keywords=(Term("h2o", id=WATER.uri, basis="mapped"), Term("oma sana", language="fi"))
    )
    with sessions.begin() as session:
        load(session, [WATER, AIR], now)
        shown = {tag: vocabularies.named(session, stated, tag).keywords for tag in ("sv", "fi")}
    assert [term.raw for term in shown["sv"]] == ["vatten", "oma sana"]
    assert [term.raw for term in shown["fi"]] == ["vesi", "oma sana"]


def test_a_concept_is_found_by_its_name_in_every_language(sessions, now):
    stated = ResourceMetadata(keywords=(Term("h2o", id=WATER.uri, basis="mapped"),))
    with sessions.begin() as session:
        load(session, [WATER], now)
        session.add(
            Resource(address="r1", metadata_json=to_json(stated), created_at=now, datestamp=now)
        )
    index = MemoryIndex()
    assert drain(sessions, index) == 1
    for word in ("h2o", "vesi", "vatten"):
        assert index.search(SearchQuery(text=word)).total == 1, word
