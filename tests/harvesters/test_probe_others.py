"""Probing what speaks no OAI-PMH: told from its content, sampled, and the right command given."""

import io
import json
import shlex
import zipfile
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import click
import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from harvesters import definitions
from harvesters import probe as probing
from harvesters.probe_advice import Access
from harvesters.probe_commands import probe as command
from harvesters.probe_content import feeds_of, recognise
from harvesters.probe_table import proposed
from oer.commands.context import Oer
from oer.commands.source import add
from oer.errors import ProtocolError, TransportError, UsageError
from tests.harvesters.site import Site, client

NOW = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Podcast</title>
<item><guid>a</guid><title>Veden kierto</title><link>https://p.example/a</link></item>
<item><guid>b</guid><title>Pilvet</title><link>https://p.example/b</link></item>
</channel></rss>"""

CSV = b"""ID,Title,Link,Licence,Shelf
1,Veden kierto,https://m.example/1,CC BY 4.0,A3
2,Pilvet,https://m.example/2,all rights reserved,B1
"""

STATIC = b"""<?xml version="1.0" encoding="UTF-8"?>
<Repository xmlns="http://www.openarchives.org/OAI/2.0/static-repository"
  xmlns:oai="http://www.openarchives.org/OAI/2.0/">
<Identify><oai:repositoryName>Still</oai:repositoryName><oai:baseURL>http://x/</oai:baseURL>
<oai:protocolVersion>2.0</oai:protocolVersion><oai:earliestDatestamp>2020-01-01</oai:earliestDatestamp>
<oai:deletedRecord>no</oai:deletedRecord><oai:granularity>YYYY-MM-DD</oai:granularity></Identify>
<ListMetadataFormats><oai:metadataFormat><oai:metadataPrefix>oai_dc</oai:metadataPrefix>
<oai:schema>http://x/</oai:schema>
<oai:metadataNamespace>http://www.openarchives.org/OAI/2.0/oai_dc/</oai:metadataNamespace>
</oai:metadataFormat></ListMetadataFormats>
<ListRecords metadataPrefix="oai_dc"><oai:record><oai:header>
<oai:identifier>oai:x:1</oai:identifier>
<oai:datestamp>2020-01-01</oai:datestamp></oai:header><oai:metadata>
<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Vesi</dc:title></oai_dc:dc>
</oai:metadata></oai:record></ListRecords></Repository>"""


def material(name):
    node = {"@context": "https://schema.org/", "@type": "LearningResource", "name": name}
    return (
        f'<html><head><script type="application/ld+json">{json.dumps(node)}</script></head></html>'
    ).encode()


def workbook():
    book, file = Workbook(), io.BytesIO()
    for row in (("Nimi", "Osoite"), ("Vesi", "https://m.example/1")):
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def packed(name):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "x")
    return file.getvalue()


# What it is ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "content_type", "path", "protocol"),
    [
        (RSS, "", "/", "feed"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "", "/", "feed"),
        (b'<!-- a --><rdf:RDF xmlns="http://purl.org/rss/1.0/">', "", "/", "feed"),
        (b"<rdf:RDF xmlns='http://example.org/'>", "", "/", None),
        (b'<?xml version="1.0"?>\n<urlset xmlns="x">', "text/html", "/", "sitemap"),
        (b"\xef\xbb\xbf<sitemapindex>", "", "/", "sitemap"),
        (STATIC, "", "/", "saved"),
        (b"<OAI-PMH xmlns='x'>", "", "/answer.xml", "saved"),
        (b"<!DOCTYPE html>\n<html>", "", "/", "page"),
        (b'<!doctype HTML PUBLIC "-//W3C//DTD"><!-- x --><HTML>', "", "/", "page"),
        (b"<p>Hello", "", "/", "page"),
        (b"<marc:collection>", "", "/", None),
        (b"User-agent: *\nSitemap: https://x/s.xml", "text/plain", "/robots.txt", "sitemap"),
        (b"User-agent: *\n", "text/plain", "/robots.txt", None),
        (CSV, "text/plain", "/", "tabular"),
        (b"Title\nA\n", "text/csv; charset=utf-8", "/", "tabular"),
        (b"Title\nA\n", "", "/list.CSV", "tabular"),
        ("Nimi;Linkki\na;b\nc;d\n".encode("utf-16"), "", "/", "tabular"),
        (b"Dear reader,\nthis is prose, and more, and more.\n", "text/plain", "/", None),
        (b'{"a": 1}', "application/json", "/", None),
        (packed("xl/workbook.xml"), "", "/", "tabular"),
        (packed("word/document.xml"), "", "/", None),
        (b"PK\x03\x04 no archive", "", "/", None),
        (b"\xd0\xcf\x11\xe0", "", "/", None),
        (b"%PDF-1.7", "", "/", None),
        (b"", "", "/", None),
        (b"<" * 100_000, "", "/", None),
        (b"<!--" * 50_000, "", "/", None),
    ],
)
def test_content_is_told_from_what_it_holds(body, content_type, path, protocol):
    assert recognise(body, content_type, f"https://x.example{path}").protocol == protocol


def test_feeds_that_a_page_names():
    page = (
        '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        '<link rel="stylesheet" type="application/rss+xml" href="/no">'
        '<link rel="alternate" type="text/html" href="/no">'
        '<link rel="ALTERNATE home" type="application/atom+xml; charset=utf-8" href="a.atom">'
        '<link rel="alternate" type="application/atom+xml" href="//[broken">'
    )
    found = feeds_of(page.encode(), "https://x.example/b/")
    assert found == ["https://x.example/feed.xml", "https://x.example/b/a.atom"]
    assert feeds_of(b"<!-- -->", "https://x.example/") == []


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (("ID", "Title"), {"mapping": {"identifier": "ID", "title": "Title"}}),
        (
            ("Nimi", "Osoite", "Kieli", "?"),
            {
                "table": {"key": ["Osoite"]},
                "mapping": {"title": "Nimi", "url": "Osoite", "language": "Kieli"},
            },
        ),
        (
            ("dc.title", "dcterms:issued", "educational_level", "inLanguage", "Title"),
            {
                "table": {"key": ["dc.title"]},
                "mapping": {
                    "title": "dc.title",
                    "issued": "dcterms:issued",
                    "educational_level": "educational_level",
                    "language": "inLanguage",
                },
            },
        ),
        (("Shelf", "Room"), None),
    ],
)
def test_a_mapping_is_proposed_from_plain_names_alone(columns, expected):
    assert proposed(columns) == expected


# Looking ------------------------------------------------------------------------------------------


def test_a_feed_is_sampled_and_its_command_understood():
    report = probed({"/feed": RSS}, "/feed")
    assert (report.protocol, report.info.name, report.sample.read) == ("feed", "Podcast", 2)
    assert report.profile.records == 2
    params = understood(report)
    assert (params["protocol"], params["interval_hours"]) == ("feed", 24)


def test_a_sitemap_is_sampled_through_the_pages_it_lists():
    report = probed({"/map.xml": sitemap(3), **materials(3)}, "/map.xml")
    assert (report.protocol, report.sample.read, report.sample.list_size) == ("sitemap", 3, 3)
    assert understood(report)["protocol"] == "sitemap"


def test_no_more_pages_are_visited_than_records_were_asked_for_and_from_all_over_the_list():
    site = Site(materials(9))
    report = probed(site, "/map.xml", {"/map.xml": sitemap(9)}, records=3)
    assert [path for path in site.asked if path.startswith("/m/")] == ["/m/1", "/m/4", "/m/7"]
    assert (report.sample.seen, report.sample.is_whole) == (3, False)


def test_a_web_page_leads_to_the_sitemap_that_its_site_names():
    def robots(url):
        return f"Sitemap: {url}/map.xml".encode()

    report = probed(
        {"/about": b"<html><p>Hi", "/robots.txt": robots, "/map.xml": sitemap(2), **materials(2)},
        "/about",
    )
    assert report.url.endswith("/robots.txt")
    assert report.sample.read == 2
    assert "names a sitemap" in report.advice.why[0]
    assert understood(report)["url"] == report.url


def test_a_sitemap_whose_pages_say_nothing_gives_way_to_a_feed():
    page = b'<html><link rel="alternate" type="application/rss+xml" href="/feed"><p>Hi</html>'

    def robots(url):
        return f"Sitemap: {url}/map.xml".encode()

    pages = {"/": page, "/robots.txt": robots, "/map.xml": sitemap(1), "/m/1": b"<p>x"}
    assert probed({**pages, "/feed": RSS}, "/").protocol == "feed"
    report = probed(pages, "/")
    assert (report.protocol, report.is_usable) == ("sitemap", False)
    assert "describes a learning resource" in report.warnings[0].text


def test_a_table_is_read_by_a_proposed_mapping_that_apply_takes(sqlite_sessions, tmp_path):
    report = probed({"/books": (200, {"Content-Type": "text/csv"}, CSV)}, "/books", access=Access())
    assert (report.protocol, report.sample.read) == ("tabular", 2)
    assert {each.raw: each.code for each in report.profile.statements} == {
        "CC BY 4.0": "cc-by",
        "all rights reserved": "in-copyright",
    }
    (found,) = definitions.read(report.definition, folder=tmp_path)
    assert found.columns["base_url"] == report.url
    assert found.columns["options"]["mapping"]["license"] == "Licence"
    assert "Shelf" not in report.definition
    assert report.advice.command == f"oer source apply {found.slug}.toml"


def test_a_workbook_is_a_table_too():
    report = probed({"/x": workbook()}, "/x")
    assert (report.protocol, report.what, report.sample.read) == ("tabular", "a workbook (XLSX)", 1)


def test_a_static_repository_is_sampled_in_the_format_it_has():
    report = probed({"/repo.xml": STATIC}, "/repo.xml")
    assert (report.protocol, report.prefix, report.sample.read) == ("saved", "oai_dc", 1)
    assert report.info.name == "Still"
    params = understood(report)
    assert (params["protocol"], params["prefix"]) == ("saved", "oai_dc")


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ({"/x": b"<html><p>Hi"}, "is a web page like any other"),
        ({"/x": material("A")}, "It does describe a learning resource itself"),
        ({"/x": b"%PDF-1.7"}, "it is a PDF document"),
        ({"/x": b"Shelf,Room\n1,2\n3,4\n"}, "with the columns Shelf, Room"),
        ({"/x": b"<OAI/>"}, "root element <OAI>"),
        ({"/x": b'{"a": 1}'}, "it is JSON"),
    ],
)
def test_what_is_no_source_is_told_in_plain_words(pages, said):
    with pytest.raises(ProtocolError, match=r"OAI-PMH|columns") as caught:
        probed(pages, "/x")
    assert said in str(caught.value)


def test_what_is_not_there_is_no_riddle():
    with pytest.raises(TransportError, match="404"):
        probed({}, "/x")


# The command --------------------------------------------------------------------------------------


def test_credentials_go_along_and_into_the_command(monkeypatch):
    monkeypatch.setenv("S_HEADERS", "Authorization: Bearer hunter2")
    with closed_site(RSS) as url:
        without = run(url, "--internal")
        ended = run(url, "--internal", "--headers-from", "S_HEADERS")
        missing = run(url, "--internal", "--headers-from", "NO_SUCH")
    assert "401" in str(without.exception)
    assert ended.exit_code == 0, ended.output
    assert "--internal --headers-from S_HEADERS" in ended.output
    assert "hunter2" not in ended.output
    assert isinstance(missing.exception, UsageError)


def test_a_certificate_authority_goes_along_and_into_the_command(tmp_path):
    authority = tmp_path / "ca.pem"
    authority.write_text("no certificate")
    with Site({"/feed": RSS}).serving() as site:
        ended = run(f"{site.url}/feed", "--internal", "--ca-file", str(authority))
    assert f"--ca-file {authority}" in ended.output
    assert run("https://x.example/", "--ca-file", "/no/such.pem").exit_code == 2


def test_the_report_on_a_feed_has_no_parts_of_oai_pmh():
    with Site({"/feed": RSS}).serving() as site:
        said = run(f"{site.url}/feed", "--internal").output
        as_json = json.loads(run(f"{site.url}/feed", "--internal", "--json").output)
    for part in ("an RSS or Atom feed", "What the records have", "Licences", "To add it"):
        assert part in said
    for part in ("Sets:", "Formats", "its clock", "deletions", "Sample, as"):
        assert part not in said
    assert "No record of the sample says anything of: license, language" in said
    assert (as_json["protocol"], as_json["usable"]) == ("feed", True)


def test_the_report_on_a_table_holds_its_definition():
    with Site({"/books.csv": CSV}).serving() as site:
        said = run(f"{site.url}/books.csv", "--internal").output
    assert 'title = "Title"' in said
    assert "internal = true" in said
    assert "oer source apply" in said


# Helpers ------------------------------------------------------------------------------------------


@contextmanager
def closed_site(body):
    """A page for those only who bring the right header."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            known = self.headers.get("Authorization") == "Bearer hunter2"
            self.send_response(200 if known else 401)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/feed"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def sitemap(count):
    def body(url):
        pages = "".join(f"<url><loc>{url}/m/{n}</loc></url>" for n in range(1, count + 1))
        return f"<urlset>{pages}</urlset>".encode()

    return body


def materials(count):
    return {f"/m/{n}": material(f"Material {n}") for n in range(1, count + 1)}


def probed(pages, path, more=None, *, access=None, **wanted):
    """The report on a site; pages that are functions are made from its address."""
    site = pages if isinstance(pages, Site) else Site(pages)
    with site.serving():
        site.pages = {
            name: page(site.url) if callable(page) else page
            for name, page in {**site.pages, **(more or {})}.items()
        }
        with client() as http:
            access = access or Access(internal=True)
            return probing.probe(f"{site.url}{path}", http, now=NOW, access=access, **wanted)


def understood(report):
    arguments = shlex.split(report.advice.command)
    assert arguments[:3] == ["oer", "source", "add"]
    parsed = click.Context(add)
    add.parse_args(parsed, arguments[3:])
    assert parsed.params["internal"] is True
    return parsed.params


def run(*arguments):
    return CliRunner().invoke(command, arguments, obj=Oer())
