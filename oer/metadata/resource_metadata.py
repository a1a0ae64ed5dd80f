"""ResourceMetadata: what is said of a learning resource, and the pivot of every crosswalk.

Element names are Dublin Core's and LRMI's, in snake_case; the JSON form writes them in camelCase.
A crosswalk fills in what the record *states* (``raw``, ``raw_id``, ``raw_scheme``); ``normalise``
adds the canonical value and its ``basis``. Nothing here ever holds a guess: a value that could not
be understood keeps its raw form and has no canonical one.

The values are ``msgspec`` structs: frozen like dataclasses, several times cheaper to make, and
checked against these types when they are read back from JSON.
"""

from typing import Literal

import msgspec

SCHEMA_VERSION = 1
"""Version of the JSON form. Raise it when a change needs :func:`from_json` to upgrade old rows."""

Basis = Literal["stated", "mapped", "source_default", "curated"]
"""How a canonical value was reached. There is no "guessed"."""


class _Value(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel", gc=False):
    """Base of all values: immutable, comparable, small in JSON."""


class LangString(_Value, frozen=True):
    """A text and the language it is written in.

    ``language`` is a BCP 47 tag, or None where the record names none: the text's language is then
    unknown, never assumed. ``raw_language`` keeps the spelling of the record where it differs.
    """

    text: str
    language: str | None = None
    raw_language: str | None = None


class Term(_Value, frozen=True):
    """A value that belongs, or wants to belong, to a controlled vocabulary.

    Args:
        raw: The label or code as the record gives it; empty where it gave an identifier only.
        id: The canonical concept: ``vocabulary:code`` for our own vocabularies
            (``level:upper-secondary``), a URI for others, a BCP 47 tag for languages.
        basis: How ``id`` was reached; None exactly when ``id`` is None.
        raw_id: An identifier the record gave beside or instead of the label.
        raw_scheme: The vocabulary the record names (``LOMv1.0``, a URI).
        language: BCP 47 tag of the label ``raw``.
    """

    raw: str = ""
    id: str | None = None
    basis: Basis | None = None
    raw_id: str | None = None
    raw_scheme: str | None = None
    language: str | None = None


class PartialDate(_Value, frozen=True):
    """A date with the precision it was given in.

    ``value`` is ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` or ``YYYY-MM-DDThh:mm:ssZ`` (UTC): a bare
    year stays a year. None where the raw text could not be read as a date.
    """

    raw: str
    value: str | None = None
    basis: Basis | None = None

    @property
    def year(self) -> int | None:
        """The year, or None where the date could not be read."""
        return int(self.value[:4]) if self.value else None


class Duration(_Value, frozen=True):
    """A length of time. ``value`` is ISO 8601 (``PT45M``), None where it could not be read."""

    raw: str
    value: str | None = None
    basis: Basis | None = None


class AgeRange(_Value, frozen=True):
    """An age range in whole years; an open end is None."""

    raw: str
    minimum: int | None = None
    maximum: int | None = None
    basis: Basis | None = None


class Flag(_Value, frozen=True):
    """A yes or no that was stated somehow; ``value`` is None where it could not be read."""

    raw: str
    value: bool | None = None
    basis: Basis | None = None


class Size(_Value, frozen=True):
    """The size of a file; ``bytes`` is None where the raw text could not be read."""

    raw: str
    bytes: int | None = None


class Identifier(_Value, frozen=True):
    """An identifier and its scheme.

    Args:
        value: In the scheme's canonical form: a DOI without resolver, an ORCID with hyphens, …
        scheme: ``doi``, ``urn``, ``isbn``, ``issn``, ``handle``, ``ark``, ``url``, ``oai``,
            ``orcid``, ``ror``,
            ``isni``, ``wikidata``; ``other`` where the record names none that we know.
        raw: As given, where that differs from ``value``.
    """

    value: str
    scheme: str = "other"
    raw: str | None = None


class Agent(_Value, frozen=True):
    """A person or an organisation. Never an e-mail address: nobody needs it to reuse a material.

    ``type`` is None where the record does not tell (Dublin Core never does).
    """

    name: str
    type: Literal["person", "organization"] | None = None
    role: Term | None = None
    given_name: str | None = None
    family_name: str | None = None
    honorific_prefix: str | None = None
    affiliation: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    raw: str | None = None


class Alignment(_Value, frozen=True):
    """How the resource relates to a framework of competences or contents (LRMI AlignmentObject)."""

    type: Literal[
        "teaches",
        "assesses",
        "requires",
        "educational_subject",
        "educational_level",
        "text_complexity",
        "reading_level",
        "other",
    ]
    target: Term
    framework: str | None = None
    target_url: str | None = None
    description: str | None = None
    raw_type: str | None = None


class LicenseStatement(_Value, frozen=True):
    """One statement about rights, as given, and what we make of it.

    Args:
        raw: The text or URI as given; may be empty where only ``raw_id`` was given.
        raw_id: A URI the record gave beside the text (``rightsURI``, ``xlink:href``).
        element: Where it stood, as ``prefix:element`` (``dc:rights``, ``lom:rights.description``).
        kind: What kind of statement it is (``oer.metadata.licenses.KINDS``); None: not yet read.
        uri: The canonical URI of the licence, public-domain tool or rights statement.
        family: The licence without its version (``cc-by``), which may be all that was stated.
        basis: How ``uri`` or ``family`` was reached.
        language: BCP 47 tag of ``raw``.
        scope: What it speaks of: the resource itself, or its metadata only.
    """

    raw: str = ""
    raw_id: str | None = None
    element: str | None = None
    kind: str | None = None
    uri: str | None = None
    family: str | None = None
    basis: Basis | None = None
    language: str | None = None
    scope: Literal["resource", "metadata"] = "resource"


class Checksum(_Value, frozen=True):
    """The digest of a file, in lower-case hexadecimal."""

    algorithm: str
    value: str


class Caption(_Value, frozen=True):
    """Subtitles, captions or another timed text of a material."""

    url: str
    language: str | None = None
    media_type: str | None = None
    kind: str | None = None
    label: str | None = None


class Material(_Value, frozen=True):
    """A file or link that belongs to a resource (schema.org ``encoding``).

    ``url`` is None where the record describes a format without saying where the file is.
    """

    url: str | None = None
    name: tuple[LangString, ...] = ()
    media_type: str | None = None
    raw_media_type: str | None = None
    size: Size | None = None
    language: tuple[Term, ...] = ()
    duration: Duration | None = None
    checksum: Checksum | None = None
    captions: tuple[Caption, ...] = ()
    embed_url: str | None = None
    access_rights: Term | None = None
    license: tuple[LicenseStatement, ...] = ()


class Relation(_Value, frozen=True):
    """A relation to another resource.

    ``kind`` is one of Dublin Core's and LRMI's names; ``relation`` where the record says no more.
    """

    kind: Literal[
        "is_part_of",
        "has_part",
        "is_based_on",
        "is_basis_for",
        "is_version_of",
        "has_version",
        "is_format_of",
        "has_format",
        "requires",
        "is_required_by",
        "references",
        "is_referenced_by",
        "replaces",
        "is_replaced_by",
        "translation_of",
        "relation",
    ]
    url: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    title: tuple[LangString, ...] = ()
    creator: tuple[Agent, ...] = ()
    license: tuple[LicenseStatement, ...] = ()
    raw: str | None = None
    raw_kind: str | None = None


class MetadataRecord(_Value, frozen=True):
    """A metadata record this description came from, and who provided it (``mainEntityOfPage``)."""

    source: str
    identifier: str
    provider: str | None = None
    format: str | None = None
    datestamp: str | None = None
    url: str | None = None


class ResourceMetadata(_Value, frozen=True):
    """The description of one learning resource. Every element is optional and most repeat."""

    # What it is
    title: tuple[LangString, ...] = ()
    alternative: tuple[LangString, ...] = ()
    description: tuple[LangString, ...] = ()
    table_of_contents: tuple[LangString, ...] = ()
    language: tuple[Term, ...] = ()
    learning_resource_type: tuple[Term, ...] = ()
    about: tuple[Term, ...] = ()
    keywords: tuple[Term, ...] = ()
    coverage: tuple[LangString, ...] = ()
    version: str | None = None
    bibliographic_citation: str | None = None

    # Who made it, and when
    creator: tuple[Agent, ...] = ()
    contributor: tuple[Agent, ...] = ()
    publisher: tuple[Agent, ...] = ()
    funder: tuple[Agent, ...] = ()
    rights_holder: tuple[Agent, ...] = ()
    created: tuple[PartialDate, ...] = ()
    issued: tuple[PartialDate, ...] = ()
    modified: tuple[PartialDate, ...] = ()
    valid_until: tuple[PartialDate, ...] = ()
    date: tuple[PartialDate, ...] = ()
    """Dates of which the record does not say what happened on them (several ``dc:date``)."""

    # Whom and what it is for
    educational_level: tuple[Term, ...] = ()
    educational_use: tuple[Term, ...] = ()
    audience: tuple[Term, ...] = ()
    alignment: tuple[Alignment, ...] = ()
    typical_age_range: tuple[AgeRange, ...] = ()
    time_required: tuple[Duration, ...] = ()
    interactivity_type: tuple[Term, ...] = ()
    difficulty: tuple[Term, ...] = ()
    educational_description: tuple[LangString, ...] = ()

    # What one may do with it
    license: tuple[LicenseStatement, ...] = ()
    is_accessible_for_free: tuple[Flag, ...] = ()
    conditions_of_access: tuple[Term, ...] = ()
    access_rights: tuple[Term, ...] = ()

    # Who can use it
    access_mode: tuple[Term, ...] = ()
    access_mode_sufficient: tuple[tuple[Term, ...], ...] = ()
    accessibility_feature: tuple[Term, ...] = ()
    accessibility_hazard: tuple[Term, ...] = ()
    accessibility_summary: tuple[LangString, ...] = ()

    # Where it is
    landing_page: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    materials: tuple[Material, ...] = ()
    thumbnail: str | None = None
    duration: tuple[Duration, ...] = ()

    # What it stands beside
    relations: tuple[Relation, ...] = ()

    # Where this description came from
    records: tuple[MetadataRecord, ...] = ()
    metadata_license: tuple[LicenseStatement, ...] = ()


class _Envelope(msgspec.Struct, frozen=True, rename="camel"):
    schema_version: int
    metadata: ResourceMetadata


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(_Envelope)


def to_json(metadata: ResourceMetadata) -> str:
    """The JSON form: ``{"schemaVersion": 1, "metadata": {…}}``; empty elements are left out."""
    return _encoder.encode(_Envelope(SCHEMA_VERSION, metadata)).decode()


def from_json(text: str | bytes) -> ResourceMetadata:
    """Read the JSON form back, losing nothing.

    Raises:
        ValueError: The text is not this JSON form, or was written by a newer version.
    """
    try:
        envelope = _decoder.decode(text)
    except msgspec.MsgspecError as error:
        raise ValueError(f"Not resource metadata: {error}") from error
    if envelope.schema_version > SCHEMA_VERSION:
        raise ValueError(
            f"Resource metadata of schema version {envelope.schema_version}; "
            f"this version reads up to {SCHEMA_VERSION}."
        )
    return envelope.metadata
