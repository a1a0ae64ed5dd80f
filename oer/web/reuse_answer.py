"""May these materials be used together? The answer for a list, in the reader's language.

There are two questions, because they have two answers: mixed into one new work, all the licences
decide; put side by side unchanged, each part keeps its own.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flask_babel import gettext as _

from oer.metadata import licenses, reuse
from oer.metadata.resource_metadata import ResourceMetadata
from oer.metadata.reuse import Compatibility
from oer.web.links import safe_url
from oer.web.text import Text

Tone = Literal["good", "no", "unknown"]


@dataclass(frozen=True)
class Answer:
    """One of the two questions with its answer."""

    question: str
    verdict: str
    tone: Tone
    options: list[Text]
    """The licences the result may have, the recommended ones first."""
    commercial: str | None
    reasons: list[str]


@dataclass(frozen=True)
class Summary:
    """What the licences of a list's materials mean together."""

    counts: list[tuple[Text, int]]
    """Each licence with the number of materials under it, most first."""
    answers: list[Answer]
    disclaimer: str


def summary(materials: Sequence[ResourceMetadata], ui: str) -> Summary | None:
    """The summary of a list; None where there is nothing to ask about."""
    if not materials:
        return None
    verdicts = [licenses.verdict(each.license) for each in materials]
    named = [verdict.uri or verdict.code for verdict in verdicts]
    counts = [
        (Text(licenses.name(name, ui), url=safe_url(name)), number)
        for name, number in Counter(named).most_common()
    ]
    mixed = reuse.compatible(named)
    beside = reuse.compatible(named, collection=True)
    answers = [
        _answer(_("May they be mixed into one new material?"), mixed, ui),
        _answer(_("May they stand side by side, unchanged?"), beside, ui),
    ]
    return Summary(counts, answers, reuse.disclaimer(ui))


def _answer(question: str, found: Compatibility, ui: str) -> Answer:
    verdicts: dict[bool | None, tuple[str, Tone]] = {
        True: (_("Yes"), "good"),
        False: (_("No, not all of them"), "no"),
        None: (_("That cannot be told"), "unknown"),
    }
    verdict, tone = verdicts[found.possible]
    commercial = {
        True: _("The result may also be used commercially."),
        False: _("The result may not be used commercially."),
    }
    options = sorted(found.options, key=lambda option: option.advice != "recommended")
    reasons = (reuse.reason_text(each.code, each.licenses, ui) for each in found.reasons)
    return Answer(
        question,
        verdict,
        tone,
        [Text(licenses.name(o.uri or o.family, ui), url=safe_url(o.uri)) for o in options],
        commercial.get(found.commercial) if found.commercial is not None else None,
        list(dict.fromkeys(reasons)),
    )
