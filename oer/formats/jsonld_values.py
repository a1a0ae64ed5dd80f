"""What JSON-LD documents are made of: nodes, values with languages, lists, references.

Nothing is expanded by a context and nothing is fetched: names of properties go by their last part
(``schema:name``, ``http://schema.org/name``), as everybody who writes JSON-LD for learning
resources means the same by them. Of a context only ``@language`` is read. Numbers stay the text
they were written as, and a key that stands twice in an object holds both values.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from oer.errors import UnreadableRecord
from oer.formats.draft import is_uri, is_web_address, term
from oer.formats.xml import LONGEST_CACHED, MAX_BYTES, language_tag, legal
from oer.metadata.resource_metadata import LangString, Term

MAX_DEPTH = 64
"""Records need some eight levels."""

Node = dict[str, Any]
"""A JSON object with its keys folded (:func:`fold`)."""


class Document(NamedTuple):
    """What a value needs to be understood: the default language, and the nodes it may refer to."""

    language: str | None = None
    nodes: dict[str, Node] = {}  # noqa: RUF012 - never written to


def parse_json(payload: bytes) -> Any:
    """The value of a JSON document.

    Raises:
        UnreadableRecord: It is not JSON, too big or too deep.
    """
    if len(payload) > MAX_BYTES:
        raise UnreadableRecord(f"The JSON is {len(payload)} bytes long; {MAX_BYTES} are allowed.")
    try:
        value = _DECODER.decode(payload.decode(json.detect_encoding(payload)))
    except RecursionError:
        raise UnreadableRecord(f"The JSON is nested deeper than {MAX_DEPTH} levels.") from None
    except ValueError as error:
        message = getattr(error, "msg", None) or "its characters cannot be decoded"
        raise UnreadableRecord(f"Not JSON: {message[:LONGEST_CACHED]}.") from None
    _check_depth(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which a key that stands twice holds both values."""
    plain = dict(pairs)
    return plain if len(plain) == len(pairs) else _merged(pairs)


def _merged(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, list[Any]] = {}
    for key, value in pairs:
        values.setdefault(key, []).extend(value if isinstance(value, list) else [value])
    return {key: value[0] if len(value) == 1 else value for key, value in values.items()}


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=str
)


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise UnreadableRecord(f"The JSON is nested deeper than {MAX_DEPTH} levels.")


def _inside(value: Any) -> Any:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


# ---------------------------------------------------------------- nodes


def local_key(key: str) -> str:
    """The name of a property without namespace or prefix; ``id`` and ``type`` without their @."""
    return _cached_key(key) if len(key) <= LONGEST_CACHED else key


_AFTER_NAMESPACE = re.compile(r"[^/#:]+$")


@lru_cache(maxsize=2048)
def _cached_key(key: str) -> str:
    if key in ("@id", "@type"):
        return key[1:]
    match = _AFTER_NAMESPACE.search(key)
    return match[0] if match and not key.startswith("@") else key


def fold(value: dict[str, Any]) -> Node:
    """The node with its keys folded; keys that fold to one hold the values of all."""
    pairs = [(local_key(key), inner) for key, inner in value.items()]
    return _object(pairs)


def each(value: Any) -> Iterator[Any]:
    """The single values of a value: lists, ``@list`` and ``@set`` opened, nulls left out."""
    if isinstance(value, list):
        for inner in value:
            yield from each(inner)
    elif isinstance(value, dict) and ("@list" in value or "@set" in value):
        yield from each([value.get("@list"), value.get("@set")])
    elif value is not None and value != "":
        yield value


def resolved(value: dict[str, Any], document: Document) -> Node:
    """The node, or the one of the same document that it merely refers to."""
    node = fold(value)
    if document.nodes and not (node.keys() - {"id", "type"}):
        identifier = node.get("id")
        if isinstance(identifier, str):
            return document.nodes.get(identifier, node)
    return node


def types_of(node: Node) -> list[str]:
    """The names of a node's types, without namespace."""
    return [local_key(value) for value in each(node.get("type")) if isinstance(value, str)]


# ---------------------------------------------------------------- texts

_TAG = re.compile(r"[a-z]{2,3}(-[a-zA-Z0-9]{2,8}){0,3}|@none|und")


def _is_language_map(value: dict[str, Any]) -> bool:
    """``{"de": "Brüche", "en": "Fractions"}``; ``id`` or ``url`` of an address is no language."""
    return bool(value) and all(
        isinstance(inner, str | list)
        and _TAG.fullmatch(key)
        and not (isinstance(inner, str) and is_uri(inner))
        for key, inner in value.items()
    )


LABELS = ("prefLabel", "name", "headline", "title", "label", "alternateName", "legalName")
"""Properties that hold what a node is called; the first that does counts."""


def strings(value: Any, document: Document) -> list[LangString]:
    """The texts of a value with their languages: plain, tagged, by language, or a node's name."""
    found: list[LangString] = []
    for single in each(value):
        if not isinstance(single, dict):
            if text := plain(single):
                found.append(LangString(text, document.language))
        elif "@value" in single:
            if text := plain(single["@value"]):
                language = single.get("@language")
                tag = language_tag(language) if isinstance(language, str) else (None, None)
                found.append(LangString(text, *tag))
        elif _is_language_map(single):
            for key, inner in single.items():
                tag = language_tag("" if key == "@none" else key)
                found += [LangString(text, *tag) for each_ in each(inner) if (text := plain(each_))]
        else:
            found += labels(resolved(single, document), document)
    return found


def labels(node: Node, document: Document) -> list[LangString]:
    """What a node is called."""
    for key in LABELS:
        inner = node.get(key)
        if isinstance(inner, dict) and not (_is_language_map(inner) or "@value" in inner):
            continue  # a node in place of a name: names of names have no end
        if found := strings(inner, document):
            return found
    return []


def plain(value: Any) -> str:
    """The text of a single value that is no node; empty where it has none."""
    if isinstance(value, str):
        return legal(value).strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict) and "@value" in value and not isinstance(value["@value"], dict):
        return plain(value["@value"])
    return ""


def text_of(value: Any, document: Document) -> str:
    """The first text of a value."""
    return next((string.text for string in strings(value, document)), "")


def address_of(value: Any, *keys: str) -> str | None:
    """The first web address of a value: itself, or among the named properties of a node."""
    for single in each(value):
        if isinstance(single, dict):
            node = fold(single)
            found = next(filter(None, (address_of(node.get(key), *keys) for key in keys)), None)
        else:
            text = plain(single)
            found = text if is_web_address(text) else None
        if found:
            return found
    return None


def terms(value: Any, document: Document) -> list[Term]:
    """The terms of a value: words, addresses, or concepts with labels in several languages.

    Each label of a concept becomes a term, so that none is lost.
    """
    found: list[Term] = []
    for single in each(value):
        if isinstance(single, dict) and "@value" not in single and not _is_language_map(single):
            found += _concept(resolved(single, document), document)
        else:
            found += [
                term(string.text, language=None if is_uri(string.text) else string.language)
                for string in strings(single, document)
            ]
    return found


_SCHEMES = ("inDefinedTermSet", "inScheme", "educationalFramework")


def _concept(node: Node, document: Document) -> list[Term]:
    raw_id = identifier_of(node) or plain(node.get("termCode")) or None
    scheme = next(filter(None, (_reference(node.get(key)) for key in _SCHEMES)), None)
    named = labels(node, document)
    if not named and raw_id is None:
        return []
    return [
        Term(string.text, raw_id=raw_id, raw_scheme=scheme, language=string.language)
        for string in named or [LangString("")]
    ]


def identifier_of(node: Node) -> str | None:
    """The identifier of a node: its ``id``, or else its address. Blank nodes have none."""
    for key in ("id", "url", "sameAs"):
        for inner in each(node.get(key)):
            text = plain(inner)
            if text and not text.startswith("_:") and (key == "id" or is_uri(text)):
                return text
    return None


def _reference(value: Any) -> str | None:
    for single in each(value):
        if isinstance(single, dict):
            node = fold(single)
            return identifier_of(node) or plain(node.get("name")) or None
        return plain(single) or None
    return None
