"""Reporting a problem with a material: a form that needs no script, no account and no e-mail.

What is said goes into the queue of the curators. There is no session and hence no token to check:
a form of another site is told from ours by what the browser says of the request.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from oer.models.resource import MERGED, PUBLISHED, Resource
from oer.services import catalogue, problems
from oer.web import languages, present
from oer.web.context import context
from oer.web.rate_limit import RateLimit, reader_of

blueprint = languages.blueprint("report", __name__)
unprefixed = Blueprint("report_unprefixed", __name__)

LIMIT = RateLimit(times=5, seconds=600)

LONGEST_FORM = 16 * 1024
"""In bytes: five times what the longest honest report takes."""


@dataclass(frozen=True)
class Form:
    """What was filled in."""

    kind: str = ""
    words: str = ""
    trap: str = ""
    """A field that people do not see. Programs fill it in."""


FIRST_KIND = f"kind-{next(iter(problems.KINDS))}"
"""The button that leads to the group of kinds."""


@dataclass(frozen=True)
class Problem:
    """Why a report is not taken."""

    says: str
    field: str = ""
    """The id of the field in error; empty where it is none."""


@blueprint.get("/r/<address>/report")
def form(address: str) -> str:
    """The empty form."""
    return _page(_resource(address), Form())


@blueprint.post("/r/<address>/report")
@unprefixed.post("/r/<address>/report")
def send(address: str) -> AnyResponse | tuple[str, int]:
    """Take a report in, or say why not. May write one event and one finding."""
    request.max_content_length = LONGEST_FORM
    resource = _resource(address)
    filled = Form(
        request.form.get("kind", ""),
        _clean(request.form.get("words", "")),
        request.form.get("website", ""),
    )
    if problem := _problem(filled):
        return _page(resource, filled, problem), 422
    if not filled.trap:
        if not LIMIT.allows(reader_of(request)):
            wait = _("You have sent several reports just now. Please wait ten minutes.")
            return _page(resource, filled, Problem(wait)), 429
        with context().sessions.begin() as session:
            problems.report(
                session, resource, kind=filled.kind, words=filled.words, now=datetime.now(UTC)
            )
    return redirect(url_for("report.thanks", address=address), 303)


@blueprint.get("/r/<address>/reported")
def thanks(address: str) -> str:
    """What happens now."""
    return render_template("report/thanks.html", **_shown(_resource(address)))


def kinds() -> dict[str, str]:
    """What may be wrong, in words."""
    return {
        "broken-link": _("The link does not work, or leads elsewhere"),
        "wrong-description": _("The description is wrong"),
        "wrong-license": _("The licence is wrong or missing"),
        "infringement": _("It breaks somebody’s rights or privacy"),
        "unsuitable": _("It is not suitable for learners"),
        "other": _("Something else"),
    }


def _problem(filled: Form) -> Problem | None:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(400)
    if filled.kind not in problems.KINDS:
        return Problem(_("Choose what is wrong."), FIRST_KIND)
    if filled.kind == "other" and not filled.words:
        return Problem(_("Say in a few words what is wrong."), "words")
    if len(filled.words) > (most := problems.LONGEST_WORDS):
        return Problem(_("Please say it in at most %(num)s characters.", num=most), "words")
    return None


def _resource(address: str) -> Resource:
    with context().sessions() as session:
        found = catalogue.by_address(session, address)
        if found is not None and found.status == MERGED:
            found = catalogue.kept(session, found)
    if found is None or found.status != PUBLISHED:
        abort(404)
    return found


def _page(resource: Resource, filled: Form, problem: Problem | None = None) -> str:
    return render_template(
        "report/form.html",
        filled=filled,
        problem=problem,
        kinds=kinds(),
        first_kind=FIRST_KIND,
        longest=problems.LONGEST_WORDS,
        **_shown(resource),
    )


def _shown(resource: Resource) -> dict[str, object]:
    title = present.title(resource.description, languages.ui_language())
    return {"resource": resource, "title": title}


def _clean(text: str) -> str:
    """Control characters would play tricks on a curator's terminal."""
    lines = text.replace("\r\n", "\n").split("\n")
    return " / ".join(
        "".join(c if c.isprintable() else " " for c in line).strip()
        for line in lines
        if line.strip()
    )
