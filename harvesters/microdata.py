"""Microdata in HTML, as JSON-LD (https://html.spec.whatwg.org/multipage/microdata.html).

What a newcomer would get wrong: an item's properties may stand elsewhere (``itemref``), may lead
back to the item itself, and the value of a property hangs on the element it stands on.
"""

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
LONGEST_VALUE = 200_000

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

    def node(self, item: Element, above: tuple[Element, ...]) -> dict[str, Any]:
        """An item as a node; ``above`` are the items it stands in, which it may not hold again."""
        self._left -= 1
        types = [each.rpartition("/")[2] for each in item.get("itemtype", "").split()]
        node: dict[str, Any] = {"@type": types[0] if len(types) == 1 else types} if types else {}
        if identifier := item.get("itemid", "").strip():
            node["@id"] = urljoin(self._base_url, identifier)
        values: dict[str, list[Any]] = {}
        for element in self._properties(item):
            value = self._value(element, (*above, item))
            if value is None or value == "":
                continue
            for name in element.get("itemprop", "").split():
                values.setdefault(name.rpartition("/")[2], []).append(value)
        node.update({name: each if len(each) > 1 else each[0] for name, each in values.items()})
        return node

    def _properties(self, item: Element) -> Iterator[Element]:
        """The elements with the properties of an item, those of items inside it left out."""
        todo = [*reversed(self._referred(item)), *reversed(item)]
        seen: set[Element] = {item}
        while todo:
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
            return _joined(self._base_url, address)
        stated = element.get(_ATTRIBUTES[tag]) if tag in _ATTRIBUTES else None
        return (_text(element) if stated is None else stated).strip()[:LONGEST_VALUE]


def _text(element: Element) -> str:
    return "".join(str(part) for part in element.itertext())


def _joined(base_url: str, address: str) -> str:
    try:
        return urljoin(base_url, address) if address else ""
    except ValueError:
        return address
