"""May these materials be used together? The answer for a list, in the reader's language.

There are two questions, because they have two answers: mixed into one new work, all the licences
decide; put side by side unchanged, each part keeps its own.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from flask_babel import gettext as _

from oer.metadata import licenses, reuse
from oer.metadata.licenses import Verdict
from oer.metadata.resource_metadata import LicenseStatement
from oer.metadata.reuse import Option
from oer.web.links import safe_url
from oer.web.text import Text

Tone = Literal["good", "no", "unknown"]

MOST_WAYS_OUT = 3


@dataclass(frozen=True)
class Reason:
    """Something to know, and the materials that it is about, where it is not about all."""

    text: str
    materials: list[Text]


@dataclass(frozen=True)
class WayOut:
    """What to leave out so that the rest goes together, and the licences the result may have."""

    without: list[Text]
    licenses: list[Text]


@dataclass(frozen=True)
class Answer:
    """One of the two questions with its answer."""

    question: str
    verdict: str
    tone: Tone
    recommended: list[Text]
    """Licences for the result."""
    allowed: list[Text]
    """More of them, which Creative Commons does not recommend."""
    commercial: bool
    """Whether the result may be used commercially; where it may not, a reason says so."""
    reasons: list[Reason]
    ways_out: list[WayOut]


@dataclass(frozen=True)
class Summary:
    """What the licences of a list's materials mean together."""

    counts: list[tuple[Text, int]]
    """Each licence with the number of materials under it, most first."""
    answers: list[Answer]
    disclaimer: str


@dataclass(frozen=True)
class _Material:
    license: str
    """URI or code."""
    verdict: Verdict
    name: Text | None


def summary(
    stated: Sequence[tuple[LicenseStatement, ...]], ui: str, names: Sequence[Text] = ()
) -> Summary | None:
    """The summary for materials; None where there is nothing to ask about.

    Args:
        stated: For each material, the statements about its rights.
        names: What each is called and where it is shown; none where that matters to nobody.
    """
    if not stated:
        return None
    verdicts = [licenses.verdict(each) for each in stated]
    materials = [
        _Material(verdict.uri or verdict.code, verdict, name)
        for verdict, name in zip_longest(verdicts, names)
    ]
    counts = Counter(each.license for each in materials).most_common()
    answers = [
        _answer(_("May they be mixed into one new material?"), materials, False, ui),
        _answer(_("May they stand side by side, unchanged?"), materials, True, ui),
    ]
    return Summary([(_named(name, ui), n) for name, n in counts], answers, reuse.disclaimer(ui))


def _answer(question: str, materials: Sequence[_Material], collection: bool, ui: str) -> Answer:
    verdicts: dict[bool | None, tuple[str, Tone]] = {
        True: (_("Yes"), "good"),
        False: (_("No, not all of them"), "no"),
        None: (_("That cannot be told"), "unknown"),
    }
    found = reuse.compatible(
        [each.license for each in materials],
        collection=collection,
        contradicted={each.license for each in materials if each.verdict.conflict},
    )
    verdict, tone = verdicts[found.possible]
    options = _options(found)
    return Answer(
        question,
        verdict,
        tone,
        recommended=_licenses((o for o in options if o.advice == "recommended"), ui),
        allowed=_licenses((o for o in options if o.advice == "allowed"), ui),
        commercial=found.commercial is True,
        reasons=[_reason(each, materials, ui) for each in _grouped(found.reasons)],
        ways_out=[] if found.possible else _ways_out(materials, collection, ui),
    )


def _options(found: reuse.Compatibility) -> list[Option]:
    """What the result may have. A licence for sale is none where a part may not be sold."""
    return [
        option
        for option in found.options
        if found.commercial or licenses.permissions(option.family).commercial is not True
    ]


def _grouped(reasons: Iterable[reuse.Reason]) -> list[reuse.Reason]:
    """What is said of one licence after another, said of all of them at once."""
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for reason in reasons:
        pair = reason.licenses if len(reason.licenses) > 1 else ()
        groups.setdefault((reason.code, pair), []).extend(reason.licenses)
    return [
        reuse.Reason(code, tuple(dict.fromkeys(all_))) for (code, _pair), all_ in groups.items()
    ]


def _reason(reason: reuse.Reason, materials: Sequence[_Material], ui: str) -> Reason:
    concerned = [each for each in materials if each.license in reason.licenses]
    if reason.code == "stricter-reading":
        concerned = [each for each in concerned if each.verdict.conflict]
    text = reuse.reason_text(reason.code, reason.licenses, ui)
    return Reason(text, _names(concerned) if len(concerned) < len(materials) else [])


def _ways_out(materials: Sequence[_Material], collection: bool, ui: str) -> list[WayOut]:
    ways = []
    for left_out in reuse.ways_out([each.license for each in materials], collection=collection):
        without = _names(each for each in materials if each.license in left_out)
        rest = [each.license for each in materials if each.license not in left_out]
        options = _options(reuse.compatible(rest, collection=collection))
        fitting = (option for option in options if option.advice == "recommended")
        ways.append(WayOut(without, _licenses(fitting, ui)))
    return sorted((way for way in ways if way.without), key=lambda way: len(way.without))[
        :MOST_WAYS_OUT
    ]


def _names(materials: Iterable[_Material]) -> list[Text]:
    return [each.name for each in materials if each.name]


def _licenses(options: Iterable[Option], ui: str) -> list[Text]:
    return [_named(option.uri or option.family, ui) for option in options]


def _named(license: str, ui: str) -> Text:
    return Text(licenses.name(license, ui), url=safe_url(license))
