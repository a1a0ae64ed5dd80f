"""``oer curate``: what waits, what we hold about it, and what is to become of it."""

import click

from oer.commands.curate_block import block, unblock
from oer.commands.curate_bulk import bulk
from oer.commands.curate_decide import DECISIONS
from oer.commands.curate_read import log, queue, report
from oer.commands.curate_show import show


@click.group()
def curate() -> None:
    """Review, correct, withdraw and block what was harvested; every decision is logged.

    Ends with 0 when done, 1 when something failed, 2 on wrong usage.
    """


for command in (queue, show, report, log, bulk, block, unblock, *DECISIONS):
    curate.add_command(command)
