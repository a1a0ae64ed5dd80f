"""A reader's list: shown, edited, printed and taken along. Nothing of it is stored here.

The list lives in its address (``oer.web.collection``). Editing sends a form by POST only because a
list with its notes written out would make an address longer than servers take; the answer is a
redirect to the address of the new list, and nothing remains.
"""

from dataclasses import dataclass

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from oer.metadata import reuse
from oer.models.resource import Resource
from oer.models.source import Source
from oer.services import catalogue
from oer.services import collections as services
from oer.services.csv_lines import csv_line
from oer.web import citations, collection, languages, present, reuse_answer, table_rows
from oer.web.collection import Collection, Heading, Item, Part
from oer.web.context import context
from oer.web.links import safe_url
from oer.web.present import Result
from oer.web.template_tools import permanent_url, whole_url

blueprint = languages.blueprint("collections", __name__)

LONGEST_FORM = 256 * 1024
"""In bytes: three times what the longest list takes with all its notes."""


@dataclass(frozen=True)
class Row:
    """One part of a list as it is shown; exactly one of heading, material and missing."""

    place: int
    heading: str = ""
    resource: Resource | None = None
    result: Result | None = None
    credit: Markup | None = None
    missing: str = ""
    note: str = ""


@blueprint.get("/list")
def show() -> str:
    """The list to read, share and print."""
    asked, rows = _asked()
    materials = [row.resource.description for row in rows if row.resource]
    return render_template(
        "collections/show.html",
        list=asked,
        rows=rows,
        own_url=whole_url(url_for("collections.show", list=asked.code)),
        summary=reuse_answer.summary(materials, languages.ui_language()),
    )


@blueprint.get("/list/edit")
def edit() -> AnyResponse | str:
    """The list to change; ``add`` puts one more material at its end."""
    given = request.args.get("list", "")
    asked = collection.read(given)
    if address := request.args.get("add", ""):
        longer = asked.with_item(address)
        if longer.fits:
            return redirect(url_for("collections.edit", list=longer.code), 303)
    full = bool(address) and address not in asked.addresses
    return _editor(asked, _("The list is full.") if full else None)


@blueprint.post("/list/edit")
def change() -> AnyResponse | tuple[str, int]:
    """Do what the pressed button says and lead to the address of the new list."""
    request.max_content_length = LONGEST_FORM
    changed = _pressed(_from_form(request.form), request.form)
    if not changed.fits:
        problem = _("The notes are too long together to fit into an address. Please shorten some.")
        return _editor(changed, problem), 422
    return redirect(url_for("collections.edit", list=changed.code), 303)


@blueprint.get("/list.html")
def handout() -> Response:
    """The list as a page of its own, with every credit line, to keep, print or hand out."""
    asked, rows = _asked()
    return _file(_handout(asked, rows), "html", "text/html; charset=utf-8")


@blueprint.get("/list.csv")
def table() -> Response:
    """The list as a table."""
    ui = languages.ui_language()
    _collection, rows = _asked()
    with context().sessions() as session:
        names = {source.id: source.name for source in catalogue.sources(session)}
    lines = [table_rows.BYTE_ORDER_MARK + csv_line(("heading", "note", *table_rows.COLUMNS))]
    heading = ""
    for row in rows:
        heading = row.heading or heading
        if row.resource:
            url = permanent_url(row.resource.address)
            cells = table_rows.row(row.resource, ui, url, names)
            lines.append(csv_line((heading, row.note, *cells)))
    return _file("".join(lines), "csv", "text/csv; charset=utf-8; header=present")


@blueprint.get("/list.bib")
def references() -> Response:
    """The list as BibTeX."""
    ui = languages.ui_language()
    _collection, rows = _asked()
    found = [row.resource for row in rows if row.resource]
    entries = (
        citations.bibtex(each.description, each.address, permanent_url(each.address), ui)
        for each in found
    )
    return _file("\n".join(entries), "bib", "application/x-bibtex; charset=utf-8")


@blueprint.get("/list.imscc")
def cartridge() -> Response:
    """The list for a learning platform."""
    from oer.web import common_cartridge as cc  # and lxml with it: not before the first one

    asked, rows = _asked()
    sections: list[cc.Section] = []
    for row in rows:
        if row.heading or not sections:
            sections.append(cc.Section(row.heading, ()))
        if row.resource:
            link = cc.WebLink(row.resource.address, *_title_and_url(row.resource))
            sections[-1] = cc.Section(sections[-1].heading, (*sections[-1].links, link))
    packed = cc.write(
        cc.Cartridge(
            title=_title(asked),
            language=languages.ui_language(),
            sections=tuple(sections),
            credits_title=_("Sources and licences"),
            credits_html=_handout(asked, rows).encode(),
        )
    )
    return _file(packed, "imscc", "application/vnd.ims.imsccv1p1+zip")


# -- reading a list --------------------------------------------------------------------------------


def _asked() -> tuple[Collection, list[Row]]:
    asked = collection.read(request.args.get("list", ""))
    return asked, _rows(asked)


def _rows(asked: Collection) -> list[Row]:
    ui = languages.ui_language()
    with context().sessions() as session:
        found = services.members(session, asked.addresses) if asked.addresses else {}
        sources = {source.id: source for source in catalogue.sources(session)}
    return [_row(place, part, found, sources, ui) for place, part in enumerate(asked.parts)]


def _row(
    place: int, part: Part, found: dict[str, Resource], sources: dict[int, Source], ui: str
) -> Row:
    if isinstance(part, Heading):
        return Row(place, heading=part.text)
    resource = found.get(part.address)
    if resource is None:
        return Row(place, missing=part.address, note=part.note)
    metadata = resource.description
    url = safe_url(metadata.landing_page) or permanent_url(resource.address)
    work = reuse.work_of(metadata, ui, url=url)
    return Row(
        place,
        resource=resource,
        result=present.result(resource, ui, sources),
        # The credit line escapes what comes from outside and links web addresses only.
        credit=Markup(reuse.attribution(work, ui, "html")),  # noqa: S704
        note=part.note,
    )


def _title(asked: Collection) -> str:
    return asked.title or _("My list")


def _title_and_url(resource: Resource) -> tuple[str, str]:
    metadata = resource.description
    title = present.title(metadata, languages.ui_language()).text
    return title, safe_url(metadata.landing_page) or permanent_url(resource.address)


def _handout(asked: Collection, rows: list[Row]) -> str:
    return render_template(
        "collections/handout.html",
        list=asked,
        rows=rows,
        own_url=whole_url(url_for("collections.show", list=asked.code)),
    )


def _file(content: str | bytes, extension: str, content_type: str) -> Response:
    response = Response(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="list.{extension}"'
    response.headers["Cache-Control"] = "no-cache"
    return response


# -- changing it -----------------------------------------------------------------------------------


def _editor(asked: Collection, problem: str | None) -> str:
    return render_template(
        "collections/edit.html",
        list=asked,
        rows=_rows(asked),
        problem=problem,
        most=collection.MOST_ITEMS,
        limits=collection,
    )


def _from_form(form: MultiDict[str, str]) -> Collection:
    """The list a form holds: parts in the order they stand, each a material or a heading."""
    parts: list[Part] = []
    for place, (kind, value) in enumerate(
        zip(form.getlist("kind"), form.getlist("value"), strict=False)
    ):
        if place >= collection.MOST_ITEMS + collection.MOST_HEADINGS:
            break
        note = form.get(f"note-{place}", "")
        parts.append(Heading(note) if kind == "heading" else Item(value, note))
    return collection.make(form.get("title", ""), parts)


def _pressed(kept: Collection, form: MultiDict[str, str]) -> Collection:
    """The list after the pressed button: at most one is in a form."""
    for name, by in (("up", -1), ("down", 1)):
        if name in form:
            return kept.moved(_place(form[name]), by)
    if "remove" in form:
        return kept.without(_place(form["remove"]))
    if heading := form.get("heading", ""):
        return collection.make(kept.title, (Heading(heading), *kept.parts))
    return kept


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1
