"""Column mappings: which column of a table says what, declared by the operator. No code runs.

::

    [table]                      # all optional
    delimiter = ";"              # or seen from the header
    encoding = "windows-1252"    # or UTF-8 with or without mark
    header_row = 1
    sheet = "Materials"          # of a workbook; its first where absent
    key = ["Title", "Author"]    # what names a row where there is no identifier

    [mapping]
    identifier = "ID"
    title = "Title"
    keywords = {column = "Tags", split = ";"}
    description = [{column = "About", language = "en"}, {column = "Kuvaus", language = "fi"}]

    [defaults]                   # what the table leaves unsaid: oer.metadata.defaults
    language = "fi"

Other values that are in no column cannot be written here: what a table does not say, it does not
say.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harvesters.declared import (
    Field,
    complaints,
    letter,
    refuse,
    text,
    texts,
    unknown,
    whole_number,
)
from harvesters.table_elements import ELEMENTS
from oer.metadata.languages import read_language

IDENTIFIER = "identifier"


@dataclass(frozen=True)
class Column:
    """A column, and how its cells are to be taken."""

    name: str
    split: str | None = None
    """What stands between several values in one cell."""
    language: str | None = None
    """BCP 47 tag of the texts in it, as the operator declares it."""


@dataclass(frozen=True)
class TableMapping:
    """A table and what its columns say."""

    elements: tuple[tuple[str, tuple[Column, ...]], ...]
    key: tuple[str, ...] = ()
    delimiter: str | None = None
    encoding: str | None = None
    header_row: int = 1
    sheet: str | None = None

    @property
    def columns(self) -> frozenset[str]:
        """The names of all columns that are spoken of."""
        mapped = {column.name for _, columns in self.elements for column in columns}
        return frozenset(mapped | set(self.key))

    @property
    def identifier(self) -> Column | None:
        """The column that names a row, if there is one."""
        return next((columns[0] for name, columns in self.elements if name == IDENTIFIER), None)

    @property
    def digest(self) -> str:
        """Changes when the mapping does."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


def read_mapping(options: Mapping[str, Any], what: str = "The mapping") -> TableMapping:
    """The mapping in ``options``: its tables ``table`` and ``mapping``.

    Raises:
        UsageError: Something in it is wrong; the message names all that is.
    """
    refuse(list(mistakes(options)), what)
    settings = options.get("table", {})
    return TableMapping(
        elements=tuple(
            (element, tuple(map(_column, given if isinstance(given, list) else [given])))
            for element, given in options["mapping"].items()
        ),
        key=tuple(name.strip() for name in settings.get("key", ())),
        delimiter=settings.get("delimiter"),
        encoding=settings.get("encoding"),
        header_row=settings.get("header_row", 1),
        sheet=settings.get("sheet"),
    )


def mistakes(options: Mapping[str, Any], where: str = "") -> Iterator[str]:
    """What is wrong with the options of a tabular source."""
    settings, mapping = options.get("table", {}), options.get("mapping")
    if not isinstance(mapping, dict) or not mapping:
        yield f'{where}mapping is missing: say which column is the title, such as title = "Title"'
        mapping = {}
    if not isinstance(settings, dict):
        yield f"{where}table must be a table"
        settings = {}
    yield from complaints(settings, _SETTINGS, f"{where}table.")
    for element, given in mapping.items():
        yield from _element_mistakes(element, given, f"{where}mapping.")
    if mapping and IDENTIFIER not in mapping and not settings.get("key"):
        yield (
            f"{where}mapping.identifier is missing: name the column that identifies a row, or "
            'the columns that do so together, such as table.key = ["Title", "Author"]'
        )


def _element_mistakes(element: str, given: Any, where: str) -> Iterator[str]:
    if element not in ELEMENTS:
        yield f"{where}{element}: {unknown(element, ELEMENTS)}"
        return
    several = given if isinstance(given, list) else [given]
    if not several or (element == IDENTIFIER and len(several) > 1):
        yield f"{where}{element} must name one column"
        return
    for each in several:
        if isinstance(each, dict):
            yield from complaints(each, _COLUMN, f"{where}{element}.")
            if element == IDENTIFIER and "split" in each:
                yield f"{where}{element} cannot be split: a row has one identifier"
        elif problem := text(each):
            yield f"{where}{element} {problem}, the name of a column"


def _column(given: Any) -> Column:
    if isinstance(given, str):
        return Column(given.strip())
    return Column(given["column"].strip(), given.get("split"), given.get("language"))


def _language(value: Any) -> str | None:
    if isinstance(value, str) and read_language(value) == value:
        return None
    return "must be a language tag, such as fi"


def _encoding(value: Any) -> str | None:
    try:
        "".encode(value)
    except (LookupError, TypeError, ValueError):
        return "must be the name of a character encoding, such as windows-1252"
    return None


def _separator(value: Any) -> str | None:
    return None if isinstance(value, str) and value else "must say what stands between values"


_COLUMN = {
    "column": Field(text, required=True),
    "split": Field(_separator),
    "language": Field(_language),
}
_SETTINGS = {
    "delimiter": Field(letter),
    "encoding": Field(_encoding),
    "header_row": Field(whole_number(1, 1000)),
    "sheet": Field(text),
    "key": Field(texts),
}
