"""What the elements of MODS are made of: titles in pieces, languages, authorities, links."""

from oer.formats.namespaces import XLINK
from oer.formats.xml import XML_LANG, Element, language_tag, local_name, text_of

_HREFS = (f"{{{XLINK}}}href", "href")


def name_of(element: Element) -> str:
    """The local name of an element."""
    return local_name(element.tag)


def named(element: Element, name: str) -> list[Element]:
    """The children of that local name."""
    return [child for child in element if name_of(child) == name]


def children(element: Element, name: str | None = None) -> list[tuple[Element, str]]:
    """The children that say something, all of them or those of a name, with their texts."""
    found = [child for child in element if name is None or name_of(child) == name]
    return [(child, text) for child in found if (text := text_of(child))]


def language_of(element: Element) -> tuple[str | None, str | None]:
    """Tag and spelling of the language of an element: ``xml:lang``, or else ``lang``."""
    return language_tag(element.get(XML_LANG) or element.get("lang"))


def authority(element: Element) -> str | None:
    """The vocabulary that an element names."""
    return element.get("authority") or element.get("authorityURI") or None


def link(element: Element) -> str | None:
    """Where an element leads to."""
    return next(filter(None, map(element.get, _HREFS)), None)


def without_final_marks(text: str) -> str:
    """The text without the punctuation that cataloguing rules (ISBD) put before the next element.

    A full stop may belong to an abbreviation, and stays.
    """
    return text.rstrip(" /:;,=")


_NO_SPACE_AFTER = ("'", "’", "-", "‐")


def title_of(element: Element) -> str:
    """A title whole: article, title, subtitle, and what part it is of."""
    said: dict[str, list[str]] = {}
    for child, text in children(element):
        said.setdefault(name_of(child), []).append(" ".join(text.split()))
    if not len(element):
        return without_final_marks(" ".join(text_of(element).split()))
    article = " ".join(said.pop("nonSort", []))
    title = " ".join(said.pop("title", []))
    if article:
        title = article + ("" if article.endswith(_NO_SPACE_AFTER) else " ") + title
    subtitle = without_final_marks(": ".join(said.pop("subTitle", [])))
    title = f"{without_final_marks(title)}: {subtitle}" if subtitle and title else title or subtitle
    parts = [text for texts in said.values() for text in texts]
    return without_final_marks(". ".join(filter(None, [title, *parts])))
