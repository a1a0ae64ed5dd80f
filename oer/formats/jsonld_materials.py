"""Files in JSON-LD: encodings, videos, downloads, captions, and the resource that is a file itself.

AMB states captions of the resource, whose encodings are one recording in several forms: they go to
the first that can be played, and not to each, lest a small document should become a big one.
"""

from typing import Any

from msgspec.structs import replace

from oer.formats.draft import Draft, is_web_address
from oer.formats.jsonld_rights import statements
from oer.formats.jsonld_values import (
    Document,
    Node,
    address_of,
    each,
    fold,
    identifier_of,
    labels,
    plain,
    resolved,
    strings,
    terms,
    text_of,
)
from oer.metadata.resource_metadata import (
    Caption,
    Checksum,
    Duration,
    LangString,
    Material,
    Size,
)

_PROPERTIES = ("encoding", "associatedMedia", "video", "audio", "distribution", "trailer")
"""Properties of a resource that hold its files; ``trailer`` is one to look at first."""


def add_materials(draft: Draft, node: Node, document: Document) -> None:
    """The materials of a resource, with its captions."""
    materials = _of_node(node, document, own=True)
    for key in _PROPERTIES:
        for single in each(node.get(key)):
            if isinstance(single, dict):
                materials += _of_node(resolved(single, document), document, own=False)
            elif url := address_of(single):
                materials.append(Material(url))
    captions = []
    for single in each(node.get("caption")):
        if caption := _caption(single, document):
            captions.append(caption)
        else:
            draft["description"].extend(
                LangString(f"caption: {text.text}", text.language)
                for text in strings(single, document)
            )
    draft["materials"].extend(_with_captions(materials, tuple(captions)))


def _with_captions(materials: list[Material], captions: tuple[Caption, ...]) -> list[Material]:
    if not captions:
        return materials
    for position, material in enumerate(materials):
        if _plays(material):
            materials[position] = replace(material, captions=material.captions + captions)
            return materials
    return [*materials, Material(captions=captions)]


def _plays(material: Material) -> bool:
    """Whether it may be a recording: everything that is not said to be something else."""
    media_type = material.raw_media_type or ""
    return "/" not in media_type or media_type.startswith(("video/", "audio/"))


def _of_node(node: Node, document: Document, *, own: bool) -> list[Material]:
    """The files of a MediaObject; the resource's own ``url`` is its page, not its file."""
    urls = [text for single in each(node.get("contentUrl")) if (text := _address(single))]
    if not (urls or own):
        found = address_of(node, "url", "id", "downloadUrl")
        urls = [found] if found else []
    media_type = text_of(node.get("encodingFormat") or node.get("fileFormat"), document)
    size = text_of(node.get("contentSize"), document)
    embed_url = address_of(node.get("embedUrl"), "url", "id")
    if not (urls or embed_url or media_type or size):
        return []
    material = Material(
        None,
        () if own else tuple(labels(node, document)),
        raw_media_type=media_type or None,
        size=Size(size) if size else None,
        language=() if own else tuple(terms(node.get("inLanguage"), document)),
        duration=None if own else _duration(node, document),
        checksum=_checksum(node),
        captions=() if own else _captions(node, document),
        embed_url=embed_url,
        license=() if own else tuple(statements(node.get("license"), document, "schema:license")),
    )
    first = replace(material, url=urls[0]) if urls else material
    return [first, *(Material(url, raw_media_type=media_type or None) for url in urls[1:])]


def _address(value: Any) -> str | None:
    text = plain(value) if not isinstance(value, dict) else identifier_of(fold(value))
    return text if text and is_web_address(text) else None


def _duration(node: Node, document: Document) -> Duration | None:
    text = text_of(node.get("duration"), document)
    return Duration(text) if text else None


def _checksum(node: Node) -> Checksum | None:
    digest = plain(node.get("sha256")).lower()
    return Checksum("sha256", digest) if digest else None


def _captions(node: Node, document: Document) -> tuple[Caption, ...]:
    found = (_caption(single, document) for single in each(node.get("caption")))
    return tuple(caption for caption in found if caption)


def _caption(value: Any, document: Document) -> Caption | None:
    """A file of captions; None for the words below a picture."""
    if not isinstance(value, dict):
        url = address_of(value)
        return Caption(url) if url else None
    node = resolved(value, document)
    url = address_of(node, "contentUrl", "url", "id")
    if not url:
        return None
    return Caption(
        url,
        language=text_of(node.get("inLanguage"), document) or None,
        media_type=text_of(node.get("encodingFormat"), document) or None,
        label=text_of(node.get("name"), document) or None,
    )
