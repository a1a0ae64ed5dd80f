# ruff: noqa: E501 - a row is a line where it can be
"""The table: every misbehaviour seen in the wild, what it costs, and what the run says of it.

A row says which records arrive, which are in quarantine and why, how the run ends and what it
reports. Rows say nothing more than what is said here: a note that no row expects fails its test.
``tests/harvesters/test_hostile_oai.py`` runs it; ``benchmarks/compare_harvesters.py`` runs it against
other harvesters as well.
"""

import gzip
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from tests.harvesters.hostile_oai import (
    DAYS,
    SECONDS,
    Answer,
    Asked,
    Honest,
    Hostile,
    Record,
    Repository,
    Twist,
    cut,
    hang,
    honestly,
    six,
    trickle,
)

ALL = "abcdef"


def one_run(world: Any) -> Any:
    return world.run()


@dataclass(frozen=True)
class Case:
    number: int
    """As in the catalogue of misbehaviours; several rows may show one case."""
    what: str
    hostile: Callable[[], Hostile]
    arrives: Iterable[str] = ALL
    """Identifiers that become resources."""
    quarantined: Mapping[str, str] = field(default_factory=dict)
    """Identifier to problem; "" stands for records without an identifier."""
    deleted: Iterable[str] = ""
    state: str = "complete"
    notes: tuple[str, ...] = ()
    error: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)
    http: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""
    play: Callable[[Any], Any] = one_run
    check: Callable[[Any], bool] = lambda world: True
    compare: bool = True
    """Whether other harvesters, which only list, can be shown the same."""

    def __str__(self) -> str:
        return f"{self.number:02} {self.what}"


# Twists -------------------------------------------------------------------------------------------

When = Callable[[Asked, bytes], bool]


def twisted(when: When, do: Callable[[bytes], bytes | Answer], times: int = -1) -> Twist:
    """Do something to the answers that ``when`` picks, so many times (-1: always)."""
    left = [times]

    def twist(asked: Asked, honest: Honest) -> bytes | Answer:
        body = honest()
        if left[0] == 0 or not when(asked, body):
            return body
        left[0] -= 1
        return do(body)

    return twist


def lists(asked: Asked, body: bytes) -> bool:
    return asked.lists


def first(asked: Asked, body: bytes) -> bool:
    return asked.lists and asked.token is None


def all_lists(asked: Asked, body: bytes) -> bool:
    return asked.verb in ("ListRecords", "ListIdentifiers")


def resumed(asked: Asked, body: bytes) -> bool:
    return asked.lists and asked.token is not None


def holding(*names: str) -> When:
    """Replies with one of these records in them, whole."""

    def when(asked: Asked, body: bytes) -> bool:
        whole = asked.verb in ("ListRecords", "GetRecord")
        return whole and any(f"<identifier>{name}</identifier>".encode() in body for name in names)

    return when


def status(code: int, **headers: str) -> Callable[[bytes], Answer]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda body: Answer(b"<html>no</html>", code, {"Content-Type": "text/html"} | named)


def says(code: str) -> Callable[[bytes], bytes]:
    return lambda body: Repository().error(code)


def swapped(old: str | bytes, new: str | bytes, count: int = -1) -> Callable[[bytes], bytes]:
    before = old.encode() if isinstance(old, str) else old
    after = new.encode() if isinstance(new, str) else new
    return lambda body: body.replace(before, after, count)


def server(twist: Twist = honestly, **options: Any) -> Callable[[], Hostile]:
    """A server whose twist has no memory."""
    return lambda: Hostile(Repository(**options), twist)


def with_twist(
    when: When, do: Callable[[bytes], bytes | Answer], times: int = -1, **options: Any
) -> Callable[[], Hostile]:
    return lambda: Hostile(Repository(**options), twisted(when, do, times))


def titled(title: str, name: str = "c") -> Callable[[], list[Record]]:
    return lambda: [
        replace(each, title=title) if each.identifier == name else each for each in six()
    ]


def changed(name: str, **changes: Any) -> list[Record]:
    return [replace(each, **changes) if each.identifier == name else each for each in six()]


def saying(title: str, **options: Any) -> Callable[[], Hostile]:
    """An honest server with that title, as it stands, in record c."""
    return server(records=changed("c", title=title), **options)


# Plays --------------------------------------------------------------------------------------------


def two_runs(world: Any) -> Any:
    world.run()
    return world.run()


def two_full_runs(world: Any) -> Any:
    world.run()
    return world.run(full=True)


def three_runs(world: Any) -> Any:
    """The third one knows what the second one saw."""
    world.run()
    assert any("'from'" in note for note in world.run().notes)
    return world.run()


def four_runs_and_a_repair(world: Any) -> Any:
    """Long after 'from' was ignored, it is tried again: by then it is honoured."""
    three_runs(world)
    assert "ignores_from" in world.source().learned
    world.hostile.twist = honestly
    world.now += timedelta(days=31)
    return world.run()


def _repaired_after_a_month(world: Any) -> Any:
    world.run()
    assert "broken_gzip" in world.source().learned
    world.hostile.twist = honestly
    world.now += timedelta(days=31)
    return world.run(full=True)


def _words_repaired(world: Any) -> Any:
    """A repository that takes what the protocol says again, and nothing else."""
    world.run()
    later("g", stamp="2026-02-28T22:00:00Z")(world.hostile.repository)
    world.run()
    assert "words" in world.source().learned

    def strict(asked: Asked, honest: Honest) -> bytes:
        first_page = asked.lists and asked.token is None
        dated = len(asked.params.get("from", "2026-02-28T00:00:00Z")) == 20
        if first_page and not (dated and "metadataPrefix" in asked.params):
            return Repository().error("badArgument")
        return honest()

    world.hostile.twist = strict
    return world.run()


def then_again(change: Callable[[Repository], Any]) -> Callable[[Any], Any]:
    """As ``then``, and a third run, which knows what the second found out."""

    def play(world: Any) -> Any:
        then(change)(world)
        return world.run()

    return play


def stops_and_goes_on(state: str, error: str) -> Callable[[Any], Any]:
    """The first run stops as said, with what came kept; the second begins where it stopped."""

    def play(world: Any) -> Any:
        ended = world.run()
        assert (ended.state, error in (ended.error or "")) == (state, True), ended
        asked = len(world.hostile.lists())
        final = world.run()
        assert "resumptionToken" in world.hostile.lists()[asked]
        return final

    return play


def killed_after(requests: int) -> Callable[[Any], Any]:
    def play(world: Any) -> Any:
        world.run_killed_after(requests)
        return world.run()

    return play


def then(change: Callable[[Repository], Any], **options: Any) -> Callable[[Any], Any]:
    """A run, something happens at the repository, and another run."""

    def play(world: Any) -> Any:
        assert world.run().state == "complete"
        change(world.hostile.repository)
        return world.run(**options)

    return play


def later(*names: str, stamp: str = "2026-02-28T22:00:00Z") -> Callable[[Repository], Any]:
    return lambda repository: repository.records.extend(Record(name, stamp) for name in names)


# Transport ----------------------------------------------------------------------------------------

PAGE_2 = holding("c")
TROUBLE = ("503 with seconds", {"Retry_After": "120"}), ("503 with nothing", {})


def _needs_verb_first(asked: Asked, honest: Honest) -> bytes:
    return honest() if asked.query.startswith("verb=") else Repository().error("badVerb")


def _needs_key(asked: Asked, honest: Honest) -> bytes | Answer:
    return honest() if asked.params.get("apikey") == "k1" else Answer(b"no", 403)


def _needs_header(asked: Asked, honest: Honest) -> bytes | Answer:
    return honest() if asked.headers.get("x-api-key") == "k1" else Answer(b"no", 403)


def _blocks_robots(asked: Asked, honest: Honest) -> bytes | Answer:
    agent, sender = asked.headers.get("user-agent", ""), asked.headers.get("from", "")
    known = "keeper@example.org" in agent and (sender or not agent.startswith("oer/"))
    return honest() if known else Answer(b"no", 403)


def _no_decoding(token: str = "page!2:2026+x", sent: str = "") -> Twist:
    """Compares tokens as they stand in the address."""

    def twist(asked: Asked, honest: Honest) -> bytes:
        if not asked.lists:
            return honest()
        _, found, raw = asked.query.partition("resumptionToken=")
        if not found:
            return Repository().listing(six()[:3], token)
        if raw != (sent or token):
            return Repository().error("badResumptionToken")
        return Repository().listing(six()[3:], "")

    return twist


def _repaired_decoding() -> Hostile:
    """Does not decode tokens, and is repaired after the first list."""
    broken, repository = _no_decoding(), Repository(name_token=lambda number: f"{number}!x+")
    firsts = [0]

    def twist(asked: Asked, honest: Honest) -> bytes | Answer:
        firsts[0] += asked.lists and asked.token is None
        if firsts[0] > 1:
            # What stands in the address is decoded, and a plus means a blank.
            return honest()
        return broken(asked, honest)

    return Hostile(repository, twist)


def _long_tokens(
    length: int = 2500, longest: int = 8000, *, posts: bool = False
) -> Callable[[], Hostile]:
    """Tokens of that length, on a server that takes addresses no longer than ``longest``."""

    def build() -> Hostile:
        repository = Repository(name_token=lambda number: f"{number}-" + "x" * length)

        def twist(asked: Asked, honest: Honest) -> bytes | Answer:
            return Answer(b"too long", 414) if len(asked.query) > longest else honest()

        hostile = Hostile(repository, twist)
        hostile.takes_posts = posts
        return hostile

    return build


def _deaf_to_posts() -> Hostile:
    hostile = _long_tokens(posts=True)()

    def twist(asked: Asked, honest: Honest) -> bytes:
        return hostile.repository.error("badVerb") if asked.method == "POST" else honest()

    hostile.twist = twist
    return hostile


def _posts_lead_home() -> Hostile:
    hostile = _long_tokens(posts=True)()

    def twist(asked: Asked, honest: Honest) -> bytes:
        return b"<!doctype html><title>Welcome" if asked.method == "POST" else honest()

    hostile.twist = twist
    return hostile


def _tokens_of_one_visit(code: int) -> Hostile:
    """The third page fails once; a token of an earlier visit is answered with a bare status."""
    repository, visits = Repository(), [0]

    def twist(asked: Asked, honest: Honest) -> bytes | Answer:
        visits[0] += asked.verb == "Identify"
        if visits[0] == 1 and asked.lists and b"<identifier>e<" in honest():
            return Answer(b"not now", 403)
        if visits[0] == 2 and asked.token:
            return Answer(b"gone", code)
        return honest()

    return Hostile(repository, twist)


def _refuses_raw_tokens(world: Any) -> Any:
    """Another server takes the place of one that did not decode: it refuses addresses as the other
    one wanted them."""
    world.run()
    assert world.source().learned["tokens"] == "verbatim"
    world.hostile.repository.name_token = lambda number: f"{number}|x"
    world.hostile.twist = lambda asked, honest: (
        Answer(b"bad request", 400) if "|" in asked.query else honest()
    )
    return world.run(full=True)


def _named_as_asked(world: Any) -> Any:
    """A repository calls its format by the usual name again, and no longer lists its formats."""
    world.run()
    assert world.source().learned["prefix"] == "dc"
    world.hostile.repository.prefix = "oai_dc"
    world.hostile.twist = lambda asked, honest: (
        Answer(b"", 404) if asked.verb == "ListMetadataFormats" else honest()
    )
    return world.run(full=True)


def _three_visits(world: Any) -> Any:
    assert [world.run().state, world.run().state] == ["partial", "failed"]
    return world.run()


def _asked_by(*methods: str) -> Callable[[Any], bool]:
    return lambda world: tuple(each.method for each in world.hostile.asked if each.lists) == methods


def _broken_gzip(asked: Asked, honest: Honest) -> bytes | Answer:
    if "gzip" not in asked.headers.get("accept-encoding", ""):
        return honest()
    return Answer(gzip.compress(honest())[:-9], headers={"Content-Encoding": "gzip"})


def _bomb(body: bytes) -> Answer:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = packer.compress(b"<OAI-PMH>") + packer.compress(b" " * (8 << 20)) + packer.flush()
    return Answer(packed, headers={"Content-Encoding": "gzip"})


def _moved(code: int) -> Callable[[], Hostile]:
    def build() -> Hostile:
        hostile = Hostile()

        def twist(asked: Asked, honest: Honest) -> bytes | Answer:
            if "moved" in asked.params:
                return honest()
            place = f"{hostile.url}?{asked.query}&moved=1"
            return Answer(status=code, headers={"Location": place})

        hostile.twist = twist
        return hostile

    return build


def _waited(seconds: float) -> Callable[[Any], bool]:
    return lambda world: any(seconds - 3 <= nap <= seconds for nap in world.naps)


TRANSPORT = (
    Case(1, "503 with Retry-After in seconds is waited for",
         with_twist(PAGE_2, status(503, Retry_After="120"), 1), check=_waited(120)),
    Case(1, "503 with a Retry-After beyond patience parks the source; the next run goes on",
         with_twist(PAGE_2, status(503, Retry_After="7200"), 1),
         play=stops_and_goes_on("partial", "left alone until")),
    Case(1, "503 that stays is 'later', the next run goes on",
         with_twist(PAGE_2, status(503), 3), play=stops_and_goes_on("partial", "answered 503")),
    Case(2, "Retry-After as a date, long past",
         with_twist(PAGE_2, status(503, Retry_After="Sun, 01 Mar 2015 00:00:00 GMT"), 1)),
    Case(2, "Retry-After below zero", with_twist(PAGE_2, status(503, Retry_After="-5"), 1)),
    Case(3, "503 without Retry-After", with_twist(PAGE_2, status(503), 1)),
    Case(4, "429 is asked again", with_twist(PAGE_2, status(429, Retry_After="60"), 1),
         check=_waited(60)),
    *(Case(5, f"{code} now and then is asked again", with_twist(PAGE_2, status(code), 2))
      for code in (500, 502, 504)),
    *(Case(6, f"{code} stops the run at once; what came is kept",
           with_twist(PAGE_2, status(code)), "ab", state="partial", error=f"answered {code}",
           check=lambda world: len(world.hostile.lists()) == 2)
      for code in (401, 403, 404, 410)),
    *(Case(7, f"a {code} redirect is followed", _moved(code)) for code in (302, 307)),
    *(Case(7, f"a {code} redirect is followed and reported", _moved(code),
           notes=("moved permanently",)) for code in (301, 308)),
    Case(8, "a server that takes no POST", server(), check=lambda world: not world.hostile.posts),
    Case(8, "a token too long for an address goes by POST", _long_tokens(posts=True),
         check=_asked_by("GET", "POST", "POST")),
    Case(8, "a server that calls a short address too long (414) is asked by POST",
         _long_tokens(900, 800, posts=True), check=_asked_by("GET", "GET", "POST", "POST")),
    Case(8, "a long token where no POST is taken goes by GET after all", _long_tokens(),
         check=lambda world: _asked_by("GET", "GET", "GET")(world) and world.hostile.posts == 1),
    Case(8, "a server that does not hear what a POST says is asked by GET", _deaf_to_posts,
         check=_asked_by("GET", "POST", "GET", "GET")),
    Case(8, "a server that answers every POST with its home page is asked by GET", _posts_lead_home,
         check=_asked_by("GET", "POST", "GET", "GET")),
    Case(8, "a long token that can be given back in no way: smaller windows bring the rest",
         _long_tokens(3000, 2500), notes=("smaller windows", "neither in an address nor by POST"), compare=False),
    Case(9, "a base URL with a query of its own", server(_needs_key), query="?apikey=k1"),
    Case(10, "a server that wants the verb first", server(_needs_verb_first)),
    Case(11, "a server that does not decode what is percent-encoded", server(_no_decoding())),
    *(Case(11, f"a server that does not decode tokens such as {token!r}", server(_no_decoding(token)),
           check=lambda world: world.source().learned["tokens"] == "verbatim")
      for token in ("1|oai_dc|2", "x%2Fy%20z", "a[1]{2}^`", "t!*'();:@,/?$=")),
    Case(11, "a server that does not decode, but for blanks", server(_no_decoding("1|a b", "1|a%20b"))),
    Case(11, "the next harvest gives tokens back as they stand at once", server(_no_decoding()), play=two_full_runs,
         check=lambda world: len(world.hostile.lists()) == 2 + 1 + 2, compare=False),
    Case(11, "a server that was repaired is given encoded tokens again", _repaired_decoding,
         play=two_full_runs, check=lambda world: not world.source().learned, compare=False),
    Case(11, "a server that refuses tokens as they stand, where they had to be given back so before",
         server(_no_decoding("1|oai_dc")), play=_refuses_raw_tokens,
         check=lambda world: not world.source().learned, compare=False),
    Case(12, "gzip without a label", with_twist(lists, lambda body: Answer(gzip.compress(body))),
         notes=("gzip without a label",)),
    Case(12, "a label without gzip",
         with_twist(lists, lambda body: Answer(body, headers={"Content-Encoding": "gzip"})),
         notes=("labelled gzip and is not",)),
    Case(13, "broken gzip is asked for again without compression", server(_broken_gzip)),
    Case(13, "the next harvest asks without compression at once", server(_broken_gzip), play=two_full_runs,
         check=lambda world: all("gzip" not in each.headers["accept-encoding"]
                                 for each in world.hostile.asked[len(world.hostile.asked) // 2 + 1 :])
         and world.source().learned["broken_gzip"]["hosts"] == ["127.0.0.1"], compare=False),
    Case(13, "after a month compression is tried again, and what was known is forgotten",
         server(_broken_gzip), play=_repaired_after_a_month,
         check=lambda world: "gzip" in world.hostile.asked[-1].headers["accept-encoding"]
         and not world.source().learned, compare=False),
    Case(14, "a gzip bomb in place of one record's page costs that record",
         with_twist(PAGE_2, _bomb), "abdef", {"c": "unreachable"}, limits={"max_bytes": 2 << 20},
         notes=("smaller windows", "gzip bomb", "record by record")),
    Case(15, "a trickle is cut off; smaller windows bring the page",
         lambda: Hostile(twist=twisted(PAGE_2, lambda body: Answer(send=trickle(body)), 1)),
         limits={"total_seconds": 0.3}, notes=("smaller windows", "Why: ")),
    Case(16, "a server that falls silent once",
         with_twist(PAGE_2, lambda body: Answer(send=hang), 1), limits={"read_seconds": 0.2}),
    Case(17, "a body shorter than promised is asked for again",
         with_twist(PAGE_2, lambda body: Answer(send=cut(body)), 1)),
    Case(19, "a server that blocks clients who do not say who they are", server(_blocks_robots),
         http={"contact": "keeper@example.org"}),
    Case(20, "an empty body now and then", with_twist(PAGE_2, lambda body: b"", 1)),
    Case(20, "an empty body in place of every list is no empty list",
         with_twist(all_lists, lambda body: b""), "", state="failed", error="empty body",
         notes=("smaller windows", "empty body")),
    Case(21, "a server that wants a key in a header", server(_needs_header),
         http={"headers": {"X-Api-Key": "k1"}}),
    Case(22, "a shop that is closed for six hours is left alone, and visited again",
         with_twist(PAGE_2, status(503, Retry_After="21600"), 1),
         play=stops_and_goes_on("partial", "left alone until")),
    Case(23, "one request at a time, with the pause that was asked for", server(),
         http={"delay_seconds": 9.0},
         check=lambda world: world.hostile.most_at_once == 1
         and len([nap for nap in world.naps if nap > 5]) >= len(world.hostile.lists())),
)  # fmt: skip


# Lists and tokens ---------------------------------------------------------------------------------


def _tokens_live_once(asked: Asked, honest: Honest) -> bytes:
    """Every list ends with its second page, whatever comes after: no token leads further."""
    body = honest()
    deep = asked.token is not None and b'cursor="deep"' in body
    return Repository().error("badResumptionToken") if deep else body


def _dies_deep(limit: int, do: Callable[[bytes], bytes | Answer]) -> Callable[[], Hostile]:
    """Pages that begin at record ``limit`` or later cannot be had by a token."""

    def build() -> Hostile:
        repository = Repository()

        def twist(asked: Asked, honest: Honest) -> bytes | Answer:
            start = repository.tokens.get(asked.token or "", (0, {}))[0]
            return do(honest()) if asked.lists and start >= limit else honest()

        return Hostile(repository, twist)

    return build


def _padded() -> Hostile:
    repository = Repository()

    def twist(asked: Asked, honest: Honest) -> bytes:
        if not asked.lists:
            return honest()
        if asked.token is None:
            return repository.listing(six()[:3], "\n  t1 ")
        known = asked.token == "\n  t1 "
        return (
            repository.listing(six()[3:], "") if known else repository.error("badResumptionToken")
        )

    return Hostile(repository, twist)


def _blank_token() -> Hostile:
    repository = Repository()

    def twist(asked: Asked, honest: Honest) -> bytes:
        if not asked.lists:
            return honest()
        if asked.token is not None:
            return repository.error("badResumptionToken")
        return repository.listing(six(), " \n ")

    return Hostile(repository, twist)


def _named_tokens(name: str) -> Callable[[], Hostile]:
    return server(name_token=lambda number: f"{name}{number}")


def _replies(*pages: tuple[str, str | None], size: int | None = None, last: Any = None) -> Any:
    """A script: pages of these records and tokens, in turn; the last again and again."""

    def build() -> Hostile:
        repository, turn = Repository(), [0]
        by_name = {each.identifier: each for each in six()}

        def twist(asked: Asked, honest: Honest) -> bytes:
            if not asked.lists:
                return honest()
            names, token = pages[min(turn[0], len(pages) - 1)]
            turn[0] += 1
            return repository.listing([by_name[name] for name in names], token, size)

        return Hostile(repository, twist)

    return build


def _endless(size: int | None = None) -> Callable[[], Hostile]:
    """Fresh tokens for ever, and the same six records again and again."""

    def build() -> Hostile:
        repository = Repository()

        def twist(asked: Asked, honest: Honest) -> bytes:
            if not asked.lists:
                return honest()
            pair = (asked.number * 2) % 6
            return repository.listing(six()[pair : pair + 2], f"t{asked.number}", size)

        return Hostile(repository, twist)

    return build


def _forgets(argument: str, records: list[Record]) -> Callable[[], Hostile]:
    """Pages that a token leads to come from a list asked for without ``argument``."""

    def build() -> Hostile:
        repository = Repository(records=records)

        def twist(asked: Asked, honest: Honest) -> bytes:
            for token, (start, question) in repository.tokens.items():
                kept = {name: value for name, value in question.items() if name != argument}
                repository.tokens[token] = (start, kept)
            return honest()

        return Hostile(repository, twist)

    return build


def _refuses(*arguments: str) -> Twist:
    def twist(asked: Asked, honest: Honest) -> bytes:
        wrong = asked.lists or asked.verb == "ListIdentifiers"
        if wrong and set(arguments) & set(asked.params):
            return Repository().error("badArgument")
        return honest()

    return twist


def _ignores(*arguments: str) -> Callable[..., Callable[[], Hostile]]:
    def build() -> Hostile:
        repository = Repository()

        def twist(asked: Asked, honest: Honest) -> bytes:
            kept = {name: value for name, value in asked.params.items() if name not in arguments}
            return repository.answer(kept)

        return Hostile(repository, twist)

    return build


def _a_few_odd() -> Hostile:
    """Sends a record again that is older than what was asked for."""

    def twist(asked: Asked, honest: Honest) -> bytes:
        return Repository().listing(six()[:2]) if "from" in asked.params else honest()

    return Hostile(twist=twist)


def _gone_meanwhile(world: Any) -> Any:
    """Asked with 'from', nobody can tell what is gone; asked for everything, a full harvest can."""
    world.run()
    world.edit(deletion_policy="full", reconcile_days=365.0)
    world.run(full=True)
    world.run()
    records = world.hostile.repository.records
    world.hostile.repository.records = [each for each in records if each.identifier != "c"]
    return world.run()


def _forgetting_under_full(world: Any) -> Any:
    world.run()
    world.edit(deletion_policy="full", reconcile_days=365.0)
    world.run(full=True)
    later("g", "h", "i")(world.hostile.repository)
    return world.run()


def _poisoned(names: str, *, spoils: Callable[[bytes], bytes | Answer], **options: Any) -> Any:
    return with_twist(holding(*names), spoils, **options)


def _unlistable(asked: Asked, honest: Honest) -> bytes | Answer:
    """Record c breaks lists of records and lists of identifiers alike."""
    body = honest()
    return Answer(b"", 500) if b"<identifier>c</identifier>" in body else body


def _and_refuses(argument: str, twist: Twist) -> Twist:
    def both(asked: Asked, honest: Honest) -> bytes | Answer:
        if argument in asked.params:
            return Repository().error("badArgument")
        return twist(asked, honest)

    return both


def _no_prefix() -> Hostile:
    repository = Repository()

    def twist(asked: Asked, honest: Honest) -> bytes:
        if asked.lists and "metadataPrefix" in asked.params:
            return repository.error("badArgument")
        if asked.lists and asked.token is None:
            return repository.answer({**asked.params, "metadataPrefix": "oai_dc"})
        return honest()

    return Hostile(repository, twist)


def _one_day() -> list[Record]:
    return [replace(each, datestamp="2026-01-01T00:00:00Z") for each in six()]


SIXTY = tuple(f"n{number:02}" for number in range(60))


def _slow(
    twist: Twist = honestly, *, undated: int = 0, dates: bool = True, sizes: bool = True
) -> Hostile:
    """Sixty records, two to a page; a page takes a second, and a minute after twenty records."""
    records = [
        Record(name, None if number < undated else f"2026-01-01T{number // 6:02}:{number % 6}0:00Z")
        for number, name in enumerate(SIXTY)
    ]
    repository = Repository(records, sizes=sizes)
    if undated:
        # In no window of time, as a database has it.
        plain = repository.selected
        repository.selected = lambda asked: [
            each for each in plain(asked) if each.datestamp or not {"from", "until"} & set(asked)
        ]
    hostile = Hostile(repository)
    hostile.slow = 0

    def timed(asked: Asked, honest: Honest) -> bytes | Answer:
        start = repository.tokens.get(asked.token or "", (0, {}))[0]
        slow = asked.lists and start >= 20
        hostile.slow += slow
        hostile.seconds += 60.0 if slow else 1.0
        if dates:
            return twist(asked, honest)
        return repository.answer(
            {k: v for k, v in asked.params.items() if k not in ("from", "until")}
        )

    hostile.twist = timed
    return hostile


def _two_full_under_full(world: Any) -> Any:
    world.edit(deletion_policy="full", reconcile_days=365.0)
    return two_full_runs(world)


SPLIT = ("smaller windows", "Why: ")
ALONE = (*SPLIT, "record by record")
C_LOST = {"c": "unreachable"}
MATH = [replace(each, sets=("math",) if each.identifier in "ace" else ("art",)) for each in six()]

LISTS = (
    Case(24, "an expired token: the list is begun again", with_twist(resumed, says("badResumptionToken"), 1),
         notes=("token had expired",)),
    Case(24, "tokens that always die half way: smaller windows bring the rest",
         _dies_deep(4, says("badResumptionToken")),
         notes=("token had expired", *SPLIT)),
    *(Case(24, f"an old token is answered with {code}: the run after begins the list again",
           lambda code=code: _tokens_of_one_visit(code), play=_three_visits,
           check=lambda world: "resumptionToken" not in world.hostile.lists()[-3], compare=False)
      for code in (400, 404, 410)),
    Case(25, "killed in the middle of the list; the next run goes on", server(), play=killed_after(3),
         check=lambda world: [params.get("resumptionToken") for params in world.hostile.lists()]
         == [None, "token-0", "token-1"], compare=False),
    Case(26, "one record breaks its page for ever: it is found, the rest arrives",
         _poisoned("c", spoils=status(500)), "abdef", C_LOST, notes=ALONE),
    Case(26, "two records break their pages", _poisoned("be", spoils=status(500)), "acdf",
         {"b": "unreachable", "e": "unreachable"}, notes=ALONE),
    Case(26, "a record breaks its page only in lists, and can be had alone",
         with_twist(lambda asked, body: asked.lists and PAGE_2(asked, body), status(500)), notes=ALONE),
    Case(26, "the record breaks the first page", _poisoned("a", spoils=status(500)), "bcdef",
         {"a": "unreachable"}, notes=ALONE),
    Case(26, "all records have one datestamp, so no window is small enough",
         _poisoned("c", spoils=status(500), records=_one_day()), "abdef", C_LOST, notes=ALONE),
    Case(26, "a repository of days", _poisoned("c", spoils=status(500), granularity=DAYS,
                                               records=[replace(each, datestamp=str(each.datestamp)[:10]) for each in six()]),
         "abdef", C_LOST, notes=ALONE),
    Case(26, "the repository takes no 'until': the rest comes record by record",
         server(_and_refuses("until", twisted(PAGE_2, status(500)))), "abdef", C_LOST,
         notes=("smaller windows", "Why: ", "cannot be asked for a part")),
    Case(26, "the repository ignores dates: the rest comes record by record, once",
         lambda: _ignoring_dates_with_poison(), "abdef", C_LOST,
         notes=(*ALONE, "dated otherwise than was asked for")),
    Case(26, "not even its identifier can be listed: the day is kept as what went wrong",
         server(_unlistable), "abdef", {"": "unreachable"}, state="partial",
         notes=(*ALONE, "cannot even list")),
    Case(26, "killed in the middle of the search for it; the next run goes on",
         _poisoned("c", spoils=status(500)), "abdef", C_LOST, play=killed_after(20), notes=ALONE,
         compare=False),
    Case(26, "a list that is wholly broken is given up", with_twist(all_lists, status(500)), "",
         state="failed", error="answered 500", notes=SPLIT,
         check=lambda world: len(world.hostile.lists()) < 30),
    Case(26, "lists of records are broken, identifiers are not: all comes record by record",
         with_twist(lists, status(500)), notes=ALONE),
    Case(27, "an empty token element ends the list", server(sizes=False)),
    Case(27, "an empty token element with attributes, on the only page", server(page=9)),
    Case(28, "a token of blanks ends the list", _blank_token),
    Case(29, "a token that the server knows only with its blanks", _padded),
    *(Case(30, f"tokens that hold {sign!r}", _named_tokens(f"x{sign}y"))
      for sign in "&=+/%!|#?; ä€<\"'\\"),
    Case(30, "tokens that hold %2F as it stands", _named_tokens("x%2Fy%20z")),
    Case(31, "the same token again, and nothing new with it", _replies(("ab", "t"), ("ab", "t")), "ab",
         state="partial", error="repeats the resumption token 't'"),
    Case(31, "the same token all the way, and each page is new",
         _replies(("ab", "t"), ("cd", "t"), ("ef", ""))),
    Case(32, "tokens that lead in a circle", _replies(*[("ab", "A"), ("cd", "B"), ("ab", "C"), ("cd", "A")] * 9),
         "abcd", state="partial", error="repeats the resumption token"),
    Case(32, "a list without end and ever new tokens", _endless(), state="partial",
         error="records again that it sent before",
         check=lambda world: len(world.hostile.lists()) < 20),
    Case(32, "a list much longer than it says, without anything new", _endless(size=6), state="partial",
         error="records again that it sent before",
         check=lambda world: len(world.hostile.lists()) < 8),
    Case(33, "an empty page with a token in the middle", _replies(("ab", "1"), ("", "2"), ("cdef", ""))),
    Case(33, "empty pages without end", lambda: _empty_for_ever(), "ab", state="partial",
         error="empty pages in a row"),
    Case(34, "noRecordsMatch after the last page", lambda: _one_token_too_many("noRecordsMatch"),
         notes=("taken for the end of the list",)),
    Case(34, "noRecordsMatch where more was announced: the list is begun again",
         with_twist(holding("e"), says("noRecordsMatch"), 1), notes=("broke off before the number",)),
    Case(34, "noRecordsMatch always at the same place, where more was announced",
         _dies_deep(4, says("noRecordsMatch")), notes=("broke off before", *SPLIT)),
    Case(35, "noRecordsMatch on the first page is an empty harvest", server(records=[]), ""),
    Case(36, "an OAI-PMH error with status 422",
         with_twist(resumed, lambda body: Answer(Repository().error("badResumptionToken"), 422), 1),
         notes=("token had expired",)),
    Case(36, "noRecordsMatch with status 422",
         with_twist(first, lambda body: Answer(Repository().error("noRecordsMatch"), 422)), ""),
    Case(37, "completeListSize says too much", with_twist(lists, swapped('Size="6"', 'Size="10"')),
         notes=("announced 10 records and sent 6",)),
    Case(37, "completeListSize says too little", with_twist(lists, swapped('Size="6"', 'Size="2"'))),
    Case(37, "completeListSize is no number", with_twist(lists, swapped('Size="6"', 'Size="many"'))),
    Case(37, "completeListSize says too little, and then a token expires",
         with_twist(resumed, lambda body: Repository().error("badResumptionToken"), 1, page=3, size=2),
         notes=("token had expired",)),
    Case(38, "a token on the last page that leads to an empty page",
         _replies(("abc", "1"), ("def", "2"), ("", None))),
    Case(38, "a token on the last page that is then refused",
         lambda: _one_token_too_many("badResumptionToken"),
         notes=("token had expired", "refuses its last token")),
    Case(39, "a later page forgets the set: strays are left out and counted", _forgets("set", MATH),
         "ace", source={"set_specs": ["math"]},
         notes=("left out (",)),
    Case(39, "headers that never name the set prove nothing, so all is taken in",
         with_twist(lists, swapped("<setSpec>all</setSpec>", "<setSpec>other</setSpec>")),
         source={"set_specs": ["all"]}),
    Case(39, "a set within the set is no stray",
         with_twist(resumed, swapped("<setSpec>all</setSpec>", "<setSpec>all:part</setSpec>")),
         source={"set_specs": ["all"]}),
    Case(39, "a later page forgets 'from': nothing is left out, and it is counted",
         _forgets("from", six()), ALL + "ghi",
         play=then(later("g", "h", "i")), notes=("dated otherwise than was asked for",), compare=False),
    Case(40, "deep pages never come in time: smaller windows bring them", _dies_deep(4, status(504)),
         notes=SPLIT),
    Case(40, "later pages are much slower: the rest is asked for in smaller windows", _slow, SIXTY,
         notes=("grows slow",), compare=False,
         check=lambda world: world.source().learned["slow_after"] == 20 and world.hostile.slow == 3),
    Case(40, "the next harvest of everything asks for short lists at once", _slow, SIXTY, play=two_full_runs,
         notes=("grows slow",), compare=False,
         check=lambda world: world.hostile.slow == 3 and world.ended.tally.unchanged >= 60 == len(world.became())),
    Case(40, "killed in the middle of the windows, the next run goes on with them", _slow, SIXTY,
         play=killed_after(20), notes=("grows slow",), compare=False,
         check=lambda world: world.hostile.slow == 3),
    Case(40, "a slow list where 'until' is refused is followed to its end, and the next one too",
         lambda: _slow(_refuses("until")), SIXTY, play=two_full_runs, compare=False,
         check=lambda world: world.source().learned["slow_after"] == 0
         and not any("until" in each for each in world.hostile.lists()[-30:])),
    Case(40, "a slow list where dates are ignored is followed to its end", lambda: _slow(dates=False), SIXTY,
         notes=("grows slow", "takes no notice of dates"), compare=False,
         check=lambda world: len(world.hostile.lists()) < 110 and world.source().learned["slow_after"] == 0),
    Case(40, "records without a date are in no window: the list is asked for whole, nothing is deleted",
         lambda: _slow(undated=3), SIXTY, play=_two_full_under_full, compare=False,
         notes=("missing or malformed",),
         check=lambda world: world.source().learned["slow_after"] == 0),
    Case(40, "a slow list that does not say how long it is is followed to its end", lambda: _slow(sizes=False), SIXTY,
         compare=False, check=lambda world: world.hostile.slow == 20),
    Case(41, "'until' is refused, and never sent without need", server(_refuses("until")),
         play=two_runs, check=lambda world: all("until" not in each for each in world.hostile.lists())),
    Case(42, "'from' is ignored: everything comes again, unchanged, and it is said", _ignores("from"),
         play=two_runs, notes=("ignores 'from'", "dated otherwise than was asked for"),
         check=lambda world: world.ended.tally.unchanged == 6, compare=False),
    *(Case(number, f"'from' is {what}: the next harvest knows, and asks for everything outright", twist,
           play=three_runs, notes=("ignores 'from', as an earlier harvest saw",),
           check=lambda world: "from" not in world.hostile.lists()[-3] and world.ended.tally.unchanged == 6,
           compare=False)
      for number, what, twist in ((42, "ignored", _ignores("from")), (43, "refused", server(_refuses("from"))))),
    *(Case(number, f"'from' was {what} and is honoured again: what was known is forgotten", twist,
           play=four_runs_and_a_repair,
           check=lambda world: "from" in world.hostile.lists()[-1] and world.ended.tally.seen == 0
           and not world.source().learned, compare=False)
      for number, what, twist in ((42, "ignored", _ignores("from")), (43, "refused", server(_refuses("from"))))),
    Case(42, "a few records with odd dates are not everything", _a_few_odd,
         play=two_runs, notes=("ignores 'from'", "dated otherwise than was asked for"),
         check=lambda world: not world.source().learned, compare=False),
    Case(42, "where 'from' is ignored, what is gone is seen by every harvest", _ignores("from"), "abdef",
         deleted="c", play=_gone_meanwhile, notes=("ignores 'from', as an earlier harvest saw",), compare=False),
    Case(42, "a later page that forgets 'from' makes no whole list: nothing is deleted",
         _forgets("from", six()), ALL + "ghi", play=_forgetting_under_full,
         notes=("dated otherwise than was asked for",), compare=False),
    Case(43, "'from' is refused: everything is asked for", server(_refuses("from")), play=two_runs,
         notes=("takes no 'from'",), compare=False),
    Case(44, "metadataPrefix is refused: it is left out", _no_prefix,
         notes=("takes no metadataPrefix",)),
    Case(44, "metadataPrefix is refused: the next harvest leaves it out at once", _no_prefix, play=two_full_runs,
         notes=("takes no metadataPrefix",), compare=False,
         check=lambda world: "metadataPrefix" not in world.hostile.lists()[-3]
         and world.source().learned["words"] == {"prefix": False}),
    Case(44, "metadataPrefix was refused and is wanted again: what was known is forgotten", _no_prefix, ALL + "g",
         play=_words_repaired, check=lambda world: not world.source().learned, compare=False),
)  # fmt: skip


def _ignoring_dates_with_poison() -> Hostile:
    hostile = _ignores("from", "until")()
    ignoring, spoil = hostile.twist, twisted(PAGE_2, status(500))
    hostile.twist = lambda asked, honest: spoil(asked, lambda: ignoring(asked, honest))
    return hostile


def _empty_for_ever() -> Hostile:
    def twist(asked: Asked, honest: Honest) -> bytes:
        if not asked.lists:
            return honest()
        return Repository().listing(six()[:2] if asked.token is None else [], f"t{asked.number}")

    return Hostile(twist=twist)


def _one_token_too_many(code: str) -> Hostile:
    """Five records to a page of four; the last page has a token that the server then refuses."""
    repository = Repository(page=4, sizes=False)

    def twist(asked: Asked, honest: Honest) -> bytes:
        if asked.token == "end":
            return repository.error(code)
        body = honest()
        end = b"<resumptionToken></resumptionToken>"
        return body.replace(end, b"<resumptionToken>end</resumptionToken>")

    return Hostile(repository, twist)


# Dates --------------------------------------------------------------------------------------------


def _takes_only(length: int, **options: Any) -> Callable[[], Hostile]:
    """Dates of another granularity are a bad argument."""

    def twist(asked: Asked, honest: Honest) -> bytes:
        dates = [asked.params[name] for name in ("from", "until") if name in asked.params]
        if any(len(date) != length for date in dates):
            return Repository().error("badArgument")
        return honest()

    return server(twist, **options)


def _no_future(asked: Asked, honest: Honest) -> bytes:
    """Refuses dates later than its own clock, which is a month behind."""
    if asked.params.get("from", "") > "2026-02-01T00:00:00Z":
        return Repository().error("badArgument")
    return honest()


def _source_from(expected: str) -> Callable[[Any], bool]:
    return lambda world: world.source().harvest_from == expected


def _nothing_in_seconds(asked: Asked, honest: Honest) -> bytes:
    """Finds nothing when asked with seconds, and says nothing of it."""
    if len(asked.params.get("from", "")) > 10:
        return Repository().error("noRecordsMatch")
    return honest()


ODD_STAMPS = (
    "2026-01-01 00:00:00",
    "",
    "2026-01-03T00:00:00.123Z",
    "2026-01-04T00:00:00+02:00",
    "0000-00-00",
    None,
)
ODD = [replace(each, datestamp=stamp) for each, stamp in zip(six(), ODD_STAMPS, strict=True)]

DATES = (
    Case(45, "a repository of days is asked for days", _takes_only(10, granularity=DAYS),
         ALL + "g", play=then(later("g", stamp="2026-02-28")), compare=False,
         check=lambda world: world.hostile.lists()[-1]["from"] == "2026-02-28"),
    Case(45, "seconds are stated and badly kept: the curator's word counts", server(_nothing_in_seconds), ALL + "g",
         source={"options": {"oai": {"granularity": "days"}}}, play=then(later("g", stamp="2026-02-28")), compare=False,
         check=lambda world: world.hostile.lists()[-1]["from"] == "2026-02-28"),
    Case(46, "granularity in odd letters", _takes_only(20, granularity="yyyy-mm-ddThh:mm:ssz"),
         ALL + "g", play=then(later("g")), compare=False,
         check=lambda world: world.hostile.lists()[-1]["from"] == "2026-02-28T10:00:00Z"),
    Case(46, "granularity is missing, and days are refused", _takes_only(20, granularity=""),
         ALL + "g", play=then(later("g")), notes=("takes dates in seconds only", "states no granularity"), compare=False),
    Case(46, "seconds are stated, and refused", _takes_only(10), ALL + "g",
         play=then(later("g", stamp="2026-02-28")), notes=("takes dates in days only",), compare=False),
    *(Case(46, f"{what}: the next harvest knows", hostile, ALL + "g", play=then_again(later("g", stamp=stamp)), compare=False,
           notes=notes, check=lambda world, kept=kept: world.source().learned["words"] == {"granularity": kept}
           and len(world.hostile.lists()) == 3 + 2 + 1)
      for what, hostile, stamp, kept, notes in (
          ("seconds are stated and refused", _takes_only(10), "2026-02-28", DAYS, ("takes dates in days only",)),
          ("days are stated and refused", _takes_only(20, granularity=DAYS), "2026-02-28T22:00:00Z", SECONDS,
           ("takes dates in seconds only",)))),
    Case(46, "a repository that was repaired is asked as it states again", _takes_only(10), ALL + "g",
         play=_words_repaired, check=lambda world: not world.source().learned, compare=False),
    Case(47, "earliestDatestamp is missing",
         server(identify=f"<repositoryName>x</repositoryName><granularity>{SECONDS}</granularity>"),
         notes=("gives the protocol version ''",),
         check=lambda world: "from" not in world.hostile.lists()[0]),
    Case(47, "earliestDatestamp is nonsense, and a record breaks its page",
         _poisoned("c", spoils=status(500),
                   identify=f"<earliestDatestamp>1900</earliestDatestamp><granularity>{SECONDS}</granularity>"),
         "abdef", C_LOST, notes=(*ALONE, "gives the protocol version ''")),
    Case(48, "the repository's clock is two hours behind: its own clock counts", server(),
         check=_source_from("2026-02-28T10:00:00Z"), compare=False),
    Case(48, "a clock in the year 2099 does not move the window into the future",
         server(clock="2099-01-01T00:00:00Z"), check=_source_from("2026-03-01T12:00:00Z"), compare=False),
    Case(49, "a clock in local time is read by its offset", server(clock="2026-03-01T12:00:00+02:00"),
         check=_source_from("2026-02-28T10:00:00Z"), compare=False),
    Case(49, "a record that is indexed late, dated before the last harvest", server(), ALL + "g",
         play=then(later("g", stamp="2026-02-28T22:00:00Z")), compare=False),
    Case(50, "datestamps in the future", server(records=changed("c", datestamp="2027-01-01T00:00:00Z")),
         notes=("dated in the future",), check=_source_from("2026-02-28T10:00:00Z")),
    Case(51, "datestamps of every shape are kept as they came", server(records=ODD),
         notes=("missing or malformed",),
         check=lambda world: world.datestamps()
         == dict(zip(ALL, (stamp or None for stamp in ODD_STAMPS), strict=True))),
    Case(52, "a list in no order, and a token that expires",
         with_twist(holding("a"), says("badResumptionToken"), 1, records=six()[::-1]),
         notes=("token had expired",)),
    Case(53, "'from' later than the repository's clock is refused",
         server(_no_future, clock="2026-02-01T00:00:00Z"), ALL + "g",
         play=then(later("g", stamp="2026-01-31T12:00:00Z")), compare=False,
         check=lambda world: world.ended.state == "complete"),
)  # fmt: skip


# XML ----------------------------------------------------------------------------------------------


def _recoded(encoding: str, declared: str, charset: str = "utf-8") -> Callable[[], Hostile]:
    def do(body: bytes) -> Answer:
        text = body.decode().replace('encoding="UTF-8"', declared)
        return Answer(
            text.encode(encoding), headers={"Content-Type": f"text/xml; charset={charset}"}
        )

    return with_twist(lists, do, records=changed("c", title="Hyvää yötä"))


def _metadata(name: str, metadata: str) -> list[Record]:
    return changed(name, metadata=f"<metadata>{metadata}</metadata>")


def _put(record: Record) -> Callable[[Repository], Any]:
    def change(repository: Repository) -> None:
        kept = [each for each in repository.records if each.identifier != record.identifier]
        repository.records = [*kept, record]

    return change


def _read_again(world: Any) -> Any:
    world.run()
    world.renormalise()
    return world.run(full=True)


def _schema_trap() -> Hostile:
    hostile = Hostile()
    trap = twisted(
        lists,
        lambda body: body.replace(
            b"<OAI-PMH ",
            b'<OAI-PMH xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="'
            + f"{OAI_NS} {hostile.url}?trap=1 junk".encode()
            + b'" ',
        ),
    )
    hostile.twist = trap
    return hostile


OAI_NS = "http://www.openarchives.org/OAI/2.0/"
FINNISH = {"c": "Hyvää yötä"}
HTML = b"<!DOCTYPE html><html><head><title>x</title></head><body>We are down</body></html>"
XHTML = (
    b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>Log in</body></html>'
)
DOCTYPE = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><OAI-PMH'
XXE = lambda body: body.replace(b"<OAI-PMH", DOCTYPE, 1).replace(b"Title of c", b"&x;")  # noqa: E731
BOMB = swapped("<OAI-PMH", '<!DOCTYPE d [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><OAI-PMH', 1)
DC_BARE = "<dc><title>Bare</title><identifier>https://m.example.org/c</identifier></dc>"
DC_UNDECLARED = (
    "<oai_dc:dc><dc:title>Undeclared</dc:title>"
    "<dc:identifier>https://m.example.org/c</dc:identifier></oai_dc:dc>"
)
MARC = (
    '<collection xmlns="http://www.openarchives.org/OAI/2.0/"><record><header><identifier>inner'
    "</identifier></header></record></collection>"
)
NESTED = replace(Record("c", "2026-01-03T00:00:00Z")).oai_dc().replace(
    "<dc:title>", f"<dc:relation>{MARC}</dc:relation><dc:title>"
)  # fmt: skip
MALFORMED = "are in quarantine (1)"
CUT_PAGE = lambda body: body[: len(body) * 2 // 3]  # noqa: E731

XML = (
    Case(54, "control characters are taken out and counted", saying("a\x0bb\x01, c"),
         titles={"c": "ab, c"}, notes=("XML forbids were removed (2)",),
         check=lambda world: world.repairs() == {"c": "2"} and b"a\x0bb\x01, c" in world.received("c")),
    Case(54, "a record that its provider repaired is flagged no more", saying("a\x0bb"), titles={"c": "ab"},
         play=then(_put(Record("c", "2026-01-03T00:00:00Z", "ab")), full=True), compare=False,
         check=lambda world: world.repairs() == {} and world.received("c") is None),
    Case(54, "the flag of a record stays when it is read again, and when it comes again", saying("a\x0bb"),
         titles={"c": "ab"}, notes=("XML forbids were removed (1)",), play=_read_again, compare=False,
         check=lambda world: world.repairs() == {"c": "1"} and world.ended.tally.unchanged == 6),
    Case(54, "references to control characters too", saying("a&#x0B;b&#0;"), titles={"c": "ab"},
         notes=("XML forbids were removed (2)",)),
    Case(55, "bytes that are no UTF-8 are marked",
         with_twist(PAGE_2, swapped("yötä", "yöt".encode() + b"\xff"), records=changed("c", title="Hyvää yötä")),
         titles={"c": "Hyvää yöt\ufffd"}, notes=("replaced by \ufffd (1)",),
         check=lambda world: world.repairs() == {"c": "1"} and b"\xff</dc:title>" in world.received("c")),
    Case(56, "Latin-1 that says it is UTF-8", _recoded("latin-1", 'encoding="UTF-8"'), titles=FINNISH,
         notes=("Windows-1252",), check=lambda world: world.repairs() == {"c": "4"}),
    Case(56, "Latin-1 that says so only in HTTP", _recoded("iso8859-15", "", "iso-8859-15"), titles=FINNISH),
    Case(56, "Latin-1 that says so in the XML", _recoded("latin-1", 'encoding="ISO-8859-1"'), titles=FINNISH),
    Case(56, "UTF-8 that says it is ASCII", _recoded("utf-8", 'encoding="US-ASCII"'), titles=FINNISH,
         notes=("not in the encoding it declares",)),
    Case(56, "UTF-8 that says it is UTF-16", _recoded("utf-8", 'encoding="UTF-16"'), titles=FINNISH,
         notes=("not in the encoding it declares",)),
    Case(56, "UTF-16 with a byte order mark", _recoded("utf-16", 'encoding="UTF-16"'), titles=FINNISH),
    Case(56, "an encoding nobody knows", _recoded("utf-8", 'encoding="utf8mb4"'), titles=FINNISH,
         notes=("not in the encoding it declares",)),
    Case(57, "a bare ampersand", saying("AT&T"), titles={"c": "AT&T"}, notes=("ampersands were escaped (1)",)),
    Case(57, "HTML entities", saying("a&nbsp;b &auml;"), check=lambda world: "a\u00a0b ä<" in world.payload("c").decode(),
         notes=("HTML entities were written as characters (2)",)),
    Case(57, "words that only begin like an entity", saying("R&notes; x"),
         check=lambda world: b">R&amp;notes; x<" in world.payload("c"),
         notes=("ampersands were escaped (1)",)),
    Case(58, "one malformed record costs only itself", with_twist(PAGE_2, swapped("Title of c</dc:title>", "x</dc:titel>")),
         "abdef", {"c": "malformed"}, notes=(MALFORMED,)),
    Case(58, "a record that is never closed, the last of its page",
         with_twist(holding("d"), swapped("</record><resumptionToken", "<resumptionToken")), "abcef",
         {"d": "malformed"}, notes=(MALFORMED,)),
    Case(58, "a page that is broken outside its records",
         with_twist(PAGE_2, swapped("<resumptionToken", "<resumptionToken <")), notes=SPLIT),
    Case(59, "a byte order mark and blank lines", with_twist(lists, lambda body: b"\xef\xbb\xbf\n\n" + body)),
    Case(59, "notices of PHP before and after", with_twist(
        PAGE_2, lambda body: b"<br />\n<b>Notice</b>: x\n" + body + b"\n<!-- 3 ms -->Warning: y"),
         notes=("before or after the envelope was cut off (1)",)),
    Case(59, "a notice of PHP between records", with_twist(
        PAGE_2, swapped("</record><record>", "</record><br><b>Warning</b>: x<record>")),
         notes=("between records was cut out (1)",)),
    Case(60, "a maintenance page with status 200, for a moment", with_twist(PAGE_2, lambda body: HTML, 2)),
    Case(60, "a maintenance page at the beginning of the second set, for a moment",
         with_twist(lambda asked, body: first(asked, body) and asked.params["set"] == "art",
                    lambda body: HTML, 1, records=MATH), source={"set_specs": ["math", "art"]}),
    Case(60, "a maintenance page that stays: what came is kept, and the next run goes on",
         with_twist(PAGE_2, lambda body: HTML, 3), play=stops_and_goes_on("partial", "not OAI-PMH")),
    Case(60, "a login page in XHTML in place of the list is no empty list", with_twist(lists, lambda body: XHTML),
         "", state="failed", error="not OAI-PMH"),
    Case(60, "OAI-PMH without list and error is no empty list",
         with_twist(all_lists, lambda body: Repository().envelope("x", "<Identify/>")), "", state="failed",
         error="neither", notes=SPLIT),
    Case(61, "truncated XML that HTTP calls whole is asked for again", with_twist(PAGE_2, CUT_PAGE, 1)),
    Case(61, "truncated at the same record always", with_twist(PAGE_2, CUT_PAGE), "abdef", C_LOST, notes=ALONE),
    Case(62, "a wrong namespace", with_twist(lists, swapped(f'xmlns="{OAI_NS}"', 'xmlns="urn:wrong"')),
         notes=("namespace is 'urn:wrong'",)),
    Case(62, "no namespace", with_twist(lists, swapped(f' xmlns="{OAI_NS}"', "")), notes=("namespace is ''",)),
    Case(63, "namespaces declared above the metadata",
         with_twist(lists, lambda body: body.replace(
             b' xmlns:dc="http://purl.org/dc/elements/1.1/"', b"").replace(
             b"<OAI-PMH ", b'<OAI-PMH xmlns:dc="http://purl.org/dc/elements/1.1/" ')),
         check=lambda world: b"http://purl.org/dc/elements/1.1/" in world.payload("c")),
    Case(64, "prefixes that nobody declared", server(records=_metadata("c", DC_UNDECLARED)),
         titles={"c": "Undeclared"}, notes=("used and not declared",)),
    Case(64, "Dublin Core without namespaces", server(records=_metadata("c", DC_BARE)),
         titles={"c": "Bare"}),
    Case(65, "schemaLocation is never fetched", _schema_trap,
         check=lambda world: all("trap" not in each.params for each in world.hostile.asked)),
    Case(66, "a DOCTYPE that reads a file is refused, and nothing of the page is believed",
         with_twist(PAGE_2, XXE), "ab", state="partial", error="DOCTYPE", compare=False),
    Case(66, "a bomb of entities too", with_twist(PAGE_2, BOMB), "ab", state="partial", error="DOCTYPE", compare=False),
    Case(67, "a text of 10.5 million letters arrives whole", server(records=changed("c", about="<about>" + "x" * 10_500_000 + "</about>")),
         check=lambda world: world.about("c").count(b"x" * 1000) == 10_500),
    Case(68, "a record within a record", server(records=_metadata("c", NESTED)), titles={"c": "Title of c"}),
    Case(69, "a record nested 300 deep costs only itself",
         server(records=_metadata("c", "<a>" * 300 + "</a>" * 300)), "abdef", {"c": "malformed"},
         notes=(MALFORMED,)),
)  # fmt: skip


# Records ------------------------------------------------------------------------------------------


def _policy(policy: str, change: Callable[[Repository], Any]) -> Callable[[Any], Any]:
    """A harvest, a change at the repository, and one that compares the whole list."""

    def play(world: Any) -> Any:
        assert world.run().state == "complete"
        world.edit(deletion_policy=policy, reconcile_days=0)
        change(world.hostile.repository)
        return world.run(full=policy == "full")

    return play


def _gone(*names: str) -> Callable[[Repository], Any]:
    def change(repository: Repository) -> None:
        repository.records = [each for each in repository.records if each.identifier not in names]

    return change


def _moves_to(name: str, spec: str) -> Callable[[Repository], Any]:
    def change(repository: Repository) -> None:
        repository.records = [
            replace(each, sets=(spec,)) if each.identifier == name else each
            for each in repository.records
        ]

    return change


def _called(prefix: str) -> list[Record]:
    """The six records under other names, and otherwise as they are."""
    return [
        replace(
            each,
            identifier=f"oai:{prefix}:{each.identifier}",
            metadata=f"<metadata>{each.oai_dc()}</metadata>",
        )
        for each in six()
    ]


def _all_renamed(world: Any) -> Any:
    world.run()
    world.refresh_keys()
    world.addresses_before = world.addresses()
    world.hostile.repository.records = _called("new")
    ended = world.run(full=True)
    world.rename("oai:old:*", "oai:new:*")
    return ended


def _sets_in_circles() -> Hostile:
    repository = Repository()

    def twist(asked: Asked, honest: Honest) -> bytes:
        if asked.verb != "ListSets":
            return honest()
        token = "<resumptionToken>again</resumptionToken></ListSets>"
        return honest().replace(b"</ListSets>", token.encode())

    return Hostile(repository, twist)


def _sets_in_two_pages(token: str) -> Hostile:
    """Two pages of sets; the token is compared as it stands in the address."""
    repository = Repository()

    def twist(asked: Asked, honest: Honest) -> bytes:
        if asked.verb != "ListSets":
            return honest()
        _, found, raw = asked.query.partition("resumptionToken=")
        if found and raw != token:
            return repository.error("badResumptionToken")
        names = ("c",) if found else ("a", "b")
        each = "".join(f"<set><setSpec>{name}</setSpec></set>" for name in names)
        end = "" if found else f"<resumptionToken>{token}</resumptionToken>"
        return repository.envelope("ListSets", f"<ListSets>{each}{end}</ListSets>")

    return Hostile(repository, twist)


def _unknown_error(code: str) -> Callable[[], Hostile]:
    return with_twist(PAGE_2, says(code), 1)


LIE = (
    "<repositoryName>Liar</repositoryName><baseURL>https://elsewhere.example/oai</baseURL>"
    f"<protocolVersion>2.0s</protocolVersion><granularity>{SECONDS}</granularity>"
)
AGGREGATOR = (
    f"<repositoryName>x</repositoryName><protocolVersion>2.0</protocolVersion><granularity>{SECONDS}"
    '</granularity><description><oai-identifier xmlns="http://www.openarchives.org/OAI/2.0/oai-identifier">'
    "<scheme>oai</scheme><repositoryIdentifier>us.example.org</repositoryIdentifier></oai-identifier>"
    "</description>"
)
PROVENANCE = (
    '<about><provenance xmlns="http://www.openarchives.org/OAI/2.0/provenance"><originDescription>'
    "<baseURL>http://first.example.org</baseURL></originDescription></provenance></about>"
)
UNREADABLE = "<metadata><odd xmlns='urn:x'/></metadata>"
BAD_FIRST = [
    replace(each, metadata=UNREADABLE) if each.identifier in "ac" else each for each in six()
]
MANY_BAD = [
    replace(Record(f"n{number}"), metadata=None if number % 3 == 2 else UNREADABLE)
    for number in range(160)
]


def _from(base_url: str, identifier: str, *, inside: str = "") -> str:
    return (
        f"<originDescription harvestDate='2026-01-01T00:00:00Z' altered='true'><baseURL>{base_url}"
        f"</baseURL><identifier>{identifier}</identifier>{inside}</originDescription>"
    )


def _provenance(description: str) -> str:
    opened = "<about><provenance xmlns='http://www.openarchives.org/OAI/2.0/provenance'>"
    return f"{opened}{description}</provenance></about>"


FIRST = _from("http://first.example.org/oai", "oai:first:9")
FROM_US = _from("https://us.example.org/oai", "oai:us.example.org:1", inside=FIRST)
OURS_AMONG_THEM = [
    replace(six()[0], about=_provenance(_from("http://hub.example.org/oai", "x", inside=FROM_US))),
    replace(six()[1], identifier="oai:us.example.org:b"),
    replace(six()[2], about=_provenance(FIRST)),
    *six()[3:],
]
ODD_NAMES = ("no uri at all", "A", "a", "oai:x:ä/€", "x" * 2000, "&<>\"'")
LOM = (
    '<lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general><title><string language="en">In LOM</string>'
    "</title></general></lom>"
)


def _goes(location: str) -> Twist:
    return lambda asked, honest: (
        Answer(status=302, headers={"Location": location}) if asked.token else honest()
    )


RECORDS = (
    Case(70, "a record without header", with_twist(PAGE_2, swapped(Record("c", "2026-01-03T00:00:00Z").header(), "")),
         "abdef", {"": "no_identifier"}, notes=("missing or malformed",)),
    Case(70, "a record without identifier", with_twist(PAGE_2, swapped("<identifier>c</identifier>", "")), "abdef",
         {"": "no_identifier"}),
    Case(71, "a record without metadata", server(records=changed("c", metadata="")), "abdef", {"c": "no_metadata"}),
    Case(71, "a record with empty metadata", server(records=changed("c", metadata="<metadata> </metadata>")),
         "abdef", {"c": "no_metadata"}),
    *(Case(72, f"deleted, written {status!r}", server(records=changed("c", deleted=True, status=status)), "abdef",
           deleted="c") for status in (' status="deleted"', ' status="Deleted"', ' status=" DELETED "')),
    Case(72, "deleted, with metadata all the same",
         server(records=changed("c", deleted=True, metadata="<metadata><x/></metadata>")), "abdef", deleted="c"),
    Case(73, "deletions are not told: a sweep finds what is gone", server(), "abdef", deleted="c",
         play=_policy("sweep", _gone("c")), compare=False,
         check=lambda world: any(each.verb == "ListIdentifiers" for each in world.hostile.asked)),
    Case(74, "a whole list that is suddenly empty deletes nothing", server(), state="held",
         play=_policy("full", _gone(*ALL)), compare=False),
    Case(74, "a sweep that breaks off deletes nothing",
         lambda: Hostile(twist=twisted(lambda asked, body: asked.verb == "ListIdentifiers" and asked.token is not None,
                                       status(403))),
         state="failed", error="answered 403", play=_policy("sweep", _gone("f")), compare=False),
    Case(74, "a sweep with a page that always fails deletes nothing",
         lambda: Hostile(twist=twisted(lambda asked, body: asked.verb == "ListIdentifiers"
                                       and b"<identifier>c</identifier>" in body, status(500))),
         state="failed", error="answered 500", play=_policy("sweep", _gone("f")), compare=False),
    Case(75, "deletions that are told for a while only: a sweep finds the rest", server(), "abdef", deleted="c",
         play=_policy("sweep", _gone("c")), compare=False),
    Case(76, "a record leaves the set", server(records=MATH), "ac", deleted="e", source={"set_specs": ["math"]},
         play=_policy("sweep", _moves_to("e", "art")), compare=False),
    Case(77, "a record in two sets is one resource", server(records=six(sets=("x", "y"))),
         source={"set_specs": ["x", "y"]}, check=lambda world: world.ended.tally.unchanged == 6),
    Case(78, "a record twice on a page and on two pages", _replies(("aab", "1"), ("bcdd", "2"), ("efa", ""))),
    Case(79, "a record under a new name is a record of its own", server(), (*ALL, "oai:new:c"),
         play=then(_put(replace(Record("oai:new:c", "2026-02-28T22:00:00Z")))), compare=False),
    Case(79, "all records under a new prefix: it is said, and renamed every resource stays at its address",
         server(records=_called("old")), [f"oai:new:{name}" for name in ALL], play=_all_renamed,
         notes=("--from 'oai:old:*' --to 'oai:new:*'",), compare=False,
         check=lambda world: world.addresses() == world.addresses_before),
    Case(80, "identifiers are taken letter by letter, however odd", server(
        records=[replace(each, identifier=name) for each, name in zip(six(), ODD_NAMES, strict=True)]),
         ODD_NAMES),
    Case(81, "a change with an older datestamp is a change",
         with_twist(lambda asked, body: False, says("x")), titles={"c": "New"}, compare=False,
         play=then(_put(Record("c", "2025-01-01T00:00:00Z", "New")), full=True)),
    Case(82, "a new datestamp alone changes no resource", server(), compare=False,
         play=then(_put(Record("c", "2026-02-28T22:00:00Z")), full=True),
         check=lambda world: world.ended.tally.unchanged == 6 and world.revisions() == {1}),
    Case(83, "the other prefix that was learned is no longer taken, and formats cannot be listed",
         server(prefix="dc"), play=_named_as_asked, check=lambda world: not world.source().learned,
         compare=False),
    Case(83, "the format is offered under another prefix", server(prefix="dc"), notes=("by the name 'dc'",)),
    Case(83, "the other prefix is known to the next harvest", server(prefix="dc"), play=two_full_runs,
         check=lambda world: world.hostile.lists()[-3]["metadataPrefix"] == "dc"
         and not any(each.verb == "ListMetadataFormats" for each in world.hostile.asked[-4:]), compare=False),
    Case(83, "another format under the prefix that was asked for", server(records=_metadata("c", LOM)),
         titles={"c": "In LOM"}, compare=False),
    Case(84, "the error budget is spent: the run stops where it is, and the next one goes on",
         server(records=BAD_FIRST), "bdef", dict.fromkeys("ac", "unreadable"),
         source={"error_budget": 1.0}, play=stops_and_goes_on("partial", "error budget is spent: 2 of 4"), compare=False),
    Case(84, "an error budget as a share is judged once enough was seen",
         server(records=MANY_BAD, page=40), [f"n{each}" for each in range(2, 160, 3)],
         {f"n{each}": "unreadable" for each in range(160) if each % 3 != 2},
         source={"error_budget": 0.5}, play=stops_and_goes_on("partial", "80 of 120 records"), state="failed", compare=False),
    Case(84, "a budget that is spent on the last page stops nothing", server(records=BAD_FIRST, page=6), "bdef",
         dict.fromkeys("ac", "unreadable"), source={"error_budget": 1.0}, compare=False),
    Case(84, "more than half cannot be read: the run has failed, and all of it is kept",
         server(records=[replace(each, metadata="<metadata><odd xmlns='urn:x'/></metadata>")
                         if each.identifier in "bcdf" else each for each in six()]),
         "ae", dict.fromkeys("bcdf", "unreadable"), state="failed", compare=False),
    Case(85, "a list of sets that leads in a circle", _sets_in_circles, compare=False,
         check=lambda world: world.sets_end()),
    Case(85, "a list of sets whose token is not decoded", lambda: _sets_in_two_pages("1|2!"), compare=False,
         check=lambda world: world.sets() == ["a", "b", "c"]),
    Case(86, "several errors, one of them unknown",
         with_twist(first, swapped("<ListRecords>", '<error code="odd">1</error><error code="x">2</error><ListRecords>')),
         notes=("odd: 1; x: 2",)),
    Case(86, "records and an error: the records win",
         with_twist(PAGE_2, swapped("<ListRecords>", '<error code="noRecordsMatch"/><ListRecords>')),
         notes=("came with records and the error noRecordsMatch",)),
    Case(86, "an unknown error, for a moment", _unknown_error("internalError")),
    Case(86, "an error that stops the list", with_twist(PAGE_2, says("badArgument")), "ab", state="partial",
         error="badArgument"),
    Case(87, "Identify lies about address and version", server(identify=LIE), notes=("Identify gives",),
         check=lambda world: [note[:21] for note in world.identify().notes]
         == ["Identify gives anothe", "Identify gives the pr"]),
    Case(88, "an aggregator: where records come from is kept, and who it is can be told",
         server(records=changed("c", about=PROVENANCE), identify=AGGREGATOR),
         check=lambda world: world.identify().repository_identifier == "us.example.org"
         and b"http://first.example.org" in world.about("c")),
    Case(88, "records that came from this catalogue are left out, and named",
         server(records=OURS_AMONG_THEM), "cdef", state="complete",
         notes=("came from this catalogue itself were left out (2)", "came from this catalogue: a",
                "came from this catalogue: oai:us.example.org:b"),
         play=lambda world: world.run(own_address="https://us.example.org"), compare=False,
         check=lambda world: world.origins("c") == [("http://first.example.org/oai", "oai:first:9")]),
    Case(88, "a source that is this catalogue itself is refused", server(identify=AGGREGATOR), "",
         state="failed", error="is this catalogue itself",
         play=lambda world: world.run(own_address="https://us.example.org"), compare=False),
    Case(89, "a redirect to the cloud's own address is refused", server(_goes("http://169.254.169.254/latest/")),
         "ab", state="partial", error="169.254.169.254"),
)  # fmt: skip

ELSEWHERE = {18: "tests.harvesters.test_http:test_an_unknown_authority_is_refused_at_once"}
"""Cases that need no repository: the test that shows them."""

CASES = TRANSPORT + LISTS + DATES + XML + RECORDS
