"""How a resource relates to frameworks of competences: LRMI's AlignmentObject, and its successors.

Subjects and levels stated that way go to the elements that are theirs.
"""

from collections.abc import Callable
from typing import Any

from oer.formats.draft import (
    Draft,
    is_web_address,
)
from oer.formats.jsonld_values import (
    Document,
    address_of,
    each,
    fold,
    labels,
    plain,
    resolved,
    strings,
    terms,
    text_of,
    types_of,
)
from oer.metadata.resource_metadata import (
    Alignment,
    LangString,
    Term,
)

Property = Callable[[Draft, Any, Document], None]

_ALIGNMENTS: dict[str, Any] = {
    "teaches": "teaches",
    "assesses": "assesses",
    "requires": "requires",
    "textcomplexity": "text_complexity",
    "readinglevel": "reading_level",
}
_FIELDS_OF_ALIGNMENTS = {
    "educationalsubject": "about",
    "educationallevel": "educational_level",
}
"""Kinds of alignment that have elements of their own."""


def alignment(draft: Draft, value: Any, document: Document) -> None:
    """LRMI's AlignmentObject, the older way to say teaches, educationalLevel and so on."""
    if not isinstance(value, dict):
        draft["alignment"].extend(Alignment("other", stated) for stated in terms(value, document))
        return
    node = resolved(value, document)
    urls = [found for key in ("targetUrl", "url", "id") for found in _addresses(node.get(key))]
    url = urls[0] if urls else None
    names = strings(node.get("targetName"), document) or labels(node, document)
    framework = text_of(node.get("educationalFramework"), document) or None
    description = text_of(node.get("targetDescription"), document)
    raw_type = plain(next(each(node.get("alignmentType")), "")).rpartition("/")[2]
    kind = raw_type.lower().replace(" ", "")
    stated = [Term(name.text, raw_id=url, language=name.language) for name in names]
    stated += [Term(raw_id=more) for more in (urls[1:] if stated else urls)]
    if not stated and description:
        stated = [Term()]
    if field := _FIELDS_OF_ALIGNMENTS.get(kind):
        draft[field].extend(
            Term(each_.raw, raw_id=each_.raw_id, raw_scheme=framework, language=each_.language)
            for each_ in stated
            if each_.raw or each_.raw_id
        )
        draft["educational_description"].extend([LangString(description)] if description else [])
        return
    draft["alignment"].extend(
        Alignment(
            _ALIGNMENTS.get(kind, "other"),
            each_,
            framework,
            each_.raw_id,
            description or None,
            raw_type or None,
        )
        for each_ in stated
    )


def _addresses(value: Any) -> list[str]:
    return [url for single in each(value) if (url := address_of(single, "id", "url"))]


def objective(kind: Any, raw_type: str | None = None) -> Property:
    def add(draft: Draft, value: Any, document: Document) -> None:
        if isinstance(value, dict) and "AlignmentObject" in types_of(fold(value)):
            value = {"alignmentType": kind, **fold(value)}
            alignment(draft, value, document)
            return
        for stated in terms(value, document):
            url = stated.raw_id if stated.raw_id and is_web_address(stated.raw_id) else None
            framework = stated.raw_scheme
            draft["alignment"].append(
                Alignment(kind, stated, framework, target_url=url, raw_type=raw_type)
            )

    return add
