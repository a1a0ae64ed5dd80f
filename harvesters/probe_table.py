"""A column mapping to begin with, from what a table calls its columns.

A proposal for a curator to read, never kept by itself: only whole names that are plain are taken,
each once, and how cells are parted or which language they are in is left for whoever knows.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from harvesters.table_elements import ELEMENTS
from harvesters.table_mapping import IDENTIFIER
from harvesters.toml_text import toml_key, toml_value

NAMES: Mapping[str, str] = {
    "identifier": "id uuid guid key tunnus tunniste identifierare",
    "title": "title name otsikko nimi titel namn rubrik",
    "description": "description abstract summary about kuvaus tiivistelmä beskrivning",
    "language": "language lang languages kieli kielet språk",
    "learning_resource_type": "type materialtype aineistotyyppi tyyppi typ",
    "keywords": "keywords keyword tags asiasanat avainsanat nyckelord ämnesord",
    "creator": "creator author authors creators tekijä tekijät upphov författare",
    "publisher": "publisher julkaisija kustantaja utgivare",
    "issued": "date published datepublished year issued julkaistu vuosi år",
    "modified": "modified updated lastmodified muokattu päivitetty uppdaterad",
    "educational_level": "level educationlevel koulutusaste utbildningsnivå",
    "audience": "audience targetgroup kohderyhmä målgrupp",
    "license": "license licence rights lisenssi käyttöoikeus licens rättigheter",
    "url": "url link address uri href osoite linkki länk adress",
    "isbn": "isbn",
    "issn": "issn",
    "doi": "doi",
}
"""What columns are called, without spaces and marks, beside our own and schema.org's names."""

_PREFIX = re.compile(r"(?:dc|dcterms|schema|lrmi)[.:]", re.IGNORECASE)
_MARKS = re.compile(r"[\W_]+")


def _squeezed(name: str) -> str:
    return _MARKS.sub("", _PREFIX.sub("", name)).casefold()


def _known() -> dict[str, str]:
    known = {_squeezed(element): element for element in ELEMENTS}
    for element, (property_, _) in ELEMENTS.items():
        known.setdefault(_squeezed(property_), element)
    for element, names in NAMES.items():
        known |= dict.fromkeys(names.split(), element)
    return known


def proposed(columns: Sequence[str]) -> dict[str, Any] | None:
    """Options of a tabular source for these columns; None where none has a name that we know."""
    known = _known()
    mapping: dict[str, str] = {}
    for column in columns:
        element = known.get(_squeezed(column))
        if element and element not in mapping:
            mapping[element] = column
    key = mapping.get("url") or mapping.get("doi") or mapping.get("title")
    if not key:
        return None
    if IDENTIFIER in mapping:
        return {"mapping": mapping}
    return {"table": {"key": [key]}, "mapping": mapping}


def definition(slug: str, columns: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """The source as a file that ``oer source apply`` reads.

    Args:
        columns: Keys of the file and their values, besides those of the table.
    """
    where = f"sources.{toml_key(slug)}"
    lines = [f"[{where}]", *_lines(columns)]
    for name, table in options.items():
        lines += ["", f"[{where}.{name}]", *_lines(table)]
    return "\n".join(lines) + "\n"


def _lines(table: Mapping[str, Any]) -> list[str]:
    return [f"{toml_key(key)} = {toml_value(value)}" for key, value in table.items()]
