"""schema.org in RDFa Lite, as JSON-LD (https://www.w3.org/TR/rdfa-lite/, RDFa Core 1.1 §7.5).

What a newcomer would get wrong: a property belongs to the nearest thing above it that has a type or
an address of its own, not to the nearest element with ``vocab``; and what an address stands for is
decided by ``typeof``: ``property`` with ``typeof`` is a thing inside another, without it a value.

Pages are hostile: nothing here calls itself, and things, values and letters are counted.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from harvesters.microdata import Texts, joined

if TYPE_CHECKING:
    from lxml import etree

    Element = etree._Element
else:
    Element = object

MAX_ELEMENTS = 300_000
"""Of a page; what comes after is left unread."""
MAX_NODES = 2000
MAX_VALUES = 20_000
"""Of a page, all its things together."""
MAX_DEPTH = 12
"""Things inside things."""
MAX_PREFIXES = 100
"""That hold at one place."""
MAX_DECLARATIONS = 1000
"""Elements of a page that declare a vocabulary or prefixes."""
LONGEST_VALUE = 200_000
LONGEST_ADDRESS = 4000

CONTEXT = "https://schema.org/"
_SCHEMA = ("http://schema.org/", "https://schema.org/")
_PREFIXES = {"schema": CONTEXT}
"""What a page need not declare (RDFa Core Initial Context), as far as we read it."""
_NAME = re.compile(r"[A-Za-z0-9][\w-]{0,99}")
"""What a class or property of schema.org may be called."""


def items(root: Element, base_url: str) -> list[dict[str, Any]]:
    """The things of schema.org that stand on their own, as JSON-LD nodes."""
    if root.find(".//*[@typeof]") is None and "typeof" not in root.attrib:
        return []
    reader = _Reader(base_url)
    reader.read(root)
    return reader.items()


@dataclass
class _Node:
    """A thing: its types, its address, its properties of schema.org."""

    id: str = ""
    types: list[str] = field(default_factory=list)
    values: dict[str, list[Any]] = field(default_factory=dict)
    depth: int = 0
    is_inside: bool = False
    """Whether it is the value of another thing's property."""


@dataclass(frozen=True)
class _Scope:
    """What holds for the elements inside one."""

    node: _Node
    vocabulary: str = ""
    prefixes: Mapping[str, str] = field(default_factory=lambda: _PREFIXES)

    def term(self, word: str) -> str:
        """The name in schema.org that a word stands for; empty where it is another's."""
        full = self._full(word)
        name = next((full[len(start) :] for start in _SCHEMA if full.startswith(start)), "")
        return name if _NAME.fullmatch(name) else ""

    def _full(self, word: str) -> str:
        prefix, colon, rest = word.partition(":")
        if not colon:
            return self.vocabulary + word if self.vocabulary else ""
        known = self.prefixes.get(prefix.lower())
        return word if known is None else known + rest


class _Reader:
    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._page = _Node()
        # Where things go that are one too many; what is inside them is not read either.
        self._lost = _Node(depth=MAX_DEPTH)
        self._declarations = MAX_DECLARATIONS
        self._nodes: list[_Node] = []
        self._by_id: dict[str, _Node] = {}
        self._values = MAX_VALUES
        self._texts = Texts()

    def read(self, root: Element) -> None:
        """Take in all elements, each with what the elements above it say."""
        todo: list[tuple[Element, _Scope]] = [(root, _Scope(self._page))]
        left = MAX_ELEMENTS
        while todo and left > 0:
            left -= 1
            element, above = todo.pop()
            if not isinstance(element.tag, str):
                continue
            scope = self._scope(element, above)
            todo.extend((child, scope) for child in reversed(element))

    def items(self) -> list[dict[str, Any]]:
        """The things with a type that are in no other, written out."""
        return [
            {"@context": CONTEXT, **self._written(node)}
            for node in self._nodes
            if node.types and not node.is_inside
        ]

    # -- one element -------------------------------------------------------------------------------

    def _scope(self, element: Element, above: _Scope) -> _Scope:
        attributes = element.attrib
        if not attributes:
            return above
        here = self._declared(element, above)
        names = _properties(element, here)
        node = above.node
        if "typeof" in attributes:
            node = self._thing(element, here, names)
        elif names:
            self._add(above.node, names, self._value(element))
        elif "property" not in attributes and ("resource" in attributes or "about" in attributes):
            node = self._at(self._address(element, ("about", "resource")), above.node)
        return here if node is here.node else replace(here, node=node)

    def _thing(self, element: Element, here: _Scope, names: list[str]) -> _Node:
        """The thing that an element with ``typeof`` begins."""
        places = ("about", "resource", "href", "src")
        above = here.node
        node = self._at(
            self._address(element, places["property" in element.attrib or bool(names) :]), above
        )
        types = [name for word in _words(element, "typeof") if (name := here.term(word))]
        node.types += [name for name in types if name not in node.types]
        if names and above is not self._page and node is not above:
            # A thing is inside one other at most, and none inside itself: the rest refer to it.
            if not node.is_inside and node.depth > above.depth:
                node.is_inside = True
                self._add(above, names[:1], node)
                names = names[1:]
            self._add(above, names, _Address(node.id))
        return node

    def _declared(self, element: Element, above: _Scope) -> _Scope:
        """The scope with the vocabulary and prefixes that an element declares."""
        vocabulary, prefix = element.get("vocab"), element.get("prefix")
        if vocabulary is None and prefix is None:
            return above
        self._declarations -= 1
        if self._declarations < 0:
            return _Scope(above.node, "", {})
        prefixes = dict(above.prefixes)
        if prefix:
            words = prefix.split()[: 2 * MAX_PREFIXES]
            pairs = zip(words[::2], words[1::2], strict=False)
            prefixes |= {name[:-1].lower(): full for name, full in pairs if name.endswith(":")}
            prefixes = dict(list(prefixes.items())[-MAX_PREFIXES:])
        vocabulary = above.vocabulary if vocabulary is None else vocabulary.strip()
        # "https://schema.org" without its slash is common.
        slash = "/" if vocabulary + "/" in _SCHEMA else ""
        return _Scope(above.node, vocabulary + slash, prefixes)

    def _at(self, address: str, above: _Node) -> _Node:
        """The thing of an address, or a new one; a lost one where there are too many."""
        if address and address in self._by_id:
            return self._by_id[address]
        if len(self._nodes) >= MAX_NODES or above.depth >= MAX_DEPTH:
            return self._lost
        node = _Node(address, depth=above.depth + 1)
        self._nodes.append(node)
        if address:
            self._by_id[address] = node
        return node

    def _add(self, node: _Node, names: list[str], value: Any) -> None:
        if node is self._page or node is self._lost or value == "":
            return
        for name in names:
            if self._values <= 0:
                return
            self._values -= 1
            node.values.setdefault(name, []).append(value)

    def _value(self, element: Element) -> str:
        """What a property without ``typeof`` says (RDFa Core 1.1 §7.5, step 11)."""
        if "content" in element.attrib:
            return element.get("content", "").strip()[:LONGEST_VALUE]
        if "datatype" not in element.attrib:
            for name in ("resource", "href", "src"):
                if name in element.attrib:
                    return _Address(self._address(element, (name,)))
        if "datetime" in element.attrib:
            return element.get("datetime", "").strip()[:LONGEST_VALUE]
        return self._texts.of(element)

    def _address(self, element: Element, places: tuple[str, ...]) -> str:
        place = next((each for each in places if each in element.attrib), None)
        if place is None:
            return ""
        given = element.get(place, "").strip()[:LONGEST_ADDRESS]
        if not given and place in ("about", "resource"):
            return self._base_url
        return joined(self._base_url, given)

    # -- as JSON-LD --------------------------------------------------------------------------------

    def _written(self, node: _Node) -> dict[str, Any]:
        """A thing with what is inside it; the depth of things is bounded, so this ends."""
        written: dict[str, Any] = {}
        if node.types:
            written["@type"] = node.types[0] if len(node.types) == 1 else node.types
        if node.id:
            written["@id"] = node.id
        for name, values in node.values.items():
            said = [self._said(value, node) for value in values]
            written[name] = said[0] if len(said) == 1 else said
        return written

    def _said(self, value: Any, of: _Node) -> Any:
        if isinstance(value, _Node):
            return self._written(value)
        if isinstance(value, _Address):
            other = self._by_id.get(value)
            # A thing that stands elsewhere on the page is referred to.
            refers = other is not None and other.types and other is not of
            return {"@id": str(value)} if refers else str(value)
        return value


class _Address(str):
    """A value that is an address, and may be that of a thing on the page."""


def _properties(element: Element, here: _Scope) -> list[str]:
    """The properties of schema.org that an element gives a value to.

    ``rel`` is no part of RDFa Lite, but LRMI's own examples have it. It counts where it cannot be
    one of HTML's link types (``nofollow``), and for the licence, which is one.
    """
    words = list(_words(element, "property"))
    if "property" not in element.attrib and "rel" in element.attrib:
        structural = "typeof" in element.attrib or "resource" in element.attrib
        words = [word for word in _words(element, "rel") if structural or word == "license"]
    return [name for word in words if (name := here.term(word))]


def _words(element: Element, name: str) -> Iterator[str]:
    yield from element.get(name, "").split()[:20]
