"""The OAI-PMH 2.0 side of a sample repository: arguments in, reply out.

Small, and correct where it matters for a harvester: exclusive tokens, inclusive bounds, deleted
records in every selection, an empty token at the end of a list that came in parts (§3.5).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from lxml import etree

from harvesters.samples import lom, oai_dc
from harvesters.samples.arguments import (
    Arguments,
    OaiError,
    asked_set,
    bounds,
    checked,
    resumed,
    token,
)
from harvesters.samples.records import Elements, Provider, SampleRecord, filled
from oer.formats.namespaces import IEEE_LOM, OAI, OAI_DC, XSI

SCHEMA_LOCATION = f"{OAI} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
OAI_IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"

NAMESPACES: dict[Any, str] = {None: OAI}

TOKEN_LIFE = timedelta(hours=1)


@dataclass(frozen=True)
class Format:
    """A metadata format the sample repositories write."""

    schema: str
    namespace: str
    render: Callable[[Elements], etree._Element]


FORMATS = {
    "oai_dc": Format("http://www.openarchives.org/OAI/2.0/oai_dc.xsd", OAI_DC, oai_dc.render),
    "lom": Format("http://ltsc.ieee.org/xsd/lomv1.0/lom.xsd", IEEE_LOM, lom.render),
}


@dataclass(frozen=True)
class Repository:
    """What the protocol needs to know of a sample repository."""

    provider: Provider
    site: str
    sets: Mapping[str, str]
    records: Sequence[SampleRecord]
    page_size: int

    @property
    def base_url(self) -> str:
        return f"{self.site}/oai"

    def page(self, record: SampleRecord) -> str:
        """The address of the page that stands for the record's material."""
        return f"{self.site}/material/{record.id}"

    def find(self, identifier: str) -> SampleRecord:
        for record in self.records:
            if record.identifier == identifier:
                return record
        raise OaiError("idDoesNotExist", f"No record {identifier!r} here.")


Answer = Callable[[Repository, Arguments, datetime], list[etree._Element]]


def reply(repository: Repository, pairs: Sequence[tuple[str, str]], now: datetime) -> bytes:
    """The reply to a request, given its arguments as they came. Always XML, also for errors."""
    root = etree.Element(
        _name("OAI-PMH"),
        {f"{{{XSI}}}schemaLocation": SCHEMA_LOCATION},
        nsmap=NAMESPACES | {"xsi": XSI},
    )
    _add(root, "responseDate", f"{now.astimezone(UTC):%FT%TZ}")
    request = _add(root, "request", repository.base_url)
    try:
        verb, arguments = checked(pairs)
        children = ANSWERS[verb](repository, arguments, now)
    except OaiError as error:
        _add(root, "error", str(error)).set("code", error.code)
        # §3.6: the request is not echoed where it could not be understood.
        understood = error.code not in ("badVerb", "badArgument")
    else:
        understood = True
        _add(root, verb).extend(children)
    if understood:
        for name, value in pairs:
            request.set(name, value)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _selected(repository: Repository, arguments: Arguments) -> list[SampleRecord]:
    _require_format(repository, arguments["metadataPrefix"])
    from_, until = bounds(arguments, repository.provider.granularity)
    set_spec = asked_set(arguments)
    records = [
        record
        for record in repository.records
        if (from_ is None or record.datestamp >= from_)
        and (until is None or record.datestamp <= until)
        and (set_spec is None or _in_set(record, set_spec))
    ]
    if not records:
        raise OaiError("noRecordsMatch", "Nothing matches from, until and set.")
    return records


def _in_set(record: SampleRecord, set_spec: str) -> bool:
    return any(f"{own}:".startswith(f"{set_spec}:") for own in record.set_specs)


def _require_format(repository: Repository, prefix: str) -> None:
    if prefix not in repository.provider.metadata_prefixes:
        known = ", ".join(repository.provider.metadata_prefixes)
        raise OaiError("cannotDisseminateFormat", f"No format {prefix!r} here. Known: {known}.")


# Verbs


def _identify(repository: Repository, _: Arguments, __: datetime) -> list[etree._Element]:
    provider = repository.provider
    earliest = min(record.datestamp for record in repository.records)
    facts = {
        "repositoryName": provider.title,
        "baseURL": repository.base_url,
        "protocolVersion": "2.0",
        "adminEmail": f"admin@{provider.host}",
        "earliestDatestamp": earliest[: len(provider.granularity)],
        "deletedRecord": provider.deleted_record,
        "granularity": provider.granularity,
    }
    description = _element("description")
    namespaces: dict[Any, str] = {None: OAI_IDENTIFIER}
    scheme = etree.SubElement(description, f"{{{OAI_IDENTIFIER}}}oai-identifier", nsmap=namespaces)
    for name, value in {
        "scheme": "oai",
        "repositoryIdentifier": provider.host,
        "delimiter": ":",
        "sampleIdentifier": repository.records[0].identifier,
    }.items():
        etree.SubElement(scheme, f"{{{OAI_IDENTIFIER}}}{name}").text = value
    return [*(_element(name, value) for name, value in facts.items()), description]


def _list_metadata_formats(
    repository: Repository, arguments: Arguments, _: datetime
) -> list[etree._Element]:
    if "identifier" in arguments:
        repository.find(arguments["identifier"])
    return [_metadata_format(prefix) for prefix in repository.provider.metadata_prefixes]


def _metadata_format(prefix: str) -> etree._Element:
    element = _element("metadataFormat")
    _add(element, "metadataPrefix", prefix)
    _add(element, "schema", FORMATS[prefix].schema)
    _add(element, "metadataNamespace", FORMATS[prefix].namespace)
    return element


def _list_sets(repository: Repository, arguments: Arguments, _: datetime) -> list[etree._Element]:
    if "resumptionToken" in arguments:
        raise OaiError("badResumptionToken", "The list of sets comes in one piece.")
    elements = []
    for spec, name in repository.sets.items():
        element = _element("set")
        _add(element, "setSpec", spec)
        _add(element, "setName", name)
        elements.append(element)
    return elements


def _get_record(repository: Repository, arguments: Arguments, _: datetime) -> list[etree._Element]:
    _require_format(repository, arguments["metadataPrefix"])
    record = repository.find(arguments["identifier"])
    return [_record(repository, record, arguments["metadataPrefix"])]


def _list_records(
    repository: Repository, arguments: Arguments, now: datetime
) -> list[etree._Element]:
    return _list(repository, "ListRecords", arguments, now, _record)


def _list_identifiers(
    repository: Repository, arguments: Arguments, now: datetime
) -> list[etree._Element]:
    return _list(
        repository, "ListIdentifiers", arguments, now, lambda _, record, __: _header(record)
    )


def _list(
    repository: Repository,
    verb: str,
    arguments: Arguments,
    now: datetime,
    present: Callable[[Repository, SampleRecord, str], etree._Element],
) -> list[etree._Element]:
    cursor = 0
    if "resumptionToken" in arguments:
        arguments, cursor = resumed(verb, arguments["resumptionToken"])
    try:
        records = _selected(repository, arguments)[cursor:]
    except OaiError as error:
        if not cursor:
            raise
        raise OaiError("badResumptionToken", str(error)) from None
    if not records:
        raise OaiError("badResumptionToken", "This token leads beyond the end of the list.")
    page = records[: repository.page_size]
    elements = [present(repository, record, arguments["metadataPrefix"]) for record in page]
    if cursor or len(records) > len(page):
        more = _element("resumptionToken")
        more.set("completeListSize", str(cursor + len(records)))
        more.set("cursor", str(cursor))
        if len(records) > len(page):
            more.set("expirationDate", f"{(now + TOKEN_LIFE).astimezone(UTC):%FT%TZ}")
            more.text = token(verb, arguments, cursor + len(page))
        elements.append(more)
    return elements


ANSWERS: dict[str, Answer] = {
    "Identify": _identify,
    "ListMetadataFormats": _list_metadata_formats,
    "ListSets": _list_sets,
    "ListIdentifiers": _list_identifiers,
    "ListRecords": _list_records,
    "GetRecord": _get_record,
}


# Records


def _header(record: SampleRecord) -> etree._Element:
    header = _element("header")
    if record.deleted:
        header.set("status", "deleted")
    _add(header, "identifier", record.identifier)
    _add(header, "datestamp", record.shown_datestamp)
    for spec in record.set_specs:
        _add(header, "setSpec", spec)
    return header


def _record(repository: Repository, record: SampleRecord, prefix: str) -> etree._Element:
    element = _element("record")
    element.append(_header(record))
    if record.elements is not None:
        elements = filled(record.elements, repository.site, repository.page(record))
        _add(element, "metadata").append(FORMATS[prefix].render(elements))
    return element


def _name(name: str) -> str:
    return f"{{{OAI}}}{name}"


def _element(name: str, text: str | None = None) -> etree._Element:
    element = etree.Element(_name(name), nsmap=NAMESPACES)
    element.text = text
    return element


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, _name(name))
    element.text = text
    return element
