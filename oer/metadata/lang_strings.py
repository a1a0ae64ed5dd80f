"""Which of several texts a reader gets: on a page, in a credit line and in an export the same."""

from collections.abc import Iterable

from oer.metadata.resource_metadata import LangString, ResourceMetadata


def in_order_for(language: str, values: Iterable[LangString]) -> list[LangString]:
    """The reader's language first, English next, the others as the record orders them."""

    def rank(value: LangString) -> int:
        primary = (value.language or "").lower().partition("-")[0]
        return 0 if primary == language else 1 if primary == "en" else 2

    return sorted((value for value in values if value.text.strip()), key=rank)


def titles_for(language: str, metadata: ResourceMetadata) -> list[LangString]:
    """All titles of a material, the one for the reader first; other titles after the proper ones.

    Args:
        language: The primary subtag of the reader's language, ``fi``.
    """
    return in_order_for(language, metadata.title) + in_order_for(language, metadata.alternative)
