"""How a source and its runs are doing, in words."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

HEALTH: Mapping[str, tuple[str, LazyString]] = {
    "well": ("good", _("All is well")),
    "running": ("unknown", _("Being fetched just now")),
    "never": ("unknown", _("Not fetched yet")),
    "late": ("condition", _("Not fetched for too long")),
    "parked": ("condition", _("Asked us to come later")),
    "held": ("condition", _("Deletions wait for a decision")),
    "partial": ("condition", _("Came in part only")),
    "failed": ("no", _("Could not be fetched")),
    "interrupted": ("condition", _("Was interrupted")),
}
"""The tone and the words for each of ``source_status.HEALTH``."""

STATES: Mapping[str, LazyString] = {
    "running": _("running"),
    "interrupted": _("interrupted"),
    "complete": _("complete"),
    "held": _("complete, deletions wait"),
    "partial": _("in part"),
    "failed": _("failed"),
}
"""How a run ended (``Harvest.state``)."""

WHY_HELD: Mapping[str, LazyString] = {
    "header": _("the repository says that it is deleted"),
    "absent": _("it is missing from the repository's complete list"),
}

DELETED_RECORD: Mapping[str, LazyString] = {
    "persistent": _("The repository keeps word of deleted records for good."),
    "transient": _("The repository keeps word of deleted records for a while only."),
    "no": _("The repository does not say which records it deleted."),
}
"""What Identify states (OAI-PMH §2.5.1)."""


def health(code: str) -> tuple[str, LazyString | str]:
    """Tone and words for how a source is doing."""
    return HEALTH.get(code, ("unknown", code))


def state(code: str) -> LazyString | str:
    """How a run ended."""
    return STATES.get(code, code)
