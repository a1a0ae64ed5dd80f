"""MARC 21 in XML, as libraries' catalogues and repositories give it; pymarc holds the record.

The XML is parsed by our own parser, since pymarc's reads document type declarations; pymarc is then
given the fields. What a newcomer would get wrong: punctuation at the end of a subfield belongs to
the next one (ISBD) and is taken off; a 6XX field is one heading with its subdivisions; the second
indicator of 856 says whether the address is the resource's own or another's; 880 holds a field once
more in its own script.

Left out, being about the record, the library's copy or the print: control fields but for the
language in 008, system and call numbers (010–019, 030–040, 049, 050 $b, 074, 086), places of
publication, statements of responsibility (245 $c), carrier types, years of persons, notes of one
library (59X) and on single copies (541, 561, 562, 563, 583), and all fields from 841 on but 856
and 880.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from oer.errors import UnreadableRecord
from oer.formats import marc_names, marc_subjects
from oer.formats.draft import (
    Draft,
    finish,
    is_web_address,
    named_identifier,
    new_draft,
)
from oer.formats.dublin_core_values import add_format
from oer.formats.marc_relations import relation
from oer.formats.marc_values import joined, plain, subfields
from oer.formats.namespaces import MARC21
from oer.formats.xml import Element, local_name, namespace, parse, shown, text_of
from oer.metadata.resource_metadata import (
    AgeRange,
    Duration,
    LangString,
    LicenseStatement,
    Material,
    Relation,
    ResourceMetadata,
    Size,
    Term,
)

if TYPE_CHECKING:
    from pymarc import Field, Record

Handler = Callable[[Draft, "Field"], None]

ROOTS = frozenset({"record", "collection"})
"""Local names of the root, in lower case."""


def read(payload: bytes) -> ResourceMetadata:
    """Read a MARCXML record.

    Raises:
        UnreadableRecord: It is not XML, not MARCXML, or a collection of several records.
    """
    return read_element(parse(payload))


def read_element(root: Element) -> ResourceMetadata:
    """Read a parsed ``record`` element, or a ``collection`` of one."""
    if local_name(root.tag) == "collection":
        records = [child for child in root if local_name(child.tag) == "record"]
        if len(records) != 1:
            raise UnreadableRecord(f"A MARCXML collection of {len(records)} records, not of one.")
        root = records[0]
    if local_name(root.tag) != "record" or not _is_marc(root):
        raise UnreadableRecord(f"Not MARCXML: the root element is {shown(root.tag)}.")
    draft = new_draft()
    record = _record(root)
    for field in record:
        if handler := _HANDLERS.get(_tag(field)):
            handler(draft, field)
    if "language" not in draft:
        draft["language"].extend(marc_subjects.coded_language(record))
    return finish(draft)


def _is_marc(root: Element) -> bool:
    return namespace(root.tag) == MARC21 or any(
        local_name(child.tag) in ("datafield", "controlfield") for child in root
    )


def _record(root: Element) -> "Record":
    """The record as pymarc holds it."""
    from pymarc import Field, Indicators, Record, Subfield  # takes a while to import

    fields = []
    for element in root:
        name, tag = local_name(element.tag), element.get("tag") or ""
        if not _TAG.fullmatch(tag):
            continue
        if name == "controlfield" and tag < "010":
            fields.append(Field(tag=tag, data=element.text or ""))
        elif name == "datafield" and tag >= "010":
            subfields = [
                Subfield(child.get("code") or "", text_of(child))
                for child in element
                if local_name(child.tag) == "subfield"
            ]
            indicators = Indicators(element.get("ind1") or " ", element.get("ind2") or " ")
            fields.append(Field(tag=tag, indicators=indicators, subfields=subfields))
    return Record(fields=fields)


_TAG = re.compile(r"[0-9]{3}")


def _tag(field: "Field") -> str:
    """The tag of a field; for one in its own script (880) that of the field it stands beside."""
    if field.tag == "880" and (match := _TAG.match(field.get("6", ""))):
        return match[0]
    return field.tag


# ---------------------------------------------------------------- titles and texts


_SPACED_MARK = re.compile(r"\s+([:;=/.,])")


def _title(draft: Draft, field: "Field") -> None:
    if title := joined(field, "abfgknps"):
        draft["title"].append(LangString(_SPACED_MARK.sub(r"\1", title)))


def _alternative(draft: Draft, field: "Field") -> None:
    if title := joined(field, "abfknpt"):
        draft["alternative"].append(LangString(_SPACED_MARK.sub(r"\1", title)))


def _note(target: str, codes: str = "abcdefgnrtu3") -> Handler:
    def add(draft: Draft, field: "Field") -> None:
        if text := " ".join(subfields(field, codes)):
            draft[target].append(LangString(text))

    return add


def _edition(draft: Draft, field: "Field") -> None:
    if text := joined(field, "ab"):
        draft["version"].append(text)


def _coverage(draft: Draft, field: "Field") -> None:
    if text := joined(field, "abcdefgh", " -- "):
        draft["coverage"].append(LangString(text))


# ---------------------------------------------------------------- whom it is for, what one may do


def _audience(draft: Draft, field: "Field") -> None:
    kind = field.indicators.first if field.indicators else " "
    for text in map(plain, subfields(field, "a")):
        if kind == "1":
            draft["typical_age_range"].append(AgeRange(text))
        else:
            target = "educational_level" if kind in ("0", "2") else "audience"
            draft[target].append(Term(text))


def _rights(name: str) -> Handler:
    def add(draft: Draft, field: "Field") -> None:
        raw, uris = " ".join(subfields(field, "abcdf")), subfields(field, "u")
        if raw or uris:
            first = uris[0] if uris else None
            draft["license"].append(LicenseStatement(raw, first, element=name))
        draft["license"].extend(LicenseStatement(raw_id=uri, element=name) for uri in uris[1:])

    return add


def _access(draft: Draft, field: "Field") -> None:
    text = " ".join(subfields(field, "abcdef"))
    uri = next(iter(subfields(field, "u")), None)
    if text or uri:
        draft["access_rights"].append(Term(text, raw_id=uri, raw_scheme=field.get("2")))


# ---------------------------------------------------------------- where it is


def _extent(draft: Draft, field: "Field") -> None:
    if text := joined(field, "abcefg"):
        add_format(draft, text)


def _playing_time(draft: Draft, field: "Field") -> None:
    for text in subfields(field, "a"):
        clock = f"{text[:2]}:{text[2:4]}:{text[4:]}" if len(text) == 6 and text.isdigit() else text
        draft["duration"].append(Duration(clock))


def _location(draft: Draft, field: "Field") -> None:
    name = " ".join(subfields(field, "y3z"))
    names = (LangString(name),) if name else ()
    related = field.indicators.second == "2" if field.indicators else False
    for position, url in enumerate(subfields(field, "u")):
        names = names if position == 0 else ()
        if related:
            stated = Relation("relation", url if is_web_address(url) else None, title=names)
            draft["relations"].append(stated)
        elif not is_web_address(url):
            draft["identifiers"].append(named_identifier(url, ""))
        else:
            draft["landing_page"].append(url)
            draft["identifiers"].append(named_identifier(url, "url"))
            size = field.get("s")
            draft["materials"].append(
                Material(
                    url, names, raw_media_type=field.get("q"), size=Size(size) if size else None
                )
            )


_HANDLERS: dict[str, Handler] = {
    "020": marc_subjects.isbn,
    "022": marc_subjects.issn,
    "024": marc_subjects.standard_number,
    "041": marc_subjects.language,
    "050": marc_subjects.class_number("lcc"),
    "060": marc_subjects.class_number("nlm"),
    "080": marc_subjects.class_number("udc"),
    "082": marc_subjects.class_number("ddc"),
    "084": marc_subjects.class_number(None),
    "100": marc_names.name("person", "creator"),
    "110": marc_names.name("organization", "creator"),
    "111": marc_names.name("organization", "creator"),
    "130": _alternative,
    "210": _alternative,
    "222": _alternative,
    "240": _alternative,
    "242": _alternative,
    "245": _title,
    "246": _alternative,
    "247": _alternative,
    "250": _edition,
    "251": _edition,
    "260": marc_names.publication,
    "264": marc_names.publication,
    "300": _extent,
    "306": _playing_time,
    "336": marc_subjects.content_type,
    "440": relation("is_part_of"),
    "490": relation("is_part_of"),
    "505": _note("table_of_contents"),
    "506": _access,
    "520": _note("description"),
    "521": _audience,
    "522": _coverage,
    "524": lambda draft, field: draft["bibliographic_citation"].extend(subfields(field, "a")),
    "526": _note("educational_description"),
    "536": marc_names.funder,
    "540": _rights("marc:540"),
    "542": _rights("marc:542"),
    "600": marc_subjects.subject,
    "610": marc_subjects.subject,
    "611": marc_subjects.subject,
    "630": marc_subjects.subject,
    "647": marc_subjects.subject,
    "648": marc_subjects.place,
    "650": marc_subjects.subject,
    "651": marc_subjects.place,
    "653": marc_subjects.free_keywords,
    "654": marc_subjects.free_keywords,
    "655": marc_subjects.genre,
    "658": marc_subjects.objective,
    "700": marc_names.name("person", "contributor"),
    "710": marc_names.name("organization", "contributor"),
    "711": marc_names.name("organization", "contributor"),
    "720": marc_names.name(None, "contributor"),
    "730": relation("relation"),
    "752": _coverage,
    "765": relation("translation_of"),
    "773": relation("is_part_of"),
    "774": relation("has_part"),
    "775": relation("relation"),
    "776": relation("has_format"),
    "780": relation("relation"),
    "785": relation("relation"),
    "786": relation("is_based_on"),
    "787": relation("relation"),
    "800": relation("is_part_of"),
    "810": relation("is_part_of"),
    "811": relation("is_part_of"),
    "830": relation("is_part_of"),
    "856": _location,
    **dict.fromkeys(
        ["500", "501", "502", "504", "507", "508", "510", "511", "513", "514", "515", "516", "518",
         "525", "530", "532", "533", "534", "535", "538", "544", "545", "546", "547", "550", "552",
         "555", "556", "565", "567", "580", "581", "585", "586", "588"],
        _note("description"),
    ),
}  # fmt: skip
