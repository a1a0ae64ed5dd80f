"""People and organisations: names as they are spoken, and nobody's e-mail address."""

from msgspec.structs import replace

from oer.metadata.names import read_person, read_vcard, without_e_mail
from oer.metadata.normalise_changes import Changes, note, with_fields
from oer.metadata.normalise_identifiers import all_identifiers
from oer.metadata.normalise_terms import plain_term
from oer.metadata.resource_metadata import Agent
from oer.metadata.text import clean_line
from oer.metadata.vocabularies import Tables


def agent(field: str, value: Agent, tables: Tables, changes: Changes) -> Agent | None:
    """A person or organisation, without contact details; None where no name is left."""
    if value.name[:11].upper() == "BEGIN:VCARD":
        value = _from_card(value)
    name = clean_line(value.name)
    if "@" in name:
        name = without_e_mail(name)
    new = value if name == value.name else replace(value, name=name)
    if not _names_only(value):
        new = _described(field, new, tables, changes)
        new = read_person(new)
    if not (new.name or new.identifiers):
        return None
    if new.name != value.name:
        rule = "e-mail address removed" if "@" in value.name else "name as it is spoken"
        note(changes, f"{field}.name", value.name, new.name, rule, "stated")
    return new


def _names_only(agent: Agent) -> bool:
    return (
        agent.type is None
        and agent.role is None
        and not agent.identifiers
        and not agent.affiliation
        and agent.raw is None
        and agent.honorific_prefix is None
        and agent.given_name is None
        and agent.family_name is None
    )


def _from_card(agent: Agent) -> Agent:
    card = read_vcard(agent.name) or Agent("")
    return replace(card, role=agent.role, identifiers=(*agent.identifiers, *card.identifiers))


def _described(field: str, agent: Agent, tables: Tables, changes: Changes) -> Agent:
    """Everything an agent may have besides the name."""
    role = agent.role and plain_term(f"{field}.role", agent.role, tables, changes)
    affiliation = tuple(filter(None, (without_e_mail(clean_line(a)) for a in agent.affiliation)))
    return with_fields(
        agent,
        role=role,
        given_name=_name_part(agent.given_name),
        family_name=_name_part(agent.family_name),
        honorific_prefix=_name_part(agent.honorific_prefix),
        affiliation=tuple(dict.fromkeys(affiliation)),
        identifiers=all_identifiers(f"{field}.identifiers", agent.identifiers, tables, changes),
        raw=_name_part(agent.raw),
    )


def _name_part(text: str | None) -> str | None:
    return (without_e_mail(clean_line(text)) or None) if text else None
