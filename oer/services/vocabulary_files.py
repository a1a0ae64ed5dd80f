"""The files of a vocabulary that an operator loads: which they are, and reading them as one."""

import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple
from urllib.parse import urlsplit

from oer.errors import UsageError
from oer.metadata import skos
from oer.metadata.skos import SkosConcept


class Given(NamedTuple):
    """A file to load.

    Args:
        name: What to call it in messages.
        format: One of ``skos.FORMATS``.
        open: Opens it for reading bytes.
        language: Of the labels, where the file itself names none.
        base: What relative addresses in it are relative to.
    """

    name: str
    format: str
    open: Callable[[], BinaryIO]
    language: str | None = None
    base: str | None = None


def files(place: Path, format: str | None = None, language: str | None = None) -> list[Given]:
    """The file, or every vocabulary file of the folder, ready to be read.

    Raises:
        UsageError: There is nothing to read, or nothing tells the format.
    """
    if not place.exists():
        raise UsageError(f"There is no file '{place}'.")
    paths = sorted(place.iterdir()) if place.is_dir() else [place]
    if place.is_dir():
        paths = [path for path in paths if path.suffix.lower() in skos.SUFFIXES]
    if not paths:
        raise UsageError(f"The folder '{place}' holds no {_endings()} file.")
    return [_given(path, format, language) for path in paths]


def fetched(
    url: str, content: bytes, format: str | None = None, language: str | None = None
) -> Given:
    """What was fetched from an address, ready to be read.

    Raises:
        UsageError: Nothing tells the format.
    """
    path = PurePosixPath(urlsplit(url).path)
    return Given(
        url,
        format or format_of(path.name),
        lambda: io.BytesIO(content),
        language or skos.language_of_file(path.stem),
        base=url,
    )


def _given(path: Path, format: str | None, language: str | None) -> Given:
    return Given(
        path.name,
        format or format_of(path.name),
        lambda: path.open("rb"),
        language or skos.language_of_file(path.stem),
    )


def format_of(name: str) -> str:
    """The format a file's name tells.

    Raises:
        UsageError: It tells none.
    """
    format = skos.SUFFIXES.get(Path(name).suffix.lower())
    if format is None:
        raise UsageError(
            f"The name '{name}' does not tell what it is. Say so with --format: "
            f"{', '.join(skos.FORMATS)}."
        )
    return format


def _endings() -> str:
    return ", ".join(skos.SUFFIXES)


def read(given: Iterable[Given]) -> list[SkosConcept]:
    """The concepts of one vocabulary, which may stand in several files (a language in each).

    Raises:
        UsageError: A file cannot be read, or no concept is in any.
    """
    given = list(given)
    found = skos.concepts(statement for each in given for statement in _statements(each))
    if not found:
        names = ", ".join(each.name for each in given)
        raise UsageError(f"No concepts with labels are in {names}. Is it a SKOS vocabulary?")
    return found


def _statements(given: Given) -> Iterator[skos.Statement]:
    try:
        with given.open() as stream:
            yield from skos.statements(
                stream, given.format, language=given.language, base=given.base
            )
    except OSError as error:
        raise UsageError(f"'{given.name}' cannot be read: {error.strerror or error}.") from error
    except ValueError as error:
        raise UsageError(f"'{given.name}' cannot be read as {given.format}: {error}") from error
    except ModuleNotFoundError as error:
        raise UsageError(
            f"Reading Turtle and RDF needs the Python module '{error.name}'. "
            f"Install it with: pip install {error.name}"
        ) from error
