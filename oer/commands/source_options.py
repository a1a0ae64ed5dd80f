"""The options of ``oer source add`` and ``edit`` that say how a source is visited and trusted."""

from collections.abc import Callable
from math import isfinite
from typing import Any

import click

LONGEST_INTERVAL = 24 * 366
"""Hours."""


class Number(click.FloatRange):
    """A number in a range; neither "nan" nor "inf", which are numbers to Python."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number, or a usage error."""
        number: float = super().convert(value, param, ctx)
        if not isfinite(number):
            self.fail(f"'{value}' is no number. Give one such as 24 or 0.5.", param, ctx)
        return number


def policies(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options."""
    for names, settings in reversed(_POLICIES):
        command = click.option(*names, **settings)(command)
    return command


def _hours(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    from oer.services.hours import visiting_hours

    if value:
        visiting_hours(value)
    return value


_POLICIES: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (
        ("--deletions", "deletion_policy"),
        {
            "type": click.Choice(["headers", "sweep", "full", "none"]),
            "help": "What proves a deletion: the provider's word (headers); also that a record is "
            "missing from the list of identifiers (sweep) or from a full harvest (full); nothing "
            "(none).",
        },
    ),
    (
        ("--guard", "guard_share"),
        {
            "type": Number(0, 1),
            "help": "Deletions of more than this share of the records wait for a curator "
            "(0.05 where nothing is said).",
        },
    ),
    (
        ("--trust",),
        {
            "type": click.Choice(["publish", "checked", "review"]),
            "help": "Publish new resources at once (publish), when no check finds an error "
            "(checked), or when a curator says so (review).",
        },
    ),
    (
        ("--every", "interval_hours"),
        {
            "type": Number(0.1, LONGEST_INTERVAL),
            "help": "Hours between two visits of 'oer harvest run --due'.",
        },
    ),
    (
        ("--reconcile", "reconcile_days"),
        {
            "type": Number(0, 3660),
            "help": "Days between two comparisons with the whole list, for --deletions sweep and "
            "full (0: every time).",
        },
    ),
    (
        ("--hours", "visiting_hours"),
        {"callback": _hours, "help": "When to visit, such as '22:00-06:00 Europe/Helsinki'."},
    ),
    (
        ("--delay", "delay_seconds"),
        {"type": Number(0, 3600), "help": "Seconds between two requests."},
    ),
    (
        ("--headers-from", "headers_variable"),
        {
            "help": "Name of the environment variable that holds request headers, a line each, "
            "such as 'Authorization: Bearer …'.",
        },
    ),
    (
        ("--ca-file",),
        {
            "type": click.Path(exists=True, dir_okay=False, resolve_path=True),
            "help": "Certificate authority to trust for this source.",
        },
    ),
    (
        ("--error-budget",),
        {
            "type": Number(0, 10**9),
            "help": "Stop a run when more records than this cannot be taken in; below 1, such a "
            "share of those seen (0: never stop).",
        },
    ),
    (
        ("--granularity",),
        {
            "type": click.Choice(["days", "seconds", "stated"]),
            "help": "Ask an OAI-PMH repository with dates in days or seconds, whatever it states; "
            "'stated' believes it again.",
        },
    ),
    (
        ("--default", "defaults"),
        {
            "multiple": True,
            "metavar": "ELEMENT=VALUE",
            "help": "What holds where its records leave an element unsaid, such as language=fi "
            "(repeatable).",
        },
    ),
)
