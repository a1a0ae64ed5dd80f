"""What the script of a word says of its language, where nothing better is known.

Nobody types Russian into the search box and says that it is Russian. But what is written in
Cyrillic is neither Finnish, Swedish nor English, so their stemmers are of no use to it. Where one
language of a script is by far the likeliest, its words get that language's stemmer: in queries, and
in texts that name no language or one that is not written so. Hebrew, Thai and Georgian are not
here: Snowball knows no language that is usually written in them.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple


class Script(NamedTuple):
    """A block of letters: the first, the last, and the languages with a stemmer written in it.

    The first language is the likeliest.
    """

    first: str
    last: str
    languages: tuple[str, ...]


SCRIPTS = (
    Script("\u0370", "\u03ff", ("el",)),
    Script("\u0400", "\u052f", ("ru", "sr")),
    Script("\u0531", "\u0587", ("hy",)),
    Script("\u0620", "\u06ff", ("ar", "fa")),
    Script("\u0750", "\u077f", ("ar", "fa")),
    Script("\u0900", "\u097f", ("hi", "ne")),
    Script("\u0b80", "\u0bff", ("ta",)),
    Script("\u1f00", "\u1fff", ("el",)),
)
"""In the order of their letters. Yiddish has a stemmer, but what is in Hebrew letters is Hebrew."""

_FIRST = min(script.first for script in SCRIPTS)


def languages_of(
    word: str, languages: tuple[str, ...], stemmed: Collection[str]
) -> tuple[str, ...]:
    """The languages to analyse a word in.

    Args:
        word: In lower case.
        languages: Those of its text.
        stemmed: Those that there is a stemmer for.
    """
    written = _written_in(word[0]) if word[:1] >= _FIRST else ()
    if not written:
        return languages
    own = tuple(language for language in languages if language in written)
    likeliest = written[:1] if written[0] in stemmed else languages
    return own or likeliest


@lru_cache(maxsize=1024)
def _written_in(letter: str) -> tuple[str, ...]:
    return next((each.languages for each in SCRIPTS if each.first <= letter <= each.last), ())
