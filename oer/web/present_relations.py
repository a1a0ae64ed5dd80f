"""What a resource stands beside: its versions in their order, and every other relation.

Relations are told from two sides: by the resource itself, and by those of ours that speak of it
(``oer.services.related.Mention``). A target that both name is shown once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import url_for
from flask_babel import gettext as _

from oer.metadata.resource_metadata import Relation, ResourceMetadata
from oer.services.related import Held, Mention, target_of
from oer.web.links import safe_url
from oer.web.present import identifier, title
from oer.web.text import Text, in_order_for

SHORT = 40
"""Letters of a value that others may stand beside."""


@dataclass(frozen=True)
class Fact:
    """A heading and what stands under it; never empty."""

    heading: str
    values: list[Text]

    @property
    def is_short(self) -> bool:
        """Whether its values are several and so short that a line holds more than one."""
        return len(self.values) > 1 and all(len(value.text) <= SHORT for value in self.values)


@dataclass(frozen=True)
class Relations:
    """What a resource stands beside."""

    newest: Text | None
    """The last of ours in the row of those that replace this one, as it or its own source says."""
    versions: list[Fact]
    """Newest first, as far as the records tell."""
    others: list[Fact]


@dataclass(frozen=True)
class _Target:
    kind: str
    text: Text
    ours: Held | None = None

    @property
    def name(self) -> str | Text:
        """Ours is the same under its address, another's under what is shown of it."""
        return self.ours.address if self.ours else self.text


def facts(*given: tuple[str, Iterable[Text]]) -> list[Fact]:
    """The headings that have something under them, with what that is."""
    filled = (Fact(heading, [v for v in values if v.text]) for heading, values in given)
    return [fact for fact in filled if fact.values]


@dataclass(frozen=True)
class Beside:
    """The resources of ours that are related to one.

    Args:
        held: Those that its own relations lead to, by name.
        mentions: Those whose relations lead to it.
        newer: Those that replace it, the newest last.
    """

    held: Mapping[str, Held] = field(default_factory=dict)
    mentions: Sequence[Mention] = ()
    newer: Sequence[Held] = ()


def relations(metadata: ResourceMetadata, ui: str, beside: Beside) -> Relations:
    """Everything a resource stands beside."""
    newer = [_Target("is_replaced_by", _link(each, ui), each) for each in reversed(beside.newer)]
    stated = [_stated(relation, ui, beside.held) for relation in metadata.relations]
    by_others = [_Target(each.kind, _link(each.held, ui), each.held) for each in beside.mentions]
    told = _once((*newer, *stated, *by_others))
    targets = _once(_certain(each, told, beside.newer) for each in told)
    newest = newer[0].text if newer else None
    return Relations(newest, _versions(metadata, targets), _by_heading(_other_headings(), targets))


def _certain(target: _Target, told: Sequence[_Target], newer: Sequence[Held]) -> _Target:
    """A version that is said to be newer and older is a version; which comes first is not known."""
    if target.kind not in ("is_replaced_by", "replaces"):
        return target
    both = {each.kind for each in told if each.name == target.name}
    contradicts = {"is_replaced_by", "replaces"} <= both
    in_circle = target.kind == "is_replaced_by" and target.ours and target.ours not in newer
    return replace(target, kind="has_version") if contradicts or in_circle else target


def _versions(metadata: ResourceMetadata, targets: Sequence[_Target]) -> list[Fact]:
    ordered = sorted(targets, key=_date, reverse=True)
    newer, older, other = (_by_heading(part, ordered) for part in _version_headings())
    if not (newer or older or other):
        return []
    this = facts((_("This version"), [Text(metadata.version or "", "")]))
    return [*newer, *this, *older, *other]


def _date(target: _Target) -> str:
    """The last date the record tells; none sorts as the oldest."""
    if target.ours is None:
        return ""
    described = target.ours.description
    dates = (*described.modified, *described.issued, *described.created)
    return max((date.value for date in dates if date.value), default="")


def _by_heading(headings: Mapping[str, str], targets: Iterable[_Target]) -> list[Fact]:
    found: dict[str, list[Text]] = {heading: [] for heading in headings.values()}
    for target in targets:
        if target.kind in headings:
            found[headings[target.kind]].append(target.text)
    return facts(*found.items())


def _once(targets: Iterable[_Target]) -> list[_Target]:
    """Each target once under a kind."""
    first: dict[tuple[str, str | Text], _Target] = {}
    for target in targets:
        first.setdefault((target.kind, target.name), target)
    return list(first.values())


def _stated(relation: Relation, ui: str, held: Mapping[str, Held]) -> _Target:
    if ours := target_of(relation, held):
        return _Target(relation.kind, _link(ours, ui), ours)
    identifiers = [identifier(value) for value in relation.identifiers]
    url = safe_url(relation.url) or next((i.url for i in identifiers if i.url), None)
    titles = in_order_for(ui, relation.title)
    if titles:
        return _Target(relation.kind, Text(titles[0].text, titles[0].language or "", url))
    name = relation.raw or relation.url or next((i.text for i in identifiers), "")
    return _Target(relation.kind, Text(name, "", url))


def _link(held: Held, ui: str) -> Text:
    page = url_for("catalogue.resource", address=held.address)
    return replace(title(held.description, ui), url=page)


def _version_headings() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Newer, older, and those of which no record tells which came first."""
    return (
        {"is_replaced_by": _("Newer version")},
        {"replaces": _("Earlier version")},
        {"has_version": _("Other versions"), "is_version_of": _("Version of")},
    )


def _other_headings() -> dict[str, str]:
    return {
        "is_part_of": _("Part of"),
        "has_part": _("Contains"),
        "is_based_on": _("Based on"),
        "is_basis_for": _("Adapted from it"),
        "translation_of": _("Translation of"),
        "has_translation": _("Translations"),
        "is_format_of": _("Other form of"),
        "has_format": _("Other forms"),
        "requires": _("Needs"),
        "is_required_by": _("Needed by"),
        "references": _("Refers to"),
        "is_referenced_by": _("Referred to by"),
        "relation": _("See also"),
    }
