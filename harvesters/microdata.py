"""Microdata in HTML, as JSON-LD (https://html.spec.whatwg.org/multipage/microdata.html).

What a newcomer would get wrong: an item's properties may stand elsewhere (``itemref``), may lead
back to the item itself, and the value of a property hangs on the element it stands on.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

if TYPE_CHECKING:
    from lxml import etree

    Element = etree._Element
else:
    Element = object

MAX_ITEMS = 2000
"""Of a page; what comes after is left unread."""
MAX_DEPTH = 12
MAX_STEPS = 2_000_000
"""Elements that are looked at: ``itemref`` may send us over the same ones again and again."""
LONGEST_VALUE = 200_000
MAX_TEXT = 8_000_000
"""Letters of all values of a page: one text may stand in many elements at once."""

_ADDRESSES = {
    "a": "href",
    "area": "href",
    "link": "href",
    "audio": "src",
    "embed": "src",
    "iframe": "src",
    "img": "src",
    "source": "src",
    "track": "src",
    "video": "src",
    "object": "data",
}
"""Elements whose value is an address (§5.2.4)."""
_NAME = re.compile(r"\w[\w:.#-]{0,99}")
_ATTRIBUTES = {"meta": "content", "data": "value", "meter": "value", "time": "datetime"}


def items(root: Element, base_url: str) -> Iterator[dict[str, Any]]:
    """The items of schema.org that stand on their own, as JSON-LD nodes."""
    reader = _Reader(root, base_url)
    for element in root.iter():
        if not isinstance(element.tag, str) or "itemscope" not in element.attrib:
            continue
        if "itemprop" not in element.attrib and _is_schema_org(element):
            yield {"@context": "https://schema.org/", **reader.node(element, ())}


def _is_schema_org(element: Element) -> bool:
    return "schema.org/" in element.get("itemtype", "")


class _Reader:
    def __init__(self, root: Element, base_url: str) -> None:
        self._root = root
        self._base_url = base_url
        self._ids: dict[str, Element] | None = None
        self._left = MAX_ITEMS
        self._steps = MAX_STEPS
        self._texts = Texts()

    def node(self, item: Element, above: tuple[Element, ...]) -> dict[str, Any]:
        """An item as a node; ``above`` are the items it stands in, which it may not hold again."""
        self._left -= 1
        types = [name for each in item.get("itemtype", "").split() if (name := _name(each))]
        node: dict[str, Any] = {"@type": types[0] if len(types) == 1 else types} if types else {}
        if identifier := item.get("itemid", "").strip():
            node["@id"] = urljoin(self._base_url, identifier)
        values: dict[str, list[Any]] = {}
        for element in self._properties(item):
            value = self._value(element, (*above, item))
            if value is None or value == "":
                continue
            for name in map(_name, element.get("itemprop", "").split()):
                if name:
                    values.setdefault(name, []).append(value)
        node.update({name: each if len(each) > 1 else each[0] for name, each in values.items()})
        return node

    def _properties(self, item: Element) -> Iterator[Element]:
        """The elements with the properties of an item, those of items inside it left out."""
        todo = [*reversed(self._referred(item)), *reversed(item)]
        seen: set[Element] = {item}
        while todo and self._steps > 0:
            self._steps -= 1
            element = todo.pop()
            if element in seen or not isinstance(element.tag, str):
                continue
            seen.add(element)
            if "itemprop" in element.attrib:
                yield element
            if "itemscope" not in element.attrib:
                todo.extend(reversed(element))

    def _referred(self, item: Element) -> list[Element]:
        names = item.get("itemref", "").split()
        if names and self._ids is None:
            self._ids = {}
            for element in self._root.iter():
                if isinstance(element.tag, str) and element.get("id"):
                    self._ids.setdefault(element.get("id", ""), element)
        return [self._ids[name] for name in names if self._ids and name in self._ids]

    def _value(self, element: Element, above: tuple[Element, ...]) -> Any:
        if "itemscope" in element.attrib:
            if element in above or len(above) >= MAX_DEPTH or self._left <= 0:
                return None
            return self.node(element, above)
        tag = str(element.tag)
        if "content" in element.attrib:  # on any element, as schema.org's own examples have it
            return element.get("content", "").strip()[:LONGEST_VALUE]
        if tag in _ADDRESSES:
            address = element.get(_ADDRESSES[tag], "").strip()
            return joined(self._base_url, address)
        stated = element.get(_ATTRIBUTES[tag]) if tag in _ATTRIBUTES else None
        return self._texts.of(element) if stated is None else stated.strip()[:LONGEST_VALUE]


def _name(word: str) -> str:
    """What a class or property is called; empty where no such thing can be, as ``@context``."""
    name = word.rpartition("/")[2]
    return name if _NAME.fullmatch(name) else ""


class Texts:
    """The texts of elements, of one page: each under a limit, and all together."""

    def __init__(self) -> None:
        self._left = MAX_TEXT

    def of(self, element: Element) -> str:
        """The text of an element and of those inside it."""
        parts: list[str] = []
        room = max(0, min(LONGEST_VALUE, self._left))
        for part in element.itertext():
            parts.append(str(part)[:room])
            # An empty text costs a step too.
            room -= len(part) + 1
            self._left -= len(part) + 1
            if room <= 0:
                break
        return "".join(parts).strip()


def joined(base_url: str, address: str) -> str:
    """An address made whole; as it is where it is none."""
    try:
        return urljoin(base_url, address) if address else ""
    except ValueError:
        return address
