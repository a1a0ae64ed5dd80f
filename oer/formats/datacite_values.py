"""What the elements of DataCite are made of; ``(:tba)`` and its like are no texts (Appendix 3)."""

import re
from collections.abc import Callable

from oer.formats.draft import Draft
from oer.formats.xml import XML_LANG, Element, language_tag, local_name, text_of
from oer.metadata.resource_metadata import LangString

Handler = Callable[[Draft, Element], None]

UNKNOWN = re.compile(r"\(:(?:unac|unal|unap|unas|unav|unkn|none|null|tba|etal)\)")


def stated_text(element: Element) -> str:
    """The text of an element; empty where it only says that nothing is known."""
    text = text_of(element)
    return "" if UNKNOWN.fullmatch(text) else text


def children_named(element: Element, name: str) -> list[tuple[Element, str]]:
    found = [child for child in element if local_name(child.tag) == name]
    return [(child, text) for child in found if (text := stated_text(child))]


def language_of(element: Element) -> tuple[str | None, str | None]:
    return language_tag(element.get(XML_LANG) or element.get("lang"))


def lang_string(element: Element, text: str) -> LangString:
    return LangString(text, *language_of(element))


def each_child(one: Handler) -> Handler:
    """For an element that only holds others."""

    def add(draft: Draft, element: Element) -> None:
        for child in element:
            one(draft, child)

    return add
