"""Importing a table: making or updating its source, and running it."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import select

from harvesters import run as runs
from harvesters import tabular
from harvesters.declared import Field, complaints, refuse, table
from harvesters.harvester import HarvestRequest
from harvesters.http import HttpClient
from harvesters.table_mapping import mistakes
from harvesters.telling import Progress
from oer.database import Sessions
from oer.errors import HarvestError, UsageError
from oer.metadata import defaults
from oer.models import Source
from oer.services import ingest, sources
from oer.services.renormalise import renormalise
from oer.services.tables import load_tables

PROTOCOL = "tabular"
MAX_BYTES = 1024 * 1024

OpenHttp = Callable[[Source], HttpClient]


def read_options(file: Path) -> dict[str, Any]:
    """The mapping in a TOML file, checked.

    Raises:
        UsageError: It is no mapping; the message names all that is wrong.
    """
    if file.stat().st_size > MAX_BYTES:
        raise UsageError(f"{file} is too long for a column mapping.")
    try:
        options = tomllib.loads(file.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeError) as error:
        raise UsageError(f"{file} is not TOML: {error}.") from None
    known = {"table": Field(table), "mapping": Field(table), defaults.OPTION: Field(table)}
    declared = options.get(defaults.OPTION, {})
    found = [*complaints(options, known), *mistakes(options)]
    if isinstance(declared, dict):
        found += defaults.mistakes(declared, f"{defaults.OPTION}.")
    refuse(found, str(file))
    if defaults.OPTION in options:
        options[defaults.OPTION] = defaults.checked(declared)
    return options


def run(
    sessions: Sessions,
    slug: str,
    file: Path,
    options: Mapping[str, Any],
    open_http: OpenHttp,
    *,
    now: datetime,
) -> Progress:
    """Make or update the source of a table, and harvest it.

    Raises:
        UsageError: There is a source of that name and another protocol, or no such name can be.
    """
    with sessions.begin() as session:
        present = _present(session, slug)
        if present is None:
            present = sources.add(session, slug, str(file.absolute()), now=now, protocol=PROTOCOL)
        before = (present.options or {}).get(defaults.OPTION)
        sources.edit(session, slug, base_url=str(file.absolute()), options=dict(options))
    if before != options.get(defaults.OPTION):
        # Rows that are as they were are not described again by a run.
        renormalise(sessions, source_slug=slug)
    return runs.run(sessions, slug, open_http)


def dry_run(
    sessions: Sessions,
    slug: str,
    file: Path,
    options: Mapping[str, Any],
    open_http: OpenHttp,
    *,
    now: datetime,
) -> Progress:
    """Say what importing a table would do. Writes nothing, not even the source.

    Raises:
        UsageError: As :func:`run` does.
    """
    sources.check_slug(slug)
    address = sources.checked_address(PROTOCOL, str(file.absolute()))
    with sessions() as session:
        # A source that is not in the database has no records there: all rows are new.
        source = _present(session, slug) or Source(
            slug=slug, trust="publish", deletion_policy="full"
        )
        session.expunge_all()
        source.options = dict(options)
        tables = load_tables(session, source.id)
    progress = Progress(slug, harvest_id=0)
    started = monotonic()
    request = HarvestRequest(address, options=options)
    try:
        with open_http(source) as http:
            tabular.identify(address, http)
            for page in tabular.pages(request, http):
                with sessions() as session:
                    tally = ingest.accept(
                        session, source, None, page.records, now=now, tables=tables, dry_run=True
                    )
                progress.tally.add(tally)
                progress.count(page)
    except HarvestError as error:
        progress.error = str(error)
    progress.seconds = monotonic() - started
    progress.state = "failed" if progress.error else "complete"
    return progress


def _present(session: Any, slug: str) -> Source | None:
    """The source of that name.

    Raises:
        UsageError: It is of another protocol: a table must not take its place.
    """
    source: Source | None = session.scalar(
        select(Source).where(Source.slug == slug, Source.removed_at.is_(None))
    )
    if source is not None and source.protocol != PROTOCOL:
        raise UsageError(
            f"The source '{slug}' is no table but {source.protocol} ({source.base_url}). "
            "Name another with --source."
        )
    return source
