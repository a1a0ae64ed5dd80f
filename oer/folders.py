"""Where the files that are not Python lie.

Templates and migrations stand beside the package in the repository and inside it in an installed
wheel. Looking inside first keeps a stranger's ``site-packages/templates`` out.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


TEMPLATES = _folder("templates")
MIGRATIONS = _folder("migrations")
STATIC = _PACKAGE / "static"
TRANSLATIONS = _PACKAGE / "translations"
