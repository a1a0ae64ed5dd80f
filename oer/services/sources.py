"""Sources: naming the repositories to harvest, changing and removing them."""

import re
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from oer.errors import UnknownSource, UsageError
from oer.metadata import defaults
from oer.models import Harvest, HarvestedRecord, Resource, Source
from oer.models.resource import PUBLISHED
from oer.services import tombstones

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")

FILE_PROTOCOLS = frozenset({"saved", "tabular"})
"""Protocols whose address may be a file or folder of this machine."""

POLICIES_OF_PROTOCOL: dict[str, dict[str, Any]] = {
    # A table is read whole every time, so comparing costs nothing.
    "tabular": {"deletion_policy": "full", "reconcile_days": 0.0},
    # Listing the addresses is cheap; a page that is gone is mostly gone without a word.
    "sitemap": {"deletion_policy": "sweep", "reconcile_days": 7.0},
}
"""How a new source of a protocol is looked after, where that differs from ``Source``'s own."""

_IMPOSSIBLE = {("feed", "full"), ("feed", "sweep")}

_WHAT_IS_ASKED = ("base_url", "metadata_prefix", "set_specs", "protocol", "options")
"""Fields that change what a harvest asks for; after a change the next one asks for everything."""


def add(
    session: Session,
    slug: str,
    base_url: str,
    *,
    now: datetime,
    name: str | None = None,
    metadata_prefix: str = "oai_dc",
    set_specs: Collection[str] = (),
    internal: bool = False,
    protocol: str = "oai_pmh",
) -> Source:
    """Add a source, or bring a removed one back under its old slug and addresses.

    Raises:
        UsageError: The slug is taken or not a slug, or the address is none of the protocol.
    """
    check_slug(slug)
    base_url = checked_address(protocol, base_url)
    source = session.scalar(select(Source).where(Source.slug == slug))
    if source is None:
        source = Source(slug=slug, name=name or slug, created_at=now)
        for field, value in POLICIES_OF_PROTOCOL.get(protocol, {}).items():
            setattr(source, field, value)
        session.add(source)
    elif source.removed_at is None:
        raise UsageError(
            f"There is a source '{slug}' already ({source.base_url}). "
            f"Choose another name, or change it with: oer source edit {slug}"
        )
    source.removed_at = None
    source.protocol = protocol
    if (protocol, source.deletion_policy) in _IMPOSSIBLE:
        source.deletion_policy = "headers"
    source.base_url = base_url
    source.metadata_prefix = metadata_prefix
    source.set_specs = list(set_specs)
    source.internal = internal
    source.harvest_from = None
    if name:
        source.name = name
    session.flush()
    # Records of a removed source count as deleted: its list is begun anew, or they stay so.
    session.execute(
        update(Harvest)
        .where(Harvest.source_id == source.id, Harvest.checkpoint.is_not(None))
        .values(checkpoint=None)
    )
    return source


def get(session: Session, slug: str) -> Source:
    """The source of that name.

    Raises:
        UnknownSource: There is none; the message names those there are.
    """
    source = session.scalar(select(Source).where(Source.slug == slug, Source.removed_at.is_(None)))
    if source is None:
        known = ", ".join(each.slug for each in every(session)) or "none yet"
        raise UnknownSource(
            f"No source '{slug}'. Known: {known}. Add one with: oer source add {slug} URL"
        )
    return source


def every(session: Session) -> list[Source]:
    """All sources that are not removed, by slug."""
    query = select(Source).where(Source.removed_at.is_(None)).order_by(Source.slug)
    return list(session.scalars(query))


def edit(session: Session, slug: str, **changes: Any) -> Source:
    """Change a source. Resources keep their addresses; a new question starts a full harvest.

    Raises:
        UnknownSource: No such source.
        UsageError: A new address is none of the protocol, or the policy is not.
    """
    source = get(session, slug)
    if changes.keys() & {"base_url", "protocol"}:
        protocol = changes.get("protocol", source.protocol)
        changes["base_url"] = checked_address(protocol, changes.get("base_url", source.base_url))
    if changes.keys() & {"protocol", "deletion_policy"}:
        _refuse_policy(
            changes.get("protocol", source.protocol),
            changes.get("deletion_policy", source.deletion_policy),
        )
    for field, value in changes.items():
        if field in _WHAT_IS_ASKED and _asked(getattr(source, field)) != _asked(value):
            source.harvest_from = None
        setattr(source, field, value)
    return source


def _refuse_policy(protocol: str, policy: str) -> None:
    if (protocol, policy) in _IMPOSSIBLE:
        raise UsageError(
            f"Deletions of a feed cannot be told by '{policy}': a feed shows its latest entries "
            "only, so every older one would count as gone. Use headers or none."
        )


def _asked(value: Any) -> Any:
    """A field as far as it decides what is asked for: defaults are of no interest to a provider."""
    if isinstance(value, dict):
        return {name: each for name, each in value.items() if name != defaults.OPTION}
    return value


def remove(session: Session, slug: str, *, now: datetime) -> int:
    """Stop harvesting a source and withdraw what came from it. Returns how many were withdrawn.

    Nothing is deleted: addresses stay known as tombstones, and adding the source again under its
    slug and harvesting it brings the same resources back at the same addresses.
    """
    source = get(session, slug)
    source.removed_at = now
    source.harvest_from = None
    # Records count as deleted, so that a later harvest revives them even when nothing changed.
    session.execute(
        update(HarvestedRecord)
        .where(HarvestedRecord.source_id == source.id)
        .values(deleted=True)
        .execution_options(synchronize_session=False)
    )
    return tombstones.withdraw(
        session,
        Resource.source_id == source.id,
        Resource.status == PUBLISHED,
        reason=tombstones.SOURCE_REMOVED,
        now=now,
    )


def counts(session: Session) -> dict[int, int]:
    """How many published resources each source has, by source id."""
    query = (
        select(Resource.source_id, func.count())
        .where(Resource.status == PUBLISHED, Resource.source_id.is_not(None))
        .group_by(Resource.source_id)
    )
    return {source_id: count for source_id, count in session.execute(query) if source_id}


def checked_address(protocol: str, url: str) -> str:
    """``url``, when a source of this protocol may stand there; files become ``file:`` URLs.

    Raises:
        UsageError: It may not.
    """
    if protocol in FILE_PROTOCOLS and not url.strip().lower().startswith(("http:", "https:")):
        return _checked_file(url.strip())
    return checked_url(url)


def _checked_file(address: str) -> str:
    """The ``file:`` URL of a whole path. Whether something is there is for the harvest to see."""
    path = address
    if address.lower().startswith("file:"):
        parts = urlsplit(address)
        path = url2pathname(parts.path) if parts.netloc in ("", "localhost") else ""
    if not path.startswith("/") or "\0" in path:
        # A relative path would mean another file wherever the next run is started.
        raise UsageError(
            f"'{address}' is neither a web address nor the whole path of a file or folder. "
            "Give one like https://repository.example/list.csv or /srv/lists/list.csv"
        )
    return Path(path).as_uri()


def checked_url(url: str) -> str:
    """``url``, when it is an http(s) address with a host and no credentials in it.

    Raises:
        UsageError: It is not.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        parts, port_is_fine = urlsplit(""), False
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_fine:
        raise UsageError(f"'{url}' is no web address. Give one like https://repository.example/oai")
    if parts.username or parts.password:
        raise UsageError(
            f"The address of '{parts.hostname}' holds a user name or password. "
            "Give it without: addresses are shown in listings and logs."
        )
    return url


def check_slug(slug: str) -> None:
    """See that ``slug`` can name a source.

    Raises:
        UsageError: It cannot.
    """
    if not _SLUG.fullmatch(slug):
        raise UsageError(
            f"'{slug}' cannot name a source. Use 1 to 64 lower-case letters, digits and hyphens, "
            "such as aoe-fi."
        )
