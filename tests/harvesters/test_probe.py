"""Probing: a repository is looked at as a harvest would see it, and nothing is written."""

import json
import shlex
from datetime import UTC, datetime, timedelta

import click
import pytest
from click.testing import CliRunner

from harvesters import probe as probing
from harvesters.harvester import RepositoryInfo
from harvesters.http import HttpClient
from harvesters.probe import Offered, best
from harvesters.probe_advice import Access, advice, slug_for
from harvesters.probe_commands import probe as command
from harvesters.samples import SampleProvider
from oer.commands.context import Oer
from oer.commands.source import add
from oer.errors import ProtocolError, UsageError
from oer.formats.namespaces import DC, IEEE_LOM, OAI_DC
from tests.harvesters.replay import IDENTIFY, Replay, deleted, error, page, record
from tests.harvesters.site import Site

NOW = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)


def test_the_richest_format_that_we_read_is_looked_at():
    with SampleProvider("skargard", now=lambda: NOW) as provider:
        report = probe(provider.base_url)
    assert report.prefix == "lom"
    assert {each.prefix: each.read_as for each in report.formats} == {
        "lom": "lom",
        "oai_dc": "oai_dc",
    }
    assert report.profile.records == report.sample.read > 0


def test_a_format_is_known_by_its_namespace_and_not_by_its_name():
    offered = [Offered("oai_dc", OAI_DC, "oai_dc"), Offered("x", IEEE_LOM, "lom")]
    assert best(offered) == "x"
    assert best([Offered("lom", "urn:something-else", None), offered[0]]) == "oai_dc"
    assert best([]) == "oai_dc"


def test_a_prefix_that_a_shell_would_take_for_an_option_is_not_recommended():
    assert best([Offered("--internal", IEEE_LOM, "lom")]) == "oai_dc"
    assert best([Offered("a b", IEEE_LOM, "lom")]) == "oai_dc"


def test_no_more_records_are_read_than_were_asked_for():
    with SampleProvider("metsola", now=lambda: NOW) as provider:
        report = probe(provider.base_url, records=7)
    assert report.sample.seen == 7
    assert report.sample.pages == 2, "the second page shows that the token works"


def test_the_recommended_command_is_one_that_add_understands():
    with SampleProvider("skargard", now=lambda: NOW) as provider:
        report = probe(provider.base_url, access=Access(internal=True))
    arguments = shlex.split(report.advice.command)
    assert arguments[:3] == ["oer", "source", "add"]
    parsed = click.Context(add)
    add.parse_args(parsed, arguments[3:])
    assert parsed.params["url"] == provider.base_url
    assert (parsed.params["prefix"], parsed.params["internal"]) == ("lom", True)
    assert (parsed.params["deletion_policy"], parsed.params["reconcile_days"]) == ("sweep", 30)


@pytest.mark.parametrize(
    ("deleted_record", "sweeps", "expected"),
    [
        ("persistent", None, ["--deletions", "headers"]),
        ("transient", True, ["--deletions", "sweep", "--reconcile", "30"]),
        ("transient", False, ["--deletions", "full", "--reconcile", "30"]),
        ("no", True, ["--deletions", "sweep", "--reconcile", "7"]),
        ("no", False, ["--deletions", "full", "--reconcile", "7"]),
        (None, None, ["--deletions", "sweep", "--reconcile", "7"]),
    ],
)
def test_what_proves_a_deletion_depends_on_what_the_repository_remembers(
    deleted_record, sweeps, expected
):
    info = RepositoryInfo(deleted_record=deleted_record)
    found = advice("https://a.example/oai", info, "lom", (), sweeps, 0.1, Access()).arguments
    assert list(found[4:]) == expected


def test_a_slow_repository_is_given_time():
    info = RepositoryInfo(deleted_record="persistent")
    found = advice("https://a.example/oai", info, "lom", ("oer", "a b"), None, 20, Access())
    assert "--delay 5" in found.command
    assert "--set oer --set 'a b'" in found.command


@pytest.mark.parametrize(
    ("url", "identifier", "slug"),
    [
        ("https://www.aoe.fi/meta/oaipmh", None, "aoe-fi"),
        ("http://127.0.0.1:8711/oai", "metsola.example.org", "metsola-example-org"),
        ("http://[::1]/oai", None, "1"),
        ("https://" + "x" * 80 + ".example/oai", None, "x" * 64),
        ("https://ÄÖ.example/", None, "example"),
    ],
)
def test_a_source_gets_a_short_name(url, identifier, slug):
    assert slug_for(url, identifier) == slug


# -- warnings --------------------------------------------------------------------------------------


def test_a_well_kept_repository_is_warned_of_nothing_but_http():
    with SampleProvider("skargard", now=lambda: NOW) as provider:
        report = probe(provider.base_url)
    assert codes(report) == ["not-encrypted"]


def test_what_identify_says_is_not_believed():
    said = (
        IDENTIFY.replace("2026-03-01T10:00:00Z</responseDate>", "yesterday</responseDate>")
        .replace("2000-01-01T00:00:00Z", "0001-01-01")
        .replace("persistent", "maybe")
        .replace("YYYY-MM-DDThh:mm:ssZ</granularity>", "often</granularity>")
    )
    report = replayed([page(record("a"))], identify=said)
    found = {each.code: each.text for each in report.warnings}
    assert {"no-clock", "granularity", "earliest", "deleted-record"} <= found.keys()
    assert "0001-01-01" in found["earliest"]
    assert "maybe" in found["deleted-record"]
    assert any("gives another address" in note for note in report.sample.notes)


def test_a_clock_that_is_off_is_noticed():
    report = replayed([page(record("a"))], now=NOW + timedelta(hours=5))
    assert "clock-wrong" in codes(report)


def test_records_without_addresses_and_licences_are_noticed():
    bare = record("a").replace("<dc:identifier>https://material.example.org/a</dc:identifier>", "")
    report = replayed([page(bare)])
    assert {"no-links", "licences-unknown", "few-language"} <= set(codes(report))


def test_records_that_cannot_be_read_are_counted_with_their_reason():
    odd = record("a").replace("oai_dc:dc", "x:odd").replace(
        "xmlns:oai_dc=", 'xmlns:x="urn:odd" xmlns:oai_dc='
    )  # fmt: skip
    report = replayed([page(odd, record("b"), deleted("c"))])
    assert (report.sample.seen, report.sample.read, report.sample.deleted) == (3, 1, 1)
    assert dict(report.sample.problems) == {"unreadable": 1}
    assert "mostly-unreadable" in codes(report)
    assert report.sample.examples[0][:2] == ("a", "unreadable")


def test_a_format_that_is_not_offered_is_named():
    report = replayed([page(record("a"))], prefix="marcxml")
    assert "format-not-offered" in codes(report)


def test_a_list_that_stops_leaves_what_came_before():
    class Stops(Replay):
        def answer(self, asked):
            if "resumptionToken" in asked:
                return error("badVerb", "no more today")
            return super().answer(asked)

    report = replayed([page(record("a"), token="t"), page(record("b"))], replay=Stops)
    assert report.sample.read == 1
    assert "no more today" in report.sample.error
    assert "list-stopped" in codes(report)
    assert report.is_usable


def test_a_repository_that_cannot_list_sets_or_formats_is_looked_at_all_the_same():
    report = replayed([page(record("a"))], others=lambda: error("badVerb"))
    assert (report.formats, report.sets, report.sample.read) == ((), (), 1)
    assert sum("cannot be listed" in note for note in report.sample.notes) == 2


def test_an_endless_list_of_sets_is_cut_off(monkeypatch):
    monkeypatch.setattr(probing, "MOST_SETS", 3)
    with SampleProvider("metsola", now=lambda: NOW) as provider:
        report = probe(provider.base_url)
    assert (len(report.sets), report.more_sets) == (3, True)


def test_slow_pages_are_noticed_and_slow_the_harvest():
    ticks = iter(range(0, 1000, 15))
    report = replayed([page(record("a"))], clock=lambda: next(ticks))
    assert "slow" in codes(report)
    assert "--delay" in report.advice.arguments


def test_an_empty_repository_is_nothing_to_harvest():
    report = replayed([page()])
    assert "no-records" in codes(report)
    assert not report.is_usable


# -- the command -----------------------------------------------------------------------------------


def test_the_command_works_before_anything_was_added(tmp_path, monkeypatch):
    monkeypatch.setenv("OER_DATA_DIR", str(tmp_path / "state"))
    with SampleProvider("metsola") as provider:
        ended = run(provider.base_url, "--internal")
    assert ended.exit_code == 0, ended.output
    for heading in ("Formats", "Sets: 20", "Licences", "Warnings", "To add it"):
        assert heading in ended.output
    assert "oer source add metsola-example-org" in ended.output
    assert not (tmp_path / "state").exists()


def test_the_command_speaks_json():
    with SampleProvider("metsola") as provider:
        ended = run(provider.base_url, "--internal", "--json", "--records", "5")
    report = json.loads(ended.output)
    assert report["sample"]["seen"] == report["profile"]["records"] == 5
    assert report["advice"]["command"].startswith("oer source add ")
    assert report["usable"] is True


def test_a_page_that_is_no_repository_ends_the_probe_in_plain_words():
    with Site({"/": b"<html><body>Log in</body></html>"}).serving() as site:
        ended = run(f"{site.url}/", "--internal")
    assert isinstance(ended.exception, ProtocolError)
    assert "is a web page like any other: it speaks no OAI-PMH" in str(ended.exception)
    assert ended.output == ""


def test_a_bad_address_is_wrong_usage():
    ended = run("ftp://metsola.example.org/oai")
    assert isinstance(ended.exception, UsageError)
    assert "is no web address" in str(ended.exception)


def test_nothing_to_read_ends_with_1():
    with Served(Replay([page()])).serving() as url:
        assert run(url, "--internal").exit_code == 1


def test_what_a_repository_says_does_not_steer_the_terminal():
    said = IDENTIFY.replace("Replay</", "Metsola &#x202E;&#x9B;31m</")
    with Served(Replay([page(record("a", title="&#x9B;2J"))], identify=said)).serving() as url:
        output = run(url, "--internal").output
    assert "Metsola 31m" in output
    assert not any(letter in output for letter in "\x1b\x9b\u202e")


def codes(report):
    return [each.code for each in report.warnings]


def run(*arguments):
    return CliRunner().invoke(command, arguments, obj=Oer())


def probe(url, *, now=NOW, **wanted):
    with HttpClient(internal=True) as http:
        return probing.probe(url, http, now=now, **wanted)


def replayed(pages, *, identify=IDENTIFY, replay=Replay, others=None, now=NOW, **wanted):
    """The report on a repository that answers so."""
    with Served(replay(pages, identify), others).serving() as url:
        return probe(url, now=now, **wanted)


class Served(Replay):
    """A replayed repository that knows its formats and sets, too."""

    def __init__(self, replay, others=None):
        self.replay, self.others = replay, others

    def answer(self, asked):
        if asked["verb"] in ("ListMetadataFormats", "ListSets"):
            return self.others() if self.others else OTHERS[asked["verb"]]
        return self.replay.answer(asked)


FORMATS = f"""<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2026-03-01T10:00:00Z</responseDate><request>http://x/</request>
<ListMetadataFormats><metadataFormat><metadataPrefix>oai_dc</metadataPrefix>
<schema>{DC}</schema><metadataNamespace>{OAI_DC}</metadataNamespace></metadataFormat>
</ListMetadataFormats></OAI-PMH>""".encode()

OTHERS = {"ListMetadataFormats": FORMATS, "ListSets": error("noSetHierarchy")}
