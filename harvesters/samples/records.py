"""The sample records, read from the TOML files in ``data/``.

``data/README.md`` explains the files to those who edit them. Values are kept exactly as written
there, since a good part of them is wrong on purpose; only the datestamps and the names of the
levels are looked at here.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

Elements = Mapping[str, Any]

DATA = Path(__file__).with_name("data")


@dataclass(frozen=True)
class Provider:
    """What a sample repository says of itself (OAI-PMH 2.0 §4.2, Identify)."""

    slug: str
    title: str
    metadata_prefix: str
    """The format its records are written in."""
    metadata_prefixes: tuple[str, ...]
    """All formats it disseminates."""
    default_port: int
    granularity: Literal["YYYY-MM-DD", "YYYY-MM-DDThh:mm:ssZ"]
    deleted_record: Literal["persistent", "transient"]

    @property
    def host(self) -> str:
        """The repository identifier within the ``oai:`` scheme."""
        return f"{self.slug}.example.org"


PROVIDERS: dict[str, Provider] = {
    provider.slug: provider
    for provider in (
        Provider(
            slug="metsola",
            title="Metsola – avointen oppimateriaalien varasto",
            metadata_prefix="oai_dc",
            metadata_prefixes=("oai_dc",),
            default_port=8711,
            granularity="YYYY-MM-DDThh:mm:ssZ",
            deleted_record="persistent",
        ),
        Provider(
            slug="skargard",
            title="Skärgård – öppna lärresurser för högskola och yrkesutbildning",
            metadata_prefix="lom",
            metadata_prefixes=("lom", "oai_dc"),
            default_port=8712,
            granularity="YYYY-MM-DD",
            deleted_record="transient",
        ),
    )
}


@dataclass(frozen=True)
class SampleRecord:
    """One record: its header, and its elements as the file has them.

    Args:
        id: The local part of the identifier.
        identifier: The OAI identifier.
        datestamp: When it last changed, ``YYYY-MM-DDThh:mm:ssZ``; what selection goes by.
        shown_datestamp: What the header says; the same in the provider's granularity, except
            where a record is there to show a malformed one.
        set_specs: The most specific sets it belongs to.
        deleted: Whether only the header is left.
        elements: What it says; None for a record that has lost its metadata but is not deleted.
    """

    id: str
    identifier: str
    datestamp: str
    shown_datestamp: str
    set_specs: tuple[str, ...]
    deleted: bool
    elements: Elements | None


@dataclass(frozen=True)
class Catalogue:
    """All of one sample repository: its sets with their names, and its records."""

    sets: Mapping[str, str]
    records: tuple[SampleRecord, ...]


@lru_cache(maxsize=len(PROVIDERS))
def catalogue(slug: str) -> Catalogue:
    """The repository's records, in the order of its file (which is not that of the datestamps)."""
    provider = PROVIDERS[slug]
    tables = tomllib.loads((DATA / f"{slug}.toml").read_text(encoding="utf-8"))
    levels = tables["levels"]
    return Catalogue(
        sets=tables["sets"],
        records=tuple(_record(table, provider, levels) for table in tables["record"]),
    )


@lru_cache(maxsize=1)
def cast() -> Elements:
    """The invented persons and organisations that the records may name."""
    return tomllib.loads((DATA / "cast.toml").read_text(encoding="utf-8"))


def freshened(record: SampleRecord, provider: Provider, now: datetime) -> SampleRecord:
    """The record as if it had been edited now: a new datestamp and a line more in the text."""
    elements = None if record.elements is None else {**record.elements, "updated": f"{now:%F}"}
    return replace(
        record,
        datestamp=_seconds(now),
        shown_datestamp=_shown(now, provider),
        elements=elements,
    )


def texts(value: Any, language: str | None) -> list[tuple[str, str | None]]:
    """Every text in a value with the language tag it is to carry.

    A plain text carries ``language``; a table names its own tags, ``_`` being no tag at all.
    """
    if isinstance(value, str):
        return [(value, language)]
    if isinstance(value, Mapping):
        return [
            pair
            for tag, inner in value.items()
            for pair in texts(inner, None if tag == "_" else tag)
        ]
    return [pair for inner in value or () for pair in texts(inner, language)]


def label(table: Mapping[str, str], language: str) -> tuple[str, str]:
    """The table's label in the language, or else in English; and which of the two it is."""
    found = language if language in table else "en"
    return table[found], found


def filled(value: Any, site: str, page: str) -> Any:
    """The value with ``{site}`` and ``{page}`` put in wherever a text has them."""
    if isinstance(value, str):
        return value.replace("{site}", site).replace("{page}", page)
    if isinstance(value, Mapping):
        return {key: filled(inner, site, page) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, site, page) for inner in value]
    return value


def _record(table: dict[str, Any], provider: Provider, levels: Mapping[str, Any]) -> SampleRecord:
    deleted = table.get("deleted", False)
    stamp = table["datestamp"]
    chosen = [levels[key] for key in table.get("level", ())]
    sets = [*table.get("set", ()), *(level["set"] for level in chosen if "set" in level)]
    bare = deleted or table.get("without_metadata", False)
    return SampleRecord(
        id=table["id"],
        identifier=f"oai:{provider.host}:{table['id']}",
        datestamp=_seconds(stamp),
        shown_datestamp=table.get("shown_datestamp") or _shown(stamp, provider),
        set_specs=tuple(dict.fromkeys(sets)),
        deleted=deleted,
        elements=None if bare else {**_defaults(table, provider), **table, "level": chosen},
    )


def _defaults(table: Elements, provider: Provider) -> dict[str, Any]:
    """What goes without saying in the files: the language, and that the page is the address."""
    page = [["URI", "{page}"]] if provider.metadata_prefix == "lom" else ["{page}"]
    return {"language": table["lang"] or [], "identifier": page, "location": ["{page}"]}


def _seconds(stamp: date) -> str:
    # A day has no strftime for the time of day but zeros, which is what selection needs.
    return f"{stamp:%FT%TZ}"


def _shown(stamp: date, provider: Provider) -> str:
    return _seconds(stamp)[: len(provider.granularity)]
