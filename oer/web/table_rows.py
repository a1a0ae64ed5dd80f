"""A material as one row of a spreadsheet, for the exports of searches and lists.

The columns have the names of the standards in every language, so that a script that reads one file
reads them all; the values are labels in the reader's language.
"""

from collections.abc import Mapping

from oer.metadata import licenses
from oer.models.resource import Resource
from oer.web import present
from oer.web.links import safe_url
from oer.web.text import Text

COLUMNS = (
    "title",
    "creator",
    "publisher",
    "issued",
    "learningResourceType",
    "educationalLevel",
    "language",
    "keywords",
    "license",
    "licenseUrl",
    "url",
    "permanentUrl",
    "source",
    "changed",
)

BYTE_ORDER_MARK = "\ufeff"
"""Without it the commonest spreadsheet takes UTF-8 for something else and spoils every ä."""


def row(
    resource: Resource, ui: str, permanent_url: str, source_names: Mapping[int, str]
) -> tuple[str, ...]:
    """The cells of a material, in the order of :data:`COLUMNS`."""
    metadata = resource.description
    verdict = licenses.verdict(metadata.license)
    named = verdict.uri or verdict.family
    return (
        present.title(metadata, ui).text,
        "; ".join(agent.name for agent in metadata.creator),
        "; ".join(agent.name for agent in metadata.publisher),
        "; ".join(date.value or date.raw for date in metadata.issued),
        _joined(present.terms(metadata.learning_resource_type, ui)),
        _joined(present.terms(metadata.educational_level, ui)),
        _joined(present.languages_of(metadata.language, ui)),
        _joined(present.terms(metadata.keywords, ui)),
        licenses.name(named, ui) if named else "",
        verdict.uri or "",
        safe_url(metadata.landing_page) or "",
        permanent_url,
        source_names.get(resource.source_id or 0, ""),
        f"{resource.datestamp:%Y-%m-%d}",
    )


def _joined(texts: list[Text]) -> str:
    return "; ".join(text.text for text in texts)
