"""Identifiers, and the address of the most lasting one that leads somewhere."""

from collections.abc import Iterable

from oer.metadata.identifiers import identifier_url, is_private_host, read_identifier
from oer.metadata.normalise_changes import Change, Changes, each_value, note
from oer.metadata.resource_metadata import Basis, Identifier
from oer.metadata.vocabularies import Tables

LANDING_PAGE_SCHEMES = ("doi", "handle", "urn", "url")
"""Identifiers that may serve as landing page, the most lasting first. Never the OAI identifier."""


def one_identifier(
    field: str, value: Identifier, tables: Tables, changes: Changes
) -> Identifier | None:
    """An identifier by its scheme, in the canonical spelling of that scheme."""
    new = read_identifier(value.value, value.scheme)
    if new.value == value.value and new.scheme == value.scheme:
        return value if new.value else None
    if not new.value:
        return None
    note(changes, field, value.value, new.value, f"identifier of scheme {new.scheme}", "stated")
    return Identifier(new.value, new.scheme, value.raw or new.raw)


def all_identifiers(
    field: str, values: tuple[Identifier, ...], tables: Tables, changes: Changes
) -> tuple[Identifier, ...]:
    """The identifiers of a part of the description."""
    return each_value(field, values, one_identifier, tables, changes) if values else values


def target_of(field: str, raw: str, changes: Changes) -> tuple[str | None, tuple[Identifier, ...]]:
    """Where a relation leads that the record gave as one piece of text."""
    found = read_identifier(raw)
    if found.scheme == "url":
        note(changes, f"{field}.url", raw, found.value, "web address", "stated")
        return found.value, ()
    if found.scheme == "other":
        return None, ()
    note(
        changes,
        f"{field}.identifiers",
        raw,
        found.value,
        f"identifier of scheme {found.scheme}",
        "stated",
    )
    return identifier_url(found), (found,)


def landing_page_of(identifiers: Iterable[Identifier], changes: Changes) -> str | None:
    """The address of the most lasting identifier that leads somewhere."""
    found = [
        (identifier, url)
        for scheme in LANDING_PAGE_SCHEMES
        for identifier in identifiers
        if identifier.scheme == scheme and (url := identifier_url(identifier))
    ]
    if not found:
        return None
    # A private host comes last, but it is taken: within its own network the material is there.
    public = next((each for each in found if not is_private_host(each[1])), found[0])
    identifier, url = public
    basis: Basis = "stated" if identifier.scheme == "url" else "mapped"
    rule = f"landing page from the first usable identifier of scheme {identifier.scheme}"
    changes.append(Change("landing_page", identifier.value, url, rule, basis))
    return url
