"""Names of subjects: what a word means that is, whole and exactly, what we call a subject.

A name is a label of a concept, in the language of the label, or a row of the mapping table without
a scheme, in any. Names that as often mean something else (``data/subject_homonyms.csv``) count for
nothing. One that both a school subject and a field of science have (*matematiikka*) is told apart
by the level the record states; where it states none, or both kinds, it stays a word.
"""

import csv
from collections.abc import Collection, Mapping
from functools import lru_cache

from oer.metadata.vocabularies import DATA, VOCABULARIES, Match, Tables, broader, fold

SCIENCES = "subject:field-"
"""How the ids of fields of science begin."""

EDUCATION = "subject:isced-f-"
"""How those of fields of education begin. All other subjects are of schools."""


_SCHOOL = frozenset({"level:early-childhood", "level:school", "level:basic-arts"})
_HIGHER = frozenset({"level:higher-education"})

_Names = Mapping[str, Mapping[str, frozenset[str]]]
"""By folded name the concepts it may mean, each with the languages in which; none: in any."""


def named(
    raw: str, language: str | None, levels: Collection[str], tables: Tables
) -> tuple[Match, ...]:
    """The subjects a text is the name of; none where that is not certain.

    Args:
        raw: The whole text.
        language: What it states to be written in, a BCP 47 tag.
        levels: The levels of education that the record states.
        tables: Rows laid over the shipped ones decide alone.
    """
    name = fold(raw)
    if added := tables.laid_over("subject", name):
        return added
    found = [
        concept_id
        for concept_id, languages in _names().get(name, {}).items()
        if not (language and languages) or language.partition("-")[0].lower() in languages
    ]
    if len(found) > 1:
        found = _told_apart(found, levels)
    return tuple(Match(each, "mapped", f"name '{name}'") for each in found)


def _told_apart(concept_ids: list[str], levels: Collection[str]) -> list[str]:
    """The one concept that these levels leave; none where they leave several, or tell nothing."""
    stated = {wider for level in levels for wider in (level, *broader(level))}
    school, higher = not stated.isdisjoint(_SCHOOL), not stated.isdisjoint(_HIGHER)
    left = [each for each in concept_ids if each.startswith(SCIENCES) == higher]
    return left if school != higher and len(left) == 1 else []


@lru_cache(maxsize=1)
def _names() -> _Names:
    vocabulary = VOCABULARIES["subject"]
    found: dict[str, dict[str, frozenset[str]]] = {}
    for concept in vocabulary.by_id.values():
        for language, label in concept.labels.items():
            languages = found.setdefault(fold(label), {})
            languages[concept.id] = languages.get(concept.id, frozenset()) | {language}
    for row in vocabulary.rows:
        if not row.scheme:
            for target in row.target.split():
                found.setdefault(fold(row.raw), {}).setdefault(target, frozenset())
    homonyms = _homonyms()
    return {name: concepts for name, concepts in found.items() if name not in homonyms}


def _homonyms() -> frozenset[str]:
    with (DATA / "subject_homonyms.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(fold(row["raw"]) for row in csv.DictReader(file, strict=True))
