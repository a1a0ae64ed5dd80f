"""What readers report about a material: a line of the log that curators read.

Nothing about the reader is kept: no name, no address on the network, no way to answer.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from oer.models.resource import Resource
from oer.services import events

REPORTED = "problem_reported"
"""What the event is called."""

READER = "reader"
"""Who acts, as far as anybody knows."""

KINDS = ("broken-link", "wrong-description", "wrong-license", "infringement", "unsuitable", "other")
"""What may be wrong with a material."""

LONGEST_WORDS = 1000


def report(session: Session, resource: Resource, *, kind: str, words: str, now: datetime) -> None:
    """Write down what a reader says is wrong. Changes nothing else."""
    said = words.strip()[:LONGEST_WORDS]
    events.record(
        session,
        REPORTED,
        actor=READER,
        now=now,
        resource=resource,
        reason=f"{kind}: {said}" if said else kind,
        detail={"kind": kind},
    )
