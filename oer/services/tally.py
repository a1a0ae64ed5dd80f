"""What became of the records of a page or a run."""

from dataclasses import asdict, dataclass, fields


@dataclass
class Tally:
    """Counts that tie out: every record seen became exactly one thing."""

    seen: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    quarantined: int = 0

    def add(self, other: "Tally") -> None:
        """Count ``other`` in."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    def ties_out(self) -> bool:
        """Whether every record seen became exactly one thing."""
        parts = self.created + self.updated + self.unchanged + self.withdrawn + self.quarantined
        return self.seen == parts

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)
