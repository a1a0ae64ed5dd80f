"""LOM category 6, rights: cost, restrictions and their description, of a resource or a record."""

import re
from typing import Any

from oer.formats.draft import Draft
from oer.formats.lom_values import (
    Handler,
    children_named,
    element_name,
    strings_of,
    terms_of,
)
from oer.formats.xml import Element, local_name
from oer.metadata.resource_metadata import (
    Flag,
    LicenseStatement,
)

# Cost is asked the other way round, so that only this crosswalk can say what the answer means.
_FREE = {
    "no": True,
    "nee": True,
    "non": True,
    "nein": True,
    "yes": False,
    "ja": False,
    "oui": False,
}


def _cost(draft: Draft, element: Element) -> None:
    for stated in terms_of(element):
        raw = stated.raw or stated.raw_id or ""
        value = _FREE.get(raw.lower())
        flag = Flag(f"cost: {raw}", value, None if value is None else "stated")
        draft["is_accessible_for_free"].append(flag)


_CC_SOURCE = re.compile(r"CC\s?v?\d(\.\d)?", re.IGNORECASE)


def _restrictions(field: str, scope: Any) -> Handler:
    def add(draft: Draft, element: Element) -> None:
        name = "lom:rights.copyrightAndOtherRestrictions"
        for stated in terms_of(element):
            raw, raw_id = stated.raw, stated.raw_id
            if raw and stated.raw_scheme and _CC_SOURCE.fullmatch(stated.raw_scheme):
                raw = f"{stated.raw_scheme} {raw}"  # LORENET: the source holds the version
            statement = LicenseStatement(
                raw or raw_id or "",
                raw_id if raw else None,
                element=name,
                language=stated.language,
                scope=scope,
            )
            draft[field].append(statement)

    return add


def _rights_text(field: str, scope: Any) -> Handler:
    """``rights.description``, or an element that some profile put among the rights."""

    def add(draft: Draft, element: Element) -> None:
        name = f"lom:rights.{local_name(element.tag)}"
        for string in strings_of(element):
            statement = LicenseStatement(
                string.text, element=name, language=string.language, scope=scope
            )
            draft[field].append(statement)

    return add


def rights(field: str, scope: Any) -> Handler:
    restrictions, other = _restrictions(field, scope), _rights_text(field, scope)

    def add(draft: Draft, category: Element) -> None:
        for element in category:
            name = element_name(element.tag)
            if name == "copyrightandotherrestrictions":
                restrictions(draft, element)
            elif name != "cost":
                other(draft, element)
            elif scope == "resource":
                _cost(draft, element)

    return add


def meta_metadata(draft: Draft, category: Element) -> None:
    for rights in children_named(category, "rights"):
        _METADATA_RIGHTS(draft, rights)


_METADATA_RIGHTS = rights("metadata_license", "metadata")
