"""Error pages: what happened, in a plain sentence, and the next useful thing to press.

They ask neither the database nor the index, because those may be what is broken.
"""

import logging

from flask import Flask, render_template
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from oer.errors import OerError, SearchIndexError

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = "60"

Answer = tuple[str, int, dict[str, str]]


def init_app(app: Flask) -> None:
    """Give the app its error pages."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OerError, _unavailable)
    app.register_error_handler(DBAPIError, _unavailable)


def _http_error(error: HTTPException) -> Answer | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    title, advice = _words(code)
    # Some errors bring headers that the protocol asks for, such as Allow with a 405.
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return _page(code, title, advice), code, kept


def _unavailable(error: Exception) -> Answer:
    logger.error("%s", error)
    title = _("The catalogue cannot answer just now")
    advice = _("Its database is not available. Please try again in a moment.")
    if isinstance(error, SearchIndexError):
        title = _("The search cannot answer just now")
        advice = _("Addresses of materials still work. Please try again in a moment.")
    return _page(503, title, advice), 503, {"Retry-After": RETRY_AFTER_SECONDS}


def _page(code: int, title: str, advice: str) -> str:
    return render_template("error.html", code=code, title=title, advice=advice)


def _words(code: int) -> tuple[str, str]:
    known = {
        400: (
            _("This request could not be understood"),
            _("Something in the address is not as it should be. Start from a search instead."),
        ),
        404: (
            _("There is nothing at this address"),
            _("Check the address for a typing mistake, or search for what you were after."),
        ),
        405: (
            _("This address does not work that way"),
            _("It can be read, but nothing can be sent to it. Start from a search instead."),
        ),
        500: (
            _("Something went wrong on our side"),
            _("It has been written to our log. Try again, or start from a search."),
        ),
        501: (
            _("We cannot answer in this form"),
            _("The address is right, but we do not know the form it asks for."),
        ),
    }
    return known.get(code) or known[400 if code < 500 else 500]
