"""A reader's list: shown, edited, printed and taken along. Nothing of it is stored here.

The list lives in its address (``oer.web.collection``). Editing sends a form by POST only because a
list with its notes written out would make an address longer than servers take; the answer is a
redirect to the address of the new list, and nothing remains.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from oer.web import collection, collection_rows, languages, qr
from oer.web.collection import Collection, Heading, Item, Part
from oer.web.collection_rows import Shown
from oer.web.template_tools import carry, whole_url

blueprint = languages.blueprint("collections", __name__)
unprefixed = Blueprint("collections_unprefixed", __name__)

LONGEST_FORM = 256 * 1024
"""In bytes: three times what the longest list takes with all its notes."""

_AFTER_SAVING = {"show": "collections.show", "search": "catalogue.search"}
"""Where the buttons named ``then`` lead; the others lead back to the editor."""


@blueprint.get("/list")
def show() -> str:
    """The list to read, share and print."""
    list_ = asked()
    carry(list_.collection)
    return render_template("collections/show.html", **page(list_))


@blueprint.get("/list/edit")
def edit() -> AnyResponse | str:
    """The list to change; ``add`` puts one more material at its end."""
    given = request.args.get("list", "")
    mine, address = collection.read(given), request.args.get("add", "")
    longer = mine.with_item(address)
    refused = not longer.fits or (mine.is_full and address not in mine.addresses)
    if address and not refused:
        return redirect(url_for("collections.edit", list=_added(given, mine, longer)), 303)
    list_ = collection_rows.shown(mine, languages.ui_language())
    carry(list_.collection)
    return _editor(list_, _("The list is full.") if address else None)


@blueprint.post("/list/edit")
def change() -> AnyResponse | tuple[str, int]:
    """Do what the pressed button says and lead to the address of the new list."""
    request.max_content_length = LONGEST_FORM
    changed, place = _pressed(_from_form(request.form), request.form)
    if not changed.fits:
        problem = _("The notes are too long together to fit into an address. Please shorten some.")
        shown = collection_rows.shown(changed, languages.ui_language())
        return _editor(shown, problem, _longest(shown.collection)), 422
    endpoint = _AFTER_SAVING.get(request.form.get("then", ""), "collections.edit")
    return redirect(url_for(endpoint, list=changed.code, _anchor=place), 303)


@unprefixed.get("/list", endpoint="show")
@unprefixed.get("/list/edit", endpoint="edit")
def choose_language() -> AnyResponse:
    """Send the reader to the same list in their language."""
    return languages.to_preferred()


def asked() -> Shown:
    """The list of this request's address."""
    given = collection.read(request.args.get("list", ""))
    return collection_rows.shown(given, languages.ui_language())


def title_of(list_: Shown) -> str:
    """What a list is called, wherever it goes."""
    return list_.collection.title or _("A list of materials")


def page(list_: Shown) -> dict[str, object]:
    """What the page of a list and its handout show."""
    own_url = whole_url(url_for("collections_unprefixed.show", list=list_.collection.code))
    return {
        "list": list_.collection,
        "rows": list_.rows,
        "title": title_of(list_),
        "here": len(list_.resources),
        "gone": len(list_.gone),
        "own_url": own_url,
        "qr": qr.inline(own_url),
        "summary": collection_rows.summary(list_, languages.ui_language()),
    }


def _added(given: str, mine: Collection, longer: Collection) -> str:
    """The longer list: as it was given and an address more, so that who keeps it knows it again."""
    if longer == mine:
        return given
    written = f"{given}.{longer.addresses[-1]}".lstrip(".")
    return written if collection.read(written) == longer else longer.code


def _longest(too_long: Collection) -> str:
    """The field of the longest text: shortening it helps most."""
    lengths = [
        len(part.text if isinstance(part, Heading) else part.note) for part in too_long.parts
    ]
    return f"note-{lengths.index(max(lengths))}" if lengths else "title"


def _editor(list_: Shown, problem: str | None, wrong: str = "") -> str:
    """The form. ``wrong``: the field that the problem is about."""
    return render_template(
        "collections/edit.html",
        list=list_.collection,
        rows=list_.rows,
        problem=problem,
        wrong=wrong,
    )


# -- changing it -----------------------------------------------------------------------------------


def _from_form(form: MultiDict[str, str]) -> Collection:
    """What a form holds: parts in the order they stand, each a material or a heading."""
    parts: list[Part] = []
    for place, (kind, value) in enumerate(
        zip(form.getlist("kind"), form.getlist("value"), strict=False)
    ):
        if place >= collection.MOST_ITEMS + collection.MOST_HEADINGS:
            break
        note = form.get(f"note-{place}", "")
        parts.append(Heading(note) if kind == "heading" else Item(value, note))
    return Collection(form.get("title", ""), tuple(parts))


def _pressed(sent: Collection, form: MultiDict[str, str]) -> tuple[Collection, str | None]:
    """The list after the pressed button, and where on its page the reader goes on.

    At most one button is in a form; a new heading may be there beside it.
    """
    changed, anchor = _with_button(sent, form)
    if heading := form.get("heading", "").strip():
        place = min(_place(form.get("before", "")), len(sent.parts))
        changed = changed.with_heading(heading, max(place, 0))
        anchor = anchor or f"part-{max(place, 0)}"
    return collection.make(changed.title, changed.parts), anchor


def _with_button(sent: Collection, form: MultiDict[str, str]) -> tuple[Collection, str | None]:
    last = len(sent.parts) - 1
    for name, by in (("up", -1), ("down", 1)):
        place = _place(form.get(name, ""))
        target = place + by
        if 0 <= place <= last and 0 <= target <= last:
            # The same button once more, or the other one at either end.
            button = {0: "down", last: "up"}.get(target, name)
            return sent.moved(place, by), f"{button}-{target}"
    place = _place(form.get("remove", ""))
    if 0 <= place <= last:
        return sent.without(place), f"part-{min(place, last - 1)}" if last else None
    return sent, None


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1
