"""People and organisations in JSON-LD: nodes, references or plain names, in some role."""

from typing import Any

from oer.formats.draft import agent_name, is_web_address, named_identifier
from oer.formats.jsonld_values import (
    Document,
    Node,
    each,
    labels,
    plain,
    resolved,
    strings,
    types_of,
)
from oer.metadata.resource_metadata import Agent, Identifier, Term

_ORGANIZATIONS = frozenset({
    "Organization", "EducationalOrganization", "CollegeOrUniversity", "School", "HighSchool",
    "MiddleSchool", "ElementarySchool", "Preschool", "GovernmentOrganization", "NGO",
    "Corporation", "ResearchOrganization", "LibrarySystem", "Library", "Consortium",
    "FundingAgency", "Project", "ResearchProject", "LocalBusiness", "Museum",
    "PerformingGroup", "MusicGroup", "NewsMediaOrganization",
})  # fmt: skip


def agents(value: Any, document: Document, role: Term | None = None) -> list[Agent]:
    """The agents of one value; a ``Role`` node stands between the property and whoever has it."""
    if not isinstance(value, dict) or "@value" in value:
        names = (agent_name(string.text) for string in strings(value, document))
        return [Agent(name, role=role) for name in names if name]
    node = resolved(value, document)
    if any(name.endswith("Role") for name in types_of(node)):
        stated = plain(next(each(node.get("roleName")), ""))
        inner = [
            single
            for key in ("author", "creator", "contributor", "editor", "agent")
            for single in each(node.get(key))
            if not isinstance(single, dict) or "Role" not in types_of(resolved(single, document))
        ]
        role = Term(stated) if stated else role
        return [agent for single in inner for agent in agents(single, document, role)]
    agent = _agent(node, document, role)
    return [agent] if agent else []


def _agent(node: Node, document: Document, role: Term | None) -> Agent | None:
    given, family, prefix = (
        agent_name(" ".join(map(plain, each(node.get(key)))))
        for key in ("givenName", "familyName", "honorificPrefix")
    )
    named = labels(node, document)
    name = agent_name(named[0].text) if named else " ".join(filter(None, (given, family)))
    type_ = _type(node)
    identifiers = _identifiers(node)
    if not (name or identifiers):
        return None
    return Agent(
        name,
        type_,
        role,
        given_name=(given or None) if type_ != "organization" else None,
        family_name=(family or None) if type_ != "organization" else None,
        honorific_prefix=prefix or None,
        affiliation=_affiliation(node, document),
        identifiers=identifiers,
    )


def _type(node: Node) -> Any:
    names = types_of(node)
    if "Person" in names:
        return "person"
    return "organization" if _ORGANIZATIONS & set(names) else None


def _affiliation(node: Node, document: Document) -> tuple[str, ...]:
    found = [
        text
        for key in ("affiliation", "worksFor", "memberOf")
        for single in each(node.get(key))
        for string in strings(single, document)[:1]
        if (text := agent_name(string.text))
    ]
    return tuple(dict.fromkeys(found))


def _identifiers(node: Node) -> tuple[Identifier, ...]:
    found = [
        plain(single)
        for key in ("id", "identifier", "sameAs", "url")
        for single in each(node.get(key))
    ]
    numbers = (text for text in found if text and not text.startswith("_:") and "@" not in text)
    return tuple(
        dict.fromkeys(
            named_identifier(text, "")
            for text in numbers
            if is_web_address(text) or text.startswith(("urn:", "0000-"))
        )
    )
