"""What a resource consists of and points to: materials, relations, and the licences of each."""

from typing import Any

from msgspec.structs import replace

from oer.metadata.licenses import read_statement
from oer.metadata.media import read_media_type, read_size
from oer.metadata.normalise_agents import agent
from oer.metadata.normalise_changes import Changes, each_value, note, with_fields
from oer.metadata.normalise_identifiers import all_identifiers, target_of
from oer.metadata.normalise_scalars import duration
from oer.metadata.normalise_terms import access, language
from oer.metadata.normalise_texts import language_tag, title, web_address
from oer.metadata.resource_metadata import Caption, LicenseStatement, Material, Relation
from oer.metadata.text import clean_line
from oer.metadata.vocabularies import Tables


def license_statement(
    field: str, value: LicenseStatement, tables: Tables, changes: Changes
) -> LicenseStatement | None:
    """What a statement about rights says of a licence. Unknown stays unknown."""
    if value.basis == "curated":
        return value
    stated = value
    if not (value.raw.strip() or value.raw_id):
        # Made by a form or a crosswalk, not copied: what it names is then what is stated.
        stated = replace(value, raw_id=value.uri, raw="" if value.uri else value.family or "")
    if not (stated.raw.strip() or stated.raw_id):
        return None
    new = read_statement(stated)
    canonical = new.uri or new.family
    if canonical and (canonical, new.kind) != (value.uri or value.family, value.kind):
        raw = stated.raw or stated.raw_id or ""
        note(changes, field, raw, canonical, f"licence read as {new.kind}", new.basis)
    tag = language_tag(f"{field}.language", new.language, None, changes)
    new = new if tag == new.language else replace(new, language=tag)
    return value if new == value else new


def license_statements(
    field: str, values: tuple[LicenseStatement, ...], tables: Tables, changes: Changes
) -> tuple[LicenseStatement, ...]:
    """The statements about rights of a part of the description."""
    return each_value(field, values, license_statement, tables, changes) if values else values


def material(field: str, value: Material, tables: Tables, changes: Changes) -> Material | None:
    """A file or link; None where nothing is left of it."""
    media_type, raw_media_type = _media_type(
        f"{field}.media_type", value.media_type, value.raw_media_type, changes
    )
    access_rights = value.access_rights and each_value(
        f"{field}.access_rights", (value.access_rights,), access, tables, changes
    )
    new = with_fields(
        value,
        url=value.url and web_address(f"{field}.url", value.url, changes),
        name=each_value(f"{field}.name", value.name, title, tables, changes),
        media_type=media_type,
        raw_media_type=raw_media_type,
        size=value.size and _size(f"{field}.size", value.size, changes),
        language=each_value(f"{field}.language", value.language, language, tables, changes),
        duration=value.duration and duration(f"{field}.duration", value.duration, tables, changes),
        captions=each_value(f"{field}.captions", value.captions, _caption, tables, changes),
        embed_url=value.embed_url and web_address(f"{field}.embed_url", value.embed_url, changes),
        access_rights=access_rights[0] if access_rights else None,
        license=license_statements(f"{field}.license", value.license, tables, changes),
    )
    return None if new == _NO_MATERIAL else new


_NO_MATERIAL = Material()


def _media_type(
    field: str, media_type: str | None, raw: str | None, changes: Changes
) -> tuple[str | None, str | None]:
    """The media type and, where it differs, what the record wrote."""
    stated = (raw or media_type or "").strip()
    found = read_media_type(media_type or stated) or read_media_type(stated)
    if found and found != media_type:
        note(changes, field, stated, found, "media type", "mapped")
    return found, (stated if stated != found else None) or None


def _size(field: str, value: Any, changes: Changes) -> Any:
    raw = value.raw.strip()
    if value.bytes is not None or (count := read_size(raw)) is None:
        return with_fields(value, raw=raw) if raw or value.bytes is not None else None
    note(changes, field, raw, str(count), "read", "stated")
    return with_fields(value, raw=raw, bytes=count)


def _caption(field: str, value: Caption, tables: Tables, changes: Changes) -> Caption | None:
    url = web_address(f"{field}.url", value.url, changes)
    if url is None:
        return None
    media_type = value.media_type and (read_media_type(value.media_type) or value.media_type)
    return with_fields(
        value,
        url=url,
        language=language_tag(f"{field}.language", value.language, None, changes),
        media_type=media_type or None,
        label=(clean_line(value.label) or None) if value.label else None,
    )


def relation(field: str, value: Relation, tables: Tables, changes: Changes) -> Relation | None:
    """A related resource; None where it leads nowhere and says nothing."""
    url, raw = value.url, (value.raw or "").strip() or None
    identifiers = all_identifiers(f"{field}.identifiers", value.identifiers, tables, changes)
    if url and not (url := web_address(f"{field}.url", url, changes)):
        raw = raw or (value.url or "").strip() or None
    if raw and not url and not identifiers:
        url, identifiers = target_of(field, raw, changes)
    new = with_fields(
        value,
        url=url or None,
        identifiers=identifiers,
        title=each_value(f"{field}.title", value.title, title, tables, changes),
        creator=each_value(f"{field}.creator", value.creator, agent, tables, changes),
        license=license_statements(f"{field}.license", value.license, tables, changes),
        raw=raw,
    )
    return new if new.url or new.identifiers or new.title or new.creator or new.raw else None
