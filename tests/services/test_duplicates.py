"""Finding copies in the catalogue."""

import pytest
from msgspec.structs import replace
from sqlalchemy import event, func, select, text, update

from oer.errors import UnknownSource
from oer.metadata.resource_metadata import (
    Agent,
    Identifier,
    LangString,
    ResourceMetadata,
    Term,
    to_json,
)
from oer.models import Resource, ResourceKey, Source
from oer.models.resource import IN_REVIEW, MERGED, PUBLISHED, REJECTED, WITHDRAWN
from oer.services import duplicates, merging


def test_two_sources_with_the_same_book_are_found_with_the_reasons(sessions, add):
    add("Kasvien rakenne", source="metsa", identifiers=DOI)
    add("Växternas struktur", source="jarvi")
    add("Kasvien rakenne: käsikirja", source="jarvi", identifiers=DOI)
    (found,) = listed(sessions)
    assert (found.keep.source, found.other.source) == ("metsa", "jarvi")
    assert str(found.reasons[0]) == "same DOI 10.5555/abc"
    assert found.kinds == {"identifier", "title"}
    assert not found.same_source


def test_a_source_that_has_it_twice_is_marked(sessions, add):
    add("Kasvien rakenne", source="metsa")
    add("Kasvien rakenne (1)", source="metsa")
    (found,) = listed(sessions)
    assert found.same_source


def test_numbers_languages_and_creators_keep_resources_apart(sessions, add):
    add("Kasvien rakenne 1")
    add("Kasvien rakenne 2")
    add("Kasvien rakenne 1", language="sv")
    add("Kasvien rakenne 1", creator="Pihlaja, Otso")
    assert not listed(sessions)


def test_the_better_described_is_the_one_to_keep_and_a_published_one_before_all(sessions, add):
    poor, rich = add("Kasvien rakenne", completeness=0.2), add("Kasvien rakenne", completeness=0.8)
    (found,) = listed(sessions)
    assert (found.keep.id, found.other.id) == (rich, poor)
    change(sessions, rich, status=IN_REVIEW)
    (found,) = listed(sessions)
    assert (found.keep.id, found.other.id) == (poor, rich)


@pytest.mark.parametrize("status", [WITHDRAWN, MERGED, REJECTED])
def test_what_is_not_in_the_catalogue_has_no_keys_and_no_copies(sessions, add, status):
    add("Kasvien rakenne")
    other = add("Kasvien rakenne")
    assert len(listed(sessions)) == 1
    change(sessions, other, status=status)
    assert not listed(sessions, refresh=False)
    assert not listed(sessions)
    with sessions() as session:
        keyed = set(session.scalars(select(ResourceKey.resource_id)))
    assert other not in keyed


def test_keys_follow_the_description_and_only_what_changed_is_looked_at(sessions, add):
    ids = [add("Kasvien rakenne"), add("Veden kiertokulku"), add("Kivien ikä ja synty")]
    assert duplicates.refresh(sessions, batch=2) == 3
    assert duplicates.refresh(sessions) == 0
    with sessions() as session:
        described = session.get_one(Resource, ids[1]).description
    renamed = replace(described, title=(LangString("Kasvien rakenne"),))
    change(sessions, ids[1], metadata_json=to_json(renamed))
    assert duplicates.refresh(sessions) == 1
    assert [pair_of(each) for each in listed(sessions, refresh=False)] == [(ids[0], ids[1])]


def test_a_change_made_while_keys_are_written_goes_on_waiting(sessions, add):
    one = add("Kasvien rakenne")
    duplicates.refresh(sessions, progress=lambda done, whole: change(sessions, one))
    assert duplicates.refresh(sessions) == 1


def test_refresh_says_how_far_it_is(sessions, add):
    for number in range(5):
        add(f"Kasvien rakenne {number}")
    told = []
    duplicates.refresh(sessions, batch=2, progress=lambda done, whole: told.append((done, whole)))
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_postgresql_has_counted_many_new_keys_before_it_pairs_them(sessions, add, monkeypatch):
    if sessions.kw["bind"].dialect.name != "postgresql":
        pytest.skip("SQLite reads the table well without being told")
    monkeypatch.setattr(duplicates, "MANY", 2)
    add("Kasvien rakenne")
    add("Veden kiertokulku")
    duplicates.refresh(sessions)
    with sessions() as session:
        counted = text("SELECT reltuples FROM pg_class WHERE relname = 'resource_key'")
        assert session.scalar(counted) == session.scalar(select(func.count(ResourceKey.key)))


def test_an_address_that_many_share_is_left_out_and_counted(sessions, add):
    for number in range(duplicates.MOST_SHARING + 1):
        add(f"Kasvien rakenne {number}", landing_page="https://example.org/kurssi")
    assert not listed(sessions, min_score=0.0)
    with sessions() as session:
        assert duplicates.crowded(session) == duplicates.Crowded(identifiers=1, titles=0)


def test_an_address_that_few_share_is_a_faint_sign(sessions, add):
    for title in ("Kasvien rakenne 1", "Kasvien rakenne 2"):
        add(title, landing_page="https://example.org/kurssi")
    assert not listed(sessions)
    assert [each.score for each in listed(sessions, min_score=0.5)] == [0.7]


def test_a_title_that_many_share_is_counted_and_found_by_its_identifier_still(sessions, add):
    for number in range(duplicates.MOST_SHARING + 1):
        add("Kasvien rakenne", creator=None, identifiers=DOI if number < 2 else ())
    assert len(listed(sessions)) == 1
    with sessions() as session:
        assert duplicates.crowded(session).titles > 0


def test_only_those_of_a_source_or_a_kind(sessions, add):
    add("Kasvien rakenne", source="metsa")
    add("Kasvien rakenne", source="metsa")
    add("Toinen teos", source="jarvi", identifiers=DOI)
    add("Kolmas kirja", source="jarvi", identifiers=DOI)
    assert len(listed(sessions)) == 2
    assert [each.keep.source for each in listed(sessions, source="metsa")] == ["metsa"]
    assert [each.keep.source for each in listed(sessions, kind="identifier")] == ["jarvi"]
    assert [each.keep.source for each in listed(sessions, kind="title")] == ["metsa"]
    with pytest.raises(UnknownSource):
        listed(sessions, source="nobody")


def test_a_pair_said_to_be_different_is_never_proposed_again(sessions, add, decide):
    one, other, third = (add("Kasvien rakenne") for _ in range(3))
    decide(merging.distinct, [one, other])
    change(sessions, one)
    assert {pair_of(each) for each in listed(sessions)} == {(one, third), (other, third)}


def test_what_was_said_of_a_copy_holds_for_the_one_it_is_merged_into(sessions, add, decide):
    one, other, third = (add("Kasvien rakenne") for _ in range(3))
    decide(merging.distinct, [other, third])
    decide(merging.merge, one, [other], reason="Sama")
    assert not listed(sessions)


def test_the_copies_of_one_resource_in_a_bounded_number_of_queries(sessions, add):
    one, other = add("Kasvien rakenne", identifiers=DOI), add("Kasvien rakenne: opas")
    third = add("Jotain muuta aivan", identifiers=DOI)
    add("Veden kiertokulku")
    duplicates.refresh(sessions)
    sent = []
    event.listen(sessions.kw["bind"], "before_cursor_execute", lambda *args: sent.append(args[2]))
    with sessions() as session:
        found = duplicates.copies_of(session, one)
    assert [pair_of(each) for each in found] == [(one, other), (one, third)]
    assert found[0].score > found[1].score
    assert len(sent) <= 5


def test_more_resources_than_are_kept_at_hand_change_nothing(sessions, add, monkeypatch):
    for number in range(30):
        add(f"Kasvien rakenne {number % 10}")
    whole = sorted(map(pair_of, listed(sessions)))
    monkeypatch.setattr(duplicates, "PAIRS_AT_ONCE", 3)
    monkeypatch.setattr(duplicates, "SKETCHES_KEPT", 4)
    monkeypatch.setattr(duplicates, "READ_AT_ONCE", 2)
    assert sorted(map(pair_of, listed(sessions))) == whole
    assert len(whole) == 30


DOI = (Identifier("10.5555/abc", "doi"),)


def listed(sessions, refresh=True, **options):
    if refresh:
        duplicates.refresh(sessions)
    return list(duplicates.candidates(sessions, **options))


def pair_of(candidate):
    return tuple(sorted((candidate.keep.id, candidate.other.id)))


def change(sessions, resource_id, **columns):
    with sessions.begin() as session:
        session.execute(
            update(Resource)
            .where(Resource.id == resource_id)
            .values(revision=Resource.revision + 1, **columns)
        )


@pytest.fixture
def add(sessions, now):
    """Add a resource; its id."""

    def source_id(session, slug):
        known = session.scalar(select(Source.id).where(Source.slug == slug))
        if known is None:
            source = Source(
                slug=slug, name=slug, base_url=f"https://{slug}.example/", created_at=now
            )
            session.add(source)
            session.flush()
            known = source.id
        return known

    def added(
        title,
        *,
        source="metsa",
        creator="Koivu, Aino",
        language="fi",
        status=PUBLISHED,
        completeness=None,
        **elements,
    ):
        description = ResourceMetadata(
            title=(LangString(title),),
            creator=(Agent(creator),) if creator else (),
            language=(Term(id=language),),
            **elements,
        )
        with sessions.begin() as session:
            count = session.scalar(select(func.count()).select_from(Resource))
            resource = Resource(
                address=f"r{count + 1}",
                status=status,
                source_id=source_id(session, source),
                metadata_json=to_json(description),
                completeness=completeness,
                created_at=now,
                datestamp=now,
            )
            session.add(resource)
            session.flush()
            return resource.id

    return added


@pytest.fixture
def decide(sessions, now):
    """Call a function of ``merging`` with ids in place of resources."""

    def decided(function, *ids, **options):
        with sessions.begin() as session:
            resources = [
                [session.get_one(Resource, each) for each in id_]
                if isinstance(id_, list)
                else session.get_one(Resource, id_)
                for id_ in ids
            ]
            function(session, *resources, actor="aino", now=now, **options)

    return decided
