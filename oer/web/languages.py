"""The language of the interface: English, Finnish or Swedish, named in the path.

Every page lives under ``/en/``, ``/fi/`` or ``/sv/``, so that its whole state is in its address,
a cache may keep it, and no cookie is needed. An address without a language answers by
``Accept-Language``: ``/``, ``/search``, ``/help`` and the like redirect, so that what people copy
from the address bar says what they saw. The permanent address of a resource, ``/r/<address>``,
answers itself instead: link checkers get 200, 404 or 410 from it directly, and whoever is sent it
reads it in their own language.

Translations are kept as ``.po`` files and compiled in memory when a language is first asked for,
so no compiled file can be older than its source.
"""

from functools import cache, cached_property
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Blueprint, Flask, g, redirect, request
from flask_babel import Babel, Domain, get_locale
from werkzeug.wrappers import Response

from oer.folders import TRANSLATIONS

LANGUAGES = {"en": "English", "fi": "Suomi", "sv": "Svenska"}
"""Interface languages by tag, each in its own words."""

SOURCE_LANGUAGE = "en"
"""The language the messages in the code are written in."""


def init_app(app: Flask) -> None:
    """Give the app its interface languages. Adds gettext to the templates."""
    _Babel(app, default_locale=SOURCE_LANGUAGE, locale_selector=ui_language)
    # Flask-Babel's own find the locale anew for each of a page's hundred messages.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda message: catalogue(ui_language()).ugettext(message),
        ngettext=lambda one, many, n: catalogue(ui_language()).ungettext(one, many, n),
        newstyle=True,
    )


def blueprint(name: str, import_name: str) -> Blueprint:
    """A blueprint whose pages live under the languages. Its views need not carry the language."""
    made = Blueprint(name, import_name, url_prefix=f"/<any({', '.join(LANGUAGES)}):ui>")
    made.url_value_preprocessor(lambda endpoint, values: (values or {}).pop("ui", None))
    return made


def ui_language() -> str:
    """The language of this request: the path's, else the one the reader prefers."""
    first = request.path.split("/", 2)[1]
    return first if first in LANGUAGES else preferred()


def preferred() -> str:
    """The interface language that suits ``Accept-Language`` best."""
    g.language_negotiated = True
    return request.accept_languages.best_match(LANGUAGES, SOURCE_LANGUAGE)


def is_negotiated() -> bool:
    """Whether this response could differ for a reader of another language."""
    return "language_negotiated" in g


def to_preferred() -> Response:
    """Leads to this very page in the language that suits the reader."""
    return redirect(path_in(preferred()))


def path_in(language: str) -> str:
    """The address of this very page in another interface language, with its query."""
    rest = request.path
    if rest.split("/", 2)[1] in LANGUAGES:
        rest = "/" + "".join(rest.split("/", 2)[2:])
    query = urlencode(list(request.args.items(multi=True)))
    return quote(f"/{language}{rest}") + (f"?{query}" if query else "")


class _Babel(Babel):  # type: ignore[misc]
    @cached_property
    def domain_instance(self) -> Domain:
        return _PoDomain()


class _PoDomain(Domain):  # type: ignore[misc]
    """A message domain that reads ``.po`` files (Flask-Babel's own looks for ``.mo`` files)."""

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        return catalogue(str(locale)) if locale else NullTranslations()


@cache
def catalogue(language: str) -> NullTranslations:
    """The messages of one language, compiled in memory; untranslated for the source language."""
    path = po_file(language)
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        messages = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)


def po_file(language: str) -> Path:
    """Where the messages of a language are kept."""
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
