"""Sites with a sitemap and embedded schema.org: visited politely, nothing lost or invented."""

import gzip
import json
import tracemalloc
from contextlib import closing

import pytest
from lxml import html

from harvesters import sitemap_jsonld
from harvesters.embedded import described
from harvesters.microdata import items
from harvesters.sitemaps import Entry, UrlList, last_moment, read_sitemap
from oer.errors import ProtocolError, UnreadableRecord
from oer.formats import read_payload
from tests.harvesters.site import (
    NOW,
    KilledError,
    Site,
    add,
    client,
    harvest,
    killed_after,
    metadata,
    problems,
    resources,
)

HOME = "https://s.example.org/m/1"


# Runs ---------------------------------------------------------------------------------------------


def test_pages_are_harvested_and_a_second_time_unchanged(sqlite_sessions, site):
    first, second = harvest(sqlite_sessions), harvest(sqlite_sessions)
    assert (first.state, first.tally.created) == ("complete", 3)
    assert (second.state, second.tally.unchanged, second.tally.created) == ("complete", 3, 0)
    found = metadata(sqlite_sessions, f"{site.url}/m/1")
    assert found.title[0].text == "Material 1"
    assert found.landing_page == f"{site.url}/m/1"


def test_pages_that_describe_nothing_are_counted_not_quarantined(sqlite_sessions, site):
    site.pages["/m/2"] = b"<html><body><p>About us</p></body></html>"
    ended = harvest(sqlite_sessions)
    assert (ended.tally.created, ended.tally.quarantined) == (2, 0)
    assert any("without a description" in note and "(1)" in note for note in ended.notes)


def test_a_page_with_broken_json_is_quarantined_with_its_text(sqlite_sessions, site):
    site.pages["/m/2"] = page('{"@type": "LearningResource", "name": "Cut of')
    ended = harvest(sqlite_sessions)
    assert (ended.tally.created, ended.tally.quarantined) == (2, 1)
    assert problems(sqlite_sessions)[0].problem == "broken_json"


def test_only_pages_that_changed_are_visited_again(sqlite_sessions, site):
    site.sitemap(("/m/1", "2020-01-01"), ("/m/2", "2026-03-02"), ("/m/3", None))
    harvest(sqlite_sessions)
    site.asked.clear()
    again = harvest(sqlite_sessions)
    assert [path for path in site.asked if path.startswith("/m/")] == ["/m/2", "/m/3"]
    assert again.deleted == 0


def test_a_run_that_was_killed_goes_on_at_the_next_address(sqlite_sessions, site, monkeypatch):
    monkeypatch.setattr(sitemap_jsonld, "PAGES_OF_A_PAGE", 1)
    with pytest.raises(KilledError):
        harvest(sqlite_sessions, report=killed_after(2))
    site.asked.clear()
    rest = harvest(sqlite_sessions)
    assert [path for path in site.asked if path.startswith("/m/")] == ["/m/3"]
    assert (rest.state, rest.tally.created) == ("complete", 1)
    assert len(resources(sqlite_sessions)) == 3


def test_a_dry_run_changes_nothing(sqlite_sessions, site):
    assert harvest(sqlite_sessions, dry=True).tally.created == 3
    assert resources(sqlite_sessions) == {}


def test_a_page_that_left_the_sitemap_is_withdrawn_when_the_lists_are_compared(
    sqlite_sessions, site
):
    harvest(sqlite_sessions)
    site.sitemap(("/m/1", "2020-01-01"), ("/m/2", "2020-01-01"))
    site.asked.clear()
    again = harvest(sqlite_sessions, now=NOW.replace(day=20))
    assert again.deleted == 1
    assert [path for path in site.asked if path.startswith("/m/")] == []


def test_a_page_that_is_gone_for_good_is_withdrawn(sqlite_sessions, site):
    harvest(sqlite_sessions)
    site.pages["/m/1"] = (410, {}, b"gone")
    assert harvest(sqlite_sessions).deleted == 1


def test_a_page_that_does_not_answer_is_a_problem_and_the_rest_arrives(sqlite_sessions, site):
    site.pages["/m/1"] = (500, {}, b"oh")
    del site.pages["/m/2"]
    ended = harvest(sqlite_sessions)
    assert (ended.tally.created, ended.tally.quarantined) == (1, 2)
    assert [each.problem for each in problems(sqlite_sessions)] == ["unreachable"] * 2


def test_a_site_that_is_down_ends_the_run(sqlite_sessions, site, monkeypatch):
    monkeypatch.setattr(sitemap_jsonld, "MAX_FAILURES", 2)
    site.pages |= {f"/m/{number}": (500, {}, b"oh") for number in (1, 2, 3)}
    site.answers_once = {"/robots.txt": site.pages["/robots.txt"]}
    site.pages["/robots.txt"] = (503, {}, b"oh")
    ended = harvest(sqlite_sessions)
    assert ended.state == "failed"
    assert ended.tally.seen == 0


def test_a_page_that_leads_to_another_site_is_not_taken_for_ours(site):
    elsewhere = site.url.replace("127.0.0.1", "localhost")
    site.pages["/m/1"] = (302, {"Location": f"{elsewhere}/m/2"}, b"")
    (found,) = sitemap_jsonld.pages(request(site), client())
    assert [each.problem for each in found.records] == ["unreachable", None, None]


# robots.txt ---------------------------------------------------------------------------------------


def test_what_robots_txt_forbids_is_not_visited(sqlite_sessions, site):
    site.pages["/robots.txt"] = b"User-agent: *\nDisallow: /m/2\nDisallow: /*3$"
    ended = harvest(sqlite_sessions)
    assert ended.tally.seen == 1
    assert not {"/m/2", "/m/3"} & set(site.asked)
    assert "Pages that robots.txt forbids were passed over (2)" in ended.notes


def test_rules_for_us_go_before_rules_for_all(sqlite_sessions, site):
    site.pages["/robots.txt"] = b"User-agent: *\nDisallow: /\n\nUser-agent: oer\nAllow: /"
    assert harvest(sqlite_sessions).tally.created == 3


def test_the_crawl_delay_is_kept(site):
    site.pages["/robots.txt"] = b"User-agent: *\nCrawl-delay: 7"
    waits = []
    http = client()
    http._sleep = waits.append
    list(sitemap_jsonld.pages(request(site), http))
    # After the sitemap, and between its three pages.
    assert [round(wait) for wait in waits] == [7, 7, 7]


def test_a_longer_declared_pause_stands(site):
    site.pages["/robots.txt"] = b"User-agent: *\nCrawl-delay: 1"
    http = client(delay_seconds=5)
    list(sitemap_jsonld.pages(request(site), http))
    assert http.delay_seconds == 5


def test_a_pause_nobody_can_keep_ends_the_run(sqlite_sessions, site):
    site.pages["/robots.txt"] = b"User-agent: *\nCrawl-delay: 86400"
    assert "asks for 86400 s" in harvest(sqlite_sessions).error


def test_rules_that_cannot_be_had_forbid_everything(sqlite_sessions, site):
    site.pages["/robots.txt"] = (503, {}, b"later")
    assert harvest(sqlite_sessions).state == "failed"
    assert not [path for path in site.asked if path.startswith("/m/")]


@pytest.mark.parametrize("answer", [(404, {}, b""), (200, {}, b""), (403, {}, b"no")])
def test_a_site_without_rules_forbids_nothing(sqlite_sessions, site, answer):
    site.pages["/robots.txt"] = answer
    assert harvest(sqlite_sessions).tally.created == 3


# Sitemaps -----------------------------------------------------------------------------------------


def test_an_index_leads_to_its_sitemaps_packed_or_not(sqlite_sessions, site):
    site.pages["/sitemap.xml"] = index(site, "/one.xml", "/two.xml.gz", "/one.xml", "/sitemap.xml")
    site.pages["/one.xml"] = urlset(site, ("/m/1", None), ("/m/2", None))
    site.pages["/two.xml.gz"] = gzip.compress(urlset(site, ("/m/2", None), ("/m/3", None)))
    ended = harvest(sqlite_sessions)
    assert ended.tally.created == 3
    assert site.asked.count("/m/2") == 1


def test_a_sitemap_that_cannot_be_read_leaves_a_hole_and_a_note(site):
    site.pages["/sitemap.xml"] = index(site, "/one.xml", "/two.xml")
    site.pages["/one.xml"] = urlset(site, ("/m/1", None))
    site.pages["/two.xml"] = b"<urlset><url><loc>"
    (found,) = sitemap_jsonld.pages(request(site), client())
    assert (found.holes, len(found.records)) == (1, 1)
    assert any("not well-formed" in note for note in found.notes)


def test_robots_txt_may_name_the_sitemaps(sqlite_sessions, site):
    site.pages["/robots.txt"] = f"Sitemap: {site.url}/sitemap.xml".encode()
    add(sqlite_sessions, "sitemap", f"{site.url}/robots.txt", slug="t")
    assert harvest(sqlite_sessions, "t").tally.created == 3


def test_addresses_of_other_sites_are_left_out_unless_allowed(site):
    site.pages["/sitemap.xml"] = (
        b"<urlset><url><loc>http://other.example.org/x</loc></url>"
        b"<url><loc>ftp://x/</loc></url><url><loc>file:///etc/passwd</loc></url></urlset>"
    )
    (found,) = sitemap_jsonld.pages(request(site), client())
    assert found.records == ()
    assert "Addresses of other sites were left out (3)" in found.notes
    site.pages["/sitemap.xml"] = (
        f"<urlset><url><loc>{site.url.replace('127.0.0.1', 'localhost')}/m/1</loc></url></urlset>"
    ).encode()
    (found,) = sitemap_jsonld.pages(request(site, hosts=["localhost"]), client())
    assert len(found.records) == 1


def test_addresses_can_be_chosen_by_their_parts(site):
    (found,) = sitemap_jsonld.pages(request(site, include=["/m/"], exclude=["/2"]), client())
    assert [record.identifier[-1] for record in found.records] == ["1", "3"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html><body>Log in</body></html>", "root element is <html>"),
        (b"", "no element found"),
        (b"<urlset", "not well-formed"),
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><urlset/>', "DOCTYPE"),
    ],
)
def test_what_is_no_sitemap_is_refused(body, why):
    with pytest.raises(ProtocolError, match=why):
        list(read_sitemap(body))


def test_entities_are_not_resolved_wherever_the_doctype_hides(tmp_path):
    (tmp_path / "secret").write_text("https://secret.example.org/")
    body = (
        f"<!-- {'x' * 5000} --><!DOCTYPE urlset [<!ENTITY e SYSTEM "
        f'"{(tmp_path / "secret").as_uri()}">]><urlset><url><loc>&e;</loc></url></urlset>'
    )
    assert [entry.url for entry in read_sitemap(body.encode())] == []


def test_extensions_of_sitemaps_are_not_taken_for_pages():
    body = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:i="urn:i"><url>
    <loc> https://s.example.org/1 </loc><i:image><i:loc>https://s.example.org/p.png</i:loc></i:image>
    <lastmod>2026-01-01</lastmod></url></urlset>"""
    assert list(read_sitemap(body)) == [Entry("https://s.example.org/1", "2026-01-01")]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31T10:00:00+02:00", "2026-01-31T08:00:00+00:00"),
        ("2026-01-31T10:00:00Z", "2026-01-31T10:00:00+00:00"),
        ("2026-01-31", "2026-02-01T12:00:00+00:00"),
        ("2026-01", "2026-02-02T12:00:00+00:00"),
        ("2026", "2027-01-02T12:00:00+00:00"),
        ("yesterday", None),
        ("2026-13-01", None),
        ("", None),
    ],
)
def test_a_last_change_means_the_latest_moment_it_may(text, moment):
    found = last_moment(text)
    assert (found and found.isoformat()) == moment


@pytest.mark.slow
def test_a_million_addresses_take_no_memory():
    body = b"<urlset>%s</urlset>" % b"".join(
        b"<url><loc>https://s.example.org/materials/%08d</loc></url>" % number
        for number in range(50_000)
    )
    with closing(UrlList()) as urls:
        for part in range(19):
            urls.add(f"{entry.url}?part={part:02}" for entry in read_sitemap(body))
        tracemalloc.start()
        urls.add(f"{entry.url}?part=19" for entry in read_sitemap(body))
        following = next(urls.after("https://s.example.org/materials/00025000"))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert (len(urls), following[-16:]) == (1_000_000, "00025000?part=00")
    assert peak < 1_000_000


# What a page says ---------------------------------------------------------------------------------


def test_the_learning_resource_is_chosen_among_what_a_page_says():
    found = description(
        page(
            '{"@context": "https://schema.org", "@type": "Organization", "name": "Owner"}',
            '{"@context": "https://schema.org", "@type": "BreadcrumbList", "name": "Trail"}',
            '{"@context": "https://schema.org", "@graph": ['
            '{"@type": "WebPage", "@id": "#page", "name": "Page"},'
            '{"@type": "Article", "name": "Article"},'
            '{"@type": ["CreativeWork", "LearningResource"], "name": "Resource",'
            ' "author": {"@id": "#ada"}},'
            '{"@type": "Person", "@id": "#ada", "name": "Ada"}]}',
        )
    )
    read = read_payload(found.payload)
    assert [each.text for each in read.title] == ["Resource"]
    assert [each.name for each in read.creator] == ["Ada"]
    assert json.loads(found.payload)["mainEntityOfPage"] == HOME


def test_of_several_the_one_that_names_the_page_is_chosen():
    found = description(
        page(
            '[{"@type": "Course", "name": "Other", "url": "https://s.example.org/m/2"},'
            f'{{"@type": "Course", "name": "This", "url": "{HOME}"}}]'
        )
    )
    assert read_payload(found.payload).title[0].text == "This"


def test_a_course_is_chosen_before_its_parts():
    found = description(
        page(
            '{"@context": "https://schema.org", "@graph": ['
            '{"@type": "Course", "@id": "#2", "name": "Part"},'
            '{"@type": "Course", "@id": "#1", "name": "Whole", "hasPart": {"@id": "#2"}}]}'
        )
    )
    assert read_payload(found.payload).title[0].text == "Whole"


def test_several_of_equal_rank_are_not_chosen_from_by_chance():
    found = description(
        page('[{"@type": "Course", "name": "One"}, {"@type": "Course", "name": "Two"}]')
    )
    with pytest.raises(UnreadableRecord, match="equal rank"):
        read_payload(found.payload)


def test_a_page_that_only_says_that_it_is_a_page_describes_nothing():
    assert description(page('{"@type": "WebPage", "name": "Welcome"}')) is None
    assert description(page('{"@type": "WebSite", "name": "Us"}')) is None


def test_a_page_may_carry_the_resource_as_what_it_is_about():
    found = description(
        page('{"@type": "ItemPage", "mainEntity": {"@type": "LearningResource", "name": "Inner"}}')
    )
    assert read_payload(found.payload).title[0].text == "Inner"


def test_only_the_declared_classes_are_taken():
    both = page('{"@type": "Article", "name": "News"}')
    assert description(both, types=frozenset({"Course"})) is None
    assert description(both, types=frozenset({"Article"})) is not None


@pytest.mark.parametrize(
    "block",
    [
        '<!-- {"@type": "LearningResource", "name": "A B"} -->',
        '//<![CDATA[\n{"@type": "LearningResource", "name": "A B"}\n//]]>',
        '{"@type": "LearningResource", "name": "A\nB"}',
        '{"@type": "LearningResource", "name": "A B"};',
    ],
)
def test_what_loses_no_letter_is_repaired(block):
    found = description(page(block))
    assert found.repaired
    assert read_payload(found.payload).title[0].text == "A B"


def test_a_broken_block_beside_a_good_one_costs_nothing():
    found = description(page("{broken", '{"@type": "LearningResource", "name": "A"}'))
    assert found.problem is None


@pytest.mark.parametrize(
    ("head", "charset"), [("", "windows-1252"), ('<meta charset="windows-1252">', None)]
)
def test_the_encoding_is_what_http_or_the_page_says(head, charset):
    block = '{"@type": "LearningResource", "name": "Mathématiques"}'
    body = page(block).replace(b"<head>", b"<head>" + head.encode())
    found = described(body.decode().encode("windows-1252"), HOME, charset=charset)
    assert read_payload(found.payload).title[0].text == "Mathématiques"


def test_utf_8_is_seen_where_nobody_says_it():
    found = description(page('{"@type": "LearningResource", "name": "Tähti"}'))
    assert read_payload(found.payload).title[0].text == "Tähti"


def test_a_huge_script_that_is_no_description_costs_nothing():
    script = b"<script>var x = '" + b"y" * 5_000_000 + b"'</script>"
    body = page('{"@type": "LearningResource", "name": "A"}').replace(b"<body>", b"<body>" + script)
    assert read_payload(description(body).payload).title[0].text == "A"


def test_a_huge_description_is_a_problem():
    found = description(page('{"@type": "LearningResource", "name": "%s"}' % ("y" * 5_000_000)))
    assert found.problem == "too_large"
    assert len(found.payload) <= 1024 * 1024


def test_deep_nesting_of_html_or_json_is_survived():
    deep = b"<div>" * 50_000
    body = page('{"@type": "LearningResource", "name": "A"}').replace(b"<body>", b"<body>" + deep)
    assert description(body).problem is None
    assert description(page("[" * 100_000)).problem == "broken_json"


def test_references_in_a_circle_have_an_end():
    found = description(
        page(
            '{"@graph": [{"@id": "#a", "@type": "LearningResource", "name": "A",'
            ' "isPartOf": [{"@id": "#b"}, {"@id": "#b"}]},'
            '{"@id": "#b", "name": "B", "hasPart": [{"@id": "#a"}, {"@id": "#a"}]}]}'
        )
    )
    assert read_payload(found.payload).title[0].text == "A"
    assert len(found.payload) < 10_000


@pytest.mark.parametrize("body", [b"", b"   ", b"<!-- -->", b"\xff\xfe\x00", b"%PDF-1.7"])
def test_what_is_no_page_describes_nothing(body):
    assert described(body, HOME) is None


# Microdata ----------------------------------------------------------------------------------------

MICRODATA = """<div itemscope itemtype="https://schema.org/LearningResource" itemid="/id/7"
  itemref="more">
 <h1 itemprop="name">Water</h1>
 <a itemprop="license" href="https://creativecommons.org/licenses/by/4.0/">CC BY</a>
 <meta itemprop="inLanguage" content="en"><img itemprop="image" src="/w.png">
 <time itemprop="datePublished" datetime="2020-02-03">February</time>
 <div itemprop="author" itemscope itemtype="https://schema.org/Person">
  <span itemprop="name">Ada <b>L.</b></span></div>
 <span itemprop="keywords">water</span><span itemprop="keywords">rivers</span></div>
<p id="more" itemprop="description">All of it</p>"""


def test_microdata_serves_where_there_is_no_json_ld():
    found = described(MICRODATA.encode(), HOME)
    read = read_payload(found.payload)
    assert read.title[0].text == "Water"
    assert read.creator[0].name == "Ada L."
    assert read.license[0].raw == "https://creativecommons.org/licenses/by/4.0/"
    assert [each.raw for each in read.keywords] == ["water", "rivers"]
    assert (read.description[0].text, read.issued[0].raw) == ("All of it", "2020-02-03")
    assert (read.language[0].raw, read.thumbnail) == ("en", "https://s.example.org/w.png")


def test_json_ld_goes_before_microdata():
    body = page('{"@type": "LearningResource", "name": "A"}') + MICRODATA.encode()
    assert read_payload(description(body).payload).title[0].text == "A"


def test_items_that_hold_themselves_have_an_end():
    body = """<div id="a" itemscope itemtype="https://schema.org/Course" itemref="b">
    <p itemprop="name">A</p></div>
    <div id="b" itemprop="hasPart" itemscope itemtype="https://schema.org/Course" itemref="b c">
    </div><div id="c" itemprop="hasPart" itemscope itemref="b c"></div>"""
    (found,) = items(html.document_fromstring(body), HOME)
    assert found["name"] == "A"
    assert len(json.dumps(found)) < 100_000


def test_items_of_other_vocabularies_are_left_alone():
    body = (
        '<div itemscope itemtype="https://other.example.org/Thing"><p itemprop="name">A</p></div>'
    )
    assert list(items(html.document_fromstring(body), HOME)) == []


def test_real_pages_are_read():
    from tests.shared_data import shared_data

    for path in sorted(shared_data("records", "html-sitemaps").glob("*.html")):
        found = described(path.read_bytes(), f"https://www.hoou.example/{path.stem}")
        assert read_payload(found.payload).title


def test_real_sitemaps_are_read():
    from tests.shared_data import shared_data

    for path in sorted(shared_data("records", "html-sitemaps").glob("*.xml")):
        assert len(list(read_sitemap(path.read_bytes()))) >= 10


# Helpers ------------------------------------------------------------------------------------------


class Materials(Site):
    """A site with three materials and their sitemap."""

    answers_once: dict = {}  # noqa: RUF012 - each test sets its own

    def __init__(self):
        super().__init__({"/robots.txt": b"User-agent: *\nDisallow: /private"})
        for number in (1, 2, 3):
            self.pages[f"/m/{number}"] = page(
                f'{{"@type": "LearningResource", "name": "Material {number}"}}'
            )

    def sitemap(self, *entries):
        self.pages["/sitemap.xml"] = urlset(self, *entries)

    def answer(self, path):
        if path in self.answers_once:
            return 200, {}, self.answers_once.pop(path)
        return super().answer(path)


@pytest.fixture
def site(sqlite_sessions):
    with Materials().serving() as site:
        site.sitemap(*((f"/m/{number}", None) for number in (1, 2, 3)))
        add(sqlite_sessions, "sitemap", f"{site.url}/sitemap.xml")
        yield site


def request(site, **options):
    from harvesters.harvester import HarvestRequest

    return HarvestRequest(f"{site.url}/sitemap.xml", options={"sitemap": options})


def urlset(site, *entries):
    inner = "".join(
        f"<url><loc>{site.url}{path}</loc>"
        + (f"<lastmod>{lastmod}</lastmod>" if lastmod else "")
        + "</url>"
        for path, lastmod in entries
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</urlset>'.encode()


def index(site, *paths):
    inner = "".join(f"<sitemap><loc>{site.url}{path}</loc></sitemap>" for path in paths)
    return f"<sitemapindex>{inner}</sitemapindex>".encode()


def page(*blocks):
    scripts = "".join(f'<script type="application/ld+json">{each}</script>' for each in blocks)
    return f"<!doctype html><html><head>{scripts}</head><body></body></html>".encode()


def description(body, **options):
    return described(body, HOME, **options)
