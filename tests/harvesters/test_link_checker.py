"""Checking links: what answers mean, how politely they are asked for, and what is kept of them."""

from __future__ import annotations

import json
import socket
import threading
from collections import Counter
from datetime import timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from sqlalchemy import event, select

from harvesters import check_commands, link_checker
from harvesters.check_commands import STATES, View, check
from harvesters.http import Limits
from harvesters.link_checker import BATCH, FIRST_BYTES, SILENT, TURN, Asker, Tally, check_links
from harvesters.link_judge import REST_AFTER_429, Seen, judge, worth_a_look
from harvesters.soft_404 import page_hint, redirect_hint
from oer.database import BUSY_TIMEOUT_SECONDS
from oer.errors import UsageError
from oer.metadata.resource_metadata import LangString, Material, ResourceMetadata, to_json
from oer.models import Link, Resource, Source
from oer.services import link_queue, link_standing, links
from oer.services.link_queue import CLAIM_FOR, Claim, Wanted
from tests.conftest import NOW
from tests.harvesters.hostile_http import HostileServer, answer, endless, redirect, reset, silence

HTML = {"Content-Type": "text/html; charset=utf-8"}
PDF = {"Content-Type": "application/pdf", "Content-Length": "9000"}
FILE = {"content-type": "application/pdf"}
PAGE = (
    b"<html><title>Jakolasku</title><body><h1>Jakolasku</h1><p>Jaetaan omenoita.</p></body></html>"
)
DAY = timedelta(days=1)


# -- what answers mean -----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410, 500, 502, 503, 504, 521])
def test_what_is_clearly_an_error_is_a_failure(now, status):
    assert judge(Seen("https://a.example/x", status), now=now).kind == "failing"


@pytest.mark.parametrize("status", [204, 300, 304, 400, 401, 403, 405, 406, 418, 429, 451, 999])
def test_what_may_be_meant_for_us_alone_is_doubtful(now, status):
    assert judge(Seen("https://a.example/x", status, body=b""), now=now).kind == "doubtful"


def test_a_page_is_alive(now):
    outcome = judge(page(), now=now)
    assert (outcome.kind, outcome.status, outcome.final_url) == ("alive", 200, None)


@pytest.mark.parametrize(
    ("hops", "moved"),
    [((301,), True), ((308, 301), True), ((302,), False), ((301, 302), False), ((303,), False)],
)
def test_only_a_chain_of_permanent_redirects_is_a_move(now, hops, moved):
    outcome = judge(page(came_to="https://b.example/x", hops=hops), now=now)
    assert (outcome.kind, outcome.final_url) == ("alive", "https://b.example/x")
    assert outcome.moved_permanently is moved


def test_a_slash_at_the_end_is_no_move(now):
    assert judge(page(came_to="https://a.example/x/", hops=(301,)), now=now).final_url is None


@pytest.mark.parametrize(
    "url",
    [
        "https://doi.org/10.1000/182",
        "https://urn.fi/URN:NBN:fi-fe2020010112345",
        "https://hdl.handle.net/10138/1",
    ],
)
def test_a_persistent_identifier_never_moves(now, url):
    outcome = judge(page(url, came_to="https://a.example/", hops=(301,)), now=now)
    assert (outcome.kind, outcome.moved_permanently) == ("alive", False)


def test_an_error_after_a_redirect_tells_where_it_was(now):
    seen = Seen("https://a.example/x", 404, "https://b.example/y", ((301, "https://b.example/y"),))
    assert judge(seen, now=now).final_url == "https://b.example/y"


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_postpones_and_is_no_failure(now, status):
    outcome = judge(Seen("https://a.example/x", status, headers={"retry-after": "7200"}), now=now)
    assert (outcome.kind, outcome.rest_until) == ("postponed", now + 7200 * timedelta(seconds=1))


def test_a_host_that_finds_us_too_busy_is_left_alone_unasked(now):
    outcome = judge(Seen("https://a.example/x", 429), now=now)
    assert (outcome.kind, outcome.rest_until) == ("doubtful", now + REST_AFTER_429)


def test_silence_is_a_failure_and_refusal_is_not(now):
    def kind(**what):
        return judge(Seen("https://a.example/x", problem="…", **what), now=now).kind

    assert kind() == kind(unreachable=True) == "failing"
    assert kind(refused=True) == "refused"
    assert kind(refused=True, elsewhere=True) == "doubtful"


@pytest.mark.parametrize("status", [403, 404, 405, 500, 501, 204])
def test_what_a_head_is_refused_is_asked_again(status):
    assert worth_a_look(Seen("https://a.example/x", status))


@pytest.mark.parametrize("status", [401, 410, 429])
def test_what_is_clear_from_a_head_is_not_asked_again(status):
    assert not worth_a_look(Seen("https://a.example/x", status))


def test_pages_are_read_and_files_are_not():
    def worth(**headers):
        return worth_a_look(Seen("https://a.example/x", 200, headers=headers))

    assert worth(**{"content-type": "text/html; charset=utf-8"})
    assert worth()
    assert not worth(**{"content-type": "video/mp4", "content-length": "2000000000"})
    assert worth(**{"content-type": "application/pdf", "content-length": "0"})


# -- soft 404 --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "404 Not Found",
        "404",
        "Not found – Example school",
        "Page Not Found | Example school",
        "Sivua ei löytynyt",
        "Sivua ei löydy - Esimerkkikoulu",
        "Sidan hittades inte | Exempelskolan",
        "Seite nicht gefunden",
        "Pagina niet gevonden",
        "Page introuvable",
        "Cette page n’existe pas",
        "Example: error 404",
    ],
)
@pytest.mark.parametrize("element", ["title", "h1"])
def test_a_headline_that_says_not_found_is_a_hint(title, element):
    text = f"<html><body><{element}>{title}</{element}><p>{'word ' * 900}".encode()
    assert "headed" in page_hint(text, "text/html")


@pytest.mark.parametrize(
    "title",
    [
        "Lost and not found: a play in two acts",
        "Trial and error",
        "Room 404: a story",
        "Fel",
        "Fout",
    ],
)
def test_a_headline_that_speaks_of_other_things_is_none(title):
    assert page_hint(f"<title>{title}</title><p>{'word ' * 50}".encode(), "text/html") is None


def test_a_short_page_that_says_not_found_is_a_hint():
    body = b"<html><title>Example</title><p>Sorry, the page you requested is gone.</html>"
    assert page_hint(body, "text/html") == "The page says “page you requested”."


def test_a_long_page_may_speak_of_pages_that_were_not_found():
    body = f"<title>How HTTP works</title><p>404 not found {'and so on ' * 300}".encode()
    assert page_hint(body, "text/html") is None


def test_what_scripts_say_is_not_what_a_page_says():
    body = b"<title>Example</title><script>var t = 'Page not found'</script><p>Jakolasku</p>"
    assert page_hint(body, "text/html") is None


def test_a_page_with_next_to_nothing_is_a_hint_unless_it_loads_something():
    assert page_hint(b"<html><body>ok</body></html>", "text/html") is not None
    for loads in (b"<script src=a.js></script>", b"<img src=a>", b"<iframe src=a></iframe>"):
        assert page_hint(b"<html><body>" + loads, "text/html") is None
    assert page_hint(b"<meta http-equiv=refresh content='0;url=/x'>", "text/html") is None


@pytest.mark.parametrize(
    ("charset", "content_type", "meta"),
    [
        ("iso-8859-1", "text/html; charset=ISO-8859-1", ""),
        ("windows-1252", "text/html", "<meta charset='windows-1252'>"),
        ("utf-8", "text/html", ""),
        ("utf-8", "text/html; charset=punycode", ""),
        ("utf-16", "text/html; charset=utf-16", ""),
    ],
)
def test_pages_are_read_in_their_own_letters(charset, content_type, meta):
    body = f"{meta}<title>Sivua ei löydy</title><p>{'sana ' * 900}".encode(charset)
    assert page_hint(body, content_type) is not None


@pytest.mark.parametrize(
    "body",
    [
        b"\x00" * 1000,
        b"<" * FIRST_BYTES,
        b"<div>" * (FIRST_BYTES // 5),
        b"<title>" * (FIRST_BYTES // 7),
        b"<!DOCTYPE html [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>&b;" + b" " * 600,
        b"<?xml version='1.0' encoding='utf-7'?><html/>" + b" " * 600,
        b"\xff\xfe\xfd" * 1000,
        b"%PDF-1.7 " + bytes(range(256)) * 10,
        b"<meta charset=" * 1000,
    ],
)
def test_no_page_can_upset_us(body):
    for content_type in ("text/html", "text/html; charset=utf-16", "text/html; charset=x-none"):
        page_hint(body, content_type)


@pytest.mark.parametrize(
    ("asked", "came_to", "hint"),
    [
        ("/material/1", "/", "front page"),
        ("/material/1", "/fi/", "front page"),
        ("/material/1", "/index.html", "front page"),
        ("/?id=1", "/", "front page"),
        ("/material/1", "/login?next=/material/1", "login"),
        ("/material/1", "/wp-login.php", "login"),
        ("/material/1", "https://idp.example/start", "login"),
        ("/material/1", "/Shibboleth.sso/Login", "login"),
        ("/", "/fi/", None),
        ("/fi", "/index.php", None),
        ("/login", "/login/new", None),
        ("/material/1", "/material/one", None),
        ("/material/1", "/?page=1", None),
        ("/material/1", "/material/1", None),
    ],
)
def test_redirects_to_the_front_page_or_a_login_are_hints(asked, came_to, hint):
    there = came_to if came_to.startswith("http") else f"https://a.example{came_to}"
    found = redirect_hint(f"https://a.example{asked}", there)
    assert (hint in found) if hint else found is None


# -- asking ----------------------------------------------------------------------------------------


def test_a_file_is_asked_for_with_a_head_alone(serve, ask):
    server = serve(answer(b"", headers=PDF))
    assert judged(ask(server.url)) == ("alive", 200)
    assert methods(server) == ["HEAD"]


def test_a_page_is_looked_at(serve, ask):
    server = serve(answer(b"", headers=HTML), answer(PAGE, headers=HTML))
    assert judged(ask(server.url)) == ("alive", 200)
    assert methods(server) == ["HEAD", "GET"]


@pytest.mark.parametrize("refusal", [answer(b"", 405), answer(b"", 404), answer(b"", 501), reset])
def test_a_server_that_refuses_head_is_asked_for_the_page(serve, ask, refusal):
    server = serve(refusal, answer(PAGE, headers=HTML))
    assert judged(ask(server.url)) == ("alive", 200)
    assert methods(server) == ["HEAD", "GET"]


def test_what_is_not_there_for_head_and_get_has_failed(serve, ask):
    server = serve(answer(b"", 404))
    assert judged(ask(server.url)) == ("failing", 404)


def test_a_soft_404_is_doubtful(serve, ask):
    missing = answer(b"<title>Sivua ei l\xc3\xb6ydy</title>", headers=HTML)
    server = serve(answer(b"", headers=HTML), missing)
    assert judged(ask(server.url)) == ("doubtful", 200)


def test_a_film_of_two_gigabytes_is_not_downloaded(serve, ask):
    server = serve(answer(b"", 405), endless)
    assert len(ask(server.url).body) == FIRST_BYTES


def test_redirects_are_recorded(serve, ask):
    server = serve(redirect("/new", 301), answer(b"", headers=PDF))
    seen = ask(server.url)
    assert seen.redirects == ((301, server.url.replace("/oai", "/new")),)
    assert seen.final_url == server.url.replace("/oai", "/new")


def test_a_private_address_is_never_asked_unless_the_link_is_internal(serve, ask):
    server = serve(answer(b"", headers=PDF))
    seen = ask(server.url, internal=False)
    assert judged(seen) == ("refused", None)
    assert "loopback" in seen.problem
    assert "--internal" not in seen.problem
    assert server.requests == []


@pytest.mark.parametrize("there", ["http://169.254.169.254/latest", "ftp://a.example/", "/again"])
def test_a_redirect_to_where_we_do_not_go_is_doubtful(serve, ask, there):
    server = serve(redirect(there))
    assert judged(ask(server.url)) == ("doubtful", None)


def test_nobody_there_is_a_failure_that_concerns_the_host(ask, free_port):
    seen = ask(f"http://127.0.0.1:{free_port}/x")
    assert judged(seen) == ("failing", None)
    assert seen.unreachable
    assert not seen.elsewhere


def test_nobody_where_a_redirect_leads_does_not_concern_the_host(serve, ask, free_port):
    seen = ask(serve(redirect(f"http://127.0.0.1:{free_port}/x")).url)
    assert judged(seen) == ("failing", None)
    assert seen.elsewhere


def test_a_server_that_falls_silent_has_failed(serve, ask):
    server = serve(silence)
    assert judged(ask(server.url, limits=Limits(read_seconds=0.1, max_tries=1))) == (
        "failing",
        None,
    )


def test_we_say_who_we_are(serve, ask):
    server = serve(answer(b"", headers=PDF))
    ask(server.url, contact="oer@school.example")
    assert server.requests[0].headers["from"] == "oer@school.example"


# -- a run -----------------------------------------------------------------------------------------


def test_links_that_are_due_are_checked_and_kept(catalogue):
    catalogue.add("https://a.example/x", "https://b.example/x", "https://c.example/x")
    tally = catalogue.check({"b.example": 404, "c.example": 403})
    assert tally.found == {"alive": 1, "failing": 1, "doubtful": 1}
    assert (tally.due, tally.checked) == (3, 3)
    assert catalogue.states() == {
        "https://a.example/x": "alive",
        "https://b.example/x": "failing",
        "https://c.example/x": "doubtful",
    }
    assert catalogue.check({}).checked == 0


def test_a_link_dies_after_failures_over_three_days_and_comes_back(catalogue):
    catalogue.add("https://a.example/x")

    def state(status):
        catalogue.check({"a.example": status}, again=True)
        return catalogue.states()["https://a.example/x"]

    assert state(404) == "failing"
    catalogue.now += timedelta(hours=1)
    assert state(404) == "failing"
    catalogue.now += 3 * DAY
    assert state(404) == "dead"
    catalogue.now += 7 * DAY
    assert state(200) == "alive"


def test_hosts_take_turns(catalogue):
    catalogue.add(*(f"https://big.example/{number}" for number in range(40)))
    catalogue.add("https://a.example/x", "https://b.example/x")
    catalogue.check({}, workers=1)
    hosts = [url.split("/")[2] for url in catalogue.asked]
    assert len(hosts) == 42
    assert {"a.example", "b.example"} <= set(hosts[:4])


def test_a_slow_host_does_not_hold_up_the_rest(catalogue):
    catalogue.add(
        "https://slow.example/x", *(f"https://h{number}.example/x" for number in range(9))
    )
    others_done = threading.Event()
    finished = []

    def look(claim):
        if claim.host == "slow.example":
            assert others_done.wait(10)
        else:
            finished.append(claim.host)
            if len(finished) == 9:
                others_done.set()
        return Seen(claim.url, 200, headers=FILE)

    assert catalogue.check(look=look, workers=2).checked == 10


def test_a_host_is_asked_one_thing_at_a_time(catalogue):
    catalogue.add(*(f"https://{host}.example/{page}" for host in "abc" for page in range(20)))
    at_once, most, lock = Counter(), Counter(), threading.Lock()

    def look(claim):
        with lock:
            at_once[claim.host] += 1
            most[claim.host] = max(most[claim.host], at_once[claim.host])
        threading.Event().wait(0.001)
        with lock:
            at_once[claim.host] -= 1
        return Seen(claim.url, 200, headers=FILE)

    assert catalogue.check(look=look, workers=8).checked == 60
    assert set(most.values()) == {1}


def test_a_limit_is_kept_and_the_rest_stays_due(catalogue):
    catalogue.add(*(f"https://{host}.example/{page}" for host in "ab" for page in range(20)))
    assert catalogue.check({}, limit=7).checked == 7
    assert sum(catalogue.due().values()) == 33


def test_one_link_may_be_checked_now(catalogue):
    catalogue.add("https://a.example/x", "https://a.example/y")
    catalogue.check({})
    catalogue.asked.clear()
    catalogue.check({}, url="https://a.example/y")
    assert catalogue.asked == ["https://a.example/y"]


def test_retry_after_leaves_the_whole_host_alone_until_then(catalogue):
    catalogue.add(*(f"https://a.example/{page}" for page in range(25)), "https://b.example/x")

    def look(claim):
        if claim.host == "a.example":
            catalogue.asked.append(claim.url)
            return Seen(claim.url, 503, headers={"retry-after": "3600"})
        return Seen(claim.url, 200, headers=FILE)

    tally = catalogue.check(look=look)
    assert tally.found == {"postponed": 1, "alive": 1}
    assert len(catalogue.asked) == 1
    assert catalogue.due() == {}
    assert set(catalogue.states().values()) == {"alive", "unchecked"}
    catalogue.now += timedelta(hours=1)
    assert catalogue.due() == {"a.example": 25}


def test_peace_for_the_place_a_resolver_leads_to_is_no_peace_for_the_resolver(catalogue):
    catalogue.add(*(f"https://doi.org/10.1000/{number}" for number in range(3)))

    def look(claim):
        return Seen(claim.url, 503, headers={"retry-after": "3600"}, elsewhere=True)

    assert catalogue.check(look=look).found == {"postponed": 3}


def test_a_host_that_is_not_there_is_asked_a_few_times_for_all_its_links(catalogue):
    catalogue.add(*(f"https://gone.example/{page}" for page in range(TURN + 20)))
    catalogue.add("https://gone.example:8443/x")

    def look(claim):
        catalogue.asked.append(claim.url)
        if ":8443" in claim.url:
            return Seen(claim.url, 200, headers=FILE)
        return Seen(claim.url, problem="The host is not known.", unreachable=True)

    tally = catalogue.check(look=look, workers=1)
    assert tally.found == {"failing": TURN + 20, "alive": 1}
    assert len(catalogue.asked) == SILENT + 1


def test_a_host_that_keeps_silent_is_left_alone_and_its_links_stay_due(catalogue):
    catalogue.add(*(f"https://mute.example/{page}" for page in range(25)))
    tally = catalogue.check(look=lambda claim: Seen(claim.url, problem="It fell silent."))
    assert tally.found == {"failing": SILENT}
    assert catalogue.due() == {"mute.example": 25 - SILENT}


def test_silence_where_a_resolver_leads_is_not_the_resolvers(catalogue):
    catalogue.add(*(f"https://doi.org/10.1000/{number}" for number in range(9)))
    gone = {"problem": "…", "unreachable": True, "elsewhere": True}
    assert catalogue.check(look=lambda claim: Seen(claim.url, **gone)).checked == 9


def test_what_was_found_before_ctrl_c_is_kept_and_the_rest_given_back(catalogue):
    catalogue.add(*(f"https://h{number}.example/x" for number in range(20)))

    def stop(tally):
        if tally.checked == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        catalogue.check({}, report=stop)
    assert Counter(catalogue.states().values()) == {"alive": 7, "unchecked": 13}
    assert sum(catalogue.due().values()) == 13


def test_ctrl_c_does_not_wait_for_slow_servers(catalogue):
    catalogue.add("https://slow.example/x", "https://a.example/x")
    released = threading.Event()

    def look(claim):
        if claim.host == "slow.example":
            released.wait(30)
        return Seen(claim.url, 200, headers=FILE)

    def stop(tally):
        if tally.checked:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        catalogue.check(look=look, report=stop)
    assert not released.is_set()
    released.set()
    assert catalogue.due() == {"slow.example": 1}


def test_a_mistake_of_ours_is_told_and_not_called_a_failure_of_the_link(catalogue):
    catalogue.add("https://a.example/x")

    def look(claim):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        catalogue.check(look=look)
    assert catalogue.due() == {"a.example": 1}


def test_outcomes_are_kept_batch_by_batch(catalogue):
    catalogue.add(*(f"https://h{number}.example/x" for number in range(2 * BATCH + 3)))
    kept = []
    catalogue.check({}, kept=lambda checked: kept.append(len(checked)))
    assert kept == [BATCH, BATCH, 3]


def test_a_batch_costs_the_same_statements_whoever_is_asked(catalogue):
    def statements(urls):
        catalogue.add(*urls)
        sent = []

        def note(*about):
            sent.append(about[2])

        event.listen(catalogue.engine, "before_cursor_execute", note)
        catalogue.check({}, refresh=False)
        event.remove(catalogue.engine, "before_cursor_execute", note)
        return len(sent)

    few = statements(["https://z.example/x"])
    assert statements([f"https://h{number}.example/x" for number in range(BATCH)]) == few


def test_a_second_run_at_the_same_time_asks_for_nothing_twice(catalogue):
    catalogue.add(*(f"https://h{number}.example/{page}" for number in range(8) for page in (1, 2)))
    others = []

    def look(claim):
        catalogue.asked.append(claim.url)
        return Seen(claim.url, 200, headers=FILE)

    def meanwhile(tally):
        if tally.checked == 1 and not others:
            others.append(catalogue.check(look=look, refresh=False))

    first = catalogue.check(look=look, report=meanwhile)
    assert first.checked + others[0].checked == 16
    assert len(catalogue.asked) == len(set(catalogue.asked)) == 16


def test_claims_last_longer_than_the_slowest_batch():
    slowest = 2 * (link_checker.LIMITS.total_seconds + 1) * BATCH
    assert slowest + BUSY_TIMEOUT_SECONDS < CLAIM_FOR.total_seconds()


# -- the command -----------------------------------------------------------------------------------


def test_the_command_checks_and_sums_up(command, serve, catalogue):
    server = serve(answer(b"", headers=PDF))
    catalogue.add(server.url, internal=True, refresh=False)
    ended = command()
    assert ended.exit_code == 0
    assert ended.stdout == "1 checked: 1 alive, 0 moved, 0 doubtful, 0 failing, 0 dead.\n"


def test_the_command_tells_what_is_not_well(command, serve, catalogue):
    server = serve(answer(b"", 404))
    catalogue.add(server.url, internal=True, refresh=False)
    assert command().stdout.splitlines()[0].startswith(f"failing  404  {server.url} (Not Found)")


def test_json_is_one_object_for_each_link(command, serve, catalogue):
    server = serve(redirect("/new", 301), answer(b"", headers=PDF))
    catalogue.add(server.url, internal=True, refresh=False)
    ended = command("--json")
    found = json.loads(ended.stdout)
    assert (found["url"], found["state"], found["status"]) == (server.url, "moved", 200)
    assert found["final_url"] == server.url.replace("/oai", "/new")
    assert "1 checked" in ended.stderr


def test_a_report_asks_nobody(command, serve, catalogue):
    server = serve(answer(b"", headers=PDF))
    catalogue.add(server.url, internal=True)
    ended = command("--report")
    assert server.requests == []
    assert ended.stdout.splitlines() == [
        f"unchecked –    {server.url}",
        "          r1  Aineisto",
        "1 links: 1 unchecked.",
    ]


def test_a_report_in_json_names_the_resources(command, catalogue):
    catalogue.add("https://a.example/x", "https://b.example/x")
    catalogue.check({"a.example": 404})
    catalogue.now += 3 * DAY
    catalogue.check({"a.example": 404})
    ended = command("--report", "--state", "dead", "--json")
    found = json.loads(ended.stdout)
    assert (found["url"], found["state"]) == ("https://a.example/x", "dead")
    assert found["resources"] == [{"address": "r1", "title": "Aineisto"}]


def test_a_title_cannot_steer_the_terminal(command, catalogue):
    catalogue.add("https://a.example/x", title="\x1b[2JAineisto")
    assert "\x1b" not in command("--report").stdout


@pytest.mark.parametrize(
    "wrong",
    [
        ("--state", "dead"),
        ("--report", "--limit", "3"),
        ("--report", "--again"),
        ("--limit", "0"),
        ("--workers", "0"),
        ("--state", "ill", "--report"),
    ],
)
def test_wrong_usage_ends_with_2(command, wrong):
    assert command(*wrong).exit_code == 2


@pytest.mark.parametrize("wrong", [("--source", "nobody"), ("--url", "https://nobody.example/")])
def test_what_nobody_knows_is_wrong_usage(command, wrong):
    assert isinstance(command(*wrong).exception, UsageError)


def test_ctrl_c_ends_with_130(command, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(check_commands, "_refresh", interrupted)
    ended = command()
    assert ended.exit_code == 130
    assert "kept" in ended.stderr


def test_the_states_of_the_help_text_are_those_there_are():
    assert STATES == link_standing.STATES


def test_progress_is_drawn_on_terminals_only(tmp_path):
    class Terminal(list):
        def isatty(self):
            return True

        def write(self, text):
            self.append(text)

        def flush(self):
            pass

    terminal = Terminal()
    view = View(terminal)
    view.draw(check_commands.progress(Tally(due=4, checked=1), 2.0))
    view.clear()
    drawn, cleared = terminal
    assert "25%  1 of 4  0.5/s  0:06 left" in drawn
    assert len(cleared) == len(drawn) + 1
    with Path(tmp_path / "log").open("w") as file:
        View(file).draw("nothing")
    assert (tmp_path / "log").read_text() == ""


# -- helpers ---------------------------------------------------------------------------------------


def page(url="https://a.example/x", *, came_to=None, hops=()):
    redirects = tuple((status, came_to) for status in hops)
    return Seen(url, 200, came_to or url, redirects, {"content-type": "text/html"}, PAGE)


def judged(seen):
    outcome = judge(seen, now=NOW)
    return outcome.kind, outcome.status


def methods(server):
    return [request.method for request in server.requests]


class Catalogue:
    """Resources with links, a clock, and servers that answer as a table says."""

    def __init__(self, sessions, now):
        self.sessions, self.now = sessions, now
        self.engine = sessions.kw["bind"]
        self.asked = []
        self._numbers = count(1)

    def add(self, *urls, internal=False, refresh=True, title="Aineisto"):
        """A resource with these links, from a source of its own."""
        number = next(self._numbers)
        with self.sessions.begin() as session:
            source = Source(
                slug=f"s{number}",
                name="s",
                base_url="https://s.example/",
                internal=internal,
                created_at=self.now,
            )
            session.add(source)
            session.flush()
            described = ResourceMetadata(
                title=(LangString(title),), materials=tuple(Material(url=url) for url in urls)
            )
            session.add(
                Resource(
                    address=f"r{number}",
                    source_id=source.id,
                    metadata_json=to_json(described),
                    created_at=self.now,
                    datestamp=self.now,
                )
            )
        if refresh:
            links.refresh(self.sessions, now=self.now)

    def check(self, statuses=None, *, look=None, url=None, again=False, refresh=True, **options):
        """Check; ``statuses`` are what hosts answer, 200 where they are not named."""

        def answered(claim: Claim):
            self.asked.append(claim.url)
            return Seen(claim.url, statuses.get(claim.host, 200), headers=FILE)

        if refresh:
            links.refresh(self.sessions, now=self.now)
        return check_links(
            self.sessions,
            wanted=Wanted(self.now, url=url, again=again),
            look=look or answered,
            now=lambda: self.now,
            **options,
        )

    def states(self):
        with self.sessions() as session:
            return {link.url: link.state for link in session.scalars(select(Link))}

    def due(self):
        with self.sessions() as session:
            return link_queue.due_hosts(session, Wanted(self.now), now=self.now)


@pytest.fixture
def catalogue(sqlite_sessions, now):
    return Catalogue(sqlite_sessions, now)


@pytest.fixture
def command(sqlite_sessions):
    """Run ``oer check links``."""
    oer = SimpleNamespace(sessions=sqlite_sessions, settings=SimpleNamespace(contact=""))

    def run(*arguments):
        return CliRunner().invoke(check, ["links", "--delay", "0", *arguments], obj=oer)

    return run


@pytest.fixture
def serve():
    servers = []

    def start(*answers):
        servers.append(HostileServer(answers).__enter__())
        return servers[-1]

    yield start
    for server in servers:
        server.__exit__()


@pytest.fixture
def ask():
    """Look at one link over HTTP, without pauses."""

    def look(url, *, internal=True, **options):
        with Asker(delay_seconds=0, **options) as asker:
            return asker(Claim(1, url, "127.0.0.1", internal))

    return look


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as door:
        return door.getsockname()[1]
