"""MODS, the Metadata Object Description Schema of the Library of Congress, versions 3.0 to 3.8.

What a newcomer would get wrong: a title may stand in four pieces (``nonSort``, ``title``,
``subTitle``, parts) and in several kinds; two ``roleTerm`` in one ``role`` are one role, as code
and as text; several elements in one ``subject`` are one heading only where the subject itself is
under authority; ``recordInfo`` speaks of the record.

Left out, being about the record, the copy or the print: ``recordInfo``, ``extension``, holdings
and shelves in ``location``, places and manner of publication, ``digitalOrigin`` and quality of a
digitisation, coordinates, years of birth and other attributes of persons, identifiers marked
invalid, and the language of a summary (``language objectPart``).
"""

from collections.abc import Callable

from oer.errors import UnreadableRecord
from oer.formats import mods_names, mods_relations
from oer.formats.draft import (
    Draft,
    agent_name,
    finish,
    is_uri,
    is_web_address,
    named_identifier,
    new_draft,
)
from oer.formats.dublin_core_values import add_format, joined
from oer.formats.mods_values import (
    authority,
    children,
    language_of,
    link,
    name_of,
    named,
    title_of,
    without_final_marks,
)
from oer.formats.xml import Element, parse, shown, text_of
from oer.metadata.resource_metadata import (
    Agent,
    LangString,
    LicenseStatement,
    Material,
    PartialDate,
    ResourceMetadata,
    Term,
)

Handler = Callable[[Draft, Element], None]

ROOTS = frozenset({"mods", "modscollection"})
"""Local names of the root, in lower case."""


def read(payload: bytes) -> ResourceMetadata:
    """Read a MODS document.

    Raises:
        UnreadableRecord: It is not XML, not MODS, or a collection of several records.
    """
    return read_element(parse(payload))


def read_element(root: Element) -> ResourceMetadata:
    """Read a parsed ``mods`` element, or a ``modsCollection`` of one."""
    draft = new_draft()
    describe(draft, root)
    return finish(draft)


def describe(draft: Draft, root: Element) -> None:
    """Add what a ``mods`` element says."""
    if name_of(root).lower() == "modscollection":
        records = list(named(root, "mods"))
        if len(records) != 1:
            raise UnreadableRecord(f"A MODS collection of {len(records)} records, not of one.")
        root = records[0]
    if name_of(root).lower() != "mods":
        raise UnreadableRecord(f"Not MODS: the root element is {shown(root.tag)}.")
    for element in root:
        handler = _HANDLERS.get(name_of(element), _other)
        handler(draft, element)
    if "materials" in draft:
        draft["materials"] = joined(draft["materials"])


def _left_out(draft: Draft, element: Element) -> None:
    """Not said of the resource."""


def _other(draft: Draft, element: Element) -> None:
    """An element that MODS does not know: kept in the description under its name."""
    if text := text_of(element):
        text = f"{name_of(element)}: {text}"
        draft["description"].append(LangString(text, *language_of(element)))


def _title(draft: Draft, element: Element) -> None:
    if title := title_of(element):
        field = "alternative" if element.get("type") else "title"
        draft[field].append(LangString(title, *language_of(element)))


# ---------------------------------------------------------------- origin

_DATES = {
    "dateIssued": "issued",
    "dateCreated": "created",
    "dateModified": "modified",
    "dateValid": "date",
    "dateCaptured": "date",
    "copyrightDate": "date",
    "dateOther": "date",
}


def _origin(draft: Draft, element: Element) -> None:
    for child, text in children(element):
        name = name_of(child)
        if name in _DATES:
            if child.get("point") != "end":
                raw = text.rstrip(" .,;:") + _end_of_range(element, child)
                draft[_DATES[name]].append(PartialDate(raw))
        elif name == "publisher":
            if publisher := agent_name(without_final_marks(text)):
                draft["publisher"].append(Agent(publisher))
        elif name == "edition":
            draft["version"].append(text)


def _end_of_range(origin: Element, start: Element) -> str:
    """``/`` and the end of the range that a date is the start of; nothing for a single date."""
    if start.get("point") != "start":
        return ""
    ends = (text for end, text in children(origin, name_of(start)) if end.get("point") == "end")
    return "".join(f"/{end}" for end in list(ends)[:1])


# ---------------------------------------------------------------- content


def _language(draft: Draft, element: Element) -> None:
    """One language, as a code, in words, or both."""
    if element.get("objectPart"):
        return
    terms = children(element, "languageTerm") or [(element, text_of(element))]
    codes = [each for each in terms if each[0].get("type") == "code"]
    for term, text in codes or terms:
        if text:
            raw_id = term.get("valueURI") or None
            draft["language"].append(Term(text, raw_id=raw_id, raw_scheme=authority(term)))


def _terms(field: str) -> Handler:
    def add(draft: Draft, element: Element) -> None:
        if text := text_of(element):
            raw_id = element.get("valueURI") or None
            if is_uri(text):
                draft[field].append(Term(raw_id=text, raw_scheme=authority(element)))
            else:
                language = language_of(element)[0]
                term = Term(text, raw_id=raw_id, raw_scheme=authority(element), language=language)
                draft[field].append(term)

    return add


def _texts(field: str) -> Handler:
    def add(draft: Draft, element: Element) -> None:
        if text := text_of(element):
            draft[field].append(LangString(text, *language_of(element)))
        elif address := link(element):
            draft["identifiers"].append(named_identifier(address, ""))

    return add


def _note(draft: Draft, element: Element) -> None:
    """A remark, with the type that says what it remarks on; a citation goes where it belongs."""
    text = text_of(element)
    type_ = (element.get("type") or element.get("displayLabel") or "").strip()
    if not text:
        return
    if type_.lower() == "preferred citation":
        draft["bibliographic_citation"].append(" ".join(text.split()))
    else:
        text = f"{type_}: {text}" if type_ else text
        draft["description"].append(LangString(text, *language_of(element)))


def _physical(draft: Draft, element: Element) -> None:
    for child, text in children(element):
        name = name_of(child)
        if name in ("internetMediaType", "extent"):
            add_format(draft, text)
        elif name == "form":
            draft["materials"].append(Material(raw_media_type=text))
        elif name == "note":
            _note(draft, child)


# ---------------------------------------------------------------- subjects

_COVERAGE = frozenset(
    {"geographic", "temporal", "hierarchicalGeographic", "geographicCode", "cartographics"}
)


def _subject(draft: Draft, element: Element) -> None:
    parts = [(child, text) for child in element if (text := _subject_text(child))]
    language, scheme = language_of(element), authority(element)
    raw_id = element.get("valueURI") or None
    if len(parts) > 1 and (scheme or raw_id):
        heading = " -- ".join(text for _, text in parts)
        stated = Term(heading, raw_id=raw_id, raw_scheme=scheme, language=language[0])
        draft["keywords"].append(stated)
        return
    for child, text in parts:
        if name_of(child) in _COVERAGE:
            draft["coverage"].append(LangString(text, *language))
        else:
            draft["keywords"].append(
                Term(
                    text,
                    raw_id=child.get("valueURI") or raw_id,
                    raw_scheme=authority(child) or scheme,
                    language=language[0],
                )
            )
    if not len(element) and (text := text_of(element)):
        draft["keywords"].append(Term(text, raw_scheme=scheme, language=language[0]))


def _subject_text(child: Element) -> str:
    name = name_of(child)
    if name == "name":
        return ", ".join(text for part, text in children(child, "namePart"))
    if name == "titleInfo":
        return title_of(child)
    if name == "cartographics":  # numbers on a globe, which nobody reads
        return ""
    pieces = [text for _, text in children(child)] if len(child) else [text_of(child)]
    return ", ".join(filter(None, pieces))


def _classification(draft: Draft, element: Element) -> None:
    _terms("about")(draft, element)


# ---------------------------------------------------------------- where it is, and under what terms


def _identifier(draft: Draft, element: Element) -> None:
    text = text_of(element)
    if text and element.get("invalid") != "yes":
        draft["identifiers"].append(named_identifier(text, element.get("type") or ""))


def _location(draft: Draft, element: Element) -> None:
    if not len(element):
        _other(draft, element)
    for child, text in children(element, "url"):
        if not is_web_address(text):
            draft["identifiers"].append(named_identifier(text, ""))
            continue
        access = child.get("access") or ""
        name = child.get("displayLabel") or child.get("note") or ""
        if access == "preview":
            draft["thumbnail"].append(text)
        elif access == "raw object":
            names = (LangString(name),) if name else ()
            draft["materials"].append(Material(text, names))
        else:
            if access == "object in context" or child.get("usage"):
                draft["landing_page"].append(text)
            draft["identifiers"].append(named_identifier(text, "url"))


def _access_condition(draft: Draft, element: Element) -> None:
    """Who may read it, where the type says so; otherwise what one may do with it."""
    text, address = text_of(element), link(element)
    if not (text or address):
        return
    language = language_of(element)[0]
    type_ = (element.get("type") or "").lower()
    if type_.startswith("restriction"):
        draft["access_rights"].append(Term(text, raw_id=address, language=language))
    else:
        statement = LicenseStatement(
            text, address, element="mods:accessCondition", language=language
        )
        draft["license"].append(statement)


_HANDLERS: dict[str, Handler] = {
    "titleInfo": _title,
    "name": mods_names.name,
    "typeOfResource": _terms("learning_resource_type"),
    "genre": _terms("learning_resource_type"),
    "originInfo": _origin,
    "language": _language,
    "physicalDescription": _physical,
    "abstract": _texts("description"),
    "tableOfContents": _texts("table_of_contents"),
    "targetAudience": _terms("audience"),
    "note": _note,
    "subject": _subject,
    "classification": _classification,
    "relatedItem": mods_relations.related_item,
    "identifier": _identifier,
    "location": _location,
    "accessCondition": _access_condition,
    "part": mods_relations.part,
    "recordInfo": _left_out,
    "extension": _left_out,
}
