"""Statements of rights in JSON-LD: an address, a text, or a node with either."""

from typing import Any

from oer.formats.draft import is_uri
from oer.formats.jsonld_values import Document, each, identifier_of, plain, resolved, strings
from oer.metadata.resource_metadata import LangString, LicenseStatement


def statements(value: Any, document: Document, element: str) -> list[LicenseStatement]:
    """Every statement of a value, with the name of the property it stood in."""
    return [
        statement for single in each(value) for statement in _statements(single, document, element)
    ]


def _statements(value: Any, document: Document, element: str) -> list[LicenseStatement]:
    if not isinstance(value, dict):
        text = plain(value)
        language = None if is_uri(text) else document.language
        return [LicenseStatement(text, element=element, language=language)] if text else []
    uri = None if "@value" in value else identifier_of(resolved(value, document))
    texts = strings(value, document)
    if not texts and uri is None:
        return []
    return [
        LicenseStatement(text.text, uri, element=element, language=text.language)
        for text in texts or [LangString("")]
    ]
