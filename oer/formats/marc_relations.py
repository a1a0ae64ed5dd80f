"""MARC fields of other resources: series (4XX, 8XX), hosts, parts, other editions (76X–78X)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from oer.formats.draft import Draft, agent_name, is_web_address, named_identifier
from oer.formats.marc_values import plain, subfields
from oer.metadata.resource_metadata import Agent, Identifier, LangString, Relation

if TYPE_CHECKING:
    from pymarc import Field

Handler = Callable[[Draft, "Field"], None]


_SERIES = frozenset({"440", "490", "830"})


def relation(kind: Any) -> Handler:
    def add(draft: Draft, field: "Field") -> None:
        numbers = [Identifier(text, "issn") for text in subfields(field, "x")]
        if field.tag >= "760":
            numbers += [Identifier(text, "isbn") for text in subfields(field, "z")]
            numbers += [named_identifier(text, "") for text in subfields(field, "o")]
            title = plain(" ".join(subfields(field, "t") or subfields(field, "s")))
            maker = agent_name(plain(" ".join(subfields(field, "a"))))
            raw = "; ".join(subfields(field, "bdghkmnq"))
        else:
            title = plain(" ".join(subfields(field, "tanp" if field.tag in _SERIES else "tnp")))
            maker = ""
            if field.tag not in _SERIES:
                maker = agent_name(plain(" ".join(subfields(field, "ab"))))
            raw = "; ".join(subfields(field, "v"))
        url = next(filter(is_web_address, subfields(field, "u")), None)
        if title or numbers or url or maker or raw:
            draft["relations"].append(
                Relation(
                    kind,
                    url,
                    tuple(numbers),
                    (LangString(title),) if title else (),
                    (Agent(maker),) if maker else (),
                    raw=raw or None,
                    raw_kind=f"marc:{field.tag}",
                )
            )

    return add
