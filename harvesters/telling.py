"""How far a run has come, and what it says of itself."""

from dataclasses import dataclass, field
from typing import Any

from harvesters.harvester import Page
from harvesters.lease import RUNNING
from harvesters.notes import merged
from oer.services.tally import Tally

MAX_NOTES = 100


@dataclass
class Progress:
    """How far a run has come; handed to ``report`` after every page."""

    source: str
    harvest_id: int
    state: str = RUNNING
    pages: int = 0
    tally: Tally = field(default_factory=Tally)
    list_size: int | None = None
    """How many records this run will have seen at the end, by what the provider says."""
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    error: str | None = None
    checkpoint_is_useless: bool = False
    """Whether going on from the checkpoint would lead to the same failure again."""
    holes: int = 0
    """Parts of the list that could not be had."""
    deleted: int = 0
    """Records deleted at the end of the run."""
    held: int = 0
    """Deletions that wait for a curator."""
    learned: dict[str, Any] = field(default_factory=dict)
    """What the run found out for the next one; see ``harvesters.learned``."""
    ignores_from: bool = False
    """Whether the provider was seen to send everything, whatever ``from`` said."""

    def count(self, page: Page) -> None:
        """Count a page that was taken in."""
        self.pages += 1
        self.learned |= page.learned
        self.ignores_from = self.ignores_from or page.ignores_from
        self.notes = with_notes(self.notes, page.notes)
        self.list_size = page.complete_list_size or self.list_size
        self.holes += page.holes

    def as_dict(self) -> dict[str, Any]:
        """The run for machines: one JSON object."""
        return {
            "source": self.source,
            "state": self.state,
            **self.tally.as_dict(),
            "deleted": self.deleted,
            "held": self.held,
            "pages": self.pages,
            "seconds": round(self.seconds, 3),
            "error": self.error,
            "notes": self.notes,
        }


def with_notes(notes: list[str], more: tuple[str, ...]) -> list[str]:
    """The notes of a run and of one more page; counts in them go on being added."""
    return merged(notes, more, most=MAX_NOTES)
