"""Stopping a run that brings more problems than its source is allowed.

Off by default: a record in quarantine is kept with its payload and read again without asking
anybody, so going on loses nothing, and a run with too many problems ends as partial or failed in
any case. A budget is for sources whose visits cost more than their good records are worth.
"""

from harvesters.harvester import Page
from harvesters.telling import Progress
from oer.errors import HarvestError

SHARE_FROM = 100
"""A share is judged once so many records were seen: of three records, one is a third."""


class BudgetSpent(HarvestError):  # noqa: N818 - reads as what happened
    """A run met more problems than its source is allowed. What came is kept."""


def heed_budget(budget: float | None, progress: Progress, page: Page) -> None:
    """Stop after a page when the run has met too many problems, unless the list is at its end.

    Args:
        budget: A number of records; below 1, a share of the records seen. None or 0: no end.

    Raises:
        BudgetSpent: It is spent.
    """
    problems, seen = progress.tally.quarantined, progress.tally.seen
    if not budget or page.checkpoint is None:
        return
    if budget < 1:
        if seen < SHARE_FROM or problems <= budget * seen:
            return
        allowed = f"{budget:.0%}"
    elif problems <= budget:
        return
    else:
        allowed = f"{budget:g}"
    raise BudgetSpent(
        f"The error budget is spent: {problems} of {seen} records could not be taken in, and "
        f"{allowed} are allowed. What came is kept, and the next run goes on from here. See why "
        f"with: oer harvest problems {progress.source}; allow more with: oer source edit "
        f"{progress.source} --error-budget NUMBER"
    )
