"""Normalisation: from what a record states to canonical values, and an account of every change.

Pure and idempotent: the same metadata and tables always give the same result, and a result goes
through unchanged, with nothing to account for. Objects that need no change are kept, not rebuilt,
because this runs on every record of every harvest.

The parts are in ``normalise_*``, one for each kind of value; here is which element is of which
kind.

What a newcomer would get wrong: a value that could not be understood stays, in its raw form and
without a canonical one. What a curator set (basis ``curated``) is never touched.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from msgspec.structs import replace

from oer.metadata.normalise_agents import agent
from oer.metadata.normalise_changes import Change, Changes, One, each_value
from oer.metadata.normalise_identifiers import landing_page_of, one_identifier
from oer.metadata.normalise_materials import license_statement, material, relation
from oer.metadata.normalise_scalars import age_range, duration, flag, partial_date
from oer.metadata.normalise_terms import (
    access,
    alignment_at,
    alternatives,
    keyword_at,
    language,
    mode,
    subject_at,
    term_of,
)
from oer.metadata.normalise_texts import one_line, paragraphs, title, web_address
from oer.metadata.resource_metadata import ResourceMetadata
from oer.metadata.vocabularies import SHIPPED, Tables

__all__ = ["Change", "normalise"]


def normalise(
    metadata: ResourceMetadata, tables: Tables = SHIPPED
) -> tuple[ResourceMetadata, tuple[Change, ...]]:
    """Make every value canonical that can be, and say what was changed and why.

    ``tables`` may lay a source's own mapping rows over the shipped ones (``Tables.with_rows``).
    """
    changes: Changes = []
    changed = _changed(metadata, _FIELDS, tables, changes)
    stated = changed.get("educational_level", metadata.educational_level)
    levels = [term.id for term in stated if term.id]
    at_levels = ((field, at(levels)) for field, at in _AT_LEVELS)
    changed |= _changed(metadata, at_levels, tables, changes)
    for field, single in _SINGLE:
        text = getattr(metadata, field)
        if text is not None and (clean := single(field, text, changes)) != text:
            changed[field] = clean
    if not changed.get("landing_page", metadata.landing_page):
        identifiers = changed.get("identifiers", metadata.identifiers)
        if landing_page := landing_page_of(identifiers, changes):
            changed["landing_page"] = landing_page
    return (replace(metadata, **changed) if changed else metadata), tuple(changes)


def _changed(
    metadata: ResourceMetadata,
    fields: Iterable[tuple[str, One[Any]]],
    tables: Tables,
    changes: Changes,
) -> dict[str, Any]:
    """The new values of the fields that have any."""
    changed = {}
    for field, one in fields:
        values = getattr(metadata, field)
        if values:
            new = each_value(field, values, one, tables, changes)
            if new is not values:
                changed[field] = new
    return changed


_FIELDS: tuple[tuple[str, One[Any]], ...] = (
    ("title", title),
    ("alternative", title),
    ("description", paragraphs),
    ("table_of_contents", paragraphs),
    ("language", language),
    ("learning_resource_type", term_of("type")),
    ("coverage", title),
    ("creator", agent),
    ("contributor", agent),
    ("publisher", agent),
    ("funder", agent),
    ("rights_holder", agent),
    ("created", partial_date),
    ("issued", partial_date),
    ("modified", partial_date),
    ("valid_until", partial_date),
    ("date", partial_date),
    ("educational_level", term_of("level")),
    ("educational_use", term_of("use")),
    ("audience", term_of("audience")),
    ("typical_age_range", age_range),
    ("time_required", duration),
    ("interactivity_type", term_of("interactivity")),
    ("difficulty", term_of("difficulty")),
    ("educational_description", paragraphs),
    ("license", license_statement),
    ("is_accessible_for_free", flag),
    ("conditions_of_access", access),
    ("access_rights", access),
    ("access_mode", mode),
    ("access_mode_sufficient", alternatives),
    ("accessibility_feature", term_of("feature")),
    ("accessibility_hazard", term_of("hazard")),
    ("accessibility_summary", paragraphs),
    ("identifiers", one_identifier),
    ("materials", material),
    ("duration", duration),
    ("relations", relation),
    ("metadata_license", license_statement),
)


_AT_LEVELS: tuple[tuple[str, Callable[[Collection[str]], One[Any]]], ...] = (
    ("about", subject_at),
    ("keywords", keyword_at),
    ("alignment", alignment_at),
)
"""What depends on the level: the same name is a school subject or a field of science."""


_SINGLE: tuple[tuple[str, Callable[[str, str, Changes], str | None]], ...] = (
    ("version", one_line),
    ("bibliographic_citation", one_line),
    ("landing_page", web_address),
    ("thumbnail", web_address),
)
