"""Addresses that came with metadata, checked once more before a reader may press them."""

from urllib.parse import urlsplit

from msgspec.structs import replace

from oer.metadata.identifiers import is_private_host
from oer.metadata.resource_metadata import Material, ResourceMetadata


def safe_url(url: str | None) -> str | None:
    """The address if it is http or https with a host; None for anything else."""
    if not url or any(character <= " " for character in url):
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return url if usable else None


def host(url: str) -> str:
    """The host a link leads to, as a reader would say it."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def is_public(url: str | None) -> bool:
    """Whether readers anywhere can reach the address, and none is led to a machine of their own."""
    return bool(url and safe_url(url)) and not is_private_host(url or "")


def public(metadata: ResourceMetadata) -> ResourceMetadata:
    """A description without the addresses in somebody's own network, for readers outside it."""
    return replace(
        metadata,
        landing_page=_public(metadata.landing_page),
        identifiers=tuple(i for i in metadata.identifiers if i.scheme != "url" or _public(i.value)),
        materials=tuple(map(_public_material, metadata.materials)),
        relations=tuple(replace(each, url=_public(each.url)) for each in metadata.relations),
        thumbnail=_public(metadata.thumbnail),
    )


def _public_material(material: Material) -> Material:
    captions = tuple(each for each in material.captions if _public(each.url))
    url, embed_url = _public(material.url), _public(material.embed_url)
    return replace(material, url=url, embed_url=embed_url, captions=captions)


def _public(url: str | None) -> str | None:
    """Whatever is no web address stays: it is nothing to press, but a name all the same."""
    return None if url and safe_url(url) and not is_public(url) else url
