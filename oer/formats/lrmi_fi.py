"""The LRMI that aoe.fi puts inside ``oai_dc:dc``: nested elements under the LRMI namespace.

No schema exists for it (the profile is known as LRMI_FI). Two things surprise: a keyword's
identifier is ``https:`` and the stored key glued together, so that only those which hold a YSO
address mean anything; and a material's second ``url`` is a PDF copy of the first.
"""

import re
from collections.abc import Callable
from typing import Any

from oer.formats.draft import Draft, agent_name, is_web_address, term
from oer.formats.xml import XML_LANG, Element, language_tag, local_name, text_of
from oer.metadata.resource_metadata import (
    Agent,
    AgeRange,
    Alignment,
    Flag,
    LangString,
    Material,
    Relation,
    Size,
    Term,
)

# https://www.yso.fi/onto/yso/p4923, https:http://www.yso.fi/onto/yso/p4923, …
_YSO = re.compile(r"(?:https?:)*//(?:www\.)?yso\.fi/onto/([a-z0-9-]+)/([a-z]?\d+)")

_ALIGNMENT_TYPES = {
    "teaches": "teaches",
    "assesses": "assesses",
    "requires": "requires",
    "educationalsubject": "educational_subject",
    "educationallevel": "educational_level",
    "textcomplexity": "text_complexity",
    "readinglevel": "reading_level",
}


def yso_uri(stated: str) -> str | None:
    """The concept URI that a stated identifier unmistakably means.

    YSO's own URIs begin with ``http://``, whatever scheme a record writes.
    """
    match = _YSO.fullmatch(stated)
    return f"http://www.yso.fi/onto/{match[1]}/{match[2]}" if match else None


def _language(element: Element) -> tuple[str | None, str | None]:
    return language_tag(element.get(XML_LANG) or element.get("lang"))


def _children(element: Element) -> list[tuple[str, Element, str]]:
    """The children that say something, as ``(local name, element, text)``."""
    children = ((local_name(child.tag), child, text_of(child)) for child in element)
    return [child for child in children if child[2]]


def _note(draft: Draft, element: Element, name: str, text: str) -> None:
    """Keep what stands where nothing was expected."""
    draft["description"].append(LangString(f"{name}: {text}", *_language(element)))


def _author(draft: Draft, element: Element, text: str) -> None:
    for name, child, stated in _children(element) or [("", element, text)]:
        agent = _agent(child, stated, name if name in ("person", "organization") else None)
        if agent.name:
            draft["creator"].append(agent)


def _agent(element: Element, text: str, type_: Any) -> Agent:
    names: list[str] = []
    affiliations: list[str] = []
    for name, _, stated in _children(element):
        (affiliations if name == "affiliation" else names).append(stated)
    if not names:
        names, affiliations = [text], []
    return Agent(agent_name(", ".join(names)), type_, affiliation=tuple(affiliations))


def _about(draft: Draft, element: Element, text: str) -> None:
    """A concept of YSO is what the resource is about; a tag of the author's is a keyword."""
    for thing in [child for child in element if len(child)] or [element]:
        language = _language(thing)[0]
        labels = [stated for name, _, stated in _children(thing) if name != "identifier"]
        keys = [stated for name, _, stated in _children(thing) if name == "identifier"]
        concept = next(filter(None, map(_concept, keys)), None)
        for label in labels or ([] if concept or len(thing) else [text]):
            stated_term = Term(label, raw_id=concept, language=language)
            draft["about" if concept else "keywords"].append(stated_term)
        if concept and not labels:
            draft["about"].append(Term(raw_id=concept))


def _concept(key: str) -> str | None:
    """The URI of a keyword's concept; None for ``https:`` glued to a tag."""
    return yso_uri(key) or (key if is_web_address(key) else None)


_MATERIAL = frozenset({"name", "url", "format", "filesize", "inLanguage", "position"})


def _material(draft: Draft, element: Element, text: str) -> None:
    said: dict[str, list[tuple[Element, str]]] = {name: [] for name in _MATERIAL}
    for name, child, stated in _children(element):
        if name in said:
            said[name].append((child, stated))
        else:
            _note(draft, child, name, stated)
    if not len(element):
        said["url"].append((element, text))
    names = tuple(LangString(stated, *_language(child)) for child, stated in said["name"])
    formats = [stated for _, stated in said["format"]]
    urls: list[tuple[str | None, str | None]]
    urls = [(stated, child.get("format")) for child, stated in said["url"]] or [(None, None)]
    for position, (url, media_type) in enumerate(urls):
        original = position == 0
        draft["materials"].append(
            Material(
                url,
                names,
                raw_media_type=media_type or (", ".join(formats) or None if original else None),
                size=Size(said["filesize"][0][1]) if original and said["filesize"] else None,
                language=tuple(Term(stated) for _, stated in said["inLanguage"]),
            )
        )


def _audience(draft: Draft, element: Element, text: str) -> None:
    for _, child, stated in _children(element) or [("", element, text)]:
        if stated:
            draft["audience"].append(term(stated, language=_language(child)[0]))


def _is_based_on(draft: Draft, element: Element, text: str) -> None:
    if not len(element):
        url = text if is_web_address(text) else None
        if text:
            draft["relations"].append(Relation("is_based_on", url=url, raw=text))
        return
    url, titles, creators, raw = None, [], [], []
    for name, child, stated in _children(element):
        if name == "url" and url is None and is_web_address(stated):
            url = stated
        elif name == "name":
            titles.append(LangString(stated, *_language(child)))
        elif name in ("author", "creator"):
            creators.append(Agent(agent_name(stated)))
        else:
            raw.append(stated)
    relation = Relation(
        "is_based_on",
        url=url,
        title=tuple(titles),
        creator=tuple(creators),
        raw="; ".join(raw) or None,
    )
    draft["relations"].append(relation)


def _learning_resource(draft: Draft, element: Element, text: str) -> None:
    if not len(element) and text:
        draft["learning_resource_type"].append(term(text))
    for child in element:
        stated = text_of(child)
        name = local_name(child.tag)
        if not stated:
            continue
        if name in _TERMS:
            draft[_TERMS[name]].append(term(stated, language=_language(child)[0]))
        elif name in HANDLERS:
            HANDLERS[name](draft, child, stated)
        else:
            _note(draft, child, name, stated)


_TERMS = {
    "educationalLevel": "educational_level",
    "educationalUse": "educational_use",
    "learningResourceType": "learning_resource_type",
    "interactivityType": "interactivity_type",
    "educationalRole": "audience",
}


def _objective(draft: Draft, element: Element, text: str) -> None:
    """``teaches`` and its like: the name of the element is the kind of alignment."""
    if text:
        kind: Any = _ALIGNMENT_TYPES[local_name(element.tag).lower()]
        target = term(text, language=_language(element)[0])
        draft["alignment"].append(Alignment(kind, target))


def _subject_alignment(draft: Draft, element: Element, text: str) -> None:
    """``educationalAlignment``: the subjects of a framework, not one pair after another."""
    children = _children(element)
    framework = ", ".join(text for name, _, text in children if name == "educationalFramework")
    stated_any = False
    for name, child, stated in children:
        kind: Any = _ALIGNMENT_TYPES.get(name.lower(), "other")
        if name != "educationalFramework":
            stated_any = True
            target = term(stated, language=_language(child)[0])
            raw_type = name if kind == "other" else None
            alignment = Alignment(kind, target, framework or None, raw_type=raw_type)
            draft["alignment"].append(alignment)
    if not stated_any and text:
        draft["alignment"].append(Alignment("educational_subject", term(framework or text)))


def _alignment_object(draft: Draft, element: Element, text: str) -> None:
    """``alignmentObject``: type, name, URL and framework of one target (LRMI 1.1)."""
    said: dict[str, str] = {}
    for name, child, stated in _children(element):
        if name in ("alignmentType", "targetName", "targetUrl", "educationalFramework"):
            said[name] = f"{said[name]}; {stated}" if name in said else stated
        elif name == "targetDescription":
            said[name] = stated
        else:
            _note(draft, child, name, stated)
    raw_type = said.get("alignmentType")
    kind: Any = _ALIGNMENT_TYPES.get((raw_type or "").lower().replace(" ", ""), "other")
    url = said.get("targetUrl")
    draft["alignment"].append(
        Alignment(
            kind,
            Term(said.get("targetName", "" if len(element) else text), raw_id=url),
            framework=said.get("educationalFramework"),
            target_url=url,
            description=said.get("targetDescription"),
            raw_type=raw_type,
        )
    )


def _age_range(draft: Draft, element: Element, text: str) -> None:
    if text:
        draft["typical_age_range"].append(AgeRange(text))


def _free(draft: Draft, element: Element, text: str) -> None:
    if text:
        draft["is_accessible_for_free"].append(Flag(text))


HANDLERS: dict[str, Callable[[Draft, Element, str], None]] = {
    "author": _author,
    "about": _about,
    "material": _material,
    "educationalAudience": _audience,
    "isBasedOn": _is_based_on,
    "isBasedOnUrl": _is_based_on,
    "learningResource": _learning_resource,
    "educationalAlignment": _subject_alignment,
    "alignmentObject": _alignment_object,
    "teaches": _objective,
    "assesses": _objective,
    "typicalAgeRange": _age_range,
    "isAccessibleForFree": _free,
}
