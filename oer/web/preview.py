"""Looking at a material without leaving: a page of ours that shows one file or player of another.

Materials lie on other people's servers, and no page of ours asks those anything by itself. So what
can be shown is behind a link, and the page behind it names the host that is asked. It alone has a
Content-Security-Policy that lets in that one host, for that one kind of thing.

Only ``https``: what comes over ``http`` may have been changed on its way, and browsers block it
wherever our own page is safe. Never a number for a host, nor a name inside a network: those lead
readers to machines of their own.
"""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from oer.metadata.identifiers import normalise_url
from oer.metadata.media import known_type
from oer.metadata.resource_metadata import Caption, Material, ResourceMetadata
from oer.models.resource import PUBLISHED
from oer.services import catalogue
from oer.web import headers, languages, present, words
from oer.web.context import context
from oer.web.links import host, is_public, public, safe_url
from oer.web.players import Player, frame_of
from oer.web.text import Text

blueprint: Blueprint = languages.blueprint("preview", __name__)

Kind = Literal["image", "audio", "video", "pdf", "player"]

KINDS: dict[str, Kind] = {
    "image/jpeg": "image",
    "image/png": "image",
    "image/gif": "image",
    "image/webp": "image",
    "image/avif": "image",
    # As an image only: there its scripts do not run.
    "image/svg+xml": "image",
    "audio/mpeg": "audio",
    "audio/mp4": "audio",
    "audio/ogg": "audio",
    "audio/wav": "audio",
    "audio/webm": "audio",
    "video/mp4": "video",
    "video/ogg": "video",
    "video/webm": "video",
    "application/pdf": "pdf",
}
"""Media types that browsers show by themselves."""

DIRECTIVES: dict[Kind, str] = {
    "image": "img-src",
    "audio": "media-src",
    "video": "media-src",
    "pdf": "frame-src",
    "player": "frame-src",
}

SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-presentation"
"""For players: their own scripts and storage, and links that open a tab of their own. Never our
address bar, no downloads, no dialogues. A PDF has none: browsers start no PDF viewer in a sandbox.
"""

LANDING_PAGE = 0
"""The number of the landing page among the previews; materials count from one."""

_NETLOC = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*(?::\d{1,5})?")
"""Stricter than the web: this goes into a header."""


@dataclass(frozen=True)
class Preview:
    """Something that can be shown here, and from where."""

    kind: Kind
    url: str
    """What the browser is to fetch."""
    page: str
    """Where the same is without us."""
    player: Player | None = None

    @property
    def host(self) -> str:
        """The host that is asked, as a reader would say it."""
        return host(self.url)

    @property
    def page_host(self) -> str:
        """The host where the same is without us."""
        return host(self.page)

    @property
    def policy(self) -> str:
        """The Content-Security-Policy under which it is shown."""
        origin = f"https://{urlsplit(self.url).netloc}"
        directive = DIRECTIVES[self.kind]
        if directive == "img-src":
            own = "img-src 'self'"
            return headers.CONTENT_SECURITY_POLICY.replace(own, f"{own} {origin}")
        return f"{headers.CONTENT_SECURITY_POLICY}; {directive} {origin}"


@blueprint.get("/r/<address>/preview/<int:number>")
def show(address: str, number: int) -> AnyResponse:
    """One material of a resource, shown here."""
    with context().sessions() as session:
        found = catalogue.by_address(session, address) or abort(404)
        if found.status != PUBLISHED:
            # That page knows where the resource went, or why it is gone.
            return redirect(url_for("catalogue.resource", address=address), 302)
        # An internal source's too: on a page of ours, nobody's own network is asked.
        metadata = public(found.description)
    preview = numbered(metadata, number)
    if preview is None or is_ours(preview):
        abort(404)
    ui = languages.ui_language()
    material = metadata.materials[number - 1] if number else Material()
    title = present.title(metadata, ui)
    response = Response(
        render_template(
            "catalogue/preview.html",
            preview=preview,
            resource=found,
            title=title,
            name=present.material_name(material, ui) if number else title,
            captions=captions(material, ui),
            sandbox=SANDBOX,
        ),
        content_type="text/html; charset=utf-8",
    )
    response.headers["Content-Security-Policy"] = preview.policy
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def numbered(metadata: ResourceMetadata, number: int) -> Preview | None:
    """The preview of a material, counted from one, or of the landing page (:data:`LANDING_PAGE`).

    None where there is nothing of that number, or nothing that a browser can show.
    """
    if number == LANDING_PAGE:
        return of_address(metadata.landing_page, None)
    return of(metadata.materials[number - 1]) if number <= len(metadata.materials) else None


def is_ours(preview: Preview) -> bool:
    """Whether it lies on the host of this very page: nothing of ours is framed."""
    ours = {request.host.partition(":")[0].rstrip(".").lower()}
    if base_url := context().settings.base_url:
        ours.add(urlsplit(base_url).hostname or "")
    return urlsplit(preview.url).hostname in ours


def of(material: Material) -> Preview | None:
    """What can be shown of a material: its player where we know that, else the file itself."""
    player = _player(material.embed_url)
    return player or of_address(material.url, material.media_type)


def of_address(url: str | None, media_type: str | None) -> Preview | None:
    """What can be shown of an address, of which a record may tell the media type."""
    return _player(url) or _file(url, media_type)


def captions(material: Material, ui: str) -> list[Text]:
    """Links to the texts of a film. Browsers take a ``<track>`` from our own host only."""
    return [_caption(each, url, ui) for each in material.captions if (url := safe_url(each.url))]


def _player(url: str | None) -> Preview | None:
    usable = normalise_url(url) if url else None
    frame = frame_of(usable) if usable else None
    if usable is None or frame is None or not _may_be_shown(frame.url):
        return None
    return Preview("player", frame.url, usable, frame.player)


def _file(url: str | None, media_type: str | None) -> Preview | None:
    usable = normalise_url(url) if url else None
    if usable is None or not _may_be_shown(usable):
        return None
    kind = KINDS.get(known_type(media_type, usable) or "")
    return Preview(kind, usable, usable) if kind else None


def _may_be_shown(url: str) -> bool:
    parts = urlsplit(url)
    is_named = _NETLOC.fullmatch(parts.netloc) is not None
    return parts.scheme == "https" and is_named and is_public(url)


def _caption(caption: Caption, url: str, ui: str) -> Text:
    if caption.label:
        return Text(caption.label, caption.language or "", url)
    return Text(words.language(caption.language, ui) if caption.language else host(url), None, url)
