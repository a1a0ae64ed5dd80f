"""What a probe makes of what it saw: warnings in plain words, and the command to add the source.

Pure: facts in, sentences out.
"""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from harvesters.harvester import RepositoryInfo
from harvesters.oai_dates import moment
from oer.services.profile import Profile

SLOW = 10.0
"""Seconds for a page."""

CLOCK_SKEW = timedelta(hours=1)

FEW = 0.5
"""A share of records below which something is missing too often."""

FIRST_REPOSITORY = datetime(1991, 1, 1, tzinfo=UTC)
"""Earlier datestamps are placeholders: nothing was in any repository."""

_IP = re.compile(r"[\d.]+|.*:.*")


@dataclass(frozen=True)
class Warned:
    """Something odd: a code for machines, a sentence for people."""

    code: str
    text: str


@dataclass(frozen=True)
class Access:
    """How a client is let in: to private addresses, with credentials, by which authority."""

    internal: bool = False
    headers_from: str | None = None
    ca_file: str | None = None

    @property
    def arguments(self) -> list[str]:
        """As options of ``oer source add``."""
        return [
            *(["--internal"] if self.internal else []),
            *(["--headers-from", self.headers_from] if self.headers_from else []),
            *(["--ca-file", self.ca_file] if self.ca_file else []),
        ]

    @property
    def keys(self) -> dict[str, bool | str]:
        """As keys of a file for ``oer source apply``."""
        return {name: value for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class Advice:
    """How to add the source."""

    slug: str
    arguments: tuple[str, ...]
    why: tuple[str, ...]
    """A sentence for each choice."""
    subcommand: str = "add"

    @property
    def command(self) -> str:
        """The command, to be pasted into a shell."""
        return shlex.join(("oer", "source", self.subcommand, *self.arguments))


def advice(
    url: str,
    info: RepositoryInfo,
    prefix: str,
    sets: Sequence[str],
    sweeps: bool | None,
    seconds: float,
    access: Access,
) -> Advice:
    """The command that fits what the repository said."""
    slug = slug_for(url, info.repository_identifier)
    arguments = [slug, url, "--prefix", prefix]
    why = [f"'{prefix}' is the richest format of the repository that we can read."]
    for each in sets:
        arguments += ["--set", each]
    policy, days, reason = _deletions(info.deleted_record, sweeps)
    arguments += ["--deletions", policy]
    if days:
        arguments += ["--reconcile", str(days)]
    why.append(reason)
    if seconds >= SLOW:
        arguments += ["--delay", "5"]
        why.append(f"Its pages take {seconds:.0f} seconds each, so it is given time between them.")
    arguments += access.arguments
    return Advice(slug, tuple(arguments), tuple(why))


_ABOUT_PROTOCOLS = {
    "feed": "A feed shows its latest entries only, so what is missing from it is never withdrawn.",
    "saved": "It is one file with all records, so each run reads it whole.",
    "sitemap": "Each page of the list is visited, as slowly as the site asks for.",
    "tabular": "Each run reads the whole table; rows that are gone are withdrawn.",
}


def advice_for(
    protocol: str, url: str, access: Access, *, prefix: str = "", why: Sequence[str] = ()
) -> Advice:
    """The command for a source that is no OAI-PMH repository."""
    slug = slug_for(url, None)
    reasons = (*why, _ABOUT_PROTOCOLS[protocol])
    if protocol == "tabular":
        reasons = (*reasons, "What its columns mean only you know: see docs/sources.md.")
        return Advice(slug, (f"{slug}.toml",), reasons, "apply")
    arguments = [slug, url, "--protocol", protocol, *(["--prefix", prefix] if prefix else [])]
    if protocol == "feed":
        arguments += ["--every", "24"]
    return Advice(slug, (*arguments, *access.arguments), reasons)


_GAPS = ("license", "language", "educational_level", "audience")


def gaps(profile: Profile) -> str | None:
    """What no record says anything of, although it may hold for all of them."""
    said = {each.name for each in profile.fields if each.count}
    unsaid = [name for name in _GAPS if name not in said]
    if not profile.records or not unsaid:
        return None
    return (
        f"No record of the sample says anything of: {', '.join(unsaid)}. What the provider says "
        f"elsewhere of all of them can be declared: --default {unsaid[0]}=…"
    )


def _deletions(deleted_record: str | None, sweeps: bool | None) -> tuple[str, int | None, str]:
    """The policy, days between comparisons, and why."""
    if deleted_record == "persistent":
        return "headers", None, "The repository keeps word of every deleted record."
    policy = "full" if sweeps is False else "sweep"
    how = "in full" if policy == "full" else "with its list of identifiers"
    if deleted_record == "transient":
        return policy, 30, f"It forgets deletions after a while, so we compare {how} each month."
    return policy, 7, f"It does not say what it deleted, so we compare {how} each week."


def slug_for(url: str, repository_identifier: str | None) -> str:
    """A short name: from the host, or from what the repository calls itself where that is a number.

    >>> slug_for("https://www.aoe.fi/meta/oaipmh", None)
    'aoe-fi'
    """
    host = urlsplit(url).hostname or ""
    if _IP.fullmatch(host) or "." not in host:
        host = repository_identifier or host
    words = re.sub(r"[^a-z0-9]+", "-", host.lower().removeprefix("www."))
    return words.strip("-")[:64].strip("-") or "source"


# -- warnings --------------------------------------------------------------------------------------


def warnings(
    *,
    url: str,
    info: RepositoryInfo,
    skew: timedelta,
    now: datetime,
    prefix: str,
    is_offered: bool,
    is_readable: bool,
    unknown_formats: Sequence[str],
    seen: int,
    deleted: int,
    problems: int,
    error: str | None,
    seconds: float,
    profile: Profile,
) -> Iterator[Warned]:
    """Everything odd, the gravest first."""
    if error:
        yield Warned("list-stopped", f"The list of records could not be followed: {error}")
    if not is_offered:
        yield Warned("format-not-offered", f"The repository does not offer the format '{prefix}'.")
    elif not is_readable:
        yield Warned(
            "format-unknown",
            f"We cannot read the namespace of '{prefix}', only what its records turn out to be.",
        )
    if not seen and not error:
        yield Warned("no-records", "The repository lists no records at all.")
    elif seen and deleted == seen:
        yield Warned("all-deleted", "Every record of the sample is deleted.")
    yield from _of_records(seen - deleted, problems, profile)
    yield from _of_address(url)
    yield from _of_identify(info, skew, now)
    if unknown_formats:
        names = ", ".join(unknown_formats[:20])
        yield Warned("formats-unread", f"Formats that we cannot read are offered too: {names}.")
    if seconds >= SLOW:
        yield Warned("slow", f"A page takes {seconds:.0f} seconds: a harvest will be slow.")


def _of_records(records: int, problems: int, profile: Profile) -> Iterator[Warned]:
    if records and problems:
        code = "unreadable" if problems < FEW * records else "mostly-unreadable"
        yield Warned(code, f"{problems} of {records} records could not be read.")
    if not profile.records:
        return
    total = profile.records
    without = total - profile.count_of("link")
    if profile.share(without) > 1 - FEW:
        yield Warned(
            "no-links",
            f"{without} of {total} records name no web address: nobody gets from them to the "
            "material.",
        )
    unknown = sum(each.count for each in profile.licenses if not each.value)
    if profile.share(unknown) > 1 - FEW:
        yield Warned(
            "licences-unknown",
            f"{unknown} of {total} records state no licence that we know: readers are told to ask.",
        )
    for part, what in (
        ("language", "language"),
        ("learning_resource_type", "type"),
        ("educational_level", "level of education"),
    ):
        have = profile.count_of(part)
        if profile.share(have) < FEW:
            yield Warned(
                f"few-{part.replace('_', '-')}",
                f"Only {have} of {total} records have a {what} that we understand.",
            )


def other_warnings(
    url: str, seen: int, problems: int, error: str | None, silence: str, profile: Profile
) -> Iterator[Warned]:
    """Everything odd about a source that is no OAI-PMH repository.

    Args:
        silence: What it means that there is no record at all.
    """
    if error:
        yield Warned("list-stopped", f"Reading stopped: {error}")
    elif not seen:
        yield Warned("no-records", silence)
    yield from _of_records(seen, problems, profile)
    yield from _of_address(url)


def _of_address(url: str) -> Iterator[Warned]:
    if url.lower().startswith("http:"):
        yield Warned("not-encrypted", "The address is not encrypted. Try it with https.")


def _of_identify(info: RepositoryInfo, skew: timedelta, now: datetime) -> Iterator[Warned]:
    if info.response_date is None:
        yield Warned(
            "no-clock",
            "The repository does not say what time it is (responseDate), so harvests begin at "
            "our own clock.",
        )
    elif skew > CLOCK_SKEW:
        hours = skew.total_seconds() / 3600
        yield Warned("clock-wrong", f"The repository's clock is off by {hours:.0f} hours.")
    if info.granularity is None:
        yield Warned("granularity", "It is not clear how exactly the repository takes dates.")
    if info.deleted_record not in ("persistent", "transient", "no"):
        given = (info.deleted_record or "nothing")[:40]
        yield Warned("deleted-record", f"What it says of deletions cannot be understood: {given}.")
    earliest = moment(info.earliest_datestamp)
    if earliest is None:
        yield Warned("earliest", "It is not stated when its oldest record is from.")
    elif earliest > now or earliest < FIRST_REPOSITORY:
        yield Warned("earliest", f"Its oldest record is said to be from {earliest.date()}.")
