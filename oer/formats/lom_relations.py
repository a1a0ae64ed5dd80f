"""LOM categories 7 and 9, relation and classification: what a kind or a purpose makes of values."""

from typing import Any, NamedTuple

from oer.formats.draft import Draft, is_web_address
from oer.formats.lom_values import (
    element_name,
    first_text,
    keep_under_its_name,
    keyword,
    read_identifier,
    strings_of,
    terms_of,
)
from oer.formats.xml import Element
from oer.metadata.resource_metadata import Alignment, Identifier, LangString, Relation, Term

_KINDS = {
    "ispartof": "is_part_of",
    "haspart": "has_part",
    "isversionof": "is_version_of",
    "hasversion": "has_version",
    "isformatof": "is_format_of",
    "hasformat": "has_format",
    "references": "references",
    "isreferencedby": "is_referenced_by",
    "isbasedon": "is_based_on",
    "isbasisfor": "is_basis_for",
    "requires": "requires",
    "isrequiredby": "is_required_by",
}


def relation(draft: Draft, category: Element) -> None:
    """A relation, or the preview image that NL-LOM and Normetic state as one."""
    kinds: list[Term] = []
    identifiers: list[Identifier] = []
    title: list[LangString] = []
    for element in category:
        if element_name(element.tag) == "kind":
            kinds.extend(terms_of(element))
            continue
        for child in list(element) or [element]:
            if element_name(child.tag) == "description":
                title.extend(strings_of(child))
            elif found := read_identifier(child):
                identifiers.append(found)
    raw_kind = (kinds[0].raw or kinds[0].raw_id or "") if kinds else ""
    url = next((each.value for each in identifiers if is_web_address(each.value)), None)
    if url and ("thumbnail" in raw_kind.lower() or raw_kind.lower() == "preview"):
        draft["thumbnail"].append(url)
    elif identifiers or title:
        kind: Any = _KINDS.get(raw_kind.lower().replace(" ", ""), "relation")
        stated = Relation(
            kind,
            url,
            tuple(each for each in identifiers if each.value != url),
            tuple(title),
            raw_kind=raw_kind or None,
        )
        draft["relations"].append(stated)


_PURPOSE_TERMS = {
    "discipline": "about",
    "vakgebied": "about",
    "idea": "about",
    "educational level": "educational_level",
    "access rights": "access_rights",
    "security level": "conditions_of_access",
}

_PURPOSE_ALIGNMENTS = {
    "prerequisite": "requires",
    "educational objective": "teaches",
    "competency": "teaches",
}


_LONGEST_PATH = 30
"""Real paths have some five steps; spelling out longer ones would grow with their square."""


class _Taxon(NamedTuple):
    term: Term
    path: str
    """Labels from the widest taxon to this one; empty at the top."""


def classification(draft: Draft, category: Element) -> None:
    """A classification: what its taxa say depends on its purpose."""
    purposes: list[Term] = []
    taxa: list[_Taxon] = []
    words: list[LangString] = []
    for element in category:
        name = element_name(element.tag)
        if name == "purpose":
            purposes.extend(terms_of(element))
        elif name == "taxonpath":
            taxa.extend(_taxa(element))
        elif name == "description":
            words.extend(strings_of(element))
        elif name == "keyword":
            keyword(draft, element)
        else:
            keep_under_its_name(draft, element)
    purpose = purposes[0].raw.lower() if purposes else ""
    if taxa and purpose != "accessibility restrictions":
        draft["educational_description"].extend(words)
    else:
        taxa += [_Taxon(Term(word.text, language=word.language), "") for word in words]
    _classify(draft, purpose, taxa)


def _classify(draft: Draft, purpose: str, taxa: list[_Taxon]) -> None:
    if purpose in _PURPOSE_TERMS or not purpose:
        field = _PURPOSE_TERMS.get(
            purpose, "about"
        )  # most classifications without one are of subjects
        draft[field].extend(taxon.term for taxon in taxa)
    elif purpose == "accessibility restrictions":
        strings = (LangString(taxon.term.raw, taxon.term.language) for taxon in taxa)
        draft["accessibility_summary"].extend(string for string in strings if string.text)
    else:
        draft["alignment"].extend(_alignment(purpose, taxon) for taxon in taxa)


def _alignment(purpose: str, taxon: _Taxon) -> Alignment:
    kind: Any = _PURPOSE_ALIGNMENTS.get(purpose, "other")
    raw_id = taxon.term.raw_id
    return Alignment(
        kind,
        taxon.term,
        framework=taxon.term.raw_scheme,
        target_url=raw_id if raw_id and is_web_address(raw_id) else None,
        description=taxon.path or None,
        raw_type=purpose,
    )


def _taxa(element: Element) -> list[_Taxon]:
    """The taxa of a path, from the widest to the narrowest: each of them is stated.

    One term for each label, because labels in two languages are compared by themselves.
    """
    scheme: str | None = None
    path: list[str] = []
    taxa: list[_Taxon] = []
    for child in element:
        if element_name(child.tag) == "source":
            scheme = first_text(child) or None
            continue
        raw_id, labels = _taxon(child)
        path += [labels[0].text if labels else raw_id or ""]
        line = " > ".join(path) if 1 < len(path) <= _LONGEST_PATH else ""
        for label in labels or ([LangString("")] if raw_id else []):
            stated = Term(label.text, raw_id=raw_id, raw_scheme=scheme, language=label.language)
            taxa.append(_Taxon(stated, line))
    return taxa


def _taxon(element: Element) -> tuple[str | None, list[LangString]]:
    raw_id, labels = None, []
    if not len(element):
        labels = strings_of(element)
    for child in element:
        if element_name(child.tag) == "id":
            raw_id = first_text(child) or None
        else:
            labels += strings_of(child)
    return raw_id, labels
