"""MARC fields of people and organisations: 1XX, 7XX, publishers and funders.

Roles ($e, $4) decide where a name goes, as in MODS; years of persons are left out.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from oer.formats.draft import Draft, agent_name, is_uri, named_identifier
from oer.formats.marc_relations import relation
from oer.formats.marc_values import plain, subfields
from oer.formats.mods_names import ROLES
from oer.metadata.resource_metadata import Agent, Identifier, PartialDate, Term

if TYPE_CHECKING:
    from pymarc import Field

Handler = Callable[[Draft, "Field"], None]


def _agent(field: "Field", type_: Any) -> Agent | None:
    """A name with what belongs to it; years ($d) and places of meetings are left out."""
    texts = subfields(field, "abn" if type_ == "organization" else "abcq")
    name = agent_name(plain(" ".join(texts)))
    numbers = (text for text in subfields(field, "01") if is_uri(text) or "(orcid)" in text.lower())
    identifiers = tuple(_authority(text) for text in numbers)
    if not (name or identifiers):
        return None
    affiliation = tuple(plain(text) for text in subfields(field, "u"))
    return Agent(name, type_, affiliation=affiliation, identifiers=identifiers)


def _authority(text: str) -> Identifier:
    """``(orcid)0000-…`` in $0 or $1: the source of a number stands before it in brackets."""
    source, bracket, number = text.removeprefix("(").partition(")")
    return named_identifier(number if bracket else text, source if bracket else "")


def name(type_: Any, otherwise: str) -> Handler:
    """1XX and 7XX: the roles decide where the name goes, as in MODS."""

    def add(draft: Draft, field: "Field") -> None:
        agent = _agent(field, type_)
        if subfields(field, "t"):
            relation("relation")(draft, field)
            return
        if agent is None:
            return
        roles = [plain(text).rstrip(".") for text in subfields(field, "e") or subfields(field, "4")]
        roles = [role.rpartition("/")[2] if is_uri(role) else role for role in roles]
        if not roles:
            draft[otherwise].append(agent)
        for role in dict.fromkeys(roles):
            if target := ROLES.get(role.lower()):
                draft[target].append(agent)
            else:
                draft["contributor"].append(
                    Agent(
                        agent.name,
                        agent.type,
                        Term(role),
                        affiliation=agent.affiliation,
                        identifiers=agent.identifiers,
                    )
                )

    return add


# What cataloguers write where the publisher is not known.
_NOBODY = frozenset(
    {"s.n.", "s.n", "[s.n.]", "[s.n.", "n. pub.", "[publisher not identified]", "[s.n]"}
)


def publication(draft: Draft, field: "Field") -> None:
    """260 and 264: who published it, and when. 264 with indicator 4 is the year of copyright."""
    kind = (field.indicators.second if field.indicators else " ") if field.tag == "264" else "1"
    for text in subfields(field, "b"):
        name = agent_name(plain(text))
        if kind in ("1", " ") and name and name.lower() not in _NOBODY:
            draft["publisher"].append(Agent(name))
    target = {"0": "created", "1": "issued", " ": "issued"}.get(kind, "date")
    dates = (text.rstrip(" .,;:") for text in subfields(field, "c"))
    draft[target].extend(PartialDate(date) for date in dates if date)


def funder(draft: Draft, field: "Field") -> None:
    draft["funder"].extend(
        Agent(name) for text in subfields(field, "a") if (name := agent_name(plain(text)))
    )
