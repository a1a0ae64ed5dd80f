"""Relations followed from the other side."""

import pytest
from sqlalchemy import event

from oer.metadata.likeness import identifier_keys
from oer.metadata.resource_metadata import (
    Identifier,
    LangString,
    Relation,
    ResourceMetadata,
    to_json,
)
from oer.models import HarvestedRecord, Resource, ResourceKey, Source
from oer.models.resource import IN_REVIEW, MERGED, PUBLISHED, WITHDRAWN
from oer.services import related

DOI = Identifier("10.1234/abc", "doi")
HERE = "https://m.example/course/1"


class Shelf:
    def __init__(self, session, now):
        self.session, self.now, self.sources = session, now, {}

    def source(self, slug):
        if slug not in self.sources:
            source = Source(slug=slug, name=slug, base_url=f"https://{slug}.example/")
            source.created_at = self.now
            self.session.add(source)
            self.session.flush()
            self.sources[slug] = source.id
        return self.sources[slug]

    def put(self, address, *, source="s", record=None, status=PUBLISHED, into=None, **elements):
        metadata = ResourceMetadata(title=(LangString(address, "en"),), **elements)
        resource = Resource(
            address=address,
            source_id=self.source(source),
            status=status,
            merged_into_id=into,
            metadata_json=to_json(metadata),
            created_at=self.now,
            datestamp=self.now,
        )
        self.session.add(resource)
        self.session.flush()
        if record:
            self.session.add(
                HarvestedRecord(
                    source_id=resource.source_id, identifier=record, resource_id=resource.id
                )
            )
        rows = related.rows(resource.id, resource.source_id, metadata)
        related.keep(self.session, [resource.id], rows)
        return resource

    def told(self, resource):
        names = related.own_names(self.session, resource)
        found = related.mentions(self.session, resource, names)
        return [(mention.kind, mention.held.address) for mention in found]

    def newer(self, resource):
        names = related.own_names(self.session, resource)
        relations = resource.description.relations
        found = related.newer_versions(
            self.session,
            resource,
            relations,
            related.held(self.session, resource, relations),
            related.mentions(self.session, resource, names),
        )
        return [each.address for each in found]


@pytest.fixture
def shelf(sessions, now):
    with sessions.begin() as session:
        yield Shelf(session, now)


@pytest.fixture
def quick(sqlite_sessions, now):
    with sqlite_sessions.begin() as session:
        yield Shelf(session, now)


@pytest.mark.parametrize(
    "stated",
    [
        Relation("is_part_of", HERE),
        Relation("is_part_of", "http://www.m.example/course/1/"),
        Relation("is_part_of", identifiers=(DOI,)),
        Relation("is_part_of", "https://doi.org/10.1234/ABC"),
        Relation("is_part_of", raw="https://m.example/course/1"),
        Relation("is_part_of", identifiers=(Identifier("oai:m:1", "oai"),)),
        Relation("is_part_of", raw="oai:m:1"),
    ],
    ids=str,
)
def test_a_part_that_names_its_whole_is_found_from_there(shelf, stated):
    whole = shelf.put("whole", record="oai:m:1", landing_page=HERE, identifiers=(DOI,))
    shelf.put("part", relations=(stated,))
    shelf.put("other", relations=(Relation("is_part_of", "https://m.example/course/2"),))
    assert shelf.told(whole) == [("has_part", "part")]


@pytest.mark.parametrize(("kind", "seen_as"), related.INVERSE.items())
def test_each_kind_has_its_other_side(quick, kind, seen_as):
    one = quick.put("one", landing_page=HERE)
    quick.put("two", relations=(Relation(kind, HERE), Relation(kind, HERE)))
    assert quick.told(one) == [(seen_as, "two")]


def test_turning_a_kind_round_twice_changes_nothing():
    back = {
        kind: related.INVERSE.get(seen, "translation_of") for kind, seen in related.INVERSE.items()
    }
    assert all(kind == twice for kind, twice in back.items())


def test_a_providers_own_name_for_a_record_means_nothing_at_another_provider(quick):
    one = quick.put("one", record="42")
    quick.put("near", relations=(Relation("requires", raw="42"),))
    quick.put("far", source="t", relations=(Relation("requires", raw="42"),))
    assert quick.told(one) == [("is_required_by", "near")]


def test_a_sites_home_page_is_nobodys_whole(quick):
    home = quick.put("home", landing_page="https://m.example/")
    quick.put("part", relations=(Relation("is_part_of", "https://m.example/"),))
    assert quick.told(home) == []


def test_many_copies_do_not_crowd_out_its_own_names(quick, monkeypatch):
    monkeypatch.setattr(related, "MOST_COPIES", 2)
    copies = [quick.put(f"c{n}", status=MERGED, landing_page=f"{HERE}/{n}") for n in range(2)]
    kept = quick.put("kept", landing_page=HERE)
    for copy in copies:
        copy.merged_into_id = kept.id
    for path in ("", "/0", "/1"):
        quick.put(f"speaks{path}", relations=(Relation("references", HERE + path),))
    assert [address for _, address in quick.told(kept)] == ["speaks", "speaks/0"]


def test_only_its_own_source_is_believed_that_a_resource_has_been_replaced(shelf):
    one = shelf.put("one", landing_page=HERE)
    copy = {"source": "t", "status": MERGED, "into": one.id, "landing_page": HERE}
    shelf.put("copy", **copy)
    for address, source in (("far", "t"), ("near", "s")):
        shelf.put(address, source=source, relations=(Relation("replaces", HERE),))
    assert shelf.told(one) == [("is_replaced_by", "near"), ("has_version", "far")]


def test_who_has_no_source_believes_nobody_that_has_none_either(quick):
    one = quick.put("one", landing_page=HERE)
    two = quick.put("two", relations=(Relation("replaces", HERE),))
    one.source_id = two.source_id = None
    quick.session.flush()
    assert quick.told(one) == [("has_version", "two")]


def test_many_strangers_do_not_crowd_out_its_own_source(quick):
    one = quick.put("one", landing_page=HERE)
    for number in range(related.MOST_MENTIONS):
        quick.put(f"p{number}", source="t", relations=(Relation("references", HERE),))
    quick.put("near", relations=(Relation("replaces", HERE),))
    assert quick.told(one)[0] == ("is_replaced_by", "near")


def test_names_without_end_are_no_question_that_a_database_refuses(shelf):
    many = tuple(Identifier(f"oai:m:{number}", "oai") for number in range(300_000))
    one = shelf.put("one", landing_page=HERE, identifiers=many)
    own = (Relation("requires", HERE, identifiers=many),)
    two = shelf.put("two", relations=own)
    assert shelf.told(one) == [("is_required_by", "two")]
    assert related.target_of(own[0], related.held(shelf.session, two, own)) is None


@pytest.mark.parametrize("status", [WITHDRAWN, IN_REVIEW, MERGED])
def test_only_published_resources_speak(quick, status):
    one = quick.put("one", landing_page=HERE)
    quick.put("two", status=status, relations=(Relation("replaces", HERE),))
    assert quick.told(one) == []


def test_what_speaks_of_a_merged_copy_speaks_of_what_was_kept(shelf):
    kept = shelf.put("kept", landing_page="https://k.example/course/1")
    shelf.put("copy", source="t", record="x", status=MERGED, into=kept.id, landing_page=HERE)
    shelf.put("by-address", relations=(Relation("is_based_on", HERE),))
    shelf.put("by-record", source="t", relations=(Relation("is_based_on", raw="x"),))
    assert shelf.told(kept) == [("is_basis_for", "by-address"), ("is_basis_for", "by-record")]


def test_a_resource_does_not_speak_of_itself(quick):
    assert (
        quick.told(quick.put("one", landing_page=HERE, relations=(Relation("relation", HERE),)))
        == []
    )


def test_many_mentions_have_an_end_and_names_and_mentions_cost_a_query_each(quick):
    whole = quick.put("whole", landing_page=HERE)
    for number in range(related.MOST_MENTIONS + 5):
        quick.put(f"p{number}", relations=(Relation("is_part_of", HERE),))
    statements = []
    engine = quick.session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert len(quick.told(whole)) == related.MOST_MENTIONS
    assert len(statements) == 2


def test_names_are_looked_up_in_an_index(quick):
    whole = quick.put("whole", landing_page=HERE)
    statements = []
    engine = quick.session.get_bind()
    event.listen(
        engine, "before_cursor_execute", lambda *args: statements.append((args[2], args[3]))
    )
    quick.told(whole)
    connection = quick.session.connection()
    for statement, parameters in list(statements):
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        assert not [row for row in plan if row[-1].startswith("SCAN")], plan


def test_what_is_kept_anew_replaces_what_was_kept(shelf):
    one = shelf.put("one", landing_page=HERE)
    two = shelf.put("two", relations=(Relation("replaces", HERE),))
    shelf.put("three", relations=(Relation("requires", HERE),))
    related.keep(shelf.session, [two.id], [])
    assert shelf.told(one) == [("is_required_by", "three")]


# Itself, and what is newer -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "stated",
    [
        Relation("is_replaced_by", HERE),
        Relation("is_version_of", identifiers=(DOI,)),
        Relation("relation", raw="oai:m:1"),
        Relation("relation", "https://copy.example/1"),
    ],
    ids=str,
)
def test_what_leads_back_to_itself_is_no_relation(shelf, stated):
    others = (Relation("relation", "https://m.example/other"), Relation("has_part", f"{HERE}#part"))
    one = shelf.put(
        "one", record="oai:m:1", landing_page=HERE, identifiers=(DOI,), relations=(stated, *others)
    )
    shelf.put("copy", status=MERGED, into=one.id, landing_page="https://copy.example/1")
    names = related.own_names(shelf.session, one)
    assert related.without_itself(one.description, one, names).relations == others


def version(shelf, number, **relations):
    stated = tuple(
        Relation(kind, f"https://m.example/v/{other}")
        for kind, others in relations.items()
        for other in others
    )
    page = f"https://m.example/v/{number}"
    made = shelf.put(f"v{number}", landing_page=page, relations=stated)
    keys = identifier_keys(made.description)
    shelf.session.add_all(ResourceKey(resource_id=made.id, key=key) for key in keys)
    shelf.session.flush()
    return made


def test_versions_are_followed_to_the_newest_whoever_says_so(shelf):
    first = version(shelf, 1)
    version(shelf, 2, replaces=[1], is_replaced_by=[3])
    version(shelf, 3)
    version(shelf, 4, replaces=[3])
    assert shelf.newer(first) == ["v2", "v3", "v4"]


@pytest.mark.parametrize("kind", ["replaces", "is_replaced_by"])
@pytest.mark.parametrize("length", [2, 3, 5])
def test_versions_in_a_circle_are_none_of_them_newer(quick, kind, length):
    made = [version(quick, n, **{kind: [(n + 1) % length]}) for n in range(length)]
    assert [quick.newer(each) for each in made] == [[]] * length


def test_a_circle_further_on_ends(quick):
    first = version(quick, 1)
    version(quick, 2, replaces=[1, 3])
    version(quick, 3, replaces=[2])
    assert quick.newer(first) == ["v2", "v3"]


def test_what_is_said_to_be_newer_and_older_is_not_newer(quick):
    assert quick.newer(version(quick, 1, replaces=[2], is_replaced_by=[2])) == []


def test_many_versions_have_an_end_and_each_costs_the_same(quick):
    first = version(quick, 0)
    costs = {}
    for number in range(1, related.MOST_STEPS + 4):
        version(quick, number, replaces=[number - 1])
        statements = []
        quick.session.expire_all()
        engine = quick.session.get_bind()
        listener = lambda *args, seen=statements: seen.append(args[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        found = quick.newer(first)
        event.remove(engine, "before_cursor_execute", listener)
        costs[number] = len(statements)
        assert len(found) == min(number, related.MOST_STEPS + 1)
    steps = {costs[n] - costs[n - 1] for n in range(2, related.MOST_STEPS + 1)}
    assert len(steps) == 1
    assert costs[related.MOST_STEPS + 1] - costs[related.MOST_STEPS] <= 1
