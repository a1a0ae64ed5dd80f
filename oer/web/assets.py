"""Stylesheet, script and icons: served from memory under an address made of their content.

A changed file gets a new address, so browsers may keep what they have for a year without asking.
"""

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache

from flask import Blueprint, Response, abort, url_for

from oer.folders import STATIC

blueprint = Blueprint("assets", __name__, url_prefix="/static")

FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """A static file as it is sent."""

    content: bytes
    digest: str
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """Every static file by name. A handful of small files, read once."""
    return {path.name: _read(path.name) for path in STATIC.iterdir() if path.is_file()}


def _read(name: str) -> Asset:
    content = (STATIC / name).read_bytes()
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(content, hashlib.sha256(content).hexdigest()[:12], media_type)


def asset_url(name: str) -> str:
    """The address of a static file as it is now."""
    return url_for("assets.asset", digest=assets()[name].digest, name=name)


@blueprint.get("/<digest>/<name>")
def asset(digest: str, name: str) -> Response:
    """Send a file. An outdated address gets today's file, which is then not kept."""
    found = assets().get(name) or abort(404)
    response = Response(found.content, mimetype=found.media_type)
    response.headers["Cache-Control"] = FOR_EVER if digest == found.digest else "no-cache"
    return response
