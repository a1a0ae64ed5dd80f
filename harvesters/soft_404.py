"""Signs that a page which came with status 200 is not the page that was meant (a "soft 404").

They are hints, never proofs: whoever sees one calls the link doubtful, not dead. Only the first
kilobytes of a page are looked at, and they are hostile: nothing is fetched, run or believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import etree

from oer.formats.xml import Element

NOT_FOUND = (
    # English
    "page not found", "page was not found", "page cannot be found", "page can't be found",
    "page could not be found", "couldn't find that page", "couldn't find the page",
    "can't find that page", "can't find the page", "page doesn't exist", "page does not exist",
    "page no longer exists", "page is no longer available", "page you requested",
    "page you are looking for", "page you're looking for", "404 not found", "404 error",
    "error 404", "http 404",
    # Finnish
    "sivua ei löydy", "sivua ei löytynyt", "sivua ei ole", "sivu ei löydy", "sivua ei löydetty",
    "hakemaasi sivua", "etsimääsi sivua", "pyytämääsi sivua", "sivu on poistettu",
    "aineistoa ei löydy", "aineistoa ei löytynyt", "sisältöä ei löydy", "sisältöä ei löytynyt",
    "virhe 404",
    # Swedish
    "sidan hittades inte", "sidan kunde inte hittas", "sidan kan inte hittas",
    "sidan finns inte", "hittar inte sidan", "hittade inte sidan", "sidan du söker",
    "sidan du letar efter", "sidan saknas", "sidan har tagits bort", "fel 404",
    # German
    "seite nicht gefunden", "seite wurde nicht gefunden", "seite konnte nicht gefunden",
    "seite kann nicht gefunden", "seite existiert nicht", "seite nicht vorhanden",
    "seite ist nicht mehr verfügbar", "fehler 404",
    # Dutch
    "pagina niet gevonden", "pagina is niet gevonden", "pagina werd niet gevonden",
    "pagina kan niet worden gevonden", "pagina kon niet worden gevonden",
    "pagina bestaat niet", "pagina die u zoekt", "pagina die je zoekt", "fout 404",
    # French
    "page introuvable", "page est introuvable", "page non trouvée", "page n'a pas été trouvée",
    "page n'existe pas", "page n'existe plus", "page que vous recherchez",
    "page que vous cherchez", "page demandée", "erreur 404",
)  # fmt: skip
"""What a title, a heading or a short page says when the page is not there; lower case."""

NOT_FOUND_ALONE = frozenset(
    {
        "404", "410", "not found", "page missing", "ei löydy", "ei löytynyt", "hittades inte",
        "finns inte", "nicht gefunden", "niet gevonden", "introuvable", "non trouvée",
    }
)  # fmt: skip
"""Words that mean it only when they are a whole title, or a whole part of one."""

LOGIN = frozenset(
    {
        "login", "log-in", "signin", "sign-in", "sign_in", "logon", "kirjaudu", "kirjautuminen",
        "logga-in", "loggain", "inloggning", "anmelden", "anmeldung", "inloggen", "connexion",
        "se-connecter", "login.php", "login.html", "login.aspx", "login.jsp", "wp-login.php",
        "sso", "saml", "saml2", "adfs", "cas", "shibboleth", "shibboleth.sso", "idp", "wayf",
        "oauth", "oauth2", "authorize", "oidc", "openid-connect",
    }
)  # fmt: skip
"""Parts of a path that lead to a login."""

_HOME = re.compile(
    r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|default|home|etusivu)(?:\.\w{2,5})?/?)?",
    re.IGNORECASE,
)
SHORT_PAGE = 1500
"""Letters: a page with more text may speak of pages that were not found without being one."""
TINY_PAGE = 512
"""Bytes of markup: less than this, with hardly a word in it and nothing it loads, is no page."""
_A_WORD_OR_TWO = 20

_PARTS_OF_A_TITLE = re.compile(r"\s+[-–—|·•:»/]+\s+|\s*[|·•»]\s*|:\s+")
_QUIET = frozenset({"script", "style", "template", "title", "head", "noscript"})
_LOADS = ("script", "iframe", "frame", "img", "video", "audio", "object", "embed", "canvas", "svg")
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w-]{1,40})""", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w-]{1,40})""", re.IGNORECASE)
# Only these: some of Python's codecs are slow on purpose-made input, and some are no text at all.
_CHARSETS = re.compile(r"(?:iso-?8859-?\d{1,2}|windows-?125\d|cp125\d|latin-?1|utf-?16)", re.I)


def redirect_hint(asked: str, came_to: str) -> str | None:
    """Why the place redirects led to is hardly what was meant; None where it may be."""
    if asked == came_to:
        return None
    was, now = urlsplit(asked), urlsplit(came_to)
    parts = {part.lower() for part in now.path.split("/")} | {(now.hostname or "").split(".")[0]}
    before = {part.lower() for part in was.path.split("/")} | {(was.hostname or "").split(".")[0]}
    if parts & LOGIN and not before & LOGIN:
        return "Redirects to a login."
    if not now.query and _HOME.fullmatch(now.path) and (was.query or not _HOME.fullmatch(was.path)):
        return "Redirects to the front page of the site."
    return None


def page_hint(body: bytes, content_type: str) -> str | None:
    """Why a page reads as if there were none; None where it does not. ``body`` may be cut."""
    root = _parsed(body, content_type) if body.strip() else None
    if root is None:
        return None
    for text in _headlines(root):
        if _says_not_found(text) or any(
            part in NOT_FOUND_ALONE for part in _PARTS_OF_A_TITLE.split(text)
        ):
            return f"The page is headed “{text[:80]}”."
    text = _plain(" ".join(_visible(root)))
    if len(text) <= SHORT_PAGE and (phrase := _says_not_found(text)):
        return f"The page says “{phrase}”."
    if len(body) < TINY_PAGE and len(text) < _A_WORD_OR_TWO and not _loads_something(root):
        return "The page holds next to nothing."
    return None


def _parsed(body: bytes, content_type: str) -> Element | None:
    text = _decoded(body, content_type)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.LxmlError:
        return None


def _decoded(body: bytes, content_type: str) -> str:
    named = _HEADER_CHARSET.search(content_type)
    meta = _META_CHARSET.search(body[:2048])
    charset = named[1] if named else meta[1].decode("ascii", "replace") if meta else ""
    known = _CHARSETS.fullmatch(charset)
    try:
        return body.decode(charset if known else "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def _headlines(root: Element) -> Iterator[str]:
    for name in ("title", "h1"):
        for element in list(root.iter(name))[:3]:
            yield _plain("".join(map(str, element.itertext()))[:1000])


def _visible(root: Element) -> Iterator[str]:
    for element in root.iter():
        if element.tag not in _QUIET and element.text:
            yield element.text
        if element.tail:
            yield element.tail


def _loads_something(root: Element) -> bool:
    refresh = root.iterfind(".//meta[@http-equiv]")
    return next(root.iter(*_LOADS), None) is not None or next(refresh, None) is not None


def _says_not_found(text: str) -> str | None:
    return next((phrase for phrase in NOT_FOUND if phrase in text), None)


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").split()).lower()
