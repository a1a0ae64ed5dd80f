"""How the first page of a list is asked for: the words a repository is known, or said, to take.

Tried in turn while the answer is ``badArgument``. What an earlier harvest found to work is tried
first, and whatever curators set for the source comes before what the repository states.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harvesters.harvester import HarvestRequest
from harvesters.oai_dates import DAY, SECOND, datestamp, granularity, moment
from harvesters.oai_options import read_options
from harvesters.oai_position import Window

Arguments = list[tuple[str, str]]

_NO_PREFIX = "The repository takes no metadataPrefix; it was asked without"


@dataclass(frozen=True)
class Wording:
    """How the first page of a list is asked for."""

    granularity: str | None
    from_: bool = True
    prefix: bool = True
    note: str | None = None

    def arguments(
        self, prefix: str, window: Window, set_spec: str | None, clock: str | None
    ) -> Arguments:
        """The arguments that ask for a window of a set.

        Args:
            clock: The repository's own: some refuse dates that lie in their future.
        """
        arguments = [("metadataPrefix", prefix)] if self.prefix else []
        if window.from_ and self.from_:
            begin = min(window.from_, clock) if clock and moment(clock) else window.from_
            arguments.append(("from", datestamp(begin, self.granularity)))
        if window.until:
            arguments.append(("until", datestamp(window.until, self.granularity)))
        if set_spec:
            arguments.append(("set", set_spec))
        return arguments


def stated_granularity(request: HarvestRequest) -> str:
    """What curators set, else what Identify states, else days, which all must take."""
    set_by_hand = read_options(request.options).granularity
    return set_by_hand or granularity(request.granularity) or DAY


def wordings(request: HarvestRequest, known: object) -> list[Wording]:
    """All wordings, the most promising first.

    Args:
        known: What an earlier run found to work (:func:`as_fact`); anything else counts for
            nothing.
    """
    stated = stated_granularity(request)
    other = DAY if stated == SECOND else SECOND
    named = "days" if other == DAY else "seconds"
    otherwise = f"The repository takes dates in {named} only, whatever it states"
    usual = [
        Wording(stated),
        Wording(other, note=otherwise),
        Wording(
            stated,
            from_=False,
            note="The repository takes no 'from'; everything was asked for, as in a full harvest",
        ),
        Wording(stated, prefix=False, note=_NO_PREFIX),
        Wording(other, prefix=False, note=_NO_PREFIX),
        Wording(stated, from_=False, prefix=False, note=_NO_PREFIX),
    ]
    first = [each for each in usual if each.from_ and as_fact(each, stated) == known]
    return [*first, *(each for each in usual if each not in first)]


def as_fact(wording: Wording, stated: str) -> dict[str, Any] | None:
    """What the next run should know of a wording that worked; None where it is the usual one.

    That ``from`` is refused is remembered elsewhere, and for a while only.
    """
    fact: dict[str, Any] = {}
    if wording.granularity != stated:
        fact["granularity"] = wording.granularity
    if not wording.prefix:
        fact["prefix"] = False
    return fact or None


def learned_from(
    wording: Wording, arguments: Arguments, stated: str, known: object
) -> dict[str, Any] | None:
    """The fact after ``wording`` worked. A list asked for without dates tells nothing of dates."""
    fact = as_fact(wording, stated) or {}
    if not {"from", "until"} & {name for name, _ in arguments}:
        fact.pop("granularity", None)
        before = known.get("granularity") if isinstance(known, Mapping) else None
        if before:
            fact["granularity"] = before
    return fact or None
