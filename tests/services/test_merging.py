"""Merging copies, taking merges back, and what later harvests do to them."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from oer.errors import UsageError
from oer.metadata.resource_metadata import LangString, ResourceMetadata, to_json
from oer.models import DuplicateDecision, Event, Harvest, HarvestedRecord, Resource, Source
from oer.models.resource import IN_REVIEW, MERGED, PUBLISHED, REJECTED, WITHDRAWN
from oer.services import catalogue as pages
from oer.services import curation, deletions, ingest, merging, tombstones
from oer.services.source_record import SourceRecord


def test_a_merged_copy_is_hidden_and_its_address_leads_to_the_kept_one(catalogue):
    catalogue.add("a", "b", "c")
    catalogue.merge("a", "b", "c")
    assert catalogue.statuses() == {"a": PUBLISHED, "b": MERGED, "c": MERGED}
    assert catalogue.leads_to("b") == catalogue.leads_to("c") == "a"
    assert catalogue.leads_to("a") is None
    assert catalogue.leads_to("never") is None


def test_both_sides_of_a_merge_go_to_the_index_and_out_over_oai(catalogue, now):
    catalogue.add("a", "b", "c")
    later = now + timedelta(days=1)
    catalogue.merge("a", "b", now=later)
    with catalogue.sessions() as session:
        rows = session.execute(select(Resource.address, Resource.revision, Resource.datestamp))
        assert {row.address: (row.revision > 1, row.datestamp) for row in rows} == {
            "a": (True, later),
            "b": (True, later),
            "c": (False, now),
        }


def test_chains_are_flattened(catalogue):
    catalogue.add("a", "b", "c")
    catalogue.merge("b", "c")
    catalogue.merge("a", "b")
    assert catalogue.into() == {"b": "a", "c": "a"}


def test_a_branch_goes_along_when_it_is_cut(catalogue):
    catalogue.add("a", "b", "c", "d")
    catalogue.merge("b", "c")
    catalogue.merge("a", "b", "d")
    catalogue.split("b")
    assert catalogue.into() == {"c": "b", "d": "a"}
    assert catalogue.statuses() == {"a": PUBLISHED, "b": PUBLISHED, "c": MERGED, "d": MERGED}


def test_merging_again_changes_nothing(catalogue):
    catalogue.add("a", "b")
    catalogue.merge("a", "b")
    before = catalogue.state(), catalogue.events()
    assert catalogue.merge("a", "b") == []
    assert (catalogue.state(), catalogue.events()) == before


def test_every_decision_is_written_down(catalogue, now):
    catalogue.add("a", "b")
    catalogue.merge("a", "b", reason="Sama kirja")
    catalogue.split("b", reason="Eri painos")
    catalogue.distinct("a", "b", reason="Eri painos")
    assert catalogue.events() == [
        ("merge", "b", "aino", "Sama kirja"),
        ("merge", "a", "aino", "Sama kirja"),
        ("split", "b", "aino", "Eri painos"),
        ("split", "a", "aino", "Eri painos"),
        ("not_duplicates", "a", "aino", "Eri painos"),
        ("not_duplicates", "b", "aino", "Eri painos"),
    ]
    assert catalogue.decisions() == {("a", "b"): ("distinct", "aino", "Eri painos", now)}


@pytest.mark.parametrize(
    ("keep", "others", "said"),
    [
        ("a", ["a"], "into itself"),
        ("b", ["c"], "'b' is merged itself"),
        ("x", ["b"], "'b' is merged into 'a' already"),
        ("review", ["x"], "'review' is in review"),
        ("gone", ["x"], "'gone' is withdrawn"),
        ("x", ["rejected"], "was rejected"),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused_whole(catalogue, keep, others, said):
    catalogue.add("a", "b", "c", "x", review=IN_REVIEW, gone=WITHDRAWN, rejected=REJECTED)
    catalogue.merge("a", "b")
    before = catalogue.state()
    with pytest.raises(UsageError, match=said):
        catalogue.merge(keep, "c", *others)
    assert catalogue.state() == before


def test_only_a_copy_can_be_split_off(catalogue):
    catalogue.add("a", "b", "c")
    catalogue.merge("a", "b")
    with pytest.raises(UsageError, match=r"'a' is not merged.*its copies are: b"):
        catalogue.split("a")
    with pytest.raises(UsageError, match=r"'c' is not merged into another resource.$"):
        catalogue.split("c")


def test_what_is_merged_cannot_be_said_to_be_different(catalogue):
    catalogue.add("a", "b", "c")
    catalogue.merge("a", "b", "c")
    with pytest.raises(UsageError, match="oer duplicates split c"):
        catalogue.distinct("a", "c")
    with pytest.raises(UsageError, match="oer duplicates split b"):
        catalogue.distinct("b", "c")
    with pytest.raises(UsageError, match="at least two"):
        catalogue.distinct("a", "a")


def test_addresses_may_be_pasted_from_the_browser(catalogue):
    catalogue.add("a", "b")
    with catalogue.sessions() as session:
        pasted = ["https://oer.example/fi/r/b?x=1", " /r/a ", "a"]
        assert [each.address for each in merging.find(session, pasted)] == ["b", "a", "a"]
        with pytest.raises(UsageError, match="'zz'"):
            merging.find(session, ["a", "zz"])


def test_what_waited_for_review_waits_again_after_a_split(catalogue):
    catalogue.add("a", b=IN_REVIEW)
    catalogue.merge("a", "b")
    catalogue.split("b")
    assert catalogue.statuses() == {"a": PUBLISHED, "b": IN_REVIEW}


def test_a_split_brings_back_that_the_two_had_been_said_to_be_different(catalogue):
    catalogue.add("a", "b")
    catalogue.distinct("a", "b", reason="Eri painos")
    before = catalogue.decisions()
    catalogue.merge("a", "b")
    catalogue.split("b")
    assert catalogue.decisions() == before


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_merging_then_splitting_leaves_everything_as_it_was(catalogue, data):
    catalogue.clear()
    names = list("abcdef")
    statuses = {
        name: data.draw(st.sampled_from([PUBLISHED, IN_REVIEW, WITHDRAWN])) for name in names
    }
    catalogue.add(**statuses)
    for one, other in data.draw(st.lists(st.permutations(names), max_size=2).map(firsts)):
        catalogue.distinct(one, other)
    for one, *others in data.draw(st.lists(st.permutations(names), max_size=3).map(firsts)):
        catalogue.attempt("merge", one, *others)
    before = catalogue.state()
    keep, *others = data.draw(st.permutations(names))[: data.draw(st.integers(2, 4))]
    if catalogue.attempt("merge", keep, *others):
        merged = [name for name in others if before["into"].get(name) != keep]
        catalogue.split(*data.draw(st.permutations(merged)))
    assert catalogue.state() == before


def test_a_merged_copy_that_its_provider_changes_stays_merged(catalogue):
    catalogue.harvest("metsa", one="Kasvit")
    catalogue.harvest("jarvi", two="Kasvit")
    catalogue.merge("one", "two")
    catalogue.harvest("jarvi", two="Kasvit ja sienet")
    assert catalogue.release() == 0
    assert catalogue.statuses() == {"one": PUBLISHED, "two": MERGED}
    catalogue.split("two")
    assert catalogue.titles() == {"one": "Kasvit", "two": "Kasvit ja sienet"}


def test_a_copy_that_its_provider_deletes_still_leads_to_the_kept_one(catalogue):
    catalogue.harvest("metsa", one="Kasvit")
    catalogue.harvest("jarvi", two="Kasvit")
    catalogue.merge("one", "two")
    catalogue.harvest("jarvi", two=None)
    assert catalogue.release() == 0
    assert catalogue.leads_to("two") == "one"
    catalogue.harvest("jarvi", two="Kasvit taas")
    assert catalogue.statuses() == {"one": PUBLISHED, "two": MERGED}
    catalogue.harvest("jarvi", two=None)
    catalogue.split("two")
    assert catalogue.statuses() == {"one": PUBLISHED, "two": WITHDRAWN}


def test_a_living_copy_takes_the_place_of_the_kept_one_that_its_provider_deletes(catalogue):
    catalogue.harvest("metsa", one="Kasvit")
    catalogue.harvest("jarvi", two="Kasvit", three="Kasvit")
    catalogue.merge("one", "two", "three")
    catalogue.complete(three=0.9, two=0.5)
    catalogue.harvest("metsa", one=None)
    assert catalogue.release() == 1
    assert catalogue.statuses() == {"one": WITHDRAWN, "two": MERGED, "three": PUBLISHED}
    assert catalogue.into() == {"one": "three", "two": "three"}
    assert catalogue.release() == 0
    assert ("take_place", "three", "oer", "deleted_by_provider") in catalogue.events()


def test_a_kept_one_that_comes_back_comes_back_as_a_copy(catalogue):
    catalogue.harvest("metsa", one="Kasvit")
    catalogue.harvest("jarvi", two="Kasvit")
    catalogue.merge("one", "two")
    catalogue.harvest("metsa", one=None)
    catalogue.release()
    catalogue.harvest("metsa", one="Kasvit taas")
    assert catalogue.release() == 0
    assert catalogue.statuses() == {"one": MERGED, "two": PUBLISHED}
    catalogue.split("one")
    assert catalogue.statuses() == {"one": PUBLISHED, "two": PUBLISHED}
    assert not catalogue.decisions()


def test_a_branch_whose_head_is_gone_shows_what_still_lives_on_it(catalogue):
    catalogue.add("a", "b", "c")
    catalogue.merge("b", "c")
    catalogue.merge("a", "b")
    catalogue.withdraw("b")
    catalogue.split("b")
    assert catalogue.statuses() == {"a": PUBLISHED, "b": WITHDRAWN, "c": PUBLISHED}
    assert catalogue.into() == {"b": "c"}


def test_what_was_public_takes_a_place_before_what_waits_for_review(catalogue):
    catalogue.add("a", "c", b=IN_REVIEW)
    catalogue.merge("a", "b", "c")
    catalogue.withdraw("a")
    catalogue.release()
    assert catalogue.statuses() == {"a": WITHDRAWN, "b": MERGED, "c": PUBLISHED}


def test_nothing_takes_the_place_of_what_a_curator_withdrew(catalogue):
    catalogue.add("a", "b")
    catalogue.merge("a", "b")
    catalogue.withdraw_by_hand("a")
    assert catalogue.release() == 0
    assert catalogue.statuses() == {"a": WITHDRAWN, "b": MERGED}
    assert catalogue.leads_to("b") == "a"  # the tombstone says why


def test_the_place_stays_empty_while_no_copy_lives(catalogue):
    catalogue.add("a", "b")
    catalogue.merge("a", "b")
    catalogue.withdraw("a", "b")
    assert catalogue.release() == 0
    assert catalogue.into() == {"b": "a"}


def test_every_providers_record_is_shown(catalogue):
    catalogue.harvest("jarvi", one="Kasvit")
    catalogue.harvest("aalto", two="Kasvit")
    catalogue.harvest("metsa", three="Muuta")
    catalogue.merge("one", "two")
    catalogue.harvest("aalto", two=None)
    with catalogue.sessions() as session:
        origins = pages.origins(session, pages.by_address(session, "one"))
    assert [(origin.source.slug, origin.identifier) for origin in origins] == [
        ("jarvi", "oai:one"),
        ("aalto", "oai:two"),
    ]


def test_two_curators_cannot_merge_two_resources_into_each_other(catalogue):
    catalogue.add("a", "b")
    with catalogue.sessions() as stale:
        seen = merging.find(stale, ["b", "a"])
        stale.commit()
        catalogue.merge("a", "b")
        with pytest.raises(UsageError, match="'b' is merged itself"):
            merging.merge(stale, seen[0], seen[1:], actor="x", reason="x", now=catalogue.now)
    assert catalogue.statuses() == {"a": PUBLISHED, "b": MERGED}


def firsts(orders):
    return [order[:2] for order in orders]


class Catalogue:
    """A catalogue whose resources go by their addresses."""

    def __init__(self, sessions, now):
        self.sessions, self.now = sessions, now

    def add(self, *published, **statuses):
        with self.sessions.begin() as session:
            for address, status in (dict.fromkeys(published, PUBLISHED) | statuses).items():
                session.add(
                    Resource(
                        address=address,
                        status=status,
                        metadata_json=to_json(ResourceMetadata(title=(LangString(address),))),
                        created_at=self.now,
                        datestamp=self.now,
                    )
                )

    def clear(self):
        with self.sessions.begin() as session:
            for table in (Event, DuplicateDecision, Resource):
                session.execute(table.__table__.delete())

    def merge(self, keep, *others, reason="Sama", now=None):
        with self.sessions.begin() as session:
            into, *copies = merging.find(session, [keep, *others])
            now = now or self.now
            merged = merging.merge(session, into, copies, actor="aino", reason=reason, now=now)
            return [copy.address for copy in merged]

    def split(self, *addresses, reason=None):
        with self.sessions.begin() as session:
            found = merging.find(session, addresses)
            merging.split(session, found, actor="aino", reason=reason, now=self.now)

    def distinct(self, *addresses, reason=None):
        with self.sessions.begin() as session:
            found = merging.find(session, addresses)
            merging.distinct(session, found, actor="aino", reason=reason, now=self.now)

    def attempt(self, name, *addresses):
        try:
            getattr(self, name)(*addresses)
        except UsageError:
            return False
        return True

    def release(self):
        with self.sessions.begin() as session:
            return merging.release_orphans(session, now=self.now)

    def withdraw(self, *addresses):
        with self.sessions.begin() as session:
            gone = Resource.address.in_(addresses)
            reason = tombstones.DELETED_BY_PROVIDER
            withdrawn = tombstones.withdraw(session, gone, reason=reason, now=self.now)
        assert withdrawn == len(addresses)

    def withdraw_by_hand(self, address):
        with self.sessions.begin() as session:
            (resource,) = merging.find(session, [address])
            curation.withdraw(session, resource, actor="aino", reason="gone", now=self.now)

    def complete(self, **shares):
        with self.sessions.begin() as session:
            for resource in merging.find(session, shares):
                resource.completeness = shares[resource.address]

    def harvest(self, slug, **titles):
        """Take in records; the resources made from them get their names for addresses."""
        with self.sessions.begin() as session:
            source = session.scalar(select(Source).where(Source.slug == slug))
            if source is None:
                source = Source(
                    slug=slug,
                    name=f"Lähde {slug}",
                    base_url=f"https://{slug}.example/",
                    created_at=self.now,
                )
                session.add(source)
                session.flush()
            harvest = Harvest(source_id=source.id, started_at=self.now, state="complete")
            session.add(harvest)
            session.flush()
            records = [record(name, title) for name, title in titles.items()]
            ingest.accept(session, source, harvest, records, now=self.now)
            deletions.judge(session, source, now=self.now)
            rows = session.execute(
                select(Resource, HarvestedRecord.identifier).join(
                    HarvestedRecord, HarvestedRecord.resource_id == Resource.id
                )
            )
            for resource, identifier in rows.all():
                resource.address = identifier.removeprefix("oai:")

    def leads_to(self, address):
        with self.sessions() as session:
            copy = pages.by_address(session, address)
            kept = pages.kept(session, copy) if copy else None
            return kept.address if kept else None

    def statuses(self):
        with self.sessions() as session:
            rows = session.execute(select(Resource.address, Resource.status))
            return {row.address: row.status for row in rows}

    def titles(self):
        with self.sessions() as session:
            return {
                each.address: each.description.title[0].text
                for each in session.scalars(select(Resource))
            }

    def into(self):
        with self.sessions() as session:
            names = {
                row.id: row.address
                for row in session.execute(select(Resource.id, Resource.address))
            }
            rows = session.execute(
                select(Resource.address, Resource.merged_into_id).where(
                    Resource.merged_into_id.is_not(None)
                )
            )
            return {row.address: names[row.merged_into_id] for row in rows}

    def decisions(self):
        with self.sessions() as session:
            names = {
                row.id: row.address
                for row in session.execute(select(Resource.id, Resource.address))
            }
            return {
                tuple(sorted((names[each.first_id], names[each.second_id]))): (
                    each.decision,
                    each.decided_by,
                    each.reason,
                    each.decided_at,
                )
                for each in session.scalars(select(DuplicateDecision))
            }

    def state(self):
        """Everything but events, revisions and datestamps."""
        return {
            "statuses": self.statuses(),
            "into": self.into(),
            "titles": self.titles(),
            "decisions": self.decisions(),
        }

    def events(self):
        with self.sessions() as session:
            rows = session.execute(
                select(Event.action, Resource.address, Event.actor, Event.reason)
                .join(Resource, Resource.id == Event.resource_id)
                .order_by(Event.id)
            )
            return [tuple(row) for row in rows]


def record(name, title):
    if title is None:
        return SourceRecord(identifier=f"oai:{name}", datestamp="2026-03-02", deleted=True)
    payload = f"""<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>
      <dc:identifier>https://example.org/{name}</dc:identifier></oai_dc:dc>"""
    return SourceRecord(
        identifier=f"oai:{name}",
        datestamp="2026-03-01",
        payload=payload.encode(),
        metadata_prefix="oai_dc",
    )


@pytest.fixture
def catalogue(sessions, now):
    return Catalogue(sessions, now)
