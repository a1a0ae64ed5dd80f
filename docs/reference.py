"""``make docs``: writes docs/commands.md from the commands' help. A test keeps it in step."""

from collections.abc import Iterator
from pathlib import Path

import click

from cli import oer

PAGE = Path(__file__).with_name("commands.md")
HEAD = """# Commands

Written by `make docs` from `oer … --help`; every command is here.
"""


def reference() -> str:
    """The page."""
    return HEAD + "".join(_described(path, command) for path, command in commands(oer, ("oer",)))


def commands(
    group: click.Group, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below a group, with the words it is called by."""
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            if isinstance(command, click.Group):
                yield from commands(command, (*path, name))
            else:
                yield (*path, name), command


def _described(path: tuple[str, ...], command: click.Command) -> str:
    context = click.Context(command, info_name=" ".join(path), max_content_width=88)
    context.formatter_class = _Plain
    return f"\n## {' '.join(path)}\n\n```\n{command.get_help(context)}\n```\n"


class _Plain(click.HelpFormatter):
    """As wide everywhere, whatever the terminal."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(width=88, max_width=88)


if __name__ == "__main__":
    PAGE.write_text(reference())
