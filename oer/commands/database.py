"""``oer database``: the schema of the database."""

import click

from oer.commands.context import Oer


@click.group()
def database() -> None:
    """Look after the database."""


@database.command()
@click.pass_obj
def upgrade(oer: Oer) -> None:
    """Bring the database to the schema of this version; keeps what is in it.

    \b
    Example:  oer database upgrade
    """
    from sqlalchemy.exc import DBAPIError

    from oer import database as database_

    engine = database_.create(oer.settings.database_url)
    try:
        database_.refuse_newer(engine)
        before = database_.current_revision(engine)
        database_.upgrade(engine)
        after = database_.current_revision(engine)
    except DBAPIError as error:
        raise database_.unusable(engine, error) from error
    if before == after:
        click.echo(f"The database is at schema {after} already.")
    else:
        click.echo(f"The database went from schema {before or 'none'} to {after}.")
