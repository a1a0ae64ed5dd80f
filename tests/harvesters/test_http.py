"""The HTTP client: polite to the honest, safe from the rest."""

from __future__ import annotations

import gzip
import ipaddress
import shutil
import socket
import ssl
import subprocess
import threading
import traceback
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from urllib.parse import parse_qsl, urlsplit

import pytest

from harvesters.http import (
    Broken,
    Failure,
    HttpClient,
    HttpStatus,
    Limits,
    Parked,
    Refused,
    TooLarge,
    TooSlow,
    Unreachable,
    UntrustedTls,
    redacted,
)
from harvesters.http.guard import judge
from harvesters.http.retry_after import retry_after
from oer.errors import TransportError
from tests.harvesters.hostile_http import (
    Answer,
    HostileServer,
    answer,
    endless,
    last_words,
    redirect,
    reset,
    silence,
    trickle,
)

MIB = 1024 * 1024
PAGE = b"<OAI-PMH>" + b"page " * 100 + b"</OAI-PMH>"
NOW = datetime(2024, 5, 1, 12, 0, 0, tzinfo=UTC)
OK = b"HTTP/1.1 200 OK\r\n"
SECRET = "s3cret"


# -- asking ----------------------------------------------------------------------------------------


def test_a_page_comes_back_whole(serve, client):
    server = serve(answer(PAGE, headers={"X-Made-By": "us", "Vary": "a"}))
    reply = client().get(server.url)
    assert (reply.status, reply.body, reply.tries, reply.notes) == (200, PAGE, 1, ())
    assert reply.headers["x-made-by"] == "us"
    assert reply.url == server.url


@pytest.mark.parametrize(
    "value",
    ["a&b", "a=b", "a+b", "a/b", "100%", "%2F", "wow!", "a|b", "a b", "ääkköset", "漢字", "?#;,~"],
)
def test_a_token_arrives_exactly_as_it_was_given(serve, client, value):
    server = serve(answer())
    client().get(server.url, [("verb", "ListRecords"), ("resumptionToken", value)])
    assert parse_qsl(urlsplit(server.requests[0].target).query) == [
        ("verb", "ListRecords"),
        ("resumptionToken", value),
    ]


@pytest.mark.parametrize(
    ("query", "params", "sent"),
    [
        ("?apikey=1", [("verb", "Identify")], "verb=Identify&apikey=1"),
        ("?apikey=1", [("page", "2")], "apikey=1&page=2"),
        ("?verb=Identify&set=a", [("verb", "ListSets")], "verb=ListSets&set=a"),
        ("?a=%2f&b=c+d&flag", [], "a=%2f&b=c+d&flag"),
        ("?q=a b&n=ä", [], "q=a%20b&n=%C3%A4"),
        ("?", [("verb", "Identify")], "verb=Identify"),
        ("#top", [("verb", "Identify")], "verb=Identify"),
    ],
)
def test_the_query_of_the_address_is_kept_and_the_verb_comes_first(
    serve, client, query, params, sent
):
    server = serve(answer())
    client().get(server.url + query, params)
    assert urlsplit(server.requests[0].target).query.lower() == sent.lower()


def test_we_say_who_we_are(serve, client):
    server = serve(answer())
    client(contact="oer@school.example").get(server.url)
    client(contact="https://school.example/oer").get(server.url)
    client().get(server.url)
    by_mail, by_web, shy = (request.headers for request in server.requests)
    assert by_mail["user-agent"].startswith("oer/")
    assert by_mail["user-agent"].endswith(" (+oer@school.example)")
    assert by_mail["from"] == "oer@school.example"
    assert by_web["user-agent"].endswith(" (+https://school.example/oer)")
    assert "from" not in by_web
    assert shy["user-agent"].startswith("oer/")
    assert "(" not in shy["user-agent"]


def test_two_pages_come_over_one_connection(serve, client):
    server = serve(answer(PAGE))
    ours = client()
    ours.get(server.url)
    ours.get(server.url)
    assert [request.connection for request in server.requests] == [1, 1]


def test_the_pause_between_requests_to_a_host_is_kept(serve, client, time):
    server = serve(answer())
    ours = client(delay_seconds=2.5)
    for _ in range(3):
        ours.get(server.url)
    assert time.slept == [2.5, 2.5]


def test_one_request_at_a_time_to_a_host(serve, client):
    def slowly(connection: socket.socket) -> None:
        threading.Event().wait(0.02)
        connection.sendall(answer())

    server = serve(slowly)
    ours = client()
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(ours.get, [server.url] * 8))
    assert [reply.status for reply in replies] == [200] * 8
    assert server.most_at_once == 1


def test_a_proxy_named_in_the_environment_is_ignored(serve, client, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server = serve(answer())
    assert client().get(server.url).status == 200


# -- asking for less -------------------------------------------------------------------------------


def test_a_head_brings_the_headers_alone(serve, client):
    server = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\nX-Made-By: us\r\n\r\n")
    ours = client()
    reply = ours.head(server.url)
    ours.head(server.url)
    assert (reply.status, reply.body, reply.headers["x-made-by"]) == (200, b"", "us")
    assert [(each.method, each.connection) for each in server.requests] == [("HEAD", 1)] * 2


def test_a_head_follows_redirects_as_head(serve, client):
    server = serve(redirect("/new", 308), answer(b""))
    reply = client().head(server.url)
    assert [each.method for each in server.requests] == ["HEAD", "HEAD"]
    assert reply.redirects == ((308, f"http://127.0.0.1:{server.port}/new"),)


def test_a_head_answered_with_a_body_does_not_spoil_the_next_answer(serve, client):
    server = serve(answer(b"x" * 100_000), answer(PAGE))
    ours = client()
    assert ours.head(server.url).body == b""
    assert ours.get(server.url).body == PAGE


def test_a_status_that_is_no_success_is_raised_for_a_head_too(serve, client):
    server = serve(answer(b"", 405))
    with pytest.raises(HttpStatus) as error:
        client().head(server.url)
    assert error.value.status == 405


def test_a_peek_reads_the_beginning_and_hangs_up(serve, client):
    sent = []

    def two_gigabytes(connection: socket.socket) -> None:
        connection.sendall(OK + b"Content-Length: 2000000000\r\n\r\n")
        while True:
            sent.append(connection.send(b"x" * 65536))

    server = serve(two_gigabytes, answer(PAGE))
    ours = client(limits=Limits(max_bytes=MIB))
    assert ours.peek(server.url, first_bytes=1000).body == b"x" * 1000
    assert ours.get(server.url).body == PAGE
    assert server.connections == 2
    assert sum(sent) < 50 * MIB  # what the buffers of two sockets swallow


def test_a_peek_of_a_short_page_keeps_the_connection(serve, client):
    server = serve(answer(PAGE))
    ours = client()
    for _ in range(2):
        assert ours.peek(server.url, first_bytes=len(PAGE)).body == PAGE
    assert server.connections == 1


def test_a_peek_asks_for_no_compression_and_survives_it(serve, client):
    page = bytes(range(256)) * 4000
    packed = gzip.compress(page)
    server = serve(
        answer(packed, headers={"Content-Encoding": "gzip"}), answer(b"\x1f\x8b no gzip")
    )
    ours = client()
    assert page.startswith(ours.peek(server.url, first_bytes=500).body[:100])
    assert ours.peek(server.url, first_bytes=500).body == b"\x1f\x8b no gzip"
    assert server.requests[0].headers["accept-encoding"] == "identity"


def test_a_bomb_that_is_peeked_at_stays_small(serve, client):
    server = serve(answer(gzip.compress(bytes(100 * MIB))))
    assert len(client().peek(server.url, first_bytes=1000).body) == 1000


def test_a_peek_may_find_nothing(serve, client):
    server = serve(answer(b""))
    assert client().peek(server.url, first_bytes=10).body == b""


def test_the_beginning_of_an_error_page_is_enough(serve, client):
    server = serve(answer(b"<html>" * 100_000, 404))
    with pytest.raises(HttpStatus) as error:
        client().peek(server.url, first_bytes=6)
    assert error.value.reply.body == b"<html>"


@pytest.mark.parametrize(
    ("answers", "redirects"),
    [
        ([answer(b"", 404)], 0),
        ([redirect("/a"), answer(b"", 404)], 1),
        ([redirect("/a"), redirect("/b"), answer(b"", 503)], 2),
        ([redirect("ftp://a.example/")], 1),
        ([redirect("http://169.254.169.254/")], 1),
        ([redirect(f"http://127.0.0.1:{1}/")], 1),
    ],
)
def test_a_failure_knows_how_many_redirects_came_before(serve, client, answers, redirects):
    with pytest.raises(Failure) as error:
        client(limits=Limits(max_tries=1)).head(serve(*answers).url)
    assert error.value.redirects == redirects


# -- trying again ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_trouble_that_may_pass_is_tried_again(serve, client, time, status):
    server = serve(answer(b"busy", status), answer(PAGE))
    reply = client().get(server.url)
    assert (reply.body, reply.tries) == (PAGE, 2)
    assert time.slept == [5.0]


def test_pauses_double_and_tries_end(serve, client, time):
    server = serve(answer(b"busy", 500))
    with pytest.raises(HttpStatus, match="answered 500") as caught:
        client().get(server.url)
    assert caught.value.status == 500
    assert caught.value.reply.body == b"busy"
    assert time.slept == [5.0, 10.0, 20.0, 40.0]
    assert len(server.requests) == 5


def test_pauses_are_jittered_over_their_whole_length(serve, client, time):
    asked = []

    def jitter(low: float, high: float) -> float:
        asked.append((low, high))
        return 1.25

    server = serve(answer(b"", 503), answer())
    client(jitter=jitter).get(server.url)
    assert asked == [(0.0, 5.0)]
    assert time.slept == [1.25]


def test_retry_after_is_honoured(serve, client, time):
    date = "Wed, 01 May 2024 12:01:30 GMT"
    server = serve(
        answer(b"", 503, {"Retry-After": "7"}), answer(b"", 429, {"Retry-After": date}), answer()
    )
    assert client().get(server.url).tries == 3
    assert time.slept == pytest.approx([7.0, 90.0])


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("120", "", 120.0),
        ("1.5", "", 1.5),
        ("0", "", 1.0),
        ("-30", "", 1.0),
        ("soon", "", None),
        ("", "", None),
        ("nan", "", None),
        ("1e9", "", None),
        ("٣", "", None),
        ("9" * 5000, "", 366 * 86400.0),
        ("Wed, 01 May 2024 12:01:00 GMT", "", 60.0),
        ("Wed, 01 May 2024 15:01:00 +0300", "", 60.0),
        ("Wed, 01 May 2024 11:00:00 GMT", "", 1.0),
        ("Wed, 01 May 2024 18:01:00 GMT", "Wed, 01 May 2024 18:00:00 GMT", 60.0),
        ("Wed, 01 May 2024 12:01:00 GMT", "yesterday", 60.0),
        ("Wed, 99 May 2024 12:01:00 GMT", "", None),
    ],
)
def test_retry_after_is_read_as_servers_send_it(value, date, seconds):
    assert retry_after({"retry-after": value, "date": date}, NOW) == seconds


def test_a_server_that_asks_for_hours_is_parked(serve, client, time):
    server = serve(answer(b"", 503, {"Retry-After": "7200"}))
    with pytest.raises(Parked, match="until 2024-05-01 14:00 UTC") as caught:
        client().get(server.url)
    assert caught.value.until == NOW + timedelta(hours=2)
    assert time.slept == []
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 422])
def test_a_refusal_is_not_tried_again(serve, client, status):
    server = serve(answer(b"<html>no</html>", status))
    with pytest.raises(HttpStatus) as caught:
        client().get(server.url)
    assert caught.value.status == status
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 422])
@pytest.mark.parametrize("body", [b"<?xml version='1.0'?><OAI-PMH/>", b"\xef\xbb\xbf \n<OAI-PMH/>"])
def test_an_oai_error_with_a_4xx_status_is_a_reply(serve, client, status, body):
    server = serve(answer(body, status))
    ours = client()
    reply = ours.get(server.url)
    assert (reply.status, reply.body) == (status, body)
    with pytest.raises(HttpStatus):
        ours.get(server.url, accept_errors=False)


def test_an_xhtml_error_page_is_no_oai_error(serve, client):
    page = b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html><body>404</body></html>'
    with pytest.raises(HttpStatus):
        client().get(serve(answer(page, 404)).url)


@pytest.mark.parametrize("status", [201, 202, 204, 206, 304])
def test_a_status_that_is_not_a_whole_page_is_no_success(serve, client, status):
    body = b"" if status in (204, 304) else PAGE
    with pytest.raises(HttpStatus):
        client().get(serve(answer(body, status)).url)


CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "cut",
    [
        last_words(OK + b"Content-Length: 1000\r\n\r\n<OAI-PMH>"),
        last_words(CHUNKED + b"5\r\n<OAI-\r\n"),
        last_words(CHUNKED + b"50\r\n<OAI-"),
        last_words(CHUNKED + b"zz\r\n<OAI-"),
        last_words(OK + b"Content-Le"),
        last_words(b""),
        reset,
        answer(b""),
    ],
)
def test_a_page_that_was_cut_is_asked_for_again(serve, client, time, cut):
    server = serve(cut, answer(PAGE))
    reply = client().get(server.url)
    assert (reply.body, reply.tries) == (PAGE, 2)
    assert time.slept == [5.0]


def test_a_page_that_is_always_cut_is_never_half_a_page(serve, client):
    server = serve(last_words(OK + b"Content-Length: 1000\r\n\r\n<OAI-PMH>"))
    with pytest.raises(Broken, match="broke the answer off"):
        client().get(server.url)
    assert len(server.requests) == 5


@pytest.mark.parametrize(
    "odd",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 7\r\n\r\n<OAI-",
        b"HTTP/1.1 999 No\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        b"HTTP/1.1 twenty\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://\xff\xfe/\r\n\r\n",
        b"SSH-2.0-OpenSSH_9\r\n",
        bytes(range(256)),
    ],
)
def test_an_answer_that_is_hardly_http_is_our_failure_not_a_crash(serve, client, odd):
    with pytest.raises(TransportError, match=r"http://127\.0\.0\.1|usable host"):
        client(limits=Limits(max_tries=2)).get(serve(last_words(odd)).url)


def test_an_empty_page_is_never_success(serve, client):
    server = serve(answer(b""))
    with pytest.raises(Broken, match="empty body"):
        client().get(server.url)
    assert len(server.requests) == 5


def test_a_server_that_never_answered_is_not_hammered(client, time):
    with pytest.raises(Unreachable, match="cannot be reached"):
        client().get(f"http://127.0.0.1:{free_port()}/oai")
    assert time.slept == []


def test_a_server_that_went_away_for_a_moment_is_awaited(serve, client, time):
    server = serve(answer(PAGE, headers={"Connection": "close"}))
    doors = iter(["open", "shut", "open"])

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        if next(doors) == "shut":
            raise ConnectionRefusedError(111, "Connection refused")
        return socket.create_connection(address, timeout)

    looks = []

    def resolve(host: str, port: int) -> list[str]:
        looks.append(host)
        return [host]

    ours = client(connect=connect, resolve=resolve)
    ours.get(server.url)
    assert ours.get(server.url).tries == 2
    assert time.slept == [5.0]
    assert len(looks) == 2  # it may have moved


# -- redirects -------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(serve, client, status):
    server = serve(redirect("/new?verb=Identify", status), answer(PAGE))
    reply = client().get(server.url, [("verb", "Identify")])
    there = server.url.replace("/oai", "/new?verb=Identify")
    assert (reply.body, reply.url, reply.redirects) == (PAGE, there, ((status, there),))


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_reported(serve, client, status):
    server = serve(redirect("/new", status), answer(PAGE))
    (note,) = client().get(server.url).notes
    assert "moved permanently to" in note
    assert note.endswith("/new: update the address of the source.")


def test_a_redirect_that_loses_the_query_is_reported(serve, client):
    server = serve(redirect("/new"), answer(PAGE))
    (note,) = client().get(server.url, [("verb", "Identify")]).notes
    assert "drops the query" in note


def test_a_redirect_to_a_name_in_raw_utf_8_is_understood(serve, client):
    raw = "/työ kirja?a=b c".encode().decode("latin-1")
    server = serve(redirect(raw), answer(PAGE))
    client().get(server.url)
    assert server.requests[1].target == "/ty%C3%B6%20kirja?a=b%20c"


def late(body: bytes) -> Answer:
    def send(connection: socket.socket) -> None:
        page = answer(body, 302, {"Location": "/new"})
        connection.sendall(page.removesuffix(body))
        threading.Event().wait(0.05)
        connection.sendall(body)

    return send


@pytest.mark.parametrize("send", [late(b"moved"), late(b"moved " * 100_000)])
def test_the_body_of_a_redirect_never_becomes_the_page(serve, client, send):
    server = serve(send, answer(PAGE))
    reply = client().get(server.url)
    assert (reply.body, reply.tries) == (PAGE, 1)


def test_a_redirect_loop_ends(serve, client):
    server = serve(redirect("/oai"))
    with pytest.raises(Refused, match="redirects more than 5 times"):
        client().get(server.url)
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("ftp://repo.example/", "not an http or https address"),
        ("file:///etc/passwd", "not an http or https address"),
        ("http://10.0.0.8/", "a private address"),
        ("http://inside.example/", "a private address"),
        ("http://169.254.169.254/latest/meta-data", "metadata"),
        ("http://[::ffff:127.0.0.1]/", "a loopback address"),
        ("http://me:secret@repo.example/", "carries a user name"),
        ("http://[::1/", "not an address"),
        ("http://a\tb.example/", "host name"),
    ],
)
def test_every_hop_is_checked(serve, world, location, why):
    server = serve(redirect(location))
    with pytest.raises(Refused, match=why):
        world(server, {"repo.example": PUBLIC, "inside.example": "10.0.0.8"}).get(
            "http://repo.example/oai"
        )
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("first", "second", "sent"),
    [
        ("http://repo.example/oai", "http://repo.example/new", True),
        ("http://repo.example/oai", "http://other.example/new", False),
        ("http://repo.example/oai", "http://repo.example:8080/new", False),
        ("http://repo.example/oai", "http://sub.repo.example/new", False),
    ],
)
def test_credentials_stay_with_the_host_they_were_given_for(serve, world, first, second, sent):
    server = serve(redirect(second), answer(PAGE))
    world(server, {}, headers={"X-Api-Key": "open sesame"}).get(first)
    assert server.requests[0].headers["x-api-key"] == "open sesame"
    assert ("x-api-key" in server.requests[1].headers) is sent
    assert "user-agent" in server.requests[1].headers


def test_credentials_do_not_come_back_after_a_detour(serve, world):
    server = serve(
        redirect("http://other.example/"), redirect("http://repo.example/admin"), answer(PAGE)
    )
    world(server, {}, headers={"Authorization": "Bearer 1"}).get("http://repo.example/oai")
    assert [("authorization" in request.headers) for request in server.requests] == [
        True,
        False,
        False,
    ]


def test_credentials_do_not_go_to_hosts_that_a_page_names(serve, world):
    server = serve(answer(PAGE))
    ours = world(server, {}, headers={"Authorization": "Bearer 1"})
    ours.get("http://repo.example/sitemap.xml")
    ours.get("http://other.example/page")
    named = world(server, {}, headers={"Authorization": "Bearer 1"}, home="http://repo.example/oai")
    named.get("http://other.example/page")
    assert [("authorization" in request.headers) for request in server.requests] == [
        True,
        False,
        False,
    ]


# -- compression -----------------------------------------------------------------------------------


def bare_deflate(data: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(data) + engine.flush()


@pytest.mark.parametrize(
    ("body", "label", "note"),
    [
        (gzip.compress(PAGE, mtime=0), "gzip", None),
        (gzip.compress(PAGE, mtime=0), "x-gzip", None),
        (zlib.compress(PAGE), "deflate", None),
        (bare_deflate(PAGE), "deflate", None),
        (gzip.compress(PAGE[:9], mtime=0) + gzip.compress(PAGE[9:], mtime=0), "gzip", None),
        (gzip.compress(PAGE, mtime=0) + bytes(100), "gzip", None),
        (PAGE, "identity", None),
        (gzip.compress(PAGE, mtime=0), "", "gzip without a label"),
        (gzip.compress(PAGE, mtime=0), "deflate", "gzip without a label"),
        (PAGE, "gzip", "labelled gzip and is not"),
        (gzip.compress(gzip.compress(PAGE, mtime=0), mtime=0), "gzip", "compressed twice"),
    ],
)
def test_compression_is_known_by_its_bytes(serve, client, body, label, note):
    server = serve(answer(body, headers={"Content-Encoding": label} if label else None))
    reply = client().get(server.url)
    assert reply.body == PAGE
    assert [note in given for given in reply.notes] == [True] if note else reply.notes == ()
    assert server.requests[0].headers["accept-encoding"] == "gzip, deflate"


DAMAGED = gzip.compress(PAGE, mtime=0)[:-12] + b"damaged text"


@pytest.mark.parametrize("body", [DAMAGED, gzip.compress(PAGE, mtime=0)[:-9], b"\x1f\x8b"])
def test_broken_gzip_is_asked_for_plain_and_the_host_remembered(serve, client, time, body):
    server = serve(answer(body, headers={"Content-Encoding": "gzip"}), answer(PAGE))
    ours = client()
    assert ours.get(server.url).body == PAGE
    assert ours.get(server.url).tries == 1
    assert [request.headers["accept-encoding"] for request in server.requests] == [
        "gzip, deflate",
        "identity",
        "identity",
    ]
    assert time.slept == []


def test_gzip_that_stays_broken_is_given_up(serve, client):
    server = serve(answer(DAMAGED, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(Broken, match="damaged compressed body"):
        client().get(server.url)
    assert len(server.requests) == 2


def test_an_encoding_nobody_asked_for_is_refused_by_name(serve, client):
    server = serve(answer(b"\x0b\x02\x80", headers={"Content-Encoding": "br"}))
    with pytest.raises(Broken, match="'br'"):
        client().get(server.url)


# -- limits ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (Limits(), "gzip bomb"),
        (Limits(max_ratio=1e9, max_bytes=8 * MIB), "more than 8 MiB"),
    ],
)
def test_a_gzip_bomb_of_300_mb_costs_no_more_than_its_limit(serve, client, limits, why, layers):
    bomb = gzip.compress(bytes(10 * MIB)) * 30
    bomb = gzip.compress(bomb, 1) if layers == 2 else bomb
    server = serve(answer(bomb, headers={"Content-Encoding": "gzip"}))
    ours = client(limits=limits)
    tracemalloc.start()
    with pytest.raises(TooLarge, match=why):
        ours.get(server.url)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * MIB
    assert len(server.requests) == 1


def test_a_small_page_may_compress_as_well_as_it_likes(serve, client):
    body = gzip.compress(bytes(MIB))
    server = serve(answer(body, headers={"Content-Encoding": "gzip"}))
    assert len(client().get(server.url).body) == MIB


@pytest.mark.parametrize(
    "huge",
    [
        endless,
        last_words(OK + b"Content-Length: 99999999999\r\n\r\n<"),
        last_words(OK + b"\r\n" + bytes(2 * MIB)),
    ],
)
def test_a_body_without_end_is_refused(serve, client, huge):
    server = serve(huge)
    with pytest.raises(TooLarge, match="more than 1 MiB"):
        client(limits=Limits(max_bytes=MIB)).get(server.url)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "slowly",
    [
        trickle(OK + b"Content-Length: 9999\r\n\r\n", b"x"),
        trickle(CHUNKED, b"1\r\nx\r\n"),
        trickle(CHUNKED, b"0"),
        trickle(OK, b"X"),
        trickle(OK, b"X: y\r\n"),
        trickle(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (Limits(read_seconds=5, total_seconds=0.2), "took longer than 0.2 seconds"),
        (Limits(read_seconds=5, grace_seconds=0.1, min_bytes_per_second=9999), "trickles"),
    ],
)
def test_a_trickle_cannot_hold_us(serve, client, slowly, limits, why):
    server = serve(slowly)
    with pytest.raises(TooSlow, match=why):
        client(limits=limits, real_clock=True).get(server.url)
    assert len(server.requests) == 1


def test_silence_is_tried_again_and_then_given_up(serve, client):
    server = serve(silence)
    with pytest.raises(TooSlow, match="fell silent"):
        client(limits=Limits(read_seconds=0.05, max_tries=2)).get(server.url)
    assert len(server.requests) == 2


def test_a_server_may_think_longer_than_the_grace_before_it_speaks(serve, client):
    def thoughtful(connection: socket.socket) -> None:
        threading.Event().wait(0.2)
        connection.sendall(answer(PAGE))

    server = serve(thoughtful)
    limits = Limits(grace_seconds=0.1, min_bytes_per_second=9999)
    assert client(limits=limits, real_clock=True).get(server.url).body == PAGE


# -- where we may go -------------------------------------------------------------------------------

PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    ("address", "kind", "internal_may"),
    [
        ("127.0.0.1", "loopback", True),
        ("127.8.8.8", "loopback", True),
        ("::1", "loopback", True),
        ("::ffff:127.0.0.1", "loopback", True),
        ("10.1.2.3", "private", True),
        ("172.31.0.1", "private", True),
        ("192.168.1.1", "private", True),
        ("fd12:3456::1", "private", True),
        ("::ffff:10.0.0.1", "private", True),
        ("::10.0.0.1", "private", True),
        ("2002:0a00:0001::1", "private", True),
        ("64:ff9b::a00:1", "private", True),
        ("100.64.0.1", "carrier", True),
        ("169.254.169.254", "metadata", False),
        ("::ffff:169.254.169.254", "metadata", False),
        ("64:ff9b::a9fe:a9fe", "metadata", False),
        ("2002:a9fe:a9fe::", "metadata", False),
        ("fd00:ec2::254", "metadata", False),
        ("100.100.100.200", "metadata", False),
        ("168.63.129.16", "metadata", False),
        ("169.254.1.1", "link-local", False),
        ("fe80::1", "link-local", False),
        ("fe80::1%eth0", "link-local", False),
        ("224.0.0.1", "multicast", False),
        ("239.1.1.1", "multicast", False),
        ("ff02::1", "multicast", False),
        ("0.0.0.0", "unspecified", False),
        ("::", "unspecified", False),
        ("0.1.2.3", "reserved", False),
        ("240.0.0.1", "reserved", False),
        ("255.255.255.255", "reserved", False),
        ("192.0.2.1", "reserved", False),
        ("198.18.0.1", "reserved", False),
        ("2001:db8::1", "reserved", False),
        ("fec0::1", "reserved", False),
        ("64:ff9b:1::a00:1", "reserved", False),
        ("4000::1", "reserved", False),
        # Teredo: server 65.54.227.120, client 192.168.0.1 (bits inverted)
        ("2001:0:4136:e378:8000:63bf:3f57:fffe", "private", True),
    ],
)
def test_addresses_that_are_not_public(address, kind, internal_may):
    verdict = judge(ipaddress.ip_address(address))
    assert verdict is not None
    assert kind in verdict[0]
    assert verdict[1] is internal_may


@pytest.mark.parametrize(
    "address",
    [
        PUBLIC,
        "8.8.8.8",
        "2a00:1450:4026::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
    ],
)
def test_addresses_that_are_public(address):
    assert judge(ipaddress.ip_address(address)) is None


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "017700000001", "[::1]"]
)
def test_loopback_is_refused_however_it_is_spelled(client, host):
    with pytest.raises(Refused, match=r"loopback address; if that is meant.*--internal"):
        client(internal=False).get(f"http://{host}:8080/oai")


def test_an_internal_source_may_not_reach_the_clouds_metadata(client):
    with pytest.raises(Refused, match="nothing may be harvested there"):
        client(internal=True).get("http://169.254.169.254/latest/meta-data/")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://repo.example/", "not an http or https"),
        ("file:///etc/passwd", "not an http or https"),
        ("repo.example/oai", "not an http or https"),
        ("", "not an http or https"),
        ("http://", "no usable host"),
        ("http:///oai", "no usable host"),
        ("http://a..b/", "no usable host"),
        ("http://-a.example/", "no usable host"),
        ("http://a b.example/", "no usable host"),
        ("http://repo.example:99999/", "not a web address"),
        ("http://repo.example:0/", "port 0"),
        ("http://[fe80::1%25eth0]/", "no usable IPv6"),
        ("http://repo.example\\@10.0.0.1/", "backslash"),
        ("http://repo.example/\r\nHost: x", "control character"),
        ("http://me:hunter2@repo.example/", "carries a user name"),
    ],
)
def test_an_address_that_is_none_is_refused_with_a_reason(client, url, why):
    with pytest.raises(Refused, match=why) as caught:
        client().get(url)
    assert "hunter2" not in str(caught.value)


def test_an_unknown_host_is_named(client):
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(Unreachable, match=r"nowhere\.example is not known.*check the address"):
        client(resolve=resolve).get("http://nowhere.example/oai")


def test_a_host_in_other_letters_is_looked_up_and_asked_in_ascii(serve, world):
    server = serve(answer(PAGE))
    world(server, {"xn--bcher-kva.example": PUBLIC}, strict=True).get("http://Bücher.example/oai")
    assert server.requests[0].headers["host"] == "xn--bcher-kva.example"


def test_one_private_address_among_public_ones_is_refused(serve, world):
    server = serve(answer(PAGE))
    with pytest.raises(Refused, match="private"):
        world(server, {"repo.example": [PUBLIC, "10.0.0.8"]}).get("http://repo.example/oai")
    assert server.requests == []


def test_the_address_that_was_checked_is_the_one_connected_to(serve, client):
    """DNS rebinding: the name is public when checked, and private at the next look."""
    server = serve(answer(PAGE, headers={"Connection": "close"}))
    looks = iter([[PUBLIC], ["127.0.0.1"]])
    went = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        went.append(address)
        return socket.create_connection(("127.0.0.1", server.port), timeout)

    limits = Limits(addresses_seconds=60)
    time = FakeTime()
    ours = client(
        internal=False,
        limits=limits,
        resolve=lambda host, port: next(looks),
        connect=connect,
        clock=time.clock,
    )
    ours.get("http://repo.example/oai")
    ours.get("http://repo.example/oai")
    assert went == [(PUBLIC, 80), (PUBLIC, 80)]
    time.sleep(61)
    with pytest.raises(Refused, match="loopback"):
        ours.get("http://repo.example/oai")
    assert len(went) == 2


def test_the_next_address_is_tried_when_the_first_is_dead(serve, client):
    server = serve(answer(PAGE))
    went = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        went.append(address[0])
        if len(went) == 1:
            raise TimeoutError("timed out")
        return socket.create_connection(("127.0.0.1", server.port), timeout)

    ours = client(
        internal=False, resolve=lambda host, port: ["2a00:1450:4026::1", PUBLIC], connect=connect
    )
    assert ours.get("http://repo.example/oai").body == PAGE
    assert went == ["2a00:1450:4026::1", PUBLIC]


def test_dead_addresses_cannot_use_up_more_than_the_whole_time(client, time):
    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        time.sleep(timeout)
        raise TimeoutError("timed out")

    limits = Limits(connect_seconds=200, total_seconds=300)
    ours = client(limits=limits, resolve=lambda *_: ["127.0.0.1"] * 4, connect=connect)
    with pytest.raises(TooSlow, match="took longer than 300 seconds"):
        ours.get("http://repo.example/oai")
    assert time.slept == [200, 100]


# -- secrets ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://a.example/oai?apikey=s3cret&verb=Identify", "apikey=…&verb=Identify"),
        ("http://a.example/oai?API_KEY=s3cret", "API_KEY=…"),
        ("http://a.example/oai?wskey=s3cret", "wskey=…"),
        ("http://a.example/oai?access_token=s3cret", "access_token=…"),
        ("http://a.example/oai?X-Amz-Signature=s3cret", "X-Amz-Signature=…"),
        ("http://a.example/oai?user_password=s3cret", "user_password=…"),
        ("http://me:s3cret@a.example/oai", "http://a.example/oai"),
        ("http://a.example/?resumptionToken=page2", "resumptionToken=page2"),
    ],
)
def test_a_url_is_shown_without_its_secrets(url, shown):
    assert shown in redacted(url)
    assert "s3cret" not in redacted(url)


@pytest.mark.parametrize(
    "misery",
    [
        answer(b"", 404),
        answer(b"", 500),
        answer(b""),
        answer(b"", 503, {"Retry-After": "99999"}),
        answer(b"x", headers={"Content-Encoding": "br"}),
        answer(DAMAGED, headers={"Content-Encoding": "gzip"}),
        redirect("ftp://x.example/?apikey=s3cret"),
        redirect("?apikey=s3cret"),
        last_words(b"nonsense s3cret\r\n\r\n"),
        last_words(OK + b"Content-Length: 9\r\n\r\n"),
        last_words(OK + b"Content-Length: 99999999999\r\n\r\n"),
        reset,
        silence,
    ],
)
def test_no_message_tells_a_secret(serve, client, misery):
    server = serve(misery)
    limits = Limits(read_seconds=0.05, max_tries=2)
    ours = client(limits=limits, headers={"Authorization": f"Bearer {SECRET}"})
    with pytest.raises(TransportError) as caught:
        ours.get(f"{server.url}?apikey={SECRET}", [("verb", "Identify")])
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_no_note_tells_a_secret(serve, client):
    server = serve(redirect("/new?apikey=s3cret", 301), answer(PAGE))
    (note,) = client().get(f"{server.url}?apikey=s3cret").notes
    assert "apikey=…" in note
    assert "s3cret" not in note


@pytest.mark.parametrize(
    "headers",
    [{"X-Key": "s3cret\r\nHost: x"}, {"X-Key": "s3cret é"}, {"Host": "s3cret"}, {"a b": "s3cret"}],
)
def test_a_header_that_cannot_be_sent_is_refused_without_its_value(headers):
    with pytest.raises(Refused) as caught:
        HttpClient(headers=headers)
    assert "s3cret" not in str(caught.value)


# -- TLS -------------------------------------------------------------------------------------------


def test_the_certificate_is_checked_against_the_name_not_the_address(tls, world):
    reply = world(tls.server, {}, ca_file=str(tls.ca_file)).get("https://repo.example/oai")
    assert reply.body == PAGE
    assert tls.names == ["repo.example"]


def test_a_certificate_for_another_name_is_refused(tls, world):
    with pytest.raises(UntrustedTls, match=r"other\.example/oai failed the TLS check"):
        world(tls.server, {}, ca_file=str(tls.ca_file)).get("https://other.example/oai")
    assert tls.server.requests == []


def test_an_unknown_authority_is_refused_at_once(tls, world, time):
    with pytest.raises(UntrustedTls, match="name the CA file"):
        world(tls.server, {}).get("https://repo.example/oai")
    assert tls.server.requests == []
    assert time.slept == []


def test_a_server_without_tls_is_refused_at_once(serve, world):
    with pytest.raises(TransportError, match=r"https://repo\.example/oai"):
        world(serve(answer()), {}, limits=Limits(connect_seconds=0.1, max_tries=1)).get(
            "https://repo.example/oai"
        )


def test_a_redirect_out_of_tls_is_refused(tls, world):
    tls.server.answers = (redirect("http://repo.example/oai"),)
    with pytest.raises(Refused, match="without encryption"):
        world(tls.server, {}, ca_file=str(tls.ca_file)).get("https://repo.example/oai")


def test_a_trickle_over_tls_cannot_hold_us(tls, world):
    tls.server.answers = (trickle(CHUNKED, b"1\r\nx\r\n"),)
    limits = Limits(read_seconds=5, total_seconds=0.3)
    ours = world(tls.server, {}, ca_file=str(tls.ca_file), limits=limits, real_clock=True)
    began = monotonic()
    with pytest.raises(TooSlow, match="took longer"):
        ours.get("https://repo.example/oai")
    assert monotonic() - began < 4


def test_a_missing_ca_file_is_named(world, serve, tmp_path):
    missing = str(tmp_path / "ca.pem")
    with pytest.raises(Refused, match=r"ca\.pem cannot be used"):
        world(serve(answer()), {}, ca_file=missing).get("https://repo.example/oai")


# -- asking for what has changed -------------------------------------------------------------------

CHANGED_SINCE = {"If-None-Match": 'W/"7"', "If-Modified-Since": "Wed, 01 May 2024 12:00:00 GMT"}


def test_nothing_new_is_an_answer_to_who_asked_for_it(serve, client):
    server = serve(answer(b"", 304, {"ETag": 'W/"8"'}))
    reply = client().get(server.url, headers=CHANGED_SINCE)
    assert (reply.status, reply.body, reply.headers["etag"]) == (304, b"", 'W/"8"')
    assert server.requests[0].headers["if-none-match"] == 'W/"7"'
    assert server.requests[0].headers["if-modified-since"] == CHANGED_SINCE["If-Modified-Since"]


@pytest.mark.parametrize("headers", [{}, {"X-Api-Key": "k"}])
def test_nothing_new_is_a_failure_to_everybody_else(serve, client, headers):
    with pytest.raises(HttpStatus, match="304"):
        client().get(serve(answer(b"", 304)).url, headers=headers)


def test_a_body_that_comes_with_nothing_new_is_never_the_next_page(serve, client):
    server = serve(
        answer(b"", 304, {"Content-Length": "7", "Content-Encoding": "br"}) + b"poison!",
        answer(PAGE),
    )
    ours = client()
    assert ours.get(server.url, headers=CHANGED_SINCE).body == b""
    assert ours.get(server.url).body == PAGE


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"1"\r\nX-Evil: 1'},
        {"If-None-Match": '"ä"'},
        {"Host": "elsewhere.example"},
        {"Content-Length": "5"},
        {"a b": "c"},
    ],
)
def test_headers_of_a_request_are_looked_at_before_anything_is_sent(serve, client, headers):
    server = serve(answer())
    with pytest.raises(Refused):
        client().get(server.url, headers=headers)
    assert not server.requests


def test_headers_of_a_request_stay_at_home_but_for_what_bears_no_secret(serve, world):
    server = serve(redirect("http://other.example/oai"), answer(b"", 304))
    ours = world(server, {})
    ours.get("http://repo.example/oai", headers={**CHANGED_SINCE, "X-Api-Key": SECRET})
    first, second = (request.headers for request in server.requests)
    assert (first["x-api-key"], first["if-none-match"]) == (SECRET, 'W/"7"')
    assert "x-api-key" not in second
    assert second["if-none-match"] == 'W/"7"'


# -- fewer tries -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trouble", [answer(b"", 500), answer(b"", 502), answer(b"", 504), answer(b""), last_words(b"")]
)
def test_a_page_that_may_be_the_trouble_is_asked_for_no_oftener_than_said(
    serve, client, time, trouble
):
    server = serve(trouble)
    with pytest.raises(Failure):
        client().get(server.url, tries=1)
    assert (len(server.requests), time.slept) == (1, [])
    with pytest.raises(Failure):
        client().get(server.url, tries=3)
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    "busy", [answer(b"", 503), answer(b"", 429), answer(b"", 500, {"Retry-After": "7"})]
)
def test_a_server_that_is_busy_is_asked_as_often_as_ever(serve, client, busy):
    server = serve(busy, busy, answer(PAGE))
    assert client().get(server.url, tries=1).tries == 3


def test_more_tries_than_the_limits_allow_are_never_made(serve, client):
    server = serve(answer(b"", 500))
    with pytest.raises(HttpStatus):
        client(limits=Limits(max_tries=2)).get(server.url, tries=9)
    assert len(server.requests) == 2


def test_a_server_that_asks_for_hours_is_parked_at_the_last_try_too(serve, client):
    server = serve(answer(b"", 503), answer(b"", 503, {"Retry-After": "7200"}))
    with pytest.raises(Parked):
        client(limits=Limits(max_tries=2)).get(server.url)


# -- posting, and sending as it stands -------------------------------------------------------------

QUESTION = [("verb", "ListRecords"), ("resumptionToken", "a&b=c +ä")]
FORM = b"verb=ListRecords&resumptionToken=a%26b%3Dc%20%2B%C3%A4"


def test_a_form_goes_in_the_body_and_the_query_of_the_address_stays(serve, client):
    server = serve(answer(PAGE))
    reply = client().post(f"{server.url}?apikey=1", QUESTION)
    (asked,) = server.requests
    assert reply.body == PAGE
    assert (asked.method, asked.target, asked.body) == ("POST", "/oai?apikey=1", FORM)
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.headers["content-length"] == str(len(FORM))


@pytest.mark.parametrize("status", [307, 308])
def test_a_form_goes_along_where_the_redirect_keeps_it(serve, world, status):
    server = serve(redirect("http://other.example/there", status), answer(PAGE))
    reply = world(server, {}, headers={"X-Key": SECRET}).post("http://repo.example/oai", QUESTION)
    asked = server.requests[1]
    assert (asked.method, asked.target, asked.body) == ("POST", "/there", FORM)
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "x-key" not in asked.headers
    assert reply.body == PAGE


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_redirect_that_would_lose_the_form_is_refused_in_plain_words(serve, client, status):
    server = serve(redirect("/there", status), answer(PAGE))
    with pytest.raises(Refused, match=f"redirect {status}, after which what was asked"):
        client().post(server.url, QUESTION)
    assert len(server.requests) == 1


@pytest.mark.parametrize("place", ["http://169.254.169.254/", "http://10.0.0.1/", "ftp://x/"])
def test_a_form_is_not_taken_where_a_page_would_not_be_fetched(serve, world, place):
    server = serve(redirect(place, 307), answer(PAGE))
    with pytest.raises(Refused):
        world(server, {}).post("http://repo.example/oai", QUESTION)
    assert len(server.requests) == 1


def test_a_form_is_tried_again_with_its_body(serve, client):
    server = serve(answer(b"", 500), reset, answer(PAGE))
    assert client().post(server.url, QUESTION).tries == 3
    assert [request.body for request in server.requests] == [FORM] * 3


@pytest.mark.parametrize("text", ["t=a|b", "t=%2Fa%zz", "t=a!b*(c)", 't={[^`]}<">'])
def test_what_is_to_be_sent_as_it_stands_goes_over_the_wire_so(serve, client, text):
    server = serve(answer())
    client().get(f"{server.url}?key=1", [("verb", "ListRecords")], verbatim=text)
    assert server.requests[0].target == f"/oai?verb=ListRecords&key=1&{text}"


@pytest.mark.parametrize("text", ["a b", "a\r\nX: 1", "a\n", "a\x00", "a\x7f", "ä", "a#b", "a\tb"])
def test_what_would_break_the_line_is_never_sent_as_it_stands(serve, client, text):
    server = serve(answer())
    with pytest.raises(Refused):
        client().get(server.url, verbatim=text)
    assert not server.requests


# -- helpers ---------------------------------------------------------------------------------------


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def serve() -> Iterator[Callable[..., HostileServer]]:
    servers: list[HostileServer] = []

    def start(*answers: Answer, tls: ssl.SSLContext | None = None) -> HostileServer:
        servers.append(HostileServer(answers, tls).__enter__())
        return servers[-1]

    yield start
    for server in servers:
        server.__exit__()


@pytest.fixture
def client(time) -> Iterator[Callable[..., HttpClient]]:
    """Clients of an internal source whose pauses take no time, unless the test says otherwise."""
    clients: list[HttpClient] = []

    def make(real_clock: bool = False, **options) -> HttpClient:
        usual = {"internal": True, "sleep": time.sleep, "now": lambda: NOW}
        usual["jitter"] = lambda low, high: high
        if not real_clock:
            usual["clock"] = time.clock
        clients.append(HttpClient(**{**usual, **options}))
        return clients[-1]

    yield make
    for each in clients:
        each.close()


@pytest.fixture
def world(client) -> Callable[..., HttpClient]:
    """A client for which every public address leads to one server on loopback."""

    def make(server: HostileServer, names: dict, strict: bool = False, **options) -> HttpClient:
        def resolve(host: str, port: int) -> list[str]:
            if host.replace(".", "").isdigit() or ":" in host:
                return [host]
            found = names[host] if strict else names.get(host, PUBLIC)
            return [found] if isinstance(found, str) else found

        def connect(address: tuple[str, int], timeout: float) -> socket.socket:
            assert judge(ipaddress.ip_address(address[0])) is None
            return socket.create_connection(("127.0.0.1", server.port), timeout)

        return client(internal=False, resolve=resolve, connect=connect, **options)

    return make


class Tls:
    """A server with a certificate for repo.example, and the names it was asked for."""

    def __init__(self, serve: Callable[..., HostileServer], ca_file: Path) -> None:
        self.ca_file = ca_file
        self.names: list[str | None] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(ca_file)
        context.sni_callback = lambda connection, name, _: self.names.append(name)
        self.server = serve(answer(PAGE), tls=context)


@pytest.fixture
def tls(serve, certificate) -> Tls:
    return Tls(serve, certificate)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl command to make a certificate with")
    both = tmp_path_factory.mktemp("tls") / "repo.pem"
    command = (
        f"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
        f"-subj /CN=repo.example -addext subjectAltName=DNS:repo.example "
        f"-addext keyUsage=critical,digitalSignature,keyCertSign -keyout {both} -out {both}.crt"
    )
    subprocess.run([openssl, *command.split()], check=True, capture_output=True)
    both.write_bytes(both.read_bytes() + Path(f"{both}.crt").read_bytes())
    return both


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return door.getsockname()[1]
