"""``oer index``: the search index."""

from dataclasses import asdict

import click

from oer.commands.context import Oer
from oer.commands.output import echo_json
from oer.commands.progress import in_all, progress_bar


@click.group()
def index() -> None:
    """Look after the search index."""


@index.command()
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def rebuild(oer: Oer, as_json: bool) -> None:
    """Write a new index from the database and switch to it; searches go on meanwhile.

    \b
    Example:  oer index rebuild
    """
    from oer.search import sync

    with progress_bar("Indexing", sync.published(oer.sessions), quiet=as_json) as report:
        count = sync.rebuild(oer.sessions, oer.index, progress=in_all(report))
    if as_json:
        echo_json({"indexed": count})
    else:
        click.echo(f"The index holds {count} resources.")


@index.command()
def prepare() -> None:
    """Unpack the word lists that searching uses, once for this machine.

    Rebuilding an index does so by itself; this is for setting a machine up. Without it searches
    give the same answers, and the first of a process takes a second or two longer.

    \b
    Example:  oer index prepare
    """
    from oer.search import lexicon

    lexicon.prepare(click.echo)


@index.command()
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_context
def update(ctx: click.Context, as_json: bool) -> None:
    """Give the index what has changed since it was last written.

    Harvests and curators' commands do so by themselves; this is for when one could not, because
    another process was writing. Ends with code 1 where something waits still, or the index lacks
    what it was given before: then only a rebuild helps.

    \b
    Example:  oer index update
    """
    from oer.search import sync

    oer: Oer = ctx.obj
    count = sync.drain(oer.sessions, oer.index)
    left = sync.status(oer.sessions, oer.index)
    if as_json:
        echo_json({"taken_in": count, "waiting": left.waiting, "lacking": left.lacking})
    else:
        click.echo(f"The index took in {count} changes.")
        if left.waiting:
            click.echo(f"{left.waiting} wait still: another process writes. Try again later.")
        if left.problem:
            click.echo(left.problem)
    ctx.exit(1 if left.waiting or left.problem else 0)


@index.command()
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Say where the index is, how many resources it holds and how many wait for it.

    Ends with code 1 where the index lacks what it was given: after its folder was lost, or another
    engine or folder was chosen.

    \b
    Example:  oer index status
    """
    from oer.search import sync

    oer: Oer = ctx.obj
    engine, _, folder = oer.settings.search_url.partition(":")
    found = sync.status(oer.sessions, oer.index)
    if as_json:
        echo_json({"engine": engine, "folder": folder, **asdict(found)})
    else:
        click.echo(f"{engine}: {folder}")
        click.echo(
            f"indexed: {found.indexed}  published: {found.published}  waiting: {found.waiting}"
        )
        for note in filter(None, (found.problem, *found.notes)):
            click.echo(f"  {note}")
    ctx.exit(1 if found.problem else 0)


@index.command()
@click.option("--repair", is_flag=True, help="Let the index take in anew what differs.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_context
def verify(ctx: click.Context, repair: bool, as_json: bool) -> None:
    """Compare every document of the index with the database.

    By their ids and times of change: labels of a vocabulary that was loaded since come in with a
    rebuild. What only waits for the index (oer index status) is no difference. Ends with code 1
    where something differs and was not repaired.

    \b
    Example:  oer index verify
              oer index verify --repair
    """
    from oer.search import sync

    oer: Oer = ctx.obj
    found = sync.verify(oer.sessions, oer.index)
    if found and repair:
        sync.repair(oer.sessions, oer.index, found)
    kinds = {"missing": found.missing, "extra": found.extra, "outdated": found.outdated}
    if as_json:
        echo_json({**kinds, "repaired": repair and bool(found)})
    elif found:
        for name, ids in kinds.items():
            if ids:
                click.echo(f"{name}: {len(ids)} ({_some(ids)})")
        click.echo("Repaired." if repair else "Run: oer index verify --repair")
    else:
        click.echo("The index and the database agree.")
    ctx.exit(1 if found and not repair else 0)


def _some(ids: tuple[int, ...]) -> str:
    """The first few ids, so that somebody can look."""
    return ", ".join(map(str, ids[:5])) + (", …" if len(ids) > 5 else "")
