"""Our material in other people's pages: a card, a search box, and oEmbed to ask for the card.

These two pages alone may be framed. They set no cookie, run no script, and open what is pressed in
a tab of its own, so that a school's page does not turn into ours.
"""

from html import escape
from urllib.parse import urlsplit
from xml.etree import ElementTree

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for

from oer.models.resource import MERGED, PUBLISHED, Resource
from oer.services import catalogue
from oer.web import headers, languages, present
from oer.web.context import context
from oer.web.template_tools import whole_url

blueprint = languages.blueprint("embed", __name__)
unprefixed = Blueprint("embed_unprefixed", __name__)

CARD = (480, 300)
"""Width and height of a card in CSS pixels. Smaller ones leave out what does not fit."""

SMALLEST = (240, 220)
"""Below this a card cannot be read, and oEmbed answers with a link."""

SEARCH_BOX = (480, 130)

FRAMED_POLICY = headers.CONTENT_SECURITY_POLICY.replace(
    "frame-ancestors 'none'", "frame-ancestors *"
).replace("script-src 'self'; ", "")


@blueprint.get("/embed/<address>")
@unprefixed.get("/embed/<address>")
def card(address: str) -> Response:
    """A material as a card."""
    ui = languages.ui_language()
    with context().sessions() as session:
        found = _published(address) or abort(404)
        sources = {source.id: source for source in catalogue.sources(session)}
    return _framed(render_template("embed/card.html", each=present.result(found, ui, sources)))


@blueprint.get("/embed/search")
@unprefixed.get("/embed/search")
def search_box() -> Response:
    """The search field."""
    return _framed(render_template("embed/search.html"))


@unprefixed.get("/oembed")
def oembed() -> Response:
    """The card of a page of ours (oembed.com): ``url``, ``format``, ``maxwidth``, ``maxheight``."""
    form = request.args.get("format", "json")
    if form not in ("json", "xml"):
        abort(501)
    ui, address = _asked_for(request.args.get("url", "")) or abort(404)
    found = _published(address) or abort(404)
    answer = _oembed(found, ui)
    response = jsonify(answer) if form == "json" else _as_xml(answer)
    # What it says is public; other sites' scripts may read it.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def card_code(address: str, title: str) -> str:
    """What puts the card of a material into another page."""
    return _iframe(whole_url(url_for("embed.card", address=address)), title, CARD)


def search_box_code(title: str) -> str:
    """What puts the search field into another page."""
    return _iframe(whole_url(url_for("embed.search_box")), title, SEARCH_BOX)


def _iframe(source: str, title: str, size: tuple[int, int]) -> str:
    width, height = size
    return (
        f'<iframe src="{escape(source)}" title="{escape(title)}" width="{width}" '
        f'height="{height}" loading="lazy" style="border:0"></iframe>'
    )


def _framed(page: str) -> Response:
    response = Response(page, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = FRAMED_POLICY
    return response


def _published(address: str) -> Resource | None:
    with context().sessions() as session:
        found = catalogue.by_address(session, address)
        if found is not None and found.status == MERGED:
            found = catalogue.kept(session, found)
    return found if found is not None and found.status == PUBLISHED else None


def _asked_for(url: str) -> tuple[str, str] | None:
    """Language and address of the page a URL leads to; None where it is no page of ours."""
    try:
        parts, ours = urlsplit(url), urlsplit(whole_url("/"))
    except ValueError:
        return None
    names = parts.path.strip("/").split("/")
    ui = names.pop(0) if names[0] in languages.LANGUAGES else languages.ui_language()
    is_ours = parts.netloc.lower() == ours.netloc.lower()
    return (ui, names[1]) if is_ours and len(names) == 2 and names[0] == "r" else None


def _oembed(found: Resource, ui: str) -> dict[str, str | int]:
    title = present.title(found.description, ui).text
    authors = ", ".join(agent.name for agent in found.description.creator)
    told: dict[str, str | int] = {
        "version": "1.0",
        "title": title,
        "provider_name": context().settings.site_name,
        "provider_url": whole_url("/"),
        **({"author_name": authors} if authors else {}),
        "cache_age": 86_400,
    }
    size = _most("maxwidth", CARD[0]), _most("maxheight", CARD[1])
    if size[0] < SMALLEST[0] or size[1] < SMALLEST[1]:
        return told | {"type": "link"}
    source = whole_url(url_for("embed.card", ui=ui, address=found.address))
    html = _iframe(source, title, size)
    return told | {"type": "rich", "width": size[0], "height": size[1], "html": html}


def _most(name: str, ours: int) -> int:
    """The card's side, no longer than asked for."""
    asked = request.args.get(name, "")
    is_number = asked.isascii() and asked.isdigit() and len(asked) < 6
    return min(ours, int(asked)) if is_number else ours


def _as_xml(answer: dict[str, str | int]) -> Response:
    root = ElementTree.Element("oembed")
    for name, value in answer.items():
        ElementTree.SubElement(root, name).text = "".join(
            c for c in str(value) if c.isprintable() or c == "\n"
        )
    written = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(written, content_type="text/xml; charset=utf-8")
