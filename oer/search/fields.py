"""The fields of a query (``taso:lukio``): their names in Finnish and Swedish, what values mean."""

from functools import lru_cache

from oer.metadata.languages import read_languages
from oer.metadata.vocabularies import match_all
from oer.search.facet_values import VOCABULARY

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
    """The values of a facet that a word is a name of, in any language.

    Labels and the spellings of the mapping tables count, as they do in records.
    """
    if field == "language":
        return frozenset(tag.partition("-")[0].lower() for tag in read_languages(wanted))
    if field == "license":
        return frozenset({"-".join(wanted.split())})
    vocabulary = VOCABULARY.get(field)
    found = match_all(vocabulary, wanted) if vocabulary else ()
    return frozenset(each.id for each in found)
