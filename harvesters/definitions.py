"""Sources described in one TOML file: read and checked whole, compared, applied, written out.

::

    [sources.aoe]
    url = "https://aoe.fi/meta/oaipmh"
    prefix = "oai_dc"
    every_hours = 24
    [sources.aoe.defaults]
    language = "fi"

A file says all there is to say of a source: a key that is left out means its default, not "as it
is". Only the name is left as it is, because repositories tell their own. No code runs from a file.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy.orm import Session

from harvesters import HARVESTERS, oai_options, sitemap_options, table_mapping
from harvesters import declared as check
from harvesters.declared import Field, complaints, refuse
from harvesters.toml_text import toml_key, toml_value
from oer.errors import UsageError
from oer.metadata import defaults as declaring
from oer.models import Source
from oer.services import deletions, describing, sources
from oer.services.hours import visiting_hours

MAX_SOURCES = 5000

# What a source may say ----------------------------------------------------------------------------


def _hours(value: Any) -> str | None:
    try:
        visiting_hours(value if isinstance(value, str) else "")
    except UsageError as error:
        return f"cannot be read: {error}"
    return None


NEVER = "never"
"""TOML has no null; this says that nothing happens by itself, whatever the protocol's default."""


def _or_never(inner: check.Check) -> check.Check:
    def checked(value: Any) -> str | None:
        problem = None if value == NEVER else inner(value)
        return problem and f'{problem}, or "{NEVER}"'

    return checked


_COLUMNS: dict[str, tuple[str, Field]] = {
    "url": ("base_url", Field(check.text, required=True)),
    "protocol": ("protocol", Field(check.one_of(*sorted(HARVESTERS)))),
    "prefix": ("metadata_prefix", Field(check.text)),
    "sets": ("set_specs", Field(check.texts)),
    "name": ("name", Field(check.text)),
    "internal": ("internal", Field(check.yes_or_no)),
    "trust": ("trust", Field(check.one_of(*describing.TRUST))),
    "deletions": ("deletion_policy", Field(check.one_of(*deletions.POLICIES))),
    "guard": ("guard_share", Field(check.number(0, 1))),
    "error_budget": ("error_budget", Field(check.number(0, 10**9))),
    "every_hours": ("interval_hours", Field(_or_never(check.number(0.1, 24 * 366)))),
    "reconcile_days": ("reconcile_days", Field(_or_never(check.number(0, 3660)))),
    "visiting_hours": ("visiting_hours", Field(_hours)),
    "delay_seconds": ("delay_seconds", Field(check.number(0, 3600))),
    "headers_from": ("headers_variable", Field(check.text)),
    "ca_file": ("ca_file", Field(check.text)),
}
"""Key in the file to column of ``Source`` and what its values must be."""

_MAY_BE_NEVER = ("every_hours", "reconcile_days")

_OPTIONS: dict[str, tuple[tuple[str, ...], Callable[..., Iterator[str]]]] = {
    "oai_pmh": (("oai",), oai_options.mistakes),
    "tabular": (("table", "mapping"), table_mapping.mistakes),
    "sitemap": (("sitemap",), sitemap_options.mistakes),
}
"""Protocol to the tables that only it understands, and what checks them."""

DEFAULTS = declaring.OPTION
"""The table of every protocol: what the records of a source leave unsaid."""

_DEFAULTS: dict[str, Any] = {
    "protocol": "oai_pmh",
    "metadata_prefix": "oai_dc",
    "set_specs": [],
    "internal": False,
    "trust": describing.PUBLISH,
    "deletion_policy": deletions.HEADERS,
    "guard_share": 0.05,
    "error_budget": None,
    "interval_hours": None,
    "reconcile_days": None,
    "visiting_hours": None,
    "delay_seconds": 0.0,
    "headers_variable": None,
    "ca_file": None,
    "options": {},
}


def defaults(protocol: str) -> dict[str, Any]:
    """The columns of a source of this protocol of which a file says nothing."""
    of_protocol = sources.POLICIES_OF_PROTOCOL.get(protocol, {})
    return {**_DEFAULTS, "protocol": protocol, **of_protocol}


# Reading ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Definition:
    """A source as the file describes it, by the columns of ``Source``."""

    slug: str
    columns: Mapping[str, Any] = field(default_factory=dict)


def read(text: str, *, folder: Path, what: str = "The file") -> tuple[Definition, ...]:
    """The sources of a file. Paths in it are meant from ``folder``, where the file lies.

    Raises:
        UsageError: Anything in it is wrong; the message names all that is.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{what} is not TOML: {error}.") from None
    found = list(complaints(document, {"sources": Field(check.table, required=True)}))
    given = document.get("sources")
    tables: dict[str, Any] = given if isinstance(given, dict) else {}
    if len(tables) > MAX_SOURCES:
        found.append(f"sources: there are {len(tables)}; {MAX_SOURCES} are allowed in a file")
        tables = {}
    definitions = []
    for slug, table in tables.items():
        problems = list(_mistakes(slug, table, folder))
        found += problems
        if not problems:
            definitions.append(_definition(slug, table, folder))
    refuse(found, what)
    return tuple(definitions)


def _mistakes(slug: str, table: Any, folder: Path) -> Iterator[str]:
    where = f"sources.{toml_key(slug)}."
    try:
        sources.check_slug(slug)
    except UsageError as error:
        yield str(error)
    if not isinstance(table, dict):
        yield f"sources.{toml_key(slug)} must be a table"
        return
    protocol = table.get("protocol", _DEFAULTS["protocol"])
    own, mistakes = _OPTIONS.get(str(protocol), ((), None))
    fields = {key: each for key, (_, each) in _COLUMNS.items()}
    tables = {name: Field(check.table) for name in (*own, DEFAULTS)}
    foreign = {name: of for of, (names, _) in _OPTIONS.items() for name in names}
    for key in table.keys() & foreign.keys() - tables.keys():
        yield f"{where}{key} is understood by the protocol '{foreign[key]}' only"
    known = {key: value for key, value in table.items() if key not in foreign or key in tables}
    yield from complaints(known, {**fields, **tables}, where)
    if mistakes:
        yield from mistakes(table, where)
    if isinstance(declared := table.get(DEFAULTS), dict):
        yield from declaring.mistakes(declared, f"{where}{DEFAULTS}.")
    if protocol == "feed" and table.get("deletions") in (deletions.FULL, deletions.SWEEP):
        yield f"{where}deletions cannot be '{table['deletions']}': a feed shows its latest only"
    yield from _place_mistakes(protocol, table, where, folder)


def _place_mistakes(protocol: Any, table: Any, where: str, folder: Path) -> Iterator[str]:
    """What only the machine can tell: addresses, and files that must be there."""
    if isinstance(protocol, str) and isinstance(table.get("url"), str):
        try:
            _address(protocol, table["url"], folder)
        except UsageError as error:
            yield f"{where}url: {error}"
    certificates = table.get("ca_file")
    if isinstance(certificates, str) and not (folder / certificates).is_file():
        yield f"{where}ca_file: there is no file {folder / certificates}"


def _address(protocol: str, url: str, folder: Path) -> str:
    if protocol in sources.FILE_PROTOCOLS and ":" not in url.partition("/")[0]:
        url = str((folder / url.strip()).absolute())
    return sources.checked_address(protocol, url)


def _definition(slug: str, table: Mapping[str, Any], folder: Path) -> Definition:
    given = {
        column: None if key in _MAY_BE_NEVER and table[key] == NEVER else table[key]
        for key, (column, _) in _COLUMNS.items()
        if key in table
    }
    columns = defaults(given.get("protocol", _DEFAULTS["protocol"])) | given
    columns["base_url"] = _address(columns["protocol"], table["url"], folder)
    if columns["ca_file"]:
        columns["ca_file"] = str((folder / columns["ca_file"]).absolute())
    names = _OPTIONS.get(columns["protocol"], ((), None))[0]
    columns["options"] = {name: table[name] for name in names if name in table}
    if table.get(DEFAULTS):
        columns["options"][DEFAULTS] = declaring.checked(table[DEFAULTS])
    return Definition(slug, columns)


# Comparing and applying ---------------------------------------------------------------------------

What = Literal["added", "changed", "unchanged", "removed"]
ADDED: What = "added"
CHANGED: What = "changed"
UNCHANGED: What = "unchanged"
REMOVED: What = "removed"


@dataclass(frozen=True)
class Step:
    """What a file does to one source."""

    slug: str
    what: What
    keys: tuple[str, ...] = ()
    """What changes, by the file's words."""
    resources: int = 0
    """How many published resources a removal withdraws."""


def plan(
    session: Session, definitions: Sequence[Definition], *, remove_missing: bool = False
) -> list[Step]:
    """What applying the definitions would do. Changes nothing."""
    present = {source.slug: source for source in sources.every(session)}
    steps = [_step(each, present.get(each.slug)) for each in definitions]
    if remove_missing:
        kept = {each.slug for each in definitions}
        counts = sources.counts(session)
        steps += [
            Step(slug, REMOVED, resources=counts.get(source.id, 0))
            for slug, source in present.items()
            if slug not in kept
        ]
    return steps


def apply(
    session: Session,
    definitions: Sequence[Definition],
    *,
    now: datetime,
    remove_missing: bool = False,
) -> list[Step]:
    """Make the sources what the definitions say. The same again changes nothing.

    May add and edit sources; with ``remove_missing`` removes those that are not defined, which
    withdraws their resources.
    """
    steps = plan(session, definitions, remove_missing=remove_missing)
    by_slug = {each.slug: each for each in definitions}
    for step in steps:
        if step.what == REMOVED:
            sources.remove(session, step.slug, now=now)
        elif step.what != UNCHANGED:
            columns = dict(by_slug[step.slug].columns)
            if step.what == ADDED:
                sources.add(
                    session, step.slug, columns["base_url"], now=now, protocol=columns["protocol"]
                )
            sources.edit(session, step.slug, **columns)
    session.flush()
    return steps


def _step(definition: Definition, source: Source | None) -> Step:
    if source is None:
        return Step(definition.slug, ADDED)
    changed = {
        column for column, value in definition.columns.items() if getattr(source, column) != value
    }
    keys = [key for key, (column, _) in _COLUMNS.items() if column in changed]
    if "options" in changed:
        keys += [
            name
            for name in (*_OPTIONS.get(definition.columns["protocol"], ((), None))[0], DEFAULTS)
            if (source.options or {}).get(name) != definition.columns["options"].get(name)
        ] or ["options"]
    return Step(definition.slug, CHANGED if keys else UNCHANGED, tuple(keys))


# Writing ------------------------------------------------------------------------------------------


def export(session: Session) -> str:
    """All sources as a file that describes them; reading it back changes nothing."""
    return "\n".join(_written(source) for source in sources.every(session))


def _written(source: Source) -> str:
    usual = defaults(source.protocol)
    lines = [f"[sources.{toml_key(source.slug)}]"]
    for key, (column, _) in _COLUMNS.items():
        value = getattr(source, column)
        left_out = value == source.slug if column == "name" else value == usual.get(column)
        if column == "protocol":
            left_out = value == _DEFAULTS["protocol"]
        if not left_out:
            lines.append(f"{key} = {toml_value(NEVER if value is None else value)}")
    for name, table in (source.options or {}).items():
        lines += ["", f"[sources.{toml_key(source.slug)}.{toml_key(name)}]"]
        lines += [f"{toml_key(key)} = {toml_value(value)}" for key, value in table.items()]
    return "\n".join(lines) + "\n"
