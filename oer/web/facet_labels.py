"""What facets and their values are called, in the language of the page."""

from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from oer.metadata import licenses, vocabularies
from oer.metadata.resource_metadata import AgeRange
from oer.metadata.subject_names import EDUCATION, SCIENCES
from oer.search.facet_names import VOCABULARY
from oer.search.facet_values import ADULT, AGES, UNCLEAR
from oer.search.index import NOT_STATED
from oer.web import words

SourceNames = Mapping[str, str]
"""Name of a source by the value the index knows it by."""

_HEADINGS: Mapping[str, LazyString] = {
    "permission": _("What I may do with it"),
    "level": _("School level"),
    "subject": _("Subject"),
    "type": _("Type"),
    "language": _("Language"),
    "use": _("Use in teaching"),
    "audience": _("Audience"),
    "duration": _("Time needed"),
    "age": _("Age"),
    "accessibility": _("Accessibility"),
    "media": _("What it is made of"),
    "access": _("Access"),
    "license": _("Licence"),
    "year": _("Year"),
    "source": _("Source"),
    "author": _("Author"),
    "organisation": _("Organisation"),
}


CHOOSING: Mapping[str, LazyString] = {
    "author": _("Choose an author…"),
    "organisation": _("Choose an organisation…"),
}
"""What leads to the list of a facet that is too long for the search page."""


PARTS: Mapping[str, tuple[LazyString, LazyString]] = {
    "school": (_("School subjects"), _("school subject")),
    "education": (_("Fields of education"), _("field of education")),
    "science": (_("Fields of science"), _("field of science")),
}
"""The parts of the subjects: schemes with many names in common. All of a part, and one of it."""


_CODES: Mapping[str, Mapping[str, LazyString]] = {
    "permission": {
        "adapt": _("I may adapt it"),
        "commercial": _("I may use it commercially"),
        "no-attribution": _("No credit needed"),
        "share": _("I may share it"),
    },
    "duration": {
        "15": _("Up to 15 minutes"),
        "45": _("15–45 minutes (a lesson)"),
        "90": _("45–90 minutes"),
        "more": _("More than 90 minutes"),
    },
    "media": {
        "web-page": _("Web page"),
        "document": _("Document"),
        "presentation": _("Presentation"),
        "table": _("Table"),
        "interactive": _("Interactive"),
        "package": _("Package of files"),
        "image": _("Image"),
        "audio": _("Audio"),
        "video": _("Video"),
    },
    "license": {UNCLEAR: _("Licence unclear")},
    "access": {"free": _("Free of charge"), "not-free": _("Costs something")},
}


def heading(facet: str) -> str:
    """What a facet is called."""
    return str(_HEADINGS[facet])


@lru_cache(maxsize=4096)
def part(facet: str, value: str) -> str:
    """The part of its facet that a value belongs to; empty where it has none."""
    if facet != "subject" or not value.startswith("subject:"):
        return ""
    if value.startswith(SCIENCES):
        return "science"
    return "education" if value.startswith(EDUCATION) else "school"


def kind_of(facet: str, value: str) -> str:
    """What a value is: one of its part, or else of its facet."""
    name = part(facet, value)
    text = str(PARTS[name][1]) if name else heading(facet)
    return text[:1].upper() + text[1:]


def label_alone(facet: str, value: str, ui: str, source_names: SourceNames) -> str:
    """What a value is called where its part does not show: told apart from its namesakes."""
    text = label(facet, value, ui, source_names)
    if facet != "subject" or text not in _shared_labels(ui):
        return text
    return f"{text} ({PARTS[part(facet, value)][1]})"


@cache
def _shared_labels(ui: str) -> frozenset[str]:
    counts = Counter(each.labels[ui] for each in vocabularies.concepts("subject"))
    return frozenset(text for text, times in counts.items() if times > 1)


def label(facet: str, value: str, ui: str, source_names: SourceNames) -> str:
    """What a facet value is called; a value that nobody knows is called as it is written.

    ``ui`` is the language of the page.
    """
    named = facet == "source" and value != NOT_STATED
    return source_names.get(value, value) if named else _label(facet, value, ui)


@lru_cache(maxsize=8192)
def _label(facet: str, value: str, ui: str) -> str:
    if value == NOT_STATED:
        return str(_("Licence not stated") if facet == "license" else _("Not stated"))
    if facet == "language":
        return words.language(value, ui)
    if text := _CODES.get(facet, {}).get(value):
        return str(text)
    if facet == "license":
        return licenses.name(value, ui)
    if facet == "age":
        return _age(value)
    return vocabularies.label(value, ui) if facet in VOCABULARY else value


def _age(value: str) -> str:
    if value == ADULT:
        low, high = int(value.rstrip("-")), None
    elif value in AGES:
        low, high = AGES[value]
    else:
        return value
    text = words.age_range(AgeRange(value, low, high))
    return text[:1].upper() + text[1:]
