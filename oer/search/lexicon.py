"""The dictionaries behind the lemmas: from an inflected form to the word it is a form of.

simplemma brings them, packed: 3.5 million Finnish forms, one million Swedish, 180 000 English.
There are two ways to read them, with the same answers:

prepared
    As tries in a folder of this machine (:func:`folder`), mapped into memory: nothing to load,
    23 MB on disk, shared by all processes. :func:`prepare` writes them, once, in 5 to 10 seconds;
    rebuilding the search index does so by itself.
packed
    As simplemma ships them, where the tries are absent or the folder cannot be written: about a
    second of loading and 20 MB per language and process, and ten times slower to look up in.

So nothing is lost on a machine that lets us write nothing; only speed is.
"""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Protocol

LANGUAGES = ("fi", "sv", "en")
"""Languages we have dictionaries for."""

_FORMAT = 1
_log = logging.getLogger(__name__)


class Dictionary(Protocol):
    """Forms of one language and their lemmas, as the dictionary spells them."""

    def get(self, form: str) -> str | None:
        """The lemma of a form; None where the dictionary does not have it."""


class Tries:
    """A prepared dictionary: one trie for each first letter, opened when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tries: dict[str, Any] = {}

    def get(self, form: str) -> str | None:
        """The lemma of a form."""
        letter = form[:1]
        if letter not in self._tries:
            self._tries[letter] = _opened(self._folder / _file(letter))
        values = self._tries[letter].get(form)
        return values[0].decode() if values else None


@lru_cache(maxsize=len(LANGUAGES))
def dictionary(language: str) -> Dictionary:
    """The dictionary of a language, prepared or packed. It stays open for the process."""
    prepared = _prepared(language)
    if prepared:
        return Tries(prepared)
    from simplemma.strategies.dictionaries import StreamDictionaryFactory

    return StreamDictionaryFactory().get_dictionary(language)


def prepare(tell: Callable[[str], None] = _log.warning) -> bool:
    """Write the tries that are not there yet.

    Args:
        tell: Told in a sentence when there is something to do, since it takes a while.

    Returns:
        Whether all of them are there now. Where the folder cannot be written, or simplemma has
        changed its files, they are not, and the packed dictionaries go on being used.
    """
    target = folder()
    if target is None or not _can_be_prepared():
        return False
    missing = [language for language in LANGUAGES if not _prepared(language)]
    try:
        if missing:
            target.mkdir(parents=True, exist_ok=True)
            tell(f"Preparing the dictionaries of the search, once on this machine, in {target}")
        for language in missing:
            _write(language, target)
    except (OSError, ImportError, AttributeError) as error:
        _log.info("The dictionaries stay packed: %s", error)
    dictionary.cache_clear()
    return is_prepared()


def is_prepared() -> bool:
    """Whether all dictionaries are there as tries."""
    return all(map(_prepared, LANGUAGES))


def folder() -> Path | None:
    """Where the tries of this machine lie: below ``$XDG_CACHE_HOME`` or ``~/.cache``.

    None where there is neither. The folder may be removed at any time.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        base = cache if cache.is_absolute() else Path.home() / ".cache"
        return base / "oer" / f"lexicon-{_FORMAT}-simplemma-{version('simplemma')}"
    except (RuntimeError, PackageNotFoundError):
        return None


def _prepared(language: str) -> Path | None:
    base = folder()
    if base is None or not (base / language).is_dir() or not _can_be_prepared():
        return None
    return base / language


def _can_be_prepared() -> bool:
    return find_spec("marisa_trie") is not None


def _write(language: str, target: Path) -> None:
    """Write the tries of a language. They appear all at once, or not at all."""
    from marisa_trie import BytesTrie  # type: ignore[import-not-found]

    temporary = Path(mkdtemp(prefix=f".{language}-", dir=target))
    try:
        # A trie for each letter, so that only one letter's words are in memory at a time.
        for letter, entries in groupby(_entries(language), key=lambda entry: entry[0][:1]):
            BytesTrie(entries).save(str(temporary / _file(letter)))
        temporary.chmod(0o755)
        temporary.rename(target / language)
    except OSError:
        # Another process may have been quicker; its tries are as good.
        if not (target / language).is_dir():
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _entries(language: str) -> Iterator[tuple[str, bytes]]:
    """All forms and lemmas in order. simplemma's public way holds 400 MB to read them."""
    from simplemma.strategies.dictionaries import frontcode
    from simplemma.strategies.dictionaries.dictionary_factory import _read_decompressed

    data = _read_decompressed(language)
    backwards, _, position = frontcode._read_header(data)
    if backwards:
        raise OSError(f"simplemma's {language} dictionary is ordered by word endings")
    for _, form, lemma in frontcode._iter_records(data, position):
        yield form.decode(), lemma


def _file(letter: str) -> str:
    return f"{'-'.join(f'{ord(character):04x}' for character in letter)}.trie"


class _Empty:
    def get(self, form: str) -> None:
        """No word begins with that letter."""


def _opened(path: Path) -> Any:
    from marisa_trie import BytesTrie

    return BytesTrie().mmap(str(path)) if path.exists() else _Empty()
