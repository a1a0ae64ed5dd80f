"""Settings: one frozen table, each field beside the environment variable that sets it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oer.errors import SettingError

_INDEX_FOLDERS = {"whoosh": "search-index", "tantivy": "search-index-tantivy"}
"""Folders of the engines in the data folder: apart, so that one can be tried beside the other."""


@dataclass(frozen=True)
class Settings:
    """What an operator can choose. Every field has a default that works on a fresh machine."""

    data_dir: Path
    """``OER_DATA_DIR``: folder of the whole state.

    Default: ``$XDG_DATA_HOME/oer``, that is ``~/.local/share/oer``.
    """

    database_url: str
    """``OER_DATABASE_URL``: ``sqlite:///FILE`` or ``postgresql://USER@HOST/DATABASE``.

    Default: the file ``oer.sqlite`` in the data folder.
    """

    search_url: str
    """``OER_SEARCH_URL``: ``whoosh:`` or ``tantivy:``, with or without a folder; ``memory:`` for a
    trial.

    Default: ``whoosh:``. Without a folder the index lies in the data folder, in ``search-index`` or
    ``search-index-tantivy``.
    """

    site_name: str
    """``OER_SITE_NAME``: the catalogue's name, shown on every page. Default: ``oer``."""

    contact: str
    """``OER_CONTACT``: a web or e-mail address that providers may write to.

    Sent to every harvested repository, in the User-Agent.
    """

    base_url: str = ""
    """``OER_BASE_URL``: where the catalogue stands on the web, such as ``https://oer.example.org``.

    Used in the permanent addresses it shows. Default: the address the reader asked for.
    """

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings.

        Args:
            environ: Variables to read; the process environment when absent.

        Raises:
            SettingError: A variable has a value that cannot be used.
        """
        environ = os.environ if environ is None else environ
        data_dir = _folder(environ)
        return cls(
            data_dir=data_dir,
            database_url=_database_url(environ, data_dir),
            search_url=_search_url(environ, data_dir),
            site_name=environ.get("OER_SITE_NAME", "").strip() or "oer",
            contact=_contact(environ),
            base_url=_base_url(environ),
        )


def _folder(environ: Mapping[str, str]) -> Path:
    given = environ.get("OER_DATA_DIR", "").strip()
    if given:
        folder = Path(given).expanduser()
    else:
        base = environ.get("XDG_DATA_HOME", "").strip()
        folder = (Path(base) if base else Path.home() / ".local" / "share") / "oer"
    folder = folder.absolute()
    if folder.exists() and not folder.is_dir():
        raise SettingError(f"OER_DATA_DIR '{folder}' is a file. Name a folder, or remove the file.")
    return folder


def _database_url(environ: Mapping[str, str], data_dir: Path) -> str:
    url = environ.get("OER_DATABASE_URL", "").strip()
    if not url:
        return f"sqlite:///{data_dir / 'oer.sqlite'}"
    scheme = url.partition(":")[0].partition("+")[0]
    if scheme not in ("sqlite", "postgresql") or "://" not in url:
        raise SettingError(
            f"OER_DATABASE_URL '{_without_password(url)}' cannot be used. "
            "Give sqlite:///FILE or postgresql://USER@HOST/DATABASE."
        )
    return url


def _search_url(environ: Mapping[str, str], data_dir: Path) -> str:
    url = environ.get("OER_SEARCH_URL", "").strip() or "whoosh:"
    engine, colon, folder = url.partition(":")
    if engine in _INDEX_FOLDERS and colon:
        return url if folder else f"{url}{data_dir / _INDEX_FOLDERS[engine]}"
    if url == "memory:":
        return url
    raise SettingError(
        f"OER_SEARCH_URL '{url}' cannot be used. Give whoosh: or tantivy:, "
        "or either with a folder as in whoosh:/a/folder (or memory: for a trial)."
    )


def _contact(environ: Mapping[str, str]) -> str:
    contact = environ.get("OER_CONTACT", "").strip()
    if not contact.isprintable():
        raise SettingError("OER_CONTACT holds a line break or control character. Give one address.")
    return contact


def _base_url(environ: Mapping[str, str]) -> str:
    url = environ.get("OER_BASE_URL", "").strip().rstrip("/")
    if url and not url.startswith(("https://", "http://")):
        raise SettingError(
            f"OER_BASE_URL '{url}' is no web address. Give one like https://oer.example.org"
        )
    return url


def _without_password(url: str) -> str:
    head, at, tail = url.rpartition("@")
    if not at:
        return url
    user = head.partition("://")
    return f"{user[0]}://{user[2].partition(':')[0]}:***@{tail}"
