"""The pages of sources: what a provider needs to see, and nothing that is nobody's business."""

import json
from datetime import timedelta

import pytest
from lxml import etree
from sqlalchemy import select

from oer.metadata.resource_metadata import Term
from oer.models import Harvest, HarvestedRecord, Source
from oer.services import source_status
from oer.services.redaction import HIDDEN, public_address, public_text
from oer.services.source_status import health, steps
from oer.web import finding_texts, languages, source_texts
from oer.web.plot import plot
from oer.web.source_shares import percent
from tests.web.conftest import RICH, licensed, metadata

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def metsala(catalogue):
    """The source, ready to be changed."""

    def change(**columns):
        with catalogue.sessions.begin() as session:
            source = session.get_one(Source, catalogue.source_id)
            for name, value in columns.items():
                setattr(source, name, value)

    return change


@pytest.fixture
def ran(catalogue):
    """Add a run; the first stands there already."""

    def run(days=1, state="complete", **columns):
        with catalogue.sessions.begin() as session:
            at = catalogue.now + timedelta(days=days)
            columns.setdefault("finished_at", at + timedelta(minutes=1))
            harvest = Harvest(source_id=catalogue.source_id, state=state, started_at=at, **columns)
            session.add(harvest)
            session.flush()
            return harvest.id

    with catalogue.sessions.begin() as session:
        first = session.get_one(Harvest, catalogue.harvest_id)
        first.state, first.kind, first.created, first.seen = "complete", "full", 3, 3
    return run


@pytest.fixture
def rejected(catalogue):
    """Add records that could not be taken in."""

    def add(count, problem="unreadable", detail="No metadata format has the root element x."):
        with catalogue.sessions.begin() as session:
            session.add_all(
                HarvestedRecord(
                    source_id=catalogue.source_id,
                    identifier=f"oai:m.example:{problem}-{number:03}",
                    problem=problem,
                    problem_detail=detail,
                )
                for number in range(count)
            )

    return add


# -- the list --------------------------------------------------------------------------------------


def test_the_list_names_each_source_with_its_count_and_health(catalogue, page, ran):
    catalogue.add(RICH)
    ran(state="failed")
    (row,) = page("/en/sources").xpath("//tbody/tr")
    assert row.xpath(".//a/@href") == ["/en/source/metsala"]
    said = [cell.text_content().strip() for cell in row]
    assert said == ["Metsälä", "1", "2 March 2026", "Could not be fetched"]


def test_a_removed_source_has_no_page(catalogue, page, metsala, now):
    metsala(removed_at=now)
    assert page("/en/sources").xpath("//tbody/tr") == []
    for path in ("/en/source/metsala", "/source/metsala.json", "/source/metsala.atom"):
        page(path, 404)


def test_the_list_costs_the_same_for_many_sources(catalogue, client, now):
    with catalogue.sessions.begin() as session:
        session.add_all(
            Source(slug=f"s{n}", name=f"S{n}", base_url="https://s.example/", created_at=now)
            for n in range(30)
        )
    with queries(catalogue.sessions) as asked:
        assert client.get("/en/sources").text.count("Not fetched yet") == 30
    assert len(asked) <= 4


@pytest.mark.parametrize("path", ["/sources", "/source/metsala", "/validate"])
def test_an_address_without_language_leads_to_the_reader_s(client, path):
    response = client.get(path, headers={"Accept-Language": "sv"})
    assert (response.status_code, response.location) == (302, f"/sv{path}")
    assert "Accept-Language" in response.vary


# -- the page --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", list(languages.LANGUAGES))
def test_every_part_of_the_page_is_there_in_every_language(
    catalogue, page, ran, rejected, metsala, language
):
    catalogue.add(RICH)
    catalogue.add(metadata(learning_resource_type=(Term("Kummallinen"),)))
    metsala(deleted_record="transient", set_specs=["oer"])
    ran(state="partial", created=2, seen=2, notes=["A note"], error="It broke off")
    rejected(2)
    html = page(f"/{language}/source/metsala")
    for id_ in ("how", "runs", "growth", "fill", "licences", "values", "unmapped", "rejected"):
        (heading,) = html.xpath(f"//h2[@id='{id_}']")
        assert heading.text_content().strip()
    assert html.xpath("//html/@lang") == [language]


def test_runs_are_told_in_words_with_their_remarks(catalogue, page, ran):
    ran(state="partial", created=2, updated=1, notes=["A page broke (2)"], error="It broke off")
    newest, first = page("/en/source/metsala").xpath("//table[contains(@class, 'runs')]/tbody/tr")
    assert "in part" in newest.text_content()
    assert "2 remarks" in newest.text_content()
    assert [text.strip() for text in newest.xpath(".//li//text()") if text.strip()] == [
        "It broke off",
        "A page broke (2)",
    ]
    assert [cell.text for cell in newest.xpath("./td[@class='figure']")] == list("21000")
    assert "complete" in first.text_content()


def test_shares_are_bars_with_their_numbers(catalogue, page):
    catalogue.add(metadata("A", license=licensed()))
    catalogue.add(metadata("B"))
    html = page("/en/source/metsala")
    (row,) = html.xpath("//section[@aria-labelledby='fill']//tr[contains(., 'licence')]")
    assert [cell.text for cell in row.xpath("./td")] == ["50%", "1"]
    assert row.xpath(".//rect[@class='bar-share']/@width") == ["50.0"]
    assert html.xpath("//*[@style]") == []
    assert html.xpath("//style | //script[not(@src)]") == []


def test_the_plot_has_its_numbers_as_a_table(catalogue, page, ran):
    ran(days=1, created=2)
    ran(days=40, created=5)
    html = page("/en/source/metsala")
    (svg,) = html.xpath("//figure/svg")
    assert svg.get("role") == "img"
    assert "1 March 2026" in svg.get("aria-label")
    totals = html.xpath("//section[@aria-labelledby='growth']//tbody/tr/td[last()]/text()")
    assert totals == ["10", "5", "3"]


def test_licence_statements_stand_beside_what_we_make_of_them(catalogue, page):
    catalogue.add(metadata(license=licensed("ask me first")))
    html = page("/en/source/metsala")
    (row,) = html.xpath("//section[@aria-labelledby='licences']/details//tbody/tr")
    assert "ask me first" in row.text_content()
    assert "names no licence we know" in row.text_content()


def test_values_in_no_list_are_named_with_what_they_should_be(catalogue, page):
    catalogue.add(metadata(learning_resource_type=(Term("<b>Kummallinen"),)))
    html = page("/en/source/metsala")
    (row,) = html.xpath("//section[@aria-labelledby='unmapped']//tbody/tr")
    assert [cell.text_content() for cell in row] == ["<b>Kummallinen", "Type", "1"]


def test_rejected_records_are_paged_with_their_reasons(client, page, rejected):
    rejected(60)
    rejected(1, problem="no_metadata", detail=None)
    html = page("/en/source/metsala")
    assert names_in(html) == [f"oai:m.example:unreadable-{n:03}" for n in range(50)]
    reasons = html.xpath("//ul[@class='reasons']/li")
    assert [" ".join(reasons[0].text_content().split())] == [
        "The metadata is in no form that we can read. 60"
    ]
    (following,) = html.xpath("//a[@rel='next']/@href")
    last = page(following)
    assert len(names_in(last)) == 11
    assert last.xpath("//a[@rel='next']") == []


@pytest.mark.parametrize("after", ["-1", "x", "٣", "9" * 40, "1 OR 1=1", ""])
def test_a_place_that_is_none_is_the_beginning(page, rejected, after):
    rejected(1)
    assert len(names_in(page(f"/en/source/metsala?after={after}"))) == 1


def test_held_deletions_are_shown_while_they_wait(catalogue, page, ran):
    catalogue.add(RICH)
    ran(state="held", held=1)
    with catalogue.sessions.begin() as session:
        session.scalars(select(HarvestedRecord)).one().pending_deletion = "absent"
    html = page("/en/source/metsala")
    (row,) = html.xpath("//section[@aria-labelledby='held']//tbody/tr")
    assert "missing from the repository's complete list" in row.text_content()
    with catalogue.sessions.begin() as session:
        session.scalars(select(HarvestedRecord)).one().pending_deletion = None
    assert page("/en/source/metsala").xpath("//section[@aria-labelledby='held']") == []


def test_a_source_without_anything_says_so(page):
    html = page("/en/source/metsala")
    assert "Nothing from here is in the catalogue." in html.text_content()
    assert html.xpath("//h2[@id='fill']") == []


def test_what_waits_for_review_is_not_shown(catalogue, client):
    catalogue.add(metadata(license=licensed("a secret licence")), status="in_review")
    for path in ("/en/source/metsala", "/source/metsala.json"):
        assert "a secret licence" not in client.get(path).text


def test_a_resource_page_leads_to_its_source(catalogue, page):
    address = catalogue.add(RICH)
    assert page(f"/en/r/{address}").xpath("//a[@href='/en/source/metsala']/text()") == ["Metsälä"]


def test_every_table_names_its_columns(catalogue, page, ran, rejected):
    catalogue.add(RICH)
    ran(state="held", held=1)
    rejected(1)
    tables = page("/en/source/metsala").xpath("//table")
    assert len(tables) >= 6
    for table in tables:
        assert all(th.get("scope") == "col" for th in table.xpath("./thead//th"))
        assert all(len(row.xpath("./th[@scope='row']")) == 1 for row in table.xpath("./tbody/tr"))


# -- nobody's business -----------------------------------------------------------------------------


def test_no_secret_of_the_address_is_shown_anywhere(client, metsala, ran):
    url = "https://m.edu/oai?apikey=SECRET"
    metsala(base_url=url)
    ran(notes=[f"{url} moved permanently to https://u:PASS@m.edu/new?token=SECRET."])
    for path in ("/en/source/metsala", "/source/metsala.json", "/source/metsala.atom"):
        text = client.get(path).text
        assert "https://m.edu/oai" in text
        assert "SECRET" not in text
        assert "PASS" not in text


def test_no_internal_address_is_shown_anywhere(client, metsala, ran):
    metsala(base_url="http://repo.corp.edu:8080/oai", internal=True)
    ran(
        state="failed",
        error="Nobody answers at repo.corp.edu (10.1.2.3).",
        lease_owner="worker7.corp.edu:4711",
    )
    for path in ("/en/source/metsala", "/source/metsala.json", "/source/metsala.atom"):
        text = client.get(path).text
        for secret in ("corp.edu", "10.1.2.3", "worker7"):
            assert secret not in text
        assert HIDDEN in text


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.edu/oai?key=1#x", "https://a.edu/oai"),
        ("https://u:p@a.edu:8443/oai", "https://a.edu:8443/oai"),
        ("http://127.0.0.1/oai", None),
        ("http://localhost:1/oai", None),
        ("file:///srv/secret/list.csv", None),
        ("http://[broken", None),
    ],
)
def test_only_the_harmless_part_of_an_address_is_public(url, shown):
    assert public_address(url) == shown
    assert public_address(url, internal=True) is None


def test_notes_lose_addresses_people_and_places_on_our_disk():
    said = public_text(
        "Ask maija@m.edu about http://10.0.0.1/x, ::1 at 12:30:00 and v1.2.3.4 of /srv/l/a.csv",
        base_url="file:///srv/l/a.csv",
        internal=False,
    )
    assert said == (f"Ask [e-mail] about {HIDDEN}, {HIDDEN} at 12:30:00 and v1.2.3.4 of {HIDDEN}")


# -- for programs ----------------------------------------------------------------------------------


def test_json_says_what_the_page_shows(catalogue, client, ran, rejected):
    catalogue.add(RICH)
    ran(state="partial", created=2)
    rejected(1)
    response = client.get("/source/metsala.json")
    assert response.mimetype == "application/json"
    found = json.loads(response.text)
    assert (found["slug"], found["resources"], found["health"]) == ("metsala", 1, "partial")
    assert found["runs"][0]["state"] == "partial"
    assert found["profile"]["records"] == found["profile"]["of"] == 1
    assert found["rejected"]["records"][0]["identifier"] == "oai:m.example:unreadable-000"
    again = client.get("/source/metsala.json", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_the_feed_is_atom(catalogue, client, ran, rejected):
    ran(state="failed", error="<oops> & \x01")
    rejected(3)
    response = client.get("/source/metsala.atom", headers={"Accept-Language": "sv"})
    assert response.mimetype == "application/atom+xml"
    feed = etree.fromstring(response.data)
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "sv"
    assert feed.xpath("count(a:author/a:name)", namespaces=ATOM) == 1
    assert feed.xpath("a:link[@rel='self']/@href", namespaces=ATOM) == [
        "http://localhost/source/metsala.atom"
    ]
    entries = feed.xpath("a:entry", namespaces=ATOM)
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            (child,) = element.xpath(f"a:{name}", namespaces=ATOM)
            assert child.text.strip()
    ids = feed.xpath("a:entry/a:id/text()", namespaces=ATOM)
    assert len(ids) == len(set(ids)) == 3
    terms = feed.xpath("a:entry/a:category/@term", namespaces=ATOM)
    assert terms == ["problem-unreadable", "failed", "complete"]
    assert "<oops> &" in entries[1].xpath("string(a:content)", namespaces=ATOM)


def test_the_feed_of_a_source_never_visited_is_empty(client, catalogue, now):
    with catalogue.sessions.begin() as session:
        session.add(Source(slug="uusi", name="Uusi", base_url="https://u.edu/", created_at=now))
    feed = etree.fromstring(client.get("/source/uusi.atom").data)
    assert feed.xpath("a:updated/text()", namespaces=ATOM)
    assert feed.xpath("a:entry", namespaces=ATOM) == []


def test_the_page_names_its_feed(page):
    links = page("/en/source/metsala").xpath("//link[@rel='alternate']/@href")
    assert {"/source/metsala.atom", "/source/metsala.json"} <= set(links)


# -- how it is doing -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("run", "columns", "expected"),
    [
        (None, {}, "never"),
        ("running", {}, "running"),
        ("complete", {}, "well"),
        ("held", {}, "held"),
        ("partial", {}, "partial"),
        ("failed", {}, "failed"),
        ("interrupted", {}, "interrupted"),
        ("failed", {"parked_until": timedelta(hours=1)}, "parked"),
        ("complete", {"parked_until": -timedelta(hours=1)}, "well"),
        ("complete", {"interval_hours": 24.0}, "well"),
        ("complete", {"interval_hours": 1.0}, "late"),
    ],
)
def test_how_a_source_is_doing(now, run, columns, expected):
    if "parked_until" in columns:
        columns = {"parked_until": now + columns["parked_until"]}
    source = Source(slug="m", **columns)
    last = run and Harvest(state=run, started_at=now - timedelta(days=2))
    assert health(source, last, now) == expected


def test_every_code_has_words():
    assert set(source_texts.HEALTH) == set(source_status.HEALTH)
    assert {*source_texts.STATES} >= {"running", "interrupted", "complete", "held", "partial"}


def test_many_days_are_drawn_by_the_month(now):
    brought = [(now + timedelta(days=n), (1, 0, 0, 0)) for n in range(60)]
    found = steps(brought, before=7)
    assert [each.period for each in found] == ["2026-03", "2026-04"]
    assert (found[0].total, found[-1].total) == (7 + 31, 7 + 60)


def test_the_runs_of_a_day_are_one_step(now):
    (step,) = steps([(now, (1, 2, 3, 4)), (now, (1, 1, 1, 1))])
    assert (step.created, step.updated, step.withdrawn, step.quarantined) == (2, 3, 4, 5)


def test_one_point_is_no_line():
    assert plot([("2026", 5)]) is None


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (1, 1), (3, 5), (7, 10), (96, 100), (123, 200), (51_000, 100_000)]
)
def test_the_top_of_the_plot_is_a_round_number(value, top):
    assert plot([("a", 0), ("b", value)]).top == top


@pytest.mark.parametrize(
    ("share", "said"),
    [(0, "0%"), (0.001, "1%"), (0.5, "50%"), (0.999, "99%"), (1, "100%"), (None, "–")],
)
def test_a_share_is_never_all_or_nothing_unless_it_is(share, said):
    assert percent(share, "en") == said


def test_numbers_are_written_as_the_language_writes_them():
    assert percent(0.5, "fi") == "50\xa0%"


def test_vocabularies_have_names():
    from oer.metadata import term_fields
    from oer.metadata.vocabularies import VOCABULARIES

    wanted = {name for names in term_fields.ELEMENTS.values() for name in names}
    assert set(finding_texts.VOCABULARIES) >= wanted | set(VOCABULARIES)


def names_in(html):
    return html.xpath("//section[@aria-labelledby='rejected']//tbody/tr/th/code/text()")


def queries(sessions):
    """The statements sent to the database within the block."""
    from contextlib import contextmanager

    from sqlalchemy import event

    @contextmanager
    def counting():
        asked = []

        def note(connection, cursor, statement, parameters, context, executemany):
            asked.append(statement)

        event.listen(sessions.kw["bind"], "before_cursor_execute", note)
        yield asked
        event.remove(sessions.kw["bind"], "before_cursor_execute", note)

    return counting()
