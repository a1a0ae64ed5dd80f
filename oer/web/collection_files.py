"""A reader's list to take along: a handout, a table, references, a package for a learning platform.

Each says too which of its materials are no longer here, and what took their place.
"""

from datetime import UTC, date, datetime

from flask import Response, render_template
from flask_babel import gettext as _

from oer.models.resource import WITHDRAWN
from oer.services import catalogue
from oer.services.csv_lines import csv_line
from oer.web import citations, languages, table_rows
from oer.web.collection_rows import Gone, Shown, url_of
from oer.web.collections import asked, page, title_of
from oer.web.context import context
from oer.web.template_tools import permanent_url
from oer.web.values import plain

blueprint = languages.blueprint("collection_files", __name__)

LONGEST_NAME = 60
"""Characters of a title in the name of a file."""

COLUMNS = ("heading", "note", *table_rows.COLUMNS, "status", "isReplacedBy")


@blueprint.get("/list.html")
def handout() -> Response:
    """The list as a page of its own, with every credit line, to keep, print or hand out."""
    list_ = asked()
    return _file(list_, _handout(list_), "html", "text/html; charset=utf-8")


@blueprint.get("/list.csv")
def table() -> Response:
    """The list as a table."""
    list_, ui = asked(), languages.ui_language()
    with context().sessions() as session:
        names = {source.id: source.name for source in catalogue.sources(session)}
    lines = [table_rows.BYTE_ORDER_MARK + csv_line(COLUMNS)]
    heading = ""
    for row in list_.rows:
        heading = row.heading or heading
        if row.resource:
            cells = table_rows.row(row.resource, ui, permanent_url(row.resource.address), names)
            lines.append(csv_line((heading, row.note, *cells, row.resource.status, "")))
        elif row.gone:
            lines.append(csv_line((heading, row.note, *_cells(row.gone))))
    return _file(list_, "".join(lines), "csv", "text/csv; charset=utf-8; header=present")


@blueprint.get("/list.bib")
def references() -> Response:
    """The list as BibTeX."""
    list_, ui = asked(), languages.ui_language()
    entries = [
        citations.bibtex(each.description, each.address, permanent_url(each.address), ui)
        for each in list_.resources
    ]
    notes = [citations.bibtex_comment(_in_a_line(each)) for each in list_.gone]
    return _file(list_, "\n".join(entries + notes), "bib", "application/x-bibtex; charset=utf-8")


@blueprint.get("/list.imscc")
def cartridge() -> Response:
    """The list for a learning platform."""
    from oer.web import common_cartridge as cc  # and lxml with it: not before the first one

    list_ = asked()
    sections: list[cc.Section] = []
    for row in list_.rows:
        if row.heading or not sections:
            sections.append(cc.Section(row.heading, ()))
        if row.resource and row.result:
            link = cc.WebLink(row.result.address, row.result.title.text, url_of(row.resource))
            sections[-1] = cc.Section(sections[-1].heading, (*sections[-1].links, link))
    packed = cc.write(
        cc.Cartridge(
            title=title_of(list_),
            language=languages.ui_language(),
            sections=tuple(sections),
            credits_title=_("Sources and licences"),
            credits_html=_handout(list_).encode(),
        )
    )
    return _file(list_, packed, "imscc", "application/vnd.ims.imsccv1p1+zip")


def file_name(title: str, extension: str, day: date) -> str:
    """A name that every system takes and a person finds again."""
    words = plain(title).encode("ascii", "ignore").decode().split()
    start = "-".join(words)[:LONGEST_NAME].strip("-") or "list"
    return f"{start}-{day.isoformat()}.{extension}"


def _handout(list_: Shown) -> str:
    return render_template("collections/handout.html", **page(list_))


def _cells(gone: Gone) -> list[str]:
    known = {
        "title": gone.title.text if gone.title else "",
        "permanentUrl": permanent_url(gone.address),
        "status": WITHDRAWN if gone.title else "unknown",
        "isReplacedBy": gone.successor_url,
    }
    return [known.get(column, "") for column in COLUMNS[2:]]


def _in_a_line(gone: Gone) -> str:
    title = gone.title.text if gone.title else gone.address
    told = [_("This material is no longer here"), title, permanent_url(gone.address)]
    if gone.successor_url:
        told.append(_("In its place: %(url)s", url=gone.successor_url))
    return " · ".join(told)


def _file(list_: Shown, content: str | bytes, extension: str, content_type: str) -> Response:
    name = file_name(title_of(list_), extension, datetime.now(UTC).date())
    response = Response(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-cache"
    return response
