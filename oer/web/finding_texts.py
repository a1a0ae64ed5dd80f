"""Findings, parts of completeness and problems in plain words, for whoever sent the record."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

FINDINGS: Mapping[str, LazyString] = {
    "repaired-characters": _("The record could be read only after characters in it were replaced."),
    "no-title": _("The record has no title."),
    "no-link": _("Nothing leads from the record to the material: it names no web address."),
    "not-a-web-address": _("An address is none of the web, so nobody can open it."),
    "private-address": _("An address names a machine in somebody's own network."),
    "no-license": _("The record says nothing about rights, so nobody knows what they may do."),
    "unknown-license": _(
        "The rights are stated in words that name no licence we know. Give the licence's address."
    ),
    "contradictory-license": _(
        "The rights statements contradict each other; we show the strictest."
    ),
    "not-open": _("The licence does not permit others to adapt and share the material."),
    "no-description": _("The record has no description."),
    "description-is-title": _("The description only repeats the title."),
    "same-text-in-several-languages": _(
        "One text is marked with several languages; at most one of them is right."
    ),
    "no-language": _("The record does not say which language the material is in."),
    "unknown-language": _("The language is given in a form that names none."),
    "no-type": _("The record does not say what kind of material it is."),
    "unknown-type": _("The kind of material is given in words that are in no list we know."),
    "no-level": _("The record does not say for which school level the material is."),
    "unknown-level": _("The school level is given in words that are in no list we know."),
    "date-in-the-future": _("A date lies in the future."),
    "modified-before-created": _("The material was changed before it was made."),
    "expired": _("By its own word the record is valid no more."),
    "contradictory-hazards": _("The material is said to be free of a hazard and to have it."),
    "dead-link": _("A link has led nowhere for three days at least."),
    "looks-like-spam": _("The title or the description looks like an advertisement."),
}
"""By code of the finding (``oer.metadata.checks``)."""

SEVERITIES: Mapping[str, LazyString] = {
    "error": _("Must be put right"),
    "warning": _("Should be put right"),
    "info": _("Could be better"),
}
"""Gravest first."""

PARTS: Mapping[str, LazyString] = {
    "title": _("a title"),
    "description": _("a description"),
    "license": _("a licence that is named, best by its address"),
    "link": _("an address that leads to the material"),
    "language": _("the language of the material, best as a code such as fi"),
    "learning_resource_type": _("the kind of material, in words of a known list"),
    "educational_level": _("the school level, in words of a known list"),
    "subject": _("a subject or keywords"),
    "creator": _("who made or published it"),
    "date": _("a date that can be read"),
    "audience": _("whom it is for, in words of a known list"),
    "accessibility": _("how it can be used: with which senses, with which aids"),
}
"""What each part of completeness asks for (``oer.metadata.checks.WEIGHTS``)."""

PROBLEMS: Mapping[str, LazyString] = {
    "malformed": _("The record is not well-formed XML."),
    "no_identifier": _("The record has no identifier in its header, so it cannot be followed."),
    "no_metadata": _("The record is not deleted, but has no metadata."),
    "unreadable": _("The metadata is in no form that we can read."),
    "unreachable": _("The repository lists the record, but cannot deliver it."),
}
"""Why a record could not be taken in, by its code."""

VOCABULARIES: Mapping[str, LazyString] = {
    "language": _("Language"),
    "type": _("Type"),
    "level": _("School level"),
    "subject": _("Subject"),
    "sdg": _("Sustainable development goal"),
    "use": _("Educational use"),
    "audience": _("Audience"),
    "interactivity": _("Interactivity"),
    "difficulty": _("Difficulty"),
    "access": _("Access"),
    "mode": _("Access mode"),
    "feature": _("Accessibility feature"),
    "hazard": _("Hazard"),
}
"""What a value wants to be, by the vocabulary it is looked for in."""


def finding(code: str) -> LazyString | str:
    """The sentence for a finding; a code without one stands for itself."""
    return FINDINGS.get(code, code)


def problem(code: str) -> LazyString | str:
    """The sentence for a record that could not be taken in."""
    return PROBLEMS.get(code, code)
