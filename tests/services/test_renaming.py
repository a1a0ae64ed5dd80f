"""A provider renames its records: the same resources stay, at the same addresses."""

import zlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from harvesters.http import HttpClient
from harvesters.run import run
from oer.errors import HarvestBusy, UsageError
from oer.models import Harvest, HarvestedRecord, RecordAlias, Resource
from oer.services import curation, duplicates, ingest, renaming, sources
from oer.services.rename_hint import Pair, pattern_of
from oer.services.source_record import SourceRecord
from tests.harvesters.hostile_oai import Hostile, Record, Repository

OLD, NEW = "oai:old.example:*", "oai:new.example:*"
COUNT = 6


def named(host, number, **more):
    title = f"Title of {number}"
    page = f"https://m.example.org/{number}"
    metadata = (
        '<metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>'
        f"<dc:identifier>{page}</dc:identifier></oai_dc:dc></metadata>"
    )
    if more.get("deleted"):
        metadata = None
    stamp = more.pop("datestamp", "2026-01-01T00:00:00Z")
    return Record(f"oai:{host}.example:{number}", stamp, metadata=metadata, **more)


def every(host, **more):
    return [named(host, number, **more) for number in range(COUNT)]


class Provider:
    """A repository whose records are called by another name from one run to the next."""

    def __init__(self, sessions, now):
        self.sessions, self.now = sessions, now
        self.hostile = Hostile(Repository(every("old"), page=4))

    def harvest(self, records=None, **options):
        if records is not None:
            self.hostile.repository.records = records
        self.now += timedelta(hours=1)

        def http(source):
            return HttpClient(internal=True, sleep=lambda seconds: None)

        ended = run(self.sessions, "s", http, now=lambda: self.now, **options)
        assert ended.tally.ties_out()
        return ended

    def rename(self, from_=OLD, to=NEW, **options):
        return renaming.rename_identifiers(
            self.sessions, "s", from_, to, actor="anna", now=lambda: self.now, **options
        )

    def resources(self):
        """Address to identifier of its record, and status."""
        query = select(Resource.address, HarvestedRecord.identifier, Resource.status).outerjoin(
            HarvestedRecord, HarvestedRecord.resource_id == Resource.id
        )
        with self.sessions() as session:
            return {row.address: (row.identifier, row.status) for row in session.execute(query)}

    def edit(self, **changes):
        with self.sessions.begin() as session:
            sources.edit(session, "s", **changes)


@pytest.fixture
def provider(sessions, now):
    made = Provider(sessions, now)
    with made.hostile.serving():
        with sessions.begin() as session:
            sources.add(session, "s", made.hostile.url, now=now, internal=True)
        assert made.harvest().tally.created == COUNT
        yield made


def renamed(before):
    return {
        address: (name.replace("old", "new"), status) for address, (name, status) in before.items()
    }


def test_renamed_before_the_harvest_every_resource_stays_where_it_is(provider):
    before = provider.resources()
    plan = provider.rename()
    assert (len(plan.renamings), plan.joined, plan.conflicts) == (COUNT, 0, ())
    assert provider.resources() == renamed(before)
    ended = provider.harvest(every("new"), full=True)
    assert (ended.tally.created, ended.tally.unchanged) == (0, COUNT)
    assert provider.resources() == renamed(before)


def test_a_dry_run_changes_nothing_and_says_the_same(provider):
    before = provider.resources()
    plan = provider.rename(dry_run=True)
    assert provider.resources() == before
    assert provider.rename() == plan


def test_doing_it_again_changes_nothing(provider):
    provider.rename("oai:old.example:*", "oai:old.example:v2:*")
    once = provider.resources()
    assert provider.rename("oai:old.example:*", "oai:old.example:v2:*").renamings == ()
    assert provider.resources() == once


def test_after_the_harvest_both_become_one_and_the_older_address_stays(provider):
    before = provider.resources()
    provider.edit(deletion_policy="full", reconcile_days=0)
    provider.harvest(every("new", datestamp="2026-02-01T00:00:00Z"), full=True)
    assert len(provider.resources()) == 2 * COUNT
    plan = provider.rename()
    assert (len(plan.renamings), plan.joined) == (COUNT, COUNT)
    after = provider.resources()
    assert {address: after[address] for address in before} == renamed(before)
    with provider.sessions() as session:
        for address in after.keys() - before.keys():
            second = session.scalars(select(Resource).where(Resource.address == address)).one()
            assert (second.status, second.withdrawn_by) == ("withdrawn", "anna")
            assert second.successor in before
    ended = provider.harvest(full=True)
    assert (ended.tally.created, ended.tally.unchanged) == (0, COUNT)


def test_what_a_curator_set_stays_with_the_older_resource(provider):
    address = next(iter(provider.resources()))
    with provider.sessions.begin() as session:
        resource = session.scalars(select(Resource).where(Resource.address == address)).one()
        given = [{"text": "Better"}]
        curation.set_field(
            session, resource, "title", given, actor="anna", now=provider.now, reason="clearer"
        )
    provider.harvest(every("new"), full=True)
    provider.rename()
    with provider.sessions() as session:
        resource = session.scalars(select(Resource).where(Resource.address == address)).one()
        assert resource.description.title[0].text == "Better"


def test_what_was_deleted_under_its_new_name_is_gone_when_both_become_one(provider):
    """The provider renamed its records, then deleted one; only then did a curator notice."""
    before = provider.resources()
    provider.harvest(every("new"), full=True)
    gone = [named("new", 0, deleted=True, datestamp="2026-02-28T11:00:00Z"), *every("new")[1:]]
    assert provider.harvest(gone, full=True).deleted == 1
    assert provider.rename().joined == COUNT
    assert provider.harvest(full=True).deleted == 1
    after = {address: provider.resources()[address] for address in before}
    assert sorted(status for _, status in after.values()) == ["published"] * 5 + ["withdrawn"]
    (lost,) = [name for name, status in after.values() if status == "withdrawn"]
    assert lost == "oai:new.example:0"


def test_what_could_not_be_had_under_its_new_name_keeps_what_came_under_the_old_one(provider):
    new = "oai:new.example:0"
    with provider.sessions.begin() as session:
        source = sources.get(session, "s")
        harvest = session.scalars(select(Harvest)).first()
        silent = SourceRecord(new, problem=ingest.UNREACHABLE, problem_detail="404")
        ingest.accept(session, source, harvest, [silent], now=provider.now)
    assert provider.rename().joined == 1
    with provider.sessions() as session:
        record = session.scalars(select(HarvestedRecord).filter_by(identifier=new)).one()
        assert record.checksum is not None
        assert b"Title of 0" in zlib.decompress(record.payload)


def test_curators_work_on_both_is_a_conflict_and_nothing_is_lost(provider):
    before = provider.resources()
    provider.harvest(every("new"), full=True)
    second = next(each for each in provider.resources() if each not in before)
    with provider.sessions.begin() as session:
        resource = session.scalars(select(Resource).where(Resource.address == second)).one()
        given = [{"text": "Mine"}]
        curation.set_field(
            session, resource, "title", given, actor="anna", now=provider.now, reason="clearer"
        )
    plan = provider.rename()
    assert (len(plan.renamings), len(plan.conflicts)) == (COUNT - 1, 1)
    assert second in plan.conflicts[0].why
    assert provider.resources()[second][1] == "published"


# Deletions under the old name ---------------------------------------------------------------------


@pytest.mark.parametrize("order", [1, -1])
def test_that_the_old_name_is_deleted_does_not_delete_what_came_under_the_new_one(provider, order):
    before = provider.resources()
    provider.rename()
    gone = every("old", deleted=True, datestamp="2026-02-28T11:00:00Z")
    ended = provider.harvest([*every("new"), *gone][::order], full=True)
    assert ended.deleted == 0
    assert provider.resources() == renamed(before)
    # A late deletion of the old name, when the new one is long known.
    assert provider.harvest(gone).deleted == 0
    assert provider.resources() == renamed(before)


def test_a_deletion_under_the_old_name_counts_while_the_provider_uses_no_other(provider):
    provider.rename()
    gone = [named("old", 0, deleted=True, datestamp="2026-02-28T11:00:00Z"), *every("old")[1:]]
    assert provider.harvest(gone, full=True).deleted == 1
    states = sorted(status for _, status in provider.resources().values())
    assert states == ["published"] * (COUNT - 1) + ["withdrawn"]


def test_a_sweep_that_lists_old_names_finds_the_records(provider):
    before = provider.resources()
    provider.rename()
    provider.edit(deletion_policy="sweep", reconcile_days=0.0)
    provider.harvest(every("old"))
    assert provider.resources() == renamed(before)


# What is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("from_", "to"),
    [("", "x"), ("a", "a"), ("a*", "b"), ("a", "b*"), ("a**", "b**"), ("*a*", "*b*"), ("a*", "")],
)
def test_patterns_that_make_no_sense_are_refused(provider, from_, to):
    with pytest.raises(UsageError, match="cannot be used"):
        provider.rename(from_, to)


def test_a_source_that_is_being_harvested_is_left_alone(provider):
    with provider.sessions.begin() as session:
        harvest = session.scalars(select(Harvest)).one()
        harvest.state, harvest.lease_until = "running", provider.now + timedelta(hours=1)
    with pytest.raises(HarvestBusy):
        provider.rename()


def test_several_records_cannot_get_one_name(provider):
    provider.harvest([*every("old"), Record("oai:old.example:x")], full=True)
    plan = provider.rename("oai:old.example:x", "oai:old.example:1")
    # The name is another record's: the two become one only because the curator says so.
    assert plan.joined == 1
    with provider.sessions() as session:
        aliases = session.scalars(select(RecordAlias.identifier)).all()
    assert aliases == ["oai:old.example:x"]


# The hint -----------------------------------------------------------------------------------------


def test_the_report_says_that_the_provider_seems_to_have_renamed_its_records(provider):
    duplicates.refresh(provider.sessions)
    ended = provider.harvest(every("new"), full=True)
    (hint,) = [note for note in ended.notes if "renamed" in note]
    assert f"--from '{OLD}' --to '{NEW}'" in hint
    with provider.sessions() as session:
        kept = session.scalars(select(Harvest).order_by(Harvest.id.desc())).first()
        assert hint in kept.notes


def test_new_records_beside_the_old_ones_are_no_renaming(provider):
    duplicates.refresh(provider.sessions)
    more = [named("new", number) for number in range(COUNT, 2 * COUNT)]
    ended = provider.harvest([*every("old"), *more], full=True)
    assert not any("renamed" in note for note in ended.notes)


@pytest.mark.parametrize(
    ("pairs", "pattern"),
    [
        (
            [("oai:a.fi:1", "oai:b.fi:1"), ("oai:a.fi:2", "oai:b.fi:2")],
            ("oai:a.fi:*", "oai:b.fi:*"),
        ),
        ([("x/1", "oai:n:x/1")], ("x/*", "oai:n:x/*")),
        ([("1", "oai:n:1")], None),
        ([("a:1", "b:7"), ("a:2", "b:8")], None),
        ([], None),
    ],
)
def test_the_pattern_of_a_renaming(pairs, pattern):
    assert pattern_of(Pair(*pair) for pair in pairs) == pattern
