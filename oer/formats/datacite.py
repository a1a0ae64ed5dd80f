"""DataCite Metadata Schema, kernel 2 to 4; also wrapped in oai_datacite, and OpenAIRE's profile.

What a newcomer would get wrong: the publication year stands apart from the dates; a subtitle is a
``title`` of its own; ``resourceType`` holds two types, a general and a free one; ``(:tba)`` and its
like (Appendix 3) say that nothing is known. OpenAIRE's ``resource`` adds Dublin Core elements,
``licenseCondition`` and ``file`` to those of DataCite.

Left out: coordinates, award numbers and titles, identifiers of affiliations, schemes of related
metadata, and the contributors of related items.
"""

from collections.abc import Callable

from oer.errors import UnreadableRecord
from oer.formats import datacite_agents, datacite_relations, dublin_core, dublin_core_values
from oer.formats.datacite_values import (
    UNKNOWN,
    children_named,
    each_child,
    lang_string,
    language_of,
    stated_text,
)
from oer.formats.draft import (
    Draft,
    finish,
    is_uri,
    is_web_address,
    list_parts,
    new_draft,
)
from oer.formats.namespaces import DATACITE_FAMILIES
from oer.formats.xml import (
    Element,
    local_name,
    namespace,
    parse,
    shown,
    text_of,
)
from oer.metadata.resource_metadata import (
    LangString,
    LicenseStatement,
    Material,
    PartialDate,
    Relation,
    ResourceMetadata,
    Term,
)

Handler = Callable[[Draft, Element], None]

ROOTS = frozenset({"resource", "oai_datacite"})
"""Local names of the root, in lower case."""


def read(payload: bytes) -> ResourceMetadata:
    """Read a DataCite document, bare or in its OAI-PMH wrapper.

    Raises:
        UnreadableRecord: It is not XML, or not DataCite.
    """
    return read_element(parse(payload))


def read_element(root: Element) -> ResourceMetadata:
    """Read a parsed ``resource`` element, or the ``oai_datacite`` around one."""
    if local_name(root.tag) == "oai_datacite":
        root = next(root.iter("{*}resource"), root)
    if local_name(root.tag) != "resource" or not _is_datacite(root):
        raise UnreadableRecord(f"Not DataCite: the root element is {shown(root.tag)}.")
    draft = new_draft()
    for element in root:
        name = local_name(element.tag)
        (_HANDLERS.get(name) or _dublin_core)(draft, element)
    _year(draft, root)
    if "materials" in draft:
        draft["materials"] = dublin_core_values.joined(draft["materials"])
    return finish(draft)


def _is_datacite(root: Element) -> bool:
    names = {local_name(child.tag) for child in root}
    return namespace(root.tag).startswith(DATACITE_FAMILIES) or {"creators", "titles"} <= names


def _dublin_core(draft: Draft, element: Element) -> None:
    """The elements that OpenAIRE takes from Dublin Core, and whatever else there is."""
    dublin_core.add_element(draft, element)


# ---------------------------------------------------------------- titles and texts


def _titles(draft: Draft, element: Element) -> None:
    subtitles = []
    for child, text in children_named(element, "title"):
        string = lang_string(child, text)
        kind = child.get("titleType") or ""
        if kind == "Subtitle":
            subtitles.append(string)
        else:
            draft["alternative" if kind else "title"].append(string)
    for subtitle in subtitles:
        _add_subtitle(draft, subtitle)


def _add_subtitle(draft: Draft, subtitle: LangString) -> None:
    """Complete the title of the same language; a subtitle of no title stands for itself."""
    for position, title in enumerate(draft["title"]):
        if title.language == subtitle.language:
            whole = f"{title.text}: {subtitle.text}"
            draft["title"][position] = LangString(whole, title.language, title.raw_language)
            return
    draft["alternative"].append(subtitle)


def _description(draft: Draft, element: Element) -> None:
    text = _lines(element)
    if not text:
        return
    kind = element.get("descriptionType") or ""
    if kind == "SeriesInformation":
        draft["relations"].append(Relation("is_part_of", raw=text, raw_kind=kind))
    else:
        field = "table_of_contents" if kind == "TableOfContents" else "description"
        draft[field].append(lang_string(element, text))


def _lines(element: Element) -> str:
    """The text of a description; the one element allowed in it, ``br``, ends a line."""
    pieces = [element.text or ""]
    for child in element:
        separator = "\n" if local_name(child.tag).lower() == "br" else ""
        pieces += [separator, text_of(child), child.tail or ""]
    text = "".join(pieces).strip()
    return "" if UNKNOWN.fullmatch(text) else text


def _subject(draft: Draft, element: Element) -> None:
    text = stated_text(element)
    uri, code = element.get("valueURI") or None, element.get("classificationCode") or None
    scheme = element.get("subjectScheme") or element.get("schemeURI") or None
    language = language_of(element)[0]
    if not (text or uri):
        return
    for part in list_parts(text):
        if is_uri(part):
            draft["keywords"].append(Term(raw_id=part, raw_scheme=scheme))
        else:
            draft["keywords"].append(
                Term(part, raw_id=uri or code, raw_scheme=scheme, language=language)
            )


def _resource_type(draft: Draft, element: Element) -> None:
    """The free type, then the general one; OpenAIRE gives the concept of COAR in ``uri``."""
    general = element.get("resourceTypeGeneral")
    uri = element.get("uri") or None
    if (text := stated_text(element)) or uri:
        draft["learning_resource_type"].append(Term(text, raw_id=uri))
    if general:
        scheme = "datacite:resourceTypeGeneral"
        draft["learning_resource_type"].append(Term(general, raw_scheme=scheme))


# ---------------------------------------------------------------- dates

_DATES = {"Issued": "issued", "Created": "created", "Updated": "modified", "Coverage": "coverage"}


def _date(draft: Draft, element: Element) -> None:
    text = stated_text(element)
    field = _DATES.get(element.get("dateType") or "", "date")
    if text:
        draft[field].append(LangString(text) if field == "coverage" else PartialDate(text))


def _year(draft: Draft, root: Element) -> None:
    """The year of publication, unless a date of issue says it more precisely."""
    for _, text in children_named(root, "publicationYear"):
        if not any(date.raw.startswith(text) for date in draft.get("issued", ())):
            draft["issued"].append(PartialDate(text))


# ---------------------------------------------------------------- files, rights, places


def _size_or_format(draft: Draft, element: Element) -> None:
    if text := stated_text(element):
        dublin_core_values.add_format(draft, text)


def _file(draft: Draft, element: Element) -> None:
    """OpenAIRE: a file, with the URI of its access right."""
    if (url := stated_text(element)) and is_web_address(url):
        right = element.get("accessRightsURI")
        draft["materials"].append(
            Material(
                url,
                raw_media_type=element.get("mimeType") or None,
                access_rights=Term(raw_id=right) if right else None,
            )
        )


def _rights(draft: Draft, element: Element) -> None:
    """DataCite's ``rights``. OpenAIRE puts the access right there, as a concept of COAR."""
    text, uri = stated_text(element), element.get("rightsURI") or element.get("uri") or None
    name = f"datacite:{local_name(element.tag)}"
    if uri and "/access_right/" in uri:
        draft["access_rights"].append(Term(text, raw_id=uri))
    elif text or uri:
        language = language_of(element)[0]
        draft["license"].append(LicenseStatement(text, uri, element=name, language=language))
    if (code := element.get("rightsIdentifier")) and not uri:
        draft["license"].append(LicenseStatement(code, element=name))


def _place(draft: Draft, element: Element) -> None:
    for child, text in children_named(element, "geoLocationPlace"):
        draft["coverage"].append(lang_string(child, text))


def _version(draft: Draft, element: Element) -> None:
    if text := stated_text(element):
        draft["version"].append(text)


def _language(draft: Draft, element: Element) -> None:
    if text := stated_text(element):
        draft["language"].append(Term(text))


def _citation(draft: Draft, element: Element) -> None:
    if text := stated_text(element):
        name = local_name(element.tag).removeprefix("citation").lower()
        draft["bibliographic_citation"].append(text if name == "title" else f"{name} {text}")


def _read_later(draft: Draft, element: Element) -> None:
    """The year of publication is weighed against the dates, when all are read."""


_HANDLERS: dict[str, Handler] = {
    "identifier": datacite_relations.identifier,
    "creators": each_child(datacite_agents.creator),
    "titles": _titles,
    "publisher": datacite_agents.publisher,
    "publicationYear": _read_later,
    "resourceType": _resource_type,
    "subjects": each_child(_subject),
    "subject": _subject,
    "contributors": each_child(datacite_agents.contributor),
    "dates": each_child(_date),
    "date": _date,
    "language": _language,
    "alternateIdentifiers": each_child(datacite_relations.identifier),
    "relatedIdentifiers": each_child(datacite_relations.related_identifier),
    "relatedItems": each_child(datacite_relations.related_item),
    "sizes": each_child(_size_or_format),
    "formats": each_child(_size_or_format),
    "version": _version,
    "rightsList": each_child(_rights),
    "rights": _rights,
    "licenseCondition": _rights,
    "descriptions": each_child(_description),
    "description": _description,
    "geoLocations": each_child(_place),
    "fundingReferences": each_child(datacite_agents.funding),
    "file": _file,
    **dict.fromkeys(
        ["citationTitle", "citationVolume", "citationIssue", "citationStartPage",
         "citationEndPage", "citationEdition", "citationConferencePlace"],
        _citation,
    ),
}  # fmt: skip
