"""The reuse strip: what a reader may do with a material, in a few plain words.

It says no more than the record does: where nothing was stated, or nothing that can be understood,
it sends the reader to the author.
"""

from dataclasses import dataclass
from typing import Literal

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from oer.metadata.licenses import Verdict

Tone = Literal["good", "condition", "no", "unknown"]


# Each is itself: comparing two by their words would translate them.
@dataclass(frozen=True, eq=False)
class Sign:
    """One statement of the strip: its words, an icon, and what it means in full."""

    tone: Tone
    icon: str
    words: LazyString
    explanation: LazyString


ADAPT = Sign(
    "good",
    "edit",
    _("You may adapt it"),
    _("You may change it, translate it, shorten it and combine it with other material."),
)
NOT_ADAPT = Sign(
    "no",
    "no",
    _("You may not adapt it"),
    _(
        "You may use it only as it is. A translation is an adaptation too; "
        "moving it to another file format is not."
    ),
)
SHARE = Sign(
    "good",
    "share",
    _("You may share it"),
    _("You may copy it and pass it on, on paper or online, to anyone."),
)
NOT_SHARE = Sign(
    "no",
    "no",
    _("You may not share it"),
    _("You may not copy it or pass it on without permission."),
)
CREDIT = Sign(
    "condition",
    "person",
    _("Credit the author"),
    _(
        "Name the author, the title and the licence, link to them where you can, "
        "and say what you have changed."
    ),
)
NO_CREDIT = Sign(
    "good",
    "check",
    _("No credit needed"),
    _("You need not name the author, though it is good manners to do so."),
)
COMMERCIAL = Sign(
    "good",
    "check",
    _("Commercial use too"),
    _("You may also use it in something that is sold."),
)
NOT_COMMERCIAL = Sign(
    "condition",
    "coins",
    _("Not for commercial use"),
    _(
        "You may not use it mainly to earn money. What counts is the use, not the user: "
        "a school is not non-commercial in everything it does."
    ),
)
SAME_LICENSE = Sign(
    "condition",
    "loop",
    _("Share adaptations alike"),
    _("If you publish an adapted version, publish it under the same licence."),
)
NOT_STATED = Sign(
    "unknown",
    "question",
    _("Licence not stated: ask the author before reuse"),
    _(
        "You may link to it and show it from where it is. For copying, adapting or sharing, "
        "ask whoever made it, unless the law of your country allows it."
    ),
)
UNCLEAR = Sign(
    "unknown",
    "question",
    _("Licence unclear: read the terms first"),
    _("Something is said about rights, but not clearly enough for us to tell what you may do."),
)
CONFLICT = Sign(
    "condition",
    "question",
    _("Statements contradict each other"),
    _("The provider states more than one licence. We show the strictest; ask if it matters."),
)
RESERVED = Sign(
    "no",
    "no",
    _("All rights reserved: ask before reuse"),
    _(
        "You may link to it and show it from where it is. For copying, adapting or sharing, "
        "ask whoever holds the rights, unless the law of your country allows it."
    ),
)


def strip(verdict: Verdict) -> tuple[Sign, ...]:
    """Everything the strip says of a material."""
    may = verdict.permissions
    if may.share is False and may.adapt is False:
        return (RESERVED,)
    signs = (
        _either(may.adapt, ADAPT, NOT_ADAPT),
        _either(may.share, SHARE, NOT_SHARE),
        _either(may.attribution, CREDIT, NO_CREDIT),
        _either(may.commercial, COMMERCIAL, NOT_COMMERCIAL),
        SAME_LICENSE if may.share_alike else None,
        CONFLICT if verdict.conflict else None,
    )
    silent = NOT_STATED if verdict.kind == "none" else UNCLEAR
    return tuple(sign for sign in signs if sign) or (silent,)


def deciding(verdict: Verdict) -> tuple[Sign, ...]:
    """The two that decide whether to read on: may it be adapted, and on what condition."""
    full = strip(verdict)
    by_weight = (CONFLICT, NOT_COMMERCIAL, SAME_LICENSE, CREDIT, NO_CREDIT)
    return full[:1] + tuple(sign for sign in by_weight if sign in full[1:])[:1]


def _either(permission: bool | None, yes: Sign, no: Sign) -> Sign | None:
    return None if permission is None else yes if permission else no
