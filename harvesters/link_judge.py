"""What the answers of a web server mean for a link. Pure: what was seen in, an outcome out.

Cautious both ways: a link is called failing only for what clearly is a failure, and alive only
where nothing speaks against it. All else is doubtful, and a person decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import responses

from harvesters.http.retry_after import retry_after
from harvesters.soft_404 import page_hint, redirect_hint
from oer.metadata.identifiers import read_identifier
from oer.services.link_standing import Kind, Outcome

REST_AFTER_429 = timedelta(hours=1)
"""How long we leave a host alone that finds us too busy and does not say for how long."""

_CANNOT_TELL = {
    401: "It wants a login.",
    402: "It wants to be paid.",
    403: "It does not serve us; it may serve a browser.",
    407: "It wants a login.",
    429: "It finds that we ask too often.",
    451: "It is withheld for legal reasons.",
}
_GONE = frozenset({404, 410})
_PERMANENT = frozenset({301, 308})
_HTML = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True)
class Seen:
    """What came back when a link was asked for. ``problem`` where no answer came."""

    url: str
    status: int | None = None
    final_url: str | None = None
    redirects: tuple[tuple[int, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """The first bytes of the page; None where only the headers were asked for."""
    problem: str | None = None
    refused: bool = False
    """We do not go there: it is private, or no address for the web."""
    unreachable: bool = False
    """The host is not there, or cannot prove who it is."""
    elsewhere: bool = False
    """All this is about another place, where redirects led: it says nothing of the link's host."""

    @property
    def is_silence(self) -> bool:
        """Whether we asked and got no answer."""
        return self.status is None and not self.refused

    @property
    def is_html(self) -> bool:
        """Whether it is a page, as far as it says; servers that say nothing mostly send pages."""
        kind = self.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
        return kind in _HTML


def judge(seen: Seen, *, now: datetime) -> Outcome:
    """What it means for the link."""
    if seen.status is None:
        return Outcome(_kind_of_silence(seen), detail=seen.problem)
    if seen.status in (429, 503) and (wait := retry_after(seen.headers, now)) is not None:
        until = now + timedelta(seconds=wait)
        return Outcome("postponed", seen.status, rest_until=until)
    if seen.status // 100 == 2:
        return _judge_success(seen)
    return Outcome(
        _kind_of_status(seen.status),
        seen.status,
        _CANNOT_TELL.get(seen.status) or responses.get(seen.status),
        _elsewhere(seen),
        rest_until=now + REST_AFTER_429 if seen.status == 429 else None,
    )


def worth_a_look(seen: Seen) -> bool:
    """Whether a GET may tell more than this answer to a HEAD.

    Many servers refuse HEAD or answer it wrongly; and a page that says "not found" with status 200
    can only be told from one that does not by reading it.
    """
    if seen.status is None:
        return seen.is_silence and not seen.unreachable
    if seen.status // 100 == 2:
        return seen.is_html or seen.status != 200 or seen.headers.get("content-length") == "0"
    return seen.status not in (401, 410, 429) and "retry-after" not in seen.headers


def _kind_of_silence(seen: Seen) -> Kind:
    if seen.refused:
        return "doubtful" if seen.elsewhere else "refused"
    return "failing"


def _kind_of_status(status: int) -> Kind:
    return "failing" if status in _GONE or 500 <= status <= 599 else "doubtful"


def _judge_success(seen: Seen) -> Outcome:
    elsewhere = _elsewhere(seen)
    # A persistent identifier leads wherever it leads, and is never to be replaced by that.
    persistent = read_identifier(seen.url).scheme != "url"
    hint = None if persistent or elsewhere is None else redirect_hint(seen.url, elsewhere)
    if hint is None and seen.body == b"":
        hint = "The answer is empty."
    if hint is None and seen.is_html and seen.body:
        hint = page_hint(seen.body, seen.headers.get("content-type", ""))
    if hint:
        return Outcome("doubtful", seen.status, hint, elsewhere)
    hops = {status for status, _ in seen.redirects}
    moved = elsewhere is not None and not persistent and hops <= _PERMANENT
    return Outcome("alive", seen.status, None, elsewhere, moved_permanently=moved)


def _elsewhere(seen: Seen) -> str | None:
    """Where redirects led; a slash at the end is nowhere else."""
    if seen.final_url is None or not seen.redirects:
        return None
    return None if seen.final_url.rstrip("/") == seen.url.rstrip("/") else seen.final_url
