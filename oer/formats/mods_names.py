"""``mods:name``: people and organisations with their roles.

A name takes part in several roles, and each role decides where the name goes: creators, publishers,
funders, rights holders; whoever is left contributes, in the role that is stated.
"""

from typing import Any

from oer.formats.draft import Draft, agent_name, named_identifier
from oer.formats.mods_values import authority, children, named
from oer.formats.xml import Element
from oer.metadata.resource_metadata import Agent, Identifier, Term

ROLES = {
    "aut": "creator", "author": "creator", "cre": "creator", "creator": "creator",
    "pbl": "publisher", "publisher": "publisher",
    "fnd": "funder", "funder": "funder",
    "cph": "rights_holder", "copyright holder": "rights_holder",
    "ctb": "contributor", "contributor": "contributor",
}  # fmt: skip
"""Codes and terms of MARC relators that say which element of ours a name belongs to."""

_TYPES: dict[str, Any] = {
    "personal": "person",
    "corporate": "organization",
    "conference": "organization",
}


def name(draft: Draft, element: Element) -> None:
    """Add a name, once for each of its roles."""
    agent = read_name(element)
    if agent is None:
        return
    roles = [role for each in named(element, "role") if (role := _role(each))]
    fields = [ROLES.get(role.raw.lower()) for role in roles]
    if not roles:
        draft["creator" if element.get("usage") == "primary" else "contributor"].append(agent)
    for role, field in zip(roles, fields, strict=True):
        if field:
            draft[field].append(agent)
        else:
            draft["contributor"].append(_with_role(agent, role))


def _with_role(agent: Agent, role: Term) -> Agent:
    return Agent(
        agent.name,
        agent.type,
        role,
        agent.given_name,
        agent.family_name,
        agent.honorific_prefix,
        agent.affiliation,
        agent.identifiers,
        agent.raw,
    )


def _role(element: Element) -> Term | None:
    """One role: its text, or else its code, with the identifier of either."""
    terms = children(element, "roleTerm")
    if not terms:
        return None
    chosen, text = next((each for each in terms if each[0].get("type") != "code"), terms[0])
    raw_id = next(filter(None, (term.get("valueURI") for term, _ in terms)), None)
    return Term(text, raw_id=raw_id, raw_scheme=authority(chosen))


def read_name(element: Element) -> Agent | None:
    """The person or organisation of a ``name``; None where it names nobody."""
    parts: dict[str, list[str]] = {}
    for part, text in children(element, "namePart"):
        parts.setdefault(part.get("type") or "", []).append(agent_name(text.strip(" ,")))
    given, family = (" ".join(filter(None, parts.get(type_, ()))) for type_ in ("given", "family"))
    plain = ". ".join(each.rstrip(".") for each in parts.get("", ()) if each)
    if len(parts.get("", ())) == 1:
        plain = parts[""][0]
    spoken = " ".join(filter(None, (given, family)))
    displayed = next((agent_name(text) for _, text in children(element, "displayForm")), "")
    whole = plain or spoken or displayed
    identifiers = _identifiers(element)
    if not (whole or identifiers):
        return None
    titles = parts.get("termsOfAddress", [])
    raw = ", ".join(filter(None, [displayed or whole, *titles]))
    return Agent(
        whole,
        _TYPES.get(element.get("type") or ""),
        given_name=(given or None) if family else None,
        family_name=(family or None) if given else None,
        affiliation=tuple(
            dict.fromkeys(
                [text for _, text in children(element, "affiliation")]
                + parts.get("affiliation", [])
            )
        ),
        identifiers=identifiers,
        raw=raw if raw != whole else None,
    )


def _identifiers(element: Element) -> tuple[Identifier, ...]:
    found = [
        named_identifier(text, child.get("type") or "")
        for child, text in children(element, "nameIdentifier")
    ]
    if uri := element.get("valueURI"):
        found.append(named_identifier(uri, authority(element) or ""))
    return tuple(dict.fromkeys(found))
