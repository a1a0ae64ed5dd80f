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


def _no_decoding(asked: Asked, honest: Honest) -> bytes:
    """Compares tokens as they stand in the address."""
    if not asked.lists:
        return honest()
    _, found, raw = asked.query.partition("resumptionToken=")
    token = "page!2:2026+x"
    if not found:
        return Repository().listing(six()[:3], token)
    return Repository().listing(six()[3:], "") if raw == token else Repository().error(
        "badResumptionToken"
    )  # fmt: skip


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
    Case(9, "a base URL with a query of its own", server(_needs_key), query="?apikey=k1"),
    Case(10, "a server that wants the verb first", server(_needs_verb_first)),
    Case(11, "a server that does not decode what is percent-encoded", server(_no_decoding)),
    Case(12, "gzip without a label", with_twist(lists, lambda body: Answer(gzip.compress(body))),
         notes=("gzip without a label",)),
    Case(12, "a label without gzip",
         with_twist(lists, lambda body: Answer(body, headers={"Content-Encoding": "gzip"})),
         notes=("labelled gzip and is not",)),
    Case(13, "broken gzip is asked for again without compression", server(_broken_gzip)),
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
    Case(41, "'until' is refused, and never sent without need", server(_refuses("until")),
         play=two_runs, check=lambda world: all("until" not in each for each in world.hostile.lists())),
    Case(42, "'from' is ignored: everything comes again, unchanged, and it is said", _ignores("from"),
         play=two_runs, notes=("ignores 'from'", "dated otherwise than was asked for"),
         check=lambda world: world.ended.tally.unchanged == 6, compare=False),
    Case(43, "'from' is refused: everything is asked for", server(_refuses("from")), play=two_runs,
         notes=("takes no 'from'",), compare=False),
    Case(44, "metadataPrefix is refused: it is left out", _no_prefix,
         notes=("takes no metadataPrefix",)),
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
    Case(46, "granularity in odd letters", _takes_only(20, granularity="yyyy-mm-ddThh:mm:ssz"),
         ALL + "g", play=then(later("g")), compare=False,
         check=lambda world: world.hostile.lists()[-1]["from"] == "2026-02-28T10:00:00Z"),
    Case(46, "granularity is missing, and days are refused", _takes_only(20, granularity=""),
         ALL + "g", play=then(later("g")), notes=("takes dates in seconds only", "states no granularity"), compare=False),
    Case(46, "seconds are stated, and refused", _takes_only(10), ALL + "g",
         play=then(later("g", stamp="2026-02-28")), notes=("takes dates in days only",), compare=False),
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
         titles={"c": "ab, c"}, notes=("XML forbids were removed (2)",)),
    Case(54, "references to control characters too", saying("a&#x0B;b&#0;"), titles={"c": "ab"},
         notes=("XML forbids were removed (2)",)),
    Case(55, "bytes that are no UTF-8 are marked",
         with_twist(PAGE_2, swapped("yötä", "yöt".encode() + b"\xff"), records=changed("c", title="Hyvää yötä")),
         titles={"c": "Hyvää yöt\ufffd"}, notes=("replaced by \ufffd (1)",)),
    Case(56, "Latin-1 that says it is UTF-8", _recoded("latin-1", 'encoding="UTF-8"'), titles=FINNISH,
         notes=("Windows-1252",)),
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


def _put(record: Record) -> Callable[[Repository], Any]:
    def change(repository: Repository) -> None:
        kept = [each for each in repository.records if each.identifier != record.identifier]
        repository.records = [*kept, record]

    return change


def _sets_in_circles() -> Hostile:
    repository = Repository()

    def twist(asked: Asked, honest: Honest) -> bytes:
        if asked.verb != "ListSets":
            return honest()
        token = "<resumptionToken>again</resumptionToken></ListSets>"
        return honest().replace(b"</ListSets>", token.encode())

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
    Case(80, "identifiers are taken letter by letter, however odd", server(
        records=[replace(each, identifier=name) for each, name in zip(six(), ODD_NAMES, strict=True)]),
         ODD_NAMES),
    Case(81, "a change with an older datestamp is a change",
         with_twist(lambda asked, body: False, says("x")), titles={"c": "New"}, compare=False,
         play=then(_put(Record("c", "2025-01-01T00:00:00Z", "New")), full=True)),
    Case(82, "a new datestamp alone changes no resource", server(), compare=False,
         play=then(_put(Record("c", "2026-02-28T22:00:00Z")), full=True),
         check=lambda world: world.ended.tally.unchanged == 6 and world.revisions() == {1}),
    Case(83, "the format is offered under another prefix", server(prefix="dc"), notes=("by the name 'dc'",)),
    Case(83, "another format under the prefix that was asked for", server(records=_metadata("c", LOM)),
         titles={"c": "In LOM"}, compare=False),
    Case(84, "more than half cannot be read: the run has failed, and all of it is kept",
         server(records=[replace(each, metadata="<metadata><odd xmlns='urn:x'/></metadata>")
                         if each.identifier in "bcdf" else each for each in six()]),
         "ae", dict.fromkeys("bcdf", "unreadable"), state="failed", compare=False),
    Case(85, "a list of sets that leads in a circle", _sets_in_circles, compare=False,
         check=lambda world: world.sets_end()),
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
    Case(89, "a redirect to the cloud's own address is refused", server(_goes("http://169.254.169.254/latest/")),
         "ab", state="partial", error="169.254.169.254"),
)  # fmt: skip

ELSEWHERE = {18: "tests.harvesters.test_http:test_an_unknown_authority_is_refused_at_once"}
"""Cases that need no repository: the test that shows them."""

CASES = TRANSPORT + LISTS + DATES + XML + RECORDS
