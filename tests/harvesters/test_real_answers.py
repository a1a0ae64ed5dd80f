"""Real answers of real repositories, replayed over HTTP: every record is accounted for."""

import re
from collections import defaultdict

import pytest
from sqlalchemy import select

from harvesters.http import HttpClient
from harvesters.run import run
from oer.models import Harvest, HarvestedRecord, Resource, Source
from oer.services import sources
from tests.harvesters.replay import Replay
from tests.harvesters.test_run import state
from tests.shared_data import shared_data

HEADER = re.compile(rb"<(?:\w+:)?header[\s>].*?</(?:\w+:)?header\s*>", re.DOTALL)
IDENTIFIER = re.compile(rb"<(?:\w+:)?identifier[^>]*>\s*(.*?)\s*</", re.DOTALL)


def chains():
    """The answers of each repository in the order they were given."""
    folder = shared_data("records", "oai_dc")
    found = defaultdict(list)
    for path in folder.glob("*.xml"):
        name, number = path.stem.rsplit(".", 1)
        found[name].append((int(number), path.read_bytes()))
    return {name: [body for _, body in sorted(pages)] for name, pages in sorted(found.items())}


def expected(pages):
    """Identifiers of the headers, counted by their bytes alone, without our parser."""
    import html

    found = {}
    for body in pages:
        for header in HEADER.findall(body):
            identifier = html.unescape(IDENTIFIER.search(header)[1].decode("utf-8", "replace"))
            found[identifier] = b'"deleted"' in header
    return found


def harvest(sessions, name, replay, now, prefix="oai_dc"):
    with replay.serving() as url:
        with sessions.begin() as session:
            if not session.scalar(select(Source).where(Source.slug == name)):
                sources.add(session, name, url, now=now, metadata_prefix=prefix, internal=True)
            else:
                sources.edit(session, name, base_url=url)
        ended = run(sessions, name, lambda source: HttpClient(internal=True), now=lambda: now)
    assert ended.tally.ties_out()
    return ended


@pytest.mark.slow
def test_every_record_of_every_real_answer_is_stored_deleted_or_a_named_problem(
    sqlite_sessions, now
):
    seen = resources = 0
    for name, pages in chains().items():
        replay = Replay(pages)
        ended = harvest(sqlite_sessions, name.replace("_", "-"), replay, now)
        # A repository whose records cannot be read is a failed run, with every record kept.
        unreadable = ended.tally.quarantined >= ended.tally.seen / 2
        assert ended.state in ("complete", "failed" if unreadable else "partial"), name
        assert ended.error is None
        with sqlite_sessions() as session:
            kept = {
                row.identifier: row
                for row in session.execute(
                    select(
                        HarvestedRecord.identifier,
                        HarvestedRecord.deleted,
                        HarvestedRecord.problem,
                        HarvestedRecord.resource_id,
                    )
                    .join(Source, Source.id == HarvestedRecord.source_id)
                    .where(Source.slug == name.replace("_", "-"))
                )
            }
        wanted = expected(pages)
        assert set(kept) == set(wanted), name
        for identifier, is_deleted in wanted.items():
            row = kept[identifier]
            assert row.deleted == is_deleted
            assert is_deleted or row.problem or row.resource_id, (name, identifier)
        seen += len(wanted)
        resources += sum(row.resource_id is not None for row in kept.values())
    assert seen > 5000
    # Real repositories send records without metadata now and then, never many.
    assert resources > 0.95 * seen


@pytest.mark.parametrize("name", ["initial", "delta"])
def test_edurep_lom_is_read_whole(sqlite_sessions, now, name):
    page = shared_data("records", "lom", "edurep", f"edurep-oaipmh.{name}.0.xml").read_bytes()
    ended = harvest(sqlite_sessions, "edurep", Replay([page]), now, prefix="lom")
    wanted = expected([page])
    assert ended.tally.quarantined == 0
    assert ended.tally.created == sum(not is_deleted for is_deleted in wanted.values())
    assert ended.tally.withdrawn == sum(wanted.values())
    with sqlite_sessions() as session:
        for resource in session.scalars(select(Resource)):
            assert resource.description.title


def test_interrupted_after_any_page_the_end_is_the_same(sqlite_sessions, now):
    from oer.errors import TransportError
    from tests.harvesters.fake_http import FakeHttp

    name, pages = max(chains().items(), key=lambda chain: len(chain[1]))
    replay = Replay(pages)
    whole = None
    for broken_token in [None, *replay.by_token]:
        _empty(sqlite_sessions)
        with sqlite_sessions.begin() as session:
            sources.add(session, "real", "https://real.example.org/oai", now=now)
        if broken_token is not None:
            http = FakeHttp(replay, {broken_token}, TransportError("cut off"))
            run(sqlite_sessions, "real", lambda source, http=http: http, now=lambda: now)
        fresh = FakeHttp(replay)
        ended = run(sqlite_sessions, "real", lambda source, http=fresh: http, now=lambda: now)
        assert ended.state == "complete"
        found = state(sqlite_sessions)
        whole = whole or found
        assert found == whole, (name, broken_token)


def _empty(sessions):
    with sessions.begin() as session:
        for model in (HarvestedRecord, Resource, Harvest, Source):
            session.query(model).delete()
