"""What the elements of LOM are made of: language strings, vocabulary values, identifiers, times.

Each of them has several spellings (IEEE, IMS, LORENET, HS-OER-LOM), which end here.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache

from oer.formats.draft import Draft, identifier, is_uri, list_parts, named_identifier
from oer.formats.xml import LONGEST_CACHED, XML_LANG, Element, language_tag, local_name, text_of
from oer.metadata.resource_metadata import Identifier, LangString, Term

Handler = Callable[[Draft, Element], None]
"""Adds what an element says to the draft."""


def element_name(tag: str) -> str:
    return _cached_name(tag) if len(tag) <= LONGEST_CACHED else local_name(tag).lower()


@lru_cache(maxsize=2048)
def _cached_name(tag: str) -> str:
    return local_name(tag).lower()


_STRING = frozenset({"string", "langstring"})


def strings_of(element: Element) -> list[LangString]:
    """The language strings of an element; its bare text where it has none."""
    if not len(element):
        text = element.text
        text = text.strip() if text else ""
        return [LangString(text)] if text else []
    strings = []
    for child in element:
        if element_name(child.tag) in _STRING:
            text, stated = _string(child)
        else:
            text, stated = text_of(child), None
        if text:
            strings.append(LangString(text, *language_tag(stated)))
    return strings


def _string(element: Element) -> tuple[str, str | None]:
    """Text and stated language; LORENET puts both into children of the string."""
    if not len(element):
        text = element.text
        stated = element.get(XML_LANG) or element.get("language") or element.get("lang")
        return (text.strip() if text else ""), stated
    text = stated = ""
    for child in element:
        if element_name(child.tag) == "language":
            stated = text_of(child)
        else:
            text = f"{text} {text_of(child)}".strip()
    return text, stated


def first_text(element: Element) -> str:
    """The first text of an element that may hold language strings."""
    strings = strings_of(element)
    return strings[0].text if strings else ""


def terms_of(element: Element) -> list[Term]:
    """The values of a vocabulary element: ``source`` and ``value``, or ``id`` and ``entry``.

    Several language strings are labels of one value; each becomes a term, so that none is lost.
    """
    if not len(element):
        labels, scheme, raw_id = strings_of(element), None, None
    else:
        labels, scheme, raw_id = _vocabulary(element)
    terms = []
    for label in labels:
        if is_uri(label.text):
            raw_id = raw_id or label.text
        else:
            terms.append(Term(label.text, raw_scheme=scheme, language=label.language))
    if raw_id is None:
        return terms
    return [
        Term(each.raw, raw_id=raw_id, raw_scheme=scheme, language=each.language)
        for each in terms or [Term()]
    ]


def _vocabulary(element: Element) -> tuple[list[LangString], str | None, str | None]:
    labels: list[LangString] = []
    scheme = raw_id = None
    for child in element:
        name = element_name(child.tag)
        if name == "source":
            scheme = first_text(child) or scheme
        elif name == "id":
            raw_id = first_text(child) or raw_id
        elif name in _STRING:
            text, stated = _string(child)
            if text:
                labels.append(LangString(text, *language_tag(stated)))
        else:
            labels.extend(strings_of(child))
    return labels, scheme, raw_id


def children_named(element: Element, *names: str) -> Iterator[Element]:
    return (child for child in element if element_name(child.tag) in names)


def texts(field: str) -> Handler:
    def add(draft: Draft, element: Element) -> None:
        draft[field].extend(strings_of(element))

    return add


def terms(field: str) -> Handler:
    def add(draft: Draft, element: Element) -> None:
        draft[field].extend(terms_of(element))

    return add


def keep_under_its_name(draft: Draft, element: Element) -> None:
    """An element of some profile's own: kept in the description under its name."""
    name = local_name(element.tag)
    for string in strings_of(element):
        text = f"{name}: {string.text}"
        draft["description"].append(LangString(text, string.language, string.raw_language))


def read_identifier(element: Element) -> Identifier | None:
    """``identifier`` or ``catalogentry``: the entry, with its catalogue where that is local."""
    if not len(element):
        text = text_of(element)
        return identifier(text) if text else None
    catalog = entry = ""
    for child in element:
        if element_name(child.tag) == "catalog":
            catalog = first_text(child)
        else:
            entry = entry or first_text(child)
    if not entry:
        return None
    return named_identifier(entry, catalog)


def keyword(draft: Draft, element: Element) -> None:
    for string in strings_of(element):
        for part in list_parts(string.text):
            is_id = is_uri(part)
            stated = Term(raw_id=part) if is_id else Term(part, language=string.language)
            draft["keywords"].append(stated)


def times_of(element: Element) -> list[str]:
    """The texts of a ``DateTime`` or ``Duration``: the value, or else its description in words."""
    if not len(element):
        text = text_of(element)
        return [text] if text else []
    values: list[str] = []
    words: list[str] = []
    for child in element:
        texts = [string.text for string in strings_of(child)]
        (words if element_name(child.tag) == "description" else values).extend(texts)
    return values or words
