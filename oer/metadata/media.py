"""Media types and file sizes: whatever a record writes, to ``type/subtype`` and to bytes.

What a newcomer would get wrong: ``text`` and ``video`` are kinds of resource, not media types, and
a number alone in a format field may be a size, a page count or a width. Neither is read here.
"""

import re
from functools import lru_cache
from pathlib import PurePosixPath
from urllib.parse import urlsplit

LONGEST_RAW = 120

TELLS_NOTHING = "application/octet-stream"
"""What servers call a file of which they know nothing."""

MEDIA_TYPES = {
    "pdf": "application/pdf", ".pdf": "application/pdf", "adobe pdf": "application/pdf",
    "portable document format": "application/pdf", "html": "text/html", ".html": "text/html",
    "htm": "text/html", ".htm": "text/html", "epub": "application/epub+zip",
    ".epub": "application/epub+zip", "jpg": "image/jpeg", "jpeg": "image/jpeg",
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", "png": "image/png", ".png": "image/png",
    "gif": "image/gif", ".gif": "image/gif", "svg": "image/svg+xml", ".svg": "image/svg+xml",
    "mp3": "audio/mpeg", ".mp3": "audio/mpeg", "mp4": "video/mp4", ".mp4": "video/mp4",
    "webm": "video/webm", ".webm": "video/webm", "zip": "application/zip",
    ".zip": "application/zip", "csv": "text/csv", ".csv": "text/csv", "txt": "text/plain",
    ".txt": "text/plain", "plain text": "text/plain", "rtf": "application/rtf",
    ".rtf": "application/rtf", "doc": "application/msword", ".doc": "application/msword",
    "xls": "application/vnd.ms-excel", ".xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint", ".ppt": "application/vnd.ms-powerpoint",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    ".odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    ".odp": "application/vnd.oasis.opendocument.presentation", ".webp": "image/webp",
    ".ogg": "audio/ogg", ".oga": "audio/ogg", ".m4a": "audio/mp4", ".ogv": "video/ogg",
}  # fmt: skip
"""Names of formats in place of a media type."""

CORRECTIONS = {
    "image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/x-png": "image/png",
    "image/svg": "image/svg+xml", "application/x-pdf": "application/pdf",
    "text/pdf": "application/pdf",
    "application/x-zip-compressed": "application/zip", "application/x-zip": "application/zip",
    "audio/mp3": "audio/mpeg", "audio/x-mp3": "audio/mpeg", "audio/x-mpeg": "audio/mpeg",
    "audio/x-wav": "audio/wav", "audio/wave": "audio/wav", "audio/x-m4a": "audio/mp4",
    "video/x-mp4": "video/mp4", "video/x-m4v": "video/mp4", "text/htm": "text/html",
    "application/html": "text/html", "text/txt": "text/plain",
    "text/xhtml": "application/xhtml+xml",
    "application/word": "application/msword", "application/ms-word": "application/msword",
    "application/excel": "application/vnd.ms-excel",
    "application/x-excel": "application/vnd.ms-excel",
    "application/msexcel": "application/vnd.ms-excel",
    "application/powerpoint": "application/vnd.ms-powerpoint",
    "application/mspowerpoint": "application/vnd.ms-powerpoint",
    "application/vndms-powerpoint": "application/vnd.ms-powerpoint",
    "application/x-rtf": "application/rtf", "text/rtf": "application/rtf",
    "application/epub": "application/epub+zip",
}  # fmt: skip
"""Wrong or outdated spellings of media types (IANA's registry has the right ones)."""

KINDS = {
    "text/html": "web-page", "application/xhtml+xml": "web-page",
    "application/pdf": "document", "application/msword": "document",
    "application/rtf": "document", "text/plain": "document", "text/markdown": "document",
    "application/epub+zip": "document", "application/x-tex": "document",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "document",
    "application/vnd.oasis.opendocument.text": "document",
    "application/vnd.ms-powerpoint": "presentation",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "presentation",
    "application/vnd.openxmlformats-officedocument.presentationml.slideshow": "presentation",
    "application/vnd.oasis.opendocument.presentation": "presentation",
    "application/vnd.ms-excel": "table", "text/csv": "table", "text/tab-separated-values": "table",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "table",
    "application/vnd.oasis.opendocument.spreadsheet": "table",
    "application/vnd.geogebra.file": "interactive", "application/x-h5p": "interactive",
    "application/x-shockwave-flash": "interactive",
    "application/zip": "package", "application/gzip": "package", "application/x-tar": "package",
    "application/x-7z-compressed": "package", "application/x-rar-compressed": "package",
    "application/vnd.rar": "package", "application/vnd.ims.imsccv1p3": "package",
}  # fmt: skip
"""Media type to a kind that people tell apart by what they need to open it."""

WHOLE_KINDS = {"image": "image", "audio": "audio", "video": "video", "model": "interactive"}
"""Top-level type to a kind, where all its subtypes are of one."""

MEDIA_KINDS = tuple(dict.fromkeys((*KINDS.values(), *WHOLE_KINDS.values())))
"""Every kind, in the order they are shown where nothing else decides."""

_MEDIA_TYPE = re.compile(
    r"(?:https?://(?:www\.)?(?:iana\.org/assignments/media-types|purl\.org/NET/mediatypes)/)?"
    r"((?:application|audio|chemical|example|font|image|message|model|multipart|text|video|x-\w+)/"
    r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126})(?:\s*;.*)?",
    re.IGNORECASE,
)

_SIZE = re.compile(
    r"(\d{1,15}|\d{1,3}(?:[ \u00a0]\d{3})+)(?:[.,](\d{1,3}))?\s*([a-z]*)\.?", re.IGNORECASE
)
_UNIT_NAMES = """
1 b byte bytes tavu tavua octet octets
1000 kb kt kilobyte kilobytes kilotavua
1000000 mb mt megabyte megabytes megatavua
1000000000 gb gt gigabyte gigabytes gigatavua
1024 kib
1048576 mib
1073741824 gib
"""
UNITS = {
    name: int(number)
    for number, *names in (line.split() for line in _UNIT_NAMES.strip().splitlines())
    for name in names
}
"""Units of size in bytes; ``MB`` is a million (ISO 80000-13), ``MiB`` is 2²⁰."""


@lru_cache(maxsize=1024)
def read_media_type(raw: str) -> str | None:
    """The media type in lower case and without parameters; None where the text names none."""
    text = " ".join(raw.split())
    if len(text) > LONGEST_RAW:
        return None
    if match := _MEDIA_TYPE.fullmatch(text):
        found = match[1].lower()
        return CORRECTIONS.get(found, found)
    return MEDIA_TYPES.get(text.casefold())


def known_type(media_type: str | None, url: str | None) -> str | None:
    """The media type of a file: the one that is told, or the one that its address ends with.

    None where neither tells anything.
    """
    if media_type and media_type != TELLS_NOTHING:
        return media_type
    ending = PurePosixPath(urlsplit(url).path).suffix if url else ""
    return MEDIA_TYPES.get(ending.lower())


def kind_of(media_type: str) -> str | None:
    """The kind of a canonical media type; None where it tells nothing of what opens it."""
    return KINDS.get(media_type) or WHOLE_KINDS.get(media_type.partition("/")[0])


@lru_cache(maxsize=4096)
def read_size(raw: str) -> int | None:
    """The size in bytes; a bare whole number counts bytes. None where the text does not tell."""
    text = raw.strip()
    match = _SIZE.fullmatch(text) if len(text) <= LONGEST_RAW else None
    if match is None:
        return None
    whole, fraction, unit = re.sub(r"\D", "", match[1]), match[2] or "", match[3].casefold()
    factor = UNITS.get(unit) if unit else (None if fraction else 1)
    return int(whole + fraction) * factor // 10 ** len(fraction) if factor else None
