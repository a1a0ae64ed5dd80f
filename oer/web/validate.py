"""Check a record: paste it, see what we read and what is wrong. Nothing of it is kept.

The form changes nothing and knows nobody, so it needs no cookie and no token against forgery.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from flask import Blueprint, abort, make_response, render_template, request
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from werkzeug.wrappers import Response as AnyResponse

from oer.metadata import licenses
from oer.web import finding_texts, full_metadata, languages, present, reuse_strip
from oer.web.context import context
from oer.web.source_shares import percent

if TYPE_CHECKING:
    from oer.services.validation import Validation

blueprint = languages.blueprint("validate", __name__)
unprefixed = Blueprint("validate_unprefixed", __name__)

MOST_BYTES = 1_010_000
"""Of a request: the text, and what a form puts around it."""

MOST_ROWS = 300
"""Rows that a table shows; the record may go on for thousands."""

REFUSALS: Mapping[str, tuple[LazyString, LazyString]] = {
    "empty": (_("There is nothing to read"), _("Paste a record into the field.")),
    "web_page": (
        _("This is a web page, not a record"),
        _(
            'Paste only what stands between <script type="application/ld+json"> and </script>, '
            "or the XML of the record."
        ),
    ),
    "neither": (
        _("This is neither XML nor JSON"),
        _("A record begins with < or {. Copy it from the source of the page, not as it is shown."),
    ),
    "no_record": (
        _("There is no metadata in it"),
        _("Paste a reply to GetRecord or ListRecords, a record, or the metadata document alone."),
    ),
    "deleted": (
        _("The record is marked as deleted"),
        _('We would withdraw the material. Take status="deleted" away to check the metadata.'),
    ),
    "reply_error": (
        _("The repository answered with an error"),
        _("Ask it for the record again, and paste that reply."),
    ),
    "unreadable": (
        _("This cannot be read"),
        _("Put right what is named above, and try again. The whole record is refused until then."),
    ),
    "too_large": (
        _("This is too large"),
        _("One record may be a million bytes long. Paste a single record, not a whole list."),
    ),
    "too_slow": (
        _("This took too long"),
        _("A record is read in a moment. Look for a text that is very long, and shorten it."),
    ),
    "busy": (
        _("Others are having their records checked just now"),
        _("Please try again in a moment."),
    ),
}
"""What is wrong with a text that cannot be read, and the way out: by ``validation.REFUSALS``."""

_STATUS = {"too_large": 413, "busy": 503}


@blueprint.get("/validate")
def form() -> str:
    """The empty form."""
    return render_template("validate/form.html", text="", found=None)


@blueprint.post("/validate")
def answer() -> AnyResponse:
    """What we make of the pasted text."""
    # Here, because they need the XML parser, and starting up does not.
    from oer.services.bounded_validation import bounded_validation, general_rows

    if request.content_length is None:
        abort(411)
    if request.content_length > MOST_BYTES:
        return _refusal("too_large")
    request.max_form_memory_size = MOST_BYTES
    text = request.form.get("record", "")
    with context().sessions() as session:
        rows = general_rows(session)
    found = bounded_validation(text, now=datetime.now(UTC), rows=rows)
    if found.refused:
        return _refusal(found.refused, found.reason, text)
    return make_response(_page(found, text))


@unprefixed.get("/validate")
def choose_language() -> AnyResponse:
    """Send the reader to the form in their language."""
    return languages.to_preferred()


def _refusal(code: str, reason: str = "", text: str = "") -> AnyResponse:
    title, advice = REFUSALS[code]
    page = render_template(
        "validate/form.html",
        text=text,
        found=None,
        title=title,
        advice=advice,
        reason=reason,
        at_fault=code != "busy",
    )
    response = make_response(page, _STATUS.get(code, 422))
    if response.status_code == 503:
        response.headers["Retry-After"] = "5"
    return response


def _page(found: "Validation", text: str) -> str:
    ui = languages.ui_language()
    rows = full_metadata.rows(found.metadata)
    audit = full_metadata.audit_rows(msgspec.json.encode(found.changes).decode())
    order = list(finding_texts.SEVERITIES)
    return render_template(
        "validate/form.html",
        text=text,
        found=found,
        heading=present.title(found.metadata, ui),
        meta=present.meta(found.metadata, ui),
        signs=reuse_strip.deciding(licenses.verdict(found.metadata.license)),
        findings=sorted(found.findings, key=lambda each: order.index(each.severity)),
        says=finding_texts,
        percent=lambda share: percent(share, ui),
        rows=rows[:MOST_ROWS],
        more_rows=max(0, len(rows) - MOST_ROWS),
        audit=audit[:MOST_ROWS],
        more_audit=max(0, len(audit) - MOST_ROWS),
    )
