"""Feeds: windows, not lists; what an entry says is kept, what the feed says of itself is not."""

from contextlib import ExitStack
from datetime import timedelta

import feedparser
import pytest
from sqlalchemy import select

from harvesters import feed
from harvesters.harvester import HarvestRequest
from oer.errors import ProtocolError, UsageError
from oer.formats import read_payload
from oer.models import Source
from oer.services import sources
from tests.harvesters.hostile_http import HostileServer, answer, redirect
from tests.harvesters.site import (
    NOW,
    KilledError,
    Site,
    add,
    client,
    harvest,
    killed_after,
    metadata,
    resources,
)

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fi" xmlns:dc="http://purl.org/dc/elements/1.1/">
<title>Materials</title><id>urn:feed</id><updated>2026-01-01T00:00:00Z</updated>
<link rel="license" href="https://creativecommons.org/licenses/by/4.0/"/>
<entry><id>urn:uuid:1</id><title>Murtoluvut</title><link href="https://m.example.org/1"/>
<summary type="html">&lt;p&gt;Puolikkaat&lt;/p&gt;&lt;script&gt;evil()&lt;/script&gt;</summary>
<author><name>Ada</name><email>ada@example.org</email></author><author><name>Bo</name></author>
<published>2025-12-31T22:00:00-02:00</published><updated>2026-01-02T00:00:00Z</updated>
<category term="maths" label="Mathematics" scheme="https://s.example.org/subjects"/>
<link rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/"/>
<link rel="enclosure" href="https://m.example.org/1.mp3" type="audio/mpeg" length="1234"/>
<dc:language>sv</dc:language></entry>
<entry><id>urn:uuid:2</id><title>Ei lisenssiä</title><link href="/2"/>
<updated>2026-01-01T00:00:00Z</updated></entry></feed>"""

RSS = """<rss version="2.0" xmlns:cc="http://creativecommons.org/ns#"
 xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule">
<channel><title>Podcast</title><language>de</language>
<creativeCommons:license>https://creativecommons.org/licenses/by-nd/4.0/</creativeCommons:license>
<item><guid isPermaLink="false">a</guid><title>Eins, zwei</title><link>https://m.example.org/a</link>
<pubDate>Tue, 03 Mar 2026 10:00:00 GMT</pubDate><category>eins, zwei</category>
<cc:license rdf:resource="https://creativecommons.org/licenses/by/4.0/"
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></item>
<item><title>Without a name</title></item></channel></rss>"""


# Entries ------------------------------------------------------------------------------------------


def test_an_atom_entry_becomes_a_resource():
    record = records(ATOM)[0]
    found = read_payload(record.payload)
    assert record.identifier == "urn:uuid:1"
    assert [(each.text, each.language) for each in found.title] == [("Murtoluvut", "fi")]
    assert [each.name for each in found.creator] == ["Ada", "Bo"]
    assert found.landing_page == "https://m.example.org/1"
    assert found.license[0].raw == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert (found.issued[0].raw, found.modified[0].raw) == (
        "2026-01-01T00:00:00Z",
        "2026-01-02T00:00:00Z",
    )
    material = found.materials[0]
    assert (material.url, material.raw_media_type) == ("https://m.example.org/1.mp3", "audio/mpeg")
    assert material.size.raw == "1234"
    assert [each.raw for each in found.keywords] == ["Mathematics"]
    assert b"evil" not in record.payload
    assert b"ada@example.org" not in record.payload


def test_the_language_of_the_material_is_only_what_the_entry_says():
    first, second = (read_payload(record.payload) for record in records(ATOM))
    assert [each.raw for each in first.language] == ["sv"]
    assert second.language == ()


def test_a_licence_of_the_feed_is_not_given_to_its_entries():
    assert read_payload(records(ATOM)[1].payload).license == ()


def test_an_rss_item_becomes_a_resource():
    found = read_payload(records(RSS)[0].payload)
    assert [(each.text, each.language) for each in found.title] == [("Eins, zwei", "de")]
    assert [each.raw for each in found.keywords] == ["eins, zwei"]
    assert found.issued[0].raw == "2026-03-03T10:00:00Z"
    assert [each.raw for each in found.license] == ["https://creativecommons.org/licenses/by/4.0/"]


def test_a_date_of_publication_is_no_date_of_change():
    assert read_payload(records(RSS)[0].payload).modified == ()


def test_an_item_without_a_name_is_kept_for_quarantine():
    record = records(RSS)[1]
    assert record.identifier is None
    assert b"Without a name" in record.payload


def test_addresses_are_read_from_where_the_feed_stands():
    assert read_payload(records(ATOM)[1].payload).landing_page == "https://f.example.org/2"


# Hostile feeds ------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", ["<html><body>Log in</body></html>", "nothing", '{"a": 1}'])
def test_what_is_no_feed_is_refused(body):
    with pytest.raises(ProtocolError, match="no RSS or Atom"):
        records(body)


def test_a_cut_feed_leaves_a_hole_and_a_note():
    (page,) = feed._pages(read(ATOM[:-200]), HarvestRequest("x"))
    assert page.holes == 1
    assert "not well-formed" in page.notes[0]


def test_entities_are_not_resolved(tmp_path):
    (tmp_path / "secret").write_text("secret")
    body = RSS.replace(
        "<rss", f'<!DOCTYPE rss [<!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]><rss', 1
    ).replace("Eins, zwei</title>", "&e;</title>")
    assert b"secret" not in b"".join(record.payload for record in records(body))


def test_bombs_of_entities_do_not_go_off():
    bomb = "".join(
        f'<!ENTITY a{depth} "{f"&a{depth - 1};" * 10 if depth else "ha" * 50}">'
        for depth in range(9)
    )
    body = RSS.replace("<rss", f"<!DOCTYPE rss [{bomb}]><rss", 1).replace("Eins", "&a8;")
    assert sum(len(record.payload) for record in records(body)) < 100_000


def test_a_feed_that_is_too_long_is_refused():
    with pytest.raises(ProtocolError, match="bytes long"):
        read("x" * (feed.MAX_BYTES + 1))


def test_the_bytes_are_never_taken_for_an_address(monkeypatch):
    def fetch(*arguments, **options):
        raise AssertionError("feedparser fetched something")

    monkeypatch.setattr(feedparser.http, "get", fetch)
    with pytest.raises(ProtocolError):
        read("http://127.0.0.1:9/feed")


# Runs ---------------------------------------------------------------------------------------------


def test_a_feed_is_harvested_again_and_nothing_changes(sqlite_sessions, site):
    first = harvest(sqlite_sessions)
    assert (first.state, first.tally.created) == ("complete", 2)
    assert site.asked == ["/feed"]
    second = harvest(sqlite_sessions)
    assert (second.tally.unchanged, second.tally.created) == (2, 0)
    with sqlite_sessions() as session:
        assert session.scalars(select(Source)).one().name == "Materials"


def test_an_entry_that_changed_is_updated(sqlite_sessions, site):
    harvest(sqlite_sessions)
    site.pages["/feed"] = ATOM.replace("Murtoluvut", "Murrot").encode()
    assert harvest(sqlite_sessions).tally.updated == 1
    assert metadata(sqlite_sessions, "urn:uuid:1").title[0].text == "Murrot"


def test_an_entry_that_left_the_window_stays(sqlite_sessions, site):
    harvest(sqlite_sessions)
    begin, end = ATOM.rindex("<entry>"), ATOM.rindex("</feed>")
    site.pages["/feed"] = (ATOM[:begin] + ATOM[end:]).encode()
    ended = harvest(sqlite_sessions, full=True)
    assert (ended.tally.seen, ended.deleted, ended.held) == (1, 0, 0)
    assert resources(sqlite_sessions)["urn:uuid:2"][0] == "published"


def test_a_run_that_was_killed_ends_the_same(sqlite_sessions, site, monkeypatch):
    monkeypatch.setattr(feed, "ENTRIES_OF_A_PAGE", 1)
    with pytest.raises(KilledError):
        harvest(sqlite_sessions, report=killed_after(1))
    rest = harvest(sqlite_sessions)
    assert (rest.state, rest.tally.created, rest.tally.unchanged) == ("complete", 1, 1)


def test_a_dry_run_changes_nothing(sqlite_sessions, site):
    assert harvest(sqlite_sessions, dry=True).tally.created == 2
    assert resources(sqlite_sessions) == {}


# Feeds that have not changed ----------------------------------------------------------------------

KINDS = {"ETag": '"1"', "Last-Modified": "Sun, 01 Mar 2026 10:00:00 GMT"}
UNCHANGED = answer(b"", 304)
NO_CHANGE = "has not changed since the last harvest"


def test_what_has_not_changed_is_not_sent_again(sqlite_sessions, scripted):
    site = scripted(whole(), UNCHANGED, UNCHANGED)
    assert harvest(sqlite_sessions).tally.created == 2
    before = resources(sqlite_sessions)
    for ended in (harvest(sqlite_sessions), harvest(sqlite_sessions)):
        assert (ended.state, ended.tally.seen, ended.deleted, ended.held) == ("complete", 0, 0, 0)
        assert any(NO_CHANGE in note for note in ended.notes)
    assert resources(sqlite_sessions) == before
    assert [conditions(request) for request in site.requests] == [
        (None, None),
        *[tuple(KINDS.values())] * 2,
    ]


@pytest.mark.parametrize("name", KINDS)
def test_one_validator_is_enough(sqlite_sessions, scripted, name):
    site = scripted(whole(headers={name: KINDS[name]}), UNCHANGED)
    harvest(sqlite_sessions)
    harvest(sqlite_sessions)
    assert conditions(site.requests[1]) == tuple(
        KINDS[name] if each == name else None for each in KINDS
    )


def test_an_unchanged_feed_moves_its_window_on_and_deletes_nothing(sqlite_sessions, scripted):
    scripted(whole(), UNCHANGED)
    harvest(sqlite_sessions)
    later = harvest(sqlite_sessions, now=NOW + timedelta(days=3))
    assert later.state == "complete"
    with sqlite_sessions() as session:
        assert session.scalars(select(Source)).one().harvest_from == "2026-03-03T12:00:00Z"
    assert {status for status, *_ in resources(sqlite_sessions).values()} == {"published"}


def test_a_full_harvest_asks_for_all_of_it(sqlite_sessions, scripted):
    site = scripted(whole())
    harvest(sqlite_sessions)
    assert harvest(sqlite_sessions, full=True).tally.unchanged == 2
    assert conditions(site.requests[1]) == (None, None)


@pytest.mark.parametrize("policy", ["full", "sweep"])
def test_what_a_feed_no_longer_shows_proves_nothing(sqlite_sessions, scripted, policy):
    scripted(whole())
    with pytest.raises(UsageError, match="latest entries"):
        edit(sqlite_sessions, deletion_policy=policy)


def test_what_was_changed_in_the_second_it_was_sent_is_asked_for_again(sqlite_sessions, scripted):
    stamp = KINDS["Last-Modified"]
    site = scripted(whole(headers={"Last-Modified": stamp, "Date": stamp}))
    harvest(sqlite_sessions)
    assert harvest(sqlite_sessions).tally.unchanged == 2
    assert conditions(site.requests[1]) == (None, None)


@pytest.mark.parametrize("change", [{"base_url": "other"}, {"options": {"a": 1}}])
def test_another_question_is_asked_from_the_beginning(sqlite_sessions, scripted, change):
    site = scripted(whole())
    harvest(sqlite_sessions)
    if "base_url" in change:
        change = {"base_url": f"{site.url}?other=1"}
    edit(sqlite_sessions, **change)
    edit(sqlite_sessions, harvest_from="2026-02-28T12:00:00Z")  # whatever sources.edit thinks
    harvest(sqlite_sessions)
    assert conditions(site.requests[1]) == (None, None)


def test_a_source_that_was_removed_and_added_again_gets_its_resources_back(
    sqlite_sessions, scripted
):
    site = scripted(whole())
    harvest(sqlite_sessions)
    with sqlite_sessions.begin() as session:
        sources.remove(session, "s", now=NOW)
    add(sqlite_sessions, "feed", site.url)
    assert harvest(sqlite_sessions).tally.updated == 2
    assert {status for status, *_ in resources(sqlite_sessions).values()} == {"published"}


def test_a_run_that_did_not_come_to_its_end_leaves_nothing_to_compare_with(
    sqlite_sessions, scripted, monkeypatch
):
    """The feed goes from A to B, half of B is taken in, and A comes back: A has changed for us."""
    monkeypatch.setattr(feed, "ENTRIES_OF_A_PAGE", 1)
    other = ATOM.replace("Murtoluvut", "Murrot")
    site = scripted(whole(), whole(other, {"ETag": '"2"'}), whole())
    harvest(sqlite_sessions)
    with pytest.raises(KilledError):
        harvest(sqlite_sessions, report=killed_after(1))
    assert metadata(sqlite_sessions, "urn:uuid:1").title[0].text == "Murrot"
    assert harvest(sqlite_sessions).state == "complete"
    assert conditions(site.requests[2]) == (None, None)
    assert metadata(sqlite_sessions, "urn:uuid:1").title[0].text == "Murtoluvut"


def test_a_feed_that_was_cut_is_asked_for_again(sqlite_sessions, scripted):
    site = scripted(whole(ATOM[:-200]), whole())
    assert harvest(sqlite_sessions).state == "partial"
    assert harvest(sqlite_sessions).state == "complete"
    assert conditions(site.requests[1]) == (None, None)


def test_a_feed_that_answers_from_elsewhere_is_asked_for_in_whole(sqlite_sessions, scripted):
    site = scripted(whole(), redirect("/other"), UNCHANGED, redirect("/other"), whole())
    harvest(sqlite_sessions)
    assert harvest(sqlite_sessions).tally.unchanged == 2
    assert [conditions(request) for request in site.requests[3:]] == [(None, None)] * 2


def test_another_version_of_the_program_reads_the_feed_anew(sqlite_sessions, scripted, monkeypatch):
    site = scripted(whole())
    harvest(sqlite_sessions)
    monkeypatch.setattr("harvesters.conditional.__version__", "99.0")
    harvest(sqlite_sessions)
    assert conditions(site.requests[1]) == (None, None)


@pytest.mark.parametrize("tag", ['"ä"', "x" * 501, "", '"a\tb"'])
def test_validators_that_cannot_be_sent_are_not_kept(sqlite_sessions, scripted, tag):
    site = scripted(whole(headers={"ETag": tag}))
    harvest(sqlite_sessions)
    assert harvest(sqlite_sessions).tally.unchanged == 2
    assert conditions(site.requests[1]) == (None, None)


def test_nothing_new_that_nobody_asked_for_is_a_failure(sqlite_sessions, scripted):
    scripted(UNCHANGED)
    assert harvest(sqlite_sessions).state == "failed"


def test_a_dry_run_asks_as_a_harvest_would_and_keeps_nothing(sqlite_sessions, scripted):
    site = scripted(whole(), whole(), UNCHANGED)
    assert harvest(sqlite_sessions, dry=True).tally.created == 2
    assert not learned_of(sqlite_sessions)
    harvest(sqlite_sessions)
    kept = learned_of(sqlite_sessions)
    assert harvest(sqlite_sessions, dry=True).state == "complete"
    assert learned_of(sqlite_sessions) == kept
    assert len(site.requests) == 3


# Helpers ------------------------------------------------------------------------------------------


def whole(body=ATOM, headers=None):
    """The feed, with what it can be recognised by."""
    given = KINDS if headers is None else headers
    text = answer(body.encode(), headers={"Content-Type": "application/atom+xml"})
    head, _, rest = text.partition(b"\r\n\r\n")
    lines = "".join(f"\r\n{name}: {value}" for name, value in given.items())
    return head + lines.encode() + b"\r\n\r\n" + rest


def conditions(request):
    return request.headers.get("if-none-match"), request.headers.get("if-modified-since")


def edit(sessions, **changes):
    with sessions.begin() as session:
        sources.edit(session, "s", **changes)


def learned_of(sessions):
    with sessions() as session:
        return session.scalars(select(Source)).one().learned


@pytest.fixture
def scripted(sqlite_sessions):
    """A feed that gives these answers, one after another, the last again and again."""
    with ExitStack() as stack:

        def start(*answers):
            server = stack.enter_context(HostileServer(answers))
            add(sqlite_sessions, "feed", server.url)
            return server

        yield start


def read(body):
    return feed.read_feed(body.encode(), "https://f.example.org/feed")


def records(body):
    pages = feed._pages(read(body), HarvestRequest("x"))
    return [record for page in pages for record in page.records]


@pytest.fixture
def site(sqlite_sessions):
    pages = {"/feed": (200, {"Content-Type": "application/atom+xml"}, ATOM.encode())}
    with Site(pages).serving() as site:
        add(sqlite_sessions, "feed", f"{site.url}/feed")
        yield site


def test_pages_fetch_by_themselves_where_nobody_identified(site):
    pages = feed.harvester().pages(HarvestRequest(f"{site.url}/feed"), client())
    assert sum(len(page.records) for page in pages) == 2
