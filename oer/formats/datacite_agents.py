"""People and organisations in DataCite: creators, contributors by type, publishers, funders."""

from typing import Any

from oer.formats.datacite_values import (
    children_named,
    stated_text,
)
from oer.formats.draft import Draft, agent_name, named_identifier
from oer.formats.xml import Element
from oer.metadata.resource_metadata import Agent, Term

_TYPES: dict[str, Any] = {"Personal": "person", "Organizational": "organization"}


def read_agent(element: Element, name: str) -> Agent | None:
    """A creator or contributor; the name as it is spoken where its parts are stated."""
    stated = children_named(element, name)
    given, family = (
        " ".join(agent_name(text) for _, text in children_named(element, part))
        for part in ("givenName", "familyName")
    )
    whole = agent_name(stated[0][1]) if stated else ""
    type_ = _TYPES.get(stated[0][0].get("nameType") or "") if stated else None
    raw = None
    if given and family and type_ != "organization":
        type_, spoken = "person", f"{given} {family}"
        raw = whole if whole and whole != spoken else None
        whole = spoken
    else:
        whole, given, family = whole or given or family, "", ""
    identifiers = tuple(
        named_identifier(text, child.get("nameIdentifierScheme") or "")
        for child, text in children_named(element, "nameIdentifier")
    )
    if not (whole or identifiers):
        return None
    return Agent(
        whole,
        type_,
        given_name=given or None,
        family_name=family or None,
        affiliation=tuple(
            dict.fromkeys(text for _, text in children_named(element, "affiliation"))
        ),
        identifiers=tuple(dict.fromkeys(identifiers)),
        raw=raw,
    )


def creator(draft: Draft, element: Element) -> None:
    names = children_named(element, "creatorName")
    if len(names) > 1:  # several people in one creator: nobody says whose the other elements are
        agents = (
            Agent(name, _TYPES.get(child.get("nameType") or ""))
            for child, text in names
            if (name := agent_name(text))
        )
        draft["creator"].extend(agents)
    elif agent := read_agent(element, "creatorName"):
        draft["creator"].append(agent)


_FIELDS_OF_CONTRIBUTORS = {
    "RightsHolder": "rights_holder",
    "Funder": "funder",
    "Sponsor": "funder",
}


def contributor(draft: Draft, element: Element) -> None:
    agent = read_agent(element, "contributorName")
    kind = element.get("contributorType") or ""
    if agent is None:
        return
    if kind in _FIELDS_OF_CONTRIBUTORS:
        draft[_FIELDS_OF_CONTRIBUTORS[kind]].append(agent)
        return
    role = Term(kind, raw_scheme="datacite:contributorType") if kind and kind != "Other" else None
    draft["contributor"].append(
        Agent(
            agent.name,
            agent.type,
            role,
            agent.given_name,
            agent.family_name,
            affiliation=agent.affiliation,
            identifiers=agent.identifiers,
            raw=agent.raw,
        )
    )


def publisher(draft: Draft, element: Element) -> None:
    name, number = agent_name(stated_text(element)), element.get("publisherIdentifier") or ""
    scheme = element.get("publisherIdentifierScheme") or ""
    if name or number:
        identifiers = (named_identifier(number, scheme),) if number else ()
        draft["publisher"].append(Agent(name, identifiers=identifiers))


def funding(draft: Draft, element: Element) -> None:
    numbers = tuple(
        named_identifier(text, child.get("funderIdentifierType") or "")
        for child, text in children_named(element, "funderIdentifier")
    )
    for _, text in children_named(element, "funderName"):
        if name := agent_name(text):
            draft["funder"].append(Agent(name, identifiers=numbers))
