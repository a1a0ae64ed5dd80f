"""robots.txt: what a site asks of visitors, and how slowly (RFC 9309, and ``Crawl-delay``)."""

from urllib.parse import urlsplit

from protego import Protego

from harvesters.http import HttpClient, HttpStatus
from oer.errors import HarvestError

AGENT = "oer"
"""The name that the rules are read for; our User-Agent begins with it."""

MAX_BYTES = 512_000
"""What comes after is not read (RFC 9309 §2.5 asks for 500 KiB at least)."""

MAX_DELAY = 600.0
"""A site that wants more time between two visits wants none of this kind."""


class Robots:
    """The rules of the sites of one harvest, asked for once each."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http
        self._rules: dict[str, Protego] = {}

    def allows(self, url: str) -> bool:
        """Whether the page may be visited. Sets the client's pace to what the site asks for.

        Raises:
            HarvestError: The rules cannot be had, which forbids everything (RFC 9309 §2.3.1.4), or
                the site asks for longer pauses than a harvest can keep.
        """
        rules = self._of(url)
        delay = _delay(rules)
        if delay > MAX_DELAY:
            raise HarvestError(
                f"{urlsplit(url).netloc} asks for {delay:g} s between two visits (robots.txt); "
                "ask its keepers for another way to its list."
            )
        self._http.delay_seconds = max(self._http.delay_seconds, delay)
        return bool(rules.can_fetch(url, AGENT))

    def sitemaps(self, url: str) -> list[str]:
        """The sitemaps that the site names."""
        return list(self._of(url).sitemaps)

    def _of(self, url: str) -> Protego:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = Protego.parse(self._fetch(f"{site}/robots.txt"))
        return self._rules[site]

    def _fetch(self, address: str) -> str:
        try:
            reply = self._http.peek(address, first_bytes=MAX_BYTES, accept="text/plain, */*;q=0.1")
        except HttpStatus as error:
            if 400 <= error.status < 500 and error.status != 429:
                return ""  # there are no rules (RFC 9309 §2.3.1.3)
            raise
        return reply.body.decode("utf-8", "replace")


def _delay(rules: Protego) -> float:
    delay = rules.crawl_delay(AGENT) or 0.0
    rate = rules.request_rate(AGENT)
    if rate is not None and rate.requests:
        delay = max(delay, rate.seconds / rate.requests)
    return float(delay)
