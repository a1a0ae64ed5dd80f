"""The written pages: help, the licence guide, the accessibility statement.

What the licence guide says of a licence comes from ``oer.metadata.reuse``: the guide and the pages
of the materials cannot say different things.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from oer.metadata import license_tables, licenses, reuse
from oer.metadata.resource_metadata import LicenseStatement
from oer.metadata.reuse_attribution import Form
from oer.web import collection, languages, reuse_answer, reuse_strip
from oer.web.reuse_strip import Sign

blueprint = languages.blueprint("guides", __name__)
unprefixed = Blueprint("guides_unprefixed", __name__)

FAMILIES = {
    "cc0": "1.0",
    "pdm": "1.0",
    "cc-by": "4.0",
    "cc-by-sa": "4.0",
    "cc-by-nc": "4.0",
    "cc-by-nc-sa": "4.0",
    "cc-by-nd": "4.0",
    "cc-by-nc-nd": "4.0",
}
"""What the guide explains, the freest first, each in its newest version."""

URIS = {
    family: license_tables.cc_uri(family, version) or "" for family, version in FAMILIES.items()
}

STATEMENTS = {
    **URIS,
    "in-copyright": "http://rightsstatements.org/vocab/InC/1.0/",
    "not-stated": "",
}
"""What the guide can be asked about: a code in the address → what a record would state."""

SIGNS = (
    reuse_strip.ADAPT,
    reuse_strip.NOT_ADAPT,
    reuse_strip.SHARE,
    reuse_strip.NOT_SHARE,
    reuse_strip.CREDIT,
    reuse_strip.NO_CREDIT,
    reuse_strip.COMMERCIAL,
    reuse_strip.NOT_COMMERCIAL,
    reuse_strip.SAME_LICENSE,
    reuse_strip.NOT_STATED,
    reuse_strip.UNCLEAR,
    reuse_strip.CONFLICT,
    reuse_strip.RESERVED,
)
"""Every sign of the reuse strip, in the order the help explains them."""

REVIEWED = "2026-11-22"
"""When the accessibility statement was last compared with the pages. Change both together."""


@dataclass(frozen=True)
class Entry:
    """One licence of the guide. ``points``: what it means, a sentence each."""

    code: str
    name: str
    title: str
    url: str
    signs: tuple[Sign, ...]
    points: tuple[str, ...]


@dataclass(frozen=True)
class Mixing:
    """A licence with those it may and may not be mixed with, and what the result may have."""

    name: str
    together: tuple[str, ...]
    apart: tuple[str, ...]
    options: tuple[str, ...]


@blueprint.get("/help")
def help_page() -> str:
    """How to search, judge, take along and report."""
    return render_template("guides/help.html", signs=SIGNS, most=collection.MOST_ITEMS)


@blueprint.get("/licences")
def licences() -> str:
    """What the licences mean; ``a`` and ``b`` in the address ask whether two may be combined."""
    ui = languages.ui_language()
    asked = request.args.get("a", ""), request.args.get("b", "")
    return render_template(
        "guides/licences.html",
        entries=[entry(family, ui) for family in FAMILIES],
        mixings=mixings(ui),
        choices=_choices(ui),
        asked=asked,
        answer=answer(asked, ui),
        examples=_credits(ui),
        disclaimer=reuse.disclaimer(ui),
        reserved=reuse_strip.RESERVED,
        not_stated=reuse_strip.NOT_STATED,
        unclear=reuse_strip.UNCLEAR,
    )


@blueprint.get("/accessibility")
def accessibility() -> str:
    """How accessible the pages are, and whom to tell where they are not."""
    return render_template("guides/accessibility.html", reviewed=REVIEWED)


@unprefixed.get("/help")
@unprefixed.get("/licences")
@unprefixed.get("/accessibility")
def choose_language() -> AnyResponse:
    """Send the reader to the same page in their language."""
    return languages.to_preferred()


def entry(family: str, ui: str) -> Entry:
    """What the guide says of one licence of :data:`FAMILIES`."""
    uri = URIS[family]
    verdict = licenses.verdict((_statement(uri),))
    return Entry(
        code=family,
        name=licenses.name(uri, ui),
        title=licenses.title(uri, ui),
        url=uri,
        signs=reuse_strip.strip(verdict),
        points=tuple(point.text for point in reuse.explain(family, ui)),
    )


@cache
def mixings(ui: str) -> tuple[Mixing, ...]:
    """The table of what may be mixed, as ``compatible`` answers."""
    return tuple(_mixing(family, ui) for family in FAMILIES)


def _mixing(family: str, ui: str) -> Mixing:
    own = URIS[family]
    fits = {other: reuse.compatible((own, uri)).possible is True for other, uri in URIS.items()}
    options = reuse.compatible((own,)).options
    return Mixing(
        name=licenses.name(family, ui),
        together=_names((other for other in fits if fits[other]), ui),
        apart=_names((other for other in fits if not fits[other]), ui),
        options=_names((one.family for one in options if one.advice == "recommended"), ui),
    )


def _names(families: Iterable[str], ui: str) -> tuple[str, ...]:
    return tuple(licenses.name(family, ui) for family in families)


def answer(asked: Sequence[str], ui: str) -> reuse_answer.Summary | None:
    """Whether what was asked about may be combined; None where it is not in :data:`STATEMENTS`."""
    if not all(code in STATEMENTS for code in asked):
        return None
    return reuse_answer.summary([_stated(STATEMENTS[code]) for code in asked], ui)


def _stated(raw: str) -> tuple[LicenseStatement, ...]:
    return (_statement(raw),) if raw else ()


def _statement(raw: str) -> LicenseStatement:
    return LicenseStatement(raw=raw, element="dcterms:license")


def _choices(ui: str) -> dict[str, str]:
    """What can be asked about, by its code."""
    names = {code: licenses.name(uri, ui) for code, uri in URIS.items()}
    return {**names, "in-copyright": _("All rights reserved"), "not-stated": _("Nothing is stated")}


def _credits(ui: str) -> list[tuple[str, str]]:
    """Credit lines for an invented material that somebody has adapted, each with its heading."""
    work = reuse.Work(
        title=_("Photosynthesis in pictures"),
        creators=("Aino Esimerkki", "Otto Exempel"),
        url="https://example.org/photosynthesis",
        license=URIS["cc-by-sa"],
        changes=_("shortened, and a task added at the end"),
    )
    headings: dict[Form, str] = {
        "text": _("Plain text, for paper and documents"),
        "html": _("HTML, for a web page"),
        "markdown": _("Markdown, for a wiki or a notebook"),
        "slide": _("Short, under a picture or on a slide"),
    }
    return [(heading, reuse.attribution(work, ui, form)) for form, heading in headings.items()]
