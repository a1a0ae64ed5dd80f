"""What may be shown of addresses and messages: no secrets, and nothing of somebody's own network.

Queries of addresses hold keys, and the notes of a run repeat addresses as they were asked.
"""

import ipaddress
import re
from urllib.parse import unquote, urlsplit

from oer.metadata.identifiers import is_private_host
from oer.metadata.names import hide_e_mail

HIDDEN = "[internal address]"

_URL = re.compile(r"(?:https?|file)://[^\s'\"<>]+", re.IGNORECASE)
_NUMBERS = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|\[?[0-9a-f]*:[0-9a-f:]+\]?)(?![\w.])", re.I
)
_LONGEST = 2000


def public_address(url: str, *, internal: bool = False) -> str | None:
    """The address without user, query and fragment; None where it is nobody's business.

    Args:
        internal: The source stands in the operator's own network, whatever its name looks like.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if internal or not host or parts.scheme not in ("http", "https") or is_private_host(url):
        return None
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{f':{port}' if port else ''}{parts.path}"


def public_text(text: str, *, base_url: str, internal: bool) -> str:
    """A note or error of a run for everybody to read."""

    def address(match: re.Match[str]) -> str:
        url = match[0].rstrip(".,;:)")
        return (public_address(url, internal=internal) or HIDDEN) + match[0][len(url) :]

    shown = hide_e_mail(_URL.sub(address, text[:_LONGEST]))
    shown = _NUMBERS.sub(lambda match: HIDDEN if _is_private(match[0]) else match[0], shown)
    for secret in _secrets(base_url, internal):
        shown = shown.replace(secret, HIDDEN)
    return shown


def _is_private(number: str) -> bool:
    try:
        return not ipaddress.ip_address(number.strip("[]")).is_global
    except ValueError:
        return False


def _secrets(base_url: str, internal: bool) -> list[str]:
    """What of the source's own address must not be read: its host, or its place on our disk."""
    try:
        parts = urlsplit(base_url)
        host = parts.hostname
    except ValueError:
        return []
    if parts.scheme not in ("http", "https"):
        return [text for text in (base_url, unquote(parts.path)) if len(text) > 1]
    return [host] if internal and host else []
