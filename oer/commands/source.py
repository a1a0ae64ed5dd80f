"""``oer source``: the repositories to harvest."""

from datetime import UTC, datetime
from typing import Any

import click

from oer.commands.context import Oer
from oer.commands.defaults import read_again, spelled
from oer.commands.output import echo_json, echo_table, printable
from oer.commands.source_options import policies
from oer.commands.source_rename import rename_identifiers


@click.group()
def source() -> None:
    """Name the repositories to harvest, change and remove them."""


@source.command()
@click.argument("slug")
@click.argument("url")
@click.option(
    "--protocol",
    default="oai_pmh",
    show_default=True,
    type=click.Choice(["feed", "oai_pmh", "saved", "sitemap", "tabular"]),
    help="How to ask: OAI-PMH, RSS or Atom, saved OAI-PMH answers, a website, a table.",
)
@click.option("--prefix", default="oai_dc", show_default=True, help="Metadata format to ask for.")
@click.option("--set", "sets", multiple=True, help="Harvest this set only (repeatable).")
@click.option("--name", help="Name for people; the repository's own where absent.")
@click.option("--internal", is_flag=True, help="Permit private and loopback addresses.")
@policies
@click.pass_obj
def add(
    oer: Oer,
    /,
    slug: str,
    url: str,
    protocol: str,
    prefix: str,
    sets: tuple[str, ...],
    name: str,
    internal: bool,
    defaults: tuple[str, ...],
    granularity: str | None,
    **given: Any,
) -> None:
    """Add a repository to harvest.

    \b
    Example:  oer source add aoe https://aoe.fi/meta/oaipmh --prefix oai_dc
              oer source add blog https://blog.example/feed --protocol feed --default language=fi
    """
    from oer.metadata import defaults as declaring
    from oer.services import sources

    declared = declaring.read_pairs(defaults)

    with oer.sessions.begin() as session:
        added = sources.add(
            session,
            slug,
            url,
            now=datetime.now(UTC),
            name=name,
            protocol=protocol,
            metadata_prefix=prefix,
            set_specs=sets,
            internal=internal,
        )
        policies_given = {key: value for key, value in given.items() if value is not None}
        options = _with_granularity(added, _with_defaults(added, declared), granularity)
        sources.edit(session, slug, **policies_given, options=options)
        click.echo(f"Added '{added.slug}'. Harvest it with: oer harvest run {added.slug}")


@source.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_(oer: Oer, as_json: bool) -> None:
    """List the sources and how many resources each has.

    \b
    Example:  oer source list
    """
    from oer.services import sources

    with oer.sessions() as session:
        counts = sources.counts(session)
        found = [_described(each, counts) for each in sources.every(session)]
    if as_json:
        for each in found:
            echo_json(each)
    elif not found:
        click.echo("No sources yet. Add one with: oer source add SLUG URL")
    else:
        echo_table(
            ("SOURCE", "RESOURCES", "FORMAT", "NEXT FROM", "ADDRESS"),
            (
                (
                    each["source"],
                    each["resources"],
                    each["metadata_prefix"],
                    each["harvest_from"] or "everything",
                    each["base_url"],
                )
                for each in found
            ),
        )


@source.command()
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def show(oer: Oer, slug: str, as_json: bool) -> None:
    """Show one source.

    \b
    Example:  oer source show aoe
    """
    from oer.services import sources

    with oer.sessions() as session:
        described = _described(sources.get(session, slug), sources.counts(session))
    if as_json:
        echo_json(described)
        return
    described["defaults"] = spelled(described["defaults"])
    for key, value in described.items():
        shown = ", ".join(value) if isinstance(value, list) else value
        click.echo(f"{key.replace('_', ' '):<16} {shown if shown not in (None, '') else '–'}")


@source.command()
@click.argument("slug")
@click.option("--url", "base_url", help="New address of the endpoint.")
@click.option("--prefix", "metadata_prefix", help="Metadata format to ask for.")
@click.option(
    "--set", "set_specs", multiple=True, help="Sets to harvest instead of the present ones."
)
@click.option("--all-sets", is_flag=True, help="Harvest everything, no set.")
@click.option("--name", help="Name for people.")
@click.option("--internal/--public", default=None, help="Permit private addresses, or not.")
@click.option("--no-defaults", is_flag=True, help="Take all defaults away.")
@policies
@click.pass_obj
def edit(
    oer: Oer,
    /,
    slug: str,
    all_sets: bool,
    no_defaults: bool,
    defaults: tuple[str, ...],
    granularity: str | None,
    **given: Any,
) -> None:
    """Change a source. Its resources keep their addresses.

    A new address, format, set or granularity makes the next harvest ask for everything. A new
    default is laid under the stored records at once; ELEMENT= without a value takes one away.

    \b
    Example:  oer source edit aoe --url https://aoe.fi/meta/v2/oaipmh
              oer source edit aoe --default language=fi --default license="CC BY 4.0"
    """
    from oer.commands.actor import actor
    from oer.metadata import defaults as declaring
    from oer.services import curation, sources

    changes = {key: value for key, value in given.items() if value not in (None, ())}
    if all_sets:
        changes["set_specs"] = ()
    if "set_specs" in changes:
        changes["set_specs"] = list(changes["set_specs"])
    if not (changes or defaults or no_defaults or granularity):
        raise click.UsageError("Nothing to change. Name at least one option, such as --url.")
    trust = changes.pop("trust", None)
    with oer.sessions.begin() as session:
        if defaults or no_defaults:
            source = sources.get(session, slug)
            present = {} if no_defaults else (source.options or {}).get(declaring.OPTION)
            declared = declaring.read_pairs(defaults, present)
            changes["options"] = _with_defaults(source, declared)
        if granularity:
            source = sources.get(session, slug)
            present = changes.get("options", dict(source.options or {}))
            changes["options"] = _with_granularity(source, present, granularity)
        sources.edit(session, slug, **changes)
        changes.pop("options", None)
        renewed = bool(defaults or no_defaults)
        if trust:
            why = "oer source edit"
            curation.set_trust(
                session, slug, trust, actor=actor(None), now=datetime.now(UTC), reason=why
            )
            changes["trust"] = trust
    more = {"defaults": renewed, "granularity": bool(granularity)}
    names = sorted([*changes, *(name for name, given_too in more.items() if given_too)])
    click.echo(f"Changed '{slug}': {', '.join(names)}.")
    if renewed:
        read_again(oer, slug)


@source.command()
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def remove(oer: Oer, slug: str, yes: bool) -> None:
    """Stop harvesting a source and withdraw its resources.

    Their addresses stay known and say that they are gone; adding the source again under the same
    name and harvesting it brings them back.

    \b
    Example:  oer source remove aoe
    """
    from oer.search.sync import drain
    from oer.services import merging, sources

    with oer.sessions() as session:
        found = sources.get(session, slug)
        count = sources.counts(session).get(found.id, 0)
    if not yes:
        click.confirm(f"Withdraw the {count} resources of '{slug}'?", abort=True)
    with oer.sessions.begin() as session:
        withdrawn = sources.remove(session, slug, now=datetime.now(UTC))
        merging.release_orphans(session, now=datetime.now(UTC))
    drain(oer.sessions, oer.index)
    click.echo(f"Removed '{slug}'; withdrawn: {withdrawn}.")


def _with_defaults(source: Any, declared: dict[str, Any]) -> dict[str, Any]:
    """The options of a source with these defaults, and no others."""
    from oer.metadata.defaults import OPTION

    others = {name: value for name, value in (source.options or {}).items() if name != OPTION}
    return {**others, OPTION: declared} if declared else others


def _with_granularity(source: Any, options: dict[str, Any], given: str | None) -> dict[str, Any]:
    """The options with this granularity for an OAI-PMH repository; ``stated`` takes it away."""
    if given is None:
        return options
    if source.protocol != "oai_pmh":
        raise click.UsageError("--granularity is for sources that are asked by OAI-PMH.")
    others = {
        name: value for name, value in options.get("oai", {}).items() if name != "granularity"
    }
    asked = others if given == "stated" else {**others, "granularity": given}
    rest = {name: value for name, value in options.items() if name != "oai"}
    return {**rest, "oai": asked} if asked else rest


def _described(source: Any, counts: dict[int, int]) -> dict[str, Any]:
    return {
        "source": source.slug,
        "name": printable(source.name),
        "protocol": source.protocol,
        "base_url": source.base_url,
        "metadata_prefix": source.metadata_prefix,
        "sets": list(source.set_specs),
        "internal": source.internal,
        "resources": counts.get(source.id, 0),
        "harvest_from": source.harvest_from,
        "granularity": source.granularity,
        "granularity_set": (source.options or {}).get("oai", {}).get("granularity"),
        "deleted_record": source.deleted_record,
        "deletions": source.deletion_policy,
        "guard": source.guard_share,
        "trust": source.trust,
        "every_hours": source.interval_hours,
        "reconcile_days": source.reconcile_days,
        "visiting_hours": source.visiting_hours,
        "delay_seconds": source.delay_seconds,
        "headers_from": source.headers_variable,
        "ca_file": source.ca_file,
        "defaults": dict((source.options or {}).get("defaults", {})),
        "error_budget": source.error_budget,
        "parked_until": source.parked_until and f"{source.parked_until:%Y-%m-%dT%H:%M:%SZ}",
    }


source.add_command(rename_identifiers)
