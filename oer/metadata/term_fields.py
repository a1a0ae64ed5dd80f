"""Which vocabularies the terms of which element are read with, for whoever looks for raw values.

Languages are left out: they are read by rules, not by a table. A keyword need not belong to any
vocabulary, unless it names a concept by its identifier (``normalise`` says the same). It may be the
very name of a subject, but no gap where it is not.
"""

from collections.abc import Iterator

from oer.metadata.resource_metadata import ResourceMetadata, Term

SUBJECTS = ("subject", "sdg")

ELEMENTS = {
    "learning_resource_type": ("type",),
    "educational_level": ("level",),
    "educational_use": ("use",),
    "audience": ("audience",),
    "interactivity_type": ("interactivity",),
    "difficulty": ("difficulty",),
    "conditions_of_access": ("access",),
    "access_rights": ("access",),
    "access_mode": ("mode",),
    "accessibility_feature": ("feature",),
    "accessibility_hazard": ("hazard",),
    "about": SUBJECTS,
}

ALIGNED = {"educational_subject": SUBJECTS, "educational_level": ("level",)}


def terms(metadata: ResourceMetadata) -> Iterator[tuple[tuple[str, ...], Term]]:
    """The terms of a description, each with the vocabularies it is looked for in."""
    for element, vocabularies in ELEMENTS.items():
        for term in getattr(metadata, element):
            yield vocabularies, term
    for term in metadata.keywords:
        if term.raw_id or term.raw[:4] == "http":
            yield SUBJECTS, term
    for together in metadata.access_mode_sufficient:
        for term in together:
            yield ("mode",), term
    for alignment in metadata.alignment:
        if alignment.type in ALIGNED:
            yield ALIGNED[alignment.type], alignment.target
    for material in metadata.materials:
        if material.access_rights is not None:
            yield ("access",), material.access_rights
