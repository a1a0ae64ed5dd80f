"""What findings, parts of completeness and problems mean, in English sentences for a provider."""

from collections.abc import Mapping

FINDINGS: Mapping[str, str] = {
    "repaired-characters": "The record could be read only after characters in it were replaced.",
    "no-title": "The record has no title.",
    "no-link": "Nothing leads from the record to the material: it names no web address.",
    "not-a-web-address": "An address is none of the web, so nobody can open it.",
    "private-address": "An address names a machine in somebody's own network.",
    "no-license": "The record says nothing about rights, so nobody knows what they may do.",
    "unknown-license": "The rights are stated in words that name no licence we know. Give the URI.",
    "contradictory-license": "The rights statements contradict each other; the strictest counts.",
    "not-open": "The licence does not permit others to adapt and share the material.",
    "no-description": "The record has no description.",
    "description-is-title": "The description only repeats the title.",
    "same-text-in-several-languages": "One text stands under several languages; at most one holds.",
    "no-language": "The record does not say which language the material is in.",
    "unknown-language": "The language is given in a form that names none.",
    "no-type": "The record does not say what kind of material it is.",
    "unknown-type": "The kind of material is given in words that are in no list we know.",
    "no-level": "The record does not say for which level of education the material is.",
    "unknown-level": "The level of education is given in words that are in no list we know.",
    "date-in-the-future": "A date lies in the future.",
    "modified-before-created": "The material was changed before it was made.",
    "expired": "By its own word the record is valid no more.",
    "contradictory-hazards": "The material is said to be free of a hazard and to have it.",
    "dead-link": "A link has led nowhere for three days at least.",
    "looks-like-spam": "The title or description looks like an advertisement.",
}
"""By code of the finding (``oer.metadata.checks``)."""

PARTS: Mapping[str, str] = {
    "title": "a title",
    "description": "a description",
    "license": "a licence that is named, best by its URI",
    "link": "an address that leads to the material",
    "language": "the language of the material, best as a BCP 47 code",
    "learning_resource_type": "the kind of material, in words of a known list",
    "educational_level": "the level of education, in words of a known list",
    "subject": "a subject or keywords",
    "creator": "who made or published it",
    "date": "a date that can be read",
    "audience": "whom it is for, in words of a known list",
    "accessibility": "how it can be used: access modes or accessibility features",
}
"""What each part of completeness asks for, by its name."""

PROBLEMS: Mapping[str, str] = {
    "malformed": "The record is not well-formed XML, so it was left out.",
    "no_identifier": "The record has no identifier in its header, so it cannot be followed.",
    "no_metadata": "The record is not deleted, but has no metadata.",
    "unreadable": "The metadata is in no form that we can read.",
}
"""Why a record is in quarantine, by its code."""


def finding(code: str) -> str:
    """The sentence for a finding; a code without one stands for itself."""
    return FINDINGS.get(code, code)


def problem(code: str) -> str:
    """The sentence for a record in quarantine."""
    return PROBLEMS.get(code, code)
