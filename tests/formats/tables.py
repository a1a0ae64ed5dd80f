"""What the input × output tables of the crosswalks share."""

from pprint import pformat

from oer.metadata.resource_metadata import ResourceMetadata


def said(metadata: ResourceMetadata) -> dict[str, object]:
    """The elements that say something."""
    values = {name: getattr(metadata, name) for name in metadata.__struct_fields__}
    return {name: value for name, value in values.items() if value}


def assert_reads(metadata: ResourceMetadata, expected: dict[str, object]) -> None:
    actual = said(metadata)
    assert actual == expected, f"reads as\n{pformat(actual, width=100)}"


def all_texts(value: object) -> list[str]:
    """Every text anywhere inside a value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for each in value for text in all_texts(each)]
    if fields := getattr(value, "__struct_fields__", ()):
        return [text for name in fields for text in all_texts(getattr(value, name))]
    return []
