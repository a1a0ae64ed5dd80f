"""What a resource stands beside, in JSON-LD: nodes, addresses, words."""

from collections.abc import Callable
from typing import Any

from oer.formats.draft import (
    Draft,
    is_web_address,
    named_identifier,
)
from oer.formats.jsonld_agents import agents
from oer.formats.jsonld_rights import statements
from oer.formats.jsonld_values import (
    Document,
    each,
    identifier_of,
    labels,
    plain,
    resolved,
)
from oer.metadata.resource_metadata import (
    Relation,
)

Property = Callable[[Draft, Any, Document], None]


def relation(kind: Any, raw_kind: str | None = None) -> Property:
    def add(draft: Draft, value: Any, document: Document) -> None:
        if not isinstance(value, dict) or "@value" in value:
            if text := plain(value):
                url = text if is_web_address(text) else None
                draft["relations"].append(Relation(kind, url, raw=text, raw_kind=raw_kind))
            return
        node = resolved(value, document)
        number = identifier_of(node)
        url = number if number and is_web_address(number) else None
        titles = tuple(labels(node, document))
        creators = tuple(
            agent
            for key in ("creator", "author")
            for single in each(node.get(key))
            for agent in agents(single, document)
        )
        licenses = tuple(statements(node.get("license"), document, "schema:license"))
        numbers = (named_identifier(number, ""),) if number and not url else ()
        if url or numbers or titles or creators:
            draft["relations"].append(
                Relation(
                    kind,
                    url,
                    numbers,
                    titles,
                    creators,
                    licenses,
                    raw_kind=raw_kind,
                )
            )

    return add
