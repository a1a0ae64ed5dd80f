"""Addresses that came with metadata, checked once more before a reader may press them."""

from urllib.parse import urlsplit


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
