"""The fields of a query (``taso:lukio``): their names in Finnish and Swedish, what values mean."""

from functools import lru_cache

from oer.search.facet_names import codes

_NAMES = {
    "title": ("otsikko", "rubrik"),
    "author": ("tekijä", "upphov"),
    "subject": ("aihe", "ämne"),
    "language": ("kieli", "språk"),
    "level": ("taso", "nivå"),
    "license": ("licence", "lisenssi", "licens"),
    "source": ("lähde", "källa"),
    "year": ("vuosi", "år"),
    "type": ("tyyppi", "typ"),
}

ALSO = {name: field for field, names in _NAMES.items() for name in names}
"""Other names of fields, in small letters, each with the field."""


@lru_cache(maxsize=1024)
def meant(field: str, wanted: str) -> frozenset[str]:
    """The values of a facet that a word is a name of, in any language."""
    return frozenset(codes(field, wanted))
